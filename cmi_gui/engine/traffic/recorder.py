"""From taps to the traffic store: M-Bus telegrams as the slave judged them, IEC 62056-21 messages cut from bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from cmi_gui.engine.iec62056.listener import MeterTraffic
from cmi_gui.engine.iec62056.message import Handshake, Identification, OptionSelect
from cmi_gui.engine.iec62056.stream import BlockLine, Damage, Damaged, StreamEvent, StreamParser
from cmi_gui.engine.machine import LineEvent
from cmi_gui.engine.mbus.frame import (
    BadChecksum,
    BadFrame,
    BadLength,
    FrameDecoder,
    FrameEvent,
    FrameKind,
    GoodFrame,
    Noise,
    Truncated,
)
from cmi_gui.engine.mbus.listener import BusTraffic
from cmi_gui.engine.mbus.slave import AnswerExpired, LineDisturbed, Received
from cmi_gui.engine.traffic.masking import MbusMask, Ranges, apply_mask, damaged_meter_ranges, meter_ranges
from cmi_gui.engine.traffic.store import Direction, RowKind, Side, TrafficRow, TrafficStore
from cmi_gui.engine.traffic.summaries import masked_summary
from cmi_gui.engine.traffic.telegram_type import address_of

Added = Callable[[int, float], None]
_MAX_BYTES = 261
"""Bytes: the longest telegram."""

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


class _Pieces:
    """The bytes received since the last good message: a secret may begin in one damaged piece and end in another.

    `find` says what is secret in damaged bytes.
    """

    def __init__(self, find: Callable[[bytes], Ranges]) -> None:
        self._find = find
        self._bytes = b""

    def ranges(self, piece: bytes) -> Ranges:
        """Return the ranges to mask in the next damaged piece."""
        before = len(self._bytes)
        self._bytes += piece
        found = tuple(
            (max(first - before, 0), behind - before) for first, behind in self._find(self._bytes) if behind > before
        )
        self._bytes = self._bytes[-_MAX_BYTES:]
        return found

    def end(self) -> None:
        """Forget the pieces before a good message."""
        self._bytes = b""


class _Rows:
    """The common base of all recorders: secrets are removed before a row is stored, so no reader can see them."""

    def __init__(self, store: TrafficStore, link: Callable[[], str], added: Added) -> None:
        self._store = store
        self._link = link
        self._added = added

    def _store_row(self, row: TrafficRow, masked: Ranges) -> None:
        store = self._store
        words = masked_summary(row) if masked else ""
        data = apply_mask(row.data, masked) if masked else row.data
        index = store.append(row.at, row.side, row.direction, row.kind, row.address, row.link, data, masked, words)
        if masked and store.witness is not None:
            store.witness(index, row.data)
        self._added(index, row.at)


class _MbusRows(_Rows):
    """The common base of the recorders of M-Bus links: telegrams and damaged pieces become rows."""

    def __init__(self, store: TrafficStore, link: Callable[[], str], added: Added, mask: MbusMask) -> None:
        super().__init__(store, link, added)
        self._mask = mask
        self._pieces = _Pieces(mask.ranges)

    def _add_frame(self, what: FrameEvent, direction: Direction, at: float) -> None:
        if isinstance(what, GoodFrame):
            address = None if what.frame.kind is FrameKind.ACK else what.frame.a
            self._pieces.end()
            self._add(at, direction, RowKind.TELEGRAM, address, what.raw)
        else:
            self._add(at, direction, FRAME_KINDS[type(what)], None, what.raw, self._pieces.ranges(what.raw))

    def _add(
        self,
        at: float,
        direction: Direction,
        kind: RowKind,
        address: int | None,
        data: bytes,
        masked: Ranges | None = None,
    ) -> None:
        row = TrafficRow(-1, at, Side.MBUS, direction, kind, address, self._link(), data)
        self._store_row(row, self._mask.ranges(data) if masked is None else masked)


class MbusRecorder(_MbusRows):
    """A recorder of one M-Bus link. `added` is called with each new row's index and time; `mask` finds secrets."""

    def received(self, event: Received) -> None:
        """The slave has judged something it received."""
        if isinstance(event.event, LineDisturbed):
            self._add(event.at, Direction.RECEIVED, RowKind.LINE_ERROR, None, b"")
        else:
            self._add_frame(event.event, Direction.RECEIVED, event.at)

    def expired(self, event: AnswerExpired) -> None:
        """An answer was too late to be sent."""
        self._add(event.at, Direction.SENT, RowKind.EXPIRED, address_of(event.telegram), event.telegram)

    def tap(self, direction: Literal["rx", "tx"], data: bytes, at: float) -> None:
        """Record whole telegrams that were sent; `received` records what comes in."""
        if direction == "tx":
            self._add(at, Direction.SENT, RowKind.TELEGRAM, address_of(data), data)


