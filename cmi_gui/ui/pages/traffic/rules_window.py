"""The window for the colour rules of the traffic."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QDialog, QScrollArea, QVBoxLayout, QWidget

from cmi_gui.engine.traffic.filter import FilterError, Key
from cmi_gui.ui.pages.traffic.colour_rules import (
    COLOURS,
    DEFAULT_RULES,
    MAX_FILTER,
    MAX_RULES,
    ColourRule,
    rule_filter,
)
from cmi_gui.ui.pages.traffic.filter_field import FilterField, filter_error_text
from cmi_gui.ui.pages.traffic.filter_help import FilterHelp
from cmi_gui.ui.text.messages import translate
from cmi_gui.ui.theme import RULE_GROUNDS, SPACE, colours, em
from cmi_gui.ui.widgets.plain.buttons import Button, QuietButton, Switch
from cmi_gui.ui.widgets.plain.fields import ChoiceField, set_wrong
from cmi_gui.ui.widgets.plain.layout import DimLabel, Stretch, WarningLine, column_of, row_of
from cmi_gui.ui.widgets.plain.painting import smooth_painter
from cmi_gui.ui.widgets.plain.scroll_bar import slim_scroll_bars

Occurring = Callable[[], Mapping[Key, Sequence[str]]]


def colour_name(colour: str) -> str:
    """Return the name of one of `COLOURS` in the user's language."""
    return {
        "red": translate("ColourRules", "Red"),
        "orange": translate("ColourRules", "Orange"),
        "yellow": translate("ColourRules", "Yellow"),
        "green": translate("ColourRules", "Green"),
        "cyan": translate("ColourRules", "Cyan"),
        "violet": translate("ColourRules", "Violet"),
    }[colour]


class _Sample(QWidget):
    """A patch of a rule's colour."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.colour = COLOURS[0]
        self.setFixedSize(QSize(28, 20))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the patch with an outline."""
        c = colours(self.palette())
        painter: QPainter = smooth_painter(self)
        painter.setPen(QPen(c.border, 1))
        painter.setBrush(RULE_GROUNDS[c.dark][self.colour])
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)


class RuleRow(QWidget):
    """The fields of one rule: on or off, filter, colour, and the buttons that move or delete it.

    Signals: `changed()`, a valid change; `checked()`, the filter is valid or not; `moved(int)`, up (-1) or down (1);
    `deleted()`.
    """

    changed = Signal()
    checked = Signal()
    moved = Signal(int)
    deleted = Signal()

    def __init__(self, rule: ColourRule, place: int, occurring: Occurring, parent: QWidget) -> None:
        super().__init__(parent)
        self._rule = rule
        self.fault = ""
        """What is wrong with the filter; the rule stays as it was until that is corrected."""
        name = self.tr("Rule {0}").format(place)
        self.on = Switch("", self, tip=self.tr("Use this rule"))
        self.on.setAccessibleName(self.tr("{0}: in use").format(name))
        self.on.setChecked(rule.on)
        self.filter = FilterField(occurring, self)
        self.filter.setAccessibleName(self.tr("{0}: filter").format(name))
        self.filter.setPlaceholderText(self.tr("Filter, such as type:SND_UD addr:5"))
        self.filter.setMaxLength(MAX_FILTER)
        self.filter.setMinimumWidth(em(self, 44))
        self.filter.setText(rule.text)
        self.sample = _Sample(self)
        self.sample.colour = rule.colour
        self.colour = ChoiceField(self.tr("{0}: colour").format(name), self)
        for colour in COLOURS:
            self.colour.addItem(colour_name(colour), colour)
        self.colour.setCurrentIndex(COLOURS.index(rule.colour))
        self.up = self._button("up", self.tr("{0}: match earlier").format(name), partial(self.moved.emit, -1))
        self.down = self._button("down", self.tr("{0}: match later").format(name), partial(self.moved.emit, 1))
        self.delete = self._button("clear", self.tr("{0}: delete").format(name), self.deleted.emit)
        row_of(
            self.on,
            (self.filter, 1),
            self.sample,
            self.colour,
            self.up,
            self.down,
            self.delete,
            within=self,
            margins=0,
        )
        self.on.toggled.connect(self._read)
        self.colour.activated.connect(self._read)
        self.filter.textChanged.connect(self._read)

    def _button(self, icon: str, name: str, on_click: Callable[[], object]) -> Button:
        return QuietButton("", self, icon=icon, name=name, on_click=lambda: on_click())

    @property
    def rule(self) -> ColourRule:
        """The rule with the last valid filter."""
        return self._rule

    def _read(self) -> None:
        text = self.filter.text()
        try:
            rule_filter(text)
        except FilterError as error:
            self.fault = filter_error_text(error)
            text = self._rule.text
        else:
            self.fault = ""
        set_wrong(self.filter, self.fault)
        self.sample.colour = self.colour.currentData()
        self.sample.update()
        rule = ColourRule(text, self.colour.currentData(), self.on.isChecked())
        if rule != self._rule:
            self._rule = rule
            self.changed.emit()
        self.checked.emit()


