"""Frames of the link layer: one frame to and from bytes, and a decoder for a stream of bytes.

Formats and checks: [DOC48 §5.2]; the C field: [DOC48 §5.3].
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, StrEnum

from cmi_gui.engine.mbus.errors import MBusError, MBusErrorCode
from cmi_gui.engine.messages import Message

PRM = 0x40
"""C field: from master to slave."""
FCB = 0x20
"""C field, master to slave: frame count bit."""
FCV = 0x10
"""C field, master to slave: the frame count bit is valid."""
DFC = 0x10
"""C field, slave to master: data flow control, the slave takes no more data."""

SND_NKE = 0x40
SND_UD = 0x53
"""FCV set, FCB clear."""
REQ_UD1 = 0x5A
"""FCV set, FCB clear."""
REQ_UD2 = 0x5B
"""FCV set, FCB clear."""
RSP_UD = 0x08

ADDRESS_PRIMARY_MAX = 250
ADDRESS_SELECTED = 253
ADDRESS_TEST = 254
ADDRESS_BROADCAST = 255

MAX_DATA = 252
"""Most bytes after the CI field."""
MAX_FRAME = 261
"""Bytes of the longest telegram, start to stop byte."""

ACK_BYTE = 0xE5
_SHORT = 0x10
LONG_BYTE = 0x68
_STOP = 0x16
_SHORT_SIZE = 5
_LONG_OVERHEAD = 6


class FrameKind(StrEnum):
    """The four frame formats of [DOC48 §5.2]."""

    ACK = "ack"
    SHORT = "short"
    CONTROL = "control"
    LONG = "long"


class Function(StrEnum):
    """The function of a C field, without its count and flow control bits."""

    SND_NKE = "SND_NKE"
    SND_UD = "SND_UD"
    REQ_UD1 = "REQ_UD1"
    REQ_UD2 = "REQ_UD2"
    RSP_UD = "RSP_UD"


# Bits 5 and 4 vary; bit 7 is 0 in every known code.
_FUNCTIONS = {0x43: Function.SND_UD, 0x4A: Function.REQ_UD1, 0x4B: Function.REQ_UD2, 0x08: Function.RSP_UD}


def function_of(c: int) -> Function | None:
    """Return the function of a C field, or None for a code outside [DOC48 table 1]; 43 and 63 count as SND_UD."""
    return Function.SND_NKE if c == SND_NKE else _FUNCTIONS.get(c & ~(FCB | FCV))


def checksum(covered: bytes) -> int:
    """Return the arithmetic sum modulo 256 of C, A, CI and data [DOC48 §5.2]."""
    return sum(covered) & 0xFF


def _check_byte(name: str, value: int) -> None:
    if not 0 <= value <= 0xFF:
        raise ValueError(f"{name} is one byte, not {value}")


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of the link layer.

    `c`, `a` and `ci` are 0 to 255, and 0 where the `kind` has no such field: an ack has none of them, a short frame no
    `ci`. `data` is what follows the CI field, 1 to 252 bytes in a long frame and empty in the others. The constructors
    below check their arguments; comparing and hashing are by value.
    """

    kind: FrameKind
    c: int = 0
    a: int = 0
    ci: int = 0
    data: bytes = b""

    @classmethod
    def ack(cls) -> Frame:
        """Return the frame of the single character E5."""
        return _ACK_FRAME

    @classmethod
    def short(cls, c: int, a: int) -> Frame:
        """Return a short frame. Raises ValueError outside 0 to 255."""
        _check_byte("the C field", c)
        _check_byte("the A field", a)
        return cls(FrameKind.SHORT, c, a)

    @classmethod
    def control(cls, c: int, a: int, ci: int) -> Frame:
        """Return a control frame, which is a long frame without data. Raises ValueError outside 0 to 255."""
        _check_byte("the C field", c)
        _check_byte("the A field", a)
        _check_byte("the CI field", ci)
        return cls(FrameKind.CONTROL, c, a, ci)

    @classmethod
    def long(cls, c: int, a: int, ci: int, data: bytes) -> Frame:
        """Return a long frame, without data a control frame. Raises ValueError outside 0 to 255 or over 252 bytes."""
        if len(data) > MAX_DATA:
            raise ValueError(f"a frame carries at most {MAX_DATA} bytes after the CI field, not {len(data)}")
        frame = cls.control(c, a, ci)
        return cls(FrameKind.LONG, c, a, ci, bytes(data)) if data else frame

    @property
    def function(self) -> Function | None:
        """The function of the C field; None for an ack and for unknown codes."""
        return None if self.kind is FrameKind.ACK else function_of(self.c)

    @property
    def fcb(self) -> bool:
        """The frame count bit (master to slave)."""
        return bool(self.c & FCB)

    @property
    def fcv(self) -> bool:
        """True if the frame count bit is valid (master to slave)."""
        return bool(self.c & FCV)

    @property
    def from_master(self) -> bool:
        """The direction bit of the C field, set from master to slave; False for an ack."""
        return bool(self.c & PRM)

    def to_bytes(self) -> bytes:
        """Return the telegram, 1 to 261 bytes."""
        if self.kind is FrameKind.ACK:
            return bytes((ACK_BYTE,))
        if self.kind is FrameKind.SHORT:
            return bytes((_SHORT, self.c, self.a, (self.c + self.a) & 0xFF, _STOP))
        body = bytes((self.c, self.a, self.ci)) + self.data
        size = len(body)
        return bytes((LONG_BYTE, size, size, LONG_BYTE)) + body + bytes((checksum(body), _STOP))


