"""The time by which a link may delay answers, learned from the answers."""

from __future__ import annotations

from dataclasses import dataclass

LEAST = 0.1
"""Smallest allowance in seconds, which serial adapters need."""
MOST = 5.0
"""Largest allowance in seconds."""
AT_START = {False: LEAST, True: 0.5}
"""Allowance in seconds before anything is learned; the key: whether the link crosses a network."""
_MARGIN = 1.5
"""Factor by which the next answer may take longer than one seen. Assumption."""
KNOWN = 50
"""Answers after which the allowance shrinks at its slowest. Assumption."""


@dataclass(slots=True)
class Allowance:
    """The seconds, 0.1 to 5, that an answer may take beyond the window of the standard.

    It grows at once if an answer needed more, and shrinks slowly, faster during the first answers of a link. `fixed`:
    it is set by the user and stays. `answers`: the number of answers from which it was learned, at most 50.
    """

    seconds: float
    fixed: bool = False
    answers: int = 0

    def learn(self, needed: float) -> bool:
        """Learn from an answer that began `needed` seconds beyond the window; return whether the allowance grew."""
        if self.fixed:
            return False
        target = min(MOST, max(LEAST, needed * _MARGIN))
        self.answers = min(self.answers + 1, KNOWN)
        if target > self.seconds:
            self.seconds = target
            return True
        self.seconds -= (self.seconds - target) / (self.answers + 1)
        return False
