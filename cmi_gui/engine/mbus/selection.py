"""Selection by secondary address, from the slave's side [DOC48 §7.1, §7.3].

The selection field has up to eight bytes in the order of the header: four of identification number, two of
manufacturer, version, device type. Further records may follow: the fabrication number (enhanced selection) or any
other that the slave has (generalised selection).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from cmi_gui.engine.mbus.ci import CI_SELECT, CI_SELECT_MODE_2
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.frame import ADDRESS_SELECTED, Frame
from cmi_gui.engine.mbus.record import parse_header

MASK_SIZE = 8
"""Bytes of a whole mask, and of the part of a header that it selects by; records may follow."""
ID_SIZE = 4
"""Bytes of the identification number, with which a mask and a header begin."""
FABRICATION = b"\x0c\x78"
"""DIB and VIB of a fabrication number, in a telegram and in an enhanced selection [DOC48 §7.4]."""
_QUANTITY = attrgetter("quantity", "unit", "qualifiers", "vif_text")


@dataclass(frozen=True, slots=True)
class Identity:
    """A secondary address that a slave answers to.

    `header` holds the eight bytes as in a RSP_UD: identification number (BCD, LSB first), manufacturer (LSB first),
    version, device type. `wildcards` False: the identification number matches only without wildcards. Raises ValueError
    for another length.
    """

    header: bytes
    wildcards: bool = True

    def __post_init__(self) -> None:
        if len(self.header) != MASK_SIZE:
            raise ValueError(f"a secondary address has {MASK_SIZE} bytes, not {len(self.header)}")


@dataclass(frozen=True, slots=True)
class SelectionRecord:
    """A record of a slave that a selection may contain: data information, value information, data."""

    dib: bytes
    vib: bytes
    data: bytes

    def to_bytes(self) -> bytes:
        """Return the record's bytes in a telegram."""
        return self.dib + self.vib + self.data


def is_selection(frame: Frame) -> bool:
    """Return whether a master's telegram selects by secondary address, and so deselects all that it does not match."""
    return frame.a == ADDRESS_SELECTED and frame.ci in (CI_SELECT, CI_SELECT_MODE_2)


def matches(data: bytes, identity: Identity, records: Sequence[SelectionRecord]) -> bool:
    """Return whether a selection field matches this slave.

    An F nibble of the identification number matches any digit, FF any manufacturer byte (each byte separately), version
    or device type; device type 00 matches any [CMeX50 p67]. Every record after the mask must be one of `records`
    [DOC48 §7.4]: F nibbles in a fabrication number match any digit; in all others data information and data must be
    equal, and value information except for its exponent.

    Short masks occur in practice and may end at any byte but the fifth, which would cut the manufacturer in half
    [CMeX50 p67].
    """
    mask, rest = data[:MASK_SIZE], data[MASK_SIZE:]
    if len(mask) == 5 or not _mask_matches(mask, identity):
        return False
    while rest:
        step = _match_record(rest, records)
        if step is None:
            return False
        rest = rest[step:]
    return True


def in_mode_1(field: bytes) -> bytes:
    """Return a mask, or the same part of a header, of mode 2 (most significant byte first) in the order of mode 1."""
    return field[3::-1] + field[5:3:-1] + field[6:]


def _mask_matches(mask: bytes, identity: Identity) -> bool:
    own = identity.header
    if not identity.wildcards and mask[:ID_SIZE] != own[:ID_SIZE]:
        return False
    if not all(map(_digits_match, mask[:ID_SIZE], own)):
        return False
    if not all(byte in (0xFF, right) for byte, right in zip(mask[4:7], own[4:7], strict=False)):
        return False
    return len(mask) < MASK_SIZE or mask[7] in (0xFF, 0x00, own[7])


def _digits_match(mask: int, own: int) -> bool:
    return (mask & 0xF in (0xF, own & 0xF)) and (mask >> 4 in (0xF, own >> 4))


def _match_record(rest: bytes, records: Sequence[SelectionRecord]) -> int | None:
    """Return the size of the record at the start of `rest` if the slave has it, else None.

    The slave's own records give the lengths to compare, so an unknown record need not be decoded.
    """
    for record in records:
        dib, vib, data = record.dib, record.vib, record.data
        head = len(dib) + len(vib)
        size = head + len(data)
        if len(rest) < size or not rest.startswith(dib) or not _same_quantity(dib, rest[len(dib) : head], vib):
            continue
        mask = rest[head:size]
        if mask == data or (dib + vib == FABRICATION and all(map(_digits_match, mask, data))):
            return size
    return None


def _same_quantity(dib: bytes, vib: bytes, own: bytes) -> bool:
    """Return whether value information of two records differs at most in its exponent."""
    if vib == own:
        return True
    try:
        one, other = (_QUANTITY(parse_header(dib + each, from_master=False).value) for each in (vib, own))
    except (MBusError, IndexError):
        return False
    return bool(one == other)
