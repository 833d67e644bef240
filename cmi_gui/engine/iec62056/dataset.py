"""Parsing and writing of data sets and data lines (IEC 62056-21 6.3.8 and 6.6), without loss of a character."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from cmi_gui.engine.iec62056.errors import Iec62056Error, IecErrorCode, check_text, syntax_error
from cmi_gui.engine.messages import Message

MAX_ID: Final = 16
MAX_VALUE: Final = 32
MAX_VALUE_PROGRAMMING: Final = 128
"""Characters of a value in the programming mode of protocol mode C."""
MAX_UNIT: Final = 16
MAX_LINE: Final = 78
"""Characters of a data line without its CR LF."""

_IDENTIFIER, _VALUE, _UNIT = Message("an identifier"), Message("a value"), Message("a unit")
_END: Final = "!"
_LINE: Final = re.compile(r"([ \x22-\x27*-.0-~]{1,16})\((.*)\)", re.DOTALL)
"""An identifier of printable characters without ( ) / ! (IEC 62056-21 6.6), and a text in brackets."""
_SET: Final = re.compile(r"[ \x22-\x27*-.0-~]{,16}\([ \x22-\x27+-.0-~]{,32}\([ \x22-\x27*-.0-~]{1,16}")
"""Identifier, value and unit of a data set in order, with a bracket between them, which none of them contains."""


def _check_set(id_: str, value: str, unit: str | None, max_value: int, offset: int) -> None:
    if _SET.fullmatch(f"{id_}({value}({'-' if unit is None else unit}"):
        return
    value_at = offset + len(id_) + 1
    unit_at = value_at + len(value) + 1
    check_text(id_, _IDENTIFIER, "()/!", MAX_ID, offset=offset)
    check_text(value, _VALUE, "()*/!", max_value, offset=value_at)
    if unit is not None:
        if not unit:
            raise syntax_error(Message("there is no unit after '*'"), unit_at)
        check_text(unit, _UNIT, "()/!", MAX_UNIT, offset=unit_at)


class DataSet(msgspec.Struct, frozen=True, gc=False):
    """A data set `id(value*unit)`, as written.

    `id`: up to 16 characters, empty if it is left out; `value`: up to 32 (128 in programming mode), blanks kept;
    `unit`: up to 16, None if it is left out together with its `*`. In a row `id(v1*u)(v2)(v3)` the later sets have
    neither.
    """

    id: str
    value: str
    unit: str | None = None

    def __post_init__(self) -> None:
        _check_set(self.id, self.value, self.unit, MAX_VALUE_PROGRAMMING, 0)

    def __str__(self) -> str:
        unit = "" if self.unit is None else f"*{self.unit}"
        return f"{self.id}({self.value}{unit})"


def parse_line(text: str, *, max_value: int = MAX_VALUE) -> tuple[DataSet, ...]:
    """Return the data sets of one line without its CR LF, at least one.

    Joined they give `text` again exactly. Raises `Iec62056Error`, whose `offset` is a position in `text`. `max_value`:
    `MAX_VALUE` in a readout, `MAX_VALUE_PROGRAMMING` in programming mode.
    """
    if len(text) > MAX_LINE:
        message = Message("a data line has {0} characters; at most {1} are allowed", (len(text), MAX_LINE))
        raise Iec62056Error(IecErrorCode.TOO_LONG, message, MAX_LINE)
    sets: list[DataSet] = []
    at = 0
    for id_, value, unit in scan_sets(text):
        _check_set(id_, value, unit, max_value, at)
        sets.append(DataSet(id_, value, unit))
        at += len(str(sets[-1]))
    if not sets:
        raise syntax_error(Message("a data line must have at least one data set"))
    return tuple(sets)


def scan_sets(text: str) -> Iterator[tuple[str, str, str | None]]:
    """Yield identifier, value and unit of each data set of a line; only the brackets are checked.

    An identifier that is left out is empty, a unit that is left out is None. Raises `Iec62056Error`.
    """
    position = 0
    while position < len(text):
        opened = text.find("(", position)
        if opened < 0:
            raise syntax_error(Message("an identifier must be followed by '('"), len(text))
        closed = text.find(")", opened)
        if closed < 0:
            raise syntax_error(Message("a ')' is missing"), len(text))
        value, star, unit = text[opened + 1 : closed].partition("*")
        yield text[position:opened], value, unit if star else None
        position = closed + 1


def split_line(text: str) -> tuple[str, str] | None:
    """Return the first identifier of a line, and the text between its first "(" and its last ")".

    None if the line does not have this form. The text is not checked and may hold several data sets.
    """
    match = _LINE.fullmatch(text)
    return None if match is None else (match[1], match[2])


def join_readout(lines: Sequence[str]) -> str:
    """Return the text of a readout's data message: every line with CR LF, then `!` CR LF."""
    return "".join(f"{line}\r\n" for line in (*lines, _END))


def split_readout(text: str) -> tuple[str, ...]:
    """Return the lines of a readout's data message unchanged, without the closing `!` line.

    The `!` may directly follow the last line, as with some meters. Raises `Iec62056Error` if it is missing. The lines
    themselves are not checked.
    """
    body, end, rest = text.rpartition(_END)
    if not end or rest.strip("\r\n"):
        raise Iec62056Error(IecErrorCode.INCOMPLETE, Message("a readout must end with '!'"), len(text))
    lines = body.split("\n")
    if not lines[-1]:
        del lines[-1]
    return tuple(line.removesuffix("\r") for line in lines)
