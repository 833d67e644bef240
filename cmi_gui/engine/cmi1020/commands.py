"""Conversion between records of a master (SND_UD with CI 51) and commands of the profile."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cmi_gui.engine.cmi1020.profile import CommandRow, Form, ModuleProfile, ValueType
from cmi_gui.engine.cmi1020.readout_mapping import MAX_CODE, load_mapping
from cmi_gui.engine.cmi1020.settings import ModuleSettings
from cmi_gui.engine.cmi1020.telegrams import DEVICE_TYPE, MANUFACTURER, bcd_number, has_digits
from cmi_gui.engine.mbus.datatypes import decode_text, encode_text
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.lvar import MAX_TEXT, encode_lvar_text
from cmi_gui.engine.mbus.record import Record, decode_records
from cmi_gui.engine.mbus.selection import SelectionRecord
from cmi_gui.engine.mbus.vif_tables import ObjectAction
from cmi_gui.engine.mbus.wording import error_message
from cmi_gui.engine.messages import InvalidValue, Message, marked, out_of_range, quoted_characters

Value = int | str | tuple[int, ...] | None

_WRITE = "00"
_ACTIONS = {action: f"{code:02X}" for code, action in enumerate(ObjectAction)}
_EIGHT_BYTES = 0x07
_MANUFACTURER_VIF = 0xFF
_Rows = Sequence[tuple[CommandRow, Form]]


class CommandInvalid(InvalidValue):
    """A known command with invalid bytes or an invalid value. The text gives the reason, without a secret."""


@dataclass(frozen=True, slots=True)
class CommandRecord:
    """The command of one record. `action`: object action 00 write, 07 clear, 08 add entry, 09 delete entry.

    `value`: integer, text, eight digits, four rates or codes separated by blanks, depending on the row's type; None
    without a value.
    """

    row: CommandRow
    value: Value = field(repr=False)
    action: str = _WRITE


def split_codes(text: str) -> tuple[str, ...]:
    """Return the OBIS codes of a selection list. Raises CommandInvalid for a text that is not an OBIS code."""
    codes = tuple(text.split())
    for code in codes:
        if len(code) > MAX_CODE or any(char in "()/!" for char in code):
            raise CommandInvalid(Message("{0} is not an OBIS code", (repr(code),)))
    return codes


class CommandTable:
    """The rows of a profile, found by the bytes of their records."""

    def __init__(self, profile: ModuleProfile) -> None:
        self.profile = profile
        self._rows: dict[bytes, list[tuple[CommandRow, Form]]] = {}
        for row in profile.command:
            for form in row.forms:
                self._rows.setdefault(form.vib_bytes, []).append((row, form))

    def read(self, data: bytes) -> list[CommandRecord] | None:
        """Return the commands in the records after CI 51; None if one of them is unknown, so that nothing is done.

        Raises CommandInvalid if the records cannot be decoded, or all are known and one is invalid.
        """
        try:
            records = decode_records(data, from_master=True).records
        except MBusError as error:
            raise CommandInvalid(Message("the records cannot be decoded: {0}", (error_message(error),))) from None
        commands: list[CommandRecord] = []
        invalid: CommandInvalid | None = None
        for record in records:
            known = self._find(record)
            if known is None:
                return None
            try:
                commands.append(self._command(record, *known))
            except CommandInvalid as error:
                invalid = invalid or error
        if invalid is not None:
            raise invalid
        return commands

    def readable(self) -> list[CommandRow]:
        """Return the settings that a master can read by their own record."""
        return [row for row in self.profile.command if row.read == "record"]

    def stored(self, settings: ModuleSettings) -> Iterator[tuple[CommandRow, SelectionRecord]]:
        """Yield each readable setting that has a value, with the record that would write it."""
        for row in self.readable():
            value, form = settings.value(row.setting), row.forms[0]
            try:
                data = _data(row, form, self.check(row, value))
            except CommandInvalid:
                # It was never set, or was stored under another profile.
                continue
            yield row, SelectionRecord(bytes((form.data_field,)), form.vib_bytes, data)

    def setting_values(self, records: Sequence[Record]) -> dict[str, Value]:
        """Return the values of readable settings among a module's records, by row id."""
        values: dict[str, Value] = {}
        for row in self.readable():
            form = row.forms[0]
            for record in records:
                if record.dib == bytes((form.data_field,)) and _plain_vib(record) == form.vib_bytes:
                    with contextlib.suppress(CommandInvalid):
                        values[row.id] = self._value(row, record)
        return values

    def _find(self, record: Record) -> tuple[_Rows, str] | None:
        """Return the rows that match a record, and its object action; None for an unknown record."""
        rows = self._rows.get(_plain_vib(record))
        if rows is not None:
            return rows, _WRITE if record.action is None else _ACTIONS[record.action]
        # After a manufacturer's VIF only the profile shows that the last VIFE is an object action.
        vib = record.vib
        if len(vib) < 3 or vib[0] != _MANUFACTURER_VIF or vib[-1] >= len(_ACTIONS):
            return None
        rows = self._rows.get(vib[:-2] + bytes((vib[-2] & 0x7F,)))
        return None if rows is None else (rows, f"{vib[-1]:02X}")

    def _command(self, record: Record, rows: _Rows, action: str) -> CommandRecord:
        row, _ = rows[0]
        fitting = [row for row, form in rows if form.data_field == record.dib[0]]
        # Clear has no data, whatever the data field of the value.
        if action == "07" and record.dib == b"\x00":
            fitting = [row for row, _ in rows if "07" in row.actions]
            if fitting:
                return CommandRecord(fitting[0], None, action)
        if not fitting:
            raise CommandInvalid(
                Message("{0} cannot be sent with data field {1}", (row.name, record.dib.hex().upper()))
            )
        row = fitting[0]
        if action not in row.actions:
            raise _unknown_action(row, action)
        return CommandRecord(row, self._value(row, record), action)

    def _value(self, row: CommandRow, record: Record) -> Value:
        raw = record.raw
        match row.value:
            case ValueType.NONE:
                return None
            case ValueType.INTEGER:
                return self.check(row, int.from_bytes(raw, "little"))
            case ValueType.MAP:
                return self.check(row, tuple(raw))
            case ValueType.IDENTIFICATION:
                if raw[4:] not in (b"", _address_rest()):
                    own, given = (rest.hex(" ").upper() for rest in (_address_rest(), raw[4:]))
                    template = marked("{0}: manufacturer, version and type cannot be changed; they are {1}, not {2}")
                    raise CommandInvalid(Message(template, (row.name, own, given)))
                return self.check(row, raw[3::-1].hex().upper())
            case _:
                if record.dib[0] == 0x0D:
                    if raw[0] > MAX_TEXT:
                        raise not_a_text(row.name)
                    raw = raw[1:]
                return self.check(row, decode_text(raw))

    def check(self, row: CommandRow, value: Value) -> Value:
        """Return the value if it is in the row's range. Raises CommandInvalid with the range, not with a secret."""
        low, high = row.minimum, row.maximum
        match row.value, value:
            case ValueType.INTEGER, int():
                if not low <= value <= high:
                    raise CommandInvalid(out_of_range(row.name, low, high, value))
            case ValueType.MAP, tuple():
                if len(value) != 4 or not all(low <= rate <= high for rate in value):
                    raise CommandInvalid(Message("{0} must have four rates from {1} to {2}", (row.name, low, high)))
            case ValueType.IDENTIFICATION, str():
                if not has_digits(value, 8):
                    raise CommandInvalid(Message("{0} must have eight decimal digits", (row.name,)))
            case ((ValueType.TEXT | ValueType.CODES), str()):
                if not low <= len(value) <= high:
                    facts = (row.name, low, high, len(value))
                    raise CommandInvalid(Message("{0} must have {1} to {2} characters, not {3}", facts))
                if any(not " " <= char <= "~" for char in value):
                    raise _not_printable(row, value)
                if row.value is ValueType.CODES:
                    split_codes(value)
            case ValueType.NONE, None:
                pass
            case _:
                raise CommandInvalid(Message("{0} takes {1}", (row.name, TYPE_NAMES[row.value])))
        return value

    def parse(self, row: CommandRow, text: str) -> Value:
        """Return the value of a text as a person writes it: `7`, `1 2 3 4`, `HELLO`. Raises CommandInvalid."""
        match row.value:
            case ValueType.NONE:
                if text:
                    raise takes_no_value(row)
                return None
            case ValueType.INTEGER:
                if not (text.isascii() and text.isdigit() and len(text) <= 12):
                    facts = (row.name, row.minimum, row.maximum)
                    raise CommandInvalid(Message("{0} must be a whole number from {1} to {2}", facts))
                return self.check(row, int(text))
            case ValueType.MAP:
                parts = text.replace(",", " ").split()
                if not all(part.isascii() and part.isdigit() and len(part) <= 3 for part in parts):
                    raise CommandInvalid(Message("{0} must have four rates, such as 1 2 3 4", (row.name,)))
                return self.check(row, tuple(int(part) for part in parts))
        return self.check(row, text)

    def encode(self, name: str, value: Value, *, action: str = _WRITE, spelled_out: bool = False) -> bytes:
        """Return the bytes after CI 51 that send a value in the row's first form. Raises KeyError, CommandInvalid.

        Writing needs no object action after the VIF; with `spelled_out` it has one anyway.
        """
        row = self.profile.row(name)
        if not row.forms:
            raise CommandInvalid(Message("{0} is not sent as a record", (row.name,)))
        if action not in row.actions:
            if row.actions != ("07",):
                raise _unknown_action(row, action)
            action = "07"
        form = row.forms[0]
        if action == "07":
            return b"\x00" + with_action(form.vib_bytes, action)
        plain = action == _WRITE and not spelled_out
        vib = form.vib_bytes if plain else with_action(form.vib_bytes, action)
        return bytes((form.data_field,)) + vib + _data(row, form, self.check(row, value))


