"""The log of messages that the strip, its history and the page Built-in module show."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from cmi_gui.engine.events import ActionFinished, ActionStarted, Event, Notice, PowerChanged, ReadoutDone, Stamped
from cmi_gui.ui.text.words import Level, LogEntry, log_entry

OWN_WARNING_SECONDS = 30.0
"""Time in s for which the strip shows the window's own warning instead of ordinary messages of the module."""
_TROUBLE = (Level.WARNING, Level.ERROR)


class MessageLog(QObject):
    """The last 500 messages, oldest first.

    Signals: `changed()`, after one or more were added.
    """

    changed = Signal()
    LIMIT = 500

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._messages: deque[LogEntry] = deque(maxlen=self.LIMIT)
        self._events: deque[Stamped | None] = deque(maxlen=self.LIMIT)
        """The event of each message; None for the window's own messages."""
        self._last: Event | None = None
        self._own_warning: LogEntry | None = None

    def take(self, events: Sequence[Stamped]) -> None:
        """Add the messages for a batch of events."""
        changed = False
        for stamped in events:
            message = log_entry(stamped)
            if message is None:
                continue
            if self._last is not None and _supersedes(stamped.event, self._last):
                self._messages.pop()
                self._events.pop()
            self._messages.append(message)
            self._events.append(stamped)
            self._last = stamped.event
            if message.level in _TROUBLE:
                self._own_warning = None
            changed = True
        if changed:
            self.changed.emit()

    def retranslate(self) -> None:
        """Rewrite the messages of all events in the current language; the window's own stay unchanged."""
        for index, stamped in enumerate(self._events):
            message = None if stamped is None else log_entry(stamped)
            if message is not None:
                self._messages[index] = message
        if self._messages:
            self.changed.emit()

    def add_message(self, at: float, level: Level, text: str) -> None:
        """Add one of the window's own messages."""
        message = LogEntry(at, level, text)
        self._own_warning = message if level in _TROUBLE else None
        self._messages.append(message)
        self._events.append(None)
        self._last = None
        self.changed.emit()

    def shown(self) -> LogEntry | None:
        """Return the message for the strip, or None: the newest, or a recent warning of the window."""
        newest = self._messages[-1] if self._messages else None
        if (
            newest is not None
            and self._own_warning is not None
            and newest.at - self._own_warning.at < OWN_WARNING_SECONDS
        ):
            return self._own_warning
        return newest

    def last(self, count: int) -> list[LogEntry]:
        """Return the newest `count` messages, newest first."""
        return [self._messages[-n] for n in range(1, min(count, len(self._messages)) + 1)]


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
