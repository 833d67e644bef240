"""The reception of a line: bytes become frame events, and silence or a line event ends an unfinished frame."""

from __future__ import annotations

import math
from collections.abc import Callable

from cmi_gui.engine.machine import LineEvent, is_due
from cmi_gui.engine.mbus.frame_decoder import FrameDecoder, FrameEvent
from cmi_gui.engine.mbus.slave_events import LineDisturbed

UNREADABLE = (LineEvent.FRAMING, LineEvent.PARITY, LineEvent.OVERRUN)
"""The line events that stand for a character which could not be read."""


class Reception:
    """The receiver of one line. `idle_time` returns the seconds of silence that end a frame at the present speed.

    Attributes: `last_activity`: the time of the last byte received, in seconds; the frame events of `tick` and
    `line_event` belong to it, because the window for an answer counts from the last byte of a request.
    """

    def __init__(self, idle_time: Callable[[], float]) -> None:
        self._idle_time = idle_time
        self._decoder = FrameDecoder()
        self._idle_at: float | None = None
        # The time until which another unreadable character belongs to the run already reported.
        self._disturbed_until = -math.inf
        self.last_activity = 0.0

    @property
    def deadline(self) -> float | None:
        """The time when `tick` is due, in seconds, or None."""
        return self._idle_at

    def receive(self, data: bytes, at: float) -> list[FrameEvent]:
        """Process bytes whose last stop bit was at `at`."""
        events = self._decoder.feed(data)
        self.last_activity = at
        self._idle_at = at + self._idle_time() if self._decoder.pending else None
        return events

    def end(self) -> list[FrameEvent]:
        """End an unfinished frame."""
        self._idle_at = None
        return self._decoder.idle()

    def tick(self, now: float) -> list[FrameEvent]:
        """End an unfinished frame if the line has been silent long enough."""
        return self.end() if is_due(self._idle_at, now) else []

    def disturbed(self, kind: LineEvent, at: float) -> LineDisturbed | None:
        """Note a line event; return it if it begins a run of unreadable characters."""
        if kind not in UNREADABLE:
            return None
        begins = at > self._disturbed_until
        self._disturbed_until = at + self._idle_time()
        return LineDisturbed(kind) if begins else None

    def reset(self) -> None:
        """Drop an unfinished frame."""
        self._decoder.reset()
        self._idle_at = None
