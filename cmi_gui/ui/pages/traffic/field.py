"""A field of a telegram with its place in the bytes."""

from __future__ import annotations

from dataclasses import dataclass

from cmi_gui.engine.iec62056.errors import Iec62056Error
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.ui.text.messages import text_of, translate


@dataclass(frozen=True, slots=True)
class ByteField:
    """A named range of bytes, `start` to `end` - 1, with its meaning and the fields inside it.

    Children lie inside their parent, in order, and do not overlap. `trouble`: these bytes are wrong.
    """

    name: str
    start: int
    end: int
    meaning: str = ""
    children: tuple[ByteField, ...] = ()
    trouble: bool = False


def error_field(error: MBusError | Iec62056Error, size: int) -> ByteField:
    """Return the field for an error of a telegram of `size` bytes, at the byte where it was found."""
    at = size if error.offset is None else min(error.offset, size)
    name = translate("Fields", "Cannot be decoded")
    return ByteField(name, at, min(at + 1, size), text_of(error.message), trouble=True)


def check_field(name: str, at: int, given: int, expected: int) -> ByteField:
    """Return the field of a check byte; `expected` is the value computed from the bytes that it protects."""
    good = given == expected
    meaning = translate("Fields", "correct") if good else translate("Fields", "wrong, should be {0}")
    return ByteField(name, at, at + 1, meaning.format(f"{expected:02X}"), trouble=not good)
