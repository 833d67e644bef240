"""Events at an inconvenient moment; each test is for a former fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from cmi_gui.engine.cmi1020.obis_labels import label
from cmi_gui.engine.cmi1020.secrets import SecretStore
from cmi_gui.engine.events import ContactChanged, ReadoutDone
from cmi_gui.engine.machine import Line, SetLine
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.render import to_json_dict, to_text
from cmi_gui.engine.mbus.slave import Slave
from cmi_gui.engine.mbus.telegram import decode_telegram
from tests.helpers.module_bench import ModuleBench, text_command
from tests.helpers.slave_bench import Application

RATE = "01 7C 03 74 61 72"


@pytest.fixture
def bench() -> ModuleBench:
    return ModuleBench()


def power_failure(bench: ModuleBench, seconds: float = 5.0) -> None:
    bench.station.power_meter(False)
    bench.clock.advance(seconds)
    bench.station.power_meter(True)
    bench.clock.advance(120)


def test_a_dip_of_the_bus_at_any_moment_of_a_session_is_survived() -> None:
    for step in range(0, 320, 8):
        bench = ModuleBench(variant="M26")
        bench.send(f"{RATE} 02")
        bench.clock.advance(step / 100)
        bench.station.set_bus_voltage(0)
        bench.clock.advance(0.01)
        bench.station.set_bus_voltage(24)
        bench.clock.advance(60)
        assert bench.station.module.contact, f"dead after a dip {step / 100} s into the session"


def test_records_sent_by_a_master_have_no_obis_codes_and_are_shown() -> None:
    telegram = decode_telegram(Frame.long(0x53, 1, 0x51, bytes.fromhex("017A05")).to_bytes())
    assert "5" in to_text(telegram, label)
    (record,) = to_json_dict(telegram, label)["records"]
    assert record["obis"] is None


def test_an_unpowered_module_does_not_read_its_meter(bench: ModuleBench) -> None:
    bench.station.set_bus_voltage(0)
    bench.subscription.drain()
    bench.station.pause_reading(True)
    bench.station.pause_reading(False)
    bench.clock.advance(100)
    assert bench.events(ReadoutDone, ContactChanged) == []
    bench.station.set_bus_voltage(24)
    bench.clock.advance(20)
    assert bench.station.module.contact


def test_a_password_that_cannot_be_deleted_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = ModuleBench(state_dir=tmp_path)
    bench.send(text_command("p1", "12345678"))

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device", "secrets.toml")

    monkeypatch.setattr(SecretStore, "set", full)
    bench.notices()
    bench.station.module.application_reset(b"\xb0", bench.clock.now())
    assert "settings_not_kept" in bench.notices()


def test_the_right_password_set_while_the_wrong_one_is_being_sent(bench: ModuleBench) -> None:
    bench.send(text_command("p1", "WRONG"))
    bench.send(f"{RATE} 03")
    bench.clock.advance(0.5)
    bench.send(text_command("p1", "00000000"))
    bench.clock.advance(100)
    assert bench.station.module.state().rate_error is None
    assert bench.meter_rate() == 3


def test_the_rate_of_the_inputs_is_restored_after_a_power_failure_of_the_meter(bench: ModuleBench) -> None:
    bench.set_inputs(True, False)
    bench.clock.advance(30)
    bench.restart_module()
    assert bench.meter_rate() == 2
    power_failure(bench)
    assert bench.meter_rate() == 2


def test_a_refused_rate_does_not_replace_the_former_one() -> None:
    bench = ModuleBench(variant="M27")
    bench.send(f"{RATE} 03")
    bench.clock.advance(20)
    bench.send(f"{RATE} 06")
    bench.clock.advance(20)
    assert bench.station.module.state().rate_error == "refused"
    power_failure(bench)
    assert bench.meter_rate() == 3


@pytest.mark.parametrize("text", ["", "BYE"])
def test_a_text_replaced_during_a_power_failure_of_the_meter_does_not_return(bench: ModuleBench, text: str) -> None:
    bench.send(text_command("display", "HELLO"))
    bench.clock.advance(20)
    bench.station.power_meter(False)
    bench.clock.advance(1)
    bench.send(text_command("display", text))
    bench.clock.advance(60)
    bench.station.power_meter(True)
    bench.clock.advance(120)
    shown = bench.meter.display(bench.clock.now())
    assert (shown.value if shown.message else "") == text


def test_every_link_follows_a_speed_that_another_one_made_permanent() -> None:
    application = Application()
    waiting, other = Slave(application, has_speed=True), Slave(application, has_speed=True)
    change = Frame.control(0x73, 5, 0xB8).to_bytes()
    waiting.receive(change, 1.0)
    other.receive(change, 2.0)
    other.receive(Frame.short(0x40, 5).to_bytes(), 3.0)
    assert application.speeds == [300]
    (action,) = waiting.follow_speed()
    assert isinstance(action, SetLine)
    assert action.line == Line(300)
    assert waiting.deadline is None, "nothing falls back any more"


def test_without_contact_the_disconnector_is_unknown_and_not_switched(bench: ModuleBench) -> None:
    bench.meter.faults.silent = True
    bench.clock.advance(120)
    assert not bench.station.module.contact
    assert bench.station.module.control.disconnector is None
    record = bench.read()[0].records[3]
    assert (record.dib, record.value) == (b"\x31", 1), "function field 3 and the last value"
    bench.notices()
    bench.station.press_button()
    assert bench.notices() == ["disconnector_unknown"]
    assert not bench.station.module.control.process.moving


def test_a_pause_ends_a_process_that_waits_for_its_readout(bench: ModuleBench) -> None:
    bench.station.press_button()
    bench.clock.advance(4)
    bench.station.pause_reading(True)
    bench.clock.advance(30)
    assert bench.station.module.control.disconnector is None
    assert "disconnector_unread" in bench.notices()
    bench.station.pause_reading(False)
    bench.clock.advance(20)
    assert bench.station.module.control.disconnector == 0


def test_clearing_errors_forgets_a_masters_refused_rate_but_not_the_inputs() -> None:
    bench = ModuleBench(variant="M23")
    bench.send(f"{RATE} 06")
    bench.clock.advance(20)
    assert bench.module_data().status == 0x20
    bench.send("00 FD 97 07")
    assert bench.module_data().status == 0x00
    bench.send("04 7C 03 70 61 6D 01 02 03 06")
    bench.set_inputs(True, True)
    bench.clock.advance(30)
    assert bench.module_data().status == 0x20
    bench.send("00 FD 97 07")
    assert bench.module_data().status == 0x20
