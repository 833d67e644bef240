"""Profile files: found, read and strictly validated. They hold what the maker has not published.

A profile is TOML. The built-in ones lie in `cmi_gui/resources/profiles/`; a file of the same name in the user's
configuration folder, or one named by its path, takes the place of a built-in one.
"""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path
from typing import TypeVar

import msgspec
import platformdirs

from cmi_gui.engine.files.program_folder import portable_folder, program_folder
from cmi_gui.engine.messages import InvalidValue, Listing, Message, quoted

Table = TypeVar("Table", bound=msgspec.Struct)

MAX_PROFILE = 1_000_000
"""Bytes; the built-in ones have some thousands. A file from a stranger must not fill the memory."""


class ProfileError(InvalidValue):
    """A profile cannot be used; the text names file, key and rule."""

    def __init__(self, file: str, message: Message) -> None:
        super().__init__(Listing(": ", (file, message)))


def user_profile_folder() -> Path:
    """Where a user's own profiles lie; beside a portable program with all the rest."""
    folder = portable_folder(program_folder()) or Path(platformdirs.user_config_dir("cmi-gui", appauthor=False))
    return folder / "profiles"


def profile_path(name: str) -> Path | None:
    """The user's own file of a profile such as `cmi1020`, or None if there is none."""
    path = user_profile_folder() / f"{name}.toml"
    return path if path.is_file() else None


def load_profile(name: str, table: type[Table], path: Path | None = None) -> Table:
    """The profile `name`: from `path`, else the user's own file, else the built-in one. Raises ProfileError."""
    found = path or profile_path(name)
    if found is not None:
        return read_profile(found, table)
    text = resources.files("cmi_gui.resources").joinpath("profiles", f"{name}.toml").read_text(encoding="utf-8")
    return _parse(f"{name}.toml (built in)", text, table)


def read_profile(path: Path, table: type[Table]) -> Table:
    """The profile in a file. Raises ProfileError that names file, key and rule."""
    try:
        if path.stat().st_size > MAX_PROFILE:
            raise ProfileError(str(path), Message("a profile has at most {0} bytes", (MAX_PROFILE,)))
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ProfileError(str(path), Message("cannot be read: {0}", (str(error.strerror),))) from None
    except UnicodeDecodeError as error:
        raise ProfileError(str(path), Message("is no UTF-8 text (byte {0})", (error.start,))) from None
    return _parse(str(path), text, table)


def _parse(name: str, text: str, table: type[Table]) -> Table:
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(name, Message("is no TOML: {0}", (str(error),))) from None
    except RecursionError:
        raise ProfileError(name, Message("is nested too deeply")) from None
    try:
        return msgspec.convert(values, table)
    except msgspec.ValidationError as error:
        raise ProfileError(name, quoted(_in_words(str(error), values))) from None


def _in_words(message: str, values: object) -> str:
    """msgspec's message with the row's id in place of its number: `$.command[7].maximum` is no help to a person."""
    rule, _, where = message.partition(" - at `$")
    if not where:
        return rule
    where = where.rstrip("`")
    if where.startswith(".command[") and isinstance(values, dict):
        number, _, rest = where.removeprefix(".command[").partition("]")
        rows = values.get("command")
        if (
            number.isdigit()
            and isinstance(rows, list)
            and int(number) < len(rows)
            and isinstance(rows[int(number)], dict)
        ):
            shown = rows[int(number)].get("id", f"number {int(number) + 1}")
            return f"command {shown}{', key ' + rest.lstrip('.') if rest else ''}: {rule}"
    return f"key {where.lstrip('.')}: {rule}"
