"""Files dropped on the window: a hint while they are dragged over it, the file to be opened, and the page for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QColor, QDragMoveEvent, QDropEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from cmi_gui.ui.theme import SPACE, colours, font
from cmi_gui.ui.widgets.plain.painting import smooth_painter

SITE, TRAFFIC = "pageBus", "pageTraffic"
"""The object names of the pages that open files."""
_TABLES: Final = (".xlsx", ".csv", ".txt")
"""The suffixes of lists and plans of a site, which may be those of other files too."""


def opening_page(path: Path, shown: str = "") -> str:
    """Return the object name of the page that opens a file; `shown`: that of the page on which it was dropped.

    Sites and rooms are TOML; on the page Site a table is a list or plan; the rest is traffic.
    """
    suffix = path.suffix.lower()
    return SITE if suffix == ".toml" or (shown == SITE and suffix in _TABLES) else TRAFFIC


class DropArea(QWidget):
    """A hint over the whole window, shown while files are dragged over it.

    `watch` must be called when the window has been shown. All drags of files are taken at the window, because a field
    under the pointer would insert the name as text. `title_of` returns the title of the page that opens a file.
    Signals: `dropped(object)`, a `Path`; `refused(str)`, with a sentence, if nothing that was dropped can be opened;
    `left_out(object, int)`, the `Path` that is opened, and the number of other files dropped with it.
    """

    dropped = Signal(object)
    refused = Signal(str)
    left_out = Signal(object, int)

    def __init__(self, window: QWidget, title_of: Callable[[Path], str]) -> None:
        super().__init__(window)
        self._title_of = title_of
        self.setObjectName("dropArea")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setVisible(False)
        self._words = ""
        self._handle: QObject | None = None
        window.setAcceptDrops(True)

    def watch(self) -> None:
        """Take the drags of files over the window."""
        handle = self.window().windowHandle()
        if handle is not None and handle is not self._handle:
            self._handle = handle
            handle.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take drags of files; everything else goes its usual way."""
        match event.type():
            case QEvent.Type.DragEnter | QEvent.Type.DragMove if isinstance(event, QDragMoveEvent):
                if not event.mimeData().hasUrls():
                    return False
                self._show_hint(event.mimeData())
                event.setDropAction(Qt.DropAction.CopyAction)
                event.accept()
                return True
            case QEvent.Type.DragLeave if self.isVisible():
                self.hide()
                return True
            case QEvent.Type.Drop if isinstance(event, QDropEvent) and event.mimeData().hasUrls():
                self.hide()
                event.setDropAction(Qt.DropAction.CopyAction)
                event.accept()
                self._drop(event.mimeData())
                return True
        return False

    def _show_hint(self, data: QMimeData) -> None:
        if self.isVisible():
            return
        files = _files(data)
        if not files:
            self._words = self.tr("Only files on this computer can be opened")
        else:
            several = self.tr("Drop to open {0} on the page {1}; one file at a time")
            words = several if len(files) > 1 else self.tr("Drop to open {0} on the page {1}")
            self._words = words.format(files[0].name, self._title_of(files[0]))
        self.setGeometry(self.window().rect())
        self.raise_()
        self.show()

    def _drop(self, data: QMimeData) -> None:
        files = _files(data)
        if not files:
            self.refused.emit(self.tr("Only files on this computer can be opened; save it as a file first"))
            return
        self.dropped.emit(files[0])
        if len(files) > 1:
            self.left_out.emit(files[0], len(files) - 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a dashed outline and the words over the window, which shows through."""
        c = colours(self.palette())
        painter = smooth_painter(self)
        veil = QColor(c.window)
        veil.setAlphaF(0.75)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(c.accent, 3, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(self.rect().adjusted(SPACE.s, SPACE.s, -SPACE.s, -SPACE.s), 12, 12)
        painter.setFont(font(1.35, strong=True))
        room = self.rect().adjusted(*(4 * SPACE.xl,) * 2, *(-4 * SPACE.xl,) * 2)
        wrap = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
        place = painter.fontMetrics().boundingRect(room, wrap, self._words)
        painter.setPen(QPen(c.accent, 1))
        painter.setBrush(c.base)
        painter.drawRoundedRect(place.adjusted(-SPACE.xl, -SPACE.l, SPACE.xl, SPACE.l), 8, 8)
        painter.setPen(c.text)
        painter.drawText(place, wrap, self._words)


def _files(data: QMimeData) -> list[Path]:
    """Return the dragged files that are on this computer or in its network."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile() and url.toLocalFile()]
