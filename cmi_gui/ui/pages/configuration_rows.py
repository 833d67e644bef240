"""The rows of the configuration form: a setting, and something to do now."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from cmi_gui.engine.cmi1020.command_words import row_bytes
from cmi_gui.engine.cmi1020.profile import CommandRow, ValueType
from cmi_gui.engine.commissioning.form import Source
from cmi_gui.engine.commissioning.write_run import Outcome, Result
from cmi_gui.ui.models.configuration import Configuration
from cmi_gui.ui.profile_words import profile_text
from cmi_gui.ui.theme import SPACE, Colours, colours, em, font, monospace, tabular
from cmi_gui.ui.widgets.buttons import Button, Kind, focus_shows, paint_focus
from cmi_gui.ui.widgets.layout import DimLabel, WarningLine
from cmi_gui.ui.widgets.marks import Badge, Mark, paint_mark
from cmi_gui.ui.widgets.value_editors import make_editor
from cmi_gui.ui.words import age_text

__all__ = ["ActionRow", "ColumnTitles", "SettingRow"]

_TITLE_EMS = 22
_MODULE_EMS = 22
_TARGET = 32
"""Pixels of the smallest thing to hit."""


def _title(row: CommandRow, parent: QWidget) -> QLabel:
    label = QLabel(profile_text(row.title), parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setFixedWidth(em(parent, _TITLE_EMS))
    label.setToolTip(profile_text(row.effect))
    label.setMinimumHeight(_TARGET)
    return label


class ColumnTitles(QWidget):
    """What stands above the columns of the form."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE.s)
        for column in (0, 4):
            # Above mark and button; a column with nothing in it would lose its gap too.
            empty = QWidget(self)
            empty.setFixedWidth(_TARGET)
            grid.addWidget(empty, 0, column)
        widths = (em(self, _TITLE_EMS), 0, em(self, _MODULE_EMS))
        texts = (self.tr("Setting"), self.tr("Value"), self.tr("On the module"))
        for column, (text, width) in enumerate(zip(texts, widths, strict=True), 1):
            label = DimLabel(text, self)
            label.setFont(font(0.88, strong=True))
            if width:
                label.setFixedWidth(width)
            grid.addWidget(label, 0, column)
        grid.setColumnStretch(2, 1)


class ChangeMark(QPushButton):
    """Whether a row is going to be written, and how that last ended; a click takes the row in or out.

    A filled square with a pencil stroke: to be written; shapes as everywhere for results.
    """

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._title = title
        self._changed = False
        self._result: Mark | None = None
        self.setFixedSize(QSize(_TARGET, _TARGET))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.show_state(False, None)

    def show_state(self, changed: bool, result: Mark | None) -> None:
        """Show another state."""
        self._changed, self._result = changed, result
        words = (
            self.tr("{0}: will be written; press to leave it as it is")
            if changed
            else self.tr("{0}: will not be written; press to write the value shown")
        )
        self.setAccessibleName(words.format(self._title))
        self.setToolTip(words.format(self._title))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the mark."""
        c = colours(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        centre = QPointF(self.rect().center()) + QPointF(0.5, 0.5)
        if self._result is not None:
            side = 14
            paint_mark(painter, self._result, QRectF(centre.x() - side / 2, centre.y() - side / 2, side, side), c)
        elif self._changed or self.underMouse():
            box = QRectF(centre.x() - 7, centre.y() - 7, 14, 14)
            painter.setPen(QPen(c.accent if self._changed else c.dim, 1.4))
            painter.setBrush(c.accent if self._changed else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 3, 3)
            if self._changed:
                painter.setPen(QPen(c.on_accent, 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
                painter.drawLine(centre + QPointF(-3, 3), centre + QPointF(3, -3))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(c.hairline)
            painter.drawEllipse(centre, 2.5, 2.5)
        if focus_shows(self):
            paint_focus(painter, QRectF(self.rect()), 6, c.accent)


def _result_mark(result: Result | None) -> Mark | None:
    if result is None or result.outcome is Outcome.NOT_SENT:
        return None
    return Mark.GOOD if result.outcome is Outcome.TAKEN else Mark.TROUBLE


class _Remark(QWidget):
    """Under a row: what is wrong with it, or how writing it ended."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.trouble = WarningLine(self, trouble=True)
        self.calm = DimLabel("", self)
        self.calm.setWordWrap(True)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, SPACE.xs)
        line.addWidget(self.trouble, 1)
        line.addWidget(self.calm, 1)
        self.say("", trouble=False)

    def say(self, text: str, *, trouble: bool) -> None:
        """Say something else, or nothing."""
        self.trouble.show_text(text if trouble else "")
        self.calm.setText("" if trouble else text)
        self.calm.setVisible(bool(text) and not trouble)
        self.setVisible(bool(text))

    def result(self, result: Result | None) -> None:
        """Say how writing ended."""
        match result:
            case None:
                self.say("", trouble=False)
            case Result(outcome=Outcome.TAKEN, status=status):
                words = self.tr("Acknowledged, status {0:02X}")
                self.say(words.format(status or 0), trouble=False)
            case Result(outcome=Outcome.REFUSED, message=message):
                self.say(self.tr("Refused: {0}").format(message), trouble=True)
            case Result(outcome=Outcome.NO_ANSWER, message=message):
                words = self.tr("No answer: {0}. Check target, speed and link, then write again")
                self.say(words.format(message), trouble=True)
            case Result(outcome=Outcome.UNSURE, message=message):
                words = self.tr("Perhaps done: {0}. Compare with the module, or write again")
                self.say(words.format(message or self.tr("stopped after the acknowledgement")), trouble=True)
            case Result(outcome=Outcome.NOT_SENT):
                self.say(self.tr("Not sent"), trouble=False)


