"""The options of a LINK, folded away: speed, format, control lines, echo; the heading tells what is not as usual."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QSizePolicy, QWidget

from cmi_gui.engine.link.kind import LinkKind
from cmi_gui.engine.link.serial import SERIAL
from cmi_gui.engine.link.url import LinkSpec
from cmi_gui.engine.machine import Line
from cmi_gui.engine.station.wiring import Use
from cmi_gui.ui.widgets.plain.buttons import Switch
from cmi_gui.ui.widgets.plain.captioned import caption, captioned_rows
from cmi_gui.ui.widgets.plain.disclosure import Disclosure
from cmi_gui.ui.widgets.plain.fields import Choice
from cmi_gui.ui.widgets.plain.layout import DimLabel
from cmi_gui.ui.widgets.plain.marks import ElidedLabel

_BAUD_RATES = (300, 600, 1200, 2400, 4800, 9600, 19_200, 38_400)
_FORMATS = ("8E1", "8N1", "8O1", "7E1", "8N2")
_FINDS: Final = "auto"
"""The speed that is found by what is heard, as a LINK has it."""


_ROWS: Final[dict[Use, frozenset[str]]] = {
    Use.SERVE: frozenset({"baud", "format", "rts", "dtr", "echo", "paced"}),
    Use.METER: frozenset({"baud", "format", "rts", "dtr", "echo", "framing", "paced"}),
    Use.MASTER: frozenset({"format", "rts", "dtr", "echo"}),
    # A listener sends nothing, so it has no echo.
    Use.LISTEN_BUS: frozenset({"baud", "format", "rts", "dtr"}),
    Use.LISTEN_METER: frozenset({"rts", "dtr", "framing"}),
}
"""Which options are worth a row."""
_FINDING: Final = frozenset({Use.SERVE, Use.LISTEN_BUS})

_Items = Sequence[tuple[str, object]]


@dataclass(frozen=True, slots=True)
class _Row:
    """A choice and its words in front."""

    name: str
    words: str


class LineOptions(Disclosure):
    """`show_options` fills it, `options` reads it. A row that is of no use for `use` shows if a LINK names it.

    `narrow`: the words stand above the choices, for a panel at the side.
    Signals: `changed()`, by the user.
    """

    changed = Signal()

    def __init__(self, use: Use, title: str, name: str, parent: QWidget | None = None, *, narrow: bool = False) -> None:
        super().__init__(title, parent)
        self._use = use
        self._kind = SERIAL
        self._choices: dict[str, Choice] = {}
        rows = self._rows = captioned_rows()
        if narrow:
            rows.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        for row in self._captions():
            choice = Choice(f"{name}: {row.words}", self)
            choice.setObjectName(f"link{row.name.capitalize()}")
            choice.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            choice.activated.connect(self._edited)
            self._choices[row.name] = choice
            rows.addRow(_above(row.words, choice, self) if narrow else caption(row.words, choice, self), choice)
            if row.name == "baud":
                words = self.tr("Tries 2400 and 300 bit/s until it understands a telegram")
                self._finding = ElidedLabel(words, self, dim=True)
                rows.addRow("", self._finding)
            if row.name == "dtr":
                words = self.tr("Some optical heads and level converters are fed from them")
                self._feeding = ElidedLabel(words, self, dim=True)
                rows.addRow("", self._feeding)
        self.paced = Switch(self.tr("Each character takes its time, as on a wire"), self)
        self.paced.setObjectName("linkPaced")
        self.paced.clicked.connect(self._edited)
        rows.addRow(self.paced)
        self.body.addLayout(rows)
        self.show_options(LinkSpec(SERIAL.scheme))

    def _captions(self) -> tuple[_Row, ...]:
        return (
            _Row("baud", self.tr("Speed")),
            _Row("format", self.tr("Format")),
            _Row("rts", self.tr("RTS")),
            _Row("dtr", self.tr("DTR")),
            _Row("echo", self.tr("Own echo")),
            _Row("framing", self.tr("7 bits, parity")),
        )

    # The choices of each row; the first is what a LINK that does not name it means

    def _items(self, name: str) -> _Items:
        match name:
            case "baud":
                rates = [(self.tr("{0} bit/s").format(rate), rate) for rate in _BAUD_RATES]
                baud = self._kind.option("baud")
                finds = self._use in _FINDING and baud is not None and baud.finds
                found = [(self.tr("Found by itself (bench)"), _FINDS)] if finds else []
                return [(self._usual_speed(), None), *found, *rates]
            case "format":
                usual = self.tr("As the standard has it ({0})").format(_format(self._use.line))
                return [(usual, None), *((each, each) for each in _FORMATS)]
            case "rts" | "dtr":
                return [
                    (self.tr("As the port does it (on)"), None),
                    (self.tr("Held on"), True),
                    (self.tr("Held off"), False),
                ]
            case "echo":
                learned, always = self.tr("Learned: taken away where one comes"), self.tr("Always taken away")
                left = self.tr("Left as it is")
                if self._kind.echo == "auto":
                    return [(learned, None), (always, "on"), (left, "off")]
                return [(left, None), (learned, "auto"), (always, "on")]
            case _:
                always = self.tr("By the program, always")
                if self._kind.real_wire:
                    # What the LINK need not name depends on whether a URL of pyserial is typed.
                    return [
                        (self.tr("By the program; at a URL by the port"), None),
                        (always, "software"),
                        (self.tr("By the port, always"), "port"),
                    ]
                return [(self.tr("As the gateway carries them"), None), (always, "software")]

    def _usual_speed(self) -> str:
        match self._use:
            case Use.SERVE:
                return self.tr("As the module is set")
            case Use.METER:
                return self.tr("As the standard has it (300 to sign on)")
            case Use.LISTEN_METER:
                return self.tr("As the meter and its reader agree")
            case _:
                return self.tr("{0} bit/s").format(2400)

    def _refill(self, name: str, value: object) -> None:
        """The choices that the kind of link has, and `value` among them: a LINK may name what is not listed."""
        choice = self._choices[name]
        choice.clear()
        for words, data in self._items(name):
            choice.addItem(words, data)
        if all(choice.itemData(row) != value for row in range(choice.count())):
            choice.addItem(self._words(name, value), value)
        choice.setCurrentIndex(next(row for row in range(choice.count()) if choice.itemData(row) == value))

    def _words(self, name: str, value: object) -> str:
        """Of a choice that is not offered, but that a LINK names."""
        match name, value:
            case "baud", "auto":
                return self.tr("Found by itself (bench)")
            case "baud", _:
                return self.tr("{0} bit/s").format(value)
            case "echo", "auto":
                return self.tr("Learned: taken away where one comes")
            case "echo", _:
                return self.tr("Left as it is")
        return str(value)

    # What it holds

    def _value(self, name: str) -> Any:
        return self._choices[name].currentData()

    def options(self) -> LinkSpec:
        """What is chosen, as far as the kind that is shown has it, as a LINK without a place."""
        none = LinkSpec(self._kind.scheme)
        chosen = {name: self._value(name) for name in ("rts", "dtr", "echo", "framing")}
        baud, whole = self._value("baud"), self._value("format")
        if baud == _FINDS:
            chosen["finds_speed"] = True
        else:
            chosen["baud"] = baud
        if whole is not None:
            chosen |= {"bits": int(whole[0]), "parity": whole[1], "stop": int(whole[2])}
        return none.over(replace(none, paced=self.paced.isChecked(), **chosen))

    def show_options(self, spec: LinkSpec) -> None:
        """Fill in the options of a LINK, without telling anybody."""
        self._kind = spec.kind
        named = (spec.bits, spec.parity, spec.stop)
        usual = _format(self._use.line)
        # A LINK may name a part of the format; the standard has the rest.
        whole = "".join(str(part or other) for part, other in zip(named, usual, strict=True))
        self._refill("baud", _FINDS if spec.finds_speed else spec.baud)
        self._refill("format", None if named == (None, None, None) else whole)
        for name in ("rts", "dtr", "echo", "framing"):
            self._refill(name, getattr(spec, name))
        self.paced.setChecked(spec.paced)
        self._show_rows()

    def set_use(self, use: Use) -> None:
        """Show what is usual for another use; what is chosen stays."""
        if use is not self._use:
            kept = self.options()
            self._use = use
            self.show_options(kept)

    def show_kind(self, kind: LinkKind) -> None:
        """Another kind of link: options that it does not have are gone, the rest stays."""
        if kind is not self._kind:
            self.show_options(LinkSpec(kind.scheme).over(self.options()))

    def tab_chain(self) -> list[QWidget]:
        """What the keyboard reaches, in the order in which it is seen."""
        return [self.heading, *self._choices.values(), self.paced]

    # Showing it

    def _shown(self, name: str) -> bool:
        named = self.paced.isChecked() if name == "paced" else self._value(name) is not None
        option = self._kind.option("parity" if name == "format" else name)
        return option is not None and (name in _ROWS[self._use] or named)

    def _show_rows(self) -> None:
        for name, choice in self._choices.items():
            self._rows.setRowVisible(choice, self._shown(name))
            tip = choice.currentText()
            choice.setToolTip(tip)
        self._rows.setRowVisible(self.paced, self._shown("paced"))
        self._rows.setRowVisible(self._finding, self._shown("baud") and self._value("baud") == _FINDS)
        self._rows.setRowVisible(self._feeding, self._shown("rts"))
        self.set_remark(self._told())

    def _told(self) -> str:
        """What is not as usual, as short as it can be said."""
        remarks = {
            ("baud", _FINDS): self.tr("speed found by itself"),
            ("rts", True): self.tr("RTS on"),
            ("rts", False): self.tr("RTS off"),
            ("dtr", True): self.tr("DTR on"),
            ("dtr", False): self.tr("DTR off"),
            ("echo", "on"): self.tr("echo taken away"),
            ("echo", "off"): self.tr("echo left"),
            ("echo", "auto"): self.tr("echo learned"),
            ("framing", "software"): self.tr("7 bits by the program"),
            ("framing", "port"): self.tr("7 bits by the port"),
        }
        parts = [
            remarks.get((name, self._value(name)), choice.currentText())
            for name, choice in self._choices.items()
            if self._value(name) is not None and self._shown(name)
        ]
        if self._shown("paced") and self.paced.isChecked():
            parts.append(self.tr("paced"))
        return ", ".join(parts)

    def _edited(self) -> None:
        self._show_rows()
        self.changed.emit()


def _above(words: str, choice: Choice, parent: QWidget) -> DimLabel:
    """The words over a choice."""
    label = DimLabel(words, parent)
    label.setBuddy(choice)
    return label


def _format(line: Line) -> str:
    return f"{line.bits}{line.parity}{line.stop}"
