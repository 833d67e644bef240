"""A listener on a bus with real masters and slaves: the same traffic rows as at the slave, and nothing sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.driver import Driver
from cmi_gui.engine.machine import Line, LineEvent, SetLine, SpeedFollowed, Unreadable
from cmi_gui.engine.mbus.allowance import LEAST, Allowance
from cmi_gui.engine.mbus.exchange import Exchange, Expect, Procedure, SetSpeed
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.frame_decoder import BadChecksum, GoodFrame, Noise, Truncated
from cmi_gui.engine.mbus.listener import BusListener, BusTraffic
from cmi_gui.engine.mbus.master import Master, ProcedureFinished
from cmi_gui.engine.mbus.procedures import read_slave
from cmi_gui.engine.mbus.slave_address import SlaveAddress, mask_bytes
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.station import Station
from cmi_gui.engine.traffic.exchanges import Exchanges
from cmi_gui.engine.traffic.masking import MbusMask
from cmi_gui.engine.traffic.recorder import BusListenerRecorder, LinkTiming
from cmi_gui.engine.traffic.store import Direction, RowKind, Side, TrafficRow, TrafficStore
from tests.helpers.module_bench import text_command
from tests.helpers.station_bench import initialise, read_primary, read_secondary
from tests.helpers.tapped_wire import TapLink, TapListener, rows_of, tap

NOON = datetime(2026, 6, 1, 12)
AT_300, AT_2400 = Line(300), Line(2400)
SPEED_300 = Frame.control(0x73, 0, 0xB8)
SPEED_2400 = Frame.control(0x73, 0, 0xBB)
REQUEST = Frame.short(0x5B, 7).to_bytes()
ANSWER = Frame.long(0x08, 7, 0x72, bytes(range(1, 20))).to_bytes()


def summaries(rows: list[TrafficRow]) -> list[tuple[Direction, RowKind, int | None, bytes]]:
    return [(row.direction, row.kind, row.address, row.data) for row in rows]


class Bus:
    """A module and a master on a paced wire, with a listener."""

    def __init__(self, line: Line = AT_2400, tap_line: Line | None = AT_2400, *, finds_speed: bool = False) -> None:
        self.clock = VirtualClock(1000.0)
        self.station = Station(StationConfig(mbus=(), variant="full", start_time=NOON), self.clock)
        self.station.start()
        self.clock.advance(60)
        self.master = Master(line, Allowance(LEAST))
        wire = self.station.connect_master(line)
        self.tap_link = TapLink(self.clock, tap_line)
        self.machine = BusListener(tap_line or AT_2400, has_speed=tap_line is not None, finds_speed=finds_speed)
        tap(self.tap_link, wire)
        mask = MbusMask(load_module_profile())
        self.listener = TapListener(self.clock, self.tap_link, self.machine, BusListenerRecorder, mask)
        self.ends: list[ProcedureFinished] = []
        self.driver = Driver(self.master, wire, self.clock, self._on_event)
        self.driver.open()
        self.first = len(self.station.traffic)

    def _on_event(self, event: object) -> None:
        if isinstance(event, ProcedureFinished):
            self.ends.append(event)

    def run(self, procedure: Procedure) -> ProcedureFinished:
        self.driver.run(lambda: self.master.start(procedure, self.clock.now()))
        assert self.clock.run_until(self.clock.now() + 900, lambda: bool(self.ends))
        self.clock.advance(2)
        return self.ends.pop()

    def send(self, *frames: Frame, baud: int | None = None) -> None:
        def procedure() -> Procedure:
            yield SetSpeed(baud)
            for frame in frames:
                yield Exchange(frame, Expect.ACK, retries=0)

        self.run(procedure())

    @property
    def own_rows(self) -> list[TrafficRow]:
        """The rows that the module itself recorded of this bus."""
        return [row for row in rows_of(self.station.traffic, self.first) if row.side is Side.MBUS]


# With real machines


def test_an_answer_of_several_telegrams_gives_the_same_rows_as_at_the_slave() -> None:
    bus = Bus()
    assert bus.run(read_primary(0)).error is None
    assert len(bus.own_rows) >= 8, "several telegrams"
    assert summaries(bus.listener.rows) == summaries(bus.own_rows)
    assert [row.at for row in bus.listener.rows] == pytest.approx([row.at for row in bus.own_rows])
    assert all(row.from_listener and row.link == "listen:sim:tap" for row in bus.listener.rows)
    assert not any(row.from_listener for row in bus.own_rows)
    assert bus.listener.events == []
    assert bus.tap_link.lines == []


@pytest.mark.parametrize("char_time", [AT_2400.char_time, 0.0])
def test_an_answer_is_timed_alike_at_the_slave_and_by_a_listener(char_time: float) -> None:
    bus = Bus()
    # Without times of characters the listener takes the arrival of the first one, which is its end.
    bus.listener.recorder.timing = lambda: LinkTiming(2400, char_time)
    assert bus.run(read_primary(0)).error is None
    own = answer_bits(bus.station.traffic)
    assert own
    assert own == pytest.approx([11] * len(own), abs=1e-3), "the slave answers after 11 bit times"
    late = 0 if char_time else AT_2400.char_bits
    assert answer_bits(bus.listener.store) == pytest.approx([11 + late] * len(own), abs=1e-3)


def answer_bits(store: TrafficStore) -> list[float]:
    """Return the times of all answers on the M-Bus, in bit times."""
    exchanges = Exchanges(store)
    exchanges.catch_up(len(store))
    rows = [replace(store.row(index), answer=exchanges.answer(index)) for index in range(store.first, len(store))]
    return [row.answer_bits for row in rows if row.side is Side.MBUS and row.answer_bits is not None]


def test_a_change_of_speed_is_followed_there_and_back() -> None:
    bus = Bus()
    bus.send(SPEED_300)
    assert bus.tap_link.line == AT_300
    assert bus.run(read_slave(SlaveAddress(0, baud=300))).error is None
    bus.send(SPEED_2400, baud=300)
    assert bus.run(initialise(0)).error is None
    assert summaries(bus.listener.rows) == summaries(bus.own_rows)
    assert bus.tap_link.lines == [AT_300, AT_2400]
    followed = [event.line for event in bus.listener.events if isinstance(event, SpeedFollowed)]
    assert followed[0] == AT_300
    assert followed[-1] == AT_2400


def test_an_unacknowledged_command_is_not_followed() -> None:
    bus = Bus()
    bus.send(Frame.control(0x73, 9, 0xB8))
    bus.run(initialise(0))
    assert bus.tap_link.lines == []
    assert summaries(bus.listener.rows) == summaries(bus.own_rows)


def test_an_acknowledgement_after_damage_does_not_confirm_a_command() -> None:
    machine = BusListener(AT_2400, has_speed=True)
    effects = list(machine.opened())
    for data, at in ((SPEED_300.to_bytes(), 1.0), (b"\x00\x01", 1.1), (b"\xe5", 2.0)):
        if machine.deadline is not None and machine.deadline <= at:
            effects += machine.tick(at)
        effects += machine.receive(data, at)
    assert not [effect for effect in effects if isinstance(effect, SetLine)]


def test_the_listener_returns_to_the_speed_of_the_other_slaves() -> None:
    # The module changes to 300, but its master sends to the others at 2400, so the new speed is not used.
    bus = Bus()
    bus.send(SPEED_300)
    assert bus.tap_link.line == AT_300
    other = Frame.short(0x40, 9)
    bus.send(other)
    bus.send(other)
    assert bus.tap_link.line == AT_2400
    bus.send(other)
    assert summaries(bus.listener.rows)[-1] == (Direction.RECEIVED, RowKind.TELEGRAM, 9, other.to_bytes())


def test_a_broadcast_is_followed_without_an_answer() -> None:
    machine = BusListener(AT_2400, has_speed=True)
    machine.opened()
    effects = machine.receive(Frame.control(0x53, 255, 0xB8).to_bytes(), 1.0)
    assert SetLine(1, AT_300) in effects


def test_the_speed_is_found_on_a_link_that_searches() -> None:
    bus = Bus(AT_2400, AT_300, finds_speed=True)
    for _ in range(4):
        bus.run(initialise(0))
    assert bus.tap_link.line == AT_2400
    assert bus.machine.found
    rows = summaries(bus.listener.rows)
    # The search costs one telegram and its answer.
    damaged = sum(kind is RowKind.LINE_ERROR for _, kind, _, _ in rows)
    assert 1 <= damaged <= 2
    assert rows[damaged:] == summaries(bus.own_rows)[-len(rows) + damaged :]
    assert len(rows) - damaged >= 6
    assert [(event.line, event.found) for event in bus.listener.events if isinstance(event, SpeedFollowed)] == [
        (AT_2400, False),
        (AT_2400, True),
    ]


def test_a_selection_by_secondary_address_is_recorded() -> None:
    bus = Bus()
    assert bus.run(read_secondary(mask_bytes("12345678"))).error is None
    assert summaries(bus.listener.rows) == summaries(bus.own_rows)
    assert bus.own_rows[0].address == 253 or bus.own_rows[1].address == 253


def test_a_recorded_password_is_masked() -> None:
    bus = Bus()
    bus.send(Frame.long(0x73, 0, 0x51, text_command("p1", "geheim12")))
    (row,) = [row for row in bus.listener.rows if row.masked]
    assert row.words is not None
    assert str(row.words).endswith("secrets masked")
    assert b"geheim12"[::-1] not in row.data
    assert b"geheim12" not in row.data
    assert summaries(bus.listener.rows) == summaries(bus.own_rows)


@pytest.mark.parametrize("cut", range(1, 20))
def test_a_password_cut_off_at_its_beginning_is_not_shown(cut: int) -> None:
    secret = Frame.long(0x73, 0, 0x51, text_command("p1", "geheim12")).to_bytes()
    store = TrafficStore()
    recorder = BusListenerRecorder(store, lambda: "listen:x", lambda index, at: None, MbusMask(load_module_profile()))
    for piece in record((secret[cut:], 1.0), (REQUEST, 3.0)):
        recorder.record(piece)
    stored = b"".join(row.data for row in rows_of(store))
    assert stored.endswith(REQUEST)
    assert not any(part in stored for part in (b"gehe", b"heim", b"im12", b"21mi", b"mieh", b"eheg"))


def test_a_transparent_link_receives_every_speed() -> None:
    bus = Bus(AT_2400, None)
    bus.send(SPEED_300)
    bus.send(Frame.short(0x40, 0), baud=300)
    assert summaries(bus.listener.rows) == summaries(bus.own_rows)
    assert bus.tap_link.lines == []
    assert bus.listener.events == []


def test_a_wrong_speed_is_reported_once_and_the_bytes_are_recorded() -> None:
    bus = Bus(AT_2400, AT_300)
    for _ in range(8):
        bus.run(initialise(0))
    assert [type(event) for event in bus.listener.events] == [Unreadable]
    assert {row.kind for row in bus.listener.rows} == {RowKind.LINE_ERROR}
    assert bus.tap_link.line == AT_300, "a speed that was named stays"


def test_listening_continues_after_an_unplugged_port_is_back() -> None:
    bus = Bus()
    bus.run(initialise(0))
    bus.send(SPEED_300)
    bus.tap_link.lose()
    bus.tap_link.come_back()
    assert bus.tap_link.line == AT_2400
    count = len(bus.listener.rows)
    bus.run(initialise(9))
    telegram = Frame.short(0x40, 9).to_bytes()
    assert summaries(bus.listener.rows)[count:][0] == (Direction.RECEIVED, RowKind.TELEGRAM, 9, telegram)


# Direction and damage


def record(*pieces: tuple[bytes, float], end: float = 100.0) -> list[BusTraffic]:
    machine = BusListener(AT_2400, has_speed=True)
    effects = list(machine.opened())
    for data, at in pieces:
        if machine.deadline is not None and machine.deadline <= at:
            effects += machine.tick(at)
        effects += machine.receive(data, at)
    effects += machine.tick(end)
    return [effect for effect in effects if isinstance(effect, BusTraffic)]


def test_two_answers_at_once_are_damage_from_the_slaves() -> None:
    collision = bytes(a & b for a, b in zip(ANSWER, ANSWER[::-1], strict=True))
    first, *rest = record((REQUEST, 1.0), (collision, 1.2))
    assert first.from_master
    assert rest
    assert not any(piece.from_master for piece in rest)
    assert not any(isinstance(piece.event, GoodFrame) for piece in rest)
    assert b"".join(piece.event.raw for piece in rest) == collision


def test_damage_outside_the_window_of_an_answer_is_the_master_s() -> None:
    noise = b"\x00\x55\x00"
    assert [piece.from_master for piece in record((REQUEST, 1.0), (ANSWER, 1.2), (noise, 3.0))] == [
        True,
        False,
        True,
    ]
    assert [piece.from_master for piece in record((REQUEST, 1.0), (noise, 3.0))] == [True, True], "after the window"
    broadcast = Frame.short(0x40, 255).to_bytes()
    assert [piece.from_master for piece in record((broadcast, 1.0), (noise, 1.1))] == [True, True], "no answer"


def test_the_c_field_of_a_damaged_telegram_gives_its_direction() -> None:
    bad = ANSWER[:-2] + bytes((ANSWER[-2] ^ 1, ANSWER[-1]))
    (only,) = record((bad, 1.0))
    assert isinstance(only.event, BadChecksum)
    assert not only.from_master
    command = Frame.long(0x53, 7, 0x51, b"\x01\x7a\x05").to_bytes()[:-1]
    (only,) = record((REQUEST, 1.0), (command, 1.1))[1:]
    assert isinstance(only.event, Truncated)
    assert only.from_master


def test_damage_at_the_start_of_listening_is_marked() -> None:
    pieces = record((ANSWER[-9:], 1.0), (b"\x00\x01", 3.0))
    assert [(type(piece.event), piece.midway) for piece in pieces] == [(Noise, True), (Noise, False)]
    assert [piece.midway for piece in record((REQUEST, 1.0), (b"\x00", 1.0001))] == [False, False]


def test_a_break_is_reported_once() -> None:
    machine = BusListener(AT_2400, has_speed=True)
    machine.opened()
    effects = [*machine.line_event(LineEvent.BREAK, 1.0), *machine.line_event(LineEvent.BREAK, 1.01)]
    assert effects == [BusTraffic(LineEvent.BREAK, True, 1.0, True)]


TELEGRAMS = st.sampled_from(
    [REQUEST, ANSWER, b"\xe5", SPEED_300.to_bytes(), Frame.short(0x40, 255).to_bytes(), ANSWER[:7], b"\x00\x68\x10"]
) | st.binary(max_size=12)


@given(st.lists(TELEGRAMS, max_size=12), st.data())
def test_any_split_gives_the_same_rows(telegrams: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(telegrams)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(stream)))))
    pieces = [stream[first:last] for first, last in zip([0, *cuts], [*cuts, len(stream)], strict=True)]

    def run(chunks: list[bytes]) -> list[tuple[object, bool, bool]]:
        # All at one time: the time that a chunk takes is tested elsewhere.
        found = record(*((chunk, 1.0) for chunk in chunks if chunk))
        return [(piece.event, piece.from_master, piece.midway) for piece in found]

    whole, cut = run([stream]), run(pieces)
    assert cut == whole
    assert b"".join(event.raw for event, _, _ in whole) == stream  # type: ignore[attr-defined]
