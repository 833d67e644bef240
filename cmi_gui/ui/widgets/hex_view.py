"""Bytes in hex with offsets and text; the parts of an M-Bus frame are told apart by colour."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from cmi_gui.engine.traffic import Kind, Side, TrafficRow
from cmi_gui.ui.models.traffic_text import hex_lines
from cmi_gui.ui.theme import Colours, colours, monospace

__all__ = ["HexView"]

_HEX_COLUMN = 6


class HexView(QPlainTextEdit):
    """Read-only; can be selected and copied by keyboard."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row: TrafficRow | None = None
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setFont(monospace())

    def show_row(self, row: TrafficRow | None) -> None:
        """Show the bytes of a row, or nothing."""
        if row == self._row:
            return
        self._row = row
        self._write()

    def changeEvent(self, event: QEvent) -> None:
        """Write anew in the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._row is not None:
            self._write()

    def _write(self) -> None:
        data = b"" if self._row is None else self._row.data
        # New text would take on the colour of what stood first.
        self.setCurrentCharFormat(QTextCharFormat())
        masked = () if self._row is None else self._row.masked
        lines = hex_lines(data, masked)
        self.setPlainText("\n".join(f"{offset}  {digits}  {text}" for offset, digits, text in lines))
        if self._row is None:
            return
        c = colours(self.palette())
        cursor = QTextCursor(self.document())
        for number in range(self.document().blockCount()):
            self._tint(cursor, number, 0, 4, c.dim)
        for start, end, colour in _parts(self._row, c):
            for offset in range(start, end):
                column = _HEX_COLUMN + offset % 16 * 3 + (offset % 16 >= 8)
                self._tint(cursor, offset // 16, column, column + 2, colour)
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def _tint(self, cursor: QTextCursor, line: int, first: int, last: int, colour: QColor) -> None:
        at = self.document().findBlockByNumber(line).position()
        cursor.setPosition(at + first)
        cursor.setPosition(at + last, QTextCursor.MoveMode.KeepAnchor)
        text = QTextCharFormat()
        text.setForeground(colour)
        cursor.setCharFormat(text)


def _parts(row: TrafficRow, c: Colours) -> list[tuple[int, int, QColor]]:
    """(start, end, colour) of what frames the data: start, length and stop dim, C A CI in accent, checksum good."""
    if row.kind is not Kind.TELEGRAM:
        return [(0, len(row.data), c.trouble)]
    size = len(row.data)
    if row.side is Side.METER or size < 5:
        return []
    if row.data[0] == 0x10:
        return [(0, 1, c.dim), (1, 3, c.accent), (3, 4, c.good), (4, 5, c.dim)]
    return [(0, 4, c.dim), (4, 7, c.accent), (size - 2, size - 1, c.good), (size - 1, size, c.dim)]
