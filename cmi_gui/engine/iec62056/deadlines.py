"""The waiting times of a reading device: for an answer, for its next character, for a quiet line."""

from __future__ import annotations

import math

from cmi_gui.engine.iec62056.events import Timing


class Deadlines:
    """The deadlines of a reading device, in seconds of one clock; `timing` has the lengths of the waits."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self.deadline: float | None = None
        """The time of the next check; None while nothing is awaited."""
        self.received_at = -math.inf
        """The time of the last received character."""
        self._limit = 0.0
        self._answer_ends = 0.0
        self._quiet_until = 0.0
        self._pause_since = 0.0

    # An answer

    def begin_sending(self, now: float, limit: float) -> None:
        """Note that a message is being sent; waiting begins at its end (`message_sent`).

        `limit`: seconds for which characters may come that are not part of an answer in order.
        """
        self.deadline = None
        self._limit = limit
        self._answer_ends = now + limit

    def message_sent(self, at: float, char_time: float) -> None:
        """Begin to wait after the end of the message, unless the answer has already begun."""
        if self.deadline is None:
            self.deadline = at + self._timing.response + char_time + self._timing.late

    def part_received(self, at: float, *, in_order: bool) -> None:
        """Wait for the next character of the answer as long as the standard allows."""
        gap = self._timing.inter_character + self._timing.late
        if in_order:
            self._answer_ends = at + self._limit
        self.deadline = min(at + gap, max(self._answer_ends, at))

    def settle(self, at: float) -> None:
        """Wait for `Timing.settle` of quiet, which confirms a possible answer."""
        self.deadline = at + self._timing.settle

    def is_over(self, now: float) -> bool:
        """Return whether the deadline has passed; if so, clear it."""
        if self.deadline is None or now < self.deadline:
            return False
        self.deadline = None
        return True

    def is_endless(self, now: float) -> bool:
        """Return whether characters are still coming although the answer should have ended."""
        return now >= self._answer_ends and now - self.received_at < self._timing.inter_character

    # A quiet line

    def forbid_sign_on(self, until: float) -> None:
        """Forbid a sign-on before `until`."""
        self._quiet_until = max(self._quiet_until, until)

    def begin_pause(self, now: float) -> None:
        """Begin to wait for a quiet line, for `Timing.quiet_limit` at most."""
        self._pause_since = now

    def may_sign_on(self, now: float) -> bool:
        """Return whether the line has been quiet long enough; if not, set `deadline` to the next check."""
        self.deadline = None if now >= self._quiet_until else self._quiet_until
        return self.deadline is None

    def pause_too_long(self, now: float) -> bool:
        """Return whether `Timing.quiet_limit` has passed since `begin_pause`."""
        return now - self._pause_since >= self._timing.quiet_limit
