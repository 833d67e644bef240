"""The steps of a visit: connect, find, assign, write, read, report, each with its state."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QWidget

from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.site.model import RowState
from cmi_gui.ui.models.bus import BusMaster
from cmi_gui.ui.models.site import SiteModel
from cmi_gui.ui.models.visit import Visit, WritePhase
from cmi_gui.ui.text.mark import Mark, Status, mark_word
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.theme import SPACE, colours, font, scaled
from cmi_gui.ui.widgets.plain.accessible import Role, Spoken
from cmi_gui.ui.widgets.plain.buttons import keep_tab_stop, paint_focus
from cmi_gui.ui.widgets.plain.layout import row_of
from cmi_gui.ui.widgets.plain.marks import paint_cell_mark
from cmi_gui.ui.widgets.plain.painting import smooth_painter


class VisitStep(Enum):
    """A step of a visit."""

    CONNECT = "connect"
    FIND = "find"
    ASSIGN = "assign"
    WRITE = "write"
    READ = "read"
    REPORT = "report"


class StepButton(QAbstractButton, Spoken):
    """A button with the number and name of a step, and below it its state as a shape with words."""

    accessible_role = Role.RadioButton

    def __init__(self, number: int, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self._title = f"{number}  {title}"
        self.setText(title)
        self.status = Status(Mark.NOTHING, "")
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(title)

    def show_status(self, status: Status) -> None:
        """Show another state."""
        if status != self.status:
            self.status = status
            self.setAccessibleName(f"{self.text()}: {mark_word(status.mark)}, {status.title}")
            set_tooltip(self, status.detail or status.title)
            self.update()

    def sizeHint(self) -> QSize:
        """Return a size for two lines."""
        metrics, small = QFontMetrics(font(strong=True)), QFontMetrics(font(0.88))
        width = max(metrics.horizontalAdvance(self._title), small.horizontalAdvance("00 / 00") + small.ascent() + 8)
        return QSize(width + 2 * SPACE.s, metrics.height() + small.height() + SPACE.s + SPACE.xs)

    minimumSizeHint = sizeHint

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, title, state and, if it is the present step, a line below."""
        c = colours(self.palette())
        painter = smooth_painter(self)
        rect = QRectF(self.rect())
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(c.selection if self.isChecked() else c.quiet)
            painter.drawRoundedRect(rect, 6, 6)
        upper = QFontMetrics(font(strong=self.isChecked())).height()
        room = rect.adjusted(SPACE.s, SPACE.xs, -SPACE.s, -SPACE.xs)
        painter.setFont(font(strong=self.isChecked()))
        painter.setPen(c.text)
        self._line(painter, QRectF(room.left(), room.top(), room.width(), upper), self._title)
        painter.setFont(font(0.88))
        small = painter.fontMetrics()
        second = QRectF(room.left(), room.top() + upper, room.width(), small.height())
        side = small.ascent() - 1
        mark = QRectF(second.left(), second.center().y() - side / 2, side, side)
        paint_cell_mark(painter, self.status.mark, mark, c)
        painter.setPen(c.dim)
        self._line(painter, second.adjusted(side + scaled(4), 0, 0, 0), self.status.title)
        if self.isChecked():
            painter.setPen(QPen(c.accent, scaled(2)))
            below = rect.bottom() - 1
            painter.drawLine(QPointF(rect.left() + 6, below), QPointF(rect.right() - 6, below))
        paint_focus(self, painter, rect)

    def _line(self, painter: QPainter, place: QRectF, text: str) -> None:
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(place.width()))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