class RulesWindow(QDialog):
    """The list of colour rules; changes take effect at once.

    Signals: `changed(object)`, the rules as a tuple.
    """

    changed = Signal(object)

    def __init__(self, rules: Sequence[ColourRule], occurring: Occurring, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("trafficRules")
        self.setWindowTitle(self.tr("Colour rules"))
        self.setSizeGripEnabled(True)
        self._occurring = occurring
        self.rows: list[RuleRow] = []
        self._help = FilterHelp(self)
        self._help.chosen.connect(self._use_example)
        self._explained: FilterField | None = None
        """The filter for which the help was opened last."""
        words = self.tr(
            "The first rule in use whose filter matches a line gives it its background. The filters are written as on"
            " the page, without times."
        )
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        slim_scroll_bars(area)
        content = QWidget(area)
        self._list: QVBoxLayout = column_of(Stretch(), within=content, margins=(0, 0, SPACE.m, 0), spacing=SPACE.xs)
        area.setWidget(content)
        self.problem = WarningLine(self, trouble=True, lines=1)
        self.add = Button(self.tr("Add a rule"), self, icon="add", on_click=lambda: self._add())
        self.defaults = QuietButton(self.tr("Use the default rules"), self, on_click=lambda: self._use(DEFAULT_RULES))
        close = Button(self.tr("Close"), self, on_click=self.close)
        column_of(
            DimLabel(words, self, wrap=True),
            (area, 1),
            self.problem,
            row_of(self.add, self.defaults, Stretch(), close),
            within=self,
            margins=SPACE.l,
            spacing=SPACE.m,
        )
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # For some rules, because Qt limits a window to two thirds of the screen otherwise.
        area.setMinimumHeight(7 * self.add.sizeHint().height())
        self._area = area
        self._show(rules)

    @property
    def rules(self) -> tuple[ColourRule, ...]:
        """The rules, each with its last valid filter."""
        return tuple(row.rule for row in self.rows)

    def _show(self, rules: Sequence[ColourRule]) -> None:
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows, self._explained = [], None
        for place, rule in enumerate(rules):
            row = RuleRow(rule, place + 1, self._occurring, self)
            row.up.setEnabled(place > 0)
            row.down.setEnabled(place < len(rules) - 1)
            row.changed.connect(lambda: self.changed.emit(self.rules))
            row.checked.connect(self._show_problem)
            row.moved.connect(partial(self._move, place))
            row.deleted.connect(partial(self._delete, place))
            row.filter.help_requested.connect(partial(self._explain, row.filter))
            self._list.insertWidget(place, row)
            # At once, so that one of its controls can get the focus.
            row.show()
            self.rows.append(row)
        widest = max((row.minimumSizeHint().width() for row in self.rows), default=0)
        for button in self.findChildren(Button):
            # Enter in a filter must not press any of them.
            button.setAutoDefault(False)
        self._area.setMinimumWidth(max(self._area.minimumWidth(), widest + SPACE.l))
        self.add.allow(
            self.tr("There can be {0} rules; delete one first").format(MAX_RULES) if len(rules) >= MAX_RULES else "",
            self.tr("Add a rule at the end of the list"),
        )
        self._show_problem()

    def _show_problem(self) -> None:
        self.problem.show_text(next((row.fault for row in self.rows if row.fault), ""))

    def _explain(self, field: FilterField) -> None:
        self._explained = field
        self._help.open_below(field)

    def _use_example(self, example: str) -> None:
        if self._explained is not None:
            self._explained.setText(f"{self._explained.text().strip()} {example}".strip())
            self._explained.setFocus()

    def _use(self, rules: Sequence[ColourRule]) -> None:
        self._show(rules)
        self.changed.emit(self.rules)

    def _add(self) -> None:
        used = {row.rule.colour for row in self.rows}
        free = next((colour for colour in COLOURS if colour not in used), COLOURS[0])
        self._use((*self.rules, ColourRule("", free)))
        self.rows[-1].filter.setFocus(Qt.FocusReason.OtherFocusReason)

    def _move(self, place: int, step: int) -> None:
        rules = list(self.rules)
        rules.insert(place + step, rules.pop(place))
        self._use(rules)
        row = self.rows[place + step]
        again = row.up if step < 0 else row.down
        (again if again.isEnabled() else row.filter).setFocus(Qt.FocusReason.OtherFocusReason)

    def _delete(self, place: int) -> None:
        self._use(self.rules[:place] + self.rules[place + 1 :])
