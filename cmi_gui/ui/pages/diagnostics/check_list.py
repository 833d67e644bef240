"""A symptom with its chain of checks: each has a shape, a statement, its evidence and a remedy."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from cmi_gui.engine.diagnostics.checks import Check, CheckId, CheckState, Lead, Symptom, SymptomId
from cmi_gui.ui.pages.diagnostics.evidence import evidence
from cmi_gui.ui.pages.diagnostics.remedies import lead_text, remedy
from cmi_gui.ui.pages.diagnostics.words import check_mark, holds, question, state_word, symptom_mark, title, verdict
from cmi_gui.ui.text.mark import Mark
from cmi_gui.ui.theme import SPACE, colours, em, font, tabular
from cmi_gui.ui.widgets.plain.accessible import Role, Spoken
from cmi_gui.ui.widgets.plain.buttons import Button, ButtonKind, paint_focus
from cmi_gui.ui.widgets.plain.disclosure import Heading
from cmi_gui.ui.widgets.plain.layout import DimLabel, Gap, Hairline, Label, Surface, column_of, grid_of
from cmi_gui.ui.widgets.plain.marks import StateMark, paint_mark
from cmi_gui.ui.widgets.plain.painting import fill_rounded, paint_chevron, smooth_painter

_TALL = 1000
"""More than the height of any wrapped question, in pixels."""


class _Heading(Heading):
    """The clickable heading of a symptom: shape, question, verdict and chevron."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self._mark = Mark.UNKNOWN
        self._verdict = ""
        self._beside = False
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_verdict(self, mark: Mark, words: str) -> None:
        """Show a verdict."""
        if (mark, words) != (self._mark, self._verdict):
            self._mark, self._verdict = mark, words
            self.setAccessibleName(f"{self.text()}: {words}")
            self.update()

    def point_beside(self, on: bool) -> None:
        """Show that the checks are beside the heading, not below it."""
        if on is not self._beside:
            self._beside = on
            self.update()

    def sizeHint(self) -> QSize:
        """Return the size of two lines of text."""
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self.text()) + 80, 2 * metrics.lineSpacing() + 2 * SPACE.s + 2)

    def minimumSizeHint(self) -> QSize:
        """Return a size at which the question takes two lines or three."""
        return QSize(em(self, 40), self.sizeHint().height())

    def heightForWidth(self, width: int) -> int:
        """Return the height of the wrapped question and a line of text."""
        return self._question(width).height() + QFontMetrics(self.font()).lineSpacing() + 2 * SPACE.s + 2

    def _question(self, width: int) -> QRect:
        """Return the place of the wrapped question."""
        left = SPACE.m + QFontMetrics(self.font()).ascent() + 2 + SPACE.m
        room = QRect(left, SPACE.s, width - left - 2 * SPACE.xl, _TALL)
        return QFontMetrics(font(strong=True)).boundingRect(room, Qt.TextFlag.TextWordWrap, self.text())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint shape, question, verdict, chevron and focus."""
        c = colours(self.palette())
        painter = smooth_painter(self)
        metrics = QFontMetrics(self.font())
        if self._beside and self.isChecked():
            painter.fillRect(self.rect(), c.selection)
        side = metrics.ascent() + 2  # as wide as a `StateMark`, so that the words of all rows are aligned
        left, line = SPACE.m + side + SPACE.m, metrics.lineSpacing()
        room = self.width() - left - 2 * SPACE.xl
        if self.underMouse():
            fill_rounded(painter, QRectF(self.rect()).adjusted(2, 2, -2, -2), 6, c.quiet)
        paint_mark(painter, self._mark, QRectF(SPACE.m, SPACE.s + 1, side, side), c)
        painter.setFont(font(strong=True))
        painter.setPen(c.text)
        question = self._question(self.width())
        painter.drawText(question, Qt.TextFlag.TextWordWrap, self.text())
        painter.setFont(font())
        painter.setPen(c.trouble if self._mark is Mark.TROUBLE else c.dim)
        words = metrics.elidedText(self._verdict, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(left, question.bottom() + 3, room, line), Qt.AlignmentFlag.AlignVCenter, words)
        tip = QPointF(self.width() - SPACE.xl, self.height() / 2)
        paint_chevron(painter, tip, c.dim, down=self.isChecked() and not self._beside)
        paint_focus(self, painter, QRectF(self.rect()))


def row_name(symptom: SymptomId, check: CheckId) -> str:
    """Return the object name of the row of a check."""
    return f"check_{symptom.value}_{check.value}"


class CheckRow(QWidget, Spoken):
    """One check. Signals: `followed(object)`, the `Lead` that the user follows."""

    followed = Signal(object)
    accessible_role = Role.Grouping

    def __init__(self, symptom: SymptomId, check: Check, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._symptom = symptom
        self._lead: Lead | None = None
        self.check: Check | None = None
        self.setObjectName(row_name(symptom, check.id))
        self.mark = StateMark(parent=self)
        self.title = Label("", self, wrap=True)
        # A wrapped label may ask for more, and the evidence of all rows begins at one place.
        self.title.setFixedWidth(em(self, 38))
        self.evidence = DimLabel("", self, wrap=True, look=tabular(font()))
        self.word = DimLabel(parent=self)
        self.remedy = Label("", self, wrap=True)
        for label in (self.title, self.evidence, self.remedy):
            label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.word.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        self.word.setMinimumWidth(em(self, 12))
        self.button = Button("", self, object_name=f"mend_{symptom.value}_{check.id.value}", on_click=self._follow)
        self._grid = grid = grid_of(
            within=self, margins=(SPACE.m, SPACE.xs), across=SPACE.m, down=SPACE.xs, stretched=(2,)
        )
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(self.mark, 0, 0, top)
        grid.addWidget(self.title, 0, 1)
        grid.addWidget(self.evidence, 0, 2)
        grid.addWidget(self.word, 0, 3, top)
        grid.addWidget(self.remedy, 1, 1, 1, 3)
        grid.addWidget(self.button, 2, 1, 1, 3, Qt.AlignmentFlag.AlignLeft)
        self.show_check(check, first=False)

    def show_check(self, check: Check, *, first: bool) -> None:
        """Show the check; `first`: it is the first that fails, so its button is the primary one."""
        wrong = check.state is CheckState.WRONG
        self._grid.setContentsMargins(
            SPACE.m, *((SPACE.s, SPACE.m, SPACE.s) if wrong else (SPACE.xs, SPACE.m, SPACE.xs))
        )
        self.button.set_kind(ButtonKind.PRIMARY if first else ButtonKind.NORMAL)
        if check == self.check:
            return
        self.check, self._lead = check, check.lead
        words = title(self._symptom, check.id, failed=not holds(check))
        proof, word, advice = evidence(check), state_word(check), remedy(check)
        self.mark.set_mark(check_mark(check))
        self.title.setText(words)
        self.title.setFont(font(strong=wrong))
        self.evidence.setText(proof)
        self.word.setText(word)
        self.remedy.setText(advice)
        self.remedy.setVisible(bool(advice))
        self.button.setVisible(check.lead is not None and bool(advice))
        if check.lead is not None:
            self.button.setText(lead_text(check.lead))
            self.button.setAccessibleName(f"{words}: {lead_text(check.lead)}")
        self.setAccessibleName(f"{words}: {word}")
        self.update()

    def accessible_parts(self) -> tuple[QWidget, ...]:
        """Return what the name does not say."""
        return self.evidence, self.remedy, self.button

    def _follow(self) -> None:
        if self._lead is not None:
            self.followed.emit(self._lead)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a stripe and a bar if the check is trouble."""
        if self.check is not None and check_mark(self.check) is Mark.TROUBLE:
            c = colours(self.palette())
            painter = QPainter(self)
            painter.fillRect(self.rect().adjusted(0, 2, 0, -2), c.stripe)
            painter.fillRect(0, 2, 3, self.height() - 4, c.trouble)


