"""The foldable options of a LINK: speed, format, control lines, echo; the heading names those that are changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QSizePolicy, QWidget

from cmi_gui.engine.link.kind import ECHO, LinkKind
from cmi_gui.engine.link.serial import SERIAL
from cmi_gui.engine.link.url import LinkSpec
from cmi_gui.engine.machine import Line
from cmi_gui.engine.station.wiring import Use
from cmi_gui.ui.text.i18n import with_decimal_sign
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.widgets.plain.buttons import Switch
from cmi_gui.ui.widgets.plain.captioned import caption, captioned_rows
from cmi_gui.ui.widgets.plain.disclosure import Disclosure
from cmi_gui.ui.widgets.plain.fields import ChoiceField
from cmi_gui.ui.widgets.plain.layout import DimLabel
from cmi_gui.ui.widgets.plain.marks import ElidedLabel

_BAUD_RATES = (300, 600, 1200, 2400, 4800, 9600, 19_200, 38_400)
_FORMATS = ("8E1", "8N1", "8O1", "7E1", "8N2")
_TIMEOUTS = (0.5, 1.0, 2.0, 5.0, 10.0)
_FINDS: Final = "auto"
"""The LINK's word for a speed found from the received bytes."""
_ANY: Final = "any"
"""The LINK's word for any speed that the other side has set."""


_ROWS: Final[dict[Use, frozenset[str]]] = {
    Use.SERVE: frozenset({"baud", "format", "rts", "dtr", "echo", "paced"}),
    Use.METER: frozenset({"baud", "max_baud", "timeout", "format", "rts", "dtr", "echo", "framing", "paced"}),
    Use.MASTER: frozenset({"format", "timeout", "rts", "dtr", "echo"}),
    # A listener sends nothing, so it has no echo.
    Use.LISTEN_BUS: frozenset({"baud", "format", "rts", "dtr"}),
    Use.LISTEN_METER: frozenset({"rts", "dtr", "framing"}),
}
"""The options that always have a row, by use."""
_PLAIN: Final = ("max_baud", "timeout", "rts", "dtr", "echo", "framing")
"""The options whose row holds the LINK's own value."""
_SPEED_WORDS: Final = {_FINDS: frozenset({Use.SERVE, Use.LISTEN_BUS}), _ANY: frozenset({Use.SERVE})}
"""The uses that offer a word instead of a speed."""


