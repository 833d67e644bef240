"""Several modules with their meters on one wire: in virtual time, and over TCP and a pseudo-terminal."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from cmi_gui.engine.clock import LoopClock
from cmi_gui.engine.cmi1020.settings import ModuleSettings
from cmi_gui.engine.configurator.client import MasterClient
from cmi_gui.engine.link.url import make_link, parse_link
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.exchange import Answer, AnswerKind, Exchange, Expect, Procedure
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.scan import scan_primary
from cmi_gui.engine.mbus.telegram import decode_telegram
from cmi_gui.engine.traffic.store import Direction, Side
from tests.helpers.bus_bench import modules
from tests.helpers.module_bench import bench_on_a_wire
from tests.helpers.station_bench import SessionBench, read_primary, read_secondary, station
from tests.helpers.waiting import poll

SERIALS = ("50100001", "50100002", "50100003")


def once(frame: Frame, expect: Expect = Expect.ACK) -> Procedure[AnswerKind]:
    """Send one telegram without repetition; return what kind of answer came."""
    answer: Answer = yield Exchange(frame, expect, retries=0)
    return answer.kind


def mask(serial: str) -> bytes:
    return bytes.fromhex(serial)[::-1] + b"\xff" * 4


def serial_of(frames: list[Frame]) -> str:
    header = decode_telegram(frames[0]).header
    assert header is not None
    return str(header.id)


@pytest.mark.parametrize("line", [None, Line(2400)])
def test_each_module_is_read_by_its_address_and_by_its_serial_number(line: Line | None) -> None:
    bench = SessionBench(line=line, modules=modules(1, 2, 3))
    bench.clock.advance(60)
    assert all(point.module.contact for point in bench.station.points)
    for address, serial in enumerate(SERIALS, 1):
        assert serial_of(bench.run(read_primary(address))) == serial
        assert serial_of(bench.run(read_secondary(mask(serial)))) == serial
    assert [slave.at.primary for slave in bench.run(scan_primary(range(6), lambda progress: None))] == [1, 2, 3]


def test_the_row_of_an_answer_names_its_module_where_there_are_several() -> None:
    for numbers in ((1, 2, 3), (1,)):
        bench = SessionBench(modules=modules(*numbers))
        bench.clock.advance(60)
        for address in numbers:
            bench.run(once(Frame.short(0x40, address)))
        traffic = bench.station.traffic
        rows = [row for row in map(traffic.row, range(traffic.first, len(traffic))) if row.side is Side.MBUS]
        sent = [row.module for row in rows if row.direction is Direction.SENT]
        assert sent == (list(SERIALS) if len(numbers) > 1 else [""])
        assert {row.module for row in rows if row.direction is Direction.RECEIVED} == {""}


def test_a_broadcast_reaches_all_modules() -> None:
    bench = SessionBench(modules=modules(1, 2, 3))
    bench.clock.advance(60)
    assert bench.run(once(Frame.long(0x53, 255, 0x51, b"\x01\x7a\x07"), Expect.NOTHING)) is AnswerKind.NONE
    assert [point.module.settings.primary_address for point in bench.station.points] == [7, 7, 7]


def test_a_command_changes_one_module_only() -> None:
    bench = SessionBench(modules=modules(1, 2, 3))
    bench.clock.advance(60)
    assert bench.run(once(Frame.long(0x53, 2, 0x51, b"\x01\x7a\x09"))) is AnswerKind.ACK
    assert [point.module.settings.primary_address for point in bench.station.points] == [1, 9, 3]


def test_the_speed_of_one_module() -> None:
    bench = SessionBench(line=Line(2400), modules=modules(1, 2))
    bench.clock.advance(60)
    assert bench.run(once(Frame.control(0x53, 1, 0xB8))) is AnswerKind.ACK
    assert bench.run(once(Frame.short(0x40, 1))) is AnswerKind.SILENCE
    bench.clock.advance(301)
    assert bench.run(once(Frame.short(0x40, 1))) is AnswerKind.ACK, "the new speed was not used for five minutes"
    assert [point.module.baud for point in bench.station.points] == [2400, 2400]


def test_without_voltage_all_are_silent_and_forget_their_selection() -> None:
    bench = SessionBench(modules=modules(1, 2, 3))
    bench.clock.advance(60)
    select = Frame.long(0x53, 253, 0x52, mask(SERIALS[0]))
    assert bench.run(once(select)) is AnswerKind.ACK
    bench.station.set_bus_voltage(0)
    assert bench.run(once(Frame.short(0x40, 1))) is AnswerKind.SILENCE
    bench.station.set_bus_voltage(24)
    bench.clock.advance(60)
    assert bench.run(once(Frame.short(0x40, 253))) is AnswerKind.SILENCE
    assert bench.run(once(Frame.short(0x40, 1))) is AnswerKind.ACK


def test_the_same_seeds_give_the_same_traffic() -> None:
    def traffic() -> list[tuple[float, bytes]]:
        bench = SessionBench(line=Line(2400), modules=modules(1, 1, 2))
        bench.clock.advance(60)
        for address in (1, 2, 254):
            bench.run(once(Frame.short(0x5B, address), Expect.RESPONSE))
        store = bench.station.traffic
        return [(store.row(index).at, store.row(index).data) for index in range(len(store))]

    assert traffic() == traffic()


# A serial port, which receives at one speed


def test_a_serial_port_without_a_named_speed_is_at_2400(monkeypatch: pytest.MonkeyPatch) -> None:
    bench, wire = bench_on_a_wire(monkeypatch, modules=modules(0, 1, 2))
    for address in (1, 0):
        assert wire.ping(2400, address)
        assert bench.run(once(Frame.control(0x53, address, 0xB8))) is AnswerKind.ACK
    assert bench.station.link_status[0].line == Line(2400)
    assert [wire.ping(2400, address) for address in (0, 1, 2)] == [False, False, True]
    assert [wire.ping(300, address) for address in (0, 1, 2)] == [False, False, False]


def test_a_serial_port_at_300_reaches_the_modules_at_300(monkeypatch: pytest.MonkeyPatch) -> None:
    _, wire = bench_on_a_wire(monkeypatch, "serial:/in/memory?baud=300", modules=modules(0, 1, baud=300))
    assert [wire.ping(300, address) for address in (0, 1)] == [True, True]


def test_a_serial_port_with_a_named_speed_reaches_only_modules_of_that_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    bench, wire = bench_on_a_wire(monkeypatch, "serial:/in/memory?baud=2400", modules=modules(0, 1, 2))
    assert bench.run(once(Frame.control(0x53, 0, 0xB8))) is AnswerKind.ACK
    assert not wire.ping(2400, 0)
    assert wire.ping(2400, 1)
    assert not wire.ping(300, 0)


def test_a_serial_port_may_search_for_the_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    _, wire = bench_on_a_wire(monkeypatch, "serial:/in/memory?baud=auto", modules=modules(0, 1, baud=300))
    assert any(wire.ping(300, 1) for _ in range(5))
    assert wire.ping(300, 0)


# Real links


async def read_all(link: str) -> list[str]:
    """Return the serial numbers read at addresses 1 to 3 over `link`."""
    clock = LoopClock(asyncio.get_running_loop())
    line = Line(2400)
    async with MasterClient(make_link(parse_link(link), clock, "connect", line), line, clock) as master:
        return [serial_of(await master.run(read_primary(address))) for address in (1, 2, 3)]


@pytest.mark.asyncio
async def test_three_modules_over_tcp() -> None:
    async with station(modules=modules(1, 2, 3)) as made:
        await poll(lambda: all(point.module.contact for point in made.points))
        assert await read_all(made.link_status[0].url) == list(SERIALS)


@pytest.mark.asyncio
@pytest.mark.skipif(sys.platform == "win32", reason="this system has no pseudo-terminals")
async def test_modules_of_both_speeds_over_a_pseudo_terminal(tmp_path: Path) -> None:
    path = tmp_path / "bus"
    points = modules(1, 2, 3)
    slow = replace(points[1], settings=ModuleSettings(primary_address=2, baud=300))
    async with station(mbus=(f"pty:{path}?baud=any",), modules=(points[0], slow, points[2])) as made:
        await poll(lambda: all(point.module.contact for point in made.points))
        clock = LoopClock(asyncio.get_running_loop())
        found = {}
        for speed in (2400, 300):
            line = Line(speed)
            async with MasterClient(
                make_link(parse_link(f"pty:{path}"), clock, "connect", line), line, clock
            ) as master:
                found[speed] = [await master.run(once(Frame.short(0x40, address))) for address in (1, 2, 3)]
        heard, silent = AnswerKind.ACK, AnswerKind.SILENCE
        assert found == {2400: [heard, silent, heard], 300: [silent, heard, silent]}


@pytest.mark.asyncio
async def test_a_collision_over_tcp() -> None:
    async with station(modules=modules(1, 1, 3)) as made:
        await poll(lambda: all(point.module.contact for point in made.points))
        clock = LoopClock(asyncio.get_running_loop())
        link = make_link(parse_link(made.link_status[0].url), clock, "connect", Line(2400))
        async with MasterClient(link, Line(2400), clock) as master:
            assert await master.run(once(Frame.short(0x5B, 1), Expect.RESPONSE)) is AnswerKind.GARBLED
            assert serial_of(await master.run(read_secondary(mask(SERIALS[1])))) == SERIALS[1]
            assert serial_of(await master.run(read_primary(3))) == SERIALS[2]
