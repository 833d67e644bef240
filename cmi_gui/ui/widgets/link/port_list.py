"""A list of this computer's serial ports to choose from."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from cmi_gui.engine.link.serial_ports import SerialPortInfo
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.theme import SPACE, colours
from cmi_gui.ui.widgets.link.adapter_line import about_port
from cmi_gui.ui.widgets.plain.painting import smooth_painter
from cmi_gui.ui.widgets.plain.scroll_bar import slim_scroll_bars

_ROWS = 3
"""The number of ports visible without scrolling."""
_GAP = 2
"""Pixels between the lines and to the outline."""


_ABOUT = Qt.ItemDataRole.UserRole + 1


class _PortDelegate(QStyledItemDelegate):
    """A painter of a port's line: the device, then dim what is known of its adapter."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint the background if chosen or hovered, then both texts."""
        c = colours(option.palette)
        chosen = option.state & QStyle.StateFlag.State_Selected
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(c.selection if chosen else c.stripe)
            painter.drawRoundedRect(QRectF(option.rect).adjusted(_GAP, 0, -_GAP, 0), 4, 4)
        inner = option.rect.adjusted(SPACE.s, 0, -SPACE.s, 0)
        painter.setFont(option.font)
        metrics = painter.fontMetrics()
        device, about = index.data(Qt.ItemDataRole.UserRole), index.data(_ABOUT)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.setPen(c.text)
        painter.drawText(inner, middle, metrics.elidedText(device, Qt.TextElideMode.ElideMiddle, inner.width()))
        inner.setLeft(inner.left() + metrics.horizontalAdvance(device) + SPACE.m)
        if inner.width() > 0:
            painter.setPen(c.dim)
            painter.drawText(inner, middle, metrics.elidedText(about, Qt.TextElideMode.ElideRight, inner.width()))
        painter.restore()


class PortList(QListWidget):
    """One line per port: device, product, and the serial number that distinguishes two of a kind.

    Signals: `picked(str)`, the device of the line chosen by a click or a key.
    """

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ports: tuple[SerialPortInfo, ...] | None = None
        self._lines = 1
        """The largest number of lines so far (at most `_ROWS`): unplugging an adapter must not move what is below."""
        self.setObjectName("serialPorts")
        self.setAccessibleName(self.tr("Serial ports of this computer"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        slim_scroll_bars(self)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setItemDelegate(_PortDelegate(self))
        self.setUniformItemSizes(True)
        self.viewport().setAutoFillBackground(False)
        self.setSpacing(_GAP)
        self.itemSelectionChanged.connect(self._picked)
        self._fit()

    def show_ports(self, ports: Sequence[SerialPortInfo]) -> None:
        """Show these ports; the chosen one stays chosen if it is still there."""
        if tuple(ports) == self._ports:
            return
        chosen = self.chosen()
        self._ports = tuple(ports)
        blocked = self.blockSignals(True)
        self.clear()
        for port in ports:
            item = QListWidgetItem(f"{port.device}   {about_port(port)}".rstrip())
            item.setData(Qt.ItemDataRole.UserRole, port.device)
            item.setData(_ABOUT, about_port(port))
            set_tooltip(item, item.text())
            item.setSizeHint(QSize(0, self._row_height()))
            self.addItem(item)
        self.blockSignals(blocked)
        self.choose(chosen)
        self._fit()

    def chosen(self) -> str:
        """Return the device of the chosen line; empty for none."""
        items = self.selectedItems()
        return str(items[0].data(Qt.ItemDataRole.UserRole)) if items else ""

    def choose(self, device: str) -> None:
        """Select the line of this device, or none, without emitting a signal."""
        blocked = self.blockSignals(True)
        self.clearSelection()
        for row in range(self.count()):
            if self.item(row).data(Qt.ItemDataRole.UserRole) == device:
                self.setCurrentRow(row)
        self.blockSignals(blocked)

    def _picked(self) -> None:
        if self.chosen():
            self.picked.emit(self.chosen())

    def _row_height(self) -> int:
        return max(SPACE.target, QFontMetrics(self.font()).height() + SPACE.m)

    def _fit(self) -> None:
        self._lines = min(max(self.count(), self._lines), _ROWS)
        self.setFixedHeight(self._lines * (self._row_height() + 2 * _GAP) + 2 * _GAP)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Select the first line at the first arrow key; Qt would skip it, and never select a single line."""
        arrow = event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up)
        if arrow and self.count() and not self.selectedItems():
            self.setCurrentRow(0)
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the outline, and the lines or a text that there are none."""
        painter = smooth_painter(self.viewport())
        c = colours(self.palette())
        painter.setPen(QPen(c.accent if self.hasFocus() else c.hairline, 1))
        painter.drawRoundedRect(QRectF(self.viewport().rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        if not self.count():
            painter.setPen(c.dim)
            text = (
                self.tr("Looking for serial ports...")
                if self._ports is None
                else self.tr("No serial port found. Plug in an adapter, and it appears here.")
            )
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)
        painter.end()
        super().paintEvent(event)
