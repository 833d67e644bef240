"""The error that decoding raises, and its codes."""

from __future__ import annotations

from enum import StrEnum

from cmi_gui.engine.messages import Message


class MBusErrorCode(StrEnum):
    """The kind of an error; the values are stable and may be shown, stored and compared."""

    EMPTY = "empty"
    """No bytes."""
    BAD_START = "bad_start"
    """The first byte is not E5, 10 or 68, or the second start byte is not 68."""
    BAD_LENGTH = "bad_length"
    """The two length bytes differ, or are below 3."""
    TRUNCATED = "truncated"
    """Fewer bytes than the frame's length."""
    TRAILING = "trailing"
    """More bytes than the frame's length."""
    BAD_CHECKSUM = "bad_checksum"
    """The checksum is not the sum of the bytes it covers."""
    BAD_STOP = "bad_stop"
    """The last byte is not 16."""
    PREMATURE_END = "premature_end"
    """The data ends inside a header, a record or a structure."""
    TOO_MANY_DIFE = "too_many_dife"
    """More than 10 DIFEs."""
    TOO_MANY_VIFE = "too_many_vife"
    """More than 10 VIFEs."""
    RESERVED_DIF = "reserved_dif"
    """A special DIF (3F, 4F, 5F, 6F) or a special data field with DIFEs, whose length is not defined."""
    RESERVED_LVAR = "reserved_lvar"
    """A length byte of variable length that is reserved, so that the record's end is unknown."""
    PADDING = "padding"
    """Only 00 bytes follow, to the end; they are not a record."""


class MBusError(Exception):
    """Bytes that cannot be decoded.

    `code`: the kind of error. `message`: the error in words. `offset`: the index of the offending byte in the input (0
    is the first), or None if no single byte is to blame.
    """

    def __init__(self, code: MBusErrorCode, message: Message, offset: int | None = None) -> None:
        super().__init__(code, message, offset)
        self.code = code
        self.message = message
        self.offset = offset

    def __str__(self) -> str:
        return str(self.message) if self.offset is None else f"{self.message} (at byte {self.offset})"
