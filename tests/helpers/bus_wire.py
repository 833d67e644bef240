"""A bus of scripted slaves for the master of the window: foreign meters, damaged answers, a link that goes."""

from __future__ import annotations

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.link_protocol import Cap, LinkError, LinkSink
from cmi_gui.engine.machine import Line, LinkState, SendOutcome
from cmi_gui.engine.mbus.frame import REQ_UD2, SND_NKE, FrameKind, parse_frame

__all__ = ["ScriptedBus"]

_BYTE_SECONDS = 11 / 2400


class ScriptedBus:
    """A `Link` in virtual time. `slaves`: what each address says to REQ_UD2. Nobody here knows selection."""

    caps: frozenset[Cap] = frozenset()
    url = "tcp://scripted:1"

    def __init__(self, clock: VirtualClock, slaves: dict[int, bytes]) -> None:
        self.slaves = slaves
        self.asked: list[int] = []
        self.opened = 0
        self._clock = clock
        self._sink: LinkSink | None = None

    def lose(self, message: str) -> None:
        """As if the adapter were unplugged."""
        assert self._sink is not None
        self._sink.state(LinkState.WAITING, LinkError("lost", message))

    # Link

    def open(self, sink: LinkSink) -> None:
        self._sink = sink
        self.opened += 1
        sink.state(LinkState.OPEN, None)

    def send(self, token: int, data: bytes, not_before: float, not_after: float) -> None:
        at = self._clock.now() + len(data) * _BYTE_SECONDS
        self._clock.call_at(at, lambda: self._sent(token, data, at))

    def _sent(self, token: int, data: bytes, at: float) -> None:
        if self._sink is None:
            return
        frame = parse_frame(data)
        self._sink.done(token, SendOutcome.SENT, at)
        if frame.kind is not FrameKind.SHORT:
            return
        self.asked.append(frame.a)
        answer = self.slaves.get(frame.a, b"")
        if answer and frame.c == SND_NKE:
            answer = b"\xe5"
        elif frame.c & 0x4F != REQ_UD2 & 0x4F:
            return
        if answer:
            when = at + 0.02 + len(answer) * _BYTE_SECONDS
            self._clock.call_at(when, lambda: self._hear(answer, when))

    def _hear(self, answer: bytes, at: float) -> None:
        if self._sink is not None:
            self._sink.received(answer, at)

    def set_line(self, token: int, line: Line) -> None:
        self._clock.call_at(self._clock.now(), lambda: self._done(token))

    def _done(self, token: int) -> None:
        if self._sink is not None:
            self._sink.done(token, SendOutcome.SENT, self._clock.now())

    def send_break(self, token: int, seconds: float) -> None:
        raise AssertionError("nobody sends a break here")

    def abort(self) -> None:
        pass

    def delivered(self) -> None:
        pass

    def close(self) -> None:
        self._sink = None
