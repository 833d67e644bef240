"""At the first start: what this is, and the three things one may have come for. Goes for good when it is dismissed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cmi_gui.ui.theme import SPACE, font
from cmi_gui.ui.widgets.plain.buttons import Button, ButtonKind
from cmi_gui.ui.widgets.plain.layout import DimLabel, Hairline, Surface


class WelcomeBar(Surface):
    """Signals: `dismissed()`, by the cross; `tour()`, somebody wants to be shown around."""

    dismissed = Signal()
    tour = Signal()

    def __init__(self, go: Callable[[str, str], None], parent: QWidget | None = None) -> None:
        super().__init__("base", parent)
        self.setObjectName("welcomeBar")
        title = QLabel(self.tr("Welcome"), self)
        title.setFont(font(strong=True))
        self.text = DimLabel(parent=self)
        self.text.setObjectName("welcomeText")
        self.text.setWordWrap(True)
        self.show_meter(simulated=True)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(title)
        words.addWidget(self.text)
        self.twin = Button(self.tr("Look at the twin"), self)
        self.twin.setObjectName("doorTwin")
        self.twin.setToolTip(self.tr("A short tour of the window"))
        self.twin.clicked.connect(self.tour)
        self.master = Button(self.tr("Connect my master to it"), self)
        self.master.setObjectName("doorMaster")
        self.master.setToolTip(self.tr("The address to connect to, and a command that reads the module"))
        self.master.clicked.connect(lambda: go("pageModule", "connect"))
        self.real = Button(self.tr("Work on real modules"), self)
        self.real.setObjectName("doorReal")
        self.real.setToolTip(self.tr("Find, read and configure modules on an M-Bus"))
        self.real.clicked.connect(lambda: go("pageBus", ""))
        shut = Button("", self, kind=ButtonKind.QUIET, icon="close", name=self.tr("Do not show this again"))
        shut.setObjectName("welcomeClose")
        shut.clicked.connect(self._dismiss)
        row = QHBoxLayout()
        row.setContentsMargins(SPACE.l, SPACE.s, SPACE.s, SPACE.s)
        row.setSpacing(SPACE.s)
        row.addLayout(words, 1)
        for button in (self.twin, self.master, self.real, shut):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(Hairline(self))

    def show_meter(self, *, simulated: bool) -> None:
        """Say what runs here; the meter may be a real one."""
        words = (
            self.tr("A whole CMi1020 in a simulated meter runs in this window. What are you here for?")
            if simulated
            else self.tr("A whole CMi1020 runs in this window and reads a real meter. What are you here for?")
        )
        if words != self.text.text():
            self.text.setText(words)

    def _dismiss(self) -> None:
        self.hide()
        self.dismissed.emit()
