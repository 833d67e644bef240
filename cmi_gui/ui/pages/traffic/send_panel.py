"""The section of the page Traffic with which the user sends one telegram and sees its answer."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from cmi_gui.engine.configurator.consequences import consequences_of
from cmi_gui.engine.mbus.exchange import Answer, AnswerKind
from cmi_gui.engine.messages import reason_of
from cmi_gui.engine.traffic.frame_pieces import split_frames
from cmi_gui.engine.traffic.masking import hex_text
from cmi_gui.engine.traffic.store import TrafficRow
from cmi_gui.engine.traffic.summaries import telegram_words
from cmi_gui.engine.traffic.typed import TypedTelegram, read_typed
from cmi_gui.ui.dialogs import confirm
from cmi_gui.ui.models.sending import SendResult, was_stopped
from cmi_gui.ui.pages.page import Context
from cmi_gui.ui.pages.traffic.builder import TelegramBuilder
from cmi_gui.ui.targets import ModuleTarget
from cmi_gui.ui.text.mark import Mark
from cmi_gui.ui.text.messages import text_of
from cmi_gui.ui.text.questions import module_and_meter, telegram_question
from cmi_gui.ui.text.status import target_name
from cmi_gui.ui.text.world import world, world_words
from cmi_gui.ui.theme import SPACE, font, monospace
from cmi_gui.ui.widgets.plain.buttons import Button
from cmi_gui.ui.widgets.plain.disclosure import Disclosure
from cmi_gui.ui.widgets.plain.fields import TextField, set_wrong
from cmi_gui.ui.widgets.plain.layout import add_parts, row_of
from cmi_gui.ui.widgets.plain.marks import ElidedLabel, StateMark

_LONGEST_TEXT = 4096
"""Characters: more than any dump of the longest telegram has."""


class _HexField(TextField):
    """A field for a telegram. Signals: `browsed(int)`, -1 for the telegram sent before, 1 for the one after."""

    browsed = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Emit `browsed` for the keys Up and Down."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.browsed.emit(step)


class SendPanel(Disclosure):
    """A foldable section: the telegram in hex, what it is, its fields, and the last answer, which has its own place.

    A telegram that may change something real is sent only after a question.
    """

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__("", parent)
        title = self.tr("Send a telegram")
        self.heading.setText(title)
        self.heading.setAccessibleName(title)
        self.setObjectName("trafficSend")
        self._context = context
        self._sending = context.sending
        self._place: int | None = None
        """The place in the list of sent telegrams that is shown; None for the user's own text."""
        self._draft = ""
        self._building = False
        """True while the fields write the telegram, so that they are not filled from it again."""
        self._typed = TypedTelegram(b"", "")
        self.hex = _HexField(self.inside, name=self.tr("Telegram in hex"), object_name="sendHex")
        self.hex.setPlaceholderText(self.tr("Telegram in hex, such as 10 5B 00 5B 16; Up and Down show sent ones"))
        self.hex.setFont(monospace())
        # Bytes and the hint have different fonts, but the field keeps its height.
        self.hex.setMinimumHeight(self.hex.sizeHint().height())
        self.hex.setFont(font())
        self.hex.setMaxLength(_LONGEST_TEXT)
        self.send = Button(self.tr("Send"), self.inside, icon="up", object_name="sendButton")
        self._check_mark = StateMark(Mark.OFF, self.inside)
        self.check = ElidedLabel(parent=self.inside, object_name="sendCheck")
        self.builder = TelegramBuilder(self.inside)
        self._answer_mark = StateMark(Mark.OFF, self.inside)
        self.answer = ElidedLabel(parent=self.inside, object_name="sendAnswer")
        self.answer_bytes = ElidedLabel(parent=self.inside, dim=True, look=monospace(0.9), object_name="sendBytes")
        add_parts(
            self.body,
            row_of((self.hex, 1), self.send),
            row_of(self._check_mark, (self.check, 1)),
            self.builder,
            row_of(self._answer_mark, (self.answer, 1)),
            self.answer_bytes,
        )
        self.body.setContentsMargins(0, SPACE.xs, 0, 0)
        self._connect()
        self.hex.setText(self._sending.text)
        self.set_open(bool(self._sending.text or self._sending.waiting))
        self.refresh()

    def _connect(self) -> None:
        self.hex.textChanged.connect(self._text_changed)
        self.hex.textEdited.connect(lambda _: self._edited())
        self.hex.browsed.connect(self._browse)
        self.hex.returnPressed.connect(self._send)
        self.send.clicked.connect(self._clicked)
        self.builder.built.connect(self._built)
        self._sending.changed.connect(self.refresh)
        for signal in (self._context.targets.chosen, self._context.targets.changed):
            signal.connect(self.refresh)

    def show_row(self, row: TrafficRow) -> None:
        """Open the section with the telegram of a row; masked bytes are shown as such, and it cannot be sent."""
        self.set_open(True)
        self._place = None
        self.hex.setText(hex_text(row.data, row.masked))
        self.hex.setFocus()

    def refresh(self) -> None:
        """Show the target, the reading of the text, and the last result."""
        target = self._context.targets.current
        place = world_words(self._context.station, target).name
        self.set_remark(f"{place} · {target_name(self._context.module.state, target)}")
        self._show_check()
        waiting = self._sending.waiting
        self.send.set_words(self.tr("Cancel") if waiting else self.tr("Send"))
        self.send.set_icon("close" if waiting else "up")
        why_not = "" if waiting or self._typed.data else self.tr("Enter a telegram first")
        self.send.allow(why_not, self.tr("Send the telegram once and wait for the answer (Enter)"))
        self._show_result()

    # The telegram

    def _text_changed(self, text: str) -> None:
        self._sending.text = text
        self.hex.setFont(monospace() if text else font())
        # A line break of pasted text separates the lines of a dump.
        self._typed = read_typed(text.replace("\N{LINE SEPARATOR}", "\n"))
        if self._typed.data and not self._building:
            self.builder.show_telegram(self._typed.data)
        self.refresh()

    def _edited(self) -> None:
        self._place = None

    def _built(self, data: bytes) -> None:
        self._place = None
        self._building = True
        self.hex.setText(hex_text(data, ()))
        self._building = False

    def _browse(self, step: int) -> None:
        sent = self._sending.sent
        if self._place is None:
            self._draft = self.hex.text()
        place = (len(sent) if self._place is None else self._place) + step
        if place < 0 or not sent:
            return
        self._place = place if place < len(sent) else None
        self.hex.setText(self._draft if self._place is None else sent[self._place])

    def _show_check(self) -> None:
        typed = self._typed
        words = text_of(typed.words)
        wrong = bool(words) and not typed.sound
        self.check.setText(words)
        self.check.setAccessibleName(words)
        self._check_mark.set_mark(Mark.TROUBLE if wrong else Mark.GOOD)
        self._check_mark.setVisible(bool(words))
        set_wrong(self.hex, words if wrong else "")

    # Sending

    def _clicked(self) -> None:
        if self._sending.waiting:
            self._sending.cancel()
        else:
            self._send()

    def _send(self) -> None:
        typed, target, station = self._typed, self._context.targets.current, self._context.station
        if not typed.data or self._sending.waiting:
            return
        found = consequences_of(typed.data, station.commands)
        if not (found and world(station, target).real):
            self._go(target, typed)
            return
        question = telegram_question(found, typed.words, self._place_of(target))
        confirm(
            self, self.tr("Send this telegram?"), question.text, question.button, lambda: self._go(target, typed)
        ).setObjectName("sendQuestion")

    def _place_of(self, target: ModuleTarget) -> str:
        if not target.built_in:
            return self.tr("Bus {0}").format(target.where)
        station = self._context.station
        module, meter = module_and_meter(target, self._context.module.state, meter_is_real=station.meter_is_real)
        return self.tr("{0}, meter {1}").format(module, meter or "\N{EM DASH}")

    def _go(self, target: ModuleTarget, typed: TypedTelegram) -> None:
        self._place = None
        self._sending.send(target, typed.data)

    # The answer

    def _show_result(self) -> None:
        result = self._sending.result
        if self._sending.waiting:
            mark, words, octets = Mark.BUSY, self.tr("Waiting for the answer…"), ""
        elif result is None:
            mark, words, octets = Mark.OFF, self.tr("The answer appears here and in the table"), ""
        else:
            mark, words, octets = self._result_words(result)
        self._answer_mark.set_mark(mark)
        for label, text in ((self.answer, words), (self.answer_bytes, octets)):
            label.setText(text)
            label.setAccessibleName(text)

    def _result_words(self, result: SendResult) -> tuple[Mark, str, str]:
        answer, error = result.answer, result.error
        if answer is None:
            if was_stopped(error):
                return Mark.OFF, self.tr("Cancelled"), ""
            assert error is not None
            return Mark.TROUBLE, self.tr("Not sent: {0}").format(text_of(reason_of(error))), ""
        if answer.kind is AnswerKind.NONE:
            return Mark.GOOD, self.tr("Sent; a broadcast to address 255 has no answer"), ""
        waited = "" if answer.waited is None else f"{answer.waited:.3f}"
        if not answer.raw:
            return Mark.TROUBLE, self.tr("No answer within {0} s").format(waited or "\N{EM DASH}"), ""
        words = self.tr("Answer after {0} s: {1}").format(waited or "\N{EM DASH}", _answer_words(answer))
        octets = hex_text(answer.raw, self._context.station.mask.ranges(answer.raw))
        return (Mark.GOOD if answer.kind in _GOOD else Mark.TROUBLE), words, octets


_GOOD = frozenset((AnswerKind.ACK, AnswerKind.RESPONSE))


def _answer_words(answer: Answer) -> str:
    """Return the telegrams among the bytes of an answer in words, without values."""
    return "; ".join(text_of(telegram_words(data)) for data in split_frames(answer.raw))
