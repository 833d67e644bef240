"""Seven-segment characters: which segments a character lights, and how one cell is painted."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPolygonF

#      a
#    f   b
#      g
#    e   c
#      d   .
GLYPHS = {
    "0": "abcdef", "1": "bc", "2": "abdeg", "3": "abcdg", "4": "bcfg", "5": "acdfg", "6": "acdefg", "7": "abc",
    "8": "abcdefg", "9": "abcdfg", " ": "", "-": "g", "_": "d", "=": "dg", "°": "abfg",
    "A": "abcefg", "b": "cdefg", "C": "adef", "c": "deg", "d": "bcdeg", "E": "adefg", "F": "aefg", "G": "acdef",
    "H": "bcefg", "h": "cefg", "I": "ef", "i": "c", "J": "bcde", "L": "def", "l": "ef", "n": "ceg", "O": "abcdef",
    "o": "cdeg", "P": "abefg", "q": "abcfg", "r": "eg", "S": "acdfg", "t": "defg", "U": "bcdef", "u": "cde",
    "y": "bcdfg", "Y": "bcdfg",
}  # fmt: skip
"""The lit segments by character; a letter without an entry is looked up in its other case."""


def segments_of(character: str) -> str:
    """Return the lit segments; `d` alone, the underscore, for an unknown character [E350-1P p27]."""
    return GLYPHS.get(character, GLYPHS.get(character.swapcase(), GLYPHS["_"]))


def cells_of(text: str, count: int, *, left: bool = False) -> list[tuple[str, bool]]:
    """Return text as exactly `count` cells of (character, point after it), right-aligned unless `left`.

    Of a text that is too long the last `count` cells are kept.
    """
    cells: list[tuple[str, bool]] = []
    for character in text:
        if character in ".," and cells and not cells[-1][1]:
            cells[-1] = (cells[-1][0], True)
        elif character in ".,":
            cells.append((" ", True))
        else:
            cells.append((character, False))
    blank = [(" ", False)] * (count - len(cells))
    cells = cells[max(0, len(cells) - count) :]
    return cells + blank if left else blank + cells


_T = 0.115  # half the thickness of a segment, in heights of the cell's half
_SLANT = 0.07


@cache
def _paths() -> dict[str, QPainterPath]:
    """Return the segments in a cell of width 1 and height 2, origin at the top left."""

    def bar(x1: float, y1: float, x2: float, y2: float) -> QPainterPath:
        gap = 0.03
        if y1 == y2:
            a, b = x1 + gap, x2 - gap
            points = [(a, y1), (a + _T, y1 - _T), (b - _T, y1 - _T), (b, y1), (b - _T, y1 + _T), (a + _T, y1 + _T)]
        else:
            a, b = y1 + gap, y2 - gap
            points = [(x1, a), (x1 + _T, a + _T), (x1 + _T, b - _T), (x1, b), (x1 - _T, b - _T), (x1 - _T, a + _T)]
        path = QPainterPath()
        path.addPolygon(QPolygonF([QPointF(x + (1 - y) * _SLANT, y) for x, y in points]))
        path.closeSubpath()
        return path

    left, right, top, middle, bottom = _T, 1 - _T, _T, 1.0, 2 - _T
    return {
        "a": bar(left, top, right, top),
        "b": bar(right, top, right, middle),
        "c": bar(right, middle, right, bottom),
        "d": bar(left, bottom, right, bottom),
        "e": bar(left, middle, left, bottom),
        "f": bar(left, top, left, middle),
        "g": bar(left, middle, right, middle),
    }


def paint_cell(painter: QPainter, rect: QRectF, character: str, point: bool, on: QColor, off: QColor) -> None:
    """Paint a character into `rect`: lit segments in `on`, others in `off`, the point right of the lower corner."""
    lit = segments_of(character)
    painter.save()
    painter.translate(rect.topLeft())
    painter.scale(rect.width(), rect.height() / 2)
    painter.setPen(Qt.PenStyle.NoPen)
    for name, path in _paths().items():
        painter.fillPath(path, on if name in lit else off)
    painter.restore()
    dot = rect.height() * 0.075
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(on if point else off)
    painter.drawEllipse(QPointF(rect.right() + dot * 1.05, rect.bottom() - dot), dot, dot)
