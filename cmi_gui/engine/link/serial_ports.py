"""The serial ports of this computer: their list, and the look-up by the serial number of a USB adapter."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import time
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.messages import Message, marked

if TYPE_CHECKING:
    from serial.tools.list_ports_common import ListPortInfo


_LIST_ATTEMPTS: Final = 3
_LIST_RETRY_SECONDS: Final = 0.02


@dataclass(frozen=True, slots=True)
class SerialPortInfo:
    """One serial port: `device` is its present name in a LINK; the rest is empty if the system does not know it.

    `description`: the text of its driver. `serial_number`, `manufacturer`, `product`: as its USB adapter reports them;
    `vid`, `pid`: the USB vendor and product numbers (0 to 65535, None without USB). `location`: the USB socket, and
    after a colon the interface of an adapter that has several. `usb`: the text after `usb=` in a LINK that always names
    this port, or empty if it has no serial number or shares it.
    """

    device: str
    description: str = ""
    serial_number: str = ""
    usb: str = ""
    manufacturer: str = ""
    product: str = ""
    vid: int | None = None
    pid: int | None = None
    location: str = ""


def system_ports() -> list[ListPortInfo]:
    """Return the ports that pyserial lists; try again if it fails because an adapter is being unplugged.

    Raises OSError (ENODEV) if every attempt fails.
    """
    from serial.tools.list_ports import comports

    for attempt in range(_LIST_ATTEMPTS):
        if attempt:
            time.sleep(_LIST_RETRY_SECONDS)
        # pyserial fails when it converts a number that the system no longer provides.
        with contextlib.suppress(TypeError, ValueError):
            return list(comports())
    raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))


def list_serial_ports() -> list[SerialPortInfo]:
    """Return all present ports, those on USB first, each group in natural order. May take long; raises OSError."""
    names = ("description", "serial_number", "manufacturer", "product", "location")
    found = [
        SerialPortInfo(
            port.device, vid=port.vid, pid=port.pid, **{name: _known_text(getattr(port, name)) for name in names}
        )
        for port in system_ports()
    ]
    return _with_usb_names(sorted(found, key=lambda port: (port.vid is None, _natural(port.device))))


def find_usb_port(number: str) -> SerialPortInfo:
    """Return the port of the adapter with this USB serial number; `NUMBER/I` means its interface I, counted from 0.

    Case is ignored: systems spell the number of the same adapter differently. Raises LinkError: `no_port` if no such
    adapter is plugged in, `which_port` if several ports share the number; and OSError.
    """
    ports = list_serial_ports()
    matching = [port for port in ports if port.serial_number and port.serial_number.casefold() == number.casefold()]
    if len(matching) == 1:
        return matching[0]
    if matching:
        raise LinkError("which_port", _ambiguous(number, matching))
    for port in ports:
        if port.usb and port.usb.casefold() == number.casefold():
            return port
    # The system may at the moment show only one of an adapter's several interfaces.
    adapter, slash, interface = number.rpartition("/")
    for port in ports if slash else ():
        if port.serial_number.casefold() == adapter.casefold() and str(_interface(port)) == interface:
            return port
    numbers = ", ".join(sorted({port.usb or port.serial_number for port in ports if port.serial_number}))
    existing = Message("available: {0}", (numbers,)) if numbers else Message("no connected port has one")
    raise LinkError("no_port", Message("No serial port has the USB serial number {0}; {1}.", (number, existing)))


def _with_usb_names(ports: list[SerialPortInfo]) -> list[SerialPortInfo]:
    """Return the ports with `usb` filled in if the number is unique."""
    # The system may number the interface of a single port too; it is part of the name only where there are several.
    counts = Counter(port.serial_number.casefold() for port in ports)
    names = []
    for port in ports:
        number, name = port.serial_number, port.serial_number
        if counts[number.casefold()] > 1:
            interface = _interface(port)
            name = "" if interface is None else f"{number}/{interface}"
        # A number that a LINK cannot contain cannot be used.
        names.append(name if name.isprintable() and "?" not in name and name == name.strip() else "")
    shared = Counter(name.casefold() for name in names)
    return [
        replace(port, usb=name if shared[name.casefold()] == 1 else "") for port, name in zip(ports, names, strict=True)
    ]


def _interface(port: SerialPortInfo) -> int | None:
    """Return the interface number, the last number of a location such as 1-2:1.3, or None."""
    match = re.search(r":[^:]*\.([0-9]+)$", port.location)
    return None if match is None else int(match[1])


def _ambiguous(number: str, ports: list[SerialPortInfo]) -> Message:
    if all(port.usb for port in ports):
        choices = ", ".join(f"usb={port.usb} ({port.device})" for port in ports)
        return Message(
            "The adapter with the USB serial number {0} has several ports; choose one of {1}.", (number, choices)
        )
    choices = ", ".join(port.device for port in ports)
    template = marked("More than one adapter has the USB serial number {0}; give the name of the port instead: {1}.")
    return Message(template, (number, choices))


def _natural(name: str) -> list[tuple[bool, int, str]]:
    """Return a sort key that puts COM10 after COM9."""
    return [(part.isdigit(), int(part) if part.isdigit() else 0, part) for part in re.split(r"([0-9]+)", name)]


def _known_text(text: str | None) -> str:
    # pyserial has "n/a" for an unknown text.
    return "" if text is None or text == "n/a" else text.strip()
