"""The search for rows that pass a filter, in many rows at once: by columns, by words and by patterns of bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import numpy as np
from numpy.typing import NDArray

from cmi_gui.engine.traffic.capture import DIRECTIONS, SIDES
from cmi_gui.engine.traffic.exchanges import RETRY
from cmi_gui.engine.traffic.filter import (
    ANY_TYPE,
    SILENCE,
    TYPE_NAMES,
    Ago,
    AnswerTime,
    Daytime,
    Flag,
    HexPattern,
    Key,
    TrafficFilter,
)
from cmi_gui.engine.traffic.masking import is_masked
from cmi_gui.engine.traffic.octet_search import mark_pattern
from cmi_gui.engine.traffic.store import NO_ADDRESS, Columns, RowKind, TrafficStore
from cmi_gui.engine.traffic.telegram_type import HAS_ERROR
from cmi_gui.ui.pages.traffic.source import TrafficSource

Mask = NDArray[np.bool_]

_MASKED = "\u0100"
"""The character for a masked byte in a text of bytes, which no pattern of bytes can match."""


class TrafficSearch:
    """A filter applied to a source; times such as `since:5m` count back from the creation of the search.

    `silence` returns the text of a silence by the index of its request. Attributes: `index`, the texts of the rows.
    """

    def __init__(
        self, wanted: TrafficFilter, source: TrafficSource, silence: Callable[[int], str] = lambda index: ""
    ) -> None:
        self._source = source
        self.index = source.index
        self._silence = silence
        self._wanted = wanted
        self._now = source.now()
        words = wanted.values(Key.WORD)
        self._all = tuple(str(word) for word in words)
        self._any = tuple(str(word) for word in wanted.values(Key.TEXT))
        self._none = tuple(
            str(word) for key in (Key.WORD, Key.TEXT) for word in wanted.values(key, negated=True) if word
        )
        self._bytes, self._no_bytes = (
            tuple(value for value in wanted.values(Key.HEX, negated=negated) if isinstance(value, HexPattern))
            for negated in (False, True)
        )
        self._indexed = tuple(key for key in _INDEXED if wanted.values(key) or wanted.values(key, negated=True))

    @property
    def reads_words(self) -> bool:
        """True if words are searched, for which the source's index is needed."""
        return bool(self._all or self._any or self._none)

    @property
    def reads_bytes(self) -> bool:
        """True if words or patterns of bytes are searched, which takes longer than whole columns."""
        return self.reads_words or bool(self._bytes or self._no_bytes)

    def lines(self, first: int, stop: int) -> NDArray[np.int64]:
        """Return the ids of lines from row `first` to `stop` - 1 that pass the filter, ascending.

        A row has the id 2 * index, the silence after it 2 * index + 1. The source's exchanges must be worked out up to
        `stop`; its index grows up to there if words are searched.
        """
        source = self._source
        columns = source.store.columns(first, stop)
        marks = source.exchanges.marks(columns.first, columns.stop)
        rows = _Lines.of(columns, marks, source)
        passed = self._passed(rows)
        if self.reads_bytes and passed.any():
            passed &= self._passed_bytes(columns.first, columns.stop)
        indices = np.flatnonzero(passed) + columns.first
        silent = np.asarray(source.exchanges.silent(columns.first, columns.stop), np.int64)
        if not len(silent):
            return indices.astype(np.int64) * 2
        silences = silent[self._passed(rows.silences(silent - columns.first))]
        if self.reads_bytes:
            silences = silences[np.array([self._silence_passes(index) for index in silences.tolist()], np.bool_)]
        return np.sort(np.concatenate((indices.astype(np.int64) * 2, silences * 2 + 1)))

    def _passed(self, lines: _Lines) -> Mask:
        passed = np.ones(len(lines.facts), np.bool_)
        for key in self._indexed:
            positive, negative = self._wanted.values(key), self._wanted.values(key, negated=True)
            if positive:
                passed &= self._any_of(lines, key, positive)
            if negative:
                passed &= ~self._any_of(lines, key, negative)
        return passed

    def _any_of(self, lines: _Lines, key: Key, values: tuple[object, ...]) -> Mask:
        found = np.zeros(len(lines.facts), np.bool_)
        for value in values:
            if isinstance(value, Ago | Daytime):
                since = self._moment(value)
                found |= lines.at >= since if key is Key.SINCE else lines.at <= since
            else:
                found |= _COLUMN_TESTS[key](lines, value)
        return found

    def _moment(self, value: Ago | Daytime) -> float:
        if isinstance(value, Ago):
            return self._now - value.seconds
        today: datetime = self._source.local(self._now)
        at = today.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(seconds=value.seconds)
        return self._now + (at - today).total_seconds()

    def _silence_passes(self, index: int) -> bool:
        if self._bytes:
            return False
        text = self._silence(index).casefold()
        return (
            all(word in text for word in self._all)
            and (not self._any or any(word in text for word in self._any))
            and not any(word in text for word in self._none)
        )

    def _passed_bytes(self, first: int, stop: int) -> Mask:
        """Return whether words and patterns pass, for each row."""
        words = partial(self._with_word, first=first, stop=stop)
        patterns = partial(self._with_pattern, first=first, stop=stop)
        passed = np.ones(stop - first, np.bool_)
        for found in map(words, self._all):
            passed &= found
        for tests, wanted in ((words, self._any), (patterns, self._bytes)):
            if wanted:
                passed &= np.logical_or.reduce([tests(value) for value in wanted])
        for tests, excluded in ((words, self._none), (patterns, self._no_bytes)):
            for value in excluded:
                passed &= ~tests(value)
        return passed

    def _with_word(self, word: str, first: int, stop: int) -> Mask:
        return np.frombuffer(self.index.found(word, first, stop), np.bool_)

    def _with_pattern(self, pattern: HexPattern, first: int, stop: int) -> Mask:
        store = self._source.store
        found = bytearray(stop - first)
        mark_pattern(found, *store.span(first, stop), pattern)
        for index in store.masked(first, stop):
            row = store.row(index)
            text = "".join(
                _MASKED if is_masked(row.masked, at) else char for at, char in enumerate(row.data.decode("latin-1"))
            )
            found[index - first] = pattern.matches(text)
        return np.frombuffer(found, np.bool_)