class _Basis(Badge):
    """What the bytes of a row rest on; an assumption stands out."""

    def __init__(self, row: CommandRow, parent: QWidget) -> None:
        super().__init__(profile_text(row.basis), parent)
        self._assumed = row.basis == "assumption"
        self.setToolTip(row.source)

    def grounds(self, c: Colours) -> tuple[QColor, QColor]:
        """See `Badge`."""
        return super().grounds(c) if self._assumed else (c.hairline, c.text)


class _Technical(QWidget):
    """The basis of a row as a badge, and its bytes behind C and A; there only when asked for."""

    def __init__(self, row: CommandRow, parent: QWidget) -> None:
        super().__init__(parent)
        self.octets = QLabel(self)
        self.octets.setTextFormat(Qt.TextFormat.PlainText)
        self.octets.setFont(monospace(0.92))
        self.octets.setWordWrap(True)
        self.octets.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.octets.setAccessibleName(self.tr("Bytes of {0}").format(profile_text(row.title)))
        self._row = row
        self.show_bytes("")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, SPACE.xs, 0, SPACE.xs)
        line.setSpacing(SPACE.s)
        line.addWidget(_Basis(row, self), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.octets, 1)

    def show_bytes(self, octets: str) -> None:
        """Show the bytes for a value; without one, the profile's with places in it for a value."""
        shown = octets or "\n".join(row_bytes(self._row))
        if shown != self.octets.text():
            self.octets.setText(shown)


class _ModuleCell(DimLabel):
    """What the module has; where that is other than in the form, in the colour of warnings."""

    def __init__(self, parent: QWidget) -> None:
        self._other = False
        super().__init__("", parent)
        self.setWordWrap(True)
        self.setFont(tabular(font()))

    def show_words(self, text: str, *, other: bool) -> None:
        """Show other words."""
        if text != self.text():
            self.setText(text)
        if other is not self._other:
            self._other = other
            self._tint()

    def ink(self) -> QColor:
        """See `DimLabel`."""
        return colours(self.palette()).warning if self._other else super().ink()


class SettingRow(QWidget):
    """Mark, title, editor, what the module has, a button to write it alone; below, what there is to say."""

    def __init__(self, row: CommandRow, model: Configuration, parent: QWidget) -> None:
        super().__init__(parent)
        self.row = row
        self._model = model
        title = profile_text(row.title)
        self.mark = ChangeMark(title, self)
        self.editor = make_editor(row, self)
        self.editor.edited.connect(self._edited)
        self.editor.complained.connect(self._complained)
        self.mark.clicked.connect(self._toggle)
        self.module = _ModuleCell(self)
        self.module.setFixedWidth(em(self, _MODULE_EMS))
        self.module.setAccessibleName(self.tr("{0} on the module").format(title))
        self.only = Button("", self, kind=Kind.QUIET, icon="write", name=self.tr("Write only {0}").format(title))
        self.only.clicked.connect(self._write)
        policy = self.only.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.only.setSizePolicy(policy)
        self._label = _title(row, self)
        self._label.setBuddy(self.editor)
        self._remark = _Remark(self)
        self._technical = _Technical(row, self)
        top = Qt.AlignmentFlag.AlignTop
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE.s)
        grid.setVerticalSpacing(0)
        grid.addWidget(self.mark, 0, 0, top)
        grid.addWidget(self._label, 0, 1, top)
        grid.addWidget(self.editor, 0, 2, top)
        grid.addWidget(self.module, 0, 3, top)
        grid.addWidget(self.only, 0, 4, top)
        grid.addWidget(self._remark, 1, 2, 1, 3)
        grid.addWidget(self._technical, 2, 2, 1, 3)
        grid.setColumnStretch(2, 1)
        self.module.setMinimumHeight(_TARGET)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_technical(self, on: bool) -> None:
        """Show or hide basis and bytes."""
        self._technical.setVisible(on)
        self._show_bytes()

    def _show_bytes(self) -> None:
        if self._technical.isVisible():
            self._technical.show_bytes(self._model.record_bytes(self.row.id))

    def refresh(self, now: float) -> None:
        """Show what model and module have; `now` in seconds of the engine's clock."""
        form, name = self._model.form, self.row.id
        changed = form.is_changed(name)
        result = form.results.get(name)
        self.mark.show_state(changed, _result_mark(result))
        error = form.errors.get(name, "")
        if not (self.row.secret and error):
            shown = form.value(name)
            self.editor.show_text(shown if not self.row.secret else ("" if changed else None))
        if error:
            self._remark.say(error, trouble=True)
        else:
            self._remark.result(result)
        self.only.setVisible(changed and not error)
        self._show_bytes()
        known = form.known.get(name)
        read = known is not None and known.source is Source.READ
        other = known is not None and read and (changed or known.was is not None)
        self.module.show_words(self._module_words(now), other=other)

    def _module_words(self, now: float) -> str:
        form, row = self._model.form, self.row
        known = form.known.get(row.id)
        if known is not None and known.source is Source.SENT:
            age = age_text(max(0.0, now - known.at))
            if known.text is None or row.value in (ValueType.CODES, ValueType.MAP) or row.fields or row.choices:
                return self.tr("sent {0} ago, cannot be read back").format(age)
            return self.tr("{0}, sent {1} ago, cannot be read back").format(known.text, age)
        if known is not None:
            text = known.text or "—"
            if known.was is not None:
                return self.tr("{0}, was {1} before").format(text, known.was)
            return self.tr("{0}, other than here").format(text) if form.is_changed(row.id) else text
        if row.read is None or row.secret:
            if form.guessed(row) and form.value(row.id) is not None:
                return self.tr("cannot be read back; factory value shown")
            return self.tr("cannot be read back")
        if row.read == "speed" and not self._model.speed_is_told:
            return self.tr("not told: this link has no speed of its own")
        if form.problem is not None:
            return self.tr("not read: no answer")
        return self.tr("not read yet")

    def _edited(self, text: object, typed: bool) -> None:
        self._model.edit(self.row.id, None if text is None else str(text), typed=typed)

    def _complained(self, error: object) -> None:
        self._model.complain(self.row.id, str(error))

    def _toggle(self) -> None:
        form, name = self._model.form, self.row.id
        if form.is_changed(name):
            self._model.edit(name, form.baseline(name))
        elif (shown := form.value(name)) is not None:
            self._model.edit(name, shown)
        else:
            self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _write(self) -> None:
        self._model.write([self.row.id])


