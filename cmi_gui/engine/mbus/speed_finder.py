"""Search for the speed of a bus in the bytes received: a bench convenience that no slave of this kind is known to have.

The search sends nothing. Bytes at the right speed are whole telegrams; at a wrong one they are damaged or, if the link
reports them, line errors. Silence proves nothing, so nothing changes during it.

With two candidates a master loses at most one telegram before a speed is found, and at most `SUSTAINED` after it has
changed its own speed. In both cases the last of the three tries that [DOC48 §5.4] gives a telegram succeeds. A
disturbance in between can cost one more, because damage at the right speed looks like the wrong speed. On a bus that is
never silent, a run is judged after 12 s.
"""

from __future__ import annotations

from collections.abc import Sequence

from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.frame import MAX_FRAME
from cmi_gui.engine.mbus.times import idle_time

CANDIDATES = (2400, 300)
"""The speeds of the module, the more usual first [DOC48 §4.1 names 300 as mandatory]."""
SUSTAINED = 2
"""Damaged runs in a row, without a whole telegram between them, after which a speed that was found is given up."""


class SpeedFinder:
    """A search through `candidates` (bit/s, at least two), one after the other, until whole telegrams come.

    `start`: the speed to begin with; the first candidate if it is not one of them. `idle_extra`: seconds beyond 33 bit
    times after which silence ends a telegram. A *run* is what comes between two silences; a run without a whole
    telegram is damaged. A run longer than the longest telegram is judged before it ends, because a busy bus may never
    be silent.

    Attributes: `speed`: the speed to listen at, in bit/s. `found`: True if whole telegrams came at this speed.
    """

    def __init__(self, start: int, idle_extra: float, candidates: Sequence[int] = CANDIDATES) -> None:
        self._candidates = tuple(candidates)
        self._idle_extra = idle_extra
        # Seconds: the longest telegram at the slowest speed, and its pauses.
        self._longest = 1.25 * MAX_FRAME * Line(min(self._candidates)).char_time
        self._last_activity = 0.0
        self.listen_at(start)

    def listen_at(self, speed: int) -> None:
        """Restart the search at `speed` (bit/s), or at the first candidate if it is not one of them."""
        self.speed = speed if speed in self._candidates else self._candidates[0]
        self.found = False
        self._damaged_runs = 0
        self._run_from: float | None = None
        # The speed was changed during a run, so the end of that run proves nothing.
        self._inside = False

    @property
    def deadline(self) -> float | None:
        """The time when `tick` is due, in seconds; None while nothing comes in."""
        return None if self._run_from is None else min(self._idle_at, self._run_from + self._longest)

    @property
    def _idle_at(self) -> float:
        return self._last_activity + idle_time(self.speed, self._idle_extra)

    def note_activity(self, at: float) -> None:
        """Note a character, or a line error in its place; `at`: its last stop bit, in seconds."""
        self._last_activity = at
        if self._run_from is None:
            self._run_from = at

    def note_telegram(self) -> bool:
        """Note a whole telegram with a correct checksum, of any sender; return whether that has just found the speed.

        A lone E5 does not count: it has no checksum, and turns up in noise.
        """
        is_new, self.found = not self.found, True
        self._damaged_runs = 0
        self._run_from = None
        self._inside = False
        return is_new

    def tick(self, now: float) -> bool:
        """Judge the run if it is over; return whether to listen at another `speed` from now on."""
        if self.deadline is None or now < self.deadline:
            return False
        is_idle = now >= self._idle_at
        self._run_from = None
        if self._inside and is_idle:
            self._inside = False
            return False
        self._damaged_runs += 1
        if self.found and self._damaged_runs < SUSTAINED:
            return False
        self.listen_at(self._candidates[(self._candidates.index(self.speed) + 1) % len(self._candidates)])
        self._inside = not is_idle
        return True
