"""The causes in the manual's troubleshooting section: their effects on lamps, status byte, flags and events."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.cmi1020.indicators import Condition, Lamps
from cmi_gui.engine.driver import Driver
from cmi_gui.engine.events import ModuleChanged, RateErrorChanged, ReadoutFailed
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.allowance import LEAST, Allowance
from cmi_gui.engine.mbus.exchange import Exchange, Expect, Procedure, ProcedureFailed
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.master import Master, ProcedureFinished
from cmi_gui.engine.mbus.slave_address import mask_bytes
from cmi_gui.engine.mbus.telegram import decode_telegram
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.station import Station
from tests.engine.station.test_commands_end_to_end import profile_with
from tests.helpers.buses import SharedWire
from tests.helpers.module_bench import ModuleBench, bench_on_a_wire, text_command
from tests.helpers.station_bench import NOON, initialise, read_primary, read_secondary

RATE_ERROR, REFUSED = 0x20, 0x80
RATE_FLAG, REFUSED_FLAG = 0x0002_0000, 0x0008_0000
WRONG = text_command("p1", "wrong")
RIGHT = text_command("p1", "00000000")
RATE_3 = bytes.fromhex("01 FF 13 03")
OPEN = "01 FD 1F 00"


@pytest.fixture
def bench() -> ModuleBench:
    return ModuleBench()


def module_flags(bench: ModuleBench) -> int:
    return bench.module_data().flags & 0xFFFF_0000


# "Pressing push-button does not toggle disconnector output"


@pytest.mark.parametrize(("control", "allowed"), [(0, False), (1, False), (2, True), (3, True)])
def test_button_disconnector_control(bench: ModuleBench, control: int, allowed: bool) -> None:
    bench.send(bytes.fromhex("01 7C 03 6C 74 63") + bytes((control,)))
    bench.station.press_button()
    assert bench.notices() == ([] if allowed else ["disconnector_not_allowed"])
    bench.clock.advance(20)
    assert bench.module_data().disconnector == (0 if allowed else 1)
    assert bench.module_data().status == 0, "no command was sent to the meter, so it refused nothing"


def test_button_wrong_p1(bench: ModuleBench) -> None:
    bench.send(WRONG)
    bench.station.press_button()
    bench.clock.advance(5)
    assert bench.outcomes() == [("disconnector", "open", "denied")]
    assert bench.module_data().disconnector == 1, "the process ends with the refusal"
    assert bench.module_data().status == REFUSED
    assert module_flags(bench) == REFUSED_FLAG
    assert bench.station.module.indicators.condition is Condition.NORMAL, "no lamp shows it"
    bench.station.press_button()
    assert bench.notices() == ["disconnector_locked"], "the meter is locked for a minute"
    bench.clock.advance(70)
    bench.send(RIGHT)
    bench.station.press_button()
    bench.clock.advance(20)
    assert bench.module_data().disconnector == 0
    assert bench.module_data().status == 0, "a switching that succeeded"


def test_button_wrong_p2(tmp_path: Path) -> None:
    bench = ModuleBench(meter_profile=profile_with(tmp_path, disconnector='"P2"', p2='"right"'))
    bench.send(bytes.fromhex("01 7C 03 65 73 75 09") + text_command("p2", "wrong"))
    bench.station.press_button()
    bench.clock.advance(70)
    assert bench.outcomes() == [("disconnector", "open", "denied")]
    assert bench.module_data().status == REFUSED
    bench.send(text_command("p2", "right"))
    bench.station.press_button()
    bench.clock.advance(20)
    assert bench.module_data().disconnector == 0


@pytest.mark.parametrize("usage", [0b01_00_01, 0b01_10_01], ids=["none", "P2"])
def test_button_wrong_usage(bench: ModuleBench, usage: int) -> None:
    bench.send(bytes.fromhex("01 7C 03 65 73 75") + bytes((usage,)))
    bench.station.press_button()
    bench.clock.advance(5)
    assert bench.outcomes() == [("disconnector", "open", "denied")]
    assert bench.module_data().status == REFUSED
    bench.station.read_now()
    bench.clock.advance(5)
    assert bench.events(ReadoutFailed) == [], "the meter is not locked: the password was right, or none was sent"
    bench.send("01 7C 03 65 73 75 15")
    bench.station.press_button()
    bench.clock.advance(20)
    assert bench.module_data().disconnector == 0
    assert bench.module_data().status == 0


def test_button_wrong_meter_type() -> None:
    bench = ModuleBench(has_disconnector=False)
    bench.station.press_button()
    bench.clock.advance(30)
    assert bench.outcomes() == [("disconnector", "open", "refused")]
    assert bench.notices() == []  # drained with the outcomes
    assert bench.module_data().disconnector == 1, "such a meter reports closed"
    assert bench.module_data().status == REFUSED
    assert module_flags(bench) == REFUSED_FLAG
    bench.send("00 FD 97 07")
    assert bench.module_data().status == 0


def test_button_before_the_meter_was_ever_read() -> None:
    bench = ModuleBench(settled=False)
    bench.meter.faults.silent = True
    bench.clock.advance(30)
    bench.notices()
    bench.station.press_button()
    assert bench.notices() == ["disconnector_unknown"]
    assert bench.module_data().disconnector is None
    bench.send(OPEN)
    assert bench.module_data().status == 0x12


def test_button_of_a_module_without_power(bench: ModuleBench) -> None:
    bench.station.set_bus_voltage(20.9)
    bench.station.press_button()
    assert bench.notices() == ["button_unpowered"]
    bench.station.set_bus_voltage(24)
    bench.clock.advance(30)
    assert bench.outcomes() == []


def test_button_while_reading_is_paused_is_not_remembered(bench: ModuleBench) -> None:
    bench.station.pause_reading(True)
    bench.station.press_button()
    assert bench.module_data().disconnector == 2
    bench.clock.advance(11)
    assert bench.module_data().disconnector == 1
    assert bench.module_data().status == REFUSED
    bench.station.pause_reading(False)
    bench.clock.advance(30)
    assert bench.module_data().disconnector == 1
    assert bench.outcomes() == []


def test_a_meter_that_stops_answering_after_the_command(bench: ModuleBench) -> None:
    bench.station.press_button()
    bench.clock.advance(5)
    assert bench.outcomes() == [("disconnector", "open", "done")]
    bench.meter.faults.silent = True
    bench.clock.advance(60)
    assert bench.module_data().status == 0x10 | REFUSED
    assert bench.module_data().disconnector is None, "the last reported state is no longer known to be true"
    bench.meter.faults.silent = False
    bench.clock.advance(20)
    assert bench.module_data().disconnector == 0, "the state that the meter reports, not the requested one"


def test_one_damaged_readout_at_the_end_is_no_refusal(bench: ModuleBench) -> None:
    bench.station.press_button()
    bench.clock.advance(9)
    bench.meter.faults.bad_bcc = True
    bench.clock.advance(5)
    bench.meter.faults.bad_bcc = False
    bench.clock.advance(10)
    assert bench.module_data().disconnector == 0
    assert bench.module_data().status == 0


# "Rate input does not change meter rate"


def assert_rate_error(bench: ModuleBench, error: str) -> None:
    """The rate error is shown everywhere, with its cause."""
    module = bench.station.module
    assert module.state().rate_error == error
    assert module.indicators.condition is Condition.RATE_ERROR
    assert bench.module_data().status == RATE_ERROR
    assert module_flags(bench) == RATE_FLAG
    events = bench.events(RateErrorChanged, ModuleChanged)
    assert [event.error for event in events if isinstance(event, RateErrorChanged)][-1:] == [error]
    assert [event.state.condition for event in events if isinstance(event, ModuleChanged)][-1:] == ["rate_error"]


def assert_no_rate_error(bench: ModuleBench) -> None:
    assert bench.station.module.state().rate_error is None
    assert bench.station.module.indicators.condition is Condition.NORMAL
    assert bench.module_data().status == 0
    assert module_flags(bench) == 0
    events = bench.events(RateErrorChanged)
    assert [event.error for event in events if isinstance(event, RateErrorChanged)][-1:] == [None]


def test_rate_not_enabled(bench: ModuleBench) -> None:
    bench.send("01 7C 03 6E 65 72 00")
    bench.set_inputs(a=True, b=False)
    bench.clock.advance(5)
    assert_rate_error(bench, "not_enabled")
    bench.send("01 7C 03 6E 65 72 01")
    bench.clock.advance(10)
    assert_no_rate_error(bench)
    assert bench.meter_rate() == 2


def test_rate_not_enabled_and_the_inputs_go_back(bench: ModuleBench) -> None:
    bench.send("01 7C 03 6E 65 72 00")
    bench.set_inputs(a=True, b=False)
    bench.clock.advance(5)
    assert_rate_error(bench, "not_enabled")
    bench.set_inputs(a=False, b=True)
    bench.clock.advance(5)
    assert bench.station.module.state().rate_error == "not_enabled"
    bench.set_inputs(a=False, b=False)
    bench.clock.advance(5)
    assert_no_rate_error(bench)
    assert bench.meter_rate() == 1


def test_the_first_combination_while_disabled_is_no_change(bench: ModuleBench) -> None:
    bench.send("01 7C 03 6E 65 72 00")
    bench.set_inputs(a=True, b=True)
    bench.clock.advance(5)
    bench.restart_module()
    assert bench.module_data().status == 0
    assert bench.module_data().inputs == 3
    assert bench.meter_rate() == 1


def test_rate_wrong_p1(bench: ModuleBench) -> None:
    bench.send(WRONG)
    bench.set_inputs(a=False, b=True)
    bench.clock.advance(10)
    assert_rate_error(bench, "denied")
    bench.clock.advance(200)
    assert bench.station.module.state().rate_error == "denied"
    bench.send(RIGHT)
    bench.clock.advance(10)
    assert_no_rate_error(bench)
    assert bench.meter_rate() == 3


def test_rate_wrong_p2(tmp_path: Path) -> None:
    bench = ModuleBench(meter_profile=profile_with(tmp_path, rate='"P2"', p2='"right"'))
    bench.send(bytes.fromhex("01 7C 03 65 73 75 16") + text_command("p2", "wrong"))
    bench.send(RATE_3)
    bench.clock.advance(10)
    assert_rate_error(bench, "denied")
    bench.clock.advance(60)
    bench.send(text_command("p2", "right"))
    bench.clock.advance(10)
    assert_no_rate_error(bench)
    assert bench.meter_rate() == 3


@pytest.mark.parametrize("usage", [0b01_01_00, 0b01_01_10], ids=["none", "P2"])
def test_rate_wrong_usage(bench: ModuleBench, usage: int) -> None:
    bench.send(bytes.fromhex("01 7C 03 65 73 75") + bytes((usage,)))
    bench.send(RATE_3)
    bench.clock.advance(10)
    assert_rate_error(bench, "denied")
    bench.send("01 7C 03 65 73 75 15")
    bench.clock.advance(10)
    assert_no_rate_error(bench)
    assert bench.meter_rate() == 3


@pytest.mark.parametrize("variant", ["M23", "M26", "M27"])
def test_a_rate_that_the_meter_does_not_have(variant: str) -> None:
    bench = ModuleBench(variant=variant)
    bench.send("04 7C 03 70 61 6D 01 05 03 04")
    bench.set_inputs(a=True, b=False)
    bench.clock.advance(10)
    assert_rate_error(bench, "refused")
    assert bench.meter_rate() == 1
    bench.set_inputs(a=True, b=True)
    bench.clock.advance(20)
    assert_no_rate_error(bench)
    assert bench.meter_rate() == 4


@pytest.mark.parametrize("entry", [2, 0])
def test_another_table_clears_a_refused_rate(entry: int) -> None:
    bench = ModuleBench(variant="M27")
    bench.send("04 7C 03 70 61 6D 05 02 03 04")
    bench.clock.advance(10)
    assert_rate_error(bench, "refused")
    bench.send(bytes.fromhex("04 7C 03 70 61 6D") + bytes((entry, 2, 3, 4)))
    bench.clock.advance(10)
    assert_no_rate_error(bench)
    assert bench.meter_rate() == (entry or 1)


def test_a_table_without_a_rate_does_not_clear_a_refused_rate_of_the_bus() -> None:
    bench = ModuleBench(variant="M27")
    bench.send("01 FF 13 06")
    bench.clock.advance(10)
    assert_rate_error(bench, "refused")
    bench.send("04 7C 03 70 61 6D 00 02 03 04")
    bench.clock.advance(10)
    assert bench.station.module.state().rate_error == "refused"


def test_a_refused_rate_is_not_sent_again_after_a_power_failure() -> None:
    bench = ModuleBench(variant="M27")
    bench.send("01 FF 13 06")
    bench.clock.advance(10)
    assert bench.outcomes() == [("rate", "6", "refused")]
    bench.station.power_meter(False)
    bench.clock.advance(5)
    bench.station.power_meter(True)
    bench.clock.advance(120)
    assert bench.outcomes() == []


def test_a_rate_without_an_answer_is_sent_again_when_the_meter_answers(bench: ModuleBench) -> None:
    bench.meter.faults.silent = True
    bench.set_inputs(a=True, b=False)
    bench.clock.advance(60)
    assert bench.outcomes() == [("rate", "2", "no_answer")] * 3
    bench.meter.faults.silent = False
    bench.clock.advance(60)
    assert bench.outcomes() == [("rate", "2", "done")]
    assert bench.meter_rate() == 2


def test_commands_to_a_meter_without_programming_are_not_repeated_without_end(
    bench: ModuleBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench.meter, "operand", lambda now: None)  # it has no programming mode
    bench.send(RATE_3)
    bench.clock.advance(1000)
    assert bench.outcomes() == [("rate", "3", "no_answer")] * 9
    assert bench.station.module.contact


def test_a_bus_command_wins_over_a_first_combination_that_waits_for_the_meter() -> None:
    bench = ModuleBench(settled=False)
    bench.meter.faults.silent = True
    bench.set_inputs(a=True, b=False)
    bench.clock.advance(10)
    bench.send("01 FF 13 04")
    bench.clock.advance(30)
    bench.meter.faults.silent = False
    bench.clock.advance(60)
    assert bench.meter_rate() == 4


def test_input_voltages_below_24_volts_change_nothing(bench: ModuleBench) -> None:
    bench.station.set_rate_input("A", 23.99)
    bench.clock.advance(60)
    assert bench.module_data().inputs == 0
    bench.station.set_rate_input("A", 24.0)
    bench.clock.advance(20)
    assert bench.module_data().inputs == 1
    assert bench.meter_rate() == 2


# A wrong password, for any action


def passwords_shown(bench: ModuleBench) -> int:
    """Return the number of password messages sent to the meter."""
    traffic = bench.station.traffic
    rows = [traffic.row(index) for index in range(len(traffic))]
    return sum(row.data.startswith((b"\x01P1", b"\x01P2")) for row in rows)


def test_waiting_commands_with_the_same_wrong_password_are_not_sent(bench: ModuleBench) -> None:
    bench.send(WRONG + RATE_3 + text_command("display", "HELLO") + bytes.fromhex(OPEN))
    bench.clock.advance(300)
    assert bench.outcomes() == [("disconnector", "open", "denied")]
    assert passwords_shown(bench) == 1
    assert bench.module_data().status == RATE_ERROR | REFUSED
    assert bench.station.module.state().rate_error == "denied"


def test_waiting_commands_with_another_password_are_sent_after_the_lock_out(tmp_path: Path) -> None:
    bench = ModuleBench(meter_profile=profile_with(tmp_path, rate='"P2"', display='"none"'))
    bench.send(bytes.fromhex("01 7C 03 65 73 75 06"))
    bench.send(WRONG + RATE_3 + text_command("display", "HELLO") + bytes.fromhex(OPEN))
    bench.clock.advance(100)
    assert bench.outcomes() == [("disconnector", "open", "denied"), ("rate", "3", "done"), ("display", "HELLO", "done")]


@pytest.mark.parametrize("change", ["p2", "usage of others", "the same p1"])
def test_a_change_that_does_not_correct_the_password_sends_nothing(bench: ModuleBench, change: str) -> None:
    bench.send(WRONG)
    bench.send(RATE_3)
    bench.clock.advance(100)
    assert passwords_shown(bench) == 1
    records = {
        "p2": text_command("p2", "other"),
        "usage of others": bytes.fromhex("01 7C 03 65 73 75 29"),
        "the same p1": WRONG,
    }
    bench.send(records[change])
    bench.clock.advance(200)
    assert passwords_shown(bench) == 1
    assert bench.station.module.state().rate_error == "denied"


def test_a_rate_that_was_denied_first_is_restored_after_a_power_failure(bench: ModuleBench) -> None:
    bench.send(WRONG)
    bench.send(RATE_3)
    bench.clock.advance(100)
    bench.send(RIGHT)
    bench.clock.advance(20)
    assert bench.meter_rate() == 3
    bench.station.power_meter(False)
    bench.clock.advance(5)
    bench.station.power_meter(True)
    bench.clock.advance(90)
    assert bench.meter_rate() == 3


def test_the_factory_reset_restores_the_password(bench: ModuleBench) -> None:
    bench.send(WRONG)
    bench.send(RATE_3)
    bench.clock.advance(100)
    assert bench.station.module.state().rate_error == "denied"

    def reset() -> Procedure:
        yield Exchange(Frame.long(0x73, 0, 0x50, b"\xb0"), Expect.ACK)

    bench.run(reset())
    bench.clock.advance(20)
    assert_no_rate_error(bench)
    assert bench.meter_rate() == 3


# "There is a delay when toggling disconnector": tests/engine/test_timing.py has the ten seconds


def test_a_command_inside_the_process_is_refused(bench: ModuleBench) -> None:
    bench.station.press_button()
    bench.clock.advance(3)
    assert bench.send("01 FD 1F 01")
    assert bench.module_data().status == 2, "application error"
    assert "command_refused" in bench.notices()
    bench.station.press_button()
    assert bench.notices() == ["disconnector_busy"]
    bench.clock.advance(20)
    assert bench.module_data().disconnector == 0
    assert bench.module_data().status == 0


# "Product does not respond to M-Bus master commands"


@pytest.mark.parametrize(
    ("volts", "alive", "notice"),
    [
        (0, False, []),
        (20.99, False, []),
        (21, True, []),
        (42, True, []),
        (42.01, True, ["bus_voltage_high"]),
        (50, True, ["bus_voltage_high"]),
    ],
)
def test_voltage(bench: ModuleBench, volts: float, alive: bool, notice: list[str]) -> None:
    bench.station.set_bus_voltage(volts)
    assert bench.notices() == notice
    if alive:
        assert bench.module_data().status == 0
        assert bench.station.module.indicators.condition is Condition.NORMAL
    else:
        with pytest.raises(ProcedureFailed, match="no answer"):
            bench.module_data()
        assert bench.station.module.indicators.condition is Condition.NO_BUS
        assert bench.station.module.indicators.lamps(bench.clock.now()) == Lamps(False, False)


@pytest.mark.parametrize("volts", [-50.1, 50.1, float("nan"), float("inf")])
def test_impossible_voltages_are_refused(bench: ModuleBench, volts: float) -> None:
    with pytest.raises(ValueError, match="0 to 50 V"):
        bench.station.set_bus_voltage(volts)
    assert bench.station.module.bus_voltage == 24


@pytest.mark.parametrize("baud", [300, 600, 1200, 4800, 9600, 19200, 38400])
def test_wrong_speed(monkeypatch: pytest.MonkeyPatch, baud: int) -> None:
    _, wire = bench_on_a_wire(monkeypatch)
    assert not wire.ping(baud)
    assert wire.ping(2400)


def test_a_wrong_speed_in_the_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bench, wire = bench_on_a_wire(monkeypatch, state_dir=tmp_path)
    wire.ask(Frame.long(0x73, 0, 0xB8, b"").to_bytes(), baud=2400)
    assert wire.ping(300)
    bench.station.stop()
    again, wire = bench_on_a_wire(monkeypatch, state_dir=tmp_path)
    assert not wire.ping(2400)
    assert wire.ping(300)
    again.station.stop()


class TwoModules:
    """Two stations on one wire, and a master."""

    def __init__(self, *serials: str) -> None:
        self.clock = VirtualClock(1000.0)
        self.stations = [
            # At a fixed time of day, because overlaid telegrams have a correct checksum by chance, about one in 150.
            Station(StationConfig(mbus=(), serial=serial, seed=seed, start_time=NOON), self.clock)
            for seed, serial in enumerate(serials)
        ]
        wire = SharedWire(self.clock, [station.connect_master() for station in self.stations])
        self.finished: list[ProcedureFinished] = []
        self.master = Master(Line(2400), Allowance(LEAST))
        self.driver = Driver(self.master, wire, self.clock, self._on_event)
        self.driver.open()
        for station in self.stations:
            station.start()
        self.clock.advance(20)

    def _on_event(self, event: object) -> None:
        if isinstance(event, ProcedureFinished):
            self.finished.append(event)

    def run(self, make: Callable[[], Procedure]) -> object:
        self.driver.run(lambda: self.master.start(make(), self.clock.now()))
        assert self.clock.run_until(self.clock.now() + 60, lambda: bool(self.finished))
        end = self.finished.pop()
        if end.error is not None:
            raise end.error
        return end.result

    def serial(self, make: Callable[[], Procedure]) -> object:
        """Return the label's number in the first telegram."""
        frames = self.run(make)
        assert isinstance(frames, list)
        return decode_telegram(frames[0]).records[0].value


