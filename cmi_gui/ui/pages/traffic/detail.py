"""The chosen telegram: its fields as a tree and its bytes in hex, linked to each other."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from cmi_gui.engine.traffic.store import TrafficRow
from cmi_gui.ui.pages.traffic.field import ByteField
from cmi_gui.ui.pages.traffic.field_tree import FieldTree
from cmi_gui.ui.pages.traffic.fields import deepest, fields_of
from cmi_gui.ui.pages.traffic.hex_view import HexView
from cmi_gui.ui.pages.traffic.text import answer_text
from cmi_gui.ui.text.world import port_name
from cmi_gui.ui.theme import SPACE, em, font
from cmi_gui.ui.widgets.plain.fields import Splitter
from cmi_gui.ui.widgets.plain.layout import DimLabel, Surface, column_of
from cmi_gui.ui.widgets.plain.marks import ElidedLabel
from cmi_gui.ui.widgets.plain.scroll_bar import slim_scroll_bars

_TREE = 30
"""The least width of the tree beside the bytes, in average characters."""


class TelegramDetail(Splitter):
    """A tree of fields on the left, bytes in hex on the right; choosing a field chooses its bytes and vice versa."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setObjectName("trafficDetailSplitter")
        self.tree = FieldTree(
            self.tr("The fields of the selected telegram"), (self.tr("Field"), self.tr("Meaning")), self
        )
        self.tree.setObjectName("trafficDetail")
        self.tree.set_empty_text(self.tr("Select a row to see its fields"))
        self.hex = HexView(self.tr("The selected telegram in hex"), self)
        self.hex.setObjectName("trafficHex")
        self.hex.setPlaceholderText(self.tr("Select a row to see its bytes"))
        slim_scroll_bars(self.hex)
        self._summary = DimLabel(wrap=True)
        self._summary.setObjectName("trafficDetailRemark")
        self.addWidget(self._pane(self.tr("Fields"), self.tree))
        self._field_label = ElidedLabel(dim=True)
        self._bytes = self._pane(self.tr("Bytes"), self.hex, self._summary, self._field_label)
        self.addWidget(self._bytes)
        self.setStretchFactor(0, 1)
        self.setStretchFactor(1, 1)
        self.tree.field_chosen.connect(self._field_chosen)
        self.tree.field_hovered.connect(self._field_hovered)
        self.hex.byte_chosen.connect(self._byte_chosen)
        self.hex.byte_hovered.connect(self._byte_hovered)

    def minimumSizeHint(self) -> QSize:
        """Return a size for lines of eight bytes."""
        return QSize(self._pane_width(8) + em(self, _TREE), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep room for lines of 16 bytes, or of eight in a narrow window."""
        room = self.width() - em(self, _TREE)
        self._bytes.setMinimumWidth(self._pane_width(16 if self._pane_width(16) <= room else 8))
        super().resizeEvent(event)

    def _pane_width(self, count: int) -> int:
        return self.hex.line_width(count) + 2 * SPACE.m

    def _pane(self, title: str, content: QWidget, *remarks: QWidget) -> QWidget:
        pane = Surface("base", self)
        label = DimLabel(title, look=font(0.88, strong=True))
        label.setBuddy(content)
        column_of(label, (content, 1), *remarks, within=pane, margins=(SPACE.m, SPACE.s), spacing=SPACE.xs)
        return pane

    def show_row(self, row: TrafficRow | None, summary: str = "") -> None:
        """Show a telegram, or nothing."""
        self.tree.show_fields(() if row is None else fields_of(row))
        self.hex.show_row(row)
        answer = "" if row is None else answer_text(row)
        if row is not None and answer:
            answer = self.tr("answer after {0} at {1} bit/s").format(answer, row.baud)
        # Telegrams of a real bus and of the built-in module are in one table, so the link comes first.
        where = "" if row is None else port_name(row.link)
        module = "" if row is None or not row.module else self.tr("module {0}").format(row.module)
        self._summary.setText("  ·  ".join(part for part in (where, module, summary, answer) if part))
        self._show_field(None)

    def _field_chosen(self, field: ByteField) -> None:
        self.hex.choose(field.start, field.end)
        self._show_field(field)

    def _field_hovered(self, field: ByteField | None) -> None:
        self.hex.light(None if field is None else (field.start, field.end))

    def _byte_chosen(self, offset: int) -> None:
        path = deepest(self.tree.fields, offset)
        self.tree.choose(path)
        self.hex.choose(*((path[-1].start, path[-1].end) if path else (offset, offset + 1)), keep_cursor=True)
        self._show_field(path[-1] if path else None)

    def _byte_hovered(self, offset: int | None) -> None:
        path = () if offset is None else deepest(self.tree.fields, offset)
        self.hex.light((path[-1].start, path[-1].end) if path else None)

    def _show_field(self, field: ByteField | None) -> None:
        """Show place, name and meaning of the chosen field below the bytes."""
        if field is None:
            self._field_label.setText("")
            return
        count = field.end - field.start
        where = (
            self.tr("Byte {0}").format(field.start)
            if count == 1
            else self.tr("Bytes {0} to {1}").format(field.start, field.end - 1)
        )
        self._field_label.setText("  ·  ".join(part for part in (where, field.name, field.meaning) if part))
