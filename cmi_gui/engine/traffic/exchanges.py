"""Requests and their answers: rows of traffic that belong together, retries, and requests without an answer."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left

from cmi_gui.engine.mbus.frame import ADDRESS_BROADCAST
from cmi_gui.engine.traffic.store import MARKS, Direction, RowKind, Side, TrafficStore
from cmi_gui.engine.traffic.telegram_type import HAS_ERROR, TelegramType

RETRY = 1
"""Mark of a request that repeats the one before it on this link, which got no answer."""
SILENT = 2
"""Mark of a request without an answer."""

ANSWER_TIMEOUT = {Side.MBUS: 15.0, Side.METER: 120.0}
"""Seconds after which a request counts as not answered although no other request followed: at 300 bit/s an answer of
261 bytes takes 10 s to arrive, and a long readout of a meter a minute and a half."""

_REQUEST_DIRECTION = {Side.MBUS: Direction.RECEIVED, Side.METER: Direction.SENT}
"""The direction of requests: from the master on the bus, from the module on the meter's side."""
_REQUESTS = frozenset(
    (
        TelegramType.SND_NKE,
        TelegramType.SND_UD,
        TelegramType.REQ_UD1,
        TelegramType.REQ_UD2,
        TelegramType.REQUEST,
        TelegramType.OPTION_SELECT,
        TelegramType.COMMAND,
        TelegramType.NEGATIVE,
    )
)
_ASKING = frozenset(int(side) | direction << 1 for side, direction in _REQUEST_DIRECTION.items())
"""Side and direction of requests, as in bits 16 and 17 of `Columns.facts`."""
_IS_REQUEST = bytes(code & ~HAS_ERROR in _REQUESTS for code in range(256))
"""1 for each value of `Columns.types` that is a request."""
_TELEGRAM = int(RowKind.TELEGRAM)
_NOT_SENT = frozenset(map(int, (RowKind.EXPIRED, *MARKS)))
_FAR = 0xFFFF


