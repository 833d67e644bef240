"""Value information: VIF and VIFEs of a record [DOC48 §8.4, DRAFT3, EN2018]."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal

from cmi_gui.engine.mbus.datatypes import decode_text, encode_text
from cmi_gui.engine.mbus.dib import EXTENSION, MAX_EXTENSIONS, chain_end
from cmi_gui.engine.mbus.errors import MBusError, MBusErrorCode
from cmi_gui.engine.mbus.vif_tables import (
    COMBINABLE_EXTENSION,
    DATE_VIFES,
    DURATION_UNITS,
    DURATION_VIFES,
    EXTENSION_FB,
    EXTENSION_FD,
    EXTENSION_FD_FD,
    PRIMARY,
    QUALIFIER_VIFES,
    RESERVED,
    UNIT_VIFES,
    Coding,
    ObjectAction,
    Quantity,
    RecordError,
)
from cmi_gui.engine.messages import Message, marked

RESERVED_VIFE = marked("reserved VIFE {0}")
"""A qualifier: a code, in hex, that no edition of the standard explains."""
MANUFACTURER_VIFES = marked("manufacturer {0}")
"""A qualifier: the manufacturer's own codes, in hex."""
_MANUFACTURER_ONLY = marked("manufacturer-specific")
"""A qualifier: VIFE 7F without codes after it."""

_CODE = 0x7F
_FB = 0xFB
_FD = 0xFD
_PLAIN = 0x7C
_COMBINABLE_EXTENSION = 0xFC
_THIRD_TABLE = 0xEF
_MANUFACTURER = 0x7F
_ACTIONS = tuple(ObjectAction)
_ERRORS = {error.code: error for error in RecordError}
_PROFILES = frozenset((0x13, 0x1E, 0x1F))


@dataclass(frozen=True, slots=True)
class ValueInformation:
    """The meaning of VIF and VIFEs.

    The value in `unit` (without SI prefix; "" for none) is raw number x `factor` x 10^`exponent` + `offset`.
    `qualifiers` are words such as "phase L1" and "export". `vif_text` is the plain text of VIF 7C or FC. Only records
    from a master have an `action`, only those from a slave an `error`.
    """

    quantity: str
    unit: str
    exponent: int
    factor: int
    offset: Decimal
    coding: Coding
    qualifiers: tuple[str, ...]
    vif_text: str | None = None
    action: ObjectAction | None = None
    error: RecordError | None = None


def vib_end(data: bytes, at: int) -> int:
    """Return the index after the value information that starts at `at`.

    Raises IndexError for codes, MBusError premature_end for a plain text, that are cut short.
    """
    return _plain_text(data, at)[2] if data[at] & _CODE == _PLAIN else chain_end(data, at)


def _plain_text(data: bytes, at: int) -> tuple[str, bytes, int]:
    """Return text, VIFEs and end.

    The standard puts the text after all VIFEs, Elvaco's CMa10 between FC and the VIFEs. The result is the first reading
    whose text is printable and complete; the standard's is tried first.
    """
    start = at + 1
    extended = data[at] & EXTENSION
    with suppress(IndexError):
        text_at = chain_end(data, start) if extended else start
        end = _text_end(data, text_at)
        text = data[text_at + 1 : end]
        if not extended or _printable(text):
            return decode_text(text), data[start:text_at], end
    if extended:
        with suppress(IndexError):
            vifes_at = _text_end(data, start)
            end = chain_end(data, vifes_at)
            text = data[start + 1 : vifes_at]
            if _printable(text):
                return decode_text(text), data[vifes_at:end], end
    raise MBusError(MBusErrorCode.PREMATURE_END, Message("the data ends inside a plain text VIF"), len(data))


def _text_end(data: bytes, at: int) -> int:
    """Return the index after the text whose length byte is at `at`. Raises IndexError if the text is cut short."""
    end = at + 1 + data[at]
    if end > len(data):
        raise IndexError(end)
    return end


def _printable(text: bytes) -> bool:
    return bool(text) and all(0x20 <= char < 0x7F or char >= 0xA0 for char in text)


def decode_vib(vib: bytes, *, from_master: bool, offset: int = 0) -> ValueInformation:
    """Decode one whole chain of VIF and VIFEs, plain text included.

    VIFEs 00 to 1F are object actions from a master and record errors from a slave. Reserved codes are not errors; the
    quantity or a qualifier names them.

    Raises MBusError too_many_vife; offsets count from `offset`.
    """
    text: str | None = None
    if vib[0] & _CODE == _PLAIN:
        text, vifes, _ = _plain_text(vib, 0)
        quantity, count = Quantity(marked("plain text")), len(vifes)
    else:
        (quantity, vifes), count = _quantity_and_vifes(vib), len(vib) - 1
    if count > MAX_EXTENSIONS:
        message = Message("{0} VIFEs, but a record has at most {1}", (count, MAX_EXTENSIONS))
        raise MBusError(MBusErrorCode.TOO_MANY_VIFE, message, offset + 1 + MAX_EXTENSIONS)
    reader = _VifeReader(quantity, from_master=from_master)
    manufacturer = vib[0] & _CODE in (_MANUFACTURER, _THIRD_TABLE & _CODE)
    if manufacturer and vifes:
        reader.manufacturer_specific(vifes)
    else:
        reader.read(vifes)
    return reader.result(text)


