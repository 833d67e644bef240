"""The driver, which runs one machine on one link with one clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from typing import Literal, Protocol

from cmi_gui.engine.clock import Alarm, Clock
from cmi_gui.engine.link_protocol import Link, LinkError, LinkNotice
from cmi_gui.engine.machine import (
    Abort,
    Delivered,
    Effects,
    LineEvent,
    LinkState,
    Machine,
    SendBreak,
    SendError,
    SendOutcome,
    SetLine,
    Write,
)


class Tap(Protocol):
    """An observer of the bytes on a link."""

    def __call__(self, direction: Literal["rx", "tx"], data: bytes, at: float) -> None:
        """Process bytes that were received (`rx`) or sent completely (`tx`); `at`: the time of their last stop bit."""


@dataclass(eq=False)
class Driver:
    """The connection of a machine to its link, its clock and the callback for its events.

    It is synchronous: the effects of each call into the machine are carried out, in order, before the next call. Calls
    made meanwhile, by the callback or by a link that answers at once, are queued. `after_events` is called once after
    all calls of `on_event` that have one cause, such as a received chunk.
    """

    machine: Machine
    link: Link
    clock: Clock
    on_event: Callable[[object], None]
    _: KW_ONLY
    on_state: Callable[[LinkState, LinkError | None], None] | None = None
    tap: Tap | None = None
    after_events: Callable[[], None] | None = None

    def __post_init__(self) -> None:
        self.link_cause: LinkError | None = None
        self._had_events = False
        self._alarm = Alarm(self.clock, self._tick)
        self._in_flight: dict[int, bytes] = {}
        self._queue: list[Callable[[], Effects]] = []
        self._running = False
        self._closed = False

    @property
    def sending(self) -> bool:
        """True while the link has bytes whose end has not been reported."""
        return bool(self._in_flight)

    def open(self) -> None:
        """Open the link and arm the machine's first deadline."""
        self._closed = False
        self.link.open(self)
        self.run(lambda: ())

    def close(self) -> None:
        """Close the link and disarm the timer; the machine is not called any more."""
        self._closed = True
        self._alarm.set(None)
        self.link.close()
        self._in_flight.clear()

    def run(self, step: Callable[[], Effects]) -> None:
        """Call `step`, such as a command of the machine, and carry out the effects that it returns."""
        self._queue.append(step)
        if self._running:
            return
        self._running = True
        try:
            while self._queue:
                for effect in self._queue.pop(0)():
                    self._perform(effect)
        finally:
            self._running = False
            self._queue.clear()
        self._alarm.set(None if self._closed else self.machine.deadline)
        if self._had_events and self.after_events is not None:
            self._had_events = False
            self.after_events()

    def _perform(self, effect: object) -> None:
        match effect:
            case Write():
                self._in_flight[effect.token] = effect.data
                self.link.send(effect.token, effect.data, effect.not_before, effect.not_after)
            case SetLine():
                self.link.set_line(effect.token, effect.line)
            case SendBreak():
                self.link.send_break(effect.token, effect.seconds)
            case SendError():
                self.link.send_error(effect.token, effect.kind, effect.not_before)
            case Abort():
                self.link.abort()
            case Delivered():
                self.link.delivered()
            case _:
                self._had_events = True
                self.on_event(effect)

    def _tick(self) -> None:
        if not self._closed:
            self.run(lambda: self.machine.tick(self.clock.now()))

    # LinkSink

    def received(self, data: bytes, last_byte_at: float) -> None:
        """Pass received bytes to the tap and the machine."""
        if self._closed:
            return
        if self.tap is not None:
            self.tap("rx", data, last_byte_at)
        self.run(lambda: self.machine.receive(data, last_byte_at))

    def line_event(self, kind: LineEvent, at: float) -> None:
        """Pass a line event to the machine."""
        if not self._closed:
            self.run(lambda: self.machine.line_event(kind, at))

    def notice(self, notice: LinkNotice) -> None:
        """Pass the notice on to the event callback."""
        if not self._closed:
            self.on_event(notice)

    def done(self, token: int, outcome: SendOutcome, at: float) -> None:
        """Pass the end of an action to the machine, and completely sent bytes to the tap."""
        if self._closed:
            return
        data = self._in_flight.pop(token, None)
        if data is not None and outcome is SendOutcome.SENT and self.tap is not None:
            self.tap("tx", data, at)
        self.run(lambda: self.machine.done(token, outcome, at))

    def state(self, state: LinkState, cause: LinkError | None) -> None:
        """Keep the cause of the link's state and report both to `on_state`."""
        self.link_cause = cause
        if state is not LinkState.OPEN:
            self._in_flight.clear()
        if self.on_state is not None:
            self.on_state(state, cause)
