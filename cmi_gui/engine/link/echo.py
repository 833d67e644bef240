"""The removal of a link's echo: two-wire converters and optical heads receive what they send.

The filter compares what is received with what was sent. Bytes that match the own telegram are held until the telegram
is complete, which is an echo, or until a byte differs or the next byte is overdue: then they were no echo and are
passed on with the time at which they were received. So no answer is lost, however it begins. Two cases cannot be told
apart: an answer that repeats the whole telegram, which neither EN 13757 nor IEC 62056-21 has, and bytes that continue
a telegram that was cut short, which count as its echo within `HOLD_SECONDS`.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

from cmi_gui.engine.machine import SendOutcome

HOLD_SECONDS: Final = 0.1
"""The time after the last byte, or after the end of the telegram, from which on the next byte of an echo is overdue:
adapters and their drivers deliver bytes up to some 20 ms late, a busy computer later."""

MISSES: Final = 3
"""The number of telegrams in a row without an echo after which the line counts as without one; nothing is held then."""

Piece = tuple[bytes, float]
"""Bytes that are no echo, and when they were received."""


@dataclass(slots=True, eq=False)
class _Sent:
    """A sent telegram whose echo may come."""

    token: int | None
    data: bytes
    begin: float
    """The earliest time of its first bit; after that it may be on the wire."""
    seconds: float
    """The shortest time it takes on the wire; 0 where that is not known."""
    end: float | None = None
    """The time of its last stop bit, or of its abort; None: not finished."""
    aborted: bool = False
    again: bool = False
    """True if its echo has come already: this entry is for a second one, which two converters in a row produce."""
    place: int = 0
    """The number of bytes of the echo that have come."""


class EchoFilter:
    """A filter without I/O: telegrams and bytes go in, bytes that are no echo come out. Times in monotonic seconds.

    Whether the line echoes is learned at any time: it does after one telegram that comes back whole, it does not after
    `MISSES` that do not. `always`: the echo is known to exist, and is not unlearned. Then all that is received while
    the own telegram is on the wire is its echo even where it is garbled, as a telegram cannot be answered before its
    end; what is received later must equal the telegram, so that no answer is lost then either.
    """

    def __init__(self, *, always: bool) -> None:
        self._always = always
        self.learned: bool | None = True if always else None
        """True if the line echoes; None: nothing is known yet."""
        self._said: deque[_Sent] = deque()
        self._held: list[tuple[int, float]] = []
        self._misses = 0

    @property
    def deadline(self) -> float | None:
        """The time at which `tick` has to be called; None while nothing is held."""
        if not self._held or not self._said or self._said[0].end is None:
            return None
        return max(self._said[0].end, self._held[-1][1]) + HOLD_SECONDS

    def write_begun(self, token: int, data: bytes, begin: float, seconds: float) -> None:
        """Note a telegram that was handed over; it begins at `begin` at the earliest and takes at least `seconds`."""
        # A telegram that ended long ago has no echo any more, and one that has come back has no second echo.
        while self._said and not self._held and (front := self._said[0]).end is not None:
            if front.end + HOLD_SECONDS >= begin and not front.again:
                break
            self._miss(front)
        if data:
            self._said.append(_Sent(token, data, begin, seconds))

    def write_done(self, token: int, outcome: SendOutcome, at: float) -> list[Piece]:
        """Note that a telegram has ended, `at` as in `LinkSink.done`; return what is now known to be no echo."""
        write_done = next((write_done for write_done in self._said if write_done.token == token), None)
        if write_done is None:
            return []
        under_way = write_done is next(other for other in self._said if other.end is None) and at > write_done.begin
        # Without a sign of an echo, none is expected of a telegram that was cut short.
        if outcome is SendOutcome.EXPIRED or (
            outcome is SendOutcome.ABORTED and not (under_way and (write_done.place or self.learned))
        ):
            was_front = write_done is self._said[0]
            self._said.remove(write_done)
            return self._release() if was_front else []
        write_done.end = at
        write_done.aborted = outcome is SendOutcome.ABORTED
        return []

    def heard(self, data: bytes, at: float) -> list[Piece]:
        """Take received bytes; return those that are no echo, in order."""
        if not self._said:
            return [(data, at)]
        overdue = self.tick(at)
        return overdue + self._compare(deque((value, at) for value in data))

    def damaged(self, at: float) -> bool:
        """Take a damaged character; return whether it belongs to the own echo."""
        front = self._front(at)
        if not self.learned or front is None or front.end is not None:
            return False
        self._match(front, at)
        return True

    def interrupted(self, at: float) -> list[Piece]:
        """Take a break; return what was held, unless it is the echo of the telegram under way."""
        front = self._front(at)
        if not self.learned or front is None or front.end is not None:
            return self.forget()
        self._held.clear()
        return []

    def tick(self, now: float) -> list[Piece]:
        """Return what has been held for long enough; calling it early is harmless."""
        deadline = self.deadline
        if deadline is None or now < deadline:
            return []
        self._miss(self._said[0])
        return self._release()

    def forget(self) -> list[Piece]:
        """Expect no echo of anything sent so far, because the line is another one; return what was held."""
        self._said.clear()
        return self._release()

    def _release(self) -> list[Piece]:
        """Compare what was held for a removed telegram again, as it may be the echo of the next one."""
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
                through.append((value, at))  # a glitch before it begins, or an answer delivered before `write_done`
            else:
                self._miss(front)
                values.appendleft((value, at))
                values.extendleft(reversed(self._held))
                self._held.clear()
        return _pieces(through)

    def _front(self, at: float) -> _Sent | None:
        """Return the telegram whose echo a byte of this time can be."""
        while self._said:
            front = self._said[0]
            if front.end is None:
                return front if at >= front.begin else None
            if (front.aborted or front.again) and not self._held and at > front.end + HOLD_SECONDS:
                self._said.popleft()
                continue
            return front
        return None

    def _match(self, front: _Sent, at: float) -> None:
        """Note one more byte of its echo."""
        front.place += 1
        if front.place < len(front.data):
            return
        self._said.popleft()
        self._held.clear()
        self._misses = 0
        # A single byte may also be an answer that happens to be the same.
        if len(front.data) > 1:
            self.learned = True
            if not front.again:
                self._said.appendleft(_Sent(None, front.data, front.begin, 0.0, end=at, again=True))

    def _miss(self, front: _Sent) -> None:
        """Note that its echo does not come, or not whole."""
        self._said.popleft()
        if front.aborted and self.learned:
            self._held.clear()  # the echo of the part that was sent
        if front.again or front.aborted:
            return
        self._misses += 1
        if self._misses >= MISSES and not self._always:
            self.learned = False


def _pieces(values: list[tuple[int, float]]) -> list[Piece]:
    """Join neighbours of the same time into one piece."""
    pieces: list[tuple[bytearray, float]] = []
    for value, at in values:
        if not pieces or pieces[-1][1] != at:
            pieces.append((bytearray(), at))
        pieces[-1][0].append(value)
    return [(bytes(data), at) for data, at in pieces]
