"""A snapshot of the module as plain values, for windows, reports and status lines."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

DisconnectorState = Literal["open", "closed", "moving", "unknown"]
STATE_TIMES: Final = (
    *("condition_since", "green_since", "read_at", "next_readout_at"),
    *("unsteady_since", "steady_at", "locked_until", "switching_since", "switching_until"),
)
"""The attributes of `ModuleState` that are absolute times."""


class ModuleState(msgspec.Struct, frozen=True, kw_only=True):
    """A snapshot of the module, made by `Cmi1020.state`.

    Times are absolute, in seconds of the engine's monotonic clock, so that a view can animate lamps and progress
    without a new snapshot.
    """

    serial: str
    bus_voltage: float
    """V DC."""
    powered: bool

    condition: str
    """The row of the LED table that applies, a `Condition` value."""
    condition_since: float
    green_since: float
    """The time when the green LED began to flash; its phase continues across conditions."""

    primary_address: int
    secondary_address: str
    baud: int
    disconnector_control: int
    rate_enable: int
    rate_map: tuple[int, ...]
    usage: int

    contact: bool
    identification: str | None
    """The meter's last identification."""
    meter_number: str | None
    lines: tuple[str, ...]
    """The data lines of the last complete readout, verbatim, also after contact was lost."""
    read_at: float
    interval: float
    """Seconds from one readout to the next."""
    failures: int
    """Failed readouts in a row."""
    readout_line: tuple[int, int | None] | None
    """Lines read and lines expected (None if never read) of the readout in progress; else None."""
    next_readout_at: float | None
    reading_paused: bool

    volts_a: float
    volts_b: float
    """V AC at the rate inputs."""
    level: int
    """The present combination of the inputs, 0 to 3: bit 0 is A, bit 1 is B, as in the rows of `rate_map`."""
    stable: int | None
    """The last combination that was steady long enough; None before the first."""
    unsteady_since: float | None
    steady_at: float | None
    """The time when the present combination will have been steady long enough, and the time of the last change in
    `unsteady_since`; both None if nothing is awaited."""

    action: tuple[str, str] | None
    """The action in progress and its value, as in `ActionStarted`; else None."""
    locked_until: float | None
    """The time until which the meter refuses everything after a wrong password; may be in the past."""

    rate: int | None
    """The meter's active rate, 1 to 6."""
    rate_error: str | None
    """A `RateError` value."""
    rate_wanted: int | None
    rate_pending: bool
    """True from a command for a rate until a readout shows its effect, or the module gives it up."""

    disconnector: DisconnectorState
    reported: DisconnectorState
    """The disconnector according to the last readout: open, closed or unknown."""
    switching_since: float | None
    switching_until: float | None
    """End of the process time of a switching, its start in `switching_since`; both None when nothing is switched."""
    disconnector_refused: bool
    """True if the last switching was refused."""
    button_refusal: str | None
    """The reason why the push button has no effect, a `DisconnectorRefusal` value; a lock-out is in `locked_until`."""

    display_text: str | None
    """The text last sent to the meter's display and confirmed."""

    @property
    def meter_type(self) -> str:
        """The identification without maker and speed, `ZMF100AC.M29` of `/LGZ4ZMF100AC.M29`; may be empty."""
        return (self.identification or "").lstrip("/")[4:]

    def locked_for(self, now: float) -> float:
        """Return the seconds until the meter's lock-out ends; 0 if it is not locked."""
        return max(0.0, (self.locked_until or 0.0) - now)
