"""Commands to the modules of a site: harmless ones to many, and the others to one module that was confirmed.

Harmless are the rate, the display, and clearing error flags. The disconnector, factory values and whatever else a
profile has go to one module at a time, after the last four digits of its meter's number were entered. Each module is
verified in its own selection before its command is sent. No command is repeated by itself: one whose end is not known
stays unsure in the row.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from msgspec import structs

from cmi_gui.engine.cmi1020.commands import CommandInvalid, CommandTable
from cmi_gui.engine.cmi1020.profile import CommandRow
from cmi_gui.engine.cmi1020.readout import meter_number
from cmi_gui.engine.configurator.values import actions, check_text
from cmi_gui.engine.configurator.write_run import WriteOutcome
from cmi_gui.engine.configurator.writing import WriteStage, prepare, write
from cmi_gui.engine.mbus.datatypes import decode_identification
from cmi_gui.engine.mbus.exchange import Procedure, ProcedureFailed
from cmi_gui.engine.mbus.procedures import read_first
from cmi_gui.engine.mbus.slave_address import SlaveAddress, decoded
from cmi_gui.engine.messages import Argument, InvalidValue, Message, marked
from cmi_gui.engine.meter_profile.display_text import SHOWABLE, VALUE_WIDTH
from cmi_gui.engine.site.causes import cause_of
from cmi_gui.engine.site.journal import Journal, JournalError, RowName
from cmi_gui.engine.site.model import HowKnown, Known, Site, SiteModule, SiteWrite
from cmi_gui.engine.site.names import name_of, not_found_yet
from cmi_gui.engine.site.read_many import readings_in
from cmi_gui.engine.site.whereabouts import address_of, possible_after
from cmi_gui.engine.site.writes import begin_write, end_write, write_time

HARMLESS: Final = frozenset(("rate", "display", "clear_errors"))
"""Behaviours of the profile's rows that may go to many modules."""
_DIGITS: Final = 4
_PUSH_BUTTON: Final = 2
"""The bit of the setting `disconnector_control` that lets the push button move the disconnector."""
_CONTROL: Final = "disconnector_control"


# What may be sent


def for_many(table: CommandTable) -> list[CommandRow]:
    """Return the actions that may go to many modules, in the profile's order."""
    return [row for row in actions(table) if row.does in HARMLESS]


def for_one(table: CommandTable) -> list[CommandRow]:
    """Return the actions that go to one module at a time, in the profile's order."""
    return [row for row in actions(table) if row.does not in HARMLESS]


def release(table: CommandTable, module: SiteModule) -> tuple[CommandRow, str] | None:
    """Return the setting and the value that release the disconnector for the push button; None if there is none.

    It is the alternative to closing from afar: the installation gets its voltage only when someone there presses the
    button. What the bus may do stays as it is known to be.
    """
    row = next((row for row in table.profile.command if row.id == _CONTROL), None)
    if row is None:
        return None
    values = {choice.value for choice in row.choices}
    before = module.value(_CONTROL) or str(1)
    text = str(int(before) | _PUSH_BUTTON) if before.isdecimal() else ""
    return (row, text) if text in values else None


def check_digits(module: SiteModule, digits: str) -> None:
    """Raise InvalidValue unless `digits` are the last four of the number of the module's meter.

    The number is the one that the module reports. Without one, or where another meter was expected, nothing is right.
    """
    number = module.meter_read
    if not number:
        template = marked("the number of the meter of {0} is not known: read the module first")
        raise InvalidValue(Message(template, (name_of(module),)))
    if module.meter and module.meter != number:
        template = marked("meter {0} was expected at {1}, but meter {2} is there: correct the list first")
        raise InvalidValue(Message(template, (module.meter, name_of(module), number)))
    if digits.strip() != number[-_DIGITS:]:
        template = marked("{0} are not the last four digits of the number of the meter of {1}: nothing was sent")
        raise InvalidValue(Message(template, (repr(digits), name_of(module))))


# The text for the display


@dataclass(frozen=True, slots=True)
class DisplayText:
    """The text of a place for the meter's display. `whole`: it shows the place as it is, else `text` is what fits."""

    text: str
    whole: bool


def display_of(place: str) -> DisplayText:
    """Return what the display can show of a place: eight characters, of those that seven segments can show.

    Letters lose their accents. Of a text that is too long, or has characters that cannot be shown, the words with
    digits are kept, since flats differ there: "Lägenhet 1203" becomes "1203". Without digits its end is shown.
    """
    plain = unicodedata.normalize("NFKD", place)
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    shown = " ".join("".join(char if char in SHOWABLE else " " for char in plain).split())
    if len(shown) > VALUE_WIDTH or shown != plain:
        shown = " ".join(word for word in shown.split() if any(char.isdigit() for char in word)) or shown
    shown = shown[-VALUE_WIDTH:].strip()
    return DisplayText(shown, shown == place)


def display_texts(modules: Iterable[SiteModule]) -> dict[str, list[SiteModule]]:
    """Return the modules by the text that shows their place; several with one text cannot be told apart."""
    shown: dict[str, list[SiteModule]] = {}
    for module in modules:
        shown.setdefault(display_of(module.place).text, []).append(module)
    return shown


