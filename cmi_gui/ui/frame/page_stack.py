"""The pages, one shown at a time; pages not shown yet can be made after the window has been painted."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QWidget

from cmi_gui.ui.pages.makers import PageEntry
from cmi_gui.ui.pages.page import Context, Page
from cmi_gui.ui.widgets.plain.accessible import put_in_order
from cmi_gui.ui.widgets.plain.layout import least_height
from cmi_gui.ui.widgets.plain.scroll_bar import slim_scroll_bars

_PAUSE_MS = 30
"""Pause in ms between two pages that are made in the background, in which the window responds."""
_LEAST_LINES = 22
"""The least height of a page, in lines of text."""


class PageStack(QStackedWidget):
    """The pages of `entries`, in the order of the navigation.

    `on_made` is called with place and page right after a page was made, before it is shown.
    Signals: `complete()`, when the last page has been made in the background.
    """

    complete = Signal()

    def __init__(self, entries: Sequence[PageEntry], context: Context, on_made: Callable[[int, Page], None]) -> None:
        super().__init__()
        self._entries = entries
        self._context = context
        self._on_made = on_made
        self._made: dict[int, Page] = {}
        for _ in entries:
            self.addWidget(QWidget())
        self._maker = QTimer(self, interval=_PAUSE_MS)
        self._maker.timeout.connect(self._make_one)
        self._waits_for_paint = False

    def minimumSizeHint(self) -> QSize:
        """Return the least size of the shown page; the others do not count."""
        page = self.currentWidget()
        return QSize(0, 0) if page is None else page.minimumSizeHint()

    @property
    def pages(self) -> list[Page]:
        """The pages that have been made, in the order of the navigation."""
        return [self._made[index] for index in sorted(self._made)]

    def index_of(self, name: str) -> int:
        """Return the place of a page by its object name. Raises ValueError for an unknown name."""
        return [entry.name for entry in self._entries].index(name)

    def name_of(self, index: int) -> str:
        """Return the object name of the page at a place."""
        return self._entries[index].name

    def page(self, index: int) -> Page:
        """Return the page at a place; make it if needed."""
        page = self._made.get(index)
        if page is None:
            page = self._entries[index].make_page(self._context)
            put_in_order(page)
            self._made[index] = page
            placeholder = self.widget(index)
            assert placeholder is not None
            self.insertWidget(index, page)
            self.removeWidget(placeholder)
            placeholder.deleteLater()
            self._on_made(index, page)
        return page

    def show_page(self, index: int) -> None:
        """Bring a page to the front."""
        self.setCurrentWidget(self.page(index))

    def make_all(self) -> None:
        """Make all missing pages now."""
        for index in range(self.count()):
            self.page(index)

    def make_rest_later(self) -> None:
        """Make the missing pages one by one, after the window has been painted."""
        self._waits_for_paint = True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Start making the missing pages after the first paint."""
        super().paintEvent(event)
        if self._waits_for_paint:
            self._waits_for_paint = False
            self._maker.start()

    def _make_one(self) -> None:
        index = next((index for index in range(self.count()) if index not in self._made), None)
        if index is None:
            self._maker.stop()
            self.complete.emit()
            _freeze_garbage()
        else:
            self.page(index)

    def stop(self) -> None:
        """Stop making pages and unfreeze garbage collection, before the pages are deleted."""
        self._waits_for_paint = False
        self._maker.stop()
        gc.unfreeze()


class PageRoom(QScrollArea):
    """The room of the pages: a page that needs more than there is scrolls."""

    def __init__(self, stack: PageStack, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stack = stack
        self.setFrameShape(QFrame.Shape.NoFrame)
        # Only what is in the page takes the focus.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        slim_scroll_bars(self)
        self.setWidget(stack)
        # The background of the window shows through.
        stack.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        stack.installEventFilter(self)
        stack.currentChanged.connect(self._page_changed)

    def minimumSizeHint(self) -> QSize:
        """Return no size: the room takes what is left."""
        return QSize(0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the page to the new size."""
        self._fit()
        super().resizeEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fit the page again after its needs have changed."""
        if watched is self._stack and event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def reveal_focus(self) -> None:
        """Scroll to the widget with the focus."""
        focus = self.window().focusWidget()
        if focus is not None and self._stack.isAncestorOf(focus):
            self.ensureWidgetVisible(focus)

    def _page_changed(self) -> None:
        self._fit()
        self.verticalScrollBar().setValue(0)
        self.horizontalScrollBar().setValue(0)

    def _fit(self) -> None:
        page = self._stack.currentWidget()
        if page is None:
            return
        room = self.maximumViewportSize()
        # A page arranges its parts for the width that it gets, and only then its least size is known.
        if self._stack.width() > room.width():
            self._stack.resize(room.width(), self._stack.height())
        bar = self.verticalScrollBar().sizeHint().width()
        width = max(room.width(), page.minimumSizeHint().width())
        # Below this height, a page that does not scroll as a whole would show too little of its parts.
        lines = _LEAST_LINES * self.fontMetrics().lineSpacing()
        height = max(lines, least_height(page, width))
        if height > room.height():
            # The scroll bar takes some of the width.
            width = max(room.width() - bar, page.minimumSizeHint().width())
            height = max(lines, least_height(page, width))
        self._stack.resize(width, max(room.height() - (bar if width > room.width() else 0), height))


def _freeze_garbage() -> None:
    """Exclude the objects that live as long as the window from Python's garbage collection.

    Otherwise each full collection, every few seconds under load, scans about 100 000 permanent objects, for 55 ms in
    which no master is answered.
    """
    gc.collect()
    gc.freeze()
