"""The remark under a row after a write, which claims no more than is known."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cmi_gui.engine.configurator.write_run import RowResult, WriteOutcome
from cmi_gui.ui.pages.configuration.parts import Remark


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (RowResult("baud", WriteOutcome.TAKEN, status=0x10), "Acknowledged, status 10"),
        (
            RowResult("baud", WriteOutcome.TAKEN, status=None),
            "Acknowledged; the module reports no status that would show a refusal",
        ),
        # A module answered, but not the one that was meant.
        (
            RowResult("baud", WriteOutcome.NO_ANSWER, "address 0 is now another slave; nothing was sent"),
            "Not confirmed: address 0 is now another slave; nothing was sent."
            " Check target, speed and link, then write again",
        ),
    ],
)
def test_the_remark_of_each_result(qtbot: QtBot, result: RowResult, words: str) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    remark = Remark(parent)
    remark.result(result)
    assert words in (remark.calm.text(), remark.trouble.text())
