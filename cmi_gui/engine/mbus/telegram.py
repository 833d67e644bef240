"""Whole telegrams: the application layer of a frame [DOC48 §6, DRAFT3]."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cmi_gui.engine.mbus.ci import (
    BAUD_RATES,
    CI_ALARM,
    CI_APPLICATION_ERROR,
    CI_FIXED,
    CI_NO_HEADER,
    CI_RESET,
    CI_SELECT,
    CI_SELECT_MODE_2,
    CI_SEND,
    CI_SEND_MODE_2,
    CI_SHORT_HEADER,
    CI_VARIABLE,
    CI_VARIABLE_MODE_2,
)
from cmi_gui.engine.mbus.datatypes import decode_identification, decode_manufacturer
from cmi_gui.engine.mbus.errors import MBusError, MBusErrorCode
from cmi_gui.engine.mbus.fixed import FIXED_HEADER, FIXED_SIZE, fixed_medium, fixed_records
from cmi_gui.engine.mbus.frame import Frame, FrameKind, parse_frame
from cmi_gui.engine.mbus.record import Record, RecordBlock, decode_records
from cmi_gui.engine.mbus.security import encrypted_size, looks_decoded, mode_of
from cmi_gui.engine.mbus.selection import ID_SIZE, MASK_SIZE, in_mode_1
from cmi_gui.engine.messages import Message

_DATA_AT = 7
"""The index of the byte after the CI field."""
_LONG_HEADER = 12
_SHORT_HEADER = 4
_NO_RECORDS = RecordBlock(())
_VARIABLE = frozenset((CI_VARIABLE, CI_VARIABLE_MODE_2, CI_NO_HEADER, CI_SHORT_HEADER))


class TelegramKind(StrEnum):
    """The kind of a telegram."""

    ACK = "ack"
    REQUEST = "request"
    """A short frame."""
    DATA = "data"
    """The variable data structure: CI 72, 76, 78, 7A."""
    FIXED_DATA = "fixed data"
    APPLICATION_ERROR = "application error"
    ALARM = "alarm"
    SEND = "send"
    """Records from the master: CI 51, 55."""
    SELECTION = "selection"
    RESET = "application reset"
    SET_BAUD = "set baud rate"
    OTHER = "other"
    """A CI field unknown to this package; the bytes are in the frame."""


@dataclass(frozen=True, slots=True)
class Header:
    """The header of an answer: the slave's identity and status.

    `id`: 8 digits (hex digits if they are not BCD), most significant first. `manufacturer`: three letters. `version`,
    `device_type`, `access_number`, `status`: 0 to 255. `signature`: 16 bits, also the configuration field of later
    editions. Fields that the structure does not have are None: in the fixed one manufacturer, version and signature, in
    the short header id, manufacturer, version and device type.
    """

    id: str | None
    manufacturer: str | None
    version: int | None
    device_type: int | None
    access_number: int
    status: int
    signature: int | None

    @property
    def is_fixed(self) -> bool:
        """True for the header of the fixed structure, which has other status bits and media."""
        return self.signature is None

    @property
    def state(self) -> int | None:
        """Bits 1 and 0 of the status: 0 no error, 1 busy, 2 application error, 3 abnormal condition or alarm.

        None for the fixed structure, where these bits mean something else, so it cannot report a refused command.
        """
        return None if self.is_fixed else self.status & 3

    @property
    def security_mode(self) -> int:
        """The security mode that the signature names as a configuration field; 0 if that mode is not defined.

        A real signature may look like a mode; `Telegram.encrypted` decides what is encrypted.
        """
        return 0 if self.signature is None else mode_of(self.signature)


@dataclass(frozen=True, slots=True)
class ApplicationError:
    """An application error, CI 70. `code` is 0, "unspecified", if the slave sends none."""

    code: int


@dataclass(frozen=True, slots=True)
class AlarmStatus:
    """An alarm, CI 71. `status` is a bit field (type D) defined by the manufacturer."""

    status: int


@dataclass(frozen=True, slots=True)
class Reset:
    """An application reset, CI 50. `subcode` is None if the master sends none."""

    subcode: int | None


@dataclass(frozen=True, slots=True)
class SetBaud:
    """A command to change the speed, CI B8 to BF, in bit/s."""

    baud: int


@dataclass(frozen=True, slots=True)
class Selection:
    """A selection, CI 52 and 56: the mask, 0 to 8 bytes in mode 1 order; bytes missing at its end match anything."""

    mask: bytes

    @property
    def id(self) -> str:
        """The identification number: 8 digits, F for any."""
        return decode_identification(self.mask.ljust(ID_SIZE, b"\xff"))

    @property
    def manufacturer(self) -> str | None:
        """The manufacturer's three letters; None for any, or if a byte of it is any."""
        raw = self.mask[4:6]
        return None if len(raw) < 2 or 0xFF in raw else decode_manufacturer(raw)

    @property
    def version(self) -> int | None:
        """The version, 0 to 254; None for any."""
        return self._byte(6)

    @property
    def device_type(self) -> int | None:
        """The device type, 0 to 254; None for any."""
        return self._byte(7)

    def _byte(self, at: int) -> int | None:
        return self.mask[at] if at < len(self.mask) and self.mask[at] != 0xFF else None


