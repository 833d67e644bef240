"""`cmi-gui profile`: show the command table with its basis, and validate profile files."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from cmi_gui.commands.output import NO_ANSWER, WRONG_USE, emit, emit_json, fail, wrong_use_fails
from cmi_gui.engine.cmi1020.command_words import form_bytes, range_words, row_bytes
from cmi_gui.engine.cmi1020.profile import CommandRow, load_module_profile
from cmi_gui.engine.files.profiles import ProfileError, read_profile
from cmi_gui.engine.mbus.render import Json
from cmi_gui.engine.messages import Message
from cmi_gui.engine.meter_profile.profile import MeterProfile

_COLUMNS = ("name", "kind", "value", "bytes", "basis", "title")


class _Keys(msgspec.Struct):
    """The keys that distinguish the kinds of profile: `command` occurs for a module, `set_rate` for a meter."""

    command: object = msgspec.UNSET
    set_rate: object = msgspec.UNSET


def show(module_profile: Path | None, *, json: bool) -> None:
    """Print the command table of a module."""
    with wrong_use_fails(json=json, code="bad_profile"):
        profile = load_module_profile(module_profile)
    if json:
        rows = [_as_json(row) for row in profile.command]
        emit_json({"name": profile.name, "version": profile.version, "command": rows})
        return
    cells = [_cells(row) for row in profile.command]
    (_show_table if sys.stdout.isatty() else _show_columns)(cells)


def _as_json(row: CommandRow) -> dict[str, Json]:
    return {
        **{name: getattr(row, name) for name in ("id", "title", "manual", "kind", "basis", "source", "effect")},
        "bytes": row_bytes(row),
        "object_actions": {action: form_bytes(row, form, action) for form in row.forms[:1] for action in row.actions},
        "value": row.value,
        "range": range_words(row),
        "minimum": row.minimum if row.forms else None,
        "maximum": row.maximum if row.forms else None,
        "readable": row.read is not None,
        "secret": row.secret,
    }


def _cells(row: CommandRow) -> tuple[str, ...]:
    return row.id, row.kind.value, range_words(row), " or ".join(row_bytes(row)), row.basis, row.title


def _show_columns(cells: list[tuple[str, ...]]) -> None:
    lines = [_COLUMNS, *cells]
    widths = [max(len(line[index]) for line in lines) for index in range(len(_COLUMNS))]
    for line in lines:
        emit("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _show_table(cells: list[tuple[str, ...]]) -> None:
    # Only on a terminal, because rich takes longer to import than the rest of the program.
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*_COLUMNS)
    for line in cells:
        table.add_row(*(Text(cell) for cell in line))
    Console().print(table)


def check(file: Path, *, json: bool) -> None:
    """Validate a profile of a module or a meter; its keys decide which of the two it is."""
    if not file.is_file():
        fail(f"{file} is not a file", WRONG_USE, code="no_file", json=json)
    try:
        kind, name = _checked(file)
    except ProfileError as error:
        fail(str(error), NO_ANSWER, code="bad_profile", json=json)
    if json:
        emit_json({"file": str(file), "valid": True, "kind": kind, "name": name})
    else:
        emit(f"{file} is a valid {kind} profile ({name})")


def _checked(file: Path) -> tuple[str, str]:
    """Return kind and name of a profile. Raises ProfileError."""
    keys = read_profile(file, _Keys)
    if keys.command is not msgspec.UNSET:
        return "module", load_module_profile(file).name
    if keys.set_rate is not msgspec.UNSET:
        return "meter", read_profile(file, MeterProfile).name
    message = "is not a profile: a module's has [[command]] tables, a meter's has set_rate and open_disconnector"
    raise ProfileError(str(file), Message(message))
