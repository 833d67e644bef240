"""The page Configuration: all settings of a module in a form made from the profile, and actions to do at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from cmi_gui.engine.cmi1020.profile import CommandRow
from cmi_gui.engine.configurator.values import meter_rates
from cmi_gui.engine.events import ReadoutDone, Stamped
from cmi_gui.engine.iec62056.reading import read_lines
from cmi_gui.ui.dialogs import confirm
from cmi_gui.ui.pages.configuration.files import SettingsFiles
from cmi_gui.ui.pages.configuration.form import ConfigurationForm
from cmi_gui.ui.pages.configuration.parts import FEW_MODULE_EMS, MANY_MODULE_EMS, MODULE_EMS, ColumnTitles
from cmi_gui.ui.pages.configuration.preview import Preview
from cmi_gui.ui.pages.configuration.rate_map_editor import RateMapEditor
from cmi_gui.ui.pages.configuration.rows import ActionRow, SettingRow
from cmi_gui.ui.pages.page import Context, Page
from cmi_gui.ui.text.messages import profile_text
from cmi_gui.ui.text.questions import action_question, module_and_meter
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.theme import SPACE, em, font
from cmi_gui.ui.widgets.plain.buttons import Button, PrimaryButton, QuietButton, Switch, keep_tab_stop
from cmi_gui.ui.widgets.plain.fields import ChoiceField, Splitter
from cmi_gui.ui.widgets.plain.layout import Gap, Hairline, Label, Surface, add_parts, column_of, row_of
from cmi_gui.ui.widgets.plain.marks import ElidedLabel
from cmi_gui.ui.widgets.plain.scroll_bar import ScrollColumn

_RAIL_FROM = 165
"""The width of the page, in average characters, from which it has room for the rail of groups."""
_PREVIEW_BESIDE_FROM = 132
"""The width from which the telegrams to send are beside the form."""
_WIDE_FROM = 200
"""The width from which the column with the module's value has room for a sentence."""
_STACKED_LINES = 16
"""The least height of the form, in lines of text, when the telegrams are below it."""


