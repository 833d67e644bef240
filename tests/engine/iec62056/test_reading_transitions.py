"""The table of the reading device is complete, and its page in the docs is up to date."""

from __future__ import annotations

import runpy
from pathlib import Path

from cmi_gui.engine.iec62056.exchange import EXPECTS_NOTHING, Input, Stage
from cmi_gui.engine.iec62056.reading_transitions import TRANSITIONS

DOCS = Path(__file__).parents[3] / "docs"


def test_every_stage_is_listed_and_can_be_left_and_reached() -> None:
    assert list(TRANSITIONS) == list(Stage)
    arrows = {(stage, after) for stage, rules in TRANSITIONS.items() for rule in rules.values() for after in rule.after}
    reached = {after for stage, after in arrows if after is not stage}
    assert reached == set(Stage)


def test_every_input_is_listed_for_a_stage() -> None:
    assert {given for rules in TRANSITIONS.values() for given in rules} == set(Input)


def test_every_stage_but_idle_survives_the_loss_of_the_link() -> None:
    assert {stage for stage, rules in TRANSITIONS.items() if Input.LOST in rules} == set(Stage) - {Stage.IDLE}


def test_a_stage_that_expects_nothing_takes_no_message() -> None:
    messages = {Input.IDENTIFICATION, Input.DATA, Input.OPERAND, Input.ACK, Input.NAK, Input.BREAK}
    assert all(messages.isdisjoint(TRANSITIONS[stage]) for stage in EXPECTS_NOTHING)


def test_the_page_is_up_to_date() -> None:
    made = runpy.run_path(str(DOCS / "make_state_diagrams.py"))
    text = (DOCS / "states.md").read_text(encoding="utf-8")
    assert text == made["page"](), "run python docs/make_state_diagrams.py"
