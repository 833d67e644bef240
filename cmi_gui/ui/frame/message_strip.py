"""The strip at the bottom: one message in one sentence, and a button for the list of messages."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QPoint, QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cmi_gui.ui.frame.message_history import MessageHistory
from cmi_gui.ui.models.messages import MessageLog
from cmi_gui.ui.text.words import Level, LogEntry, clock_text, level_word
from cmi_gui.ui.theme import SPACE, colours, font, tabular
from cmi_gui.ui.widgets.plain.accessible import Role, Spoken, announce
from cmi_gui.ui.widgets.plain.buttons import QuietButton
from cmi_gui.ui.widgets.plain.layout import DimLabel, Surface, row_of
from cmi_gui.ui.widgets.plain.marks import ElidedLabel
from cmi_gui.ui.widgets.plain.message_list import paint_level
from cmi_gui.ui.widgets.plain.painting import smooth_painter

_HISTORY = 200


class _LevelMark(QWidget, Spoken):
    """The shape of a message's level."""

    accessible_role = Role.Graphic

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_level(Level.INFO)

    def show_level(self, level: Level) -> None:
        """Show the shape of another level."""
        self.level = level
        self.setAccessibleName(level_word(level))
        self.update()

    def sizeHint(self) -> QSize:
        """Return a square of about the height of a capital letter."""
        side = round(self.fontMetrics().ascent() * 0.85)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the shape."""
        painter = smooth_painter(self)
        paint_level(painter, self.level, QRectF(self.rect()), colours(self.palette()))


class MessageStrip(Surface):
    """The strip with one message of a log; see `MessageLog.shown`."""

    def __init__(
        self,
        messages: MessageLog,
        local: Callable[[float], datetime],
        go: Callable[[str, str], None],
        copy: Callable[[str, str], None],
    ) -> None:
        super().__init__("base")
        self._go = go
        self._messages = messages
        self._local = local
        self._announced: deque[LogEntry] = deque(maxlen=100)
        """The last message that a screen reader was given."""
        self.setObjectName("messageStrip")
        self._mark = _LevelMark(self)
        self._time = DimLabel(look=tabular(font()))
        self._text = ElidedLabel(self.tr("Starting"), self)
        self.show_details = QuietButton(
            self.tr("Show"), self, name=self.tr("Show the page with more about this message"), object_name="messageShow"
        )
        self.show_details.clicked.connect(self._follow)
        self.show_details.hide()
        self.dismiss = QuietButton("", self, icon="close", name=self.tr("Dismiss this message"))
        self.dismiss.setObjectName("messageDismiss")
        self.dismiss.clicked.connect(messages.mark_read)
        for button in (self.show_details, self.dismiss):
            # Its place stays free while it is hidden, so that nothing moves when a message comes.
            policy = button.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            button.setSizePolicy(policy)
        self.history = QuietButton(self.tr("History"), self, icon="history", object_name="messageHistory")
        self.history.clicked.connect(self.show_history)
        row_of(
            self._mark,
            self._time,
            (self._text, 1),
            self.show_details,
            self.dismiss,
            self.history,
            within=self,
            margins=(SPACE.l, 2, SPACE.s, 2),
        )
        self.popup = MessageHistory(local, copy, self)
        messages.changed.connect(self._show)
        self._show()

    @property
    def text(self) -> str:
        """The text of the shown message."""
        return self._text.text()

    def _show(self) -> None:
        message = self._messages.shown()
        if message is None:
            return
        self._mark.show_level(message.level)
        self._time.setText(clock_text(self._local(message.at)))
        self._text.setText(message.text)
        self.show_details.setVisible(message.page_part is not None)
        self.dismiss.setVisible(self._messages.unread > 0)
        self._announce(message)

    def _announce(self, message: LogEntry) -> None:
        """Have a screen reader say a result or trouble, once."""
        known = any(announced is message for announced in self._announced)
        if self.isVisible() and (message.result or message.trouble) and not known:
            self._announced.append(message)
            words = f"{level_word(message.level)}: {message.text}" if message.trouble else message.text
            announce(self, words, urgent=message.level is Level.ERROR)

    def _follow(self) -> None:
        message = self._messages.shown()
        if message is not None and message.page_part is not None:
            self._go(*message.page_part)

    def show_history(self) -> None:
        """Open the list of messages above the strip; all of them are read with it."""
        self._messages.mark_all_read()
        corner = self.mapToGlobal(QPoint(self.width() - SPACE.s, -SPACE.xs))
        self.popup.open_at(self._messages.last(_HISTORY), corner, self.width())
