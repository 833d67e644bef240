"""What a link's threads work on: a blocking byte stream of the operating system."""

from __future__ import annotations

import selectors
import socket
import threading
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Final

from cmi_gui.engine.link_protocol import LinkError, LinkNotice
from cmi_gui.engine.machine import Line, LineEvent
from cmi_gui.engine.messages import Message

POLL_SECONDS: Final = 0.1
"""The longest time a port may block in one call of `read` or `write` while nothing happens."""

STALL_SECONDS: Final = 5.0
"""A stream that takes no byte for so long is in the way, not slow."""

CHUNK: Final = 4096
"""Bytes that are read at once."""

WIRE_UNHEARD: Final = 16_384
"""`Port.max_unheard` of a real wire, which cannot be slowed down: about 19 s of characters at 9600 bit/s. When bytes
arrived while the reader waited is not known (`Arrival`)."""

_RETRY_SECONDS: Final = 0.005

USB_LAG_SECONDS: Final = 0.002
"""`Port.start_lag` of a real port: two frames of USB. Adapters that cannot tell when their transmitter is empty (CH340,
CDC) would change their speed inside an E5 otherwise. A master that hears it by USB needs longer to speak again."""

Heard = bytes | LineEvent | LinkNotice
"""What a port hears: bytes, or something beside them."""


class Port(ABC):
    """One open byte stream. `read` is called by the reader thread, `wake` by any, the rest by the writer thread.

    Each method raises `LinkError` (or `OSError`, which the link puts into words) when the stream is lost. After
    `wake` has been called once, `read` and `write` return without delay for ever; then the port can only be closed.
    """

    timed: bool = False
    """Whether writing takes time on a real wire, so that the end of a write is not the end of the telegram."""
    start_lag: float = 0.0
    """Seconds by which the device may begin to send after it was given bytes, and may be wrong about having ended."""
    hears: frozenset[LineEvent] = frozenset()
    """What it can tell beside bytes: BREAK; FRAMING or PARITY where it knows that a character is damaged."""
    max_unheard: int = 1024
    """Bytes under way to the engine's thread. A reader that is so far ahead waits: the peer of a flooded link is slowed
    down by the stream itself, and requests on other links and connections do not wait long behind what it sends."""

    @property
    @abstractmethod
    def url(self) -> str:
        """The port as a LINK, with what is really in use."""

    @abstractmethod
    def read(self) -> Sequence[Heard]:
        """What was heard, in order; empty after at most `POLL_SECONDS` of silence."""

    @abstractmethod
    def write(self, data: bytes) -> int:
        """Hand over bytes; returns how many were taken, 0 after at most `POLL_SECONDS`."""

    @abstractmethod
    def wake(self) -> None:
        """End all blocking, now and from now on."""

    @abstractmethod
    def close(self) -> None:
        """Give the stream back; no other call is under way or follows."""

    def peer_baud(self) -> int | None:
        """The other side's speed in bit/s, where the stream itself does not keep different speeds apart; else None."""
        return None

    def turn_to(self, peer: int) -> None:  # noqa: B027 - a stream that has no such thing does nothing
        """What is written next is for the `peer`-th speaker: 0 is the first, each `LineEvent.PEER` began the next."""

    def set_line(self, line: Line) -> None:  # noqa: B027 - a stream that has no such thing does nothing
        """Change speed and format."""

    def set_break(self, on: bool) -> None:  # noqa: B027 - a stream that has no such thing does nothing
        """Begin or end the space state."""

    def drain(self) -> None:  # noqa: B027 - a stream that has no such thing does nothing
        """Return when the last stop bit has left."""

    def discard_output(self) -> None:  # noqa: B027 - a stream that has no such thing does nothing
        """Forget what was written and has not left yet."""

    def stalled(self) -> None:
        """Nothing could be written for long: get rid of the obstacle, or raise."""
        message = Message("{0} takes no bytes any more; check the device or the other side.", (self.url,))
        raise LinkError("stalled", message)


class SelectingPort(Port):
    """A port that waits by a selector. A subclass registers what it reads from; `wake` makes the selector ready too.

    `_woken` is set by `wake`: to be waited for where the selector is of no use.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._woken = threading.Event()
        self._receiving, self._sending = socket.socketpair()
        self._sending.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._receiving, selectors.EVENT_READ)

    @property
    def url(self) -> str:
        """See `Port`."""
        return self._url

    def wake(self) -> None:
        """See `Port`."""
        if not self._woken.is_set():
            self._woken.set()
            self._sending.send(b"\0")

    def close(self) -> None:
        """See `Port`."""
        self._selector.close()
        self._receiving.close()
        self._sending.close()

    def _try_later(self) -> int:
        """Wait a moment before the next attempt to write; returns 0, the bytes that were taken."""
        self._woken.wait(_RETRY_SECONDS)
        return 0