class BusListenerRecorder(_MbusRows):
    """A recorder of a listener on a bus. Parameters: as for `MbusRecorder`.

    Directions are those of the slaves: what their master sends is RECEIVED.
    """

    def overheard(self, what: BusTraffic) -> None:
        """A telegram or a damaged piece of one went over the bus."""
        direction = Direction.RECEIVED if what.from_master else Direction.SENT
        event = what.event
        if isinstance(event, LineEvent):
            self._add(what.at, direction, _line_kind(event), None, b"")
        elif what.midway and not isinstance(event, GoodFrame):
            # It may be the end of a telegram whose beginning would have said that a password follows.
            self._add(what.at, direction, FRAME_KINDS[type(event)], None, event.raw, ((0, len(event.raw)),))
        else:
            self._add_frame(event, direction, what.at)


class MasterRecorder(_MbusRows):
    """A recorder of a master of this program on a bus. Parameters: as for `MbusRecorder`.

    Directions are those of the slave, as everywhere in the store: what the master sends is RECEIVED. A retry is a row
    of its own; silence is that no answer follows. The echo that some level converters give is not written twice: where
    `EchoLink` takes it away it never comes here, but that of a LINK with echo=off does (the default of tcp and pty).
    """

    def __init__(self, store: TrafficStore, link: Callable[[], str], added: Added, mask: MbusMask) -> None:
        super().__init__(store, link, added, mask)
        self._decoder = FrameDecoder()
        self._received_at = 0.0
        self._echo: bytes | None = None

    def tap(self, direction: Literal["rx", "tx"], data: bytes, at: float) -> None:
        """Record bytes on the link: whole telegrams sent, any bytes received."""
        if direction == "tx":
            self.settle()
            self._pieces.end()
            self._echo = data
            self._add(at, Direction.RECEIVED, RowKind.TELEGRAM, address_of(data), data)
            return
        self._received_at = at
        for event in self._decoder.feed(data):
            self._add_event(event)

    def settle(self) -> None:
        """End the exchange: received bytes that are no whole telegram yet are damaged."""
        for event in self._decoder.idle():
            self._add_event(event)

    def _add_event(self, event: FrameEvent) -> None:
        if event.raw == self._echo:
            self._echo = None
            return
        self._add_frame(event, Direction.SENT, self._received_at)


def _line_kind(event: LineEvent) -> RowKind:
    return RowKind.BREAK if event is LineEvent.BREAK else RowKind.LINE_ERROR


class _MeterRows(_Rows):
    """The common base of both recorders of a meter's line: messages and damage become rows."""

    def _add(self, at: float, direction: Direction, kind: RowKind, data: bytes, masked: Ranges | None = None) -> None:
        row = TrafficRow(-1, at, Side.METER, direction, kind, None, self._link(), data)
        self._store_row(row, meter_ranges(data) if masked is None else masked)


class MeterRecorder(_MeterRows):
    """Cuts the bytes of the meter's link into messages, one parser a direction, and writes them."""

    def __init__(self, store: TrafficStore, link: Callable[[], str], added: Added) -> None:
        super().__init__(store, link, added)
        self._parsers = {Direction.RECEIVED: StreamParser(), Direction.SENT: StreamParser()}

    def tap(self, direction: Literal["rx", "tx"], data: bytes, at: float) -> None:
        """Bytes went over the link."""
        side = Direction.RECEIVED if direction == "rx" else Direction.SENT
        other = Direction.SENT if direction == "rx" else Direction.RECEIVED
        # Half duplex: when one side sends, what the other had begun is over.
        self._add_event(other, self._parsers[other].flush(), at)
        for event in self._parsers[side].feed(data):
            self._add_event(side, event, at)

    def _add_event(self, side: Direction, event: StreamEvent | None, at: float) -> None:
        match event:
            case None | BlockLine():
                return
            case Damaged(kind=kind, raw=raw):
                self._add(at, side, _DAMAGES.get(kind, RowKind.BAD_FRAME), raw)
            case _:
                if isinstance(event, Identification | OptionSelect):
                    # An ACK of the reading device opens an option select only after an identification.
                    self._parsers[Direction.SENT].option_select = isinstance(event, Identification)
                self._add(at, side, RowKind.TELEGRAM, event.to_bytes())


class MeterListenerRecorder(_MeterRows):
    """A recorder of a listener on a meter's line. Parameters: as for `MbusRecorder`.

    Directions are those of the reading device: what the meter sends is RECEIVED.
    """

    def __init__(self, store: TrafficStore, link: Callable[[], str], added: Added) -> None:
        super().__init__(store, link, added)
        self._pieces = _Pieces(damaged_meter_ranges)

    def overheard(self, what: MeterTraffic) -> None:
        """A message or a damaged piece of one went over the line."""
        direction = Direction.RECEIVED if what.from_meter else Direction.SENT
        match what.event:
            case LineEvent():
                self._add(what.at, direction, _line_kind(what.event), b"")
            case Damaged(kind=kind, raw=raw):
                masked = self._pieces.ranges(raw)
                if what.midway:
                    masked = ((0, len(raw)),)
                self._add(what.at, direction, _DAMAGES.get(kind, RowKind.BAD_FRAME), raw, masked)
            case message:
                if not isinstance(message, Handshake):
                    # A lone ACK or NAK turns up in noise.
                    self._pieces.end()
                self._add(what.at, direction, RowKind.TELEGRAM, message.to_bytes())
