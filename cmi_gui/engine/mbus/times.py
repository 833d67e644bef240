"""The times of the link layer, counted in bit times [DOC48 §5.4]."""

from __future__ import annotations

from cmi_gui.engine.machine import Line

RESPONSE_MIN_BITS = 11
"""An answer starts no earlier than this after the last stop bit of the request."""
RESPONSE_MAX_BITS = 330
RESPONSE_MAX_EXTRA = 0.050
"""... and no later than RESPONSE_MAX_BITS and these seconds."""
IDLE_BITS = 33
"""A line idle for this long ends a telegram; so long it rests before the next try after a fault."""


def response_window(line: Line) -> float:
    """Return the seconds within which an answer starts."""
    return RESPONSE_MAX_BITS * line.bit_time + RESPONSE_MAX_EXTRA
