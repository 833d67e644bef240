"""Traffic of outside masters, from the traffic store: calls, damaged pieces and clashes.

Only rows that are new since the last update are read, and of those at most `ROWS_AT_ONCE`, so that an update stays
cheap under any load.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from cmi_gui.engine.mbus.ci import CI_SELECT
from cmi_gui.engine.mbus.frame import ADDRESS_BROADCAST, ADDRESS_SELECTED, ADDRESS_TEST, FCB, PRM, REQ_UD2
from cmi_gui.engine.mbus.slave import REPEAT_WITHIN
from cmi_gui.engine.traffic.store import MARKS, Direction, RowKind, Side, TrafficRow, TrafficStore
from cmi_gui.engine.traffic.telegram_type import control_of

ROWS_AT_ONCE = 500
REPEATS_OF_A_CLASH = range(3, 9)
"""Repetitions in a row of an answered request that indicate a clash: masters try three times or a few more. A master
that repeats a request without end never toggles its frame count bit. Assumption."""

OFTEN_LATE = 3
"""Number of late answers from which they are not accidental. Assumption."""

_SELECT_CI, _MASK = 6, 7
_DAMAGE = frozenset(
    {RowKind.NOISE, RowKind.BAD_CHECKSUM, RowKind.BAD_LENGTH, RowKind.BAD_FRAME, RowKind.TRUNCATED, RowKind.LINE_ERROR}
)


@dataclass(frozen=True, slots=True)
class Call:
    """A master's telegram: its time, the A field, and the identification number of the selection, if any."""

    at: float
    address: int
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Clash:
    """An answered request that was repeated, so that the answers seem not to arrive whole.

    `at`: the time of the last repetition; `times`: the number of requests.
    """

    at: float
    times: int


class BusObservation:
    """The outside masters' traffic, as far as `update` has read it.

    `own_address` returns the module's present primary address, `selects` whether a selection field fits the module.
    """

    def __init__(self, store: TrafficStore, own_address: Callable[[], int], selects: Callable[[bytes], bool]) -> None:
        self.good_at: float | None = None
        """The time of the last whole telegram of a master."""
        self.damaged = 0
        """The number of damaged pieces since the last whole telegram."""
        self.damaged_at: float | None = None
        self.ours: Call | None = None
        """The last call of this module, or of all slaves."""
        self.other: Call | None = None
        """The last call of another slave."""
        self.clash: Clash | None = None
        self.other_slave: Call | None = None
        """The last answer received from another slave with this module's address."""
        self.late: deque[float] = deque(maxlen=OFTEN_LATE)
        """The times of the last answers that were too late to be sent, in order."""
        self.answered_at: float | None = None
        """The time of the last answer sent."""
        self._store = store
        self._own_address = own_address
        self._selects = selects
        self._next = 0
        self._selected: tuple[bool, str | None] = (False, None)
        self._request = b""
        self._request_at = 0.0
        self._answered = False
        self._times = 0

    def update(self, links: frozenset[str]) -> None:
        """Evaluate the new rows of the links with these names."""
        store = self._store
        first = max(self._next, store.first, len(store) - ROWS_AT_ONCE)
        if self._next > len(store):
            # The store was cleared.
            first = store.first
        for index in range(first, len(store)):
            side, direction, _ = store.facts(index)
            if side is Side.MBUS:
                row = store.row(index)
                if row.link in links:
                    self._take(row, direction)
        self._next = len(store)

    def _take(self, row: TrafficRow, direction: Direction) -> None:
        if direction is Direction.SENT:
            if row.kind is RowKind.EXPIRED:
                self.late.append(row.at)
            elif row.kind not in MARKS:
                self._answered = True
                self.answered_at = row.at
        elif row.kind in _DAMAGE:
            self.damaged += 1
            self.damaged_at = row.at
        elif row.kind is RowKind.TELEGRAM and row.address is not None:
            self._take_telegram(row, row.address)

    def _take_telegram(self, row: TrafficRow, address: int) -> None:
        control = control_of(row.data)
        if not control & PRM:
            if address == self._own_address():
                self.other_slave = Call(row.at, address)
            return
        self.good_at = row.at
        self.damaged = 0
        self._take_call(row, address)
        self._count(row, control)

    def _take_call(self, row: TrafficRow, address: int) -> None:
        number: str | None = None
        if address == ADDRESS_SELECTED:
            if len(row.data) > _MASK + 4 and row.data[_SELECT_CI] == CI_SELECT:
                mask = row.data[_MASK:-2]
                self._selected = self._selects(mask), mask[3::-1].hex().upper()
            ours, number = self._selected
            if number is None:
                # The slave may have been selected before the observation began.
                return
        else:
            ours = address in (self._own_address(), ADDRESS_TEST, ADDRESS_BROADCAST)
        call = Call(row.at, address, number)
        if ours:
            self.ours = call
        else:
            self.other = call

    def _count(self, row: TrafficRow, control: int) -> None:
        """Count how often the same request came although it was answered."""
        request = control & ~FCB & 0xFF == REQ_UD2
        again = request and self._answered and row.data == self._request and row.at - self._request_at <= REPEAT_WITHIN
        if again:
            self._times += 1
            if self._times in REPEATS_OF_A_CLASH:
                self.clash = Clash(row.at, self._times)
            elif self._times >= REPEATS_OF_A_CLASH.stop:
                self.clash = None
        else:
            if self._times == 1 and self._answered:
                # A request that needed no repetition.
                self.clash = None
            self._times = int(request)
        self._request, self._request_at, self._answered = row.data, row.at, False
