"""The parts of the configuration form's rows: marks, remarks, bytes and basis, the module's value."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget

from cmi_gui.engine.cmi1020.command_words import row_bytes
from cmi_gui.engine.cmi1020.profile import CommandRow
from cmi_gui.engine.configurator.write_run import RowResult, WriteOutcome
from cmi_gui.ui.text.mark import Mark
from cmi_gui.ui.text.messages import profile_text, text_of
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.theme import SPACE, Colours, colours, em, font, monospace, scaled, tabular
from cmi_gui.ui.widgets.plain.buttons import paint_focus
from cmi_gui.ui.widgets.plain.layout import DimLabel, Label, WarningLine, row_of
from cmi_gui.ui.widgets.plain.marks import Badge, paint_mark
from cmi_gui.ui.widgets.plain.painting import control_height, smooth_painter

TITLE_EMS = 25
MODULE_EMS, FEW_MODULE_EMS, MANY_MODULE_EMS = 22, 15, 40
"""Width of the column with the module's value on a usual, a narrow and a wide page, in average characters."""


def row_title(row: CommandRow, parent: QWidget) -> QLabel:
    """Return a row's title label, of the same width in all rows, with the row's effect as its tooltip."""
    label = Label(profile_text(row.title), parent, wrap=True, tip=profile_text(row.effect))
    label.setFixedWidth(em(parent, TITLE_EMS))
    label.setMinimumHeight(SPACE.target)
    return label


