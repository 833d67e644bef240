"""Tables in one style: no grid, no row numbers, flat headers, dim and error cells, numbers on the decimal point."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from cmi_gui.ui.theme import SPACE, colours, font, tabular

__all__ = ["CellDelegate", "DecimalDelegate", "Table"]


class _FlatHeader(QHeaderView):
    """Column titles in small dim type over a hairline."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFont(font(0.88, strong=True))
        self.setHighlightSections(False)
        self.setMinimumSectionSize(24)

    def sizeHint(self) -> QSize:
        """As high as a row."""
        return QSize(super().sizeHint().width(), QFontMetrics(self.font()).height() + SPACE.m)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        """Title and hairline."""
        c = colours(self.palette())
        painter.save()
        painter.fillRect(rect, c.base)
        painter.setPen(QPen(c.hairline, 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.setFont(self.font())
        painter.setPen(c.dim)
        title = self.model().headerData(logicalIndex, Qt.Orientation.Horizontal)
        alignment = self.model().headerData(logicalIndex, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
        inner = rect.adjusted(SPACE.s, 0, -SPACE.s, 0)
        painter.drawText(inner, int(alignment), painter.fontMetrics().elidedText(
            str(title), Qt.TextElideMode.ElideRight, inner.width()))  # fmt: skip
        painter.restore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground behind the last section too."""
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), colours(self.palette()).base)
        painter.end()
        super().paintEvent(event)


class Table(QTableView):
    """A table of whole rows. `stretch` is the one column that takes the width left over."""

    def __init__(self, name: str, stretch: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stretch = stretch
        self._empty = ""
        self.setAccessibleName(name)
        self.setFont(tabular(font()))
        self.setHorizontalHeader(_FlatHeader(self))
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(QFontMetrics(self.font()).height() + 10)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setItemDelegate(CellDelegate(self))

    def set_widths(self, samples: dict[int, str]) -> None:
        """Give each column the width of a sample text; the stretch column takes the rest."""
        header = self.horizontalHeader()
        body, title = QFontMetrics(self.font()), QFontMetrics(header.font())
        for column, sample in samples.items():
            words = str(self.model().headerData(column, Qt.Orientation.Horizontal))
            width = max(body.horizontalAdvance(sample), title.horizontalAdvance(words)) + 2 * SPACE.s + 4
            self.setColumnWidth(column, width)
        header.setSectionResizeMode(self._stretch, QHeaderView.ResizeMode.Stretch)

    def set_empty_text(self, text: str) -> None:
        """What to say in place of rows when there are none."""
        if text != self._empty:
            self._empty = text
            self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Rows, or the words for none."""
        super().paintEvent(event)
        if self._empty and self.model() is not None and not self.model().rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(colours(self.palette()).dim)
            area = self.viewport().rect().adjusted(SPACE.xl, SPACE.xl, -SPACE.xl, -SPACE.xl)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._empty)


class CellDelegate(QStyledItemDelegate):
    """Paints a cell with the colours that two roles of the model ask for; no focus rectangle.

    `dim_role` and `error_role` are item data roles whose True makes a cell dim or an error; `always_dim` is for a
    column that stands back altogether.
    """

    def __init__(
        self,
        parent: QWidget,
        dim_role: int | None = None,
        error_role: int | None = None,
        *,
        always_dim: bool = False,
    ) -> None:
        super().__init__(parent)
        self._always_dim = always_dim
        self._dim_role = dim_role
        self._error_role = error_role

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Fill in colours and take the focus rectangle away."""
        super().initStyleOption(option, index)
        option.state &= ~QStyle.StateFlag.State_HasFocus
        c = colours(option.palette)
        ink = None
        if self._error_role is not None and index.data(self._error_role):
            ink = c.trouble
        elif self._always_dim or (self._dim_role is not None and index.data(self._dim_role)):
            ink = c.dim
        if ink is not None:
            palette = option.palette
            palette.setColor(QPalette.ColorRole.Text, ink)
            palette.setColor(QPalette.ColorRole.HighlightedText, ink)
            option.palette = palette


class DecimalDelegate(CellDelegate):
    """Right-aligned on the decimal point, with the leading zeros that a meter spells dim.

    Text that is no number ends where whole numbers end. `decimals` is the room behind the point, in digits.
    """

    def __init__(self, parent: QWidget, decimals: int = 3, dim_role: int | None = None) -> None:
        super().__init__(parent, dim_role=dim_role)
        self._decimals = decimals

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Ground by the style, text by hand."""
        cell = QStyleOptionViewItem(option)
        self.initStyleOption(cell, index)
        text, cell.text = cell.text, ""
        widget = cell.widget
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, cell, painter, widget)
        metrics = QFontMetrics(cell.font)
        tail = metrics.horizontalAdvance("." + "0" * self._decimals)
        whole, point, fraction = text.partition(".")
        if not (whole.lstrip("+-").isdigit() and (not point or fraction.isdigit())):
            whole, point, fraction = text, "", ""
        c = colours(cell.palette)
        ink = cell.palette.color(QPalette.ColorRole.Text)
        painter.save()
        painter.setFont(cell.font)
        baseline = cell.rect.top() + (cell.rect.height() + metrics.ascent() - metrics.descent()) // 2
        axis = cell.rect.right() - SPACE.s - tail
        left = axis - metrics.horizontalAdvance(whole)
        painter.setClipRect(QRectF(cell.rect))
        zeros = len(whole) - len(whole.lstrip("0") or whole[-1:])
        painter.setPen(c.disabled)
        painter.drawText(left, baseline, whole[:zeros])
        painter.setPen(ink)
        painter.drawText(left + metrics.horizontalAdvance(whole[:zeros]), baseline, whole[zeros:])
        painter.drawText(axis, baseline, point + fraction)
        painter.restore()
