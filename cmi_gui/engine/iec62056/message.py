"""The messages of IEC 62056-21 as values.

Every message has `to_bytes`, the exact characters on the line without parity, and all but `Handshake` have
`from_bytes`; `parse_message` recognises the kind. All raise `Iec62056Error` and nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final, Self

from cmi_gui.engine.iec62056.errors import Iec62056Error, IecErrorCode, check_text, syntax_error
from cmi_gui.engine.messages import Message

SOH: Final = 0x01
STX: Final = 0x02
ETX: Final = 0x03
EOT: Final = 0x04
ACK: Final = 0x06
NAK: Final = 0x15
_CRLF: Final = b"\r\n"
_IDENTIFICATION: Final = Message("an identification")

MAX_ADDRESS: Final = 32
MAX_IDENTIFICATION: Final = 16
"""Characters of the identification proper; escape pairs such as `\\2` come on top (IEC 62056-21 6.3.2, 6.3.14)."""
MAX_ERROR_TEXT: Final = 32

_ESCAPE_PAIR: Final = re.compile(r"\\.")
MODE_C_BAUD: Final = {"0": 300, "1": 600, "2": 1200, "3": 2400, "4": 4800, "5": 9600, "6": 19200}
"""Speeds of mode C in bit/s, by their character Z (IEC 62056-21 6.3.14)."""


def bcc(data: bytes) -> int:
    """Return the block check character of `data`: the 7-bit XOR of its characters (IEC 62056-21 6.3.11, ISO 1155).

    `data` begins after the first SOH or STX and ends with the ETX or EOT. Every value from 0x00 to 0x7F can occur.
    """
    value, size = int.from_bytes(data), len(data)
    while size > 1:
        half = size // 2  # fold one half of the characters onto the other
        value, size = value >> 8 * half ^ value & (1 << 8 * half) - 1, size - half
    return value & 0x7F


def _ascii(data: bytes) -> str:
    if not data.isascii():
        offset = next(offset for offset, byte in enumerate(data) if byte > 0x7F)
        message = Message("byte 0x{0} is not a seven-bit character", (f"{data[offset]:02X}",))
        raise Iec62056Error(IecErrorCode.GARBLED, message, offset)
    return data.decode("ascii")


def _line(data: bytes, start: bytes, what: str | Message) -> str:
    """Return the text between `start` and CR LF."""
    text = _ascii(data)
    if not data.startswith(start):
        raise syntax_error(Message("{0} must begin with {1}", (what, repr(start))))
    if not data.endswith(_CRLF):
        raise Iec62056Error(IecErrorCode.INCOMPLETE, Message("{0} must end with CR LF", (what,)), len(data))
    return text[len(start) : -2]


def same_address(own: str, requested: str) -> bool:
    """Return whether a request for the address `requested` is for the device `own` (IEC 62056-21 6.3.1).

    Leading zeros are ignored on both sides; all-zero addresses are equal at any length; an empty `requested` is a
    general call.
    """
    if not requested:
        return True
    return own.lstrip("0") == requested.lstrip("0") and bool(own)


@dataclass(frozen=True, slots=True)
class Request:
    """The request message `/?` address `!` CR LF.

    `address`: up to 32 letters, digits and spaces; empty is the general call.
    """

    address: str = ""

    def __post_init__(self) -> None:
        check_text(self.address, Message("a device address"), "", MAX_ADDRESS)
        for offset, char in enumerate(self.address):
            if not (char.isalnum() or char == " "):
                message = Message("a device address must not contain {0}", (repr(char),))
                raise Iec62056Error(IecErrorCode.CHARACTER, message, offset)

    def to_bytes(self) -> bytes:
        """Return the characters on the line, without parity."""
        return f"/?{self.address}!\r\n".encode("ascii")

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Parse a complete message; raises `Iec62056Error`."""
        text = _line(data, b"/?", Message("a request"))
        if not text.endswith("!"):
            raise syntax_error(Message("a request must end with '!' before CR LF"), len(data) - 2)
        return cls(text[:-1])


