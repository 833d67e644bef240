"""The rate that is sent to the meter, and the rate errors."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from cmi_gui.engine.cmi1020.inputs import Combination, RateInputs
from cmi_gui.engine.cmi1020.meter_actions import ActionOutcome
from cmi_gui.engine.cmi1020.rates import RateControl, RateError

NONE, ONLY_A, ONLY_B, BOTH = (Combination(a, b) for b in (False, True) for a in (False, True))
DONE, REFUSED, DENIED = ActionOutcome.DONE, ActionOutcome.REFUSED, ActionOutcome.DENIED
NO_ANSWER = ActionOutcome.NO_ANSWER


@dataclass
class Rates:
    """A rate control behind a meter that has been read and has rate 1."""

    control: RateControl = field(default_factory=RateControl)
    enabled: bool = True
    table: tuple[int, ...] = (1, 2, 3, 4)

    def inputs(self, combination: Combination, *, meter_rate: int | None = 1, read: bool = True) -> int | None:
        return self.control.inputs_stable(
            combination, enabled=self.enabled, table=self.table, meter_rate=meter_rate, read=read
        )

    def enable(self, enabled: bool) -> int | None:
        self.enabled = enabled
        return self.control.enabled_changed(enabled=enabled, table=self.table)

    def map(self, *table: int) -> int | None:
        self.table = table
        return self.control.table_changed(enabled=self.enabled, table=table)


@pytest.fixture
def rates() -> Rates:
    return Rates()


def test_the_rows_of_the_table_are_b_and_a() -> None:
    assert [one.index for one in (NONE, ONLY_A, ONLY_B, BOTH)] == [0, 1, 2, 3]


def test_no_rate_is_wanted_at_first(rates: Rates) -> None:
    control = rates.control
    assert (control.error, control.wanted, control.deferred) == (None, None, None)
    assert control.meter_read(1) is None
    assert control.meter_restarted(1) is None
    assert rates.map(4, 3, 2, 1) is None
    assert rates.enable(True) is None
    assert control.password_changed() is None


def test_the_first_combination_is_sent_only_if_the_rates_differ(rates: Rates) -> None:
    assert rates.inputs(NONE) is None
    assert rates.control.wanted == 1
    assert Rates().inputs(ONLY_B) == 3
    assert Rates().inputs(NONE, meter_rate=None) == 1


def test_later_combinations_are_sent_even_if_the_meter_has_that_rate(rates: Rates) -> None:
    rates.inputs(NONE)
    assert rates.inputs(ONLY_A, meter_rate=2) == 2


def test_the_same_combination_again_sends_nothing(rates: Rates) -> None:
    assert rates.inputs(ONLY_A) == 2
    assert rates.inputs(ONLY_A) is None


def test_the_first_combination_waits_for_the_first_readout(rates: Rates) -> None:
    assert rates.inputs(ONLY_A, read=False) is None
    assert rates.control.deferred == ONLY_A
    assert rates.control.wanted is None
    assert rates.inputs(ONLY_B, read=False) is None
    assert rates.control.deferred == ONLY_B
    assert rates.inputs(ONLY_B) == 3
    assert rates.control.deferred is None


def test_a_later_combination_waits_for_no_readout(rates: Rates) -> None:
    rates.inputs(NONE)
    assert rates.inputs(ONLY_A, read=False) == 2
    assert rates.control.deferred is None


def test_the_first_combination_while_disabled_is_the_baseline(rates: Rates) -> None:
    rates.enabled = False
    assert rates.inputs(ONLY_A) is None
    assert (rates.control.error, rates.control.wanted) == (None, None)
    assert rates.inputs(BOTH) is None
    assert rates.control.error is RateError.NOT_ENABLED
    assert rates.inputs(ONLY_A) is None
    assert rates.control.error is None


def test_a_change_while_disabled_is_applied_when_enabled(rates: Rates) -> None:
    rates.inputs(NONE)
    rates.enable(False)
    assert rates.inputs(ONLY_B) is None
    assert rates.control.error is RateError.NOT_ENABLED
    assert rates.enable(False) is None
    assert rates.control.error is RateError.NOT_ENABLED
    assert rates.enable(True) == 3
    assert rates.control.error is None
    rates.enable(False)
    assert rates.inputs(NONE) is None
    assert rates.control.error is RateError.NOT_ENABLED
    assert rates.inputs(ONLY_B) is None, "the applied combination is the new baseline"
    assert rates.control.error is None


def test_a_return_to_the_baseline_leaves_a_refusal(rates: Rates) -> None:
    assert rates.inputs(ONLY_B) == 3
    rates.control.done(3, REFUSED)
    rates.enable(False)
    assert rates.control.error is RateError.REFUSED
    rates.inputs(ONLY_B)
    assert rates.control.error is RateError.REFUSED
    rates.inputs(NONE)
    assert rates.control.error is RateError.NOT_ENABLED
    rates.inputs(ONLY_B)
    assert rates.control.error is None


def test_enabling_leaves_a_refusal_as_it_is(rates: Rates) -> None:
    rates.inputs(ONLY_B)
    rates.control.done(3, REFUSED)
    assert rates.enable(True) is None
    assert rates.control.error is RateError.REFUSED


# The mapping table


def test_rate_0_in_the_table_requests_nothing(rates: Rates) -> None:
    rates.table = (1, 0, 3, 4)
    rates.inputs(NONE)
    assert rates.inputs(ONLY_A) is None
    assert rates.control.wanted == 1


@pytest.mark.parametrize("outcome", [REFUSED, DENIED])
def test_rate_0_clears_the_error_of_the_inputs_but_not_that_of_the_bus(outcome: ActionOutcome) -> None:
    rates = Rates(table=(0, 2, 3, 4))
    rates.inputs(NONE)
    rates.inputs(ONLY_A)
    rates.control.done(2, outcome)
    assert rates.control.error is not None
    rates.inputs(NONE)
    assert rates.control.error is None
    assert rates.control.password_changed() is None, "a rate that is no longer wanted is not retried"
    rates.control.bus(6)
    rates.control.done(6, outcome)
    rates.inputs(ONLY_A)
    rates.control.bus(6)
    rates.control.done(6, outcome)
    rates.inputs(NONE)
    assert rates.control.error is not None


def test_rate_0_leaves_the_error_of_inputs_that_were_not_enabled(rates: Rates) -> None:
    rates.inputs(ONLY_A)
    rates.enable(False)
    rates.inputs(NONE)
    rates.enabled = True
    assert rates.map(0, 2, 3, 4) is None
    assert rates.control.error is RateError.NOT_ENABLED


def test_a_new_table_applies_at_once(rates: Rates) -> None:
    rates.inputs(ONLY_A)
    assert rates.map(1, 5, 3, 4) == 5
    assert rates.control.wanted == 5
    assert rates.map(2, 5, 1, 6) is None, "the row in use has not changed"
    assert rates.map(2, 0, 1, 6) is None
    assert rates.control.wanted == 5


def test_a_new_table_while_disabled_or_before_any_combination_does_nothing(rates: Rates) -> None:
    assert rates.map(5, 5, 5, 5) is None
    rates.inputs(ONLY_A)
    rates.enable(False)
    assert rates.map(6, 6, 6, 6) is None


def test_a_new_table_with_the_wanted_rate_is_sent_after_an_error(rates: Rates) -> None:
    rates.inputs(NONE)
    rates.inputs(ONLY_A)
    rates.control.done(2, REFUSED)
    assert rates.control.wanted == 1
    assert rates.map(1, 1, 3, 4) == 1


def test_the_error_of_the_inputs_ends_with_a_table_that_requests_nothing(rates: Rates) -> None:
    rates.inputs(ONLY_A)
    rates.control.done(2, REFUSED)
    assert rates.map(1, 0, 3, 4) is None
    assert rates.control.error is None


# The bus


def test_the_bus_sets_a_rate_although_the_inputs_are_disabled(rates: Rates) -> None:
    rates.enabled = False
    assert rates.control.bus(6) == 6
    assert rates.control.wanted == 6


def test_the_bus_overrides_a_deferred_first_combination(rates: Rates) -> None:
    rates.inputs(ONLY_A, read=False)
    assert rates.control.bus(6) == 6
    assert rates.control.deferred is None
    assert rates.inputs(ONLY_A) is None
    assert rates.inputs(NONE) == 1


def test_a_first_combination_overridden_by_the_bus_is_the_baseline(rates: Rates) -> None:
    rates.enabled = False
    rates.inputs(ONLY_A, read=False)
    rates.control.bus(6)
    rates.inputs(BOTH)
    assert rates.control.error is RateError.NOT_ENABLED
    rates.inputs(ONLY_A)
    assert rates.control.error is None


def test_a_rate_from_the_bus_does_not_count_as_the_first_combination(rates: Rates) -> None:
    rates.control.bus(6)
    assert rates.inputs(NONE, meter_rate=1) is None
    assert rates.control.wanted == 1


# Answers of the meter


@pytest.mark.parametrize(
    ("outcome", "error"),
    [
        (DONE, None),
        (REFUSED, RateError.REFUSED),
        (ActionOutcome.NOT_UNDERSTOOD, RateError.REFUSED),
        (DENIED, RateError.DENIED),
        (NO_ANSWER, None),
    ],
)
def test_errors_by_the_meters_answer(rates: Rates, outcome: ActionOutcome, error: RateError | None) -> None:
    rates.control.bus(3)
    rates.control.done(3, outcome)
    assert rates.control.error is error


def test_no_answer_leaves_an_error_and_success_clears_it(rates: Rates) -> None:
    rates.inputs(NONE)
    rates.enable(False)
    rates.inputs(ONLY_A)
    rates.control.bus(3)
    rates.control.done(3, NO_ANSWER)
    assert rates.control.error is RateError.NOT_ENABLED
    rates.control.done(3, DONE)
    assert rates.control.error is None


def test_after_a_refusal_the_last_accepted_rate_is_wanted(rates: Rates) -> None:
    rates.control.bus(2)
    rates.control.done(2, DONE)
    rates.control.bus(6)
    assert rates.control.meter_restarted(1) == 6
    rates.control.done(6, REFUSED)
    assert rates.control.wanted == 2
    assert rates.control.meter_restarted(1) == 2
    assert rates.control.meter_restarted(2) is None


def test_a_rate_that_the_meter_already_has_counts_as_accepted(rates: Rates) -> None:
    rates.inputs(NONE, meter_rate=1)
    rates.inputs(BOTH)
    rates.control.done(4, REFUSED)
    assert rates.control.wanted == 1


def test_a_refusal_of_an_older_rate_leaves_the_wanted_rate(rates: Rates) -> None:
    rates.control.bus(6)
    rates.control.bus(3)
    rates.control.done(6, REFUSED)
    assert rates.control.error is RateError.REFUSED
    assert rates.control.wanted == 3


# No answer


def test_a_rate_without_an_answer_is_sent_again_after_a_readout(rates: Rates) -> None:
    rates.control.bus(3)
    assert rates.control.meter_read(1) is None
    rates.control.done(3, NO_ANSWER)
    assert rates.control.meter_read(1) == 3
    assert rates.control.meter_read(1) is None, "one repetition for one missing answer"


def test_an_unanswered_rate_is_sent_three_times_at_most(rates: Rates) -> None:
    rates.control.bus(3)
    rates.control.done(3, NO_ANSWER)
    for _ in range(2):
        assert rates.control.meter_read(1) == 3
        rates.control.done(3, NO_ANSWER)
    assert rates.control.meter_read(1) is None
    rates.control.bus(3)
    rates.control.done(3, NO_ANSWER)
    assert rates.control.meter_read(1) == 3, "a new request restarts the count"


def test_an_unanswered_rate_that_the_meter_reports_is_done(rates: Rates) -> None:
    rates.control.bus(6)
    rates.control.done(6, REFUSED)
    rates.control.bus(3)
    rates.control.done(3, NO_ANSWER)
    assert rates.control.error is RateError.REFUSED
    assert rates.control.meter_read(3) is None
    assert rates.control.error is None


def test_no_answer_to_an_older_rate_has_no_effect(rates: Rates) -> None:
    rates.control.bus(6)
    rates.control.bus(3)
    rates.control.done(6, NO_ANSWER)
    assert rates.control.meter_read(1) is None


def test_a_new_rate_cancels_the_repetition_of_the_old_one(rates: Rates) -> None:
    rates.control.bus(6)
    rates.control.done(6, NO_ANSWER)
    rates.control.bus(3)
    assert rates.control.meter_read(1) is None


def test_a_power_failure_of_the_meter_repeats_an_unanswered_rate(rates: Rates) -> None:
    rates.control.bus(3)
    rates.control.done(3, NO_ANSWER)
    assert rates.control.meter_restarted(1) == 3
    assert rates.control.meter_read(1) is None


# Passwords, clearing, power


def test_a_denied_rate_is_tried_again_with_another_password(rates: Rates) -> None:
    rates.control.bus(3)
    rates.control.done(3, REFUSED)
    assert rates.control.password_changed() is None
    rates.control.bus(3)
    rates.control.done(3, DENIED)
    assert rates.control.password_changed() == 3
    assert rates.control.wanted == 3


def test_a_retry_with_another_password_still_belongs_to_the_inputs(rates: Rates) -> None:
    rates.inputs(ONLY_A)
    rates.control.done(2, DENIED)
    rates.control.password_changed()
    rates.control.done(2, DENIED)
    rates.control.clear()
    assert rates.control.error is RateError.DENIED, "the inputs still request it"


def test_clearing_clears_a_masters_refusal_but_not_that_of_the_inputs(rates: Rates) -> None:
    rates.control.bus(6)
    rates.control.done(6, DENIED)
    rates.control.clear()
    assert rates.control.error is None
    assert rates.control.password_changed() is None
    rates.inputs(ONLY_A)
    rates.control.done(2, REFUSED)
    rates.control.clear()
    assert rates.control.error is RateError.REFUSED
    rates.enable(False)
    rates.inputs(NONE)
    rates.control.bus(6)
    rates.control.clear()
    assert rates.control.error is RateError.NOT_ENABLED


def test_loss_of_power_clears_everything(rates: Rates) -> None:
    rates.inputs(ONLY_A)
    rates.control.done(2, DONE)
    rates.control.bus(6)
    rates.control.done(6, DENIED)
    rates.control.bus(5)
    rates.control.done(5, NO_ANSWER)
    rates.control.power_off()
    assert (rates.control.error, rates.control.wanted, rates.control.deferred) == (None, None, None)
    assert rates.control.meter_read(1) is None
    assert rates.control.meter_restarted(None) is None
    assert rates.inputs(ONLY_A, meter_rate=2) is None, "it counts as the first again"
    rates.control.power_off()
    rates.inputs(ONLY_B, read=False)
    rates.control.power_off()
    assert rates.control.deferred is None
    rates.control.bus(4)
    rates.control.done(4, REFUSED)
    assert rates.control.wanted is None, "no rate was accepted since"


def test_loss_of_power_cancels_the_repetition(rates: Rates) -> None:
    rates.control.bus(3)
    rates.control.done(3, NO_ANSWER)
    rates.control.power_off()
    rates.inputs(ONLY_B, meter_rate=3)
    assert rates.control.wanted == 3
    assert rates.control.meter_read(1) is None


# Inputs


@pytest.mark.parametrize("name", ["A", "B"])
@pytest.mark.parametrize(("volts", "active"), [(0, False), (23.999, False), (24, True), (24.001, True), (230, True)])
def test_an_input_is_active_from_24_volts(name: str, volts: float, active: bool) -> None:
    inputs = RateInputs()
    inputs.power_on(0.0)
    inputs.set_volts(name, volts, 0.0)  # type: ignore[arg-type]
    assert inputs.level == Combination(a=active and name == "A", b=active and name == "B")
    assert inputs.volts == {"A": 0.0, "B": 0.0} | {name: volts}


@pytest.mark.parametrize("volts", [-0.001, 230.001, 1000])
def test_a_refused_voltage_names_input_and_limits(volts: float) -> None:
    inputs = RateInputs()
    with pytest.raises(ValueError, match=rf"^rate input B takes 0 to 230 V AC, not {volts:g} V$"):
        inputs.set_volts("B", volts, 0.0)
    assert inputs.volts == {"A": 0.0, "B": 0.0}


def test_an_input_set_without_power_counts_from_power_up() -> None:
    inputs = RateInputs()
    assert (inputs.stable, inputs.deadline, inputs.tick(100.0)) == (None, None, None)
    inputs.set_volts("A", 230.0, 1.0, powered=False)
    assert inputs.level == ONLY_A
    assert inputs.deadline is None
    inputs.power_on(10.0)
    assert inputs.deadline == 15.0
    assert inputs.tick(14.999) is None
    assert inputs.tick(15.0) == ONLY_A
    assert inputs.stable == ONLY_A
    assert inputs.deadline is None
    inputs.power_off()
    assert (inputs.stable, inputs.deadline, inputs.level) == (None, None, ONLY_A)
    inputs.power_on(20.0)
    assert inputs.stable is None


def test_a_voltage_on_the_same_side_of_24_volts_starts_no_time() -> None:
    inputs = RateInputs()
    inputs.power_on(0.0)
    inputs.set_volts("A", 23.0, 3.0)
    assert inputs.deadline == 5.0
    inputs.tick(5.0)
    inputs.set_volts("A", 12.0, 6.0)
    assert inputs.deadline is None


def test_a_stable_combination_is_returned_once() -> None:
    inputs = RateInputs()
    inputs.power_on(0.0)
    assert inputs.tick(7.0) == NONE
    assert inputs.tick(8.0) is None


def test_each_change_restarts_the_steady_time() -> None:
    inputs = RateInputs()
    inputs.power_on(0.0)
    inputs.tick(5.0)
    inputs.set_volts("B", 230.0, 6.0)
    assert inputs.deadline == 11.0
    inputs.set_volts("A", 230.0, 7.0)
    assert inputs.deadline == 12.0
    inputs.set_volts("A", 0.0, 8.0)
    assert inputs.deadline == 13.0
    inputs.set_volts("B", 0.0, 9.0)
    assert inputs.deadline is None
    assert inputs.stable == NONE
