"""The world of the chosen module as shape, word and colour: a badge in the header, and a line under it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from cmi_gui.ui.text.world import World
from cmi_gui.ui.theme import SPACE, Colours, colours, scaled
from cmi_gui.ui.widgets.plain.accessible import Silent
from cmi_gui.ui.widgets.plain.marks import Badge
from cmi_gui.ui.widgets.plain.painting import fill_rounded, smooth_painter

_THICKNESS = 3
_DASH = 12
_DOT = 4


def world_colour(world: World, c: Colours) -> QColor:
    """Return the colour of a world."""
    return {
        World.SIMULATED: c.simulated,
        World.PRACTICE: c.practice,
        World.REAL_METER: c.real_meter,
        World.REAL_BUS: c.real_bus,
    }[world]


def _gap() -> int:
    """Return the distance between shape and word, the same in both densities."""
    return scaled(4)


def _side() -> int:
    """Return the side of the shape in a badge, in pixels."""
    return scaled(9)


class WorldBadge(Badge):
    """The name of a world behind its shape.

    A hollow square: simulated. A ring: the practice bus. A filled diamond or square: a real meter or bus.
    """

    def __init__(self, parent: QWidget | None = None, object_name: str = "") -> None:
        super().__init__("", parent, object_name)
        self._world = World.SIMULATED

    def show_world(self, world: World, name: str) -> None:
        """Show another world."""
        if (world, name) != (self._world, self.text()):
            self._world = world
            self.setText(name)
            self.update()

    def sizeHint(self) -> QSize:
        """Return the size of shape and word with a small margin."""
        return super().sizeHint() + QSize(_side() + _gap(), 0)

    def grounds(self, c: Colours) -> tuple[QColor, QColor]:
        """Return the colours of background and word."""
        if self._world is World.SIMULATED:
            return super().grounds(c)
        return world_colour(self._world, c), c.on_accent

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint background, shape and word."""
        ground, ink = self.grounds(colours(self.palette()))
        painter = smooth_painter(self)
        fill_rounded(painter, QRectF(self.rect()), 4, ground)
        side = _side()
        square = QRectF(SPACE.s, (self.height() - side) / 2, side, side)
        painter.setPen(QPen(ink, 1.5))
        painter.setBrush(ink if self._world.real else Qt.BrushStyle.NoBrush)
        if self._world is World.REAL_METER:
            middle, half = square.center(), side / 2
            corners = (QPointF(0, -half), QPointF(half, 0), QPointF(0, half), QPointF(-half, 0))
            painter.drawPolygon(QPolygonF([middle + corner for corner in corners]))
        elif self._world is World.PRACTICE:
            painter.drawEllipse(square.adjusted(0.75, 0.75, -0.75, -0.75))
        else:
            painter.drawRect(square.adjusted(0.75, 0.75, -0.75, -0.75))
        painter.setPen(ink)
        words = self.rect().adjusted(SPACE.s + side + _gap(), 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())


class WorldLine(QWidget, Silent):
    """A line across the window in the colour of the world: dashed if simulated, dotted for practice, solid if real."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("worldLine")
        self.world = World.SIMULATED
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_world(self, world: World) -> None:
        """Show another world."""
        if world is not self.world:
            self.world = world
            self.update()

    def sizeHint(self) -> QSize:
        """Return the thickness of the line."""
        return QSize(1, _THICKNESS)

    minimumSizeHint = sizeHint

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the line or its dashes."""
        c = colours(self.palette())
        painter = QPainter(self)
        colour = world_colour(self.world, c)
        if self.world.real:
            painter.fillRect(self.rect(), colour)
            return
        painter.fillRect(self.rect(), c.base)
        dash = _DOT if self.world is World.PRACTICE else _DASH
        for x in range(0, self.width(), 2 * dash):
            painter.fillRect(x, 0, dash, self.height(), colour)
