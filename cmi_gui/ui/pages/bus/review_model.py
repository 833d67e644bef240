"""The table of what a batch will write: one row for each setting of each module, in the order of the writes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QObject, Qt

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.profile import CommandRow
from cmi_gui.engine.configurator.plan import in_order
from cmi_gui.engine.site.model import SiteModule
from cmi_gui.ui.models.columns import ColumnsModel, Index
from cmi_gui.ui.pages.bus.visit_words import HIDDEN, check_words, number_of, title_of, value_words
from cmi_gui.ui.pages.bus.words import NONE
from cmi_gui.ui.text.tooltip import tooltip


@dataclass(frozen=True, slots=True)
class PlannedWrite:
    """A setting that a batch will write. `before` is None if the module's value is not known."""

    module: SiteModule
    row: CommandRow
    before: str | None
    after: str


def planned(modules: Iterable[SiteModule], table: CommandTable) -> list[PlannedWrite]:
    """Return what a batch will write, in its order: module after module, the speed of each last."""
    found = []
    for module in modules:
        names = [*module.changes, *module.wanted_secrets]
        for row in in_order(table.profile.row(name) for name in names):
            before = HIDDEN if row.secret and row.id in module.known else module.value(row.id)
            found.append(PlannedWrite(module, row, before, HIDDEN if row.secret else module.changes[row.id]))
    return found


class ReviewColumn(IntEnum):
    """The columns of the review from left to right."""

    ORDER = 0
    PLACE = 1
    MODULE = 2
    SETTING = 3
    BEFORE = 4
    AFTER = 5
    CHECK = 6


class ReviewModel(ColumnsModel):
    """A table of planned writes; place and module stand in the first row of each module only."""

    numbers = frozenset({ReviewColumn.ORDER})

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.headers = [
            self.tr("Order"),
            self.tr("Place"),
            self.tr("Module"),
            self.tr("Setting"),
            self.tr("Is"),
            self.tr("Will be"),
            self.tr("Check"),
        ]
        self._writes: list[PlannedWrite] = []
        self._rows: list[tuple[str, ...]] = []
        """The texts of each row."""

    @property
    def writes(self) -> list[PlannedWrite]:
        """The planned writes in the order of the rows."""
        return list(self._writes)

    def show_writes(self, writes: list[PlannedWrite]) -> None:
        """Show other writes; nothing is repainted if they are the same."""
        texts: list[tuple[str, ...]] = []
        last: SiteModule | None = None
        for number, write in enumerate(writes, 1):
            first = write.module is not last
            last = write.module
            texts.append(
                (
                    str(number),
                    (write.module.place or NONE) if first else "",
                    number_of(write.module) if first else "",
                    title_of(write.row),
                    value_words(write.row, write.before),
                    value_words(write.row, write.after),
                    check_words(write.row),
                )
            )
        if writes != self._writes or texts != self._rows:
            self.beginResetModel()
            self._writes, self._rows = writes, texts
            self.endResetModel()

    # ColumnsModel

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return text, alignment and tooltip."""
        text = self._rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(text)
        return super().data(index, role)