_ACK_FRAME = Frame(FrameKind.ACK)


def _long_frame(body: bytes) -> Frame:
    kind = FrameKind.LONG if len(body) > 3 else FrameKind.CONTROL
    return Frame(kind, body[0], body[1], body[2], body[3:])


def parse_frame(data: bytes) -> Frame:
    """Parse exactly one frame.

    Raises MBusError: empty, bad_start, bad_length, truncated, trailing, bad_checksum, bad_stop.
    """
    if not data:
        raise MBusError(MBusErrorCode.EMPTY, Message("no bytes"))
    start = data[0]
    if start == ACK_BYTE:
        _expect_size(data, 1)
        return _ACK_FRAME
    if start == _SHORT:
        _expect_size(data, _SHORT_SIZE)
        _expect_end(data, data[1:3])
        return Frame(FrameKind.SHORT, data[1], data[2])
    if start != LONG_BYTE:
        message = Message("a frame starts with E5, 10 or 68, not {0}", (f"{start:02X}",))
        raise MBusError(MBusErrorCode.BAD_START, message, 0)
    if len(data) < 4:
        message = Message("the frame ends inside its four start and length bytes")
        raise MBusError(MBusErrorCode.TRUNCATED, message, len(data))
    size = data[1]
    if size != data[2]:
        message = Message("the length bytes {0} and {1} differ", (f"{size:02X}", f"{data[2]:02X}"))
        raise MBusError(MBusErrorCode.BAD_LENGTH, message, 2)
    if size < 3:
        raise MBusError(MBusErrorCode.BAD_LENGTH, Message("a length of {0} leaves no room for C, A and CI", (size,)), 1)
    if data[3] != LONG_BYTE:
        message = Message("the second start byte is {0}, not 68", (f"{data[3]:02X}",))
        raise MBusError(MBusErrorCode.BAD_START, message, 3)
    _expect_size(data, size + _LONG_OVERHEAD)
    body = bytes(data[4 : 4 + size])
    _expect_end(data, body)
    return _long_frame(body)


def _expect_size(data: bytes, size: int) -> None:
    if len(data) < size:
        message = Message("the frame must have {0} bytes, but has only {1}", (size, len(data)))
        raise MBusError(MBusErrorCode.TRUNCATED, message, len(data))
    if len(data) > size:
        message = Message("the frame ends after {0} bytes, but there are {1}", (size, len(data)))
        raise MBusError(MBusErrorCode.TRAILING, message, size)


def _expect_end(data: bytes, covered: bytes) -> None:
    expected = checksum(covered)
    if data[-2] != expected:
        message = Message("the checksum is {0}, but the bytes add up to {1}", (f"{data[-2]:02X}", f"{expected:02X}"))
        raise MBusError(MBusErrorCode.BAD_CHECKSUM, message, len(data) - 2)
    if data[-1] != _STOP:
        message = Message("the stop byte is {0}, not 16", (f"{data[-1]:02X}",))
        raise MBusError(MBusErrorCode.BAD_STOP, message, len(data) - 1)


@dataclass(frozen=True, slots=True)
class GoodFrame:
    """A frame that passed every check."""

    frame: Frame
    raw: bytes


@dataclass(frozen=True, slots=True)
class Noise:
    """Bytes in which no frame can be recognised."""

    raw: bytes


@dataclass(frozen=True, slots=True)
class BadChecksum:
    """A telegram, whole from start to stop byte, with a wrong checksum."""

    raw: bytes


@dataclass(frozen=True, slots=True)
class BadLength:
    """`68 L L 68` whose lengths differ or are below 3, and what followed."""

    raw: bytes


@dataclass(frozen=True, slots=True)
class BadFrame:
    """A telegram whose second start byte is not 68 or whose stop byte is not 16, and what followed."""

    raw: bytes


@dataclass(frozen=True, slots=True)
class Truncated:
    """An incomplete telegram: the line went idle before its end."""

    raw: bytes


FrameEvent = GoodFrame | Noise | BadChecksum | BadLength | BadFrame | Truncated


class _Fault(Enum):
    """The reason why no good frame starts at a byte."""

    NOISE = Noise
    CHECKSUM = BadChecksum
    LENGTH = BadLength
    FRAME = BadFrame
    TRUNCATED = Truncated

    def event(self, raw: bytearray) -> FrameEvent:
        return self.value(bytes(raw))  # type: ignore[no-any-return]  # the value of a member has no type


_CANDIDATE = re.compile(rb"[\x10\x68\xe5]")
_MAX_RUN = 1024


