"""Every command from the master through module and meter session to the simulated meter, and back in the readout."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from importlib import resources
from pathlib import Path

import pytest

from cmi_gui.engine.cmi1020.indicators import Condition
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.events import ContactChanged, DisconnectorChanged, Notice, ReadoutStarted, SettingChanged
from cmi_gui.engine.mbus.exchange import Exchange, Expect, Procedure, ProcedureFailed
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.slave_address import mask_bytes
from cmi_gui.engine.mbus.telegram import decode_telegram
from tests.helpers.module_bench import ModuleBench, bench_on_a_wire, text_command
from tests.helpers.station_bench import read_secondary

OPEN, CLOSE = "01 FD 1F 00", "01 FD 1F 01"
EVENING = datetime(2026, 1, 1, 19)
"""No sun: nothing is exported, so that the meter has no alarm and import counts."""
COVERED: set[str] = set()


def covers(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Mark a test with the commands that it covers; the last test checks that none is missing."""

    def mark(test: Callable[..., None]) -> Callable[..., None]:
        COVERED.update(names)
        return test

    return mark


@pytest.fixture
def bench() -> ModuleBench:
    return ModuleBench(start_time=EVENING)


def frame(bench: ModuleBench, ci: int, data: bytes = b"", a: int = 0) -> None:
    def procedure() -> Procedure:
        yield Exchange(Frame.long(0x73, a, ci, data), Expect.ACK)

    bench.run(procedure())


def energy(bench: ModuleBench) -> dict[str, str]:
    """The import registers as a master reads them."""
    lines = bench.lines([telegram.frame for telegram in bench.read()])
    return {line[:5]: line[6:16] for line in lines if line.startswith("1.8.")}


@covers("rate")
@pytest.mark.parametrize("form", ["01 7C 03 74 61 72", "01 FF 13", "01 FF 93 00"])
def test_set_rate_counts_the_energy_in_its_own_register(bench: ModuleBench, form: str) -> None:
    assert bench.meter_rate() == 1
    assert bench.send(f"{form} 03")
    bench.clock.advance(70)
    assert bench.outcomes() == [("rate", "3", "done")]
    assert bench.meter_rate() == bench.meter.rate == 3
    before = energy(bench)
    bench.clock.advance(3600)
    after = energy(bench)
    assert {code for code in before if after[code] != before[code]} == {"1.8.0", "1.8.3"}


@pytest.mark.parametrize("rate", range(1, 7))
def test_each_of_the_six_rates(bench: ModuleBench, rate: int) -> None:
    assert bench.send(bytes.fromhex("01 FF 13") + bytes((rate,)))
    bench.clock.advance(70)
    assert bench.meter_rate() == rate
    assert bench.station.module.state().rate == rate
    assert bench.module_data().status == 0


@covers("disconnector")
def test_the_disconnector_opens_and_closes(bench: ModuleBench) -> None:
    assert bench.module_data().disconnector == 1
    assert bench.reading("31.7") != "000.00*A"
    assert bench.send(OPEN)
    assert bench.module_data().disconnector == 2, "moving"
    bench.clock.advance(20)
    assert bench.module_data().disconnector == 0
    assert not int(bench.reading("C.5.0"), 16) & 1 << 10
    assert [bench.reading(code) for code in ("31.7", "51.7", "71.7")] == ["000.00*A"] * 3
    assert bench.reading("32.7") != "000*V", "the supply is still there"
    before = energy(bench)
    bench.clock.advance(3600)
    assert energy(bench) == before, "no load, no energy"
    assert bench.send(CLOSE)
    bench.clock.advance(20)
    assert bench.module_data().disconnector == 1
    assert bench.reading("31.7") != "000.00*A"
    bench.clock.advance(3600)
    assert energy(bench) != before


def test_the_disconnector_reports_each_step(bench: ModuleBench) -> None:
    bench.send(OPEN)
    bench.clock.advance(20)
    states = [event.state for event in bench.events(DisconnectorChanged) if isinstance(event, DisconnectorChanged)]
    assert states == ["moving", "open"]


