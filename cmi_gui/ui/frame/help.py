"""The help window: the user guide with its contents, a search and internal links."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRegularExpression, QSize, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QKeySequence,
    QShortcut,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QTextEdit,
    QWidget,
)  # fmt: skip

from cmi_gui.ui.frame.help_text import chapters, guide_text
from cmi_gui.ui.pages.makers import page_entries
from cmi_gui.ui.text.i18n import installed_language
from cmi_gui.ui.theme import SPACE, colours, em, font, monospace
from cmi_gui.ui.widgets.plain.buttons import Button, QuietButton
from cmi_gui.ui.widgets.plain.fields import TextField
from cmi_gui.ui.widgets.plain.layout import DimLabel, Hairline, Stretch, Surface, column_of, row_of
from cmi_gui.ui.widgets.plain.painting import control_height
from cmi_gui.ui.widgets.plain.scroll_bar import slim_scroll_bars

_HEADING_SIZES = {1: 1.7, 2: 1.35, 3: 1.1}
_LINE_HEIGHT = 135.0
"""Line height in per cent of the font's own."""


class _Browser(QTextBrowser):
    """A browser for the guide that loads no files and no addresses."""

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Return None, so that nothing is loaded."""
        return None


class HelpWindow(QDialog):
    """The help window, not modal: contents on the left, the guide on the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("helpWindow")
        self.setWindowTitle(self.tr("User guide"))
        self.setSizeGripEnabled(True)
        self.language = installed_language()
        text = guide_text(self.language)
        self._text = text
        self.chapters = chapters(text)
        self._blocks: list[QTextBlock] = []
        self._found: list[QTextCursor] = []
        self._match_index = 0

        self.search = TextField(self, icon="search", object_name="helpSearch", name=self.tr("Search the guide"))
        self.search.setPlaceholderText(self.tr("Search (Ctrl+F)"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._search)
        self.search.returnPressed.connect(lambda: self.step(1))
        self.count = DimLabel(object_name="helpCount")
        self.before = self._step_button(self.tr("Previous match (Shift+F3)"), "up", -1)
        self.after = self._step_button(self.tr("Next match (F3)"), "down", 1)

        self.contents = QListWidget(self)
        self.contents.setObjectName("helpContents")
        self.contents.setAccessibleName(self.tr("Contents"))
        self.contents.setFrameShape(QFrame.Shape.NoFrame)
        self.contents.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        slim_scroll_bars(self.contents)
        for chapter in self.chapters:
            item = QListWidgetItem("    " * max(0, chapter.level - 2) + chapter.title, self.contents)
            item.setSizeHint(QSize(0, control_height(self, SPACE.s)))
        self.contents.itemClicked.connect(lambda item: self._go(self.contents.row(item)))
        self.contents.itemActivated.connect(lambda item: self._go(self.contents.row(item)))

        self.browser = _Browser(self)
        self.browser.setObjectName("helpText")
        self.browser.setAccessibleName(self.tr("Text of the guide"))
        self.browser.setFrameShape(QFrame.Shape.NoFrame)
        self.browser.setOpenLinks(False)
        self.browser.anchorClicked.connect(self._follow)
        slim_scroll_bars(self.browser)
        self.browser.verticalScrollBar().valueChanged.connect(self._scrolled)
        QShortcut(QKeySequence.StandardKey.Find, self, self._find)
        QShortcut(QKeySequence(Qt.Key.Key_F3), self, lambda: self.step(1))
        QShortcut(QKeySequence(Qt.Modifier.SHIFT | Qt.Key.Key_F3), self, lambda: self.step(-1))
        self._lay_out()
        self._search("")
        # The text is made after the window has been shown: both together would take too long for one frame.
        self._topic = ""
        self._starter = QTimer(self, singleShot=True)
        self._starter.timeout.connect(self._start)
        self._starter.start(0)

    def _start(self) -> None:
        self._render()
        self._search(self.search.text())
        self._go(self._chapter(self._topic))

    def sizeHint(self) -> QSize:
        """Return a size with lines of a comfortable length beside the contents."""
        return QSize(em(self, 150), em(self, 110))

    def _step_button(self, name: str, icon: str, by: int) -> Button:
        button = QuietButton("", self, icon=icon, name=name, on_click=lambda: self.step(by))
        button.setAutoDefault(False)
        return button

    def _lay_out(self) -> None:
        self.contents.setFixedWidth(em(self, 34))
        self.search.setMaximumWidth(em(self, 50))
        top = row_of((self.search, 1), self.before, self.after, self.count, Stretch(1), margins=SPACE.m)
        left = Surface("base", self)
        column_of(self.contents, within=left, margins=SPACE.s)
        body = row_of(left, Hairline(self, vertical=True), (self.browser, 1), margins=0, spacing=0)
        column_of(top, Hairline(self), (body, 1), within=self, margins=0, spacing=0)

    def changeEvent(self, event: QEvent) -> None:
        """Render the text again after a change of theme or text size, because colours and fonts are part of it."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and getattr(self, "_blocks", []):
            bar = self.browser.verticalScrollBar()
            at = bar.value()
            self._render()
            bar.setValue(at)
            self._search(self.search.text())

    # The text

    def _render(self) -> None:
        # Made before it is shown, because a visible document is laid out again with every change.
        document = QTextDocument(self.browser)
        document.setDocumentMargin(SPACE.xl)
        document.setDefaultFont(font())
        document.setMarkdown(self._text)
        self._blocks = []
        cursor = QTextCursor(document)
        cursor.beginEditBlock()
        block = document.begin()
        while block.isValid():
            level = block.blockFormat().headingLevel()
            if level:
                self._blocks.append(block)
            self._style_block(QTextCursor(block), level)
            self._style_words(block, level)
            block = block.next()
        self._style_tables(document)
        cursor.endEditBlock()
        self._found = []
        self.browser.setExtraSelections([])
        # This deletes the document before, which the browser owns.
        self.browser.setDocument(document)

    def _style_block(self, cursor: QTextCursor, level: int) -> None:
        shape = QTextBlockFormat()
        if not cursor.currentTable():
            shape.setLineHeight(_LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            shape.setTopMargin({1: 0, 2: SPACE.xl + SPACE.s, 3: SPACE.l}.get(level, SPACE.xs))
            shape.setBottomMargin(SPACE.s if level else SPACE.xs)
        cursor.mergeBlockFormat(shape)

    def _style_words(self, block: QTextBlock, level: int) -> None:
        c = colours(self.palette())
        cursor = QTextCursor(block)
        if level:
            look = QTextCharFormat()
            look.setFont(font(_HEADING_SIZES[level], strong=True))
            cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
            cursor.mergeCharFormat(look)
            return
        spans = []
        walk = block.begin()
        while not walk.atEnd():
            fragment = walk.fragment()
            spans.append((fragment.position(), fragment.length(), fragment.charFormat()))
            walk += 1
        for start, length, had in spans:
            look = QTextCharFormat()
            if had.isAnchor():
                look.setForeground(c.accent)
            elif had.fontFixedPitch() or "monospace" in (had.fontFamilies() or ()):
                look.setFont(monospace(0.95))
                look.setBackground(c.window)
            else:
                continue
            cursor.setPosition(start)
            cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(look)

    def _style_tables(self, document: QTextDocument) -> None:
        c = colours(self.palette())
        for frame in document.rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                shape = frame.format()
                shape.setBorder(1)
                shape.setBorderBrush(c.hairline)
                shape.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
                shape.setCellPadding(SPACE.xs + 2)
                shape.setTopMargin(SPACE.s)
                shape.setBottomMargin(SPACE.m)
                shape.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
                frame.setFormat(shape)

    # Navigation

    def show_topic(self, topic: str) -> None:
        """Go to the chapter of a page (by object name) or to a heading (by slug); if unknown, to the beginning."""
        self._topic = topic
        if self._blocks:
            self._go(self._chapter(topic))

    def _chapter(self, topic: str) -> int:
        second = [index for index, chapter in enumerate(self.chapters) if chapter.level == 2]
        for page in page_entries():
            if page.name == topic:
                return second[page.chapter]
        return next((index for index, chapter in enumerate(self.chapters) if chapter.slug == topic), 0)

    def _go(self, index: int) -> None:
        top = self.browser.document().documentLayout().blockBoundingRect(self._blocks[index]).top()
        self.browser.verticalScrollBar().setValue(round(top) - SPACE.s if index else 0)
        self.contents.setCurrentRow(index)

    def _scrolled(self, at: int) -> None:
        """Mark the chapter at the top of the visible area."""
        layout = self.browser.document().documentLayout()
        tops = [layout.blockBoundingRect(block).top() for block in self._blocks]
        above = [index for index, top in enumerate(tops) if top <= at + 3 * SPACE.xl]
        if above and above[-1] != self.contents.currentRow():
            self.contents.setCurrentRow(above[-1])

    def _follow(self, link: QUrl) -> None:
        if not link.scheme() and link.fragment():
            self.show_topic(link.fragment())

    # Search

    def _find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _search(self, text: str) -> None:
        """Mark every match and show the first one."""
        self._found, self._match_index = [], 0
        wanted = QRegularExpression.escape(text.strip())
        if wanted:
            pattern = QRegularExpression(wanted, QRegularExpression.PatternOption.CaseInsensitiveOption)
            found = self.browser.document().find(pattern, 0)
            while not found.isNull():
                self._found.append(found)
                found = self.browser.document().find(pattern, found)
        for button in (self.before, self.after):
            button.setEnabled(bool(self._found))
        self._mark()
        if self._found:
            self.step(0)

    def step(self, by: int) -> None:
        """Show the next match (1), the previous one (-1) or the current one (0)."""
        if not self._found:
            return
        self._match_index = (self._match_index + by) % len(self._found)
        self._mark()
        shown = QTextCursor(self._found[self._match_index])
        shown.clearSelection()
        self.browser.setTextCursor(shown)
        # The match is placed a third from the top, so that the text before it can be read.
        bar = self.browser.verticalScrollBar()
        bar.setValue(bar.value() + self.browser.cursorRect().center().y() - self.browser.viewport().height() // 3)

    def _mark(self) -> None:
        c = colours(self.palette())
        marks = []
        for index, found in enumerate(self._found):
            mark = QTextEdit.ExtraSelection()
            mark.cursor = found
            look = QTextCharFormat()
            look.setBackground(c.badge if index == self._match_index else c.selection)
            look.setForeground(c.on_badge if index == self._match_index else c.text)
            mark.format = look
            marks.append(mark)
        self.browser.setExtraSelections(marks)
        if self._found:
            self.count.setText(self.tr("{0} of {1}").format(self._match_index + 1, len(self._found)))
        else:
            self.count.setText(self.tr("No matches") if self.search.text().strip() else "")


def open_help(parent: QWidget, topic: str = "") -> HelpWindow:
    """Show the guide at `topic`, a page's object name or a heading's slug; empty: at its last place or the beginning.

    There is one help window for each window; an open one is brought to the front.
    """
    owner = parent.window()
    shown = owner.findChild(HelpWindow)
    if shown is not None and shown.language != installed_language():
        shown.setParent(None)
        shown.deleteLater()
        shown = None
    if shown is None:
        shown = HelpWindow(owner)
        shown.resize(shown.sizeHint().boundedTo(owner.screen().availableSize() * 0.9))
    shown.show()
    shown.raise_()
    shown.activateWindow()
    if topic:
        shown.show_topic(topic)
    return shown
