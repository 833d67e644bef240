"""The line under a serial port: its adapter's present name, and a switch to find it again under another name."""

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
    """Return what is known of a port besides its name: product, maker, USB serial number."""
    product = port.product or port.description
    maker = "" if port.manufacturer in product else port.manufacturer
    return " \N{MIDDLE DOT} ".join(part for part in (product, maker, port.serial_number) if part)


def lasting_path(port: SerialPortInfo) -> str:
    """Return a port's lasting path in a LINK: its USB serial number if that is unique, else its present name."""
    return f"{USB}{port.usb}" if port.usb else port.device


def port_of(path: str, ports: Sequence[SerialPortInfo]) -> SerialPortInfo | None:
    """Return the port among `ports` that the path of a serial LINK names; None if there is none."""
    return next((port for port in ports if path == port.device or _is_usb(path, port)), None)


def _is_usb(path: str, port: SerialPortInfo) -> bool:
    # Systems write the same adapter's number with different case.
    return bool(port.usb) and path.casefold() == lasting_path(port).casefold()


class AdapterLine(QWidget):
    """A switch and a sentence about the adapter of a serial port.

    Signals: `renamed(str)`: the user chose another path for the same port.
    """

    renamed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._port: SerialPortInfo | None = None
        self.lasting = Switch(
            self.tr("Find adapter in any USB socket"), self, object_name="linkByUsb", on_click=self._clicked
        )
        set_tooltip(
            self.lasting,
            self.tr(
                "The LINK then contains its USB serial number instead of a device name, which depends on the socket"
            ),
        )
        self.about = DimLabel(parent=self, object_name="linkAdapter", wrap=True)
        column_of(self.lasting, self.about, within=self, margins=0, spacing=0)

    def show_path(self, path: str, ports: Sequence[SerialPortInfo] | None) -> None:
        """Show what is known of the path of a serial LINK; `ports`: the existing ones, None while unknown."""
        path = path.strip()
        by_usb = path.startswith(USB)
        port = self._port = port_of(path, ports or ())
        self.lasting.setVisible(port is not None and bool(port.usb))
        self.lasting.setChecked(by_usb)
        if by_usb and port is not None:
            words = self.tr("Currently {0}").format(port.device)
        elif by_usb and ports is not None:
            words = self.tr("No adapter with this number is plugged in. The link opens when it is plugged in.")
        else:
            words = ""
        self.about.setText(words)
        self.about.setVisible(bool(words))

    @property
    def empty(self) -> bool:
        """True if there is nothing to show."""
        return self.lasting.isHidden() and self.about.isHidden()

    def _clicked(self, lasting: bool) -> None:
        if self._port is not None:
            self.renamed.emit(lasting_path(self._port) if lasting else self._port.device)
