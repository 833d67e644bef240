"""The base of the links that carry out their actions from a queue."""

from __future__ import annotations

from abc import ABC, abstractmethod

from cmi_gui.engine.machine import Line, LineEvent, SendBreak, SendError, SetLine, Write

Item = Write | SetLine | SendBreak | SendError
"""An action that a link carries out and then reports as done."""


class QueuedLink(ABC):
    """A link that puts `send`, `set_line`, `send_break` and `send_error` into one queue, which a subclass provides."""

    def send(self, token: int, data: bytes, not_before: float, not_after: float) -> None:
        """Queue bytes, sent within the given times."""
        self._put(Write(token, data, not_before, not_after))

    def set_line(self, token: int, line: Line) -> None:
        """Queue a change of speed and format."""
        self._put(SetLine(token, line))

    def send_break(self, token: int, seconds: float) -> None:
        """Queue a break."""
        self._put(SendBreak(token, seconds))

    def send_error(self, token: int, kind: LineEvent, not_before: float) -> None:
        """Queue a character that arrives as a line error; operating systems cannot send one on request."""
        self._put(SendError(token, kind, not_before))

    @abstractmethod
    def _put(self, item: Item) -> None:
        """Add an item to the queue. The sink is called later, never in this method."""
