"""Table cells that paint a curve: a sparkline of the last samples, and a legend line for a curve."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget

from cmi_gui.ui.theme import PLOT_COLOURS, SPACE, Colours, colours
from cmi_gui.ui.widgets.plain.table import CellDelegate
from cmi_gui.ui.widgets.plot.series import Ring

_SAMPLES = 60
"""Samples in a sparkline: an hour at one a minute."""
_STYLES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)


def curve_pen_style(position: int) -> Qt.PenStyle:
    """Return the line style of the curve at a place: each repetition of the colours has another one."""
    return _STYLES[position // len(PLOT_COLOURS[False]) % len(_STYLES)]


def sparkline(ring: Ring, width: float, height: float) -> list[list[QPointF]]:
    """Return the last samples, equally spaced, as lines in a box of this size; a gap of any length splits them."""
    values = ring.view()[1][-_SAMPLES:]
    known = values[~np.isnan(values)]
    if len(known) < 2:
        return []
    low, high = float(known.min()), float(known.max())
    x = np.arange(len(values)) * (width / (len(values) - 1))
    # A constant value is a line in the middle.
    y = height - (values - low) * (height / (high - low)) if high > low else values * 0 + height / 2
    lines: list[list[QPointF]] = [[]]
    for across, down in zip(x.tolist(), y.tolist(), strict=True):
        if down == down:
            lines[-1].append(QPointF(across, down))
        elif lines[-1]:
            lines.append([])
    return [line for line in lines if len(line) > 1]


class SparklineDelegate(CellDelegate):
    """A painter of the ring that `ring_of` returns for a cell's text, an OBIS code."""

    def __init__(self, parent: QWidget, ring_of: Callable[[str], Ring | None]) -> None:
        super().__init__(parent)
        self._ring_of = ring_of

    def _text(
        self, painter: QPainter, cell: QRect, c: Colours, index: QModelIndex | QPersistentModelIndex, text: str
    ) -> None:
        ring = self._ring_of(text)
        if ring is None:
            return
        room = cell.adjusted(SPACE.s, SPACE.xs + 2, -SPACE.s, -SPACE.xs - 2)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(room.topLeft())
        painter.setPen(QPen(c.dim, 1.2))
        for line in sparkline(ring, room.width(), room.height()):
            painter.drawPolyline(line)
        painter.restore()


class CurveDelegate(CellDelegate):
    """A painter of a legend line followed by text; `position_role` is the model's role for the curve's place."""

    def __init__(self, parent: QWidget, position_role: int) -> None:
        super().__init__(parent)
        self._position_role = position_role

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint background, line and text."""
        c = colours(option.palette)
        position = index.data(self._position_role)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, c.selection)
        left, middle = option.rect.left() + SPACE.s, option.rect.center().y()
        palette = PLOT_COLOURS[c.dark]
        ink: QColor = palette[position % len(palette)]
        painter.setPen(QPen(ink, 2, curve_pen_style(position), Qt.PenCapStyle.FlatCap))
        painter.drawLine(left, middle, left + 22, middle)
        painter.setPen(c.text)
        painter.setFont(option.font)
        cell = option.rect.adjusted(22 + SPACE.s, 0, 0, 0)
        self._text(painter, cell, c, index, shortened(index.data(), painter.fontMetrics(), cell.width() - 2 * SPACE.s))


def shortened(name: str, metrics: QFontMetrics, room: int) -> str:
    """Return the name of a curve, shortened before its unit if it is too long."""
    if metrics.horizontalAdvance(name) <= room:
        return name
    quantity, comma, unit = name.rpartition(", ")
    beside = metrics.horizontalAdvance(comma + unit)
    return metrics.elidedText(quantity, Qt.TextElideMode.ElideRight, room - beside) + comma + unit
