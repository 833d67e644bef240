"""Tables in one style: no grid, no row numbers, flat headers, dim and error cells, aligned decimal points."""

from __future__ import annotations

from typing import Unpack

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from cmi_gui.ui.theme import SPACE, Colours, colours, em, font, scaled, tabular
from cmi_gui.ui.widgets.plain.options import Options, take_options
from cmi_gui.ui.widgets.plain.painting import paint_tick
from cmi_gui.ui.widgets.plain.scroll_bar import SlimScrollBar

_DECIMALS = 3
"""The digits for which there is room after a decimal point."""
_FEW_WORDS = 14
"""The least width of the stretch column beside an optional one, in average characters."""


class _FlatHeader(QHeaderView):
    """A header of small dim column titles over a hairline."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFont(font(0.88, strong=True))
        self.setHighlightSections(False)
        self.setMinimumSectionSize(scaled(24))
        self.indents: dict[int, int] = {}
        """The extra indent of a title in pixels, by column."""

    def sizeHint(self) -> QSize:
        """Return a size as high as a row."""
        return QSize(super().sizeHint().width(), QFontMetrics(self.font()).height() + SPACE.m)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        """Paint title and hairline."""
        c = colours(self.palette())
        painter.save()
        painter.fillRect(rect, c.base)
        painter.setPen(QPen(c.hairline, 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.setFont(self.font())
        painter.setPen(c.dim)
        title = self.model().headerData(logicalIndex, Qt.Orientation.Horizontal)
        alignment = self.model().headerData(logicalIndex, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
        inner = rect.adjusted(SPACE.s + self.indents.get(logicalIndex, 0), 0, -SPACE.s, 0)
        if self.isSortIndicatorShown() and self.sortIndicatorSection() == logicalIndex:
            ascending = self.sortIndicatorOrder() is Qt.SortOrder.AscendingOrder
            title = f"{title} {'▲' if ascending else '▼'}"
        painter.drawText(inner, int(alignment), painter.fontMetrics().elidedText(
            str(title), Qt.TextElideMode.ElideRight, inner.width()))  # fmt: skip
        painter.restore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the background and the hairline after the last section too."""
        super().paintEvent(event)
        c, rest = colours(self.palette()), self.viewport().rect()
        rest.setLeft(self.length() - self.offset())
        if not rest.isValid():
            return
        painter = QPainter(self.viewport())
        painter.fillRect(rest, c.base)
        painter.setPen(QPen(c.hairline, 1))
        painter.drawLine(rest.bottomLeft(), rest.bottomRight())


class Table(QTableView):
    """A table in which whole rows are selected. `stretch`: the column that takes the remaining width."""

    def __init__(self, name: str, stretch: int, parent: QWidget | None = None, **options: Unpack[Options]) -> None:
        super().__init__(parent)
        take_options(self, options)
        self._stretch = stretch
        self._empty = ""
        self._optional: tuple[int, ...] = ()
        self._unneeded: set[int] = set()
        self._usual: dict[int, int] = {}
        self._least = _FEW_WORDS
        """The widths of the sample texts in the present language, by column."""
        self.setAccessibleName(name)
        self.setFont(tabular(font()))
        self.setHorizontalHeader(_FlatHeader(self))
        self.verticalHeader().hide()
        self.verticalHeader().sectionCountChanged.connect(self._describe)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(QFontMetrics(self.font()).height() + SPACE.row)
        self.setShowGrid(False)
        self.setVerticalScrollBar(SlimScrollBar(Qt.Orientation.Vertical, self))
        self.setHorizontalScrollBar(SlimScrollBar(Qt.Orientation.Horizontal, self))
        self.setWordWrap(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setItemDelegate(CellDelegate(self))

    def indent_title(self, column: int, pixels: int) -> None:
        """Indent a column's title, so that it begins where its texts do after their marks."""
        header = self.horizontalHeader()
        assert isinstance(header, _FlatHeader)
        header.indents[column] = pixels

    def set_widths(self, samples: dict[int, str]) -> None:
        """Give each column the width of a sample text; the stretch column takes the rest."""
        header = self.horizontalHeader()
        body, title = QFontMetrics(self.font()), QFontMetrics(header.font())
        for column, sample in samples.items():
            words = str(self.model().headerData(column, Qt.Orientation.Horizontal))
            width = max(body.horizontalAdvance(sample), title.horizontalAdvance(words)) + 2 * SPACE.s + 4
            self.setColumnWidth(column, width)
            self._usual[column] = width
        header.setSectionResizeMode(self._stretch, QHeaderView.ResizeMode.Stretch)

    def set_optional(self, *columns: int, least: int = _FEW_WORDS) -> None:
        """Make columns disappear, the last one first, while the stretch column has no room for `least` characters."""
        self._optional = columns
        self._least = least

    def set_needed(self, column: int, needed: bool) -> None:
        """Hide an optional column as long as it says nothing, whatever the room."""
        if needed is (column in self._unneeded):
            self._unneeded ^= {column}
            self._fit_optional()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show or hide the optional column."""
        self._fit_optional()
        super().resizeEvent(event)

    def _fit_optional(self) -> None:
        others = set(range(self.horizontalHeader().count())) - {self._stretch, *self._optional}
        room = self.viewport().width() - sum(self.columnWidth(column) for column in others) - em(self, self._least)
        for column in self._unneeded:
            self.setColumnHidden(column, True)
        for column in (each for each in self._optional if each not in self._unneeded):
            room -= self._usual.get(column, 0)
            self.setColumnHidden(column, room < 0)

    def make_room(self) -> None:
        """Widen each column that is too narrow for its sample, as after a change of language."""
        for column, width in self._usual.items():
            if self.columnWidth(column) < width and column != self._stretch:
                self.setColumnWidth(column, width)
        self._fit_optional()

    def set_empty_text(self, text: str) -> None:
        """Set the text shown if there are no rows."""
        if text != self._empty:
            self._empty = text
            self._describe()
            self.viewport().update()

    def _describe(self) -> None:
        """Give a screen reader the text that is shown if there are no rows."""
        words = "" if self.verticalHeader().count() else self._empty
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, or the text for none."""
        super().paintEvent(event)
        if self._empty and self.model() is not None and not self.model().rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(colours(self.palette()).dim)
            area = self.viewport().rect().adjusted(SPACE.xl, SPACE.xl, -SPACE.xl, -SPACE.xl)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._empty)


