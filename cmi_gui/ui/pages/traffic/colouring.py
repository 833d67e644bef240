"""The colour rules in force on the page Traffic, and their window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cmi_gui.ui.pages.traffic.colour_rules import ColourRule, rules_from, rules_state
from cmi_gui.ui.pages.traffic.model import TrafficModel
from cmi_gui.ui.pages.traffic.rules_window import RulesWindow
from cmi_gui.ui.pages.traffic.search import occurring


class Colouring(QObject):
    """The colour rules, which paint the lines of each model that is shown. `model` returns that model."""

    def __init__(self, model: Callable[[], TrafficModel], page: QWidget) -> None:
        super().__init__(page)
        self._model, self._page = model, page
        self.rules: tuple[ColourRule, ...] = ()
        self._window: RulesWindow | None = None

    def use(self, rules: tuple[ColourRule, ...]) -> None:
        """Paint the lines by other rules."""
        self.rules = rules
        self._model().set_rules(rules)

    def state(self) -> object:
        """Return the rules as data for the settings."""
        return rules_state(self.rules)

    def restore(self, kept: object) -> None:
        """Use the rules that `state` returned."""
        self.use(rules_from(kept))

    def show_window(self) -> None:
        """Show the window for the rules."""
        if self._window is None:
            self._window = RulesWindow(self.rules, lambda: occurring(self._model().source), self._page)
            self._window.changed.connect(self.use)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()
