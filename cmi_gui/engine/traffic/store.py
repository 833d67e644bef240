"""The traffic store: every telegram and message of both sides, in little memory.

One byte array holds the bytes of all rows; further arrays hold their offsets, times, types, and packed facts for
filters. Text is made when a row is shown, not when it is stored.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import accumulate

from cmi_gui.engine.mbus.frame import PRM
from cmi_gui.engine.messages import Argument
from cmi_gui.engine.traffic.telegram_type import HAS_ERROR, TelegramType, address_of, mbus_type, meter_type


class Side(IntEnum):
    """The side of the module on which a telegram was sent."""

    MBUS = 0
    METER = 1


class Direction(IntEnum):
    """The direction, as seen from the module."""

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
    """An incomplete telegram."""
    EXPIRED = 8
    """An answer that was not sent because it was too late for the window of EN 13757-2."""
    BAD_LINE = 9
    """A line of an opened capture that cannot be read; its bytes are those of the line."""
    FAULT = 10
    """A fault on the wire that was asked for; its `words` name the module and the fault."""
    OVERLAPPED = 11
    """Answers of several modules that met on the wire, whose names are its `words`; what came out follows."""


MARKS = frozenset((RowKind.FAULT, RowKind.OVERLAPPED))
"""The kinds of rows that say something of the answer after them, and have no bytes."""
NO_ADDRESS = 0xFFFF
"""The address in `Columns.facts` of a telegram without one."""
LISTENER_PREFIX = "listen:"
"""The prefix of the link in rows of other devices' traffic, recorded by a listener."""
ROW_COST = 51
"""Bytes that a row takes besides its telegram: 28 here, 7 in `Exchanges`, 8 in the window's table, and on most buses 8
or less in `TextIndex`."""
_MOST_SPEEDS = 255
MOST_NAMES = 65_535
"""The number of different modules that rows can name; further ones remain without a name."""


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
    """Pairs (index of the first, index after the last) of secret bytes, which are zero in `data` and shown as `**`."""
    words: Argument | None = None
    """The text of a row if its bytes cannot give it: of a masked row, or of a line that cannot be read; else None."""
    type: TelegramType = TelegramType.OTHER
    has_error: bool = False
    """The telegram is whole but reports an error: application error, NAK, `(ER...)`."""
    baud: int | None = None
    """The speed of the line in bit/s; None if it is not known."""
    took: float | None = None
    """Seconds from the first bit to `at`; None if that is not known, as in the logs of other tools."""
    answer: float | None = None
    """Of an answer, the seconds from the end of its request to its first bit (`Exchanges.answer`)."""
    module: str = ""
    """The name of the module of a room that sent it; empty if it was not in a room or not one alone."""

    @property
    def answer_bits(self) -> float | None:
        """`answer` in bit times of the line."""
        return None if self.answer is None or self.baud is None else self.answer * self.baud

    @property
    def from_listener(self) -> bool:
        """True for a row from a listener: traffic between other devices, not of the module."""
        return self.link.startswith(LISTENER_PREFIX)

    @property
    def bad(self) -> bool:
        """True for a row that a filter for errors shows."""
        return self.has_error or self.kind is not RowKind.TELEGRAM


@dataclass(frozen=True, slots=True)
class Columns:
    """Copies of the store's arrays for the rows `first` to `stop` - 1, for calculations on whole columns.

    `facts`: 4 bytes per row in the machine's byte order: bits 0-15 address (`NO_ADDRESS`: none), 16 side, 17 direction,
    18-21 kind, 22-31 link. `types`: one byte, `TelegramType` and `HAS_ERROR`. `at`: 8 bytes, seconds.
    """

    first: int
    stop: int
    facts: bytes
    types: bytes
    at: bytes


_SHORT = 18
"""Bytes of a telegram for whose type all of them may count."""
_MOST_KNOWN = 8192
_SIDES, _DIRECTIONS, _KINDS, _TYPES = tuple(Side), tuple(Direction), tuple(RowKind), tuple(TelegramType)
"""The members by value: indexing takes a fifth of the time of a call such as `Side(1)`."""
_WHOLE_KINDS = frozenset((int(RowKind.TELEGRAM), int(RowKind.EXPIRED)))
_METER = Side.METER << 16


def _described(origin: int, data: bytes) -> tuple[int, int]:
    """Return facts and type (`Columns`) of a row by its `TrafficStore.origin`, with the address in its telegram."""
    if origin >> 18 & 0xF not in _WHOLE_KINDS:
        return origin | NO_ADDRESS, TelegramType.OTHER
    if origin & _METER:
        return origin | NO_ADDRESS, meter_type(data)
    address = address_of(data)
    return origin | (NO_ADDRESS if address is None else address), mbus_type(data)


