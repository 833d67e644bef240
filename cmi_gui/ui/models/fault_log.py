"""What the faults on the wire have done: how often, and when last, by module and fault."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QObject

from cmi_gui.engine.events import FaultHappened, Stamped
from cmi_gui.engine.station.station_events import PRACTICE


class Happened(NamedTuple):
    """How often a fault has happened, and when last, in seconds of the engine's clock."""

    times: int
    last: float


class FaultLog(QObject):
    """The faults that have happened since the start of the program."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._happened: dict[tuple[bool, str], dict[str, Happened]] = {}

    def take(self, events: Sequence[Stamped]) -> None:
        """Count the faults in a batch of events."""
        for stamped in events:
            if isinstance(stamped.event, FaultHappened):
                key = stamped.source.startswith(PRACTICE), stamped.event.module
                faults = self._happened.setdefault(key, {})
                before = faults.get(stamped.event.fault, Happened(0, 0.0))
                faults[stamped.event.fault] = Happened(before.times + 1, stamped.event.at)

    def of(self, name: str, *, practice: bool) -> dict[str, Happened]:
        """Return what has happened to the answers of a module, by fault; `practice`: it is on the practice bus."""
        return self._happened.get((practice, name), {})

    def clear_practice(self) -> None:
        """Forget the modules of the practice bus, because there are others now."""
        self._happened = {key: faults for key, faults in self._happened.items() if not key[0]}