def test_a_command_for_the_present_state_does_nothing(bench: ModuleBench) -> None:
    assert bench.send(CLOSE)
    bench.clock.advance(20)
    assert bench.outcomes() == []
    assert bench.module_data().status == 0


@covers("disconnector_control")
@pytest.mark.parametrize(
    ("control", "bus", "button"), [(0, False, False), (1, True, False), (2, False, True), (3, True, True)]
)
def test_disconnector_control(bench: ModuleBench, control: int, bus: bool, button: bool) -> None:
    assert bench.send(bytes.fromhex("01 7C 03 6C 74 63") + bytes((control,)))
    assert bench.send(OPEN)
    assert bench.module_data().status == (0 if bus else 2)
    bench.clock.advance(20)
    state = 0 if bus else 1
    assert bench.module_data().disconnector == state
    bench.station.press_button()
    bench.clock.advance(20)
    assert bench.module_data().disconnector == (1 - state if button else state)
    assert bench.module_data().status == 0


@covers("display")
def test_a_text_on_the_meters_display(bench: ModuleBench) -> None:
    def shown() -> tuple[str, bool]:
        state = bench.meter.display(bench.clock.now())
        return state.value, state.message

    for text in ("HELLO", "PAY-1234"):
        assert bench.send(text_command("display", text))
        bench.clock.advance(10)
        assert shown() == (text, True)
        assert bench.station.module.state().display_text == text
    assert bench.send(text_command("display", ""))
    bench.clock.advance(10)
    assert shown()[1] is False
    assert bench.send(text_command("display", "8"))
    bench.clock.advance(10)
    assert shown() == ("8", True)
    assert bench.send("00 FC 03 70 73 64 07")
    bench.clock.advance(10)
    assert shown()[1] is False


def test_rate_and_text_are_restored_after_a_power_failure_of_the_meter(bench: ModuleBench) -> None:
    assert bench.send(b"\x01\xff\x13\x03" + text_command("display", "HELLO"))
    bench.clock.advance(20)
    assert (bench.meter.rate, bench.meter.display(bench.clock.now()).value) == (3, "HELLO")
    bench.station.power_meter(False)
    bench.clock.advance(120)
    assert bench.module_data().status & 0x10
    bench.station.power_meter(True)
    assert (bench.meter.rate, bench.meter.display(bench.clock.now()).message) == (1, False)
    bench.clock.advance(40)
    assert bench.meter_rate() == bench.meter.rate == 3
    assert bench.meter.display(bench.clock.now()).value == "HELLO"
    assert bench.reading("C.7.0") == "0001"


def test_an_erased_text_stays_erased_after_a_power_failure(bench: ModuleBench) -> None:
    bench.send(text_command("display", "HELLO"))
    bench.clock.advance(10)
    bench.send(text_command("display", ""))
    bench.clock.advance(10)
    bench.station.power_meter(False)
    bench.clock.advance(1)
    bench.station.power_meter(True)
    bench.outcomes()
    bench.clock.advance(120)
    assert bench.outcomes() == []


@covers("clear_errors")
def test_clear_error_flags(bench: ModuleBench) -> None:
    assert bench.module_data().flags == 0
    bench.meter.fail_phase(1, True, bench.clock.now())
    bench.clock.advance(70)
    assert bench.module_data().flags == 1 << 2
    bench.send("00 FD 97 07")
    assert bench.module_data().flags == 0
    bench.clock.advance(70)
    assert bench.module_data().flags == 1 << 2, "a persistent error is shown again"
    bench.meter.fail_phase(1, False, bench.clock.now())
    bench.clock.advance(70)
    assert not int(bench.reading("C.5.0"), 16) & 1 << 2
    assert bench.module_data().flags == 1 << 2, "latched, because the meter itself forgets some at every readout"
    bench.send("00 FD 97 07")
    bench.clock.advance(70)
    assert bench.module_data().flags == 0