class Exchanges:
    """The exchanges among the rows of a store, determined once for each row, in order.

    An exchange is a request, its retries and the answer. `catch_up` processes new rows, which take 7 bytes each;
    `settle` ends requests that have waited too long.
    """

    def __init__(self, store: TrafficStore) -> None:
        self._store = store
        self._first = store.first
        # The number of rows since the exchange began; a row after 65535 or more counts as a beginning.
        self._back = array("H")
        self._marks = array("B")
        self._answers = array("f")
        self._open: dict[int, int] = {}
        """The request that waits for its answer, by side and link."""
        self._missed: dict[int, int] = {}
        """The last request, if it got no answer, by side and link."""
        self._silent = array("Q")
        self._waited = array("f")

    @property
    def stop(self) -> int:
        """The index of the first row that has not been processed."""
        return self._first + len(self._marks)

    def catch_up(self, stop: int) -> list[int]:
        """Process the rows up to `stop` - 1; return the requests that have turned out to have no answer.

        Those may be rows processed by an earlier call.
        """
        self._forget()
        columns = self._store.columns(self.stop, stop)
        facts_of, ends = memoryview(columns.facts).cast("I"), memoryview(columns.at).cast("d")
        back, marks, answers, unanswered = self._back, self._marks, self._answers, self._open
        found: list[int] = []
        for index, facts, code in zip(range(columns.first, columns.stop), facts_of, columns.types, strict=True):
            key = facts >> 22 << 1 | facts >> 16 & 1
            start, mark, answer = index, 0, math.nan
            if facts >> 16 & 3 not in _ASKING:
                # An answer that was too late to be sent does not count; damaged bytes count as an answer.
                waiting = unanswered.get(key)
                if waiting is not None:
                    start = self.start(waiting)
                    if facts >> 18 & 0xF not in _NOT_SENT:
                        del unanswered[key]
                        answer = ends[index - columns.first] - self._store.took(index) - self._store.at(waiting)
                        if answer < 0:
                            # Adapters report bytes late, so that it may seem to have begun before the request ended.
                            answer = 0.0
            elif _IS_REQUEST[code] and facts >> 18 & 0xF == _TELEGRAM:
                waiting = unanswered.pop(key, None)
                if waiting is not None:
                    found.append(self._give_up(waiting, key, self._store.at(index)))
                missed = self._missed.pop(key, None)
                if missed is not None and missed >= self._first and self._store.data(missed) == self._store.data(index):
                    start, mark = self.start(missed), RETRY
                if self._expects_answer(facts, index):
                    unanswered[key] = index
            back.append(index - start if index - start < _FAR else 0)
            marks.append(mark)
            answers.append(answer)
        return found

    def settle(self, now: float) -> list[int]:
        """Give up the requests that have waited longer than `ANSWER_TIMEOUT` at `now`, and return them."""
        late = [
            (key, index)
            for key, index in self._open.items()
            if now - self._store.at(index) > ANSWER_TIMEOUT[Side(key & 1)]
        ]
        for key, _ in late:
            del self._open[key]
        return [self._give_up(index, key, now) for key, index in late]

    def start(self, index: int) -> int:
        """Return the index of the first row of a row's exchange; its own if it belongs to none."""
        return index - self._back[index - self._first]

    def mark(self, index: int) -> int:
        """Return the marks of a row, `RETRY` and `SILENT`."""
        return self._marks[index - self._first]

    def marks(self, first: int, stop: int) -> bytes:
        """Return the marks of rows that have been processed, one byte each."""
        return self._marks[first - self._first : stop - self._first].tobytes()

    def answer(self, index: int) -> float | None:
        """Return the seconds from the end of the request to the first bit of an answer.

        None for a row that is not the first answer to a request, and if the beginning of an answer is not known.
        """
        answer = self._answers[index - self._first]
        return None if answer != answer else answer

    def answers(self, first: int, stop: int) -> bytes:
        """Return `answer` of rows that have been processed, as 4-byte floating-point numbers, NaN for None."""
        return self._answers[first - self._first : stop - self._first].tobytes()

    def backs(self, first: int, stop: int) -> bytes:
        """Return the rows between each row and the `start` of its exchange, 2 bytes each."""
        return self._back[first - self._first : stop - self._first].tobytes()

    def waited(self, index: int) -> float:
        """Return the seconds after which a request counted as not answered; only for rows marked `SILENT`."""
        return self._waited[bisect_left(self._silent, index)]

    def silent(self, first: int, stop: int) -> list[int]:
        """Return the indices of the rows marked `SILENT` in a range, ascending."""
        return list(self._silent[bisect_left(self._silent, first) : bisect_left(self._silent, stop)])

    # Internal methods

    def _forget(self) -> None:
        """Forget the rows that the store has dropped; some of them may not have been processed yet."""
        dropped = self._store.first - self._first
        if dropped <= 0:
            return
        del self._back[:dropped], self._marks[:dropped], self._answers[:dropped]
        self._first = self._store.first
        passed = bisect_left(self._silent, self._first)
        del self._silent[:passed], self._waited[:passed]
        self._open = {key: index for key, index in self._open.items() if index >= self._first}

    def _give_up(self, index: int, key: int, now: float) -> int:
        self._marks[index - self._first] |= SILENT
        at = bisect_left(self._silent, index)
        self._silent.insert(at, index)
        self._waited.insert(at, now - self._store.at(index))
        self._missed[key] = index
        return index

    def _expects_answer(self, facts: int, index: int) -> bool:
        if facts >> 16 & 1 == Side.MBUS:
            return facts & 0xFFFF != ADDRESS_BROADCAST
        # A sign-off gets no answer (IEC 62056-21 6.3.6, B0).
        return self._store.data(index)[:3] != b"\x01B0"
