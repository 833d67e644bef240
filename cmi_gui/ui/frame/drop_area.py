"""Files dropped on the window: a hint while they are dragged over it, and the file that is to be opened."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QRect, Qt, Signal
from PySide6.QtGui import QDragMoveEvent, QDropEvent, QPainter, QPaintEvent, QPen
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
        """Paint a dashed outline and the words on a plain background."""
        c = colours(self.palette())
        painter = smooth_painter(self)
        painter.setFont(font(1.35, strong=True))
        room = self.rect().adjusted(SPACE.xl, SPACE.xl, -SPACE.xl, -SPACE.xl)
        wrap = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
        words: QRect = painter.fontMetrics().boundingRect(room.adjusted(48, 48, -48, -48), wrap, self._words)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(c.base)
        painter.drawRoundedRect(words.adjusted(-32, -24, 32, 24), 8, 8)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(c.accent, 3, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(room, 12, 12)
        self._paint_words(painter, words)

    def _paint_words(self, painter: QPainter, place: QRect) -> None:
        c = colours(self.palette())
        painter.setPen(QPen(c.accent, 1))
        painter.drawRoundedRect(place.adjusted(-32, -24, 32, 24), 8, 8)
        painter.setPen(c.text)
        painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self._words)


def _files(data: QMimeData) -> list[Path]:
    """Return the dragged files that are on this computer or in its network."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile() and url.toLocalFile()]
