"""The pages of a report as they will be printed, one at a time; made in the background."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QKeyEvent, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cmi_gui.ui.background import Background, advance
from cmi_gui.ui.theme import SPACE, colours, em
from cmi_gui.ui.widgets.plain.accessible import Role, Spoken
from cmi_gui.ui.widgets.plain.buttons import QuietButton, paint_focus
from cmi_gui.ui.widgets.plain.layout import Label, Stretch, column_of, row_of, wrapping
from cmi_gui.ui.widgets.plain.painting import smooth_painter
from cmi_gui.ui.widgets.plain.scroll_bar import ScrollColumn

_PROPORTION = 297 / 210
"""The height of a page of A4, by its width."""
_SLICE = 0.05
"""Seconds of work on the pages, after which other work in the background has its turn."""


class PagePicture(QWidget, Spoken):
    """One page, as large as there is room; always black on white, as on paper."""

    accessible_role = Role.Graphic

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._scaled: QImage | None = None
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_page(self, image: QImage | None, words: str) -> None:
        """Show a page, or only words while there is none."""
        self._image, self._scaled, self._words = image, None, words
        self.setAccessibleName(words)
        self.update()

    def sizeHint(self) -> QSize:
        """Return a size with the proportions of a page."""
        return QSize(em(self, 60), em(self, 85))

    def minimumSizeHint(self) -> QSize:
        """Return a size in which a page can be recognised."""
        return QSize(em(self, 20), em(self, 20))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the page, or the words."""
        c = colours(self.palette())
        painter = smooth_painter(self)
        if self._image is None:
            painter.setPen(c.dim)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._words)
            return
        ratio = self.devicePixelRatioF()
        size = self._image.size().scaled(self.size() * ratio, Qt.AspectRatioMode.KeepAspectRatio)
        if self._scaled is None or self._scaled.size() != size:
            smooth = Qt.TransformationMode.SmoothTransformation
            self._scaled = self._image.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, smooth)
        place = QRectF(0, 0, size.width() / ratio, size.height() / ratio)
        place.moveTopLeft(QRectF(self.rect()).center() - place.center())
        painter.drawImage(place, self._scaled)
        painter.setPen(QPen(c.border, 1))
        painter.drawRect(place.adjusted(0.5, 0.5, -0.5, -0.5))
        paint_focus(self, painter, place, 0)


class ReportPreview(QWidget):
    """The preview of a report: its pages, and the buttons that turn them."""

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._pages: list[bytes] = []
        self._number = 0
        self._wanted = 0
        """Counts what was asked for, so that pages of an earlier report are dropped."""
        self.page = PagePicture(self)
        self.page.setObjectName("reportPage")
        self.back = QuietButton("", self, icon="up", name=self.tr("Previous page"), object_name="reportBack")
        self.next = QuietButton("", self, icon="down", name=self.tr("Next page"), object_name="reportNext")
        self.back.clicked.connect(lambda: self.turn(-1))
        self.next.clicked.connect(lambda: self.turn(1))
        self.wide = QuietButton(self.tr("Fit the width"), self, checkable=True, object_name="reportWide")
        self.wide.toggled.connect(self._fit)
        self._column = ScrollColumn(self)
        self._column.setWidget(self.page)
        self.words = Label("", self, object_name="reportPageNumber")
        turning = wrapping(row_of(Stretch(1), self.back, self.words, self.next, Stretch(1)), row_of(self.wide), self)
        column_of((self._column, 1), turning, within=self, margins=0, spacing=SPACE.s)
        self._show()

    @property
    def count(self) -> int:
        """The number of pages that are ready."""
        return len(self._pages)

    def show_pages(self, pages: Callable[[], Iterable[bytes]], failed: Callable[[Exception], object]) -> None:
        """Make the pages in the background; the old ones are shown until then. `pages` is called there."""
        self._wanted += 1
        wanted, made = self._wanted, list[bytes]()

        def steps() -> Iterator[None]:
            for piece in pages():
                if piece:
                    made.append(piece)
                yield

        def go(work: Iterator[None]) -> None:
            self._background.run(lambda: advance(work, _SLICE), lambda complete: done(work, complete), over, owner=self)

        def done(work: Iterator[None], complete: bool) -> None:
            if wanted != self._wanted:
                return
            if not complete:
                go(work)
                return
            self._pages = made
            self._number = min(self._number, len(made) - 1)
            self._show()

        def over(error: Exception) -> None:
            if wanted == self._wanted:
                self._pages = []
                self._show()
                failed(error)

        go(steps())
        self._show()

    def turn(self, pages: int) -> None:
        """Turn some pages on or back."""
        self._number = max(0, min(len(self._pages) - 1, self._number + pages))
        self._column.verticalScrollBar().setValue(0)
        self._show()

    def _fit(self) -> None:
        """Make the page as wide as there is room, or show all of it."""
        height = round(self._column.viewport().width() * _PROPORTION) if self.wide.isChecked() else 0
        self.page.setMinimumHeight(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the page to the new size."""
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn the pages by the keys of a document."""
        step = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1, Qt.Key.Key_Home: -1000, Qt.Key.Key_End: 1000}
        if event.key() in step:
            self.turn(step[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _show(self) -> None:
        count = len(self._pages)
        image = QImage.fromData(self._pages[self._number]) if count else None
        words = self.tr("Page {0} of {1}").format(self._number + 1, count) if count else ""
        self.page.show_page(image, words or self.tr("The pages are being prepared"))
        self.words.setText(words)
        self.back.setEnabled(count > 0 and self._number > 0)
        self.next.setEnabled(self._number + 1 < count)
