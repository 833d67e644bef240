"""An editor for the rate-mapping table: in each row two lamps for the inputs, then the rates with the meter's arrow."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.theme import SPACE, Colours, colours, font, scaled
from cmi_gui.ui.widgets.plain.accessible import Role, Spoken
from cmi_gui.ui.widgets.plain.buttons import ButtonKind, QuietButton, button_lift, button_look, paint_focus
from cmi_gui.ui.widgets.plain.layout import WarningLine, column_of, row_of
from cmi_gui.ui.widgets.plain.painting import smooth_painter

_COMBINATIONS = ((0, 0), (0, 1), (1, 0), (1, 1))
"""The inputs (B, A) of each row, in the order of the table's four rates."""
_MOST_CELLS = 10
"""The number of rates that a digit key can choose: 0 to 9."""


def _lamp_side() -> int:
    """Return the diameter of a lamp and its room, in pixels."""
    return scaled(26)


class _RateRow(QWidget, Spoken):
    """One combination: lamps B and A, then a cell for each rate; one tab stop.

    Left and right choose the previous or next rate, a digit chooses its rate, up and down move to another row.
    Signals: `chosen(object)`, the rate.
    """

    chosen = Signal(object)
    accessible_role = Role.ComboBox

    def __init__(self, index: int, rates: Sequence[int], parent: QWidget) -> None:
        super().__init__(parent)
        self._b, self._a = _COMBINATIONS[index]
        self._rates = list(rates)
        self._over: int | None = None
        self.rate: int | None = None
        self.doubtful = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._name()

    def show_rate(self, rate: int | None, *, doubtful: bool) -> None:
        """Show a rate; a `doubtful` one is marked, and the reason is shown under the table."""
        if (rate, doubtful) != (self.rate, self.doubtful):
            self.rate, self.doubtful = rate, doubtful
            self._name()
            self.update()

    def _name(self) -> None:
        words = self.tr("Inputs B {0}, A {1}: {2}")
        on, off = self.tr("on"), self.tr("off")
        what = self.tr("not chosen") if self.rate is None else self._rate_words(self.rate)
        self.setAccessibleName(words.format(on if self._b else off, on if self._a else off, what))

    def _rate_words(self, rate: int) -> str:
        return self.tr("rate {0}").format(rate) if rate else self.tr("no change")

    # Geometry

    def _first_cell(self) -> int:
        return 2 * _lamp_side() + 3 * SPACE.s

    def _cell_side(self) -> int:
        return max(SPACE.target, QFontMetrics(self.font()).height() + SPACE.s)

    def _width_of(self, rate: int) -> int:
        if rate:
            return self._cell_side()
        return QFontMetrics(self.font()).horizontalAdvance(self._rate_words(0)) + 2 * SPACE.s

    def cell(self, rate: int) -> QRectF:
        """Return the rectangle of a rate's cell, in pixels. Raises ValueError for a rate without a cell."""
        index = self._rates.index(rate)
        left = self._first_cell() + sum(self._width_of(each) + 2 for each in self._rates[:index])
        return QRectF(left, 0, self._width_of(rate), self.height())

    def sizeHint(self) -> QSize:
        """Return the size of lamps and cells."""
        width = self._first_cell() + sum(self._width_of(rate) + 2 for rate in self._rates)
        return QSize(width + 2, max(self._cell_side(), _lamp_side() + 2))

    minimumSizeHint = sizeHint

    def _rate_at(self, point: QPointF) -> int | None:
        return next((rate for rate in self._rates if self.cell(rate).contains(point)), None)

    # User actions

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Highlight the cell that a click would choose."""
        over = self._rate_at(event.position())
        if over != self._over:
            self._over = over
            self.update()

    def leaveEvent(self, _event: object) -> None:
        """Remove the highlight."""
        self._over = None
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the rate under the pointer."""
        rate = self._rate_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and rate is not None:
            self.chosen.emit(rate)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Handle arrows and digits."""
        key, rates = event.key(), self._rates
        index = rates.index(self.rate) if self.rate in rates else -1
        if key == Qt.Key.Key_Right:
            self.chosen.emit(rates[min(index + 1, len(rates) - 1)])
        elif key == Qt.Key.Key_Left:
            self.chosen.emit(rates[max(index - 1, 0)])
        elif key == Qt.Key.Key_Down:
            self.focusNextChild()
        elif key == Qt.Key.Key_Up:
            self.focusPreviousChild()
        elif event.text().isdigit() and event.text().isascii() and int(event.text()) in rates:
            self.chosen.emit(int(event.text()))
        else:
            event.ignore()

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint lamps, cells and focus."""
        c = colours(self.palette())
        painter = smooth_painter(self)
        middle = self.height() / 2
        for index, (letter, on) in enumerate((("B", self._b), ("A", self._a))):
            left = SPACE.xs + index * (_lamp_side() + SPACE.s)
            self._lamp(painter, QPointF(left + _lamp_side() / 2, middle), letter, bool(on), c)
        for rate in self._rates:
            self._cell(painter, rate, c)
        paint_focus(self, painter, QRectF(self.rect()))

    def _lamp(self, painter: QPainter, centre: QPointF, letter: str, on: bool, c: Colours) -> None:
        """Paint a lamp, lit or not, with its letter inside, so that no legend is needed."""
        painter.setFont(font(0.88, strong=True))
        ink = c.dim if self.isEnabled() else c.disabled
        painter.setPen(QPen(c.green_off if on else ink, 1.2))
        painter.setBrush(c.green_on if on else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(centre, _lamp_side() / 2 - 2, _lamp_side() / 2 - 2)
        painter.setPen(c.lcd_on if on else ink)
        radius = _lamp_side() / 2
        box = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, letter)

    def _cell(self, painter: QPainter, rate: int, c: Colours) -> None:
        box = self.cell(rate).adjusted(1, 2, -1, -2)
        chosen = rate == self.rate
        if chosen:
            mark = c.warning if self.doubtful else c.accent
            painter.setPen(QPen(mark if self.isEnabled() else c.disabled, 1.4))
            painter.setBrush(c.selection if self.isEnabled() else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 6, 6)
        else:
            lift = button_lift(down=False, hovered=rate == self._over)
            look = button_look(c, ButtonKind.QUIET, enabled=self.isEnabled(), checked=False, lift=lift)
            look.paint_ground(painter, box)
        painter.setFont(font(strong=chosen))
        painter.setPen(c.text if self.isEnabled() else c.disabled)
        if not rate:
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._rate_words(0))
            return
        painter.drawText(box.adjusted(8 if chosen else 0, 0, 0, 0), Qt.AlignmentFlag.AlignCenter, str(rate))
        if chosen:
            # The arrow by which the meter's display marks the active rate.
            tip = QPointF(box.left() + 11, box.center().y() + 0.5)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(c.text if self.isEnabled() else c.disabled)
            painter.drawPolygon(QPolygonF([tip, tip + QPointF(-5, -3.5), tip + QPointF(-5, 3.5)]))


