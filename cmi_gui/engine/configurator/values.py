"""Values of settings as text: checks, one spelling for each value, and factory values."""

from __future__ import annotations

from cmi_gui.engine.cmi1020.bus_commands import checked_secret
from cmi_gui.engine.cmi1020.commands import CommandInvalid, CommandTable, Value
from cmi_gui.engine.cmi1020.profile import CommandKind, CommandRow
from cmi_gui.engine.cmi1020.settings import ModuleSettings
from cmi_gui.engine.configurator.writing import can_be_sent, prepare
from cmi_gui.engine.e350.variants import VARIANTS
from cmi_gui.engine.mbus.slave_address import SlaveAddress

_ANYWHERE = SlaveAddress(0)
_FACTORY = ModuleSettings()


def settings(table: CommandTable) -> list[CommandRow]:
    """Return the rows of a settings form, in the profile's order."""
    return [row for row in table.profile.command if row.kind is CommandKind.SETTING and can_be_sent(row)]


def actions(table: CommandTable) -> list[CommandRow]:
    """Return the rows that carry out an action, in the profile's order."""
    return [row for row in table.profile.command if row.kind is CommandKind.ACTION and can_be_sent(row)]


def value_text(value: Value) -> str:
    """Return a value as text for `CommandTable.parse`: `7`, `1 2 3 4`, `HELLO`; empty for None."""
    if value is None:
        return ""
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def check_text(table: CommandTable, row: CommandRow, text: str) -> str:
    """Return the value in its one spelling, so that `1,2,3,4` and `1 2 3 4` are the same.

    Raises CommandInvalid by the rules of the profile and of the module; the error never shows a secret.
    """
    prepare(table, row, text, _ANYWHERE)
    if row.secret:
        checked_secret(row.name, text)
        return text
    if not row.forms:
        return text.strip().upper()
    return value_text(table.parse(row, text))


def factory_text(table: CommandTable, row: CommandRow) -> str | None:
    """Return the factory value; None if each module has its own, such as its serial number, and for a secret."""
    value = _FACTORY.value(row.id if row.frame == "control" else row.setting)
    if row.secret or value is None:
        return None
    try:
        return check_text(table, row, value_text(value))
    except CommandInvalid:
        # A user's profile may not allow the factory value.
        return None


def meter_rates(firmware: str) -> int | None:
    """Return the number of rates of a meter with this firmware (OBIS 0.2.0); None if it is not known.

    The registers cannot show it, because a readout may leave out rates that the meter has.
    """
    return next((variant.rates for variant in VARIANTS.values() if variant.firmware == firmware), None)
