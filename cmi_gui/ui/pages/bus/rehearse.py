"""Rehearsal: a copy of the site on the practice bus, and the way back."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from cmi_gui.ui.pages.page import Context
from cmi_gui.ui.text.words import Level, sentence
from cmi_gui.ui.theme import font
from cmi_gui.ui.widgets.plain.buttons import Button, QuietButton
from cmi_gui.ui.widgets.plain.layout import DimLabel, Label, column_of, row_of


class RehearseBar(QWidget):
    """A bar that names a rehearsal while it lasts, and ends it; hidden without one.

    `button` begins one; the page places it. `back` ends it.
    """

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._rehearsal = context.rehearsal
        self.button = QuietButton(self.tr("Rehearse"), parent, icon="play", object_name="rehearse")
        self.button.clicked.connect(self._begin)
        self.title = Label("", self, look=font(strong=True), wrap=True, object_name="rehearsalTitle")
        self.remarks = DimLabel("", self, wrap=True, object_name="rehearsalRemarks")
        self.back = Button(self.tr("Back to the site"), self, object_name="rehearsalEnd", on_click=self._rehearsal.end)
        words = column_of(self.title, self.remarks, spacing=0)
        row_of((words, 1), self.back, within=self, margins=0)
        self._rehearsal.changed.connect(self.refresh)
        self.hide()

    def refresh(self) -> None:
        """Show whether a rehearsal is running."""
        rehearsal = self._rehearsal
        self.button.setVisible(not self._context.site.practice)
        self.button.allow(rehearsal.why_not, self.tr("Try the visit on a copy of this site on the practice bus"))
        self.setVisible(rehearsal.running)
        if rehearsal.running:
            name = rehearsal.name or self.tr("the site without a name")
            self.title.setText(
                self.tr("Rehearsal of {0}: nothing of it enters the site, its history or a later visit").format(name)
            )
            remarks = " ".join(f"{sentence(remark)}." for remark in rehearsal.remarks)
            self.remarks.setText(remarks)
            self.remarks.setVisible(bool(remarks))

    def _begin(self) -> None:
        self._rehearsal.begin()
        if self._rehearsal.problem is not None:
            self._context.add_message(Level.ERROR, sentence(self._rehearsal.problem))
