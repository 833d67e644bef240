"""A listener on a wire in memory, and what was recorded."""

from __future__ import annotations

from pathlib import Path

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.driver import Driver
from cmi_gui.engine.link.memory import MemoryLink
from cmi_gui.engine.link_protocol import Cap, Link, LinkError, LinkSink
from cmi_gui.engine.machine import Line, LineEvent, LinkState, Listener, SendOutcome
from cmi_gui.engine.traffic.capture_reading import Capture, CaptureReader
from cmi_gui.engine.traffic.masking import MbusMask
from cmi_gui.engine.traffic.recorder import BusListenerRecorder, MeterListenerRecorder
from cmi_gui.engine.traffic.store import LISTENER_PREFIX, TrafficRow, TrafficStore


class TapLink:
    """A `Link` that only receives. `line`: its speed; None: it is transparent, like TCP."""

    url = "sim:tap"

    def __init__(self, clock: VirtualClock, line: Line | None) -> None:
        self._clock = clock
        self.line = line
        self._sink: LinkSink | None = None
        self.lines: list[Line] = []
        """Every line that was set, in order."""

    @property
    def caps(self) -> frozenset[Cap]:
        return frozenset() if self.line is None else frozenset({Cap.BAUD, Cap.PARITY, Cap.LINE_ERRORS})

    def open(self, sink: LinkSink) -> None:
        self._sink = sink
        sink.state(LinkState.OPEN, None)

    def send(self, token: int, data: bytes, not_before: float, not_after: float) -> None:
        raise AssertionError("a listener has sent something")

    def send_break(self, token: int, seconds: float) -> None:
        raise AssertionError("a listener has sent a break")

    def set_line(self, token: int, line: Line) -> None:
        self.lines.append(line)
        if self.line is not None:
            self.line = line
        self._clock.call_at(self._clock.now(), lambda: self._done(token))

    def _done(self, token: int) -> None:
        if self._sink is not None:
            self._sink.done(token, SendOutcome.SENT, self._clock.now())

    def abort(self) -> None:
        raise AssertionError("a listener has nothing to abort")

    def delivered(self) -> None:
        raise AssertionError("a listener has nothing to deliver")

    def close(self) -> None:
        self._sink = None

    def lose(self) -> None:
        """Simulate that the link is unplugged."""
        assert self._sink is not None
        self._sink.state(LinkState.WAITING, LinkError("unplugged", "it was unplugged"))

    def come_back(self) -> None:
        """Simulate that the link is plugged in again."""
        assert self._sink is not None
        self._sink.state(LinkState.OPEN, None)

    def receive(self, line: Line | None, data: bytes, at: float) -> None:
        """Receive characters that were sent at `line`."""
        if self._sink is None:
            return
        if self.line is None or line is None or self.line == line:
            self._sink.received(data, at)
        else:
            for _ in data:
                self._sink.line_event(LineEvent.FRAMING, at)


def tap(tap_link: TapLink, wire: Link) -> None:
    """Let `tap_link` receive what both ends of a pair in memory send."""
    assert isinstance(wire, MemoryLink)
    assert wire._peer is not None
    for end in (wire, wire._peer):
        _tap_end(tap_link, end)


def _tap_end(tap_link: TapLink, end: MemoryLink) -> None:
    send = end._transmit

    def transmit(data: bytes, at: float) -> None:
        tap_link.receive(end.line, data, at)
        send(data, at)

    end._transmit = transmit  # type: ignore[method-assign]


class TapListener:
    """A listener on an `TapLink`, with its rows and its other events."""

    def __init__(
        self,
        clock: VirtualClock,
        tap_link: TapLink,
        machine: Listener,
        make: type[BusListenerRecorder | MeterListenerRecorder],
        *more: object,
    ) -> None:
        self.store = TrafficStore()
        self.machine = machine
        self.tap_link = tap_link
        self.events: list[object] = []
        self.recorder = make(self.store, lambda: LISTENER_PREFIX + tap_link.url, lambda index, at: None, *more)  # type: ignore[arg-type]
        self.driver = Driver(machine, tap_link, clock, self._on_event, on_state=self._state)
        self.driver.open()

    def _on_event(self, event: object) -> None:
        if hasattr(event, "midway"):
            self.recorder.record(event)  # type: ignore[arg-type]
        else:
            self.events.append(event)

    def _state(self, state: LinkState, cause: LinkError | None) -> None:
        self.driver.run(self.machine.opened if state is LinkState.OPEN else self.machine.lost)

    @property
    def rows(self) -> list[TrafficRow]:
        return rows_of(self.store)


def rows_of(store: TrafficStore, first: int = 0) -> list[TrafficRow]:
    return [store.row(index) for index in range(max(first, store.first), len(store))]


def read_capture(path: Path, mask: MbusMask, *, max_bytes: int | None = None) -> Capture:
    """Read a complete capture; for arguments and errors see `CaptureReader`."""
    reader = CaptureReader(path, mask, max_bytes)
    while reader.step():
        pass
    return reader.capture
