"""Finding, reading and strict validation of profile files.

A profile is a TOML file. The built-in ones are in `cmi_gui/resources/profiles/`; a file of the same name in the
`profiles` folder of the user's configuration folder, or one given by its path, replaces a built-in one.
"""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import platformdirs

from cmi_gui.engine.files.program_folder import portable_folder, program_folder
from cmi_gui.engine.files.toml_file import FileError, parse_toml, read_toml
from cmi_gui.engine.messages import quoted

Table = TypeVar("Table", bound=msgspec.Struct)

MAX_PROFILE = 1_000_000
"""Largest size in bytes; the built-in profiles have some thousands."""


class ProfileError(FileError):
    """A profile that cannot be used."""


def user_profile_folder() -> Path:
    """Return the folder of the user's own profiles, for a portable program in its data folder."""
    folder = portable_folder(program_folder()) or Path(platformdirs.user_config_dir("cmi-gui", appauthor=False))
    return folder / "profiles"


def profile_path(name: str) -> Path | None:
    """Return the user's own file of a profile such as `cmi1020`, or None if there is none."""
    path = user_profile_folder() / f"{name}.toml"
    return path if path.is_file() else None


def load_profile(name: str, table: type[Table], path: Path | None = None) -> Table:
    """Return the profile `name`: from `path`, the user's own file or the built-in one. Raises ProfileError."""
    found = path or profile_path(name)
    if found is not None:
        return read_profile(found, table)
    text = resources.files("cmi_gui.resources").joinpath("profiles", f"{name}.toml").read_text(encoding="utf-8")
    name = f"{name}.toml (built in)"
    return _convert(name, parse_toml(text, name, ProfileError), table)


def read_profile(path: Path, table: type[Table]) -> Table:
    """Return the profile in a file. Raises ProfileError, which names file, key and rule."""
    return _convert(str(path), read_toml(path, str(path), MAX_PROFILE, ProfileError), table)


def _convert(name: str, values: dict[str, Any], table: type[Table]) -> Table:
    try:
        return msgspec.convert(values, table)
    except msgspec.ValidationError as error:
        raise ProfileError(name, quoted(_described(str(error), values))) from None


def _described(message: str, values: dict[str, Any]) -> str:
    """Return msgspec's message with the row's id in place of a path such as `$.command[7].maximum`."""
    rule, _, where = message.partition(" - at `$")
    if not where:
        return rule
    where = where.rstrip("`")
    if found := re.match(r"\.command\[(\d+)\]", where):
        row, rest = values["command"][int(found[1])], where[found.end() :]
        if isinstance(row, dict):
            shown = row.get("id", f"number {int(found[1]) + 1}")
            return f"command {shown}{', key ' + rest.lstrip('.') if rest else ''}: {rule}"
    return f"key {where.lstrip('.')}: {rule}"
