"""The bars of the page Traffic: title and recording, the filter with its counters, the opened capture."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from cmi_gui.engine.traffic.capture_reading import Capture
from cmi_gui.engine.traffic.filter import FilterError, Flag, Key, TrafficFilter
from cmi_gui.engine.traffic.store import Side
from cmi_gui.ui.pages.traffic.filter_field import FilterField, filter_error_text
from cmi_gui.ui.pages.traffic.filter_help import FilterHelp
from cmi_gui.ui.pages.traffic.line import TimeMode
from cmi_gui.ui.pages.traffic.search import occurring
from cmi_gui.ui.pages.traffic.source import TrafficSource
from cmi_gui.ui.text.mark import Mark
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.theme import SPACE, em, font, tabular
from cmi_gui.ui.widgets.plain.buttons import Button, QuietButton, Segments
from cmi_gui.ui.widgets.plain.fields import ChoiceField
from cmi_gui.ui.widgets.plain.layout import Gap, Label, Stretch, Surface, WrappingBar, column_of, row_of
from cmi_gui.ui.widgets.plain.marks import ElidedLabel, StateMark
from cmi_gui.ui.widgets.plain.progress import ProgressLine

_ONE_LINE_FROM = 120
"""The width of a bar in average characters from which all of it is in one line."""
LIMITS = (64 << 20, 256 << 20, 1 << 30)
"""The choices for the traffic kept in memory, in bytes; the middle one is the default."""


class View(IntEnum):
    """What the page shows above the chosen telegram."""

    ALL = 0
    LATEST = 1
    BOOKMARKS = 2
    ANSWERS = 3


class TopBar(WrappingBar):
    """A bar with the title, the choice of the view, and the buttons for live traffic and files.

    Signals: `limit_chosen(object)`, one of `LIMITS`; `save_all()`; `rules_wanted()`, to show the colour rules.
    """

    limit_chosen = Signal(object)
    save_all = Signal()
    rules_wanted = Signal()
    one_line_from = _ONE_LINE_FROM

    def __init__(self, record: Button, parent: QWidget) -> None:
        super().__init__(parent)
        title = Label(self.tr("Traffic"), self, look=font(1.35, strong=True))
        views = [
            (self.tr("All telegrams"), View.ALL),
            (self.tr("Latest"), View.LATEST),
            (self.tr("Bookmarks"), View.BOOKMARKS),
            (self.tr("Answer times"), View.ANSWERS),
        ]
        self.view = Segments(views, self.tr("View"), self)
        set_tooltip(
            self.view,
            self.tr("All telegrams; one line per kind with changes marked; bookmarks with their notes; answer times"),
        )
        self.follow = Button(self.tr("Follow"), self, icon="follow", object_name="trafficFollow", checkable=True)
        self.follow.setChecked(True)
        self.pause = Button(self.tr("Pause"), self, icon="pause", object_name="trafficPause", checkable=True)
        self.clear = QuietButton(self.tr("Clear"), self, icon="clear", object_name="trafficClear")
        self.open = QuietButton(self.tr("Open..."), self, icon="open", object_name="trafficOpen")
        set_tooltip(
            self.open, self.tr("Open a capture or the log of another tool (Ctrl+O), or one of the files used last")
        )
        self.more = QuietButton("", self, icon="more", name=self.tr("More"), menu=True, object_name="trafficMore")
        self._make_menu()
        self.show_live(True)
        self.shortened = (self.follow, self.pause, record, self.clear, self.open)
        lines = self.wrap(
            row_of(title, Gap(SPACE.s), self.view, Stretch()),
            row_of(self.follow, self.pause, record, self.clear, self.open, self.more),
        )
        column_of(lines, within=self, margins=0)

    def _make_menu(self) -> None:
        self._menu = QMenu(self.more)
        self._menu.setAccessibleName(self.tr("More"))
        self._menu.addAction(self.tr("Save all lines shown..."), self.save_all.emit)
        self._menu.addAction(self.tr("Colour rules..."), self.rules_wanted.emit)
        memory_menu = self._menu.addMenu(self.tr("Keep in memory"))
        group = QActionGroup(self)
        self._limits = {}
        for limit in LIMITS:
            action = memory_menu.addAction(self.tr("At most {0} MiB").format(limit >> 20))
            action.setCheckable(True)
            group.addAction(action)
            action.triggered.connect(lambda _=False, limit=limit: self.limit_chosen.emit(limit))
            self._limits[limit] = action
        self._limits[LIMITS[1]].setChecked(True)
        self.more.clicked.connect(lambda: self._menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height()))))

    def show_limit(self, limit: int) -> None:
        """Tick the memory limit, one of `LIMITS` (bytes)."""
        self._limits[limit].setChecked(True)

    def show_live(self, live: bool) -> None:
        """Enable the buttons for live traffic, or disable them while an opened file is shown."""
        why = self.tr("Not available for an opened file; close the file first")
        for button, tip in (
            (self.follow, self.tr("Keep the newest row in view")),
            (self.pause, self.tr("Freeze the list; traffic is still collected")),
            (self.clear, self.tr("Remove all rows; a recording keeps them in its file")),
        ):
            button.setEnabled(live)
            set_tooltip(button, tip if live else why)


class FilterBar(WrappingBar):
    """A bar with the filter and its buttons, and below them the counters or the filter's error."""

    one_line_from = _ONE_LINE_FROM

    def __init__(self, source: Callable[[], TrafficSource], parent: QWidget) -> None:
        super().__init__(parent)
        self.filter = FilterField(lambda: occurring(source()), self)
        self.filter.setObjectName("trafficFilter")
        self.filter.setPlaceholderText(self.tr("Filter: words, bytes, or side:mbus type:RSP_UD addr:5 error"))
        self.filter.setAccessibleName(self.tr("Filter the traffic"))
        set_tooltip(
            self.filter,
            self.tr("Show only matching telegrams (Ctrl+F); Esc shows all again, F1 explains the filter language"),
        )
        self._help = FilterHelp(self)
        self._help.chosen.connect(self._use_example)
        self.filter.help_requested.connect(lambda: self._help.open_below(self.filter))
        self.help = QuietButton("", self, icon="help", name=self.tr("Explain the filter language"))
        self.help.setObjectName("trafficFilterHelp")
        self.help.clicked.connect(lambda: self._help.open_below(self.filter))
        sides = [(self.tr("Both sides"), None), (self.tr("M-Bus"), Side.MBUS), (self.tr("Meter"), Side.METER)]
        self.side = Segments(sides, self.tr("Side"), self)
        self.errors = Button(self.tr("Errors only"), self, checkable=True)
        set_tooltip(self.errors, self.tr("Damaged, refused and unanswered telegrams"))
        self.bookmark = Button("", self, icon="bookmark", name=self.tr("Bookmark"), checkable=True)
        self.bookmark.setObjectName("trafficBookmark")
        self.show_bookmark(None)
        self.time = ChoiceField(self.tr("Time"), self)
        self.time.addItem(self.tr("Time of day"), TimeMode.CLOCK)
        self.time.addItem(self.tr("Since the first row"), TimeMode.FIRST)
        self.time.addItem(self.tr("Since the selected row"), TimeMode.MARK)
        set_tooltip(
            self.time, self.tr("The time in the first column; the second shows the time since the previous line")
        )
        self._mark = StateMark(Mark.TROUBLE, self)
        self._words = ElidedLabel(parent=self, dim=True, look=tabular(font()), object_name="trafficCounters")
        self._progress = ProgressLine(self.tr("Progress of the search"), self)
        self._progress.setFixedWidth(em(self, 20))
        self._counters = ""
        self._fault: str | None = None
        self._lay_out()
        self._show_words()

    def _lay_out(self) -> None:
        lines = self.wrap(
            row_of((self.filter, 1), self.help),
            row_of(self.side, self.errors, self.bookmark, self.time, Stretch()),
        )
        below = row_of(self._mark, (self._words, 1), self._progress)
        column_of(lines, below, within=self, margins=0, spacing=SPACE.xs)

    @property
    def words(self) -> str:
        """The text below the filter."""
        return self._words.text()

    def show_bookmark(self, marked: bool | None) -> None:
        """Show whether the current line has a bookmark; None without a current line."""
        self.bookmark.setChecked(bool(marked))
        self.bookmark.allow(
            self.tr("Select a telegram to bookmark it") if marked is None else "",
            self.tr("Bookmark the selected telegram (Ctrl+B), with a note Ctrl+Shift+B; F2 goes to the next bookmark"),
        )

    def show_filter(self, wanted: TrafficFilter) -> None:
        """Set the buttons from a valid filter, and remove the error."""
        self._fault = None
        sides = set(wanted.values(Key.SIDE))
        only = next(iter(sides)) if len(sides) == 1 else None
        self.side.show_value(only)
        self.errors.setChecked(wanted.values(Key.IS) == (Flag.ERROR,))
        self._show_words()

    def show_error(self, error: FilterError) -> None:
        """Show why the filter is invalid; the previous one stays in force."""
        self._fault = filter_error_text(error)
        self._show_words()

    def show_counters(self, text: str, progress: float | None) -> None:
        """Show the counters, and the progress of a search (0 to 1), None for no search."""
        self._counters = text
        self._progress.set_share(progress)
        self._show_words()

    def _show_words(self) -> None:
        self._mark.setVisible(self._fault is not None)
        self.filter.setAccessibleDescription(self._fault or "")
        text = self._counters if self._fault is None else self._fault
        if self._words.text() != text:
            self._words.setText(text)
            self._words.setAccessibleName(text)
            self._words.update()

    def _use_example(self, example: str) -> None:
        text = self.filter.text().strip()
        self.filter.setText(f"{text} {example}" if text else example)
        self.filter.setFocus()


