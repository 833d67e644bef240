"""Tooltips that always show plain text.

Qt treats a tooltip that looks like markup as markup. Texts from the wire, file names and texts of a user's profile may
look like it, and `<img src=...>` would load a file. Therefore all tooltips of the window are set through this module,
and those that a model returns pass through `tooltip`.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, Qt
from PySide6.QtWidgets import QListWidgetItem, QToolTip, QTreeWidgetItem, QWidget


def tooltip(text: str) -> str:
    """Return a text that Qt shows literally: escaped as markup if it could be taken for markup."""
    return Qt.convertFromPlainText(text) if "<" in text or "&" in text else text


def show_tooltip(place: QPoint, text: str, widget: QWidget) -> None:
    """Show a tooltip of a widget at a place of the screen; an empty text hides it."""
    QToolTip.showText(place, tooltip(text), widget)


def set_tooltip(target: QWidget | QAction | QListWidgetItem | QTreeWidgetItem, text: str, column: int = 0) -> None:
    """Set the tooltip of a widget, an action or an item; `column` applies to a tree's item."""
    if isinstance(target, QTreeWidgetItem):
        target.setToolTip(column, tooltip(text))
    else:
        target.setToolTip(tooltip(text))
