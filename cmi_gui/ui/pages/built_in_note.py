"""The note on the built-in module's pages while another module is the target."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from cmi_gui.ui.models.shown_module import ShownModule
from cmi_gui.ui.targets import ModuleTarget, Targets
from cmi_gui.ui.widgets.plain.layout import WarningLine


class BuiltInNote(WarningLine):
    """A line that names the chosen module, which the page does not show; empty for the built-in one.

    `simulated`: returns whether the page may call what it shows simulated. `shown`: the module of the page, if it can
    be another than the built-in one.
    """

    def __init__(
        self,
        targets: Targets,
        parent: QWidget | None = None,
        *,
        simulated: Callable[[], bool] = lambda: False,
        shown: ShownModule | None = None,
    ) -> None:
        super().__init__(parent, object_name="builtInNote")
        self._targets = targets
        self._simulated = simulated
        self._shown = shown
        if shown is not None:
            shown.switched.connect(self.refresh)
        targets.chosen.connect(self.refresh)
        targets.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Update the line."""
        target = self._targets.current
        if self._shown is not None and not self._shown.built_in:
            self.show_text(self._practice_words(self._shown, target))
            return
        words = (
            self.tr("This page shows the built-in module: simulated, not {0}")
            if self._simulated()
            else self.tr("This page shows the built-in module, not {0}")
        )
        self.show_text("" if target.built_in else words.format(target.name))

    def _practice_words(self, shown: ShownModule, target: ModuleTarget) -> str:
        serial, identity = shown.state.serial, target.identity()
        if target.practice and identity is not None and identity.fabrication == serial:
            return self.tr("This page shows module {0} of the practice bus: simulated").format(serial)
        words = self.tr("This page shows module {0} of the practice bus: simulated, not {1}")
        return words.format(serial, target.name)
