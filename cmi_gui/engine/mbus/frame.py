"""Frames of the link layer: one frame to and from bytes.

Formats and checks: [DOC48 §5.2]; the C field: [DOC48 §5.3].
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

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
"""Maximum number of bytes after the CI field."""
MAX_FRAME = 261
"""Bytes of the longest telegram, start to stop byte."""

ACK_BYTE = 0xE5
SHORT_BYTE = 0x10
LONG_BYTE = 0x68
STOP_BYTE = 0x16
SHORT_SIZE = 5
LONG_OVERHEAD = 6


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


def _check_bytes(**fields: int) -> None:
    for name, value in fields.items():
        if not 0 <= value <= 0xFF:
            raise ValueError(f"the {name.upper()} field is one byte, not {value}")


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of the link layer.

    `c`, `a` and `ci` are 0 to 255, and 0 if the `kind` has no such field: an ack has none of them, a short frame no
    `ci`. `data` is what follows the CI field, 1 to 252 bytes in a long frame and empty in the others. The constructors
    below check their arguments; comparing and hashing are by value.
    """

    kind: FrameKind
    c: int = 0
    a: int = 0
    ci: int = 0
    data: bytes = b""

    @classmethod
    def short(cls, c: int, a: int) -> Frame:
        """Return a short frame. Raises ValueError outside 0 to 255."""
        _check_bytes(c=c, a=a)
        return cls(FrameKind.SHORT, c, a)

    @classmethod
    def control(cls, c: int, a: int, ci: int) -> Frame:
        """Return a control frame, which is a long frame without data. Raises ValueError outside 0 to 255."""
        _check_bytes(c=c, a=a, ci=ci)
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
            return bytes((SHORT_BYTE, self.c, self.a, (self.c + self.a) & 0xFF, STOP_BYTE))
        body = bytes((self.c, self.a, self.ci)) + self.data
        size = len(body)
        return bytes((LONG_BYTE, size, size, LONG_BYTE)) + body + bytes((checksum(body), STOP_BYTE))


ACK_FRAME = Frame(FrameKind.ACK)


def long_frame(body: bytes) -> Frame:
    """Return the frame of the bytes from the C field to the last data byte."""
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
        return ACK_FRAME
    if start == SHORT_BYTE:
        _expect_size(data, SHORT_SIZE)
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
    _expect_size(data, size + LONG_OVERHEAD)
    body = bytes(data[4 : 4 + size])
    _expect_end(data, body)
    return long_frame(body)


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
    if data[-1] != STOP_BYTE:
        message = Message("the stop byte is {0}, not 16", (f"{data[-1]:02X}",))
        raise MBusError(MBusErrorCode.BAD_STOP, message, len(data) - 1)
