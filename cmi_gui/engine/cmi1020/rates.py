"""Which rate the module wants, from the inputs and from the bus, and what stands in its way."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from .inputs import Combination
from .meter_actions import ActionOutcome

__all__ = ["RateControl", "RateError"]


class RateError(StrEnum):
    """Why the rate is not what it should be (manual of the wireless sibling, 6.3.1)."""

    NOT_ENABLED = "not_enabled"
    """The inputs changed while they are not enabled."""
    REFUSED = "refused"
    """The meter refused it: it has no such rate."""
    DENIED = "denied"
    """The meter refused the password."""


_ERRORS = {
    ActionOutcome.REFUSED: RateError.REFUSED,
    ActionOutcome.NOT_UNDERSTOOD: RateError.REFUSED,
    ActionOutcome.DENIED: RateError.DENIED,
}


class RateControl:
    """Each method returns the rate to send to the meter now, or None.

    Of inputs and bus the last event wins. Otherwise the module does not fight another actor: it sends a rate again
    only after a power failure of the meter.
    """

    def __init__(self) -> None:
        self.error: RateError | None = None
        self.wanted: int | None = None
        """The rate last asked for and not refused; None before any."""
        self._attempt: int | None = None
        self._combination: Combination | None = None
        self.deferred: Combination | None = None
        """The first combination, while the meter has not said yet which rate it has."""

    def power_off(self) -> None:
        """Forget everything; the first combination after power-up counts as the first."""
        self.error = self.wanted = self._attempt = self._combination = self.deferred = None

    def inputs_stable(
        self, combination: Combination, *, enabled: bool, table: Sequence[int], meter_rate: int | None, read: bool
    ) -> int | None:
        """A combination has stood long enough; `meter_rate` is what the meter reported last.

        The first one after power-up waits until the meter has been `read`, as it is sent only if the rates differ.
        """
        first = self._combination is None
        if first and not read:
            self.deferred = combination
            return None
        self.deferred = None
        if combination == self._combination:
            return None
        self._combination = combination
        if not enabled:
            if not first:
                self.error = RateError.NOT_ENABLED
            return None
        rate = table[combination.index]
        if rate == 0 or (first and rate == meter_rate):
            return None
        return self._ask(rate)

    def bus(self, rate: int) -> int:
        """A master sets the rate; the inputs' enable does not gate it."""
        return self._ask(rate)

    def table_changed(self, *, enabled: bool, table: Sequence[int]) -> int | None:
        """A new mapping table applies at once."""
        if not enabled or self._combination is None:
            return None
        rate = table[self._combination.index]
        return self._ask(rate) if rate not in (0, self.wanted) else None

    def enabled_changed(self, *, enabled: bool, table: Sequence[int]) -> int | None:
        """The inputs were enabled: a change they missed is made up for, and its error is gone."""
        if not enabled or self.error is not RateError.NOT_ENABLED:
            return None
        self.error = None
        return self.table_changed(enabled=True, table=table)

    def passwords_changed(self) -> int | None:
        """A password or its usage changed: a rate that was denied is tried once more."""
        if self.error is not RateError.DENIED:
            return None
        return self._attempt

    def meter_restarted(self) -> int | None:
        """The meter had a power failure (C.7.0 rose): the wanted rate is sent again."""
        return self.wanted

    def _ask(self, rate: int) -> int:
        self.wanted = self._attempt = rate
        return rate

    def done(self, rate: int, outcome: ActionOutcome) -> None:
        """The meter's answer to `rate`. A success clears the error, whatever its cause."""
        if outcome is ActionOutcome.DONE:
            self.error = None
            return
        if outcome in _ERRORS:
            self.error = _ERRORS[outcome]
            if self.wanted == rate:
                self.wanted = None