def _kinds(facts: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return the `RowKind` of each row."""
    return facts >> np.uint32(18) & np.uint32(0xF)


def _bad(facts: NDArray[np.uint32], types: NDArray[np.uint8]) -> Mask:
    # Without `_kinds`, whose arrays of a million rows take most of the time.
    damaged = facts & np.uint32(0xF << 18) != RowKind.TELEGRAM << 18
    return np.asarray(damaged | (types & np.uint8(HAS_ERROR) != 0), np.bool_)


def count_bad(columns: Columns) -> int:
    """Return the number of rows that a filter for errors shows, silences left out."""
    return int(np.count_nonzero(_bad(np.frombuffer(columns.facts, np.uint32), np.frombuffer(columns.types, np.uint8))))


@dataclass(frozen=True, slots=True)
class _Lines:
    """Columns as numpy arrays; for silences, those of the requests without an answer."""

    facts: NDArray[np.uint32]
    types: NDArray[np.uint8]
    at: NDArray[np.float64]
    marks: NDArray[np.uint8]
    first: int
    source: TrafficSource
    are_silences: bool = False

    @property
    def store(self) -> TrafficStore:
        """The store of the rows."""
        return self.source.store

    @classmethod
    def of(cls, columns: Columns, marks: bytes, source: TrafficSource) -> _Lines:
        """Return the rows of the store's columns."""
        return cls(
            np.frombuffer(columns.facts, np.uint32),
            np.frombuffer(columns.types, np.uint8),
            np.frombuffer(columns.at, np.float64),
            np.frombuffer(marks, np.uint8),
            columns.first,
            source,
        )

    def silences(self, places: NDArray[np.int64]) -> _Lines:
        """Return the silences after the rows at `places`."""
        parts = (self.facts[places], self.types[places], self.at[places], self.marks[places])
        return _Lines(*parts, self.first, self.source, are_silences=True)


def _bit(position: int) -> Callable[[_Lines, object], Mask]:
    return lambda lines, value: np.asarray((lines.facts >> position & 1) == value, np.bool_)


def _address(lines: _Lines, value: object) -> Mask:
    addresses = lines.facts & 0xFFFF
    if not isinstance(value, tuple):
        return np.asarray(addresses == NO_ADDRESS, np.bool_)
    first, last = map(int, value)
    return (addresses >= first) & (addresses <= last)


def _type(lines: _Lines, value: object) -> Mask:
    found = np.zeros(len(lines.facts), np.bool_)
    for kind, code in TYPE_NAMES[str(value)]:
        if lines.are_silences or code == SILENCE:
            if lines.are_silences and code == SILENCE:
                found[:] = True
            continue
        same = _kinds(lines.facts) == kind
        found |= same if code == ANY_TYPE else same & (lines.types & ~np.uint8(HAS_ERROR) == code)
    return found


def _link(lines: _Lines, value: object) -> Mask:
    wanted = [place for place, name in enumerate(lines.store.links) if str(value) in name.casefold()]
    return np.isin(lines.facts >> 22, wanted)


def _flag(lines: _Lines, value: object) -> Mask:
    match value:
        case Flag.ERROR if not lines.are_silences:
            return _bad(lines.facts, lines.types)
        case Flag.ERROR | Flag.SILENCE:
            return np.full(len(lines.facts), lines.are_silences)
        case Flag.RETRY if not lines.are_silences:
            return lines.marks & RETRY > 0
        case Flag.MASKED if not lines.are_silences:
            return _at(lines, lines.store.masked(lines.first, lines.first + len(lines.facts)))
        case Flag.BOOKMARK:
            return _at(lines, lines.store.bookmarks)
    return np.zeros(len(lines.facts), np.bool_)


def _note(lines: _Lines, value: object) -> Mask:
    return _at(lines, (index for index, note in lines.store.bookmarks.items() if str(value) in note.casefold()))


def _at(lines: _Lines, indices: Iterable[int]) -> Mask:
    """Return True for the rows with these indices, and for no silence."""
    found = np.zeros(len(lines.facts), np.bool_)
    if not lines.are_silences:
        found[[index - lines.first for index in indices if 0 <= index - lines.first < len(found)]] = True
    return found


def _answer(lines: _Lines, value: object) -> Mask:
    if lines.are_silences or not isinstance(value, AnswerTime):
        return np.zeros(len(lines.facts), np.bool_)
    seconds, bauds = answer_times(lines.source, lines.first, lines.first + len(lines.facts))
    times = seconds * bauds if value.in_bits else seconds
    return (times > value.above) & (times < value.below)


def answer_times(source: TrafficSource, first: int, stop: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the times of the answers among rows in seconds, and the speeds of all in bit/s; NaN where not known.

    The source's exchanges must be worked out up to `stop`.
    """
    bauds = np.array(source.store.bauds, np.float32)
    bauds[0] = np.nan
    speeds = np.frombuffer(source.store.speeds(first, stop), np.uint8)
    return np.frombuffer(source.exchanges.answers(first, stop), np.float32), bauds[speeds]


_COLUMN_TESTS = {
    Key.SIDE: _bit(16),
    Key.DIR: _bit(17),
    Key.ADDR: _address,
    Key.TYPE: _type,
    Key.LINK: _link,
    Key.IS: _flag,
    Key.NOTE: _note,
    Key.ANSWER: _answer,
}
_INDEXED = (*_COLUMN_TESTS, Key.SINCE, Key.UNTIL)


def occurring(source: TrafficSource) -> dict[Key, list[str]]:
    """Return the values to offer for each key: those that occur, or all of a short list."""
    columns = source.store.columns(source.store.first, len(source.store))
    facts, types = np.frombuffer(columns.facts, np.uint32), np.frombuffer(columns.types, np.uint8)
    addresses = np.flatnonzero(np.bincount(facts & 0xFFFF, minlength=1))
    # Counted, because sorting the values of a million rows would block the window.
    kinds = set(np.flatnonzero(np.bincount(_kinds(facts), minlength=1)).tolist())
    codes = set(np.flatnonzero(np.bincount(types & ~np.uint8(HAS_ERROR), minlength=1)).tolist())
    names = [
        name
        for name, meanings in TYPE_NAMES.items()
        if any(kind in kinds and (code == ANY_TYPE or code in codes) for kind, code in meanings if code != SILENCE)
    ]
    return {
        Key.SIDE: list(SIDES.values()),
        Key.DIR: list(DIRECTIONS.values()),
        Key.ADDR: ["none" if number == NO_ADDRESS else str(number) for number in addresses.tolist()],
        Key.TYPE: [*names, "silence"],
        Key.LINK: [name for name in source.store.links if name],
        Key.SINCE: ["30s", "5m", "1h"],
        Key.UNTIL: ["30s", "5m", "1h"],
        Key.IS: list(Flag),
        Key.ANSWER: [">50ms", ">330bit", "<11bit"],
    }