def test_two_modules_at_the_same_primary_address() -> None:
    two = TwoModules("12345678", "87654321")
    assert two.run(lambda: initialise(0)) is True, "two E5 at the same moment look like one"
    with pytest.raises(ProcedureFailed, match="only damaged answers"):
        two.run(lambda: read_primary(0))
    # The remedy in the manual: unique addresses, set by way of the secondary address, which is the label's number.
    assert two.serial(lambda: read_secondary(mask_bytes("87654321"))) == 87654321

    def move() -> Procedure:
        yield Exchange(Frame.long(0x53, 0xFD, 0x52, mask_bytes("87654321")), Expect.ACK)
        yield Exchange(Frame.long(0x73, 0xFD, 0x51, bytes.fromhex("01 7A 05")), Expect.ACK)
        yield Exchange(Frame.short(0x40, 0xFD), Expect.ACK)

    two.run(move)
    assert two.serial(lambda: read_primary(0)) == 12345678
    assert two.serial(lambda: read_primary(5)) == 87654321


def test_two_modules_with_the_same_secondary_address() -> None:
    two = TwoModules("12345678", "87654321")

    def clash() -> Procedure:
        yield Exchange(Frame.long(0x53, 0xFD, 0x52, mask_bytes("87654321")), Expect.ACK)
        yield Exchange(Frame.long(0x73, 0xFD, 0x51, bytes.fromhex("0C 79 78 56 34 12")), Expect.ACK)
        yield Exchange(Frame.short(0x40, 0xFD), Expect.ACK)

    two.run(clash)
    with pytest.raises(ProcedureFailed, match=r"only damaged answers|seems to answer"):
        two.run(lambda: read_secondary(mask_bytes("12345678")))

    def by_label() -> Procedure:
        """The fabrication number still distinguishes them."""
        mask = mask_bytes("12345678") + bytes.fromhex("0C 78 21 43 65 87")
        yield Exchange(Frame.long(0x53, 0xFD, 0x52, mask), Expect.ACK)
        answer = yield Exchange(Frame.short(0x7B, 0xFD), Expect.RESPONSE)
        return [answer.frame]

    assert two.serial(by_label) == 87654321
