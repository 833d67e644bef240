"""The log of messages that the strip, its history and the page Built-in module show."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from cmi_gui.engine.events import (
    ActionFinished,
    ActionStarted,
    DisconnectorChanged,
    Event,
    LinkChanged,
    Notice,
    PowerChanged,
    ReadoutDone,
    Stamped,
)
from cmi_gui.ui.text.words import Level, LogEntry, log_entry

_TROUBLES = 20
"""The most unread troubles; the list of messages has them all."""


class _Unread(NamedTuple):
    """A message that has not been read, and its event, if any."""

    message: LogEntry
    event: Event | None

    @property
    def kind(self) -> tuple[object, ...]:
        """What it is about: a later message about the same replaces it."""
        match self.event:
            case None:
                return (self.message.text,)
            case LinkChanged(side=side, url=url):
                return LinkChanged, side, url
            case Notice(code=code):
                return Notice, code
            case ActionFinished(action=action):
                return ActionFinished, action
        return (type(self.event),)


class MessageLog(QObject):
    """The last 500 messages, oldest first.

    Trouble stays for the strip until it is read; a result until it is read, or until another result or trouble
    replaces it; see `shown`.
    Signals: `changed()`, after one or more were added, or unread ones were read.
    """

    changed = Signal()
    LIMIT = 500

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._messages: deque[LogEntry] = deque(maxlen=self.LIMIT)
        self._events: deque[Stamped | None] = deque(maxlen=self.LIMIT)
        """The event of each message; None for the window's own messages."""
        self._last: Event | None = None
        self._unread: list[_Unread] = []
        """Trouble that has not been read, oldest first, at most one of a kind, and after it the last result."""

    def take(self, events: Sequence[Stamped]) -> None:
        """Add the messages for a batch of events."""
        changed = False
        for stamped in events:
            message = log_entry(stamped)
            if message is None:
                continue
            if self._last is not None and _supersedes(stamped.event, self._last):
                # The clearer reason for a failed action is its result too.
                before = self._messages.pop()
                self._events.pop()
                self._unread = [each for each in self._unread if each.message is not before]
                message = replace(message, result=before.result)
            if self._unread and _follows(stamped.event, self._unread[-1].event):
                message = replace(message, result=True)
            self._messages.append(message)
            self._events.append(stamped)
            self._last = stamped.event
            self._keep(message, stamped.event)
            changed = True
        if changed:
            self.changed.emit()

    def retranslate(self) -> None:
        """Rewrite the messages of all events in the current language; the window's own stay unchanged."""
        for index, stamped in enumerate(self._events):
            message = None if stamped is None else log_entry(stamped)
            if message is not None:
                message = replace(message, result=self._messages[index].result)
                before = self._messages[index]
                self._unread = [
                    each._replace(message=message) if each.message is before else each for each in self._unread
                ]
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
        """Return the message for the strip, or None: the newest that is unread, else the newest of all."""
        if self._unread:
            return self._unread[-1].message
        return self._messages[-1] if self._messages else None

    @property
    def unread(self) -> int:
        """The number of results and troubles that have not been read."""
        return len(self._unread)

    def mark_read(self) -> None:
        """Stop keeping the shown message; the one before it that is unread, or the newest, takes its place."""
        if self._unread:
            del self._unread[-1]
            self.changed.emit()

    def mark_all_read(self) -> None:
        """Stop keeping all messages; the newest is shown."""
        if self._unread:
            self._unread.clear()
            self.changed.emit()

    def last(self, count: int) -> list[LogEntry]:
        """Return the newest `count` messages, newest first."""
        return [self._messages[-n] for n in range(1, min(count, len(self._messages)) + 1)]

    def last_events(self, count: int) -> list[LogEntry]:
        """Return the newest `count` messages of events, newest first: without the window's own, of any module."""
        pairs = zip(reversed(self._messages), reversed(self._events), strict=True)
        return list(islice((message for message, stamped in pairs if stamped is not None), count))

    def _keep(self, message: LogEntry, event: Event | None = None) -> None:
        """Keep a message until it is read, if it is a result or trouble."""
        if not (message.result or message.trouble):
            return
        new = _Unread(message, event)
        self._unread = [each for each in self._unread if each.message.trouble and each.kind != new.kind][-_TROUBLES:]
        self._unread.append(new)


def _follows(event: Event, kept: Event | None) -> bool:
    """Return whether an event reports more of the action that the unread one belongs to."""
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
