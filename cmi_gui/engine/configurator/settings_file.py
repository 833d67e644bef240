"""Settings in a TOML file: one key per setting, named as in the profile, without passwords."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import tomli_w

from cmi_gui.engine.cmi1020.commands import TYPE_NAMES, CommandInvalid, CommandTable
from cmi_gui.engine.cmi1020.profile import CommandRow, ValueType
from cmi_gui.engine.configurator.values import check_text, settings, value_text
from cmi_gui.engine.files.atomic_file import write_atomically
from cmi_gui.engine.files.toml_file import FileError, read_toml
from cmi_gui.engine.messages import InvalidValue, Message

VERSION = 1
MAX_FILE = 100_000
"""Largest file in bytes; one written by this program has some hundreds."""

_HEAD = """\
# Settings of a {profile} as shown in the form of cmi_gui. Loading this file does not change the module: values that
# differ from the module's known ones become changes, to be written when you choose.
# Passwords ({secrets}) are never written to this file, and none is read from it.
"""
_UNKNOWN = """
# Not known of the module; these are the factory values. To load one, remove the # at the beginning of its lines:
"""


class SettingsFileError(FileError):
    """The error of a settings file that cannot be used."""


def dump_settings(table: CommandTable, values: Mapping[str, str], guessed: Iterable[str] = ()) -> str:
    """Return the file's text for values by row id.

    `guessed`: the rows whose values are not known of the module; they are written as comments, so that no factory value
    is loaded into another module as if it had been chosen. Raises CommandInvalid for a value that no module accepts,
    ValueError for a secret, KeyError for an unknown row.
    """
    rows = {row.id: row for row in settings(table)}
    for name in values:
        if rows[name].secret:
            raise ValueError(f"{name} is secret and is not written to files")
    content = {name: _to_toml(table, rows[name], values[name]) for name in rows if name in values}
    unknown = {name: content.pop(name) for name in guessed if name in content}
    secrets = ", ".join(row.id for row in rows.values() if row.secret)
    head = _HEAD.format(profile=table.profile.name, secrets=secrets or "none")
    text = tomli_w.dumps({"version": VERSION, "profile": table.profile.name, "settings": content})
    comments = "".join(f"# {line}\n" for line in tomli_w.dumps(unknown).splitlines())
    return f"{head}\n{text}" + (_UNKNOWN + comments if unknown else "")


def _to_toml(table: CommandTable, row: CommandRow, text: str) -> int | str | list[int]:
    spelled = check_text(table, row, text)
    if _is_number(row):
        return int(spelled)
    if row.value is ValueType.MAP:
        return [int(part) for part in spelled.split()]
    return spelled


def _is_number(row: CommandRow) -> bool:
    return row.value is ValueType.INTEGER or row.frame == "control"


def _values(table: CommandTable, content: Mapping[str, Any]) -> dict[str, str]:
    """Return the values in a file's content, by row id. Raises InvalidValue, which names key and rule."""
    for key in content:
        if key not in ("version", "profile", "settings"):
            raise InvalidValue(Message("key {0}: unknown; the keys are version, profile and settings", (key,)))
    version = content.get("version")
    if version != VERSION or isinstance(version, bool):
        raise InvalidValue(Message("key version: this program reads version {0}", (VERSION,)))
    if content.get("profile") != table.profile.name:
        raise InvalidValue(Message("key profile: the settings must be those of a {0}", (table.profile.name,)))
    values = content.get("settings")
    if not isinstance(values, dict):
        raise InvalidValue(Message("key settings: the table [settings] is missing"))
    rows = {row.id: row for row in settings(table)}
    return {name: _from_toml(table, rows, name, value) for name, value in values.items()}


def _from_toml(table: CommandTable, rows: Mapping[str, CommandRow], name: str, value: object) -> str:
    row = rows.get(name)
    if row is None:
        known = ", ".join(each.id for each in rows.values() if not each.secret)
        raise InvalidValue(Message("key settings.{0}: no such setting; the settings are {1}", (name, known)))
    if row.secret:
        # The message must not show the value.
        raise InvalidValue(Message("key settings.{0}: passwords are not read from files; enter it yourself", (name,)))
    text = value_text(tuple(value)) if isinstance(value, list) else str(value)
    if _is_number(row):
        good, wanted = type(value) is int, TYPE_NAMES[ValueType.INTEGER]
    elif row.value is ValueType.MAP:
        good = isinstance(value, list) and all(type(part) is int for part in value)
        wanted = Message("a list of four whole numbers")
    else:
        good, wanted = isinstance(value, str), Message("a text in quotes")
    if not good:
        raise InvalidValue(Message("key settings.{0}: must be {1}", (name, wanted)))
    try:
        return check_text(table, row, text)
    except CommandInvalid as error:
        raise InvalidValue(Message("key settings.{0}: {1}", (name, error.message))) from None


def write_settings_file(path: Path, text: str) -> None:
    """Write the file whole or not at all. Raises SettingsFileError if it cannot be written."""
    try:
        write_atomically(path, text.encode("utf-8"), private=False)
    except OSError as error:
        raise SettingsFileError(path.name, Message("cannot be written: {0}", (error.strerror or str(error),))) from None


def read_settings_file(path: Path, table: CommandTable) -> dict[str, str]:
    """Return the values in a file, by row id. Raises SettingsFileError, which names file, key and rule."""
    content = read_toml(path, path.name, MAX_FILE, SettingsFileError)
    try:
        return _values(table, content)
    except InvalidValue as error:
        raise SettingsFileError(path.name, error.message) from None
