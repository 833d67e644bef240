"""The step Report: a preview, its variants and languages, and saving it as a file."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import msgspec
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from cmi_gui.engine.files.table_xlsx import xlsx_file
from cmi_gui.engine.messages import reason_of
from cmi_gui.engine.report.document import Report
from cmi_gui.engine.report.formats import html_file, report_json, report_tables
from cmi_gui.engine.report.report import ReportOptions, report_steps
from cmi_gui.engine.report.texts import ReportLanguage
from cmi_gui.engine.site.model import Site
from cmi_gui.report_pdf import NoFonts, page_pictures, pdf_file
from cmi_gui.ui.dialogs import FileKind, ask_save_as
from cmi_gui.ui.pages.bus.report_preview import ReportPreview
from cmi_gui.ui.pages.bus.visit_words import modules_text
from cmi_gui.ui.pages.page import Context
from cmi_gui.ui.text.i18n import installed_language
from cmi_gui.ui.text.messages import text_of
from cmi_gui.ui.text.words import Level, sentence
from cmi_gui.ui.theme import SPACE, em
from cmi_gui.ui.widgets.plain.buttons import Button, PrimaryButton, QuietButton, Segments
from cmi_gui.ui.widgets.plain.captioned import caption
from cmi_gui.ui.widgets.plain.fields import ChoiceField
from cmi_gui.ui.widgets.plain.layout import DimLabel, Section, StackedView, Stretch, WarningLine, column_of, row_of
from cmi_gui.ui.widgets.plain.scroll_bar import ScrollColumn

_ReportMaker = Callable[[], Generator[bytes, None, Report]]
"""Makes a report in steps that are empty pieces."""
_AFTER_CHANGE_MS = 400
"""Milliseconds after a change of the site, until the preview is made again."""
_PREVIEW_WIDTH = 1240
"""The width of a page in the preview in pixels: 150 to the inch."""


class ReportView(StackedView):
    """The step Report of a visit."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._previewed: object = None
        own = installed_language()
        self.language = Segments(
            [
                ("English", ReportLanguage.ENGLISH),
                ("Svenska", ReportLanguage.SWEDISH),
                ("Deutsch", ReportLanguage.GERMAN),
            ],
            self.tr("Language of the report"),
            self,
            object_name="reportLanguage",
        )
        self.language.show_value(next((each for each in ReportLanguage if each.value == own), ReportLanguage.ENGLISH))
        self.readings = Segments(
            [(self.tr("With readings"), True), (self.tr("Without readings"), False)],
            self.tr("Variant"),
            self,
            object_name="reportReadings",
        )
        self.place = ChoiceField(self.tr("Flats in the report"), self, object_name="reportPlace")
        self.save = PrimaryButton(self.tr("Save report..."), self, icon="export", object_name="reportSave")
        self.save.clicked.connect(self._ask)
        self.note = DimLabel("", self, wrap=True)
        self.problem = WarningLine(self, trouble=True, object_name="reportProblem")
        self.remove = Button(
            self.tr("Remove this site's readings from this computer"), self, object_name="reportRemove"
        )
        self.confirm_remove = Button(self.tr("Remove the readings"), self, object_name="reportRemoveNow")
        self.keep = QuietButton(self.tr("Keep them"), self, object_name="reportKeep")
        self.remove_words = DimLabel("", self, wrap=True, object_name="reportRemoveWords")
        self.preview = ReportPreview(context.background, self)
        self._timer = QTimer(self, singleShot=True, interval=_AFTER_CHANGE_MS)
        self._timer.timeout.connect(self._make)
        self._lay_out()
        self._ask_before_removing(False)
        self.language.chosen.connect(self.refresh)
        self.readings.chosen.connect(self.refresh)
        self.place.activated.connect(self.refresh)
        self.remove.clicked.connect(lambda: self._ask_before_removing(True))
        self.keep.clicked.connect(lambda: self._ask_before_removing(False))
        self.confirm_remove.clicked.connect(self._remove)
        for changed in (context.site.modules_changed, context.site.rows_changed, context.site.opened):
            changed.connect(self._site_changed)
        context.site.file_changed.connect(self._site_changed)

    def _lay_out(self) -> None:
        made = Section(self.tr("Report"), self)
        for words, field in (
            (self.tr("Language"), self.language),
            (self.tr("Variant"), self.readings),
            (self.tr("Flats"), self.place),
        ):
            made.body.addWidget(caption(words, field, made))
            made.body.addLayout(row_of(field, Stretch()))
        made.body.addSpacing(SPACE.m)
        made.body.addLayout(row_of(self.save, Stretch()))
        made.body.addWidget(self.note)
        made.body.addWidget(self.problem)
        data = Section(self.tr("Readings on this computer"), self)
        data.body.addWidget(self.remove_words)
        data.body.addLayout(row_of(self.remove, Stretch()))
        data.body.addLayout(row_of(self.confirm_remove, self.keep, Stretch()))
        inside = QWidget(self)
        column_of(made, data, Stretch(1), within=inside, margins=(0, 0, SPACE.s, 0), spacing=SPACE.xl)
        left = ScrollColumn(self)
        left.setWidget(inside)
        left.keep_width(em(self, 52))
        row_of((left, 0), (self.preview, 1), within=self, margins=0, spacing=SPACE.l)

    # Display

    def _site_changed(self) -> None:
        self._previewed = None
        if self.isVisible():
            self._timer.start()

    def refresh(self) -> None:
        """Show the present choices, and make the preview if they or the site have changed."""
        site = self._context.site.site
        places = list(dict.fromkeys(module.place for module in site if module.place))
        shown = [self.place.itemText(index) for index in range(1, self.place.count())]
        if places != shown or not self.place.count():
            chosen = self.place.currentText() if self.place.currentIndex() > 0 else ""
            self.place.clear()
            self.place.addItems([self.tr("All flats"), *places])
            self.place.setCurrentIndex(max(0, places.index(chosen) + 1 if chosen in places else 0))
            self.place.updateGeometry()
        nothing = "" if site.modules else self.tr("The site has no modules yet")
        self.save.allow(nothing, self.tr("As PDF, HTML page, Excel file or JSON"))
        words = self.tr(
            "The PDF is for printing and signing, Excel and JSON also have the meter list for the gateway. The report"
            " shows only energy registers, and never a password."
        )
        if self._context.site.practice:
            words = self.tr("{0} Each page says PRACTICE.").format(words)
        self.note.setText(words)
        stored = sum(bool(module.readings or module.last_visit) for module in site)
        self.remove.allow(
            "" if stored else self.tr("No readings of this site are stored here"),
            self.tr("From the site and from the history of this program; reports that were saved stay"),
        )
        if site.modules and self._previewed != self._choices():
            self._make()

    def _choices(self) -> object:
        return (id(self._context.site.site), self._options())

    def _options(self) -> ReportOptions:
        index = self.place.currentIndex()
        return ReportOptions(
            language=self.language.value(),
            readings=self.readings.value(),
            place=self.place.currentText() if index > 0 else None,
            practice=self._context.site.practice,
        )

    def _make(self) -> None:
        if not self._context.site.site.modules:
            return
        self._previewed = self._choices()
        self.problem.show_text("")
        report = self._report_maker()

        def pages() -> Iterator[bytes]:
            yield from page_pictures((yield from report()), _PREVIEW_WIDTH)

        self.preview.show_pages(pages, self._failed)

    def _report_maker(self) -> _ReportMaker:
        """Return a function that makes the report on the site as it is now; it may be called in another thread."""
        site = self._context.site
        # A copy, because the site changes while the report is being made.
        content, table, options, now = msgspec.msgpack.encode(site.site), site.table, self._options(), site.now()
        return lambda: report_steps(msgspec.msgpack.decode(content, type=Site), table, options, now)

    def _failed(self, error: Exception) -> None:
        no_fonts = self.tr("Qt finds no font on this system; save the report as an HTML page instead")
        self.problem.show_text(no_fonts if isinstance(error, NoFonts) else sentence(reason_of(error)))

    # Saving

    def _ask(self) -> None:
        kinds = [
            FileKind(self.tr("PDF"), "pdf"),
            FileKind(self.tr("HTML page"), "html"),
            FileKind(self.tr("Excel"), "xlsx"),
            FileKind(self.tr("JSON"), "json"),
        ]
        place = "" if self.place.currentIndex() <= 0 else self.place.currentText()
        name = " ".join(filter(None, (self._context.site.site.name, place)))
        stem = self._context.file_stem("report", name)
        ask_save_as(self, self.tr("Save the report"), kinds, 0, stem, lambda path, kind: self.write(path, kinds[kind]))

    def write(self, path: Path, kind: FileKind) -> None:
        """Write the report in the background, in the format of a kind of file."""
        saved = self.tr("Report saved to {0}").format(path)
        no_fonts = self.tr("Qt finds no font on this system; save it as an HTML page instead")
        self._context.tables.write(path, _pieces(self._report_maker(), kind.suffix, no_fonts), saved)

    # Removing

    def _ask_before_removing(self, asks: bool) -> None:
        count = sum(bool(module.readings or module.last_visit) for module in self._context.site.site)
        self.remove.setVisible(not asks)
        self.confirm_remove.setVisible(asks)
        self.keep.setVisible(asks)
        self.remove_words.setText(
            self.tr(
                "The readings of {0} are removed from the site and from this program's history, with the notes on them."
                " This cannot be undone."
            ).format(modules_text(count))
            if asks
            else self.tr("Readings show how much a household uses. Remove them when the report is handed over.")
        )
        if asks:
            self.keep.setFocus()

    def _remove(self) -> None:
        self._ask_before_removing(False)
        context, site, line = self._context, self._context.site, self._context.bus.line
        done = self.tr("The readings of this site were removed from this computer")
        failed = self.tr("The readings were removed from the site, but not from the history: {0}")
        context.history.forget_site(
            site.site,
            line.link if site.practice and line is not None else "",
            lambda: context.add_message(Level.GOOD, done),
            lambda error: context.add_message(Level.ERROR, failed.format(text_of(reason_of(error)))),
        )
        # A step back could bring a row with its readings back.
        site.undo.clear()
        site.touch(*site.site.modules)
        self.refresh()


def _pieces(report: _ReportMaker, suffix: str, no_fonts: str) -> Iterator[bytes]:
    """Yield the file in a format. Raises OSError with `no_fonts` if a PDF cannot be made."""
    made = yield from report()
    match suffix:
        case "pdf":
            try:
                yield from pdf_file(made)
            except NoFonts:
                raise OSError(0, no_fonts) from None
        case "html":
            yield from html_file(made)
        case "xlsx":
            yield from xlsx_file(report_tables(made))
        case "json":
            yield report_json(made).encode() + b"\n"
