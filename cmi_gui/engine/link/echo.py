"""The removal of a link's echo: two-wire converters and optical heads receive what they send.

The filter compares what is received with what was sent. Bytes that match the sent telegram are held until the telegram
is complete, which is an echo, or until a byte differs or the next byte is overdue: then they were not an echo and are
passed on with the time at which they were received. So no answer is lost, however it begins. Two cases cannot be
distinguished: an answer that repeats the whole telegram, which neither EN 13757 nor IEC 62056-21 has, and bytes that
continue a telegram that was cut short, which count as its echo within `HOLD_SECONDS`.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Final

from cmi_gui.engine.machine import SendOutcome

HOLD_SECONDS: Final = 0.1
"""The time after the last byte, or after the end of the telegram, from which on the next byte of an echo is overdue:
adapters and their drivers deliver bytes up to some 20 ms late, a busy computer later."""

MISSES: Final = 3
"""The number of telegrams in a row without an echo after which the line counts as without one; nothing is held then."""

Piece = tuple[bytes, float]
"""Bytes that are not part of an echo, and when they were received."""


@dataclass(slots=True, eq=False)
class _Sent:
    """A sent telegram whose echo may come."""

    token: int | None
    data: bytes
    begin: float
    """The earliest time of its first bit; after that it may be on the wire."""
    seconds: float
    """The shortest time it takes on the wire; 0 if that is not known."""
    end: float | None = None
    """The time of its last stop bit, or of its abort; None: not finished."""
    aborted: bool = False
    second: bool = False
    """True if its echo has already come: this entry is for a second echo, which two converters in a row produce."""
    matched: int = 0
    """The number of bytes of its echo received so far."""


class EchoFilter:
    """A filter without I/O: telegrams and bytes go in, bytes without the echo come out. Times in monotonic seconds.

    The filter learns whether the line echoes, and may change this at any time: one telegram that comes back complete
    shows that it does; `MISSES` telegrams that do not come back show that it does not. `always`: the line is known to
    echo. Then all that is received while the sent telegram is on the wire is its echo, even if it is garbled, because a
    telegram cannot be answered before its end; what is received later must equal the telegram, so that no answer is
    lost.
    """

    def __init__(self, *, always: bool) -> None:
        self._always = always
        self.learned: bool | None = True if always else None
        """True if the line echoes; None: nothing is known yet."""
        self._sent: deque[_Sent] = deque()
        self._held: list[tuple[int, float]] = []
        self._misses = 0

    @property
    def deadline(self) -> float | None:
        """The time at which `tick` has to be called; None while nothing is held."""
        if not self._held or not self._sent or self._sent[0].end is None:
            return None
        return max(self._sent[0].end, self._held[-1][1]) + HOLD_SECONDS

    def write_begun(self, token: int, data: bytes, begin: float, seconds: float) -> None:
        """Note a telegram that was handed over; it begins at `begin` at the earliest and takes at least `seconds`."""
        # A telegram that ended long ago has no echo any more, and no second echo comes after the next telegram.
        while self._sent and not self._held and (front := self._sent[0]).end is not None:
            if front.end + HOLD_SECONDS >= begin and not front.second:
                break
            self._note_miss(front)
        if data:
            self._sent.append(_Sent(token, data, begin, seconds))

    def write_done(self, token: int, outcome: SendOutcome, at: float) -> list[Piece]:
        """Note that a telegram has ended, `at` as in `LinkSink.done`; return what is now known to be no echo."""
        ended = next((sent for sent in self._sent if sent.token == token), None)
        if ended is None:
            return []
        under_way = ended is next(sent for sent in self._sent if sent.end is None) and at > ended.begin
        # No echo is expected of a telegram that was cut short, unless there is a sign of one.
        if outcome is SendOutcome.EXPIRED or (
            outcome is SendOutcome.ABORTED and not (under_way and (ended.matched or self.learned))
        ):
            was_front = ended is self._sent[0]
            self._sent.remove(ended)
            return self._release() if was_front else []
        ended.end = at
        ended.aborted = outcome is SendOutcome.ABORTED
        return []

    def received(self, data: bytes, at: float) -> list[Piece]:
        """Process received bytes; return those that are not part of an echo, in order."""
        if not self._sent:
            return [(data, at)]
        overdue = self.tick(at)
        return overdue + self._compare(deque((value, at) for value in data))

    def damage_received(self, at: float) -> bool:
        """Process a damaged character; return whether it belongs to an echo."""
        front = self._echo_under_way(at)
        if front is not None:
            self._note_match(front, at)
        return front is not None

    def break_received(self, at: float) -> list[Piece]:
        """Process a break; return what was held, unless it is the echo of the telegram under way."""
        if self._echo_under_way(at) is None:
            return self.reset()
        self._held.clear()
        return []

    def _echo_under_way(self, at: float) -> _Sent | None:
        """Return the telegram that is being sent at this time, if the line is known to echo."""
        front = self._front(at)
        return front if self.learned and front is not None and front.end is None else None

    def tick(self, now: float) -> list[Piece]:
        """Return the held bytes whose echo is overdue at `now`; calling it early is harmless."""
        deadline = self.deadline
        if deadline is None or now < deadline:
            return []
        self._note_miss(self._sent[0])
        return self._release()

    def reset(self) -> list[Piece]:
        """Expect no echo of anything sent so far, because the line has changed; return what was held."""
        self._sent.clear()
        return self._release()

    def _release(self) -> list[Piece]:
        """Compare what was held for a removed telegram again, as it may be the echo of the next one."""
        held = deque(self._held)
        self._held.clear()
        return self._compare(held)

    def _compare(self, values: deque[tuple[int, float]]) -> list[Piece]:
        passed: list[tuple[int, float]] = []
        while values:
            value, at = values.popleft()
            front = self._front(at)
            if front is None:
                passed.append((value, at))
            elif self._always and front.end is None and at < front.begin + front.seconds:
                self._note_match(front, at)  # garbled or not
            elif value == front.data[front.matched]:
                (passed if self.learned is False else self._held).append((value, at))
                self._note_match(front, at)
            elif not front.matched and front.end is None:
                passed.append((value, at))  # noise before the echo, or an answer delivered before `write_done`
            else:
                self._note_miss(front)
                values.appendleft((value, at))
                values.extendleft(reversed(self._held))
                self._held.clear()
        return _pieces(passed)

    def _front(self, at: float) -> _Sent | None:
        """Return the telegram whose echo a byte received at this time can be."""
        while self._sent:
            front = self._sent[0]
            if front.end is None:
                return front if at >= front.begin else None
            if self._held or not (front.aborted or front.second) or at <= front.end + HOLD_SECONDS:
                return front
            self._sent.popleft()
        return None

    def _note_match(self, front: _Sent, at: float) -> None:
        """Note one more byte of its echo."""
        front.matched += 1
        if front.matched < len(front.data):
            return
        self._sent.popleft()
        self._held.clear()
        self._misses = 0
        # A single byte may also be an answer that happens to be the same.
        if len(front.data) > 1:
            self.learned = True
            if not front.second:
                self._sent.appendleft(_Sent(None, front.data, front.begin, 0.0, end=at, second=True))

    def _note_miss(self, front: _Sent) -> None:
        """Note that its echo does not come, or only a part of it."""
        self._sent.popleft()
        if front.aborted and self.learned:
            self._held.clear()  # the echo of the part that was sent
        if front.second or front.aborted:
            return
        self._misses += 1
        if self._misses >= MISSES and not self._always:
            self.learned = False


def _pieces(values: list[tuple[int, float]]) -> list[Piece]:
    """Join neighbours of the same time into one piece."""
    return [(bytes(value for value, _ in group), at) for at, group in groupby(values, key=itemgetter(1))]
