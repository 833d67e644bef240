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


_LOOKS: Final = 3
_LOOK_AGAIN_SECONDS: Final = 0.02


@dataclass(frozen=True, slots=True)
class SerialPortInfo:
    """One serial port: `device` is its present name in a LINK; the rest is empty where the system does not know it.

    `description`: the text of its driver. `serial_number`, `manufacturer`, `product`: as its USB adapter reports them;
    `vid`, `pid`: the USB vendor and product numbers (0 to 65535, None without USB). `location`: the USB socket, and
    after a colon the interface of an adapter that has several. `usb`: the text after `usb=` in a LINK that always
    names this port, or empty where it has no serial number or shares it.
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
    """Return the ports that pyserial lists; try again where it fails because an adapter is just being unplugged.

    Raises OSError (ENODEV) when every attempt fails.
    """
    from serial.tools.list_ports import comports

    for look in range(_LOOKS):
        if look:
            time.sleep(_LOOK_AGAIN_SECONDS)
        # pyserial fails to convert a number that the system no longer gives.
        with contextlib.suppress(TypeError, ValueError):
            return list(comports())
    raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))


def list_serial_ports() -> list[SerialPortInfo]:
    """Return all present ports, those on USB first, each group in natural order. May take long; raises OSError."""
    told = ("description", "serial_number", "manufacturer", "product", "location")
    found = [
        SerialPortInfo(port.device, vid=port.vid, pid=port.pid, **{name: _told(getattr(port, name)) for name in told})
        for port in system_ports()
    ]
    return _named_for_ever(sorted(found, key=lambda port: (port.vid is None, _natural(port.device))))


def find_usb_port(number: str) -> SerialPortInfo:
    """Return the port of the adapter with this USB serial number; `NUMBER/I` means its interface I, counted from 0.

    Case is ignored: systems spell the number of the same adapter differently. Raises LinkError: `no_port` where no such
    adapter is plugged in, `which_port` where several ports share the number; and OSError.
    """
    ports = list_serial_ports()
    matching = [port for port in ports if port.serial_number and port.serial_number.casefold() == number.casefold()]
    if len(matching) == 1:
        return matching[0]
    if matching:
        raise LinkError("which_port", _which(number, matching))
    for port in ports:
        if port.usb and port.usb.casefold() == number.casefold():
            return port
    # The system may at the moment show only one of an adapter's several interfaces.
    whole, slash, interface = number.rpartition("/")
    for port in ports if slash else ():
        if port.serial_number.casefold() == whole.casefold() and str(_interface(port)) == interface:
            return port
    numbers = ", ".join(sorted({port.usb or port.serial_number for port in ports if port.serial_number}))
    there = (
        Message("those there are: {0}", (numbers,)) if numbers else Message("there is none with a number at the moment")
    )
    raise LinkError("no_port", Message("No serial port has the USB serial number {0}; {1}.", (number, there)))


def _named_for_ever(ports: list[SerialPortInfo]) -> list[SerialPortInfo]:
    """Return the ports with `usb` filled in."""
    # The system may number the interface of a single port too; it is part of the name only where there are several.
    counts = Counter(port.serial_number.casefold() for port in ports)
    names = []
    for port in ports:
        number, name = port.serial_number, port.serial_number
        if counts[number.casefold()] > 1:
            interface = _interface(port)
            name = "" if interface is None else f"{number}/{interface}"
        # A number that the grammar of a LINK would misread cannot be used.
        names.append(name if name.isprintable() and "?" not in name and name == name.strip() else "")
    shared = Counter(name.casefold() for name in names)
    return [
        replace(port, usb=name if shared[name.casefold()] == 1 else "") for port, name in zip(ports, names, strict=True)
    ]


def _interface(port: SerialPortInfo) -> int | None:
    """Return the interface number, the last number of a location such as 1-2:1.3, or None."""
    match = re.search(r":[^:]*\.([0-9]+)$", port.location)
    return None if match is None else int(match[1])


def _which(number: str, ports: list[SerialPortInfo]) -> Message:
    if all(port.usb for port in ports):
        choices = ", ".join(f"usb={port.usb} ({port.device})" for port in ports)
        return Message(
            "The adapter with the USB serial number {0} has several ports; name one of {1}.", (number, choices)
        )
    choices = ", ".join(port.device for port in ports)
    template = marked("More than one adapter has the USB serial number {0}; name one of the ports {1} itself.")
    return Message(template, (number, choices))


def _natural(name: str) -> list[tuple[bool, int, str]]:
    """Return a sort key that puts COM10 after COM9."""
    return [(part.isdigit(), int(part) if part.isdigit() else 0, part) for part in re.split(r"([0-9]+)", name)]


def _told(text: str | None) -> str:
    # pyserial has "n/a" for what it does not know.
    return "" if text is None or text == "n/a" else text.strip()