class RateMapEditor(QWidget, Spoken):
    """Four rows, for inputs (B, A) = 00, 01, 10, 11.

    `minimum`, `maximum`: the range of a rate, within 0 to 9, else ValueError; 0 is "no change". `factory`: the table
    as delivered, for the button that restores it. Unusual tables are remarked on under the table but allowed, because
    only the meter knows which rates it has.
    Signals: `edited(object)`, the four rates as a tuple; `incomplete()`, a rate was chosen, but not all four are.
    """

    edited = Signal(object)
    incomplete = Signal()
    accessible_role = Role.Grouping

    def __init__(
        self,
        minimum: int,
        maximum: int,
        name: str,
        factory: Sequence[int] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        if not 0 <= minimum <= maximum < _MOST_CELLS:
            raise ValueError(f"the table draws rates 0 to {_MOST_CELLS - 1}, not {minimum} to {maximum}")
        self.setObjectName("rateMapTable")
        self.setAccessibleName(name)
        self._meter_rates: int | None = None
        rates = [*range(max(1, minimum), maximum + 1), *([0] if minimum == 0 else [])]
        self.rows = [_RateRow(index, rates, self) for index in range(len(_COMBINATIONS))]
        self._remark = WarningLine(self)
        self._remark.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        column = column_of(within=self, margins=0, spacing=2)
        for index, row in enumerate(self.rows):
            row.chosen.connect(lambda rate, index=index: self._chosen(index, rate))
            column.addWidget(row)
        self._factory = tuple(factory) if factory is not None else None
        self.factory = QuietButton(self.tr("Restore factory table"), self, object_name="rateMapFactory")
        self.factory.setVisible(factory is not None)
        self.factory.clicked.connect(self._to_factory)
        # Beside the button, the remark moves nothing when it comes.
        column.addLayout(row_of((self.factory, 0, Qt.AlignmentFlag.AlignLeft), (self._remark, 1)))
        self.setFocusProxy(self.rows[0])
        self._check()

    def rates(self) -> tuple[int, ...] | None:
        """Return the four rates; None while one of them is not chosen."""
        found = tuple(row.rate for row in self.rows if row.rate is not None)
        return found if len(found) == len(self.rows) else None

    def show_rates(self, rates: Sequence[int] | None) -> None:
        """Show four rates, or none, without a signal."""
        for index, row in enumerate(self.rows):
            row.show_rate(None if rates is None else rates[index], doubtful=row.doubtful)
        self._check()

    def set_meter_rates(self, count: int | None) -> None:
        """Set the number of the meter's rates; None if unknown."""
        if count != self._meter_rates:
            self._meter_rates = count
            self._check()

    @property
    def remark(self) -> str:
        """The remark on the table; empty if there is none."""
        return self._remark.text()

    def _chosen(self, index: int, rate: int) -> None:
        before = [row.rate for row in self.rows]
        self.rows[index].show_rate(rate, doubtful=False)
        self._check()
        if [row.rate for row in self.rows] == before:
            return
        if (rates := self.rates()) is not None:
            self.edited.emit(rates)
        else:
            self.incomplete.emit()

    def _to_factory(self) -> None:
        if self._factory is not None and self.rates() != self._factory:
            self.show_rates(self._factory)
            self.edited.emit(self._factory)

    def _check(self) -> None:
        chosen = [row.rate for row in self.rows]
        missing = sorted({r for r in chosen if r and self._meter_rates is not None and r > self._meter_rates})
        twice = sorted({r for r in chosen if r and chosen.count(r) > 1})
        parts = []
        if missing:
            words = self.tr("The meter has rates 1 to {0}: it will refuse {1}")
            parts.append(words.format(self._meter_rates, ", ".join(map(str, missing))))
        if twice:
            words = self.tr("More than one row selects rate {0}")
            parts.append(words.format(", ".join(map(str, twice))))
        for row in self.rows:
            row.show_rate(row.rate, doubtful=row.rate in missing or row.rate in twice)
        same = self.rates() == self._factory
        self.factory.setEnabled(not same)
        set_tooltip(
            self.factory,
            self.tr("This is the factory table")
            if same
            else self.tr("Fill in the table as delivered; nothing is written yet"),
        )
        self._remark.show_text(". ".join(parts))
        for row in self.rows:
            row.setAccessibleDescription(self.remark if row.doubtful else "")
