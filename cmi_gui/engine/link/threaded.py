"""Links over the operating system: a reader and a writer thread around a `Port`.

The writer thread determines the reply time: it waits on a condition until `not_before`. Under qasync, timers of the
event loop fire early as well as late; a condition never lets a telegram leave early. Everything that the threads report
goes to the engine's thread by `Clock.post`, so a sink needs no lock.
"""

from __future__ import annotations

import math
import threading
import time
from abc import abstractmethod
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.link.arrival import Arrival
from cmi_gui.engine.link.pace import characters_due
from cmi_gui.engine.link.port import STALL_SECONDS, Port, PortItem
from cmi_gui.engine.link.queued import Item, QueuedLink
from cmi_gui.engine.link.soft_parity import SoftParityPort, carrier
from cmi_gui.engine.link_protocol import Cap, LinkError, LinkSink
from cmi_gui.engine.machine import Line, LineEvent, LinkState, SendBreak, SendError, SendOutcome, SetLine, Write
from cmi_gui.engine.messages import Message, quoted

BACK_OFF_SECONDS: Final = (1.0, 2.0, 5.0, 10.0)
"""The waits in seconds before the attempts of a link that reopens by itself; the last one repeats."""

JOIN_SECONDS: Final = 2.0
"""The longest time that `close` waits for the threads."""

OPENING_SECONDS: Final = 0.3
"""The longest time that `close` waits while the port is being opened. A name look-up, which cannot be interrupted, may
take longer, as may pyserial's connecting to an RFC 2217 port (up to 8 s); the thread then ends by itself and reports
nothing."""

WAKE_SECONDS: Final = 0.00015
"""The time by which a wait for the beginning of a write ends early: a thread wakes up about 0.1 ms late."""

SPEED_CHANGE_SECONDS: Final = 0.5
"""The longest time for which the first write at a new speed waits for a peer that still has another speed.

A pseudo-terminal delivers a request at once, while the peer that sent it may wait for its time on the wire (0.2 s for
an option select at 300 bit/s) before it changes its speed."""

SLICE_BYTES: Final = 320
"""The maximum number of bytes delivered in one call, so that other calls run in between; the longest telegram has
261."""


_SPEED_POLL_SECONDS: Final = 0.005
"""The interval of looking at the peer's speed meanwhile."""


