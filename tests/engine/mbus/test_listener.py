"""A listener on a bus beside real masters and slaves: the same rows as the slave's own, and never a word said."""

from __future__ import annotations

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
from cmi_gui.engine.mbus.frame import BadChecksum, Frame, GoodFrame, Noise, Truncated
from cmi_gui.engine.mbus.listener import BusListener, BusTraffic
from cmi_gui.engine.mbus.master import Master, ProcedureFinished
from cmi_gui.engine.mbus.procedures import read_slave
from cmi_gui.engine.mbus.slave_address import SlaveAddress, mask_bytes
from cmi_gui.engine.station.station import Station, StationConfig
from cmi_gui.engine.traffic.masking import MbusMask
from cmi_gui.engine.traffic.recorder import BusListenerRecorder
from cmi_gui.engine.traffic.store import Direction, RowKind, Side, TrafficRow, TrafficStore
from tests.helpers.module_bench import text_command
from tests.helpers.station_bench import initialise, read_primary, read_secondary
from tests.helpers.tapped_wire import Ear, Overhearing, rows_of, tap

NOON = datetime(2026, 6, 1, 12)
AT_300, AT_2400 = Line(300), Line(2400)
SAY_300 = Frame.control(0x73, 0, 0xB8)
SAY_2400 = Frame.control(0x73, 0, 0xBB)
REQUEST = Frame.short(0x5B, 7).to_bytes()
ANSWER = Frame.long(0x08, 7, 0x72, bytes(range(1, 20))).to_bytes()


def said(rows: list[TrafficRow]) -> list[tuple[Direction, RowKind, int | None, bytes]]:
    return [(row.direction, row.kind, row.address, row.data) for row in rows]


class Bus:
    """A module and a master on a paced wire, with somebody listening."""

    def __init__(self, line: Line = AT_2400, ear_line: Line | None = AT_2400, *, finds_speed: bool = False) -> None:
        self.clock = VirtualClock(1000.0)
        self.station = Station(StationConfig(mbus=(), variant="full", start_time=NOON), self.clock)
        self.station.start()
        self.clock.advance(60)
        self.master = Master(line, Allowance(LEAST))
        wire = self.station.connect_master(line)
        self.ear = Ear(self.clock, ear_line)
        self.machine = BusListener(ear_line or AT_2400, has_speed=ear_line is not None, finds_speed=finds_speed)
        tap(self.ear, wire)
        mask = MbusMask(load_module_profile())
        self.heard = Overhearing(self.clock, self.ear, self.machine, BusListenerRecorder, mask)
        self.ends: list[ProcedureFinished] = []
        self.driver = Driver(self.master, wire, self.clock, self._hear)
        self.driver.open()
        self.first = len(self.station.traffic)

    def _hear(self, event: object) -> None:
        if isinstance(event, ProcedureFinished):
            self.ends.append(event)

    def run(self, procedure: Procedure) -> ProcedureFinished:
        self.driver.run(lambda: self.master.start(procedure, self.clock.now()))
        assert self.clock.run_until(self.clock.now() + 900, lambda: bool(self.ends))
        self.clock.advance(2)
        return self.ends.pop()

    def say(self, *frames: Frame, baud: int | None = None) -> None:
        def procedure() -> Procedure:
            yield SetSpeed(baud)
            for frame in frames:
                yield Exchange(frame, Expect.ACK, retries=0)

        self.run(procedure())

    @property
    def own(self) -> list[TrafficRow]:
        """What the module itself wrote of this bus."""
        return [row for row in rows_of(self.station.traffic, self.first) if row.side is Side.MBUS]


# Beside real machines


def test_an_answer_of_several_telegrams_gives_the_same_rows_as_the_slave_s_own() -> None:
    bus = Bus()
    assert bus.run(read_primary(0)).error is None
    assert len(bus.own) >= 8, "several telegrams"
    assert said(bus.heard.rows) == said(bus.own)
    assert [row.at for row in bus.heard.rows] == pytest.approx([row.at for row in bus.own])
    assert all(row.heard and row.link == "listen:sim:ear" for row in bus.heard.rows)
    assert not any(row.heard for row in bus.own)
    assert bus.heard.events == []
    assert bus.ear.lines == []


