"""The placement of a window inside the available area of its screen, without panels and task bars."""

from __future__ import annotations

from PySide6.QtCore import QMargins, QPoint, QRect, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

_USUAL_FRAME = QSize(16, 48)
"""An estimate of the window manager's frame, in pixels; the real size is known only when a window is shown."""


def usual_size(window: QWidget, wanted: QSize) -> QSize:
    """Return the size for a window without a stored place: `wanted`, limited to the available area of the screen."""
    return wanted.boundedTo(window.screen().availableGeometry().size() - _USUAL_FRAME)


def inside(frame: QRect, room: QRect, smallest: QSize) -> QRect:
    """Return a frame moved, and made smaller down to `smallest`, to fit inside `room`.

    A frame that does not fit is placed at the room's upper left corner.
    """
    size = frame.size().boundedTo(room.size()).expandedTo(smallest)
    left = max(room.left(), min(frame.left(), room.left() + room.width() - size.width()))
    top = max(room.top(), min(frame.top(), room.top() + room.height() - size.height()))
    return QRect(QPoint(left, top), size)


def keep_inside(window: QWidget) -> None:
    """Move and shrink a visible window so that its frame is inside the screen that contains its centre.

    A maximized or full-screen window is left alone.
    """
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
    least, hint = window.minimumSize(), window.minimumSizeHint()
    # A window with a smallest size of its own can be smaller than what its present layout asks for.
    smallest = QSize(least.width() or hint.width(), least.height() or hint.height()).grownBy(edges)
    wanted = inside(frame, screen.availableGeometry(), smallest)
    if wanted != frame:
        window.setGeometry(wanted.marginsRemoved(edges))
