"""What an earlier write left open: an interrupted batch, modules that may be elsewhere, and questions to the user."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cmi_gui.engine.site.model import RowState, SiteModule, SiteWrite
from cmi_gui.ui.models.visit import WritePhase
from cmi_gui.ui.pages.bus.visit_words import modules_text, named, place_words, title_of
from cmi_gui.ui.pages.page import Context
from cmi_gui.ui.text.mark import Mark
from cmi_gui.ui.text.words import Level
from cmi_gui.ui.theme import SPACE, font
from cmi_gui.ui.widgets.plain.buttons import Button, QuietButton
from cmi_gui.ui.widgets.plain.layout import DimLabel, Label, column_of, row_of
from cmi_gui.ui.widgets.plain.marks import StateMark
from cmi_gui.ui.widgets.plain.scroll_bar import ScrollColumn

_MOST = 50
"""The most entries that are shown at once; the others follow when these are done."""


class OpenEnds(ScrollColumn):
    """A list of what is open, each entry with what can be done about it; hidden without one.

    Signals: `resume(object)`, the `SiteModule`s of the interrupted batch that still have differences.
    """

    resume = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("openEnds")
        self._context = context
        self._visit = context.visit
        self._shown: object = None
        self.hide()

    def refresh(self) -> None:
        """Show the present entries; nothing is rebuilt if they are the same."""
        visit, site = self._visit, self._context.site.site
        writing = visit.phase in (WritePhase.FIRST, WritePhase.ASKING, WritePhase.REST)
        interrupted = [] if writing else visit.interrupted
        unsure = [] if writing else [module for module in site if module.state is RowState.UNSURE]
        questions = [] if writing else visit.questions()
        why_not = visit.why_not
        present = (
            [id(module) for module in interrupted],
            [(id(module), module.place, tuple(module.possible)) for module in unsure],
            [(id(module), write) for module, write in questions],
            [id(module) for module in visit.looking],
            why_not,
        )
        if present == self._shown:
            return
        self._shown = present
        inside = QWidget(self)
        entries: list[QWidget] = []
        if interrupted:
            entries.append(self._interrupted(interrupted, why_not))
        entries += [self._unsure(module, why_not) for module in unsure[:_MOST]]
        entries += [self._question(module, write) for module, write in questions[:_MOST]]
        column_of(*entries, within=inside, margins=0, spacing=SPACE.s)
        self.setWidget(inside)
        self.setVisible(bool(entries))
        lines = 3 * self.fontMetrics().lineSpacing() + SPACE.s
        self.setMaximumHeight(min(3, len(entries)) * (lines + SPACE.s))
        self.setMinimumHeight(min(2, len(entries)) * lines)

    def _entry(self, title: str, detail: str, *buttons: Button) -> QWidget:
        entry = QWidget()
        mark = StateMark(Mark.TROUBLE, entry)
        head = Label(title, entry, look=font(strong=True), wrap=True)
        words = column_of(head, DimLabel(detail, entry, wrap=True), spacing=SPACE.xs)
        row_of(mark, (words, 1), *buttons, within=entry, margins=0)
        return entry

    def _interrupted(self, modules: list[SiteModule], why_not: str) -> QWidget:
        left = self._visit.to_write(modules)
        if not left:
            detail = self.tr("All of its differences are written. Nothing was repeated.")
            away = QuietButton(self.tr("Close this note"), on_click=self._visit.put_away)
            return self._entry(self.tr("The last write was interrupted"), detail, away)
        detail = self.tr("{0} still have differences. What was sent before is not repeated.").format(
            modules_text(len(left))
        )
        go = Button(self.tr("Go on with {0}").format(modules_text(len(left))), object_name="writeResume")
        go.allow(why_not, self.tr("The next module goes alone again"))
        go.clicked.connect(lambda: self.resume.emit(left))
        away = QuietButton(self.tr("Not now"), on_click=self._visit.put_away)
        return self._entry(self.tr("The last write was interrupted"), detail, away, go)

    def _unsure(self, module: SiteModule, why_not: str) -> QWidget:
        places = "; ".join(map(place_words, module.possible))
        detail = self.tr("It may be at: {0}").format(places)
        look = Button(self.tr("Look for it"), icon="search", object_name="lookForIt")
        busy = self.tr("It is being looked for") if module in self._visit.looking else ""
        look.allow(busy or why_not, self.tr("Ask at every place where it may be; nothing is changed"))
        look.clicked.connect(partial(self._look, module))
        return self._entry(self.tr("Unsure: {0}").format(named(module)), detail, look)

    def _look(self, module: SiteModule) -> None:
        def over(found: bool) -> None:
            words = (
                self.tr("Found: {0}")
                if found
                else self.tr("Not found: {0}. Check its wires and the bus voltage, then search the bus.")
            )
            level = Level.GOOD if found else Level.WARNING
            self._context.add_message(level, words.format(named(module)))

        self._visit.look_for(module, over)

    def _question(self, module: SiteModule, write: SiteWrite) -> QWidget:
        title = title_of(self._context.site.table.profile.row(write.name))
        detail = self.tr("The module cannot report it, and it is never sent again without your decision.")
        done, undone = Button(self.tr("It was carried out")), Button(self.tr("It was not"))
        for button, carried_out in ((done, True), (undone, False)):
            button.clicked.connect(partial(self._answer, module, write, carried_out))
        return self._entry(self.tr("{0}: {1} may have been sent").format(named(module), title), detail, undone, done)

    def _answer(self, module: SiteModule, write: SiteWrite, carried_out: bool) -> None:
        self._visit.answer(module, write, carried_out=carried_out)
