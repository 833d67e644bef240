"""What the module asks of its meter beyond reading: kinds, order, passwords, retries and lock-out.

No I/O, no clock. An action waits here until the meter's interface is free; actions go before the next readout and
never into one. Of each kind only the latest waits; the order is disconnector, rate, display (assumption).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

RETRY_AFTER = 5.0
"""Seconds from an action the meter did not answer to the next try. Assumption."""
TRIES = 3
"""Tries of an action that the meter does not answer. Assumption."""


class ActionKind(IntEnum):
    """In the order in which waiting actions are done."""

    DISCONNECTOR = 0
    RATE = 1
    DISPLAY = 2

    @property
    def word(self) -> str:
        """For people and events."""
        return self.name.lower()


class Password(StrEnum):
    """Which password the module shows the meter for an action."""

    NONE = "none"
    P1 = "P1"
    P2 = "P2"


class ActionOutcome(StrEnum):
    """How an action ended."""

    DONE = "done"
    """The meter confirmed it."""
    REFUSED = "refused"
    """The meter understood and said no: an error message."""
    DENIED = "denied"
    """The meter refused the password, or wanted one that was not shown."""
    NOT_UNDERSTOOD = "not_understood"
    """NAK, again and again."""
    NO_ANSWER = "no_answer"
    """Silence, rubbish or a break; whether the meter did it is not known."""


_USAGE_BITS = {ActionKind.RATE: 0, ActionKind.DISCONNECTOR: 2, ActionKind.DISPLAY: 4}
_USAGE = {0: Password.NONE, 1: Password.P1, 2: Password.P2}


def password_for(kind: ActionKind, usage: int) -> Password:
    """Which password the usage setting (two bits an action) names; 3 is refused when it is set."""
    return _USAGE.get(usage >> _USAGE_BITS[kind] & 3, Password.NONE)


@dataclass(frozen=True, slots=True)
class MeterAction:
    """`value`: the rate (1 to 6), 0 or 1 for open or close, or the text."""

    kind: ActionKind
    value: int | str
    tries: int = field(default=0, compare=False)

    @property
    def text(self) -> str:
        """The value as events and people have it."""
        if self.kind is ActionKind.DISCONNECTOR:
            return "close" if self.value else "open"
        return str(self.value)


class ActionQueue:
    """Waiting actions, and until when the meter is left alone."""

    def __init__(self) -> None:
        self._waiting: dict[ActionKind, MeterAction] = {}
        self.running: MeterAction | None = None
        self._not_before = 0.0
        self.locked_until: float | None = None
        """Until when the meter refuses everything after a wrong password, in seconds; None if it does not."""

    def put(self, action: MeterAction) -> None:
        """Ask for an action; an earlier one of its kind that still waits is forgotten."""
        self._waiting[action.kind] = action

    def drop(self, kind: ActionKind) -> None:
        """Forget a waiting action."""
        self._waiting.pop(kind, None)

    def waits(self, kind: ActionKind) -> bool:
        """Whether an action of a kind waits or runs."""
        return kind in self._waiting or (self.running is not None and self.running.kind is kind)

    @property
    def waiting(self) -> tuple[MeterAction, ...]:
        """What waits, in the order in which it will be done."""
        return tuple(self._waiting[kind] for kind in sorted(self._waiting))

    def clear(self) -> None:
        """Forget everything volatile."""
        self._waiting.clear()
        self.running = self.locked_until = None
        self._not_before = 0.0

    @property
    def deadline(self) -> float | None:
        """When the next action may be started, or None while none waits or one runs."""
        if self.running is not None or not self._waiting:
            return self.locked_until if self.running is None else None
        return max(self._not_before, self.locked_until or 0.0)

    def locked(self, now: float) -> bool:
        """Whether the meter refuses everything now."""
        if self.locked_until is not None and now >= self.locked_until:
            self.locked_until = None
        return self.locked_until is not None

    def take(self, now: float) -> MeterAction | None:
        """The next action, if one may be started now; it counts as running."""
        if self.running is not None or not self._waiting or now < self._not_before or self.locked(now):
            return None
        kind = min(self._waiting)
        action = self._waiting.pop(kind)
        self.running = MeterAction(action.kind, action.value, action.tries + 1)
        return self.running

    def finished(self, outcome: ActionOutcome, now: float, lockout: float) -> MeterAction | None:
        """The running action ended; returns it, or None if it will be tried again.

        A wrong password is never tried again by itself, and the meter is left alone for `lockout` seconds.
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