class OpenedBar(Surface):
    """A bar that names the opened file and can close it, or shows the progress while a file is read.

    Signals: `closed()`, `cancelled()`: the user closes the file, or cancels the reading; `replay()`: the user asks for
    its replay.
    """

    closed = Signal()
    replay = Signal()
    cancelled = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__("base", parent)
        self.setObjectName("trafficOpened")
        self._words = ElidedLabel(parent=self)
        self._progress = ProgressLine(self.tr("Progress of reading the file"), self)
        self._progress.setFixedWidth(em(self, 20))
        self._button = Button(self.tr("Close the file"), self, icon="close", object_name="trafficCloseCapture")
        self._button.clicked.connect(self._clicked)
        self._replay = Button(self.tr("Replay..."), self, icon="play", object_name="trafficReplay")
        set_tooltip(self._replay, self.tr("Send the telegrams of the master again, to the built-in module"))
        self._replay.clicked.connect(self.replay)
        self._capture: Capture | None = None
        self._reading = False
        row_of(
            (self._words, 1),
            self._progress,
            self._replay,
            self._button,
            within=self,
            margins=(SPACE.m, SPACE.xs),
            spacing=SPACE.m,
        )
        self._show()

    @property
    def words(self) -> str:
        """The text of the bar."""
        return self._words.text()

    def show_capture(self, capture: Capture) -> None:
        """Show the bar for an opened file."""
        self._capture = capture
        self._show()

    def hide_capture(self) -> None:
        """Hide the bar after the file was closed."""
        self._capture = None
        self._show()

    def show_progress(self, share: float | None) -> None:
        """Show the share (0 to 1) of a file read so far; None when no file is being read."""
        self._reading = share is not None
        self._progress.set_share(share)
        self._show()

    def _show(self) -> None:
        self.setVisible(self._reading or self._capture is not None)
        self._replay.setVisible(not self._reading)
        self._button.set_words(self.tr("Cancel") if self._reading else self.tr("Close the file"))
        if self._reading:
            self._words.setText(self.tr("Reading the file..."))
        elif self._capture is not None:
            self._words.setText(self._description(self._capture))

    def _description(self, capture: Capture) -> str:
        parts = [self.tr("Capture {0}").format(capture.path.name)]
        parts.append(self.tr("{0} telegrams").format(len(capture.store) - capture.bad_lines))
        if capture.bad_lines:
            parts.append(self.tr("unreadable lines: {0}").format(capture.bad_lines))
        if capture.bad_bookmarks:
            parts.append(self.tr("unreadable bookmarks: {0}").format(capture.bad_bookmarks))
        if capture.secrets_in_clear:
            parts.append(self.tr("the file contains passwords in clear text; they are masked here"))
        return "  ·  ".join(parts)

    def _clicked(self) -> None:
        (self.cancelled if self._reading else self.closed).emit()
