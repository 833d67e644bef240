"""Messages: English sentences and words as data, so that the window can translate them.

`str()` of a message is its English, for the command line, logs and files. A template is a literal where the message is
made, `Message("there is no host {0}", (host,))`, or a word of a table inside `marked(...)`; `packaging/translations.py`
collects both. Arguments are facts: they are shown as they are, unless they are messages themselves.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

_T = TypeVar("_T")


class Message(msgspec.Struct, frozen=True, gc=False):
    """A template; `{0}`, `{1}`, ... in it stand for the arguments. Without arguments it is taken as it is."""

    template: str
    args: tuple[Argument, ...] = ()

    def __str__(self) -> str:
        return self.template.format(*self.args) if self.args else self.template


class Listing(Message, frozen=True, gc=False):
    """Messages and facts of equal rank; `template` is the punctuation between them and is not translated."""

    def __str__(self) -> str:
        return self.template.join(map(str, self.args))


Argument = str | int | Message


class InvalidValue(ValueError):
    """A value that cannot be taken; `message` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


class CodedError(Exception):
    """An error for programs, by its stable `code`, and for people, by its `message`."""

    def __init__(self, code: str, message: Message) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def quoted(text: str) -> Message:
    """Return a message of a text that is not ours: it is shown as it is."""
    return Listing("", (text,))


def printable(text: str) -> str:
    r"""Return `text` on one line, with `\x1b` and the like for what would control a terminal or not be seen."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)


def reason_of(error: Exception) -> Message:
    """Return what an error says: its message, or the text of an error that is not ours."""
    message = getattr(error, "message", None)
    return message if isinstance(message, Message) else quoted(str(error))


def out_of_range(name: Argument, lowest: int, highest: int, given: Argument) -> Message:
    """Return what is wrong with a number that is too small or too large."""
    return Message("{0} is {1} to {2}, not {3}", (name, lowest, highest, given))


def marked(table: _T) -> _T:
    """Return `table` unchanged; its texts are collected as templates, but of a call inside it only the first text."""
    return table
