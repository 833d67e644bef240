"""A serial port as a link; pyserial is imported only when a port is opened."""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING, Final, Literal

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.link.kind import ANSWERS, BAUD_OR_AUTO, BITS, DTR, ECHO, FRAMING, PARITY, RTS, STOP, LinkKind, Role
from cmi_gui.engine.link.port import Port
from cmi_gui.engine.link.serial_errors import no_lines
from cmi_gui.engine.link.serial_ports import find_usb_port, list_serial_ports
from cmi_gui.engine.link.serial_pyserial import PyserialPort
from cmi_gui.engine.link.soft_parity import SoftParityPort, carrier
from cmi_gui.engine.link.tcp import TCP, TcpClientLink
from cmi_gui.engine.link.threaded import BACK_OFF_SECONDS, ThreadedLink
from cmi_gui.engine.link_protocol import Cap, Link, LinkError
from cmi_gui.engine.machine import Line
from cmi_gui.engine.messages import Message

if TYPE_CHECKING:
    from cmi_gui.engine.link.url import LinkSpec

if sys.platform != "win32":
    from cmi_gui.engine.link.serial_posix import PosixPort, is_pty


USB: Final = "usb="
"""The beginning of a device that names an adapter by its USB serial number."""

REPORT_DELAY_SECONDS: Final = 0.016
"""The delay with which an adapter may deliver a byte (FTDI's latency timer; AN232B-04). The window of an answer counts
from the byte on the wire, so on this computer's clock it ends earlier by this."""

_CAPS: Final = frozenset({Cap.BAUD, Cap.PARITY, Cap.BREAK_TX})
_WATCH_FILE_SECONDS: Final = 0.25
_WATCH_LIST_SECONDS: Final = 1.0
"""The longer interval where `find_device` lists the ports, which is slow, most of all on Windows."""


class SerialLink(ThreadedLink):
    """A serial port, opened exclusively, and reopened automatically after it was unplugged.

    `device` is a name of the system, a URL of pyserial, or `usb=` with the USB serial number of an adapter, which is
    looked up at every opening; `url` then has its present name. `rts`, `dtr`: held on or off; None leaves them to
    pyserial, which asserts both.

    `framing`: `software` makes seven bits and parity out of eight bits, `port` never does. None does so on every port
    of this computer: on the wire it is the same, and some chips (older CH340) accept the setting 7E1 but stay at 8N1
    without an error. URLs get it if they refuse seven bits; a pseudo-terminal carries plain characters. `paced`: see
    `ThreadedLink`; for a pseudo-terminal, which takes all at once.

    Breaks and damaged characters are reported where Linux reports them (`Cap.BREAK_RX` and `LINE_ERRORS` once open).
    """

    def __init__(
        self,
        clock: Clock,
        device: str,
        line: Line,
        *,
        rts: bool | None = None,
        dtr: bool | None = None,
        framing: Literal["port", "software"] | None = None,
        paced: bool = False,
        back_off: tuple[float, ...] = BACK_OFF_SECONDS,
    ) -> None:
        self._device = device
        self._rts = rts
        self._dtr = dtr
        self._framing = framing
        self._usb_number = device.removeprefix(USB) if device.startswith(USB) else None
        super().__init__(
            clock,
            f"serial:{device}",
            line,
            caps=_CAPS,
            paced=paced,
            back_off=back_off,
            software_framing=framing == "software",
        )
        if "://" not in device:
            listed = sys.platform == "win32" or self._usb_number is not None
            self.watch_seconds = _WATCH_LIST_SECONDS if listed else _WATCH_FILE_SECONDS

    def send(self, token: int, data: bytes, not_before: float, not_after: float) -> None:
        """Queue bytes; see `Link`. `not_after` is made earlier by `REPORT_DELAY_SECONDS`."""
        super().send(token, data, not_before, not_after - REPORT_DELAY_SECONDS)

    def open_port(self, line: Line, stopping: threading.Event) -> Port:
        """Open the device. Raises LinkError or OSError; see `ThreadedLink`."""
        device = self._present_device()
        if self._framing is not None or line.bits != 7:
            return self._open(device, line)
        refused: LinkError | None = None
        if _is_plain(device):
            try:
                return self._open(device, line)
            except LinkError as error:
                if error.code != "bad_line":
                    raise
                refused = error
        try:
            return SoftParityPort(self._open(device, carrier(line)), line)
        except LinkError as error:
            # The error must name the requested line settings.
            raise (refused if refused and error.code == "bad_line" else error) from error

    def _present_device(self) -> str:
        return self._device if self._usb_number is None else find_usb_port(self._usb_number).device

    def _open(self, device: str, line: Line) -> Port:
        if sys.platform != "win32" and "://" not in device:
            return PosixPort(device, line, rts=self._rts, dtr=self._dtr)
        return PyserialPort(device, line, rts=self._rts, dtr=self._dtr)

    def find_device(self) -> object:
        """Return what identifies the port that can be opened now, or None; see `ThreadedLink`."""
        try:
            device = self._present_device()
            if sys.platform == "win32":
                wanted = device.removeprefix("\\\\.\\").upper()
                return next((port.device for port in list_serial_ports() if port.device.upper() == wanted), None)
            # A node appears before udev has set its group; until then this user cannot open it.
            if not os.access(device, os.R_OK | os.W_OK):
                return None
            node = os.stat(device)
        except (LinkError, OSError):
            return None
        # An adapter plugged in again between two checks is another node of the same name.
        return device, node.st_dev, node.st_ino, node.st_rdev, node.st_ctime_ns


def _is_plain(device: str) -> bool:
    """Return whether no parity bit is needed: remote ports make it themselves, pseudo-terminals have no wire."""
    return "://" in device or (sys.platform != "win32" and is_pty(device))


def _read(kind: LinkKind, text: str, location: str) -> dict[str, str]:
    if not location:
        raise kind.error(text, Message("the device is missing"))
    if location == USB:
        raise kind.error(text, Message("the USB serial number is missing; `cmi-gui ports` lists the available ones"))
    return {"path": location}


def _make(spec: LinkSpec, clock: Clock, role: Role, line: Line) -> Link:
    if spec.path.lower().startswith("socket://"):
        return _make_socket(spec, clock, line)
    return SerialLink(clock, spec.path, line, rts=spec.rts, dtr=spec.dtr, framing=spec.framing)


def _make_socket(spec: LinkSpec, clock: Clock, line: Line) -> Link:
    """Make a TCP link: pyserial's own client of bare TCP cannot be woken, and delivers its bytes one by one."""
    software = spec.framing == "software"
    if spec.rts is not None or spec.dtr is not None:
        raise no_lines(spec.path)
    formed = spec.bits is not None or spec.parity is not None or spec.stop is not None
    if spec.finds_speed or (formed and not software):
        cause = Message("the other end sets speed and format; leave out baud=auto, bits=, parity= and stop=")
        raise SERIAL.error(str(spec), cause)
    address = TCP.address(str(spec), spec.path.partition(":")[2])
    return TcpClientLink(clock, line=line, baud=spec.baud, software_framing=software, **address)


SERIAL: Final = LinkKind(
    "serial",
    "serial:DEVICE, for example serial:/dev/ttyUSB0?baud=2400 or serial:COM3",
    (BAUD_OR_AUTO, PARITY, BITS, STOP, RTS, DTR, ECHO, FRAMING, *ANSWERS),
    _read,
    _make,
    real_wire=True,
    echo="auto",
    reopens=frozenset({"listen", "connect"}),
)
