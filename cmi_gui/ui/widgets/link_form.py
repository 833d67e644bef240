"""A form for one LINK: its kind, and what that kind wants to know."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cmi_gui.engine.link.base import LinkError
from cmi_gui.engine.link.serial_ports import SerialPortInfo
from cmi_gui.engine.link.url import Role, Scheme, parse_link
from cmi_gui.ui.engine_words import engine_text
from cmi_gui.ui.link_draft import LinkDraft, Part, Problem, draft_of, part_of_error, problem_of
from cmi_gui.ui.link_words import is_loopback
from cmi_gui.ui.theme import SPACE, em
from cmi_gui.ui.widgets.buttons import Button, Segments, Switch
from cmi_gui.ui.widgets.captioned import caption, captioned_rows
from cmi_gui.ui.widgets.disclosure import Disclosure
from cmi_gui.ui.widgets.fields import Choice, Field, set_wrong
from cmi_gui.ui.widgets.layout import DimLabel, WarningLine
from cmi_gui.ui.widgets.port_list import PortList

__all__ = ["LinkForm"]

_BY_TAB = Qt.FocusPolicy.TabFocus
_BAUD_RATES = (300, 600, 1200, 2400, 4800, 9600, 19_200, 38_400)
_FORMATS = ("8E1", "8N1", "8O1", "7E1", "8N2")


class LinkForm(QWidget):
    """`role`: whether others come to this link or it goes to them. `extra` has room for what a side adds to Simulated.

    Signals: `changed()`, by the user: a field or the kind. `entered()`: Return in a field.
    """

    changed = Signal()
    entered = Signal()

    def __init__(self, role: Role, name: str, simulated: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role: Role = role
        self._name = name
        self.kind = Segments(
            [
                (self.tr("Simulated"), "sim"),
                (self.tr("Serial port"), "serial"),
                (self.tr("TCP"), "tcp"),
                (self.tr("Pseudo-terminal"), "pty"),
            ],
            self.tr("{0}: kind").format(name),
            self,
        )
        self.kind.setObjectName("linkKind")
        self.kind.chosen.connect(self._edited)
        self._make_fields()
        self._rows = captioned_rows()
        self._kinds: list[tuple[QWidget, frozenset[Scheme]]] = []
        self._wrong: dict[Part, WarningLine] = {}
        self._lay_out(simulated)
        self.show_link("sim:")

    def _make_fields(self) -> None:
        listens = self._role == "listen"
        self.device = self._field("linkDevice", self.tr("Serial port"), self.tr("for example COM3 or /dev/ttyUSB0"))
        self.ports = PortList(self)
        self.ports.setProperty("words", "")
        self.ports.picked.connect(self._port_picked)
        self.device.textEdited.connect(self.ports.choose)
        host = self.tr("Listen on address") if listens else self.tr("Name or address")
        self.host = self._field("linkHost", host, "127.0.0.1" if listens else self.tr("of the gateway"))
        self.port = self._field("linkPort", self.tr("TCP port"), "10001")
        self.port.setMaximumWidth(em(self, 16))
        self.port.setValidator(QIntValidator(0, 999_999, self))
        self.path = self._field(
            "linkPath", self.tr("Symbolic link"), self.tr("empty: none, the system names the terminal itself")
        )
        self.baud = Choice(self.tr("Speed"), self)
        self.baud.setObjectName("linkBaud")
        as_needed = self.tr("As the module is set") if listens else self.tr("As the standard has it (300 to sign on)")
        self.baud.addItem(as_needed, None)
        for rate in _BAUD_RATES:
            self.baud.addItem(self.tr("{0} bit/s").format(rate), rate)
        self.format = Choice(self.tr("Format"), self)
        self.format.setObjectName("linkFormat")
        self.format.addItem(self.tr("As the standard has it ({0})").format("8E1" if listens else "7E1"), None)
        for each in _FORMATS:
            self.format.addItem(each, each)
        self.paced = Switch(self.tr("Each character takes its time, as on a wire"), self)
        self.paced.setObjectName("linkPaced")
        for choice in (self.baud, self.format):
            choice.activated.connect(self._edited)
        self.paced.clicked.connect(self._edited)

    def _field(self, name: str, words: str, hint: str) -> Field:
        field = Field(self)
        field.setObjectName(name)
        field.setAccessibleName(f"{self._name}: {words}")
        field.setPlaceholderText(hint)
        field.setProperty("words", words)
        field.textEdited.connect(self._edited)
        field.returnPressed.connect(self.entered)
        return field

    def _lay_out(self, simulated: str) -> None:
        serial, tcp, pty = frozenset({"serial"}), frozenset({"tcp"}), frozenset({"pty"})
        outside = serial | tcp | pty
        self._words(simulated, frozenset({"sim"}))
        self.extra = captioned_rows()
        self._extra = QWidget(self)
        self._extra.setLayout(self.extra)
        self._row(self._extra, frozenset({"sim"}))
        self._problem_line(Part.KIND, outside | {"sim"})
        self._row(self.device, serial)
        self._problem_line(Part.DEVICE, serial)
        self._row(self.ports, serial)
        self._row(self.host, tcp)
        self._problem_line(Part.HOST, tcp)
        self.warning = WarningLine(self)
        self._rows.addRow(self.warning)
        self._row(self.port, tcp)
        self._problem_line(Part.PORT, tcp)
        self._row(self.path, pty)
        self._problem_line(Part.PATH, pty)
        if self._role == "listen":
            self._words(self.tr("Another program opens the pseudo-terminal as it would open a serial port."), pty)
        else:
            self._words(self.tr("Whoever plays the meter opens the pseudo-terminal as it would a serial port."), pty)
        self.more = Disclosure(self.tr("Speed and format"), self)
        rows = captioned_rows()
        rows.addRow(caption(self.tr("Speed"), self.baud, self), self.baud)
        rows.addRow(caption(self.tr("Format"), self.format, self), self.format)
        rows.addRow(self.paced)
        self._more_rows = rows
        self.more.body.addLayout(rows)
        self._row(self.more, outside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.m)
        column.addWidget(self.kind, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(self._rows)

    def _row(self, widget: QWidget, kinds: frozenset[Scheme]) -> None:
        """A row that is there for some kinds only; a field gets its words in front."""
        words = widget.property("words")
        if words is not None:
            self._rows.addRow(caption(words, widget, self), widget)
        else:
            self._rows.addRow(widget)
        self._kinds.append((widget, kinds))

    def _words(self, text: str, kinds: frozenset[Scheme]) -> None:
        label = DimLabel(text, self)
        label.setWordWrap(True)
        self._row(label, kinds)

    def _problem_line(self, part: Part, kinds: frozenset[Scheme]) -> None:
        line = WarningLine(self, trouble=True)
        line.setObjectName(f"linkProblem_{part.value}")
        self._wrong[part] = line
        self._rows.addRow(line)

    def tab_chain(self) -> list[QWidget]:
        """What the keyboard reaches, in the order in which it is seen."""
        inside = self._extra.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        extra = [widget for widget in inside if widget.focusPolicy() & _BY_TAB]
        fields = [self.device, self.ports, self.host, self.port, self.path, self.more.heading]
        return [*self.kind.findChildren(Button), *extra, *fields, self.baud, self.format, self.paced]

    # What it holds

    @property
    def scheme(self) -> Scheme:
        """The kind that is chosen."""
        return self.kind.value()  # type: ignore[return-value]

    def draft(self) -> LinkDraft:
        """What the fields hold, as typed."""
        chosen = self.format.currentData()
        bits, parity, stop = (None, None, None) if chosen is None else (int(chosen[0]), chosen[1], int(chosen[2]))
        return LinkDraft(
            self.scheme,
            host=self.host.text(),
            port=self.port.text(),
            device=self.device.text(),
            path=self.path.text(),
            line=(self.baud.currentData(), parity, bits, stop),
            paced=self.paced.isChecked(),
        )

    def link(self) -> str | None:
        """The LINK; None where the fields make none."""
        draft = self.draft()
        return None if problem_of(draft, self._role) else draft.link()

    def check(self) -> bool:
        """Whether the fields make a LINK; if not, the words stand at the field, which gets the focus."""
        problem = problem_of(self.draft(), self._role)
        self.show_problem(problem)
        if problem is not None:
            self._field_of(problem.part).setFocus()
        return problem is None

    def show_link(self, link: str) -> None:
        """Fill in a LINK, without telling anybody. Raises LinkError for what is none."""
        draft = draft_of(parse_link(link))
        self.kind.show_value(draft.scheme)
        for field, text in (
            (self.host, draft.host),
            (self.port, draft.port),
            (self.device, draft.device),
            (self.path, draft.path),
        ):
            field.setText(text)
        self.ports.choose(draft.device)
        baud, parity, bits, stop = draft.line
        _choose(self.baud, baud, self.tr("{0} bit/s"))
        named = (bits, parity, stop) != (None, None, None)
        # A LINK may name a part of the format; the standard has the rest.
        usual = (8, "E", 1) if self._role == "listen" else (7, "E", 1)
        whole = "".join(str(part or other) for part, other in zip((bits, parity, stop), usual, strict=True))
        _choose(self.format, whole if named else None, "{0}")
        self.paced.setChecked(draft.paced)
        self.show_problem(None)
        self._show_kind()

    def show_ports(self, ports: Sequence[SerialPortInfo]) -> None:
        """The serial ports there are now."""
        self.ports.show_ports(ports)
        self.ports.choose(self.device.text())

    # What is wrong with it

    def show_problem(self, problem: Problem | None) -> None:
        """Say at a field what is wrong with it, or nowhere."""
        for part, line in self._wrong.items():
            wrong = problem is not None and problem.part is part
            line.show_text(problem.words if problem is not None and wrong else "")
            set_wrong(self._field_of(part), wrong)

    def show_error(self, error: LinkError) -> None:
        """Say what the engine has found at the field that it is about."""
        self.show_problem(Problem(part_of_error(self.scheme, error), engine_text(error.message)))

    @property
    def problem(self) -> str:
        """The words at a field, or nothing."""
        return next((line.text() for line in self._wrong.values() if line.text()), "")

    def _field_of(self, part: Part) -> QWidget:
        fields = {Part.HOST: self.host, Part.PORT: self.port, Part.DEVICE: self.device, Part.PATH: self.path}
        return fields.get(part, self.kind)

    # What the user does

    def _port_picked(self, device: str) -> None:
        if device != self.device.text():
            self.device.setText(device)
            self._edited()

    def _edited(self) -> None:
        problem = problem_of(self.draft(), self._role)
        # What is being typed is not wrong yet; a kind that cannot be is wrong as soon as it is chosen.
        self.show_problem(problem if problem is not None and problem.part is Part.KIND else None)
        self._show_kind()
        self.changed.emit()

    def _show_kind(self) -> None:
        scheme = self.scheme
        for widget, kinds in self._kinds:
            self._rows.setRowVisible(widget, scheme in kinds)
        self._more_rows.setRowVisible(self.format, scheme == "serial")
        self._more_rows.setRowVisible(self.paced, scheme != "serial")
        self.more.set_remark(self._remark())
        exposed = scheme == "tcp" and self._role == "listen" and not is_loopback(self.host.text().strip())
        self.warning.show_text(
            self.tr(
                "Other computers reach the module here, and M-Bus asks for no password: whoever can connect can"
                " read and command it. 127.0.0.1 keeps it to this computer."
            )
            if exposed
            else ""
        )

    def _remark(self) -> str:
        """What the folded part would tell."""
        parts = [self.baud.currentText()] if self.baud.currentData() is not None else []
        if self.scheme == "serial" and self.format.currentData() is not None:
            parts.append(self.format.currentText())
        if self.scheme != "serial" and self.paced.isChecked():
            parts.append(self.tr("paced"))
        return ", ".join(parts)


def _choose(choice: Choice, value: object, words: str) -> None:
    """Choose a value; one that is not listed is added, because a LINK may name it."""
    row = next((row for row in range(choice.count()) if choice.itemData(row) == value), None)
    if row is None:
        choice.addItem(words.format(value), value)
        row = choice.count() - 1
    choice.setCurrentIndex(row)
