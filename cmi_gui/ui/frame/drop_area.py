"""Files dropped on the window: a hint while they are dragged over it, and the file that is to be opened."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QColor, QDragMoveEvent, QDropEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from cmi_gui.ui.theme import SPACE, colours, font
from cmi_gui.ui.widgets.plain.painting import smooth_painter


class DropArea(QWidget):
    """A hint over the whole window, shown while files are dragged over it.

    `watch` must be called when the window has been shown. All drags of files are taken at the window, because a field
    under the pointer would insert the name as text.
    Signals: `dropped(object)`, a `Path`; `refused(str)`, with a sentence, if nothing that was dropped can be opened;
    `left_out(object, int)`, the `Path` that is opened, and the number of other files dropped with it.
    """

    dropped = Signal(object)
    refused = Signal(str)
    left_out = Signal(object, int)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
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
        elif page_for(files[0]) == "pageBus":
            self._words = self.tr("Drop to open {0} on the page Site").format(files[0].name)
        elif len(files) > 1:
            self._words = self.tr("Drop to open {0} on the page Traffic; one file at a time").format(files[0].name)
        else:
            self._words = self.tr("Drop to open {0} on the page Traffic").format(files[0].name)
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


def page_for(path: Path) -> str:
    """Return the object name of the page that opens a file: sites and rooms are TOML, the rest is traffic."""
    return "pageBus" if path.suffix.lower() == ".toml" else "pageTraffic"


def _files(data: QMimeData) -> list[Path]:
    """Return the dragged files that are on this computer or in its network."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile() and url.toLocalFile()]
