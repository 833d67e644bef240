"""A listener on a meter's line beside real reading and tariff devices: sender, speed, and no password."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.iec62056.events import START_LINE, Failed, ReadoutReceived, SignedOff
from cmi_gui.engine.iec62056.exchange import plain_login
from cmi_gui.engine.iec62056.listener import MeterListener, MeterTraffic, ObservedReadout
from cmi_gui.engine.iec62056.message import (
    BREAK,
    Command,
    DataMessage,
    Handshake,
    Identification,
    OptionSelect,
    Request,
)
from cmi_gui.engine.iec62056.tariff_device import TariffRules
from cmi_gui.engine.machine import Line, SetLine, SpeedFollowed, Unreadable
from cmi_gui.engine.traffic.recorder import MeterListenerRecorder
from cmi_gui.engine.traffic.store import Direction, RowKind, Side, TrafficStore
from tests.helpers.meter_telegrams import M26_LINES
from tests.helpers.reading_devices import Rig
from tests.helpers.tapped_wire import TapLink, TapListener, tap

SPEEDS = {"0": 300, "1": 600, "2": 1200, "3": 2400, "4": 4800, "5": 9600}
REQUEST = Request().to_bytes()
IDENTIFICATION = Identification("LGZ", "4", "ZMF100AC.M26").to_bytes()
SELECT = OptionSelect(speed="4").to_bytes()
PROGRAM = OptionSelect(speed="4", mode="1").to_bytes()
PASSWORD = Command("P", "1", "(geheim12)").to_bytes()
READOUT = DataMessage("F.F(00)\r\n1.8.0(1*kWh)\r\n!\r\n").to_bytes()


class Line7:
    """A rig with paced characters, and a listener."""

    def __init__(self, speed: str = "4", *, transparent: bool = False, rules: TariffRules | None = None) -> None:
        self.rig = Rig(speed, paced=True, rules=rules)
        self.clock: VirtualClock = self.rig.clock
        self.tap_link = TapLink(self.clock, None if transparent else START_LINE)
        self.machine = MeterListener()
        tap(self.tap_link, self.rig.near)
        self.listener = TapListener(self.clock, self.tap_link, self.machine, MeterListenerRecorder)

    @property
    def sent(self) -> list[tuple[Direction, bytes]]:
        """The messages that the two devices sent."""
        names = {"reader": Direction.SENT, "device": Direction.RECEIVED}
        return [(names[name], data) for name, data, _ in self.rig.wire]

    @property
    def rows(self) -> list[tuple[Direction, bytes]]:
        assert {(row.side, row.kind) for row in self.listener.rows} <= {(Side.METER, RowKind.TELEGRAM)}
        return [(row.direction, row.data) for row in self.listener.rows]

    @property
    def readouts(self) -> list[ObservedReadout]:
        return [event for event in self.listener.events if isinstance(event, ObservedReadout)]

    @property
    def speeds(self) -> list[int]:
        return [event.line.baud for event in self.listener.events if isinstance(event, SpeedFollowed)]


# Beside real machines


@pytest.mark.parametrize("speed", SPEEDS)
def test_a_readout_at_every_speed_is_received(speed: str) -> None:
    line = Line7(speed)
    assert isinstance(line.rig.read(), ReadoutReceived)
    assert line.rows == line.sent
    assert [direction for direction, _ in line.rows] == [
        Direction.SENT,
        Direction.RECEIVED,
        Direction.SENT,
        Direction.RECEIVED,
    ]
    (readout,) = line.readouts
    assert readout.lines == tuple(M26_LINES)
    assert readout.identification == line.rig.application.identification
    assert line.speeds == ([] if speed == "0" else [SPEEDS[speed], 300])
    assert line.tap_link.line == START_LINE
    assert [row.at for row in line.listener.rows] == pytest.approx([at for _, _, at in line.rig.wire])


def test_readout_after_readout_is_followed() -> None:
    line = Line7("5")
    for _ in range(3):
        line.rig.read()
        line.clock.advance(1)
    assert line.rows == line.sent
    assert len(line.readouts) == 3
    assert line.speeds == [9600, 300] * 3


def test_a_programming_session_is_recorded_without_its_password() -> None:
    line = Line7()
    rig = line.rig
    rig.reader_driver.run(lambda: rig.reader.start_programming(rig.clock.now(), login=plain_login("00000000")))
    rig.until_ready()
    for command in (Command("R", "1", "1.8.0()"), Command("R", "3", "P.01()"), Command("W", "1", "C003(1)")):
        rig.reader_driver.run(lambda command=command: rig.reader.send_command(rig.clock.now(), command))
        rig.until_ready()
        rig.clock.advance(20)
    rig.reader_driver.run(lambda: rig.reader.sign_off(rig.clock.now()))
    assert isinstance(rig.finish(), SignedOff)
    masked = [row for row in line.listener.rows if row.masked]
    (password,) = masked
    assert str(password.words) == "command P1; secrets masked"
    assert b"00000000" not in password.data
    assert [direction for direction, _ in line.rows] == [direction for direction, _ in line.sent]
    assert [data for _, data in line.rows if b"\x01P1" not in data] == [
        data for _, data in line.sent if b"\x01P1" not in data
    ]
    assert line.speeds == [4800, 300]
    assert line.readouts == []


def test_a_wrong_password_ends_the_session() -> None:
    line = Line7(rules=TariffRules(lock_out=0))
    rig = line.rig
    rig.reader_driver.run(lambda: rig.reader.start_programming(rig.clock.now(), login=plain_login("11111111")))
    rig.finish()
    rig.clock.advance(5)
    assert line.rows[-1] == (Direction.RECEIVED, BREAK.to_bytes())
    assert line.speeds == [4800, 300]


def test_a_readout_with_a_wrong_bcc_is_damage_and_the_next_one_is_received() -> None:
    line = Line7()
    line.rig.device.faults.bad_bcc = True
    assert isinstance(line.rig.read(), Failed)
    assert [row.kind for row in line.listener.rows] == [RowKind.TELEGRAM] * 3 + [RowKind.BAD_CHECKSUM]
    assert line.readouts == []
    line.rig.device.faults.bad_bcc = False
    line.clock.advance(5)
    assert isinstance(line.rig.read(), ReadoutReceived)
    assert len(line.readouts) == 1
    assert line.speeds == [4800, 300] * 2


def test_a_meter_that_stays_silent_leaves_the_listener_at_300() -> None:
    line = Line7()
    line.rig.device.faults.silent = True
    line.rig.read()
    line.rig.device.faults.silent = False
    line.clock.advance(10)
    line.rig.read()
    assert len(line.readouts) == 1


def test_a_meter_that_falls_silent_after_the_option_select_leaves_it_at_300_too() -> None:
    line = Line7()
    rig = line.rig
    rig.reader_driver.run(lambda: rig.reader.start_readout(rig.clock.now()))
    assert rig.clock.run_until(rig.clock.now() + 20, lambda: line.tap_link.line != START_LINE)
    rig.device.faults.silent = True
    rig.device_driver.close()
    rig.finish()
    assert rig.clock.run_until(rig.clock.now() + 5, lambda: line.tap_link.line == START_LINE)


def test_a_session_begun_before_listening_is_reported_and_the_next_one_followed() -> None:
    line = Line7()
    rig = line.rig
    line.listener.driver.close()
    rig.reader_driver.run(lambda: rig.reader.start_readout(rig.clock.now()))
    assert rig.clock.run_until(rig.clock.now() + 20, lambda: rig.near.line != START_LINE)
    rig.clock.advance(0.3)
    line.listener.driver.open()
    rig.finish()
    assert [type(event) for event in line.listener.events] == [Unreadable]
    assert {row.kind for row in line.listener.rows} == {RowKind.LINE_ERROR}
    rig.clock.advance(3)
    rig.read()
    assert len(line.readouts) == 1


def test_a_new_sign_on_within_a_session_is_followed() -> None:
    # The reading device was switched off and on: it begins at 300 while the listener is at the session's speed.
    line = Line7()
    rig = line.rig
    rig.reader_driver.run(lambda: rig.reader.start_programming(rig.clock.now()))
    rig.until_ready()
    assert line.tap_link.line == Line(4800, 7)
    rig.reader_driver.run(lambda: rig.reader.lost(rig.clock.now()))
    rig.device_driver.run(rig.device.power_down)
    rig.device_driver.run(rig.device.power_up)
    rig.near.set_line(999, START_LINE)
    rig.clock.advance(3)
    assert isinstance(rig.read(), ReadoutReceived)
    assert line.tap_link.line == START_LINE
    (readout,) = line.readouts
    assert readout.lines == tuple(M26_LINES)


def test_a_head_that_was_taken_off_begins_at_300_again() -> None:
    line = Line7()
    rig = line.rig
    rig.reader_driver.run(lambda: rig.reader.start_programming(rig.clock.now()))
    rig.until_ready()
    assert line.tap_link.line == Line(4800, 7)
    line.tap_link.lose()
    line.tap_link.come_back()
    assert line.tap_link.line == START_LINE
    rig.reader_driver.run(lambda: rig.reader.sign_off(rig.clock.now()))
    rig.finish()
    rig.clock.advance(5)
    rig.read()
    assert len(line.readouts) == 1


def test_a_transparent_link_receives_every_speed() -> None:
    line = Line7(transparent=True)
    line.rig.read()
    assert line.rows == line.sent
    assert len(line.readouts) == 1


# Meaning of bytes


def run(*pieces: tuple[bytes, float], end: float = 1000.0) -> tuple[list[MeterTraffic], list[object]]:
    machine = MeterListener()
    effects = list(machine.opened())
    for data, at in pieces:
        while machine.deadline is not None and machine.deadline <= at:
            effects += machine.tick(machine.deadline)
        effects += machine.receive(data, at)
    while machine.deadline is not None and machine.deadline <= end:
        effects += machine.tick(machine.deadline)
    listener = [effect for effect in effects if isinstance(effect, MeterTraffic)]
    return listener, [effect for effect in effects if not isinstance(effect, MeterTraffic | SetLine)]


def test_ack_and_nak_belong_to_the_side_whose_turn_it_is() -> None:
    ack, nak = Handshake.ACK.to_bytes(), Handshake.NAK.to_bytes()
    write = Command("W", "1", "C003(1)").to_bytes()
    operand = Command("P", "0", "()").to_bytes()
    messages = [REQUEST, IDENTIFICATION, PROGRAM, operand, PASSWORD, ack, write, nak, write, ack]
    listener, _ = run(*((data, 1.0 + 0.3 * index) for index, data in enumerate(messages)))
    assert [piece.from_meter for piece in listener] == [index % 2 == 1 for index in range(len(messages))]


def test_a_reader_without_an_answer_sends_again() -> None:
    write = Command("W", "1", "C003(1)").to_bytes()
    listener, _ = run((REQUEST, 1.0), (IDENTIFICATION, 1.4), (PROGRAM, 1.8), (write, 2.0), (BREAK.to_bytes(), 6.0))
    assert [piece.from_meter for piece in listener] == [False, True, False, False, False]


def test_a_meter_that_offers_another_speed_than_was_chosen_stays_at_300() -> None:
    _, others = run((REQUEST, 1.0), (IDENTIFICATION, 1.4), (OptionSelect(speed="5").to_bytes(), 1.8))
    assert others == []


def test_an_option_select_is_followed_although_the_identification_was_damaged() -> None:
    _, others = run((REQUEST, 1.0), (IDENTIFICATION[:-5], 1.4), (SELECT, 1.8), (READOUT, 2.5))
    assert [event.line.baud for event in others if isinstance(event, SpeedFollowed)] == [4800, 300]
    (readout,) = [event for event in others if isinstance(event, ObservedReadout)]
    assert readout.identification is None


def test_a_repeat_after_nak_is_received_at_the_same_speed() -> None:
    bad = READOUT[:-1] + bytes((READOUT[-1] ^ 1,))
    listener, others = run(
        (REQUEST, 1.0), (IDENTIFICATION, 1.4), (SELECT, 1.8), (bad, 2.5), (b"\x15", 3.0), (READOUT, 4.0)
    )
    assert [piece.from_meter for piece in listener] == [False, True, False, True, False, True]
    followed = [(event.line.baud, event.at) for event in others if isinstance(event, SpeedFollowed)]
    assert followed == [(4800, 1.8), (300, 4.0)]


def test_a_session_may_rest_for_two_minutes_before_it_is_given_up() -> None:
    operand, read = Command("P", "0", "()").to_bytes(), Command("R", "1", "1.8.0()").to_bytes()
    begun = ((REQUEST, 1.0), (IDENTIFICATION, 1.4), (PROGRAM, 1.8), (operand, 2.0))
    for rest, given_up in ((118.0, False), (122.0, True)):
        _, others = run(*begun, (read, 2.0 + rest), end=2.0 + rest)
        speeds = [event.line.baud for event in others if isinstance(event, SpeedFollowed)]
        assert speeds == ([4800, 300] if given_up else [4800])


def test_messages_begun_before_listening_are_marked() -> None:
    listener, _ = run((b"12)\x03", 1.0), (b"34)", 1.1), (b"xyz", 5.0))
    assert [(piece.event.raw, piece.midway) for piece in listener] == [(b"12)\x0334)", True), (b"xyz", False)]  # type: ignore[union-attr]


# Secrets


def masked(*pieces: tuple[bytes, float]) -> str:
    """All rows' bytes, as they are stored."""
    store = TrafficStore()
    recorder = MeterListenerRecorder(store, lambda: "listen:there", lambda index, at: None)
    listener, _ = run(*pieces)
    for piece in listener:
        recorder.record(piece)
    return b"|".join(store.row(index).data for index in range(len(store))).decode("latin-1")


