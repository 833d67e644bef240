"""The window's words for what a listener has received. Pure functions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from cmi_gui.engine.station.listening import ListenerLink, ObservedSlave
from cmi_gui.ui.text.messages import translate
from cmi_gui.ui.text.words import clock_text

MAX_SLAVES = 5
"""The number of slaves listed here; the page Traffic lists all in its view of the latest."""


def listener_lines(port: ListenerLink, local: Callable[[float], datetime]) -> list[str]:
    """Return a line per slave that has answered, or the last readout; `local` converts an engine time to wall time."""
    if port.status.side == "meter":
        return _readout(port, local)
    slaves = sorted(port.slaves.values(), key=lambda slave: (slave.address, slave.at))
    lines = [_slave(slave) for slave in slaves[:MAX_SLAVES]]
    if len(slaves) > MAX_SLAVES:
        lines.append(translate("Listener", "and {0} more slaves").format(len(slaves) - MAX_SLAVES))
    return lines or [translate("Listener", "No slave has answered yet")]


def _slave(slave: ObservedSlave) -> str:
    header = slave.header
    if header is None or header.id is None:
        return translate("Listener", "Address {0}; answers: {1}").format(slave.address, slave.answers)
    name = " ".join(part for part in (header.id, header.manufacturer) if part)
    return translate("Listener", "Address {0}: {1}; answers: {2}").format(slave.address, name, slave.answers)


def _readout(port: ListenerLink, local: Callable[[float], datetime]) -> list[str]:
    readout = port.readout
    if readout is None:
        return [translate("Listener", "No complete readout yet")]
    at = clock_text(local(readout.at))
    if readout.identification is None:
        return [translate("Listener", "A readout of {0} lines at {1}").format(len(readout.lines), at)]
    words = translate("Listener", "{0}: {1} lines at {2}")
    return [words.format(readout.identification, len(readout.lines), at)]
