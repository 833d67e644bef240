"""The dissector for Wireshark: the Lua files of `resources/wireshark` with the tables of this program.

The Lua code says how telegrams are built; each name, unit and code comes from here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Final

from cmi_gui import __version__
from cmi_gui.engine.cmi1020.readout_mapping import MAX_CODE, load_mapping
from cmi_gui.engine.cmi1020.telegrams import DEVICE_TYPE, MAKER
from cmi_gui.engine.iec62056.message import MODE_C_BAUD
from cmi_gui.engine.mbus import ci, vif_tables
from cmi_gui.engine.mbus.datatypes import Missing
from cmi_gui.engine.mbus.dib import DataField, ValueFunction
from cmi_gui.engine.mbus.fixed import FIXED_SIZE, fixed_records
from cmi_gui.engine.mbus.frame import FCB, FCV, Frame, FrameKind, function_of
from cmi_gui.engine.mbus.lvar import lvar_size
from cmi_gui.engine.mbus.render import NAMED_ADDRESSES
from cmi_gui.engine.mbus.security import IMPOSSIBLE, MODES
from cmi_gui.engine.mbus.vib import MANUFACTURER_VIFES, RESERVED_VIFE, ValueInformation
from cmi_gui.engine.mbus.vif_tables import DURATION_UNITS, ObjectAction, Quantity, RecordError
from cmi_gui.engine.obis import known_codes, meaning
from cmi_gui.engine.traffic.capture import DIRECTIONS, KINDS, SIDES
from cmi_gui.engine.traffic.pcapng import HEADER_MAGIC, HEADER_VERSION, UNKNOWN_TIME
from cmi_gui.engine.traffic.store import MARKS, Direction, RowKind, Side, TrafficRow
from cmi_gui.engine.traffic.summaries import SENDERS, SESSION_MODES, summarise, telegram_words

Lua = None | bool | int | str | Iterable["Lua"] | Mapping[int, "Lua"] | Mapping[str, "Lua"]
"""The values that `lua` writes; None only inside a list."""

FILE_NAME: Final = "cmi_gui.lua"
"""The name of the file in Wireshark's folder for plug-ins."""
_UNPRINTABLE = re.compile(r"[^ -~]|[\\\"]")


def lua(value: Lua) -> str:
    """Return a value as a Lua expression on one line of ASCII; bytes of a text beyond it are those of UTF-8."""
    match value:
        case None:
            return "nil"
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case str():
            return f'"{_UNPRINTABLE.sub(_escaped, value)}"'
        case Mapping():
            return f"{{ {', '.join(f'[{lua(key)}] = {lua(each)}' for key, each in value.items())} }}"
    return f"{{ {', '.join(map(lua, value))} }}"


def _escaped(found: re.Match[str]) -> str:
    return "".join(f"\\{octet:03d}" for octet in found[0].encode())


def dissector() -> str:
    """Return the whole file, which is ASCII."""
    parts = sorted(
        (
            part
            for part in resources.files("cmi_gui.resources").joinpath("wireshark").iterdir()
            if part.name.endswith(".lua")
        ),
        key=lambda part: part.name,
    )
    tables = "".join(f"T.{name} = {lua(value)}\n" for name, value in _tables().items())
    blocks = "".join(f"\ndo\n{part.read_text(encoding='utf-8')}end\n" for part in parts)
    return (
        "-- M-Bus, IEC 62056-21 and the captures of cmi_gui in Wireshark.\n"
        f"-- Written by cmi_gui {__version__} with its own tables; do not edit it.\n"
        f"-- To install it, copy it as {FILE_NAME} into Wireshark's folder of personal Lua plug-ins.\n"
        f"\nlocal M, T = {{}}, {{}}\n{tables}{blocks}"
    )


def _tables() -> dict[str, Lua]:
    return {**_record_tables(), **_telegram_tables(), **_meter_tables(), **_capture_tables()}


def _quantities(table: Mapping[int, Quantity]) -> dict[int, Lua]:
    return {code: (q.name, q.unit, q.exponent, q.factor, q.coding.name) for code, q in table.items()}


