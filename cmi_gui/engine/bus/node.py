"""A node: one slave on a bus, with its response time."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from cmi_gui.engine.bus.faults import Faults
from cmi_gui.engine.bus.response_time import ResponseTime
from cmi_gui.engine.machine import SendOutcome, SetLine
from cmi_gui.engine.mbus.slave import Slave


@dataclass(slots=True, eq=False)
class Node:
    """One slave on a bus, with its `name` for events and the `random` numbers of its response times.

    `faults`: those of its module's answers.

    `on_step` is called after each step of the slave, in which its application may have changed.

    Attributes: `answering`: the number of its transmissions that have not ended. `deaf_until`: the time in seconds
    until which it prepares a late answer and receives nothing. `before`: its last RSP_UD; empty after E5.
    """

    name: str
    slave: Slave
    response: ResponseTime
    random: Random
    faults: Faults
    on_step: Callable[[], None]
    answering: int = 0
    deaf_until: float = -math.inf
    before: bytes = b""
    _line_tokens: list[int] = field(default_factory=list)

    def line_changed(self, token: int, at: float) -> Sequence[object]:
        """Process a change of this slave's own speed, which no link carries out: it is done after its last answer."""
        self._line_tokens.append(token)
        return () if self.answering else self._line_done(SendOutcome.SENT, at)

    def answered(self, token: int | None, outcome: SendOutcome, at: float) -> Sequence[object]:
        """Report the end of a transmission to the slave, and of the change of speed after it; return its effects.

        `token`: of the slave's write; None if the slave need not know of its end.
        """
        self.answering -= 1
        effects = [] if token is None else [*self.slave.done(token, outcome, at)]
        return effects if self.answering else [*effects, *self._line_done(outcome, at)]

    def _line_done(self, outcome: SendOutcome, at: float) -> Sequence[object]:
        tokens, self._line_tokens = self._line_tokens, []
        effects = [effect for token in tokens for effect in self.slave.done(token, outcome, at)]
        # After a failed change the slave keeps its speed; that of the link is not concerned.
        return [effect for effect in effects if not isinstance(effect, SetLine)]
