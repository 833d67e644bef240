"""The outcomes of the last press of a module's button and of the last command to it, for who operates it."""

from __future__ import annotations

from typing import Final

import msgspec

from cmi_gui.engine.cmi1020.meter_actions import ActionOutcome
from cmi_gui.engine.events import ActionFinished, ActionStarted, Event, Notice
from cmi_gui.engine.messages import Message

_FAILED: Final = {"rate_failed": "rate", "display_failed": "display", "disconnector_failed": "disconnector"}
"""The action that a notice reports as given up, by its code."""


class Outcome(msgspec.Struct, frozen=True):
    """What was done, such as `disconnector open`, what it came to, and the reason if it was not done.

    `result`: `accepted` until the meter has answered, `refused` by the module, else an `ActionOutcome` value.
    """

    what: str
    result: str
    reason: Message | None = None


class Outcomes:
    """The last outcomes of one module, from its events; None before the first.

    `press`: of the push button. `command`: of a command to the meter, whatever its source, and of a command of a master
    that the module refused.
    """

    def __init__(self) -> None:
        self.press: Outcome | None = None
        self.command: Outcome | None = None

    def pressed(self, refusal: Notice | None) -> None:
        """Process a press of the push button and its refusal."""
        accepted = Outcome("press", "accepted")
        self.press = Outcome("press", "refused", refusal.message) if refusal is not None else accepted

    def take(self, event: Event) -> None:
        """Process an event of the module."""
        match event:
            case ActionStarted(action=action, value=value):
                self.command = Outcome(f"{action} {value}", "accepted")
            case ActionFinished(action=action, value=value, outcome=outcome, message=message):
                reason = None if outcome == ActionOutcome.DONE else message
                self._end(action, Outcome(f"{action} {value}", outcome, reason))
            case Notice(code=code, message=message) if code in _FAILED and not self._has_failed(_FAILED[code]):
                # The meter has not done what it has confirmed, or the module has given up an action that waits.
                self._end(_FAILED[code], Outcome(_FAILED[code], "failed", message))
            case Notice(code="command_refused", message=message):
                self.command = Outcome("command", "refused", message)

    def _has_failed(self, action: str) -> bool:
        """Return whether the last command was this action and its outcome already has the reason of its failure."""
        last = self.command
        return last is not None and last.reason is not None and last.what.partition(" ")[0] == action

    def _end(self, action: str, outcome: Outcome) -> None:
        self.command = outcome
        if action == "disconnector" and self.press is not None and self.press.result != "refused":
            self.press = Outcome("press", outcome.result, outcome.reason)
