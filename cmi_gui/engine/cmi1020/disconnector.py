"""The module's control of the disconnector: permission, timing, and the operation of about ten seconds."""

from __future__ import annotations

from enum import Enum, StrEnum

from cmi_gui.engine.machine import is_due
from cmi_gui.engine.messages import Message

OPEN, CLOSED, MOVING = 0, 1, 2
"""Values of record `01 FD 1A`. Assumption."""
PROCESS_TIME = 10.0
"""Duration of an operation in seconds; it cannot be made faster (quick manual, "There is a delay when toggling")."""
SETTLE_TIME = 5.0
"""Shortest time in seconds from the meter's acceptance of the command to the end of the operation. Assumption."""


class SwitchSource(Enum):
    """The source of a request; its value is the bit of the setting "disconnector control" that permits it."""

    BUS = 1
    BUTTON = 2


class DisconnectorRefusal(StrEnum):
    """The reason why the module sends no command to the meter."""

    NOT_ALLOWED = "not_allowed"
    BUSY = "busy"
    UNKNOWN = "unknown"
    LOCKED = "locked"


REFUSAL_WORDS = {
    DisconnectorRefusal.NOT_ALLOWED: Message('the setting "Disconnector control" does not allow this source'),
    DisconnectorRefusal.BUSY: Message("the disconnector is being switched; that takes about 10 seconds"),
    DisconnectorRefusal.UNKNOWN: Message("the meter has not reported yet whether its disconnector is open or closed"),
    DisconnectorRefusal.LOCKED: Message("the meter received a wrong password and refuses everything for a while"),
}


class DisconnectorProcess:
    """A disconnector operation in progress; the state itself comes from the meter's readout."""

    def __init__(self) -> None:
        self.started_at: float | None = None
        self.over_at: float | None = None
        self.target: int | None = None
        self.waits_for_readout = False
        """True if the operation ends with the next readout."""

    @property
    def moving(self) -> bool:
        """True while an operation is in progress: from its start to the readout at its end."""
        return self.started_at is not None

    @property
    def deadline(self) -> float | None:
        """The time when the meter must be read because the process time is over; None if nothing is due."""
        return None if self.waits_for_readout else self.over_at

    def judge(
        self, source: SwitchSource, wanted: int | None, *, state: int | None, control: int, locked: bool
    ) -> int | DisconnectorRefusal | None:
        """Return the command for the meter (0 open, 1 close), None if it is in that state already, or the refusal.

        `wanted`: 0, 1, or None to toggle. `state`: the state that the meter reported last. `control`: the setting.
        `locked`: the meter refuses everything after a wrong password.
        """
        if not control & source.value:
            return DisconnectorRefusal.NOT_ALLOWED
        if self.moving:
            return DisconnectorRefusal.BUSY
        if state is None:
            return DisconnectorRefusal.UNKNOWN
        if locked:
            return DisconnectorRefusal.LOCKED
        target = 1 - state if wanted is None else wanted
        return None if target == state else target

    def start(self, target: int, now: float) -> None:
        """Start an operation towards `target` (0 open, 1 closed)."""
        self.started_at = now
        self.over_at = now + PROCESS_TIME
        self.target = target
        self.waits_for_readout = False

    def confirmed(self, now: float) -> None:
        """Extend the process time if the meter accepted the command late, because its interface was busy."""
        if self.over_at is not None:
            self.over_at = max(self.over_at, now + SETTLE_TIME)

    def wait(self, until: float) -> None:
        """Extend the process time to `until`, because the command is still being sent."""
        self.over_at = until

    def tick(self, now: float) -> bool:
        """Return whether the process time has just passed, so that the meter must be read."""
        if not is_due(self.deadline, now):
            return False
        self.waits_for_readout = True
        return True

    def ended(self, state: int | None, read_from: float) -> bool | None:
        """Process a readout that began at `read_from`, and return whether the meter reports the wanted state.

        None if no operation waited, and for a readout that began before its end, which may be out of date.
        """
        if not self.waits_for_readout or not is_due(self.over_at, read_from):
            return None
        reached = state == self.target
        self.stop()
        return reached

    def stop(self) -> None:
        """End the operation, also after a refusal by the meter or a loss of power."""
        self.started_at = self.over_at = self.target = None
        self.waits_for_readout = False
