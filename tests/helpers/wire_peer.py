"""A scripted master on a wire in memory: it sends bytes and notes each character and line event with its time."""

from __future__ import annotations

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.link_protocol import Link, LinkError, LinkNotice
from cmi_gui.engine.machine import Line, LineEvent, LinkState, SendOutcome


class WirePeer:
    """A master that sends at `line`. Attributes, all since the last request: `log`, in order, and `sent_at`.

    `sent_at`: the time of the last stop bit of the request.
    """

    def __init__(self, clock: VirtualClock, link: Link, line: Line) -> None:
        self.line = line
        self.log: list[tuple[float, bytes | LineEvent]] = []
        self.sent_at = 0.0
        self._clock = clock
        self._link = link
        link.open(self)

    def ask(self, telegram: bytes, wait: float = 2.0) -> bytes:
        """Send a telegram; return the bytes received within `wait` seconds."""
        self.log.clear()
        self._link.send(1, telegram, self._clock.now(), self._clock.now() + 10)
        self._clock.advance(wait)
        return self.data

    def set_line(self, line: Line) -> None:
        """Send and receive at other line settings from now on."""
        self._link.set_line(2, line)
        self.line = line

    @property
    def data(self) -> bytes:
        return b"".join(item for _, item in self.log if isinstance(item, bytes))

    @property
    def events(self) -> list[LineEvent]:
        return [item for _, item in self.log if isinstance(item, LineEvent)]

    @property
    def starts(self) -> list[float]:
        """The bit times from the end of the request to the start bit of each character, or to each line event."""
        bits = [11 if isinstance(item, bytes) else 0 for _, item in self.log]
        return [(at - self.sent_at) * self.line.baud - each for (at, _), each in zip(self.log, bits, strict=True)]

    # LinkSink

    def received(self, data: bytes, last_byte_at: float) -> None:
        self.log.append((last_byte_at, data))

    def line_event(self, kind: LineEvent, at: float) -> None:
        self.log.append((at, kind))

    def notice(self, notice: LinkNotice) -> None:
        raise AssertionError(notice)

    def done(self, token: int, outcome: SendOutcome, at: float) -> None:
        assert outcome is SendOutcome.SENT
        self.sent_at = at

    def state(self, state: LinkState, cause: LinkError | None) -> None:
        assert state is LinkState.OPEN
