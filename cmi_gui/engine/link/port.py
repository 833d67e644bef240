"""A blocking byte stream of the operating system, which the threads of a link work on."""

from __future__ import annotations

import selectors
import socket
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Final

from cmi_gui.engine.link_protocol import LinkError, LinkNotice
from cmi_gui.engine.machine import Line, LineEvent
from cmi_gui.engine.messages import Message

POLL_SECONDS: Final = 0.1
"""The longest time a port may block in one call of `read` or `write` while nothing happens."""

STALL_SECONDS: Final = 5.0
"""The time after which a stream that accepts no byte counts as stalled."""

CHUNK: Final = 4096
"""The maximum number of bytes that one call reads."""

WIRE_MAX_PENDING: Final = 16_384
"""`Port.max_pending` of a real wire, which cannot be slowed down: about 19 s of characters at 9600 bit/s. It is large
because the arrival times of bytes that come while the reader waits are not known (`Arrival`)."""

_RETRY_SECONDS: Final = 0.005

USB_LAG_SECONDS: Final = 0.002
"""`Port.start_lag` of a real port: two frames of USB. Adapters that do not report when their transmitter is empty
(CH340, CDC) would otherwise change their speed inside an E5. A master behind USB needs longer to send again."""

PortItem = bytes | LineEvent | LinkNotice
"""An item that a port receives: bytes, a line event, or a notice."""


class Port(ABC):
    """One open byte stream. `read` is called by the reader thread, `wake` by any, the rest by the writer thread.

    Each method raises `LinkError` (or `OSError`, which the link turns into one) when the stream is lost. After the
    first call of `wake`, `read` and `write` always return without delay; then the port can only be closed.
    """

    timed: bool = False
    """True if writing takes time on a real wire, so that the end of a write is not the end of the telegram."""
    start_lag: float = 0.0
    """The seconds by which the device may begin to send after it got bytes, and may report their end too early."""
    reported_events: frozenset[LineEvent] = frozenset()
    """The events it can report: BREAK; FRAMING or PARITY if it detects damaged characters."""
    waited_until: float | None = None
    """The time at which the last `read` ended its wait, before it took the bytes; None: it is that of its end."""
    max_pending: int = 1024
    """The number of bytes on their way to the engine's thread from which on the reader waits. So the stream itself
    slows down the peer of a flooded link, and other links and connections do not wait long behind its bytes."""

    @property
    @abstractmethod
    def url(self) -> str:
        """The port as a LINK, with the port or path that is really in use."""

    @abstractmethod
    def read(self) -> Sequence[PortItem]:
        """Return what was received, in order; empty after at most `POLL_SECONDS` of silence."""

    @abstractmethod
    def write(self, data: bytes) -> int:
        """Hand over bytes; return how many were taken, 0 after at most `POLL_SECONDS`."""

    @abstractmethod
    def wake(self) -> None:
        """End all blocking, now and from now on."""

    @abstractmethod
    def close(self) -> None:
        """Close the stream; no other call is under way or follows."""

    def peer_baud(self) -> int | None:
        """Return the other side's speed in bit/s if the stream carries bytes of any speed; else None."""
        return None

    def select_peer(self, peer: int) -> None:  # noqa: B027 - a stream without this does nothing
        """Write to the `peer`-th sender from now on: 0 is the first, each `LineEvent.PEER` began the next."""

    def set_line(self, line: Line) -> None:  # noqa: B027 - a stream without this does nothing
        """Change speed and format."""

    def set_break(self, on: bool) -> None:  # noqa: B027 - a stream without this does nothing
        """Begin or end the space state."""

    def drain(self) -> None:  # noqa: B027 - a stream without this does nothing
        """Wait until the last stop bit has left."""

    def discard_output(self) -> None:  # noqa: B027 - a stream without this does nothing
        """Discard what was written and has not left yet."""

    def clear_stall(self) -> None:
        """Remove what has kept `write` from taking bytes for `STALL_SECONDS`, or raise LinkError (`stalled`)."""
        message = Message("{0} no longer accepts data; check the device or the other side.", (self.url,))
        raise LinkError("stalled", message)


class SelectingPort(Port):
    """A port that waits by a selector. A subclass registers what it reads from; `wake` makes the selector ready too.

    `baud`: the other side's speed in bit/s, if it is known and fixed. `wake` also sets the event `_woken`, which can be
    waited for if the selector cannot be used.
    """

    def __init__(self, url: str, baud: int | None = None) -> None:
        self._url = url
        self._baud = baud
        self._woken = threading.Event()
        self._receiving, self._sending = socket.socketpair()
        self._sending.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._receiving, selectors.EVENT_READ)

    @property
    def url(self) -> str:
        """The port as a LINK, with the port or path that is really in use."""
        return self._url

    def peer_baud(self) -> int | None:
        """Return the other side's speed in bit/s, or None."""
        return self._baud

    def wake(self) -> None:
        """End all blocking, now and from now on."""
        if not self._woken.is_set():
            self._woken.set()
            self._sending.send(b"\0")

    def close(self) -> None:
        """Close the stream."""
        self._selector.close()
        self._receiving.close()
        self._sending.close()

    def _select(self, seconds: float) -> list[tuple[selectors.SelectorKey, int]]:
        """Wait until something is ready, `seconds` at most; return what is."""
        ready = self._selector.select(seconds)
        # The other threads may run before the bytes are taken.
        self.waited_until = time.perf_counter()
        return ready

    def _try_later(self) -> int:
        """Wait before the next attempt to write; return 0, the number of bytes taken."""
        self._woken.wait(_RETRY_SECONDS)
        return 0