@covers("selection_list")
def test_the_selection_list(bench: ModuleBench) -> None:
    def codes() -> list[str]:
        return [line.partition("(")[0] for line in bench.lines([telegram.frame for telegram in bench.read()])]

    everything = codes()
    bench.send(text_command("selection_list", "1.8.0 C.5.0"))
    assert codes() == ["1.8.0", "C.5.0"]
    bench.send(bytes.fromhex("0D FC 03 6C 65 73 08 03") + b"F.F")
    assert codes() == ["F.F", "1.8.0", "C.5.0"]
    bench.send(bytes.fromhex("0D FC 03 6C 65 73 09 05") + b"0.8.1")
    assert codes() == ["F.F", "C.5.0"]
    bench.send("00 FC 03 6C 65 73 07")
    assert codes() == everything
    bench.send("08 03 88 10 03")
    assert codes() == ["1.8.1", "1.8.0"]
    frame(bench, 0x50)
    assert codes() == everything


@covers("rate_map")
def test_the_mapping_table_applies_at_once(bench: ModuleBench) -> None:
    bench.set_inputs(a=True, b=False)
    bench.clock.advance(70)
    assert bench.meter_rate() == 2
    bench.send("04 7C 03 70 61 6D 01 06 03 04")
    bench.clock.advance(10)
    assert bench.meter_rate() == 6
    for a, b, rate in ((False, True, 3), (True, True, 4), (False, False, 1), (True, False, 6)):
        bench.set_inputs(a, b)
        bench.clock.advance(20)
        assert bench.meter_rate() == rate
    bench.send("04 7C 03 70 61 6D 01 00 03 04")
    bench.clock.advance(20)
    assert bench.meter_rate() == 6, "0 is no change"


@covers("rate_enable")
def test_rate_enable_gates_the_inputs_only(bench: ModuleBench) -> None:
    bench.send("01 7C 03 6E 65 72 00")
    bench.set_inputs(a=True, b=True)
    bench.clock.advance(20)
    assert bench.meter_rate() == 1
    assert bench.module_data().status == 0x20
    bench.send("01 FF 13 05")
    bench.clock.advance(20)
    assert bench.meter_rate() == 5
    assert bench.module_data().status == 0, "a change succeeded"
    bench.set_inputs(a=False, b=True)
    bench.clock.advance(20)
    assert bench.module_data().status == 0x20
    bench.send("01 7C 03 6E 65 72 01")
    bench.clock.advance(20)
    assert bench.meter_rate() == 3, "the missed change is applied"
    assert bench.module_data().status == 0


@covers("primary_address")
def test_the_primary_address(bench: ModuleBench) -> None:
    assert bench.send("01 7A FA", a=0) is True
    with pytest.raises(ProcedureFailed, match="no answer"):
        bench.read(0)
    assert bench.read(250)[0].frame.a == 250
    assert bench.read(254)[0].frame.a == 250


@covers("secondary_address", "select", "initialise", "request_data")
def test_the_secondary_address(bench: ModuleBench) -> None:
    bench.send("0C 79 21 43 65 87")
    (first, *_) = bench.run(read_secondary(mask_bytes("87654321")))
    telegram = decode_telegram(first)
    assert telegram.header is not None
    assert telegram.header.id == "87654321"
    assert telegram.records[0].value == 12345678, "the label stays"
    with pytest.raises(ProcedureFailed, match="no slave answers"):
        bench.run(read_secondary(mask_bytes("12345678")))


def profile_with(tmp_path: Path, **changes: str) -> Path:
    """The built-in meter profile with some lines changed."""
    text = resources.files("cmi_gui.resources").joinpath("profiles", "e350.toml").read_text(encoding="utf-8")
    for old, new in changes.items():
        line = next(line for line in text.splitlines() if line.startswith(f"{old} ="))
        text = text.replace(line, f"{old} = {new}", 1)
    path = tmp_path / "meter.toml"
    path.write_text(text, encoding="utf-8")
    return path


