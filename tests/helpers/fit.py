"""Checks whether a laid out part of the window fits: nothing outside of its parent, nothing cut, no text over text."""

from __future__ import annotations

from itertools import combinations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QComboBox, QLabel, QLineEdit, QScrollArea, QWidget

from cmi_gui.ui.pages.traffic.filter_field import FilterField
from cmi_gui.ui.theme import SPACE, em
from cmi_gui.ui.widgets.plain.buttons import Button
from cmi_gui.ui.widgets.plain.fields import ChoiceField
from cmi_gui.ui.widgets.plain.marks import ElidedLabel
from cmi_gui.ui.widgets.plain.scroll_bar import SlimScrollBar
from cmi_gui.ui.widgets.plain.table import Table

_FEW_WORDS = 10
"""The least width of the widest column of a table, in average characters."""
_SHORTENED = (ElidedLabel, FilterField)
"""The widgets whose text may be shortened, because their tooltip has it; the cells of tables are not checked either."""
_CURSOR = 2
"""The room in pixels that a line of text keeps for the cursor on each side."""
_TEXTS = (QLabel, QAbstractButton, QLineEdit, QComboBox)


def misfits(top: QWidget) -> list[str]:
    """Return what does not fit among the visible widgets in `top`, one sentence each."""
    found = []
    for widget in top.findChildren(QWidget):
        if widget.objectName().startswith("qt_"):
            # A part of a view, which Qt places.
            continue
        if not widget.isVisible() or widget.isWindow() or not widget.window().isAncestorOf(widget):
            continue
        name = _name(widget)
        if isinstance(widget, QScrollArea) and widget.widget() is not None:
            inside, room = widget.widget().width(), widget.viewport().width()
            if inside > room:
                found.append(f"{name} is {inside} wide in a view of {room}")
        if isinstance(widget, Table) and widget.horizontalScrollBar().maximum() > 0:
            found.append(f"{name} scrolls sideways")
        if isinstance(widget, Table):
            width = widget.columnWidth(widget._stretch)
            if width < em(widget, _FEW_WORDS):
                found.append(f"{name} has a stretch column of {width} pixels")
        if _sticks_out(widget):
            found.append(f"{name} at {_numbers(widget.geometry())} is outside of {_name(widget.parentWidget())}")
        least = widget.minimumSizeHint().expandedTo(widget.minimumSize())
        layout = widget.layout()
        if layout is not None and layout.hasHeightForWidth():
            # Its least height holds for its least width only.
            least.setHeight(0)
        if layout is not None and (widget.width() < least.width() or widget.height() < least.height()):
            found.append(f"{name} is squeezed to {_numbers(widget.geometry())}, less than {least.toTuple()}")
        needed, has = _text_room(widget)
        if needed > has:
            found.append(f"{name} needs {needed} for its text and has {has}")
        if isinstance(widget, Table):
            found += [f"{name} has no room for its title {title}" for title in _cut_titles(widget)]
        found += [f"{_name(a)} and {_name(b)} overlap" for a, b in _overlaps(widget)]
    return found


def _cut_titles(table: Table) -> list[str]:
    """Return the column titles that are shortened."""
    header, model = table.horizontalHeader(), table.model()
    metrics = QFontMetrics(header.font())
    titles = {
        column: str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        for column in range(header.count())
        if not header.isSectionHidden(column)
    }
    return [
        title
        for column, title in titles.items()
        if metrics.horizontalAdvance(title) > header.sectionSize(column) - 2 * SPACE.s
    ]


def _overlaps(parent: QWidget) -> list[tuple[QWidget, QWidget]]:
    """Return the pairs of visible texts in a widget that lie over each other."""
    texts = [child for child in parent.children() if isinstance(child, _TEXTS) and child.isVisible()]
    return [(a, b) for a, b in combinations(texts, 2) if a.geometry().intersects(b.geometry())]


def _sticks_out(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    if parent is None or isinstance(widget, SlimScrollBar) or widget.geometry().isEmpty():
        return False
    area = parent.parentWidget()
    room = parent.rect()
    if isinstance(area, QAbstractScrollArea) and area.viewport() is parent:
        # A view may be scrolled vertically; what a table shows in its cells is the table's own affair.
        if not isinstance(area, QScrollArea):
            return False
        return not (room.left() <= widget.x() and widget.geometry().right() <= room.right())
    return not room.contains(widget.geometry())


def _text_room(widget: QWidget) -> tuple[int, int]:
    """Return the room that the text of a widget needs, and what it has: in pixels of width, or of height if wrapped."""
    metrics = QFontMetrics(widget.font())
    match widget:
        case _ if isinstance(widget, _SHORTENED):
            return 0, 0
        case QLineEdit() if not widget.text():
            margins = widget.textMargins()
            around = margins.left() + margins.right() + 2 * _CURSOR
            return metrics.horizontalAdvance(widget.placeholderText()) + around, widget.width()
        case QLabel() if widget.wordWrap():
            longest = max((metrics.horizontalAdvance(word) for word in widget.text().split()), default=0)
            if longest > widget.contentsRect().width():
                return longest, widget.contentsRect().width()
            return (widget.heightForWidth(widget.width()), widget.height()) if widget.text() else (0, 0)
        case QAbstractButton() if widget.hasHeightForWidth():
            return widget.heightForWidth(widget.width()), widget.height()
        case QLabel() | QAbstractButton() | ChoiceField():
            text = _shown_text(widget)
            return (widget.sizeHint().width(), widget.width()) if text else (0, 0)
    return 0, 0


def _shown_text(widget: QLabel | QAbstractButton | ChoiceField) -> str:
    match widget:
        case ChoiceField():
            return widget.currentText()
        case Button():
            return widget.shown_words
    return widget.text()


def _name(widget: QWidget | None) -> str:
    if widget is None:
        return "nothing"
    text = widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
    return f"{type(widget).__name__} {widget.objectName() or widget.accessibleName() or text}"


def _numbers(rect: QRect) -> str:
    return f"({rect.x()}, {rect.y()}, {rect.width()}, {rect.height()})"
