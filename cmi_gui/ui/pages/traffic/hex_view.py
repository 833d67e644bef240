"""The view of bytes in hex with offsets and text, where parts of a frame are coloured and fields highlighted."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QResizeEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from cmi_gui.engine.traffic.store import RowKind, Side, TrafficRow
from cmi_gui.ui.pages.traffic.text import hex_lines
from cmi_gui.ui.theme import Colours, colours, monospace

WIDTHS = (8, 16, 24, 32)
"""The possible numbers of bytes in a line."""
_HEX_COLUMN = 6


def _text_column(count: int) -> int:
    """Return the column where the text of `count` bytes begins, two blanks after the digits and their middle gap."""
    return _HEX_COLUMN + 3 * count + 2


class HexView(QPlainTextEdit):
    """A read-only view of bytes, which are chosen by click or arrow keys; its text can be selected and copied.

    A line has as many bytes as there is room for.

    Signals: `byte_chosen(object)`, the offset of the byte that the user moved to; `byte_hovered(object)`, the offset of
    the byte under the pointer, or None.
    """

    byte_chosen = Signal(object)
    byte_hovered = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row: TrafficRow | None = None
        self._width = 16
        """The bytes in a line."""
        self._chosen: tuple[int, int] | None = None
        self._lit: tuple[int, int] | None = None
        self._writing = False
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setUndoRedoEnabled(False)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setFont(monospace())
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.cursorPositionChanged.connect(self._moved)

    @property
    def chosen(self) -> tuple[int, int] | None:
        """The chosen bytes (first, one past the last), or None."""
        return self._chosen

    @property
    def lit(self) -> tuple[int, int] | None:
        """The highlighted bytes under the pointer (first, one past the last), or None."""
        return self._lit

    def line_width(self, count: int) -> int:
        """Return the width of a whole line of `count` bytes in pixels."""
        around = self.verticalScrollBar().sizeHint().width() + 2 * round(self.document().documentMargin()) + 4
        return self.fontMetrics().horizontalAdvance("0" * (_text_column(count) + count)) + around

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Write lines of another length if there is room for more bytes, or too little for those of before."""
        super().resizeEvent(event)
        fitting = [count for count in WIDTHS if self.line_width(count) <= self.width()]
        width = fitting[-1] if fitting else WIDTHS[0]
        if width != self._width:
            at = self._offset(self.textCursor())
            self._width = width
            self._write()
            if at is not None:
                self._place_cursor(at)

    def show_row(self, row: TrafficRow | None) -> None:
        """Show the bytes of a row, or nothing."""
        if row == self._row:
            return
        self._row = row
        self._chosen = self._lit = None
        self._write()

    def choose(self, start: int, end: int, *, keep_cursor: bool = False) -> None:
        """Mark the bytes `start` to `end` - 1 as chosen and, unless `keep_cursor`, move the cursor to the first."""
        self._chosen = (start, end) if start < end else None
        self._mark()
        if start < end and not keep_cursor:
            self._place_cursor(start)

    def light(self, span: tuple[int, int] | None) -> None:
        """Highlight the bytes (first, one past the last), or none."""
        if span != self._lit:
            self._lit = span
            self._mark()

    # Places

    def _size(self) -> int:
        return 0 if self._row is None else len(self._row.data)

    def _column(self, offset: int) -> int:
        place = offset % self._width
        return _HEX_COLUMN + place * 3 + (place >= self._width // 2)

    def _offset(self, cursor: QTextCursor) -> int | None:
        """Return the offset of the byte at a cursor, in digits or printable text; None outside both."""
        line, column = cursor.blockNumber(), cursor.positionInBlock()
        if column >= _text_column(self._width):
            place = column - _text_column(self._width)
        elif column >= _HEX_COLUMN:
            inside = column - _HEX_COLUMN
            half = 3 * self._width // 2
            place = inside // 3 if inside < half else self._width // 2 + max(0, inside - half - 1) // 3
        else:
            return None
        offset = line * self._width + min(place, self._width - 1)
        return offset if offset < self._size() else None

    def _place_cursor(self, offset: int) -> None:
        block = self.document().findBlockByNumber(offset // self._width)
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + self._column(offset))
        self._writing = True
        self.setTextCursor(cursor)
        self._writing = False

    # The user

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move byte by byte and line by line with the arrow keys; with Shift they select text as usual."""
        width = self._width
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -width, Qt.Key.Key_Down: width}
        step = steps.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Home:
            step = -self._width * self.blockCount()
        elif event.key() == Qt.Key.Key_End:
            step = self._width * self.blockCount()
        if step is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or not self._size():
            super().keyPressEvent(event)
            return
        at = self._offset(self.textCursor())
        wanted = 0 if at is None else at + step
        if abs(step) > self._width or 0 <= wanted < self._size():
            offset = min(max(wanted, 0), self._size() - 1)
            self._place_cursor(offset)
            self.byte_chosen.emit(offset)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Emit `byte_hovered` unless a button is pressed."""
        super().mouseMoveEvent(event)
        if not event.buttons():
            self.byte_hovered.emit(self._offset_at(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        """Emit `byte_hovered(None)`."""
        super().leaveEvent(event)
        self.byte_hovered.emit(None)

    def _offset_at(self, place: QPoint) -> int | None:
        # Qt returns the nearest cursor, which may be far from the pointer, as right of a line.
        cursor = self.cursorForPosition(place)
        nearest = self.cursorRect(cursor)
        if abs(nearest.center().x() - place.x()) > 2 * self.fontMetrics().averageCharWidth():
            return None
        return self._offset(cursor)

    def _moved(self) -> None:
        if self._writing or self.textCursor().hasSelection():
            return
        offset = self._offset(self.textCursor())
        if offset is not None:
            self.byte_chosen.emit(offset)

    # Painting

    def changeEvent(self, event: QEvent) -> None:
        """Write the text again in the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._row is not None:
            self._write()

    def _write(self) -> None:
        self._writing = True
        data = b"" if self._row is None else self._row.data
        # Otherwise new text takes on the colour of the first old characters.
        self.setCurrentCharFormat(QTextCharFormat())
        masked = () if self._row is None else self._row.masked
        lines = hex_lines(data, masked, self._width)
        self.setPlainText("\n".join(f"{offset}  {digits}  {text}" for offset, digits, text in lines))
        if self._row is not None:
            c = colours(self.palette())
            cursor = QTextCursor(self.document())
            for number in range(len(lines)):
                self._tint(cursor, number, 0, 4, c.dim)
            for start, end, colour in _parts(self._row, c):
                for offset in range(start, end):
                    column = self._column(offset)
                    self._tint(cursor, offset // self._width, column, column + 2, colour)
            self.moveCursor(QTextCursor.MoveOperation.Start)
        self._writing = False
        self._mark()

    def _tint(self, cursor: QTextCursor, line: int, first: int, last: int, colour: QColor) -> None:
        at = self.document().findBlockByNumber(line).position()
        cursor.setPosition(at + first)
        cursor.setPosition(at + last, QTextCursor.MoveMode.KeepAnchor)
        text = QTextCharFormat()
        text.setForeground(colour)
        cursor.setCharFormat(text)

    def _mark(self) -> None:
        """Paint the backgrounds of chosen and highlighted bytes, in the digits and in the text."""
        c = colours(self.palette())
        marks: list[QTextEdit.ExtraSelection] = []
        for span, ground, ink in ((self._lit, c.hairline, None), (self._chosen, c.selection, c.text)):
            if span is None:
                continue
            for first in range(span[0] - span[0] % self._width, span[1], self._width):
                start, end = max(span[0], first), min(span[1], first + self._width, self._size())
                text = _text_column(self._width) - first
                if start < end:
                    marks.append(self._ground(first, self._column(start), self._column(end - 1) + 2, ground, ink))
                    marks.append(self._ground(first, text + start, text + end, ground, ink))
        self.setExtraSelections(marks)

    def _ground(self, at: int, first: int, last: int, ground: QColor, ink: QColor | None) -> QTextEdit.ExtraSelection:
        block = self.document().findBlockByNumber(at // self._width)
        mark = QTextEdit.ExtraSelection()
        mark.cursor = QTextCursor(block)
        mark.cursor.setPosition(block.position() + first)
        mark.cursor.setPosition(block.position() + last, QTextCursor.MoveMode.KeepAnchor)
        mark.format.setBackground(ground)
        if ink is not None:
            mark.format.setForeground(ink)
        return mark


def _parts(row: TrafficRow, c: Colours) -> list[tuple[int, int, QColor]]:
    """Return (start, end, colour) of the frame: start, length, stop dim; C, A, CI in accent; checksum good.

    All bytes of a row that is not a telegram are in the colour of trouble.
    """
    if row.kind is not RowKind.TELEGRAM:
        return [(0, len(row.data), c.trouble)]
    size = len(row.data)
    if row.side is Side.METER or size < 5:
        return []
    if row.data[0] == 0x10:
        return [(0, 1, c.dim), (1, 3, c.accent), (3, 4, c.good), (4, 5, c.dim)]
    return [(0, 4, c.dim), (4, 7, c.accent), (size - 2, size - 1, c.good), (size - 1, size, c.dim)]
