"""The disconnector as the module drives it: who may, when, and the process of about ten seconds."""

from __future__ import annotations

from enum import Enum, StrEnum

from cmi_gui.engine.messages import Message

OPEN, CLOSED, MOVING = 0, 1, 2
"""Values of record `01 FD 1A`. Assumption."""
PROCESS_TIME = 10.0
"""Seconds the process takes; it cannot be made faster (quick manual, "There is a delay when toggling")."""
SETTLE_TIME = 5.0
"""Seconds that the meter has to move after it took the command, even where it took it late. Assumption."""


class SwitchSource(Enum):
    """Who asks; the value is the bit of the setting "disconnector control" that allows it."""

    BUS = 1
    BUTTON = 2


class DisconnectorRefusal(StrEnum):
    """Why the module does not even ask the meter."""

    NOT_ALLOWED = "not_allowed"
    BUSY = "busy"
    UNKNOWN = "unknown"
    LOCKED = "locked"


REFUSAL_WORDS = {
    DisconnectorRefusal.NOT_ALLOWED: Message('the setting "disconnector control" does not allow it from here'),
    DisconnectorRefusal.BUSY: Message("the disconnector is being switched; that takes about 10 seconds"),
    DisconnectorRefusal.UNKNOWN: Message("the meter has not said yet whether its disconnector is open or closed"),
    DisconnectorRefusal.LOCKED: Message("the meter was shown a wrong password and refuses everything for a while"),
}


class DisconnectorProcess:
    """Knows what is under way; the state itself is what the meter reports."""

    def __init__(self) -> None:
        self.started_at: float | None = None
        self.over_at: float | None = None
        self.target: int | None = None
        self._reading = False

    @property
    def moving(self) -> bool:
        """From the start until the meter has been read at the end."""
        return self.started_at is not None

    @property
    def deadline(self) -> float | None:
        """When the process time is over and the meter must be read."""
        return None if self._reading else self.over_at

    def judge(
        self, source: SwitchSource, wish: int | None, *, state: int | None, control: int, locked: bool
    ) -> int | DisconnectorRefusal | None:
        """What to ask the meter for: 0 open, 1 close; None if the state is already there; or why not.

        `wish` None toggles; `state` is what the meter reported last; `control` is the setting; `locked`: the meter
        refuses everything after a wrong password.
        """
        if not control & source.value:
            return DisconnectorRefusal.NOT_ALLOWED
        if self.moving:
            return DisconnectorRefusal.BUSY
        if state is None:
            return DisconnectorRefusal.UNKNOWN
        if locked:
            return DisconnectorRefusal.LOCKED
        target = 1 - state if wish is None else wish
        return None if target == state else target

    def start(self, target: int, now: float) -> None:
        """The process begins."""
        self.started_at = now
        self.over_at = now + PROCESS_TIME
        self.target = target
        self._reading = False

    def confirmed(self, now: float) -> None:
        """The meter took the command; late, if its interface was busy before."""
        if self.over_at is not None:
            self.over_at = max(self.over_at, now + SETTLE_TIME)

    def wait(self, until: float) -> None:
        """The command is still on its way: the process goes on until then."""
        self.over_at = until

    def tick(self, now: float) -> bool:
        """Whether the process time has just passed, so that the meter must be read."""
        if self.deadline is None or now < self.deadline - 1e-9:
            return False
        self._reading = True
        return True

    def ended(self, state: int | None, read_from: float) -> bool | None:
        """A readout that began at `read_from` came: whether the meter reports what was asked for.

        None if nothing was under way, and for a readout that began before the end: its list may be older than that.
        """
        if not self._reading or self.over_at is None or read_from < self.over_at - 1e-9:
            return None
        reached = state == self.target
        self.stop()
        return reached

    @property
    def waits_for_readout(self) -> bool:
        """Whether the process ends with the next readout."""
        return self._reading

    def stop(self) -> None:
        """Nothing is under way any more: the meter refused, or the power is gone."""
        self.started_at = self.over_at = self.target = None
        self._reading = False
