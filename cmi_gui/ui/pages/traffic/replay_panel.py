"""The panel of the page Traffic that replays the opened capture to the built-in module."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QWidget

from cmi_gui.engine.messages import reason_of
from cmi_gui.engine.traffic.capture_reading import Capture
from cmi_gui.engine.traffic.replay import ReplayOutcome, ReplayStep, plan_replay
from cmi_gui.engine.traffic.store import TrafficRow
from cmi_gui.ui.models.sending import was_stopped
from cmi_gui.ui.pages.page import Context
from cmi_gui.ui.pages.traffic.line import DIM_ROLE, ERROR_ROLE
from cmi_gui.ui.pages.traffic.replay_model import ReplayColumn, ReplayModel
from cmi_gui.ui.text.mark import Mark
from cmi_gui.ui.text.messages import text_of
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.theme import SPACE, em, font
from cmi_gui.ui.widgets.plain.buttons import Button, QuietButton, Segments, Switch
from cmi_gui.ui.widgets.plain.layout import Label, Stretch, Surface, column_of, row_of
from cmi_gui.ui.widgets.plain.marks import ElidedLabel, StateMark
from cmi_gui.ui.widgets.plain.progress import ProgressLine
from cmi_gui.ui.widgets.plain.table import CellDelegate, Table, WholeRows


class _Which(Enum):
    """The rows of the capture that are replayed."""

    ALL = "all"
    SELECTED = "selected"


class ReplayPanel(Surface):
    """A panel with the choices of a replay, its progress, and the table of its results.

    `gather`: calls back with the selected rows. Signals: `result_chosen(object)`, a `ReplayResult`; `closed()`.
    """

    result_chosen = Signal(object)
    closed = Signal()

    def __init__(
        self, context: Context, gather: Callable[[Callable[[list[TrafficRow]], object]], None], parent: QWidget
    ) -> None:
        super().__init__("base", parent)
        self.setObjectName("trafficReplayPanel")
        self._context = context
        self._sending = context.sending
        self._gather = gather
        self._preparing = False
        self.which = Segments(
            [(self.tr("All telegrams"), _Which.ALL), (self.tr("Selected rows"), _Which.SELECTED)],
            self.tr("What is replayed"),
            self,
            object_name="replayWhich",
        )
        self.gaps = Switch(self.tr("Original times"), self, object_name="replayGaps")
        set_tooltip(self.gaps, self.tr("Wait as long between the telegrams as in the capture"))
        self.start = Button(self.tr("Start the replay"), self, icon="play", object_name="replayStart")
        self.only = Button(self.tr("Differences only"), self, checkable=True, object_name="replayOnly")
        self.close_button = QuietButton(
            "", self, icon="close", name=self.tr("Close the replay"), object_name="replayClose"
        )
        self._mark = StateMark(Mark.OFF, self)
        self.words = ElidedLabel(parent=self, object_name="replayWords")
        self._progress = ProgressLine(self.tr("Progress of the replay"), self)
        self._progress.setFixedWidth(em(self, 20))
        self.model = ReplayModel(self)
        self.table = Table(self.tr("The results of the replay"), ReplayColumn.DIFFERENCES, self)
        self.table.setObjectName("replayTable")
        self.table.setModel(self.model)
        self.table.setItemDelegate(CellDelegate(self.table, DIM_ROLE, ERROR_ROLE))
        self.table.set_widths(
            {
                ReplayColumn.NUMBER: "00000",
                ReplayColumn.TELEGRAM: "SND_UD FCB=1 to 253: select 00000000",
                ReplayColumn.RESULT: max(self.model.outcomes.values(), key=len),
                ReplayColumn.RECORDED: "00.000",
                ReplayColumn.NOW: "00.000",
            }
        )
        self._lay_out()
        self._connect()
        self._show_all()

    def _lay_out(self) -> None:
        title = Label(self.tr("Replay"), self, look=font(strong=True))
        column_of(
            row_of(title, self.which, self.gaps, Stretch(), self.start, self.close_button),
            row_of(self._mark, (self.words, 1), self._progress, self.only),
            (WholeRows(self.table, self), 1),
            within=self,
            margins=(SPACE.m, SPACE.xs),
            spacing=SPACE.xs,
        )

    def _connect(self) -> None:
        self.start.clicked.connect(self._clicked)
        self.only.toggled.connect(lambda _: self._show_all())
        self.close_button.clicked.connect(self._close)
        self.table.selectionModel().currentRowChanged.connect(self._row_chosen)
        self._sending.replayed.connect(self._result_added)
        self._sending.replay_changed.connect(self._show_all)
        for signal in (self._context.targets.chosen, self._context.targets.changed):
            signal.connect(self.refresh)

    def refresh(self) -> None:
        """Show the state and whether a replay is possible now."""
        running = self._sending.replaying
        self.start.set_words(self.tr("Stop the replay") if running else self.tr("Start the replay"))
        self.start.set_icon("stop" if running else "play")
        why_not = "" if running else self.tr("The telegrams are being prepared") if self._preparing else ""
        why_not = why_not or ("" if running else self._sending.why_no_replay())
        tip = self.tr(
            "Send the telegrams to the built-in module; its settings and its simulated disconnector follow them"
        )
        self.start.allow(why_not, tip)
        for control in (self.which, self.gaps):
            control.setEnabled(not running)
        mark, words = self._state(why_not)
        self._mark.set_mark(mark)
        self.words.setText(words)
        self.words.setAccessibleName(words)
        total = len(self._sending.steps)
        self._progress.set_share(len(self._sending.results) / total if running and total else None)

    def _state(self, why_not: str) -> tuple[Mark, str]:
        sending = self._sending
        done, total = len(sending.results), len(sending.steps)
        if not sending.replaying and not done:
            return (Mark.TROUBLE, why_not) if why_not else (Mark.OFF, self.tr("Nothing has been sent yet"))
        counts = sending.counts
        parts = [self.tr("{0} of {1} telegrams").format(done, total)]
        parts += [f"{self.model.outcomes[kind]}: {counts[kind]}" for kind in ReplayOutcome if counts[kind]]
        if sending.replaying:
            return Mark.BUSY, "  ·  ".join(parts)
        error = sending.replay_error
        if error is not None:
            stopped = self.tr("stopped") if was_stopped(error) else text_of(reason_of(error))
            return (Mark.OFF if was_stopped(error) else Mark.TROUBLE), "  ·  ".join((stopped, *parts))
        same = counts[ReplayOutcome.SAME] + counts[ReplayOutcome.SKIPPED] == done
        return Mark.GOOD if same else Mark.TROUBLE, "  ·  ".join(parts)

    # The replay

    def _close(self) -> None:
        self._sending.forget_replay()
        self.closed.emit()

    def _clicked(self) -> None:
        if self._sending.replaying:
            self._sending.stop_replay()
        elif self.which.value() is _Which.SELECTED:
            self._gather(self._prepare)
        else:
            capture = self._context.opened.capture
            if capture is not None:
                self._prepare(_rows_of(capture))

    def _prepare(self, rows: Iterable[TrafficRow]) -> None:
        self._preparing = True
        self.refresh()
        self._context.background.run(lambda: plan_replay(rows), self._prepared, self._failed, owner=self)

    def _prepared(self, steps: list[ReplayStep]) -> None:
        self._preparing = False
        if steps:
            self._sending.start_replay(steps, keeps_gaps=self.gaps.isChecked())
            self.refresh()
        else:
            self.refresh()
            self.words.setText(self.tr("There is no telegram of a master among these rows"))

    def _failed(self, error: Exception) -> None:
        self._preparing = False
        raise error

    def _result_added(self, _result: object) -> None:
        self.model.add_last()
        self.refresh()

    def _show_all(self) -> None:
        self.model.show_results(self._sending.results, only_differences=self.only.isChecked())
        self._show_empty()
        self.refresh()

    def _show_empty(self) -> None:
        done = self._sending.results and self.only.isChecked()
        self.table.set_empty_text(
            self.tr("No differences") if done else self.tr("The answers are compared with the recorded ones here")
        )

    def _row_chosen(self, current: QModelIndex) -> None:
        if current.isValid():
            self.result_chosen.emit(self.model.result(current.row()))


def _rows_of(capture: Capture) -> Iterable[TrafficRow]:
    store = capture.store
    return (store.row(index) for index in range(store.first, len(store)))
