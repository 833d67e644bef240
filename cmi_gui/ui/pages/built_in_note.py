"""The note on the built-in module's pages while another module is the target."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from cmi_gui.ui.targets import Targets
from cmi_gui.ui.widgets.plain.layout import WarningLine


class BuiltInNote(WarningLine):
    """A line that names the chosen module, which the page does not show; empty for the built-in one.

    `simulated`: returns whether the page may call what it shows simulated.
    """

    def __init__(
        self, targets: Targets, parent: QWidget | None = None, *, simulated: Callable[[], bool] = lambda: False
    ) -> None:
        super().__init__(parent, object_name="builtInNote")
        self._targets = targets
        self._simulated = simulated
        targets.chosen.connect(self.refresh)
        targets.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Update the line."""
        target = self._targets.current
        words = (
            self.tr("This page shows the built-in module: simulated, not {0}")
            if self._simulated()
            else self.tr("This page shows the built-in module, not {0}")
        )
        self.show_text("" if target.built_in else words.format(target.name))
