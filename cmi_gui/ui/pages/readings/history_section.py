"""The settings of the history: its file and size, how long readings are kept, and how to delete them."""

from __future__ import annotations

from concurrent.futures import Future

from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtWidgets import QWidget

from cmi_gui.engine.clock import local_time
from cmi_gui.engine.history.values import DAY_MS, DEFAULT_DAYS, HistoryInfo
from cmi_gui.ui.dialogs import confirm
from cmi_gui.ui.models.readings_history import ReadingsHistory
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.widgets.plain.buttons import QuietButton
from cmi_gui.ui.widgets.plain.disclosure import Disclosure
from cmi_gui.ui.widgets.plain.fields import ChoiceField
from cmi_gui.ui.widgets.plain.layout import Label, Stretch, add_parts, row_of
from cmi_gui.ui.widgets.plain.marks import ElidedLabel

_DAYS = (30, 90, DEFAULT_DAYS, 1826, 3653)


class HistorySection(Disclosure):
    """A section whose title shows size and age of the history; `refresh` reads them from the file."""

    def __init__(self, history: ReadingsHistory, parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("HistorySection", "History of readings"), parent)
        self.setObjectName("historySection")
        self._history = history
        self._info: HistoryInfo | None = None
        self._where = ElidedLabel(dim=True)
        self.days = ChoiceField(self.tr("Keep readings for"), self, object_name="historyDays")
        self.days.activated.connect(self._days_chosen)
        words = Label(self.tr("Keep readings for"), self)
        words.setBuddy(self.days)
        self.delete = QuietButton(self.tr("Delete history..."), self, icon="clear", object_name="historyDelete")
        self.delete.clicked.connect(self._delete)
        row = row_of(words, self.days, Stretch(), self.delete)
        add_parts(self.body, row, self._where)
        self.toggled.connect(self.refresh)

    def refresh(self) -> None:
        """Fetch and show the present size and age."""
        self._ask(self._history.history.info())

    def _ask(self, future: Future[HistoryInfo]) -> None:
        self._history.ask(self, future, self._show)

    def _show(self, info: HistoryInfo) -> None:
        self._info = info
        size = QLocale().formattedDataSize(info.size, 1, QLocale.DataSizeFormat.DataSizeSIFormat)
        if info.oldest is None:
            self.set_remark(self.tr("empty"))
        else:
            oldest = local_time(info.oldest / 1000)
            self.set_remark(self.tr("{0}, since {1}").format(size, f"{oldest:%Y-%m-%d %H:%M}"))
        self._where.setText(
            self.tr("In memory only: deleted when the program ends")
            if info.path is None
            else self.tr("Stored in {0}").format(info.path)
        )
        if self.days.currentData() != info.days:
            self.days.clear()
            for days in sorted({*_DAYS, info.days}):
                self.days.addItem(self._days_text(days), days)
            self.days.setCurrentIndex(self.days.findData(info.days))
        self.delete.setEnabled(info.oldest is not None)
        set_tooltip(self.delete, "" if info.oldest is not None else self.tr("There is nothing to delete"))

    def _days_text(self, days: int) -> str:
        years = round(days / 365.25)
        if years > 1 and days == round(years * 365.25):
            return self.tr("{0} years").format(years)
        return self.tr("{0} days").format(days)

    def _days_chosen(self) -> None:
        """Apply the chosen days, after a confirmation if that deletes readings."""
        info, days = self._info, int(self.days.currentData())
        if info is None or days == info.days:
            return
        oldest_kept = self._history.now() * 1000 - days * DAY_MS
        if info.oldest is None or info.oldest >= oldest_kept:
            self._set_days(days)
            return
        day = local_time(oldest_kept / 1000)
        box = confirm(
            self,
            self.tr("Delete old readings"),
            self.tr(
                "The readings and notes of all modules from before {0} will be deleted. This cannot be undone."
            ).format(f"{day:%Y-%m-%d}"),
            self.tr("Delete old readings"),
            lambda: self._set_days(days),
        )
        box.rejected.connect(self._show_days)

    def _show_days(self) -> None:
        if self._info is not None:
            self.days.setCurrentIndex(self.days.findData(self._info.days))

    def _set_days(self, days: int) -> None:
        self._ask(self._history.set_days(days))

    def _delete(self) -> None:
        confirm(
            self,
            self.tr("Delete history"),
            self.tr(
                "All readings and notes of all modules will be deleted, including those on screen. This cannot be"
                " undone."
            ),
            self.tr("Delete history"),
            lambda: self._ask(self._history.clear()),
        )
