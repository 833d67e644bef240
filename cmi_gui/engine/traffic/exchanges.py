"""Requests and their answers: which rows of traffic belong together, which are retries, and which got no answer."""

from __future__ import annotations

from array import array
from bisect import bisect_left

from cmi_gui.engine.mbus.frame import ADDRESS_BROADCAST
from cmi_gui.engine.traffic.store import Direction, RowKind, Side, TrafficStore
from cmi_gui.engine.traffic.telegram_type import HAS_ERROR, TelegramType

RETRY = 1
"""Mark: the same request as the one before it on this link, which got no answer."""
SILENT = 2
"""Mark: a request without an answer."""

ANSWER_TIMEOUT = {Side.MBUS: 15.0, Side.METER: 120.0}
"""Seconds after which a request counts as not answered although nothing else was said: at 300 bit/s an answer of 261
bytes takes 10 s to arrive, and a long readout of a meter a minute and a half."""

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
_FAR = 0xFFFF


class Exchanges:
    """The exchanges among the rows of a store, worked out once for each row, in order.

    An exchange is a request, its retries and what was answered. `catch_up` takes in rows, 3 bytes each; `settle` gives
    up on requests that have waited too long.
    """

    def __init__(self, store: TrafficStore) -> None:
        self._store = store
        self._first = store.first
        # How many rows back the exchange began; 65535 and more count as a beginning.
        self._back = array("H")
        self._marks = array("B")
        # By side and link.
        self._open: dict[int, int] = {}
        """The request that waits for its answer."""
        self._missed: dict[int, int] = {}
        """The last request, if it got no answer."""
        self._silent = array("Q")
        self._waited = array("f")

    @property
    def behind(self) -> int:
        """The index of the first row that has not been taken in."""
        return self._first + len(self._marks)

    def catch_up(self, behind: int) -> list[int]:
        """Take in the rows up to `behind` - 1. Returns the requests that are known by now to have found no answer.

        Those may be rows taken in long before.
        """
        self._forget()
        columns = self._store.columns(self.behind, behind)
        facts_of, types = memoryview(columns.facts).cast("I"), columns.types
        found: list[int] = []
        for position, index in enumerate(range(columns.first, columns.behind)):
            facts = facts_of[position]
            side, key = facts >> 16 & 1, facts >> 22 << 1 | facts >> 16 & 1
            start, mark = index, 0
            if facts >> 17 & 1 != _REQUEST_DIRECTION[Side(side)]:
                # An answer that was too late to be sent is none; damaged bytes are one, though a bad one.
                waiting = self._open.get(key)
                if waiting is not None:
                    start = self.start(waiting)
                    if facts >> 18 & 0xF != RowKind.EXPIRED:
                        del self._open[key]
            elif facts >> 18 & 0xF == RowKind.TELEGRAM and types[position] & ~HAS_ERROR in _REQUESTS:
                waiting = self._open.pop(key, None)
                if waiting is not None:
                    found.append(self._give_up(waiting, key, self._store.at(index)))
                missed = self._missed.pop(key, None)
                if missed is not None and missed >= self._first and self._store.data(missed) == self._store.data(index):
                    start, mark = self.start(missed), RETRY
                if self._expects_answer(Side(side), facts & 0xFFFF, index):
                    self._open[key] = index
            self._back.append(index - start if index - start < _FAR else 0)
            self._marks.append(mark)
        return found

    def settle(self, now: float) -> list[int]:
        """Give up on requests that wait for longer than anybody would. Returns them."""
        late = [
            (key, index)
            for key, index in self._open.items()
            if now - self._store.at(index) > ANSWER_TIMEOUT[Side(key & 1)]
        ]
        for key, _ in late:
            del self._open[key]
        return [self._give_up(index, key, now) for key, index in late]

    def start(self, index: int) -> int:
        """The row with which the exchange of a row began; the row itself where it belongs to none."""
        return index - self._back[index - self._first]

    def mark(self, index: int) -> int:
        """`RETRY` and `SILENT` of a row."""
        return self._marks[index - self._first]

    def marks(self, first: int, behind: int) -> bytes:
        """The marks of rows that have been taken in, a byte each."""
        return self._marks[first - self._first : behind - self._first].tobytes()

    def waited(self, index: int) -> float:
        """Seconds until a request was given up; for rows marked `SILENT`."""
        return self._waited[bisect_left(self._silent, index)]

    def silent(self, first: int, behind: int) -> list[int]:
        """The rows marked `SILENT`, ascending."""
        return list(self._silent[bisect_left(self._silent, first) : bisect_left(self._silent, behind)])

    # Inside

    def _forget(self) -> None:
        """Follow the store, whose oldest rows may be gone; those not taken in yet may be among them."""
        dropped = self._store.first - self._first
        if dropped <= 0:
            return
        del self._back[:dropped], self._marks[:dropped]
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

    def _expects_answer(self, side: Side, address: int, index: int) -> bool:
        if side is Side.MBUS:
            return address != ADDRESS_BROADCAST
        # A sign-off gets no answer (IEC 62056-21 6.3.6, B0).
        return self._store.data(index)[:3] != b"\x01B0"
