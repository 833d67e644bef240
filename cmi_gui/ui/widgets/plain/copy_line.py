"""A line of text that is there to be copied."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from cmi_gui.ui.theme import SPACE, monospace
from cmi_gui.ui.widgets.plain.buttons import Button
from cmi_gui.ui.widgets.plain.fields import paint_field


class _Quote(QLabel):
    """Text in a field's outline, in as many lines as it takes."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setMargin(7)
        self.setFont(monospace(0.92))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Outline, then the text as ever."""
        painter = QPainter(self)
        paint_field(self, painter)
        painter.end()
        super().paintEvent(event)


class CopyLine(QWidget):
    """A text in an outline, and a button that puts it on the clipboard."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._name = name
        self._quote = _Quote(self)
        self.button = Button("", self, icon="copy", name=self.tr("Copy: {0}").format(name))
        self.button.clicked.connect(self._copy)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.xs)
        row.addWidget(self._quote, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)

    @property
    def text(self) -> str:
        """What would be copied; empty for nothing."""
        return self._text

    def set_text(self, text: str, otherwise: str) -> None:
        """Show `text`, or, where there is none, say `otherwise` and offer nothing to copy."""
        self._text = text
        # An option must not be broken at its hyphens; what is copied has the ordinary ones.
        shown = text.replace("-", "\N{NON-BREAKING HYPHEN}") or otherwise
        if self._quote.text() != shown:
            self._quote.setText(shown)
            self._quote.setAccessibleName(f"{self._name}: {text or otherwise}")
        self.button.setEnabled(bool(text))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)
