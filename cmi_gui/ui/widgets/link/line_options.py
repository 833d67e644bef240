"""The options of a LINK, folded away: speed, format, control lines, echo; the heading tells what is not as usual."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QSizePolicy, QWidget

from cmi_gui.engine.link.url import LinkSpec, Role, Scheme
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


class Purpose(Enum):
    """Whom a link is for; that decides what is usual on it, and which options are worth a row."""

    MODULE = "module"
    """Masters reach the module by it."""
    METER = "meter"
    """The module reads its meter by it."""
    MASTER = "master"
    """This program is the master on it; how fast is the scan's business."""
    HEAR_BUS = "hear_bus"
    """What passes on a bus is only listened to."""
    HEAR_METER = "hear_meter"
    """The same between a meter and whoever reads it."""

    @property
    def role(self) -> Role:
        """Whether others come to the link or it goes to them."""
        return "listen" if self is Purpose.MODULE else "connect"

    @property
    def usual_format(self) -> str:
        """The standard's: EN 13757-2 for the bus, IEC 62056-21 for the meter."""
        return "7E1" if self in (Purpose.METER, Purpose.HEAR_METER) else "8E1"


_ROWS: Final[dict[Purpose, frozenset[str]]] = {
    Purpose.MODULE: frozenset({"baud", "format", "rts", "dtr", "echo", "paced"}),
    Purpose.METER: frozenset({"baud", "format", "rts", "dtr", "echo", "framing", "paced"}),
    Purpose.MASTER: frozenset({"format", "rts", "dtr", "echo"}),
    # Who says nothing has no echo.
    Purpose.HEAR_BUS: frozenset({"baud", "format", "rts", "dtr"}),
    Purpose.HEAR_METER: frozenset({"rts", "dtr", "framing"}),
}
_ALLOWED: Final[dict[Scheme, frozenset[str]]] = {
    "sim": frozenset(),
    "tcp": frozenset({"baud", "paced", "echo", "framing"}),
    "serial": frozenset({"baud", "format", "rts", "dtr", "echo", "framing"}),
    "pty": frozenset({"baud", "paced", "echo"}),
}
"""The table of `engine/link/url.py`, by row."""
_FINDING: Final = frozenset({Purpose.MODULE, Purpose.HEAR_BUS})

_Items = Sequence[tuple[str, object]]


@dataclass(frozen=True, slots=True)
class _Row:
    """A choice and its words in front."""

    name: str
    words: str


