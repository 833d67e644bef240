"""The file of a room: its modules with their meters, read, checked and written.

A room file is TOML. A key that a module leaves out has the value of `[defaults]`, or else its usual one; `docs/room.md`
has them all. Nothing that happens in a room is saved: each start of the same file is the same room.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from zlib import crc32

import msgspec

from cmi_gui.engine.bus.faults import parse_fault
from cmi_gui.engine.bus.response_time import ResponseTime
from cmi_gui.engine.cmi1020.settings import EightDigits, ModuleSettings, PrintableAscii, Rate
from cmi_gui.engine.e350.load import LOADS
from cmi_gui.engine.e350.registers import EnergyRegisters
from cmi_gui.engine.e350.variants import VARIANTS
from cmi_gui.engine.files.atomic_file import write_atomically
from cmi_gui.engine.files.toml_file import FileError, parse_toml, read_toml_text
from cmi_gui.engine.files.toml_lines import Place, line_numbers
from cmi_gui.engine.link.kind import shown
from cmi_gui.engine.messages import InvalidValue, Listing, Message, marked, quoted, reason_of
from cmi_gui.engine.station.metering_point import PointConfig
from cmi_gui.engine.station.simulated_meter import NUMBER

MAX_ROOM: Final = 1_000_000
"""Largest size of a room file in bytes; one with 250 modules has about 100,000."""
MAX_MODULES: Final = 250
MAX_SEED: Final = 2**31 - 1
_NAME: Final = r"\A[A-Za-z][A-Za-z0-9_.-]{0,31}\Z"
_ALL: Final = "all"
"""The word that is the target of every module in control lines."""
_ENERGY: Final = r"\A[0-9]{1,6}\.[0-9]{3}\Z"
_RESPONSE: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)(?:-([0-9]+(?:\.[0-9]+)?))?")


class RoomError(FileError):
    """A room file that cannot be used; the text names file, line, key and rule."""


@dataclass(frozen=True, slots=True)
class Room:
    """A room: its modules with their meters, and the `seed` of everything random in it, 0 to 2**31 - 1."""

    seed: int
    points: tuple[PointConfig, ...]


@dataclass(frozen=True, slots=True)
class _Key:
    """A key of a module. `form`: the right form in words. `type`: of its value, as msgspec checks it.

    `read` makes the attribute of `PointConfig` or of the settings from the value, `write` the value from the attribute;
    `read` raises ValueError. `attribute`: its name, if it is not that of the key. `own`: it cannot be a default.
    """

    form: Message
    type: Any
    read: Callable[[Any], object] = lambda value: value
    write: Callable[[Any], object] = lambda value: value
    attribute: str = ""
    own: bool = False


def _read_response(text: str) -> ResponseTime:
    found = _RESPONSE.fullmatch(text)
    if found is None:
        raise ValueError
    return ResponseTime(float(found[1]), float(found[2] or found[1]))


def _write_response(response: ResponseTime) -> str:
    return f"{response.low:g}" if response.low == response.high else f"{response.low:g}-{response.high:g}"


def _read_registers(values: Mapping[str, str]) -> dict[str, int]:
    return {code: int(text.replace(".", "")) for code, text in values.items()}


def _write_registers(values: Mapping[str, int]) -> dict[str, str]:
    return {code: f"{wh // 1000:06d}.{wh % 1000:03d}" for code, wh in values.items()}


def _one_of(words: Iterable[str]) -> Message:
    return Message("one of {0}, in quotes", (", ".join(words),))


_KEYS: Final[Mapping[str, _Key]] = {
    "name": _Key(
        Message('a letter and up to 31 letters, digits, points, hyphens or underscores, in quotes, but not "all"'),
        Annotated[str, msgspec.Meta(pattern=_NAME)],
        own=True,
    ),
    "serial": _Key(Message('8 digits in quotes, such as "50100001"'), EightDigits, own=True),
    "address": _Key(
        Message("a number from 0 to 250"), Annotated[int, msgspec.Meta(ge=0, le=250)], attribute="primary_address"
    ),
    "variant": _Key(_one_of(VARIANTS), Literal[tuple(VARIANTS)]),
    "load": _Key(_one_of(LOADS), Literal[tuple(LOADS)]),
    "registers": _Key(
        Message("a table of energy in quotes, as the meter spells it, such as {0}", ('{"1.8.0" = "061561.289"}',)),
        dict[str, Annotated[str, msgspec.Meta(pattern=_ENERGY)]],
        _read_registers,
        _write_registers,
    ),
    "meter_number": _Key(Message('8 digits in quotes, such as "33456789"'), EightDigits, own=True),
    "secondary_address": _Key(Message('8 digits in quotes, such as "50100001"'), EightDigits),
    "baud": _Key(Message("300 or 2400"), Literal[300, 2400]),
    "disconnector_control": _Key(
        Message("0 (none), 1 (bus), 2 (push button) or 3 (both)"), Annotated[int, msgspec.Meta(ge=0, le=3)]
    ),
    "rate_enable": _Key(Message("0 or 1"), Annotated[int, msgspec.Meta(ge=0, le=1)]),
    "rate_map": _Key(
        Message("four rates from 0 to 6, such as {0}", ("[1, 2, 3, 4]",)), tuple[Rate, Rate, Rate, Rate], write=list
    ),
    "usage": _Key(Message("a number from 0 to 63"), Annotated[int, msgspec.Meta(ge=0, le=63)]),
    "selection_list": _Key(Message("OBIS codes in quotes, at most 190 characters"), PrintableAscii),
    "response": _Key(
        Message('a range of bit times within 11 to 330 in quotes, such as "11-60"'),
        str,
        _read_response,
        _write_response,
    ),
    "readout_interval": _Key(
        Message("a number of seconds from 1 to 86400"), Annotated[float, msgspec.Meta(ge=1, le=86_400)]
    ),
    "powered": _Key(Message("true or false"), bool),
    "disconnector": _Key(Message("true or false"), bool, attribute="has_disconnector"),
    "faults": _Key(
        Message("a list of faults in quotes, such as {0}", ('["late 300 every 10"]',)),
        list[str],
        lambda texts: tuple(parse_fault(text) for text in texts),
        lambda rules: [str(rule) for rule in rules],
    ),
}
"""The keys of a module, in the order in which they are written."""
_MISSING: Final = marked("the key {0} is missing; it must be {1}")
_TOP: Final = ("format", "seed", "defaults", "module")
_POINT_FIELDS: Final = frozenset(field.name for field in fields(PointConfig))
_DEFAULT_RESPONSE: Final = _read_response("11-60")


def module_seed(seed: int, serial: str) -> int:
    """Return the seed of a module's load, response times and faults in a room of `seed`; it needs no other module."""
    return crc32(f"{seed} {serial}".encode())


