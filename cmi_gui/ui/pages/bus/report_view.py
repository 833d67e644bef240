"""The step Report: a preview, its variants and languages, and saving it as a file."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from cmi_gui.ui.pages.page import Context


class ReportView(QWidget):
    """The step Report of a visit."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context

    def refresh(self) -> None:
        """Show the present state; called with the page's `refresh`."""
