"""The state of the built-in module, for all parts of the window that show it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from cmi_gui.engine.events import ModuleChanged
from cmi_gui.engine.station.station import Station


class ModuleModel(QObject):
    """The last module state that the engine sent.

    It takes each state at once, not with the window's batch of events: an LED is on for 100 ms only.
    Signals: `changed()`.
    """

    changed = Signal()

    def __init__(self, station: Station, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._subscription = station.subscribe(wake=self._drain)
        self.state = station.module_state()

    def _drain(self) -> None:
        for stamped in self._subscription.drain():
            if isinstance(stamped.event, ModuleChanged):
                self.state = stamped.event.state
                self.changed.emit()

    def close(self) -> None:
        """Stop following the module."""
        self._subscription.close()
