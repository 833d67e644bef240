"""Rehearsal: a copy of the site on the practice bus, and the way back."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from cmi_gui.ui.pages.page import Context


class RehearseBar(QWidget):
    """A bar that starts a rehearsal, names it while it lasts, and ends it."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context

    def refresh(self) -> None:
        """Show the present state; called with the page's `refresh`."""
