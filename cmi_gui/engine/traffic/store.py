"""The traffic store: every telegram and message of both sides, compactly.

One byte array holds the bytes, one array each the offsets, times, types and a packed row of facts for filters.
Text is made when a row is shown, never when it is stored.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from cmi_gui.engine.messages import Argument
from cmi_gui.engine.traffic.telegram_type import HAS_ERROR, TelegramType, mbus_type, meter_type


class Side(IntEnum):
    """Which wire."""

    MBUS = 0
    METER = 1


class Direction(IntEnum):
    """Seen from the module."""

    RECEIVED = 0
    SENT = 1


class RowKind(IntEnum):
    """The kind of a row."""

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
    BAD_LINE = 9
    """A line of an opened capture that cannot be read; its bytes are the line's own."""


NO_ADDRESS = 0xFFFF
"""In `Columns.facts`: the telegram names no address."""
HEARD = "listen:"
"""The prefix of the LINK in rows of other devices' traffic, recorded by a listener."""
ROW_COST = 32
"""Bytes that a row takes beside its telegram: 22 here, and the window's index of it."""


@dataclass(frozen=True, slots=True)
class TrafficRow:
    """One row: `at` in monotonic seconds (last stop bit), `address` the A field or None, `link` the link's URL."""

    index: int
    at: float
    side: Side
    direction: Direction
    kind: RowKind
    address: int | None
    link: str
    data: bytes
    masked: tuple[tuple[int, int], ...] = ()
    """(first, behind the last) of bytes that are secret: they are zero in `data` and shown as `**`."""
    words: Argument | None = None
    """The text of a row that its bytes no longer give: a masked one, or a line that cannot be read; None for others."""
    type: TelegramType = TelegramType.OTHER
    has_error: bool = False
    """The telegram is whole but reports an error: application error, NAK, `(ER...)`."""

    @property
    def heard(self) -> bool:
        """True for traffic between other devices, in which the module had no part."""
        return self.link.startswith(HEARD)

    @property
    def bad(self) -> bool:
        """True if a filter for errors shows the row."""
        return self.has_error or self.kind is not RowKind.TELEGRAM


@dataclass(frozen=True, slots=True)
class Columns:
    """Copies of the store's arrays for the rows `first` to `behind` - 1, for calculations on whole columns.

    `facts`: 4 bytes a row in the machine's order, bits 0-15 address (`NO_ADDRESS`: none), 16 side, 17 direction, 18-21
    kind, 22-31 link. `types`: one byte, `TelegramType`, and 0x80 for `TrafficRow.has_error`. `at`: 8 bytes, seconds.
    """

    first: int
    behind: int
    facts: bytes
    types: bytes
    at: bytes