class ConfigurationPage(Page):
    """The page Configuration: groups, form and preview of a write side by side, buttons below."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.model = context.configuration
        self._focused_before: QWidget | None = None
        self.files = SettingsFiles(context, self)
        self._form = ConfigurationForm(self.model, self)
        self._form.requested.connect(self._ask_to_do)
        self.rows, self.action_rows = self._form.rows, self._form.action_rows
        self._area = ScrollColumn(self)
        self.preview = Preview(self.model, self)
        self._top = self._make_top()
        self._rail = self._make_rail()
        self.group_choice = self._make_group_choice()
        self._bottom = self._make_bottom()
        self._lay_out()
        self.model.changed.connect(self._show)
        self.model.counted.connect(self._count)
        context.targets.chosen.connect(self._target_chosen)
        context.targets.read.connect(self._show_rates)
        # click() does nothing while the button is disabled.
        QShortcut(QKeySequence.StandardKey.Undo, self, self.undo.click)
        QShortcut(QKeySequence.StandardKey.Redo, self, self.redo.click)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.write.click)
        QShortcut(QKeySequence("F5"), self, self.model.compare)
        self._technical(False)
        self._show()
        # The frame connects to the badge after the page has been made.
        QTimer.singleShot(0, self, self._count)

    # Construction

    def _make_top(self) -> QHBoxLayout:
        title = Label(self.tr("Configuration"), self, look=font(1.35, strong=True))
        self._target_label = ElidedLabel(dim=True)
        self.technical = Switch(self.tr("Bytes and basis"), self, object_name="configTechnical")
        set_tooltip(self.technical, self.tr("Show the bytes of each row and the basis for them"))
        self.technical.toggled.connect(self._technical)
        self.undo = QuietButton("", self, icon="undo", name=self.tr("Undo (Ctrl+Z)"), object_name="configUndo")
        self.undo.clicked.connect(lambda: self.model.undo.undo())
        self.redo = QuietButton("", self, icon="redo", name=self.tr("Redo (Ctrl+Shift+Z)"), object_name="configRedo")
        self.redo.clicked.connect(lambda: self.model.undo.redo())
        self.load = QuietButton(self.tr("Import..."), self, icon="import", object_name="configImport")
        set_tooltip(
            self.load, self.tr("Load settings from a TOML file as unwritten changes; passwords are never loaded")
        )
        self.load.clicked.connect(self.files.ask_import)
        self.save = QuietButton(self.tr("Export..."), self, icon="export", object_name="configExport")
        set_tooltip(self.save, self.tr("Save the values of this form to a TOML file, without passwords"))
        self.save.clicked.connect(self.files.ask_export)
        self.shortened = (self.load, self.save)
        return row_of(
            title, Gap(SPACE.xs), (self._target_label, 1), self.technical, self.undo, self.redo, self.load, self.save
        )

    def _make_rail(self) -> QWidget:
        rail = QWidget(self)
        rail.setAccessibleName(self.tr("Groups of settings"))
        column = column_of(within=rail, margins=0, spacing=2)
        self._group_buttons = QButtonGroup(self)
        for index, group in enumerate(self._form.sections):
            button = QuietButton(self._form.group_title(group), rail, checkable=True)
            button.setAutoExclusive(True)
            button.clicked.connect(lambda _=False, group=group: self._go_to_group(group))
            self._group_buttons.addButton(button, index)
            column.addWidget(button)
        keep_tab_stop(self._group_buttons)
        column.addStretch()
        return rail

    def _make_group_choice(self) -> ChoiceField:
        """Return the choice that takes the place of the rail on a narrow page."""
        choice = ChoiceField(self.tr("Groups of settings"), self, object_name="configGroup")
        for group in self._form.sections:
            choice.addItem(self._form.group_title(group), group)
        choice.activated.connect(lambda index: self._go_to_group(choice.itemData(index)))
        choice.hide()
        self._top.insertWidget(self._top.indexOf(self.technical), choice)
        return choice

    def _make_bottom(self) -> QHBoxLayout:
        self._changes = Label("", self, object_name="configChanges")
        self._elsewhere = ElidedLabel(dim=True)
        self.stop = Button(self.tr("Stop"), self, icon="close", object_name="configStop", on_click=self.model.cancel)
        set_tooltip(self.stop, self.tr("Stop after the current telegram (Esc)"))
        QShortcut(QKeySequence("Esc"), self, self.model.cancel)
        self.discard = QuietButton(self.tr("Discard"), self, object_name="configDiscard")
        self.discard.clicked.connect(lambda: self.model.discard(self.tr("Discard all changes")))
        self.compare = Button(self.tr("Compare with the module"), self, icon="refresh", object_name="configCompare")
        about = self.tr(
            "Read the settings that the module reports and mark the differences (F5). Meanwhile, other"
            " masters receive only its settings."
        )
        set_tooltip(self.compare, about)
        self.compare.clicked.connect(self.model.compare)
        self.write = PrimaryButton(self._write_words(0), self, object_name="writeButton")
        self.write.clicked.connect(lambda: self.model.write())
        self.shortened = (*self.shortened, self.compare)
        return row_of(self._changes, (self._elsewhere, 1), self.stop, self.discard, self.compare, self.write)

    def _lay_out(self) -> None:
        self._area.setWidget(self._form)
        self._area.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        bar = self._area.verticalScrollBar().sizeHint().width()
        middle = Surface("base", self)
        inside = column_of(within=middle, margins=(0, SPACE.s, 0, 0), spacing=SPACE.xs)
        self._titles = ColumnTitles(middle)
        heads = row_of(self._titles, margins=(SPACE.m, 0, SPACE.m + bar, 0))
        add_parts(inside, heads, Hairline(middle), self._area)
        # The background of the page shows through.
        self._form.setAutoFillBackground(False)
        self._area.viewport().setAutoFillBackground(False)
        self._middle = middle
        self._split = split = Splitter(Qt.Orientation.Horizontal, self, object_name="configSplitter")
        split.fill((middle, 3, 740), (self.preview, 1, 300))
        centre = row_of(self._rail, (split, 1))
        column_of(self._top, (centre, 1), self._bottom, within=self, margins=(SPACE.l, SPACE.m), spacing=SPACE.m)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Replace the rail by a choice, and put the telegrams below the form, on a narrow page."""
        narrow = self.width() < em(self, _RAIL_FROM)
        self._rail.setHidden(narrow)
        beside = self.width() >= em(self, _PREVIEW_BESIDE_FROM)
        self._split.setOrientation(Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical)
        wide = self.width() >= em(self, _WIDE_FROM)
        width = em(self, MANY_MODULE_EMS if wide else MODULE_EMS if beside else FEW_MODULE_EMS)
        self._titles.show_module_width(width)
        self._form.show_module_width(width)
        bar = self._area.verticalScrollBar().sizeHint().width()
        # No row may be cut off by the scroll bar.
        self._middle.setMinimumWidth(self._form.least_width() + bar)
        line = self.fontMetrics().lineSpacing()
        self._middle.setMinimumHeight(0 if beside else _STACKED_LINES * line)
        self.preview.setMinimumHeight(0 if beside else _STACKED_LINES * line // 2)
        self.group_choice.setVisible(narrow)
        super().resizeEvent(event)

    def minimumSizeHint(self) -> QSize:
        """Return the size that the page needs without its rail."""
        size = super().minimumSizeHint()
        return size if self._rail.isHidden() else size - QSize(self._rail.minimumSizeHint().width() + SPACE.s, 0)

    # Page

    def activate(self) -> None:
        """Read the target if nothing is known about it yet, and update the page."""
        self.model.read_once()
        self._show()
        self._scrolled()

    def take(self, events: Sequence[Stamped]) -> None:
        """Update the number of the meter's rates after a readout."""
        if self.isVisible() and any(isinstance(stamped.event, ReadoutDone) for stamped in events):
            self._show_rates()

    def refresh(self) -> None:
        """Update all setting rows, including the ages of their values."""
        now = self.station.clock.now()
        for row in self.rows.values():
            row.refresh(now)

    def reveal(self, part: str) -> None:
        """Scroll to a setting or action, by its id in the profile, and focus it; `top`: to the first of all."""
        if part == "top":
            self._area.verticalScrollBar().setValue(0)
        row = self.rows.get(part) or self.action_rows.get(part)
        if row is not None:
            self._area.ensureWidgetVisible(row, 0, SPACE.xl)
            target = row.editor if isinstance(row, SettingRow) else row.buttons[0]
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    def state(self) -> dict[str, object]:
        """Return whether bytes and basis are shown. Entered values are in the model and never in a file."""
        return {"technical": self.technical.isChecked()}

    def restore(self, saved: Mapping[str, object]) -> None:
        """Restore what `state` returned."""
        if isinstance(saved.get("technical"), bool):
            self.technical.setChecked(bool(saved["technical"]))

    # Display

    def _show(self) -> None:
        """Update the whole page from the model."""
        if not self.isVisible():
            return
        model, form = self.model, self.model.form
        busy, focus = model.busy, self.window().focusWidget()
        self._target_label.setText(self.tr("of {0}, {1}").format(model.target.name, model.target.where))
        self._lock_form(model.writing)
        self.refresh()
        for action in self.action_rows.values():
            action.refresh()
        self._show_rates()
        self.preview.refresh()
        sendable, errors = len(form.to_write()), len(form.errors)
        self._changes.setText(self._changes_words(len(form.changed), list(form.errors)))
        others = [self.tr("{0}: {1} unwritten").format(name, count) for name, count in model.elsewhere()]
        self._elsewhere.setText("  ·  ".join(others))
        self.stop.setVisible(busy)
        for button in (self.load, self.compare):
            button.setEnabled(not busy)
        self.undo.setEnabled(not busy and model.undo.canUndo())
        self.redo.setEnabled(not busy and model.undo.canRedo())
        set_tooltip(self.undo, self.tr("Undo {0} (Ctrl+Z)").format(model.undo.undoText()).replace("  ", " "))
        set_tooltip(self.redo, self.tr("Redo {0} (Ctrl+Shift+Z)").format(model.undo.redoText()).replace("  ", " "))
        self.discard.setEnabled(not busy and bool(form.changed))
        set_tooltip(self.discard, "" if form.changed else self.tr("There are no changes"))
        self.write.set_words(self._write_words(sendable))
        self.write.setEnabled(not busy and sendable > 0 and not errors)
        set_tooltip(self.write, self._write_tip(sendable, errors, busy))
        self._move_focus(focus)

    def _move_focus(self, before: QWidget | None) -> None:
        """Move the focus to a neighbour if the focused button of the bottom bar has been disabled or hidden."""
        if before in (self.write, self.discard, self.compare, self.stop) and not (
            before.isEnabled() and before.isVisible()
        ):
            next_focus = self.stop if self.model.busy else self.write if self.write.isEnabled() else self.compare
            next_focus.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lock_form(self, locked: bool) -> None:
        """Disable the form during a write, and give the focus back afterwards."""
        if locked is not self._form.isEnabled():
            return
        if locked:
            focus = self.window().focusWidget()
            self._focused_before = focus if focus is not None and self._form.isAncestorOf(focus) else None
        self._form.setEnabled(not locked)
        set_tooltip(self._form, self.tr("A write is in progress") if locked else "")
        if not locked and self._focused_before is not None:
            self._focused_before.setFocus(Qt.FocusReason.OtherFocusReason)
            self._focused_before = None

    def _changes_words(self, changed: int, errors: Sequence[str]) -> str:
        progress = self.model.progress
        if progress is not None and progress.row:
            title = profile_text(self.model.table.profile.row(progress.row).title)
            return self.tr("Writing {0} of {1}: {2}").format(progress.number, progress.count, title)
        if progress is not None:
            return self.tr("Communicating with the module")
        if errors:
            # The message is under the row, which may be out of view.
            title = profile_text(self.model.table.profile.row(errors[0]).title)
            one, more = self.tr("Cannot be sent: {0}"), self.tr("Cannot be sent: {0} and {1} more")
            return one.format(title) if len(errors) == 1 else more.format(title, len(errors) - 1)
        if changed == 1:
            return self.tr("1 change")
        return self.tr("{0} changes").format(changed) if changed else self.tr("No changes")

    def _write_words(self, count: int) -> str:
        if count == 1:
            return self.tr("Write 1 change")
        return self.tr("Write {0} changes").format(count) if count else self.tr("Write changes")

    def _write_tip(self, sendable: int, errors: int, busy: bool) -> str:
        if busy:
            return self.tr("Communication with the module is in progress")
        if errors:
            return self.tr("A value cannot be sent; see the message under its row")
        if not sendable:
            return self.tr("There are no changes")
        return self.tr("Send them to {0} (Ctrl+Enter)").format(self.model.target.name)

    def _count(self) -> None:
        total = self.model.total()
        self.badge.emit(str(total) if total else "")

    def _technical(self, on: bool) -> None:
        rows: list[SettingRow | ActionRow] = [*self.rows.values(), *self.action_rows.values()]
        for row in rows:
            row.show_technical(on)

    def _show_rates(self) -> None:
        count = meter_rates(self._firmware())
        for table in self._form.findChildren(RateMapEditor):
            table.set_meter_rates(count)

    def _firmware(self) -> str:
        """Return the meter's firmware version, OBIS 0.2.0 of its last readout; empty if unknown."""
        target = self.model.target
        lines = self.module.lines if target.built_in else target.lines
        return next((reading.value for reading in read_lines(lines) if reading.code == "0.2.0"), "")

    def _go_to_group(self, group: str) -> None:
        section = self._form.sections[group]
        self._area.verticalScrollBar().setValue(section.mapTo(self._form, QPoint(0, 0)).y() - SPACE.m)
        self._mark_group(list(self._form.sections).index(group))

    def _mark_group(self, index: int) -> None:
        self._group_buttons.button(index).setChecked(True)
        self.group_choice.setCurrentIndex(index)

    def _scrolled(self) -> None:
        """Mark the group at the top of the visible area."""
        bar = self._area.verticalScrollBar()
        tops = [section.mapTo(self._form, QPoint(0, 0)).y() for section in self._form.sections.values()]
        above = [index for index, top in enumerate(tops) if top <= bar.value() + 2 * SPACE.xl]
        # A group near the end that the user has just chosen stays marked, although it cannot scroll to the top.
        chosen_by_hand = any(each.hasFocus() for each in (*self._group_buttons.buttons(), self.group_choice))
        if tops and not chosen_by_hand:
            self._mark_group(above[-1] if above else 0)

    def _target_chosen(self) -> None:
        if self.isVisible():
            self.model.read_once()

    # User actions

    def _ask_to_do(self, row: CommandRow, text: str) -> None:
        target = self.model.target
        module, meter = module_and_meter(target, self.module, meter_is_real=self.station.meter_is_real)
        question = action_question(row, text, module=module, meter=meter)
        if question is None:
            self.model.act(row.id, text)
            return

        def confirmed() -> None:
            # The confirmation is only valid for the module named in the question.
            if self.model.target is target:
                self.model.act(row.id, text)

        confirm(self, question.button, question.text, question.button, confirmed)
