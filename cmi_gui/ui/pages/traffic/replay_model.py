"""The table of a replay's results: one row per telegram of the master."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from PySide6.QtCore import QModelIndex, QObject, Qt

from cmi_gui.engine.configurator.replay_run import ReplayResult
from cmi_gui.engine.traffic.replay import AnswerDifference, ReplayOutcome
from cmi_gui.engine.traffic.summaries import telegram_words
from cmi_gui.ui.models.columns import ColumnsModel, Index
from cmi_gui.ui.pages.traffic.line import DIM_ROLE, ERROR_ROLE
from cmi_gui.ui.text.messages import text_of
from cmi_gui.ui.text.tooltip import tooltip

_MOST_LISTED = 20
"""The most differences in a tooltip."""
_TROUBLES = frozenset((ReplayOutcome.DIFFERENT, ReplayOutcome.NO_ANSWER, ReplayOutcome.ONLY_NOW))
_UNIMPORTANT = frozenset((ReplayOutcome.SAME, ReplayOutcome.SKIPPED))


class ReplayColumn(IntEnum):
    """The columns from left to right."""

    NUMBER = 0
    TELEGRAM = 1
    RESULT = 2
    RECORDED = 3
    NOW = 4
    DIFFERENCES = 5


class ReplayModel(ColumnsModel):
    """A table of results; with `only_differences` of those that are neither the same nor skipped."""

    numbers = frozenset((ReplayColumn.NUMBER, ReplayColumn.RECORDED, ReplayColumn.NOW))

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._results: Sequence[ReplayResult] = ()
        self._rows: list[int] = []
        """The indices of the results that have a row."""
        self._only_differences = False
        self.headers = [
            self.tr("Number"),
            self.tr("Telegram"),
            self.tr("Result"),
            self.tr("Recorded, s"),
            self.tr("Now, s"),
            self.tr("Differences: recorded → now"),
        ]
        self.outcomes = {
            ReplayOutcome.SAME: self.tr("same"),
            ReplayOutcome.DIFFERENT: self.tr("different"),
            ReplayOutcome.NO_ANSWER: self.tr("no answer"),
            ReplayOutcome.ONLY_NOW: self.tr("answer only now"),
            ReplayOutcome.SKIPPED: self.tr("skipped"),
        }
        """The outcomes in words."""

    def show_results(self, results: Sequence[ReplayResult], *, only_differences: bool) -> None:
        """Show the results of a replay; those added to the list later are shown by `catch_up`."""
        self.beginResetModel()
        self._results, self._only_differences = results, only_differences
        self._rows = [index for index in range(len(results)) if self._passes(index)]
        self.endResetModel()

    def add_last(self) -> None:
        """Show the result that was added to the list last."""
        last = len(self._results) - 1
        if self._passes(last):
            at = len(self._rows)
            self.beginInsertRows(QModelIndex(), at, at)
            self._rows.append(last)
            self.endInsertRows()

    def result(self, row: int) -> ReplayResult:
        """Return the result in a row."""
        return self._results[self._rows[row]]

    def _passes(self, index: int) -> bool:
        return not self._only_differences or self._results[index].comparison.outcome in _TROUBLES

    # ColumnsModel

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return text, alignment, tooltip, and the colours of results."""
        column, result = index.column(), self.result(index.row())
        outcome = result.comparison.outcome
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(index.row(), result, column)
            case Qt.ItemDataRole.ToolTipRole if column == ReplayColumn.DIFFERENCES:
                lines = [_difference_text(each) for each in result.comparison.differences[:_MOST_LISTED]]
                return tooltip("\n".join(lines)) if lines else None
            case _ if role == ERROR_ROLE:
                return column == ReplayColumn.RESULT and outcome in _TROUBLES
            case _ if role == DIM_ROLE:
                return outcome in _UNIMPORTANT and column != ReplayColumn.TELEGRAM
        return super().data(index, role)

    def _text(self, row: int, result: ReplayResult, column: int) -> str:
        step = result.step
        match column:
            case ReplayColumn.NUMBER:
                return str(self._rows[row] + 1)
            case ReplayColumn.TELEGRAM:
                # Bytes that are damaged or masked cannot be decoded.
                if step.masked:
                    return self.tr("a telegram with a secret")
                return self.tr("a damaged telegram") if step.skipped else text_of(telegram_words(step.telegram))
            case ReplayColumn.RESULT:
                return self.outcomes[result.comparison.outcome]
            case ReplayColumn.RECORDED:
                return _seconds_text(step.seconds)
            case ReplayColumn.NOW:
                return _seconds_text(result.seconds)
        if step.skipped is not None:
            return text_of(step.skipped)
        return "; ".join(_difference_text(each) for each in result.comparison.differences)


def _seconds_text(seconds: float | None) -> str:
    return "\N{EM DASH}" if seconds is None else f"{seconds:.3f}"


def _difference_text(difference: AnswerDifference) -> str:
    return f"{text_of(difference.name)}: {text_of(difference.recorded)} → {text_of(difference.now)}"
