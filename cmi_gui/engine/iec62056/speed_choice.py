"""Which speed a reading device asks for: the one that is offered, unless that has proved to be of no use."""

from __future__ import annotations

from cmi_gui.engine.iec62056.message import Identification

_START = "0"
"""Z of the option select that stays at 300 bit/s (IEC 62056-21 6.3.3)."""


class SpeedChoice:
    """Remembers, over several exchanges with one device, whether anything could be read after the change of speed.

    A head may be too slow for what the meter offers, and a meter that did not hear the option select sends its list at
    300 bit/s. Both look the same: a good identification, then nothing that is a message. `failures` such exchanges in a
    row, and the next `slow_exchanges` stay at 300 bit/s; then the offered speed has another chance.
    """

    def __init__(self, *, max_baud: int, failures: int, slow_exchanges: int) -> None:
        self._max_baud = max_baud
        self._limit = failures
        self._slow_exchanges = slow_exchanges
        self._slow_left = 0
        self._failures = 0
        # A higher speed was asked for, and nothing was read at it yet.
        self._on_trial = False

    def ask_for(self, identification: Identification) -> str:
        """Z of the option select to a device of mode C that has identified itself so."""
        self._on_trial = False
        if self._slow_left:
            self._slow_left -= 1
            return _START
        if identification.baud is None or identification.baud > self._max_baud:
            return _START
        self._on_trial = identification.speed != _START
        return identification.speed

    def readable(self) -> None:
        """Something came that began as a message: the speed is right, whatever became of it."""
        if self._on_trial:
            self._on_trial = False
            self._failures = 0

    def failed(self) -> bool:
        """The exchange failed behind the option select. Tells whether the offered speed is given up because of it."""
        if not self._on_trial:
            return False
        self._on_trial = False
        self._failures += 1
        if self._failures < self._limit:
            return False
        self._failures = 0
        self._slow_left = self._slow_exchanges
        return True
