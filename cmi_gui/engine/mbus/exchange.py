"""Exchanges (one request of a master and its answer), and procedures, which are made of them.

A *procedure* is a generator that yields an `Exchange`, a `Settle` or a `SetSpeed` and is sent an `Answer`. So reading a
slave, scanning a bus or writing settings is plain code that needs neither a clock nor an event loop.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.messages import CodedError

RETRIES = 2
"""Tries after the first [DOC48 §5.4]."""


class Expect(StrEnum):
    """The answer that an exchange expects."""

    ACK = "ack"
    RESPONSE = "response"
    """A RSP_UD, or E5 for "no data"."""
    NOTHING = "nothing"
    """No answer, as to a broadcast."""


class AnswerKind(StrEnum):
    """The outcome of an exchange."""

    ACK = "ack"
    RESPONSE = "response"
    SILENCE = "silence"
    """No byte was received, or only noise of the line."""
    GARBLED = "garbled"
    """Bytes were received, but no good frame, or more than one: a collision, or a disturbed line."""
    FOREIGN = "foreign"
    """Each try was answered by a good RSP_UD of one and the same slave, but not of the one addressed."""
    REPEATED = "repeated"
    """Only the previous telegram was received again."""
    NONE = "none"
    """No answer was expected."""


Judge = Callable[[Frame], AnswerKind]
"""A function that judges whether a RSP_UD answers the request: RESPONSE if so, else FOREIGN or REPEATED."""


def accept(frame: Frame) -> AnswerKind:
    """Accept any RSP_UD as the answer."""
    return AnswerKind.RESPONSE


@dataclass(frozen=True, slots=True)
class Exchange:
    """A telegram to send and the answer to wait for.

    `retries`: tries after the first. `judge`: decides which RSP_UD answers. `long_wait`: the request is sent only when
    late answers to earlier requests can no longer be mistaken for its own, and after the last try an answer may be 3 s
    late. Scans do not use it, because most addresses are silent. `alone`: no second slave can answer, so the exchange
    ends with the first answer. `window`: the seconds within which all answers begin, if that is known to be shorter
    than the standard's. `once`: answers of several slaves end the exchange without another try. `breaks_off`: a break
    ends the answer when its header, and a fabrication number right behind it, are received; the link must be able to
    send one.
    """

    frame: Frame
    expect: Expect
    retries: int = RETRIES
    judge: Judge = accept
    long_wait: bool = False
    alone: bool = False
    window: float | None = None
    once: bool = False
    breaks_off: bool = False


@dataclass(frozen=True, slots=True)
class SetSpeed:
    """A step that sets the speed (bit/s) of a procedure's further exchanges; None: the master's own.

    Each procedure begins at the master's own speed. The link changes when everything sent before has left.
    """

    baud: int | None


@dataclass(frozen=True, slots=True)
class Settle:
    """A step that waits until no late answer to an earlier request is possible any more."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The end of an exchange.

    `frame`: the good frame, if there is one. `raw`: all bytes of the last try, without an echo. `tries`: their number.
    `certain`: False for an E5, whole or damaged, that may belong to an earlier request, as it does not name its sender.
    `collision`: several slaves seem to have answered; `several`: each with a good answer. `strays`: good frames since
    the last answer that belong to no request, or to an earlier one; `unanswered`: the earlier requests to which these,
    or the E5 that is not certain, may belong. `waited`: seconds from the end of the last try to the last byte received,
    or without one to the end of the wait; None if the link did not report when the try had left. `broken_off`: `frame`
    is only the beginning of the answer, which no checksum has confirmed.
    """

    kind: AnswerKind
    frame: Frame | None = None
    raw: bytes = b""
    tries: int = 1
    certain: bool = True
    collision: bool = False
    several: bool = False
    strays: tuple[Frame, ...] = ()
    unanswered: tuple[Frame, ...] = ()
    waited: float | None = field(default=None, compare=False)
    broken_off: bool = False

    @property
    def answered(self) -> bool:
        """True if a slave seems to have answered this request, even with a damaged answer."""
        return self.kind in (AnswerKind.ACK, AnswerKind.RESPONSE, AnswerKind.GARBLED)


Result = TypeVar("Result")

Procedure = Generator[Exchange | Settle | SetSpeed, Answer, Result]
"""The type of a procedure that returns `Result`. It may raise ProcedureFailed."""


class ProcedureFailed(CodedError):
    """A procedure's end without a result; the message is one sentence."""