def read_room(path: Path) -> Room:
    """Return the room in a file. Raises RoomError, which names file, line, key and the right form."""
    return parse_room(read_toml_text(path, str(path), MAX_ROOM, RoomError), str(path))


def parse_room(text: str, name: str) -> Room:
    """Return the room in the text of a file called `name`. Raises RoomError."""
    return _Reader(text, name).room()


def write_room(path: Path, room: Room) -> None:
    """Write a room to a file, whole or not at all; see `room_text`. Raises OSError."""
    write_atomically(path, room_text(room).encode("utf-8"), private=False)


def room_text(room: Room) -> str:
    """Return the text of a room file. Keys with their usual value are left out."""
    tables: list[dict[str, object]] = [{"format": 1, "seed": room.seed}, *map(_values, room.points)]
    return "\n[[module]]\n".join("".join(f"{key} = {_text(value)}\n" for key, value in each.items()) for each in tables)


def _text(value: object) -> str:
    """Return a value in TOML; those of a room file, which are printable ASCII, are written as in JSON."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_text(key)} = {_text(item)}" for key, item in value.items()) + "}"
    return json.dumps(value)


def _values(point: PointConfig) -> dict[str, object]:
    usual = PointConfig("", response=_DEFAULT_RESPONSE)
    values: dict[str, object] = {}
    for key, rule in _KEYS.items():
        value, left_out = _attribute(point, key), _attribute(usual, key)
        if value != left_out or key == "meter_number":
            values[key] = rule.write(value)
    return values


def _attribute(point: PointConfig, key: str) -> Any:
    name = _KEYS[key].attribute or key
    return getattr(point if name in _POINT_FIELDS else point.settings, name)


@cache
def registers_of(variant: str) -> tuple[str, ...]:
    """Return the energy registers in the readout of a variant of the meter, by code."""
    known = EnergyRegisters()
    return tuple(code for code in VARIANTS[variant].readout if known.has(code))


class _Reader:
    """A reader of one file's text, which checks it key by key."""

    def __init__(self, text: str, name: str) -> None:
        self._name = name
        self._values = parse_toml(text, name, RoomError)
        self._lines = line_numbers(text)

    def room(self) -> Room:
        self._check_names((), self._values, _TOP)
        self._take(("format",), Literal[1], quoted("1"))
        seed: int = self._take(
            ("seed",),
            Annotated[int, msgspec.Meta(ge=0, le=MAX_SEED)],
            Message("a number from 0 to 2147483647"),
            default=1,
        )
        form = Message("a table, [defaults]")
        defaults: dict[str, Any] = self._take(("defaults",), dict[str, Any], form, default={})
        self._check_names(("defaults",), defaults, [key for key, rule in _KEYS.items() if not rule.own])
        common = self._attributes(("defaults",), defaults)
        modules: list[dict[str, Any]] = self._take(
            ("module",), list[dict[str, Any]], Message("a table for each module, [[module]]"), default=[]
        )
        if not modules:
            raise self._error((), Message("a room has at least one module, each in a table [[module]]"))
        if len(modules) > MAX_MODULES:
            raise self._error(
                ("module", MAX_MODULES), Message("a room has at most {0} modules, as a bus has", (MAX_MODULES,))
            )
        points = [self._point(seed, index, common, values) for index, values in enumerate(modules)]
        self._check_unique(points)
        return Room(seed, tuple(points))

    def _point(self, seed: int, index: int, common: Mapping[str, object], values: Mapping[str, Any]) -> PointConfig:
        place: Place = ("module", index)
        self._check_names(place, values, _KEYS)
        if "serial" not in values:
            raise self._error(place, Message(_MISSING, ("serial", _KEYS["serial"].form)))
        attributes = {**common, **self._attributes(place, values)}
        settings = {name: attributes.pop(name) for name in tuple(attributes) if name not in _POINT_FIELDS}
        serial = str(attributes["serial"])
        point = PointConfig(
            **{
                "seed": module_seed(seed, serial),
                "response": _DEFAULT_RESPONSE,
                "meter_number": f"{int(NUMBER) + index:08d}",
                **attributes,
            }  # type: ignore[arg-type]
        )
        try:
            point = replace(point, settings=ModuleSettings(**settings))  # type: ignore[arg-type]
        except ValueError as error:
            raise self._error((*place, "usage"), reason_of(error)) from None
        known = registers_of(point.variant)
        for code in point.registers or ():
            if code not in known:
                rule = Message(
                    "{0} is not an energy register of {1}; it has {2}", (shown(code), point.variant, ", ".join(known))
                )
                where = (*place, "registers") if "registers" in values else ("defaults", "registers")
                raise self._error((*where, code), rule)
        return point

    def _attributes(self, table: Place, values: Mapping[str, object]) -> dict[str, object]:
        """Return the attributes that the keys of a table give."""
        attributes: dict[str, object] = {}
        for key in values:
            rule, place = _KEYS[key], (*table, key)
            value = self._take(place, rule.type, rule.form)
            try:
                attributes[rule.attribute or key] = rule.read(value)
            except InvalidValue as error:
                raise self._error(place, error.message) from None
            except ValueError:
                raise self._wrong(place, rule.form, value) from None
        return attributes

    def _check_unique(self, points: Iterable[PointConfig]) -> None:
        """Check that each name and serial number is the target of one module only, also without regard to case."""
        taken: dict[str, int] = {}
        for index, point in enumerate(points):
            if point.name.lower() == _ALL:
                raise self._wrong(("module", index, "name"), _KEYS["name"].form, point.name)
            for key, value in (("serial", point.serial), ("name", point.name)):
                before = taken.setdefault(value.lower(), index) if value else index
                if before != index:
                    line = self._line(("module", before, key))
                    rule = Message("{0} {1} is that of the module in line {2} already", (key, value, line))
                    raise self._error(("module", index, key), rule)

    # Values and errors

    def _take(self, place: Place, kind: Any, form: Message, *, default: object = None) -> Any:
        """Return the value at a place, which has the type `kind`. Raises RoomError with the right form."""
        value: Any = self._values
        for part in place:
            if isinstance(part, str) and part not in value:
                if default is None:
                    raise self._error(place[:-1], Message(_MISSING, (part, form)))
                return default
            value = value[part]
        try:
            return msgspec.convert(value, kind)
        except msgspec.ValidationError:
            raise self._wrong(place, form, value) from None

    def _check_names(self, table: Place, values: Mapping[str, object], known: Iterable[str]) -> None:
        for key in values:
            if key not in known:
                facts = (shown(key), Listing(", ", tuple(known)))
                raise self._error((*table, key), Message("{0} is not a key here; the keys are {1}", facts))

    def _wrong(self, place: Place, form: Message, value: object) -> RoomError:
        return self._error(place, Message("{0} must be {1}, not {2}", (str(place[-1]), form, _as_written(value))))

    def _line(self, place: Place) -> int:
        """Return the line of a place, or of the table or key around it."""
        while place and place not in self._lines:
            place = place[:-1]
        return self._lines.get(place, 1)

    def _error(self, place: Place, rule: Message) -> RoomError:
        return RoomError(self._name, Listing(": ", (Message("line {0}", (self._line(place),)), rule)))


def _as_written(value: object) -> str | Message:
    """Return a value of a file for a message."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{shown(value)}"'
        case dict():
            return Message("a table")
    return shown(str(value))
