"""From the engine to the window: one timer drains the engine's events and hands them out in batches."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from cmi_gui.engine.events import Subscription
from cmi_gui.engine.station.station import Station

BATCH_MS = 40
"""Events gather this long before the window looks at them."""


class Bridge(QObject):
    """Hands out the station's events in batches; idle, it costs nothing.

    Signals: `events(object)`, a list of `Stamped`, oldest first.
    """

    events = Signal(object)

    def __init__(self, station: Station, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(BATCH_MS)
        self._timer.timeout.connect(self.drain)
        self._subscription: Subscription | None = station.subscribe(wake=self._wake)

    def _wake(self) -> None:
        # Started once for a batch, never started again by later events: a flood must not put it off.
        if not self._timer.isActive():
            self._timer.start()

    def drain(self) -> None:
        """Hand out what has come so far, now."""
        self._timer.stop()
        if self._subscription is not None:
            batch = self._subscription.drain()
            if batch:
                self.events.emit(batch)

    def close(self) -> None:
        """Hear nothing more."""
        self._timer.stop()
        subscription, self._subscription = self._subscription, None
        if subscription is not None:
            subscription.close()
