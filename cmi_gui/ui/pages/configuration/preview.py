"""The preview of a write: its telegrams in order; passwords, and checksums that would reveal them, are `**`."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from cmi_gui.engine.cmi1020.commands import CommandInvalid
from cmi_gui.engine.messages import reason_of
from cmi_gui.engine.traffic.masking import MASK, MbusMask, hex_text
from cmi_gui.ui.models.configuration import Configuration
from cmi_gui.ui.text.messages import profile_text, text_of
from cmi_gui.ui.theme import SPACE, colours, font, monospace
from cmi_gui.ui.widgets.plain.layout import DimLabel, Surface, column_of
from cmi_gui.ui.widgets.plain.scroll_bar import slim_scroll_bars


class Preview(Surface):
    """The list of telegrams, rebuilt only when it has changed."""

    def __init__(self, model: Configuration, parent: QWidget | None = None) -> None:
        super().__init__("base", parent)
        self._model = model
        self._mask = MbusMask(model.table.profile)
        self._shown: object = None
        title = DimLabel(self.tr("Telegrams to send"), self, look=font(0.88, strong=True))
        self.text = QTextEdit(self)
        self.text.setObjectName("writePreview")
        self.text.setAccessibleName(self.tr("Telegrams to send"))
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.document().setDocumentMargin(0)
        slim_scroll_bars(self.text)
        title.setBuddy(self.text)
        column_of(title, (self.text, 1), within=self, margins=(SPACE.m, SPACE.m, SPACE.m, SPACE.s))

    def changeEvent(self, event: QEvent) -> None:
        """Rebuild the list in the colours of a new theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._shown = None
            self.refresh()

    def refresh(self) -> None:
        """Show what would be sent now."""
        try:
            steps = [
                (profile_text(writing.row.title), self._hex(writing.frame.to_bytes()))
                for writing in self._model.planned()
            ]
            problem = ""
        except CommandInvalid as error:
            steps, problem = [], text_of(reason_of(error))
        if (steps, problem) == self._shown:
            return
        self._shown = (steps, problem)
        position = self.text.verticalScrollBar().value()
        self.text.clear()
        self._fill(steps, problem)
        self.text.verticalScrollBar().setValue(position)

    def _hex(self, telegram: bytes) -> str:
        return hex_text(telegram, self._mask.ranges(telegram))

    def _fill(self, steps: list[tuple[str, str]], problem: str) -> None:
        c = colours(self.palette())
        heading, command, plain = (QTextCharFormat() for _ in range(3))
        heading.setFont(font(strong=True))
        heading.setForeground(c.text)
        command.setFont(monospace(0.92))
        command.setForeground(c.text)
        plain.setFont(font())
        plain.setForeground(c.dim)
        cursor = QTextCursor(self.text.document())
        if not steps:
            words = self.tr(
                "Nothing to send: no row is changed. Edit a value, or press the mark in front of a row to write it."
            )
            cursor.insertText(problem or words, plain)
            return
        space, close = QTextBlockFormat(), QTextBlockFormat()
        space.setTopMargin(SPACE.m)
        close.setTopMargin(2)
        for number, (title, octets) in enumerate(steps, 1):
            if number == 1:
                cursor.setBlockFormat(close)
            else:
                cursor.insertBlock(space)
            cursor.insertText(f"{number}  {title}", heading)
            cursor.insertBlock(close)
            cursor.insertText(octets, command)
        cursor.insertBlock(space)
        cursor.insertText(
            self.tr(
                "Before the first telegram, the module is selected by its complete secondary address and read, so"
                " that nothing is sent to another module, or to two modules. After each telegram, its status is"
                " read."
            ),
            plain,
        )
        if any(MASK in octets for _, octets in steps):
            cursor.insertBlock(space)
            cursor.insertText(self.tr("** replaces a password, and the checksum that would reveal it"), plain)
