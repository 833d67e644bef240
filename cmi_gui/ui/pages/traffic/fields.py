"""The fields of a row of traffic with their places in the bytes, for the tree beside the hex view."""

from __future__ import annotations

from collections.abc import Iterable

from cmi_gui.engine.traffic.masking import MASK, Ranges
from cmi_gui.engine.traffic.store import RowKind, Side, TrafficRow
from cmi_gui.ui.pages.traffic.field import ByteField
from cmi_gui.ui.pages.traffic.mbus_fields import frame_fields, mbus_fields
from cmi_gui.ui.pages.traffic.meter_fields import block_fields, meter_fields
from cmi_gui.ui.text.messages import translate


def fields_of(row: TrafficRow) -> tuple[ByteField, ...]:
    """Return the fields of a row; a masked one is not decoded, because its masked bytes are zeros."""
    data = row.data
    if not data:
        return ()
    if row.kind is RowKind.BAD_LINE:
        return (ByteField(translate("Fields", "Line"), 0, len(data), data.decode("latin-1"), trouble=True),)
    if row.masked:
        return tuple(_masked(_plain(row), row.masked))
    return mbus_fields(data) if row.side is Side.MBUS else meter_fields(data)


def _plain(row: TrafficRow) -> tuple[ByteField, ...]:
    if row.side is Side.MBUS:
        return frame_fields(row.data)
    return (
        block_fields(row.data)
        if row.data[0] in (1, 2)
        else (ByteField(translate("Fields", "Bytes"), 0, len(row.data)),)
    )


def _masked(fields: Iterable[ByteField], ranges: Ranges) -> list[ByteField]:
    """Return the fields without the meaning of masked bytes."""
    result = []
    for field in fields:
        hidden = any(first < field.end and field.start < behind for first, behind in ranges)
        if not hidden:
            result.append(field)
            continue
        parts, at = [], field.start
        for first, behind in ranges:
            first, behind = max(first, field.start), min(behind, field.end)
            if first >= behind:
                continue
            if at < first:
                parts.append(ByteField(translate("Fields", "Bytes"), at, first))
            parts.append(ByteField(translate("Fields", "Secret"), first, behind, MASK))
            at = behind
        if at < field.end:
            parts.append(ByteField(translate("Fields", "Bytes"), at, field.end))
        whole = len(parts) == 1
        result.append(
            ByteField(field.name, field.start, field.end, MASK if whole else "", () if whole else tuple(parts))
        )
    return result


def deepest(fields: Iterable[ByteField], offset: int) -> tuple[ByteField, ...]:
    """Return the fields that contain the byte at `offset`, outermost first; empty if none does."""
    for field in fields:
        if field.start <= offset < field.end:
            return (field, *deepest(field.children, offset))
    return ()
