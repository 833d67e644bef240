"""A light-emitting diode behind a lens."""

from __future__ import annotations

from PySide6.QtCore import Property, QPointF, QSize
from PySide6.QtGui import QColor, QPaintEvent, QRadialGradient
from PySide6.QtWidgets import QWidget

from cmi_gui.ui.theme import colours
from cmi_gui.ui.widgets.device.canvas import part_painter, part_scale, stroke
from cmi_gui.ui.widgets.plain.accessible import Role, Spoken

_HALO = 1.6
"""The radius of the halo, in radii of the lens."""


class Lamp(QWidget, Spoken):
    """A lamp, red or green: a tinted lens with a rim when off, a bright core with a halo when on.

    Property: `on` (bool). Raises ValueError for another colour.
    """

    accessible_role = Role.Graphic

    def __init__(self, colour: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        if colour not in ("red", "green"):
            raise ValueError(f"a lamp is red or green, not {colour}")
        self._colour = colour
        self._name = name
        self._on = False
        self._pattern = ""
        self._describe()

    def isOn(self) -> bool:
        """Return whether the lamp is on."""
        return self._on

    def setOn(self, on: bool) -> None:
        """Switch the lamp; only a change repaints it."""
        if on != self._on:
            self._on = on
            self._describe()
            self.update()

    def set_pattern(self, words: str) -> None:
        """Describe how the lamp flashes; a screen reader has these words instead of each change."""
        if words != self._pattern:
            self._pattern = words
            self._describe()

    on = Property(bool, isOn, setOn)

    def _describe(self) -> None:
        words = self.tr("{0}: on") if self._on else self.tr("{0}: off")
        name = f"{self._name}: {self._pattern}" if self._pattern else words.format(self._name)
        if name != self.accessibleName():
            self.setAccessibleName(name)

    def sizeHint(self) -> QSize:
        """Return the size of a part that is not on a canvas."""
        return QSize(44, 44)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint halo, lens and rim."""
        c = colours(self.palette())
        painter = part_painter(self)
        scale = part_scale(self)
        centre = QPointF(self.width() / 2 / scale, self.height() / 2 / scale)
        radius = min(centre.x(), centre.y()) / _HALO
        shine, core, dark = (
            (c.red_on, c.red_core, c.red_off) if self._colour == "red" else (c.green_on, c.green_core, c.green_off)
        )
        painter.setPen(stroke(QColor(0, 0, 0, 0)))
        if self._on:
            halo = QRadialGradient(centre, radius * _HALO)
            light = QColor(shine)
            for stop, alpha in ((0.55, 150), (0.75, 70), (1.0, 0)):
                light.setAlpha(alpha)
                halo.setColorAt(stop, light)
            painter.setBrush(halo)
            painter.drawEllipse(centre, radius * _HALO, radius * _HALO)
            lens = QRadialGradient(centre, radius, centre - QPointF(radius * 0.25, radius * 0.3))
            lens.setColorAt(0.0, core)
            lens.setColorAt(0.75, shine)
            lens.setColorAt(1.0, shine.darker(115))
        else:
            lens = QRadialGradient(centre, radius, centre - QPointF(radius * 0.3, radius * 0.35))
            lens.setColorAt(0.0, dark.lighter(135))
            lens.setColorAt(1.0, dark)
        painter.setBrush(lens)
        painter.setPen(stroke(c.edge.darker(150)))
        painter.drawEllipse(centre, radius, radius)
