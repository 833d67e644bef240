"""Data information: DIF and DIFEs of a record [DOC48 §6.3.2]."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from cmi_gui.engine.mbus.errors import MBusError, MBusErrorCode
from cmi_gui.engine.messages import Message, marked

EXTENSION = 0x80
"""In DIF, DIFE, VIF and VIFE: another one follows."""
MAX_EXTENSIONS = 10
"""Maximum number of DIFEs, and of VIFEs, of a record."""

DIF_MANUFACTURER = 0x0F
"""The rest of the telegram is the manufacturer's own data."""
DIF_MORE_FOLLOWS = 0x1F
"""As 0F; another telegram has more records."""
DIF_FILLER = 0x2F
"""One byte to skip."""
DIF_GLOBAL_READOUT = 0x7F
"""Master to slave: read out everything."""


class DataField(IntEnum):
    """The length and coding of the data: the low four bits of the DIF."""

    NONE = 0x0
    INT8 = 0x1
    INT16 = 0x2
    INT24 = 0x3
    INT32 = 0x4
    REAL32 = 0x5
    INT48 = 0x6
    INT64 = 0x7
    SELECTION = 0x8
    BCD2 = 0x9
    BCD4 = 0xA
    BCD6 = 0xB
    BCD8 = 0xC
    VARIABLE = 0xD
    BCD12 = 0xE
    SPECIAL = 0xF

    @property
    def size(self) -> int | None:
        """The number of data bytes; None for variable length."""
        return _SIZES[self]

    @property
    def is_bcd(self) -> bool:
        """True if the data is type A (BCD) of fixed length."""
        return self in _BCD


_SIZES = (0, 1, 2, 3, 4, 4, 6, 8, 0, 1, 2, 3, 4, None, 6, 0)
_BCD = frozenset((DataField.BCD2, DataField.BCD4, DataField.BCD6, DataField.BCD8, DataField.BCD12))


class ValueFunction(StrEnum):
    """The kind of the value: bits 5 and 4 of the DIF."""

    INSTANTANEOUS = marked("instantaneous")
    MAXIMUM = marked("maximum")
    MINIMUM = marked("minimum")
    ERROR = marked("error")
    """Value during error state."""


_FUNCTIONS = tuple(ValueFunction)


@dataclass(frozen=True, slots=True)
class DataInformation:
    """The meaning of DIF and DIFEs. `storage` has up to 41 bits, `tariff` 20, `subunit` 10."""

    field: DataField
    function: ValueFunction = ValueFunction.INSTANTANEOUS
    storage: int = 0
    tariff: int = 0
    subunit: int = 0


def chain_end(data: bytes, at: int) -> int:
    """Return the index after the chain that starts at `at`, by the extension bits. Raises IndexError if it is cut."""
    while data[at] & EXTENSION:
        at += 1
    return at + 1


def decode_dib(dib: bytes, offset: int = 0) -> DataInformation:
    """Decode one whole chain of DIF and DIFEs.

    Raises MBusError too_many_dife, or reserved_dif for a special DIF other than 7F; offsets count from `offset`.
    """
    dif = dib[0]
    field = DataField(dif & 0x0F)
    if field is DataField.SPECIAL and dif != DIF_GLOBAL_READOUT:
        raise MBusError(MBusErrorCode.RESERVED_DIF, Message("DIF {0} is reserved", (f"{dif:02X}",)), offset)
    if len(dib) - 1 > MAX_EXTENSIONS:
        message = Message("{0} DIFEs, but a record has at most {1}", (len(dib) - 1, MAX_EXTENSIONS))
        raise MBusError(MBusErrorCode.TOO_MANY_DIFE, message, offset + 1 + MAX_EXTENSIONS)
    if field is DataField.SPECIAL:
        return DataInformation(field)
    storage, tariff, subunit = dif >> 6 & 1, 0, 0
    for index, dife in enumerate(dib[1:]):
        storage |= (dife & 0x0F) << (4 * index + 1)
        tariff |= (dife >> 4 & 3) << (2 * index)
        subunit |= (dife >> 6 & 1) << index
    return DataInformation(field, _FUNCTIONS[dif >> 4 & 3], storage, tariff, subunit)


def encode_dib(
    field: DataField,
    function: ValueFunction = ValueFunction.INSTANTANEOUS,
    *,
    storage: int = 0,
    tariff: int = 0,
    subunit: int = 0,
) -> bytes:
    """Return DIF and as few DIFEs as needed. Raises ValueError for a special data field or numbers that do not fit."""
    if field is DataField.SPECIAL:
        raise ValueError("a special DIF is not data information")
    if not (0 <= storage < 1 << 41 and 0 <= tariff < 1 << 20 and 0 <= subunit < 1 << 10):
        raise ValueError(f"storage {storage}, tariff {tariff}, subunit {subunit}: beyond what ten DIFEs hold")
    dib = bytearray((field | _FUNCTIONS.index(function) << 4 | (storage & 1) << 6,))
    storage >>= 1
    while storage or tariff or subunit:
        dib[-1] |= EXTENSION
        dib.append(storage & 0x0F | (tariff & 3) << 4 | (subunit & 1) << 6)
        storage, tariff, subunit = storage >> 4, tariff >> 2, subunit >> 1
    return bytes(dib)
