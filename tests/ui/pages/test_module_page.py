"""The page Built-in module: operating the device, and what it shows, in virtual time."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton, QSlider
from pytestqt.qtbot import QtBot

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.cmi1020.indicators import Condition
from cmi_gui.engine.cmi1020.meter_actions import ActionKind, MeterAction
from cmi_gui.engine.cmi1020.rates import RateError
from cmi_gui.engine.meter_profile.display_text import DisplayState
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.module.page import ModulePage
from cmi_gui.ui.text.activity import activity, rate_text
from cmi_gui.ui.widgets.device.lamp import Lamp
from cmi_gui.ui.widgets.device.lcd import MeterDisplay, words_of
from cmi_gui.ui.widgets.plain.buttons import Switch
from tests.helpers.lines import control


def lamps(window: MainWindow) -> tuple[bool, bool]:
    red, green = (window.findChild(Lamp, name) for name in ("ledRed", "ledGreen"))
    return red.isOn(), green.isOn()


def page(window: MainWindow) -> ModulePage:
    result = window.stack.page(window.stack.index_of("pageModule"))
    assert isinstance(result, ModulePage)
    return result


def fault_switch(window: MainWindow, name: str) -> Switch:
    """Return the switch of a fault, with the section unfolded."""
    faults = page(window).panel.faults
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
    assert module.indicators.condition is Condition.NO_METER
    assert lamps(window) == (True, False)
    clock.advance(0.11)
    assert lamps(window) == (False, False)
    window.station.set_bus_voltage(0)
    clock.advance(5)
    assert lamps(window) == (False, False)


def test_hidden_lamps_have_no_timer_and_are_updated_when_shown(in_contact: MainWindow, clock: VirtualClock) -> None:
    driver = page(in_contact)._lamps
    assert driver._alarm._timer is not None
    in_contact.go("pageConfiguration")
    assert driver._alarm._timer is None
    change = in_contact.station.module.indicators.next_change(clock.now())
    assert change is not None
    clock.run_until(change + 0.01)
    in_contact.go("pageModule")
    now = in_contact.station.module.indicators.lamps(clock.now())
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
    assert module.inputs.volts[name] == 24.0
    assert module.state().level == {"A": 1, "B": 2}[name]
    assert switch.isChecked()
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert module.inputs.volts[name] == 0.0
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert module.inputs.volts[name] == 230.0
    qtbot.keyClick(slider, Qt.Key.Key_Left)
    assert module.inputs.volts[name] == 229.0
    in_contact.station.set_rate_input(name, 100.0)  # type: ignore[arg-type]
    page(in_contact).refresh()
    assert slider.value() == 100


def test_a_slider_is_set_where_the_pointer_is(in_contact: MainWindow, qtbot: QtBot) -> None:
    slider = in_contact.findChild(QSlider, "busVoltage")
    middle = QPoint(slider.width() // 2, round(slider.height() * 0.3))
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=middle)
    assert in_contact.station.module.bus_voltage == pytest.approx(25, abs=1)


def test_missing_bus_voltage_is_shown_in_words(in_contact: MainWindow) -> None:
    in_contact.findChild(QSlider, "busVoltage").setValue(0)
    in_contact.bridge.drain()
    panel = page(in_contact).panel
    assert panel._sentence.text() == "Dark: no voltage on the bus"
    assert not panel.read_now.isEnabled()
    assert panel.read_now.toolTip() == "The module has no power"


def test_a_readout_shows_its_progress(in_contact: MainWindow, clock: VirtualClock) -> None:
    panel, module = page(in_contact).panel, in_contact.station.module
    panel.read_now.click()
    assert clock.run_until(clock.now() + 10, lambda: (module.state().readout_line or (0,))[0] >= 7)
    panel.refresh()
    count, expected = module.state().readout_line or (0, None)
    assert panel._sentence.text() == f"Reading, line {count} of {expected}"
    assert expected == len(module.lines)
    assert not panel.read_now.isEnabled()


def test_a_pause_leaves_the_meter_alone(in_contact: MainWindow, clock: VirtualClock, qtbot: QtBot) -> None:
    panel = page(in_contact).panel
    qtbot.mouseClick(panel.pause, Qt.MouseButton.LeftButton)
    assert in_contact.station.module.state().reading_paused
    before = in_contact.station.module.state().read_at
    clock.advance(300)
    assert in_contact.station.module.state().read_at == before


@pytest.mark.parametrize("fault", ["silent", "delay", "bad_bcc", "garbled", "power"])
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


def test_the_connect_section_shows_address_and_command(in_contact: MainWindow) -> None:
    panel = page(in_contact).panel
    assert panel._address.text == ""
    assert not panel._address.button.isEnabled()


# Slow processes


def refreshed(window: MainWindow) -> ModulePage:
    """Return the page after a refresh."""
    window.bridge.drain()
    page(window).refresh()
    return page(window)


def fact(window: MainWindow, key: str) -> str:
    return refreshed(window).panel._facts[key].text()


def settled(window: MainWindow, clock: VirtualClock) -> None:
    """Let the five seconds of the first combination pass, and stop well before the next readout."""
    assert clock.run_until(clock.now() + 10, lambda: window.station.module.inputs.deadline is None)


def test_the_ten_seconds_of_the_disconnector_are_shown(
    in_contact: MainWindow, clock: VirtualClock, qtbot: QtBot
) -> None:
    settled(in_contact, clock)
    button = page(in_contact).face.button
    assert refreshed(in_contact).face.button.words == ""
    assert fact(in_contact, "disconnector") == "closed"
    assert page(in_contact).face.display.state.disconnector_closed is True
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (button.words, button.share) == ("switching, 10.0 s", 0.0)
    assert "The button has no effect until the disconnector has switched" in button.toolTip()
    clock.advance(1.5)
    refreshed(in_contact)
    assert button.words == "switching, 8.5 s"
    assert button.share == pytest.approx(0.15)
    assert page(in_contact).panel._sentence.text() == "Sending the open command with P1"
    assert fact(in_contact, "disconnector") == "closed, switching, 8.5 s"
    assert page(in_contact).panel._bars["disconnector"]._share == pytest.approx(0.15)
    clock.advance(5.5)
    refreshed(in_contact)
    assert button.words == "switching, 3.0 s"
    assert page(in_contact).panel._sentence.text() == "Switching the disconnector"
    # The meter has switched already; the module reports it after the readout at the end.
    assert page(in_contact).face.display.state.disconnector_closed is False
    assert fact(in_contact, "disconnector") == "closed, switching, 3.0 s"

    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    refreshed(in_contact)
    assert in_contact.strip.text == (
        "The push button was pressed, but it has no effect: the disconnector is being switched;"
        " that takes about 10 seconds"
    )
    clock.advance(3.5)
    refreshed(in_contact)
    assert (button.words, button.share) == ("reading the result", 1.0)
    clock.advance(6)
    refreshed(in_contact)
    assert (button.words, button.share) == ("", None)
    assert fact(in_contact, "disconnector") == "open"
    assert page(in_contact).panel._bars["disconnector"]._share is None
    assert "does nothing" not in button.toolTip()
    texts = [message.text for message in in_contact.messages.last(9)]
    assert "The disconnector is open" in texts
    assert "The meter accepted the command to open its disconnector" in texts


def test_the_progress_timer_runs_only_during_a_process(
    in_contact: MainWindow, clock: VirtualClock, qtbot: QtBot
) -> None:
    settled(in_contact, clock)
    refreshed(in_contact)
    motion = page(in_contact)._motion
    assert not motion.isActive()
    in_contact.findChild(QPushButton, "breakerButton").click()
    assert motion.isActive()
    clock.advance(3)
    qtbot.waitUntil(lambda: page(in_contact).face.button.words == "switching, 7.0 s")
    in_contact.go("pageConfiguration")
    assert not motion.isActive()
    in_contact.go("pageModule")
    assert motion.isActive()
    clock.advance(20)
    qtbot.waitUntil(lambda: not motion.isActive())


def test_five_seconds_of_an_input_are_shown_and_the_arrow_moves(
    in_contact: MainWindow, clock: VirtualClock, qtbot: QtBot
) -> None:
    settled(in_contact, clock)
    face = page(in_contact).face
    refreshed(in_contact)
    assert face.steady.text == ""
    assert face.display.state.rates == {1}
    assert fact(in_contact, "rate") == "1, from inputs B=0 A=0"
    qtbot.mouseClick(face.rate_b_switch, Qt.MouseButton.LeftButton)
    assert (face.steady.text, face.steady.share) == ("B=1 A=0 takes effect in 5.0 s", 0.0)
    clock.advance(2)
    refreshed(in_contact)
    assert face.steady.text == "B=1 A=0 takes effect in 3.0 s"
    assert face.steady.share == pytest.approx(0.4)
    assert fact(in_contact, "inputs") == "B=1 A=0 takes effect in 3.0 s"
    # Any change restarts the five seconds; with the previous combination there is no wait.
    face.rate_a_switch.click()
    assert face.steady.text == "B=1 A=1 takes effect in 5.0 s"
    face.rate_a_switch.click()
    face.rate_b_switch.click()
    assert face.steady.text == ""
    face.rate_b_switch.click()
    clock.advance(5.2)
    assert fact(in_contact, "rate") == "1, rate 3 requested"
    assert face.steady.text == ""
    clock.advance(20)
    assert fact(in_contact, "rate") == "3, from inputs B=1 A=0"
    assert face.display.state.rates == {3}
    assert face.display.accessibleName().endswith("rate 3; disconnector closed")


def test_a_wrong_password_blinks_locks_and_is_explained(
    in_contact: MainWindow, clock: VirtualClock, qtbot: QtBot
) -> None:
    settled(in_contact, clock)
    qtbot.mouseClick(fault_switch(in_contact, "refuse_passwords"), Qt.MouseButton.LeftButton)
    page(in_contact).face.rate_b_switch.click()
    module = in_contact.station.module
    assert clock.run_until(clock.now() + 30, lambda: module.indicators.condition is Condition.RATE_ERROR)
    since = clock.now()
    refreshed(in_contact)
    assert in_contact.strip.text == "Rate error: the meter refused the password"
    assert page(in_contact).panel._sentence.text() == "Meter locked for 1 min 0 s"
    assert page(in_contact).panel._lamps.text() == "LEDs: red blinks, green flashes every 5 s"
    assert fact(in_contact, "rate") == "1, error: password refused"
    assert page(in_contact).face.button.words == "locked, 1 min 0 s"
    assert not page(in_contact).panel.read_now.isEnabled()
    red = []
    for twentieth in range(100):
        clock.run_until(since + (twentieth + 0.5) / 20)
        red.append(lamps(in_contact)[0])
    assert red == ([True] * 10 + [False] * 10) * 5
    clock.run_until(since + 41.5)
    refreshed(in_contact)
    assert page(in_contact).panel._sentence.text() == "Meter locked for 19 s"
    clock.run_until(since + 62)
    refreshed(in_contact)
    assert not page(in_contact).panel._sentence.text().startswith("Meter locked")
    assert page(in_contact).face.button.words == ""


def test_without_a_meter_number_red_is_steady_and_green_flashes(in_contact: MainWindow, clock: VirtualClock) -> None:
    fault_switch(in_contact, "no_meter_number").click()
    in_contact.station.read_now()
    module = in_contact.station.module
    assert clock.run_until(clock.now() + 30, lambda: module.indicators.condition is Condition.NO_METER_NUMBER)
    flash = module.indicators.next_change(clock.now())
    assert flash is not None
    shown = set()
    for hundredth in range(1100):
        clock.run_until(flash + (hundredth + 0.5) / 100)
        shown.add(lamps(in_contact))
    assert shown == {(True, False), (True, True)}
    refreshed(in_contact)
    assert page(in_contact).panel._lamps.text() == "LEDs: red steady, green flashes every 5 s"


@pytest.mark.parametrize(
    ("control", "volts", "words", "reason"),
    [
        (1, 24.0, "not allowed", "The setting “disconnector control” does not allow the push button"),
        (3, 12.0, "no power", "The module has no bus voltage, so the button has no effect"),
    ],
)
def test_the_button_shows_why_a_press_does_nothing(
    in_contact: MainWindow, control: int, volts: float, words: str, reason: str
) -> None:
    module = in_contact.station.module
    module._memory.settings = module.settings.with_value("disconnector_control", control)
    in_contact.station.set_bus_voltage(volts)
    button = refreshed(in_contact).face.button
    assert button.words == words
    assert button.toolTip().endswith(reason)
    button.click()
    in_contact.bridge.drain()
    assert in_contact.strip.text.startswith("The push button was pressed, but ")


def test_a_display_text_is_shown_on_the_display_and_in_the_panel(in_contact: MainWindow, clock: VirtualClock) -> None:
    settled(in_contact, clock)
    in_contact.station.module.control.show_text("HELLO")
    in_contact.station.read_now()
    clock.advance(30)
    assert fact(in_contact, "text") == "HELLO"
    state = page(in_contact).face.display.state
    assert (state.message, state.value) == (True, "HELLO")
    assert words_of(state) == "text HELLO; rate 1; disconnector closed"


# Faults


def test_a_power_failure_darkens_the_display_and_is_counted(in_contact: MainWindow, clock: VirtualClock) -> None:
    switch = fault_switch(in_contact, "power")
    switch.click()
    assert in_contact.station.meter is not None
    assert not in_contact.station.meter.powered
    refreshed(in_contact)
    assert not page(in_contact).face.display.state.on
    faults = page(in_contact).panel.faults
    assert faults.heading.remark == "1 on"
    switch.click()
    assert in_contact.station.meter.powered
    assert in_contact.station.meter.power_failures == 1
    refreshed(in_contact)
    assert page(in_contact).face.display.state.on
    assert faults.heading.remark == ""


def test_phases_cover_and_magnet_reach_the_meter(in_contact: MainWindow) -> None:
    meter, faults = in_contact.station.meter, page(in_contact).panel.faults
    assert meter is not None
    faults.set_open(True)
    faults.phases[2].click()
    assert meter.failed_phases == {2}
    faults.switches["cover"].click()
    assert (meter.cover_off, meter.cover_removals) == (True, 1)
    faults.magnet.click()
    assert meter.dc_fields == 1
    refreshed(in_contact)
    assert faults.heading.remark == "2 on"
    faults.phases[2].click()
    faults.switches["cover"].click()
    assert (meter.failed_phases, meter.cover_off) == (frozenset(), False)


def test_switches_follow_a_script_and_have_tooltips(in_contact: MainWindow) -> None:
    control(in_contact.station, "meter slow 4")
    control(in_contact.station, "meter phase 3 off")
    refreshed(in_contact)
    faults = page(in_contact).panel.faults
    assert faults.switches["delay"].isChecked()
    assert faults.phases[3].isChecked()
    assert all(switch.toolTip() for switch in faults.switches.values())
    faults.switches["delay"].click()
    assert in_contact.station.meter is not None
    assert in_contact.station.meter.faults.delay == 0.0


def test_the_faults_fit_beside_the_device_at_1280_by_800(in_contact: MainWindow, qtbot: QtBot) -> None:
    panel = page(in_contact).panel
    assert panel.faults.opened is False
    assert panel.verticalScrollBar().maximum() == 0
    panel.faults.set_open(True)
    qtbot.waitUntil(lambda: panel.faults.switches["silent"].isVisible())
    assert panel.verticalScrollBar().maximum() == 0
    assert not panel._connect.opened


@pytest.mark.parametrize("code", [error.value for error in RateError])
def test_every_rate_error_fits_into_its_line(in_contact: MainWindow, code: str) -> None:
    module, label = in_contact.station.module, page(in_contact).panel._facts["rate"]
    module.control.rates.error = RateError(code)
    assert label.fontMetrics().horizontalAdvance(rate_text(module.state())) <= label.width()


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (ActionKind.RATE, 3),
        (ActionKind.DISCONNECTOR, 0),
        (ActionKind.DISCONNECTOR, 1),
        (ActionKind.DISPLAY, "HH=HH=HH"),
        (ActionKind.DISPLAY, ""),
    ],
)
@pytest.mark.parametrize("usage", [0, 0b101010])
def test_requests_to_the_meter_fit_into_their_line(
    in_contact: MainWindow, clock: VirtualClock, kind: ActionKind, value: int | str, usage: int
) -> None:
    module, label = in_contact.station.module, page(in_contact).panel._sentence
    module._memory.settings = module.settings.with_value("usage", usage)
    module.control.actions.running = MeterAction(kind, value)
    text = activity(in_contact.station, module.state(), clock.now()).title
    assert text.startswith("Sending ")
    assert text.endswith(" with P2" if usage else " to the meter")
    assert label.fontMetrics().horizontalAdvance(text) <= label.width()
    module.control.actions.running = None


def test_a_rate_set_over_the_bus_is_shown_as_such(in_contact: MainWindow, clock: VirtualClock) -> None:
    settled(in_contact, clock)
    in_contact.station.module.control.set_rate(2, clock.now())
    in_contact.station.read_now()
    clock.advance(30)
    assert fact(in_contact, "rate") == "2, set over the bus"
    assert page(in_contact).face.display.state.rates == {2}
