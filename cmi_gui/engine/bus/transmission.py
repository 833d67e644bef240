"""The transmissions on a bus: the answers of its slaves, overlaid where they meet, as actions for the link."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from cmi_gui.engine.bus.node import Node
from cmi_gui.engine.bus.overlay import Signal, overlay
from cmi_gui.engine.machine import Effects, Line, LineEvent, SendBreak, SendError, SendOutcome, SetLine, Write, is_due
from cmi_gui.engine.mbus.times import IDLE_BITS

Ended = Callable[[SendOutcome, float], Effects]
"""The callback for the outcome of an action and its time; it returns effects."""


@dataclass(frozen=True, slots=True, eq=False)
class Transmission:
    """A transmission of one slave. `token`: of the slave's write; None if the slave need not know how it ends.

    `not_after`: the latest time at which it may begin, in seconds.
    """

    node: Node
    signal: Signal
    not_after: float
    token: int | None = None


@dataclass(frozen=True, slots=True)
class Overlapped:
    """Event: answers of several slaves met on the wire. `at`: the time at which the first began, in seconds."""

    names: tuple[str, ...]
    at: float


@dataclass(frozen=True, slots=True)
class Answered:
    """Event: the answer of one slave alone has left, and was the last thing sent."""

    name: str


@dataclass(frozen=True, slots=True)
class _Run:
    """Consecutive characters, sent as one write, or one that arrives as a line error."""

    at: float
    data: bytes
    error: LineEvent | None = None


class Transmissions:
    """The answers that the slaves of one bus have begun or will begin.

    `sends_errors`: the link can send characters that arrive as line errors; else their bits are sent as a byte.
    `sends_breaks`: it can hold its wire in the space state; else the byte 00 is sent, as a receiver reads that.
    """

    def __init__(self, *, sends_errors: bool, sends_breaks: bool) -> None:
        self._sends_errors = sends_errors
        self._sends_breaks = sends_breaks
        self._token = 0
        self._later: list[Transmission] = []
        self._ends: dict[int, Ended] = {}

    @property
    def deadline(self) -> float | None:
        """The time at which `due` has something to send, in seconds, or None."""
        return min((answer.signal.begin for answer in self._later), default=None)

    def later(self, answer: Transmission) -> None:
        """Keep an answer until it begins or meets another."""
        self._later.append(answer)

    def due(self, now: float) -> list[object]:
        """Return the actions that send what begins at `now`."""
        begun = [answer for answer in self._later if is_due(answer.signal.begin, now)]
        self._later = [answer for answer in self._later if answer not in begun]
        return self.send(begun) if begun else []

    def send(self, answers: Iterable[Transmission]) -> list[object]:
        """Return the actions that send answers, with what meets them on the wire, and `Overlapped` events."""
        now = list(answers)
        groups: list[list[Transmission]] = []
        end, inside = -math.inf, 0.0
        for answer in sorted([*now, *self._later], key=lambda answer: answer.signal.begin):
            if answer.signal.begin >= end + inside:
                groups.append([])
                inside = 0.0
            else:
                # After the end of answers that met, the receiver may be inside a character.
                inside = answer.signal.line.char_time
            groups[-1].append(answer)
            end = max(end, answer.signal.end)
        chosen = [group for group in groups if any(answer in now for answer in group)]
        sent = [answer for group in chosen for answer in group]
        self._later = [answer for answer in self._later if answer not in sent]
        return [effect for group in chosen for effect in self._send_group(group)]

    def _send_group(self, group: list[Transmission]) -> list[object]:
        slack = max(answer.not_after - answer.signal.begin for answer in group)
        ended: Ended = partial(_ended, group)
        if len(group) == 1:
            signal = group[0].signal
            run = _Run(signal.begin, signal.data)
            if not signal.space:
                return [self._send_run(run, slack, partial(_sent, group[0]))]
            if self._sends_breaks:
                begun = [self._send_run(run, slack, _nothing)] if run.data else []
                return [*begun, SendBreak(self._next(ended), signal.space)]
        line = max((answer.signal.line for answer in group), key=lambda each: each.baud)
        runs = list(_runs(group, line, errors=self._sends_errors))
        names = tuple(answer.node.name for answer in group)
        return [
            *([Overlapped(names, group[0].signal.begin)] if len(group) > 1 else []),
            *(self._send_run(run, slack, _nothing) for run in runs[:-1]),
            self._send_run(runs[-1], slack, ended),
        ]

    def _send_run(self, run: _Run, slack: float, ended: Ended) -> object:
        token = self._next(ended)
        if run.error is not None:
            return SendError(token, run.error, run.at)
        return Write(token, run.data, run.at, run.at + slack)

    def set_line(self, line: Line, ended: Ended | None = None) -> SetLine:
        """Return the action that changes the link's speed; `ended` is called with its outcome."""
        return SetLine(self._next(ended or _nothing), line)

    def _next(self, ended: Ended) -> int:
        self._token += 1
        self._ends[self._token] = ended
        return self._token

    def done(self, token: int, outcome: SendOutcome, at: float) -> Effects:
        """Process the outcome of an action of this object."""
        ended = self._ends.pop(token, _nothing)
        return ended(outcome, at)

    def drop_later(self, nodes: Sequence[Node], at: float) -> list[object]:
        """Drop the answers of some nodes that have not been handed to the link."""
        dropped = [answer for answer in self._later if answer.node in nodes]
        self._later = [answer for answer in self._later if answer not in dropped]
        for answer in dropped:
            answer.node.deaf_until = -math.inf
        return _ended(dropped, SendOutcome.ABORTED, at)


def _nothing(outcome: SendOutcome, at: float) -> Effects:
    return ()


def _ended(answers: Iterable[Transmission], outcome: SendOutcome, at: float) -> list[object]:
    return [effect for answer in answers for effect in answer.node.answered(answer.token, outcome, at)]


def _sent(answer: Transmission, outcome: SendOutcome, at: float) -> list[object]:
    """Process the outcome of an answer that met no other one."""
    left = [Answered(answer.node.name)] if outcome is SendOutcome.SENT else []
    return [*left, *_ended([answer], outcome, at)]


def _runs(group: Sequence[Transmission], line: Line, *, errors: bool) -> Iterable[_Run]:
    """Yield what the receiver reads of a group: runs without a pause that would end a frame."""
    data = bytearray()
    begin = end = -math.inf
    for character in overlay([answer.signal for answer in group], line):
        is_error = errors and character.error is not None
        if data and (is_error or character.at - end > IDLE_BITS * line.bit_time):
            yield _Run(begin, bytes(data))
            data.clear()
        if is_error:
            yield _Run(character.at, b"", character.error)
            continue
        if not data:
            begin = character.at
        data.append(character.byte)
        end = character.at + line.char_time
    if data:
        yield _Run(begin, bytes(data))