class TrafficStore:
    """Rows in the order in which they ended on the wire.

    An index is given once. It stays valid until its row is dropped: with `max_bytes` the oldest go when all rows
    together (telegrams, and `ROW_COST` each) take more. The rows there are have the indices `first` to
    `len(store) - 1`.
    """

    def __init__(self, max_bytes: int | None = None) -> None:
        self._max_bytes = max_bytes
        self.first = 0
        """The index of the oldest row still there."""
        self.witness: Callable[[int, bytes], object] | None = None
        """Called once per masked row with its index and its bytes in clear, for a recording in clear."""
        self._dropped_bytes = 0
        self._bytes = bytearray()
        self._ends = array("Q")
        self._at = array("d")
        self._facts = array("I")
        self._types = array("B")
        self._links: list[str] = []
        self._link_index: dict[str, int] = {}
        self._extras: dict[int, tuple[tuple[tuple[int, int], ...], Argument]] = {}

    def __len__(self) -> int:
        return self.first + len(self._at)

    @property
    def max_bytes(self) -> int | None:
        """The limit of `size` in bytes; None is no limit."""
        return self._max_bytes

    @max_bytes.setter
    def max_bytes(self, limit: int | None) -> None:
        self._max_bytes = limit
        self._apply_limit()

    @property
    def size(self) -> int:
        """Bytes that all rows take now."""
        return len(self._bytes) + ROW_COST * len(self._at)

    def append(
        self,
        at: float,
        side: Side,
        direction: Direction,
        kind: RowKind,
        address: int | None,
        link: str,
        data: bytes,
        masked: tuple[tuple[int, int], ...] = (),
        words: Argument = "",
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
        whole = kind is RowKind.TELEGRAM or kind is RowKind.EXPIRED
        self._types.append((mbus_type if side is Side.MBUS else meter_type)(data) if whole else TelegramType.OTHER)
        if masked or words:
            self._extras[len(self) - 1] = (masked, words)
        self._apply_limit()
        return len(self) - 1

    def _apply_limit(self) -> None:
        while self._max_bytes is not None and self.size > self._max_bytes and len(self._at) > 1:
            # A sixteenth at once, so that it costs little for each row.
            self._drop(max(1, len(self._at) // 16))

    def _drop(self, count: int) -> None:
        """Forget the oldest rows, 1 to all."""
        cut = self._ends[count - 1]
        del self._bytes[: cut - self._dropped_bytes]
        self._dropped_bytes = cut
        del self._ends[:count], self._at[:count], self._facts[:count], self._types[:count]
        self.first += count
        # Few rows are in here, in the order of their indices.
        for index in [index for index in self._extras if index < self.first]:
            del self._extras[index]

    def _position(self, index: int) -> int:
        """Return the position of a row in the arrays. Raises IndexError for one that is not there (any more)."""
        position = index - self.first
        if not 0 <= position < len(self._at):
            raise IndexError(f"there is no row {index}")
        return position

    def row(self, index: int) -> TrafficRow:
        """The row at `index` (`first` to len - 1; IndexError beyond)."""
        position = self._position(index)
        facts, code = self._facts[position], self._types[position]
        address = facts & 0xFFFF
        masked, words = self._extras.get(index, ((), None))
        return TrafficRow(
            index,
            self._at[position],
            Side(facts >> 16 & 1),
            Direction(facts >> 17 & 1),
            RowKind(facts >> 18 & 0xF),
            None if address == NO_ADDRESS else address,
            self._links[facts >> 22],
            self.data(index),
            masked,
            words,
            TelegramType(code & ~HAS_ERROR),
            bool(code & HAS_ERROR),
        )

    def data(self, index: int) -> bytes:
        """The bytes of a row."""
        position = self._position(index)
        start = self._ends[position - 1] if position else self._dropped_bytes
        return bytes(self._bytes[start - self._dropped_bytes : self._ends[position] - self._dropped_bytes])

    def facts(self, index: int) -> tuple[Side, Direction, RowKind]:
        """Return side, direction and kind of a row, without reading its bytes. Raises IndexError."""
        facts = self._facts[self._position(index)]
        return Side(facts >> 16 & 1), Direction(facts >> 17 & 1), RowKind(facts >> 18 & 0xF)

    def at(self, index: int) -> float:
        """When a row ended."""
        return self._at[self._position(index)]

    def columns(self, first: int, behind: int) -> Columns:
        """Return the arrays of some rows; indices of rows that are not there are left out."""
        first, behind = max(first, self.first), min(behind, len(self))
        part = slice(first - self.first, max(first, behind) - self.first)
        # Copies: an array cannot grow while a view of it exists.
        return Columns(
            first,
            max(first, behind),
            self._facts[part].tobytes(),
            self._types[part].tobytes(),
            self._at[part].tobytes(),
        )

    def masked(self) -> list[int]:
        """The indices of all rows with masked bytes, ascending."""
        return [index for index, (ranges, _) in self._extras.items() if ranges]

    @property
    def links(self) -> Sequence[str]:
        """The names of all links that rows have come over; bits 22-31 of `Columns.facts` count in here."""
        return self._links

    def clear(self) -> None:
        """Forget all rows; their indices are not given again."""
        if self._at:
            self._drop(len(self._at))
