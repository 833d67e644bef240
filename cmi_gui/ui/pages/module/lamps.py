"""Keeps the painted LEDs exactly as the module says, to the millisecond, and sleeps in between."""

from __future__ import annotations

from cmi_gui.engine.clock import Timer
from cmi_gui.engine.events import IndicatorsChanged, Subscription
from cmi_gui.engine.station.station import Station
from cmi_gui.ui.widgets.device.lamp import Lamp


class LampDriver:
    """Runs two lamps by the engine's clock between `start` and `stop`.

    It has a subscription of its own that wakes it at once: "on" begins when a state is entered, and the window's batch
    timer would eat up to 40 ms of the first flash's 100.
    """

    def __init__(self, station: Station, red: Lamp, green: Lamp) -> None:
        self._station = station
        self._red = red
        self._green = green
        self._timer: Timer | None = None
        self._subscription: Subscription | None = None

    def start(self) -> None:
        """Show the present state and follow it."""
        if self._subscription is None:
            self._subscription = self._station.subscribe(limit=64, wake=self._wake)
            self._show()

    def stop(self) -> None:
        """Follow no more."""
        if self._subscription is not None:
            self._subscription.close()
            self._subscription = None
        self._disarm()

    def _wake(self) -> None:
        if self._subscription is not None and any(
            isinstance(event, IndicatorsChanged) for event in self._subscription.drain()
        ):
            self._show()

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _show(self) -> None:
        self._disarm()
        module, now = self._station.module, self._station.clock.now()
        lamps = module.lamps(now)
        self._red.setOn(lamps.red)
        self._green.setOn(lamps.green)
        change = module.next_lamp_change(now)
        if change is not None:
            self._timer = self._station.clock.call_at(change, self._show)
