"""The log of messages that the strip, its history and the module page show."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from cmi_gui.engine.events import ActionFinished, ActionStarted, Event, Notice, PowerChanged, ReadoutDone, Stamped
from cmi_gui.ui.text.words import Level, LogEntry, log_entry

STAYS_SECONDS = 30.0
"""So long the window's own warning is not covered by what the module goes on to tell."""
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
        """What each message tells; None for the window's own."""
        self._last: Event | None = None
        self._stays: LogEntry | None = None

    def take(self, events: Sequence[Stamped]) -> None:
        """Take in what a batch of events has to say."""
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
                self._stays = None
            changed = True
        if changed:
            self.changed.emit()

    def retranslate(self) -> None:
        """Tell all events in the language of now; the window's own sentences stay as they were said."""
        for place, stamped in enumerate(self._events):
            message = None if stamped is None else log_entry(stamped)
            if message is not None:
                self._messages[place] = message
        if self._messages:
            self.changed.emit()

    def say(self, at: float, level: Level, text: str, leads: tuple[str, str] | None = None) -> None:
        """Add a message of the window's own."""
        message = LogEntry(at, level, text, leads)
        self._stays = message if level in _TROUBLE else None
        self._messages.append(message)
        self._events.append(None)
        self._last = None
        self.changed.emit()

    def shown(self) -> LogEntry | None:
        """What the strip shows: the newest, or the window's own warning for `STAYS_SECONDS`; None before the first."""
        newest = self._messages[-1] if self._messages else None
        if newest is not None and self._stays is not None and newest.at - self._stays.at < STAYS_SECONDS:
            return self._stays
        return newest

    def last(self, count: int) -> list[LogEntry]:
        """The newest `count`, newest first."""
        return [self._messages[-n] for n in range(1, min(count, len(self._messages)) + 1)]


def _supersedes(event: Event, before: Event) -> bool:
    """Whether a message makes the one before it no news any more."""
    match event, before:
        case (PowerChanged(), PowerChanged()) | (ReadoutDone(), ReadoutDone()):
            # A dragged slider passes many voltages, a meter is read for days.
            return True
        case ActionFinished(), ActionStarted():
            return event.action == before.action
        case Notice(), ActionFinished():
            # The engine says once more, and more clearly, what has failed for good.
            return event.code == f"{before.action}_failed"
    return False
