"""TOML files that a person has written or been given: read with a limit, and every fault named with the file."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from cmi_gui.engine.messages import InvalidValue, Listing, Message


class FileError(InvalidValue):
    """A file cannot be used; the text names file, key and rule."""

    def __init__(self, file: str, message: Message) -> None:
        super().__init__(Listing(": ", (file, message)))


def read_toml(path: Path, name: str, most: int, error: type[FileError]) -> dict[str, Any]:
    """Read a file of at most `most` bytes, so that one from a stranger does not fill the memory.

    Raises `error`; `name` stands for the file in its text.
    """
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
        if len(data) > most:
            raise error(name, Message("is too big: at most {0} bytes", (most,)))
        return parse_toml(data.decode("utf-8"), name, error)
    except OSError as problem:
        raise error(name, Message("cannot be read: {0}", (problem.strerror or str(problem),))) from None
    except UnicodeDecodeError as problem:
        raise error(name, Message("is no UTF-8 text (byte {0})", (problem.start,))) from None


def parse_toml(text: str, name: str, error: type[FileError]) -> dict[str, Any]:
    """Read the text of a file. Raises `error`; `name` stands for the file in its text."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise error(name, Message("is no TOML: {0}", (str(problem),))) from None
    except RecursionError:
        raise error(name, Message("is nested too deeply")) from None
