"""Rows of traffic as text, hex or JSON for the clipboard; masked bytes stay masked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import Enum

import msgspec

from cmi_gui.engine.cmi1020.obis_labels import label
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.render import Json, error_to_json_dict, json_text, to_json_dict
from cmi_gui.engine.mbus.telegram import decode_telegram
from cmi_gui.engine.traffic.capture import DIRECTIONS, KINDS, SIDES
from cmi_gui.engine.traffic.masking import hex_text
from cmi_gui.engine.traffic.store import RowKind, Side, TrafficRow
from cmi_gui.engine.traffic.summaries import summarise


class CopyFormat(Enum):
    """The form in which rows are copied."""

    TEXT = "text"
    HEX = "hex"
    JSON = "json"


def as_text(rows: Iterable[TrafficRow], local: Callable[[float], datetime]) -> str:
    """Return one line per row: time, side, direction, address, summary, bytes; separated by tabs."""
    lines = []
    for row in rows:
        when = local(row.at).isoformat(" ", "milliseconds")
        address = "" if row.address is None else str(row.address)
        parts = (when, SIDES[row.side], DIRECTIONS[row.direction], address, summarise(row), _octets(row))
        lines.append("\t".join(parts))
    return "\n".join(lines)


def as_hex(rows: Iterable[TrafficRow]) -> str:
    """Return one line of bytes per row, which `cmi-gui decode` can read."""
    return "\n".join(_octets(row) for row in rows)


def as_json(rows: Iterable[TrafficRow], local: Callable[[float], datetime]) -> str:
    """Return a JSON list of objects; `telegram` of an M-Bus telegram is the output of `cmi-gui decode --json`."""
    objects = [_object(row, local) for row in rows]
    return msgspec.json.format(json_text(objects), indent=2)


def _octets(row: TrafficRow) -> str:
    return hex_text(row.data, row.masked) if row.data else ""


def _object(row: TrafficRow, local: Callable[[float], datetime]) -> dict[str, Json]:
    result: dict[str, Json] = {
        "time": local(row.at).isoformat(timespec="microseconds"),
        "side": SIDES[row.side],
        "direction": DIRECTIONS[row.direction],
        "kind": KINDS[row.kind],
        "link": row.link,
        "address": row.address,
        "bytes": _octets(row),
        "summary": summarise(row),
    }
    if row.side is Side.MBUS and row.kind is RowKind.TELEGRAM and not row.masked:
        try:
            result["telegram"] = to_json_dict(decode_telegram(row.data), label)
        except MBusError as error:
            result["telegram"] = error_to_json_dict(error)
    return result
