"""Messages: English sentences and words as data, so that the window can translate them.

`str()` of a message is its English, for the command line, logs and files. A template is a literal where the message is
made, `Message("there is no host {0}", (host,))`, or a word of a table inside `marked(...)`; `packaging/translations.py`
collects both. Arguments are data: they are shown unchanged, unless they are messages themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TypeVar

import msgspec

_T = TypeVar("_T")


class Message(msgspec.Struct, frozen=True, gc=False):
    """A template whose `{0}`, `{1}`, ... are replaced by the arguments; without arguments it is used unchanged."""

    template: str
    args: tuple[Argument, ...] = ()

    def __str__(self) -> str:
        return self.template.format(*self.args) if self.args else self.template


class Listing(Message, frozen=True, gc=False):
    """A list of messages and data; `template` is the untranslated punctuation between them."""

    def __str__(self) -> str:
        return self.template.join(map(str, self.args))


Argument = str | int | Decimal | Message
"""A `Decimal` is a number of this program, shown with the decimal sign of the language; `str` is shown unchanged."""


def at_line(number: int, *parts: Argument) -> Listing:
    """Return a message about a line of a file or a pasted text: `line 5: ...`."""
    return Listing(": ", (Message("line {0}", (number,)), *parts))


def listed(parts: Sequence[Argument], separator: str, most: int, count: int | None = None) -> Listing:
    """Return the first `most` parts and the number of the others. `count`: of all of them, if not all are given."""
    count = len(parts) if count is None else count
    more = (Message("and {0} more", (count - most,)),) if count > most else ()
    return Listing(separator, (*parts[:most], *more))


class InvalidValue(ValueError):
    """A value that is not allowed; `message` gives the reason."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


class CodedError(Exception):
    """An error with a stable `code` for programs and a `message` for the user."""

    def __init__(self, code: str, message: Message) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def quoted(text: str) -> Message:
    """Return a message that shows `text` unchanged and untranslated."""
    return Listing("", (text,))


def printable(text: str) -> str:
    r"""Return `text` on one line, with escapes such as `\x1b` for characters that are not printable."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)


def quoted_characters(characters: Iterable[str]) -> str:
    """Return the characters in quotes, each once, in order: `'K', 'M'`."""
    return ", ".join(map(repr, dict.fromkeys(characters)))


def reason_of(error: Exception) -> Message:
    """Return the error's `message`, or its text if it has none."""
    message = getattr(error, "message", None)
    return message if isinstance(message, Message) else quoted(str(error))


def out_of_range(name: Argument, lowest: int, highest: int, given: Argument) -> Message:
    """Return the message that `given` is not between `lowest` and `highest`."""
    return Message("{0} must be {1} to {2}, not {3}", (name, lowest, highest, given))


def marked(table: _T) -> _T:
    """Return `table` unchanged. Its texts are collected for translation; of a call in it, only the first argument."""
    return table
