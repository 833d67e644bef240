"""A link that leads nowhere: what a machine has while its own link is taken away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.link_protocol import Cap, LinkError, LinkSink
from cmi_gui.engine.machine import Line, LinkState, SendOutcome


@dataclass(eq=False)
class CutLink:
    """Stays closed when it is opened, and says why; whatever is sent is aborted at once, so that no machine waits."""

    _clock: Clock
    url: str
    """The link that was here."""
    _cause: LinkError
    _sink: LinkSink | None = None
    caps: ClassVar[frozenset[Cap]] = frozenset()

    def open(self, sink: LinkSink) -> None:
        """See `Link`."""
        self._sink = sink
        sink.state(LinkState.CLOSED, self._cause)

    def send(self, token: int, data: bytes, not_before: float, not_after: float) -> None:
        """See `Link`."""
        self._answer(token, SendOutcome.ABORTED)

    def set_line(self, token: int, line: Line) -> None:
        """See `Link`."""
        self._answer(token, SendOutcome.SENT)

    def send_break(self, token: int, seconds: float) -> None:
        """See `Link`."""
        self._answer(token, SendOutcome.ABORTED)

    def abort(self) -> None:
        """See `Link`; nothing waits here."""

    def delivered(self) -> None:
        """See `Link`; nothing waits here."""

    def close(self) -> None:
        """See `Link`."""
        self._sink = None

    def _answer(self, token: int, outcome: SendOutcome) -> None:
        # Never inside the call, as with every other link.
        self._clock.post(lambda: self._sink.done(token, outcome, self._clock.now()) if self._sink else None)
