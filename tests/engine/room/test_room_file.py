"""Room files: what they describe, what is wrong with one and where, and the way back to a file."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.bus.faults import parse_fault
from cmi_gui.engine.bus.response_time import ResponseTime
from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.cmi1020.settings import ModuleSettings
from cmi_gui.engine.e350.variants import VARIANTS
from cmi_gui.engine.room.made_room import make_room
from cmi_gui.engine.room.room_file import (
    MAX_ROOM,
    Room,
    RoomError,
    module_seed,
    parse_room,
    read_room,
    registers_of,
    room_text,
    write_room,
)
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.metering_point import PointConfig
from cmi_gui.engine.station.station import Station
from tests.helpers.rooms import VirtualPort, running_room
from tests.helpers.station_bench import readings_of

ISSUE = """format = 1
seed = 7
[defaults]
variant = "M29"
load = "none"              # registers stand still
[[module]]
name = "flat-1"
serial = "50100001"
address = 1
registers = {"1.8.0" = "061561.289"}
[[module]]
name = "flat-2"
serial = "50100002"
address = 2
faults = ["late 300 every 10"]
[[module]]
name = "duplicate"
serial = "50100003"
address = 1
powered = false
"""


def test_a_room_is_read() -> None:
    common = {"variant": "M29", "load": "none", "response": ResponseTime(11, 60)}
    assert parse_room(ISSUE, "room.toml") == Room(
        7,
        (
            PointConfig(
                "50100001",
                "flat-1",
                seed=module_seed(7, "50100001"),
                settings=ModuleSettings(primary_address=1),
                registers={"1.8.0": 61_561_289},
                meter_number="33456789",
                **common,  # type: ignore[arg-type]
            ),
            PointConfig(
                "50100002",
                "flat-2",
                seed=module_seed(7, "50100002"),
                settings=ModuleSettings(primary_address=2),
                meter_number="33456790",
                faults=(parse_fault("late 300 every 10"),),
                **common,  # type: ignore[arg-type]
            ),
            PointConfig(
                "50100003",
                "duplicate",
                seed=module_seed(7, "50100003"),
                settings=ModuleSettings(primary_address=1),
                meter_number="33456791",
                powered=False,
                **common,  # type: ignore[arg-type]
            ),
        ),
    )


def test_a_room_runs_as_it_is_written() -> None:
    clock = VirtualClock(1000.0)
    points = parse_room(ISSUE, "room.toml").points
    room = running_room(points[:2], clock)
    assert [str(rule) for rule in room.points[1].faults.rules] == ["late 300 every 10"]
    before = readings_of(room.points[0].module)
    assert before["1.8.0"].text == "061561.289*kWh"
    assert before["1.8.1"].text == "000000.000*kWh"
    assert before["C.1.0"].text == "33456789"
    clock.run_until(clock.now() + 7200)
    after = readings_of(room.points[0].module)
    assert {code: after[code].text for code in registers_of("M29")} == {
        code: before[code].text for code in registers_of("M29")
    }


def test_an_unpowered_module_is_silent_from_the_start() -> None:
    clock = VirtualClock(1000.0)
    room = running_room(parse_room(ISSUE, "room.toml").points[:2], clock)
    assert [point.module.powered for point in room.points] == [True, True]
    room = Station(StationConfig(mbus=(), modules=parse_room(ISSUE, "room.toml").points), clock)
    room.start()
    assert [point.module.powered for point in room.points] == [True, True, False]
    room.stop()


HEAD = 'format = 1\n[[module]]\nserial = "50100001"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1: the key format is missing; it must be 1"),
        ("format = 2", "line 1: format must be 1, not 2"),
        ("format = 1", "line 1: a room has at least one module, each in a table [[module]]"),
        ("format = 1\nseed = -1", "line 2: seed must be a number from 0 to 2147483647, not -1"),
        ("format = 1\nmodule = 3", "line 2: module must be a table for each module, [[module]], not 3"),
        ("format = 1\nrooms = 3", "line 2: rooms is not a key here; the keys are format, seed, defaults, module"),
        ("format = 1\nx =\n", "is not valid TOML: Invalid value (at line 2, column 4)"),
        ('format = 1\n[defaults]\nserial = "50100001"', "line 3: serial is not a key here"),
        (
            'format = 1\n[[module]]\nname = "x"',
            'line 2: the key serial is missing; it must be 8 digits in quotes, such as "50100001"',
        ),
        (HEAD.replace('"', ""), 'line 3: serial must be 8 digits in quotes, such as "50100001", not 50100001'),
        (HEAD + "adress = 1", "line 4: adress is not a key here; the keys are name, serial, address"),
        (HEAD + "address = 251", "line 4: address must be a number from 0 to 250, not 251"),
        (HEAD + 'address = "1"', 'line 4: address must be a number from 0 to 250, not "1"'),
        (HEAD + 'name = "two words"', "line 4: name must be a letter and up to 31"),
        (HEAD + 'name = "All"', 'but not "all", not "All"'),
        (HEAD + 'variant = "M30"', "line 4: variant must be one of M22, M23, M26, M27, M29, M55, full, in quotes"),
        (HEAD + 'load = "heavy"', 'line 4: load must be one of household, none, in quotes, not "heavy"'),
        (HEAD + 'registers = {"1.8.0" = 61.5}', "line 4: registers must be a table of energy in quotes"),
        (HEAD + 'registers = {"1.8.0" = "1"}', "line 4: registers must be a table of energy in quotes"),
        (HEAD + 'registers = {"1.8.9" = "1.000"}', "line 4: 1.8.9 is not an energy register of M29; it has 1.8.1"),
        (HEAD + '[module.registers]\n"C.5.0" = "1.000"', "line 5: C.5.0 is not an energy register of M29"),
        (HEAD + "baud = 9600", "line 4: baud must be 300 or 2400, not 9600"),
        (HEAD + "rate_map = [1, 2, 3]", "line 4: rate_map must be four rates from 0 to 6"),
        (HEAD + "usage = 63", "line 4: `usage` for the rate (bits 0-1) must be 0 (none), 1 (P1) or 2 (P2), not 3"),
        (HEAD + 'response = "5-60"', "line 4: response must be a range of bit times within 11 to 330"),
        (HEAD + 'response = "60-11"', "line 4: response must be a range"),
        (HEAD + 'response = "fast"', "line 4: response must be a range"),
        (HEAD + "readout_interval = 0", "line 4: readout_interval must be a number of seconds from 1 to 86400, not 0"),
        (HEAD + "powered = 1", "line 4: powered must be true or false, not 1"),
        (HEAD + "faults = ['loud']", "line 4: 'loud' is not a fault"),
        (HEAD + "faults = 'busy'", "line 4: faults must be a list of faults in quotes"),
        (HEAD + "\n" + HEAD[11:], "line 6: serial 50100001 is that of the module in line 3 already"),
        (
            HEAD + 'name = "flat-A"\n[[module]]\nserial = "50100002"\nname = "FLAT-a"',
            "line 7: name FLAT-a is that of the module in line 4 already",
        ),
        (
            HEAD + 'name = "a"\n[[module]]\nserial = "50100002"\nname = "a"',
            "line 7: name a is that of the module in line 4 already",
        ),
        (
            "format = 1\n" + "".join(f'[[module]]\nserial = "{number:08d}"\n' for number in range(251)),
            "line 502: a room has at most 250 modules",
        ),
    ],
)
def test_an_error_names_the_line_and_the_right_form(text: str, message: str) -> None:
    with pytest.raises(RoomError) as caught:
        parse_room(text, "room.toml")
    assert str(caught.value).startswith("room.toml: ")
    assert message in str(caught.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    big = tmp_path / "big.toml"
    big.write_text("#" * (MAX_ROOM + 1))
    for path, words in ((big, "too big"), (tmp_path, "cannot be read"), (tmp_path / "none", "cannot be read")):
        with pytest.raises(RoomError, match=words):
            read_room(path)


def test_a_made_room_is_repeatable_and_written(tmp_path: Path) -> None:
    room = make_room(250, 7)
    assert room == make_room(250, 7) != make_room(250, 8)
    assert make_room(20, 7).points == room.points[:20]
    assert len({point.serial for point in room.points}) == 250
    assert len({point.meter_number for point in room.points}) == 250
    assert {point.settings for point in room.points if point.settings != ModuleSettings()} == set()
    write_room(tmp_path / "room.toml", room)
    assert read_room(tmp_path / "room.toml") == room


@pytest.mark.parametrize("count", [0, -1, 251])
def test_a_room_has_1_to_250_modules(count: int) -> None:
    with pytest.raises(ValueError, match="the number of modules must be 1 to 250"):
        make_room(count)


@pytest.mark.parametrize("variant", VARIANTS)
def test_made_registers_agree(variant: str) -> None:
    room = make_room(120, 3)
    registers = next((point.registers for point in room.points if point.variant == variant), None)
    assert registers is None or set(registers) <= set(registers_of(variant))


TEXTS = st.from_regex(r"[0-9]{8}", fullmatch=True)
POINTS = st.builds(
    lambda serial, variant, low, high, wh, address, second, rates, faults, powered, disconnector: PointConfig(
        serial,
        name=f"n{serial}",
        variant=variant,
        seed=module_seed(5, serial),
        response=ResponseTime(*sorted((low, high))),
        settings=ModuleSettings(primary_address=address, secondary_address=second, rate_map=rates),
        registers=None if wh is None else {"1.8.0": wh},
        meter_number=serial[::-1],
        faults=tuple(map(parse_fault, faults)),
        powered=powered,
        has_disconnector=disconnector,
    ),
    TEXTS,
    st.sampled_from(sorted(VARIANTS)),
    st.integers(11, 330),
    st.integers(11, 330),
    st.none() | st.integers(0, 999_999_999),
    st.integers(0, 250),
    st.none() | TEXTS,
    st.tuples(*[st.integers(0, 6)] * 4),
    st.lists(st.sampled_from(["busy", "late 300 every 10", "cut 3 5 %", "lost-ack once"])),
    st.booleans(),
    st.none() | st.booleans(),
)


@given(st.lists(POINTS, min_size=1, max_size=4, unique_by=lambda point: point.serial))
def test_a_written_room_is_read_again(points: list[PointConfig]) -> None:
    room = Room(5, tuple(points))
    assert parse_room(room_text(room), "room.toml") == room


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "room.toml"
    path.write_text("\ufeff" + room_text(make_room(1)), encoding="utf-8")
    assert read_room(path) == make_room(1)


def test_a_name_changes_no_random_number() -> None:
    def times(name: str) -> list[float]:
        text = f'{HEAD}name = "{name}"\nresponse = "11-330"\nfaults = ["jitter 100 50 %"]\n'
        clock = VirtualClock(1000.0)
        port = VirtualPort(running_room(parse_room(text, "room.toml").points, clock), clock)
        found = []
        for _ in range(9):
            begin = clock.now()
            port.write(bytes.fromhex("1040004016"))
            assert port.read(1) == b"\xe5"
            found.append(clock.now() - begin)
        return found

    assert times("flat-1") == times("flat-2")


@given(st.text("[]{}=\"'#.\n abm1", max_size=60))
def test_any_text_is_a_room_or_an_error(text: str) -> None:
    for whole in (text, HEAD + text):
        with contextlib.suppress(RoomError):
            parse_room(whole, "room.toml")