class ThreadedLink(QueuedLink):
    """A `Link` over a port of the operating system.

    `line` is the speed and format at every `open`. With `paced`, each character takes its time and leaves at the end of
    it, so an abort stops inside a telegram. With an empty `back_off` a failure is final (FAILED), else the link always
    tries again (WAITING); the waits start from the first again after a connection that outlasted the longest wait, and
    a wait ends at once when the device appears (`find_device`). With `software_framing`, seven bits and parity are
    carried in eight bits (`SoftParityPort`).

    While the link opens for the first time, writes are queued; while it is WAITING or FAILED, they are aborted at once,
    so that nothing stale leaves when the link is open again; a change of the line settings then applies to the next
    connection. The clock must be one of real time (`LoopClock`).
    """

    def __init__(
        self,
        clock: Clock,
        url: str,
        line: Line,
        *,
        caps: frozenset[Cap] = frozenset(),
        paced: bool = False,
        back_off: tuple[float, ...] = (),
        software_framing: bool = False,
    ) -> None:
        self._clock = clock
        self._requested_url = self._url = url
        self._line = line
        self._own_caps = self._caps = caps
        self._software_framing = software_framing
        self.paced = paced
        self.back_off = back_off
        self._session: _Session | None = None

    @abstractmethod
    def open_port(self, line: Line, stopping: threading.Event) -> Port:
        """Open the stream, on the reader thread; give up when `stopping` is set.

        Raises LinkError; an OSError is turned into one by the link.
        """

    any_speed = False
    """True if bytes also pass to and from a peer that has set another speed, see `Port.peer_baud`."""
    peer_baud: int | None = None
    """The peer's speed in bit/s as the port reported it when something was last received."""
    watch_seconds: float | None = None
    """The interval of the checks of `find_device` while waiting; None: it is not used."""

    def find_device(self) -> object:
        """Return what identifies the device that can be opened now, or None; called often, on the reader thread.

        When it changes while the link waits, the link tries to open at once.
        """
        return None

    def connect(self, line: Line, stopping: threading.Event) -> Port:
        """Open the stream with the settings `line`; raises as `open_port` does, and LinkError as `carrier` does."""
        if self._software_framing:
            return SoftParityPort(self.open_port(carrier(line), stopping), line)
        return self.open_port(line, stopping)

    @property
    def caps(self) -> frozenset[Cap]:
        """The capabilities of the link beyond carrying bytes."""
        return self._caps

    @property
    def url(self) -> str:
        """The link as a LINK, once open with the port or path really in use."""
        return self._url

    def open(self, sink: LinkSink) -> None:
        """Start opening the link; `sink.state` reports the state soon after."""
        if self._session is None:
            self._session = _Session(self, sink, self._line)
            self._session.start()

    def abort(self) -> None:
        """Drop the queue and stop inside a telegram."""
        if self._session is not None:
            self._session.abort()

    def delivered(self) -> None:
        """End a write that only waits for the end of its time on the wire."""
        if self._session is not None:
            self._session.delivered()

    def close(self) -> None:
        """Close the link; return within `JOIN_SECONDS`, usually at once (`OPENING_SECONDS` while it opens)."""
        session, self._session = self._session, None
        if session is not None:
            session.stop()

    def _put(self, item: Item) -> None:
        if self._session is not None:
            self._session.put(item)

    def post(self, session: _Session, call: Callable[[], object]) -> None:
        """Have `call` run on the engine's thread, unless the session is over by then."""
        self._clock.post(lambda: call() if self._session is session else None)

    def on_opened(self, session: _Session, port: Port) -> None:
        """Report that the session has a port; runs on the engine's thread."""
        self._url = port.url
        timed = {Cap.TIMED} if port.timed or self.paced else frozenset()
        self._caps = self._own_caps | timed | _caps_of(port.reported_events)
        session.sink.state(LinkState.OPEN, None)

    def on_lost(self, session: _Session, cause: LinkError) -> None:
        """Report that the session has no port and will try again; runs on the engine's thread."""
        self._url = self._requested_url
        session.sink.state(LinkState.WAITING, cause)


