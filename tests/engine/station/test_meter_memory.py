"""The simulated meter's memory is restored at the next start."""

from __future__ import annotations

import shutil
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cmi_gui.engine.e350.memory import MeterMemory
from cmi_gui.engine.events import Notice
from tests.helpers.module_bench import ModuleBench

ENERGY = ("1.8.0", "2.8.0", "15.8.0", "3.8.0", "8.8.0", "9.8.0")


def started(folder: Path, **config: Any) -> ModuleBench:
    return ModuleBench(state_dir=folder, **{"variant": "full", **config})


def wh(bench: ModuleBench) -> list[int]:
    return [bench.meter.registers.wh(code) for code in ENERGY]


def let_pass(bench: ModuleBench, seconds: float) -> None:
    """Let virtual time pass, but no faster than the memory is written to disk."""
    simulated = bench.station.point.wire._simulated
    assert simulated is not None
    for _ in range(round(seconds / 10)):
        bench.clock.advance(10)
        simulated._file.close()


def lived(bench: ModuleBench) -> None:
    """Everything that a meter remembers happens to it."""
    now = bench.clock.now
    bench.station.power_meter(False)
    bench.clock.advance(5)
    bench.station.power_meter(True)
    bench.clock.advance(60)
    bench.meter.remove_cover()
    bench.meter.replace_cover()
    bench.meter.hold_magnet()
    bench.meter.tamper_disconnector()
    bench.meter.set_error(0x1F)
    bench.meter.set_register("2.8.3", 999_999_999, now())
    bench.meter.set_rate(5, now())
    bench.meter.show_text("HELLO")
    bench.meter.switch_disconnector(False, now())
    bench.clock.advance(3)


def test_a_restarted_meter_continues_where_it_stopped(tmp_path: Path) -> None:
    first = started(tmp_path)
    before = wh(first)
    lived(first)
    first.station.stop()
    memory = first.meter.memory()
    assert wh(first) > before

    again = ModuleBench(settled=False, state_dir=tmp_path, variant="full")
    assert again.meter.memory() == memory, "to the last part of a Wh: nothing is counted while nothing runs"
    assert not again.meter.closed
    again.clock.advance(20)
    assert again.reading("C.7.0") == "0001"
    assert again.reading("82.8.1") == "0001"
    assert again.reading("2.8.3") == "999999.999*kWh"
    assert again.module_data().disconnector == 0
    assert int(again.reading("C.5.0"), 16) & 0x0B00
    assert again.meter.display(again.clock.now()).value == "HELLO"
    again.station.stop()


@pytest.mark.parametrize(
    "happens",
    [
        lambda bench: bench.meter.switch_disconnector(False, bench.clock.now()),
        lambda bench: bench.meter.set_rate(4, bench.clock.now()),
        lambda bench: bench.meter.show_text("OPEN"),
        lambda bench: bench.meter.set_register("1.8.1", 5, bench.clock.now()),
        lambda bench: bench.meter.set_error(2),
        lambda bench: bench.meter.remove_cover(),
        lambda bench: bench.meter.hold_magnet(),
        lambda bench: bench.meter.tamper_disconnector(),
        lambda bench: bench.station.power_meter(False),
        lambda bench: bench.send("51"[2:] + "01 FD 1F 00") and bench.clock.advance(10),
    ],
)
def test_changes_are_saved_at_once(tmp_path: Path, happens: Any) -> None:
    bench = started(tmp_path)
    happens(bench)
    # As after a kill: nothing is stopped.
    again = ModuleBench(settled=False, state_dir=tmp_path, variant="full")
    saved, now = again.meter.memory(), bench.meter.memory()
    assert replace_energy(saved) == replace_energy(now)
    bench.station.stop()
    again.station.stop()


def replace_energy(memory: MeterMemory) -> dict[str, Any]:
    """A memory without its energy, and the one register that was set by hand."""
    values = {name: getattr(memory, name) for name in MeterMemory.__struct_fields__ if name != "registers"}
    return {**values, "1.8.1": memory.registers["1"][1] < 10**12}


def test_energy_that_was_shown_is_never_taken_back(tmp_path: Path) -> None:
    bench = started(tmp_path, readout_interval=10.0)
    for _ in range(3):
        let_pass(bench, 600)
        shown = bench.reading("1.8.0")
        killed = ModuleBench(settled=False, state_dir=tmp_path, variant="full")
        killed.clock.advance(20)
        assert killed.reading("1.8.0") >= shown
        killed.station.stop()
    bench.station.stop()


def test_energy_is_saved_while_the_meter_is_not_read(tmp_path: Path) -> None:
    bench = started(tmp_path)
    bench.station.pause_reading(True)
    let_pass(bench, 3600)
    killed = ModuleBench(settled=False, state_dir=tmp_path, variant="full")
    lost = bench.meter.registers.wh("1.8.0") - killed.meter.registers.wh("1.8.0")
    assert 0 <= lost < 100, "an hour's energy is some hundreds of Wh, a minute's some tens"
    bench.station.stop()
    killed.station.stop()


