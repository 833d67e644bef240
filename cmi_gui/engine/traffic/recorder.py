"""Recorders: they store the telegrams and messages of a link, or of a listener, as rows of traffic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from cmi_gui.engine.bus.transmission import Overlapped
from cmi_gui.engine.events import FaultHappened
from cmi_gui.engine.iec62056.listener import MeterTraffic
from cmi_gui.engine.iec62056.message import Handshake, Identification, OptionSelect
from cmi_gui.engine.iec62056.stream import Damage, Damaged, StreamEvent, StreamParser
from cmi_gui.engine.link_protocol import Cap, Link
from cmi_gui.engine.machine import Line, LineEvent
from cmi_gui.engine.mbus.frame_decoder import (
    BadChecksum,
    BadFrame,
    BadLength,
    FrameDecoder,
    FrameEvent,
    GoodFrame,
    Noise,
    Truncated,
    decode_all,
)
from cmi_gui.engine.mbus.listener import BusTraffic
from cmi_gui.engine.mbus.slave_events import AnswerExpired, LineDisturbed, Received
from cmi_gui.engine.messages import Message
from cmi_gui.engine.traffic.masking import MbusMask, Ranges, apply_mask, damaged_meter_ranges, meter_ranges
from cmi_gui.engine.traffic.store import Direction, RowKind, Side, TrafficRow, TrafficStore
from cmi_gui.engine.traffic.summaries import masked_summary
from cmi_gui.engine.traffic.telegram_type import address_of

Added = Callable[[int, float], None]
_LONGEST_TELEGRAM = 261
"""Bytes."""
_MOST_NAMES = 8
"""The most names of modules in a row, of up to 250 whose answers meet."""

FRAME_KINDS: dict[type[FrameEvent], RowKind] = {
    GoodFrame: RowKind.TELEGRAM,
    Noise: RowKind.NOISE,
    BadChecksum: RowKind.BAD_CHECKSUM,
    BadLength: RowKind.BAD_LENGTH,
    BadFrame: RowKind.BAD_FRAME,
    Truncated: RowKind.TRUNCATED,
}
_DAMAGES = {
    Damage.NOISE: RowKind.NOISE,
    Damage.BAD_BCC: RowKind.BAD_CHECKSUM,
    Damage.TOO_LONG: RowKind.BAD_LENGTH,
    Damage.INCOMPLETE: RowKind.TRUNCATED,
}


@dataclass(frozen=True, slots=True)
class LinkTiming:
    """The speed of a link in bit/s, and the seconds that each character takes on it.

    `char_time` is 0 where characters do not take their time, as over TCP.
    """

    baud: int
    char_time: float

    @classmethod
    def of(cls, link: Link, line: Line) -> LinkTiming:
        """Return the timing of a link that works at the speed of `line`."""
        return cls(line.baud, line.char_time if Cap.TIMED in link.caps else 0.0)

    def took(self, data: bytes, at: float, began: float | None) -> float | None:
        """Return the seconds from the first bit of a row to its end at `at`; None if they are not known.

        `began`: the arrival of its first byte, which counts only where characters do not take their time.
        """
        if not data:
            return None
        if self.char_time:
            return len(data) * self.char_time
        return None if began is None else at - began


class _Pieces:
    """The bytes since the last good message, because a secret may begin in one damaged piece and end in another.

    `find` returns the ranges to mask in damaged bytes.
    """

    def __init__(self, find: Callable[[bytes], Ranges]) -> None:
        self._find = find
        self._bytes = b""

    def ranges(self, piece: bytes) -> Ranges:
        """Return the ranges to mask in the next damaged piece."""
        before = len(self._bytes)
        self._bytes += piece
        found = tuple(
            (max(first - before, 0), stop - before) for first, stop in self._find(self._bytes) if stop > before
        )
        self._bytes = self._bytes[-_LONGEST_TELEGRAM:]
        return found

    def end(self) -> None:
        """Forget the pieces before a good message."""
        self._bytes = b""


def store_masked(store: TrafficStore, row: TrafficRow, masked: Ranges) -> int:
    """Store a row with the ranges `masked` of its bytes removed; return its index."""
    words = row.words or (masked_summary(row) if masked else "")
    whole = row.side is Side.MBUS and row.kind in (RowKind.TELEGRAM, RowKind.EXPIRED)
    address = address_of(row.data) if whole else None
    data = apply_mask(row.data, masked) if masked else row.data
    return store.append(
        row.at, row.side, row.direction, row.kind, address, row.link, data, masked, words, row.baud, row.took
    )


class _Recorder:
    """The common base of all recorders. `find` returns the ranges to mask in a good telegram or message.

    Secrets are removed before a row is stored, so that no reader of the store can see them.
    """

    def __init__(
        self, store: TrafficStore, link: Callable[[], str], added: Added, side: Side, find: Callable[[bytes], Ranges]
    ) -> None:
        self._store, self._link, self._added = store, link, added
        self._side, self._find = side, find
        self.timing: Callable[[], LinkTiming] | None = None
        """Returns the timing of the link; None if it is not known, and so when rows began."""

    def _add(
        self,
        at: float,
        direction: Direction,
        kind: RowKind,
        data: bytes,
        masked: Ranges | None = None,
        words: Message | None = None,
        began: float | None = None,
    ) -> None:
        """Store a row; `masked` None: the ranges to mask are found here. `began`: the arrival of its first byte."""
        masked = self._find(data) if masked is None else masked
        timing = self.timing() if self.timing is not None else None
        baud, took = (None, None) if timing is None else (timing.baud, timing.took(data, at, began))
        link = self._link()
        row = TrafficRow(-1, at, self._side, direction, kind, None, link, data, words=words, baud=baud, took=took)
        index = store_masked(self._store, row, masked)
        if masked and self._store.on_masked is not None:
            self._store.on_masked(index, data)
        self._added(index, at)


class _BusRecorder(_Recorder):
    """The common base of the recorders of M-Bus links: telegrams and damaged pieces become rows."""

    def __init__(self, store: TrafficStore, link: Callable[[], str], added: Added, mask: MbusMask) -> None:
        super().__init__(store, link, added, Side.MBUS, mask.ranges)
        self._pieces = _Pieces(mask.ranges)

    def _add_frame(self, event: FrameEvent, direction: Direction, at: float, began: float | None = None) -> None:
        if isinstance(event, GoodFrame):
            self._pieces.end()
            self._add(at, direction, RowKind.TELEGRAM, event.raw, began=began)
        else:
            self._add(at, direction, FRAME_KINDS[type(event)], event.raw, self._pieces.ranges(event.raw), began=began)


class MbusRecorder(_BusRecorder):
    """A recorder of one M-Bus link. `added` is called with each new row's index and time; `mask` finds secrets."""

    _sent_rows = range(0)
    """The indices of the rows of what was sent last."""

    def received(self, event: Received) -> None:
        """Record what the slave received and judged."""
        if isinstance(event.event, LineDisturbed):
            self._add(event.at, Direction.RECEIVED, RowKind.LINE_ERROR, b"")
        else:
            self._add_frame(event.event, Direction.RECEIVED, event.at)

    def expired(self, event: AnswerExpired) -> None:
        """Record an answer that was too late to be sent."""
        self._add(event.at, Direction.SENT, RowKind.EXPIRED, event.telegram)

    def tap(self, direction: Literal["rx", "tx"], data: bytes, at: float) -> None:
        """Record what was sent; `received` records incoming telegrams.

        A write is not always a telegram: faults change answers, and those of several slaves may meet.
        """
        if direction == "tx":
            first = len(self._store)
            for event in decode_all(data):
                self._add(at, Direction.SENT, FRAME_KINDS[type(event)], event.raw, began=at)
            self._sent_rows = range(first, len(self._store))

    def name_sender(self, name: str) -> None:
        """Note that the module `name` of a room has sent what was sent last."""
        self._store.name_module(self._sent_rows, name)

    def marked(self, event: FaultHappened | Overlapped) -> None:
        """Record that a fault of the wire happened, or that answers met."""
        match event:
            case FaultHappened(module=module, fault=fault, at=at):
                self._add(at, Direction.SENT, RowKind.FAULT, b"", (), Message("{0} (module {1})", (fault, module)))
            case Overlapped(names=names, at=at):
                words = Message("of {0} modules: {1}", (len(names), ", ".join(names[:_MOST_NAMES])))
                self._add(at, Direction.SENT, RowKind.OVERLAPPED, b"", (), words)


