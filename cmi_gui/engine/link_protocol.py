"""The interface of a link, common to serial ports, TCP, pseudo-terminals and in-memory links."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from cmi_gui.engine.machine import Line, LineEvent, LinkState, SendOutcome
from cmi_gui.engine.messages import CodedError, Message


class LinkError(CodedError):
    """An error of a link: `code` names the cause, the message describes it and its remedy in one line."""


@dataclass(frozen=True, slots=True)
class LinkNotice:
    """A notice about a link, for the user; `code` is stable."""

    code: str
    message: Message


class Cap(Enum):
    """A capability of a link beyond carrying bytes."""

    BAUD = "baud"
    """The link has a line speed and receives only at that speed."""
    TIMED = "timed"
    """The characters on the link take their time, so that the beginning of a telegram follows from its end."""
    PARITY = "parity"
    BREAK_TX = "break_tx"
    BREAK_RX = "break_rx"
    LINE_ERRORS = "line_errors"
    ERRORS_TX = "errors_tx"
    """The link can send characters that arrive as line errors."""


class LinkSink(Protocol):
    """The receiver of a link's callbacks, which all come on the engine's thread."""

    def received(self, data: bytes, last_byte_at: float) -> None:
        """Process received bytes; `last_byte_at` is the time of the last stop bit."""

    def line_event(self, kind: LineEvent, at: float) -> None:
        """Process a line event, such as a break."""

    def notice(self, notice: LinkNotice) -> None:
        """Process a notice for the user."""

    def done(self, token: int, outcome: SendOutcome, at: float) -> None:
        """Process the end of an action; for a write, `at` is the time of its last stop bit."""

    def state(self, state: LinkState, cause: LinkError | None) -> None:
        """Process the new state of the link; `cause` is the error that led to it, or None."""


class Link(Protocol):
    """A byte stream. `send`, `set_line`, `send_break` and `send_error` share one first-in-first-out queue."""

    @property
    def caps(self) -> frozenset[Cap]:
        """The capabilities of the link."""

    @property
    def url(self) -> str:
        """The LINK URL; once open, with the port or path actually in use."""

    def open(self, sink: LinkSink) -> None:
        """Start opening; `sink.state` reports the result. Failures of the environment are not raised."""

    def send(self, token: int, data: bytes, not_before: float, not_after: float) -> None:
        """Queue bytes to be sent; the arguments are those of `Write`."""

    def set_line(self, token: int, line: Line) -> None:
        """Queue a change of the line settings; a link without them reports it as done at once."""

    def send_break(self, token: int, seconds: float) -> None:
        """Queue a break of `seconds`; a link that cannot send one reports it as done at once."""

    def send_error(self, token: int, kind: LineEvent, not_before: float) -> None:
        """Queue a character that arrives as the line error `kind`, and does not begin before `not_before` (seconds).

        A link without `ERRORS_TX` reports it as done.
        """

    def abort(self) -> None:
        """Drop the queue and stop inside a telegram; each dropped action is reported as aborted by `done`."""

    def delivered(self) -> None:
        """Report as done now a write that only waits for the end of its time on the wire; see `Delivered`."""

    def close(self) -> None:
        """Stop, drop the queue and release all resources. Idempotent; the sink is not called any more."""