Content = ApplicationError | AlarmStatus | Reset | SetBaud | Selection


@dataclass(frozen=True, slots=True)
class Telegram:
    """A decoded telegram. All offsets count from the first byte of `raw`.

    `records` may follow a header or a selection, or stand alone. `more_follows`: the slave has another telegram (DIF
    1F). `manufacturer_data` follows DIF 0F or 1F at `manufacturer_at`. `content` is the content of a telegram of
    another kind than data. `encrypted`: the bytes after the header that its security mode covers; the records after
    them are in clear.
    """

    frame: Frame
    raw: bytes
    kind: TelegramKind
    header: Header | None = None
    block: RecordBlock = _NO_RECORDS
    content: Content | None = None
    encrypted: bytes = b""

    @property
    def records(self) -> tuple[Record, ...]:
        """The records in the order of the telegram."""
        return self.block.records

    @property
    def more_follows(self) -> bool:
        """True if another telegram has more records."""
        return self.block.more_follows

    @property
    def manufacturer_data(self) -> bytes:
        """The manufacturer's own data, to the end of the telegram."""
        return self.block.manufacturer_data

    @property
    def rest(self) -> bytes:
        """The bytes that could not be decoded, to the end of the telegram; `fault` gives the reason."""
        return self.block.rest

    @property
    def rest_at(self) -> int | None:
        """The offset of `rest`; None if everything is decoded."""
        return self.block.rest_at

    @property
    def fault(self) -> MBusError | None:
        """The reason why only a part is decoded; None if everything is."""
        return self.block.fault

    @property
    def manufacturer_at(self) -> int | None:
        """The offset of `manufacturer_data`; None without DIF 0F or 1F."""
        return self.block.manufacturer_at


def decode_telegram(source: Frame | bytes) -> Telegram:
    """Decode one telegram, given as a frame or as exactly its bytes. An unknown CI field is not an error.

    Bytes after a good header or good records that cannot be decoded are `Telegram.rest`, with the reason in `fault`.

    Raises MBusError as `parse_frame` does, and premature_end for a header or structure that is cut short.
    """
    if isinstance(source, Frame):
        frame, raw = source, source.to_bytes()
    else:
        raw = bytes(source)
        frame = parse_frame(raw)
    if frame.kind is FrameKind.ACK:
        return Telegram(frame, raw, TelegramKind.ACK)
    if frame.kind is FrameKind.SHORT:
        return Telegram(frame, raw, TelegramKind.REQUEST)
    telegram = _from_master(frame, raw) if frame.from_master else _from_slave(frame, raw)
    return telegram or Telegram(frame, raw, TelegramKind.OTHER)


def _records(raw: bytes, at: int, *, from_master: bool, msb_first: bool) -> RecordBlock:
    # The records end before the checksum and the stop byte.
    end = len(raw) - 2
    return decode_records(raw, start=at, end=end, from_master=from_master, msb_first=msb_first, partial=True)


def _from_slave(frame: Frame, raw: bytes) -> Telegram | None:
    data = frame.data
    if frame.ci in _VARIABLE:
        return _variable(frame, raw)
    if frame.ci == CI_FIXED:
        return _fixed(frame, raw)
    if frame.ci == CI_APPLICATION_ERROR:
        error = ApplicationError(data[0] if data else 0)
        return Telegram(frame, raw, TelegramKind.APPLICATION_ERROR, content=error)
    if frame.ci == CI_ALARM:
        _require(data, 1, Message("an alarm"))
        return Telegram(frame, raw, TelegramKind.ALARM, content=AlarmStatus(data[0]))
    return None


