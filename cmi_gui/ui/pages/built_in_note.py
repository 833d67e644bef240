"""The note on the built-in module's pages while Configuration, Readings and Diagnostics work on another module."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from cmi_gui.ui.targets import Targets
from cmi_gui.ui.widgets.plain.layout import WarningLine


class BuiltInNote(WarningLine):
    """A line that names the chosen module, which the page does not show; empty for the built-in one."""

    def __init__(self, targets: Targets, parent: QWidget | None = None) -> None:
        super().__init__(parent, object_name="builtInNote")
        self._targets = targets
        targets.chosen.connect(self._show)
        targets.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        target = self._targets.current
        words = self.tr("This page shows the built-in module, not {0}")
        self.show_text("" if target.built_in else words.format(target.name))
