"""The events of a slave."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cmi_gui.engine.machine import Line, LineEvent
from cmi_gui.engine.mbus.frame_decoder import FrameEvent
from cmi_gui.engine.mbus.line_speed import SpeedCause


class Verdict(StrEnum):
    """The outcome of something received."""

    ANSWERED = "answered"
    """A RSP_UD follows."""
    ACKNOWLEDGED = "acknowledged"
    """E5 follows."""
    DUPLICATE = "duplicate"
    """E5 follows; the command was a repetition and is not executed again."""
    BROADCAST = "broadcast"
    """Executed, never answered."""
    DESELECTED = "deselected"
    """No answer: a selection that does not match this slave, or one in mode 2; the slave is no longer selected."""
    NOT_FOR_ME = "not_for_me"
    NOT_SELECTED = "not_selected"
    """Addressed to 253 while this slave is not selected."""
    NOT_A_REQUEST = "not_a_request"
    """A good frame that no slave answers: from another slave, or with a C field or format of no request."""
    DAMAGED = "damaged"
    UNPOWERED = "unpowered"


@dataclass(frozen=True, slots=True)
class LineDisturbed:
    """Characters that the line could not read (framing, parity, overrun), reported once per run."""

    kind: LineEvent
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class Received:
    """A frame, damage or a line error that was received, and its verdict. `at`: its last stop bit, in seconds."""

    event: FrameEvent | LineDisturbed
    verdict: Verdict
    at: float


@dataclass(frozen=True, slots=True)
class AnswerExpired:
    """An answer that was not sent: it missed its window, or the master sent something new first."""

    telegram: bytes
    at: float


@dataclass(frozen=True, slots=True)
class SpeedChanged:
    """A change of the link's speed, or the end of a search that has found the present one."""

    line: Line
    cause: SpeedCause
