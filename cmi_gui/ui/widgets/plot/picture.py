"""Pictures of plots for files, PNG and SVG, with a title and a legend above the plots, and the notes below.

pyqtgraph's own exporter of SVG fails on the paths of Qt 6.11, and a curve in seconds of wall time loses its precision
in Qt's SVG. Curves are therefore painted here in pixels, and everything else by the scene.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyqtgraph as pg
from PySide6.QtCore import QBuffer, QIODevice, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPen
from PySide6.QtSvg import QSvgGenerator

from cmi_gui.ui.theme import SPACE, colours
from cmi_gui.ui.widgets.plot.plot_stack import PlotStack
from cmi_gui.ui.widgets.plot.series import Samples

_SCALE = 2
"""Pixels of a PNG per pixel of the window, so that it can be printed."""
_LINE = 22.0
"""The width of a line in the legend."""
_DOT = 2.5
"""The radius of a dot."""

_WRAPPED = Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere
_SMOOTH_UP_TO = 1000
"""The maximum number of samples of a curve that is painted smoothly."""


def png_image(stack: PlotStack, title: str, names: Sequence[str], notes: Sequence[str] = ()) -> QImage:
    """Return a picture; `names` has the legend's text of each curve, `notes` the texts below the plots."""
    size = _size(stack, names, notes)
    image = QImage(size * _SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_SCALE)
    with QPainter(image) as painter:
        _paint(painter, size, stack, title, names, notes)
    return image


def png_bytes(image: QImage) -> bytes:
    """Return the content of a PNG file; may be called in another thread."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub has bytes for the format
    return bytes(buffer.data().data())


def svg_bytes(stack: PlotStack, title: str, names: Sequence[str], notes: Sequence[str] = ()) -> bytes:
    """Return the content of an SVG file; the arguments are those of `png_image`."""
    size = _size(stack, names, notes)
    buffer = QBuffer()
    # Only version 1.1 has clipping.
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    # The axes are recordings, which Qt scales by the resolution.
    generator.setResolution(stack.logicalDpiX())
    with QPainter(generator) as painter:
        _paint(painter, size, stack, title, names, notes)
    return bytes(buffer.data().data())


def _size(stack: PlotStack, names: Sequence[str], notes: Sequence[str]) -> QSize:
    below = max((room.bottom() + SPACE.s for room, _ in _notes(stack, notes)), default=0.0)
    return QSize(stack.width(), stack.height() + round(_legend_height(stack, names) + below))


def _paint(
    painter: QPainter, size: QSize, stack: PlotStack, title: str, names: Sequence[str], notes: Sequence[str]
) -> None:
    c = colours(stack.palette())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), c.base)
    painter.setFont(stack.font())
    painter.setPen(c.text)
    metrics = QFontMetricsF(stack.font())
    painter.drawText(QPointF(SPACE.m, SPACE.s + metrics.ascent()), title)
    curves = list(stack.curves())
    for (at, name), (curve, _, _) in zip(_legend(stack, names), curves, strict=True):
        painter.setPen(QPen(pg.mkPen(curve.opts["pen"]).color(), 2, pg.mkPen(curve.opts["pen"]).style()))
        middle = at.y() - metrics.ascent() / 3
        painter.drawLine(QPointF(at.x(), middle), QPointF(at.x() + _LINE, middle))
        painter.setPen(c.text)
        painter.drawText(QPointF(at.x() + _LINE + SPACE.xs, at.y()), name)
    painter.translate(0, _legend_height(stack, names))
    for place, text in _notes(stack, notes):
        painter.drawText(place.translated(0, stack.height()), _WRAPPED, text)
    marks = list(stack.note_marks())
    items = [item for curve, dots, _ in curves for item in (curve, dots)] + marks
    for item in items:
        item.setVisible(False)
    room = QRectF(stack.viewport().rect())
    stack.scene().render(painter, room, room)
    for item in items:
        item.setVisible(True)
    for curve, dots, view in curves:
        _paint_curve(painter, curve, dots, view)
    for mark in marks:
        painter.save()
        painter.translate(mark.scenePos())
        mark.paint(painter)
        painter.restore()


def _legend(stack: PlotStack, names: Sequence[str]) -> Iterator[tuple[QPointF, str]]:
    """Yield the place of each entry's base line below the title, with its text; a full row is continued below."""
    metrics = QFontMetricsF(stack.font())
    step = metrics.height() + SPACE.xs
    x, y = float(SPACE.m), SPACE.s + metrics.ascent() + step
    for name in names:
        width = _LINE + SPACE.xs + metrics.horizontalAdvance(name)
        if x > SPACE.m and x + width > stack.width() - SPACE.m:
            x, y = float(SPACE.m), y + step
        yield QPointF(x, y), name
        x += width + SPACE.l


def _notes(stack: PlotStack, notes: Sequence[str]) -> Iterator[tuple[QRectF, str]]:
    """Yield the place of each note's text below the plots."""
    metrics, top = QFontMetricsF(stack.font()), float(SPACE.s)
    for text in notes:
        room = metrics.boundingRect(QRectF(SPACE.m, top, stack.width() - 2 * SPACE.m, 1e6), _WRAPPED, text)
        yield room, text
        top = room.bottom() + SPACE.xs


def _legend_height(stack: PlotStack, names: Sequence[str]) -> float:
    metrics = QFontMetricsF(stack.font())
    last = max((at.y() for at, _ in _legend(stack, names)), default=SPACE.s + metrics.ascent())
    return last + metrics.descent() + SPACE.s


def _paint_curve(painter: QPainter, curve: pg.PlotDataItem, dots: pg.ScatterPlotItem, view: pg.ViewBox) -> None:
    times, values = curve.getData()
    if times is None:
        return
    painter.save()
    painter.setClipRect(view.sceneBoundingRect())
    x, y = _pixels(view, times, values)
    pen = QPen(curve.opts["pen"])
    # Smooth, wide lines of a long curve would take most of the time and change little.
    smooth = len(x) <= _SMOOTH_UP_TO
    pen.setCosmetic(not smooth)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, smooth)
    painter.setPen(pen)
    painter.drawPath(pg.arrayToQPath(x, y, connect="finite"))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(curve.opts["pen"].color())
    painter.setPen(QPen(curve.opts["pen"].color(), 0))
    single = [(x, y)] if curve.opts["symbol"] else []
    for x, y in (*single, _pixels(view, *dots.getData())):
        for across, down in zip(x.tolist(), y.tolist(), strict=True):
            if down == down:
                painter.drawEllipse(QPointF(across, down), _DOT, _DOT)
    painter.restore()


def _pixels(view: pg.ViewBox, times: Samples, values: Samples) -> tuple[Samples, Samples]:
    """Return the places of samples in the scene."""
    room = view.sceneBoundingRect()
    (begin, end), (low, high) = view.viewRange()
    across = room.left() + (times - begin) * (room.width() / (end - begin))
    return across, room.bottom() - (values - low) * (room.height() / (high - low))
