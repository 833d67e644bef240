"""A bus in virtual time with correct slaves, whose answers are lost, late, repeated, cut, damaged or overlaid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.link_protocol import Cap, LinkSink
from cmi_gui.engine.machine import Line, LinkState, SendOutcome
from cmi_gui.engine.mbus.frame import Frame, FrameKind, parse_frame
from cmi_gui.engine.mbus.frame_decoder import FrameDecoder, GoodFrame
from cmi_gui.engine.mbus.times import RESPONSE_MIN_BITS, response_window
from tests.helpers.buses import BusSlave

_ACK = b"\xe5"
_LUMP = 12
"""Number of characters that the link delivers together after the first one."""
_ACK_COPY = 0.05
"""Greatest delay of the copy of an E5, in seconds."""


class Harm(StrEnum):
    """A fault of an answer."""

    NONE = "none"
    LOST = "lost"
    CUT = "cut"
    DAMAGED = "damaged"


@dataclass(frozen=True)
class Fault:
    """The faults of one answer.

    `share`: start of the answer in the window of the standard, 0 to 1. `late`: seconds beyond the window, 0 for none.
    `copy_after`: seconds from its end to its copy, None for no copy. `foreign_after`: seconds from the request to a
    telegram of another slave, None for none. `spot`: position of the cut, or number of the inverted bit.
    """

    harm: Harm = Harm.NONE
    share: float = 0.2
    late: float = 0.0
    copy_after: float | None = None
    foreign_after: float | None = None
    spot: int = 0


NO_FAULT = Fault()


@dataclass
class _PendingRequest:
    """A request on the wire. `expected`, `answered`: number of slaves that must answer, and that did so in time."""

    request: bytes
    until: float
    """The end of the window of the standard."""
    expected: int
    answered: int = 0


@dataclass
class _Run:
    """Characters on the wire without a gap."""

    start: float
    end: float
    data: bytearray
    by: list[tuple[_PendingRequest | None, bool]] = field(default_factory=list)
    parts: list[bytes] = field(default_factory=list)
    delivered: int = 0


class LossyBus:
    """A `Link` of a master with slaves. `faults`: the faults of the first answers, in order; all others are good.

    `lost`: numbers of requests, from 0, that no slave receives. `foreign`: the telegram of a slave elsewhere. `extra`:
    bytes that a converter adds after each request. `has_speed`: False if a request is transferred at once, as on a
    network. `one_by_one`: a slave handles a request only after it has answered the one before; otherwise only the order
    of its answers is kept.
    """

    url = "sim:lossy"

    def __init__(
        self,
        clock: VirtualClock,
        slaves: Sequence[BusSlave],
        faults: Sequence[Fault] = (),
        *,
        lost: frozenset[int] = frozenset(),
        foreign: bytes = b"",
        extra: bytes = b"",
        has_speed: bool = True,
        one_by_one: bool = False,
    ) -> None:
        self.caps: frozenset[Cap] = frozenset((Cap.BAUD,)) if has_speed else frozenset()
        self.slaves = slaves
        self.requests: list[Frame] = []
        self.log: list[tuple[float, str, bytes]] = []
        self.pending: list[_PendingRequest] = []
        self.acks_doubled = False
        self.harmed = False
        """True if an answer or a request was lost, cut or damaged, including by a collision."""
        self._clock = clock
        self._faults: Iterator[Fault] = iter(faults)
        self._lost = lost
        self._foreign = foreign
        self._extra = extra
        self._line = Line(2400)
        self._has_speed = has_speed
        self._one_by_one = one_by_one
        self._sink: LinkSink | None = None
        self._free_at = {id(slave): 0.0 for slave in slaves}
        """The time at which each slave can begin its next answer."""
        self._sent_at = 0.0
        """The time at which everything that the master has sent has left."""
        self._run: _Run | None = None

    @property
    def completable(self) -> bool:
        """True if a master could have succeeded: in each exchange, one attempt was answered correctly in time."""
        exchanges: list[list[_PendingRequest]] = []
        for each in self.pending:
            if exchanges and exchanges[-1][0].request == each.request:
                exchanges[-1].append(each)
            else:
                exchanges.append([each])
        return all(any(each.answered >= each.expected for each in tries) for tries in exchanges)

    # Link

    def open(self, sink: LinkSink) -> None:
        self._sink = sink
        sink.state(LinkState.OPEN, None)

    def close(self) -> None:
        self._sink = None

    def abort(self) -> None:
        pass

    def set_line(self, token: int, line: Line) -> None:
        self._line = line
        self._clock.call_at(self._clock.now(), lambda: self._done(token, self._clock.now()))

    def send_break(self, token: int, seconds: float) -> None:
        raise AssertionError("no break is expected")

    def send(self, token: int, data: bytes, not_before: float, not_after: float) -> None:
        at = max(self._clock.now(), self._sent_at) + (len(data) * self._line.char_time if self._has_speed else 0.0)
        self._sent_at = at
        self._clock.call_at(at, lambda: self._sent(token, data, at))

    def _done(self, token: int, at: float) -> None:
        if self._sink is not None:
            self._sink.done(token, SendOutcome.SENT, at)

    # The wire

    def _sent(self, token: int, data: bytes, at: float) -> None:
        self.log.append((at, "tx", data))
        self._done(token, at)
        request = parse_frame(data)
        number = len(self.requests)
        self.requests.append(request)
        pending = _PendingRequest(
            data, at + response_window(self._line), sum(slave.is_addressed(request) for slave in self.slaves)
        )
        self.pending.append(pending)
        if self._extra:
            self._transmit(at + 0.001, self._extra, None)
        if number in self._lost:
            self.harmed |= pending.expected > 0
            return
        for slave in self.slaves:
            answer = slave.answer(request)
            if answer:
                self._answer(slave, answer, at, pending)

    def _answer(self, slave: BusSlave, answer: bytes, requested_at: float, pending: _PendingRequest) -> None:
        fault = next(self._faults, NO_FAULT)
        window = response_window(self._line)
        earliest = RESPONSE_MIN_BITS * self._line.bit_time
        free_at = self._free_at[id(slave)]
        begun = max(requested_at, free_at) if self._one_by_one else requested_at
        at = begun + (window + fault.late if fault.late else earliest + fault.share * (window - earliest))
        at = max(at, free_at + self._line.char_time)
        if fault.foreign_after is not None and self._foreign:
            self._transmit(requested_at + earliest + fault.foreign_after, self._foreign, None)
        sent, intact = _harmed(answer, fault)
        self.harmed |= not intact
        if not sent:
            return
        end = at + len(sent) * self._line.char_time
        if intact:
            self._free_at[id(slave)] = end
        # Two E5 in a row look like the answers of two slaves.
        counts = intact and (answer != _ACK or fault.copy_after is None)
        self._transmit(at, sent, pending if counts else None, in_time=at <= requested_at + window + 3.0)
        if fault.copy_after is not None:
            self.acks_doubled |= answer == _ACK
            # A much later copy of an E5 cannot be recognised, because a single E5 counts as an answer.
            after = min(fault.copy_after, _ACK_COPY) if answer == _ACK else fault.copy_after
            self._transmit(end + after, sent, None)

    def _transmit(self, at: float, data: bytes, pending: _PendingRequest | None, *, in_time: bool = False) -> None:
        self._clock.call_at(at, lambda: self._begin(at, data, pending, in_time))

    def _begin(self, at: float, data: bytes, pending: _PendingRequest | None, in_time: bool) -> None:
        char = self._line.char_time
        run = self._run
        if run is None:
            run = self._run = _Run(at, at, bytearray())
            self._clock.call_at(at + char, lambda: self._go_on(run, 1))
        # In each bit, a space of any slave wins.
        offset = round((at - run.start) / char)
        run.data.extend(b"\xff" * (offset + len(data) - len(run.data)))
        for index, byte in enumerate(data, offset):
            run.data[index] &= byte
        run.by.append((pending, in_time))
        run.parts.append(data)
        good = [frame for frame in _good(run.data) if frame.kind is FrameKind.LONG]
        if any(frame.to_bytes() not in run.parts for frame in good):
            # A checksum cannot detect an overlay that is a good telegram by chance.
            run.data[run.delivered :] = b"\x00" * (len(run.data) - run.delivered)
            self.harmed = True
        run.end = max(run.end, run.start + (offset + len(data)) * char)
        end = run.end
        self._clock.call_at(end, lambda: self._end(run, end))

    def _go_on(self, run: _Run, count: int) -> None:
        """Deliver what was received so far."""
        if run is self._run and count < len(run.data):
            delivered, run.delivered = run.delivered, count
            self._deliver(bytes(run.data[delivered:count]))
            after = count + _LUMP
            self._clock.call_at(run.start + after * self._line.char_time, lambda: self._go_on(run, after))

    def _end(self, run: _Run, end: float) -> None:
        if run is not self._run or end < run.end:
            return
        self._run = None
        if len(run.by) == 1:
            pending, in_time = run.by[0]
            if pending is not None and in_time:
                pending.answered += 1
        else:
            answers = [pending for pending, _ in run.by if pending is not None]
            if answers and all(pending is answers[0] for pending in answers) and len(answers) == len(run.by):
                # Several slaves answer at once, as they must if a mask matches them.
                answers[0].answered += len(answers)
                self.harmed |= run.start > answers[0].until
            else:
                self.harmed = True
        delivered, run.delivered = run.delivered, len(run.data)
        self._deliver(bytes(run.data[delivered:]))

    def _deliver(self, data: bytes) -> None:
        if data and self._sink is not None:
            self.log.append((self._clock.now(), "rx", data))
            self._sink.received(data, self._clock.now())


def _harmed(answer: bytes, fault: Fault) -> tuple[bytes, bool]:
    """Return what is left of an answer, and whether it is complete."""
    match fault.harm:
        case Harm.LOST:
            return b"", False
        case Harm.CUT:
            return answer[: fault.spot % len(answer)], False
        case Harm.DAMAGED:
            spot = fault.spot % (8 * len(answer))
            damaged = bytearray(answer)
            damaged[spot // 8] ^= 1 << spot % 8
            # A checksum cannot detect damage that results in a good telegram by chance.
            return (b"" if _good(damaged) else bytes(damaged)), False
    return answer, True


def _good(data: bytes) -> list[Frame]:
    """Return the good frames in the received bytes."""
    decoder = FrameDecoder()
    return [event.frame for event in (*decoder.feed(data), *decoder.idle()) if isinstance(event, GoodFrame)]
