"""The serial ports of this computer, as a person chooses among them."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["SerialPortInfo", "list_serial_ports"]


@dataclass(frozen=True, slots=True)
class SerialPortInfo:
    """One port: `device` is what a LINK calls it; the rest is empty where the system does not tell.

    `description`: what its driver says. `serial_number`: of the USB device, by which two alike are told apart.
    """

    device: str
    description: str = ""
    serial_number: str = ""


def list_serial_ports() -> list[SerialPortInfo]:
    """All ports there are now, those on USB first, each kind by its number. May take long; raises OSError."""
    from serial.tools.list_ports import comports

    found = sorted(comports(), key=lambda port: (port.vid is None, _natural(port.device)))
    return [SerialPortInfo(port.device, _told(port.description), _told(port.serial_number)) for port in found]


def _natural(name: str) -> list[tuple[bool, int, str]]:
    """So that COM10 stands behind COM9."""
    return [(part.isdigit(), int(part) if part.isdigit() else 0, part) for part in re.split(r"([0-9]+)", name)]


def _told(text: str | None) -> str:
    # pyserial's word for what it does not know.
    return "" if text is None or text == "n/a" else text.strip()
