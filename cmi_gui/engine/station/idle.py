"""The pause that is allowed within an M-Bus telegram, by the kind of link."""

from __future__ import annotations

from cmi_gui.engine.link_protocol import Cap, Link

IDLE = 0.050
"""The seconds beyond 33 bit times that a telegram may pause: USB adapters deliver bytes late."""
NETWORK_IDLE = 0.200
"""The seconds of pause allowed on links without a speed, where a network delivers the bytes in groups."""


def idle_extra(link: Link) -> float:
    """Return the seconds beyond 33 bit times that a telegram on `link` may pause."""
    return IDLE if Cap.BAUD in link.caps else NETWORK_IDLE
