"""The simulated time: how fast it passes, and its date and time."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QSizePolicy, QWidget

from cmi_gui.engine.messages import InvalidValue
from cmi_gui.engine.station.module_time import parse_time
from cmi_gui.ui.models.shown_module import ShownModule
from cmi_gui.ui.text.messages import text_of, translate
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.text.words import duration_text
from cmi_gui.ui.theme import SPACE, em
from cmi_gui.ui.widgets.plain.buttons import Button
from cmi_gui.ui.widgets.plain.disclosure import Disclosure
from cmi_gui.ui.widgets.plain.fields import ChoiceField, TextField, set_wrong
from cmi_gui.ui.widgets.plain.layout import DimLabel, Stretch, WarningLine, row_of

FACTORS: Final = (1.0, 10.0, 60.0, 600.0, 1000.0)


class TimeSection(Disclosure):
    """A section, folded at first, whose title shows the factor unless time passes at its real speed."""

    def __init__(self, shown: ShownModule, parent: QWidget) -> None:
        super().__init__(translate("TimeSection", "Simulated time"), parent)
        self._shown = shown
        self._refused = ""
        self.now = DimLabel("", self, object_name="timeNow", wrap=True)
        self.factor = ChoiceField(self.tr("Speed of the time"), self, object_name="timeFactor")
        for factor in FACTORS:
            self.factor.addItem(_factor_text(factor), factor)
        self.factor.activated.connect(self._factor_chosen)
        self.wall = TextField(self, object_name="timeWall", name=self.tr("Date and time to set"))
        self.wall.setPlaceholderText("2026-06-21T12:00")
        self.wall.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.wall.setMinimumWidth(em(self, 20))
        self.wall.textChanged.connect(self._typed)
        self.set = Button(self.tr("Set the time"), self, object_name="timeSet", on_click=self._set)
        self.wall.returnPressed.connect(self.set.click)
        self.error = WarningLine(self, object_name="timeError")
        self.body.addWidget(self.now)
        self.body.addLayout(row_of(DimLabel(self.tr("Speed")), self.factor, Stretch(1)))
        self.body.addLayout(row_of((self.wall, 1), self.set, spacing=SPACE.xs))
        self.body.addWidget(self.error)
        shown.switched.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the time; with a real meter, why it cannot be changed."""
        time = self._shown.station.time
        real = (
            self.tr("The time cannot be changed while a real meter is wired") if self._shown.point.meter is None else ""
        )
        self.now.setText(
            self.tr("{0}, {1} behind").format(f"{time.wall:%Y-%m-%d %H:%M:%S}", duration_text(time.behind))
            if time.behind
            else f"{time.wall:%Y-%m-%d %H:%M:%S}"
        )
        if self.factor.findData(time.factor) < 0:
            self.factor.addItem(_factor_text(time.factor), time.factor)
        with QSignalBlocker(self.factor):
            self.factor.setCurrentIndex(self.factor.findData(time.factor))
        self.factor.setEnabled(not real)
        set_tooltip(self.factor, real or self.tr("How many times as fast the time of modules and meters passes"))
        self.wall.setEnabled(not real)
        empty = "" if self.wall.text().strip() else self.tr("Enter a date and time first")
        self.set.allow(real or empty, self.tr("Energy is counted as if the time had passed"))
        self.error.show_text(real or self._refused)
        self.set_remark("" if time.factor == 1 else _factor_text(time.factor))

    # User actions

    def _typed(self) -> None:
        self._refuse("")
        self.refresh()

    def _factor_chosen(self) -> None:
        try:
            self._shown.station.set_time_factor(float(self.factor.currentData()))
        except InvalidValue as error:
            self._refuse(text_of(error.message))
        self.refresh()

    def _set(self) -> None:
        text = self.wall.text().strip()
        try:
            wall = parse_time(text)
            if not isinstance(wall, datetime):
                self._shown.station.set_time_factor(wall)
            else:
                self._shown.station.set_time(wall)
            self._refuse("")
        except InvalidValue as error:
            self._refuse(text_of(error.message))
        self.refresh()

    def _refuse(self, why: str) -> None:
        self._refused = why
        set_wrong(self.wall, why)


def _factor_text(factor: float) -> str:
    return f"\N{MULTIPLICATION SIGN}{factor:g}"
