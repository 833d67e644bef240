"""M-Bus slaves with selection and frame count bits, and buses of several slaves as a `Link` in virtual time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from cmi_gui.engine.clock import Timer, VirtualClock
from cmi_gui.engine.link_protocol import Cap, Link, LinkError, LinkSink
from cmi_gui.engine.machine import Line, LineEvent, LinkState, SendOutcome
from cmi_gui.engine.mbus.ci import CI_SELECT
from cmi_gui.engine.mbus.frame import (
    ADDRESS_SELECTED,
    ADDRESS_TEST,
    REQ_UD2,
    RSP_UD,
    SND_NKE,
    Frame,
    FrameKind,
    Function,
    parse_frame,
)
from cmi_gui.engine.mbus.selection import FABRICATION, Identity, SelectionRecord, matches

MORE_FOLLOWS = b"\x1f"
_ACK = b"\xe5"
_BYTE_SECONDS = 11 / 2400


def overlay(answers: Sequence[bytes]) -> bytes:
    """Return answers that begin at the same time as a receiver reads them: in each bit, a space of any slave wins."""
    merged = bytearray(b"\xff" * max(map(len, answers)))
    for answer in answers:
        for index, byte in enumerate(answer):
            merged[index] &= byte
    return bytes(merged)


@dataclass
class BusSlave:
    """A correct slave with selection by fabrication number, two frame count bits, a series and an access number.

    `header`: the eight bytes of its secondary address. `fabrication`: four bytes, or empty. `sections`: number of
    telegrams. `executed`: the data of the commands carried out. `sent`: every telegram sent.
    """

    address: int
    header: bytes
    fabrication: bytes = b""
    sections: int = 1
    ignores_commands: bool = False
    executed: list[bytes] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)
    selected: bool = False
    access: int = 0
    _fcb: dict[int, tuple[bool, int, bytes]] = field(default_factory=dict)
    _last_command: bytes = b""

    def is_addressed(self, request: Frame) -> bool:
        """Return whether the slave answers a request."""
        if request.function is Function.SND_UD and request.ci == CI_SELECT:
            return self.fits(request.data)
        if request.function is Function.SND_UD and self.ignores_commands:
            return False
        return request.a in (self.address, ADDRESS_TEST) or (request.a == ADDRESS_SELECTED and self.selected)

    def fits(self, mask: bytes) -> bool:
        records = [SelectionRecord(FABRICATION[:1], FABRICATION[1:], self.fabrication)] if self.fabrication else []
        return matches(mask, Identity(self.header), records)

    def answer(self, request: Frame) -> bytes:
        """Return the answer to a request; empty for none."""
        command = request.to_bytes()
        repeated, self._last_command = command == self._last_command, b""
        if request.function is Function.SND_UD and request.ci == CI_SELECT:
            self.selected = self.fits(request.data)
            self._fcb.pop(ADDRESS_SELECTED, None)
            return _ACK if self.selected else b""
        if not self.is_addressed(request):
            return b""
        memory = ADDRESS_SELECTED if request.a == ADDRESS_SELECTED else self.address
        match request.function:
            case Function.SND_NKE:
                self._fcb.pop(memory, None)
                self.selected &= request.a != ADDRESS_SELECTED
                return _ACK
            case Function.SND_UD:
                self._last_command = command
                if not repeated:
                    self.executed.append(request.data)
                return _ACK
            case Function.REQ_UD2:
                return self._answer(memory, request.fcb)
        return b""

    def _answer(self, memory: int, fcb: bool) -> bytes:
        before = self._fcb.get(memory)
        if before is not None and before[0] is fcb:
            return before[2]
        number = 0 if before is None else (before[1] + 1) % self.sections
        self.access = (self.access + 1) & 0xFF
        telegram = self.telegram(number, self.access)
        self._fcb[memory] = (fcb, number, telegram)
        self.sent.append(telegram)
        return telegram

    def telegram(self, number: int, access: int) -> bytes:
        """Return the telegram `number` (from 0) of the series."""
        # In each telegram, because telegrams without it cannot be assigned to one of two slaves.
        name = FABRICATION + self.fabrication if self.fabrication else b""
        # The value identifies the telegram.
        value = sha256(bytes((number, access, self.address)) + self.header + self.fabrication).digest()[:4]
        records = name + b"\x04\x13" + value
        more = MORE_FOLLOWS if number + 1 < self.sections else b""
        return Frame.long(
            RSP_UD, self.address, 0x72, self.header + bytes((access, 0, 0, 0)) + records + more
        ).to_bytes()

    def section_of(self, frame: Frame) -> int | None:
        """Return the number of a frame in the series; None if the slave has not sent it."""
        raw = frame.to_bytes()
        if raw not in self.sent:
            return None
        return next(n for n in range(self.sections) if self.telegram(n, frame.data[8]) == raw)


class ScriptedBus:
    """A `Link` in virtual time to slaves without selection. `slaves`: the answer of each address to REQ_UD2."""

    caps: frozenset[Cap] = frozenset()
    url = "tcp://scripted:1"

    def __init__(self, clock: VirtualClock, slaves: dict[int, bytes]) -> None:
        self.slaves = slaves
        self.requests: list[int] = []
        self.opened = 0
        self._clock = clock
        self._sink: LinkSink | None = None

    def lose(self, message: str) -> None:
        """Simulate that the adapter is unplugged."""
        assert self._sink is not None
        self._sink.state(LinkState.WAITING, LinkError("lost", message))

    # Link

    def open(self, sink: LinkSink) -> None:
        self._sink = sink
        self.opened += 1
        sink.state(LinkState.OPEN, None)

    def send(self, token: int, data: bytes, not_before: float, not_after: float) -> None:
        at = self._clock.now() + len(data) * _BYTE_SECONDS
        self._clock.call_at(at, lambda: self._sent(token, data, at))

    def _sent(self, token: int, data: bytes, at: float) -> None:
        if self._sink is None:
            return
        frame = parse_frame(data)
        self._sink.done(token, SendOutcome.SENT, at)
        if frame.kind is not FrameKind.SHORT:
            return
        self.requests.append(frame.a)
        answer = self.slaves.get(frame.a, b"")
        if answer and frame.c == SND_NKE:
            answer = b"\xe5"
        elif frame.c & 0x4F != REQ_UD2 & 0x4F:
            return
        if answer:
            when = at + 0.02 + len(answer) * _BYTE_SECONDS
            self._clock.call_at(when, lambda: self._deliver(answer, when))

    def _deliver(self, answer: bytes, at: float) -> None:
        if self._sink is not None:
            self._sink.received(answer, at)

    def set_line(self, token: int, line: Line) -> None:
        self._clock.call_at(self._clock.now(), lambda: self._done(token))

    def _done(self, token: int) -> None:
        if self._sink is not None:
            self._sink.done(token, SendOutcome.SENT, self._clock.now())

    def send_break(self, token: int, seconds: float) -> None:
        raise AssertionError("no break is expected")

    def abort(self) -> None:
        pass

    def delivered(self) -> None:
        pass

    def close(self) -> None:
        self._sink = None


class SharedWire:
    """A `Link` of the master to several slaves on one pair of wires, whose answers are overlaid."""

    caps: frozenset[Cap] = frozenset()
    url = "sim:shared"

    def __init__(self, clock: VirtualClock, ends: list[Link]) -> None:
        self._clock = clock
        self._ends = ends
        self._sink: LinkSink | None = None
        self._together: list[bytes] = []
        self._timer: Timer | None = None

    def open(self, sink: LinkSink) -> None:
        self._sink = sink
        for end in self._ends:
            end.open(self)
        sink.state(LinkState.OPEN, None)

    def send(self, token: int, data: bytes, not_before: float, not_after: float) -> None:
        for number, end in enumerate(self._ends):
            end.send(token if number == 0 else -token, data, not_before, not_after)

    def set_line(self, token: int, line: Line) -> None:
        self._clock.call_at(self._clock.now(), lambda: self.done(token, SendOutcome.SENT, self._clock.now()))

    def send_break(self, token: int, seconds: float) -> None:
        raise AssertionError("no break is expected")

    def abort(self) -> None:
        for end in self._ends:
            end.abort()

    def delivered(self) -> None:
        pass

    def close(self) -> None:
        for end in self._ends:
            end.close()

    def received(self, data: bytes, last_byte_at: float) -> None:
        self._together.append(data)
        if self._timer is None:
            self._timer = self._clock.call_at(last_byte_at + 0.001, self._merge)

    def _merge(self) -> None:
        self._timer = None
        parts, self._together = self._together, []
        assert self._sink is not None
        self._sink.received(overlay(parts), self._clock.now())

    def line_event(self, kind: LineEvent, at: float) -> None:
        raise AssertionError("no line events on this wire")

    def done(self, token: int, outcome: SendOutcome, at: float) -> None:
        if token > 0 and self._sink is not None:
            self._sink.done(token, outcome, at)

    def state(self, state: LinkState, cause: LinkError | None) -> None:
        pass