class StepBar(QWidget, Spoken):
    """The steps across the page. Signals: `chosen(object)`, the `Step` that the user chose."""

    chosen = Signal(object)
    accessible_role = Role.Grouping

    def __init__(self, site: SiteModel, bus: BusMaster, visit: Visit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._site = site
        self._bus = bus
        self._visit = visit
        self.setObjectName("siteSteps")
        self.setAccessibleName(self.tr("Steps of the visit"))
        titles = {
            VisitStep.CONNECT: self.tr("Connect"),
            VisitStep.FIND: self.tr("Find"),
            VisitStep.ASSIGN: self.tr("Assign"),
            VisitStep.WRITE: self.tr("Write"),
            VisitStep.READ: self.tr("Read"),
            VisitStep.REPORT: self.tr("Report"),
        }
        self._group = QButtonGroup(self)
        self.buttons: dict[VisitStep, StepButton] = {}
        row = row_of(within=self, margins=0, spacing=SPACE.xs)
        for number, (step, title) in enumerate(titles.items(), 1):
            button = self.buttons[step] = StepButton(number, title, self)
            button.setObjectName(f"siteStep{step.value.title()}")
            self._group.addButton(button, number)
            button.clicked.connect(lambda _checked=False, step=step: self.chosen.emit(step))
            row.addWidget(button, 1)
        keep_tab_stop(self._group)
        self.show_step(VisitStep.CONNECT)

    def show_step(self, step: VisitStep) -> None:
        """Show which step the page is at."""
        self.buttons[step].setChecked(True)

    def refresh(self) -> None:
        """Show the present states."""
        for step, status in self._states().items():
            self.buttons[step].show_status(status)

    def _states(self) -> dict[VisitStep, Status]:
        rows = self._site.site.modules
        found = [module for module in rows if module.found is not None]
        lost = sum(module.lost for module in found)
        placed = sum(bool(module.place) for module in found)
        unsure = sum(module.state in (RowState.UNSURE, RowState.FAILED) for module in rows)
        changes = sum(len(module.changes) + len(module.wanted_secrets) for module in rows)
        written = sum(bool(module.written) for module in rows)
        read = sum(bool(module.readings) for module in found)
        return {
            VisitStep.CONNECT: self._connection(),
            VisitStep.FIND: self._search(len(found) - lost, len(rows), lost),
            VisitStep.ASSIGN: self._count(
                placed, len(found), self.tr("{0} of {1} modules have a flat").format(placed, len(found))
            ),
            VisitStep.WRITE: self._writes(changes, written, unsure),
            VisitStep.READ: self._count(
                read, len(found), self.tr("{0} of {1} modules were read in this visit").format(read, len(found))
            ),
            VisitStep.REPORT: Status(Mark.NOTHING, self.tr("PDF, Excel")),
        }

    def _connection(self) -> Status:
        match self._bus.state:
            case LinkState.OPEN:
                return Status(Mark.GOOD, self.tr("connected"))
            case LinkState.OPENING:
                return Status(Mark.BUSY, self.tr("opening"))
            case LinkState.CLOSED if self._bus.problem is None:
                return Status(Mark.OFF, self.tr("not connected"))
        return Status(Mark.TROUBLE, self.tr("no connection"))

    def _search(self, found: int, rows: int, lost: int) -> Status:
        words = self.tr("{0} of {1}").format(found, rows)
        if self._bus.scanning:
            # Without rows that wait, how many there are is known only at the end.
            return Status(Mark.BUSY, words if found < rows else self.tr("found: {0}").format(found))
        if lost:
            return Status(Mark.TROUBLE, words, self.tr("{0} modules are lost").format(lost))
        return self._count(found, rows, self.tr("{0} of {1} rows have a module").format(found, rows))

    def _writes(self, changes: int, written: int, unsure: int) -> Status:
        progress = self._visit.progress
        if progress is not None and self._visit.phase in (WritePhase.FIRST, WritePhase.REST):
            # The module in progress counts as unsure until its end is known.
            return Status(Mark.BUSY, self.tr("{0} of {1}").format(progress.number, progress.count))
        if unsure:
            return Status(Mark.TROUBLE, self.tr("{0} unsure or failed").format(unsure))
        if changes:
            return Status(Mark.UNKNOWN, self.tr("{0} to write").format(changes))
        return Status(Mark.GOOD, self.tr("written")) if written else Status(Mark.NOTHING, self.tr("nothing to write"))

    def _count(self, done: int, of: int, detail: str) -> Status:
        if not of:
            return Status(Mark.NOTHING, self.tr("nothing yet"), detail)
        mark = Mark.GOOD if done == of else Mark.UNKNOWN
        return Status(mark, self.tr("{0} of {1}").format(done, of), detail)
