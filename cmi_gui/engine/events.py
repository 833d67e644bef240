"""The events of the engine as frozen structs, the hub that stamps them, and bounded subscriptions."""

from __future__ import annotations

import math
import time
from bisect import bisect_right
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Literal

import msgspec

from cmi_gui.engine.clock import Clock, local_time
from cmi_gui.engine.messages import Message
from cmi_gui.engine.module_state import DisconnectorState, ModuleState

Side = Literal["mbus", "meter", "meter_port"]
"""The use of a link: to masters, from the module to its meter, or from reading devices to the simulated meter."""


class Event(msgspec.Struct, frozen=True):
    """The base of all events."""


class LinkChanged(Event, frozen=True):
    """A link opened, closed, failed or is retrying. `state` is a `LinkState` value; `code` and `message`: the reason.

    `listens`: whether the program only listens on this link and never sends.
    """

    side: Side
    url: str
    state: str
    code: str | None = None
    message: Message | None = None
    listens: bool = False


class TrafficAdded(Event, frozen=True):
    """A telegram or message was sent or received; `index` is its place in the station's traffic store."""

    index: int


class PowerChanged(Event, frozen=True):
    """The bus voltage changed; `volts`: in V DC; `powered`: whether it is high enough for the module."""

    volts: float
    powered: bool


class ReadoutStarted(Event, frozen=True):
    """The module began to read the meter; `expected` is the number of lines of the last readout, or None."""

    expected: int | None


class ReadoutDone(Event, frozen=True):
    """A readout is complete: its data lines, verbatim, in meter order."""

    lines: tuple[str, ...]
    identification: str
    seconds: float


class ReadoutFailed(Event, frozen=True):
    """A readout failed: `cause` is a code (silence, garbage, bad_bcc, ...), `attempt` counts failures in a row."""

    cause: str
    message: Message
    attempt: int


class ContactChanged(Event, frozen=True):
    """Contact with the meter was found or lost."""

    contact: bool


class InputsChanged(Event, frozen=True):
    """The levels of the rate inputs changed, as the module sees them."""

    a: bool
    b: bool


class SettingChanged(Event, frozen=True):
    """A setting of the module changed; secrets are shown as `**`."""

    name: str
    value: str


class ActionStarted(Event, frozen=True):
    """The module began an action at the meter: `action` is disconnector, rate or display; `value` its argument."""

    action: str
    value: str


class ActionFinished(Event, frozen=True):
    """The action of `ActionStarted` ended: `outcome` is an `ActionOutcome` value, `message` describes it.

    `password`: the one that was sent to the meter (`none`, `P1`, `P2`). `locked_for`: seconds for which the meter
    refuses everything because of it; 0 if it is not locked.
    """

    action: str
    value: str
    outcome: str
    message: Message
    password: str = "none"  # noqa: S105 - which one, not what it is
    locked_for: float = 0.0


class DisconnectorChanged(Event, frozen=True):
    """The disconnector is open, closed, moving or unknown from now on."""

    state: DisconnectorState


class RateErrorChanged(Event, frozen=True):
    """The rate error began (`error` is a `RateError` value) or ended (None)."""

    error: str | None


class Notice(Event, frozen=True):
    """A notice for the user, in one sentence; `code` is stable, for scripts and translation."""

    level: Literal["info", "warning", "error"]
    code: str
    message: Message


class ModuleChanged(Event, frozen=True):
    """The module's state differs from the one last reported."""

    state: ModuleState


class FaultHappened(Event, frozen=True):
    """A fault of the wire happened to an answer: `fault` is its rule, as text; `at`: when the module answered."""

    module: str
    fault: str
    at: float


class Dropped(Event, frozen=True):
    """A subscription was not drained in time: `count` events before this one were dropped."""

    count: int


class Stamped(msgspec.Struct, frozen=True):
    """An event with its place in the stream; an `Anchor` adds wall time.

    `seq`: 1, 2, 3, ... over the life of a `Hub`. `at`: seconds of the engine's monotonic clock. `source`: `module`,
    `station`, or a link's URL.
    """

    seq: int
    at: float
    source: str
    event: Event


_SLEPT = 60.0
"""Seconds by which the system clock must be ahead to count as sleep; less is a correction of that clock."""


class Anchor:
    """The conversion of monotonic seconds into wall time, fixed when made: events do not jump with the system clock.

    Sleep of the computer is the exception: on Linux and macOS monotonic time stops meanwhile. `follow` then sets a new
    offset for later events; the time of earlier ones does not change. A system clock that is set back is not followed.
    """

    def __init__(self, clock: Clock, wall: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._wall = wall
        # The monotonic times from which each offset applies.
        self._since = [-math.inf]
        self._offsets = [wall() - clock.now()]

    def follow(self, since: float) -> float | None:
        """Set a new offset from `since` on if the computer has slept; return the wall time when it fell asleep."""
        offset = self._wall() - self._clock.now()
        if offset - self._offsets[-1] <= _SLEPT or since < self._since[-1]:
            return None
        asleep = since + self._offsets[-1]
        # In this order, because another thread may look up an offset by its start time meanwhile.
        self._offsets.append(offset)
        self._since.append(since)
        return asleep

    def wall(self, at: float) -> float:
        """Return the wall time of `at` in seconds since the epoch, UTC."""
        return at + self._offsets[bisect_right(self._since, at) - 1]

    def local(self, at: float) -> datetime:
        """Return the local time of `at`, with its UTC offset."""
        return local_time(self.wall(at))


class Subscription:
    """A bounded queue of events; when it is full the oldest are dropped and counted in a `Dropped` event."""

    def __init__(self, limit: int, wake: Callable[[], object] | None, cancel: Callable[[Subscription], None]) -> None:
        self._events: deque[Stamped] = deque()
        self._limit = limit
        self._dropped = 0
        self._wake = wake
        self._cancel = cancel

    def _put(self, event: Stamped) -> None:
        if len(self._events) >= self._limit:
            self._events.popleft()
            self._dropped += 1
        self._events.append(event)
        if self._wake is not None:
            self._wake()

    def drain(self) -> list[Stamped]:
        """Return all events since the last call, oldest first."""
        events = list(self._events)
        self._events.clear()
        if self._dropped:
            first = events[0]
            events.insert(0, Stamped(first.seq - 1, first.at, "station", Dropped(self._dropped)))
            self._dropped = 0
        return events

    def close(self) -> None:
        """Stop delivering events."""
        self._cancel(self)
        self._events.clear()


class Hub:
    """The distributor of events: it numbers and stamps them and puts them into every subscription."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seq = 0
        self.subscriptions: list[Subscription] = []

    def subscribe(self, limit: int = 10_000, wake: Callable[[], object] | None = None) -> Subscription:
        """Return a new subscription of at most `limit` waiting events; `wake`, if given, is called after each."""
        subscription = Subscription(limit, wake, self.subscriptions.remove)
        self.subscriptions.append(subscription)
        return subscription

    def emit(self, event: Event, source: str, at: float | None = None) -> None:
        """Stamp an event and put it into every subscription; `at`: monotonic seconds, now by default."""
        self._seq += 1
        if not self.subscriptions:
            return
        stamped = Stamped(self._seq, self._clock.now() if at is None else at, source, event)
        for subscription in tuple(self.subscriptions):
            subscription._put(stamped)
