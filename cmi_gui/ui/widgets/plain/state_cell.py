"""A table cell for a state: a shape, then words."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from cmi_gui.ui.text.mark import Mark
from cmi_gui.ui.theme import SPACE, Colours
from cmi_gui.ui.widgets.plain.marks import paint_cell_mark
from cmi_gui.ui.widgets.plain.table import CellDelegate


class StateDelegate(CellDelegate):
    """A painter of cells with the `Mark` that the model returns for `mark_role`, if any."""

    def __init__(self, parent: QWidget, mark_role: int) -> None:
        super().__init__(parent)
        self._mark_role = mark_role

    def _text(
        self, painter: QPainter, cell: QRect, c: Colours, index: QModelIndex | QPersistentModelIndex, text: str
    ) -> None:
        mark = index.data(self._mark_role)
        side = painter.fontMetrics().ascent()
        if isinstance(mark, Mark):
            square = QRectF(cell.left() + SPACE.s, cell.center().y() + 0.5 - side / 2, side, side)
            paint_cell_mark(painter, mark, square, c)
        super()._text(painter, cell.adjusted(side + SPACE.s, 0, 0, 0), c, index, text)