@covers("usage", "p1", "p2")
def test_usage_and_passwords(tmp_path: Path) -> None:
    """A meter that wants nothing for the rate, P1 for the disconnector and P2 for its display."""
    path = profile_with(tmp_path, rate='"none"', disconnector='"P1"', display='"P2"', p1='"Abc#1"', p2='"x~z"')
    bench = ModuleBench(meter_profile=path)
    bench.send(bytes.fromhex("01 7C 03 65 73 75 24") + text_command("p1", "Abc#1") + text_command("p2", "x~z"))
    bench.send(bytes.fromhex("01 FF 13 04 01 FD 1F 00") + text_command("display", "GO"))
    bench.clock.advance(30)
    assert bench.outcomes() == [("disconnector", "open", "done"), ("rate", "4", "done"), ("display", "GO", "done")]
    assert bench.meter_rate() == 4
    assert bench.module_data().disconnector == 0
    assert bench.meter.display(bench.clock.now()).value == "GO"


def test_a_module_from_the_factory_shows_the_profiles_passwords(tmp_path: Path) -> None:
    bench = ModuleBench(meter_profile=profile_with(tmp_path, p1='"FACTORY"'))
    bench.send("01 FF 13 02")
    bench.clock.advance(20)
    assert bench.meter_rate() == 2


@covers("baud")
def test_the_speed_on_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    bench, wire = bench_on_a_wire(monkeypatch)
    assert wire.ping(2400)
    assert not wire.ping(300)
    assert wire.ask(Frame.long(0x73, 0, 0xB8, b"").to_bytes(), baud=2400) == b"\xe5"
    assert bench.station.module.baud == 2400
    assert not wire.ping(2400)
    assert wire.ping(300)
    assert bench.station.module.baud == 300
    assert [event.value for event in bench.events(SettingChanged) if isinstance(event, SettingChanged)] == ["300"]
    assert wire.ask(Frame.long(0x73, 0, 0xBB, b"").to_bytes(), baud=300) == b"\xe5"
    assert wire.ping(2400)


@covers("application_reset")
def test_application_reset_b0(monkeypatch: pytest.MonkeyPatch) -> None:
    bench, wire = bench_on_a_wire(monkeypatch)
    wire.ask(Frame.long(0x73, 0, 0xB8, b"").to_bytes(), baud=2400)
    assert wire.ping(300)
    bench.send("01 7C 03 6C 74 63 00 04 7C 03 70 61 6D 05 05 05 05")
    bench.send("01 7A 07")
    frame(bench, 0x50, b"\xb0", a=7)
    assert wire.ping(2400), "the line follows the setting"
    bench.clock.advance(20)
    bench.station.press_button()
    bench.set_inputs(a=True, b=False)
    bench.clock.advance(20)
    assert bench.module_data().disconnector == 0
    assert bench.meter_rate() == 2


@covers("tag")
def test_settings_survive_without_power_and_in_another_run(tmp_path: Path) -> None:
    bench = ModuleBench(state_dir=tmp_path)
    bench.send(bytes.fromhex("04 FD 0B 78 56 34 12 01 7C 03 6C 74 63 02 04 7C 03 70 61 6D 06 05 04 03"))
    bench.send("0C 79 21 43 65 87")
    bench.send(text_command("selection_list", "1.8.0 C.5.0"))
    bench.send(text_command("p1", "KEPT"))
    bench.send("08 03")  # the standard's selection is volatile
    bench.restart_module()
    settings = bench.station.module.settings
    bench.station.stop()
    again = ModuleBench(state_dir=tmp_path)
    assert again.station.module.settings == settings
    assert settings.value("tag") == 0x12345678
    assert again.lines([telegram.frame for telegram in again.read()])[1].startswith("C.5.0")
    stored = again.station.secrets.get("p1")
    assert stored is not None
    assert stored.reveal() == "KEPT"
    again.station.stop()


def test_an_action_goes_before_the_next_readout_and_never_into_one() -> None:
    bench = ModuleBench(settled=False)
    bench.clock.advance(1.0)
    assert bench.station.module.state().readout_line is not None
    bench.send("01 FF 13 03")
    bench.station.read_now()
    bench.clock.advance(30)
    kinds = [type(event).__name__ for event in bench.events(object)]
    order = [kind for kind in kinds if kind.startswith(("Readout", "Action"))]
    assert order[:6] == [
        "ReadoutStarted",
        "ReadoutDone",
        "ActionStarted",
        "ActionFinished",
        "ReadoutStarted",
        "ReadoutDone",
    ]
    assert bench.meter_rate() == 3