class _Session:
    """The two threads from `open` to `close` and the data they share, guarded by one condition."""

    def __init__(self, link: ThreadedLink, sink: LinkSink, line: Line) -> None:
        self.sink = sink
        self._link = link
        self._line = line
        self._changed = threading.Condition()
        # Apart from the others, so that what has been delivered does not wake the writer.
        self._taken = threading.Condition()
        self._stopping = threading.Event()
        # Each item has the number of the peer that it answers, because another may send before the item leaves.
        self._queue: deque[tuple[Item, int]] = deque()
        self._peer = 0
        self._accepting = True
        self._port: Port | None = None
        self._writing = False
        self._aborts = 0
        self._deliveries = 0
        self._write_error: LinkError | None = None
        self._speed_changed = False
        self._undelivered = 0
        # What the writer is handing over, from before its last bytes until it is reported; None: nothing.
        self._handing_over: object | None = None
        self._last_begin = -math.inf  # when the last write was handed over
        self._last_end = -math.inf  # and the time of its last stop bit, as far as known
        self._threads = [
            threading.Thread(target=run, name=f"{link.url} {what}", daemon=True)
            for run, what in ((self._run_reader, "reader"), (self._run_writer, "writer"))
        ]

    # Called on the engine's thread.

    def start(self) -> None:
        self._report_state(LinkState.OPENING)
        for thread in self._threads:
            thread.start()

    def put(self, item: Item) -> None:
        with self._changed:
            if self._accepting:
                self._queue.append((item, self._peer))
                self._changed.notify_all()
                return
            if isinstance(item, SetLine):
                self._line = item.line
        self._report_done(
            item.token, SendOutcome.SENT if isinstance(item, SetLine) else SendOutcome.ABORTED, time.perf_counter()
        )

    def abort(self) -> None:
        with self._changed:
            self._drop_queue()

    def delivered(self) -> None:
        with self._changed:
            self._deliveries += 1
            self._changed.notify_all()

    def stop(self) -> None:
        with self._changed:
            self._stopping.set()
            self._queue.clear()
            self._changed.notify_all()
            if self._port is not None:
                self._port.wake()
            with self._taken:
                self._taken.notify_all()
            until = time.perf_counter() + (OPENING_SECONDS if self._port is None else JOIN_SECONDS)
        for thread in self._threads:
            thread.join(max(0.0, until - time.perf_counter()))

    # Reports to the engine's thread.

    def _report_state(self, state: LinkState, cause: LinkError | None = None) -> None:
        self._link.post(self, lambda: self.sink.state(state, cause))

    def _report_done(self, token: int, outcome: SendOutcome, at: float) -> None:
        self._link.post(self, lambda: self.sink.done(token, outcome, at))

    def _post_received(self, port: Port, received: list[PortItem], at: float) -> None:
        with self._taken:
            while self._undelivered >= port.max_pending and not self._stopping.is_set():
                self._taken.wait()
            self._undelivered += sum(map(_size, received))
        for item in received:
            for begin in range(0, _size(item), SLICE_BYTES):
                piece = item[begin : begin + SLICE_BYTES] if isinstance(item, bytes) else item
                self._link.post(self, partial(self._deliver, piece, at))

    def _deliver(self, item: PortItem, at: float) -> None:
        with self._taken:
            self._undelivered -= _size(item)
            self._taken.notify_all()
        if self._stopping.is_set():
            return  # the sink has closed the link meanwhile
        if isinstance(item, bytes):
            self.sink.received(item, at)
        elif isinstance(item, LineEvent):
            self._peer += item is LineEvent.PEER
            self.sink.line_event(item, at)
        else:
            self.sink.notice(item)

    def _drop_queue(self) -> None:
        """Abort what is queued and under way; the condition is held."""
        self._aborts += 1
        dropped = list(self._queue)
        self._queue.clear()
        self._changed.notify_all()
        now = time.perf_counter()
        for item, _ in dropped:
            self._report_done(item.token, SendOutcome.ABORTED, now)

    # The reader thread: it owns the port from opening to closing.

    def _run_reader(self) -> None:
        back_off, failures = self._link.back_off, 0
        reported: Message | None = None
        while not self._stopping.is_set():
            opened_at: float | None = None
            # Looked up before the attempt, so that a device that appears meanwhile is noticed.
            device = self._link.find_device() if self._link.watch_seconds else None
            try:
                port = self._link.connect(self._line, self._stopping)
                opened_at = time.perf_counter()
                reported = None
                cause = self._serve(port)
            except Exception as error:
                # Drivers and pyserial raise any exception; if it ended this thread, the link would hang.
                cause = _as_link_error(self._link.url, error)
            if self._stopping.is_set():
                return
            if opened_at is not None and back_off and time.perf_counter() - opened_at > back_off[-1]:
                failures = 0
            with self._changed:
                self._accepting = False
                self._drop_queue()
            if not back_off:
                self._report_state(LinkState.FAILED, cause)
                return
            if reported != cause.message:
                reported = cause.message
                self._link.post(self, partial(self._link.on_lost, self, cause))
            appeared = self._wait(back_off[min(failures, len(back_off) - 1)], device)
            failures = 0 if appeared else failures + 1

    def _wait(self, seconds: float, device: object) -> bool:
        """Wait before the next attempt; return whether it ended early because another device appeared."""
        every = self._link.watch_seconds
        if every is None:
            self._stopping.wait(seconds)
            return False
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0 and not self._stopping.wait(min(every, left)):
            previous, device = device, self._link.find_device()
            if device is not None and device != previous:
                return True
        return False

    def _serve(self, port: Port) -> LinkError:
        """Read until the port is lost or the session is over; return the cause."""
        with self._changed:
            self._port = port
            self._write_error = None
            self._accepting = True
            self._changed.notify_all()
            if self._stopping.is_set():  # `stop` was called before this port was known
                port.wake()
        self._link.post(self, lambda: self._link.on_opened(self, port))
        arrival = Arrival(time.perf_counter())
        try:
            while not self._stopping.is_set() and self._write_error is None:
                received = port.read()
                at = arrival.read(port.waited_until or time.perf_counter(), bool(received))
                if received:
                    items = self._at_own_speed(port, received)
                    self._await_report()
                    # It may be the echo of the last write, so it cannot be older than that.
                    self._post_received(port, items, max(at, self._last_begin))
            cause = self._write_error or LinkError("closed", Message("{0} is closed.", (port.url,)))
        except Exception as error:
            cause = _as_link_error(port.url, error)
        with self._changed:
            self._port = None
            self._accepting = False
            self._drop_queue()
            port.wake()
            while self._writing:
                self._changed.wait()
        port.close()
        return cause

    def _await_report(self) -> None:
        """Wait until a write that is just being handed over is reported, or was not taken whole.

        A fast peer answers before the writer thread has reported the end of the write; a half-duplex receiver would
        ignore an answer that it receives before that report.
        """
        with self._changed:
            handing_over = self._handing_over
            while handing_over is not None and self._handing_over is handing_over and not self._stopping.is_set():
                self._changed.wait()

    def _at_own_speed(self, port: Port, received: Sequence[PortItem]) -> list[PortItem]:
        baud = self._link.peer_baud = port.peer_baud()
        if self._is_noise(baud):
            return [LineEvent.FRAMING if isinstance(item, bytes) else item for item in received]
        return list(received)

    def _is_noise(self, peer_baud: int | None) -> bool:
        """Return whether bytes between the link and a peer at this speed arrive as noise."""
        return peer_baud not in (None, self._line.baud) and not self._link.any_speed

    # The writer thread: one item of the queue after the other.

    def _run_writer(self) -> None:
        while True:
            with self._changed:
                while not self._stopping.is_set() and not (self._queue and self._port):
                    self._changed.wait()
                if self._stopping.is_set() or self._port is None:
                    return
                port, (item, peer), aborts = self._port, self._queue.popleft(), self._aborts
                self._writing = True
            outcome, at = SendOutcome.ABORTED, None
            try:
                port.select_peer(peer)
                outcome, at = self._perform(port, item, aborts)
            except Exception as error:
                self._write_error = _as_link_error(port.url, error)
                port.wake()
            self._report_done(item.token, outcome, time.perf_counter() if at is None else at)
            with self._changed:
                self._writing = False
                self._handing_over = None
                self._changed.notify_all()

    def _perform(self, port: Port, item: Item, aborts: int) -> tuple[SendOutcome, float | None]:
        match item:
            case SetLine():
                if item.line != self._line:
                    if port.start_lag:
                        self._wait_until(self._last_end + port.start_lag, aborts)
                    port.set_line(item.line)
                    self._speed_changed |= item.line.baud != self._line.baud
                    self._line = item.line
                return SendOutcome.SENT, None
            case SendError():
                return SendOutcome.SENT, None
            case SendBreak() if Cap.BREAK_TX not in self._link.caps:
                return SendOutcome.SENT, None
            case SendBreak():
                port.set_break(True)
                try:
                    completed = self._wait_until(time.perf_counter() + item.seconds, aborts)
                finally:
                    port.set_break(False)
                return (SendOutcome.SENT if completed else SendOutcome.ABORTED), None
            case Write():
                return self._send(port, item, aborts)

    def _send(self, port: Port, item: Write, aborts: int) -> tuple[SendOutcome, float | None]:
        if not self._wait_until(item.not_before - WAKE_SECONDS, aborts):
            return SendOutcome.ABORTED, None
        if not self._await_speed_of_peer(port, item.not_after, aborts):
            return SendOutcome.ABORTED, None
        while (start := time.perf_counter()) < item.not_before:
            pass
        if start > item.not_after:
            return SendOutcome.EXPIRED, None
        self._last_begin = start
        deliveries = self._deliveries
        char_time = self._line.char_time
        end = start + len(item.data) * char_time
        if self._link.paced:
            outcome = self._write_paced(port, item.data, start, char_time, aborts)
        else:
            outcome = self._write(port, item.data, aborts, item.not_after)
            # Wait here, where an abort can end it; `drain` then waits only for the delay of the device.
            if outcome is SendOutcome.SENT and port.timed and not self._wait_until(end, aborts, deliveries):
                outcome = SendOutcome.ABORTED
            if self._deliveries != deliveries:
                end = time.perf_counter()
        if outcome is SendOutcome.ABORTED:
            port.discard_output()
        if outcome is not SendOutcome.SENT:
            return outcome, None
        if port.timed:
            self._begin_to_hand_over()
            port.drain()
        now = time.perf_counter()
        self._last_end = max(now, end) if port.timed or self._link.paced else now
        return SendOutcome.SENT, self._last_end

    def _await_speed_of_peer(self, port: Port, not_after: float, aborts: int) -> bool:
        """Wait, if the speed was changed since the last write, until the peer has it too; False after an abort."""
        until = min(time.perf_counter() + SPEED_CHANGE_SECONDS, not_after - 2 * _SPEED_POLL_SECONDS)
        while self._speed_changed and self._is_noise(port.peer_baud()) and (now := time.perf_counter()) < until:
            if not self._wait_until(now + _SPEED_POLL_SECONDS, aborts):
                return False
        self._speed_changed = False
        return True

    def _write_paced(self, port: Port, data: bytes, start: float, char_time: float, aborts: int) -> SendOutcome:
        sent = 0
        while sent < len(data):
            if not self._wait_until(start + (sent + 1) * char_time, aborts):
                return SendOutcome.ABORTED
            due = characters_due(start, time.perf_counter(), char_time, sent, len(data))
            outcome = self._write(port, data[sent:due], aborts, math.inf)
            if outcome is not SendOutcome.SENT:
                return outcome
            sent = due
        return SendOutcome.SENT

    def _write(self, port: Port, data: bytes, aborts: int, not_after: float) -> SendOutcome:
        """Hand over all bytes; EXPIRED if `not_after` passes before any is taken."""
        if self._is_noise(port.peer_baud()):
            return SendOutcome.SENT
        stalled_at = time.perf_counter() + STALL_SECONDS
        while data:
            if self._aborts != aborts or self._stopping.is_set():
                return SendOutcome.ABORTED
            self._begin_to_hand_over()
            taken = port.write(data)
            data = data[taken:]
            if taken:
                stalled_at, not_after = time.perf_counter() + STALL_SECONDS, math.inf
            elif time.perf_counter() > not_after:
                return SendOutcome.EXPIRED
            elif time.perf_counter() > stalled_at:
                port.clear_stall()
                return SendOutcome.SENT
        return SendOutcome.SENT

    def _begin_to_hand_over(self) -> None:
        with self._changed:
            self._handing_over = object()
            self._changed.notify_all()

    def _wait_until(self, when: float, aborts: int, deliveries: int | None = None) -> bool:
        """Sleep until `when`, or until the count of deliveries is not `deliveries`; False after an abort or `stop`."""
        with self._changed:
            self._handing_over = None  # there is more to come before the report
            self._changed.notify_all()
            while self._aborts == aborts and not self._stopping.is_set():
                remaining = when - time.perf_counter()
                if remaining <= 0 or deliveries not in (None, self._deliveries):
                    return True
                self._changed.wait(min(remaining, threading.TIMEOUT_MAX))
        return False


def _size(item: PortItem) -> int:
    return len(item) if isinstance(item, bytes) else 1


def _caps_of(reported_events: frozenset[LineEvent]) -> frozenset[Cap]:
    caps = {Cap.BREAK_RX} if LineEvent.BREAK in reported_events else set()
    return frozenset(caps | ({Cap.LINE_ERRORS} if reported_events - {LineEvent.BREAK} else set()))


def _as_link_error(url: str, error: Exception) -> LinkError:
    if isinstance(error, LinkError):
        return error
    text = error.strerror if isinstance(error, OSError) else None
    return LinkError("io", quoted(f"{url}: {text or str(error) or type(error).__name__}."))