class LineOptions(Disclosure):
    """The choices for the options of a LINK. A row that `use` does not need is shown only if the LINK names its option.

    `narrow`: the captions are above the choices, for a side panel.
    Signals: `changed()`, by the user.
    """

    changed = Signal()

    def __init__(self, use: Use, title: str, name: str, parent: QWidget | None = None, *, narrow: bool = False) -> None:
        super().__init__(title, parent)
        self._use = use
        self._kind = SERIAL
        self._choices: dict[str, ChoiceField] = {}
        rows = self._rows = captioned_rows()
        if narrow:
            rows.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        captions = {
            "baud": self.tr("Speed"),
            "max_baud": self.tr("Highest speed"),
            "timeout": self.tr("Extra waiting time"),
            "format": self.tr("Format"),
            "rts": self.tr("RTS"),
            "dtr": self.tr("DTR"),
            "echo": self.tr("Echo"),
            "framing": self.tr("7 bits, parity"),
        }
        for row, words in captions.items():
            choice = ChoiceField(f"{name}: {words}", self, object_name=f"link{row.title().replace('_', '')}")
            choice.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            choice.activated.connect(self._edited)
            self._choices[row] = choice
            rows.addRow(_above(words, choice, self) if narrow else caption(words, choice, self), choice)
            if row == "baud":
                hint = self.tr("Tries 2400 and 300 bit/s until a telegram can be read")
                self._finding = ElidedLabel(hint, self, dim=True)
                rows.addRow("", self._finding)
            if row == "dtr":
                hint = self.tr("Some optical heads and level converters are powered by them")
                self._feeding = ElidedLabel(hint, self, dim=True)
                rows.addRow("", self._feeding)
        self.paced = Switch(self.tr("Send characters at the pace of a serial line"), self, object_name="linkPaced")
        self.paced.clicked.connect(self._edited)
        rows.addRow(self.paced)
        self.body.addLayout(rows)
        self.show_options(LinkSpec(SERIAL.scheme))

    # The choices of each row

    def _offered(self, name: str) -> tuple[str, Sequence[object]]:
        """Return the words for a LINK that does not name the option, and the values that the kind of link offers."""
        kind = self._kind
        match name:
            case "baud":
                baud = kind.option("baud")
                words = () if baud is None else (word for word in baud.flags if self._use in _SPEED_WORDS[word])
                return self._usual_speed(), (*words, *_BAUD_RATES)
            case "max_baud":
                option = kind.option("max_baud")
                return self.tr("As offered by the meter"), [] if option is None else list(option.words.values())
            case "timeout":
                learned = self._use is Use.MASTER
                return self.tr("Learned from the answers") if learned else self.tr("None"), _TIMEOUTS
            case "format":
                return self.tr("Standard ({0})").format(_format(self._use.line)), _FORMATS
            case "echo":
                return self._words("echo", kind.echo), [each for each in ECHO.words if each != kind.echo]
            case "framing" if kind.real_wire:
                # The default depends on whether a pyserial URL is typed.
                return self.tr("By the program; for a URL, by the port"), ("software", "port")
            case "framing":
                return self.tr("As the gateway transfers them"), ("software",)
            case _:
                return self.tr("Default of the port (on)"), (True, False)

    def _value_texts(self) -> dict[tuple[str, object], tuple[str, str]]:
        """Return the words for a value in its row and in the heading, by the name of the option and the value."""
        on, off = self.tr("Always on"), self.tr("Always off")
        return {
            ("baud", _FINDS): (self.tr("Automatic (for a test bench)"), self.tr("automatic speed")),
            ("baud", _ANY): (self.tr("The speed of the other side"), self.tr("any speed")),
            ("rts", True): (on, self.tr("RTS on")),
            ("rts", False): (off, self.tr("RTS off")),
            ("dtr", True): (on, self.tr("DTR on")),
            ("dtr", False): (off, self.tr("DTR off")),
            ("echo", "auto"): (self.tr("Detected and removed automatically"), self.tr("echo detected")),
            ("echo", "on"): (self.tr("Always removed"), self.tr("echo removed")),
            ("echo", "off"): (self.tr("Not removed"), self.tr("echo not removed")),
            ("framing", "software"): (self.tr("By the program, always"), self.tr("7 bits by the program")),
            ("framing", "port"): (self.tr("By the port, always"), self.tr("7 bits by the port")),
        }

    def _words(self, name: str, value: object) -> str:
        if (name, value) in (texts := self._value_texts()):
            return texts[name, value][0]
        if name == "timeout":
            return self.tr("{0} s").format(with_decimal_sign(f"{value:g}"))
        return (self.tr("{0} bit/s") if name in ("baud", "max_baud") else "{0}").format(value)

    def _usual_speed(self) -> str:
        match self._use:
            case Use.SERVE:
                return self.tr("As set in the module")
            case Use.METER:
                return self.tr("Standard (300 for sign-on)")
            case Use.LISTEN_METER:
                return self.tr("As agreed by meter and reader")
            case _:
                return self.tr("{0} bit/s").format(2400)

    def _refill(self, name: str, value: object) -> None:
        """Fill in the choices of the kind of link, and `value` if it is not among them: a LINK may name any value."""
        choice = self._choices[name]
        usual, offered = self._offered(name)
        values = [None, *offered]
        if value not in values:
            values.append(value)
        choice.clear()
        for each in values:
            choice.addItem(usual if each is None else self._words(name, each), each)
        choice.setCurrentIndex(values.index(value))

    # Content

    def _value(self, name: str) -> Any:
        return self._choices[name].currentData()

    def options(self) -> LinkSpec:
        """Return the chosen options that the shown kind has, as a LINK without a place."""
        none = LinkSpec(self._kind.scheme)
        chosen = {name: self._value(name) for name in _PLAIN}
        baud, character_format, option = self._value("baud"), self._value("format"), self._kind.option("baud")
        flag = option.flags.get(baud) if option is not None else None
        chosen |= {"baud": baud} if flag is None else {flag: True}
        if character_format is not None:
            chosen |= {
                "bits": int(character_format[0]),
                "parity": character_format[1],
                "stop": int(character_format[2]),
            }
        return none.with_defaults(replace(none, paced=self.paced.isChecked(), **chosen))

    def show_options(self, spec: LinkSpec) -> None:
        """Fill in the options of a LINK without emitting a signal."""
        self._kind = spec.kind
        named = (spec.bits, spec.parity, spec.stop)
        usual = _format(self._use.line)
        # A LINK may name a part of the format; the rest comes from the standard.
        character_format = "".join(str(part or other) for part, other in zip(named, usual, strict=True))
        option = spec.kind.option("baud")
        word = None if option is None else spec.flag(option)
        self._refill("baud", spec.baud if word is None else word)
        self._refill("format", None if named == (None, None, None) else character_format)
        for name in _PLAIN:
            self._refill(name, getattr(spec, name))
        self.paced.setChecked(spec.paced)
        self._show_rows()

    def set_use(self, use: Use) -> None:
        """Show the defaults of another use; the choices stay."""
        if use is not self._use:
            options = self.options()
            self._use = use
            self.show_options(options)

    def show_kind(self, kind: LinkKind) -> None:
        """Change to another kind of link: options that it lacks are dropped, the others stay."""
        if kind is not self._kind:
            self.show_options(LinkSpec(kind.scheme).with_defaults(self.options()))

    def tab_chain(self) -> list[QWidget]:
        """Return the widgets that take the keyboard focus, in visible order."""
        return [self.heading, *self._choices.values(), self.paced]

    # Display

    def _shown(self, name: str) -> bool:
        named = self.paced.isChecked() if name == "paced" else self._value(name) is not None
        option = self._kind.option("parity" if name == "format" else name)
        return option is not None and (name in _ROWS[self._use] or named)

    def _show_rows(self) -> None:
        for name, choice in self._choices.items():
            self._rows.setRowVisible(choice, self._shown(name))
            tip = choice.currentText()
            set_tooltip(choice, tip)
        self._rows.setRowVisible(self.paced, self._shown("paced"))
        self._rows.setRowVisible(self._finding, self._shown("baud") and self._value("baud") == _FINDS)
        self._rows.setRowVisible(self._feeding, self._shown("rts"))
        self.set_remark(self._remark())

    def _remark(self) -> str:
        """Return the options that differ from the default, in a few words."""
        texts = self._value_texts()
        any_value = {"max_baud": self.tr("at most {0}"), "timeout": self.tr("waits {0} longer")}
        parts = []
        for name, choice in self._choices.items():
            value = self._value(name)
            if value is not None and self._shown(name):
                known = (name, value) in texts
                words = texts[name, value][1] if known else any_value.get(name, "{0}").format(choice.currentText())
                parts.append(words)
        if self._shown("paced") and self.paced.isChecked():
            parts.append(self.tr("paced"))
        return ", ".join(parts)

    def _edited(self) -> None:
        self._show_rows()
        self.changed.emit()


def _above(words: str, choice: ChoiceField, parent: QWidget) -> DimLabel:
    """Return a caption to put above a choice."""
    label = DimLabel(words, parent)
    label.setBuddy(choice)
    return label


def _format(line: Line) -> str:
    return f"{line.bits}{line.parity}{line.stop}"
