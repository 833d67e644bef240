"""A link without the echo of one's own words."""

from __future__ import annotations

from cmi_gui.engine.clock import Alarm, Clock
from cmi_gui.engine.link.echo import EchoFilter, Piece
from cmi_gui.engine.link_protocol import Cap, Link, LinkError, LinkNotice, LinkSink
from cmi_gui.engine.machine import Line, LineEvent, LinkState, SendOutcome


class EchoLink:
    """Takes the echo away from `link`.

    `always`: see `EchoFilter`. `line`: what the link starts at; None where it has no speed, so that nothing is known of
    how long a telegram takes.
    """

    def __init__(self, link: Link, clock: Clock, *, always: bool, line: Line | None) -> None:
        self.link = link
        self._clock = clock
        self._line = line
        self._filter = EchoFilter(always=always)
        self._alarm = Alarm(clock, self._tick)
        self._sink: LinkSink | None = None
        self._breaks: set[int] = set()

    @property
    def echo(self) -> bool | None:
        """Whether the line echoes; None: not known yet."""
        return self._filter.learned

    @property
    def caps(self) -> frozenset[Cap]:
        """See `Link`."""
        return self.link.caps

    @property
    def url(self) -> str:
        """See `Link`."""
        return self.link.url

    def open(self, sink: LinkSink) -> None:
        """See `Link`."""
        self._sink = sink
        self.link.open(self)

    def send(self, token: int, data: bytes, not_before: float, not_after: float) -> None:
        """See `Link`."""
        seconds = 0.0 if self._line is None else len(data) * self._line.char_time
        self._filter.saying(token, data, max(not_before, self._clock.now()), seconds)
        self.link.send(token, data, not_before, not_after)

    def set_line(self, token: int, line: Line) -> None:
        """See `Link`."""
        if self._line is not None:
            self._line = line
        self.link.set_line(token, line)

    def send_break(self, token: int, seconds: float) -> None:
        """See `Link`."""
        self._breaks.add(token)
        self.link.send_break(token, seconds)

    def abort(self) -> None:
        """See `Link`."""
        self.link.abort()

    def close(self) -> None:
        """See `Link`."""
        self._sink = None
        self._alarm.set(None)
        self.link.close()
        self._filter.forget()
        self._breaks.clear()

    # LinkSink, for the link below

    def received(self, data: bytes, last_byte_at: float) -> None:
        """See `LinkSink`."""
        self._deliver(self._filter.heard(data, last_byte_at))

    def line_event(self, kind: LineEvent, at: float) -> None:
        """See `LinkSink`; damage to the own echo, and the echo of a break of one's own, are nobody's business."""
        if kind is LineEvent.BREAK and self._breaks and self.echo:
            return
        if kind in (LineEvent.FRAMING, LineEvent.PARITY) and self._filter.damaged(at):
            return
        if kind is LineEvent.BREAK:
            self._deliver(self._filter.interrupted(at))
        elif kind is not LineEvent.OVERRUN:
            self._deliver(self._filter.forget())
        if self._sink is not None:
            self._sink.line_event(kind, at)

    def notice(self, notice: LinkNotice) -> None:
        """See `LinkSink`."""
        if self._sink is not None:
            self._sink.notice(notice)

    def done(self, token: int, outcome: SendOutcome, at: float) -> None:
        """See `LinkSink`."""
        self._breaks.discard(token)
        self._deliver(self._filter.said(token, outcome, at))
        if self._sink is not None:
            self._sink.done(token, outcome, at)

    def state(self, state: LinkState, cause: LinkError | None) -> None:
        """See `LinkSink`."""
        if state is not LinkState.OPEN:
            self._deliver(self._filter.forget())
        if self._sink is not None:
            self._sink.state(state, cause)

    def _tick(self) -> None:
        self._deliver(self._filter.tick(self._clock.now()))

    def _deliver(self, pieces: list[Piece]) -> None:
        # Before anybody hears of them, because whoever does may send at once.
        self._alarm.set(self._filter.deadline)
        for data, at in pieces:
            if self._sink is not None:
                self._sink.received(data, at)


def learned_echo(link: Link) -> bool | None:
    """Whether what is said on a link comes back and is taken away; None where that is not known, or not looked for."""
    return link.echo if isinstance(link, EchoLink) else None