class SymptomCard(Surface):
    """A symptom's heading and, while open, its checks.

    Signals: `toggled(object, bool)`, its id and whether the user opened it; `followed(object)`, see `CheckRow`.
    """

    toggled = Signal(object, bool)
    followed = Signal(object)

    def __init__(self, symptom: Symptom, parent: QWidget | None = None) -> None:
        super().__init__("base", parent)
        self.id = symptom.id
        self._symptom = symptom
        self.heading = _Heading(question(symptom.id), self)
        self.heading.setObjectName(f"symptom_{symptom.id.value}")
        self.heading.clicked.connect(lambda on: self.toggled.emit(self.id, on))
        self.rows: list[CheckRow] = []
        """The checks; made when the card is first opened, because most cards never are."""
        self._inside = QWidget(self)
        self._inside.hide()
        self._line = Hairline(self._inside)
        self._title = Label(question(symptom.id), self._inside, wrap=True, look=font(strong=True))
        self._title.setContentsMargins(SPACE.m, SPACE.s, SPACE.m, SPACE.xs)
        self._column = column_of(
            self._line, self._title, Gap(SPACE.xs), within=self._inside, margins=(0, 0, 0, SPACE.s), spacing=0
        )
        self._all = column_of(self.heading, self._inside, within=self, margins=0, spacing=0)
        self.put_checks(None)

    def put_checks(self, column: QBoxLayout | None) -> None:
        """Put the checks at the top of a column elsewhere, under their symptom as a title; None: below the heading."""
        visible = self.opened
        beside = column is not None
        if column is None:
            self._all.addWidget(self._inside)
        else:
            column.insertWidget(0, self._inside)
        # A new parent hides a widget.
        self._inside.setVisible(visible)
        self._line.setHidden(beside)
        self._title.setVisible(beside)
        self.heading.point_beside(beside)

    def _update_rows(self) -> None:
        """Make the rows, also when another module has a chain of other checks."""
        checks = self._symptom.checks
        if [row.objectName() for row in self.rows] != [row_name(self.id, check.id) for check in checks]:
            for row in self.rows:
                row.hide()
                row.deleteLater()
            self.rows = [CheckRow(self.id, check, self._inside) for check in checks]
            for row in self.rows:
                row.followed.connect(self.followed)
                self._column.addWidget(row)
        first = self._symptom.first_wrong
        for row, check in zip(self.rows, checks, strict=True):
            row.show_check(check, first=check is first)

    @property
    def opened(self) -> bool:
        """True if its checks are shown."""
        return not self._inside.isHidden()

    def set_open(self, opened: bool) -> None:
        """Show or hide the checks."""
        if opened:
            self._update_rows()
        self.heading.setChecked(opened)
        self._inside.setVisible(opened)

    def show_symptom(self, symptom: Symptom) -> None:
        """Show the symptom; hidden rows are not updated."""
        self._symptom = symptom
        self.heading.show_verdict(symptom_mark(symptom), verdict(symptom))
        if self.opened:
            self._update_rows()
