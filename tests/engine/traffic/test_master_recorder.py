"""A master's traffic in the store: directions, retries, missing answers, damage, echoes, and no secret in clear."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.configurator.session import MasterSession
from cmi_gui.engine.link.memory import memory_pair
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.station import Station
from cmi_gui.engine.traffic.recorder import LinkTiming, MasterRecorder
from cmi_gui.engine.traffic.store import Direction, RowKind, Side, TrafficRow
from tests.helpers.module_bench import text_command
from tests.helpers.station_bench import read_primary

PING = Frame.short(0x40, 5).to_bytes()
ANSWER = Frame.long(0x08, 5, 0x71, b"").to_bytes()
SECRET = Frame.long(0x73, 5, 0x51, text_command("p1", "geheim12")).to_bytes()


def make() -> tuple[Station, MasterRecorder]:
    station = Station(StationConfig(mbus=()), VirtualClock())
    return station, station.record_master(lambda: "tcp://bus")


def rows(station: Station) -> list[TrafficRow]:
    return [station.traffic.row(index) for index in range(len(station.traffic))]


def test_directions_are_the_slave_s_and_a_retry_is_a_row() -> None:
    station, recorder = make()
    recorder.tap("tx", PING, 1.0)
    recorder.tap("tx", PING, 2.0)
    recorder.tap("rx", b"\xe5", 2.1)
    recorder.settle()
    assert [(row.direction, row.kind, row.address, row.at) for row in rows(station)] == [
        (Direction.RECEIVED, RowKind.TELEGRAM, 5, 1.0),
        (Direction.RECEIVED, RowKind.TELEGRAM, 5, 2.0),
        (Direction.SENT, RowKind.TELEGRAM, None, 2.1),
    ]
    assert {(row.side, row.link) for row in rows(station)} == {(Side.MBUS, "tcp://bus")}


def test_an_answer_begins_with_its_first_byte_on_tcp_and_a_telegram_s_length_before_its_end_on_a_timed_line() -> None:
    for char_time, expected in ((0.0, [0.0, 0.25]), (0.125, [0.125, 9 * 0.125])):
        station, recorder = make()
        recorder.timing = lambda char_time=char_time: LinkTiming(2400, char_time)  # type: ignore[misc]
        recorder.tap("tx", PING, 1.0)
        recorder.tap("rx", b"\xe5", 1.5)
        recorder.tap("tx", PING, 2.0)
        recorder.tap("rx", ANSWER[:3], 2.5)
        recorder.tap("rx", ANSWER[3:], 2.75)
        answers = [row for row in rows(station) if row.direction is Direction.SENT]
        assert [row.took for row in answers] == expected
        assert {row.baud for row in rows(station)} == {2400}


def test_an_echo_is_not_written_twice() -> None:
    station, recorder = make()
    recorder.tap("tx", PING, 1.0)
    recorder.tap("rx", PING + b"\xe5", 1.1)
    assert [row.data for row in rows(station)] == [PING, b"\xe5"]


def test_damage_is_recorded_at_the_end_of_the_exchange() -> None:
    station, recorder = make()
    recorder.tap("tx", PING, 1.0)
    recorder.tap("rx", bytes.fromhex("68 10 10 68 08 05"), 1.1)
    assert len(station.traffic) == 1
    recorder.settle()
    assert [(row.kind, row.at) for row in rows(station)][1:] == [(RowKind.TRUNCATED, 1.1)]


def test_a_real_session_is_written_as_the_module_s_side_writes_it() -> None:
    clock = VirtualClock(100.0)
    module, watcher = Station(StationConfig(mbus=()), clock), Station(StationConfig(mbus=()), clock)
    module.start()
    clock.advance(20)
    recorder = watcher.record_master(lambda: "there")
    session = MasterSession(module.connect_master(), Line(2400), clock, tap=recorder.tap)
    session.on_exchange = lambda _: recorder.settle()
    seen = len(module.traffic)
    ends: list[object] = []
    session.run(read_primary(0), ends.append, ends.append)
    clock.advance(20)
    here = [row for row in rows(module)[seen:] if row.side is Side.MBUS]
    there = rows(watcher)
    assert len(there) > 3
    assert [(row.direction, row.kind, row.address, row.data) for row in there] == [
        (row.direction, row.kind, row.address, row.data) for row in here
    ]
    session.close()
    module.stop()


@given(st.data())
def test_no_password_in_clear_however_it_is_cut_and_echoed(data: st.DataObject) -> None:
    station, recorder = make()
    recorder.tap("tx", SECRET, 1.0)
    damaged = bytearray(SECRET)
    damaged[data.draw(st.integers(0, len(SECRET) - 1))] ^= data.draw(st.integers(1, 255))
    stream = data.draw(st.sampled_from([SECRET, bytes(damaged), SECRET[:-3], SECRET + SECRET]))
    cut = data.draw(st.integers(0, len(stream)))
    recorder.tap("rx", stream[:cut], 1.1)
    recorder.tap("rx", stream[cut:], 1.2)
    recorder.settle()
    stored = [row for row in rows(station) if any(b"geheim12"[::-1][n : n + 4] in row.data for n in range(5))]
    assert stored == []


def test_each_try_without_an_answer_is_a_row() -> None:
    clock = VirtualClock()
    station = Station(StationConfig(mbus=()), clock)
    recorder = station.record_master(lambda: "silent")
    near, _far = memory_pair(clock)
    session = MasterSession(near, Line(2400), clock, tap=recorder.tap)
    ends: list[object] = []
    session.run(read_primary(7), ends.append, ends.append)
    clock.advance(20)
    assert len(ends) == 1
    assert [row.direction for row in rows(station)] == [Direction.RECEIVED] * 4, "SND_NKE once, REQ_UD2 three times"
    session.close()


def test_a_damaged_telegram_that_was_sent_is_recorded_as_such() -> None:
    station, recorder = make()
    damaged = PING[:-2] + b"\x00\x16"
    recorder.tap("tx", damaged, 1.0)
    recorder.tap("tx", SECRET[:-2] + b"\x00\x16", 2.0)
    assert [(row.direction, row.kind) for row in rows(station)] == [(Direction.RECEIVED, RowKind.BAD_CHECKSUM)] * 2
    assert b"geheim12"[::-1] not in rows(station)[1].data
    assert rows(station)[0].data == damaged
