"""The choice of a reading device's speed: the offered one, unless nothing could be read at it."""

from __future__ import annotations

from cmi_gui.engine.iec62056.events import Limits
from cmi_gui.engine.iec62056.message import Identification

_START = "0"
"""Z of an option select that keeps 300 bit/s (IEC 62056-21 6.3.3)."""


class SpeedChoice:
    """The choice of the speed, from the results of earlier exchanges with the same device.

    A head may be too slow for the offered speed, and a meter that missed the option select sends its list at 300 bit/s.
    Both look the same: a good identification, then no message. After `unreadable` such exchanges in a row the next
    `slow_exchanges` stay at 300 bit/s; then the offered speed is tried again. A speed above `max_baud` is never used.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._slow_left = 0
        self._failures = 0
        # Whether a higher speed was requested and nothing has been read at it yet.
        self._on_trial = False

    def choose(self, identification: Identification) -> str:
        """Return Z of the option select for a device with this identification."""
        self._on_trial = False
        if self._slow_left:
            self._slow_left -= 1
            return _START
        if identification.baud is None or identification.baud > self._limits.max_baud:
            return _START
        self._on_trial = identification.speed != _START
        return identification.speed

    def readable(self) -> None:
        """Record that the speed has proved right, even if the message was damaged."""
        if self._on_trial:
            self._on_trial = False
            self._failures = 0

    def failed(self) -> bool:
        """Record a failure after the option select; return whether the offered speed is given up for a while."""
        if not self._on_trial:
            return False
        self._on_trial = False
        self._failures += 1
        if self._failures < self._limits.unreadable:
            return False
        self._failures = 0
        self._slow_left = self._limits.slow_exchanges
        return True
