"""The language of the traffic filter: from text to terms, and what could stand at the cursor.

    side:mbus dir:rx addr:5 type:RSP_UD text:"1.8.0" hex:"68 .. 72" error -type:ACK since:5m

Terms are separated by blanks and all must hold. Several values of one key, by comma or by repeating the key, are
alternatives; a minus in front excludes. A word without key must occur in the text of a row; `error`, `silence`,
`retry` and `masked` without quotes are short for `is:...`. In quotes, `\\` takes the next character as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import partial

from cmi_gui.engine.traffic.capture import DIRECTIONS, KINDS, SIDES
from cmi_gui.engine.traffic.store import Direction, RowKind, Side
from cmi_gui.engine.traffic.telegram_type import TelegramType


class Key(StrEnum):
    """What can be asked for."""

    SIDE = "side"
    DIR = "dir"
    ADDR = "addr"
    TYPE = "type"
    LINK = "link"
    TEXT = "text"
    HEX = "hex"
    SINCE = "since"
    UNTIL = "until"
    IS = "is"
    WORD = ""
    """A word without key."""


class Flag(StrEnum):
    """Values of `is:`."""

    ERROR = "error"
    SILENCE = "silence"
    RETRY = "retry"
    MASKED = "masked"


class FilterFault(Enum):
    """Why a text is no filter."""

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


class FilterError(ValueError):
    """`fault` says why, `given` is the part that is meant, `position` where it begins in the text (from 0)."""

    def __init__(self, fault: FilterFault, position: int, given: str) -> None:
        super().__init__(f"{fault.value} at {position}: {given!r}")
        self.fault = fault
        self.position = position
        self.given = given


ANY_TYPE = -1
"""Among the codes of `type:`: whatever the bytes are."""
SILENCE = -2
"""Among the codes of `type:`: a request that nobody answered."""

TYPE_NAMES: Mapping[str, tuple[tuple[RowKind, int], ...]] = {
    "ACK": ((RowKind.TELEGRAM, TelegramType.ACK), (RowKind.TELEGRAM, TelegramType.POSITIVE)),
    "NAK": ((RowKind.TELEGRAM, TelegramType.NEGATIVE),),
    **{
        kind.name: ((RowKind.TELEGRAM, kind),)
        for kind in (
            TelegramType.SND_NKE,
            TelegramType.SND_UD,
            TelegramType.REQ_UD1,
            TelegramType.REQ_UD2,
            TelegramType.RSP_UD,
        )
    },
    **{
        kind.name.lower(): ((RowKind.TELEGRAM, kind),)
        for kind in (
            TelegramType.REQUEST,
            TelegramType.IDENTIFICATION,
            TelegramType.OPTION_SELECT,
            TelegramType.COMMAND,
            TelegramType.DATA,
            TelegramType.OTHER,
        )
    },
    **{name: ((kind, ANY_TYPE),) for kind, name in KINDS.items() if kind is not RowKind.TELEGRAM},
    "silence": ((RowKind.TELEGRAM, SILENCE),),
}
"""The names of `type:`, each with what it means: (kind of row, `TelegramType` of a good telegram)."""


@dataclass(frozen=True, slots=True)
class Ago:
    """So many seconds before now."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Daytime:
    """A local time of the present day, in seconds since midnight."""

    seconds: int


@dataclass(frozen=True, slots=True)
class HexPattern:
    """Bytes that must stand somewhere, one piece behind the other; within a piece they follow each other."""

    pieces: tuple[re.Pattern[str], ...]

    def matches(self, text: str) -> bool:
        """Whether they stand in `text`, of which each character is a byte (a masked one is none of them)."""
        at = 0
        # One search a piece: the leftmost place of each leaves most for the rest, so time is linear.
        for piece in self.pieces:
            found = piece.search(text, at)
            if found is None:
                return False
            at = found.end()
        return True


Value = Side | Direction | Flag | str | Ago | Daytime | HexPattern | tuple[int, int] | None
"""By key: side, direction, flag; lower case (text, link, word), name (type); bytes; time; addresses, or none."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term: any of `values`, or with `negated` none of them. `start` and `end` are its place in the text.

    The values of `type:` are names of `TYPE_NAMES`.
    """

    key: Key
    values: tuple[Value, ...]
    negated: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TrafficFilter:
    """Terms that must all hold; see the module for how several of one key go together."""

    terms: tuple[Term, ...] = ()

    def values(self, key: Key, *, negated: bool = False) -> tuple[Value, ...]:
        """All values of a key, those that are alternatives or those that are excluded."""
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
_KEYS = {key.value: key for key in Key if key is not Key.WORD}
_DURATION = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)(ms|s|m|h|d)")
_DAYTIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def parse_filter(text: str) -> TrafficFilter:
    """Read a filter; the empty text is the filter that lets everything pass. Raises `FilterError` and nothing else."""
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
    if key in (Key.TEXT, Key.HEX):
        yield token.value.casefold() if key is Key.TEXT else _hex(token)
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


_READERS: Mapping[Key, Callable[[str, int], Iterator[Value]]] = {
    Key.SIDE: partial(_named, {name: side for side, name in SIDES.items()}, FilterFault.BAD_SIDE),
    Key.DIR: partial(_named, {name: direction for direction, name in DIRECTIONS.items()}, FilterFault.BAD_DIRECTION),
    Key.ADDR: _address,
    Key.TYPE: _type,
    Key.LINK: _link,
    Key.SINCE: _time,
    Key.UNTIL: _time,
    Key.IS: partial(_named, {flag.value: flag for flag in Flag}, FilterFault.BAD_FLAG),
}


# Writing filters


def quoted(value: str) -> str:
    """A value as it stands in a filter: in quotes where it must."""
    plain = value and not re.search(r'[\s",\\]', value) and value[0] != "-" and not _KEY.match(value)
    if plain and value.casefold() not in _FLAGS:
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def with_value(text: str, key: Key, value: str | None) -> str:
    """The filter with `value` as the only one of a key, or with None without the key; exclusions stay.

    Raises `FilterError` for a text that is no filter.
    """
    terms = [text[term.start : term.end] for term in parse_filter(text).terms if term.key is not key or term.negated]
    if value is not None:
        terms.append(value if key is Key.IS and value in _FLAGS else f"{key}:{value}")
    return " ".join(terms)


# Completion


@dataclass(frozen=True, slots=True)
class Completion:
    """What could stand in place of `text[start:end]`."""

    start: int
    end: int
    choices: tuple[str, ...]


def complete(text: str, cursor: int, occurring: Mapping[Key, Sequence[str]]) -> Completion:
    """Keys, flags and values that go on from what stands before the cursor (0 to len(text)).

    `occurring` has the values that are worth offering, by key. Never raises for any text.
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
    values = word[key_end + 1 :]
    if key not in (Key.TEXT, Key.HEX):
        at += values.rfind(",") + 1
    return Completion(at, cursor, _continuations(text[at:cursor], occurring.get(key, ())))


def _continuations(word: str, offered: Sequence[str]) -> tuple[str, ...]:
    beginning = word.casefold()
    return tuple(
        choice for choice in offered if choice.casefold().startswith(beginning) and choice.casefold() != beginning
    )
