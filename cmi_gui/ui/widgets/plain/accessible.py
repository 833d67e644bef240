"""What a screen reader finds of our widgets: their roles, states and parts, in the order of the layout.

Qt has an accessible interface for each of its own classes of widgets. For a painted widget, or a button that is used as
something else, `Spoken` names the role and the states. Qt reads the parts of a widget in the order of its children;
`put_in_order` makes that the order of the layout.

No method here takes or returns an interface of a part or an item of a layout (`itemAt`): PySide keeps its objects for
them after Qt has deleted them, and a later object at the same address is then taken for a deleted one, which ended in
errors and crashes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import cast

from PySide6.QtCore import QObject
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleInterface,
    QAccessibleStateChangeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QAccessibleWidget, QGridLayout, QLabel, QLayout, QWidget

Role = QAccessible.Role


class Spoken:
    """A base class beside that of a widget, for what Qt cannot know about it.

    `accessible_role`: its role; None for the one that Qt gives to the widget's class.
    """

    accessible_role: QAccessible.Role | None = None

    def accessible_states(self) -> Sequence[str]:
        """Return the names of states (attributes of `QAccessible.State`) that Qt cannot know."""
        return ()

    def accessible_parts(self) -> Sequence[QWidget] | None:
        """Return the parts to report; empty if the name is enough, None for all of them."""
        return None


class Silent:
    """A base class beside that of a widget which only decorates, or repeats what another one says."""


class _Interface(QAccessibleWidget):
    """The accessible interface of a plain container or a `Spoken` widget."""

    def text(self, kind: QAccessible.Text) -> str:
        widget = self.widget()
        found = super().text(kind)
        if kind is QAccessible.Text.Name and not found and isinstance(widget, QLabel | QAbstractButton):
            return widget.text()
        if kind is QAccessible.Text.Description:
            # It is often a tooltip, which repeats what may be elided.
            name = self.text(QAccessible.Text.Name)
            return "\n".join(line for line in found.split("\n") if line not in name)
        return found

    def state(self) -> QAccessible.State:
        widget, state = self.widget(), super().state()
        # An empty line is kept free for a text.
        empty = isinstance(widget, QLabel) and not self.text(QAccessible.Text.Name)
        if empty or isinstance(widget, Silent) or _is_left_out(widget):
            state.invisible = True
        if isinstance(widget, Spoken):
            for name in widget.accessible_states():
                setattr(state, name, True)
        return state

    def actionNames(self) -> list[str]:
        names = list(super().actionNames())
        return [self.pressAction(), *names] if isinstance(self.widget(), QAbstractButton) else names

    def doAction(self, name: str) -> None:
        widget = self.widget()
        if isinstance(widget, QAbstractButton) and name == self.pressAction():
            if widget.isEnabled():
                widget.click()
        else:
            super().doAction(name)


def _in_order(layout: QLayout, widgets: Sequence[QWidget]) -> Iterator[QWidget]:
    """Yield those of the widgets that are in a layout, from left to right and top to bottom."""

    def place(part: QWidget | QLayout) -> tuple[int, ...]:
        index = layout.indexOf(part)
        if isinstance(layout, QGridLayout):
            return cast(tuple[int, int, int, int], layout.getItemPosition(index))[:2]
        return (index,)

    parts: list[QWidget | QLayout] = [part for part in widgets if layout.indexOf(part) >= 0]
    parts += [part for part in layout.children() if isinstance(part, QLayout)]
    for part in sorted(parts, key=place):
        if isinstance(part, QWidget):
            yield part
        else:
            yield from _in_order(part, widgets)


def _is_left_out(widget: QWidget) -> bool:
    """Return whether the widget around this one does not report it."""
    parent: object = widget.parentWidget()
    parts = parent.accessible_parts() if isinstance(parent, Spoken) else None
    return parts is not None and widget not in parts


def put_in_order(root: QWidget) -> None:
    """Put the children of a widget and of all widgets in it into the order of their layouts, then those without one."""
    for widget in (root, *root.findChildren(QWidget)):
        layout = widget.layout()
        if layout is None:
            continue
        children = [part for part in widget.children() if isinstance(part, QWidget) and not part.isWindow()]
        laid_out = list(_in_order(layout, children))
        for part in (*laid_out, *(part for part in children if part not in laid_out)):
            part.raise_()


def _make(name: str, of: QObject) -> QAccessibleInterface | None:
    """Return the interface for an object, asked with the names of its classes one by one, or None for Qt's own."""
    if not isinstance(of, QWidget):
        return None
    role = of.accessible_role if isinstance(of, Spoken) else None
    if role is not None:
        return _Interface(of, role)
    containers = {"QWidget": Role.Client, "QDialog": Role.Dialog}
    if name in containers:
        return _Interface(of, containers[name])
    return _Interface(of, Role.StaticText) if _is_left_out(of) else None


@cache
def install_accessibility() -> None:
    """Use these interfaces from now on; before the first widget is made."""
    QAccessible.installFactory(_make)


def state_changed(widget: QWidget, *states: str) -> None:
    """Report that states of a widget, by their names, have changed."""
    if QAccessible.isActive():
        changed = QAccessible.State()
        for name in states:
            setattr(changed, name, True)
        QAccessible.updateAccessibility(QAccessibleStateChangeEvent(widget, changed))


def announce(widget: QWidget, text: str, *, urgent: bool = False) -> None:
    """Have a screen reader say a text after what it says now, or at once if `urgent`."""
    if QAccessible.isActive():
        event = QAccessibleAnnouncementEvent(widget, text)
        if urgent:
            event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(event)
