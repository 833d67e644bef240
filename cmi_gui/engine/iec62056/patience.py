"""How long a reading device waits: for an answer, for its next character, for a line that is quiet."""

from __future__ import annotations

import math

from cmi_gui.engine.iec62056.events import Timing


class Patience:
    """All times are seconds of one clock; how long each may last is said by `timing`."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self.deadline: float | None = None
        """When to look again; None while nothing is waited for."""
        self.heard_at = -math.inf
        """When the last character came."""
        self._limit = 0.0
        self._answer_ends = 0.0
        self._quiet_until = 0.0
        self._pause_since = 0.0

    # An answer

    def ask(self, now: float, limit: float) -> None:
        """A message is on its way; waiting begins when it has left.

        `limit`: how long characters may come that are not in order.
        """
        self.deadline = None
        self._limit = limit
        self._answer_ends = now + limit

    def asked(self, at: float, char_time: float) -> None:
        """It has left. An answer that has begun meanwhile keeps its own time."""
        if self.deadline is None:
            self.deadline = at + self._timing.response + char_time + self._timing.late

    def answered_in_part(self, at: float, *, in_order: bool) -> None:
        """A character of the answer has come: the next may take as long as the standard allows."""
        gap = self._timing.inter_character + self._timing.late
        if in_order:
            self._answer_ends = at + self._limit
        self.deadline = min(at + gap, max(self._answer_ends, at))

    def settle(self, at: float) -> None:
        """What may be the answer has come: it is, if the line stays quiet for a moment."""
        self.deadline = at + self._timing.settle

    def is_over(self, now: float) -> bool:
        """Whether what was waited for is overdue; then nothing is waited for any more."""
        if self.deadline is None or now < self.deadline:
            return False
        self.deadline = None
        return True

    def is_endless(self, now: float) -> bool:
        """Whether characters are still coming although the answer should have ended."""
        return now >= self._answer_ends and now - self.heard_at < self._timing.inter_character

    # A quiet line

    def keep_quiet(self, until: float) -> None:
        """Do not sign on before this."""
        self._quiet_until = max(self._quiet_until, until)

    def begin_pause(self, now: float) -> None:
        """From now on the line has `Timing.quiet_limit` to get quiet."""
        self._pause_since = now

    def may_sign_on(self, now: float) -> bool:
        """Whether it is quiet; if not, `deadline` says when to ask again."""
        self.deadline = None if now >= self._quiet_until else self._quiet_until
        return self.deadline is None

    def never_quiet(self, now: float) -> bool:
        """Whether the line has had all the time that it is given."""
        return now - self._pause_since >= self._timing.quiet_limit
