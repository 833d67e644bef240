"""The language of the traffic filter: parsing of a text into terms, and completions at the cursor.

    side:mbus dir:rx addr:5 type:RSP_UD text:"1.8.0" hex:"68 .. 72" error -type:ACK since:5m answer:>50ms

Terms are separated by blanks, and a row must match all of them. Several values of one key, separated by commas or with
the key repeated, are alternatives; a minus before a term excludes. A word without a key must occur in a row's text;
`error`, `silence`, `retry`, `masked` and `bookmark` without quotes are short for `is:...`. In quotes, `\\` before a
character takes it literally.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import partial

from cmi_gui.engine.traffic.capture import DIRECTIONS, KINDS, SIDES
from cmi_gui.engine.traffic.store import Direction, RowKind, Side
from cmi_gui.engine.traffic.telegram_type import TelegramType


class Key(StrEnum):
    """The keys of terms."""

    SIDE = "side"
    DIR = "dir"
    ADDR = "addr"
    TYPE = "type"
    LINK = "link"
    TEXT = "text"
    HEX = "hex"
    NOTE = "note"
    SINCE = "since"
    UNTIL = "until"
    ANSWER = "answer"
    IS = "is"
    WORD = ""
    """A word without a key."""


class Flag(StrEnum):
    """The values of `is:`."""

    ERROR = "error"
    SILENCE = "silence"
    RETRY = "retry"
    MASKED = "masked"
    BOOKMARK = "bookmark"


class FilterFault(Enum):
    """The reason why a text is not a filter."""

    UNKNOWN_KEY = "unknown key"
    NO_VALUE = "no value"
    OPEN_QUOTE = "open quote"
    LONE_MINUS = "lone minus"
    BAD_SIDE = "bad side"
    BAD_DIRECTION = "bad direction"
    BAD_ADDRESS = "bad address"
    BAD_TYPE = "bad type"
    BAD_HEX = "bad hex"
    BAD_TIME = "bad time"
    BAD_FLAG = "bad flag"
    TIME_IN_RULE = "time in a rule"
    """A key for times in a filter that is kept."""
    BAD_ANSWER = "bad answer"


class FilterError(ValueError):
    """The error of a text that is not a filter. `given`: the wrong part; `position`: its index in the text."""

    def __init__(self, fault: FilterFault, position: int, given: str) -> None:
        super().__init__(f"{fault.value} at {position}: {given!r}")
        self.fault = fault
        self.position = position
        self.given = given


ANY_TYPE = -1
"""Code of a name of `type:` for rows with any bytes."""
SILENCE = -2
"""Code of a name of `type:` for requests without an answer."""

TYPE_NAMES: Mapping[str, tuple[tuple[RowKind, int], ...]] = {
    "ACK": ((RowKind.TELEGRAM, TelegramType.ACK), (RowKind.TELEGRAM, TelegramType.POSITIVE)),
    "NAK": ((RowKind.TELEGRAM, TelegramType.NEGATIVE),),
    **{
        name: ((RowKind.TELEGRAM, TelegramType[name]),)
        for name in ("SND_NKE", "SND_UD", "REQ_UD1", "REQ_UD2", "RSP_UD")
    },
    **{
        name: ((RowKind.TELEGRAM, TelegramType[name.upper()]),)
        for name in ("request", "identification", "option_select", "command", "data", "other")
    },
    **{name: ((kind, ANY_TYPE),) for kind, name in KINDS.items() if kind is not RowKind.TELEGRAM},
    "silence": ((RowKind.TELEGRAM, SILENCE),),
}
"""The names of `type:`, each with its pairs (kind of row, `TelegramType` or code)."""


@dataclass(frozen=True, slots=True)
class Ago:
    """A time that many seconds before now."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Daytime:
    """A local time of today, in seconds since midnight."""

    seconds: int


@dataclass(frozen=True, slots=True)
class AnswerTime:
    """A range of times of answers, without its ends: in seconds, or with `in_bits` in bit times of the line."""

    above: float
    below: float
    in_bits: bool


@dataclass(frozen=True, slots=True)
class HexPattern:
    """Pieces of bytes that must occur in this order, with any bytes between them."""

    pieces: tuple[re.Pattern[str], ...]

    def matches(self, text: str) -> bool:
        """Return whether they occur in `text`, which has one character per byte; a masked byte matches nothing."""
        at = 0
        # One search per piece, because its leftmost match leaves most of the text for the others: the time is linear.
        for piece in self.pieces:
            found = piece.search(text, at)
            if found is None:
                return False
            at = found.end()
        return True


