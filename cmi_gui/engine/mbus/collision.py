"""Telling the overlay of several answers from the noise of a line.

On an M-Bus the space of any slave wins [DOC48 §4]: the first byte of an overlay has no bit that the first byte of an
answer, E5 or 68, has not.
"""

from __future__ import annotations

from cmi_gui.engine.mbus.frame import ACK_BYTE, LONG_BYTE

MOST_NOISE = 4
"""Damaged bytes that the line alone may have made. Assumption: level converters add one to three (libmbus #131)."""
_IDLE = frozenset((0x00, 0xFF))
_SHORTEST_TELEGRAMS = 5
"""Bytes left of two telegrams, of nine bytes at least, where damaged characters are dropped. Assumption."""


def may_be_acks(damage: bytes) -> bool:
    """Return whether damaged bytes can be the overlay of acknowledgements."""
    return bool(damage) and damage[0] != 0 and not damage[0] & ~ACK_BYTE


def may_be_telegrams(damage: bytes) -> bool:
    """Return whether damaged bytes can be the overlay of telegrams."""
    return len(damage) >= _SHORTEST_TELEGRAMS and not damage[0] & ~LONG_BYTE and not _IDLE.issuperset(damage)


def is_noise(damage: bytes) -> bool:
    """Return whether damaged bytes that are no overlay may come from the line alone."""
    return len(damage) <= MOST_NOISE or _IDLE.issuperset(damage)
