"""The step Read: the values of all modules in one table, read once or again and again."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from cmi_gui.ui.pages.page import Context


class SiteReadingsView(QWidget):
    """The step Read of a visit."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context

    def refresh(self) -> None:
        """Show the present state; called with the page's `refresh`."""
