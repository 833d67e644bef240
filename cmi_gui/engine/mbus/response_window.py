"""The time within which the slaves of a bus begin to answer a selection, learned while a search runs."""

from __future__ import annotations

from cmi_gui.engine.mbus.exchange import Answer, AnswerKind, Exchange, Procedure

ALL = 3
"""Selections of all slaves before the first shorter wait. Assumption."""
SINGLE = 4
"""Single acknowledgements before the first shorter wait. Assumption."""
_LEAST_MARGIN = 0.2
_MARGINS = 4.0
"""The longest time may be longer than the longest of n seen by the part 4/n, but at least by 0.2. Assumption."""
_MARGIN = 0.010
"""Seconds added for the clock of the link. Assumption."""


class ResponseWindow:
    """The seconds after a selection within which its answers begin.

    They are known from two sources. When all slaves are selected, one that takes much longer than the others is
    visible, because its E5 stands alone; those that answer at about the same time are one long space. Single
    acknowledgements show how much the others take.

    Attributes: `learns`: False on links that do not carry characters at the speed of the bus, where an answer may be
    delayed at any time, and after an answer that was late. `longest`: the longest time seen, in seconds; `singles`: the
    number of single acknowledgements.
    """

    def __init__(self, *, learns: bool) -> None:
        self.learns = learns
        self._all = self.singles = 0
        self.longest = 0.0

    @property
    def seconds(self) -> float | None:
        """The window; None: that of the standard, as not enough is known."""
        if not self.learns or self._all < ALL or self.singles < SINGLE:
            return None
        return self.longest * (1 + max(_LEAST_MARGIN, _MARGINS / self.singles)) + _MARGIN

    def learn_from_all(self, exchange: Exchange) -> Procedure[None]:
        """Learn from an exchange that all slaves answer, which is repeated."""
        while self.learns and self._all < ALL:
            answer = yield exchange
            self._all += 1
            if answer.waited is not None:
                self.longest = max(self.longest, answer.waited)

    def note(self, answer: Answer) -> None:
        """Learn from the answer to a selection."""
        if answer.answered and answer.waited is not None:
            self.longest = max(self.longest, answer.waited)
            self.singles += answer.kind is AnswerKind.ACK

    def stop(self) -> None:
        """Use the standard's window from now on, because an answer was late."""
        self.learns = False
