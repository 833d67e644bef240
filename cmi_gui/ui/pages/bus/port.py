"""The panel for the master's port: its choice, its options and its state."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from cmi_gui.engine.link.serial import SERIAL
from cmi_gui.engine.link.serial_ports import SerialPortInfo, list_serial_ports
from cmi_gui.engine.link.tcp import TCP
from cmi_gui.engine.link.url import KINDS, LinkSpec, parse_link
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.station.wiring import SIMULATED, Use
from cmi_gui.ui.background import Background
from cmi_gui.ui.models.bus import BusMaster
from cmi_gui.ui.models.practice import PRACTICE_LINK
from cmi_gui.ui.pages.bus.room_panel import RoomPanel
from cmi_gui.ui.pages.bus.words import failure_text
from cmi_gui.ui.text.mark import Mark, Status
from cmi_gui.ui.text.messages import text_of
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.theme import SPACE
from cmi_gui.ui.widgets.link.adapter_line import AdapterLine, about_port, lasting_path, port_of
from cmi_gui.ui.widgets.link.draft import LinkDraft
from cmi_gui.ui.widgets.link.line_options import LineOptions
from cmi_gui.ui.widgets.plain.buttons import Button, QuietButton
from cmi_gui.ui.widgets.plain.fields import ChoiceField, TextField, set_wrong
from cmi_gui.ui.widgets.plain.layout import DimLabel, Label, Section, WarningLine, row_of
from cmi_gui.ui.widgets.plain.marks import StateMark

_SERIAL, _TCP, _LINK, _PRACTICE = SERIAL.scheme, TCP.scheme, "link", "practice"


class PortPanel(Section):
    """A panel with the choice of the port, its address if it needs one, Connect, and the state in words.

    Attribute `wrong`: why the current choice cannot be connected to, or empty.
    Signals: `changed()`, another port or address was entered, or other options.
    """

    changed = Signal()

    def __init__(self, bus: BusMaster, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("PortPanel", "Master port"), parent)
        self._bus = bus
        self._background = background
        self._ports: list[SerialPortInfo] = []
        self._typed = {_TCP: "", _LINK: ""}
        self._missing_port = ""
        """The serial port saved in an earlier run of the program, until it is found in this one."""
        self._path = ""
        """The chosen serial port as a LINK names it: by its USB number, or by its current device name."""
        self.wrong = ""

        self.port = ChoiceField(self.tr("Master port"), self, object_name="busPort")
        self.port.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._fill()
        self.port.activated.connect(self._chosen)
        self.again = QuietButton("", self, icon="refresh", name=self.tr("Look for serial ports again"))
        self.again.clicked.connect(self.list_ports)
        self.about = DimLabel(wrap=True)
        self.adapter = AdapterLine(self)
        self.adapter.renamed.connect(self._renamed)
        self.room = RoomPanel(bus.practice, background, self)
        bus.practice.changed.connect(self.refresh)
        self.address = TextField(self, object_name="busAddress")
        self.address.textChanged.connect(self._address_typed)
        self.options = LineOptions(
            Use.MASTER, self.tr("Format and control lines"), self.tr("Master port"), self, narrow=True
        )
        self.options.changed.connect(self._options_changed)
        self.error = WarningLine(self, trouble=True)
        self.connect_button = Button(self.tr("Disconnect"), self, object_name="busConnect", on_click=self._toggle)
        # click() does nothing while the button is disabled; the field is disabled unless the link is closed.
        self.address.returnPressed.connect(self.connect_button.click)
        self.connect_button.setMinimumWidth(self.connect_button.sizeHint().width())
        self._mark = StateMark(parent=self)
        self.words = Label("", self, wrap=True)
        self._lay_out()
        self._chosen()

    def _lay_out(self) -> None:
        row = row_of((self.port, 1), self.again, spacing=SPACE.xs)
        state = row_of((self._mark, 0, Qt.AlignmentFlag.AlignTop), (self.words, 1))
        self.body.setSpacing(SPACE.s)
        self.body.addLayout(row)
        self.body.addWidget(self.about)
        self.body.addWidget(self.adapter)
        self.body.addWidget(self.room)
        self.body.addWidget(self.address)
        self.body.addWidget(self.options)
        self.body.addWidget(self.connect_button)
        self.body.addLayout(state)
        self.body.addWidget(self.error)

    # The choice

    def _fill(self) -> None:
        saved = self.port.currentData()
        self.port.clear()
        self.port.addItem(self.tr("Built-in module"), ("", SIMULATED))
        self.port.addItem(self.tr("Practice bus (simulated)"), (_PRACTICE, ""))
        for port in self._ports:
            self.port.addItem(port.device, (_SERIAL, port.device))
        self.port.addItem(self.tr("TCP gateway"), (_TCP, ""))
        self.port.addItem(self.tr("Another LINK"), (_LINK, ""))
        if saved is not None:
            self._select(tuple(saved))

    def _select(self, data: tuple[str, ...]) -> bool:
        for index in range(self.port.count()):
            if tuple(self.port.itemData(index)) == data:
                self.port.setCurrentIndex(index)
                return True
        return False

    def list_ports(self) -> None:
        """List the serial ports in the background, because the system may be slow to answer."""
        self._background.run(list_serial_ports, self._listed, lambda error: self._listed([]), owner=self)

    def _listed(self, ports: list[SerialPortInfo]) -> None:
        if ports != self._ports:
            self._ports = ports
            self._fill()
        if self._missing_port:
            self._select_missing_port()
        self._show_choice()

    def _select_missing_port(self) -> None:
        port = port_of(self._missing_port, self._ports)
        if port is not None and self._select((_SERIAL, port.device)):
            self._path, self._missing_port = self._missing_port, ""

    @property
    def _kind(self) -> str:
        return str(self.port.currentData()[0])

    def _chosen(self) -> None:
        self._missing_port = ""
        port = self._port
        self._path = "" if port is None else lasting_path(port)
        self._show_choice()

    @property
    def _port(self) -> SerialPortInfo | None:
        """The chosen serial port, or None."""
        kind, device = self.port.currentData()
        return port_of(device, self._ports) if kind == _SERIAL else None

    def _renamed(self, path: str) -> None:
        self._path = path
        self._show_choice()

    def _options_changed(self) -> None:
        self.refresh()
        self.changed.emit()

    def _show_choice(self) -> None:
        kind = self._kind
        typed, tcp = kind in self._typed, kind == _TCP
        self.address.setVisible(typed)
        self.address.setAccessibleName(self.tr("Host and port") if tcp else self.tr("LINK"))
        if typed:
            self.address.setPlaceholderText("192.168.1.20:10001" if tcp else "serial:COM3?baud=2400")
            if self.address.text() != self._typed[kind]:
                self.address.setText(self._typed[kind])
        self.about.setText(self._about())
        self.about.setVisible(bool(self.about.text()))
        self.adapter.show_path(self._path if kind == _SERIAL else "", self._ports)
        self.adapter.setVisible(not self.adapter.empty)
        self.room.setVisible(kind == _PRACTICE)
        has_options = kind in (_SERIAL, _TCP)
        if has_options:
            self.options.show_kind(KINDS[kind])
        self.options.setVisible(has_options)
        self.refresh()
        self.changed.emit()

    def _about(self) -> str:
        kind = self._kind
        if kind == _SERIAL:
            return "" if self._port is None else about_port(self._port)
        if kind == _PRACTICE:
            return self.tr("Many modules inside this program, on a wire of their own")
        if kind == _TCP:
            return self.tr("Host and port of a gateway that transfers M-Bus bytes unchanged")
        if kind == _LINK:
            return self.tr("As on the command line: tcp://HOST:PORT, serial:DEVICE, pty:PATH")
        return self.tr("The module inside this program, on a separate wire")

    def _address_typed(self, text: str) -> None:
        if self._kind in self._typed:
            self._typed[self._kind] = text
        self.refresh()
        self.changed.emit()

    @property
    def link(self) -> str:
        """The chosen LINK. Raises LinkError, with a message for the user, if the input is not a LINK yet."""
        kind, device = self.port.currentData()
        if kind == _SERIAL:
            return LinkDraft(_SERIAL, path=self._path or device, options=self.options.options()).link()
        if kind == _TCP:
            return str(parse_link(f"tcp://{self._typed[_TCP].strip()}").with_defaults(self.options.options()))
        if kind == _PRACTICE:
            return PRACTICE_LINK
        return str(parse_link(self._typed[_LINK] if kind == _LINK else device))

    def _check(self) -> None:
        """Mark the field if its text is wrong and show the reason; for an empty field only the buttons show it."""
        try:
            _ = self.link
            self.wrong = ""
        except LinkError as error:
            self.wrong = text_of(error.message)
        words = self.wrong if self._typed.get(self._kind) else ""
        self.error.keep_lines(4 if self._kind in self._typed else 0)
        self.error.show_text(words)
        set_wrong(self.address, words)

    def open_room(self, path: Path) -> None:
        """Choose the practice bus with the room of a file; what is wrong with the file is shown."""
        self._select((_PRACTICE, ""))
        self._chosen()
        self.room.open_path(path)

    # The connection

    def _toggle(self) -> None:
        if self._bus.state is LinkState.CLOSED:
            self.connect_chosen()
        else:
            self._bus.disconnect_link()

    def connect_chosen(self) -> None:
        """Connect to the chosen LINK unless a link is in use already. Raises LinkError like `link`.

        Without a room the practice bus stays closed, and the room's panel says why.
        """
        if self._bus.state is LinkState.CLOSED and (self._kind != _PRACTICE or self._bus.practice.ready()):
            self._bus.connect_to(self.link)
        self.refresh()

    def refresh(self) -> None:
        """Show the current state."""
        state = self._bus.state
        closed = state is LinkState.CLOSED
        for part in (self.port, self.address, self.again, self.adapter, self.options.inside):
            part.setEnabled(closed)
        set_tooltip(self.port, "" if closed else self.tr("Disconnect first, then choose another port"))
        self._check()
        self.room.why_not = self.tr("Another operation is running on the bus") if self._bus.busy else ""
        self.room.refresh()
        self.connect_button.set_words(
            self.tr("Connect") if closed else self.tr("Cancel") if state is LinkState.OPENING else self.tr("Disconnect")
        )
        self.connect_button.setEnabled(not closed or not self.wrong)
        set_tooltip(self.connect_button, self.wrong if closed else "")
        status = self._status(state)
        self._mark.set_mark(status.mark)
        self.words.setText(status.title)

    def _status(self, state: LinkState) -> Status:
        line, problem = self._bus.line, self._bus.problem
        name = "" if line is None else line.session.url
        trouble = "" if problem is None else failure_text(problem)
        match state:
            case LinkState.OPEN:
                if line is not None and line.practice:
                    return Status(Mark.GOOD, self.tr("Connected to the practice bus"))
                inside = line is not None and line.built_in
                words = self.tr("Connected to the built-in module") if inside else self.tr("Connected to {0}")
                return Status(Mark.GOOD, words.format(name))
            case LinkState.OPENING:
                return Status(Mark.BUSY, self.tr("Opening {0}").format(name))
            case LinkState.WAITING:
                return Status(Mark.TROUBLE, self.tr("{0}. Trying again automatically.").format(trouble.rstrip(".")))
        if trouble or state is LinkState.FAILED:
            return Status(Mark.TROUBLE, trouble)
        return Status(Mark.OFF, self.tr("Not connected"))

    # Saved state

    def state(self) -> dict[str, object]:
        """Return the choice, the texts entered, and the options that differ from the defaults."""
        kind, device = self.port.currentData()
        options = self.options.options()
        # The options are stored as a LINK with a placeholder for the port.
        saved = {"options": str(replace(options, path="-"))} if options != LinkSpec(options.scheme) else {}
        return {"kind": kind, "device": self._path or device, **self._typed, **saved}

    def restore(self, saved: Mapping[str, object]) -> None:
        """Restore what `state` returned; a serial port that is missing is selected as soon as it appears."""
        for name in self._typed:
            text = saved.get(name)
            if isinstance(text, str):
                self._typed[name] = text
        options = saved.get("options")
        if isinstance(options, str):
            with suppress(LinkError):
                self.options.show_options(replace(parse_link(options), path=""))
        kind, device = saved.get("kind"), saved.get("device")
        if kind == _SERIAL and isinstance(device, str):
            self._missing_port = device
            self._select_missing_port()
        elif isinstance(kind, str) and isinstance(device, str):
            self._select((kind, device))
        self._show_choice()
