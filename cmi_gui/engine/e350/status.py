"""The status word C.5.0: 16 bits, shown as four hex digits (user manual of the 1-phase E350, p. 39)."""

from __future__ import annotations

from enum import IntFlag


class StatusBit(IntFlag):
    """The bits that are flags; bits 5 to 7 hold the active rate, 13 and 14 are reserved."""

    REVERSE = 1 << 0
    """Export was detected."""
    CREEP = 1 << 1
    """Nothing has been registered since the product was initialised."""
    L1_FAIL = 1 << 2
    L2_FAIL = 1 << 3
    L3_FAIL = 1 << 4
    DC_FIELD = 1 << 8
    """A strong magnetic field was detected."""
    COVER_TAMPER = 1 << 9
    """The terminal cover was removed."""
    DISCONNECTOR_CLOSED = 1 << 10
    """The disconnector is closed; also set in a meter without one."""
    DISCONNECTOR_TAMPER = 1 << 11
    COVER_OFF = 1 << 12
    """The terminal cover is off now."""
    WRONG_PASSWORD = 1 << 15


_TAMPER = StatusBit.DC_FIELD | StatusBit.COVER_TAMPER | StatusBit.DISCONNECTOR_TAMPER
_CLEARED_BY_READOUT = StatusBit.REVERSE | StatusBit.WRONG_PASSWORD


def rate_field(rate: int) -> int:
    """Return bits 5 to 7 for the active rate: 0 to 5 for the rates 1 to 6."""
    return (rate - 1) << 5


class StatusWord:
    """The latched bits; live values (rate, phases, disconnector, cover) are arguments of `value`.

    A power failure clears the tamper bits (8, 9 and 11), a readout does not; in a real meter this is configurable.
    """

    def __init__(self) -> None:
        self.latched = StatusBit.CREEP
        """The latched bits, which a meter keeps without supply."""

    def latch(self, bits: StatusBit) -> None:
        """Set bits until something clears them."""
        self.latched |= bits

    def energy_registered(self) -> None:
        """Clear the creep flag, because energy was registered."""
        self.latched &= ~StatusBit.CREEP

    def readout_sent(self) -> None:
        """Clear the bits that a readout clears."""
        self.latched &= ~_CLEARED_BY_READOUT

    def clear_tamper(self) -> None:
        """Clear the tamper bits after a power failure, or a reset through the optical or the module's interface."""
        self.latched &= ~_TAMPER

    def value(self, rate: int, live: StatusBit) -> int:
        """Return the status word: the latched bits, the active rate and the `live` bits."""
        return int(self.latched | live) | rate_field(rate)
