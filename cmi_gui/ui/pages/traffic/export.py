"""Rows of traffic as a table, hex or JSON for files and the clipboard; masked bytes stay masked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from enum import Enum

import msgspec

from cmi_gui.engine.cmi1020.obis_labels import label
from cmi_gui.engine.files.table import Cell, Column, TableData
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


def traffic_table(
    rows: Iterable[TrafficRow], local: Callable[[float], datetime], notes: Mapping[int, str]
) -> TableData:
    """Return a table with a row for each row of traffic, in English as in a capture.

    `notes`: those of bookmarked rows, by index.
    """
    columns = (
        Column("time", 24, milliseconds=True, offset="hours from UTC"),
        Column("side", 8),
        Column("direction", 10),
        Column("kind", 12),
        Column("link", 24),
        Column("address", 9),
        Column("answer after ms", 15),
        Column("answer after bit", 15),
        Column("summary", 50),
        Column("bytes", 60),
        Column("bookmark", 9),
        Column("note", 40),
    )
    return TableData("traffic", columns, (_cells(row, local, notes.get(row.index)) for row in rows))


def _cells(row: TrafficRow, local: Callable[[float], datetime], note: str | None) -> Sequence[Cell]:
    return (
        local(row.at),
        SIDES[row.side],
        DIRECTIONS[row.direction],
        KINDS[row.kind],
        row.link,
        row.address,
        _rounded(None if row.answer is None else row.answer * 1000),
        _rounded(row.answer_bits),
        summarise(row),
        _octets(row),
        "" if note is None else "yes",
        (note or "").replace("\n", " / "),
    )


def _rounded(number: float | None) -> Decimal | None:
    """Return a number with one decimal: no clock of a bus is more exact."""
    return None if number is None else Decimal(f"{number:.1f}")


def as_hex(rows: Iterable[TrafficRow]) -> str:
    """Return one line of bytes per row, which `cmi-gui decode` can read."""
    return "\n".join(_octets(row) for row in rows)


def as_json(rows: Iterable[TrafficRow], local: Callable[[float], datetime], notes: Mapping[int, str]) -> str:
    """Return a JSON list of objects; `telegram` of an M-Bus telegram is the output of `cmi-gui decode --json`.

    `note`: null for a row without a bookmark.
    """
    objects = [_object(row, local) | {"note": notes.get(row.index)} for row in rows]
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
    if row.answer is not None and row.answer_bits is not None:
        result["answer_after"] = {"ms": round(row.answer * 1000, 1), "bit": round(row.answer_bits, 1)}
    if row.side is Side.MBUS and row.kind is RowKind.TELEGRAM and not row.masked:
        try:
            result["telegram"] = to_json_dict(decode_telegram(row.data), label)
        except MBusError as error:
            result["telegram"] = error_to_json_dict(error)
    return result
