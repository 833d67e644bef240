"""Actions of the module on its meter, other than reading: kinds, order, passwords, retries and lock-out.

No I/O, no clock. An action waits here until the meter's interface is free; actions come before the next readout, never
during one. Only the latest action of each kind waits; the order is disconnector, rate, display (assumption).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from cmi_gui.engine.cmi1020.settings import USAGE_FIELDS

RETRY_AFTER = 5.0
"""Seconds from an unanswered action to the next try. Assumption."""
TRIES = 3
"""Number of tries of an action that the meter does not answer. Assumption."""


class ActionKind(IntEnum):
    """The kinds of actions, in the order in which waiting ones are carried out."""

    DISCONNECTOR = 0
    RATE = 1
    DISPLAY = 2

    @property
    def word(self) -> str:
        """The name for messages and events."""
        return self.name.lower()


class Password(StrEnum):
    """The password that the module sends to the meter for an action."""

    NONE = "none"
    P1 = "P1"
    P2 = "P2"


class ActionOutcome(StrEnum):
    """The outcome of an action."""

    DONE = "done"
    """The meter confirmed it."""
    REFUSED = "refused"
    """The meter understood and answered with an error message."""
    DENIED = "denied"
    """The meter refused the password, or required one that was not sent."""
    NOT_UNDERSTOOD = "not_understood"
    """The meter answered NAK repeatedly."""
    NO_ANSWER = "no_answer"
    """No answer, a garbled one or a break; the meter may have carried it out."""


_USAGE = {0: Password.NONE, 1: Password.P1, 2: Password.P2}


def password_for(kind: ActionKind, usage: int) -> Password:
    """Return the password that the usage setting (two bits per action) names; 3 is refused when it is set."""
    return _USAGE.get(usage >> 2 * USAGE_FIELDS.index(kind.word) & 3, Password.NONE)


@dataclass(frozen=True, slots=True)
class MeterAction:
    """One action. `value`: the rate (1 to 6), 0 or 1 for open or close, or the text."""

    kind: ActionKind
    value: int | str
    tries: int = field(default=0, compare=False)

    @property
    def text(self) -> str:
        """The value as text, for messages and events."""
        if self.kind is ActionKind.DISCONNECTOR:
            return "close" if self.value else "open"
        return str(self.value)


class ActionQueue:
    """The waiting actions, and the time before which no action may start."""

    def __init__(self) -> None:
        self._waiting: dict[ActionKind, MeterAction] = {}
        self.running: MeterAction | None = None
        self._not_before = 0.0
        self.locked_until: float | None = None
        """Time in seconds until which the meter refuses everything after a wrong password; None if it does not."""

    def put(self, action: MeterAction) -> None:
        """Queue an action; it replaces a waiting one of its kind."""
        self._waiting[action.kind] = action

    def drop(self, kind: ActionKind) -> None:
        """Remove a waiting action; no effect if there is none."""
        self._waiting.pop(kind, None)

    def waits(self, kind: ActionKind) -> bool:
        """Return whether an action of a kind waits or runs."""
        return kind in self._waiting or (self.running is not None and self.running.kind is kind)

    @property
    def waiting(self) -> tuple[MeterAction, ...]:
        """The waiting actions, in the order in which they will be carried out."""
        return tuple(self._waiting[kind] for kind in sorted(self._waiting))

    def clear(self) -> None:
        """Clear everything, the running action and the lock-out included."""
        self._waiting.clear()
        self.running = self.locked_until = None
        self._not_before = 0.0

    @property
    def deadline(self) -> float | None:
        """The time when the next action may start, or, with none waiting, when a lock-out ends; else None."""
        if self.running is not None or not self._waiting:
            return self.locked_until if self.running is None else None
        return max(self._not_before, self.locked_until or 0.0)

    def locked(self, now: float) -> bool:
        """Return whether the meter refuses everything now."""
        if self.locked_until is not None and now >= self.locked_until:
            self.locked_until = None
        return self.locked_until is not None

    def take(self, now: float) -> MeterAction | None:
        """Return the next action if one may start now, else None; it then counts as running."""
        if self.running is not None or not self._waiting or now < self._not_before or self.locked(now):
            return None
        kind = min(self._waiting)
        action = self._waiting.pop(kind)
        self.running = MeterAction(action.kind, action.value, action.tries + 1)
        return self.running

    def finished(self, outcome: ActionOutcome, now: float, lockout: float) -> MeterAction | None:
        """End the running action and return it, or None if it will be tried again or none ran.

        A wrong password is never retried automatically, and no action starts for `lockout` seconds after it.
        """
        action, self.running = self.running, None
        if action is None:
            return None
        if outcome is ActionOutcome.DENIED:
            self.locked_until = now + lockout
        if outcome is ActionOutcome.NO_ANSWER and action.tries < TRIES and action.kind not in self._waiting:
            self._waiting[action.kind] = action
            self._not_before = now + RETRY_AFTER
            return None
        return action
