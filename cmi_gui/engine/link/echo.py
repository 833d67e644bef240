"""What comes back of one's own words, taken away: two-wire converters and optical heads hear what they send.

The filter compares what is heard with what was sent. What continues the own telegram is held until it is whole, which
is an echo, or until a byte differs, or until the next byte is overdue: then it was no echo and comes through with the
time at which it was heard. So an answer is never eaten, however it begins. What cannot be told apart is an answer that
repeats the whole telegram, which neither EN 13757 nor IEC 62056-21 knows; and bytes that continue a telegram that was
cut short, within `HOLD_SECONDS`, count as its echo.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

from cmi_gui.engine.machine import SendOutcome

HOLD_SECONDS: Final = 0.1
"""The next byte of an echo is overdue so long after the last one, or after the end of the telegram: adapters and their
drivers tell bytes up to some 20 ms late, a busy computer more."""

MISSES: Final = 3
"""So many telegrams in a row without their echo, and the line has none: nothing is held any more."""

Piece = tuple[bytes, float]
"""Bytes that came through, and when they were heard."""


@dataclass(slots=True, eq=False)
class _Said:
    """A telegram whose echo may come."""

    token: int | None
    data: bytes
    begin: float
    """Earliest time of its first bit; once that has passed, it may be on its way."""
    seconds: float
    """How long it takes on the wire at least; 0 where that is not known."""
    end: float | None = None
    """Its last stop bit, or when it was aborted; None: not finished."""
    aborted: bool = False
    again: bool = False
    """Its echo has come already: this is for a second one, as two converters in a row make it."""
    place: int = 0
    """How much of the echo has come."""


class EchoFilter:
    """The pure part: telegrams and bytes go in, what is no echo comes out. Times in monotonic seconds.

    Whether the line echoes is learned: from one telegram that comes back whole, and that it does not from `MISSES` that
    do not; each at any time. `always`: that there is an echo is known and not unlearned. Then what is heard while the
    own telegram is on the wire is its echo even where it is garbled, as nobody can answer what is not said yet; what is
    heard later must equal it, so that no answer is eaten then either.
    """

    def __init__(self, *, always: bool) -> None:
        self._always = always
        self.learned: bool | None = True if always else None
        """Whether the line echoes; None: nothing is known yet."""
        self._said: deque[_Said] = deque()
        self._held: list[tuple[int, float]] = []
        self._misses = 0

    @property
    def deadline(self) -> float | None:
        """When `tick` has to be called; None while nothing waits."""
        if not self._held or not self._said or self._said[0].end is None:
            return None
        return max(self._said[0].end, self._held[-1][1]) + HOLD_SECONDS

    def saying(self, token: int, data: bytes, begin: float, seconds: float) -> None:
        """A telegram was handed over; it begins at `begin` at the earliest and takes at least `seconds`."""
        # What is long finished and still unheard will not come back, nor a second time what has come back already.
        while self._said and not self._held and (front := self._said[0]).end is not None:
            if front.end + HOLD_SECONDS >= begin and not front.again:
                break
            self._miss(front)
        if data:
            self._said.append(_Said(token, data, begin, seconds))

    def said(self, token: int, outcome: SendOutcome, at: float) -> list[Piece]:
        """A telegram is finished, `at` as in `LinkSink.done`; what is known now to be no echo comes through."""
        said = next((said for said in self._said if said.token == token), None)
        if said is None:
            return []
        under_way = said is next(other for other in self._said if other.end is None) and at > said.begin
        # Without a sign of an echo, a telegram that was cut short is not worth a guess.
        if outcome is SendOutcome.EXPIRED or (
            outcome is SendOutcome.ABORTED and not (under_way and (said.place or self.learned))
        ):
            was_front = said is self._said[0]
            self._said.remove(said)
            return self._release() if was_front else []
        said.end = at
        said.aborted = outcome is SendOutcome.ABORTED
        return []

    def heard(self, data: bytes, at: float) -> list[Piece]:
        """Bytes were heard; returns what is no echo, in order."""
        if not self._said:
            return [(data, at)]
        overdue = self.tick(at)
        return overdue + self._compare(deque((value, at) for value in data))

    def damaged(self, at: float) -> bool:
        """A damaged character was heard; tells whether it is of the own echo."""
        front = self._front(at)
        if not self.learned or front is None or front.end is not None:
            return False
        self._match(front, at)
        return True

    def interrupted(self, at: float) -> list[Piece]:
        """A break was heard. On a line with an echo, what was held of the telegram under way is echo and no more."""
        front = self._front(at)
        if not self.learned or front is None or front.end is not None:
            return self.forget()
        self._held.clear()
        return []

    def tick(self, now: float) -> list[Piece]:
        """What has been held for long enough comes through; calling it early is harmless."""
        deadline = self.deadline
        if deadline is None or now < deadline:
            return []
        self._miss(self._said[0])
        return self._release()

    def forget(self) -> list[Piece]:
        """What was said has no echo any more, because the line is another one; what was held comes through."""
        self._said.clear()
        return self._release()

    def _release(self) -> list[Piece]:
        """What was held for a telegram that is gone may still be the echo of the next one."""
        held = deque(self._held)
        self._held.clear()
        return self._compare(held)

    def _compare(self, values: deque[tuple[int, float]]) -> list[Piece]:
        through: list[tuple[int, float]] = []
        while values:
            value, at = values.popleft()
            front = self._front(at)
            if front is None:
                through.append((value, at))
            elif self._always and front.end is None and at < front.begin + front.seconds:
                self._match(front, at)  # garbled or not
            elif value == front.data[front.place]:
                (through if self.learned is False else self._held).append((value, at))
                self._match(front, at)
            elif not front.place and front.end is None:
                through.append((value, at))  # a glitch before it begins, or an answer that is told before `said`
            else:
                self._miss(front)
                values.appendleft((value, at))
                values.extendleft(reversed(self._held))
                self._held.clear()
        return _pieces(through)

    def _front(self, at: float) -> _Said | None:
        """The telegram whose echo a byte of this time can be."""
        while self._said:
            front = self._said[0]
            if front.end is None:
                return front if at >= front.begin else None
            if (front.aborted or front.again) and not self._held and at > front.end + HOLD_SECONDS:
                self._said.popleft()
                continue
            return front
        return None

    def _match(self, front: _Said, at: float) -> None:
        """One more byte of its echo has come."""
        front.place += 1
        if front.place < len(front.data):
            return
        self._said.popleft()
        self._held.clear()
        self._misses = 0
        # One byte alone may be an answer that happens to be the same.
        if len(front.data) > 1:
            self.learned = True
            if not front.again:
                self._said.appendleft(_Said(None, front.data, front.begin, 0.0, end=at, again=True))

    def _miss(self, front: _Said) -> None:
        """Its echo does not come, or not whole."""
        self._said.popleft()
        if front.aborted and self.learned:
            self._held.clear()  # as much of it as had left
        if front.again or front.aborted:
            return
        self._misses += 1
        if self._misses >= MISSES and not self._always:
            self.learned = False


def _pieces(values: list[tuple[int, float]]) -> list[Piece]:
    """Neighbours of the same time as one piece."""
    pieces: list[tuple[bytearray, float]] = []
    for value, at in values:
        if not pieces or pieces[-1][1] != at:
            pieces.append((bytearray(), at))
        pieces[-1][0].append(value)
    return [(bytes(data), at) for data, at in pieces]
