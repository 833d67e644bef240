"""The drawn rate mapping table: lamps, arrows, keyboard and remarks."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cmi_gui.ui.pages.configuration.rate_map_editor import RateMapEditor
from cmi_gui.ui.theme import LIGHT, Scheme, apply_theme


@pytest.fixture
def editor(qtbot: QtBot) -> RateMapEditor:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    apply_theme(app, Scheme.LIGHT)
    made = RateMapEditor(0, 6, "Table", (1, 2, 3, 4))
    qtbot.addWidget(made)
    made.show_rates((1, 2, 3, 4))
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def count(image: QImage, colour: QColor) -> int:
    return sum(image.pixelColor(x, y) == colour for x in range(70) for y in range(image.height()))


def test_the_lamps_are_lit_as_the_inputs_are(editor: RateMapEditor) -> None:
    lit = [count(row.grab().toImage(), LIGHT.green_on) for row in editor.rows]
    assert lit[0] == 0
    assert lit[1] > 100
    assert abs(lit[1] - lit[2]) < 60
    assert lit[3] > 1.8 * lit[1]
    names = [row.accessibleName() for row in editor.rows]
    assert names == [
        "Inputs B off, A off: rate 1",
        "Inputs B off, A on: rate 2",
        "Inputs B on, A off: rate 3",
        "Inputs B on, A on: rate 4",
    ]


def test_keyboard_alone(editor: RateMapEditor, qtbot: QtBot) -> None:
    edited: list[object] = []
    editor.edited.connect(edited.append)
    editor.setFocus()
    assert editor.focusWidget() is editor.rows[0]
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_6, Qt.Key.Key_Right, Qt.Key.Key_Right):
        qtbot.keyClick(editor.focusWidget(), key)
    assert edited == [(2, 2, 3, 4), (2, 6, 3, 4), (2, 0, 3, 4)]
    qtbot.keyClick(editor.focusWidget(), Qt.Key.Key_7)
    qtbot.keyClick(editor.focusWidget(), Qt.Key.Key_0)
    assert len(edited) == 3
    qtbot.keyClick(editor.focusWidget(), Qt.Key.Key_Up)
    assert editor.focusWidget() is editor.rows[0]


def test_every_cell_is_large_enough_to_hit_and_none_lies_on_another(editor: RateMapEditor) -> None:
    row = editor.rows[0]
    cells = [row.cell(rate) for rate in (1, 2, 3, 4, 5, 6, 0)]
    assert all(cell.width() >= 32 and cell.height() >= 32 for cell in cells)
    assert all(left.right() <= right.left() for left, right in itertools.pairwise(cells))
    assert cells[-1].right() <= row.width()


def test_unusual_tables_have_a_remark(editor: RateMapEditor) -> None:
    assert editor.remark == ""
    editor.set_meter_rates(2)
    assert editor.remark == "The meter has rates 1 to 2: it will refuse 3, 4"
    assert [row.doubtful for row in editor.rows] == [False, False, True, True]
    editor.set_meter_rates(None)
    editor.show_rates((0, 0, 5, 5))
    assert editor.remark == "More than one row selects rate 5"
    editor.show_rates(None)
    assert (editor.remark, editor.rates()) == ("", None)


def test_only_complete_tables_are_emitted(editor: RateMapEditor, qtbot: QtBot) -> None:
    edited: list[object] = []
    editor.edited.connect(edited.append)
    editor.show_rates(None)
    for row, rate in zip(editor.rows, (1, 1, 0, 2), strict=True):
        assert edited == []
        qtbot.mouseClick(row, Qt.MouseButton.LeftButton, pos=row.cell(rate).center().toPoint())
    assert edited == [(1, 1, 0, 2)]


@pytest.mark.parametrize(("low", "high"), [(-1, 6), (0, 10), (3, 2)])
def test_a_range_that_cannot_be_drawn_is_refused(qtbot: QtBot, low: int, high: int) -> None:
    with pytest.raises(ValueError, match="draws rates 0 to 9"):
        RateMapEditor(low, high, "Table")
