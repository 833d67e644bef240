"""The configuration of modules from the window: a form for each target, undo, writing, reading back.

The model lives as long as the window, so entered values survive a change of language or of target.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.cmi1020.commands import CommandInvalid, CommandTable
from cmi_gui.engine.cmi1020.profile import CommandRow, ValueType
from cmi_gui.engine.cmi1020.settings import ModuleSettings
from cmi_gui.engine.configurator.form import SettingsForm
from cmi_gui.engine.configurator.plan import plan
from cmi_gui.engine.configurator.reading import (
    ModuleIdentity,
    find_identity,
    read_stored,
    select_everything,
    settings_in,
)
from cmi_gui.engine.configurator.session import Cancelled, Job
from cmi_gui.engine.configurator.values import actions, value_text
from cmi_gui.engine.configurator.write_run import RowResult, WriteOutcome, WriteRun
from cmi_gui.engine.configurator.writing import Writing, prepare
from cmi_gui.engine.mbus.exchange import Procedure
from cmi_gui.engine.mbus.slave_address import SlaveAddress
from cmi_gui.engine.messages import quoted, reason_of
from cmi_gui.ui.models.bus import is_silence
from cmi_gui.ui.targets import AbsenceReason, ModuleTarget, Targets
from cmi_gui.ui.text.messages import profile_text, text_of
from cmi_gui.ui.text.words import Level

Value = TypeVar("Value")

_FACTORY_RESET = "B0"


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a write: row `number` of `count`, its id in `row`. While reading, `row` is empty."""

    row: str = ""
    number: int = 0
    count: int = 0


@dataclass(slots=True, eq=False)
class _Module:
    """One target's form and the operation in progress on it. `done`: the last result of each action, by row id.

    `answered`: the module answered the last row of the last write.
    """

    target: ModuleTarget
    form: SettingsForm
    undo: QUndoStack
    job: Job | None = None
    writing: bool = False
    progress: Progress | None = None
    done: dict[str, RowResult] = field(default_factory=dict)
    answered: bool = False


