"""A line of text with a button to copy it."""

from __future__ import annotations

from typing import Unpack

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cmi_gui.ui.theme import SPACE, monospace
from cmi_gui.ui.widgets.plain.buttons import QuietButton
from cmi_gui.ui.widgets.plain.fields import paint_field
from cmi_gui.ui.widgets.plain.layout import Label, row_of
from cmi_gui.ui.widgets.plain.options import Options, take_options


class _Quote(Label):
    """Wrapped text in a field's outline."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("", parent, wrap=True, look=monospace(0.92))
        self.setMargin(7)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the outline, then the text."""
        painter = QPainter(self)
        paint_field(self, painter)
        painter.end()
        super().paintEvent(event)


class CopyLine(QWidget):
    """A text in an outline, and a button that copies it to the clipboard."""

    def __init__(self, name: str, parent: QWidget | None = None, **options: Unpack[Options]) -> None:
        super().__init__(parent)
        take_options(self, options)
        self._text = ""
        self._name = name
        self._quote = _Quote(self)
        self.button = QuietButton("", self, icon="copy", name=self.tr("Copy: {0}").format(name), on_click=self._copy)
        row_of((self._quote, 1), (self.button, 0, Qt.AlignmentFlag.AlignTop), within=self, margins=0, spacing=SPACE.xs)

    @property
    def text(self) -> str:
        """The text to copy; empty for none."""
        return self._text

    def set_text(self, text: str, otherwise: str) -> None:
        """Show `text`; if it is empty, show `otherwise` and disable copying."""
        self._text = text
        # An option must not wrap at its hyphens; the copied text has ordinary ones.
        shown = text.replace("-", "\N{NON-BREAKING HYPHEN}") or otherwise
        if self._quote.text() != shown:
            self._quote.setText(shown)
            self._quote.setAccessibleName(f"{self._name}: {text or otherwise}")
        self.button.setEnabled(bool(text))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)
