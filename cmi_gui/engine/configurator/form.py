"""The settings of one module as a form has them: what is known of the module, and what is to be written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cmi_gui.engine.cmi1020.commands import CommandInvalid, CommandTable
from cmi_gui.engine.cmi1020.profile import CommandRow
from cmi_gui.engine.configurator.values import check_text, factory_text, settings
from cmi_gui.engine.configurator.write_run import RowResult, WriteOutcome


class ValueSource(StrEnum):
    """Where a known value came from."""

    READ = "read"
    """The module told it."""
    SENT = "sent"
    """It took it, and has not been asked since."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a module has. `text` is None for a secret. `at`: seconds of the engine's clock.

    `was`: what the form knew before, where the module has told something else since.
    """

    text: str | None = field(repr=False)
    source: ValueSource
    at: float
    was: str | None = None


class SettingsForm:
    """Values are texts as a person writes them, by the row's id. A row is *changed* while it has a value to be written.

    Where nothing is known of the module any value is a change, the factory's too; where something is, only another
    one. `results`: how writing each row last ended, until it is edited again. `problem`: why reading failed, if it did.
    `read_at`, `stored_at`: when the module was last asked, and when for its settings too, in seconds of the engine's
    clock.
    """

    def __init__(self, table: CommandTable) -> None:
        self.table = table
        self.rows = {row.id: row for row in settings(table)}
        self.known: dict[str, Known] = {}
        self.results: dict[str, RowResult] = {}
        self.read_at: float | None = None
        self.stored_at: float | None = None
        self.problem: str | None = None
        self._factory = {name: factory_text(table, row) for name, row in self.rows.items()}
        self._pending: dict[str, str] = {}
        self._errors: dict[str, str] = {}

    @property
    def changed(self) -> list[str]:
        """The rows that have a value to be written, in the profile's order."""
        return [name for name in self.rows if name in self._pending]

    @property
    def errors(self) -> dict[str, str]:
        """Why changed rows cannot be sent, in the engine's words."""
        return dict(self._errors)

    def is_changed(self, name: str) -> bool:
        """Whether a row has a value to be written."""
        return name in self._pending

    def value(self, name: str) -> str | None:
        """Return what the form shows: what is to be written, else what is known of the module, else None."""
        return self._pending[name] if name in self._pending else self.baseline(name)

    def hint(self, name: str) -> str | None:
        """Return the factory value; None where it is not known."""
        return self._factory[name]

    def baseline(self, name: str) -> str | None:
        """What the module has, as far as it is known; None where it is not."""
        known = self.known.get(name)
        return None if known is None else known.text

    def is_known_as(self, identification: str) -> bool:
        """Whether the module has told this secondary address before."""
        return any(
            row.read == "identification" and name in self.known and self.known[name].text == identification
            for name, row in self.rows.items()
        )

    def set(self, name: str, text: str | None) -> None:
        """Have a value written, or none any more. A wrong one is kept too, with its error."""
        row = self.rows[name]
        self._errors.pop(name, None)
        self._pending.pop(name, None)
        self.results.pop(name, None)
        if text is None:
            return
        try:
            spelled = check_text(self.table, row, text)
        except CommandInvalid as error:
            self._errors[name] = str(error)
            spelled = text
        if spelled != self.baseline(name):
            self._pending[name] = spelled
        else:
            self._errors.pop(name, None)

    def complain(self, name: str, error: str) -> None:
        """Tell of a value that the form cannot even take: it is a change that cannot be sent."""
        self.rows[name]
        self._pending.setdefault(name, "")
        self._errors[name] = error

    def to_write(self) -> dict[str, str]:
        """All that can be sent."""
        return {name: text for name, text in self._pending.items() if name not in self._errors}

    def take_read(self, values: Mapping[str, str], at: float, *, stored: bool = False) -> None:
        """Take what the module has told; `stored`: it was asked for its settings too.

        A value to be written stays one, unless the module has it already.
        """
        self.problem, self.read_at = None, at
        self.stored_at = at if stored else self.stored_at
        for name, text in values.items():
            if name not in self.rows:
                continue
            try:
                spelled = check_text(self.table, self.rows[name], text)
            except CommandInvalid:
                # What a module has may be nothing that one could write, such as hexadecimal digits in its number.
                spelled = text
            before = self.known.get(name)
            was = before.text if before is not None and before.text != spelled else None
            self.known[name] = Known(spelled, ValueSource.READ, at, was)
            if self._pending.get(name) == spelled:
                # It was written after all, by whomever: what went wrong on the way says no more than that.
                del self._pending[name]
                self.results.pop(name, None)

    def take_result(self, result: RowResult, at: float) -> None:
        """How writing a row ended: what was taken is no change any more, everything else stays one."""
        row = self.rows.get(result.row)
        if row is None:
            return
        self.results[row.id] = result
        if result.outcome is WriteOutcome.TAKEN and row.id in self._pending:
            text = self._pending.pop(row.id)
            self.known[row.id] = Known(None if row.secret else text, ValueSource.SENT, at)

    def forget(self) -> None:
        """Nothing is known of the module any more: it was restored to what its maker gave it."""
        self.known.clear()
        self.results.clear()
        self.read_at = self.stored_at = None

    def to_keep(self) -> dict[str, str]:
        """Return all values that a file may hold, those of `guessed` too: no secrets, nothing that is wrong."""
        shown = {
            name: self.hint(name) if self.guessed(row) else self.value(name)
            for name, row in self.rows.items()
            if not row.secret
        }
        return {name: text for name, text in shown.items() if text is not None and name not in self._errors}

    def guessed(self, row: CommandRow) -> bool:
        """Whether nothing is known and nothing was entered, so that there is only the factory's value as a hint."""
        return row.id not in self._pending and row.id not in self.known
