"""The master on a real bus, as the window has it: one connection, the modules found on it, what is being done."""

from __future__ import annotations

from PySide6.QtCore import QObject

from cmi_gui.engine.station import Station
from cmi_gui.ui.targets import Targets

__all__ = ["BusMaster"]


class BusMaster(QObject):
    """Lives as long as the window, whatever pages come and go."""

    def __init__(self, station: Station, targets: Targets, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._station = station
        self._targets = targets

    def close(self) -> None:
        """Give the link back; leaves no thread behind."""
