"""Each fault on the wire, as a scripted master receives it byte by byte: from one module and from one of many."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import serial

from cmi_gui.engine.bus.faults import FAULTS, parse_fault
from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.events import FaultHappened
from cmi_gui.engine.machine import Line, LineEvent
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.frame import ACK_FRAME, Frame, parse_frame
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.metering_point import PointConfig
from cmi_gui.engine.station.station import Station
from cmi_gui.engine.traffic.capture import CaptureWriter
from cmi_gui.engine.traffic.exchanges import SILENT, Exchanges
from cmi_gui.engine.traffic.store import MARKS, Direction, RowKind, Side
from cmi_gui.engine.traffic.summaries import summarise
from tests.helpers.station_bench import NOON, port_of, station
from tests.helpers.tapped_wire import read_capture, rows_of
from tests.helpers.waiting import poll
from tests.helpers.wire_peer import WirePeer

LINE = Line(2400)
ACK = b"\xe5"
SERIALS = ("50100001", "50100002", "50100003")


def points(count: int) -> tuple[PointConfig, ...]:
    return tuple(
        PointConfig(serial, start_time=NOON, readout_interval=3600.0, paced=False) for serial in SERIALS[:count]
    )


def select(serial_number: str) -> bytes:
    mask = bytes.fromhex(serial_number)[::-1] + b"\xff" * 4
    return Frame.long(0x53, 253, 0x52, mask).to_bytes()


def request(fcb: int = 0) -> bytes:
    return Frame.short(0x5B | fcb, 253).to_bytes()


NKE = Frame.short(0x40, 253).to_bytes()
COMMAND = Frame.long(0x53, 253, 0x51, bytes.fromhex("01 7A 05")).to_bytes()
"""The command that sets the primary address to 5."""


class Bench:
    """A room in virtual time whose first module is selected, and a master on its wire. `plain`: its answer."""

    def __init__(self, count: int, line: Line | None = LINE) -> None:
        self.clock = VirtualClock(1000.0)
        self.station = Station(StationConfig((), modules=points(count)), self.clock)
        self.subscription = self.station.subscribe()
        self.peer = WirePeer(self.clock, self.station.connect_master(line), LINE)
        self.station.start()
        self.clock.advance(60)
        assert self.peer.ask(select(SERIALS[0])) == ACK
        self.plain = self.peer.ask(request(), 1.5)
        assert parse_frame(self.plain).c == 8
        self.subscription.drain()

    def inject(self, text: str) -> None:
        self.station.point.faults.add(parse_fault(text))

    def happened(self) -> list[FaultHappened]:
        events = [stamped.event for stamped in self.subscription.drain()]
        return [event for event in events if isinstance(event, FaultHappened)]


@pytest.fixture(params=[1, 3], ids=["alone", "of three"])
def bench(request: pytest.FixtureRequest) -> Bench:
    return Bench(request.param)


Check = Callable[[bytes, bytes], bool]
"""A function from the undisturbed answer and what was received to whether that is right."""


def differing_bits(plain: bytes, received: bytes) -> int:
    if len(plain) != len(received):
        return -1
    return (int.from_bytes(plain) ^ int.from_bytes(received)).bit_count()


def frame_of(data: bytes) -> Frame:
    """Return the frame of whole telegram, else an E5."""
    try:
        return parse_frame(data)
    except MBusError:
        return ACK_FRAME


def is_noise(data: bytes) -> bool:
    return 1 <= len(data) <= 4 and not set(data) & {0x10, 0x68, 0xE5}


def is_foreign(plain: bytes, received: bytes) -> bool:
    own, other = parse_frame(plain), frame_of(received)
    number = bytes.fromhex("".join(str(9 - int(digit)) for digit in SERIALS[0]))[::-1]
    return (other.a, other.data) == (own.a + 125, number + own.data[4:])


def error(code: int) -> Check:
    return lambda plain, received: frame_of(received) == Frame.long(8, parse_frame(plain).a, 0x70, bytes((code,)))


def unchanged(plain: bytes, received: bytes) -> bool:
    return received == plain


RESPONSES: dict[str, Check] = {
    "no-answer": lambda plain, received: received == b"",
    "late 1": unchanged,
    "late 300": unchanged,
    "late 1700": unchanged,
    "jitter 300": unchanged,
    "cut 1": lambda plain, received: received == plain[:-1],
    "cut 100": lambda plain, received: received == plain[:-100],
    "cut 260": lambda plain, received: received == plain[:-260],
    "flip 1": lambda plain, received: differing_bits(plain, received) == 1,
    "flip 64": lambda plain, received: differing_bits(plain, received) == 64,
    "bad-checksum": lambda plain, received: received == plain[:-2] + bytes(((plain[-2] + 1) % 256, 0x16)),
    "noise-before": lambda plain, received: received.endswith(plain) and is_noise(received[: -len(plain)]),
    "noise-after": lambda plain, received: received.startswith(plain) and is_noise(received[len(plain) :]),
    "doubled": lambda plain, received: received == 2 * plain,
    "lost-ack": unchanged,
    "foreign": is_foreign,
    "application-error 3": error(3),
    "busy": error(8),
    "previous-section": unchanged,
    "break": lambda plain, received: received == plain[: len(plain) // 2],
}
ACKS: dict[str, Check] = {
    "no-answer": lambda plain, received: received == b"",
    "late 300": unchanged,
    "jitter 300": unchanged,
    "cut 1": lambda plain, received: received == b"",
    "flip 2": lambda plain, received: differing_bits(plain, received) == 2,
    "flip 64": lambda plain, received: received == b"\x1a",
    "bad-checksum": unchanged,
    "noise-before": lambda plain, received: received.endswith(ACK) and is_noise(received[:-1]),
    "noise-after": lambda plain, received: received.startswith(ACK) and is_noise(received[1:]),
    "doubled": lambda plain, received: received == 2 * ACK,
    "lost-ack": lambda plain, received: received == b"",
    "foreign": unchanged,
    "application-error 3": unchanged,
    "busy": unchanged,
    "previous-section": unchanged,
    "break": lambda plain, received: received == b"",
}
LATE = {"late 1": 1, "late 300": 300, "late 1700": 1700}
IN_TIME = {"jitter 300", *LATE}


def test_every_fault_is_tried() -> None:
    for table in (RESPONSES, ACKS):
        assert {parse_fault(text).kind for text in table} == FAULTS.keys()


def check_times(bench: Bench, text: str, plain: bytes) -> None:
    """Check when each character began, in bit times after the request."""
    starts = bench.peer.starts
    begin = 11.0
    if text in LATE:
        begin += LATE[text] * 2.4
    elif text == "jitter 300" and starts:
        assert 11 <= starts[0] <= 11 + 300 * 2.4
        begin = starts[0]
    expected = [begin + 11 * number for number in range(len(bench.peer.log))]
    if text == "doubled":
        # The second copy follows 11 bit times after the first.
        expected = [at if number < len(plain) else at + 11 for number, at in enumerate(expected)]
    assert starts == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("text", RESPONSES)
def test_a_fault_of_an_answer(bench: Bench, text: str) -> None:
    bench.inject(f"{text} once")
    received = bench.peer.ask(request(), 6.0)
    assert RESPONSES[text](bench.plain, received)
    check_times(bench, text, bench.plain)
    applies = text not in ("lost-ack", "previous-section")
    assert bench.peer.events == ([LineEvent.BREAK] if text == "break" else [])
    assert bench.happened() == (
        [FaultHappened(SERIALS[0], f"{text} once", pytest.approx(bench.peer.sent_at))] if applies else []
    )
    # Nothing is left of the fault: the next answer is whole.
    bench.station.point.faults.clear()
    assert parse_frame(bench.peer.ask(request(0x20), 3.0)).c == 8
    check_times(bench, "", b"")
    assert bench.happened() == []


@pytest.mark.parametrize("count", [1, 3])
def test_a_doubled_answer_comes_at_once_where_characters_take_no_time(count: int) -> None:
    bench = Bench(count, None)
    bench.inject("doubled once")
    assert bench.peer.ask(request(), 0.2) == 2 * bench.plain
    assert parse_frame(bench.peer.ask(request(0x20), 6.0)).c == 8


@pytest.mark.parametrize("often", ["every 2", "50 %"])
@pytest.mark.parametrize("text", sorted(RESPONSES.keys() - {"lost-ack", "previous-section"}))
def test_a_fault_of_some_answers(bench: Bench, text: str, often: str) -> None:
    bench.inject(f"{text} {often}")
    happened = []
    for _ in range(3):
        received = bench.peer.ask(request(), 3.0)
        happened.append(len(bench.happened()))
        assert RESPONSES[text](bench.plain, received) if happened[-1] else received == bench.plain
    assert happened == [0, 1, 0] or often == "50 %"


@pytest.mark.parametrize("text", ACKS)
def test_a_fault_of_an_acknowledgement(bench: Bench, text: str) -> None:
    bench.inject(f"{text} once")
    received = bench.peer.ask(COMMAND, 6.0)
    assert ACKS[text](ACK, received)
    check_times(bench, text, ACK)
    assert bench.peer.events == ([LineEvent.BREAK] if text == "break" else [])
    assert bench.station.module.primary_address == 5, "the command has been executed"
    applies = text not in ("bad-checksum", "foreign", "application-error 3", "busy", "previous-section")
    assert len(bench.happened()) == applies
    bench.station.point.faults.clear()
    assert bench.peer.ask(NKE) == ACK


def test_the_wire_is_held_for_22_bit_times(bench: Bench) -> None:
    """An answer that is due before the end of the break waits for it."""
    bench.inject("break once")
    half = len(bench.plain) // 2
    # The next request ends 12 bit times before the end of the break, so its answer is due a bit time before that end.
    bench.peer.ask(request(), (11 + 11 * half + 22 - 12) / 2400)
    answered = bench.peer.sent_at
    assert bench.peer.ask(NKE).endswith(ACK)
    assert bench.peer.log[-1][0] == pytest.approx(answered + (11 + 11 * half + 22 + 11) / 2400, abs=1e-6)


def test_the_section_before_comes_in_place_of_the_next(bench: Bench) -> None:
    bench.inject("previous-section once")
    assert bench.peer.ask(request(0x20)) == bench.plain
    second = bench.peer.ask(request(0x20))
    # The slave has gone on: a repeated request gets the section that was not sent.
    assert second != bench.plain
    assert parse_frame(second).c == 8
    # After an initialisation there is no section before.
    bench.peer.ask(NKE)
    bench.peer.ask(select(SERIALS[0]))
    bench.inject("previous-section")
    assert bench.peer.ask(request()) not in (bench.plain, second)


def test_after_a_loss_of_voltage_there_is_no_section_before() -> None:
    bench = Bench(1)
    plain = bench.peer.ask(Frame.short(0x5B, 0).to_bytes())
    bench.inject("previous-section")
    bench.station.set_bus_voltage(0)
    bench.clock.advance(1)
    bench.station.set_bus_voltage(24)
    bench.clock.advance(60)
    answer = parse_frame(bench.peer.ask(Frame.short(0x7B, 0).to_bytes()))
    assert answer.c == 8
    assert answer != parse_frame(plain)


def test_a_slave_that_prepares_a_late_answer_receives_nothing(bench: Bench) -> None:
    bench.inject("late 1000 once")
    bench.peer.ask(request(), 0.5)
    assert bench.peer.data == b""
    first = bench.peer.sent_at
    bench.peer.ask(request(0x20), 6.0)
    assert bench.peer.data == bench.plain
    assert bench.peer.log[0][0] == pytest.approx(first + 1.0 + 22 / 2400)


def test_a_break_of_the_master_ends_a_late_answer(bench: Bench) -> None:
    bench.inject("late 1000 once")
    bench.peer.ask(request(), 0.5)
    bench.station.break_bus()
    bench.clock.advance(2)
    assert bench.peer.data == b""
    assert bench.peer.ask(request()) == bench.plain
    bench.inject("late 1000 once")
    bench.peer.ask(request(), 1.0 + 60 / 2400 + 0.1)
    begun = bench.peer.data
    assert 0 < len(begun) < len(bench.plain)
    bench.station.break_bus()
    bench.clock.advance(5)
    assert bench.peer.data == begun


def test_a_module_without_power_sends_no_late_answer(bench: Bench) -> None:
    bench.inject("late 1000 once")
    bench.peer.ask(request(), 0.5)
    bench.station.set_bus_voltage(0)
    bench.clock.advance(5)
    assert bench.peer.data == b""


def test_a_late_acknowledgement_of_a_change_of_speed_has_the_old_speed(bench: Bench) -> None:
    bench.inject("late 300 once")
    to_300 = Frame.control(0x53, 253, 0xB8).to_bytes()
    assert bench.peer.ask(to_300, 3.0) == ACK
    assert bench.peer.starts == pytest.approx([11 + 720], abs=0.01)
    assert bench.peer.events == []
    assert bench.peer.ask(request(), 8.0) == b"", "the module is at 300 bit/s"


def test_a_break_before_a_late_acknowledgement_keeps_the_speed(bench: Bench) -> None:
    bench.inject("late 300 once")
    assert bench.peer.ask(Frame.control(0x53, 253, 0xB8).to_bytes(), 0.2) == b""
    bench.station.break_bus()
    bench.clock.advance(1)
    assert bench.peer.data == b""
    assert parse_frame(bench.peer.ask(request())).c == 8


def test_a_late_answer_meets_that_of_another_module() -> None:
    bench = Bench(3)
    bench.inject("late 1000 once")
    bench.peer.ask(request(), 0.5)
    # The others are at address 0, too. Their E5 begin together with the late answer.
    first = len(bench.station.traffic)
    bench.clock.advance(0.5)
    bench.peer.ask(Frame.short(0x40, 0).to_bytes())
    met = [row for row in rows_of(bench.station.traffic, first) if row.kind is RowKind.OVERLAPPED]
    assert len(met) == 1
    assert all(serial_number in summarise(met[0]) for serial_number in SERIALS)
    # E5 and 68 overlaid are 60 with the parity bit of both, which is wrong.
    assert bench.peer.events == [LineEvent.PARITY]
    assert bench.peer.data == bench.plain[1:]


def test_a_break_meets_the_answers_of_other_modules() -> None:
    bench = Bench(3)
    bench.inject("break once")
    bench.peer.ask(Frame.short(0x40, 0).to_bytes())
    # The space of 22 bit times covers both E5.
    assert (bench.peer.data, bench.peer.events) == (b"", [LineEvent.BREAK])


@pytest.mark.parametrize("text", ["no-answer once", "late 1000 once", "cut 1 once"])
def test_a_fault_is_no_answer_in_the_traffic(bench: Bench, text: str) -> None:
    first = len(bench.station.traffic)
    bench.inject(text)
    bench.peer.ask(request(), 4.0)
    bench.peer.ask(NKE)
    exchanges = Exchanges(bench.station.traffic)
    exchanges.catch_up(len(bench.station.traffic))
    assert (exchanges.marks(first, first + 1)[0] == SILENT) is text.startswith("no-answer")
    # The fault and the answer belong to the request.
    assert exchanges.start(first + 1) == first


def test_faults_are_marked_in_the_traffic_and_kept_in_captures(tmp_path: Path) -> None:
    bench = Bench(3)
    first = len(bench.station.traffic)
    for text in ("noise-before once", "cut 3 once"):
        bench.inject(text)
    bench.peer.ask(request())
    bench.peer.ask(Frame.short(0x5B, 0).to_bytes())
    rows = rows_of(bench.station.traffic, first)
    marks = [(summarise(row), row.direction) for row in rows if row.kind in MARKS]
    assert marks[:2] == [
        ("noise-before once (module 50100001)", Direction.SENT),
        ("cut 3 once (module 50100001)", Direction.SENT),
    ]
    assert marks[2][0] == "of 3 modules: 50100001, 50100002, 50100003"
    kinds = [row.kind for row in rows]
    assert kinds[:5] == [RowKind.TELEGRAM, RowKind.FAULT, RowKind.FAULT, RowKind.NOISE, RowKind.TRUNCATED]
    assert kinds[5:7] == [RowKind.TELEGRAM, RowKind.OVERLAPPED]
    assert RowKind.TELEGRAM not in kinds[7:], "an overlay is not a telegram"
    path = tmp_path / "faults.txt"
    writer = CaptureWriter(path, NOON.astimezone(), lambda at: at, secrets_in_clear=False)
    writer.add(rows)
    writer.close()
    read = rows_of(read_capture(path, bench.station.mask).store)
    assert [(row.kind, summarise(row), row.data) for row in read] == [
        (row.kind, summarise(row), row.data) for row in rows
    ]


def test_the_same_seed_gives_the_same_faults() -> None:
    runs = []
    for _ in range(2):
        bench = Bench(3)
        for text in ("flip 3 50 %", "jitter 500 50 %", "noise-after 30 %"):
            bench.inject(text)
        runs.append([(bench.peer.ask(request()), bench.peer.starts) for _ in range(8)])
    assert runs[0] == runs[1]
    assert len({data for data, _ in runs[0]}) > 3


# Real sockets and pseudo-terminals


class RealPeer:
    """A scripted master on a file descriptor. `data`: what was received; `first_at`: when, by the loop's clock."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(descriptor, self._read)
        self.data = bytearray()
        self.sent_at = self.first_at = 0.0

    def _read(self) -> None:
        if not self.data:
            self.first_at = self._loop.time()
        self.data += os.read(self._descriptor, 4096)

    async def ask(self, telegram: bytes, is_answer: Callable[[bytes], bool]) -> bytes:
        """Send a telegram and wait for its answer."""
        self.data.clear()
        self.sent_at = self._loop.time()
        os.write(self._descriptor, telegram)
        await poll(lambda: is_answer(bytes(self.data)))
        return bytes(self.data)

    def close(self) -> None:
        self._loop.remove_reader(self._descriptor)