class WholeRows(QWidget):
    """A container that sizes its table to whole rows: with the last row in view, the first is not cut off.

    The remaining height stays empty at the bottom.
    """

    def __init__(self, table: Table, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = table
        table.setParent(self)
        # A horizontal scroll bar, for one, takes height from the rows.
        table.viewport().installEventFilter(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusProxy(table)

    def sizeHint(self) -> QSize:
        """Return the size hint of the table."""
        return self._table.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return the minimum size of the table."""
        return self._table.minimumSizeHint()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Fit the table to the new size."""
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fit the table again when the height for its rows has changed."""
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        table = self._table
        around = table.height() - table.viewport().height()
        row = table.verticalHeader().defaultSectionSize()
        table.setGeometry(0, 0, self.width(), self.height() - max(0, self.height() - around) % row)


class CellDelegate(QStyledItemDelegate):
    """A painter of cells in colours that two roles of the model select; without a focus rectangle.

    `dim_role` and `error_role` are item data roles whose True makes a cell dim or an error; `always_dim` makes the
    whole column dim.
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

    def ink(self, c: Colours, index: QModelIndex | QPersistentModelIndex) -> QColor:
        """Return the colour of a cell's text."""
        if self._error_role is not None and index.data(self._error_role):
            return c.trouble
        if self._always_dim or (self._dim_role is not None and index.data(self._dim_role)):
            return c.dim
        return c.text

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint background, check box and text; the style would query ten roles, half a frame per page."""
        c = colours(option.palette)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, c.selection)
        check = index.data(Qt.ItemDataRole.CheckStateRole)
        if check is not None:
            self._check_box(painter, option.rect, c, index, check == Qt.CheckState.Checked)
        text = index.data()
        if text:
            painter.setFont(option.font)
            painter.setPen(self.ink(c, index))
            self._text(painter, option.rect, c, index, text)

    def check_colour(self, c: Colours, index: QModelIndex | QPersistentModelIndex) -> QColor:
        """Return the colour of a ticked box."""
        return c.accent

    def _check_box(
        self, painter: QPainter, rect: QRect, c: Colours, index: QModelIndex | QPersistentModelIndex, on: bool
    ) -> None:
        side = scaled(14)
        box = QRectF(rect.left() + SPACE.s + 0.5, rect.center().y() + 0.5 - side / 2, side, side)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill = self.check_colour(c, index) if on else c.base
        painter.setPen(QPen(fill if on else c.dim, 1.2))
        painter.setBrush(fill)
        painter.drawRoundedRect(box, 3, 3)
        if on:
            paint_tick(painter, box, c.on_accent)
        painter.restore()

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """Toggle a check box at a click anywhere in its cell: the box is too small a target."""
        if (
            isinstance(event, QMouseEvent)
            and event.type() == QEvent.Type.MouseButtonRelease
            and event.button() == Qt.MouseButton.LeftButton
            and index.flags() & Qt.ItemFlag.ItemIsUserCheckable
        ):
            checked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
            wanted = Qt.CheckState.Unchecked if checked else Qt.CheckState.Checked
            return model.setData(index, wanted, Qt.ItemDataRole.CheckStateRole)
        if isinstance(event, QMouseEvent):
            return False
        return super().editorEvent(event, model, option, index)

    def _text(
        self, painter: QPainter, cell: QRect, c: Colours, index: QModelIndex | QPersistentModelIndex, text: str
    ) -> None:
        room = cell.adjusted(SPACE.s, 0, -SPACE.s, 0)
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(index.data(Qt.ItemDataRole.TextAlignmentRole)), shown)


class DecimalDelegate(CellDelegate):
    """A painter of numbers aligned on the decimal point or comma, with a meter's leading zeros dim.

    Text that is not a number ends where whole numbers end.
    """

    def _text(
        self, painter: QPainter, cell: QRect, c: Colours, index: QModelIndex | QPersistentModelIndex, text: str
    ) -> None:
        metrics = painter.fontMetrics()
        tail = metrics.horizontalAdvance("." + "0" * _DECIMALS)
        whole, point, fraction = text.partition("," if "," in text else ".")
        number = whole.lstrip("+-").isdigit() and (not point or fraction.isdigit())
        if not number:
            whole, point, fraction = text, "", ""
        baseline = cell.top() + (cell.height() + metrics.ascent() - metrics.descent()) // 2
        axis = cell.right() - SPACE.s - tail
        left = axis - metrics.horizontalAdvance(whole)
        # Only a text with a point is certainly a number: identifications keep their zeros.
        zeros = len(whole) - len(whole.lstrip("0") or whole[-1:]) if point else 0
        painter.save()
        painter.setClipRect(cell)
        painter.drawText(left + metrics.horizontalAdvance(whole[:zeros]), baseline, whole[zeros:])
        painter.drawText(axis, baseline, point + fraction)
        if zeros:
            painter.setPen(c.dim)
            painter.drawText(left, baseline, whole[:zeros])
        painter.restore()
