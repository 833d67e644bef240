"""The way of events from the engine to the window: one timer drains them and emits them in batches."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from cmi_gui.engine.events import Subscription
from cmi_gui.engine.station.station import Station

BATCH_MS = 40
"""Time in ms for which events are collected before the window gets them."""


class Bridge(QObject):
    """An emitter of the station's events in batches; no timer runs while there are none.

    Signals: `events(object)`, a list of `Stamped`, oldest first.
    """

    events = Signal(object)

    def __init__(self, station: Station, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, singleShot=True, interval=BATCH_MS)
        self._timer.timeout.connect(self.drain)
        self._subscription: Subscription | None = station.subscribe(wake=self._wake)

    def _wake(self) -> None:
        # Later events do not restart the timer: a flood of them would delay the batch without end.
        if not self._timer.isActive():
            self._timer.start()

    def drain(self) -> None:
        """Emit the events collected so far, now."""
        self._timer.stop()
        if self._subscription is not None:
            batch = self._subscription.drain()
            if batch:
                self.events.emit(batch)

    def close(self) -> None:
        """Stop delivering events."""
        self._timer.stop()
        subscription, self._subscription = self._subscription, None
        if subscription is not None:
            subscription.close()