@dataclass(frozen=True, slots=True)
class Identification:
    """The identification message `/` XXX Z ident CR LF.

    `manufacturer`: three letters, the third in lower case if the device reacts after 20 ms; `speed`: one character, `0`
    to `6` in mode C; `ident`: everything after it as sent, escape pairs such as `\\2` included.
    """

    manufacturer: str
    speed: str
    ident: str

    def __post_init__(self) -> None:
        if len(self.manufacturer) != 3 or not (self.manufacturer.isascii() and self.manufacturer.isalpha()):
            raise syntax_error(
                Message("a manufacturer code must be three letters, not {0}", (repr(self.manufacturer),)), 1
            )
        if not self.manufacturer[:2].isupper():
            raise syntax_error(Message("only the third letter of {0} may be lower case", (repr(self.manufacturer),)), 1)
        if len(self.speed) != 1:
            raise syntax_error(Message("the speed must be one character"), 4)
        check_text(self.speed, Message("the speed"), "/!", 1)
        check_text(self.ident, _IDENTIFICATION, "/!", None)
        if self.model.endswith("\\"):
            raise syntax_error(Message("the identification ends with a single '\\'"), 4 + len(self.ident))
        check_text(self.model, _IDENTIFICATION, "", MAX_IDENTIFICATION)
        if "\\\\" in _ESCAPE_PAIR.findall(self.ident):
            raise syntax_error(Message("'\\' must be followed by another character"), 5)

    @property
    def model(self) -> str:
        """The `ident` without escape pairs."""
        return _ESCAPE_PAIR.sub("", self.ident)

    @property
    def baud(self) -> int | None:
        """The speed offered in mode C or E, bit/s; None in the modes A, B and D and for reserved characters."""
        return MODE_C_BAUD.get(self.speed)

    @property
    def reaction_time(self) -> float:
        """The shortest reaction time that the device announces: 0.02 or 0.2 seconds (IEC 62056-21 6.4.3)."""
        return 0.02 if self.manufacturer[2].islower() else 0.2

    def to_bytes(self) -> bytes:
        """Return the characters on the line, without parity."""
        return f"/{self}\r\n".encode("ascii")

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Parse a complete message; raises `Iec62056Error`."""
        return cls.from_text(_line(data, b"/", _IDENTIFICATION))

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Parse the text between `/` and CR LF; raises `Iec62056Error`."""
        if len(text) < 4:
            message = Message("an identification must have a manufacturer code and a speed")
            raise Iec62056Error(IecErrorCode.INCOMPLETE, message, len(text))
        return cls(text[:3], text[3], text[4:])

    def __str__(self) -> str:
        return f"{self.manufacturer}{self.speed}{self.ident}"


@dataclass(frozen=True, slots=True)
class OptionSelect:
    """The acknowledgement with option select: ACK V Z Y CR LF (IEC 62056-21 6.4.5), one character each.

    `protocol` V: 0 normal, 1 secondary, 2 HDLC. `speed` Z: `0` to `6`. `mode` Y: 0 readout, 1 programming, 2 HDLC,
    6 to 9 the maker's own.
    """

    speed: str = "0"
    mode: str = "0"
    protocol: str = "0"

    def __post_init__(self) -> None:
        for char, what in ((self.protocol, "V"), (self.speed, "Z"), (self.mode, "Y")):
            if len(char) != 1:
                raise syntax_error(Message("{0} must be one character, not {1}", (what, repr(char))), 1)
            check_text(char, what, "", 1)

    @property
    def baud(self) -> int | None:
        """The requested speed, bit/s; None for reserved characters."""
        return MODE_C_BAUD.get(self.speed)

    def to_bytes(self) -> bytes:
        """Return the characters on the line, without parity."""
        return bytes([ACK]) + f"{self.protocol}{self.speed}{self.mode}\r\n".encode("ascii")

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Parse a complete message; raises `Iec62056Error`."""
        text = _line(data, bytes([ACK]), Message("an option select"))
        if len(text) != 3:
            raise syntax_error(Message("an option select must have three characters, not {0}", (len(text),)), 1)
        return cls(protocol=text[0], speed=text[1], mode=text[2])


class Handshake(Enum):
    """A message of one character."""

    ACK = ACK
    """Acknowledgement."""
    NAK = NAK
    """Repeat request: parity, BCC or syntax was wrong."""

    def to_bytes(self) -> bytes:
        """Return the characters on the line, without parity."""
        return bytes([self.value])


@dataclass(frozen=True, slots=True)
class DataMessage:
    """STX text ETX BCC: a readout, the answer to a read command, or an error message.

    `text` is everything between STX and ETX as sent, CR LF included. `last` is false in a partial block, which ends
    with EOT.
    """

    text: str
    last: bool = True

    def __post_init__(self) -> None:
        check_text(self.text, Message("a data message"), "", None, lines=True)

    @property
    def error_text(self) -> str | None:
        """The text of an error message, or None.

        An error message is a single value without identifier that starts with ER (IEC 62056-21 6.3.7 recommends that
        start); an answer without identifier has the same form otherwise.
        """
        inner = self.text[1:-1]
        if self.text[:3] != "(ER" or self.text[-1] != ")" or any(char in "()*/!" for char in inner):
            return None
        return inner

    def to_bytes(self) -> bytes:
        """Return the characters on the line, without parity."""
        return _close_block(STX, self.text.encode("ascii"), self.last)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Parse a complete message; raises `Iec62056Error`."""
        text, last = _open_block(data, STX)
        return cls(text, last)


