"""A line of text that is there to be copied."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from cmi_gui.ui.theme import SPACE, monospace
from cmi_gui.ui.widgets.buttons import Button

__all__ = ["CopyLine"]


class CopyLine(QWidget):
    """A read-only field and a button that puts its text on the clipboard."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = QLineEdit(self)
        self.field.setReadOnly(True)
        self.field.setFont(monospace(0.95))
        self.field.setAccessibleName(name)
        self.button = Button("", self, icon="copy", name=self.tr("Copy: {0}").format(name))
        self.button.clicked.connect(self._copy)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.xs)
        row.addWidget(self.field, 1)
        row.addWidget(self.button)

    def set_text(self, text: str, otherwise: str) -> None:
        """Show `text`, or, where there is none, say `otherwise` and offer nothing to copy."""
        if self.field.text() != text:
            self.field.setText(text)
            self.field.setCursorPosition(0)
            self.field.setToolTip(text)
        self.field.setPlaceholderText(otherwise)
        self.button.setEnabled(bool(text))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.field.text())
