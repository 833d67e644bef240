"""One field of a telegram and its place in the bytes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ByteField:
    """A named run of bytes, `start` to `end` - 1, what it means, and the fields it consists of.

    Children lie inside their parent, in order, and do not overlap. `trouble`: these bytes are what is wrong.
    """

    name: str
    start: int
    end: int
    meaning: str = ""
    children: tuple[ByteField, ...] = ()
    trouble: bool = False
