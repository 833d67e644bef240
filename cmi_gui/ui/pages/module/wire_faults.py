"""The faults on the wire: add a rule to a module or to all, see the rules in use and what has happened."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy, QWidget

from cmi_gui.engine.bus.faults import FAULTS, FaultRule, Often, parse_fault
from cmi_gui.engine.messages import InvalidValue
from cmi_gui.engine.station.metering_point import MeteringPoint
from cmi_gui.ui.pages.page import Context
from cmi_gui.ui.text.messages import text_of, translate
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.text.words import clock_text
from cmi_gui.ui.theme import SPACE, em
from cmi_gui.ui.widgets.plain.buttons import Button, QuietButton, Switch
from cmi_gui.ui.widgets.plain.disclosure import Disclosure
from cmi_gui.ui.widgets.plain.fields import ChoiceField, TextField, set_wrong
from cmi_gui.ui.widgets.plain.layout import DimLabel, Label, Stretch, WarningLine, add_parts, row_of


def _effects() -> dict[str, str]:
    """Return what each fault does to an answer, by its word in control lines."""
    return {
        "no-answer": translate("WireFaults", "The answer is not sent; the request has been executed"),
        "late": translate("WireFaults", "The answer begins this many milliseconds later"),
        "jitter": translate("WireFaults", "The answer is late by a random time of up to this many milliseconds"),
        "cut": translate("WireFaults", "The answer lacks this many of its last bytes"),
        "flip": translate("WireFaults", "This many bits of the answer are inverted at random"),
        "bad-checksum": translate("WireFaults", "The checksum of the answer is wrong"),
        "noise-before": translate("WireFaults", "A few random bytes precede the answer"),
        "noise-after": translate("WireFaults", "A few random bytes follow the answer"),
        "doubled": translate("WireFaults", "The answer is sent twice"),
        "lost-ack": translate("WireFaults", "E5 is not sent; the command has been executed"),
        "foreign": translate("WireFaults", "The answer has the address and the number of another module"),
        "application-error": translate("WireFaults", "An application error with this code takes the answer's place"),
        "busy": translate("WireFaults", "The application error 'busy' takes the answer's place"),
        "previous-section": translate("WireFaults", "The telegram before it is sent in place of the next one"),
        "break": translate("WireFaults", "A break takes the place of the second half of the answer"),
    }


def _often_words() -> dict[Often, str]:
    return {
        Often.ALWAYS: translate("WireFaults", "each time"),
        Often.ONCE: translate("WireFaults", "once"),
        Often.EVERY: translate("WireFaults", "every N-th time"),
        Often.PERCENT: translate("WireFaults", "in N % of cases"),
    }


def effect_text(kind: str) -> str:
    """Return what a fault does to an answer, in a sentence."""
    return _effects()[kind]


class WireFaults(Disclosure):
    """A section, folded at first, whose title shows how many rules the shown module has."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(translate("WireFaults", "Faults on the wire"), parent)
        self._context = context
        self._shown = context.shown
        self.kind = ChoiceField(self.tr("Fault"), self, object_name="wireFaultKind")
        self.kind.addItems(list(FAULTS))
        self.value = self._number("wireFaultValue", self.tr("Value of the fault"))
        self.often = ChoiceField(self.tr("How often"), self, object_name="wireFaultOften")
        for often, words in _often_words().items():
            self.often.addItem(words, often)
        self.number = self._number("wireFaultNumber", self.tr("Number N"))
        self.effect = DimLabel("", self, wrap=True)
        self.everyone = Switch(self.tr("All modules on the wire"), self, object_name="wireFaultAll")
        self.everyone.toggled.connect(self.refresh)
        self.add = Button(self.tr("Add the fault"), self, object_name="wireFaultAdd", on_click=self._add)
        self.clear = QuietButton(self.tr("Clear"), self, object_name="wireFaultClear", on_click=self._clear)
        self.error = WarningLine(self, trouble=True, object_name="wireFaultError")
        self.rules = Label("", self, object_name="wireFaultRules", wrap=True)
        self.happened = DimLabel("", self, object_name="wireFaultHappened", wrap=True)
        add_parts(
            self.body,
            row_of((self.kind, 1), self.value, spacing=SPACE.xs),
            self.effect,
            row_of((self.often, 1), self.number, spacing=SPACE.xs),
            self.everyone,
            row_of(self.add, self.clear, Stretch(1), spacing=SPACE.xs),
            self.error,
            self.rules,
            self.happened,
        )
        for choice in (self.kind, self.often):
            choice.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            choice.currentIndexChanged.connect(self._form_changed)
        for field in (self.value, self.number):
            field.textChanged.connect(self._form_changed)
            field.returnPressed.connect(self.add.click)
        self._form_changed()
        self.refresh()

    def _number(self, name: str, words: str) -> TextField:
        field = TextField(self, object_name=name, name=words)
        field.setFixedWidth(em(self, 14))
        return field

    def _text(self) -> str:
        """Return the rule of the form as text."""
        kind, often, number = self.kind.currentText(), self.often.currentData(), self.number.text().strip()
        value = [self.value.text().strip() or "?"] if FAULTS[kind].value else []
        tail = {Often.ALWAYS: "", Often.ONCE: "once", Often.EVERY: f"every {number}", Often.PERCENT: f"{number} %"}
        return " ".join(filter(None, (kind, *value, tail[often])))

    def _rule(self) -> FaultRule | None:
        """Return the rule of the form; None if it is wrong, which is shown."""
        try:
            rule = parse_fault(self._text())
        except InvalidValue as error:
            self._show_wrong(text_of(error.message))
            return None
        self._show_wrong("")
        return rule

    def _show_wrong(self, words: str) -> None:
        # An empty field is not wrong yet; the button says what is missing.
        missing = [field for field in (self.value, self.number) if not field.isHidden() and not field.text().strip()]
        for field in (self.value, self.number):
            set_wrong(field, "" if missing else words)
        self.error.show_text("" if missing else words)
        self.add.allow(
            self.tr("Enter the number first") if missing else words, self.tr("The next answers have this fault")
        )

    def _form_changed(self) -> None:
        kind = self.kind.currentText()
        limits = FAULTS[kind].value
        self.value.setVisible(limits is not None)
        if limits is not None:
            self.value.setPlaceholderText(f"{limits[0]}, {limits[1]}–{limits[2]}")
            set_tooltip(self.value, self.value.placeholderText())
        self.number.setVisible(self.often.currentData() in (Often.EVERY, Often.PERCENT))
        self.effect.setText(effect_text(kind))
        self._rule()

    def refresh(self) -> None:
        """Show the rules of the module, which a script may have changed, and what has happened."""
        point, practice = self._shown.point, not self._shown.built_in
        rules = point.faults.rules
        self.everyone.setVisible(practice)
        self.set_remark(translate("WireFaults", "{0} on").format(len(rules)) if rules else "")
        self.rules.setText("\n".join(map(str, rules)) or self.tr("No faults: each answer is sent as it is"))
        any_rules = any(each.faults.rules for each in self._concerned())
        self.clear.allow("" if any_rules else self.tr("There are no faults"), self.tr("Remove the faults"))
        local = self._context.station.anchor.local
        words = self.tr("{0}: happened {1}×, last at {2}")
        self.happened.setText(
            "\n".join(
                words.format(fault, each.times, clock_text(local(each.last)))
                for fault, each in self._context.fault_log.of(point.name, practice=practice).items()
            )
        )
        self.happened.setVisible(bool(self.happened.text()))

    def _concerned(self) -> tuple[MeteringPoint, ...]:
        """Return the modules that the buttons concern."""
        everyone = self.everyone.isChecked() and not self._shown.built_in
        return self._shown.station.points if everyone else (self._shown.point,)

    # User actions

    def _add(self) -> None:
        rule = self._rule()
        if rule is not None:
            for point in self._concerned():
                point.faults.add(rule)
        self.refresh()

    def _clear(self) -> None:
        for point in self._concerned():
            point.faults.clear()
        self.refresh()
