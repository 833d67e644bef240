"""Tests of damaged bytes: an overlay of several answers, or noise of the line.

On an M-Bus the space (0) of any slave wins [DOC48 §4]: the first byte of an overlay has no 1 bit that the first byte of
an answer, E5 or 68, does not have.
"""

from __future__ import annotations

from cmi_gui.engine.mbus.frame import ACK_BYTE, LONG_BYTE

MOST_NOISE = 4
"""Maximum number of damaged bytes that count as noise. Assumption: level converters add one to three (libmbus #131)."""
_IDLE = frozenset((0x00, 0xFF))
_SHORTEST_TELEGRAMS = 5
"""Minimum number of bytes of overlaid telegrams (nine or more each) where damaged characters are dropped.
Assumption."""


def may_be_acks(damage: bytes) -> bool:
    """Return whether damaged bytes can be the overlay of acknowledgements."""
    return bool(damage) and damage[0] != 0 and not damage[0] & ~ACK_BYTE


def may_be_telegrams(damage: bytes) -> bool:
    """Return whether damaged bytes can be the overlay of telegrams."""
    return len(damage) >= _SHORTEST_TELEGRAMS and not damage[0] & ~LONG_BYTE and not _IDLE.issuperset(damage)


def is_noise(damage: bytes) -> bool:
    """Return whether damaged bytes that are not an overlay may be noise of the line."""
    return len(damage) <= MOST_NOISE or _IDLE.issuperset(damage)
