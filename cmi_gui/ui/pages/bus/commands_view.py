"""Commands: to many modules at once, and the dangerous ones to one module at a time."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from cmi_gui.engine.cmi1020.profile import CommandRow, ValueType
from cmi_gui.engine.configurator.write_run import WriteOutcome
from cmi_gui.engine.files.table import Column, TableData
from cmi_gui.engine.messages import InvalidValue
from cmi_gui.engine.site.actions import display_of, display_texts, for_many, for_one, release
from cmi_gui.engine.site.model import SiteModule
from cmi_gui.ui.pages.bus.data_model import MARK_ROLE, DataModel
from cmi_gui.ui.pages.bus.number_dialog import DIGITS, ask_number
from cmi_gui.ui.pages.bus.visit_words import modules_text, named, number_of, title_of
from cmi_gui.ui.pages.configuration.value_editors import Editor, make_editor
from cmi_gui.ui.pages.page import Context
from cmi_gui.ui.text.mark import Mark
from cmi_gui.ui.text.messages import profile_text
from cmi_gui.ui.text.questions import action_question, disconnector_question
from cmi_gui.ui.text.words import sentence
from cmi_gui.ui.theme import SPACE
from cmi_gui.ui.widgets.plain.buttons import Button
from cmi_gui.ui.widgets.plain.fields import ChoiceField
from cmi_gui.ui.widgets.plain.layout import (
    DimLabel,
    Label,
    Section,
    StackedView,
    Stretch,
    WarningLine,
    column_of,
    row_of,
    wrapping,
)
from cmi_gui.ui.widgets.plain.progress import ProgressLine
from cmi_gui.ui.widgets.plain.state_cell import StateDelegate
from cmi_gui.ui.widgets.plain.table import Table, WholeRows

_DISCONNECTOR = "disconnector"
_RESULT, _CAUSE = 2, 3


class CommandsView(StackedView):
    """The commands to the selected modules, or to all that were found if none is selected."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._visit = context.visit
        self._commands = context.site_commands
        table = context.site.table
        self._value: str | None = None
        self.modules = Label("", self, wrap=True, object_name="commandModules")
        self.command = ChoiceField(self.tr("Command"), self, object_name="commandChoice")
        self._rows = for_many(table)
        self._display = next((row for row in self._rows if row.does == "display"), None)
        for row in self._rows:
            self.command.addItem(title_of(row))
        self.command.currentIndexChanged.connect(self._command_chosen)
        self._editors: list[Editor | None] = [self._editor(row) for row in self._rows]
        self.send = Button("", self, object_name="commandSend", on_click=self._send)
        self.places = Button(
            self.tr("Show the places on the displays"), self, object_name="commandPlaces", on_click=self._show_places
        )
        self.place_note = DimLabel("", self, wrap=True)
        self.problem = WarningLine(self, trouble=True, object_name="commandProblem")

        many = Section(self.tr("To many modules"), self)
        editors = [editor for editor in self._editors if editor is not None]
        first, second = row_of(self.command, *editors, self.send), row_of(self.places, (self.place_note, 1))
        many.body.addWidget(wrapping(first, second, self, stretched=1))

        one = Section(self.tr("To one module at a time"), self)
        self.module = Label("", self, wrap=True, object_name="commandModule")
        one.body.addWidget(self.module)
        self.single: list[tuple[Button, CommandRow, str]] = []
        for row in for_one(table):
            for choice in row.choices:
                if row.does == _DISCONNECTOR or choice.ask is not None:
                    self._add_single(row, choice.value)
        self.release = Button(
            self.tr("Release for the push button"), self, object_name="commandRelease", on_click=self._release
        )
        moving = [button for button, row, _ in self.single if row.does == _DISCONNECTOR]
        buttons = [*moving, self.release, *(button for button, row, _ in self.single if row.does != _DISCONNECTOR)]
        # Half of them in a row, for large texts in a narrow window.
        half = (len(buttons) + 1) // 2
        first, second = row_of(*buttons[:half]), row_of(*buttons[half:], Stretch(1))
        one.body.addWidget(wrapping(first, second, self, stretched=1))
        why = self.tr(
            "Each asks for the last four digits of the number on the meter. Released for the push button, the"
            " disconnector is closed by a person at the meter."
        )
        one.body.addWidget(DimLabel(why, self, wrap=True))

        self.progress = ProgressLine(self.tr("Progress of the command"), self)
        self.progress_words = DimLabel("", self, wrap=True, object_name="commandProgress")
        self.stop = Button(self.tr("Stop"), self, icon="stop", object_name="commandStop", on_click=self._commands.stop)
        self.model = DataModel(self)
        self.results = Table(self.tr("Results of the command"), _CAUSE, self, object_name="commandResults")
        self.results.setModel(self.model)
        self.model.mark(_RESULT, self._mark)
        self.model.show_table(self._table())
        self.results.setItemDelegateForColumn(_RESULT, StateDelegate(self.results, MARK_ROLE))
        self.results.set_widths(
            {
                0: self.tr("Stairs B, flat 1203"),
                1: self.tr("Module {0}").format("88888888"),
                _RESULT: self.tr("Not confirmed") + "WWW",
            }
        )
        self.results.set_empty_text(self.tr("The result of each module is shown here"))
        many.body.setSpacing(SPACE.s)
        one.body.setSpacing(SPACE.s)
        progress = row_of((self.progress_words, 1), (self.stop, 0, Qt.AlignmentFlag.AlignTop))
        results = column_of(progress, self.progress, (WholeRows(self.results, self), 1), spacing=SPACE.xs)
        column_of(
            self.modules,
            many,
            one,
            self.problem,
            (results, 1),
            within=self,
            margins=0,
            spacing=SPACE.m,
        )
        self._command_chosen(0)
        self._commands.changed.connect(self._changed)
        self._visit.changed.connect(self._changed)

    def _editor(self, row: CommandRow) -> Editor | None:
        if row.value is ValueType.NONE:
            return None
        editor = make_editor(row, self)
        editor.edited.connect(self._edited)
        editor.hide()
        return editor

    def _add_single(self, row: CommandRow, value: str) -> None:
        question = action_question(row, value, module="", meter="")
        assert question is not None
        button = Button(question.button, self, object_name=f"single_{row.id}_{value}")
        button.clicked.connect(lambda: self._ask(row, value))
        self.single.append((button, row, value))

    # Display

    def _changed(self) -> None:
        if self.isVisible():
            self.refresh()

    def _targets(self) -> list[SiteModule]:
        site = self._context.site
        return [module for module in site.selected or site.site.modules if module.found is not None]

    def refresh(self) -> None:
        """Show the present state."""
        site, commands = self._context.site, self._commands
        targets, why_not = self._targets(), self._visit.why_not
        nothing = "" if targets else self.tr("None of these modules has been found yet")
        self.modules.setText(
            self.tr("Selected in the list: {0}").format(modules_text(len(targets)))
            if site.selected
            else self.tr("None is selected in the list, so commands go to all that were found: {0}").format(
                modules_text(len(targets))
            )
        )
        self.send.set_words(self.tr("Send to {0}").format(modules_text(len(targets))))
        chosen = self.command.currentIndex()
        if not self._rows:
            enter = self.tr("The profile has no command for many modules")
        elif self._editors[chosen] is not None and self._value is None:
            enter = self.tr("Enter the value first")
        else:
            enter = ""
        self.send.allow(nothing or why_not or enter, self.tr("Each module is identified before the command is sent"))
        placed = [module for module in targets if module.place]
        shorter = sum(not display_of(module.place).whole for module in placed)
        alike = sum(len(same) for same in display_texts(placed).values() if len(same) > 1)
        self.places.setVisible(self._display is not None)
        self.places.allow(
            nothing or why_not or ("" if placed else self.tr("Enter the places in the list first")),
            self.tr("Each meter shows the place of its module, which proves which is which"),
        )
        self.place_note.setText(
            self.tr("Alike on the display: {0}").format(modules_text(alike))
            if alike
            else self.tr("Shortened on the display: {0}").format(modules_text(shorter))
            if shorter
            else ""
        )
        self._show_single(why_not)
        self.problem.show_text("" if commands.problem is None else sentence(commands.problem))
        self._show_run()

    def _show_single(self, why_not: str) -> None:
        module = self._single()
        if module is None:
            self.module.setText(self.tr("Select one module in the list."))
            why_not = self.tr("Select one module in the list")
        else:
            meter = module.meter_read
            self.module.setText(
                self.tr("{0}, meter {1}").format(named(module), meter)
                if meter
                else self.tr("{0}. The number of its meter is not known: read the module first.").format(named(module))
            )
            if len(meter) < DIGITS:
                why_not = self.tr("Read the module first, so that the number of its meter is known")
        for button, _, _ in self.single:
            button.allow(why_not, "")
        offered = module is not None and release(self._context.site.table, module) is not None
        self.release.setVisible(release(self._context.site.table, SiteModule()) is not None or offered)
        self.release.allow(why_not, self.tr("A person at the meter then closes the disconnector by its push button"))

    def _single(self) -> SiteModule | None:
        targets = self._context.site.selected
        return targets[0] if len(targets) == 1 and targets[0].found is not None else None

    def _show_run(self) -> None:
        run, running = self._commands.run, self._commands.running
        self.stop.setVisible(running)
        self.progress.set_share(len(run.results) / max(1, run.total) if run is not None and running else None)
        self.progress_words.setText(self._run_words())
        self.model.show_table(self._table())

    def _run_words(self) -> str:
        run, row = self._commands.run, self._commands.row
        if run is None or row is None:
            return ""
        if self._commands.running and run.current is not None:
            words = self.tr("{0}: {1}, {2} of {3}")
            return words.format(title_of(row), named(run.current), len(run.results) + 1, run.total)
        return self.tr("{0}: accepted by {1} of {2}").format(title_of(row), self._commands.good, run.total)

    def _table(self) -> TableData:
        columns = (
            Column(self.tr("Place"), 18),
            Column(self.tr("Module"), 14),
            Column(self.tr("Result"), 14),
            Column(self.tr("Cause"), 40),
        )
        results = [] if self._commands.run is None else self._commands.run.results
        rows = [
            (each.module.place, number_of(each.module), self._word(each.outcome), sentence(each.message))
            for each in results
        ]
        return TableData(self.tr("Results"), columns, rows)

    def _word(self, outcome: WriteOutcome) -> str:
        return {
            WriteOutcome.TAKEN: self.tr("Accepted"),
            WriteOutcome.REFUSED: self.tr("Refused"),
            WriteOutcome.NO_ANSWER: self.tr("Not confirmed"),
            WriteOutcome.UNSURE: self.tr("Unsure"),
            WriteOutcome.NOT_SENT: self.tr("Not sent"),
        }[outcome]

    def _mark(self, row: int) -> Mark | None:
        run = self._commands.run
        if run is None or row >= len(run.results):
            return None
        return Mark.GOOD if run.results[row].outcome is WriteOutcome.TAKEN else Mark.TROUBLE

    # User actions

    def _command_chosen(self, index: int) -> None:
        self._value = None
        for number, editor in enumerate(self._editors):
            if editor is not None:
                editor.setVisible(number == index)
                editor.show_text(None)
        self.refresh()

    def _edited(self, text: str | None, _typed: bool) -> None:
        self._value = text
        self.refresh()

    def _try(self, texts: dict[SiteModule, str], row: CommandRow, *, digits: str = "") -> None:
        try:
            self._commands.send(texts, row, digits=digits)
        except InvalidValue as error:
            self.problem.show_text(sentence(error.message))

    def _send(self) -> None:
        row = self._rows[self.command.currentIndex()]
        self._try(dict.fromkeys(self._targets(), self._value or ""), row)

    def _show_places(self) -> None:
        row = self._display
        assert row is not None
        self._try({module: display_of(module.place).text for module in self._targets() if module.place}, row)

    def _ask(self, row: CommandRow, value: str) -> None:
        module = self._single()
        if module is None:
            return
        question = action_question(row, value, module=self._of(module), meter=module.meter_read)
        assert question is not None
        ask_number(
            self,
            profile_text(row.title),
            question.text,
            question.button,
            module.meter_read,
            lambda digits: self._try({module: value}, row, digits=digits),
        )

    def _release(self) -> None:
        module = self._single()
        setting = None if module is None else release(self._context.site.table, module)
        if module is None or setting is None:
            return
        row, value = setting
        question = disconnector_question(opens=False, module=self._of(module), meter=module.meter_read)
        ask_number(
            self,
            profile_text(row.title),
            question.text,
            self.release.text(),
            module.meter_read,
            lambda digits: self._try({module: value}, row, digits=digits),
        )

    def _of(self, module: SiteModule) -> str:
        words = named(module)
        return self.tr("{0}, practice bus").format(words) if self._context.site.practice else words
