"""The log of messages that the strip, its history and the page Built-in module show."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from cmi_gui.engine.events import (
    ActionFinished,
    ActionStarted,
    DisconnectorChanged,
    Event,
    Notice,
    PowerChanged,
    ReadoutDone,
    Stamped,
)
from cmi_gui.ui.text.words import Level, LogEntry, log_entry


class MessageLog(QObject):
    """The last 500 messages, oldest first.

    A result stays for the strip until it is read, or until another result or trouble replaces it; see `shown`.
    Signals: `changed()`, after one or more were added, or the kept result was read.
    """

    changed = Signal()
    LIMIT = 500

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._messages: deque[LogEntry] = deque(maxlen=self.LIMIT)
        self._events: deque[Stamped | None] = deque(maxlen=self.LIMIT)
        """The event of each message; None for the window's own messages."""
        self._last: Event | None = None
        self._kept: LogEntry | None = None
        """The last result, while it is neither read nor replaced."""
        self._kept_event: Event | None = None

    def take(self, events: Sequence[Stamped]) -> None:
        """Add the messages for a batch of events."""
        changed = False
        for stamped in events:
            message = log_entry(stamped)
            if message is None:
                continue
            if self._last is not None and _supersedes(stamped.event, self._last):
                # The clearer reason for a failed action is its result too.
                message = replace(message, result=self._messages.pop().result)
                self._events.pop()
            if self._kept_event is not None and _follows(stamped.event, self._kept_event):
                message = replace(message, result=True)
            self._messages.append(message)
            self._events.append(stamped)
            self._last = stamped.event
            if message.result or message.trouble:
                self._keep(*((message, stamped.event) if message.result else (None, None)))
            changed = True
        if changed:
            self.changed.emit()

    def retranslate(self) -> None:
        """Rewrite the messages of all events in the current language; the window's own stay unchanged."""
        for index, stamped in enumerate(self._events):
            message = None if stamped is None else log_entry(stamped)
            if message is not None:
                message = replace(message, result=self._messages[index].result)
                if self._messages[index] is self._kept:
                    self._kept = message
                self._messages[index] = message
        if self._messages:
            self.changed.emit()

    def add_message(self, at: float, level: Level, text: str) -> None:
        """Add one of the window's own messages, which is the result of what the user did."""
        message = LogEntry(at, level, text, result=True)
        self._keep(message)
        self._messages.append(message)
        self._events.append(None)
        self._last = None
        self.changed.emit()

    def shown(self) -> LogEntry | None:
        """Return the message for the strip, or None: the kept result, or the newest message."""
        return self._kept or (self._messages[-1] if self._messages else None)

    @property
    def keeps_result(self) -> bool:
        """Whether the strip shows a result that has not been read."""
        return self._kept is not None

    def mark_read(self) -> None:
        """Stop keeping the shown result; the newest message takes its place."""
        if self._kept is not None:
            self._keep(None)
            self.changed.emit()

    def last(self, count: int) -> list[LogEntry]:
        """Return the newest `count` messages, newest first."""
        return [self._messages[-n] for n in range(1, min(count, len(self._messages)) + 1)]

    def _keep(self, message: LogEntry | None, event: Event | None = None) -> None:
        self._kept, self._kept_event = message, event


def _follows(event: Event, kept: Event) -> bool:
    """Return whether an event reports more of the action that the kept one belongs to."""
    match event, kept:
        case DisconnectorChanged(), ActionFinished(action="disconnector") | DisconnectorChanged():
            return True
    return False


def _supersedes(event: Event, before: Event) -> bool:
    """Return whether an event's message replaces the one before it."""
    match event, before:
        case (PowerChanged(), PowerChanged()) | (ReadoutDone(), ReadoutDone()):
            # A dragged slider sets many voltages, and a meter is read out for days.
            return True
        case ActionFinished(), ActionStarted():
            return event.action == before.action
        case Notice(), ActionFinished():
            # The engine repeats a final failure with a clearer reason.
            return event.code == f"{before.action}_failed"
    return False
