"""A report as a PDF file, painted by Qt: A4, with a head and a page number on each page.

The titles of a table are repeated on each page, a heading is never the last thing on one, and a row is cut in two only
if it is longer than a page. Needs a QGuiApplication, because Qt takes its fonts from there, but no display.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from uuid import UUID

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPointF, QRectF, Qt, QUuid
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QFontMetricsF,
    QImage,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPen,
    QTextLayout,
    QTextLine,
    QTextOption,
)

from cmi_gui import __version__
from cmi_gui.engine.report.document import SOFT_HYPHEN, ChangedValue, HandField, Report, ReportCell, ReportSection
from cmi_gui.engine.report.formats import paper_columns, report_json

_DPI: Final = 1200
_POINT: Final = _DPI / 72
_MM: Final = _DPI / 25.4
_WIDTH, _HEIGHT = 210 * _MM, 297 * _MM
_LEFT, _RIGHT, _TOP, _BOTTOM = 15 * _MM, 15 * _MM, 24 * _MM, 20 * _MM
_HEAD, _FOOT = 10 * _MM, 12 * _MM
"""Where the head begins from the top, and where the foot ends from the bottom."""
_BODY_WIDTH = _WIDTH - _LEFT - _RIGHT
_END = _HEIGHT - _BOTTOM
_PAD, _ROW_PAD, _TALL_PAD = 3.5 * _POINT, 2.2 * _POINT, 8 * _POINT
_FAMILIES: Final = ("Segoe UI", "Noto Sans", "DejaVu Sans", "Liberation Sans", "Helvetica Neue", "Arial")
_SHORT: Final = 5
"""The rows of a table that is kept on one page."""
_BLACK, _GREY = QColor(0, 0, 0), QColor(150, 150, 150)
_LINE_SEPARATOR: Final = "\N{LINE SEPARATOR}"


class NoFonts(Exception):
    """A system without any font, on which no PDF can be written."""


def pdf_file(report: Report) -> Iterator[bytes]:
    """Yield the file in pieces, and an empty piece for each row and page before them. Raises NoFonts.

    Equal reports give equal files, but for the date of the file.
    """
    if not QFontDatabase.families():
        raise NoFonts
    pages = _Pages()
    yield from _lay_out(report, pages)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_DPI)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setTitle(f"{report.site}: {report.title}")
    writer.setCreator(f"cmi_gui {__version__}")
    writer.setDocumentId(QUuid(str(UUID(bytes=hashlib.sha256(report_json(report).encode()).digest()[:16]))))
    painter = QPainter(writer)
    try:
        for number, page in enumerate(pages, 1):
            if number > 1:
                writer.newPage()
            page.paint(painter)
            _paint_frame(painter, report, number, len(pages))
            yield b""
    finally:
        painter.end()
    yield bytes(buffer.data().data())


def page_pictures(report: Report, width: int) -> Iterator[bytes]:
    """Yield the pages as they are in the file, as PNG files `width` pixels wide, and empty pieces between them.

    Raises NoFonts.
    """
    if not QFontDatabase.families():
        raise NoFonts
    pages = _Pages()
    yield from _lay_out(report, pages)
    scale = width / _WIDTH
    for number, page in enumerate(pages, 1):
        image = QImage(width, round(_HEIGHT * scale), QImage.Format.Format_Grayscale8)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        painter.scale(scale, scale)
        page.paint(painter)
        _paint_frame(painter, report, number, len(pages))
        painter.end()
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")  # type: ignore[call-overload] # the stubs want the name as bytes
        yield bytes(buffer.data().data())


class _Text:
    """A text in lines of at most `width`."""

    def __init__(self, text: str, font: QFont, width: float, *, right: bool = False) -> None:
        self._layout = QTextLayout(text.replace("\n", _LINE_SEPARATOR), font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        if right:
            option.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._layout.setTextOption(option)
        self.lines: list[QTextLine] = []
        self._layout.beginLayout()
        while (line := self._layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, 0))
            self.lines.append(line)
        self._layout.endLayout()
        self.line_height = self.lines[0].height() if self.lines else 0.0

    @property
    def height(self) -> float:
        return self.line_height * len(self.lines)

    def paint(self, painter: QPainter, x: float, y: float, first: int = 0, count: int | None = None) -> None:
        """Paint `count` lines from `first` on."""
        for number, line in enumerate(self.lines[first : None if count is None else first + count]):
            line.draw(painter, QPointF(x, y + number * self.line_height))


class _Page:
    """What is painted on one page: texts with their lines, and rules with their pens, each with its place."""

    def __init__(self) -> None:
        self.texts: list[tuple[_Text, float, float, int, int | None]] = []
        self.rules: list[tuple[float, float, float, QPen]] = []
        self.boxes: list[QRectF] = []

    def paint(self, painter: QPainter) -> None:
        painter.setPen(_BLACK)
        for text, x, y, first, count in self.texts:
            text.paint(painter, x, y, first, count)
        for x, y, width, pen in self.rules:
            painter.setPen(pen)
            painter.drawLine(QPointF(x, y), QPointF(x + width, y))
        painter.setPen(_pen(1.0))
        for box in self.boxes:
            painter.drawRect(box)


class _Pages(list[_Page]):
    """The pages, and the place `y` on the last one where the next thing goes."""

    def __init__(self) -> None:
        super().__init__()
        self.new()

    def new(self) -> None:
        """Begin a page."""
        self.append(_Page())
        self.y = _TOP

    @property
    def room(self) -> float:
        """The height that is left on the page."""
        return _END - self.y

    def add(self, text: _Text, space: float = 0.0) -> None:
        """Add a text over the whole width, on as many pages as it needs, with space below it."""
        first = 0
        while first < len(text.lines):
            count = int(self.room // text.line_height)
            if count < 1:
                self.new()
                continue
            self[-1].texts.append((text, _LEFT, self.y, first, count))
            count = min(count, len(text.lines) - first)
            self.y += count * text.line_height
            first += count
        self.y += space


def _lay_out(report: Report, pages: _Pages) -> Iterator[bytes]:
    pages.y = 60 * _MM
    pages.add(_Text(report.title, _font(22, bold=True), _BODY_WIDTH), 2 * _MM)
    pages.add(_Text(report.site, _font(14), _BODY_WIDTH), 12 * _MM)
    for section in report.sections:
        if section.new_page:
            pages.new()
        heading = _Text(section.title, _font(13, bold=True), _BODY_WIDTH)
        paragraphs = [_Text(each, _font(9), _BODY_WIDTH) for each in section.paragraphs]
        above = [] if section.facts else paragraphs
        table = _Table(section)
        needed = heading.height + sum(each.height for each in above) + table.height_of_beginning + 10 * _MM
        needed = min(needed, _END - _TOP)
        if pages.room < needed and pages.y > _TOP:
            pages.new()
        elif pages.y > _TOP and section.title:
            pages.y += 7 * _MM
        if section.title:
            pages.add(heading, 2 * _MM)
        for paragraph in above:
            pages.add(paragraph, 1.5 * _MM)
        for _ in table.rows_onto(pages):
            yield b""
        if section.facts:
            pages.y += 6 * _MM
            for paragraph in paragraphs:
                pages.add(paragraph, 1.5 * _MM)


class _Table:
    """The table of a section."""

    def __init__(self, section: ReportSection) -> None:
        self._section = section
        self._indices = paper_columns(section)
        self._widths = _widths(section, self._indices)
        self._pad = _TALL_PAD if section.tall else _ROW_PAD
        self._titles = [] if section.facts else self._texts([column.heading for column in section.columns], bold=True)

    @property
    def height_of_beginning(self) -> float:
        """The height of what follows the heading on its page: all of a short table, else the titles and the first row.

        A row that is longer than a third of a page may be cut there.
        """
        rows = self._section.rows
        kept = rows if len(rows) <= _SHORT else rows[:1]
        heights = (_height(self._texts(row)) + 2 * self._pad for row in kept)
        return self._height_of_titles + sum(min(height, _HEIGHT / 3) for height in heights)

    @property
    def _height_of_titles(self) -> float:
        return _height(self._titles) + 2 * _ROW_PAD if self._titles else 0.0

    def rows_onto(self, pages: _Pages) -> Iterator[None]:
        """Add the rows to the pages, one a step."""
        if self._section.rows:
            self._add_titles(pages)
        for row in self._section.rows:
            self._add(pages, row)
            yield

    def _add_titles(self, pages: _Pages) -> None:
        if self._titles:
            self._put(pages, self._titles, 0, None, _ROW_PAD)
            pages[-1].rules.append((_LEFT, pages.y, _BODY_WIDTH, _pen(1.0)))

    def _add(self, pages: _Pages, row: Sequence[ReportCell]) -> None:
        texts = self._texts(row)
        height = _height(texts) + 2 * self._pad
        page = _END - _TOP - self._height_of_titles
        if height > pages.room and (height <= page or pages.room < page / 3):
            pages.new()
            self._add_titles(pages)
        first, lines = 0, max(len(text.lines) for text in texts)
        while first < lines:
            count = max(1, int((pages.room - 2 * self._pad) // max(text.line_height for text in texts)))
            self._put(pages, texts, first, count, self._pad)
            first += count
            if first < lines:
                pages.new()
                self._add_titles(pages)
        self._add_fields(pages, row, height)
        pages[-1].rules.append((_LEFT, pages.y, _BODY_WIDTH, _pen(0.4, _GREY)))

    def _put(self, pages: _Pages, texts: Sequence[_Text], first: int, count: int | None, pad: float) -> None:
        """Add some lines of each cell."""
        x = _LEFT
        height = 0.0
        for text, width in zip(texts, self._widths, strict=True):
            pages[-1].texts.append((text, x + _PAD, pages.y + pad, first, count))
            shown = text.lines[first : None if count is None else first + count]
            height = max(height, len(shown) * text.line_height)
            x += width
        pages.y += height + 2 * pad

    def _add_fields(self, pages: _Pages, row: Sequence[ReportCell], height: float) -> None:
        """Add what is filled in by hand, on the row that ends at the present place."""
        x = _LEFT
        for index, width in zip(self._indices, self._widths, strict=True):
            if row[index] is HandField.TICK:
                side = 9 * _POINT
                pages[-1].boxes.append(QRectF(x + _PAD, pages.y - height + self._pad, side, side))
            elif row[index] is HandField.LINE:
                pages[-1].rules.append((x + _PAD, pages.y - self._pad / 2, width - 3 * _PAD, _pen(0.6)))
            x += width

    def _texts(self, row: Sequence[ReportCell], *, bold: bool = False) -> list[_Text]:
        section = self._section
        return [
            _Text(
                # An empty cell has the height of a line.
                section.columns[index].text(row[index]) or " ",
                _cell_font(section, row[index], bold=bold or (section.facts and index == 0)),
                width - 2 * _PAD,
                right=section.columns[index].number,
            )
            for index, width in zip(self._indices, self._widths, strict=True)
        ]


def _widths(section: ReportSection, indices: Sequence[int]) -> list[float]:
    """Return the widths of columns: each has room for its longest word, and for all of its texts if possible."""
    widest: list[float] = []
    least: list[float] = []
    for index in indices:
        column = section.columns[index]
        lines = {
            (line, isinstance(row[index], ChangedValue))
            for row in section.rows
            for line in column.text(row[index]).split("\n")
        }
        # A heading may be in several lines, divided at its soft hyphens too.
        heading = {(word, True) for word in column.heading.replace(SOFT_HYPHEN, "- ").split()}
        words = {(word, strong) for line, strong in lines for word in line.split()}
        metrics = {strong: QFontMetricsF(_cell_font(section, None, bold=strong)) for strong in (False, True)}

        def room(texts: Iterable[tuple[str, bool]], metrics: dict[bool, QFontMetricsF] = metrics) -> float:
            advances = (metrics[strong].horizontalAdvance(text) for text, strong in texts)
            # A point more, because the widths of a text's parts are rounded.
            return max(advances, default=0.0) + 2 * _PAD + _POINT

        least.append(min(room(words | heading), 2 * _BODY_WIDTH / len(indices)))
        widest.append(max(room(lines), least[-1]))
    shares = [section.columns[index].share for index in indices]
    if section.tall or section.facts:
        return [_BODY_WIDTH * share / sum(shares) for share in shares]
    spare = _BODY_WIDTH - sum(widest)
    if spare >= 0:
        return [width + spare * share / sum(shares) for width, share in zip(widest, shares, strict=True)]
    # The smallest wishes first, so that as few columns as possible have cells of several lines.
    widths, spare = list(least), max(0.0, _BODY_WIDTH - sum(least))
    by_wish = sorted(range(len(widths)), key=lambda index: widest[index] - least[index])
    for number, index in enumerate(by_wish):
        given = min(widest[index] - least[index], spare / (len(by_wish) - number))
        widths[index] += given
        spare -= given
    return [width * _BODY_WIDTH / sum(widths) for width in widths]


def _cell_font(section: ReportSection, cell: ReportCell, *, bold: bool) -> QFont:
    return _font(10 if section.facts else 7.5, bold=bold or isinstance(cell, ChangedValue))


def _height(texts: Sequence[_Text]) -> float:
    return max((text.height for text in texts), default=0.0)


def _paint_frame(painter: QPainter, report: Report, number: int, count: int) -> None:
    """Paint head and foot of a page."""
    small, strong = _font(8), _font(9, bold=True)
    half = _BODY_WIDTH / 2
    painter.setPen(_BLACK)
    head = _HEAD
    if report.practice:
        text = _Text(report.practice, strong, _BODY_WIDTH)
        box = QRectF(_LEFT, head - 2 * _MM, _BODY_WIDTH, text.line_height + 1.5 * _MM)
        painter.setPen(_pen(1.2))
        painter.drawRect(box)
        painter.setPen(_BLACK)
        text.paint(painter, _LEFT + _PAD, head - 1.25 * _MM, 0, 1)
        head += text.line_height + 1.5 * _MM
    if number > 1:
        _Text(report.site, small, half).paint(painter, _LEFT, head, 0, 1)
        _Text(report.title, small, half, right=True).paint(painter, _LEFT + half, head, 0, 1)
    foot = _HEIGHT - _FOOT
    _Text(report.made_text, small, half).paint(painter, _LEFT, foot, 0, 1)
    page = report.page.format(number, count)
    _Text(page, small, half, right=True).paint(painter, _LEFT + half, foot, 0, 1)


def _font(points: float, *, bold: bool = False) -> QFont:
    font = QFont()
    font.setFamilies(list(_FAMILIES))
    font.setPixelSize(round(points * _POINT))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setBold(bold)
    # A reader that searches for "flat" does not find it with the ligature of f and l.
    font.setFeature(QFont.Tag("liga"), 0)
    return font


def _pen(points: float, colour: QColor = _BLACK) -> QPen:
    return QPen(colour, points * _POINT)
