"""Data records: bytes to values [DOC48 §6.3].

The meaning of DIB and VIB is determined once for each of the few hundred that occur in practice, and stored. Decoding
a record is then a dictionary look-up and one conversion of its bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

import msgspec

from cmi_gui.engine.mbus.conversion import Converter, converter
from cmi_gui.engine.mbus.datatypes import Missing, NotDecimal, Value, is_summer_time
from cmi_gui.engine.mbus.dib import (
    DIF_FILLER,
    DIF_GLOBAL_READOUT,
    DIF_MANUFACTURER,
    DIF_MORE_FOLLOWS,
    DataField,
    DataInformation,
    ValueFunction,
    chain_end,
    decode_dib,
)
from cmi_gui.engine.mbus.errors import MBusError, MBusErrorCode
from cmi_gui.engine.mbus.lvar import lvar_size
from cmi_gui.engine.mbus.vib import ValueInformation, decode_vib, vib_end
from cmi_gui.engine.mbus.vif_tables import Coding, ObjectAction, RecordError
from cmi_gui.engine.messages import Message, marked

_MAX_HEADERS = 4096
"""Maximum number of headers stored; when it is reached, all are dropped. Real buses have some hundreds, an attack any
number."""


@dataclass(frozen=True, slots=True)
class RecordHeader:
    """DIB and VIB of a record and their meaning, shared by all records that begin with the same bytes.

    `size` is the number of data bytes, None for variable length. `convert` takes the data bytes in mode 1 order
    (variable length: with the length byte) and never raises.
    """

    dib: bytes
    vib: bytes
    data: DataInformation
    value: ValueInformation
    size: int | None
    convert: Converter = field(compare=False, repr=False)


class Record(msgspec.Struct, frozen=True):
    """One data record.

    `raw` holds the data bytes as sent, the length byte of variable length included; `offset` is the index of the DIF in
    the decoded data. `value` is exact, in `unit`; if it is None, `missing` gives the reason. BCD with hex digits has
    both: its digits, a `NotDecimal`, and `missing`.
    """

    header: RecordHeader
    raw: bytes
    offset: int
    value: Value | None
    missing: Missing | None

    @property
    def dib(self) -> bytes:
        """The DIF and DIFEs."""
        return self.header.dib

    @property
    def vib(self) -> bytes:
        """The VIF and VIFEs, plain text included."""
        return self.header.vib

    @property
    def size(self) -> int:
        """The size of the whole record in bytes."""
        return len(self.header.dib) + len(self.header.vib) + len(self.raw)

    @property
    def field(self) -> DataField:
        """The length and coding of the data."""
        return self.header.data.field

    @property
    def function(self) -> ValueFunction:
        """The kind of the value: instantaneous, maximum, minimum, or during error state."""
        return self.header.data.function

    @property
    def storage(self) -> int:
        """The storage number; 0 is the present value."""
        return self.header.data.storage

    @property
    def tariff(self) -> int:
        """The tariff; 0 is the total."""
        return self.header.data.tariff

    @property
    def subunit(self) -> int:
        """The subunit of the device."""
        return self.header.data.subunit

    @property
    def quantity(self) -> str:
        """The measured quantity in words."""
        return self.header.value.quantity

    @property
    def unit(self) -> str:
        """The unit of the value, without SI prefix; "" for none."""
        return self.header.value.unit

    @property
    def exponent(self) -> int:
        """The power of ten between the raw number and the value."""
        return self.header.value.exponent

    @property
    def qualifiers(self) -> tuple[str, ...]:
        """Words that narrow the quantity down; "summer time" is one for a time with its summer time bit set."""
        if self.summer_time:
            return (*self.header.value.qualifiers, marked("summer time"))
        return self.header.value.qualifiers

    @property
    def vif_text(self) -> str | None:
        """The text of a plain text VIF."""
        return self.header.value.vif_text

    @property
    def action(self) -> ObjectAction | None:
        """The action that a master requests on the record."""
        return self.header.value.action

    @property
    def error(self) -> RecordError | None:
        """The error that a slave reports in place of the record."""
        return self.header.value.error

    @property
    def summer_time(self) -> bool:
        """True for a date and time with its summer time bit set."""
        return (
            self.header.value.coding is Coding.TIME_POINT
            and self.header.data.field in (DataField.INT32, DataField.INT48)
            and self.missing is None
            and is_summer_time(self.raw)
        )

    @property
    def has_seconds(self) -> bool:
        """True if a date and time is exact to the second (type I, 6 bytes), False if to the minute (type F)."""
        return len(self.raw) == 6


@dataclass(frozen=True, slots=True)
class RecordBlock:
    """All records of a telegram.

    `manufacturer_data` follows DIF 0F or 1F, at offset `manufacturer_at` (None: no such DIF). `more_follows`: that DIF
    was 1F, another telegram has more records. `rest` are the bytes that cannot be decoded, to the end, `rest_at` their
    offset and `fault` the reason (None: everything is decoded); 1F as the last of them counts as that DIF.
    """

    records: tuple[Record, ...]
    more_follows: bool = False
    manufacturer_data: bytes = b""
    manufacturer_at: int | None = None
    rest: bytes = b""
    rest_at: int | None = None
    fault: MBusError | None = field(default=None, compare=False)


_HEADERS: tuple[dict[bytes, RecordHeader], dict[bytes, RecordHeader]] = ({}, {})


def decode_records(
    data: bytes,
    *,
    start: int = 0,
    end: int | None = None,
    from_master: bool = False,
    msb_first: bool = False,
    partial: bool = False,
) -> RecordBlock:
    """Decode the records of `data[start:end]`; offsets count from the beginning of `data`.

    `from_master`: VIFEs 00 to 1F are object actions, not record errors. `msb_first`: mode 2 (CI 76). `partial`: the
    first record that cannot be decoded raises nothing, but it and all that follows are the `rest` of the block, with
    the `fault`; from a slave, 00 to the end is such a fault (padding).

    Raises MBusError without `partial`: premature_end, too_many_dife, too_many_vife, reserved_dif, reserved_lvar.
    """
    if end is not None:
        data = data[:end]
    end = len(data)
    headers = _HEADERS[from_master]
    records: list[Record] = []
    append = records.append
    at = start
    try:
        while at < end:
            dif = data[at]
            if dif & 0x0F == 0x0F:
                if dif == DIF_FILLER:
                    at += 1
                    continue
                if dif in (DIF_MANUFACTURER, DIF_MORE_FOLLOWS):
                    return RecordBlock(tuple(records), dif == DIF_MORE_FOLLOWS, data[at + 1 :], at + 1)
                if dif != DIF_GLOBAL_READOUT:
                    decode_dib(data[at : at + 1], at)  # Raises, as the length of such a record is unknown.
            elif not dif and partial and not from_master and _is_padding(data[at:]):
                # Decoded as records, zeros would be energies without data.
                message = Message("only 00 bytes follow, which are padding and not a record")
                raise MBusError(MBusErrorCode.PADDING, message, at)
            try:
                vib_at = chain_end(data, at)
                header_end = vib_at if dif == DIF_GLOBAL_READOUT else vib_end(data, vib_at)
            except IndexError:
                message = Message("the data ends inside the DIF or VIF of a record")
                raise MBusError(MBusErrorCode.PREMATURE_END, message, end) from None
            key = data[at:header_end]
            header = headers.get(key)
            if header is None:
                header = _add_header(key, at, from_master)
            size = header.size
            if size is None:
                size = _variable_size(data, header_end)
            stop = header_end + size
            if stop > end:
                message = Message("the data ends inside a record of {0} bytes", (stop - at,))
                raise MBusError(MBusErrorCode.PREMATURE_END, message, end)
            raw = data[header_end:stop]
            value = header.convert(_mode_1(raw, header) if msb_first else raw)
            kind = value.__class__
            if kind is Missing or kind is NotDecimal:
                append(make_record(header, raw, at, value))
            else:  # The usual case, without a call, because most of the time goes here.
                append(Record(header, raw, at, value, None))
            at = stop
    except MBusError as fault:
        if not partial:
            raise
        more = data[-1] == DIF_MORE_FOLLOWS
        return RecordBlock(tuple(records), more, rest=data[at:], rest_at=at, fault=fault)
    return RecordBlock(tuple(records))


def make_record(header: RecordHeader, raw: bytes, offset: int, value: Value | Missing) -> Record:
    """Return the record of data bytes that were converted to `value`."""
    if isinstance(value, Missing):
        return Record(header, raw, offset, None, value)
    return Record(header, raw, offset, value, Missing.NOT_DECIMAL if isinstance(value, NotDecimal) else None)


def _is_padding(rest: bytes) -> bool:
    """Return whether bytes are 00 only, except for fillers after them and a DIF 1F at the end."""
    return not any(rest.removesuffix(bytes((DIF_MORE_FOLLOWS,))).rstrip(bytes((DIF_FILLER,))))


def _variable_size(data: bytes, at: int) -> int:
    if at >= len(data):
        raise MBusError(MBusErrorCode.PREMATURE_END, Message("the data ends before the length byte of a record"), at)
    size = lvar_size(data[at])
    if size is None:
        message = Message("the length byte {0} is reserved, so the end of the record is unknown", (f"{data[at]:02X}",))
        raise MBusError(MBusErrorCode.RESERVED_LVAR, message, at)
    return size + 1


def _mode_1(raw: bytes, header: RecordHeader) -> bytes:
    """Return data bytes of mode 2 in the order of mode 1."""
    return raw[:1] + raw[:0:-1] if header.size is None else raw[::-1]


def _add_header(key: bytes, offset: int, from_master: bool) -> RecordHeader:
    headers = _HEADERS[from_master]
    if len(headers) >= _MAX_HEADERS:
        headers.clear()
    header = headers[key] = parse_header(key, from_master=from_master, offset=offset)
    return header


def parse_header(data: bytes, *, from_master: bool, offset: int = 0) -> RecordHeader:
    """Decode a whole DIB and VIB. Raises MBusError as `decode_records` does; offsets count from `offset`."""
    vib_at = chain_end(data, 0)
    dib, vib = data[:vib_at], data[vib_at:]
    information = decode_dib(dib, offset)
    if information.field is DataField.SPECIAL:
        value = ValueInformation(marked("global readout"), "", 0, 1, Decimal(0), Coding.SIGNED, ())
    else:
        value = decode_vib(vib, from_master=from_master, offset=offset + vib_at)
    return RecordHeader(dib, vib, information, value, information.field.size, converter(information, value))


def fixed_header(value: ValueInformation, *, bcd: bool, storage: int) -> RecordHeader:
    """Return the header of a counter of the fixed structure, which has neither DIB nor VIB and always 4 bytes."""
    information = DataInformation(DataField.BCD8 if bcd else DataField.INT32, storage=storage)
    return RecordHeader(b"", b"", information, value, 4, converter(information, value))
