"""The welcome bar of the first start: what the program is, and three ways to begin; not shown again once dismissed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal

from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.theme import SPACE, em, font
from cmi_gui.ui.widgets.plain.buttons import Button, QuietButton
from cmi_gui.ui.widgets.plain.layout import DimLabel, Hairline, Label, Surface, column_of, row_of

_TEXT_FROM = 155
"""The width of the window, in average characters, from which the bar has a text beside its buttons."""


class WelcomeBar(Surface):
    """The welcome bar. Signals: `dismissed()`, by the cross; `tour()`, the user wants the tour."""

    dismissed = Signal()
    tour = Signal()

    def __init__(self, go: Callable[[str, str], None]) -> None:
        super().__init__("base")
        self.setObjectName("welcomeBar")
        title = Label(self.tr("Welcome"), self, look=font(strong=True))
        self.text = DimLabel(parent=self, object_name="welcomeText", wrap=True)
        self.show_meter(simulated=True)
        words = column_of(title, self.text, spacing=1)
        tour = Button(self.tr("Take the tour"), self, object_name="doorTwin", on_click=self.tour)
        set_tooltip(tour, self.tr("A short tour of the window"))
        master = Button(self.tr("Connect a master"), self, object_name="doorMaster")
        set_tooltip(master, self.tr("Show the address to connect to, and a command that reads the module"))
        master.clicked.connect(lambda: self._open(go, "pageModule", "connect"))
        modules = Button(self.tr("Work on real modules"), self, object_name="doorReal")
        set_tooltip(modules, self.tr("Find, read and configure modules on an M-Bus"))
        modules.clicked.connect(lambda: self._open(go, "pageBus", ""))
        shut = QuietButton("", self, icon="close", name=self.tr("Do not show this again"), object_name="welcomeClose")
        shut.clicked.connect(self._dismiss)
        row = row_of((words, 1), tour, master, modules, shut, margins=(SPACE.l, SPACE.s, SPACE.s, SPACE.s))
        column_of(row, Hairline(self), within=self, margins=0, spacing=0)

    def fit(self, width: int) -> None:
        """Leave the text out in a window of a width in which it would take many lines."""
        self.text.setVisible(width >= em(self, _TEXT_FROM))

    def show_meter(self, *, simulated: bool) -> None:
        """Set the text for a simulated or a real meter."""
        words = (
            self.tr("This program contains a complete CMi1020 in a simulated meter. What do you want to do?")
            if simulated
            else self.tr("This program contains a complete CMi1020, which reads a real meter. What do you want to do?")
        )
        if words != self.text.text():
            self.text.setText(words)

    def _open(self, go: Callable[[str, str], None], page: str, part: str) -> None:
        """Show a page, which needs the bar's room on a low screen; the bar returns at the next start."""
        self.hide()
        go(page, part)

    def _dismiss(self) -> None:
        self.hide()
        self.dismissed.emit()
