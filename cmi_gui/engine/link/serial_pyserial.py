"""A serial port handled by pyserial alone: a port of Windows, or one named by a URL of pyserial."""

# ruff: noqa: D102 - `Port` has these docstrings.
from __future__ import annotations

import contextlib
import errno
import re
import socket
import threading
import warnings
from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from cmi_gui.engine.link.port import (
    CHUNK,
    POLL_SECONDS,
    STALL_SECONDS,
    USB_LAG_SECONDS,
    WIRE_MAX_PENDING,
    Port,
    PortItem,
)
from cmi_gui.engine.link.serial_errors import link_errors, opening_errors
from cmi_gui.engine.link.serial_setting import open_serial, serial_settings, wait_drained
from cmi_gui.engine.link.tcp import cannot_connect, connection_lost, no_host
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.machine import Line
from cmi_gui.engine.messages import Message

_SLICE_SECONDS: Final = 1.0
"""The longest time of one write on the wire: on Windows it blocks until all has left, and no abort interrupts it."""


class PyserialPort(Port):
    """An open port. `device`: COM3, or a URL of pyserial. `rts`, `dtr`: as for `SerialLink`. Raises LinkError.

    The handlers of URLs lack much of what a port of Windows has: `cancel_read`, `out_waiting`, a time-out of writing.
    What is missing is not used here, and a read then ends by its own time-out.
    """

    timed = True
    max_pending = WIRE_MAX_PENDING
    start_lag = USB_LAG_SECONDS

    def __init__(self, device: str, line: Line, *, rts: bool | None, dtr: bool | None) -> None:
        self._device = device
        self._line = line
        self._woken = threading.Event()
        with _opening_errors(device, line):
            self._serial = _make(device)
            open_serial(self._serial, line, rts=rts, dtr=dtr)

    @property
    def url(self) -> str:
        return f"serial:{self._device}"

    def read(self) -> Sequence[PortItem]:
        if self._woken.is_set():
            return ()
        with self._link_errors():
            data: bytes = self._serial.read(1)
            # The handler of a socket reports 1 for any number of waiting bytes.
            while data and len(data) < CHUNK and (waiting := self._serial.in_waiting):
                data += self._serial.read(min(waiting, CHUNK - len(data)))
        return (data,) if data else ()

    def write(self, data: bytes) -> int:
        import serial

        data = data[: max(1, int(_SLICE_SECONDS / self._line.char_time))]
        with self._link_errors():
            try:
                return self._serial.write(data) or 0
            except serial.SerialTimeoutException:
                # How many bytes have left is not known, so the write cannot be continued.
                self.clear_stall()
                return 0

    def set_line(self, line: Line) -> None:
        with self._link_errors():
            self._serial.apply_settings(serial_settings(line))
        self._line = line

    def set_break(self, on: bool) -> None:
        with self._link_errors():
            self._serial.break_condition = on

    def drain(self) -> None:
        with self._link_errors():
            # pyserial's flush polls every 50 ms, half a reply window, and never ends if the output stalls.
            wait_drained(self, self._serial, self._woken)

    def discard_output(self) -> None:
        with self._link_errors():
            self._serial.reset_output_buffer()

    def wake(self) -> None:
        self._woken.set()
        for cancel in ("cancel_read", "cancel_write"):
            with contextlib.suppress(Exception):
                getattr(self._serial, cancel)()
        connection = getattr(self._serial, "_socket", None)
        if isinstance(connection, socket.socket):
            # Only this ends a write whose bytes the other side does not read.
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with contextlib.suppress(Exception):
            self._serial.close()

    @contextlib.contextmanager
    def _link_errors(self) -> Iterator[None]:
        try:
            with link_errors(self._device, self._line):
                yield
        except LinkError as error:
            if error.code == "unplugged" and "://" in self._device:
                raise connection_lost(self._device) from error
            raise


def _make(device: str) -> Any:
    """Make the port of pyserial that `device` names, closed. Raises LinkError (`bad_link`) or what pyserial raises."""
    import serial

    if device.lower().startswith("rfc2217://"):
        return _make_rfc2217(device)
    try:
        port = serial.serial_for_url(device, do_not_open=True, timeout=POLL_SECONDS)
    except (ValueError, re.error) as error:  # no handler of this name, or one (hwgrep) that rejects the rest
        raise LinkError("bad_link", Message("{0}: pyserial does not support this kind of port.", (device,))) from error
    port.write_timeout = STALL_SECONDS
    return port


def _make_rfc2217(device: str) -> Any:
    import serial.rfc2217

    class Rfc2217(serial.rfc2217.Serial):
        """A port whose `close` neither sleeps 0.3 s nor leaves the socket open when the other side closed first."""

        def close(self) -> None:
            self.is_open = False
            connection: socket.socket | None = self.__dict__["_socket"]
            thread: threading.Thread | None = self.__dict__["_thread"]
            if connection is not None:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
                if thread is not None:
                    thread.join(STALL_SECONDS)
                connection.close()
            self._socket = self._thread = None

        def cancel_write(self) -> None:
            """End the wait, of up to 3 s, for the other side's confirmation of a parameter."""
            for option in (self.__dict__["_rfc2217_options"] or {}).values():
                option.state = serial.rfc2217.ACTIVE

    # pyserial names its thread with a method that Python has deprecated.
    warnings.filterwarnings("ignore", category=DeprecationWarning, module=r"serial\.rfc2217")
    # Its constructor raises an exception for a time-out of writing.
    port = Rfc2217(timeout=POLL_SECONDS)
    port.port = device
    return port


@contextlib.contextmanager
def _opening_errors(device: str, line: Line) -> Iterator[None]:
    try:
        with opening_errors(device, line):
            yield
    except LinkError as error:
        is_final = error.code == "bad_link" or "://" not in device
        raise (error if is_final else _network_error(device, line, error)) from error.__cause__


def _network_error(device: str, line: Line, error: LinkError) -> LinkError:
    """Return the error for what a socket raised: pyserial keeps only its text, but the exception is in the context."""
    cause: BaseException | None = error.__cause__
    text = str(cause)
    while cause is not None:
        if isinstance(cause, socket.gaierror):
            return no_host(urlsplit(device).hostname or device)
        if isinstance(cause, TimeoutError):
            return cannot_connect(device, errno.ETIMEDOUT)
        if isinstance(cause, ConnectionError) or (
            isinstance(cause, OSError) and cause.errno and not _is_pyserial(cause)
        ):
            return cannot_connect(device, cause.errno or 0)
        if isinstance(cause, TypeError | ValueError):  # raised where the URL is parsed
            message = Message("{0} is not a valid pyserial URL, such as rfc2217://HOST:PORT.", (device,))
            return LinkError("bad_link", message)
        cause = cause.__context__
    if "RFC2217 or BINARY" in text:
        message = Message("{0} does not support RFC 2217; for plain TCP, use tcp://HOST:PORT.", (device,))
        return LinkError("not_rfc2217", message)
    if "parameter change" in text:
        message = Message("{0} did not accept {1}; the port behind it may not support it.", (device, str(line)))
        return LinkError("bad_line", message)
    return error


def _is_pyserial(error: BaseException) -> bool:
    return type(error).__module__.startswith("serial.")