class LineOptions(Disclosure):
    """`show_options` fills it, `options` reads it. A row that is of no use for the purpose shows if a LINK names it.

    `narrow`: the words stand above the choices, for a panel at the side.
    Signals: `changed()`, by the user.
    """

    changed = Signal()

    def __init__(
        self, purpose: Purpose, title: str, name: str, parent: QWidget | None = None, *, narrow: bool = False
    ) -> None:
        super().__init__(title, parent)
        self._purpose = purpose
        self._scheme: Scheme = "serial"
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
        self.show_options(LinkSpec("serial"))

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
        serial = self._scheme == "serial"
        match name:
            case "baud":
                rates = [(self.tr("{0} bit/s").format(rate), rate) for rate in _BAUD_RATES]
                finds = self._purpose in _FINDING and self._scheme != "tcp"
                found = [(self.tr("Found by itself (bench)"), _FINDS)] if finds else []
                return [(self._usual_speed(), None), *found, *rates]
            case "format":
                usual = self.tr("As the standard has it ({0})").format(self._purpose.usual_format)
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
                if serial:
                    return [(learned, None), (always, "on"), (left, "off")]
                return [(left, None), (learned, "auto"), (always, "on")]
            case _:
                always = self.tr("By the program, always")
                if serial:
                    # What the LINK need not name depends on whether a URL of pyserial is typed.
                    return [
                        (self.tr("By the program; at a URL by the port"), None),
                        (always, "software"),
                        (self.tr("By the port, always"), "port"),
                    ]
                return [(self.tr("As the gateway carries them"), None), (always, "software")]

    def _usual_speed(self) -> str:
        match self._purpose:
            case Purpose.MODULE:
                return self.tr("As the module is set")
            case Purpose.METER:
                return self.tr("As the standard has it (300 to sign on)")
            case Purpose.HEAR_METER:
                return self.tr("As the meter and its reader agree")
            case _:
                return self.tr("{0} bit/s").format(2400)

    def _refill(self, name: str, value: object) -> None:
        """The choices that the scheme has, and `value` among them: a LINK may name what is not listed."""
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
        """What is chosen, as far as the scheme that is shown knows it, as a LINK without a place."""
        allowed = _ALLOWED[self._scheme]
        spec = LinkSpec(self._scheme)
        baud = self._value("baud")
        if baud == _FINDS:
            spec = replace(spec, finds_speed=True)
        elif isinstance(baud, int):
            spec = replace(spec, baud=baud)
        whole = self._value("format")
        if "format" in allowed and whole is not None:
            spec = replace(spec, bits=int(whole[0]), parity=whole[1], stop=int(whole[2]))
        for name in ("rts", "dtr", "echo", "framing"):
            if name in allowed:
                spec = replace(spec, **{name: self._value(name)})
        return replace(spec, paced="paced" in allowed and self.paced.isChecked())

    def show_options(self, spec: LinkSpec) -> None:
        """Fill in the options of a LINK, without telling anybody."""
        self._scheme = spec.scheme
        named = (spec.bits, spec.parity, spec.stop)
        usual = self._purpose.usual_format
        # A LINK may name a part of the format; the standard has the rest.
        whole = "".join(str(part or other) for part, other in zip(named, usual, strict=True))
        self._refill("baud", _FINDS if spec.finds_speed else spec.baud)
        self._refill("format", None if named == (None, None, None) else whole)
        for name in ("rts", "dtr", "echo", "framing"):
            self._refill(name, getattr(spec, name))
        self.paced.setChecked(spec.paced)
        self._show_rows()

    def set_purpose(self, purpose: Purpose) -> None:
        """For somebody else; what is chosen stays."""
        if purpose is not self._purpose:
            kept = self.options()
            self._purpose = purpose
            self.show_options(kept)

    def show_scheme(self, scheme: Scheme) -> None:
        """Another kind of link: what it does not know is gone, the rest stays."""
        if scheme != self._scheme:
            self._scheme = scheme
            kept = self.options()
            if scheme not in ("serial", "pty"):
                kept = replace(kept, finds_speed=False)
            self.show_options(kept)

    def tab_chain(self) -> list[QWidget]:
        """What the keyboard reaches, in the order in which it is seen."""
        return [self.heading, *self._choices.values(), self.paced]

    # Showing it

    def _shown(self, name: str) -> bool:
        named = self.paced.isChecked() if name == "paced" else self._value(name) is not None
        return name in _ALLOWED[self._scheme] and (name in _ROWS[self._purpose] or named)

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
        parts = []
        if self._shown("baud") and self._value("baud") is not None:
            found = self._value("baud") == _FINDS
            parts.append(self.tr("speed found by itself") if found else self._choices["baud"].currentText())
        if self._shown("format") and self._value("format") is not None:
            parts.append(str(self._value("format")))
        for name, on, off in (
            ("rts", self.tr("RTS on"), self.tr("RTS off")),
            ("dtr", self.tr("DTR on"), self.tr("DTR off")),
        ):
            value = self._value(name)
            if self._shown(name) and value is not None:
                parts.append(on if value else off)
        echoes = {
            "on": self.tr("echo taken away"),
            "off": self.tr("echo left"),
            "auto": self.tr("echo learned"),
        }
        framings = {"software": self.tr("7 bits by the program"), "port": self.tr("7 bits by the port")}
        for name, words in (("echo", echoes), ("framing", framings)):
            value = self._value(name)
            if self._shown(name) and isinstance(value, str):
                parts.append(words[value])
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
