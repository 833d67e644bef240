"""The self-test: it passes, it names what fails, and it has no side effects."""

from __future__ import annotations

import threading
from datetime import datetime
from pathlib import Path

import pytest

from cmi_gui.engine.cmi1020 import obis_labels
from cmi_gui.engine.diagnostics import self_test as module
from cmi_gui.engine.diagnostics.self_test import StepId, self_test
from cmi_gui.engine.station.config import StationConfig

NOON = datetime(2026, 6, 1, 12)


def test_every_step_passes_in_order() -> None:
    result = self_test()
    assert result.passed
    assert [step.id for step in result.steps] == list(StepId)
    readout, round_trip, secondary, disconnector, rate = result.steps
    assert readout.count == round_trip.count == secondary.count > 70, "several telegrams"
    assert disconnector.simulated >= 10
    assert rate.count == 2
    assert rate.simulated >= 5
    assert sum(step.took for step in result.steps) < 5


def test_a_lost_line_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "restore_lines", lambda telegrams: obis_labels.restore_lines(telegrams)[1:])
    result = self_test()
    assert not result.passed
    assert [step.passed for step in result.steps] == [True, False]
    assert "only 78 of 79 lines were restored" in str(result.steps[-1].problem)
    assert "missing: " in str(result.steps[-1].problem)


def test_a_meter_without_a_disconnector_fails_at_that_step() -> None:
    result = self_test(StationConfig(mbus=(), has_disconnector=False, start_time=NOON))
    assert not result.passed
    assert result.steps[-1].id is StepId.DISCONNECTOR
    assert str(result.steps[-1].problem) == "the disconnector: no result within 120 s"


def test_it_stores_nothing_and_starts_no_thread(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    before = threading.active_count()
    self_test()
    assert threading.active_count() == before
    assert list(tmp_path.iterdir()) == []
