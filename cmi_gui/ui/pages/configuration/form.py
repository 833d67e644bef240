"""The form of settings and actions, in groups, made from the rows of the profile."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cmi_gui.engine.cmi1020.profile import CommandRow
from cmi_gui.ui.models.configuration import Configuration
from cmi_gui.ui.pages.configuration.rows import ActionRow, SettingRow
from cmi_gui.ui.text.messages import profile_text
from cmi_gui.ui.theme import SPACE
from cmi_gui.ui.widgets.plain.layout import DimLabel, Section, column_of

_GROUPS = ("Addressing", "Speed", "Rates", "Disconnector", "Passwords", "Display", "Readout")
"""The order of the known groups; others follow in the profile's order, and rows without a group come last."""
_OTHER = ""
_DO_NOW = "do now"


class ConfigurationForm(QWidget):
    """The form. `rows` and `action_rows` by the id of the profile's row, `sections` by group, in display order.

    Signals: `requested(object, object)`, passed on from an `ActionRow`.
    """

    requested = Signal(object, object)

    def __init__(self, model: Configuration, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("configForm")
        self.setAccessibleName(self.tr("Settings of the module"))
        self.rows: dict[str, SettingRow] = {}
        self.action_rows: dict[str, ActionRow] = {}
        self.sections: dict[str, QWidget] = {}
        self._column = column_of(within=self, margins=(SPACE.m, SPACE.s, SPACE.m, SPACE.m), spacing=SPACE.l)
        for group, members in _grouped(list(model.form.rows.values())).items():
            section = self._section(group)
            for row in members:
                self.rows[row.id] = SettingRow(row, model, section)
                section.body.addWidget(self.rows[row.id])
        if model.actions:
            section = self._section(_DO_NOW)
            for row in model.actions.values():
                action = self.action_rows[row.id] = ActionRow(row, model, section)
                action.requested.connect(self.requested)
                section.body.addWidget(action)
        if not self.sections:
            self._column.addWidget(DimLabel(self.tr("The profile in use has no settings and no actions")))
        self._column.addStretch()

    def show_module_width(self, width: int) -> None:
        """Give the column with the module's values a width in pixels."""
        for row in self.rows.values():
            row.show_module_width(width)

    def least_width(self) -> int:
        """Return the width in pixels that the rows need, also right after a change."""
        layouts = [row.layout() for row in (*self.rows.values(), *self.action_rows.values())]
        return max((layout.minimumSize().width() for layout in layouts if layout is not None), default=0) + 2 * SPACE.m

    def _section(self, group: str) -> Section:
        section = Section(self.group_title(group), self)
        self.sections[group] = section
        self._column.addWidget(section)
        return section

    def group_title(self, group: str) -> str:
        """Return a group's name in the user's language."""
        if group == _DO_NOW:
            return self.tr("Actions")
        return profile_text(group) if group else self.tr("Other")


def _grouped(rows: list[CommandRow]) -> dict[str, list[CommandRow]]:
    present = list(dict.fromkeys(row.group for row in rows))
    order = [*(g for g in _GROUPS if g in present), *(g for g in present if g not in _GROUPS and g), _OTHER]
    grouped = {group: [row for row in rows if row.group == group] for group in order}
    return {group: members for group, members in grouped.items() if members}
