"""The view of answer times: a histogram with the window of EN 13757-2, and its figures as text."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from cmi_gui.ui.pages.traffic.answers import AnswerStatistics, AnswerTimes, window
from cmi_gui.ui.pages.traffic.model import TrafficModel
from cmi_gui.ui.text.i18n import number_text, with_decimal_sign
from cmi_gui.ui.theme import PLOT_COLOURS, SPACE, colours, em, font, tabular
from cmi_gui.ui.widgets.plain.fields import ChoiceField
from cmi_gui.ui.widgets.plain.layout import DimLabel, Label, column_of, row_of
from cmi_gui.ui.widgets.plain.progress import ProgressLine

_BINS_A_DECADE = 20
_LEAST, _MOST = 1e-3, 100.0
"""Seconds; times outside are drawn in the first or the last bar."""
_STEPS = (1, 2, 5)
_ALL: int | None = None
"""The address that stands for all modules."""


class AnswerView(QWidget):
    """The histogram of the answers among the lines of a model, of one module or all, with their figures."""

    def __init__(self, model: TrafficModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trafficAnswers")
        self.times = AnswerTimes(model, self)
        self.times.changed.connect(self._show)
        self.module = ChoiceField(self.tr("Module"), self, object_name="trafficAnswerModule")
        self.module.addItem(self.tr("All modules"), _ALL)
        self.module.activated.connect(lambda _: self._show())
        self._progress = ProgressLine(self.tr("Progress of the answer times"), self)
        self._progress.setFixedWidth(em(self, 20))
        self.figures = Label(parent=self, wrap=True, look=tabular(font()), object_name="trafficAnswerFigures")
        self.outside = DimLabel(parent=self, wrap=True, look=tabular(font()))
        self.histogram = AnswerHistogram(self.tr("Histogram of answer times"), self)
        note = DimLabel(
            self.tr(
                "From the end of the request's last stop bit to the first bit of the answer. On a serial line its"
                " beginning is calculated from its end, length and speed; over TCP the arrival of its first byte"
                " counts, so that network and gateway are included."
            ),
            self,
            wrap=True,
        )
        column_of(
            row_of(self.module, (self.figures, 1), self._progress),
            self.outside,
            (self.histogram, 1),
            note,
            within=self,
            margins=0,
            spacing=SPACE.xs,
        )
        self._show()

    def showEvent(self, event: object) -> None:
        """Follow the model while visible."""
        self.times.set_watched(True)

    def hideEvent(self, event: object) -> None:
        """Stop following the model."""
        self.times.set_watched(False)

    def _show(self) -> None:
        self._progress.set_share(self.times.share)
        if self.times.share is not None:
            # The figures of half a million answers take longer than a slice of them.
            return
        self._offer_modules()
        found = self.times.statistics(self.module.currentData())
        self.histogram.show_statistics(found)
        self.figures.setText(self._figures(found))
        self.outside.setText(self._outside(found))
        self.histogram.setAccessibleDescription(f"{self.figures.text()} {self.outside.text()}")

    def _offer_modules(self) -> None:
        addresses = self.times.addresses
        if [self.module.itemData(place) for place in range(1, self.module.count())] == addresses:
            return
        chosen = self.module.currentData()
        self.module.clear()
        self.module.addItem(self.tr("All modules"), _ALL)
        for address in addresses:
            words = self.tr("Without an address") if address > 255 else self.tr("Address {0}").format(address)
            self.module.addItem(words, address)
        self.module.setCurrentIndex(max(0, self.module.findData(chosen)))

    def _figures(self, found: AnswerStatistics) -> str:
        parts = [self.tr("answers: {0}").format(len(found.seconds))]
        if len(found.seconds):
            for words, seconds, bits in zip(
                (
                    self.tr("median {0} ms, {1} bit"),
                    self.tr("95 % {0} ms, {1} bit"),
                    self.tr("maximum {0} ms, {1} bit"),
                ),
                found.marks,
                found.bits,
                strict=True,
            ):
                parts.append(words.format(number_text(1000 * seconds, 1), round(bits)))
        parts.append(self.tr("retries: {0}").format(found.retries))
        parts.append(self.tr("without an answer: {0}").format(found.silences))
        return "  ·  ".join(parts)

    def _outside(self, found: AnswerStatistics) -> str:
        if found.baud is None:
            return ""
        first, last = window(found.baud)
        words = self.tr("Window at {0} bit/s: {1} to {2} ms (11 to 330 bit times and 50 ms)")
        parts = [words.format(found.baud, number_text(1000 * first, 1), number_text(1000 * last, 1))]
        parts.append(self.tr("too early: {0}").format(found.early))
        parts.append(self.tr("too late: {0}").format(found.late))
        return "  ·  ".join(parts)


class AnswerHistogram(QWidget):
    """A painted histogram with a logarithmic axis of time; the bar under the pointer is put into words."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self._edges = np.array([_LEAST, 1.0])
        self.counts = np.zeros(1, np.int64)
        """The number of answers in each bar."""
        self._window: tuple[float, float] | None = None
        self._pointer: float | None = None

    def sizeHint(self) -> QSize:
        """Return a size for some bars and their axis."""
        return QSize(em(self, 60), 8 * QFontMetrics(self.font()).height())

    def minimumSizeHint(self) -> QSize:
        """Return a smaller size, in which the axis can still be read."""
        return QSize(em(self, 30), 5 * QFontMetrics(self.font()).height())

    def show_statistics(self, found: AnswerStatistics) -> None:
        """Show other answers."""
        self._window = None if found.baud is None else window(found.baud)
        shown = np.clip(found.seconds, _LEAST, _MOST)
        ends = [*(self._window or ()), *((float(shown.min()), float(shown.max())) if len(shown) else ())] or [0.01, 0.1]
        # A bar begins where the window does, because many slaves answer as soon as they may.
        begin = math.log10(ends[0])
        first = math.floor((math.log10(min(ends)) - begin) * _BINS_A_DECADE) - 1
        last = math.ceil((math.log10(max(ends)) - begin) * _BINS_A_DECADE) + 2
        # An inexact number just below the edge belongs to the bar that begins there.
        exponents = begin - 1e-6 + np.arange(first, last + 1) / _BINS_A_DECADE
        self._edges = 10.0**exponents
        self.counts = np.histogram(np.log10(shown), exponents)[0]
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Put the bar under the pointer into words."""
        self._pointer = event.position().x()
        self.update()

    def leaveEvent(self, event: object) -> None:
        """Remove the words about a bar."""
        self._pointer = None
        self.update()

    def _room(self) -> QRectF:
        line = QFontMetrics(font(0.88)).height()
        return QRectF(self.rect()).adjusted(em(self, 8), line + SPACE.xs, -SPACE.s, -line - SPACE.s)

    def _x(self, seconds: float) -> float:
        low, high = math.log10(self._edges[0]), math.log10(self._edges[-1])
        room = self._room()
        return room.left() + room.width() * (math.log10(max(seconds, self._edges[0])) - low) / (high - low)

    def words_at(self, x: float) -> str:
        """Return the range and the number of the bar at a place in pixels; empty if there is none."""
        for place, (begin, end) in enumerate(zip(self._edges[:-1], self._edges[1:], strict=True)):
            if self._x(begin) <= x < self._x(end):
                words = self.tr("{0} to {1} ms, answers: {2}")
                return words.format(number_text(1000 * begin, 1), number_text(1000 * end, 1), int(self.counts[place]))
        return ""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the window, the bars and the axes."""
        c = colours(self.palette())
        painter = QPainter(self)
        painter.setFont(tabular(font(0.88)))
        metrics, room = painter.fontMetrics(), self._room()
        if self._window is not None:
            left, right = (round(self._x(edge)) for edge in self._window)
            ground = QColor(c.selection)
            ground.setAlphaF(0.5)
            painter.fillRect(QRectF(left, room.top(), right - left, room.height()), ground)
        self._paint_axes(painter, room)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        most = max(1, int(self.counts.max()))
        bar = PLOT_COLOURS[c.dark][0]
        for place in np.flatnonzero(self.counts):
            left, right = round(self._x(self._edges[place])), round(self._x(self._edges[place + 1]))
            # A single answer beside thousands must still be seen.
            height = max(2.0, room.height() * self.counts[place] / most)
            painter.fillRect(QRectF(left, room.bottom() - height, max(1, right - left - 1), height), bar)
        if self._window is not None:
            self._paint_window(painter, room, metrics, c.dim)
        words = "" if self._pointer is None else self.words_at(self._pointer)
        if words:
            painter.setPen(c.text)
            painter.drawText(QPointF(room.right() - metrics.horizontalAdvance(words), metrics.ascent()), words)

    def _paint_axes(self, painter: QPainter, room: QRectF) -> None:
        c, metrics = colours(self.palette()), painter.fontMetrics()
        most = max(1, int(self.counts.max()))
        # Whole numbers, each at its height.
        for count in sorted({0, most // 2, most}):
            y = round(room.bottom() - room.height() * count / most)
            painter.setPen(QPen(c.border if not count else c.hairline, 1))
            painter.drawLine(round(room.left()), y, round(room.right()), y)
            painter.setPen(c.dim)
            words = str(count)
            painter.drawText(
                QPointF(room.left() - SPACE.s - metrics.horizontalAdvance(words), y + metrics.ascent() / 2), words
            )
        behind = 0.0
        low, high = math.floor(math.log10(self._edges[0])), math.ceil(math.log10(self._edges[-1]))
        for seconds in (step * 10.0**decade for decade in range(low, high + 1) for step in _STEPS):
            if not self._edges[0] <= seconds <= self._edges[-1]:
                continue
            x, words = round(self._x(seconds)), with_decimal_sign(f"{1000 * seconds:g} ms")
            painter.setPen(QPen(c.hairline, 1))
            painter.drawLine(x, round(room.top()), x, round(room.bottom()))
            left = x - metrics.horizontalAdvance(words) / 2
            if left >= behind and left + metrics.horizontalAdvance(words) <= self.width():
                painter.setPen(c.dim)
                painter.drawText(QPointF(left, room.bottom() + SPACE.xs + metrics.ascent()), words)
                behind = left + metrics.horizontalAdvance(words) + SPACE.s

    def _paint_window(self, painter: QPainter, room: QRectF, metrics: QFontMetrics, ink: QColor) -> None:
        """Paint the edges of the window, each with its name above."""
        assert self._window is not None
        painter.setPen(QPen(ink, 1, Qt.PenStyle.DashLine))
        for edge in self._window:
            x = round(self._x(edge))
            painter.drawLine(x, round(room.top()), x, round(room.bottom()))
        first, last = (self._x(edge) for edge in self._window)
        painter.drawText(QPointF(first, metrics.ascent()), self.tr("11 bit"))
        words = self.tr("330 bit + 50 ms")
        painter.drawText(QPointF(last - metrics.horizontalAdvance(words), metrics.ascent()), words)
