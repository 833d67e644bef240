"""A running exchange: its tries and their outcome."""

from __future__ import annotations

from cmi_gui.engine.mbus.exchange import Answer, AnswerKind, Exchange
from cmi_gui.engine.mbus.frame import FrameKind
from cmi_gui.engine.mbus.reply import Reply

_WITH_FRAME = frozenset((AnswerKind.ACK, AnswerKind.RESPONSE))


class Attempt:
    """An exchange and its tries.

    Attributes: `tries`: the number of tries so far. `reply`: the reply to the running or last try. `unanswered`: the
    number of tries that may still be answered. `sent_at`: the time when the last try had left, in seconds; None if
    unknown.
    """

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.tries = 0
        self.reply = Reply(exchange)
        self.unanswered = 0
        self.sent_at: float | None = None
        self._kind = AnswerKind.NONE
        self._senders: set[int | None] = set()
        self._repeated = self._garbled = self._collision = self._several = False
        self._stray_ack = False

    @property
    def answered(self) -> bool:
        """True if the last try got its answer."""
        return self._kind in _WITH_FRAME

    @property
    def is_last(self) -> bool:
        """True if the running try is the last regular one."""
        return self.tries > self.exchange.retries

    def begin_try(self) -> None:
        """Begin a try with an empty reply."""
        self.tries += 1
        self.reply = Reply(self.exchange, earlier_try_open=self.unanswered > 0)
        self.sent_at = None

    def end_try(self, *, sent: bool) -> bool:
        """Judge the reply to the try; return whether another try is due. `sent`: the request has left."""
        reply = self.reply
        self._kind = reply.kind
        if self.answered:
            return False
        # The damaged bytes may not be the answer, which may still be received.
        self.unanswered += sent and not reply.ends_in_spaces
        self._garbled |= self._kind is AnswerKind.GARBLED
        self._collision |= reply.collision
        self._several |= reply.several
        self._senders.add(None if reply.foreign is None else reply.foreign.a)
        self._repeated |= reply.repeated
        self._stray_ack |= any(frame.kind is FrameKind.ACK for frame in reply.strays)
        if reply.collision and self.exchange.once:
            return False
        # One more try after a long wait: by then an E5 cannot belong to an earlier request.
        return self.tries <= self.exchange.retries + (self.exchange.long_wait and self._stray_ack)

    def answer(self) -> Answer:
        """Return the end of the exchange, without the strays and earlier requests, which the master adds."""
        reply, frame = self.reply, self.reply.frame
        collision, several = reply.collision, reply.several
        if not self.answered:
            frame, collision, several = None, self._collision, self._several
            if self._garbled:
                self._kind = AnswerKind.GARBLED
            if self._repeated:
                self._kind = AnswerKind.REPEATED
            elif None not in self._senders and len(self._senders) == 1:
                self._kind, frame = AnswerKind.FOREIGN, reply.foreign
        return Answer(
            self._kind,
            frame,
            bytes(reply.raw),
            self.tries,
            collision=collision,
            several=several,
            broken_off=reply.broken_off,
        )