def _require(data: bytes, size: int, what: Message) -> None:
    if len(data) < size:
        message = Message("{0} must have {1} bytes, but has only {2}", (what, size, len(data)))
        raise MBusError(MBusErrorCode.PREMATURE_END, message, _DATA_AT + len(data))


def _variable(frame: Frame, raw: bytes) -> Telegram:
    data = frame.data
    header: Header | None = None
    size = 0
    msb_first = frame.ci == CI_VARIABLE_MODE_2
    if frame.ci == CI_SHORT_HEADER:
        size = _SHORT_HEADER
        _require(data, size, Message("the short header"))
        header = Header(None, None, None, None, data[0], data[1], int.from_bytes(data[2:4], "little"))
    elif frame.ci != CI_NO_HEADER:
        size = _LONG_HEADER
        _require(data, size, Message("the header"))
        header = _long_header(data, msb_first=msb_first)
    payload = data[size:]
    covered = 0 if header is None else encrypted_size(header.signature or 0, payload)
    block = _records(raw, _DATA_AT + size + (covered or 0), from_master=False, msb_first=msb_first)
    if covered is None:
        covered = 0 if looks_decoded(block, len(payload)) else len(payload)
        block = _NO_RECORDS if covered else block
    return Telegram(frame, raw, TelegramKind.DATA, header, block, encrypted=payload[:covered])


def _long_header(data: bytes, *, msb_first: bool) -> Header:
    if msb_first:
        data = in_mode_1(data[:MASK_SIZE]) + data[8:10] + data[11:9:-1]
    return Header(
        decode_identification(data),
        decode_manufacturer(data[4:6]),
        data[6],
        data[7],
        data[8],
        data[9],
        int.from_bytes(data[10:12], "little"),
    )


def _fixed(frame: Frame, raw: bytes) -> Telegram:
    data = frame.data
    if len(data) < FIXED_HEADER:
        _require(data, FIXED_SIZE, Message("the fixed structure"))
    header = Header(decode_identification(data), None, None, fixed_medium(data), data[4], data[5], None)
    whole = len(data) >= FIXED_SIZE
    records = fixed_records(data, _DATA_AT) if whole else ()
    if len(data) == FIXED_SIZE:
        return Telegram(frame, raw, TelegramKind.FIXED_DATA, header, RecordBlock(records))
    message = Message("the fixed structure must have {0} bytes, but has {1}", (FIXED_SIZE, len(data)))
    code = MBusErrorCode.TRAILING if whole else MBusErrorCode.PREMATURE_END
    fault = MBusError(code, message, _DATA_AT + min(len(data), FIXED_SIZE))
    size = FIXED_SIZE if whole else FIXED_HEADER
    block = RecordBlock(records, rest=data[size:], rest_at=_DATA_AT + size, fault=fault)
    return Telegram(frame, raw, TelegramKind.FIXED_DATA, header, block)


def _from_master(frame: Frame, raw: bytes) -> Telegram | None:
    data = frame.data
    if frame.ci in BAUD_RATES:
        return Telegram(frame, raw, TelegramKind.SET_BAUD, content=SetBaud(BAUD_RATES[frame.ci]))
    if frame.ci == CI_RESET:
        return Telegram(frame, raw, TelegramKind.RESET, content=Reset(data[0] if data else None))
    msb_first = frame.ci in (CI_SEND_MODE_2, CI_SELECT_MODE_2)
    if frame.ci in (CI_SEND, CI_SEND_MODE_2):
        block = _records(raw, _DATA_AT, from_master=True, msb_first=msb_first)
        return Telegram(frame, raw, TelegramKind.SEND, block=block)
    if frame.ci in (CI_SELECT, CI_SELECT_MODE_2):
        mask = data[:MASK_SIZE]
        if msb_first:
            mask = in_mode_1(mask)
        block = _records(raw, _DATA_AT + MASK_SIZE, from_master=True, msb_first=msb_first)
        return Telegram(frame, raw, TelegramKind.SELECTION, block=block, content=Selection(mask))
    return None
