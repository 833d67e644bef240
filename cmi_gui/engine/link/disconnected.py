"""A link without another end, which replaces the link of a machine while that link is disconnected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.link.queued import Item, QueuedLink
from cmi_gui.engine.link_protocol import Cap, LinkError, LinkSink
from cmi_gui.engine.machine import LinkState, SendOutcome, SetLine


@dataclass(eq=False)
class DisconnectedLink(QueuedLink):
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

    def abort(self) -> None:
        """Do nothing, as nothing is queued."""

    def delivered(self) -> None:
        """Do nothing, as nothing is queued."""

    def close(self) -> None:
        """Stop reporting to the sink."""
        self._sink = None

    def _put(self, item: Item) -> None:
        """Report a change of the line settings as done, and anything else as aborted."""
        outcome = SendOutcome.SENT if isinstance(item, SetLine) else SendOutcome.ABORTED
        self._clock.post(lambda: self._sink.done(item.token, outcome, self._clock.now()) if self._sink else None)
