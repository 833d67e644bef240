"""The times of the link layer, in bit times [DOC48 §5.4]."""

from __future__ import annotations

from cmi_gui.engine.machine import Line

RESPONSE_MIN_BITS = 11
"""Minimum number of bit times between the last stop bit of a request and the start of its answer."""
RESPONSE_MAX_BITS = 330
RESPONSE_MAX_EXTRA = 0.050
"""An answer starts no later than `RESPONSE_MAX_BITS` bit times plus these seconds after the request."""
IDLE_BITS = 33
"""Idle bit times that end a telegram, and that a master waits before the next try after a fault."""


def response_window(line: Line) -> float:
    """Return the seconds within which an answer starts."""
    return RESPONSE_MAX_BITS * line.bit_time + RESPONSE_MAX_EXTRA


def idle_time(baud: int, extra: float) -> float:
    """Return the seconds of silence that end a telegram at `baud` bit/s: 33 bit times, and `extra` seconds."""
    return IDLE_BITS / baud + extra