def _unknown_action(row: CommandRow, action: str) -> CommandInvalid:
    return CommandInvalid(Message("{0} does not support object action {1}", (row.name, action)))


def _not_printable(row: CommandRow, value: str) -> CommandInvalid:
    """Return the error of a text with characters that cannot be sent, which are named unless it is a secret."""
    if row.secret:
        return CommandInvalid(Message("{0} may contain only printable ASCII characters", (row.name,)))
    others = quoted_characters(char for char in value if not " " <= char <= "~")
    return CommandInvalid(Message("{0} may contain only printable ASCII characters, not {1}", (row.name, others)))


def not_a_text(name: Message) -> CommandInvalid:
    """Return the error for a value that is not a text, or a text that is too long."""
    return CommandInvalid(Message("{0} must be a text", (name,)))


def takes_no_value(row: CommandRow) -> CommandInvalid:
    """Return the error for a row that takes no value."""
    return CommandInvalid(Message("{0} takes no value", (row.name,)))


TYPE_NAMES = {
    ValueType.NONE: Message("no value"),
    ValueType.INTEGER: Message("a whole number"),
    ValueType.MAP: Message("four rates"),
    ValueType.IDENTIFICATION: Message("eight decimal digits"),
    ValueType.TEXT: Message("a text"),
    ValueType.CODES: Message("OBIS codes"),
}
"""The description of a value of each type."""


