"""The settings of one module in a form: the values known of the module, and the values to be written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cmi_gui.engine.cmi1020.commands import CommandInvalid, CommandTable
from cmi_gui.engine.cmi1020.profile import CommandRow
from cmi_gui.engine.configurator.values import check_text, factory_text, settings
from cmi_gui.engine.configurator.write_run import RowResult, WriteOutcome
from cmi_gui.engine.messages import Message


class ValueSource(StrEnum):
    """Where a known value came from."""

    READ = "read"
    """The module reported it."""
    SENT = "sent"
    """The module accepted it and has not been read since."""


@dataclass(frozen=True, slots=True)
class KnownValue:
    """A known value of a module. `text` is None for a secret. `at`: seconds of the engine's clock.

    `was`: the value known before, if the module has since reported another.
    """

    text: str | None = field(repr=False)
    source: ValueSource
    at: float
    was: str | None = None


class SettingsForm:
    """The form's values as text, by row id. A row is *changed* while it has a value to be written.

    If the module's value is unknown, any value is a change, even the factory value; if it is known, only a different
    one. `results`: the last result of writing each row, until it is edited again. `problem`: why reading failed, or
    None. `read_at`, `stored_at`: the times of the last reading, and of the last one that included the stored settings,
    in seconds of the engine's clock.
    """

    def __init__(self, table: CommandTable) -> None:
        self.table = table
        self.rows = {row.id: row for row in settings(table)}
        self.known: dict[str, KnownValue] = {}
        self.results: dict[str, RowResult] = {}
        self.read_at: float | None = None
        self.stored_at: float | None = None
        self.problem: str | None = None
        self._factory = {name: factory_text(table, row) for name, row in self.rows.items()}
        self._pending: dict[str, str] = {}
        self._errors: dict[str, Message] = {}

    @property
    def changed(self) -> list[str]:
        """The ids of the rows with a value to be written, in the profile's order."""
        return [name for name in self.rows if name in self._pending]

    @property
    def errors(self) -> dict[str, Message]:
        """The reasons why changed rows cannot be sent, by row id."""
        return dict(self._errors)

    def is_changed(self, name: str) -> bool:
        """Return whether a row has a value to be written."""
        return name in self._pending

    def value(self, name: str) -> str | None:
        """Return the value that the form shows: the one to be written, else the module's known one, else None."""
        return self._pending[name] if name in self._pending else self.baseline(name)

    def hint(self, name: str) -> str | None:
        """Return the factory value; None if it is not known."""
        return self._factory[name]

    def baseline(self, name: str) -> str | None:
        """Return the module's value; None if it is not known, and for a secret."""
        return self.known[name].text if name in self.known else None

    def is_known_as(self, identification: str) -> bool:
        """Return whether this secondary address (eight digits) is the module's known one."""
        return any(
            row.read == "identification" and self.baseline(name) == identification for name, row in self.rows.items()
        )

    def set(self, name: str, text: str | None) -> None:
        """Set the value to be written, or None for no change. A wrong value is stored too, with its error.

        Raises KeyError for an unknown row.
        """
        row = self.rows[name]
        self._errors.pop(name, None)
        self._pending.pop(name, None)
        self.results.pop(name, None)
        if text is None:
            return
        try:
            normalised = check_text(self.table, row, text)
        except CommandInvalid as error:
            self._errors[name] = error.message
            normalised = text
        if normalised != self.baseline(name):
            self._pending[name] = normalised
        else:
            self._errors.pop(name, None)

    def set_error(self, name: str, error: Message) -> None:
        """Mark a row as a change that cannot be sent, for input that is not a value yet. Raises KeyError."""
        self._pending.setdefault(self.rows[name].id, "")
        self._errors[name] = error

    def to_write(self) -> dict[str, str]:
        """Return the values to be written that have no error, by row id."""
        return {name: text for name, text in self._pending.items() if name not in self._errors}

    def take_read(self, values: Mapping[str, str], at: float, *, stored: bool = False) -> None:
        """Update the known values with values read from the module at `at`; `stored`: stored settings are among them.

        A value to be written stays pending unless the module already has it.
        """
        self.problem, self.read_at = None, at
        if stored:
            self.stored_at = at
        for name, text in values.items():
            if name not in self.rows:
                continue
            try:
                normalised = check_text(self.table, self.rows[name], text)
            except CommandInvalid:
                # A module may have a value that cannot be written, such as hexadecimal digits in its number.
                normalised = text
            known = self.known.get(name)
            was = known.text if known is not None and known.text != normalised else None
            self.known[name] = KnownValue(normalised, ValueSource.READ, at, was)
            if self._pending.get(name) == normalised:
                # The module has the value after all, so an earlier failure no longer matters.
                del self._pending[name]
                self.results.pop(name, None)

    def take_result(self, result: RowResult, at: float) -> None:
        """Store the result of writing a row: an accepted value is no longer a change, any other still is."""
        row = self.rows.get(result.row)
        if row is None:
            return
        self.results[row.id] = result
        if result.outcome is WriteOutcome.TAKEN and row.id in self._pending:
            text = self._pending.pop(row.id)
            self.known[row.id] = KnownValue(None if row.secret else text, ValueSource.SENT, at)

    def forget(self) -> None:
        """Forget everything known of the module, after its factory values were restored."""
        self.known.clear()
        self.results.clear()
        self.read_at = self.stored_at = None

    def to_save(self) -> dict[str, str]:
        """Return all values to save in a file, those of `guessed` rows too, without secrets and wrong values."""
        shown = {
            name: self.hint(name) if self.guessed(row) else self.value(name)
            for name, row in self.rows.items()
            if not row.secret
        }
        return {name: text for name, text in shown.items() if text is not None and name not in self._errors}

    def guessed(self, row: CommandRow) -> bool:
        """Return whether a row's value is neither known nor entered, so that only its factory value can be shown."""
        return row.id not in self._pending and row.id not in self.known