Value = Side | Direction | Flag | str | Ago | Daytime | AnswerTime | HexPattern | tuple[int, int] | None
"""The value of a term: text in lower case for `text`, `note`, `link` and a word, a name for `type`; for `addr` the
first and the last address, or None for telegrams without an address."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term: any of `values`, or with `negated` none of them. It is `text[start:end]`.

    The values of `type:` are names of `TYPE_NAMES`.
    """

    key: Key
    values: tuple[Value, ...]
    negated: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TrafficFilter:
    """Terms that a row must all match; the module's docstring describes several terms with one key."""

    terms: tuple[Term, ...] = ()

    def values(self, key: Key, *, negated: bool = False) -> tuple[Value, ...]:
        """Return all values of a key: the alternatives, or with `negated` the excluded ones."""
        return tuple(
            value for term in self.terms if term.key is key and term.negated == negated for value in term.values
        )


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    negated: bool
    key: str
    """Empty for a word."""
    value: str
    value_at: int
    quoted: bool


_KEY = re.compile(r"([A-Za-z]+):(?!//)")
_FLAGS = frozenset(Flag)
_UNDIVIDED = (Key.TEXT, Key.HEX, Key.NOTE)
"""The keys whose value is the whole text, commas included."""
_KEYS = {key.value: key for key in Key if key is not Key.WORD}
_DURATION = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)(ms|s|m|h|d)")
_DAYTIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?")
_ANSWER = re.compile(r"([<>])([0-9]{1,9}(?:\.[0-9]{1,6})?)(ms|s|bit)")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def parse_filter(text: str) -> TrafficFilter:
    """Return the filter of a text; an empty text gives one that every row matches. Raises FilterError, nothing else."""
    return TrafficFilter(tuple(_term(token) for token in _tokens(text)))


def _tokens(text: str) -> Iterator[_Token]:
    at, end = 0, len(text)
    while at < end:
        if text[at].isspace():
            at += 1
            continue
        start = at
        negated = text[at] == "-"
        at += negated
        key = _KEY.match(text, at)
        if key:
            at = key.end()
        value_at = at
        is_quoted = text[at : at + 1] == '"'
        if is_quoted:
            value, at = _quoted_value(text, at)
        else:
            while at < end and not text[at].isspace():
                at += 1
            value = text[value_at:at]
        if not key and not value and not is_quoted:
            raise FilterError(FilterFault.LONE_MINUS, start, "-")
        yield _Token(start, at, negated, key[1] if key else "", value, value_at, is_quoted)


def _quoted_value(text: str, at: int) -> tuple[str, int]:
    parts: list[str] = []
    position = at + 1
    while position < len(text):
        if text[position] == '"':
            return "".join(parts), position + 1
        if text[position] == "\\" and position + 1 < len(text):
            position += 1
        parts.append(text[position])
        position += 1
    raise FilterError(FilterFault.OPEN_QUOTE, at, text[at:])


def _term(token: _Token) -> Term:
    word = token.value.casefold()
    if not token.key:
        if word in _FLAGS and not token.quoted:
            return Term(Key.IS, (Flag(word),), token.negated, token.start, token.end)
        return Term(Key.WORD, (word,), token.negated, token.start, token.end)
    key = _KEYS.get(token.key.casefold())
    if key is None:
        raise FilterError(FilterFault.UNKNOWN_KEY, token.start + token.negated, token.key)
    if not token.value.strip(", "):
        raise FilterError(FilterFault.NO_VALUE, token.value_at, token.key)
    return Term(key, tuple(_values(key, token)), token.negated, token.start, token.end)


def _values(key: Key, token: _Token) -> Iterator[Value]:
    if key in _UNDIVIDED:
        yield _hex(token) if key is Key.HEX else token.value.casefold()
        return
    at = token.value_at + token.quoted
    for part in token.value.split(","):
        if part.strip():
            yield from _READERS[key](part.strip(), at)
        at += len(part) + 1


def _hex(token: _Token) -> HexPattern:
    pieces = [""]
    for word in token.value.split():
        if word == "*":
            pieces.append("")
            continue
        pairs = re.findall(r"[0-9A-Fa-f]{2}|\.\.", word)
        if "".join(pairs) != word:
            raise FilterError(FilterFault.BAD_HEX, token.value_at, word)
        pieces[-1] += "".join("." if pair == ".." else re.escape(chr(int(pair, 16))) for pair in pairs)
    return HexPattern(tuple(re.compile(piece, re.DOTALL) for piece in pieces if piece))


def _named(names: Mapping[str, Value], fault: FilterFault, word: str, at: int) -> Iterator[Value]:
    if word.casefold() not in names:
        raise FilterError(fault, at, word)
    yield names[word.casefold()]


