"""Commands: to many modules at once, and the dangerous ones to one module at a time."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from cmi_gui.ui.pages.page import Context


class CommandsView(QWidget):
    """The commands to the selected modules."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context

    def refresh(self) -> None:
        """Show the present state; called with the page's `refresh`."""
