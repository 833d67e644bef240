"""A form for one LINK: its kind, and the fields of that kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QLabel, QWidget

from cmi_gui.engine.link.kind import LinkKind, Role
from cmi_gui.engine.link.memory import SIM
from cmi_gui.engine.link.serial import SERIAL
from cmi_gui.engine.link.serial_ports import SerialPortInfo
from cmi_gui.engine.link.url import KINDS, LinkSpec, parse_link
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.station.wiring import Use
from cmi_gui.ui.text.link_words import KindWords, is_loopback, kind_words
from cmi_gui.ui.text.messages import text_of
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.theme import SPACE, em
from cmi_gui.ui.widgets.link.adapter_line import AdapterLine, lasting_path, port_of
from cmi_gui.ui.widgets.link.draft import LinkDraft, LinkProblem, Part, draft_of, part_of_error, problem_of
from cmi_gui.ui.widgets.link.line_options import LineOptions
from cmi_gui.ui.widgets.link.port_list import PortList
from cmi_gui.ui.widgets.plain.buttons import Button, Segments
from cmi_gui.ui.widgets.plain.captioned import caption, captioned_rows
from cmi_gui.ui.widgets.plain.fields import TextField, set_wrong
from cmi_gui.ui.widgets.plain.layout import DimLabel, WarningLine, column_of

_BY_TAB = Qt.FocusPolicy.TabFocus
NEW = LinkDraft(SERIAL.scheme, options=LinkSpec(SERIAL.scheme))
"""The initial content of a form without a simulated kind."""


def _is_port(kind: LinkKind) -> bool:
    return kind.real_wire


def _is_network(kind: LinkKind) -> bool:
    return kind.network


class LinkForm(QWidget):
    """A form for one LINK. `simulated`: the explanation of the kind Simulated; empty leaves that kind out.

    `use`: what the link is for. `extra`: a layout for widgets that a side adds to Simulated.
    Signals: `changed()`: the user changed a field or the kind. `entered()`: Return in a field.
    """

    changed = Signal()
    entered = Signal()

    def __init__(self, use: Use, name: str, simulated: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._use = use
        self._role: Role = "listen" if use is Use.SERVE else "connect"
        self._name = name
        self._ports: tuple[SerialPortInfo, ...] | None = None
        self._kind_words = kind_words()
        self._schemes = [scheme for scheme in self._kind_words if simulated or not KINDS[scheme].simulated]
        kinds = [(self._kind_words[scheme].title, scheme) for scheme in self._schemes]
        self.kind = Segments(kinds, self.tr("{0}: kind").format(name), self, object_name="linkKind")
        self.kind.chosen.connect(self._edited)
        self._make_fields()
        self._rows = captioned_rows()
        self._kinds: list[tuple[QWidget, Callable[[LinkKind], bool]]] = []
        self._wrong: dict[Part, WarningLine] = {}
        self._lines_kept: list[tuple[WarningLine, Callable[[LinkKind], bool]]] = []
        self._lay_out(simulated)
        self._show_draft(LinkDraft(SIM.scheme) if simulated else NEW)

    def _make_fields(self) -> None:
        listens = self._role == "listen"
        hint = self.tr("COM3, /dev/ttyUSB0, rfc2217://HOST:PORT, ...")
        self.device = self._field("linkDevice", self.tr("Serial port"), hint)
        set_tooltip(self.device, self.tr("Choose from the list, or type a port name or a pyserial URL"))
        self.ports = PortList(self)
        self.ports.setProperty("words", "")
        self.ports.picked.connect(self._port_picked)
        self.adapter = AdapterLine(self)
        self.adapter.setProperty("words", "")
        self.adapter.renamed.connect(self._port_renamed)
        host = self.tr("Local address") if listens else self.tr("Name or address")
        self.host = self._field("linkHost", host, "127.0.0.1" if listens else self.tr("of the gateway"))
        self.port = self._field("linkPort", self.tr("TCP port"), "10001")
        self.port.setMaximumWidth(em(self, 16))
        self.port.setValidator(QIntValidator(0, 999_999, self))
        self.path = self._field("linkPath", "", "")
        self.more = LineOptions(self._use, self.tr("Speed and format"), self._name, self)
        self.more.changed.connect(self._edited)

    def _field(self, name: str, words: str, hint: str) -> TextField:
        field = TextField(self, object_name=name, name=f"{self._name}: {words}", hint=hint)
        field.setProperty("words", words)
        field.textEdited.connect(self._edited)
        field.returnPressed.connect(self.entered)
        return field

    def _lay_out(self, simulated: str) -> None:
        self._words(lambda kind: kind.simulated).setText(simulated)
        self.extra = captioned_rows()
        self._extra = QWidget(self)
        self._extra.setLayout(self.extra)
        self._row(self._extra, lambda kind: kind.simulated)
        self._problem_line(Part.KIND)
        self._row(self.device, _is_port)
        self._problem_line(Part.DEVICE, _is_port)
        self._row(self.ports, _is_port)
        self._row(self.adapter, _is_port)
        self._row(self.host, _is_network)
        self._problem_line(Part.HOST, _is_network)
        self.warning = WarningLine(self)
        self._rows.addRow("", self.warning)
        self._row(self.port, _is_network)
        self._problem_line(Part.PORT, _is_network)
        self._row(self.path, self._has_path)
        self._problem_line(Part.PATH, self._has_path)
        self._about = self._words(lambda kind: self._use in self._kind_words[kind.scheme].about)
        self._row(self.more, lambda kind: bool(kind.options))
        column_of((self.kind, 0, Qt.AlignmentFlag.AlignLeft), self._rows, within=self, margins=0, spacing=SPACE.m)

    def _has_path(self, kind: LinkKind) -> bool:
        return bool(self._kind_words[kind.scheme].path)

    def _row(self, widget: QWidget, has: Callable[[LinkKind], bool]) -> None:
        """Add a row, shown for the kinds for which `has` is true; a field gets its caption in front."""
        words = widget.property("words")
        if words is not None:
            self._rows.addRow(caption(words, widget, self), widget)
        else:
            self._rows.addRow(widget)
        self._kinds.append((widget, has))

    def _words(self, has: Callable[[LinkKind], bool]) -> DimLabel:
        label = DimLabel(parent=self, wrap=True)
        self._row(label, has)
        return label

    def _problem_line(self, part: Part, has: Callable[[LinkKind], bool] = lambda _: False) -> None:
        """Add the line for problems of a field, which keeps its room for the kinds for which `has` is true."""
        line = WarningLine(self, trouble=True, object_name=f"linkProblem_{part.value}")
        self._wrong[part] = line
        self._lines_kept.append((line, has))
        # Added after its field, so shown under it.
        self._rows.addRow("", line)

    def tab_chain(self) -> list[QWidget]:
        """Return the widgets that take the keyboard focus, in visible order."""
        inside = self._extra.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        extra = [widget for widget in inside if widget.focusPolicy() & _BY_TAB]
        fields = [self.device, self.ports, self.adapter.lasting, self.host, self.port, self.path]
        return [self.kind, *self.kind.findChildren(Button), *extra, *fields, *self.more.tab_chain()]

    # Content

    @property
    def selected(self) -> LinkKind:
        """The chosen kind."""
        return KINDS[self.kind.value()]

    @property
    def lists_ports(self) -> bool:
        """True if the list of serial ports is visible."""
        return self.isVisible() and self.selected.real_wire

    def draft(self) -> LinkDraft:
        """Return the content of the fields, as typed."""
        return LinkDraft(
            self.selected.scheme,
            host=self.host.text(),
            port=self.port.text(),
            path=(self.device if self.selected.real_wire else self.path).text(),
            options=self.more.options(),
        )

    def link(self) -> str | None:
        """Return the LINK; None if the fields do not make a valid one."""
        draft = self.draft()
        return None if problem_of(draft, self._role) else draft.link()

    def check(self) -> bool:
        """Return whether the fields make a valid LINK; if not, show the problem at its field, which gets the focus."""
        problem = problem_of(self.draft(), self._role)
        self.show_problem(problem)
        if problem is not None:
            self._field_of(problem.part).setFocus()
        return problem is None

    def show_link(self, link: str) -> None:
        """Fill in a LINK without emitting a signal. Raises LinkError if it is not valid."""
        self._show_draft(draft_of(parse_link(link)))

    def set_use(self, use: Use) -> None:
        """Change to another use of the same role; the typed texts stay."""
        self._use = use
        self.more.set_use(use)

    def show_new(self) -> None:
        """Fill in the initial content for a new link."""
        self._show_draft(NEW)

    def _show_draft(self, draft: LinkDraft) -> None:
        self.kind.show_value(draft.scheme)
        self.host.setText(draft.host)
        self.port.setText(draft.port)
        self.device.setText(draft.path if draft.kind.real_wire else "")
        self.path.setText("" if draft.kind.real_wire else draft.path)
        self.more.show_options(draft.options)
        self.show_problem(None)
        self._show_kind()

    def show_ports(self, ports: Sequence[SerialPortInfo]) -> None:
        """Show the serial ports that exist now."""
        self._ports = tuple(ports)
        self.ports.show_ports(ports)
        self._show_adapter()

    def with_present_device(self, spec: LinkSpec) -> LinkSpec:
        """Return the LINK with the present device of an adapter named by its USB number, if that is known."""
        port = port_of(spec.path, self._ports or ()) if spec.kind.real_wire else None
        return spec if port is None else replace(spec, path=port.device)

    # Problems

    def show_problem(self, problem: LinkProblem | None) -> None:
        """Show a problem at its field; None clears it."""
        for part, line in self._wrong.items():
            wrong = problem is not None and problem.part is part
            words = problem.words if problem is not None and wrong else ""
            line.show_text(words)
            set_wrong(self._field_of(part), words)

    def show_error(self, error: LinkError) -> None:
        """Show an error of the engine at the field that it is about."""
        self.show_problem(LinkProblem(part_of_error(self.selected, error), text_of(error.message)))

    @property
    def problem(self) -> str:
        """The problem shown at a field, or an empty text."""
        return next((line.text() for line in self._wrong.values() if line.text()), "")

    def _field_of(self, part: Part) -> QWidget:
        fields = {Part.HOST: self.host, Part.PORT: self.port, Part.DEVICE: self.device, Part.PATH: self.path}
        return fields.get(part, self.kind)

    # User actions

    def _port_picked(self, device: str) -> None:
        port = port_of(device, self._ports or ())
        path = device if port is None else lasting_path(port)
        # A click on the port that the field already names, under either name, changes nothing.
        if port is None or port is not port_of(self.device.text().strip(), self._ports or ()):
            self._port_renamed(path)

    def _port_renamed(self, path: str) -> None:
        self.device.setText(path)
        self._edited()

    def _edited(self) -> None:
        problem = problem_of(self.draft(), self._role)
        # A text still being typed is not marked as wrong; a kind that this system lacks is marked at once.
        self.show_problem(problem if problem is not None and problem.part is Part.KIND else None)
        self._show_kind()
        self.changed.emit()

    def _show_kind(self) -> None:
        kind = self.selected
        words = self._kind_words[kind.scheme]
        for scheme in self._schemes:
            # The wiring of a portable program may come from another system.
            self.kind.offer(scheme, KINDS[scheme].exists or KINDS[scheme] is kind)
        for widget, has in self._kinds:
            self._rows.setRowVisible(widget, has(kind))
        for line, has in self._lines_kept:
            line.keep_lines(1 if has(kind) else 0)
        self._show_path(words)
        self._about.setText(words.about.get(self._use, ""))
        if kind.options:
            self.more.show_kind(kind)
        self._show_adapter()
        exposed = kind.network and self._role == "listen" and not is_loopback(self.host.text().strip())
        self.warning.show_text(
            self.tr(
                "Other computers can reach the module here. M-Bus has no passwords: anyone who can connect can"
                " read and control the module. Use 127.0.0.1 to limit access to this computer."
            )
            if exposed
            else ""
        )

    def _show_path(self, words: KindWords) -> None:
        label = self._rows.labelForField(self.path)
        assert isinstance(label, QLabel)
        label.setText(words.path)
        self.path.setAccessibleName(f"{self._name}: {words.path}")
        self.path.setPlaceholderText(words.hint)

    def _show_adapter(self) -> None:
        path = self.device.text().strip()
        port = port_of(path, self._ports or ())
        self.ports.choose("" if port is None else port.device)
        self.adapter.show_path(path, self._ports)
        self._rows.setRowVisible(self.adapter, self.selected.real_wire and not self.adapter.empty)
