"""A link whose echo of what is sent is removed."""

# ruff: noqa: D102 - `Link` and `LinkSink` have these docstrings.
from __future__ import annotations

from cmi_gui.engine.clock import Alarm, Clock
from cmi_gui.engine.link.echo import EchoFilter, Piece
from cmi_gui.engine.link.wrapped import WrappedLink
from cmi_gui.engine.link_protocol import Link, LinkError
from cmi_gui.engine.machine import Line, LineEvent, LinkState, SendOutcome


class EchoLink(WrappedLink):
    """A link that removes the echo from `link`.

    `always`: see `EchoFilter`. `line`: the line settings at the start; None if the link has no speed, so that the
    duration of a telegram is not known.
    """

    def __init__(self, link: Link, clock: Clock, *, always: bool, line: Line | None) -> None:
        super().__init__(link)
        self._clock = clock
        self._line = line
        self._filter = EchoFilter(always=always)
        self._alarm = Alarm(clock, self._tick)
        self._breaks: set[int] = set()

    @property
    def echo(self) -> bool | None:
        """True if the line echoes; None: not known yet."""
        return self._filter.learned

    def send(self, token: int, data: bytes, not_before: float, not_after: float) -> None:
        seconds = 0.0 if self._line is None else len(data) * self._line.char_time
        self._filter.write_begun(token, data, max(not_before, self._clock.now()), seconds)
        super().send(token, data, not_before, not_after)

    def set_line(self, token: int, line: Line) -> None:
        if self._line is not None:
            self._line = line
        super().set_line(token, line)

    def send_break(self, token: int, seconds: float) -> None:
        self._breaks.add(token)
        super().send_break(token, seconds)

    def close(self) -> None:
        self._alarm.set(None)
        super().close()
        self._filter.reset()
        self._breaks.clear()

    # LinkSink, for the link inside

    def received(self, data: bytes, last_byte_at: float) -> None:
        self._deliver(self._filter.received(data, last_byte_at))

    def line_event(self, kind: LineEvent, at: float) -> None:
        """Pass on an event of the line, except damage to an echo and the echo of a break."""
        if kind is LineEvent.BREAK and self._breaks and self.echo:
            return
        if kind in (LineEvent.FRAMING, LineEvent.PARITY) and self._filter.damage_received(at):
            return
        if kind is LineEvent.BREAK:
            self._deliver(self._filter.break_received(at))
        elif kind is not LineEvent.OVERRUN:
            self._deliver(self._filter.reset())
        super().line_event(kind, at)

    def done(self, token: int, outcome: SendOutcome, at: float) -> None:
        self._breaks.discard(token)
        self._deliver(self._filter.write_done(token, outcome, at))
        super().done(token, outcome, at)

    def state(self, state: LinkState, cause: LinkError | None) -> None:
        if state is not LinkState.OPEN:
            self._deliver(self._filter.reset())
        super().state(state, cause)

    def _tick(self) -> None:
        self._deliver(self._filter.tick(self._clock.now()))

    def _deliver(self, pieces: list[Piece]) -> None:
        # The alarm is set first, because the receiver may send at once.
        self._alarm.set(self._filter.deadline)
        for data, at in pieces:
            super().received(data, at)


def learned_echo(link: Link) -> bool | None:
    """Return whether what is sent on a link comes back and is removed; None: not known, or not looked for."""
    return link.echo if isinstance(link, EchoLink) else None