class _Edit(QUndoCommand):
    """An undo step with one row's value before and after, named by the row's title; typing in a field is one step."""

    def __init__(
        self,
        form: SettingsForm,
        row: CommandRow,
        before: str | None,
        after: str | None,
        typed: bool,
    ) -> None:
        super().__init__(profile_text(row.title))
        self._form = form
        self.row = row.id
        self._before = before
        self.after = after
        self._typed = typed

    def id(self) -> int:
        """Return 1 for typed edits, which may be merged, and -1 for all others."""
        return 1 if self._typed else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Merge the next typed edit of the same row into this one."""
        if not isinstance(other, _Edit) or other.row != self.row:
            return False
        self.after = other.after
        self.setObsolete(self.after == self._before)
        return True

    def undo(self) -> None:
        """Restore the value before the edit."""
        self._form.set(self.row, self._before)

    def redo(self) -> None:
        """Enter the value, the first time or again."""
        self._form.set(self.row, self.after)


class Configuration(QObject):
    """The configuration model of the current target; `add_message` puts a sentence into the message strip.

    Signals: `changed()`, the form or the operation in progress changed; `counted()`, the number of unwritten changes of
    all targets may have changed.
    """

    changed = Signal()
    counted = Signal()

    def __init__(
        self,
        targets: Targets,
        table: CommandTable,
        clock: Clock,
        add_message: Callable[[Level, str], None],
        own_settings: Callable[[], ModuleSettings],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.table = table
        self.actions = {row.id: row for row in actions(table)}
        self._targets = targets
        self._clock = clock
        self._add_message = add_message
        self._own_settings = own_settings
        self._modules: dict[str, _Module] = {}
        targets.chosen.connect(self._emit_changed)
        targets.changed.connect(self._emit_changed)

    # State

    @property
    def _module(self) -> _Module:
        return self._module_of(self._targets.current)

    def _module_of(self, target: ModuleTarget) -> _Module:
        module = self._modules.get(target.key)
        if module is None:
            module = self._modules[target.key] = _Module(target, SettingsForm(self.table), QUndoStack(self))
            # indexChanged comes after each edit, undo and redo, when canUndo and canRedo are up to date.
            module.undo.indexChanged.connect(self._emit_changed)
        module.target = target
        return module

    @property
    def target(self) -> ModuleTarget:
        """The target that the form is for."""
        return self._targets.current

    @property
    def form(self) -> SettingsForm:
        """The current target's form; change it only through the methods of this class."""
        return self._module.form

    def known(self, target: ModuleTarget) -> dict[str, str]:
        """Return the known settings of a target as text, by row id, without secrets."""
        known = self._module_of(target).form.known
        return {name: value.text for name, value in known.items() if value.text is not None}

    @property
    def undo(self) -> QUndoStack:
        """The undo stack of the current target's edits."""
        return self._module.undo

    @property
    def progress(self) -> Progress | None:
        """The progress of the current target's operation; None when idle."""
        return self._module.progress

    @property
    def busy(self) -> bool:
        """True while an operation on the current target is in progress."""
        return self._module.progress is not None

    @property
    def writing(self) -> bool:
        """True while the operation is a write, during which the form is disabled."""
        return self._module.writing

    @property
    def speed_is_reported(self) -> bool:
        """True if the link has a speed; without one the module's speed cannot be read."""
        return self.target.session.baud is not None

    def result(self, name: str) -> RowResult | None:
        """Return the last result of a setting's write or of an action; None before the first."""
        return self._module.done.get(name) if name in self.actions else self.form.results.get(name)

    def total(self) -> int:
        """Return the number of unwritten changes of all listed targets."""
        return sum(len(module.form.changed) for module in self._listed())

    def elsewhere(self) -> list[tuple[str, int]]:
        """Return the name of every other target with unwritten changes, and the number of these."""
        others = [module for module in self._listed() if module is not self._module]
        return [(module.target.name, len(module.form.changed)) for module in others if module.form.changed]

    def _listed(self) -> list[_Module]:
        """Return the modules whose targets can be chosen now; the forms of the others are kept."""
        keys = {target.key for target in self._targets.all}
        return [module for key, module in self._modules.items() if key in keys]

    def planned(self) -> list[Writing]:
        """Return the writings for all changes, in order. Raises CommandInvalid for a value that cannot be sent."""
        return plan(self.table, self.form.to_write(), self.target.reach())

    def record_bytes(self, name: str) -> str:
        """Return the CI field and the data for the value shown, in hex; empty for a secret or an invalid value."""
        form = self.form
        row, text = form.rows[name], form.value(name)
        if row.secret or text is None or name in form.errors:
            return ""
        frame = prepare(self.table, row, text, self.target.reach()).frame
        return f"{frame.ci:02X} {frame.data.hex(' ').upper()}".rstrip()

    def action_error(self, name: str, text: str) -> str:
        """Return the engine's reason why an action does not accept a value; empty if it does."""
        try:
            plan(self.table, {name: text}, self.target.reach())
        except CommandInvalid as error:
            return text_of(reason_of(error))
        return ""

    # Editing

    def edit(self, name: str, text: str | None, *, typed: bool = False) -> None:
        """Enter a value to be written, or None to withdraw it; can be undone."""
        module = self._module
        form = module.form
        row = form.rows[name]
        # An incomplete entry (differing passwords, part of a table) is not a value that undo could restore.
        in_parts = row.secret or bool(row.fields) or row.value is ValueType.MAP
        entered = form.is_changed(name) and not (in_parts and name in form.errors)
        before = form.value(name) if entered else form.baseline(name)
        if text != before:
            module.undo.push(_Edit(form, row, before, text, typed))
        elif name in form.errors:
            form.set(name, text)
            self._emit_changed()

    def set_error(self, name: str, error: str) -> None:
        """Set the error of an incomplete entry, such as two passwords that differ or a part of a table."""
        self.form.set_error(name, quoted(error))
        self._emit_changed()

    def discard(self, title: str) -> None:
        """Discard all changes, as one undo step called `title`."""
        self.load(dict.fromkeys(self.form.changed), title)

    def load(self, values: Mapping[str, str | None], title: str) -> None:
        """Enter several values, as one undo step called `title`."""
        stack = self.undo
        stack.beginMacro(title)
        for name, text in values.items():
            self.edit(name, text)
        stack.endMacro()

    # Operations on the module

    def compare(self) -> None:
        """Read from the module everything that can be read back."""
        self._read(self._module, report=True, stored=True)

    def read_back(self, target: ModuleTarget) -> None:
        """Read from a target everything that can be read back; only a failure is reported."""
        self._read(self._module_of(target), report=False, stored=True)

    def is_busy(self, target: ModuleTarget) -> bool:
        """Return whether an operation on a target is in progress."""
        return self._module_of(target).progress is not None

    def read_once(self) -> None:
        """Read a target when it is shown for the first time.

        Only the telegram of a real module is read. A selection for readout briefly changes what a module sends to
        every master, so stored settings are read only after a write or at the user's request. Those of the built-in
        module are looked up without a telegram.
        """
        if self.form.read_at is None and self.form.problem is None and not self.busy:
            self._read(self._module, report=False, stored=self._module.target.built_in)

    def _read(self, module: _Module, *, report: bool, stored: bool, written: Collection[str] = ()) -> None:
        """Read the module. `report`: report the result; `stored`: settings too; `written`: rows just acknowledged."""
        if module.progress is not None:
            return
        module.progress = Progress()
        target, start = module.target, module.target.reach()
        by_bus = stored and (report or not target.built_in)

        def read_procedure() -> Procedure[tuple[ModuleIdentity, SlaveAddress, dict[str, str]]]:
            identity, at = yield from find_identity(start, self._possible_new_address(module), is_expected)
            if by_bus:
                return identity, at, (yield from read_stored(at, self.table))
            own = self._own_settings()
            rows = self.table.stored(own) if stored else ()
            return identity, at, {row.id: value_text(own.value(row.setting)) for row, _ in rows}

        def done(found: tuple[ModuleIdentity, SlaveAddress, dict[str, str]]) -> None:
            identity, at, stored_values = found
            if at != start:
                target.reach = lambda: at
            module.job = module.progress = None
            self._targets.mark(target, None)
            own_baud = target.session.baud
            baud = None if own_baud is None else at.baud or own_baud
            values = {**settings_in(self.table.profile, identity, baud), **stored_values}
            module.form.take_read(values, self._clock.now(), stored=stored)
            if report:
                self._report_comparison(module)
            self._report_differences(module, written)
            self._emit_changed()

        def failed(error: Exception) -> None:
            module.job = module.progress = None
            if is_silence(error):
                self._targets.mark(target, AbsenceReason.SILENT)
            if isinstance(error, Cancelled):
                if by_bus:
                    target.session.run(select_everything(start), lambda _: None, lambda _: None)
            else:
                module.form.problem = text_of(reason_of(error))
                words = self.tr("{0} cannot be read: {1}").format(target.name, error)
                self._add_message(Level.ERROR, words)
            self._emit_changed()

        def is_expected(identity: ModuleIdentity) -> bool:
            return module.form.is_known_as(identity.identification)

        self._run(module, read_procedure(), done, failed)
        self._emit_changed()

    def _run(
        self,
        module: _Module,
        procedure: Procedure[Value],
        done: Callable[[Value], None],
        failed: Callable[[Exception], None],
    ) -> None:
        job = module.target.session.run(procedure, done, failed)
        if not job.finished:
            module.job = job

    def _possible_new_address(self, module: _Module) -> SlaveAddress | None:
        """Return the new address if an unconfirmed write may have changed it, else None."""
        at, form = module.target.reach(), module.form
        if module.target.built_in or at.primary is None:
            return None
        for name, result in form.results.items():
            unconfirmed = result.outcome in (WriteOutcome.NO_ANSWER, WriteOutcome.UNSURE)
            if unconfirmed and form.rows[name].read == "address" and name in form.to_write():
                return replace(at, primary=int(form.to_write()[name]))
        return None

    def _report_comparison(self, module: _Module) -> None:
        form = module.form
        read_back = [name for name, known in form.known.items() if known.at == form.read_at]
        other = [name for name in read_back if form.is_changed(name) or form.known[name].was is not None]
        if other:
            names = ", ".join(profile_text(form.rows[name].title) for name in other)
            words = self.tr("Compared with {0}: the module has different values for {1}").format(
                module.target.name, names
            )
            self._add_message(Level.WARNING, words)
        else:
            words = self.tr("Compared with {0}: all values that can be read match the form")
            self._add_message(Level.GOOD, words.format(module.target.name))

    def _report_differences(self, module: _Module, written: Collection[str]) -> None:
        """Warn of acknowledged rows whose value differs when read back."""
        known = module.form.known
        other = [name for name in written if name in known and known[name].was is not None]
        if other:
            names = ", ".join(profile_text(module.form.rows[name].title) for name in other)
            words = self.tr("{0} acknowledged the write, but the value read back differs: {1}")
            self._add_message(Level.WARNING, words.format(module.target.name, names))

    def write(self, names: list[str] | None = None) -> None:
        """Send the changes of these rows, by default all that can be sent."""
        module = self._module
        changes = {name: text for name, text in module.form.to_write().items() if names is None or name in names}
        if changes and module.progress is None:
            self._start(module, changes)

    def act(self, name: str, text: str) -> None:
        """Do an action now. Raises CommandInvalid for a value that it does not accept."""
        module = self._module
        if module.progress is None:
            plan(self.table, {name: text}, module.target.reach())
            module.done.pop(name, None)
            self._start(module, {name: text})

    def cancel(self) -> None:
        """Cancel the operation on the current target, if any."""
        module = self._module
        if module.job is not None:
            module.target.session.cancel(module.job)

    def _start(self, module: _Module, changes: Mapping[str, str]) -> None:
        module.progress = Progress()
        module.writing, module.answered = True, False
        target, start = module.target, module.target.reach()
        forgets = _FACTORY_RESET in (changes[name].upper() for name in changes if self._resets(name))

        def on_begun(name: str, number: int, count: int) -> None:
            module.progress = Progress(name, number, count)
            self._emit_changed()

        results: list[RowResult] = []

        def on_ended(result: RowResult) -> None:
            results.append(result)
            module.answered = result.outcome in (WriteOutcome.TAKEN, WriteOutcome.REFUSED)
            if result.outcome is WriteOutcome.NO_ANSWER:
                self._targets.mark(target, AbsenceReason.SILENT)
            if result.row in self.actions:
                module.done[result.row] = result
                if forgets and result.outcome is WriteOutcome.TAKEN:
                    module.form.forget()
            module.form.take_result(result, self._clock.now())
            self._emit_changed()

        def finished(_result: None) -> None:
            module.job = module.progress = None
            module.writing = False
            # Keep `reach` if the module has not moved or the target finds it itself: a write stopped after the
            # acknowledgement must not fix an address that the module may have left.
            if run.at not in (start, target.reach()):
                target.reach = lambda: run.at
            if any(module.form.rows[name].secret for name in changes if name in module.form.rows):
                # A password must not stay in memory for redo.
                module.undo.clear()
            taken = [result.row for result in results if result.outcome is WriteOutcome.TAKEN]
            self._report_taken(target, taken)
            for result in results:
                self._report_trouble(target, result)
            self._emit_changed()
            if module.answered:
                self._read(module, report=False, stored=True, written=taken)

        def failed(error: Exception) -> None:
            run.stop(error)
            finished(None)

        expected = target.identity()
        run = WriteRun(
            self.table, changes, start, target.session.baud, expected=expected, on_begun=on_begun, on_ended=on_ended
        )
        self._run(module, run.procedure(), finished, failed)

    def _resets(self, name: str) -> bool:
        return self.table.profile.row(name).frame == "reset"

    def _title(self, name: str) -> str:
        return profile_text(self.table.profile.row(name).title)

    def _report_taken(self, target: ModuleTarget, names: list[str]) -> None:
        titles = ", ".join(map(self._title, names))
        if len(names) > 1:
            words = self.tr("{0} settings accepted by {1}: {2}").format(len(names), target.name, titles)
            self._add_message(Level.GOOD, words)
        elif names:
            self._add_message(Level.GOOD, self.tr("{0}: accepted by {1}").format(titles, target.name))

    def _report_trouble(self, target: ModuleTarget, result: RowResult) -> None:
        title = self._title(result.row)
        match result.outcome:
            case WriteOutcome.REFUSED:
                self._add_message(Level.ERROR, self.tr("{0}: refused by {1}").format(title, target.name))
            case WriteOutcome.NO_ANSWER | WriteOutcome.UNSURE:
                words = self.tr("{0}: not confirmed by {1}: {2}").format(title, target.name, text_of(result.message))
                self._add_message(Level.ERROR, words)

    def _emit_changed(self) -> None:
        self.changed.emit()
        self.counted.emit()