SIGNED_ON = ((REQUEST, 1.0), (IDENTIFICATION, 1.4), (PROGRAM, 1.8), (Command("P", "0", "()").to_bytes(), 2.0))


@pytest.mark.parametrize("at", range(len(PASSWORD)))
@pytest.mark.parametrize("flip", [0x01, 0x02, 0x10, 0x80])
def test_one_damaged_character_does_not_reveal_the_password(at: int, flip: int) -> None:
    damaged = bytearray(PASSWORD)
    damaged[at] ^= flip
    stored = masked(*SIGNED_ON, (bytes(damaged), 2.5))
    fragments = {bytes(damaged[first : first + 4]).decode("latin-1") for first in range(4, len(damaged) - 6)}
    assert not [part for part in fragments if part in stored]


@pytest.mark.parametrize("cut", range(1, len(PASSWORD)))
def test_a_password_message_with_a_pause_does_not_reveal_it(cut: int) -> None:
    stored = masked(*SIGNED_ON, (PASSWORD[:cut], 2.5), (PASSWORD[cut:], 6.0))
    assert not any(part in stored for part in ("gehe", "ehei", "heim", "eim1", "im12"))


@pytest.mark.parametrize("cut", range(1, len(PASSWORD)))
def test_a_password_begun_before_listening_is_not_shown(cut: int) -> None:
    stored = masked((PASSWORD[cut:], 1.0))
    assert not any(part in stored for part in ("gehe", "ehei", "heim", "eim1", "im12"))


# Splits

MESSAGES = st.sampled_from(
    [REQUEST, IDENTIFICATION, SELECT, PROGRAM, PASSWORD, READOUT, READOUT[:9], BREAK.to_bytes(), b"\x06", b"\x15"]
) | st.binary(max_size=12)


@given(st.lists(MESSAGES, max_size=12), st.data())
def test_chunks_of_bytes_make_no_difference_to_the_rows(sent: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(sent)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(stream)))))
    pieces = [stream[first:behind] for first, behind in itertools.pairwise([0, *cuts, len(stream)])]

    def rows(chunks: list[bytes]) -> tuple[list[tuple[object, bool, bool]], list[object]]:
        listener, others = run(*((chunk, 1.0) for chunk in chunks if chunk))
        return [(piece.event, piece.from_meter, piece.midway) for piece in listener], others

    assert rows(pieces) == rows([stream])
