"""Rows of traffic as a table, hex or JSON for files and the clipboard; masked bytes stay masked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from enum import Enum

import msgspec
from PySide6.QtCore import QCoreApplication

from cmi_gui.engine.cmi1020.obis_labels import label
from cmi_gui.engine.files.table import Cell, Column, TableData
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.render import Json, error_to_json_dict, json_text, to_json_dict
from cmi_gui.engine.mbus.telegram import decode_telegram
from cmi_gui.engine.traffic.capture import DIRECTIONS, KINDS, SIDES
from cmi_gui.engine.traffic.masking import hex_text
from cmi_gui.engine.traffic.store import RowKind, Side, TrafficRow
from cmi_gui.engine.traffic.summaries import summarise, summary_message
from cmi_gui.ui.pages.traffic.text import direction_text, type_text
from cmi_gui.ui.text.messages import text_of

translate = QCoreApplication.translate


class CopyFormat(Enum):
    """The form in which rows are copied."""

    TEXT = "text"
    HEX = "hex"
    JSON = "json"


def traffic_table(rows: Iterable[TrafficRow], local: Callable[[float], datetime]) -> TableData:
    """Return a table with a row for each row of traffic, in the words of the page."""
    columns = (
        Column(translate("TrafficText", "Time"), 24, True, translate("TrafficText", "Hours from UTC")),
        Column(translate("TrafficText", "Side"), 8),
        Column(translate("TrafficText", "Direction"), 18),
        Column(translate("TrafficText", "Link"), 24),
        Column(translate("TrafficText", "Address"), 9),
        Column(translate("TrafficText", "Type"), 14),
        Column(translate("TrafficText", "Summary"), 50),
        Column(translate("TrafficText", "Bytes"), 60),
    )
    return TableData(translate("TrafficText", "Traffic"), columns, (_cells(row, local) for row in rows))


def _cells(row: TrafficRow, local: Callable[[float], datetime]) -> Sequence[Cell]:
    return (
        local(row.at),
        SIDES[row.side],
        direction_text(row),
        row.link,
        row.address,
        type_text(row),
        text_of(summary_message(row)),
        _octets(row),
    )


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
