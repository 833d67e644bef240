"""Under a serial port: what its adapter is called today, and whether it is found again under another name."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cmi_gui.engine.link.serial import USB
from cmi_gui.engine.link.serial_ports import SerialPortInfo
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.widgets.plain.buttons import Switch
from cmi_gui.ui.widgets.plain.layout import DimLabel, column_of


def about_port(port: SerialPortInfo) -> str:
    """What is known of a port beside its name: product, maker, USB serial number."""
    product = port.product or port.description
    maker = "" if port.manufacturer in product else port.manufacturer
    return " \N{MIDDLE DOT} ".join(part for part in (product, maker, port.serial_number) if part)


def lasting_path(port: SerialPortInfo) -> str:
    """How a LINK names it for ever: by its USB serial number if it has one of its own, else by its name of today."""
    return f"{USB}{port.usb}" if port.usb else port.device


def port_of(path: str, ports: Sequence[SerialPortInfo]) -> SerialPortInfo | None:
    """The port that the path of a serial LINK means, of those there are; None where it is not among them."""
    return next((port for port in ports if path == port.device or _is_usb(path, port)), None)


def _is_usb(path: str, port: SerialPortInfo) -> bool:
    # Systems differ in how they spell the same adapter's number.
    return bool(port.usb) and path.casefold() == lasting_path(port).casefold()


class AdapterLine(QWidget):
    """Shows nothing for a name that says all there is to say. `narrow`: for a panel at the side.

    Signals: `renamed(str)`, by the user: another path for the same port.
    """

    renamed = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, narrow: bool = False) -> None:
        super().__init__(parent)
        self._port: SerialPortInfo | None = None
        whole = self.tr("Find this adapter again wherever it is plugged in")
        self.lasting = Switch(self.tr("Find it again in any socket") if narrow else whole, self, on_click=self._clicked)
        self.lasting.setAccessibleName(whole)
        self.lasting.setObjectName("linkByUsb")
        set_tooltip(
            self.lasting, self.tr("The LINK then names its USB serial number, not a name that changes with the socket")
        )
        self.about = DimLabel(parent=self, object_name="linkAdapter", wrap=True)
        column_of(self.lasting, self.about, within=self, margins=0, spacing=0)

    def show_path(self, path: str, ports: Sequence[SerialPortInfo] | None) -> None:
        """Say what is known of the path of a serial LINK; `ports`: those there are, None while nobody knows."""
        path = path.strip()
        by_usb = path.startswith(USB)
        port = self._port = port_of(path, ports or ())
        self.lasting.setVisible(port is not None and bool(port.usb))
        self.lasting.setChecked(by_usb)
        if by_usb and port is not None:
            words = self.tr("Today it is {0}").format(port.device)
        elif by_usb and ports is not None:
            words = self.tr("No adapter with this number is plugged in now; the link opens when it is.")
        else:
            words = ""
        self.about.setText(words)
        self.about.setVisible(bool(words))

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show."""
        return self.lasting.isHidden() and self.about.isHidden()

    def _clicked(self, lasting: bool) -> None:
        if self._port is not None:
            self.renamed.emit(lasting_path(self._port) if lasting else self._port.device)
