"""Widgets for states as shape, colour and word (see `Mark`), and the header's chips and badges."""

from __future__ import annotations

import math
from typing import Unpack

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from cmi_gui.ui.text.mark import Mark, Status, mark_word
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.theme import SPACE, Colours, colours, font, tabular
from cmi_gui.ui.widgets.plain.accessible import Role, Spoken
from cmi_gui.ui.widgets.plain.layout import Label, Stretch, column_of, row_of
from cmi_gui.ui.widgets.plain.options import Options
from cmi_gui.ui.widgets.plain.painting import fill_rounded, motion_allowed, smooth_painter

_LONGEST_TITLE = 60
_LONGEST_DETAIL = 34
"""The most characters for which a chip asks room."""
_PULSE_STEP_MS = 100
_PULSE_STEPS = 20
"""The steps of one pulse of a recording's mark: two seconds."""


def mark_colour(mark: Mark, c: Colours) -> QColor:
    """Return the colour of a mark."""
    return {
        Mark.GOOD: c.good,
        Mark.BUSY: c.accent,
        Mark.RECORDING: c.recording,
        Mark.TROUBLE: c.trouble,
    }.get(mark, c.dim)


def paint_mark(painter: QPainter, mark: Mark, rect: QRectF, c: Colours, *, glow: float = 1.0) -> None:
    """Paint the shape of a mark into a square; `glow`: the opacity of the disc of a recording, 0 to 1."""
    inner = rect.adjusted(1.5, 1.5, -1.5, -1.5)
    ring = inner.adjusted(1, 1, -1, -1)
    ink = mark_colour(mark, c)
    painter.setPen(QPen(ink, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    match mark:
        case Mark.OFF:
            painter.drawEllipse(ring)
        case Mark.UNKNOWN:
            painter.drawLine(QPointF(inner.left(), rect.center().y()), QPointF(inner.right(), rect.center().y()))
        case Mark.BUSY:
            painter.drawEllipse(ring)
            painter.setBrush(ink)
            painter.drawPie(ring, 90 * 16, -180 * 16)
        case Mark.TROUBLE:
            painter.setPen(QPen(ink, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
            painter.setBrush(ink)
            centre, radius = rect.center() + QPointF(0, rect.height() * 0.08), rect.width() * 0.46
            corners = [math.radians(a) for a in (-90, 30, 150)]
            painter.drawPolygon(
                QPolygonF([centre + QPointF(radius * math.cos(a), radius * math.sin(a)) for a in corners])
            )
        case _:
            if mark is Mark.RECORDING:
                painter.setPen(QPen(ink, 1.2))
                painter.drawEllipse(inner)
            disc = QColor(ink)
            disc.setAlphaF(glow)
            radius = inner.width() * {Mark.GOOD: 0.5, Mark.RECORDING: 0.3, Mark.NOTHING: 0.18}[mark]
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(disc)
            painter.drawEllipse(rect.center(), radius, radius)


def paint_cell_mark(painter: QPainter, mark: Mark, rect: QRectF, c: Colours) -> None:
    """Paint the shape of a mark with a table's painter, whose state is kept."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_mark(painter, mark, rect, c)
    painter.restore()


class Pulse:
    """The slow pulse of a recording's mark on a widget.

    It does not move while the widget is hidden, or if the system is set to show no animations.
    """

    def __init__(self, widget: QWidget) -> None:
        self._widget = widget
        self._timer = QTimer(widget, interval=_PULSE_STEP_MS)
        self._timer.timeout.connect(self._step)
        self._steps = 0

    @property
    def moving(self) -> bool:
        """True while the mark pulses."""
        return self._timer.isActive()

    @property
    def glow(self) -> float:
        """The opacity of the disc now, from 0.3 to 1."""
        return 0.65 + 0.35 * math.cos(math.tau * self._steps / _PULSE_STEPS)

    def run(self, wanted: bool) -> None:
        """Start or stop the pulse."""
        if not wanted:
            self._timer.stop()
            self._steps = 0
        elif not self.moving and motion_allowed(self._widget):
            self._timer.start()

    def _step(self) -> None:
        if self._widget.isVisible():
            self._steps = (self._steps + 1) % _PULSE_STEPS
            self._widget.update()


class StateMark(QWidget, Spoken):
    """A shape beside words; a screen reader has a word for it."""

    accessible_role = Role.Graphic

    def __init__(self, mark: Mark = Mark.UNKNOWN, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark = mark
        self.pulse: Pulse | None = None
        """The pulse, once the mark has been that of a recording."""
        self.setAccessibleName(mark_word(mark))
        side = QFontMetrics(self.font()).ascent() + 2
        self.setFixedSize(QSize(side, side))

    @property
    def mark(self) -> Mark:
        """The shape shown."""
        return self._mark

    def set_mark(self, mark: Mark) -> None:
        """Show another shape."""
        if mark is not self._mark:
            self._mark = mark
            if mark is Mark.RECORDING and self.pulse is None:
                self.pulse = Pulse(self)
            if self.pulse is not None:
                self.pulse.run(mark is Mark.RECORDING)
            self.setAccessibleName(mark_word(mark))
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the shape."""
        painter = smooth_painter(self)
        glow = self.pulse.glow if self.pulse is not None else 1.0
        paint_mark(painter, self._mark, QRectF(self.rect()), colours(self.palette()), glow=glow)


class ElidedLabel(Label):
    """A line of text, shortened by an ellipsis if it does not fit; the tooltip then has all of it.

    `mode`: where the ellipsis is.
    """

    mode = Qt.TextElideMode.ElideRight

    def __init__(
        self, text: str = "", parent: QWidget | None = None, *, dim: bool = False, **options: Unpack[Options]
    ) -> None:
        super().__init__(text, parent, **options)
        self._dim = dim
        self._tip = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(1)

    def sizeHint(self) -> QSize:
        """Return the size of the whole text."""
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self.text()) + 2, metrics.height() + 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the part that fits."""
        metrics = QFontMetrics(self.font())
        shown = metrics.elidedText(self.text(), self.mode, self.width())
        tip = self.text() if shown != self.text() else ""
        if tip != self._tip:
            self._tip = tip
            set_tooltip(self, tip)
        painter = QPainter(self)
        painter.setPen(
            colours(self.palette()).dim if self._dim else self.palette().color(QPalette.ColorRole.WindowText)
        )
        painter.drawText(self.rect(), int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), shown)


class ShrinkingLabel(ElidedLabel):
    """An elided label that asks for the width of its text, up to `most` characters, and gives way down to `least`."""

    def __init__(
        self, least: int, most: int, parent: QWidget | None = None, *, dim: bool = False, **options: Unpack[Options]
    ) -> None:
        super().__init__("", parent, dim=dim, **options)
        self._least, self._most = least, most
        self._collapsed = False
        self.setMinimumWidth(0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def collapse(self, on: bool) -> None:
        """Ask for no width at all, or stop that. (Hiding it would lay out the window again at once.)"""
        if on is not self._collapsed:
            self._collapsed = on
            self.updateGeometry()

    def keep(self, least: int) -> None:
        """Give way down to another number of characters."""
        if least != self._least:
            self._least = least
            self.updateGeometry()

    def _width(self, characters: int) -> int:
        if self._collapsed:
            return 0
        return min(super().sizeHint().width(), characters * QFontMetrics(self.font()).averageCharWidth())

    def sizeHint(self) -> QSize:
        """Return the size of the text, at most `most` characters wide."""
        return QSize(self._width(self._most), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Return the size of the text, at most `least` characters wide."""
        return QSize(self._width(self._least), super().sizeHint().height())


class Chip(QWidget, Spoken):
    """A state in the header: shape, title, and a dim second line.

    `least`: the characters of the title that always stay; the tooltip has what is shortened.
    """

    accessible_role = Role.Grouping

    def __init__(self, name: str, parent: QWidget | None = None, object_name: str = "", *, least: int = 10) -> None:
        super().__init__(parent)
        self.setObjectName(object_name)
        self.setAccessibleName(name)
        self.status: Status | None = None
        self.mark = StateMark(parent=self)
        self.title = ShrinkingLabel(least, _LONGEST_TITLE, self, look=tabular(font(strong=True)))
        self.detail = ShrinkingLabel(least, _LONGEST_DETAIL, self, dim=True, look=tabular(font(0.88)))
        self.extra = row_of()
        """A layout for a button at the end."""
        self._with_words = True
        lines = column_of(Stretch(), self.title, self.detail, Stretch(), spacing=1)
        row_of(self.mark, lines, self.extra, within=self, margins=0)

    def show_words(self, on: bool) -> None:
        """Show the words beside the shape, or only in the tooltip."""
        self._with_words = on
        for label in (self.title, self.detail):
            label.collapse(not on)
        self._show_tip()

    def least_words(self) -> int:
        """Return the least width of the words, in pixels."""
        return max(label.minimumSizeHint().width() for label in (self.title, self.detail) if not label.isHidden())

    def _show_tip(self) -> None:
        status = self.status
        words = "" if status is None else f"{self.accessibleName()}: {status.title}. {status.detail}"
        set_tooltip(self, "" if self._with_words else words)

    def show_status(self, status: Status) -> None:
        """Show another state; the same one is not repainted."""
        if status == self.status:
            return
        self.status = status
        self.mark.set_mark(status.mark)
        self.title.setText(status.title)
        self.detail.setText(status.detail)
        self.detail.setVisible(bool(status.detail))
        self._show_tip()


class Badge(Label):
    """A word on a coloured background, such as SIMULATED."""

    def __init__(self, text: str, parent: QWidget | None = None, object_name: str = "") -> None:
        super().__init__(text, parent, look=font(0.88, strong=True), object_name=object_name)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the size of the word with a small margin."""
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self.text()) + 2 * SPACE.s, metrics.height() + SPACE.s)

    def grounds(self, c: Colours) -> tuple[QColor, QColor]:
        """Return the colours of background and word."""
        return c.badge, c.on_badge

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint background and word."""
        ground, ink = self.grounds(colours(self.palette()))
        painter = smooth_painter(self)
        fill_rounded(painter, QRectF(self.rect()), 4, ground)
        painter.setPen(ink)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
