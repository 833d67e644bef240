"""A serial port as a link, by pyserial, which is imported only when a port is opened."""

from __future__ import annotations

import errno
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.link.base import Cap, LinkError
from cmi_gui.engine.link.port import POLL_SECONDS, Heard, Port
from cmi_gui.engine.link.threaded import BACK_OFF_SECONDS, STALL_SECONDS, ThreadedLink
from cmi_gui.engine.machine import Line

__all__ = ["SerialLink"]

_CAPS: Final = frozenset({Cap.BAUD, Cap.PARITY, Cap.BREAK_TX})


class SerialLink(ThreadedLink):
    """A serial port. It is opened for this program alone, and again by itself after it was unplugged.

    Received breaks, framing and parity errors are not reported: pyserial cannot tell them.
    """

    def __init__(
        self, clock: Clock, device: str, line: Line, *, back_off: tuple[float, ...] = BACK_OFF_SECONDS
    ) -> None:
        self._device = device
        super().__init__(clock, f"serial:{device}", line, caps=_CAPS, back_off=back_off)

    def open_port(self, line: Line, stopping: threading.Event) -> Port:
        """Open the device; see `ThreadedLink`."""
        return _SerialPort(self._device, line)


class _SerialPort(Port):
    timed = True

    def __init__(self, device: str, line: Line) -> None:
        import serial

        self._device = device
        # A pseudo-terminal (socat's, or our own) keeps no parity, and asking for one fails with EINVAL unless
        # something else changes in the same call.
        self._is_pty = os.path.realpath(device).startswith("/dev/pts/")
        with _in_words(device, opening=True):
            self._serial = serial.serial_for_url(device, do_not_open=True, timeout=POLL_SECONDS)
            self._serial.write_timeout = STALL_SECONDS
            self._serial.apply_settings(self._settings(line))
            if sys.platform != "win32":
                self._serial.exclusive = True
            self._serial.open()

    @property
    def url(self) -> str:
        return f"serial:{self._device}"

    def read(self) -> Sequence[Heard]:
        with _in_words(self._device):
            data: bytes = self._serial.read(max(1, self._serial.in_waiting))
        return (data,) if data else ()

    def write(self, data: bytes) -> int:
        with _in_words(self._device):
            return self._serial.write(data) or 0

    def set_line(self, line: Line) -> None:
        with _in_words(self._device):
            self._serial.apply_settings(self._settings(line))

    def set_break(self, on: bool) -> None:
        with _in_words(self._device):
            self._serial.break_condition = on

    def drain(self) -> None:
        with _in_words(self._device):
            self._serial.flush()

    def discard_output(self) -> None:
        with _in_words(self._device):
            self._serial.reset_output_buffer()

    def wake(self) -> None:
        self._serial.cancel_read()
        self._serial.cancel_write()

    def close(self) -> None:
        self._serial.close()

    def _settings(self, line: Line) -> dict[str, int | float | str]:
        bits, parity = (8, "N") if self._is_pty else (line.bits, line.parity)
        return {"baudrate": line.baud, "bytesize": bits, "parity": parity, "stopbits": line.stop}


@contextmanager
def _in_words(device: str, *, opening: bool = False) -> Iterator[None]:
    """Turn what pyserial and the system raise into a LinkError."""
    try:
        yield
    except OSError as error:  # SerialException is one
        raise (_cannot_open(device, error) if opening else _lost(device)) from error
    except ValueError as error:
        raise LinkError("bad_line", f"{device} cannot do this: {error}.") from error
    except Exception as error:
        # termios.error is no OSError, and pyserial lets it through.
        if type(error).__module__ != "termios":
            raise
        raise (_not_serial(device) if opening else _lost(device)) from error


def _lost(device: str) -> LinkError:
    return LinkError("unplugged", f"{device} does not work any more; is it still plugged in?")


def _not_serial(device: str) -> LinkError:
    return LinkError("not_serial", f"{device} is no serial port, or cannot do this speed and format.")


def _cannot_open(device: str, error: OSError) -> LinkError:
    text = str(error)
    # On Windows pyserial gives no number, only the text of the system's error.
    if error.errno in (errno.ENOENT, errno.ENODEV, errno.ENXIO) or "FileNotFoundError" in text:
        return LinkError("no_port", f"There is no serial port {device}; {_existing_ports()}.")
    if error.errno in (errno.EBUSY, errno.EAGAIN) or (sys.platform == "win32" and "PermissionError" in text):
        return LinkError("busy", f"{device} is in use by another program; close that one.")
    if error.errno in (errno.EACCES, errno.EPERM):
        return LinkError("not_allowed", f"This user may not use {device}; {_way_in(device)}.")
    if error.errno in (errno.ENOTTY, errno.EINVAL, errno.EISDIR) or "configure port" in text:
        return _not_serial(device)
    return LinkError("io", f"Cannot open {device}: {error.strerror or text}.")


def _existing_ports() -> str:
    from serial.tools.list_ports import comports

    names = sorted(port.device for port in comports())
    return f"this computer has {', '.join(names)}" if names else "this computer has none at the moment; plug one in"


def _way_in(device: str) -> str:
    if sys.platform == "win32":
        return "ask the computer's administrator"
    import grp

    try:
        group = grp.getgrgid(os.stat(device).st_gid).gr_name
    except (OSError, KeyError):
        return "ask the computer's administrator"
    return f"it belongs to the group {group}: run `sudo usermod -aG {group} $USER` and log in again"
