"""The events of the engine: a closed union of frozen tagged structs, stamped by a hub, and bounded subscriptions."""

from __future__ import annotations

import math
import time
from bisect import bisect_right
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Literal

import msgspec

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.messages import Message
from cmi_gui.engine.module_state import DisconnectorState, ModuleState

Side = Literal["mbus", "meter"]


class LinkChanged(msgspec.Struct, frozen=True, tag="link_changed"):
    """A link opened, closed, failed or tries again. `state` is a `LinkState` value; `code`, `message` tell why.

    `listens`: others speak there, we only listen.
    """

    side: Side
    url: str
    state: str
    code: str | None = None
    message: Message | None = None
    listens: bool = False


class TrafficAdded(msgspec.Struct, frozen=True, tag="traffic_added"):
    """A telegram or message went over a wire; it stands at `index` in the station's traffic store."""

    index: int


class PowerChanged(msgspec.Struct, frozen=True, tag="power_changed"):
    """The bus voltage (V DC) changed what the module can do."""

    volts: float
    powered: bool


class ReadoutStarted(msgspec.Struct, frozen=True, tag="readout_started"):
    """The module has begun to read the meter; `expected` is the number of lines of the last readout, or None."""

    expected: int | None


class ReadoutDone(msgspec.Struct, frozen=True, tag="readout_done"):
    """A readout is complete: its data lines, verbatim, in meter order."""

    lines: tuple[str, ...]
    identification: str
    seconds: float


class ReadoutFailed(msgspec.Struct, frozen=True, tag="readout_failed"):
    """A readout failed: `cause` is a code (silence, garbage, bad_bcc, ...), `attempt` counts failures in a row."""

    cause: str
    message: Message
    attempt: int


class ContactChanged(msgspec.Struct, frozen=True, tag="contact_changed"):
    """Contact with the meter was found or lost."""

    contact: bool


class InputsChanged(msgspec.Struct, frozen=True, tag="inputs_changed"):
    """The rate inputs' levels, as the module sees them."""

    a: bool
    b: bool


class SettingChanged(msgspec.Struct, frozen=True, tag="setting_changed"):
    """A setting of the module changed; secrets are shown as `**`."""

    name: str
    value: str


class ActionStarted(msgspec.Struct, frozen=True, tag="action_started"):
    """The module asks the meter for something: `action` is disconnector, rate or display; `value` what for."""

    action: str
    value: str


class ActionFinished(msgspec.Struct, frozen=True, tag="action_finished"):
    """The end of what `ActionStarted` began: `outcome` is an `ActionOutcome` value, `message` says it in words.

    `password`: which one the meter was shown (`none`, `P1`, `P2`). `locked_for`: seconds for which the meter refuses
    everything because of it; 0 where it did not lock.
    """

    action: str
    value: str
    outcome: str
    message: Message
    password: str = "none"  # noqa: S105 - which one, not what it is
    locked_for: float = 0.0


class DisconnectorChanged(msgspec.Struct, frozen=True, tag="disconnector_changed"):
    """The disconnector is open, closed, moving or unknown from now on."""

    state: DisconnectorState


class RateErrorChanged(msgspec.Struct, frozen=True, tag="rate_error_changed"):
    """The rate error began (`error` is a `RateError` value) or is gone (None)."""

    error: str | None


class Notice(msgspec.Struct, frozen=True, tag="notice"):
    """Something a person wants to know, in one sentence. `code` is stable, for scripts and translation."""

    level: Literal["info", "warning", "error"]
    code: str
    message: Message


class ModuleChanged(msgspec.Struct, frozen=True, tag="module_changed"):
    """The module differs from the state that was sent before."""

    state: ModuleState


class Dropped(msgspec.Struct, frozen=True, tag="dropped"):
    """A subscription was not drained in time: `count` events before this one were dropped."""

    count: int


Event = (
    ActionStarted
    | ActionFinished
    | DisconnectorChanged
    | RateErrorChanged
    | LinkChanged
    | TrafficAdded
    | PowerChanged
    | ReadoutStarted
    | ReadoutDone
    | ReadoutFailed
    | ContactChanged
    | InputsChanged
    | SettingChanged
    | Notice
    | ModuleChanged
    | Dropped
)


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
"""Seconds by which the system's clock has to be ahead before it counts as sleep: less is a correction of that clock."""


class Anchor:
    """Turns monotonic seconds into wall time; anchored when made, so that events never jump with the system's clock.

    A computer that slept is the exception: on Linux and macOS monotonic seconds stand still meanwhile. `follow` anchors
    anew, for what comes after; what came before keeps its time. A clock that is set back is not followed.
    """

    def __init__(self, clock: Clock, wall: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._wall = wall
        # From when on each offset holds, monotonic.
        self._since = [-math.inf]
        self._offsets = [wall() - clock.now()]

    def follow(self, since: float) -> float | None:
        """Anchor anew if the computer has slept; `since`: the first instant after. Gives when it fell asleep, wall."""
        offset = self._wall() - self._clock.now()
        if offset - self._offsets[-1] <= _SLEPT or since < self._since[-1]:
            return None
        asleep = since + self._offsets[-1]
        # In this order: another thread may be asking, and looks into the offsets by the instants.
        self._offsets.append(offset)
        self._since.append(since)
        return asleep

    def wall(self, at: float) -> float:
        """Seconds since the epoch, UTC."""
        return at + self._offsets[bisect_right(self._since, at) - 1]

    def local(self, at: float) -> datetime:
        """Local time, with its offset."""
        return datetime.fromtimestamp(self.wall(at)).astimezone()


class Subscription:
    """A bounded queue of events. Whoever is too slow loses the oldest and is told how many by a `Dropped`."""

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
        """All events since the last call, oldest first."""
        events = list(self._events)
        self._events.clear()
        if self._dropped:
            first = events[0]
            events.insert(0, Stamped(first.seq - 1, first.at, "station", Dropped(self._dropped)))
            self._dropped = 0
        return events

    def close(self) -> None:
        """Hear nothing more."""
        self._cancel(self)
        self._events.clear()


class Hub:
    """Numbers events, stamps them with the clock and hands them to every subscription."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seq = 0
        self.subscriptions: list[Subscription] = []

    def subscribe(self, limit: int = 10_000, wake: Callable[[], object] | None = None) -> Subscription:
        """A new subscription of at most `limit` waiting events; `wake` is called after each, if given."""
        subscription = Subscription(limit, wake, self.subscriptions.remove)
        self.subscriptions.append(subscription)
        return subscription

    def emit(self, event: Event, source: str, at: float | None = None) -> None:
        """Stamp an event and hand it out; `at` is now unless given."""
        self._seq += 1
        stamped = Stamped(self._seq, self._clock.now() if at is None else at, source, event)
        for subscription in tuple(self.subscriptions):
            subscription._put(stamped)
