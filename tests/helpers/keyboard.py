"""Walks of the keyboard focus through a window, by real keys."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

MOST_STOPS = 250
_BY_TAB = Qt.FocusPolicy.TabFocus


def walk(qtbot: QtBot, window: QWidget, *, back: bool = False) -> list[QWidget]:
    """Return the widgets that Tab (or Shift+Tab) visits from the focus until it is there again, in order.

    Fails if the focus does not come round, or is in a widget that cannot be seen or used.
    """
    start = window.focusWidget()
    assert start is not None
    stops = [start]
    key = Qt.Key.Key_Backtab if back else Qt.Key.Key_Tab
    for _ in range(MOST_STOPS):
        qtbot.keyClick(stops[-1], key, Qt.KeyboardModifier.ShiftModifier if back else Qt.KeyboardModifier.NoModifier)
        focus = QApplication.focusWidget()
        assert focus is not None, f"the focus is nowhere after {stops[-1]}"
        assert focus.isEnabled(), f"{focus} has the focus and cannot be used"
        assert in_view(focus), f"{focus} has the focus and cannot be seen"
        if focus is stops[-1]:
            continue  # as in a text with links
        if focus is start:
            return stops
        assert focus not in stops, f"the focus goes round without {start}: it came to {focus} twice"
        stops.append(focus)
    raise AssertionError(f"the focus does not come round in {MOST_STOPS} steps; now in {stops[-1]}")


def in_view(widget: QWidget) -> bool:
    """Return whether the middle of a widget is within all that it is in, such as a column that scrolls."""
    middle = widget.rect().center()
    around: QWidget | None = widget
    while around is not None and not around.isWindow():
        middle = around.mapToParent(middle)
        around = around.parentWidget()
        if around is not None and not around.rect().contains(middle):
            return False
    return widget.isVisible()


def place(stop: QWidget) -> QObject:
    """Return the group of a button in a group, else the widget itself: Tab stops at one button of a group."""
    group = stop.group() if isinstance(stop, QAbstractButton) else None
    return stop if group is None else group


def controls(of: QWidget) -> set[QWidget]:
    """Return the visible and enabled widgets in a window that Tab should reach."""
    return {
        widget
        for widget in of.findChildren(QWidget)
        if widget.focusPolicy() & _BY_TAB and widget.focusProxy() is None
        if widget.isVisible() and widget.isEnabled() and widget.window() is of.window()
    }
