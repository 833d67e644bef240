"""What both kinds of serial port do with an object of pyserial's: setting and opening it, waiting until it is empty."""

from __future__ import annotations

import threading
import time
from typing import Any, Final

from cmi_gui.engine.link.port import STALL_SECONDS, Port
from cmi_gui.engine.machine import Line

_DRAIN_SECONDS: Final = 0.002
"""How often to look whether the driver has passed everything on."""


def serial_settings(line: Line) -> dict[str, int | float | str]:
    """Return a line as `apply_settings` takes it."""
    return {"baudrate": line.baud, "bytesize": line.bits, "parity": line.parity, "stopbits": line.stop}


def open_serial(serial: Any, line: Line, *, rts: bool | None, dtr: bool | None) -> None:
    """Open a port at a speed and format; `rts` and `dtr` are held on or off from then on, None leaves them alone."""
    if rts is not None:
        serial.rts = rts
    if dtr is not None:
        serial.dtr = dtr
    serial.apply_settings(serial_settings(line))
    serial.open()


def wait_drained(port: Port, serial: Any, woken: threading.Event) -> None:
    """Wait until the driver has passed everything on, as far as it tells; `woken` ends it, `port.stalled` too."""
    give_up = time.monotonic() + STALL_SECONDS
    while getattr(serial, "out_waiting", 0) and not woken.is_set():
        if time.monotonic() > give_up:
            port.stalled()
        woken.wait(_DRAIN_SECONDS)