class BusListenerRecorder(_BusRecorder):
    """A recorder of a listener on a bus. Parameters: as for `MbusRecorder`.

    Directions are those of the slaves: what their master sends is RECEIVED.
    """

    def record(self, traffic: BusTraffic) -> None:
        """Record a telegram or a damaged piece of one that went over the bus."""
        direction = Direction.RECEIVED if traffic.from_master else Direction.SENT
        event = traffic.event
        if isinstance(event, LineEvent):
            self._add(traffic.at, direction, _line_kind(event), b"")
        elif traffic.midway and not isinstance(event, GoodFrame):
            # It may be the end of a telegram whose beginning would have shown that a password follows.
            masked = ((0, len(event.raw)),)
            self._add(traffic.at, direction, FRAME_KINDS[type(event)], event.raw, masked, began=traffic.began)
        else:
            self._add_frame(event, direction, traffic.at, traffic.began)


class MasterRecorder(_BusRecorder):
    """A recorder of a master of this program on a bus. Parameters: as for `MbusRecorder`.

    Directions are those of the slave, as everywhere in the store: what the master sends is RECEIVED. A retry is a row
    of its own; a request without an answer is not followed by a row. The echo of some level converters is not recorded:
    `EchoLink` removes it before it comes here, except on a LINK with echo=off (the default of tcp and pty), where this
    class removes it.
    """

    def __init__(self, store: TrafficStore, link: Callable[[], str], added: Added, mask: MbusMask) -> None:
        super().__init__(store, link, added, mask)
        self._decoder = FrameDecoder()
        self._received_at = self._began = 0.0
        self._echo: bytes | None = None

    def tap(self, direction: Literal["rx", "tx"], data: bytes, at: float) -> None:
        """Record bytes on the link: whole telegrams sent, any bytes received."""
        if direction == "tx":
            self.settle()
            self._pieces.end()
            self._echo = data
            # A user may send damaged telegrams on purpose.
            sent = FrameDecoder()
            for event in (*sent.feed(data), *sent.idle()):
                self._add_frame(event, Direction.RECEIVED, at)
            return
        self._received_at = at
        if not self._decoder.pending:
            self._began = at
        for event in self._decoder.feed(data):
            self._add_event(event)
            self._began = at

    def settle(self) -> None:
        """End the exchange: received bytes that are not a whole telegram by now are damaged."""
        for event in self._decoder.idle():
            self._add_event(event)

    def _add_event(self, event: FrameEvent) -> None:
        if event.raw == self._echo:
            self._echo = None
            return
        self._add_frame(event, Direction.SENT, self._received_at, self._began)


