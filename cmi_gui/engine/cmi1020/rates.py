"""Which rate the module wants, from the inputs and from the bus, and what stands in its way."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from cmi_gui.engine.cmi1020.inputs import Combination
from cmi_gui.engine.cmi1020.meter_actions import ActionOutcome


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


ROUNDS = 3
"""How often a rate is sent that the meter did not answer, each time after a readout showed it alive. Assumption."""


class RateControl:
    """Each method returns the rate to send to the meter now, or None.

    Of inputs and bus the last event wins. Otherwise the module does not fight another actor: it sends a rate again
    only after a power failure of the meter, and when the meter did not answer.
    """

    def __init__(self) -> None:
        self.error: RateError | None = None
        self.wanted: int | None = None
        """The rate last asked for and not refused, which is what the meter should have; None before any."""
        self._accepted: int | None = None
        """The rate that the meter last took, or had already when it was wanted."""
        self._attempt: int | None = None
        self._by_inputs = False
        self._rounds = 0
        self._unanswered = False
        self._combination: Combination | None = None
        self._baseline: Combination | None = None
        """The last combination that asked for nothing that was not done: seen while enabled, or the first."""
        self.deferred: Combination | None = None
        """The first combination, while the meter has not said yet which rate it has."""

    def power_off(self) -> None:
        """Forget everything; the first combination after power-up counts as the first."""
        self.error = self.wanted = self._accepted = self._attempt = None
        self._combination = self._baseline = self.deferred = None
        self._unanswered = False

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
        if not enabled and not first:
            self._missed(combination)
            return None
        self._baseline = combination
        if not enabled:
            return None
        rate = table[combination.index]
        if rate == 0:
            self._nothing_wanted()
            return None
        self._ask(rate, by_inputs=True)
        if first and rate == meter_rate:
            # Nothing to send, but wanted all the same: a power failure of the meter may take it away.
            self._accepted = rate
            return None
        return rate

    def _missed(self, combination: Combination) -> None:
        """A change while the inputs are not enabled; back where they were, there is none any more."""
        if combination != self._baseline:
            self.error = RateError.NOT_ENABLED
        elif self.error is RateError.NOT_ENABLED:
            self.error = None

    def _nothing_wanted(self) -> None:
        """The inputs ask for no rate: what the meter refused of theirs is no error any more."""
        if self._by_inputs and self.error in (RateError.REFUSED, RateError.DENIED):
            self.error = self._attempt = None

    def bus(self, rate: int) -> int:
        """A master sets the rate; the inputs' enable does not gate it."""
        if self.deferred is not None:
            # The first combination was there before, so it is what the inputs' next change starts from.
            self._combination = self._baseline = self.deferred
            self.deferred = None
        return self._ask(rate, by_inputs=False)

    def table_changed(self, *, enabled: bool, table: Sequence[int]) -> int | None:
        """A new mapping table applies at once."""
        if not enabled or self._combination is None:
            return None
        rate = table[self._combination.index]
        if rate == 0:
            self._nothing_wanted()
        # A rate that is there already is sent too where an error stands, which a success clears.
        return self._ask(rate, by_inputs=True) if rate and (rate != self.wanted or self.error) else None

    def enabled_changed(self, *, enabled: bool, table: Sequence[int]) -> int | None:
        """The inputs were enabled: a change they missed is made up for, and its error is gone."""
        if not enabled or self.error is not RateError.NOT_ENABLED:
            return None
        self.error = None
        self._baseline = self._combination
        return self.table_changed(enabled=True, table=table)

    def password_changed(self) -> int | None:
        """Another password will be shown from now on: a rate that was denied is tried once more."""
        if self.error is not RateError.DENIED or self._attempt is None:
            return None
        return self._ask(self._attempt, by_inputs=self._by_inputs)

    def meter_read(self, meter_rate: int | None) -> int | None:
        """A readout is complete: a rate that got no answer is sent again, unless the meter has done it."""
        if not self._unanswered or self.wanted is None:
            return None
        self._unanswered = False
        if self.wanted == meter_rate:
            self.error = None
            return None
        return self.wanted if self._rounds < ROUNDS else None

    def meter_restarted(self, meter_rate: int | None) -> int | None:
        """The meter had a power failure (C.7.0 rose): the wanted rate is sent again, unless the meter still has it."""
        self._unanswered = False
        return None if self.wanted == meter_rate else self.wanted

    def clear(self) -> None:
        """Forget that a master's rate was refused; what the inputs ask for and do not get stays an error."""
        if not self._by_inputs and self.error in (RateError.REFUSED, RateError.DENIED):
            self.error = self._attempt = None

    def _ask(self, rate: int, *, by_inputs: bool) -> int:
        self.wanted = self._attempt = rate
        self._by_inputs = by_inputs
        self._rounds = 0
        self._unanswered = False
        return rate

    def done(self, rate: int, outcome: ActionOutcome) -> None:
        """The meter's answer to `rate`. A success clears the error, whatever its cause."""
        if outcome is ActionOutcome.DONE:
            self.error = None
            self._accepted = rate
            return
        if outcome is ActionOutcome.NO_ANSWER and self.wanted == rate:
            self._rounds += 1
            self._unanswered = True
        if outcome in _ERRORS:
            self.error = _ERRORS[outcome]
            if self.wanted == rate:
                # What the meter had before is what a power failure of the meter must not take away.
                self.wanted = self._accepted
