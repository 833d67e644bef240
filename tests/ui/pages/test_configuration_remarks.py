"""What stands under a row once it was written: no more than is known."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cmi_gui.engine.configurator.write_run import RowResult, WriteOutcome
from cmi_gui.ui.pages.configuration.parts import Remark


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (RowResult("baud", WriteOutcome.TAKEN, status=0x10), "Acknowledged, status 10"),
        (
            RowResult("baud", WriteOutcome.TAKEN, status=None),
            "Acknowledged; the module reports no status that would show a refusal",
        ),
        # It has answered, as another one than was meant.
        (
            RowResult("baud", WriteOutcome.NO_ANSWER, "address 0 is now another slave; nothing was sent"),
            "Not confirmed: address 0 is now another slave; nothing was sent."
            " Check target, speed and link, then write again",
        ),
    ],
)
def test_a_remark_says_what_is_known(qtbot: QtBot, result: RowResult, said: str) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    remark = Remark(parent)
    remark.result(result)
    assert said in (remark.calm.text(), remark.trouble.text())