def test_a_change_of_speed_is_followed_there_and_back() -> None:
    bus = Bus()
    bus.say(SAY_300)
    assert bus.ear.line == AT_300
    assert bus.run(read_slave(SlaveAddress(0, baud=300))).error is None
    bus.say(SAY_2400, baud=300)
    assert bus.run(initialise(0)).error is None
    assert said(bus.heard.rows) == said(bus.own)
    assert bus.ear.lines == [AT_300, AT_2400]
    followed = [event.line for event in bus.heard.events if isinstance(event, SpeedFollowed)]
    assert followed[0] == AT_300
    assert followed[-1] == AT_2400


def test_a_command_that_nobody_acknowledges_is_not_followed() -> None:
    bus = Bus()
    bus.say(Frame.control(0x73, 9, 0xB8))
    bus.run(initialise(0))
    assert bus.ear.lines == []
    assert said(bus.heard.rows) == said(bus.own)


def test_an_acknowledgement_behind_damage_may_be_of_something_else() -> None:
    machine = BusListener(AT_2400, has_speed=True)
    effects = list(machine.opened())
    for data, at in ((SAY_300.to_bytes(), 1.0), (b"\x00\x01", 1.1), (b"\xe5", 2.0)):
        if machine.deadline is not None and machine.deadline <= at:
            effects += machine.tick(at)
        effects += machine.receive(data, at)
    assert not [effect for effect in effects if isinstance(effect, SetLine)]


def test_a_slave_that_changes_alone_does_not_take_the_listener_from_the_others() -> None:
    # The module goes to 300, its master speaks to the others at 2400; the new speed was followed in vain.
    bus = Bus()
    bus.say(SAY_300)
    assert bus.ear.line == AT_300
    other = Frame.short(0x40, 9)
    bus.say(other)
    bus.say(other)
    assert bus.ear.line == AT_2400
    bus.say(other)
    assert said(bus.heard.rows)[-1] == (Direction.RECEIVED, RowKind.TELEGRAM, 9, other.to_bytes())


def test_a_broadcast_is_followed_without_an_answer() -> None:
    machine = BusListener(AT_2400, has_speed=True)
    machine.opened()
    effects = machine.receive(Frame.control(0x53, 255, 0xB8).to_bytes(), 1.0)
    assert SetLine(1, AT_300) in effects


def test_the_speed_is_found_where_the_link_says_so() -> None:
    bus = Bus(AT_2400, AT_300, finds_speed=True)
    for _ in range(4):
        bus.run(initialise(0))
    assert bus.ear.line == AT_2400
    assert bus.machine.found
    rows = said(bus.heard.rows)
    # One telegram and its answer are what it costs.
    damaged = sum(kind is RowKind.LINE_ERROR for _, kind, _, _ in rows)
    assert 1 <= damaged <= 2
    assert rows[damaged:] == said(bus.own)[-len(rows) + damaged :]
    assert len(rows) - damaged >= 6
    assert [(event.line, event.found) for event in bus.heard.events if isinstance(event, SpeedFollowed)] == [
        (AT_2400, False),
        (AT_2400, True),
    ]


def test_selecting_by_secondary_address_is_overheard_as_it_is() -> None:
    bus = Bus()
    assert bus.run(read_secondary(mask_bytes("12345678"))).error is None
    assert said(bus.heard.rows) == said(bus.own)
    assert bus.own[0].address == 253 or bus.own[1].address == 253


def test_no_password_is_in_what_was_heard() -> None:
    bus = Bus()
    bus.say(Frame.long(0x73, 0, 0x51, text_command("p1", "geheim12")))
    (row,) = [row for row in bus.heard.rows if row.masked]
    assert row.words is not None
    assert str(row.words).endswith("secrets masked")
    assert b"geheim12"[::-1] not in row.data
    assert b"geheim12" not in row.data
    assert said(bus.heard.rows) == said(bus.own)


@pytest.mark.parametrize("cut", range(1, 20))
def test_a_password_that_was_under_way_when_listening_began_is_not_shown(cut: int) -> None:
    secret = Frame.long(0x73, 0, 0x51, text_command("p1", "geheim12")).to_bytes()
    store = TrafficStore()
    recorder = BusListenerRecorder(store, lambda: "listen:x", lambda index, at: None, MbusMask(load_module_profile()))
    for piece in heard((secret[cut:], 1.0), (REQUEST, 3.0)):
        recorder.overheard(piece)
    stored = b"".join(row.data for row in rows_of(store))
    assert stored.endswith(REQUEST)
    assert not any(part in stored for part in (b"gehe", b"heim", b"im12", b"21mi", b"mieh", b"eheg"))


def test_a_transparent_link_hears_every_speed() -> None:
    bus = Bus(AT_2400, None)
    bus.say(SAY_300)
    bus.say(Frame.short(0x40, 0), baud=300)
    assert said(bus.heard.rows) == said(bus.own)
    assert bus.ear.lines == []
    assert bus.heard.events == []


