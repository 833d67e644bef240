"""Everything that is a byte stream is a Link: the one interface of serial ports, TCP, pseudo-terminals and memory."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from cmi_gui.engine.machine import Line, LineEvent, LinkState, SendOutcome
from cmi_gui.engine.messages import CodedError, Message


class LinkError(CodedError):
    """A link cannot be what was asked: `code` names the cause, the message says it in one line with the way out."""


@dataclass(frozen=True, slots=True)
class LinkNotice:
    """Something that happened at a link and that people want to know, beside what it carries. `code` is stable."""

    code: str
    message: Message


class Cap(Enum):
    """What a link can do beyond carrying bytes."""

    BAUD = "baud"
    """It has a line speed and hears only its own."""
    PARITY = "parity"
    BREAK_TX = "break_tx"
    BREAK_RX = "break_rx"
    LINE_ERRORS = "line_errors"


class LinkSink(Protocol):
    """Who listens to a link. Every call comes on the engine's thread."""

    def received(self, data: bytes, last_byte_at: float) -> None:
        """Bytes came; the last stop bit was at `last_byte_at`."""

    def line_event(self, kind: LineEvent, at: float) -> None:
        """The link noticed something beside bytes."""

    def notice(self, notice: LinkNotice) -> None:
        """Something happened that people want to know."""

    def done(self, token: int, outcome: SendOutcome, at: float) -> None:
        """An action ended; for a write, `at` is its last stop bit."""

    def state(self, state: LinkState, cause: LinkError | None) -> None:
        """The link's state changed."""


class Link(Protocol):
    """A byte stream. `send`, `set_line` and `send_break` share one first-in-first-out queue."""

    @property
    def caps(self) -> frozenset[Cap]:
        """What it can do."""

    @property
    def url(self) -> str:
        """What it is, as a LINK URL: once open, with the port or path really in use."""

    def open(self, sink: LinkSink) -> None:
        """Start; `sink.state` tells how it went. Raises nothing that depends on the outer world."""

    def send(self, token: int, data: bytes, not_before: float, not_after: float) -> None:
        """Queue bytes; see `Write`."""

    def set_line(self, token: int, line: Line) -> None:
        """Queue a change of speed and format; done at once where there is none."""

    def send_break(self, token: int, seconds: float) -> None:
        """Queue a break; done at once where there is none."""

    def abort(self) -> None:
        """Drop the queue and stop inside a telegram; each thing dropped is `done` as aborted."""

    def delivered(self) -> None:
        """See `Delivered`: a write that only waits for the end of its time on the wire is done now."""

    def close(self) -> None:
        """Stop, drop the queue, give everything back. Idempotent; after it the sink hears nothing more."""
