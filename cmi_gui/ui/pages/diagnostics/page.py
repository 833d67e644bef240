"""The page Diagnostics: the symptoms of the chosen module as chains of checks, self-test, report, faults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from cmi_gui.engine.diagnostics.bus_module_chains import READ
from cmi_gui.engine.diagnostics.checks import Finding, Lead, Symptom, SymptomId
from cmi_gui.engine.diagnostics.diagnosis import causes
from cmi_gui.engine.events import (
    ActionFinished,
    ContactChanged,
    DisconnectorChanged,
    LinkChanged,
    Notice,
    PowerChanged,
    RateErrorChanged,
    ReadoutDone,
    SettingChanged,
    Stamped,
)
from cmi_gui.engine.files.atomic_file import write_atomically
from cmi_gui.ui.dialogs import ask_save_file
from cmi_gui.ui.pages.diagnostics.check_list import SymptomCard
from cmi_gui.ui.pages.diagnostics.report import report_text
from cmi_gui.ui.pages.diagnostics.side import DiagnosticsSide
from cmi_gui.ui.pages.page import Context, Page
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.theme import SPACE, em, font
from cmi_gui.ui.widgets.plain.buttons import Button, ButtonKind, QuietButton, point_out
from cmi_gui.ui.widgets.plain.layout import DimLabel, Label, Stretch, Surface, column_of, row_of
from cmi_gui.ui.widgets.plain.scroll_bar import ScrollColumn

_BESIDE_FROM = 145
"""The width of the page, in average characters, from which the side is beside the symptoms."""
_CHECKS_BESIDE_FROM = 235
"""The width from which the checks of the open symptom are beside the symptoms too."""
_DELAY_MS = 500
"""Delay in ms from a relevant event to the next diagnosis."""
_RELEVANT_EVENTS = (
    ActionFinished,
    ContactChanged,
    DisconnectorChanged,
    LinkChanged,
    Notice,
    PowerChanged,
    RateErrorChanged,
    ReadoutDone,
    SettingChanged,
)


class DiagnosticsPage(Page):
    """The page Diagnostics: symptoms on the left, at most one of them open; self-test and faults on the right.

    Symptoms with trouble come first, and the first one with a cause is opened, until the user opens or closes one. A
    module on a real bus is checked by what was last read of it, and only read again at the user's request; the right
    side is hidden then.
    """

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._chosen: SymptomId | None = None
        self._closed_all = False
        self._diagnosis = context.diagnosis
        symptoms = self._diagnosis.look()
        self.cards = {symptom.id: SymptomCard(symptom, self) for symptom in symptoms}
        self._order = list(self.cards.values())
        for card in self._order:
            card.toggled.connect(self._toggled)
            card.followed.connect(self._follow)
        self.side: DiagnosticsSide | None = None
        """The right side; made when the page is first shown."""
        self._whose = DimLabel(object_name="diagnosticsWhose")
        self.summary = DimLabel()
        self.read = Button(self.tr("Read the module"), self, icon="refresh", object_name="diagnosticsRead")
        self.read.clicked.connect(self._read)
        self.copy = QuietButton(self.tr("Copy report"), self, icon="copy", object_name="copyReport")
        self.copy.clicked.connect(self._copy)
        set_tooltip(
            self.copy,
            self.tr("Copy versions, settings, wiring, checks and the last messages as text, without passwords"),
        )
        self.save = QuietButton(self.tr("Save report..."), self, icon="export", object_name="saveReport")
        set_tooltip(self.save, self.tr("Save the same text to a file"))
        self.save.clicked.connect(self._save)
        self.shortened = (self.copy, self.save)
        # Runs only after a relevant event.
        self._later = QTimer(self, singleShot=True, interval=_DELAY_MS)
        self._later.timeout.connect(self._diagnose)
        self._diagnosis.changed.connect(self._schedule)
        self._lay_out()
        context.targets.chosen.connect(self._target_chosen)
        self._target_chosen()

    def _lay_out(self) -> None:
        title = Label(self.tr("Diagnostics"), self, look=font(1.35, strong=True))
        middle = Qt.AlignmentFlag.AlignVCenter
        top = row_of(title, (self._whose, 0, middle), Stretch(), self.read, self.copy, self.save, spacing=SPACE.m)

        self.list = QWidget(self)
        self.list.setObjectName("diagnosticsList")
        self.list.setAccessibleName(self.tr("Symptoms"))
        self._column = column_of(*self.cards.values(), Stretch(1), within=self.list, margins=(0, 0, SPACE.m, 0))
        self._scroll = ScrollColumn(self)
        self._scroll.setWidget(self.list)
        checks = Surface("base", self)
        self._checks = column_of(Stretch(1), within=checks, margins=0)
        self._beside = ScrollColumn(self)
        self._beside.setObjectName("diagnosticsChecks")
        self._beside.setWidget(checks)
        self._beside.hide()

        self._body = body = row_of((self._scroll, 2), (self._beside, 3), spacing=SPACE.l)
        column_of(
            top, self.summary, (body, 1), within=self, margins=(SPACE.l, SPACE.m, SPACE.l, SPACE.l), spacing=SPACE.m
        )

    # Page

    def activate(self) -> None:
        """Make the right side at the first visit."""
        if self.side is None:
            self.side = DiagnosticsSide(self.context, self)
            self._body.addWidget(self.side)
            self._place_side()

    def deactivate(self) -> None:
        """Cancel a scheduled diagnosis."""
        self._later.stop()

    def take(self, events: Sequence[Stamped]) -> None:
        """Schedule a diagnosis after relevant events, also for the badge."""
        if any(isinstance(stamped.event, _RELEVANT_EVENTS) for stamped in events):
            self._schedule()

    def _schedule(self) -> None:
        if not self._later.isActive():
            self._later.start()

    def refresh(self) -> None:
        """Diagnose again, because many findings depend on time alone."""
        self._diagnose()
        if self.side is not None:
            self.side.refresh()

    def reveal(self, part: str) -> None:
        """Show the faults (`faults`) or a symptom, by its id (no_meter, button, rate, delay, master)."""
        if part == "faults" and self.side is not None and self._diagnosis.target.built_in:
            self.side.show_faults()
        elif part in set(SymptomId):
            self._toggled(SymptomId(part), True)
            point_out(self.cards[SymptomId(part)].heading)

    def state(self) -> dict[str, object]:
        """Return the symptom that the user opened, if any."""
        return {} if self._chosen is None else {"open": self._chosen.value}

    def restore(self, saved: Mapping[str, object]) -> None:
        """Open the symptom from `state`."""
        opened = saved.get("open")
        if isinstance(opened, str) and opened in set(SymptomId):
            self._toggled(SymptomId(opened), True)

    # Display

    def _target_chosen(self) -> None:
        target = self._diagnosis.target
        self._whose.setText(target.name)
        self.read.setVisible(not target.built_in)
        self._place_side()
        # Which symptom was opened for one module says nothing about another.
        self._chosen, self._closed_all = None, False
        self._diagnose()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the side below the symptoms on a narrow page, and the checks beside them on a wide one."""
        self._place_side()
        self._place_checks()
        super().resizeEvent(event)

    def _place_side(self) -> None:
        """Show the side for the built-in module: beside the symptoms, or below them if the page is narrow."""
        if self.side is None:
            return
        beside = self.width() >= em(self, _BESIDE_FROM)
        self._body.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        for column in (self._scroll, self.side):
            column.unroll(not beside)
        self.side.stack(not beside)
        self.side.setVisible(self._diagnosis.target.built_in)

    def _place_checks(self) -> None:
        wide = self.width() >= em(self, _CHECKS_BESIDE_FROM)
        if wide is self._beside.isHidden():
            self._beside.setVisible(wide)
            for card in self.cards.values():
                card.put_checks(self._checks if wide else None)

    def _follow(self, lead: Lead) -> None:
        if lead == READ:
            self._read()
        else:
            self.context.go(lead.page, lead.part)

    def _read(self) -> None:
        self._diagnosis.read()

    def _diagnose(self) -> None:
        self._show(self._diagnosis.look())

    def _show(self, symptoms: tuple[Symptom, ...]) -> None:
        found = causes(symptoms)
        self.badge.emit(str(len(found)) if found else "")
        if not self.isVisible():
            return
        if self._chosen is None and not self._closed_all:
            self._sort(symptoms)
            self._open(_first(symptoms).id)
        for symptom in symptoms:
            self.cards[symptom.id].show_symptom(symptom)
        count = sum(symptom.trouble for symptom in symptoms)
        if not count:
            words = self.tr("No problem found. Choose a symptom to see its possible causes.")
        elif count == 1:
            words = self.tr("One symptom has a cause; fix the marked problem first")
        else:
            words = self.tr("{0} symptoms have a cause; fix the marked problem first").format(count)
        unread = any(check.finding is Finding.NOT_READ for symptom in symptoms for check in symptom.checks)
        self.read.set_kind(ButtonKind.PRIMARY if unread else ButtonKind.NORMAL)
        if unread:
            words = self.tr("Read the module to check it")
        busy = self._diagnosis.busy
        self.summary.setText(self.tr("Reading the module...") if busy else words)
        self.read.setEnabled(not busy)
        tip = self.tr("The module is being read") if busy else self.tr("Read its telegrams, and then its settings")
        set_tooltip(self.read, tip)

    def _sort(self, symptoms: tuple[Symptom, ...]) -> None:
        """Put the symptoms with trouble first, also for the Tab key."""
        cards = [self.cards[symptom.id] for symptom in sorted(symptoms, key=lambda each: not each.trouble)]
        if cards != self._order:
            self._order = cards
            for place, card in enumerate(cards):
                self._column.insertWidget(place, card)
            inside = [part for card in cards for part in card.findChildren(QWidget)]
            for before, after in pairwise(part for part in inside if part.focusPolicy() != Qt.FocusPolicy.NoFocus):
                QWidget.setTabOrder(before, after)

    def _open(self, opened: SymptomId | None) -> None:
        for name, card in self.cards.items():
            if card.opened is not (name is opened):
                card.set_open(name is opened)

    def _toggled(self, symptom: SymptomId, on: bool) -> None:
        """Open a symptom and close the others, or close it; from then on none is opened automatically."""
        self._chosen = symptom if on else None
        self._closed_all = not on
        self._open(self._chosen)
        self._diagnose()

    # The report

    def _report(self) -> str:
        return report_text(self.station, self._diagnosis, self.context.messages.last(40))

    def _copy(self) -> None:
        self.context.copy(self._report(), self.tr("Report copied to the clipboard"))

    def _save(self) -> None:
        ask_save_file(
            self, self.tr("Save the report"), self.tr("Text (*.txt);;All files (*)"), "cmi-gui-report.txt", self._write
        )

    def _write(self, path: Path) -> None:
        text = self._report()
        self.context.save(
            lambda: write_atomically(path, text.encode("utf-8"), private=False),
            self.tr("Report saved to {0}").format(path.name),
            self.tr("The report could not be saved: {0}"),
        )


def _first(symptoms: tuple[Symptom, ...]) -> Symptom:
    """Return the symptom to open first: one with trouble, else one with a wrong check except MASTER, else the first."""
    for wanted in (lambda s: s.trouble, lambda s: s.first_wrong is not None and s.id is not SymptomId.MASTER):
        for symptom in symptoms:
            if wanted(symptom):
                return symptom
    return symptoms[0]
