"""A link in memory: two ends of a wire, with speed, breaks and virtual or real time."""

from __future__ import annotations

from collections import deque
from typing import Final

from cmi_gui.engine.clock import Clock, Timer
from cmi_gui.engine.link.kind import LinkKind, Role, shown
from cmi_gui.engine.link.pace import characters_due
from cmi_gui.engine.link.queued import Item, QueuedLink
from cmi_gui.engine.link_protocol import Cap, Link, LinkError, LinkSink
from cmi_gui.engine.machine import Line, LineEvent, LinkState, SendBreak, SendError, SendOutcome, SetLine, Write
from cmi_gui.engine.messages import Message


class MemoryLink(QueuedLink):
    """One end of a wire in memory; make two with `memory_pair`.

    With a `line` it receives only at its own speed and format: bytes sent with others arrive as a framing error. With
    `paced`, each character takes its time on the wire, so an abort stops inside a telegram; else a write arrives whole
    at the earliest time it may leave. Without a `line` an end has no speed, and `paced` no effect. Characters arrive
    alone, or in chunks of at most `chunk` seconds, with the last of them. With `any_speed` it follows the speed of the
    other end, as several slaves with different speeds need: what it sends has the speed that the other end had when it
    was handed over.
    """

    def __init__(
        self, clock: Clock, name: str, line: Line | None, paced: bool, chunk: float = 0.0, any_speed: bool = False
    ) -> None:
        self._clock = clock
        self._name = name
        self.line = line
        self.paced = paced and line is not None
        self._chunk = chunk
        self._any_speed = any_speed
        self._peer: MemoryLink | None = None
        self._sink: LinkSink | None = None
        self._queue: deque[Item] = deque()
        self._timer: Timer | None = None
        self._sent = 0
        self._begin: float | None = None
        self._break_until: float | None = None

    @property
    def caps(self) -> frozenset[Cap]:
        """The capabilities: breaks both ways; speed, parity and line errors if a line was given."""
        caps = {Cap.BREAK_TX, Cap.BREAK_RX}
        if self.line is not None:
            caps |= {Cap.BAUD, Cap.PARITY, Cap.LINE_ERRORS, Cap.ERRORS_TX}
        if self.paced:
            caps.add(Cap.TIMED)
        return frozenset(caps)

    @property
    def peer_baud(self) -> int | None:
        """The speed of the other end in bit/s if this end follows it, else None."""
        return self._peer.line.baud if self._any_speed and self._peer and self._peer.line else None

    @property
    def url(self) -> str:
        """The LINK: `sim:` and the name of this end."""
        return f"sim:{self._name}"

    def open(self, sink: LinkSink) -> None:
        """Open the link; `sink` gets its state and what is received."""
        self._sink = sink
        sink.state(LinkState.OPEN, None)

    def abort(self) -> None:
        """Drop the queue and stop inside a telegram."""
        if isinstance(item := next(iter(self._queue), None), Write) and self._begin is not None:
            self._transmit_until(item, self._begin, int((self._clock.now() - self._begin) / self._char_time))
        dropped = list(self._queue)
        self._drop()
        for item in dropped:
            self._report_done(item.token, SendOutcome.ABORTED)

    def delivered(self) -> None:
        """Do nothing: what is done on this link has arrived."""

    def close(self) -> None:
        """Close the link and drop the queue."""
        self._sink = None
        self._drop()

    # The queue: one item at a time, driven by timers, so that `done` is never called inside `send`.

    def _put(self, item: Item) -> None:
        if self._sink is None:
            return
        if self._any_speed and self._peer and isinstance(item, Write):
            self.line = self._peer.line
        self._queue.append(item)
        if self._timer is None:
            self._wake_for(item)

    def _wake_for(self, item: Item) -> None:
        """Set the timer for the beginning of an item."""
        now = self._clock.now()
        self._wake(max(now, item.not_before) if isinstance(item, Write) else now)

    def _wake(self, when: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._clock.call_at(when, self._step)

    def _drop(self) -> None:
        self._queue.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._sent = 0
        self._begin = None
        self._break_until = None

    def _step(self) -> None:
        self._timer = None
        if not self._queue:
            return
        now = self._clock.now()
        item = self._queue[0]
        match item:
            case SetLine():
                if self.line is not None and not self._any_speed:
                    self.line = item.line
                self._finish(item.token, SendOutcome.SENT)
            case SendError():
                if self._break_until is None:
                    self._break_until = max(now, item.not_before) + (self._char_time if self.paced else 0.0)
                if now < self._break_until:
                    self._wake(self._break_until)
                else:
                    if self._peer is not None:
                        self._peer._deliver_event(item.kind, now)
                    self._break_until = None
                    self._finish(item.token, SendOutcome.SENT)
            case SendBreak():
                if self._break_until is None:
                    self._break_until = now + item.seconds
                    if self._peer is not None:
                        self._peer._deliver_event(LineEvent.BREAK, now)
                if now < self._break_until:
                    self._wake(self._break_until)
                else:
                    self._break_until = None
                    self._finish(item.token, SendOutcome.SENT)
            case Write():
                self._step_send(item, now)

    @property
    def _char_time(self) -> float:
        return 0.0 if self.line is None else self.line.char_time

    def _step_send(self, item: Write, now: float) -> None:
        if self._begin is None:
            if now < item.not_before:
                self._wake(item.not_before)
                return
            if now > item.not_after:
                self._finish(item.token, SendOutcome.EXPIRED)
                return
            if not self.paced or self.line is None:
                self._transmit(item.data, now)
                self._finish(item.token, SendOutcome.SENT)
                return
            self._begin = now
        else:
            last = self._sent + self._chunk_size - 1
            due = characters_due(self._begin, now, self._char_time, last, len(item.data))
            self._transmit_until(item, self._begin, due)
            if not self._queue or self._queue[0] is not item:
                return  # the peer has aborted this write in its callback
            if due == len(item.data):
                self._finish(item.token, SendOutcome.SENT)
                return
        self._wake(self._begin + min(self._sent + self._chunk_size, len(item.data)) * self._char_time)

    @property
    def _chunk_size(self) -> int:
        return max(1, int(self._chunk / self._char_time))

    def _transmit_until(self, item: Write, begin: float, due: int) -> None:
        """Transmit those of the first `due` characters of a write that have not been transmitted yet."""
        data = item.data[self._sent : due]
        self._sent = max(self._sent, due)
        if data:
            self._transmit(data, begin + due * self._char_time)

    def _finish(self, token: int, outcome: SendOutcome) -> None:
        self._queue.popleft()
        self._sent = 0
        self._begin = None
        if self._queue:
            self._wake_for(self._queue[0])
        self._report_done(token, outcome)

    def _report_done(self, token: int, outcome: SendOutcome) -> None:
        if self._sink is not None:
            self._sink.done(token, outcome, self._clock.now())

    def _transmit(self, data: bytes, at: float) -> None:
        peer = self._peer
        if peer is None:
            return
        if self.line is not None and peer.line is not None and self.line != peer.line and not peer._any_speed:
            peer._deliver_event(LineEvent.FRAMING, at)
        else:
            peer._deliver(data, at)

    def _deliver(self, data: bytes, at: float) -> None:
        if self._sink is not None:
            self._sink.received(data, at)

    def _deliver_event(self, kind: LineEvent, at: float) -> None:
        if self._sink is not None:
            self._sink.line_event(kind, at)


def memory_pair(
    clock: Clock,
    line: Line | None = None,
    *,
    paced: bool = False,
    chunk: float = 0.0,
    any_speed: bool = False,
    names: tuple[str, str] = ("a", "b"),
) -> tuple[MemoryLink, MemoryLink]:
    """Return the two ends of one wire, both starting at `line`; None: the wire has no speed.

    `paced`, `chunk`: as for `MemoryLink`. `any_speed`: the first end follows the speed of the second.
    """
    a = MemoryLink(clock, names[0], line, paced, chunk, any_speed)
    b = MemoryLink(clock, names[1], line, paced, chunk)
    a._peer, b._peer = b, a
    return a, b


def _read(kind: LinkKind, text: str, location: str) -> dict[str, str]:
    if location:
        raise kind.error(text, Message("nothing may follow sim:, but {0} does", (shown(location),)))
    return {}


def _make(spec: object, clock: Clock, role: Role, line: Line) -> Link:
    raise LinkError("sim", Message("sim: cannot be used here; use a tcp:, serial: or pty: LINK."))


SIM: Final = LinkKind("sim", "sim:", (), _read, _make, lambda host, port, path: "", simulated=True)
"""The kind of the simulated other side; a station makes the wire to it."""
