"""A link around another one that passes on everything, both ways; a subclass changes part of that."""

# ruff: noqa: D102 - `Link` and `LinkSink` have these docstrings.
from __future__ import annotations

from cmi_gui.engine.link_protocol import Cap, Link, LinkError, LinkNotice, LinkSink
from cmi_gui.engine.machine import Line, LineEvent, LinkState, SendOutcome


class WrappedLink:
    """A `Link` that uses `link` and is the `LinkSink` of it."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self._sink: LinkSink | None = None

    @property
    def caps(self) -> frozenset[Cap]:
        return self.link.caps

    @property
    def url(self) -> str:
        return self.link.url

    def open(self, sink: LinkSink) -> None:
        self._sink = sink
        self.link.open(self)

    def send(self, token: int, data: bytes, not_before: float, not_after: float) -> None:
        self.link.send(token, data, not_before, not_after)

    def set_line(self, token: int, line: Line) -> None:
        self.link.set_line(token, line)

    def send_break(self, token: int, seconds: float) -> None:
        self.link.send_break(token, seconds)

    def send_error(self, token: int, kind: LineEvent, not_before: float) -> None:
        self.link.send_error(token, kind, not_before)

    def abort(self) -> None:
        self.link.abort()

    def delivered(self) -> None:
        self.link.delivered()

    def close(self) -> None:
        self._sink = None
        self.link.close()

    # LinkSink, for the link inside

    def received(self, data: bytes, last_byte_at: float) -> None:
        if self._sink is not None:
            self._sink.received(data, last_byte_at)

    def line_event(self, kind: LineEvent, at: float) -> None:
        if self._sink is not None:
            self._sink.line_event(kind, at)

    def notice(self, notice: LinkNotice) -> None:
        if self._sink is not None:
            self._sink.notice(notice)

    def done(self, token: int, outcome: SendOutcome, at: float) -> None:
        if self._sink is not None:
            self._sink.done(token, outcome, at)

    def state(self, state: LinkState, cause: LinkError | None) -> None:
        if self._sink is not None:
            self._sink.state(state, cause)
