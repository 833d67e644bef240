"""The timing of the painted LEDs: a timer at each change of the module's LEDs, and none in between."""

from __future__ import annotations

from cmi_gui.engine.clock import Alarm, Clock
from cmi_gui.engine.cmi1020.indicators import Condition, Indicators
from cmi_gui.ui.models.shown_module import ShownModule
from cmi_gui.ui.text.words import led_patterns
from cmi_gui.ui.widgets.device.lamp import Lamp


class LampDriver:
    """A driver that switches two lamps at the times of the engine's clock, between `start` and `stop`."""

    def __init__(self, module: ShownModule, clock: Clock, red: Lamp, green: Lamp) -> None:
        self._module = module
        self._clock = clock
        self._red = red
        self._green = green
        self._shown: Indicators | None = None
        self._alarm = Alarm(clock, self._change)

    def start(self) -> None:
        """Show the current state and follow its changes."""
        self._module.changed.connect(self._follow)
        self._follow()

    def stop(self) -> None:
        """Stop following the state, if it was followed."""
        if self._shown is not None:
            self._module.changed.disconnect(self._follow)
            self._shown = None
            self._alarm.set(None)

    def _change(self) -> None:
        assert self._shown is not None
        self._show(self._shown)

    def _follow(self) -> None:
        state = self._module.state
        indicators = Indicators(Condition(state.condition), state.condition_since, state.green_since)
        if indicators != self._shown:
            self._show(indicators)

    def _show(self, indicators: Indicators) -> None:
        self._shown, now = indicators, self._clock.now()
        lamps = indicators.lamps(now)
        for lamp, pattern in zip((self._red, self._green), led_patterns(indicators.condition), strict=True):
            lamp.set_pattern(pattern)
        self._red.setOn(lamps.red)
        self._green.setOn(lamps.green)
        self._alarm.set(indicators.next_change(now))
