"""Colour rules: the background of lines of traffic that pass a filter. The first rule that matches decides."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cmi_gui.engine.traffic.filter import FilterError, FilterFault, Key, TrafficFilter, parse_filter
from cmi_gui.engine.traffic.text_index import TextIndex
from cmi_gui.ui.pages.traffic.search import TrafficSearch
from cmi_gui.ui.pages.traffic.source import TrafficSource
from cmi_gui.ui.theme import RULE_GROUNDS

MAX_RULES = 16
"""The most rules; on a large page 16 take 30 ms, four 5 ms."""
MAX_FILTER = 500
"""The most characters of a rule's filter."""
_KNOWN = 4096
"""The most lines whose colour is kept."""
COLOURS = tuple(RULE_GROUNDS[False])
"""The names of the colours."""


@dataclass(frozen=True, slots=True)
class ColourRule:
    """A rule: `text` is a filter, `colour` one of `COLOURS`. A rule that is off, or has no filter, matches nothing."""

    text: str
    colour: str
    on: bool = True


DEFAULT_RULES = (
    ColourRule("silence", "orange"),
    ColourRule("error", "red"),
    ColourRule("retry", "yellow"),
    ColourRule("type:SND_UD,command", "cyan"),
)
"""Requests without an answer, damaged and refused telegrams, retries, and what writes or switches."""


def rule_filter(text: str) -> TrafficFilter:
    """Return the filter of a rule. Raises FilterError, also for a time, which would change while it is shown."""
    wanted = parse_filter(text)
    for term in wanted.terms:
        if term.key in (Key.SINCE, Key.UNTIL):
            raise FilterError(FilterFault.TIME_IN_RULE, term.start, term.key)
    return wanted


def rules_state(rules: Sequence[ColourRule]) -> list[list[object]]:
    """Return rules as plain values."""
    return [[rule.text, rule.colour, rule.on] for rule in rules]


def rules_from(kept: object) -> tuple[ColourRule, ...]:
    """Return the rules of what `rules_state` returned, without invalid ones; of anything but a list the default."""
    if not isinstance(kept, list):
        return DEFAULT_RULES
    return tuple(rule for rule in map(_rule_from, kept[:MAX_RULES]) if rule is not None)


def _rule_from(kept: object) -> ColourRule | None:
    match kept:
        case [str(text), str(colour), bool(on)] if colour in COLOURS and len(text) <= MAX_FILTER:
            try:
                rule_filter(text)
            except FilterError:
                return None
            return ColourRule(text, colour, on)
    return None


class LineColours:
    """The colours of the lines of a source, worked out one by one when they are painted.

    `silence` returns the text of a silence by the index of its request. Between `begin` and `end` no more time than
    given is spent on lines that are not known yet.
    """

    def __init__(self, rules: Sequence[ColourRule], source: TrafficSource, silence: Callable[[int], str]) -> None:
        self._source = source
        self._searches = [
            (rule.colour, TrafficSearch(rule_filter(rule.text), source, silence))
            for rule in rules
            if rule.on and rule.text.strip()
        ]
        self._known: dict[int, str | None] = {}
        self._until = math.inf
        self._missed = False

    def begin(self, seconds: float) -> None:
        """Begin a frame in which `of` may work for some time."""
        self._until, self._missed = time.perf_counter() + seconds, False

    def end(self) -> bool:
        """End a frame; return whether it has lines whose colour is not known yet."""
        self._until = math.inf
        return self._missed

    def forget(self) -> None:
        """Work out all colours again, since bookmarks have changed."""
        self._known.clear()

    def of(self, line: int) -> str | None:
        """Return the name of a line's colour, None for none or if it is not known in time.

        The source's exchanges must be worked out for its row.
        """
        if line not in self._known:
            if time.perf_counter() > self._until:
                self._missed = True
                return None
            if len(self._known) >= _KNOWN:
                self._known.clear()
            self._known[line] = self._find(line)
        return self._known[line]

    def _find(self, line: int) -> str | None:
        index = line >> 1
        # Not the source's own index: with that, the first word would make the texts of all rows before this one.
        texts = TextIndex(self._source.store, self._source.description, index)
        for colour, search in self._searches:
            search.index = texts
            if line in search.lines(index, index + 1):
                return colour
        return None
