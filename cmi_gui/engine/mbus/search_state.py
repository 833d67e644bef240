"""The state of a search by secondary address as plain data, from which another search continues."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Annotated

import msgspec

Mask = Annotated[str, msgspec.Meta(pattern=r"\A(?:[0-9a-f]{2}){8,14}\Z")]
"""A mask, or a header with a fabrication number, in hex."""
Count = Annotated[int, msgspec.Meta(ge=0)]
Part = Annotated[str, msgspec.Meta(pattern=r"\A[0-9]{1,200}(?:/[1-9][0-9]{0,199})?\Z")]
"""A part of all addresses, as a fraction."""


class OpenMask(msgspec.Struct, frozen=True):
    """A mask that several slaves answer, as a part of `SearchState`.

    `division`, `next`: the division of the mask and the narrower mask of it that is due. `count`: slaves found so far.
    `doubtful`: the earlier masks to which the answers may belong, if fewer than two slaves are found. `named`: the
    selection field in the beginning of a damaged telegram, which is tried first.
    """

    mask: Mask
    collision: bool
    suspected: bool
    division: Count
    next: Count
    count: Count
    begin: Part
    size: Part
    doubtful: tuple[Mask, ...] = ()
    named: Mask | None = None


class SearchState(msgspec.Struct, frozen=True):
    """How far a search has come, as plain data to continue it; masks and slaves are in hex.

    `answered`: all masks that were answered. `letters`: for each digit of the identification number, the letters that
    occur in it on this bus. `longest`, `singles`: what `ResponseWindow` has learned. `repeated`: as in
    `SecondarySearch`. `single`: the masks with open digits at which one slave answered.
    """

    mask: Mask
    open: tuple[OpenMask, ...]
    found: tuple[Mask, ...]
    answered: tuple[Mask, ...]
    unexplained: dict[Mask, bool]
    late: tuple[Mask, ...]
    hasty: tuple[Mask, ...]
    longest: Annotated[float, msgspec.Meta(ge=0, le=10)]
    singles: Count
    letters: dict[
        Annotated[str, msgspec.Meta(pattern=r"\A[0-7]\Z")], Annotated[str, msgspec.Meta(pattern=r"\A[a-e]{0,5}\Z")]
    ]
    repeated: Count = 0
    single: tuple[Mask, ...] = ()


@dataclass(slots=True)
class MaskPart:
    """A mask that is being divided. The fields are those of `OpenMask`, with `begin` and `size` as parts of all."""

    mask: bytes
    collision: bool
    suspected: bool
    begin: Fraction
    size: Fraction
    division: int = 0
    next: int = 0
    count: int = 0
    divisions: list[list[bytes]] = field(default_factory=list)
    doubtful: tuple[bytes, ...] = ()
    named: bytes | None = None

    @property
    def missing(self) -> bool:
        """True if not all slaves of a collision were found, or a single one gives no data."""
        return self.count < 1 + self.collision

    @classmethod
    def of(cls, open_mask: OpenMask) -> MaskPart:
        """Return the level that was open in a search that continues."""
        each = open_mask
        mask, begin, size = bytes.fromhex(each.mask), Fraction(each.begin), Fraction(each.size)
        doubtful = tuple(map(bytes.fromhex, each.doubtful))
        steps = each.division, each.next, each.count
        named = None if each.named is None else bytes.fromhex(each.named)
        return cls(mask, each.collision, each.suspected, begin, size, *steps, doubtful=doubtful, named=named)

    @property
    def open_mask(self) -> OpenMask:
        """The level as plain data."""
        return OpenMask(
            self.mask.hex(),
            self.collision,
            self.suspected,
            self.division,
            self.next,
            self.count,
            str(self.begin),
            str(self.size),
            tuple(doubtful.hex() for doubtful in self.doubtful),
            None if self.named is None else self.named.hex(),
        )