class ColumnTitles(QWidget):
    """The titles above the columns of the form."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE.s)
        for column, width in ((0, SPACE.target), (4, control_height(self))):
            # Above mark and button; an empty grid column would lose its spacing too.
            empty = QWidget(self)
            empty.setFixedWidth(width)
            grid.addWidget(empty, 0, column)
        self._grid = grid
        widths = (em(self, TITLE_EMS), 0, em(self, MODULE_EMS))
        texts = (self.tr("Setting"), self.tr("Value"), self.tr("In the module"))
        for column, (text, width) in enumerate(zip(texts, widths, strict=True), 1):
            label = DimLabel(text, self, look=font(0.88, strong=True))
            grid.setColumnMinimumWidth(column, width)
            grid.addWidget(label, 0, column)
        grid.setColumnStretch(2, 1)

    def show_module_width(self, width: int) -> None:
        """Give the last column a width in pixels."""
        self._grid.setColumnMinimumWidth(3, width)


class ChangeMark(QPushButton):
    """A mark that shows whether a row will be written, and the last result; a click adds or removes the row.

    A filled square with a pencil stroke means "to be written"; results have the usual shapes.
    """

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._title = title
        self._changed = False
        self._result: Mark | None = None
        self.setFixedSize(QSize(SPACE.target, SPACE.target))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.show_state(False, None)

    def show_state(self, changed: bool, result: Mark | None) -> None:
        """Show whether the row will be written, and the last result, if any."""
        self._changed, self._result = changed, result
        words = (
            self.tr("{0}: will be written; press to leave it unchanged")
            if changed
            else self.tr("{0}: will not be written; press to write the value shown")
        )
        self.setAccessibleName(words.format(self._title))
        set_tooltip(self, words.format(self._title))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the mark."""
        c = colours(self.palette())
        painter = smooth_painter(self)
        centre = QPointF(self.rect().center()) + QPointF(0.5, 0.5)
        if self._result is not None:
            side = scaled(14)
            paint_mark(painter, self._result, QRectF(centre.x() - side / 2, centre.y() - side / 2, side, side), c)
        elif self._changed or self.underMouse():
            side = scaled(14)
            box = QRectF(centre.x() - side / 2, centre.y() - side / 2, side, side)
            painter.setPen(QPen(c.accent if self._changed else c.dim, 1.4))
            painter.setBrush(c.accent if self._changed else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 3, 3)
            if self._changed:
                painter.setPen(QPen(c.on_accent, 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
                arm = side / 14 * 3
                painter.drawLine(centre + QPointF(-arm, arm), centre + QPointF(arm, -arm))
        else:
            paint_mark(painter, Mark.NOTHING, QRectF(centre.x() - 7, centre.y() - 7, 14, 14), c)
        paint_focus(self, painter, QRectF(self.rect()))


def result_mark(result: RowResult | None) -> Mark | None:
    """Return the shape for the result of a write; None if nothing was sent."""
    if result is None or result.outcome is WriteOutcome.NOT_SENT:
        return None
    return Mark.GOOD if result.outcome is WriteOutcome.TAKEN else Mark.TROUBLE


class Remark(QWidget):
    """The line under a row: its error, or the result of its last write. It keeps the room of one line."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.trouble = WarningLine(self, trouble=True, lines=1)
        self.calm = DimLabel("", self, wrap=True)
        row_of((self.trouble, 1), (self.calm, 1), within=self, margins=0)
        self.show_text("", trouble=False)

    def show_text(self, text: str, *, trouble: bool) -> None:
        """Show a text, in the colour of errors if `trouble`."""
        calm = bool(text) and not trouble
        self.calm.setText(text if calm else "")
        self.calm.setVisible(calm)
        self.trouble.show_text(text if trouble else "")
        self.trouble.keep_lines(0 if calm else 1)

    def result(self, result: RowResult | None) -> None:
        """Show the result of a write, or nothing."""
        match result:
            case None:
                self.show_text("", trouble=False)
            case RowResult(outcome=WriteOutcome.TAKEN, status=None):
                self.show_text(
                    self.tr("Acknowledged; the module reports no status that would show a refusal"), trouble=False
                )
            case RowResult(outcome=WriteOutcome.TAKEN, status=int(status)):
                self.show_text(self.tr("Acknowledged, status {0:02X}").format(status), trouble=False)
            case RowResult(outcome=WriteOutcome.REFUSED, message=message):
                self.show_text(self.tr("Refused: {0}").format(text_of(message)), trouble=True)
            case RowResult(outcome=WriteOutcome.NO_ANSWER, message=message):
                words = self.tr("Not confirmed: {0}. Check target, speed and link, then write again")
                self.show_text(words.format(text_of(message).rstrip(".")), trouble=True)
            case RowResult(outcome=WriteOutcome.UNSURE, message=message):
                words = self.tr("Possibly done: {0}. Compare with the module, or write again")
                why = text_of(message).rstrip(".") or self.tr("stopped before the result was known")
                self.show_text(words.format(why), trouble=True)
            case RowResult(outcome=WriteOutcome.NOT_SENT):
                self.show_text(self.tr("Not sent"), trouble=False)


class _Basis(Badge):
    """The basis of a row's bytes as a badge; an assumption is highlighted."""

    def __init__(self, row: CommandRow, parent: QWidget) -> None:
        super().__init__(profile_text(row.basis), parent)
        self._assumed = row.basis == "assumption"
        set_tooltip(self, row.source)

    def grounds(self, c: Colours) -> tuple[QColor, QColor]:
        """Return the colours of background and text; those of a warning only for an assumption."""
        return super().grounds(c) if self._assumed else (c.hairline, c.text)


class Technical(QWidget):
    """The basis of a row as a badge, and its bytes after the C and A fields."""

    def __init__(self, row: CommandRow, parent: QWidget) -> None:
        super().__init__(parent)
        self.octets = Label("", self, look=monospace(0.92), wrap=True)
        self.octets.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._row = row
        self.show_bytes("")
        row_of((_Basis(row, self), 0, Qt.AlignmentFlag.AlignTop), (self.octets, 1), within=self, margins=(0, SPACE.xs))

    def show_bytes(self, octets: str) -> None:
        """Show the bytes for a value; if empty, those of the profile with placeholders."""
        shown = octets or "\n".join(row_bytes(self._row))
        if shown != self.octets.text():
            self.octets.setText(shown)
            self.octets.setAccessibleName(self.tr("Bytes of {0}: {1}").format(profile_text(self._row.title), shown))


class ModuleCell(DimLabel):
    """The module's value; in the colour of warnings if it differs from the form."""

    def __init__(self, title: str, parent: QWidget) -> None:
        self._other = False
        self._title = title
        super().__init__("", parent, wrap=True, look=tabular(font()))

    def show_words(self, text: str, *, other: bool) -> None:
        """Show the value in words; `other`: it differs from the form."""
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(self.tr("{0} in the module: {1}").format(self._title, text))
        if other is not self._other:
            self._other = other
            self._tint()

    def ink(self) -> QColor:
        """Return the colour of the text."""
        return colours(self.palette()).warning if self._other else super().ink()
