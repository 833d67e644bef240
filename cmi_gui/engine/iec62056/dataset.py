"""Data sets and data lines of IEC 62056-21 6.3.8 and 6.6: every legal form, and back without losing a character."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Self

from cmi_gui.engine.iec62056.errors import ErrorCode, Iec62056Error
from cmi_gui.engine.messages import Message

MAX_ID: Final = 16
MAX_VALUE: Final = 32
MAX_VALUE_PROGRAMMING: Final = 128
"""In the programming mode of protocol mode C."""
MAX_UNIT: Final = 16
MAX_LINE: Final = 78
"""Characters of a data line without its CR LF."""

_NOT_IN_ID: Final = "()/!"
_NOT_IN_VALUE: Final = "()*/!"
_NOT_IN_UNIT: Final = "()/!"
_END: Final = "!"


def _check(text: str, what: Message, forbidden: str, longest: int, offset: int) -> None:
    if len(text) > longest:
        message = Message("{0} has {1} characters, allowed are {2}", (what, len(text), longest))
        raise Iec62056Error(ErrorCode.TOO_LONG, message, offset + longest)
    for index, char in enumerate(text):
        if char in forbidden or not " " <= char <= "~":
            raise Iec62056Error(
                ErrorCode.CHARACTER, Message("{0} must not contain {1}", (what, repr(char))), offset + index
            )


@dataclass(frozen=True, slots=True)
class DataSet:
    """One `id(value*unit)`, as spelled.

    `id`: up to 16 characters, empty where it is left out; `value`: up to 32 (128 in programming mode), blanks kept;
    `unit`: up to 16, None where it is left out together with its `*`. In a row `id(v1*u)(v2)(v3)` the later sets have
    neither; `DataLine.resolved` gives them back.
    """

    id: str
    value: str
    unit: str | None = None

    def __post_init__(self) -> None:
        _check(self.id, Message("an identifier"), _NOT_IN_ID, MAX_ID, 0)
        _check(self.value, Message("a value"), _NOT_IN_VALUE, MAX_VALUE_PROGRAMMING, len(self.id) + 1)
        if self.unit is not None:
            start = len(self.id) + len(self.value) + 2
            if not self.unit:
                raise Iec62056Error(ErrorCode.SYNTAX, Message("'*' announces a unit, but there is none"), start)
            _check(self.unit, Message("a unit"), _NOT_IN_UNIT, MAX_UNIT, start)

    def __str__(self) -> str:
        unit = "" if self.unit is None else f"*{self.unit}"
        return f"{self.id}({self.value}{unit})"


@dataclass(frozen=True, slots=True)
class DataLine:
    """The data sets of one line, at least one."""

    sets: tuple[DataSet, ...]

    def __post_init__(self) -> None:
        if not self.sets:
            raise Iec62056Error(ErrorCode.SYNTAX, Message("a data line has at least one data set"))
        if len(str(self)) > MAX_LINE:
            message = Message("a data line has {0} characters, allowed are {1}", (len(str(self)), MAX_LINE))
            raise Iec62056Error(ErrorCode.TOO_LONG, message, MAX_LINE)

    @classmethod
    def from_text(cls, text: str, *, max_value: int = MAX_VALUE) -> Self:
        """Parse a line without its CR LF; see `parse_line`."""
        if len(text) > MAX_LINE:
            message = Message("a data line has {0} characters, allowed are {1}", (len(text), MAX_LINE))
            raise Iec62056Error(ErrorCode.TOO_LONG, message, MAX_LINE)
        return cls(tuple(_sets(text, max_value)))

    def resolved(self) -> Iterator[DataSet]:
        """The sets with the identifiers and units that were left out, taken over from the set before."""
        name, unit = "", None
        for item in self.sets:
            if item.id:
                name, unit = item.id, item.unit
            elif item.unit is not None:
                unit = item.unit
            yield DataSet(name, item.value, unit)

    def __str__(self) -> str:
        return "".join(map(str, self.sets))


def parse_line(text: str, *, max_value: int = MAX_VALUE) -> DataLine:
    """Parse one data line without its CR LF.

    `str()` of the result is `text` again, character by character. Raises `Iec62056Error` whose `offset` points into
    `text`. `max_value`: `MAX_VALUE` in a readout, `MAX_VALUE_PROGRAMMING` in programming mode.
    """
    return DataLine.from_text(text, max_value=max_value)


def _sets(text: str, max_value: int) -> Iterator[DataSet]:
    position = 0
    while position < len(text):
        opened = text.find("(", position)
        if opened < 0:
            raise Iec62056Error(ErrorCode.SYNTAX, Message("after an identifier comes '('"), len(text))
        closed = text.find(")", opened)
        if closed < 0:
            raise Iec62056Error(ErrorCode.SYNTAX, Message("a ')' is missing"), len(text))
        name = text[position:opened]
        value, star, unit = text[opened + 1 : closed].partition("*")
        _check(name, Message("an identifier"), _NOT_IN_ID, MAX_ID, position)
        _check(value, Message("a value"), _NOT_IN_VALUE, max_value, opened + 1)
        unit_at = opened + 2 + len(value)
        if star and not unit:
            raise Iec62056Error(ErrorCode.SYNTAX, Message("'*' announces a unit, but there is none"), unit_at)
        _check(unit, Message("a unit"), _NOT_IN_UNIT, MAX_UNIT, unit_at)
        yield DataSet(name, value, unit if star else None)
        position = closed + 1


def join_readout(lines: Sequence[str]) -> str:
    """The text of a readout's data message: every line with CR LF, then `!` CR LF."""
    return "".join(f"{line}\r\n" for line in (*lines, _END))


def split_readout(text: str) -> tuple[str, ...]:
    """The lines of a readout's data message, without the closing `!` line; each kept character by character.

    Raises `Iec62056Error` where the closing `!` is missing. The lines themselves are not judged.
    """
    body, end, rest = text.rpartition(_END)
    if not end or rest.strip("\r\n") or (body and not body.endswith("\n")):
        raise Iec62056Error(ErrorCode.INCOMPLETE, Message("a readout ends with '!' on a line of its own"), len(text))
    return tuple(line.removesuffix("\r") for line in body.split("\n")[:-1])
