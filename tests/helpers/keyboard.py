"""Walks of the keyboard focus through a window, by real keys."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

MOST_STOPS = 250


def walk(qtbot: QtBot, window: QWidget, *, back: bool = False) -> list[QWidget]:
    """Return the widgets that Tab (or Shift+Tab) visits from the focus until it is there again, in order.

    Fails if the focus does not come round, or is in a widget that cannot be seen.
    """
    start = window.focusWidget()
    assert start is not None
    stops = [start]
    key = Qt.Key.Key_Backtab if back else Qt.Key.Key_Tab
    for _ in range(MOST_STOPS):
        qtbot.keyClick(stops[-1], key, Qt.KeyboardModifier.ShiftModifier if back else Qt.KeyboardModifier.NoModifier)
        focus = QApplication.focusWidget()
        assert focus is not None, f"the focus is nowhere after {stops[-1]}"
        assert focus.isVisible() and focus.isEnabled(), f"{focus} has the focus and cannot be seen or used"
        if focus is start:
            return stops
        assert focus not in stops, f"the focus goes round without {start}: it came to {focus} twice"
        stops.append(focus)
    raise AssertionError(f"the focus does not come round in {MOST_STOPS} steps; now in {stops[-1]}")


def controls(of: QWidget) -> set[QWidget]:
    """Return the visible and enabled widgets in a window that Tab should reach.

    Of the buttons of an exclusive group only the checked one is a stop; the arrow keys reach the others.
    """
    found = set()
    for widget in of.findChildren(QWidget):
        stop = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None
        if stop and widget.isVisible() and widget.isEnabled() and widget.window() is of.window():
            group = widget.group() if isinstance(widget, QAbstractButton) else None
            checked = group.checkedButton() if group is not None and group.exclusive() else None
            if checked is None or checked is widget:
                found.add(widget)
    return found
