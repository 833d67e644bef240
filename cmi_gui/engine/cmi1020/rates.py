"""The rate that the module requests from the meter, set by the inputs or over the bus, and its errors."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from cmi_gui.engine.cmi1020.inputs import Combination
from cmi_gui.engine.cmi1020.meter_actions import ActionOutcome


class RateError(StrEnum):
    """The reason why the meter does not have the wanted rate (manual of the wireless sibling, 6.3.1)."""

    NOT_ENABLED = "not_enabled"
    """The inputs changed while they were not enabled."""
    REFUSED = "refused"
    """The meter refused it: it has no such rate."""
    DENIED = "denied"
    """The meter refused the password."""


_ERRORS = {
    ActionOutcome.REFUSED: RateError.REFUSED,
    ActionOutcome.NOT_UNDERSTOOD: RateError.REFUSED,
    ActionOutcome.DENIED: RateError.DENIED,
}


ROUNDS = 3
"""Number of times that an unanswered rate is sent, each repetition after a successful readout. Assumption."""


class RateControl:
    """The wanted rate, 1 to 6, and its error. Methods that return a rate return the one to send now, or None.

    The last event decides, whether from the inputs or from the bus. If another device changes the meter's rate, the
    module leaves it: it repeats a rate only after a power failure of the meter, and when the meter did not answer.
    """

    def __init__(self) -> None:
        self.error: RateError | None = None
        self.wanted: int | None = None
        """The rate last requested and not refused, which the meter should have; None before any."""
        self._accepted: int | None = None
        """The rate that the meter last accepted, or already had when it was wanted."""
        self._attempt: int | None = None
        self._by_inputs = False
        self._rounds = 0
        self.unanswered = False
        """True if the meter did not answer the wanted rate, and the next readout decides whether to repeat it."""
        self._combination: Combination | None = None
        self._baseline: Combination | None = None
        """The last combination that was not missed: seen while the inputs were enabled, or the first."""
        self.deferred: Combination | None = None
        """The first combination, until the meter has been read; else None."""

    def power_off(self) -> None:
        """Clear everything, so that the next combination counts as the first."""
        self.error = self.wanted = self._accepted = self._attempt = None
        self._combination = self._baseline = self.deferred = None
        self.unanswered = False

    def inputs_stable(
        self, combination: Combination, *, enabled: bool, table: Sequence[int], meter_rate: int | None, read: bool
    ) -> int | None:
        """Process a stable combination; `meter_rate` is the rate that the meter reported last.

        The first one after power-up waits until the meter has been `read`: its rate is sent only if the meter's
        differs.
        """
        first = self._combination is None
        if first and not read:
            self.deferred = combination
            return None
        self.deferred = None
        if combination == self._combination:
            return None
        self._combination = combination
        if not enabled and not first:
            self._missed(combination)
            return None
        self._baseline = combination
        if not enabled:
            return None
        rate = table[combination.index]
        if rate == 0:
            self._clear_refusal(by_inputs=True)
            return None
        self._request(rate, by_inputs=True)
        if first and rate == meter_rate:
            # Nothing to send now, but the rate must be sent if a power failure of the meter changes it.
            self._accepted = rate
            return None
        return rate

    def _missed(self, combination: Combination) -> None:
        """Set the error of a change while the inputs are not enabled; clear it if they are back at the baseline."""
        if combination != self._baseline:
            self.error = RateError.NOT_ENABLED
        elif self.error is RateError.NOT_ENABLED:
            self.error = None

    def _clear_refusal(self, *, by_inputs: bool) -> None:
        """Clear the error of a refused rate that was requested by the inputs, or by a master."""
        if self._by_inputs is by_inputs and self.error in (RateError.REFUSED, RateError.DENIED):
            self.error = self._attempt = None

    def bus(self, rate: int) -> int:
        """Return the rate that a master sets, whether or not the inputs are enabled."""
        if self.deferred is not None:
            # The first combination came before this, so the next change of the inputs is compared with it.
            self._combination = self._baseline = self.deferred
            self.deferred = None
        return self._request(rate, by_inputs=False)

    def table_changed(self, *, enabled: bool, table: Sequence[int]) -> int | None:
        """Apply a new mapping table at once."""
        if not enabled or self._combination is None:
            return None
        rate = table[self._combination.index]
        if rate == 0:
            self._clear_refusal(by_inputs=True)
        # With an error, even the present rate is sent, because its success clears the error.
        return self._request(rate, by_inputs=True) if rate and (rate != self.wanted or self.error) else None

    def enabled_changed(self, *, enabled: bool, table: Sequence[int]) -> int | None:
        """Apply a missed change of the inputs and clear its error, because they become enabled."""
        if not enabled or self.error is not RateError.NOT_ENABLED:
            return None
        self.error = None
        self._baseline = self._combination
        return self.table_changed(enabled=True, table=table)

    def password_changed(self) -> int | None:
        """Retry a denied rate once, because another password is used from now on."""
        if self.error is not RateError.DENIED or self._attempt is None:
            return None
        return self._request(self._attempt, by_inputs=self._by_inputs)

    def meter_read(self, meter_rate: int | None) -> int | None:
        """Repeat a rate that was not answered, after a readout that shows that the meter does not have it."""
        if not self.unanswered or self.wanted is None:
            return None
        self.unanswered = False
        if self.wanted == meter_rate:
            self.error = None
            return None
        return self.wanted if self._rounds < ROUNDS else None

    def meter_restarted(self, meter_rate: int | None) -> int | None:
        """After a power failure of the meter (C.7.0 rose), repeat the wanted rate unless the meter still has it."""
        self.unanswered = False
        return None if self.wanted == meter_rate else self.wanted

    def clear(self) -> None:
        """Clear the error of a master's refused rate; that of a rate requested by the inputs stays."""
        self._clear_refusal(by_inputs=False)

    def _request(self, rate: int, *, by_inputs: bool) -> int:
        self.wanted = self._attempt = rate
        self._by_inputs = by_inputs
        self._rounds = 0
        self.unanswered = False
        return rate

    def done(self, rate: int, outcome: ActionOutcome) -> None:
        """Process the result of sending `rate`. A success clears any error."""
        if outcome is ActionOutcome.DONE:
            self.error = None
            self._accepted = rate
            return
        if outcome is ActionOutcome.NO_ANSWER and self.wanted == rate:
            self._rounds += 1
            self.unanswered = True
        if outcome in _ERRORS:
            self.error = _ERRORS[outcome]
            if self.wanted == rate:
                # After a power failure the meter must get its previous rate again, not the refused one.
                self.wanted = self._accepted