def test_each_variant_has_a_memory_of_its_own(tmp_path: Path) -> None:
    for variant, error in (("M29", 1), ("M26", 2), ("M55", 3)):
        bench = started(tmp_path, variant=variant)
        assert bench.meter.error == 0
        bench.meter.set_error(error)
        bench.station.stop()
    for variant, error in (("M29", 1), ("M26", 2), ("M55", 3)):
        bench = started(tmp_path, variant=variant)
        assert bench.meter.error == error
        bench.station.stop()


def test_another_variant_continues_from_the_energy_with_its_own_memory(tmp_path: Path) -> None:
    bench = started(tmp_path, variant="M29")
    bench.meter.set_error(7)
    wiring = bench.station.config.wiring
    bench.station.rewire(replace(wiring, variant="M26"))
    energy = bench.meter.registers.wh("1.8.0")
    assert bench.meter.error == 0
    bench.clock.advance(3600)
    bench.station.rewire(wiring)
    assert bench.meter.error == 7
    assert bench.meter.registers.wh("1.8.0") > energy
    bench.station.stop()
    again = started(tmp_path, variant="M29")
    assert again.meter.registers.wh("1.8.0") > energy
    again.station.stop()


def test_a_meter_that_is_not_wired_is_saved_too(tmp_path: Path) -> None:
    bench = started(tmp_path, variant="M29")
    bench.station.rewire(replace(bench.station.config.wiring, meter="tcp://127.0.0.1:1"))
    bench.clock.advance(3600)
    bench.station.rewire(replace(bench.station.config.wiring, meter="sim:"))
    counted = wh(bench)
    bench.station.rewire(replace(bench.station.config.wiring, meter="tcp://127.0.0.1:1"))
    bench.station.stop()
    again = started(tmp_path, variant="M29")
    assert wh(again) >= counted
    again.station.stop()


def test_a_fresh_meter_starts_again_and_is_saved_from_then_on(tmp_path: Path) -> None:
    first = started(tmp_path)
    lived(first)
    first.station.stop()
    fresh = ModuleBench(settled=False, state_dir=tmp_path, variant="full", fresh_meter=True)
    unused = ModuleBench(settled=False, variant="full")
    assert fresh.meter.memory() == unused.meter.memory()
    unused.station.stop()
    fresh.station.stop()
    again = started(tmp_path)
    assert (again.meter.power_failures, again.meter.error, again.meter.closed) == (0, 0, True)
    again.station.stop()


def test_a_meter_without_a_disconnector_is_never_open(tmp_path: Path) -> None:
    first = started(tmp_path)
    first.meter.switch_disconnector(False, first.clock.now())
    first.station.stop()
    again = started(tmp_path, has_disconnector=False)
    assert again.meter.closed
    again.station.stop()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("rate = 1", "rate = 9", "Expected `int` <= 6"),
        ("rate = 1", "rate = ", "Invalid value"),
        ("version = 1", "version = 2", "version"),
        ('display_text = ""', 'display_text = "K"', "seven segments cannot show"),
        ("\n1 = [", "\n16 = [", "must have the channels 1, 2, 3"),
        ("\n1 = [", "\n1 = [\n    0,", "a total and 6 rates"),
        ("\n1 = [", "\n1 = [\n    -1,", "Expected `int` >= 0"),
        ("\n1 = [", f"\n1 = [\n    {10**30},", ""),
        ("disconnector_closed = true", "disconnector_closed = 1", "Expected `bool`"),
    ],
)
def test_a_damaged_memory_is_kept_aside_and_named(tmp_path: Path, old: str, new: str, expected: str) -> None:
    first = started(tmp_path)
    first.meter.set_error(9)
    first.station.stop()
    path = tmp_path / "meter-full.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    again = ModuleBench(settled=False, state_dir=tmp_path, variant="full")
    (message,) = [
        str(event.message)
        for event in again.events(Notice)
        if isinstance(event, Notice) and event.code == "meter_memory_damaged"
    ]
    assert expected in message
    assert str(path) in message
    (aside,) = tmp_path.glob("meter-full-damaged-*.toml")
    assert aside.name in message
    assert message.endswith("the meter starts with its initial values")
    assert again.meter.error == 0
    again.station.stop()
    assert tomllib.loads(path.read_text())["error"] == 0


def test_a_folder_that_cannot_be_written_to_is_reported_once(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    bench = started(folder)
    bench.station.pause_reading(True)
    let_pass(bench, 10)
    shutil.rmtree(folder)
    folder.write_text("")
    bench.meter.set_error(1)
    bench.meter.set_error(2)
    bench.clock.advance(200)
    bench.station.stop()
    assert bench.notices().count("meter_memory_not_kept") == 1


def test_nothing_is_saved_without_a_folder_or_before_the_start(tmp_path: Path) -> None:
    bench = ModuleBench()
    bench.meter.set_error(1)
    bench.station.stop()
    assert list(tmp_path.iterdir()) == []
