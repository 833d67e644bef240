"""The file of a site: read, checked and written. Passwords are neither written to it nor read from it.

A site file is TOML; `docs/site.md` has all keys. What is wrong in it is reported with its line and the right form.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from cmi_gui.engine.cmi1020.commands import CommandInvalid, CommandTable
from cmi_gui.engine.configurator.values import check_text, settings
from cmi_gui.engine.files.atomic_file import write_atomically
from cmi_gui.engine.files.toml_file import NESTED_TOO_DEEPLY, FileError, parse_toml, read_toml_text
from cmi_gui.engine.files.toml_lines import Place, line_numbers
from cmi_gui.engine.link.kind import shown
from cmi_gui.engine.messages import Argument, InvalidValue, Message, at_line, marked
from cmi_gui.engine.site.model import Site, SiteModule

FORMAT: Final = 1
MAX_SITE: Final = 16_000_000
"""Largest size of a site file in bytes; one with 250 modules and two visits has about 2,000,000."""
SUFFIX: Final = ".site.toml"
_HEAD: Final = """\
# A site of cmi_gui: the modules of one building. The program writes this file whenever something changes.
# Passwords are never written here.
"""
_LINE: Final = marked("a text of one line in quotes, at most 200 characters")
_EIGHT: Final = marked('8 digits in quotes, such as "50100007", or left out')
_TIME: Final = marked("a time with its offset from UTC, such as 2026-11-30T09:12:00Z")
_CAUSE: Final = marked("a text of one line in quotes, at most 200 characters, or a table with text and args")
_FORMS: Final[Mapping[str, str]] = {
    "format": marked("1"),
    "serial": _EIGHT,
    "meter": _EIGHT,
    "meter_read": _EIGHT,
    "note": marked("a text in quotes, at most 4000 characters"),
    "failure": _CAUSE,
    "message": _CAUSE,
    "args": marked("a list of texts, whole numbers and such tables"),
    "number": marked('a decimal number in quotes, such as "2.5"'),
    "at": _TIME,
    "visit": _TIME,
    "how": marked('"read" or "sent"'),
    "ports": marked("a list of LINKs in quotes"),
    "lost": marked("true or false"),
    "alone": marked("true or false"),
    "module": marked("a table for each module, [[module]], at most 1000"),
}
"""The right forms of keys, where they are not `_LINE` or that of the table around them."""
_PATH: Final = re.compile(r" - at `(?:key in )?\$(?P<path>[^`]*)`\Z")
_STEP: Final = re.compile(r"\.(\w+)|\[(\d+)\]|\[(?:\.\.\.)\]")
_UNKNOWN: Final = re.compile(r"Object contains unknown field `([^`]*)`")
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


class SiteError(FileError):
    """A site file that cannot be used; the text names file, line, key and rule."""


def read_site(path: Path, table: CommandTable) -> Site:
    """Return the site in a file. `table`: the commands of the modules. Raises SiteError."""
    return parse_site(read_toml_text(path, path.name, MAX_SITE, SiteError), path.name, table)


def write_site(path: Path, site: Site, table: CommandTable) -> None:
    """Write a site to its file, whole or not at all; only the owner can read it. Raises OSError."""
    write_atomically(path, site_text(site, table).encode("utf-8"))


def parse_site(text: str, name: str, table: CommandTable) -> Site:
    """Return the site in the text of a file called `name`. Raises SiteError."""
    values = parse_toml(text, name, SiteError)
    lines: dict[Place, int] = {}

    def error(place: Place, rule: Argument) -> SiteError:
        lines.update(lines or line_numbers(text))
        while place and place not in lines:
            place = place[:-1]
        return SiteError(name, at_line(lines.get(place, 1), rule))

    if values.pop("format", None) != FORMAT:
        raise error(("format",), Message("format must be {0}, that of this program", (FORMAT,)))
    try:
        site = msgspec.convert(values, Site)
    except msgspec.ValidationError as problem:
        raise error(*_explained(str(problem))) from None
    except RecursionError:
        raise error((), NESTED_TOO_DEEPLY) from None
    for index, module in enumerate(site.modules):
        for key, setting, rule in _wrong_settings(module, table):
            raise error(("module", index, key, setting), rule)
    return site


def site_text(site: Site, table: CommandTable) -> str:
    """Return the text of a site file. Raises ValueError if a password is in the site, and for a copy for practice."""
    if site.practice:
        raise ValueError("a copy of a site for the practice bus is not written to a file")
    for module in site.modules:
        for key, setting, rule in _wrong_settings(module, table):
            raise ValueError(f"{key} {setting}: {rule}")
    values = msgspec.to_builtins(site, builtin_types=(datetime,))
    modules = values.pop("module", ())
    parts = [_HEAD, *_lines({"format": FORMAT, **values})]
    for module in modules:
        tables = {key: value for key, value in module.items() if key in ("known", "wanted", "readings")}
        parts += ["\n[[module]]\n", *_lines({key: value for key, value in module.items() if key not in tables})]
        for key, content in tables.items():
            parts += [f"[module.{key}]\n", *_lines(content)]
    return "".join(parts)


def _wrong_settings(module: SiteModule, table: CommandTable) -> Iterator[tuple[str, str, Argument]]:
    """Yield what a row must not have: its key, the id of the setting, and the rule."""
    rows = {row.id: row for row in settings(table)}
    texts = {name: known.text for name, known in module.known.items()}
    for key, values in (("known", texts), ("wanted", module.wanted)):
        for name, text in values.items():
            row = rows.get(name)
            if row is None:
                known = ", ".join(each.id for each in rows.values() if not each.secret)
                yield key, name, Message("{0}: no such setting; the settings are {1}", (shown(name), known))
            elif row.secret and text is not None:
                # The message must not show the value.
                yield key, name, _not_kept(name)
            elif key == "wanted":
                try:
                    check_text(table, row, text or "")
                except CommandInvalid as error:
                    yield key, name, error.message
    secrets = {row.id for row in table.profile.command if row.secret}
    for written in module.written:
        if written.name in secrets and (written.text or written.before):
            yield "written", written.name, _not_kept(written.name)
    for name in module.wanted_secrets:
        if name not in secrets:
            yield "wanted_secrets", name, Message("{0}: no such password", (shown(name),))


def _not_kept(name: str) -> Message:
    return Message("{0}: passwords are not kept in a site; remove it", (name,))


def _explained(problem: str) -> tuple[Place, Message]:
    """Return the place and the rule of what `msgspec` found wrong."""
    found = _PATH.search(problem)
    place: Place = ()
    if found is not None:
        steps = _STEP.finditer(found["path"])
        place = tuple(int(step[2]) if step[2] else step[1] for step in steps if step[1] or step[2])
    unknown = _UNKNOWN.match(problem)
    if unknown is not None:
        return (*place, unknown[1]), Message("{0} is not a key here", (shown(unknown[1]),))
    key = next((str(part) for part in reversed(place) if isinstance(part, str)), "")
    if problem.startswith("Object missing required field"):
        missing = problem.split("`")[1]
        return place, Message("the key {0} is missing", (missing,))
    return place, Message("{0} must be {1}", (key, Message(_FORMS.get(key, _LINE))))


# Writing


def _lines(values: Mapping[str, Any]) -> Iterator[str]:
    for key, value in values.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            yield f"{_key(key)} = [\n"
            yield from (f"  {_value(item)},\n" for item in value)
            yield "]\n"
        else:
            yield f"{_key(key)} = {_value(value)}\n"


def _value(value: object) -> str:
    match value:
        case dict():
            return "{" + ", ".join(f"{_key(key)} = {_value(item)}" for key, item in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(_value, value)) + "]"
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    # A basic string of TOML is one of JSON, except for the code 7F.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _value(key)


def checked_number(text: str, what: Message) -> str:
    """Return a serial or meter number of eight digits, without blanks; empty for none. Raises InvalidValue."""
    digits = "".join(text.split())
    if digits and not (len(digits) == 8 and digits.isascii() and digits.isdigit()):
        raise InvalidValue(Message("{0} has 8 digits, not {1}", (what, repr(text))))
    return digits
