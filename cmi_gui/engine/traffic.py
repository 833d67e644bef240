"""The traffic store: every telegram and message of both sides, compactly.

One byte array holds the bytes, one array each the offsets, times and a packed row of facts that filters ask for. Text
is made when somebody looks at a row, never when it is stored.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from enum import IntEnum

__all__ = ["Direction", "Kind", "Side", "TrafficRow", "TrafficStore"]


class Side(IntEnum):
    """Which wire."""

    MBUS = 0
    METER = 1


class Direction(IntEnum):
    """Seen from the module."""

    RECEIVED = 0
    SENT = 1


class Kind(IntEnum):
    """What a row is."""

    TELEGRAM = 0
    """A good M-Bus frame or IEC 62056-21 message."""
    NOISE = 1
    BAD_CHECKSUM = 2
    BAD_LENGTH = 3
    BAD_FRAME = 4
    BREAK = 5
    LINE_ERROR = 6
    TRUNCATED = 7
    """A telegram that broke off."""
    EXPIRED = 8
    """An answer that could not leave inside the window of EN 13757-2, so it was not sent."""


NO_ADDRESS = 0xFFFF


@dataclass(frozen=True, slots=True)
class TrafficRow:
    """One row: `at` in monotonic seconds (last stop bit), `address` the A field or None, `link` the link's URL."""

    index: int
    at: float
    side: Side
    direction: Direction
    kind: Kind
    address: int | None
    link: str
    data: bytes
    masked: tuple[tuple[int, int], ...] = ()
    """(first, behind the last) of bytes that are secret: they are zero in `data` and shown as `**`."""
    words: str | None = None
    """What a masked row says, told before it was masked; None for all others."""


class TrafficStore:
    """Rows in the order in which they ended on the wire.

    An index, once given, stays valid until `clear`, or until its row is dropped: with `max_bytes` the oldest go when
    the telegrams together have more. The rows there are have the indices `first` to `len(store) - 1`.
    """

    def __init__(self, max_bytes: int | None = None) -> None:
        self._max_bytes = max_bytes
        self.first = 0
        """The index of the oldest row still there."""
        self._dropped_bytes = 0
        self._bytes = bytearray()
        self._ends = array("Q")
        self._at = array("d")
        # bits 0-15 address, 16 side, 17 direction, 18-21 kind, 22-31 link
        self._facts = array("I")
        self._links: list[str] = []
        self._link_index: dict[str, int] = {}
        self._masked: dict[int, tuple[tuple[tuple[int, int], ...], str]] = {}

    def __len__(self) -> int:
        return self.first + len(self._at)

    def append(
        self,
        at: float,
        side: Side,
        direction: Direction,
        kind: Kind,
        address: int | None,
        link: str,
        data: bytes,
        masked: tuple[tuple[int, int], ...] = (),
        words: str = "",
    ) -> int:
        """Store a row; returns its index. For `masked` and `words` see `TrafficRow`."""
        link_index = self._link_index.get(link)
        if link_index is None:
            # 1023 names at the most; further ones share the last (links are few, reconnects reuse their name)
            link_index = min(len(self._links), 1022)
            if link_index == len(self._links):
                self._links.append(link)
            self._link_index[link] = link_index
        self._bytes += data
        self._ends.append(self._dropped_bytes + len(self._bytes))
        self._at.append(at)
        self._facts.append(
            (NO_ADDRESS if address is None else address) | side << 16 | direction << 17 | kind << 18 | link_index << 22
        )
        if masked:
            self._masked[len(self) - 1] = (masked, words)
        if self._max_bytes is not None and len(self._bytes) > self._max_bytes:
            self._drop(len(self._at) // 4)
        return len(self) - 1

    def _drop(self, count: int) -> None:
        """Forget the oldest rows; a quarter at once, so that it costs little for each row."""
        cut = self._ends[count - 1] if count else self._dropped_bytes
        del self._bytes[: cut - self._dropped_bytes]
        self._dropped_bytes = cut
        del self._ends[:count], self._at[:count], self._facts[:count]
        self.first += count
        self._masked = {index: secret for index, secret in self._masked.items() if index >= self.first}

    def _place(self, index: int) -> int:
        """Where a row lies in the arrays. Raises IndexError for one that is not there (any more)."""
        place = index - self.first
        if not 0 <= place < len(self._at):
            raise IndexError(f"there is no row {index}")
        return place

    def row(self, index: int) -> TrafficRow:
        """The row at `index` (`first` to len - 1; IndexError beyond)."""
        place = self._place(index)
        facts = self._facts[place]
        address = facts & 0xFFFF
        masked, words = self._masked.get(index, ((), None))
        return TrafficRow(
            index,
            self._at[place],
            Side(facts >> 16 & 1),
            Direction(facts >> 17 & 1),
            Kind(facts >> 18 & 0xF),
            None if address == NO_ADDRESS else address,
            self._links[facts >> 22],
            self.data(index),
            masked,
            words,
        )

    def data(self, index: int) -> bytes:
        """The bytes of a row."""
        place = self._place(index)
        start = self._ends[place - 1] if place else self._dropped_bytes
        return bytes(self._bytes[start - self._dropped_bytes : self._ends[place] - self._dropped_bytes])

    def facts(self, index: int) -> tuple[Side, Direction, Kind]:
        """What a filter asks for first, without touching the bytes."""
        facts = self._facts[self._place(index)]
        return Side(facts >> 16 & 1), Direction(facts >> 17 & 1), Kind(facts >> 18 & 0xF)

    def clear(self) -> None:
        """Forget all rows."""
        del self._ends[:], self._at[:], self._facts[:]
        self._bytes.clear()
        self._masked.clear()
        self.first = self._dropped_bytes = 0