class FrameDecoder:
    """A decoder that finds the frames in a stream of bytes.

    The `raw` bytes of all events, joined, are the stream: nothing is lost or repeated. Bytes that belong to no frame
    form one *run*, which is reported when something else ends it, when the line goes idle, or after 1024 bytes. A run
    is classified by its first byte: the start of a damaged telegram, or noise.

    A telegram with one fault is a damaged telegram; where only a start byte indicates one, it is noise. A telegram
    that is whole except for its checksum is an event of its own. After any other damaged start the search goes on from
    the second byte, and only a frame with a right checksum ends that run: a lone E5 in it is more likely data of the
    damaged telegram than an answer.

    The events do not depend on how the stream is cut into chunks. Time is linear, memory is bounded.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        # Bytes of the buffer before this index are the open run, whose class is `_fault`.
        self._at = 0
        self._fault = _Fault.NOISE

    @property
    def pending(self) -> bool:
        """True if bytes are held back that `idle` would report."""
        return bool(self._buffer)

    def reset(self) -> None:
        """Drop the bytes held back."""
        self._buffer.clear()
        self._at = 0
        self._fault = _Fault.NOISE

    def feed(self, data: bytes) -> list[FrameEvent]:
        """Take bytes; return the events in the order of the stream."""
        self._buffer += data
        return self._scan(at_end=False)

    def idle(self) -> list[FrameEvent]:
        """End an unfinished telegram on an idle line: search after its start for frames, report what is left."""
        return self._scan(at_end=True)

    def _scan(self, *, at_end: bool) -> list[FrameEvent]:
        events: list[FrameEvent] = []
        buffer = self._buffer
        end = len(buffer)
        start = 0  # of the open run
        at = self._at
        while at < end:
            found = _CANDIDATE.search(buffer, at)
            at = found.start() if found else end
            while at - start >= _MAX_RUN:
                events.append(self._fault.event(buffer[start : start + _MAX_RUN]))
                self._fault = _Fault.NOISE
                start += _MAX_RUN
            if not found:
                break
            verdict = _judge(buffer, at, end, at_end=at_end)
            if verdict is None:
                break
            damaged = self._fault is not _Fault.NOISE
            if verdict is _Fault.NOISE or (damaged and (verdict is _ACK_FRAME or isinstance(verdict, _Fault))):
                at += 1
                continue
            if at > start:
                events.append(self._fault.event(buffer[start:at]))
            start = at
            self._fault = _Fault.NOISE
            if isinstance(verdict, Frame) or verdict is _Fault.CHECKSUM:
                at += _size(buffer, at)
                raw = buffer[start:at]
                events.append(GoodFrame(verdict, bytes(raw)) if isinstance(verdict, Frame) else verdict.event(raw))
                start = at
            else:
                self._fault = verdict
                at += 1
        if at_end:
            if end > start:
                events.append(self._fault.event(buffer[start:end]))
            self.reset()
        else:
            del buffer[:start]
            self._at = at - start
        return events


def _size(buffer: bytearray, at: int) -> int:
    """Return the size in bytes of the whole frame that starts at `at`."""
    if buffer[at] == LONG_BYTE:
        return buffer[at + 1] + _LONG_OVERHEAD
    return _SHORT_SIZE if buffer[at] == _SHORT else 1


def _judge(buffer: bytearray, at: int, end: int, *, at_end: bool) -> Frame | _Fault | None:
    """Return the frame at a start byte, or its fault; None: more bytes are needed."""
    start = buffer[at]
    if start == ACK_BYTE:
        return _ACK_FRAME
    if start == _SHORT:
        return _judge_short(buffer, at, end, at_end=at_end)
    if at + 4 > end:
        return _Fault.NOISE if at_end else None
    first, second, second_start = buffer[at + 1 : at + 4]
    if first != second or first < 3:
        return _Fault.LENGTH if second_start == LONG_BYTE else _Fault.NOISE
    if second_start != LONG_BYTE:
        return _Fault.FRAME
    stop = at + 5 + first
    if stop >= end:
        return _Fault.TRUNCATED if at_end else None
    if buffer[stop] != _STOP:
        return _Fault.FRAME
    body = bytes(buffer[at + 4 : stop - 1])
    return _long_frame(body) if checksum(body) == buffer[stop - 1] else _Fault.CHECKSUM


def _judge_short(buffer: bytearray, at: int, end: int, *, at_end: bool) -> Frame | _Fault | None:
    available = end - at
    if available < _SHORT_SIZE and not at_end:
        return None
    sum_is_right = available >= 4 and buffer[at + 3] == (buffer[at + 1] + buffer[at + 2]) & 0xFF
    if available < _SHORT_SIZE:
        return _Fault.TRUNCATED if sum_is_right else _Fault.NOISE
    if buffer[at + 4] != _STOP:
        return _Fault.FRAME if sum_is_right else _Fault.NOISE
    return Frame(FrameKind.SHORT, buffer[at + 1], buffer[at + 2]) if sum_is_right else _Fault.CHECKSUM
