"""`cmi-gui ports`: list the serial ports of this computer, each with its LINK."""

from __future__ import annotations

import os
import sys

from cmi_gui.commands.output import NO_ANSWER, emit, emit_json, fail
from cmi_gui.engine.link.serial_errors import access_advice
from cmi_gui.engine.link.serial_ports import SerialPortInfo, list_serial_ports
from cmi_gui.engine.link.url import LinkSpec
from cmi_gui.engine.mbus.render import Json

_ADAPTER = ("description", "manufacturer", "product", "serial_number", "vid", "pid", "location")
"""Attributes of `SerialPortInfo` that the JSON document has unchanged."""


def ports(*, json: bool) -> None:
    """List the serial ports; it is not a failure if there are none."""
    try:
        found = list_serial_ports()
    except OSError as error:
        fail(f"cannot list the serial ports: {error.strerror or error}", NO_ANSWER, code="io", json=json)
    if json:
        emit_json({"ports": [_document(port) for port in found]})
    elif not found:
        emit("No serial ports found. Plug in an adapter and run the command again.")
    else:
        emit("\n".join(_text(port) for port in found))


def _link(port: SerialPortInfo) -> str:
    """Return a LINK that always finds the same adapter, or else one with the present name of the port."""
    return str(LinkSpec("serial", path=f"usb={port.usb}" if port.usb else port.device))


def _may_use(port: SerialPortInfo) -> bool | None:
    """Return whether this user may open the port; None if only opening it would show that."""
    if sys.platform == "win32":
        return None
    return os.access(port.device, os.R_OK | os.W_OK)


def _text(port: SerialPortInfo) -> str:
    adapter = " ".join(dict.fromkeys(word for word in (port.manufacturer, port.product) if word))
    about = [
        ("name", port.description if port.description not in ("", adapter) else ""),
        ("adapter", adapter),
        ("USB number", port.serial_number),
        ("LINK", _link(port)),
        ("", "" if port.usb else "(may change when the adapter is plugged in again)" if port.vid else ""),
        ("access", f"this user may not use it; {access_advice(port.device)}" if _may_use(port) is False else ""),
    ]
    lines = [f"  {f'{name}:' if name else '':<12}{text}" for name, text in about if text]
    return "\n".join([port.device, *lines])


def _document(port: SerialPortInfo) -> dict[str, Json]:
    allowed = _may_use(port)
    return {
        "device": port.device,
        "link": _link(port),
        "for_ever": bool(port.usb),
        **{name: getattr(port, name) for name in _ADAPTER},
        "allowed": allowed,
        "hint": str(access_advice(port.device)) if allowed is False else None,
    }
