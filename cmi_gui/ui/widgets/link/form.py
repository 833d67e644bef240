"""A form for one LINK: its kind, and what that kind wants to know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cmi_gui.engine.link.serial_ports import SerialPortInfo
from cmi_gui.engine.link.url import LinkSpec, Scheme, parse_link
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.ui.text.link_words import is_loopback
from cmi_gui.ui.text.messages import text_of
from cmi_gui.ui.theme import SPACE, em
from cmi_gui.ui.widgets.link.adapter_line import AdapterLine, lasting_path, port_of
from cmi_gui.ui.widgets.link.draft import LinkDraft, Part, Problem, draft_of, part_of_error, problem_of
from cmi_gui.ui.widgets.link.line_options import LineOptions, Purpose
from cmi_gui.ui.widgets.link.port_list import PortList
from cmi_gui.ui.widgets.plain.buttons import Button, Segments
from cmi_gui.ui.widgets.plain.captioned import caption, captioned_rows
from cmi_gui.ui.widgets.plain.fields import Field, set_wrong
from cmi_gui.ui.widgets.plain.layout import DimLabel, WarningLine

_BY_TAB = Qt.FocusPolicy.TabFocus
NEW = LinkDraft("serial", options=LinkSpec("serial"))
"""What a form begins with that knows no simulated side."""


class LinkForm(QWidget):
    """`purpose`: whom the link is for. `simulated`: what the kind of that name means; without it there is no such kind.

    `extra` has room for what a side adds to Simulated.
    Signals: `changed()`, by the user: a field or the kind. `entered()`: Return in a field.
    """

    changed = Signal()
    entered = Signal()

    def __init__(self, purpose: Purpose, name: str, simulated: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._purpose = purpose
        self._role = purpose.role
        self._name = name
        self._ports: tuple[SerialPortInfo, ...] | None = None
        kinds: list[tuple[str, Scheme]] = [
            (self.tr("Serial port"), "serial"),
            (self.tr("TCP"), "tcp"),
            (self.tr("Pseudo-terminal"), "pty"),
        ]
        if simulated:
            kinds.insert(0, (self.tr("Simulated"), "sim"))
        self.kind = Segments(kinds, self.tr("{0}: kind").format(name), self)
        self.kind.setObjectName("linkKind")
        self.kind.chosen.connect(self._edited)
        self._make_fields()
        self._rows = captioned_rows()
        self._kinds: list[tuple[QWidget, frozenset[Scheme]]] = []
        self._wrong: dict[Part, WarningLine] = {}
        self._lay_out(simulated)
        self._show_draft(LinkDraft("sim") if simulated else NEW)

    def _make_fields(self) -> None:
        listens = self._role == "listen"
        hint = self.tr("COM3, /dev/ttyUSB0, rfc2217://HOST:PORT, ...")
        self.device = self._field("linkDevice", self.tr("Serial port"), hint)
        self.device.setToolTip(self.tr("From the list, or typed: a port's name, or any URL that pyserial knows"))
        self.ports = PortList(self)
        self.ports.setProperty("words", "")
        self.ports.picked.connect(self._port_picked)
        self.adapter = AdapterLine(self)
        self.adapter.setProperty("words", "")
        self.adapter.renamed.connect(self._port_renamed)
        host = self.tr("Listen on address") if listens else self.tr("Name or address")
        self.host = self._field("linkHost", host, "127.0.0.1" if listens else self.tr("of the gateway"))
        self.port = self._field("linkPort", self.tr("TCP port"), "10001")
        self.port.setMaximumWidth(em(self, 16))
        self.port.setValidator(QIntValidator(0, 999_999, self))
        self.path = self._field(
            "linkPath", self.tr("Symbolic link"), self.tr("empty: none, the system names the terminal itself")
        )
        self.more = LineOptions(self._purpose, self.tr("Speed and format"), self._name, self)
        self.more.changed.connect(self._edited)

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
        serial, tcp, pty = frozenset[Scheme]({"serial"}), frozenset[Scheme]({"tcp"}), frozenset[Scheme]({"pty"})
        outside = serial | tcp | pty
        self._words(simulated, frozenset({"sim"}))
        self.extra = captioned_rows()
        self._extra = QWidget(self)
        self._extra.setLayout(self.extra)
        self._row(self._extra, frozenset({"sim"}))
        self._problem_line(Part.KIND)
        self._row(self.device, serial)
        self._problem_line(Part.DEVICE)
        self._row(self.ports, serial)
        self._row(self.adapter, serial)
        self._row(self.host, tcp)
        self._problem_line(Part.HOST)
        self.warning = WarningLine(self)
        self._rows.addRow("", self.warning)
        self._row(self.port, tcp)
        self._problem_line(Part.PORT)
        self._row(self.path, pty)
        self._problem_line(Part.PATH)
        about = {
            Purpose.MODULE: self.tr("Another program opens the pseudo-terminal as it would open a serial port."),
            Purpose.METER: self.tr("Whoever plays the meter opens the pseudo-terminal as it would a serial port."),
        }
        heard = self.tr("What another program writes into the pseudo-terminal is listened to.")
        self._words(about.get(self._purpose, heard), pty)
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

    def _problem_line(self, part: Part) -> None:
        line = WarningLine(self, trouble=True)
        line.setObjectName(f"linkProblem_{part.value}")
        self._wrong[part] = line
        # Under its field.
        self._rows.addRow("", line)

    def tab_chain(self) -> list[QWidget]:
        """What the keyboard reaches, in the order in which it is seen."""
        inside = self._extra.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        extra = [widget for widget in inside if widget.focusPolicy() & _BY_TAB]
        fields = [self.device, self.ports, self.adapter.lasting, self.host, self.port, self.path]
        return [*self.kind.findChildren(Button), *extra, *fields, *self.more.tab_chain()]

    # What it holds

    @property
    def scheme(self) -> Scheme:
        """The kind that is chosen."""
        return self.kind.value()

    @property
    def asks_for_a_port(self) -> bool:
        """Whether a list of serial ports is to be seen."""
        return self.isVisible() and self.scheme == "serial"

    def draft(self) -> LinkDraft:
        """What the fields hold, as typed."""
        return LinkDraft(
            self.scheme,
            host=self.host.text(),
            port=self.port.text(),
            device=self.device.text(),
            path=self.path.text(),
            options=self.more.options(),
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
        self._show_draft(draft_of(parse_link(link)))

    def set_purpose(self, purpose: Purpose) -> None:
        """For somebody else of the same role; what is typed stays."""
        self._purpose = purpose
        self.more.set_purpose(purpose)

    def show_new(self) -> None:
        """Fill in a link that is still to be chosen."""
        self._show_draft(NEW)

    def _show_draft(self, draft: LinkDraft) -> None:
        self.kind.show_value(draft.scheme)
        for field, text in (
            (self.host, draft.host),
            (self.port, draft.port),
            (self.device, draft.device),
            (self.path, draft.path),
        ):
            field.setText(text)
        self.more.show_options(draft.options)
        self.show_problem(None)
        self._show_kind()

    def show_ports(self, ports: Sequence[SerialPortInfo]) -> None:
        """The serial ports there are now."""
        self._ports = tuple(ports)
        self.ports.show_ports(ports)
        self._show_adapter()

    def today(self, spec: LinkSpec) -> LinkSpec:
        """The same with the device that an adapter named by its USB number is now, as far as that is known."""
        port = port_of(spec.path, self._ports or ()) if spec.scheme == "serial" else None
        return spec if port is None else replace(spec, path=port.device)

    # What is wrong with it

    def show_problem(self, problem: Problem | None) -> None:
        """Say at a field what is wrong with it, or nowhere."""
        for part, line in self._wrong.items():
            wrong = problem is not None and problem.part is part
            line.show_text(problem.words if problem is not None and wrong else "")
            set_wrong(self._field_of(part), wrong)

    def show_error(self, error: LinkError) -> None:
        """Say what the engine has found at the field that it is about."""
        self.show_problem(Problem(part_of_error(self.scheme, error), text_of(error.message)))

    @property
    def problem(self) -> str:
        """The words at a field, or nothing."""
        return next((line.text() for line in self._wrong.values() if line.text()), "")

    def _field_of(self, part: Part) -> QWidget:
        fields = {Part.HOST: self.host, Part.PORT: self.port, Part.DEVICE: self.device, Part.PATH: self.path}
        return fields.get(part, self.kind)

    # What the user does

    def _port_picked(self, device: str) -> None:
        port = port_of(device, self._ports or ())
        path = device if port is None else lasting_path(port)
        # The line of the port that is named already changes nothing, by whatever name.
        if port is None or port is not port_of(self.device.text().strip(), self._ports or ()):
            self._port_renamed(path)

    def _port_renamed(self, path: str) -> None:
        self.device.setText(path)
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
        self.more.show_scheme(scheme)
        self._show_adapter()
        exposed = scheme == "tcp" and self._role == "listen" and not is_loopback(self.host.text().strip())
        self.warning.show_text(
            self.tr(
                "Other computers reach the module here, and M-Bus asks for no password: whoever can connect can"
                " read and command it. 127.0.0.1 keeps it to this computer."
            )
            if exposed
            else ""
        )

    def _show_adapter(self) -> None:
        path = self.device.text().strip()
        port = port_of(path, self._ports or ())
        self.ports.choose("" if port is None else port.device)
        self.adapter.show_path(path, self._ports)
        self._rows.setRowVisible(self.adapter, self.scheme == "serial" and not self.adapter.empty)
