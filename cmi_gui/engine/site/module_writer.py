"""The write of one module of a site: read, settings, addresses, all read back, speed last; each step in the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.secrets import Secret
from cmi_gui.engine.configurator.reading import read_stored
from cmi_gui.engine.configurator.write_run import RowResult, WriteOutcome, WriteRun
from cmi_gui.engine.mbus.exchange import Procedure, ProcedureFailed
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.slave_address import SlaveAddress
from cmi_gui.engine.messages import Argument, Listing, Message, marked
from cmi_gui.engine.site.addresses import NAME as ADDRESS
from cmi_gui.engine.site.causes import cause_of
from cmi_gui.engine.site.journal import (
    AsFound,
    Journal,
    JournalError,
    ReadBack,
    RowName,
)
from cmi_gui.engine.site.model import Site, SiteModule, SiteWrite
from cmi_gui.engine.site.names import name_of
from cmi_gui.engine.site.taking import Complaints, complaints_in, keep_as_found, snapshot_of, take_first, take_settings
from cmi_gui.engine.site.whereabouts import SILENT, TRANSIENT, address_of, look_for, possible_after, read_module
from cmi_gui.engine.site.writes import begin_write, can_be_read_back, end_write, is_open_question, write_time

_ATTEMPTS: Final = 2
"""Attempts at a module that has answered: a disturbance may hit one of the many telegrams."""
_USES_PASSWORD: Final = ("usage", "rate_enable", "rate_map")
"""Settings after which a module may send a password to its meter, besides the passwords themselves. They are written
after these and in this order, so that the right password is sent."""


@dataclass(frozen=True, slots=True)
class WriterContext:
    """What the writes of one batch share; see `Batch`."""

    site: Site
    table: CommandTable
    journal: Journal
    now: Callable[[], datetime]
    own_baud: int | None
    secrets: Mapping[str, Secret]
    on_change: Callable[[SiteModule], object]

    def row_name(self, module: SiteModule) -> RowName:
        """Return the name of a row in the journal."""
        return RowName.of(self.site, module)


class ModuleWriter:
    """The write of what is wanted of one module.

    `instead`: what to write in place of what is wanted. `without_address`: leave out the primary address.

    Attributes: `before`: the complaints of the module before the write; None if it did not answer. `trouble`: what was
    not written, and why, or None. `may_use_password`: the module may use a password at its meter because of this.
    """

    def __init__(
        self,
        context: WriterContext,
        module: SiteModule,
        *,
        instead: Mapping[str, str] | None = None,
        without_address: bool = False,
        on_progress: Callable[[Message], object],
    ) -> None:
        self.before: Complaints | None = None
        self.may_use_password = False
        self._context, self._module = context, module
        self._instead, self._without_address = instead, without_address
        self._on_progress = on_progress
        self._causes: dict[str, Argument] = {}
        """Why settings were not written, by their ids."""
        self._sending: SiteWrite | None = None
        """The write that may have been sent and has no outcome yet."""
        self._journal_error: ProcedureFailed | None = None

    @property
    def trouble(self) -> Message | None:
        """What was not written, and why; None if everything was."""
        return Listing("; ", tuple(self._causes.values())) if self._causes else None

    @property
    def open_questions(self) -> list[SiteWrite]:
        """The writes of this module that may have been sent and cannot be read back."""
        return [write for write in self._module.written if is_open_question(write, self._context.table)]

    @property
    def question(self) -> Message:
        """The message that some writes may have been sent."""
        titles = tuple(self._title(write.name) for write in self.open_questions)
        return Message("{0} may have been sent to {1}", (Listing(", ", titles), name_of(self._module)))

    def procedure(self) -> Procedure[None]:
        """Write the module. Raises ProcedureFailed if it cannot be reached, and `journal`."""
        for attempt in range(1, _ATTEMPTS + 1):
            self._causes.clear()
            try:
                yield from self._attempt()
            except ProcedureFailed as error:
                if attempt == _ATTEMPTS or self.before is None or error.code not in TRANSIENT | SILENT:
                    raise
            else:
                if not self._module.possible:
                    return

    def _attempt(self) -> Procedure[None]:
        context, module = self._context, self._module
        if module.possible or any(can_be_read_back(write, context.table) for write in module.written):
            self._on_progress(Message("looking for the module"))
            found = yield from look_for(module, context.table, context.own_baud, context.now)
            if not found:
                raise ProcedureFailed("not_found", Message("{0} was not found", (name_of(module),)))
            # What was read has decided the writes that may have been sent.
            self._note_read({name: known.text for name, known in module.known.items() if known.text is not None})
            context.on_change(module)
        yield from self._read()
        changes = self._changes()
        speed = {name: text for name, text in changes.items() if self._context.table.profile.row(name).read == "speed"}
        others = {name: text for name, text in changes.items() if name not in speed}
        if others and (yield from self._write(others)):
            yield from self._read_back(others)
        if speed and not module.possible and (yield from self._write(speed)):
            self._take_speed(speed)

    # Reading

    def _read(self) -> Procedure[None]:
        """Read the module: its identity, and before the first write of the visit all that is put down as found."""
        context, module = self._context, self._module
        at = address_of(module, context.own_baud)
        assert at is not None
        visit = context.site.visit
        is_first = module.as_found is None or (visit is not None and module.as_found.at < visit)
        self._on_progress(Message("reading the module"))
        frames = yield from read_module(module, at, whole=is_first)
        if self.before is None:
            self.before = complaints_in(frames[0])
        self._take(frames[0], at)
        readable = [row.id for row in context.table.readable()]
        if is_first or any(name in readable and name not in module.known for name in module.changes):
            yield from self._read_settings()
        if is_first:
            snapshot = snapshot_of(module, frames, context.now())
            keep_as_found(context.site, module, snapshot)
            entry = AsFound(at=context.now(), row=context.row_name(module), snapshot=snapshot)
            with self._journalled() as journal:
                journal.add(entry, sync=True)
            context.on_change(module)

    def _read_settings(self) -> Procedure[None]:
        context, module = self._context, self._module
        at = address_of(module, context.own_baud)
        assert at is not None
        settings = yield from read_stored(at, context.table, alone=at)
        self._note_read(settings)
        take_settings(module, settings, context.table, context.now())

    def _read_back(self, written: Mapping[str, str]) -> Procedure[None]:
        """Read everything that can be read, and name what is not as written."""
        context, module = self._context, self._module
        self._on_progress(Message("reading the settings back"))
        at = address_of(module, context.own_baud)
        assert at is not None
        (frame,) = yield from read_module(module, at)
        self._take(frame, at)
        if any(row.id in written for row in context.table.readable()):
            yield from self._read_settings()
        for name, text in written.items():
            is_known = module.known.get(name)
            if name in self._causes or is_known is None or is_known.text in (None, text):
                continue
            template = marked("{0} is {1} on {2}, not {3} as written")
            self._causes[name] = Message(template, (self._title(name), is_known.text or "-", name_of(module), text))
        context.on_change(module)

    def _take(self, frame: Frame, at: SlaveAddress) -> None:
        context, module = self._context, self._module
        take_first(module, frame, at.baud or context.own_baud, context.table, context.now())
        names = [row.id for row in context.table.profile.command if row.read in ("address", "identification", "speed")]
        self._note_read({name: text for name in names if (text := module.value(name)) is not None})

    def _note_read(self, settings: Mapping[str, str]) -> None:
        context = self._context
        with self._journalled() as journal:
            journal.add(ReadBack(at=context.now(), row=context.row_name(self._module), settings=dict(settings)))

    def _take_speed(self, speed: Mapping[str, str]) -> None:
        """Take the new speed as read, because the module has answered at it; a link without speeds proves nothing."""
        context = self._context
        confirmed = {name: text for name, text in speed.items() if name not in self._causes}
        if context.own_baud is not None and confirmed:
            self._note_read(confirmed)
            take_settings(self._module, confirmed, context.table, context.now())

    # Writing

    def _changes(self) -> dict[str, str]:
        """Return what is to be written now, by id."""
        context, module = self._context, self._module
        if self._instead is not None:
            return {name: text for name, text in self._instead.items() if module.value(name) != text}
        wanted = module.changes
        last = {name: wanted.pop(name) for name in _USES_PASSWORD if name in wanted}
        changes: dict[str, str] = {}
        if self._without_address:
            wanted.pop(ADDRESS, None)
        unsure = {write.name for write in self.open_questions}
        for name in module.wanted_secrets:
            if name in context.secrets:
                # It is not sent again while it may have been sent.
                if name not in unsure:
                    changes[name] = context.secrets[name].reveal()
            elif name not in unsure:
                self._causes[name] = Message("{0} was not entered", (self._title(name),))
        return changes | last | wanted

    def _write(self, changes: Mapping[str, str]) -> Procedure[bool]:
        """Write changes; return whether the module answered to the end, so that it can be read back."""
        context, module = self._context, self._module
        assert module.found is not None
        at = address_of(module, context.own_baud)
        assert at is not None
        secret = {row.id for row in context.table.profile.command if row.secret}
        ended: list[RowResult] = []

        def on_begun(name: str, number: int, count: int) -> None:
            self._on_progress(Message("writing {0}", (self._title(name),)))

        def on_sending(name: str) -> None:
            text = None if name in secret else changes[name]
            row = context.table.profile.row(name)
            places = possible_after(module, context.table, row, changes[name], context.own_baud)
            at, before = write_time(module, name, context.now()), module.value(name)
            write = SiteWrite(name=name, text=text, before=before, outcome=WriteOutcome.UNSURE, at=at)
            with self._journalled() as journal:
                journal.intend(context.row_name(module), name, text, at, before=before, possible=places)
            self._sending = write
            begin_write(module, write, places)
            self.may_use_password |= name in _USES_PASSWORD or name in secret

        def on_ended(result: RowResult) -> None:
            ended.append(result)
            self._end(result)

        run = WriteRun(
            context.table,
            changes,
            at,
            context.own_baud,
            expected=module.found.identity,
            on_begun=on_begun,
            on_ended=on_ended,
            on_sending=on_sending,
        )
        yield from run.procedure()
        if self._journal_error is not None:
            raise self._journal_error
        return bool(ended) and ended[-1].outcome in (WriteOutcome.TAKEN, WriteOutcome.REFUSED)

    def _end(self, result: RowResult) -> None:
        """Take the outcome of one setting."""
        context, module, write = self._context, self._module, self._sending
        self._sending = None
        if write is None:
            # Nothing was sent.
            if result.outcome is not WriteOutcome.NOT_SENT:
                self._causes[result.row] = result.message
            return
        outcome = WriteOutcome.UNSURE if result.outcome is WriteOutcome.NO_ANSWER else result.outcome
        end_write(module, write, outcome, cause_of(result.message), context.table)
        if outcome is not WriteOutcome.TAKEN:
            self._causes[result.row] = result.message
        # A failure is reported after the write, and what was sent is in the row.
        with suppress(ProcedureFailed), self._journalled() as journal:
            journal.end(outcome, result.message, context.now())
        context.on_change(module)

    @contextmanager
    def _journalled(self) -> Iterator[Journal]:
        """Yield the journal. An error of it becomes ProcedureFailed `journal`, which ends the batch."""
        try:
            yield self._context.journal
        except JournalError as error:
            self._journal_error = ProcedureFailed("journal", error.message)
            raise self._journal_error from None

    def _title(self, name: str) -> Message:
        return Message(self._context.table.profile.row(name).title)
