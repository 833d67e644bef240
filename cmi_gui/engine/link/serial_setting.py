"""The common steps of both kinds of serial port on a pyserial object: set, open, and wait until it is drained."""

from __future__ import annotations

import threading
import time
from typing import Any, Final

from cmi_gui.engine.link.port import STALL_SECONDS, Port
from cmi_gui.engine.machine import Line

_DRAIN_SECONDS: Final = 0.002
"""The interval between two checks whether the driver has passed everything on."""


def serial_settings(line: Line) -> dict[str, int | float | str]:
    """Return line settings in the form that `apply_settings` takes."""
    return {"baudrate": line.baud, "bytesize": line.bits, "parity": line.parity, "stopbits": line.stop}


def open_serial(serial: Any, line: Line, *, rts: bool | None, dtr: bool | None) -> None:
    """Open a port with line settings; `rts` and `dtr` are held on or off from then on, None leaves them to pyserial."""
    if rts is not None:
        serial.rts = rts
    if dtr is not None:
        serial.dtr = dtr
    serial.apply_settings(serial_settings(line))
    serial.open()


def wait_drained(port: Port, serial: Any, woken: threading.Event) -> None:
    """Wait until the driver reports that it has passed everything on, or until `woken`.

    After `STALL_SECONDS` it calls `port.clear_stall`, which may raise LinkError.
    """
    give_up = time.perf_counter() + STALL_SECONDS
    while getattr(serial, "out_waiting", 0) and not woken.is_set():
        if time.perf_counter() > give_up:
            port.clear_stall()
        woken.wait(_DRAIN_SECONDS)
