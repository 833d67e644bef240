"""An index of the texts of rows: made once, in parts, so that a million rows can be searched in a second."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field

from cmi_gui.engine.traffic.masking import hex_text
from cmi_gui.engine.traffic.octet_search import mark, mark_word
from cmi_gui.engine.traffic.record_texts import RecordTexts, has_records
from cmi_gui.engine.traffic.store import TrafficRow, TrafficStore

BLOCK = 4096
"""Rows of a block; at most 65536."""
_SHORT = 32
"""The longest row, in bytes, whose text is kept for rows with the same bytes."""
_KEPT = 8192
_SIDE_AND_KIND = 0x3D0000
"""The bits of `Columns.facts` on which a row's text depends."""


@dataclass(slots=True)
class _Block:
    """The texts of up to `BLOCK` rows from `first` on: each text once, and of each row the number of its text."""

    first: int
    numbers: array[int] = field(default_factory=lambda: array("H"))
    texts: bytearray = field(default_factory=bytearray)
    ends: array[int] = field(default_factory=lambda: array("I"))
    known: dict[str, int] = field(default_factory=dict)
    """The numbers of the texts, only as long as rows are added."""

    def add(self, text: str) -> None:
        """Add the text of the next row."""
        number = self.known.get(text)
        if number is None:
            number = self.known[text] = len(self.ends)
            self.texts += text.encode("utf-8", "surrogatepass")
            self.ends.append(len(self.texts))
        self.numbers.append(number)

    def found(self, needle: bytes, first: int, stop: int) -> bytes:
        """Return 1 for each of the rows `first` to `stop` - 1 with `needle` in its text, 0 for the others."""
        wanted = bytearray(len(self.ends))
        mark(wanted, bytes(self.texts), needle, self.ends)
        if not any(wanted):
            return bytes(stop - first)
        return bytes(map(wanted.__getitem__, self.numbers[first - self.first : stop - self.first]))


class TextIndex:
    """The texts of the rows of a store, as far as `grow` has been called, and the search for words in them.

    `describe` returns the lines of text of a row: its summary and type. They must depend on nothing but side, kind,
    bytes and `TrafficRow.words`. Telegrams with equal texts share one, so an index takes 2 bytes a row and some 5 for
    the texts of a busy bus; where all texts differ, these and 4 bytes more. `first`: the first row, if not the oldest.
    """

    def __init__(self, store: TrafficStore, describe: Callable[[TrafficRow], str], first: int | None = None) -> None:
        self._store = store
        self._describe = describe
        self._blocks: list[_Block] = []
        self._kept: dict[tuple[int, bytes], str] = {}
        self._records = RecordTexts()
        self._stop = store.first if first is None else first

    @property
    def stop(self) -> int:
        """The index of the first row that is not in the index."""
        return max(self._stop, self._store.first)

    @property
    def size(self) -> int:
        """The number of bytes that all texts take."""
        return sum(len(block.texts) + 4 * len(block.ends) + 2 * len(block.numbers) for block in self._blocks)

    def grow(self, stop: int) -> None:
        """Add the rows up to `stop` - 1, as far as there are such rows."""
        store = self._store
        self._forget()
        stop = min(stop, len(store))
        while self._stop < stop:
            block = self._blocks[-1] if self._blocks else None
            if block is None or len(block.numbers) == BLOCK:
                if block is not None:
                    block.known.clear()
                block = _Block(self._stop)
                self._blocks.append(block)
            self._fill(block, min(stop, block.first + BLOCK))

    def _fill(self, block: _Block, stop: int) -> None:
        store, first = self._store, self._stop
        octets, ends = store.span(first, stop)
        facts = memoryview(store.columns(first, stop).facts).cast("I")
        described = store.described(first, stop)
        start = 0
        for index, end, fact in zip(range(first, stop), ends, facts, strict=True):
            if index in described:
                block.add(self._described_text(store.row(index)))
            else:
                block.add(self._text(index, fact & _SIDE_AND_KIND, octets[start:end]))
            start = end
        self._stop = stop

    def _text(self, index: int, facts: int, data: bytes) -> str:
        """Return the text of a row by its side, kind and bytes."""
        if not facts and has_records(data):
            known = self._records.get(data)
            return known or self._records.learn(data, self._describe(self._store.row(index)).casefold())
        if len(data) <= _SHORT:
            key = (facts, data)
            text = self._kept.get(key)
            if text is None:
                if len(self._kept) >= _KEPT:
                    self._kept.clear()
                text = self._kept[key] = self._describe(self._store.row(index)).casefold()
            return text
        return self._describe(self._store.row(index)).casefold()

    def _described_text(self, row: TrafficRow) -> str:
        """Return the text of a row with words of its own; with masked bytes as stars, so that no search finds them."""
        text = self._describe(row)
        if row.masked:
            octets = hex_text(row.data, row.masked)
            text = f"{text}\n{octets.replace(' ', '')}\n{octets}"
        return text.casefold()

    def _forget(self) -> None:
        """Forget the rows that the store has dropped."""
        first = self._store.first
        while self._blocks and self._blocks[0].first + len(self._blocks[0].numbers) <= first:
            del self._blocks[0]
        self._stop = max(self._stop, first)

    def found(self, word: str, first: int, stop: int) -> bytearray:
        """Return 1 for each of the rows `first` to `stop` - 1 with a word (in lower case), 0 for the others.

        The word may be in a line of the row's text or in its bytes, in one of the forms of `octet_search`. The index
        grows up to `stop` if it is not there yet.
        """
        found = bytearray(stop - first)
        if not word:
            return bytearray(b"\1") * len(found)
        self.grow(stop)
        needle = word.encode("utf-8", "surrogatepass")
        at = max(0, bisect_right(self._blocks, first, key=lambda block: block.first) - 1)
        for block in self._blocks[at:] if "\n" not in word else ():
            if block.first >= stop:
                break
            begin, end = max(first, block.first), min(stop, block.first + len(block.numbers))
            found[begin - first : end - first] = block.found(needle, begin, end)
        masked = self._store.masked(first, stop)
        kept = [found[index - first] for index in masked]
        mark_word(found, *self._store.span(first, stop), word)
        for index, flag in zip(masked, kept, strict=True):
            found[index - first] = flag
        return found