def _quantity_and_vifes(vib: bytes) -> tuple[Quantity, bytes]:
    """Return the quantity and the VIFEs after the byte that names it."""
    table, at = PRIMARY, 0
    if vib[0] == _FB:
        table, at = EXTENSION_FB, 1
    elif vib[0] == _FD:
        table, at = EXTENSION_FD, 1
        if vib[1] == _FD:
            table, at = EXTENSION_FD_FD, 2
    return table.get(vib[at] & _CODE, Quantity(RESERVED)), vib[at + 1 :]


class _VifeReader:
    """A quantity to which VIFEs are applied, one after the other."""

    def __init__(self, quantity: Quantity, *, from_master: bool) -> None:
        self.quantity = quantity.name
        self.unit = quantity.unit
        self.exponent = quantity.exponent
        self.factor = quantity.factor
        self.coding = quantity.coding
        self.offset = Decimal(0)
        self.qualifiers: list[str] = []
        self.action: ObjectAction | None = None
        self.error: RecordError | None = None
        self._from_master = from_master

    def result(self, text: str | None) -> ValueInformation:
        return ValueInformation(
            self.quantity,
            self.unit,
            self.exponent,
            self.factor,
            self.offset,
            self.coding,
            tuple(self.qualifiers),
            text,
            self.action,
            self.error,
        )

    def manufacturer_specific(self, codes: bytes) -> None:
        self.qualifiers.append(MANUFACTURER_VIFES.format(codes.hex(" ").upper()) if codes else _MANUFACTURER_ONLY)

    def read(self, vifes: bytes) -> None:
        at = 0
        while at < len(vifes):
            vife = vifes[at]
            at += 1
            code = vife & _CODE
            if vife == _COMBINABLE_EXTENSION:
                extended = vifes[at] & _CODE
                at += 1
                self.qualifiers.append(COMBINABLE_EXTENSION.get(extended, RESERVED_VIFE.format(f"FC {extended:02X}")))
            elif code == _MANUFACTURER:
                self.manufacturer_specific(vifes[at:])
                return
            else:
                self._apply(code)

    def _apply(self, code: int) -> None:
        if code in QUALIFIER_VIFES:
            self._qualify(code)
        elif code < 0x20:
            self._apply_action_or_error(code)
        elif code in UNIT_VIFES:
            suffix, word = UNIT_VIFES[code]
            self.unit = (self.unit + suffix).strip()
            self.qualifiers.append(word)
        elif code in DATE_VIFES:
            self._set_unit("", 1, Coding.TIME_POINT)
            self.qualifiers.append(DATE_VIFES[code])
        elif code in DURATION_VIFES:
            self._set_unit(*DURATION_UNITS[code & 3], Coding.SIGNED)
            self.qualifiers.append(DURATION_VIFES[code])
        elif 0x70 <= code <= 0x77:
            self.exponent += (code & 7) - 6
        elif 0x78 <= code <= 0x7B:
            # "Unit of VIF" is read as the unit of the result, for instance 1 degC, independent of the VIF's exponent.
            self.offset += Decimal(1).scaleb((code & 3) - 3)
        elif code == 0x7D:
            self.exponent += 3
        else:
            self.qualifiers.append(RESERVED_VIFE.format(f"{code:02X}"))

    def _set_unit(self, unit: str, factor: int, coding: Coding) -> None:
        self.unit, self.factor, self.exponent, self.coding = unit, factor, 0, coding

    def _qualify(self, code: int) -> None:
        self.qualifiers.append(QUALIFIER_VIFES[code])
        if code in (0x41, 0x49):
            self._set_unit("", 1, Coding.UNSIGNED)
        elif code in _PROFILES:
            self.coding = Coding.OPAQUE

    def _apply_action_or_error(self, code: int) -> None:
        if self._from_master:
            if code < len(_ACTIONS):
                self.action = _ACTIONS[code]
                return
        elif code in _ERRORS:
            self.error = _ERRORS[code]
            return
        self.qualifiers.append(RESERVED_VIFE.format(f"{code:02X}"))


def with_vifes(vib: bytes, *vifes: int) -> bytes:
    """Return value information (not plain text) with more VIFEs after it, for instance an object action code.

    Every byte but the last gets its extension bit. Raises ValueError for more than 10 VIFEs.
    """
    codes = bytearray((*vib, *vifes))
    if len(codes) > 1 + MAX_EXTENSIONS:
        raise ValueError(f"a record has at most {MAX_EXTENSIONS} VIFEs")
    for index in range(len(codes) - 1):
        codes[index] |= EXTENSION
    return bytes(codes)


def encode_plain_vib(text: str, *vifes: int) -> bytes:
    """Return VIF 7C with a plain text, or FC with VIFEs in the standard's order: VIFEs, length, text (reversed).

    Raises ValueError for more than 10 VIFEs, or for an empty, too long (over 255) or unprintable text, which readers
    could mistake for data.
    """
    raw = encode_text(text)
    if len(raw) > 0xFF or not _printable(raw):
        raise ValueError(f"a plain text VIF holds 1 to 255 printable characters, not {text!r}")
    return with_vifes(bytes((_PLAIN,)), *vifes) + bytes((len(raw),)) + raw