def _address(word: str, at: int) -> Iterator[Value]:
    if word.casefold() == "none":
        yield None
        return
    low, dash, high = word.partition("-")
    numbers = (low, high if dash else low)
    if not all(number.isascii() and number.isdigit() and len(number) < 4 for number in numbers):
        raise FilterError(FilterFault.BAD_ADDRESS, at, word)
    first, last = (int(number) for number in numbers)
    if not first <= last <= 255:
        raise FilterError(FilterFault.BAD_ADDRESS, at, word)
    yield first, last


def _type(word: str, at: int) -> Iterator[Value]:
    wanted = word.casefold()
    if wanted.endswith("*"):
        names = [name for name in TYPE_NAMES if name.casefold().startswith(wanted[:-1])]
    else:
        names = [name for name in TYPE_NAMES if name.casefold() == wanted]
    if not names:
        raise FilterError(FilterFault.BAD_TYPE, at, word)
    yield from names


def _link(word: str, _at: int) -> Iterator[Value]:
    yield word.casefold()


def _time(word: str, at: int) -> Iterator[Value]:
    if duration := _DURATION.fullmatch(word.casefold()):
        yield Ago(float(duration[1]) * _UNITS[duration[2]])
    elif daytime := _DAYTIME.fullmatch(word):
        hours, minutes, seconds = (int(number or 0) for number in daytime.groups())
        yield Daytime(hours * 3600 + minutes * 60 + seconds)
    else:
        raise FilterError(FilterFault.BAD_TIME, at, word)


def _answer_time(word: str, at: int) -> Iterator[Value]:
    found = _ANSWER.fullmatch(word.casefold())
    if found is None:
        raise FilterError(FilterFault.BAD_ANSWER, at, word)
    limit = float(found[2]) * _UNITS.get(found[3], 1.0)
    above, below = (limit, math.inf) if found[1] == ">" else (-math.inf, limit)
    yield AnswerTime(above, below, found[3] == "bit")


_READERS: Mapping[Key, Callable[[str, int], Iterator[Value]]] = {
    Key.SIDE: partial(_named, {name: side for side, name in SIDES.items()}, FilterFault.BAD_SIDE),
    Key.DIR: partial(_named, {name: direction for direction, name in DIRECTIONS.items()}, FilterFault.BAD_DIRECTION),
    Key.ADDR: _address,
    Key.TYPE: _type,
    Key.LINK: _link,
    Key.SINCE: _time,
    Key.UNTIL: _time,
    Key.ANSWER: _answer_time,
    Key.IS: partial(_named, {flag.value: flag for flag in Flag}, FilterFault.BAD_FLAG),
}


# Writing filters


def quoted(value: str) -> str:
    """Return a value as text for a filter, in quotes if it needs them."""
    plain = value and not re.search(r'[\s",\\]', value) and value[0] != "-" and not _KEY.match(value)
    if plain and value.casefold() not in _FLAGS:
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def with_value(text: str, key: Key, value: str | None) -> str:
    """Return the filter with `value` as the only one of a key; None removes the key. Exclusions stay.

    Raises FilterError for a text that is not a filter.
    """
    terms = [text[term.start : term.end] for term in parse_filter(text).terms if term.key is not key or term.negated]
    if value is not None:
        terms.append(value if key is Key.IS and value in _FLAGS else f"{key}:{value}")
    return " ".join(terms)


# Completion


@dataclass(frozen=True, slots=True)
class Completion:
    """The `choices` that may replace `text[start:end]`."""

    start: int
    end: int
    choices: tuple[str, ...]


def complete(text: str, cursor: int, occurring: Mapping[Key, Sequence[str]]) -> Completion:
    """Return the keys, flags and values that continue the word before the cursor (0 to len(text)).

    `occurring`: the values to offer, by key. Never raises, whatever the text.
    """
    start = max((position + 1 for position in range(cursor) if text[position].isspace()), default=0)
    start += text[start : start + 1] == "-" and start < cursor
    word = text[start:cursor]
    key_end = word.find(":")
    if key_end < 0:
        offered = [f"{key}:" for key in _KEYS] + list(Flag)
        return Completion(start, cursor, _continuations(word, offered))
    key = _KEYS.get(word[:key_end].casefold())
    if key is None:
        return Completion(cursor, cursor, ())
    at = start + key_end + 1
    if key not in _UNDIVIDED:
        at += word[key_end + 1 :].rfind(",") + 1
    return Completion(at, cursor, _continuations(text[at:cursor], occurring.get(key, ())))


def _continuations(word: str, offered: Sequence[str]) -> tuple[str, ...]:
    beginning = word.casefold()
    return tuple(
        choice for choice in offered if choice.casefold().startswith(beginning) and choice.casefold() != beginning
    )
