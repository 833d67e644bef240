"""A window's place: wholly inside what the screen that it is on leaves free beside panels and task bars."""

from __future__ import annotations

from PySide6.QtCore import QMargins, QPoint, QRect, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

_USUAL_FRAME = QSize(16, 48)
"""What a window manager adds to the width and height of a window; how much it is, is known once it is shown."""


def usual_size(window: QWidget, wanted: QSize) -> QSize:
    """Return in which size to open a window that has no place yet: `wanted`, or what the screen has room for."""
    return wanted.boundedTo(window.screen().availableGeometry().size() - _USUAL_FRAME)


def inside(frame: QRect, room: QRect, smallest: QSize) -> QRect:
    """Return a frame moved, and made smaller down to `smallest`, so that it lies in a room.

    One that has no room begins at the room's upper left corner.
    """
    size = frame.size().boundedTo(room.size()).expandedTo(smallest)
    left = max(room.left(), min(frame.left(), room.left() + room.width() - size.width()))
    top = max(room.top(), min(frame.top(), room.top() + room.height() - size.height()))
    return QRect(QPoint(left, top), size)


def keep_inside(window: QWidget) -> None:
    """Move and shrink a window that is shown, so that its frame lies inside the screen that most of it is on."""
    if window.isMaximized() or window.isFullScreen():
        return
    frame, content = window.frameGeometry(), window.geometry()
    edges = QMargins(
        content.left() - frame.left(),
        content.top() - frame.top(),
        frame.right() - content.right(),
        frame.bottom() - content.bottom(),
    )
    screen = QGuiApplication.screenAt(frame.center()) or window.screen()
    smallest = window.minimumSizeHint().expandedTo(window.minimumSize()).grownBy(edges)
    wanted = inside(frame, screen.availableGeometry(), smallest)
    if wanted != frame:
        window.setGeometry(wanted.marginsRemoved(edges))