def test_at_the_wrong_speed_it_says_so_once_and_keeps_what_came() -> None:
    bus = Bus(AT_2400, AT_300)
    for _ in range(8):
        bus.run(initialise(0))
    assert [type(event) for event in bus.heard.events] == [Unreadable]
    assert {row.kind for row in bus.heard.rows} == {RowKind.LINE_ERROR}
    assert bus.ear.line == AT_300, "a speed that was named stays"


def test_after_an_unplugged_port_is_back_it_goes_on() -> None:
    bus = Bus()
    bus.run(initialise(0))
    bus.say(SAY_300)
    bus.ear.lose()
    bus.ear.come_back()
    assert bus.ear.line == AT_2400
    heard = len(bus.heard.rows)
    bus.run(initialise(9))
    assert said(bus.heard.rows)[heard:][0] == (Direction.RECEIVED, RowKind.TELEGRAM, 9, Frame.short(0x40, 9).to_bytes())


# What bytes mean


def heard(*pieces: tuple[bytes, float], end: float = 100.0) -> list[BusTraffic]:
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
    first, *rest = heard((REQUEST, 1.0), (collision, 1.2))
    assert first.from_master
    assert rest
    assert not any(piece.from_master for piece in rest)
    assert not any(isinstance(piece.event, GoodFrame) for piece in rest)
    assert b"".join(piece.event.raw for piece in rest) == collision


def test_damage_that_no_answer_is_due_for_is_the_master_s() -> None:
    noise = b"\x00\x55\x00"
    assert [piece.from_master for piece in heard((REQUEST, 1.0), (ANSWER, 1.2), (noise, 3.0))] == [True, False, True]
    assert [piece.from_master for piece in heard((REQUEST, 1.0), (noise, 3.0))] == [True, True], "after the window"
    broadcast = Frame.short(0x40, 255).to_bytes()
    assert [piece.from_master for piece in heard((broadcast, 1.0), (noise, 1.1))] == [True, True], "nobody answers"


def test_a_damaged_telegram_that_shows_its_c_field_tells_who_sent_it() -> None:
    bad = ANSWER[:-2] + bytes((ANSWER[-2] ^ 1, ANSWER[-1]))
    (only,) = heard((bad, 1.0))
    assert isinstance(only.event, BadChecksum)
    assert not only.from_master
    command = Frame.long(0x53, 7, 0x51, b"\x01\x7a\x05").to_bytes()[:-1]
    (only,) = heard((REQUEST, 1.0), (command, 1.1))[1:]
    assert isinstance(only.event, Truncated)
    assert only.from_master


def test_what_was_under_way_when_listening_began_is_called_so() -> None:
    pieces = heard((ANSWER[-9:], 1.0), (b"\x00\x01", 3.0))
    assert [(type(piece.event), piece.midway) for piece in pieces] == [(Noise, True), (Noise, False)]
    assert [piece.midway for piece in heard((REQUEST, 1.0), (b"\x00", 1.0001))] == [False, False]


def test_a_break_is_told_once() -> None:
    machine = BusListener(AT_2400, has_speed=True)
    machine.opened()
    effects = [*machine.line_event(LineEvent.BREAK, 1.0), *machine.line_event(LineEvent.BREAK, 1.01)]
    assert effects == [BusTraffic(LineEvent.BREAK, True, 1.0, True)]


TELEGRAMS = st.sampled_from(
    [REQUEST, ANSWER, b"\xe5", SAY_300.to_bytes(), Frame.short(0x40, 255).to_bytes(), ANSWER[:7], b"\x00\x68\x10"]
) | st.binary(max_size=12)


@given(st.lists(TELEGRAMS, max_size=12), st.data())
def test_however_the_bytes_are_cut_the_rows_are_the_same(telegrams: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(telegrams)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(stream)))))
    pieces = [stream[first:behind] for first, behind in zip([0, *cuts], [*cuts, len(stream)], strict=True)]

    def run(chunks: list[bytes]) -> list[tuple[object, bool, bool]]:
        # All at one instant: how long a lump took to arrive is another question.
        found = heard(*((chunk, 1.0) for chunk in chunks if chunk))
        return [(piece.event, piece.from_master, piece.midway) for piece in found]

    whole, cut = run([stream]), run(pieces)
    assert cut == whole
    assert b"".join(event.raw for event, _, _ in whole) == stream  # type: ignore[attr-defined]