@contextlib.contextmanager
def real_peer(made: Station) -> Iterator[RealPeer]:
    url = made.link_status[0].url
    with contextlib.ExitStack() as stack:
        if url.startswith("tcp:"):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", port_of(made))))
            descriptor = connection.fileno()
        else:
            port = stack.enter_context(serial.Serial(url.removeprefix("pty:"), 2400, parity="E"))
            descriptor = port.fileno()
        os.set_blocking(descriptor, False)
        peer = RealPeer(descriptor)
        stack.callback(peer.close)
        yield peer


def is_response(data: bytes) -> bool:
    return frame_of(data).c == 8


# Without a break, a receiver reads the held wire as one byte 00.
REAL = {**RESPONSES, "break": lambda plain, received: received == plain[: len(plain) // 2] + b"\0"}


@pytest.mark.skipif(sys.platform == "win32", reason="asyncio watches no descriptors there")
@pytest.mark.asyncio
@pytest.mark.real_time(0.1, alone=False)
@pytest.mark.parametrize("count", [1, 3], ids=["alone", "of three"])
@pytest.mark.parametrize("link", ["tcp://127.0.0.1:0", "pty:?baud=any"])
async def test_every_fault_over_a_real_link(link: str, count: int) -> None:
    async with station(mbus=(link,), modules=points(count)) as made:
        with real_peer(made) as peer:
            for text, check in REAL.items():
                await peer.ask(select(SERIALS[0]), ACK.__eq__)
                plain = await peer.ask(request(), is_response)
                made.point.faults.add(parse_fault(f"{text} once"))
                marks = len(made.traffic)
                received = await peer.ask(request(), lambda data: check(plain, data))  # noqa: B023
                if text in LATE:
                    assert peer.first_at - peer.sent_at >= LATE[text] / 1000
                if text not in ("lost-ack", "previous-section"):
                    await poll(lambda: RowKind.FAULT in [row.kind for row in rows_of(made.traffic, marks)])  # noqa: B023
                made.point.faults.clear()
                # Nothing more comes before the next answer.
                rest = await peer.ask(NKE, lambda data: data.endswith(ACK))
                assert check(plain, received + rest[:-1]), text


def test_an_answer_in_a_room_names_its_module() -> None:
    bench = Bench(3)
    bench.peer.ask(select("50100002"))
    bench.peer.ask(request())
    # All three have primary address 0, so their answers meet.
    bench.peer.ask(Frame.short(0x40, 0).to_bytes())
    # The answer before a break is named by the mark of the fault.
    bench.inject("break once")
    bench.peer.ask(select(SERIALS[0]))
    bench.peer.ask(request(), 3.0)
    rows = [row for row in rows_of(bench.station.traffic) if row.side is Side.MBUS]
    sent = [row for row in rows if row.direction is Direction.SENT]
    assert [(row.kind, row.module) for row in sent[2:]] == [
        (RowKind.TELEGRAM, "50100002"),
        (RowKind.TELEGRAM, "50100002"),
        (RowKind.OVERLAPPED, ""),
        (RowKind.TELEGRAM, ""),
        (RowKind.FAULT, ""),
        (RowKind.TELEGRAM, SERIALS[0]),
    ]
    assert {row.module for row in rows if row.direction is Direction.RECEIVED} == {""}


def test_a_module_alone_needs_no_name() -> None:
    assert {row.module for row in rows_of(Bench(1).station.traffic)} == {""}