def _address_rest() -> bytes:
    """Return the bytes after the digits in the 8-byte form, a whole secondary address [DOC48 §6.4.2]."""
    return MANUFACTURER.to_bytes(2, "little") + bytes((load_mapping().version, DEVICE_TYPE))


def _data(row: CommandRow, form: Form, value: Value) -> bytes:
    match value:
        case int():
            return value.to_bytes(form.data_field, "little")
        case tuple():
            return bytes(value)
        case str() if form.data_field == 0x0D:
            return encode_lvar_text(value)
        case str() if row.value is ValueType.IDENTIFICATION:
            digits = bcd_number(value)
            return digits + _address_rest() if form.data_field == _EIGHT_BYTES else digits
        case str():
            if len(value) != 8:
                template = marked("{0} must have exactly 8 characters in the form that this profile sends (DIF 07)")
                raise CommandInvalid(Message(template, (row.name,)))
            return encode_text(value)
    return b""


def _plain_vib(record: Record) -> bytes:
    """Return a record's value information without object action, with a plain text directly after the VIF."""
    if record.vif_text is not None:
        return b"\x7c" + bytes((len(record.vif_text),)) + encode_text(record.vif_text)
    vib = record.vib
    if record.action is None or len(vib) < 2:
        return vib
    return vib[:-2] + bytes((vib[-2] & 0x7F,))


def with_action(vib: bytes, action: str) -> bytes:
    """Return value information with an object action, behind a plain text as in Elvaco's manuals (CMeX50 p53)."""
    code = bytes.fromhex(action)
    if vib[0] == 0x7C:
        return b"\xfc" + vib[1:] + code
    return vib[:-1] + bytes((vib[-1] | 0x80,)) + code
