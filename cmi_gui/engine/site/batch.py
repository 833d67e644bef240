"""One write to many modules: the differences between what they have and what is wanted of them.

Per module: identity read, a snapshot before the first write of the visit, settings, addresses, all of it read back, and
the speed last, confirmed at the new speed before the next module. A module in trouble is named with its cause, and the
batch goes on with the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.secrets import Secret
from cmi_gui.engine.mbus.exchange import Procedure, ProcedureFailed
from cmi_gui.engine.messages import Argument, Listing, Message, marked
from cmi_gui.engine.site.addresses import NAME as ADDRESS
from cmi_gui.engine.site.addresses import address_order, occupant
from cmi_gui.engine.site.causes import cause_of
from cmi_gui.engine.site.find import OTHER_BUS, any_answers
from cmi_gui.engine.site.journal import BatchBegun, Journal, JournalError
from cmi_gui.engine.site.model import Site, SiteModule
from cmi_gui.engine.site.module_writer import ModuleWriter, WriterContext
from cmi_gui.engine.site.names import does_not_answer, name_of
from cmi_gui.engine.site.taking import Complaints, complaints_in
from cmi_gui.engine.site.whereabouts import SILENT, address_of, read_module

_WRONG_PASSWORD: Final = marked(
    "the meter of {0} received a wrong password, which locks it for a while. Correct P1 or P2 before you write to"
    " further modules"
)
_NO_RATE: Final = marked(
    "since the write, {0} reports that its meter did not take the rate, perhaps because of a wrong password, which"
    " locks a meter for a while. Check P1 and P2 before you write to further modules"
)


class ModuleOutcome(StrEnum):
    """The outcome of a batch for one module."""

    DONE = "done"
    """It has everything that was wanted of it."""
    FAILED = "failed"
    """Something was not written; the message says why. The row shows what it has."""
    UNSURE = "unsure"
    """Something may have been written; the message says what."""
    NOT_BEGUN = "not begun"
    """The batch was stopped before it."""


@dataclass(frozen=True, slots=True)
class ModuleResult:
    """The result of a batch for one module; `message`: the cause of trouble, else empty."""

    module: SiteModule
    outcome: ModuleOutcome
    message: Argument = ""


@dataclass(frozen=True, slots=True)
class BatchResult:
    """The result of a batch: one for each module, in the order of the batch; `stopped`: why it was stopped, or None."""

    results: tuple[ModuleResult, ...]
    stopped: Message | None = None

    def count(self, outcome: ModuleOutcome) -> int:
        """Return the number of modules with this outcome."""
        return sum(result.outcome is outcome for result in self.results)


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """The progress of a batch: the module in progress, its number, counted from 1, of `count`, and what is done."""

    module: SiteModule
    number: int
    count: int
    doing: Message


class Batch:
    """One write to the `modules` of a site: those with differences, in an order in which no two share an address.

    `journal`: of the site. `now`: returns the time, aware, in UTC. `own_baud`: as in `write`. `secrets`: the passwords
    by the ids of their settings, for the rows that have them in `wanted_secrets`. `on_change(module)` is called after
    each change to a row, `on_progress` before each step.

    The first module goes alone: run `procedure(1)`, let the user decide, then run `procedure()` for the rest. A
    procedure that is cancelled, or whose link is lost, leaves the row of its module unsure if something may have been
    sent. Save the site afterwards, then clear the journal.

    Attributes: `waiting`: the modules not begun, in order. `results`: those of the others. `stopped`: as in
    `BatchResult`.
    """

    def __init__(
        self,
        site: Site,
        modules: Sequence[SiteModule],
        table: CommandTable,
        journal: Journal,
        now: Callable[[], datetime],
        *,
        own_baud: int | None,
        secrets: Mapping[str, Secret] | None = None,
        on_change: Callable[[SiteModule], object] = lambda module: None,
        on_progress: Callable[[BatchProgress], object] = lambda progress: None,
    ) -> None:
        self.results: list[ModuleResult] = []
        self.stopped: Message | None = None
        self._site = site
        self._own_baud = own_baud
        self._journal = journal
        self._now = now
        self._on_change, self._on_progress = on_change, on_progress
        self._context = WriterContext(site, table, journal, now, own_baud, secrets or {}, on_change)
        todo = [module for module in modules if module.changes or module.wanted_secrets or module.possible]
        moves, self._blocked = address_order(site, todo)
        moving = [move.module for move in moves if not move.temporary]
        self.waiting = [module for module in todo if module not in moving] + moving
        self._temporary = {id(move.module): str(move.address) for move in moves if move.temporary}
        """Free addresses for the modules that have to leave theirs before another one can have it, by identity."""
        self._leaving = [move.module for move in moves if move.temporary]
        self._count = len(self.waiting)
        self._has_begun = False
        self._bus_is_right = False
        """A known module of the site has answered."""
        self._watched: list[tuple[SiteModule, Complaints]] = []
        """Modules that may use a password at their meters because of this batch, and their complaints before it."""

    @property
    def result(self) -> BatchResult:
        """The result so far; modules not begun are in it as `NOT_BEGUN`."""
        rest = (ModuleResult(module, ModuleOutcome.NOT_BEGUN) for module in self.waiting)
        return BatchResult((*self.results, *rest), self.stopped)

    def procedure(self, count: int | None = None) -> Procedure[BatchResult]:
        """Write the next `count` modules, or all that are left. Never raises ProcedureFailed."""
        left = len(self.waiting) if count is None else count
        if not self._has_begun:
            self._begin()
        while self.waiting and left and (yield from self._may_go_on()):
            module = self.waiting[0]
            result = yield from self._written(module)
            self.waiting.pop(0)
            self.results.append(result)
            if self.stopped is not OTHER_BUS:
                # A row that waits for its module goes on waiting.
                waits = module.found is None and not module.serial
                has_failed = result.outcome is ModuleOutcome.FAILED and not module.lost and not waits
                module.failure = cause_of(result.message) if has_failed else ""
                self._on_change(module)
            left -= 1
        if not self.waiting:
            yield from self._check_passwords()
        return self.result

    def _may_go_on(self) -> Procedure[bool]:
        if self.stopped is None:
            yield from self._check_passwords()
        return self.stopped is None

    def _begin(self) -> None:
        self._has_begun = True
        rows = tuple(self._context.row_name(module) for module in self.waiting)
        try:
            self._journal.add(BatchBegun(at=self._now(), rows=rows), sync=True)
        except JournalError as error:
            self.stopped = error.message

    def _written(self, module: SiteModule) -> Procedure[ModuleResult]:
        """Write one module, and before it those that have to leave the address that it is to have."""
        for other in [*self._leaving]:
            if module is other or occupant(self._site, module, int(module.changes.get(ADDRESS, -1))) is other:
                self._leaving.remove(other)
                if module is not other:
                    yield from self._one(other, {ADDRESS: self._temporary[id(other)]})
        return (yield from self._one(module, None))

    def _one(self, module: SiteModule, instead: Mapping[str, str] | None) -> Procedure[ModuleResult]:
        cause = self._hindrance(module)
        if cause is not None:
            return ModuleResult(module, ModuleOutcome.FAILED, cause)
        left_out, cause = self._address_left_out(module) if instead is None else (False, None)
        writer = ModuleWriter(
            self._context, module, instead=instead, without_address=left_out, on_progress=self._progress_of(module)
        )
        error: ProcedureFailed | None = None
        try:
            yield from writer.procedure()
        except ProcedureFailed as failed:
            error = failed
        if writer.before is not None:
            self._bus_is_right = True
            if writer.may_use_password:
                self._watched.append((module, writer.before))
        if error is None:
            cause = writer.trouble or cause
        elif error.code == "journal":
            self.stopped = cause = error.message
        elif error.code in SILENT and writer.before is None:
            cause = yield from self._silent(module)
        else:
            cause = Listing(": ", (name_of(module), error.message))
        if module.possible or writer.open_questions:
            return ModuleResult(module, ModuleOutcome.UNSURE, cause or writer.question)
        return ModuleResult(module, ModuleOutcome.FAILED if cause else ModuleOutcome.DONE, cause or "")

    def _silent(self, module: SiteModule) -> Procedure[Message]:
        """Return the cause for a silent module: it alone is silent, or this is another bus, which stops the batch."""
        if not self._bus_is_right:
            self._bus_is_right = yield from any_answers(self._site)
        if not self._bus_is_right:
            self.stopped = OTHER_BUS
            return OTHER_BUS
        if not module.possible:
            module.lost = True
            return does_not_answer(module)
        return Message("{0} does not answer at any place where it may be", (name_of(module),))

    # What hinders a write

    def _hindrance(self, module: SiteModule) -> Message | None:
        """Return why nothing can be sent to a module, or None."""
        twins = [other for other in self._site.with_serial(module.serial) if other is not module]
        if twins:
            template = marked("two rows have the serial number {0}: {1} and {2}")
            places = sorted(each.place or "-" for each in (module, twins[0]))
            return Message(template, (module.serial, *places))
        found = module.found
        if found is not None and found.fabrication and module.serial not in ("", found.fabrication):
            template = marked("the row has the serial number {0}, but module {1} was found for it")
            return Message(template, (module.serial, found.fabrication))
        if address_of(module, self._own_baud) is None:
            return Message("{0} was not found on the bus, and the row has no serial number", (name_of(module),))
        return None

    def _address_left_out(self, module: SiteModule) -> tuple[bool, Message | None]:
        """Return whether the wanted address must not be written now, and why."""
        wanted = module.changes.get(ADDRESS)
        if wanted is None:
            return False, None
        other = occupant(self._site, module, int(wanted))
        if other is not None:
            template = marked("address {0} was not written: {1} may still have it")
            return True, Message(template, (wanted, name_of(other)))
        if module in self._blocked:
            return True, Message("address {0} was not written: it is wanted for two modules", (wanted,))
        return False, None

    # Passwords

    def _check_passwords(self) -> Procedure[None]:
        """Read the modules written last again: a meter reports a wrong password only after a session with it."""
        for module, before in self._watched:
            at = address_of(module, self._own_baud)
            if at is None:
                continue
            try:
                (frame,) = yield from read_module(module, at)
            except ProcedureFailed:
                continue
            after = complaints_in(frame)
            if after.password and not before.password:
                self.stopped = Message(_WRONG_PASSWORD, (name_of(module),))
            elif after.rate and not before.rate:
                self.stopped = Message(_NO_RATE, (name_of(module),))
        self._watched.clear()

    def _progress_of(self, module: SiteModule) -> Callable[[Message], None]:
        number = len(self.results) + 1

        def on_progress(doing: Message) -> None:
            self._on_progress(BatchProgress(module, number, self._count, doing))

        return on_progress