def _line_kind(event: LineEvent) -> RowKind:
    return RowKind.BREAK if event is LineEvent.BREAK else RowKind.LINE_ERROR


class MeterRecorder(_Recorder):
    """A recorder of the link to the meter, with one parser per direction. Parameters: as for `MbusRecorder`."""

    def __init__(self, store: TrafficStore, link: Callable[[], str], added: Added) -> None:
        super().__init__(store, link, added, Side.METER, meter_ranges)
        self._pieces = _Pieces(damaged_meter_ranges)
        self._parsers = {Direction.RECEIVED: StreamParser(), Direction.SENT: StreamParser()}
        self._began = 0.0

    def tap(self, direction: Literal["rx", "tx"], data: bytes, at: float) -> None:
        """Record the messages in the bytes that went over the link."""
        sending = Direction.RECEIVED if direction == "rx" else Direction.SENT
        other = Direction.SENT if direction == "rx" else Direction.RECEIVED
        # The line is half duplex: when one side sends, the other side's message has ended.
        self._add_event(other, self._parsers[other].flush(), at)
        if not self._parsers[sending].pending:
            self._began = at
        for event in self._parsers[sending].feed(data):
            self._add_event(sending, event, at, self._began)
            self._began = at

    def lost(self, kind: LineEvent, at: float) -> None:
        """Record that a character for the meter was damaged, or sent at another speed."""
        self._add(at, Direction.SENT, _line_kind(kind), b"")

    def _add_event(
        self, direction: Direction, event: StreamEvent | None, at: float, began: float | None = None
    ) -> None:
        match event:
            case None:
                return
            case Damaged(kind=kind, raw=raw):
                self._add(
                    at, direction, _DAMAGES.get(kind, RowKind.BAD_FRAME), raw, self._pieces.ranges(raw), began=began
                )
            case _:
                if not isinstance(event, Handshake):
                    # A single ACK or NAK may be noise.
                    self._pieces.end()
                if isinstance(event, Identification | OptionSelect):
                    # An ACK of the reading device opens an option select only after an identification.
                    self._parsers[Direction.SENT].option_select = isinstance(event, Identification)
                raw = event.to_bytes() if isinstance(event, Handshake) else self._parsers[direction].raw
                self._add(at, direction, RowKind.TELEGRAM, raw, began=began)


class MeterListenerRecorder(_Recorder):
    """A recorder of a listener on a meter's line. Parameters: as for `MbusRecorder`.

    Directions are those of the reading device: what the meter sends is RECEIVED.
    """

    def __init__(self, store: TrafficStore, link: Callable[[], str], added: Added) -> None:
        super().__init__(store, link, added, Side.METER, meter_ranges)
        self._pieces = _Pieces(damaged_meter_ranges)

    def record(self, traffic: MeterTraffic) -> None:
        """Record a message or a damaged piece of one that went over the line."""
        direction = Direction.RECEIVED if traffic.from_meter else Direction.SENT
        match traffic.event:
            case LineEvent():
                self._add(traffic.at, direction, _line_kind(traffic.event), b"")
            case Damaged(kind=kind, raw=raw):
                masked = self._pieces.ranges(raw)
                if traffic.midway:
                    masked = ((0, len(raw)),)
                self._add(traffic.at, direction, _DAMAGES.get(kind, RowKind.BAD_FRAME), raw, masked)
            case message:
                if not isinstance(message, Handshake):
                    # A single ACK or NAK may be noise.
                    self._pieces.end()
                self._add(traffic.at, direction, RowKind.TELEGRAM, message.to_bytes())
