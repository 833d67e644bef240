"""A list of a few messages: mark, time and sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.text.words import Level, LogEntry, clock_text, level_word
from cmi_gui.ui.theme import SPACE, Colours, colours, font, tabular
from cmi_gui.ui.widgets.plain.accessible import Role, Spoken
from cmi_gui.ui.widgets.plain.painting import smooth_painter


def level_colour(level: Level, c: Colours) -> QColor:
    """Return the colour of a level's mark; the sentence stays in the text's colour."""
    return {Level.INFO: c.dim, Level.GOOD: c.good, Level.WARNING: c.warning, Level.ERROR: c.trouble}[level]


def paint_level(painter: QPainter, level: Level, rect: QRectF, c: Colours) -> None:
    """Paint the mark of a message: a dot for info, a disc for good, a triangle for warnings, a cross for errors."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(level_colour(level, c))
    centre, r = rect.center(), rect.width() / 2
    match level:
        case Level.INFO:
            painter.drawEllipse(centre, r * 0.35, r * 0.35)
        case Level.GOOD:
            painter.drawEllipse(centre, r * 0.7, r * 0.7)
        case Level.ERROR:
            painter.setPen(QPen(level_colour(level, c), r * 0.45, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            for corner in (QPointF(r, r) * 0.7, QPointF(r, -r) * 0.7):
                painter.drawLine(centre - corner, centre + corner)
        case Level.WARNING:
            top, left, right = QPointF(0, -r), QPointF(-r, r * 0.8), QPointF(r, r * 0.8)
            painter.drawPolygon([centre + top, centre + left, centre + right])


class MessageList(QWidget, Spoken):
    """A list of `lines` lines, newest message on top; a long message may take two of them."""

    accessible_role = Role.StaticText

    def __init__(self, lines: int, local: Callable[[float], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = lines
        self._local = local
        self._messages: tuple[LogEntry, ...] = ()
        self.setFont(tabular(font()))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Last events: none"))

    def _line_height(self) -> int:
        return QFontMetrics(self.font()).height() + 6

    def sizeHint(self) -> QSize:
        """Return the size of all lines, used or not."""
        return QSize(240, self._lines * self._line_height())

    def show_messages(self, messages: Sequence[LogEntry]) -> None:
        """Show the messages, given newest first."""
        self._messages = tuple(messages[: self._lines])
        spoken = "; ".join(f"{level_word(message.level)}: {message.text}" for message in self._messages)
        self.setAccessibleName(self.tr("Last events: {0}").format(spoken or self.tr("none")))
        set_tooltip(self, "\n".join(message.text for message in self._messages))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint mark, time and sentence of each message."""
        c = colours(self.palette())
        painter = smooth_painter(self)
        metrics = QFontMetrics(self.font())
        height = self._line_height()
        side = metrics.ascent() * 0.75
        time_left = round(side) + SPACE.s
        text_left = time_left + metrics.horizontalAdvance("00:00:00") + SPACE.s
        middle = Qt.AlignmentFlag.AlignVCenter
        if not self._messages:
            painter.setPen(c.dim)
            painter.drawText(QRectF(0, 0, self.width(), height), middle, self.tr("No events yet"))
        line, room = 0, self.width() - text_left
        for message in self._messages:
            lines = min(self._lines_of(message.text, room), self._lines - line)
            if not lines:
                break
            top = line * height
            paint_level(painter, message.level, QRectF(0, top + (height - side) / 2, side, side), c)
            painter.setPen(c.dim)
            painter.drawText(QRectF(time_left, top, 120, height), middle, clock_text(self._local(message.at)))
            painter.setPen(c.text)
            text, words = message.text, QRectF(text_left, top, room, height)
            if lines == 1:
                text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
                painter.drawText(words, middle, text)
            else:
                words.adjust(0, 3, 0, height)
                painter.drawText(words, Qt.TextFlag.TextWordWrap, text)
            line += lines

    def _lines_of(self, text: str, room: int) -> int:
        """Return 2 if a text needs two lines and fits into them, else 1."""
        metrics = QFontMetrics(self.font())
        if metrics.horizontalAdvance(text) <= room:
            return 1
        wrapped = metrics.boundingRect(0, 0, room, 10_000, Qt.TextFlag.TextWordWrap, text)
        return 2 if wrapped.height() <= 2 * metrics.lineSpacing() else 1
