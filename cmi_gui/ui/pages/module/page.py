"""The page Built-in module: the device with its controls, and beside it a panel with its state."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from cmi_gui.engine.cmi1020.inputs import InputName
from cmi_gui.engine.events import LinkChanged, ModuleChanged, Stamped
from cmi_gui.engine.module_state import ModuleState
from cmi_gui.engine.room.operator import Operator
from cmi_gui.engine.station.station import NOMINAL_BUS_VOLTS
from cmi_gui.ui.bridge import BATCH_MS
from cmi_gui.ui.dialogs import confirm
from cmi_gui.ui.pages.module.lamps import LampDriver
from cmi_gui.ui.pages.module.panel import ModulePanel
from cmi_gui.ui.pages.module.readout_display import readout_display
from cmi_gui.ui.pages.page import Context, Page
from cmi_gui.ui.text.activity import button_process, steady_process
from cmi_gui.ui.text.questions import disconnector_question, module_and_meter
from cmi_gui.ui.text.words import Level, volts_text
from cmi_gui.ui.theme import SPACE, em
from cmi_gui.ui.widgets.device.face import DeviceFace
from cmi_gui.ui.widgets.device.keys import Rocker
from cmi_gui.ui.widgets.device.voltage import VoltageSlider
from cmi_gui.ui.widgets.plain.buttons import point_out
from cmi_gui.ui.widgets.plain.layout import row_of

_BESIDE_FROM = 128
"""The width of the page, in average characters, from which the panel is beside the device."""
_MAINS_VOLTS = 230
"""The voltage in V AC that the switch of a rate input applies."""
_MOTION_MS = 100
"""Interval in ms between two steps of a progress shown in tenths of a second."""


class ModulePage(Page):
    """The page Built-in module: two thirds device, one third panel.

    It shows the built-in module or one of the practice bus (`Context.shown`).
    """

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.shown = context.shown
        self.shown.switched.connect(self._switched)
        self.shown.changed.connect(self._changed)
        self.face = DeviceFace(self)
        self.face.setObjectName("deviceFace")
        self.panel = ModulePanel(context, self)
        self._row = row_of((self.face, 2), (self.panel, 1), within=self, margins=SPACE.l, spacing=SPACE.xl)

        self._later = QTimer(self, singleShot=True, interval=BATCH_MS)
        self._later.timeout.connect(self._switched)
        # Runs only while a progress is shown.
        self._motion = QTimer(self, interval=_MOTION_MS)
        self._motion.timeout.connect(self._show_processes)
        self._lamps = LampDriver(context.shown, self.station.clock, self.face.led_red, self.face.led_green)
        self.face.button.clicked.connect(self._press)
        self.face.scroll_key.clicked.connect(self._scroll)
        self._wire(self.face.bus, self.face.bus_switch, round(NOMINAL_BUS_VOLTS), self._set_bus_voltage)
        self._wire_rate_input("A", self.face.rate_a, self.face.rate_a_switch)
        self._wire_rate_input("B", self.face.rate_b, self.face.rate_b_switch)

    def _wire_rate_input(self, name: InputName, slider: VoltageSlider, rocker: Rocker) -> None:
        self._wire(slider, rocker, _MAINS_VOLTS, lambda volts: self.shown.point.set_rate_input(name, volts))

    def _wire(self, slider: VoltageSlider, rocker: Rocker, on_volts: int, apply: Callable[[float], None]) -> None:
        def changed(volts: int) -> None:
            apply(float(volts))
            self._show_controls()
            self._show_processes()

        slider.valueChanged.connect(changed)
        rocker.clicked.connect(lambda on: slider.setValue(on_volts if on else 0))

    def _set_bus_voltage(self, volts: float) -> None:
        self.shown.station.set_bus_voltage(volts, (self.shown.point,))

    @property
    def module(self) -> ModuleState:
        """The latest state of the shown module."""
        return self.shown.state

    def _switched(self) -> None:
        if self.isVisible():
            self.refresh()

    def _changed(self) -> None:
        """Follow a module of the practice bus; the events of the window are those of the built-in module."""
        # Steps may follow each other quickly, so the page waits for the rest of them.
        if self.isVisible() and not self.shown.built_in and not self._later.isActive():
            self._later.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the panel below the device on a narrow page."""
        stacked = self.width() < em(self, _BESIDE_FROM)
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight)
        self.panel.stack(stacked)
        super().resizeEvent(event)

    # Page

    def activate(self) -> None:
        """Start the lamps."""
        self._lamps.start()

    def reveal(self, part: str) -> None:
        """Show how a master connects (`connect`) or a control (`bus`, `inputs`, `button`, `reading`)."""
        controls = {
            "bus": self.face.bus,
            "inputs": self.face.rate_b,
            "button": self.face.button,
            "reading": self.panel.pause,
        }
        if part == "connect":
            self.panel.show_connect()
        elif part in controls:
            point_out(controls[part])

    def deactivate(self) -> None:
        """Stop lamps and progress."""
        self._lamps.stop()
        self._motion.stop()

    def take(self, events: Sequence[Stamped]) -> None:
        """Update the page after changes of module or links."""
        if self.isVisible() and any(isinstance(stamped.event, ModuleChanged | LinkChanged) for stamped in events):
            self.refresh()

    def refresh(self) -> None:
        """Update display, labels, voltages and panel."""
        module = self.module
        self._show_controls()
        self.face.set_labels(module.serial, module.meter_type, module.meter_number or "")
        self._show_display()
        self.panel.refresh()
        self._show_processes()

    def _show_processes(self) -> None:
        """Show the 5 s of the rate inputs and the 10 s of the disconnector, on the device and in the panel."""
        module, now = self.module, self.station.clock.now()
        steady = steady_process(module, now)
        self.face.steady.show_process(steady.text if steady else "", (steady.share if steady else None) or 0.0)
        on_button, reason = button_process(module, now)
        self.face.button.show_process(on_button.text, on_button.share, reason)
        self.panel.show_processes(now)
        moving = steady is not None or on_button.share is not None
        if moving and self.isVisible():
            if not self._motion.isActive():
                self._motion.start()
        else:
            self._motion.stop()

    def _show_display(self) -> None:
        meter = self.shown.point.meter_state()
        self.face.set_real_meter(meter is None, drawn=self.module.contact)
        self.face.display.show_state(readout_display(self.module) if meter is None else meter.display)

    def _press(self) -> None:
        """Press the module's button; ask first if that moves a real disconnector."""
        before = self.shown.point.module_state()
        if self.shown.point.meter is not None or not before.powered or before.button_refusal is not None:
            self._press_now()
            return
        module, meter = module_and_meter(self.context.targets.all[0], before, meter_is_real=True)
        question = disconnector_question(opens=before.disconnector == "closed", module=module, meter=meter)

        def confirmed() -> None:
            # A press toggles, so the state must still be the one in the question.
            now = self.station.module_state()
            if self.shown.built_in and (now.disconnector, now.meter_number) == (
                before.disconnector,
                before.meter_number,
            ):
                self._press_now()
            else:
                words = self.tr("The button was not pressed: the disconnector or the meter has changed in the meantime")
                self.context.add_message(Level.WARNING, words)

        confirm(self, question.button, question.text, question.button, confirmed)

    def _press_now(self) -> None:
        self.shown.point.press_button()
        self._show_processes()

    def _scroll(self) -> None:
        point = self.shown.point
        if point.meter is not None:
            Operator(self.shown.station).start(f"meter {point.name} scroll")
            self._show_display()

    def _show_controls(self) -> None:
        """Show the engine's voltages, which another shell or a power failure may have changed."""
        module = self.module
        for slider, rocker, value in (
            (self.face.rate_a, self.face.rate_a_switch, module.volts_a),
            (self.face.rate_b, self.face.rate_b_switch, module.volts_b),
            (self.face.bus, self.face.bus_switch, module.bus_voltage),
        ):
            if not slider.isSliderDown() and slider.value() != round(value):
                blocked = slider.blockSignals(True)
                slider.setValue(round(value))
                slider.blockSignals(blocked)
                slider.update()
            rocker.setChecked(value > 0)
        words = (self.tr("low"), self.tr("active"))
        self.face.set_captions(
            f"{volts_text(module.volts_b)} AC, {words[module.level >> 1]}",
            f"{volts_text(module.volts_a)} AC, {words[module.level & 1]}",
            self._bus_caption(),
        )

    def _bus_caption(self) -> str:
        module = self.module
        real = self.shown.built_in and self.station.bus_is_real
        self.face.set_real_bus(real)
        if real:
            return self.tr("counts as powered")
        text = f"{volts_text(module.bus_voltage)} DC"
        return text if module.powered else self.tr("{0}, too low").format(text)
