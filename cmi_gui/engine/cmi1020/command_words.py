"""Texts for the command table of the profile: the bytes and the range of each command."""

from __future__ import annotations

from cmi_gui.engine.cmi1020.commands import with_action
from cmi_gui.engine.cmi1020.profile import CommandRow, Form, ValueType

_PLACEHOLDERS = {
    ValueType.MAP: "r0 r1 r2 r3",
    ValueType.IDENTIFICATION: "d1 d2 d3 d4",
    ValueType.TEXT: "LL text",
    ValueType.CODES: "LL codes",
    ValueType.NONE: "",
}
_RANGES = {
    ValueType.NONE: "none",
    ValueType.INTEGER: "{0} to {1}",
    ValueType.TEXT: "text, {0} to {1} characters",
    ValueType.CODES: "OBIS codes, {0} to {1} characters",
    ValueType.MAP: "four of {0} to {1}",
    ValueType.IDENTIFICATION: "eight digits",
}
_FRAME_RANGES = {"control": "300 or 2400", "reset": "none, or a sub-code in hex"}


def row_bytes(row: CommandRow) -> list[str]:
    """Return each form of a command in hex with placeholders: records after CI 51, or whole telegrams."""
    if not row.forms:
        return [row.bytes or ""]
    return [form_bytes(row, form) for form in row.forms]


def form_bytes(row: CommandRow, form: Form, action: str | None = None) -> str:
    """Return a record in hex with placeholders; with `action` in its object-action form."""
    if action is None and "00" not in row.actions:
        action = row.actions[0]
    vib = form.vib_bytes if action is None else with_action(form.vib_bytes, action)
    # Clearing has no data.
    dif = "00" if action == "07" else form.dif
    return f"{dif} {vib.hex(' ').upper()} {_placeholders(row, form, action)}".rstrip()


def _placeholders(row: CommandRow, form: Form, action: str | None) -> str:
    if action == "07" or form.data_field == 0:
        return ""
    if form.data_field == 0x07:
        return "d1 d2 d3 d4 mm mm vv tt" if row.value is ValueType.IDENTIFICATION else "8 bytes of text"
    if row.value is ValueType.INTEGER:
        return " ".join(["nn"] * form.data_field)
    return _PLACEHOLDERS[row.value]


def range_words(row: CommandRow) -> str:
    """Return the range of a command's values in words."""
    words = _FRAME_RANGES.get(row.frame or "", _RANGES[row.value])
    return words.format(row.minimum, row.maximum)
