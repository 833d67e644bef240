"""Every scenario of `examples/` at the real speed and sixty times as fast, with the same result."""

from __future__ import annotations

from pathlib import Path

import pytest

from cmi_gui.engine.room.scenario import load_scenario
from tests.helpers.scenarios import play

EXAMPLES = Path(__file__).parents[1] / "examples"
SCENARIOS = sorted(EXAMPLES.glob("*.scenario"))


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
def test_a_scenario_has_the_same_result_at_both_speeds(file: Path) -> None:
    scenario = load_scenario(file)
    for factor in (1.0, 60.0):
        outcome = play(scenario, factor)
        assert outcome.failed is None, f"x{factor:g}: {outcome.failed}: {outcome.reason}"
        assert outcome.lines == len(scenario.steps)


def test_the_list_of_scenarios_is_complete() -> None:
    text = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert [file.stem for file in SCENARIOS if f"`{file.stem}`" not in text] == []
    assert len(SCENARIOS) >= 15