def test_only_the_latest_of_each_kind_waits(bench: ModuleBench) -> None:
    bench.station.read_now()
    bench.clock.advance(0.1)
    assert bench.events(ReadoutStarted)
    for rate in (2, 3, 4):
        bench.send(bytes((0x01, 0xFF, 0x13, rate)))
    bench.send(text_command("display", "OLD"))
    bench.send(text_command("display", "LATE"))
    bench.send(OPEN)
    bench.clock.advance(30)
    done = bench.outcomes()
    assert [kind for kind, _, _ in done if kind != "rate"] == ["disconnector", "display"]
    assert done[-1] == ("display", "LATE", "done")
    assert ("rate", "4", "done") in done
    assert bench.meter_rate() == 4


def test_power_lost_in_a_programming_session_leaves_module_and_meter_consistent(bench: ModuleBench) -> None:
    for tenths in range(1, 40):
        bench.send("01 FF 13 05")
        bench.clock.advance(tenths / 10)
        bench.station.set_bus_voltage(0)
        bench.events(ContactChanged)
        bench.clock.advance(0.5)
        bench.station.set_bus_voltage(24)
        bench.clock.advance(60)
        assert bench.station.module.contact
        assert bench.station.module.indicators.condition is Condition.NORMAL
        assert bench.module_data().status == 0


OWN_ROWS = """

[[command]]
id = "four"
title = "Four"
manual = "-"
kind = "setting"
basis = "assumption"
source = "a test"
effect = "none"
forms = [{ dif = "04", text = "mmp" }]
actions = ["00"]
value = "map"
minimum = 0
maximum = 9

[[command]]
id = "codes"
title = "Codes"
manual = "-"
kind = "setting"
basis = "assumption"
source = "a test"
effect = "none"
forms = [{ dif = "0D", text = "cod" }]
actions = ["00", "07", "08", "09"]
value = "codes"
minimum = 0
maximum = 190
"""


def test_commands_that_only_store_need_no_code(tmp_path: Path) -> None:
    """Four numbers and a list of codes under names of a user's own profile are stored, and loaded in another run."""
    text = resources.files("cmi_gui.resources").joinpath("profiles", "cmi1020.toml").read_text(encoding="utf-8")
    path = tmp_path / "module.toml"
    path.write_text(text + OWN_ROWS, encoding="utf-8")
    folder = tmp_path / "state"
    bench = ModuleBench(module_profile=path, state_dir=folder)
    bench.send("04 7C 03 70 6D 6D 01 02 03 09")
    bench.send("0D 7C 03 64 6F 63 05 30 2E 38 2E 31")
    bench.send("0D FC 03 64 6F 63 08 05 30 2E 38 2E 32")
    assert bench.station.module.settings.extra == {"four": (1, 2, 3, 9), "codes": "1.8.0 2.8.0"}
    assert bench.station.module.settings.selection_list == ""
    bench.station.stop()
    again = ModuleBench(module_profile=path, state_dir=folder)
    assert again.station.module.settings.extra == {"four": (1, 2, 3, 9), "codes": "1.8.0 2.8.0"}
    again.station.stop()


@pytest.mark.parametrize("in_folder", [False, True])
def test_where_a_password_is_stored_is_reported_once(tmp_path: Path, in_folder: bool) -> None:
    bench = ModuleBench(state_dir=tmp_path) if in_folder else ModuleBench()
    bench.send(text_command("p1", "A"))
    (notice,) = bench.events(Notice)
    assert isinstance(notice, Notice)
    assert (notice.level, notice.code) == ("info", "password_kept")
    assert str(notice.message) == f"the P1 password is stored {bench.station.secrets.where}"
    assert (str(tmp_path) if in_folder else "in memory only") in str(notice.message)
    bench.send(text_command("p2", "B"))
    assert bench.events(Notice) == []
    bench.station.stop()


def test_no_command_of_the_profile_is_left_out() -> None:
    assert {row.id for row in load_module_profile().command} == COVERED
