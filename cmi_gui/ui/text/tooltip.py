"""Tooltips that show their text as it stands, whatever it looks like.

Qt takes a tooltip for markup when it looks like it. Texts that come over the wire, names of files and words of a user's
profile may do so, and `<img src=...>` would load a file. Therefore no other module of the window sets a tooltip or
returns one from a model.
"""

from __future__ import annotations

from PySide6.QtGui import QAction, Qt
from PySide6.QtWidgets import QListWidgetItem, QTreeWidgetItem, QWidget


def tooltip(text: str) -> str:
    """Return a text so that Qt shows its characters: as markup that is escaped, where they could be markup."""
    return Qt.convertFromPlainText(text) if "<" in text or "&" in text else text


def set_tooltip(target: QWidget | QAction | QListWidgetItem | QTreeWidgetItem, text: str, column: int = 0) -> None:
    """Give a widget, an action or an item a tooltip; `column` of a tree's item."""
    if isinstance(target, QTreeWidgetItem):
        target.setToolTip(column, tooltip(text))
    else:
        target.setToolTip(tooltip(text))