def _record_tables() -> dict[str, Lua]:
    return {
        "primary": _quantities(vif_tables.PRIMARY),
        "fb": _quantities(vif_tables.EXTENSION_FB),
        "fd": _quantities(vif_tables.EXTENSION_FD),
        "fd_fd": _quantities(vif_tables.EXTENSION_FD_FD),
        "fc": vif_tables.COMBINABLE_EXTENSION,
        "qualifiers": vif_tables.QUALIFIER_VIFES,
        "unit_vifes": vif_tables.UNIT_VIFES,
        "date_vifes": vif_tables.DATE_VIFES,
        "duration_vifes": vif_tables.DURATION_VIFES,
        "duration_factors": dict(enumerate(factor for _, factor in DURATION_UNITS)),
        "actions": {code: action.value for code, action in enumerate(ObjectAction)},
        "record_errors": {error.code: error.text for error in RecordError},
        "reserved": vif_tables.RESERVED,
        "reserved_vife": RESERVED_VIFE.removesuffix("{0}"),
        "manufacturer_vifes": MANUFACTURER_VIFES.removesuffix("{0}"),
        "fields": {field.value: (field.name, field.size) for field in DataField},
        "functions": {code: function.value for code, function in enumerate(ValueFunction)},
        "lvar_sizes": {code: size for code in range(256) if (size := lvar_size(code)) is not None},
        "fixed_units": {code: _fixed_unit(code) for code in range(64)},
        "invalid": Missing.INVALID.value,
        "not_decimal": Missing.NOT_DECIMAL.value,
        "not_available": Missing.NOT_AVAILABLE.value,
        "record_error": Missing.RECORD_ERROR.value,
        "impossible": {missing.value: True for missing in IMPOSSIBLE},
        "own": {
            "manufacturer": MAKER,
            "device_type": DEVICE_TYPE,
            "version": load_mapping().version,
            "longest": MAX_CODE,
        },
        "own_codes": load_mapping().records(),
    }


def _fixed_unit(code: int) -> Lua:
    value: ValueInformation = fixed_records(bytes((*bytes(6), code, 0, *bytes(FIXED_SIZE - 8))), 0)[0].header.value
    return value.quantity, value.unit, value.exponent, value.factor, value.coding.name


def _telegram_tables() -> dict[str, Lua]:
    # With a count bit, because without one 40 is SND_NKE, which has none.
    functions = {c: function_of(c | FCB) for c in range(256) if not c & (FCB | FCV)}
    return {
        "control": {c: function.value for c, function in functions.items() if function is not None},
        "addresses": NAMED_ADDRESSES,
        "ci_master": {
            ci.CI_RESET: "application reset",
            ci.CI_SEND: "data for the slave",
            ci.CI_SEND_MODE_2: "data for the slave, mode 2",
            ci.CI_SELECT: "selection",
            ci.CI_SELECT_MODE_2: "selection, mode 2",
            **dict.fromkeys(ci.BAUD_RATES, "new speed"),
        },
        "ci_slave": {
            ci.CI_APPLICATION_ERROR: "application error",
            ci.CI_ALARM: "alarm",
            ci.CI_VARIABLE: "variable structure",
            ci.CI_VARIABLE_MODE_2: "variable structure, mode 2",
            ci.CI_NO_HEADER: "variable structure without header",
            ci.CI_SHORT_HEADER: "variable structure with short header",
            ci.CI_FIXED: "fixed structure",
        },
        "baud_rates": ci.BAUD_RATES,
        "application_errors": ci.APPLICATION_ERRORS,
        "application_resets": ci.APPLICATION_RESETS,
        "status_states": dict(enumerate(ci.STATUS_STATES)),
        "status_bits": ci.STATUS_BITS,
        "fixed_status_bits": ci.FIXED_STATUS_BITS,
        "fixed_media": ci.FIXED_MEDIA,
        "device_types": ci.DEVICE_TYPES,
        "security_modes": {code: (mode.extension, mode.counts_blocks) for code, mode in MODES.items()},
    }


def _meter_tables() -> dict[str, Lua]:
    return {
        "speeds": MODE_C_BAUD,
        "modes": {mode: str(words) for mode, words in SESSION_MODES.items()},
        "meanings": {code: str(meaning(code)) for code in known_codes()},
    }


def _capture_tables() -> dict[str, Lua]:
    senders = {f"{SIDES[side]} {DIRECTIONS[direction]}": name for (side, direction), name in SENDERS.items()}
    pairs = {"master": "slave", "meter": "reader"}
    return {
        "magic": HEADER_MAGIC.decode(),
        "version": HEADER_VERSION,
        "unknown_time": UNKNOWN_TIME,
        "sides": {side.value: name for side, name in SIDES.items()},
        "directions": {direction.value: name for direction, name in DIRECTIONS.items()},
        "senders": senders,
        "receivers": pairs | {receiver: sender for sender, receiver in pairs.items()},
        "kinds": {kind.value: _kind(kind, name) for kind, name in KINDS.items()},
    }


def _kind(kind: RowKind, name: str) -> dict[str, Lua]:
    if kind is RowKind.TELEGRAM:
        return {"name": name}

    def words(data: bytes) -> str:
        return summarise(TrafficRow(-1, 0.0, Side.MBUS, Direction.SENT, kind, None, "", data))

    if kind is RowKind.EXPIRED:
        ack = Frame(FrameKind.ACK).to_bytes()
        beginning = words(ack).removesuffix(f": {telegram_words(ack)}")
        return {"name": name, "words": beginning, "mark": "reported", "is_telegram": True}
    mark = "reported" if kind in MARKS else "damaged"
    return {"name": name, "words": words(b""), "mark": mark, "is_text": kind is RowKind.BAD_LINE}