class ActionRow(QWidget):
    """Something done at once: a button for each choice, or an editor and a button.

    Signals: `asked(object, object, object)`, row id, value and the question to put first (None: none).
    """

    asked = Signal(object, object, object)

    def __init__(self, row: CommandRow, model: Configuration, parent: QWidget) -> None:
        super().__init__(parent)
        self.row = row
        self._model = model
        self._text = ""
        self.buttons: list[Button] = []
        self._editor = None
        line = QHBoxLayout()
        line.setSpacing(SPACE.s)
        title = profile_text(row.title)
        if row.choices:
            for choice in row.choices:
                words = profile_text(choice.text)
                button = self._button(words[:1].upper() + words[1:], f"{title}: {words}")
                button.clicked.connect(lambda _=False, choice=choice: self._ask(choice.value, choice.ask))
                line.addWidget(button)
            line.addStretch()
        else:
            button = self._button(self.tr("Send"), self.tr("Send: {0}").format(title))
            button.clicked.connect(lambda: self._ask(self._text, None))
            if row.value is not ValueType.NONE:
                self._editor = make_editor(row, self)
                self._editor.edited.connect(self._edited)
                self._editor.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
                line.addWidget(self._editor)
            line.addWidget(button)
            line.addStretch()
        self._remark = _Remark(self)
        self._technical = _Technical(row, self)
        grid = QGridLayout(self)
        grid.setContentsMargins(_TARGET + SPACE.s, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE.s)
        grid.setVerticalSpacing(0)
        grid.addWidget(_title(row, self), 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(line, 0, 1)
        grid.addWidget(self._remark, 1, 1)
        grid.addWidget(self._technical, 2, 1)
        grid.setColumnStretch(1, 1)

    def _button(self, text: str, name: str) -> Button:
        button = Button(text, self)
        button.setAccessibleName(name)
        self.buttons.append(button)
        return button

    def show_technical(self, on: bool) -> None:
        """Show or hide basis and bytes."""
        self._technical.setVisible(on)

    def refresh(self) -> None:
        """Show how it last ended, or why it cannot be done like that."""
        error = self._error()
        if error:
            self._remark.say(error, trouble=True)
        else:
            self._remark.result(self._model.result(self.row.id))
        if self._editor is not None:
            incomplete = self._text == "" and self.row.value is not ValueType.TEXT
            self.buttons[0].setEnabled(not error and not incomplete)
            why = error or (self.tr("Enter a value first") if incomplete else profile_text(self.row.effect))
            self.buttons[0].setToolTip(why)

    def _error(self) -> str:
        if self._editor is None or not self._text:
            return ""
        return self._model.action_error(self.row.id, self._text)

    def _edited(self, text: object, _typed: bool) -> None:
        self._text = "" if text is None else str(text)
        self.refresh()

    def _ask(self, text: str, question: str | None) -> None:
        self.asked.emit(self.row.id, text, question)
