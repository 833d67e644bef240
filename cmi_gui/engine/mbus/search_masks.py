"""The masks of a search by secondary address: open digits, and the narrower masks that divide them [DOC48 §7.3].

A mask is a selection field with wildcards: the eight bytes of a header, and a record with a fabrication number if that
is needed to separate slaves.
"""

from __future__ import annotations

from cmi_gui.engine.mbus.selection import FABRICATION, ID_SIZE, Identity, SelectionRecord, matches
from cmi_gui.engine.mbus.slave_address import HEADER_SIZE

_DEVICE_TYPE = 7
_OPEN = b"\xff" * ID_SIZE
"""A number of eight open digits."""
DIGITS = "0123456789"
LETTERS = "abcde"
"""Digits that some slaves have although BCD excludes them; F is the wildcard."""


def fabrication_number(mask: bytes) -> bytes:
    """Return the fabrication number in a mask; empty if it has none."""
    return mask[HEADER_SIZE + len(FABRICATION) :]


def slave_key(mask: bytes) -> bytes:
    """Return the header and the fabrication number in a mask, which name a slave if no digit is open."""
    return mask[:HEADER_SIZE] + fabrication_number(mask)


def number_of(key: bytes) -> str:
    """Return the fabrication number of a slave, or else its identification number."""
    return (key[HEADER_SIZE:] or key[:ID_SIZE])[::-1].hex().upper()


def selects(mask: bytes, key: bytes) -> bool:
    """Return whether a mask selects a slave."""
    number = key[HEADER_SIZE:]
    records = [SelectionRecord(FABRICATION[:1], FABRICATION[1:], number)] if number else []
    return matches(mask if number else mask[:HEADER_SIZE], Identity(key[:HEADER_SIZE]), records)


def is_divisible(mask: bytes) -> bool:
    """Return whether a digit of the identification number or of the fabrication number is open."""
    return open_digit(mask) is not None or "f" in (fabrication_number(mask) or _OPEN).hex()


def is_whole(mask: bytes) -> bool:
    """Return whether a mask has no open part, and so selects one slave."""
    return not is_divisible(mask) and b"\xff" not in mask[:HEADER_SIZE]


def open_digit(mask: bytes) -> int | None:
    """Return the first digit of the identification number that is open, 0 to 7, or None."""
    digit = mask[ID_SIZE - 1 :: -1].hex().find("f")
    return None if digit < 0 else digit


def next_digits(number: bytes, digits: str) -> list[bytes]:
    """Return the numbers (BCD, LSB first) with each of `digits` in place of the first open digit."""
    before, _, after = number[::-1].hex().partition("f")
    return [bytes.fromhex(f"{before}{digit}{after}")[::-1] for digit in digits]


def with_letter(mask: bytes, digit: int, letter: str) -> bytes:
    """Return a mask with a letter in a digit of the identification number."""
    number = mask[ID_SIZE - 1 :: -1].hex()
    return bytes.fromhex(f"{number[:digit]}{letter}{number[digit + 1 :]}")[::-1] + mask[ID_SIZE:]


def further_divisions(mask: bytes) -> list[list[bytes]]:
    """Return the divisions of a mask whose identification number is given, in the order to try them."""
    tail = fabrication_number(mask) or _OPEN
    head = mask[:HEADER_SIZE] + FABRICATION
    # The numbers of a delivery differ in their last digits.
    numbers = _last_digits(tail, DIGITS + LETTERS) if "f" in tail.hex() else []
    divisions = [[head + number for number in numbers]] if numbers else []
    index = mask.find(0xFF, ID_SIZE, HEADER_SIZE)
    if index >= 0 and (len(mask) == HEADER_SIZE or not divisions):
        # FF is the wildcard, so no mask can require it. Device type 00 is last: some slaves take it for any
        # [CMeX50 p67].
        first = int(index == _DEVICE_TYPE)
        divisions.append([_with_byte(mask, index, value) for value in range(first, 255)])
        divisions.append([_with_byte(mask, index, 0)] * first)
    return [masks for masks in divisions if masks]


def _with_byte(mask: bytes, index: int, value: int) -> bytes:
    return mask[:index] + bytes((value,)) + mask[index + 1 :]


def _last_digits(number: bytes, digits: str) -> list[bytes]:
    """Return the numbers (BCD, LSB first) with each of `digits` in place of the last open digit."""
    before, _, after = number[::-1].hex().rpartition("f")
    return [bytes.fromhex(f"{before}{digit}{after}")[::-1] for digit in digits]
