"""A field of a telegram with its place in the bytes."""

from __future__ import annotations

from dataclasses import dataclass


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
