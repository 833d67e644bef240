"""Reading of TOML files from users, with a size limit and with errors that name the file."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, Final

from cmi_gui.engine.files.user_file import read_user_file
from cmi_gui.engine.messages import InvalidValue, Listing, Message, quoted

MAX_KEY_PARTS: Final = 16
"""Limit of the parts of a dotted key; our files have two at most. `tomllib`'s memory grows with their square."""
_KEY_PART: Final = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*"""
_LONG_KEY: Final = re.compile(rf"(?<![\w-])(?:{_KEY_PART}){{{MAX_KEY_PARTS}}}", re.ASCII)
NESTED_TOO_DEEPLY: Final = Message("nested too deeply")
_NUMBER_LIMIT: Final = 2**63
"""Limit of whole numbers, which have 64 bits (TOML 1.0)."""


class FileError(InvalidValue):
    """A file that cannot be used; the text names file, key and rule."""

    def __init__(self, file: str, message: Message) -> None:
        super().__init__(Listing(": ", (file, message)))


def read_toml(path: Path, name: str, max_bytes: int, error: type[FileError]) -> dict[str, Any]:
    """Return the values of a file; see `read_toml_text` and `parse_toml`."""
    return parse_toml(read_toml_text(path, name, max_bytes, error), name, error)


def cannot_be_read(error: OSError) -> Message:
    """Return the message that a file cannot be read."""
    return Message("cannot be read: {0}", (error.strerror or str(error),))


def read_toml_text(path: Path, name: str, max_bytes: int, error: type[FileError]) -> str:
    """Return the text of a file of at most `max_bytes` bytes, so that no file can use up the memory.

    A byte order mark, which some editors of Windows write, is no part of the text.
    Raises `error`; `name` names the file in its text.
    """
    try:
        return read_user_file(path, max_bytes).decode("utf-8").removeprefix("\ufeff")
    except OSError as problem:
        raise error(name, cannot_be_read(problem)) from None
    except UnicodeDecodeError as problem:
        raise error(name, Message("is not UTF-8 text (byte {0})", (problem.start,))) from None


def parse_toml(text: str, name: str, error: type[FileError]) -> dict[str, Any]:
    """Return the values of a file's text. Raises `error`; `name` names the file in its text."""
    try:
        return toml_values(text)
    except InvalidValue as problem:
        raise error(name, Message("is not valid TOML: {0}", (problem.message,))) from None


def toml_values(text: str) -> dict[str, Any]:
    """Return the values of a TOML text, in time and memory proportional to its length. Raises InvalidValue."""
    if _LONG_KEY.search(text):
        raise InvalidValue(Message("a key has more than {0} parts", (MAX_KEY_PARTS,)))
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise InvalidValue(quoted(str(problem))) from None
    except RecursionError:
        raise InvalidValue(NESTED_TOO_DEEPLY) from None
    except ValueError:
        # Python limits the number of digits that it converts.
        raise InvalidValue(Message("a number is too long")) from None
    waiting: list[object] = [values]
    while waiting:
        match waiting.pop():
            case dict(table):
                waiting += table.values()
            case list(array):
                waiting += array
            case int(number) if not -_NUMBER_LIMIT <= number < _NUMBER_LIMIT:
                raise InvalidValue(Message("a whole number has more than 64 bits"))
    return values
