"""One request of a master and its answer, and procedures, which are made of exchanges.

A *procedure* is a generator that yields an `Exchange`, a `Settle` or a `SetSpeed` and is sent an `Answer`; so reading a
slave, scanning a bus or writing settings is written once, as plain code, and needs neither a clock nor an event loop.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.messages import CodedError

RETRIES = 2
"""Tries after the first [DOC48 §5.4]."""


class Expect(StrEnum):
    """What ends an exchange well."""

    ACK = "ack"
    RESPONSE = "response"
    """A RSP_UD, or E5 for "no data"."""
    NOTHING = "nothing"
    """A broadcast: nobody answers."""


class AnswerKind(StrEnum):
    """How an exchange ended."""

    ACK = "ack"
    RESPONSE = "response"
    SILENCE = "silence"
    """Nothing came, or only noise of the line."""
    GARBLED = "garbled"
    """Something came, but no good frame, or more than one: a collision, or a disturbed line."""
    FOREIGN = "foreign"
    """Each try was answered by a good RSP_UD, but of another slave than the one asked, the same each time."""
    REPEATED = "repeated"
    """Only the telegram before came again."""
    NONE = "none"
    """Nothing was expected."""


Judge = Callable[[Frame], AnswerKind]
"""Whether a RSP_UD answers the request: RESPONSE, or why not: FOREIGN, REPEATED."""


def accept(frame: Frame) -> AnswerKind:
    """Take any RSP_UD for the answer."""
    return AnswerKind.RESPONSE


@dataclass(frozen=True, slots=True)
class Exchange:
    """A telegram to send and what to wait for.

    `retries`: tries after the first. `judge`: which RSP_UD answers. `patient`: nothing is sent before late answers to
    earlier requests can no longer be taken for this one's, and after the last try an answer may be 3 s late; scans do
    without, as most of what they ask is silent. `alone`: no second slave can answer, so that none is waited for.
    """

    frame: Frame
    expect: Expect
    retries: int = RETRIES
    judge: Judge = accept
    patient: bool = False
    alone: bool = False


@dataclass(frozen=True, slots=True)
class SetSpeed:
    """The speed in bit/s of the exchanges that follow in a procedure. None: the master's own, with which each begins.

    The link changes to it once all that was sent before has left.
    """

    baud: int | None


@dataclass(frozen=True, slots=True)
class Settle:
    """Wait until no late answer to an earlier request can come any more."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The end of an exchange.

    `frame`: the good frame, if there is one. `raw`: all bytes of the last try, without an echo. `tries`: how many.
    `certain`: False for an E5, whole or damaged, that may belong to an earlier request, as it names nobody.
    `collision`: several slaves seem to have answered; `several`: with a good answer each. `strays`: good frames since
    the last answer that belong to no request, or to an earlier one; `unanswered`: the earlier requests to which these,
    or the E5 that is not certain, may belong.
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

    @property
    def somebody(self) -> bool:
        """Whether anything answered this request, as far as can be told."""
        return self.kind in (AnswerKind.ACK, AnswerKind.RESPONSE, AnswerKind.GARBLED)


Result = TypeVar("Result")

Procedure = Generator[Exchange | Settle | SetSpeed, Answer, Result]
"""What a master does, and what it returns. May raise ProcedureFailed."""


class ProcedureFailed(CodedError):
    """A procedure's own end without a result; the message is one sentence."""
