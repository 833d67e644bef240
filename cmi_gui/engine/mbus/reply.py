"""The bytes that a master receives after one request, and the answer found in them."""

from __future__ import annotations

from collections.abc import Iterable

from cmi_gui.engine.mbus.begun_answer import begun_answer
from cmi_gui.engine.mbus.collision import MOST_NOISE, is_noise, may_be_acks, may_be_telegrams
from cmi_gui.engine.mbus.exchange import AnswerKind, Exchange, Expect
from cmi_gui.engine.mbus.frame import ACK_BYTE, Frame, FrameKind
from cmi_gui.engine.mbus.frame_decoder import FrameDecoder, FrameEvent, GoodFrame

STRAY_BYTES = 2
"""Maximum number of damaged bytes beside an E5 that still counts; converters add some (libmbus #131, #138)."""


class Reply:
    """The reply to one try of an exchange, judged as bytes arrive.

    Attributes: `raw`: all bytes, without an echo of the request. `frame`: the answer so far. `requests`: good frames of
    a master that are no echo. `strays`: good frames that are not the answer; `foreign`: the last of them from another
    slave; `repeated`: the previous telegram was received again. `several`: a second good answer followed the first.
    `broken_off`: `frame` is only the beginning of an answer.

    `earlier_try_open`: an earlier try of the exchange may still be answered.
    """

    def __init__(self, exchange: Exchange, *, earlier_try_open: bool = False) -> None:
        self.raw = bytearray()
        self.frame: Frame | None = None
        self.strays: list[Frame] = []
        self.requests: list[Frame] = []
        self.foreign: Frame | None = None
        self.repeated = self.several = self.broken_off = False
        self._exchange = exchange
        self._sent = exchange.frame.to_bytes()
        self._earlier_try_open = earlier_try_open
        self._acks_may_be_late = False
        self._decoder = FrameDecoder()
        self._damage: list[bytes] = []
        self._stray_bytes = 0
        """Damaged bytes beside an E5, without an idle line between them."""
        self._ack_in_noise = False
        self._damage_apart = False
        """The line was idle between damaged bytes and what follows them."""

    @property
    def pending(self) -> bool:
        """True if a frame, or what may become one, has begun."""
        return self._decoder.pending

    @property
    def is_ack(self) -> bool:
        """True if the answer so far is an E5."""
        return self.frame is not None and self.frame.kind is FrameKind.ACK

    def take(self, data: bytes, *, acks_may_be_late: bool = False) -> None:
        """Process bytes. `acks_may_be_late`: an E5 among them may belong to an earlier request."""
        self._acks_may_be_late = acks_may_be_late
        self.raw += data
        self._judge(self._decoder.feed(data))

    def break_off(self) -> bool:
        """Take the beginning of an undamaged answer for all of it, if that has the header; return whether it does."""
        begun = None if self._damage or self.frame is not None else begun_answer(bytes(self.raw))
        if begun is None or self._exchange.judge(begun) is not AnswerKind.RESPONSE:
            return False
        self.frame, self.broken_off = begun, True
        self._decoder.reset()
        return True

    def take_damage(self) -> None:
        """Process a character that was damaged on the line, which may have been any part of an answer."""
        self.raw += b"\x00"
        self._take_damaged(bytes((ACK_BYTE,)))

    def note_idle(self) -> None:
        """Note that the line was idle: bytes received so far do not belong to those that follow."""
        self.end()
        self._damage_apart |= self.frame is None and bool(self._damage)
        if self.frame is None and not self.ends_in_spaces:
            self._stray_bytes = 0

    def _take_damaged(self, raw: bytes) -> None:
        self._damage.append(raw)
        self._stray_bytes += len(raw)

    def end(self) -> None:
        """Judge the bytes left when the line is idle."""
        self._judge(self._decoder.idle())

    @property
    def kind(self) -> AnswerKind:
        """The outcome once the line is idle: ACK, RESPONSE, SILENCE or GARBLED."""
        if self.several or (self.is_ack and not self._few_stray_bytes):
            return AnswerKind.GARBLED
        if self.frame is not None:
            return AnswerKind.ACK if self.is_ack else AnswerKind.RESPONSE
        silence = not (self.collision or self._ack_in_noise) and all(map(is_noise, self._damage))
        return AnswerKind.SILENCE if silence else AnswerKind.GARBLED

    @property
    def collision(self) -> bool:
        """True if several slaves seem to have answered."""
        if self.several:
            return True
        if self.is_ack and self._few_stray_bytes:
            return False
        if self.frame is not None and not self.is_ack:
            # A few bytes just before a good telegram are noise, even where they look like an E5.
            return self._damage_apart or sum(map(len, self._damage)) > MOST_NOISE
        acks = self.frame is None or self.is_ack
        telegrams = self._exchange.expect is Expect.RESPONSE
        return any((acks and may_be_acks(run)) or (telegrams and may_be_telegrams(run)) for run in self._damage)

    @property
    def ends_in_spaces(self) -> bool:
        """True if several slaves seem to have answered, and the end of their answers was a long space."""
        return self.frame is None and self.collision and self.raw.endswith(b"\0")

    @property
    def may_go_on(self) -> bool:
        """True if only damaged bytes came in place of a telegram: more of overlaid telegrams may follow.

        A receiver gets their long spaces as one damaged character.
        """
        return self.frame is None and bool(self._damage) and self._exchange.expect is Expect.RESPONSE

    @property
    def _few_stray_bytes(self) -> bool:
        return self._stray_bytes <= STRAY_BYTES

    def _judge(self, events: Iterable[FrameEvent]) -> None:
        for event in events:
            if isinstance(event, GoodFrame) and event.frame.kind is FrameKind.ACK:
                self._take_ack(event)
            elif event.raw == self._sent:
                # An echo of the request; the answer may be in the same chunk.
                del self.raw[: self.raw.index(event.raw) + len(event.raw)]
                self._damage.clear()
                self._stray_bytes = 0
            elif not isinstance(event, GoodFrame) or event.frame.from_master or event.frame.kind is FrameKind.SHORT:
                if isinstance(event, GoodFrame) and event.frame.from_master:
                    self.requests.append(event.frame)
                self._take_damaged(event.raw)
            else:
                self._take_telegram(event.frame)

    def _take_ack(self, event: GoodFrame) -> None:
        if self._acks_may_be_late and (self.frame is not None or self._exchange.expect is Expect.RESPONSE):
            self.strays.append(event.frame)
        elif self.frame is not None:
            self.several |= not self._earlier_try_open
        elif self._few_stray_bytes:
            self.frame = event.frame
        else:
            # Among many damaged bytes an E5 is probably noise.
            self._ack_in_noise = True
            self._stray_bytes += 1

    def _take_telegram(self, frame: Frame) -> None:
        if self._exchange.expect is Expect.ACK:
            self.strays.append(frame)
            return
        match self._exchange.judge(frame):
            case AnswerKind.REPEATED:
                self.repeated = True
                self.strays.append(frame)
            case AnswerKind.FOREIGN:
                self.foreign = frame
                self.strays.append(frame)
            case _ if self.frame is None:
                self.frame = frame
            case _ if self.frame != frame:
                self.several = True
