"""How long a link may delay answers, learned from the answers."""

from __future__ import annotations

from dataclasses import dataclass

LEAST = 0.1
"""Seconds that are always allowed: serial adapters need them."""
MOST = 5.0
AT_START = {False: LEAST, True: 0.5}
"""Seconds before anything is learned, by whether the link crosses a network."""
_MARGIN = 1.5
"""An answer that took a time may take this many times as long the next time. Assumption."""
KNOWN = 50
"""Answers after which a link is known, and its allowance shrinks slowest. Assumption."""


@dataclass(slots=True)
class Allowance:
    """Seconds, 0.1 to 5, that an answer may take beyond the window of the standard.

    It grows at once where an answer needed more, and shrinks slowly; the first answers of a link that is not known yet
    count for more. `fixed`: it is set by the user and stays. `answers`: how many it rests on, 50 at most.
    """

    seconds: float
    fixed: bool = False
    answers: int = 0

    def learn(self, needed: float) -> bool:
        """Take in that an answer needed so many seconds beyond the window; returns whether that is more than before."""
        if self.fixed:
            return False
        right = min(MOST, max(LEAST, needed * _MARGIN))
        self.answers = min(self.answers + 1, KNOWN)
        if right > self.seconds:
            self.seconds = right
            return True
        self.seconds -= (self.seconds - right) / (self.answers + 1)
        return False
