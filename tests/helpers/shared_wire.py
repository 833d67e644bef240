"""Several slaves on one pair of wires."""

from __future__ import annotations

from cmi_gui.engine.clock import Timer, VirtualClock
from cmi_gui.engine.link_protocol import Cap, Link, LinkError, LinkSink
from cmi_gui.engine.machine import Line, LineEvent, LinkState, SendOutcome


class SharedWire:
    """Two slaves on one pair of wires, as a `Link` for the master: a space of either wins, bit by bit."""

    caps: frozenset[Cap] = frozenset()
    url = "sim:shared"

    def __init__(self, clock: VirtualClock, ends: list[Link]) -> None:
        self._clock = clock
        self._ends = ends
        self._sink: LinkSink | None = None
        self._together: list[bytes] = []
        self._timer: Timer | None = None

    def open(self, sink: LinkSink) -> None:
        self._sink = sink
        for end in self._ends:
            end.open(self)
        sink.state(LinkState.OPEN, None)

    def send(self, token: int, data: bytes, not_before: float, not_after: float) -> None:
        for number, end in enumerate(self._ends):
            end.send(token if number == 0 else -token, data, not_before, not_after)

    def set_line(self, token: int, line: Line) -> None:
        self._clock.call_at(self._clock.now(), lambda: self.done(token, SendOutcome.SENT, self._clock.now()))

    def send_break(self, token: int, seconds: float) -> None:
        raise AssertionError("nobody sends a break here")

    def abort(self) -> None:
        for end in self._ends:
            end.abort()

    def delivered(self) -> None:
        pass

    def close(self) -> None:
        for end in self._ends:
            end.close()

    def received(self, data: bytes, last_byte_at: float) -> None:
        self._together.append(data)
        if self._timer is None:
            self._timer = self._clock.call_at(last_byte_at + 0.001, self._merge)

    def _merge(self) -> None:
        self._timer = None
        parts, self._together = self._together, []
        size = max(map(len, parts))
        merged = bytearray(b"\xff" * size)
        for part in parts:
            for index, byte in enumerate(part):
                merged[index] &= byte
        assert self._sink is not None
        self._sink.received(bytes(merged), self._clock.now())

    def line_event(self, kind: LineEvent, at: float) -> None:
        raise AssertionError("no line events on this wire")

    def done(self, token: int, outcome: SendOutcome, at: float) -> None:
        if token > 0 and self._sink is not None:
            self._sink.done(token, outcome, at)

    def state(self, state: LinkState, cause: LinkError | None) -> None:
        pass
