"""The module as it is at one moment: all that a window, a report or a status line shows of it, as plain values."""

from __future__ import annotations

from typing import Literal

import msgspec

DisconnectorState = Literal["open", "closed", "moving", "unknown"]


class ModuleState(msgspec.Struct, frozen=True, kw_only=True):
    """A snapshot of the module, made by `Cmi1020.state`.

    Times are absolute, in seconds of the engine's monotonic clock, so that a view can animate lamps and progress
    without asking again.
    """

    serial: str
    bus_voltage: float
    """V DC."""
    powered: bool

    condition: str
    """The row of the LED table that holds, a `Condition` value."""
    condition_since: float
    green_since: float
    """When the green LED began to flash; it keeps its phase from one condition to the next."""

    primary_address: int
    secondary_address: str
    baud: int
    disconnector_control: int
    rate_enable: int
    rate_map: tuple[int, ...]
    usage: int

    contact: bool
    identification: str | None
    """How the meter identified itself last."""
    meter_number: str | None
    lines: tuple[str, ...]
    """The data lines of the last complete readout, verbatim; they stay when contact is lost."""
    read_at: float
    interval: float
    """Seconds from one readout to the next."""
    failures: int
    """Failed readouts in a row."""
    readout_line: tuple[int, int | None] | None
    """While a readout runs: lines read, and how many are expected (None if never read)."""
    next_readout_at: float | None
    reading_paused: bool

    volts_a: float
    volts_b: float
    """V AC at the rate inputs."""
    level: int
    """The combination of the inputs now, 0 to 3: bit 0 is A, bit 1 is B, as in the rows of `rate_map`."""
    stable: int | None
    """The last combination that stood long enough; None before the first."""
    steady_at: float | None
    """When the present combination will have stood long enough; None where there is nothing to wait for."""

    action: tuple[str, str] | None
    """What the meter is asked for now: action and value as in `ActionStarted`."""
    locked_until: float | None
    """Until when the meter refuses everything after a wrong password; may lie in the past."""

    rate: int | None
    """The meter's active rate, 1 to 6."""
    rate_error: str | None
    """A `RateError` value."""
    rate_wanted: int | None
    rate_waits: bool
    """Whether a command for a rate waits or runs."""

    disconnector: DisconnectorState
    reported: DisconnectorState
    """The disconnector as the last readout has it: open, closed or unknown."""
    switching_since: float | None
    switching_until: float | None
    """When the process time of a switching begins and ends; None while nothing is switched."""
    disconnector_refused: bool
    """Whether the last switching was refused."""
    button_refusal: str | None
    """Why a press of the push button does nothing, a `DisconnectorRefusal` value; a lock-out is in `locked_until`."""

    display_text: str | None
    """The text last sent to the meter's display and confirmed."""

    @property
    def meter_type(self) -> str:
        """`ZMF100AC.M29` out of `/LGZ4ZMF100AC.M29`: the identification without maker and speed; may be empty."""
        return (self.identification or "").lstrip("/")[4:]

    def locked_for(self, now: float) -> float:
        """Return for how many seconds the meter still refuses everything; 0 if it does not."""
        return max(0.0, (self.locked_until or 0.0) - now)