@dataclass(frozen=True, slots=True, repr=False)
class Command:
    """A programming command: SOH C D [STX data set] ETX BCC (IEC 62056-21 6.3.6).

    `letter` C: P password, W write, R read, E execute, B break; `digit` D: its kind. `dataset` is the text between STX
    and ETX, None if there is no STX. `last` is false in a partial block. `secret` commands, and every answer to a
    password request, are shown without their data.
    """

    letter: str
    digit: str
    dataset: str | None = None
    last: bool = True
    secret: bool = False

    def __post_init__(self) -> None:
        if len(self.letter) != 1 or not "A" <= self.letter <= "Z":
            raise syntax_error(Message("a command must begin with a capital letter, not {0}", (repr(self.letter),)), 1)
        if len(self.digit) != 1 or not "0" <= self.digit <= "9":
            raise syntax_error(
                Message("the letter of a command must be followed by a digit, not {0}", (repr(self.digit),)), 2
            )
        if self.dataset is not None:
            check_text(self.dataset, Message("a command's data set"), "", None, lines=True)

    @property
    def name(self) -> str:
        """C and D, such as `W1`."""
        return self.letter + self.digit

    @property
    def is_password(self) -> bool:
        """True for a password message (P1, P2, ...)."""
        return self.letter == "P" and self.digit != "0"

    @property
    def is_break(self) -> bool:
        """True for a break message (B0, B1)."""
        return self.letter == "B"

    @property
    def value(self) -> str:
        """The text between the first `(` and the last `)` of the data set; empty if there is none."""
        _, opened, rest = (self.dataset or "").partition("(")
        inner, closed, _ = rest.rpartition(")")
        return inner if opened and closed else ""

    def __repr__(self) -> str:
        data = "**" if (self.secret or self.is_password) and self.dataset is not None else self.dataset
        return f"Command({self.name} {data!r}{'' if self.last else ' ...'})"

    def to_bytes(self) -> bytes:
        """Return the characters on the line, without parity."""
        body = self.name.encode("ascii")
        if self.dataset is not None:
            body += bytes([STX]) + self.dataset.encode("ascii")
        return _close_block(SOH, body, self.last)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Parse a complete message; raises `Iec62056Error`."""
        text, last = _open_block(data, SOH)
        if len(text) < 2:
            raise syntax_error(Message("a command must have a letter and a digit"), 1)
        if len(text) > 2 and text[2] != chr(STX):
            raise syntax_error(Message("letter and digit must be followed by STX or the end of the block"), 3)
        return cls(text[0], text[1], text[3:] if len(text) > 2 else None, last)


BREAK: Final = Command("B", "0")
"""The sign-off message, sent by either side."""

MeterMessage = Request | Identification | OptionSelect | Handshake | DataMessage | Command


def error_message(text: str) -> DataMessage:
    """Return the error message STX ( text ) ETX BCC.

    `text`: up to 32 printable characters, none of `( ) * / !`; it should start with ER. Raises `Iec62056Error`.
    """
    check_text(text, Message("an error message"), "()*/!", MAX_ERROR_TEXT)
    return DataMessage(f"({text})")


def _close_block(start: int, body: bytes, last: bool) -> bytes:
    checked = body + bytes([ETX if last else EOT])
    return bytes([start]) + checked + bytes([bcc(checked)])


def _open_block(data: bytes, start: int) -> tuple[str, bool]:
    text = _ascii(data)
    if len(data) < 3 or data[-2] not in (ETX, EOT):
        raise Iec62056Error(IecErrorCode.INCOMPLETE, Message("a block must end with ETX or EOT and one BCC"), len(data))
    if data[0] != start:
        raise syntax_error(Message("the block begins with 0x{0} instead of 0x{1}", (f"{data[0]:02X}", f"{start:02X}")))
    expected = bcc(data[1:-1])
    if data[-1] != expected:
        message = Message("the BCC is 0x{0}, expected 0x{1}", (f"{data[-1]:02X}", f"{expected:02X}"))
        raise Iec62056Error(IecErrorCode.BCC, message, len(data) - 1)
    return text[1:-2], data[-2] == ETX


def parse_message(data: bytes) -> MeterMessage:
    """Parse one complete message of any kind; raises `Iec62056Error`."""
    # The last ones are kept, as both ends and recorders receive the same; not commands, which may have passwords.
    return Command.from_bytes(data) if data[:1] == b"\x01" else _parse_other(data)


@lru_cache(maxsize=64)
def _parse_other(data: bytes) -> MeterMessage:
    match data[:1]:
        case b"/":
            return Request.from_bytes(data) if data[1:2] == b"?" else Identification.from_bytes(data)
        case b"\x02":
            return DataMessage.from_bytes(data)
        case b"\x06" if len(data) > 1:
            return OptionSelect.from_bytes(data)
        case b"\x06" | b"\x15" if len(data) == 1:
            return Handshake(data[0])
        case b"":
            raise Iec62056Error(IecErrorCode.INCOMPLETE, Message("the message is empty"))
        case _:
            raise syntax_error(Message("no message begins with 0x{0}", (f"{data[0]:02X}",)))
