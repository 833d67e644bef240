"""A link without another end, which replaces the link of a machine while that link is disconnected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.link_protocol import Cap, LinkError, LinkSink
from cmi_gui.engine.machine import Line, LineEvent, LinkState, SendOutcome


@dataclass(eq=False)
class DisconnectedLink:
    """A link that stays closed and reports the cause when opened; it aborts all writes, so that no machine waits."""

    _clock: Clock
    url: str
    """The LINK of the link that it replaces."""
    _cause: LinkError
    _sink: LinkSink | None = None
    caps: ClassVar[frozenset[Cap]] = frozenset()

    def open(self, sink: LinkSink) -> None:
        """Report the cause to `sink`; the link stays closed."""
        self._sink = sink
        sink.state(LinkState.CLOSED, self._cause)

    def send(self, token: int, data: bytes, not_before: float, not_after: float) -> None:
        """Abort the write."""
        self._report(token, SendOutcome.ABORTED)

    def set_line(self, token: int, line: Line) -> None:
        """Report the change as done; it has no effect."""
        self._report(token, SendOutcome.SENT)

    def send_break(self, token: int, seconds: float) -> None:
        """Abort the break."""
        self._report(token, SendOutcome.ABORTED)

    def send_error(self, token: int, kind: LineEvent) -> None:
        """Abort the error."""
        self._report(token, SendOutcome.ABORTED)

    def abort(self) -> None:
        """Do nothing, as nothing is queued."""

    def delivered(self) -> None:
        """Do nothing, as nothing is queued."""

    def close(self) -> None:
        """Stop reporting to the sink."""
        self._sink = None

    def _report(self, token: int, outcome: SendOutcome) -> None:
        # As with every other link, `done` is never called inside `send`.
        self._clock.post(lambda: self._sink.done(token, outcome, self._clock.now()) if self._sink else None)
