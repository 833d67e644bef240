"""Icons: SVG line drawings, nearly all from Lucide (packaging/icons.py), coloured when they are painted.

They therefore follow the palette and stay sharp at any size.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import resources

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

_STROKE = 1.7
"""Width of a line if the icon is 24 wide; Lucide's own 2 looks too heavy beside the window's text."""


@cache
def _source(name: str) -> str:
    return resources.files("cmi_gui.resources").joinpath("icons", f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=256)
def _renderer(name: str, colour: str) -> QSvgRenderer:
    drawing = _source(name).replace("currentColor", colour).replace('stroke-width="2"', f'stroke-width="{_STROKE}"')
    return QSvgRenderer(QByteArray(drawing.encode()))


def paint_icon(painter: QPainter, name: str, rect: QRectF, colour: QColor) -> None:
    """Paint the icon `name` (a file in resources/icons) into `rect` in one colour.

    Raises FileNotFoundError for a name that has no file.
    """
    _renderer(name, colour.name()).render(painter, rect)


def application_icon(colour: QColor) -> QIcon:
    """Return the window's icon, at 16, 32, 64 and 128 pixels."""
    icon = QIcon()
    for size in (16, 32, 64, 128):
        pixmap = QPixmap(QSize(size, size))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        paint_icon(painter, "app", QRectF(0, 0, size, size), colour)
        painter.end()
        icon.addPixmap(pixmap)
    return icon
