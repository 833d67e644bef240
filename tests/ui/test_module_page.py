"""The module page: what a person does to the device, and what it shows, on virtual time."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton, QSlider
from pytestqt.qtbot import QtBot

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.cmi1020.indicators import Condition
from cmi_gui.engine.e350.display import DisplayState
from cmi_gui.ui.main_window import MainWindow
from cmi_gui.ui.pages.module import ModulePage
from cmi_gui.ui.widgets.buttons import Switch
from cmi_gui.ui.widgets.device.lamp import Lamp
from cmi_gui.ui.widgets.device.lcd import MeterDisplay, words_of


def lamps(window: MainWindow) -> tuple[bool, bool]:
    red, green = (window.findChild(Lamp, name) for name in ("ledRed", "ledGreen"))
    return red.isOn(), green.isOn()


def page(window: MainWindow) -> ModulePage:
    result = window.pages[0]
    assert isinstance(result, ModulePage)
    return result


def fault_switch(window: MainWindow, name: str) -> Switch:
    """One of the switches, with the section unfolded."""
    faults = page(window).panel.faults
    assert faults is not None
    faults.set_open(True)
    return faults.switches[name]


def test_red_flashes_100_ms_every_5100_before_the_first_readout(window: MainWindow, clock: VirtualClock) -> None:
    assert window.station.meter is not None
    window.station.meter.faults.silent = True
    flashes = []
    for hundredth in range(1200):
        clock.run_until((hundredth + 0.5) / 100)
        if lamps(window)[0]:
            flashes.append(hundredth)
        assert not lamps(window)[1]
    # 12 s from power-up: on at 0, 5.1 and 10.2 s, ten hundredths each
    assert flashes == [*range(10), *range(510, 520), *range(1020, 1030)]


def test_green_begins_at_the_moment_of_contact_and_red_when_the_meter_falls_silent(
    window: MainWindow, clock: VirtualClock
) -> None:
    module = window.station.module
    assert clock.run_until(30, lambda: module.contact)
    assert lamps(window) == (False, True)
    clock.advance(0.11)
    assert lamps(window) == (False, False)
    assert window.station.meter is not None
    window.station.meter.faults.silent = True
    assert clock.run_until(clock.now() + 200, lambda: not module.contact)
    assert module.condition is Condition.NO_METER
    assert lamps(window) == (True, False)
    clock.advance(0.11)
    assert lamps(window) == (False, False)
    window.station.set_bus_voltage(0)
    clock.advance(5)
    assert lamps(window) == (False, False)


def test_hidden_lamps_have_no_timer_and_are_right_again_when_shown(in_contact: MainWindow, clock: VirtualClock) -> None:
    driver = page(in_contact)._lamps
    assert driver._timer is not None
    in_contact.navigation.choose(1)
    assert driver._timer is None
    change = in_contact.station.module.next_lamp_change(clock.now())
    assert change is not None
    clock.run_until(change + 0.01)
    in_contact.navigation.choose(0)
    now = in_contact.station.module.lamps(clock.now())
    assert lamps(in_contact) == (now.red, now.green)


@pytest.mark.parametrize("how", ["mouse", "keyboard"])
def test_the_push_button_reaches_the_module(
    in_contact: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    presses: list[float] = []
    real = in_contact.station.module.press_button
    monkeypatch.setattr(
        in_contact.station.module, "press_button", lambda now: (presses.append(now), real(now))[1], raising=True
    )
    button = in_contact.findChild(QPushButton, "breakerButton")
    if how == "mouse":
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    else:
        qtbot.keyClick(button, Qt.Key.Key_Space)
    assert presses == [in_contact.station.clock.now()]


@pytest.mark.parametrize("name", ["A", "B"])
def test_rate_inputs_follow_slider_switch_and_engine(in_contact: MainWindow, qtbot: QtBot, name: str) -> None:
    module = in_contact.station.module
    slider = in_contact.findChild(QSlider, f"rateInput{name}")
    switch = in_contact.findChild(QPushButton, f"rateInput{name}Switch")
    slider.setValue(24)
    assert module.input_volts[name] == 24.0
    assert module.input_active[name]
    assert switch.isChecked()
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert module.input_volts[name] == 0.0
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert module.input_volts[name] == 230.0
    qtbot.keyClick(slider, Qt.Key.Key_Left)
    assert module.input_volts[name] == 229.0
    in_contact.station.set_rate_input(name, 100.0)  # type: ignore[arg-type]
    page(in_contact).refresh()
    assert slider.value() == 100


def test_a_slider_is_set_where_the_pointer_is(in_contact: MainWindow, qtbot: QtBot) -> None:
    slider = in_contact.findChild(QSlider, "busVoltage")
    middle = QPoint(slider.width() // 2, round(slider.height() * 0.3))
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=middle)
    assert in_contact.station.module.bus_voltage == pytest.approx(25, abs=1)


def test_no_bus_voltage_says_so_in_words(in_contact: MainWindow) -> None:
    in_contact.findChild(QSlider, "busVoltage").setValue(0)
    in_contact.bridge.drain()
    panel = page(in_contact).panel
    assert panel._sentence.text() == "Dark: no voltage on the bus"
    assert not panel.read_now.isEnabled()
    assert panel.read_now.toolTip() == "The module has no power"


def test_a_readout_shows_its_progress(in_contact: MainWindow, clock: VirtualClock) -> None:
    panel, module = page(in_contact).panel, in_contact.station.module
    panel.read_now.click()
    assert clock.run_until(clock.now() + 10, lambda: (module.readout_line or (0,))[0] == 7)
    panel.refresh()
    assert panel._sentence.text() == f"Reading, line 7 of {len(module.lines)}"
    assert not panel.read_now.isEnabled()


def test_a_pause_leaves_the_meter_alone(in_contact: MainWindow, clock: VirtualClock, qtbot: QtBot) -> None:
    panel = page(in_contact).panel
    qtbot.mouseClick(panel.pause, Qt.MouseButton.LeftButton)
    assert in_contact.station.module.reading_paused
    before = in_contact.station.module.readings["F.F"].at
    clock.advance(300)
    assert in_contact.station.module.readings["F.F"].at == before


@pytest.mark.parametrize("fault", ["silent", "delay", "bad_bcc", "garbled"])
def test_each_fault_makes_the_readout_fail_and_can_be_taken_back(
    in_contact: MainWindow, clock: VirtualClock, qtbot: QtBot, fault: str
) -> None:
    switch = fault_switch(in_contact, fault)
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)
    in_contact.station.read_now()
    assert clock.run_until(clock.now() + 60, lambda: in_contact.station.module.schedule.failures > 0)
    in_contact.bridge.drain()
    assert in_contact.strip.text.startswith("Reading the meter failed (try 1): ")
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert clock.run_until(clock.now() + 60, lambda: in_contact.station.module.schedule.failures == 0)


def test_the_display_runs_and_the_button_scrolls_it(in_contact: MainWindow, clock: VirtualClock, qtbot: QtBot) -> None:
    display = in_contact.findChild(MeterDisplay, "meterDisplay")
    page(in_contact).refresh()
    first = display.state
    assert first.on
    qtbot.mouseClick(in_contact.findChild(QPushButton, "meterScroll"), Qt.MouseButton.LeftButton)
    second = display.state
    assert second.index != first.index
    clock.advance(7)
    page(in_contact).refresh()
    assert display.state.index != second.index
    assert display.accessibleName() == f"Meter display: {words_of(display.state)}"


def test_the_display_in_words() -> None:
    state = DisplayState(True, "1.8.0", "061561.28", "kWh", frozenset({2}), False)
    assert words_of(state) == "1.8.0 061561.28 kWh; rate 2; disconnector open"
    assert words_of(DisplayState()) == "dark"


def test_the_connect_section_says_where_and_how(in_contact: MainWindow) -> None:
    panel = page(in_contact).panel
    assert panel._address.text == ""
    assert not panel._address.button.isEnabled()
