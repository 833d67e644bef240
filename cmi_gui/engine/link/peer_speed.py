"""The speed of the other end of a link, which pseudo-terminals and wires in memory can tell."""

from __future__ import annotations

from cmi_gui.engine.link.memory import MemoryLink
from cmi_gui.engine.link.pty import PtyLink
from cmi_gui.engine.link.wrapped import WrappedLink
from cmi_gui.engine.link_protocol import Link


def peer_baud(link: Link) -> int | None:
    """Return the speed in bit/s that the peer of a link had set when it last sent; None if not known."""
    inner = link
    while isinstance(inner, WrappedLink):
        inner = inner.link
    return inner.peer_baud if isinstance(inner, PtyLink | MemoryLink) else None