# Sending


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What a command to a module came to; `message`: one sentence, or empty."""

    module: SiteModule
    outcome: WriteOutcome
    message: Argument = ""


class ActMany:
    """A command of the profile to modules of a site, one after another; run it by `procedure`, once.

    `texts`: the value for each module, as text. `site`, `journal`: where each command is noted on disk before it is
    sent; without them only in its row. `now`: returns the time, aware. `own_baud`: the master's own speed in
    bit/s, None on a link that has none. `digits`: the last four of the meter's number, for a command that goes to one
    module only. `on_change(module)` is called when its row has changed, also right before the command is sent: the row
    then has it as unsure. `on_progress()` is called before and after each module.

    Attributes: `current`, `results`, `total`: as in `ReadMany`.

    Raises InvalidValue for a value that is not allowed, for a command that may not go to many, and as `check_digits`.
    """

    def __init__(
        self,
        texts: Mapping[SiteModule, str],
        row: CommandRow,
        table: CommandTable,
        now: Callable[[], datetime],
        *,
        own_baud: int | None,
        digits: str = "",
        site: Site | None = None,
        journal: Journal | None = None,
        on_change: Callable[[SiteModule], object] = lambda module: None,
        on_progress: Callable[[], object] = lambda: None,
    ) -> None:
        self._texts = dict(texts)
        self._row = row
        self._table = table
        self._now = now
        self._own_baud = own_baud
        self._site, self._journal = site, journal
        self._on_change = on_change
        self._on_progress = on_progress
        self._confirmed = row.does not in HARMLESS
        self.current: SiteModule | None = None
        self.results: list[ActionResult] = []
        self.total = len(self._texts)
        if self._confirmed:
            if self.total != 1:
                template = marked("{0} goes to one module at a time, not to {1}")
                raise InvalidValue(Message(template, (row.name, self.total)))
            for module in self._texts:
                check_digits(module, digits)
        for text in self._texts.values():
            try:
                check_text(table, row, text)
            except CommandInvalid as error:
                raise InvalidValue(error.message) from None

    def procedure(self) -> Procedure[list[ActionResult]]:
        """Send the command to each module and return the results. Never raises ProcedureFailed."""
        for module, text in self._texts.items():
            self.current = module
            self._on_progress()
            outcome, message = yield from self._act(module, text)
            self.results.append(ActionResult(module, outcome, message))
        self.current = None
        self._on_progress()
        return self.results

    def _act(self, module: SiteModule, text: str) -> Procedure[tuple[WriteOutcome, Argument]]:
        """Send the command to one module, and keep what came of it in the row."""
        address, found = address_of(module, self._own_baud), module.found
        if address is None or found is None:
            reason = not_found_yet(module)
            return WriteOutcome.NOT_SENT, reason
        writing = prepare(self._table, self._row, text, address)
        begun: SiteWrite | None = None

        def on_stage(stage: WriteStage, at: SlaveAddress) -> None:
            nonlocal begun
            if stage is WriteStage.SENT:
                begun = self._begin(module, text)

        outcome = WriteOutcome.TAKEN
        message: Argument = ""
        alone: SlaveAddress | None = None
        try:
            if self._confirmed:
                yield from _check_meter(address, module)
            alone = (yield from write(writing, self._own_baud, on_stage, expected=found.identity)).alone
        except ProcedureFailed as error:
            message = error.message
            outcome = WriteOutcome.NO_ANSWER if begun is None else WriteOutcome.UNSURE
            outcome = WriteOutcome.REFUSED if error.code == "refused" else outcome
        if begun is None:
            return outcome, message
        end_write(module, begun, outcome, cause_of(message), self._table)
        if alone is not None and self._row.frame == "reset" and text:
            _forget_settings(module, alone, self._now())
        if self._journal is not None:
            # What was sent is in the row; a disk that is full now is reported when the site is saved.
            with suppress(JournalError):
                self._journal.end(outcome, message, self._now())
        self._on_change(module)
        return outcome, message

    def _begin(self, module: SiteModule, text: str) -> SiteWrite:
        """Note a command that is about to be sent. Raises ProcedureFailed `journal`, and then it is not sent."""
        name, before = self._row.id, module.value(self._row.id)
        places = possible_after(module, self._table, self._row, text, self._own_baud)
        at = write_time(module, name, self._now())
        if self._journal is not None and self._site is not None:
            try:
                self._journal.intend(RowName.of(self._site, module), name, text, at, before=before, possible=places)
            except JournalError as error:
                raise ProcedureFailed("journal", error.message) from None
        begun = SiteWrite(name=name, text=text, before=before, outcome=WriteOutcome.UNSURE, at=at)
        begin_write(module, begun, places)
        self._on_change(module)
        return begun


def _forget_settings(module: SiteModule, alone: SlaveAddress, at: datetime) -> None:
    """Forget what was known before factory values, and take the speed and number with which the module answers now."""
    module.known = {}
    if alone.baud is not None:
        module.known["baud"] = Known(text=str(alone.baud), how=HowKnown.READ, at=at)
    if module.found is not None and alone.selection is not None:
        module.found = structs.replace(module.found, id=decode_identification(alone.selection))


def _check_meter(address: SlaveAddress, module: SiteModule) -> Procedure[None]:
    """Raise ProcedureFailed `another` if the module reports another meter than the one that was confirmed."""
    telegram = decoded((yield from read_first(address)))
    number = meter_number(readings_in([] if telegram is None else [telegram]))
    if number is not None and number != module.meter_read:
        template = marked("{0} now reports meter {1} instead of meter {2}; nothing was sent")
        raise ProcedureFailed("another", Message(template, (name_of(module), number, module.meter_read)))