class TrafficStore:
    """Rows in the order in which they ended on the wire, with the indices `first` to `len(store) - 1`.

    An index is never used again. With `max_bytes`, the oldest rows are dropped when all rows together take more (each
    its telegram and `ROW_COST`).
    """

    def __init__(self, max_bytes: int | None = None) -> None:
        self._max_bytes = max_bytes
        self.first = 0
        """The index of the oldest row that has not been dropped."""
        self.on_masked: Callable[[int, bytes], object] | None = None
        """Called with the index and the bytes in clear of each new masked row, for a recording in clear."""
        self.bookmarks: dict[int, str] = {}
        """The notes of the bookmarked rows, by index; a note may be empty."""
        self._dropped_bytes = 0
        self._bytes = bytearray()
        self._ends = array("Q")
        self._at = array("d")
        self._facts = array("I")
        self._types = array("B")
        self._took = array("f")
        self._speeds = array("B")
        self._modules = array("H")
        self._names = [""]
        self._name_index = {"": 0}
        self.bauds: list[int] = [0]
        """The speeds of rows so far, in bit/s; the first stands for unknown."""
        self._known: dict[tuple[int, bytes, int], tuple[int, int]] = {}
        """Facts and types of rows by what they depend on, for `extend`."""
        self._links: list[str] = []
        self._link_index: dict[str, int] = {}
        self._extras: dict[int, tuple[tuple[tuple[int, int], ...], Argument]] = {}
        """Masked ranges and words of the rows that have any, by index."""

    def __len__(self) -> int:
        return self.first + len(self._at)

    @property
    def max_bytes(self) -> int | None:
        """The limit of `size` in bytes; None means no limit."""
        return self._max_bytes

    @max_bytes.setter
    def max_bytes(self, limit: int | None) -> None:
        self._max_bytes = limit
        self._apply_limit()

    @property
    def size(self) -> int:
        """The number of bytes that all rows take."""
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
        baud: int | None = None,
        took: float | None = None,
    ) -> int:
        """Store a row and return its index. For `masked` and what follows see `TrafficRow`."""
        origin = self.origin(side, direction, kind, link)
        self._bytes += data
        self._ends.append(self._dropped_bytes + len(self._bytes))
        self._at.append(at)
        self._facts.append(origin | (NO_ADDRESS if address is None else address))
        self._types.append(_described(origin, data)[1])
        self._took.append(math.nan if took is None else took)
        self._speeds.append(self.speed(baud))
        self._modules.append(0)
        if masked or words:
            self._extras[len(self) - 1] = (masked, words)
        self._apply_limit()
        return len(self) - 1

    def name_module(self, rows: range, name: str) -> None:
        """Note the module that sent some rows; no effect for further modules than `MOST_NAMES`."""
        number = self._name_index.get(name)
        if number is None:
            number = len(self._names)
            if number > MOST_NAMES:
                return
            self._name_index[name] = number
            self._names.append(name)
        for index in rows:
            if index >= self.first:
                self._modules[index - self.first] = number

    def origin(self, side: Side, direction: Direction, kind: RowKind, link: str) -> int:
        """Return the facts of a row without its address (`Columns.facts`)."""
        index = self._link_index.get(link)
        if index is None:
            # At most 1023 names fit into the facts, more than there are links; any further ones share the last.
            index = min(len(self._links), 1022)
            if index == len(self._links):
                self._links.append(link)
            self._link_index[link] = index
        return side << 16 | direction << 17 | kind << 18 | index << 22

    def speed(self, baud: int | None) -> int:
        """Return the index of a speed in `bauds`; 0 for None, and for others than the first 255 speeds."""
        try:
            return self.bauds.index(baud or 0)
        except ValueError:
            if len(self.bauds) > _MOST_SPEEDS or baud is None:
                return 0
            self.bauds.append(baud)
            return len(self.bauds) - 1

    def extend(
        self,
        at: Sequence[float],
        origins: Sequence[int],
        datas: Sequence[bytes],
        speeds: Sequence[int],
        took: Sequence[float],
    ) -> None:
        """Store rows without secrets, with the addresses in their telegrams.

        Of each its time, `origin`, bytes, `speed`, and the seconds that it took, NaN if these are not known.
        """
        facts, types = self._facts, self._types
        known = self._known
        if len(known) > _MOST_KNOWN:
            known.clear()
        for origin, data in zip(origins, datas, strict=True):
            # In longer telegrams these decide: the bytes up to the status in a short header, and of a slave that in a
            # long one.
            if len(data) <= _SHORT:
                key = origin, data, 0
            else:
                key = origin, data[:9], 0 if data[4] & PRM else data[16]
            found = known.get(key)
            if found is None:
                found = known[key] = _described(origin, data)
            facts.append(found[0])
            types.append(found[1])
        self._ends.extend(list(accumulate(map(len, datas), initial=self._dropped_bytes + len(self._bytes)))[1:])
        self._bytes += b"".join(datas)
        self._at.extend(at)
        self._speeds.extend(speeds)
        self._modules.frombytes(bytes(self._modules.itemsize * len(at)))
        self._took.extend(took)
        self._apply_limit()

    def _apply_limit(self) -> None:
        while self._max_bytes is not None and self.size > self._max_bytes and len(self._at) > 1:
            # A sixteenth at once, so that it costs little for each row.
            self._drop(max(1, len(self._at) // 16))

    def _drop(self, count: int) -> None:
        """Drop the oldest rows, 1 to all."""
        cut = self._ends[count - 1]
        del self._bytes[: cut - self._dropped_bytes]
        self._dropped_bytes = cut
        del self._ends[:count], self._at[:count], self._facts[:count], self._types[:count]
        del self._took[:count], self._speeds[:count], self._modules[:count]
        self.first += count
        # Only few rows have extras.
        for index in [index for index in self._extras if index < self.first]:
            del self._extras[index]
        for index in [index for index in self.bookmarks if index < self.first]:
            del self.bookmarks[index]

    def _position(self, index: int) -> int:
        """Return the position of a row in the arrays. Raises IndexError if there is no such row, or no longer."""
        position = index - self.first
        if not 0 <= position < len(self._at):
            raise IndexError(f"there is no row {index}")
        return position

    def row(self, index: int) -> TrafficRow:
        """Return the row with an index. Raises IndexError if there is none."""
        position = self._position(index)
        facts, code = self._facts[position], self._types[position]
        address = facts & 0xFFFF
        masked, words = self._extras.get(index, ((), None))
        took = self._took[position]
        return TrafficRow(
            index,
            self._at[position],
            *self.facts(index),
            None if address == NO_ADDRESS else address,
            self._links[facts >> 22],
            self.data(index),
            masked,
            words,
            _TYPES[code & ~HAS_ERROR],
            bool(code & HAS_ERROR),
            self.bauds[self._speeds[position]] or None,
            None if took != took else took,
            module=self._names[self._modules[position]],
        )

    def data(self, index: int) -> bytes:
        """Return the bytes of a row. Raises IndexError."""
        position = self._position(index)
        start = self._ends[position - 1] if position else self._dropped_bytes
        return bytes(self._bytes[start - self._dropped_bytes : self._ends[position] - self._dropped_bytes])

    def facts(self, index: int) -> tuple[Side, Direction, RowKind]:
        """Return side, direction and kind of a row. Raises IndexError."""
        facts = self._facts[self._position(index)]
        return _SIDES[facts >> 16 & 1], _DIRECTIONS[facts >> 17 & 1], _KINDS[facts >> 18 & 0xF]

    def at(self, index: int) -> float:
        """Return the time at which a row ended. Raises IndexError."""
        return self._at[self._position(index)]

    def took(self, index: int) -> float:
        """Return the seconds from the first bit of a row to its end, NaN if they are not known. Raises IndexError."""
        return self._took[self._position(index)]

    def speeds(self, first: int, stop: int) -> bytes:
        """Return the indices in `bauds` of the speeds of the rows `first` to `stop` - 1, one byte each."""
        return self._speeds[first - self.first : stop - self.first].tobytes()

    def columns(self, first: int, stop: int) -> Columns:
        """Return the arrays of the rows `first` to `stop` - 1, as far as there are such rows."""
        first = max(first, self.first)
        stop = max(first, min(stop, len(self)))
        part = slice(first - self.first, stop - self.first)
        # The arrays are copied, because an array cannot grow while a view of it exists.
        columns = (each[part].tobytes() for each in (self._facts, self._types, self._at))
        return Columns(first, stop, *columns)

    def span(self, first: int, stop: int) -> tuple[bytes, Sequence[int]]:
        """Return the bytes of the rows `first` to `stop` - 1, and the index in them after the last byte of each.

        Raises IndexError if one of them does not exist.
        """
        if first == stop:
            return b"", ()
        position, last = self._position(first), self._position(stop - 1)
        start = self._ends[position - 1] if position else self._dropped_bytes
        ends = [end - start for end in self._ends[position : last + 1]]
        begin = start - self._dropped_bytes
        return bytes(self._bytes[begin : begin + ends[-1]]), ends

    def described(self, first: int, stop: int) -> frozenset[int]:
        """Return the indices of rows with `words` or masked bytes, from `first` to `stop` - 1."""
        if not self._extras:
            return frozenset()
        return frozenset(index for index in range(first, stop) if index in self._extras)

    def masked(self, first: int, stop: int) -> list[int]:
        """Return the indices of rows with masked bytes, from `first` to `stop` - 1, ascending."""
        return [index for index in sorted(self.described(first, stop)) if self._extras[index][0]]

    @property
    def links(self) -> Sequence[str]:
        """The names of all links of rows so far; bits 22-31 of `Columns.facts` are an index of this list."""
        return self._links

    def clear(self) -> None:
        """Drop all rows; their indices are not used again."""
        if self._at:
            self._drop(len(self._at))
