"""The choice of the module that the page Built-in module shows: the built-in one, or one of the practice bus."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QSignalBlocker, QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

from cmi_gui.engine.station.metering_point import MeteringPoint
from cmi_gui.ui.models.practice import Practice
from cmi_gui.ui.models.shown_module import ShownModule
from cmi_gui.ui.text.words import condition_text
from cmi_gui.ui.theme import em
from cmi_gui.ui.widgets.plain.fields import ChoiceField


class ModuleChooser(ChoiceField):
    """A list of the modules with name, serial number, address and state; hidden while there is no room."""

    def __init__(self, shown: ShownModule, practice: Practice, parent: QWidget | None = None) -> None:
        name = QCoreApplication.translate("ModuleChooser", "Module shown on this page")
        super().__init__(name, parent, object_name="moduleChooser")
        self._shown = shown
        self._practice = practice
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.activated.connect(self._chosen)
        shown.switched.connect(self._fill)
        practice.changed.connect(self._fill)
        self._fill()

    def sizeHint(self) -> QSize:
        """Return a size that a long name does not widen."""
        return QSize(em(self, 40), super().sizeHint().height())

    minimumSizeHint = sizeHint

    def _points(self) -> list[MeteringPoint]:
        room = self._practice.room
        return [self._shown.built_in_station.point, *(room.points if room else ())]

    def _fill(self) -> None:
        points = self._points()
        with QSignalBlocker(self):
            self.clear()
            self.addItems([self._words(point) for point in points])
            self.setCurrentIndex(points.index(self._shown.point) if self._shown.point in points else 0)
        self.setVisible(self._practice.room is not None)

    def showPopup(self) -> None:
        """Show the list with the present states."""
        self._refresh_words()
        super().showPopup()

    def _refresh_words(self) -> None:
        for index, point in enumerate(self._points()):
            self.setItemText(index, self._words(point))

    def refresh(self) -> None:
        """Update the words of the shown module."""
        if self.isVisible():
            self.setItemText(self.currentIndex(), self._words(self._shown.point))

    def _words(self, point: MeteringPoint) -> str:
        state = point.module_state()
        name = "" if point.name == state.serial else point.name
        if point is self._shown.built_in_station.point:
            name = self.tr("Built-in module")
        title = f"{name} {state.serial}".strip()
        return self.tr("{0}, address {1}, {2}").format(
            title, state.primary_address, condition_text(state.condition)[0].lower()
        )

    def _chosen(self, index: int) -> None:
        station, room = self._shown.built_in_station, self._practice.room
        if index == 0:
            self._shown.show_point(station, station.point)
        elif room is not None:
            self._shown.show_point(room, room.points[index - 1])
