"""A serial port of Linux or macOS: pyserial opens and sets it, reading and writing is done here.

pyserial's own `write` spins when it must not block, its `cancel_read` works only once, and it switches off PARMRK, by
which Linux reports breaks and damaged characters. The use of PARMRK has not been tested on a real UART: on a
pseudo-terminal only the doubled FF shows.
"""

# ruff: noqa: D102 - `Port` has these docstrings.
from __future__ import annotations

import contextlib
import os
import selectors
import sys
from collections.abc import Sequence
from dataclasses import replace

from cmi_gui.engine.link.line_marks import MarkDecoder
from cmi_gui.engine.link.port import CHUNK, POLL_SECONDS, USB_LAG_SECONDS, WIRE_MAX_PENDING, PortItem, SelectingPort
from cmi_gui.engine.link.serial_errors import cannot_do, link_errors, no_lines, opening_errors, unplugged
from cmi_gui.engine.link.serial_holder import busy, locked_by, set_exclusive
from cmi_gui.engine.link.serial_setting import open_serial, serial_settings, wait_drained
from cmi_gui.engine.machine import Line, LineEvent
from cmi_gui.engine.messages import Message


def is_pty(device: str) -> bool:
    """Return whether a device is a pseudo-terminal (socat's, a test's, our own), which clocks no bits.

    It stores no parity: setting one fails with EINVAL unless something else changes in the same call. The program at
    its other end reads and writes plain characters, so no parity is made in software either.
    """
    return os.path.realpath(device).startswith("/dev/pts/")


if sys.platform != "win32":
    import fcntl
    import termios

    class PosixPort(SelectingPort):
        """An open serial port. `rts`, `dtr`: held on or off; None leaves them to pyserial, which asserts both.

        The kernel asserts both for a moment in `open` itself, which cannot be prevented. Raises LinkError.
        """

        timed = True
        max_pending = WIRE_MAX_PENDING

        def __init__(self, device: str, line: Line, *, rts: bool | None, dtr: bool | None) -> None:
            import serial

            self._device = device
            self._line = line
            self._is_pty = is_pty(device)
            self.start_lag = 0.0 if self._is_pty else USB_LAG_SECONDS
            if (process := locked_by(device)) is not None:
                raise busy(device, process)
            self._serial = serial.Serial()
            self._serial.port = device
            self._serial.exclusive = True
            with opening_errors(device, line):
                open_serial(self._serial, self._device_line(line), rts=rts, dtr=dtr)
            self._fd = self._serial.fileno()
            super().__init__(f"serial:{device}")
            try:
                self._selector.register(self._fd, selectors.EVENT_READ)
                with opening_errors(device, line):
                    self._prepare(line, needs_lines=rts is not None or dtr is not None)
            except BaseException:
                self.close()
                raise

        def _prepare(self, line: Line, *, needs_lines: bool) -> None:
            if needs_lines and not self._has_lines():
                raise no_lines(self._device)
            if not self._is_pty:
                # The other end keeps a pseudo-terminal open, so there exclusive use would outlive a killed program.
                set_exclusive(self._fd, True)
                # Without this, FTDI adapters deliver received bytes up to 16 ms late; most others have no such setting.
                with contextlib.suppress(ValueError, OSError, NotImplementedError):
                    self._serial.set_low_latency_mode(True)
            self._marks = MarkDecoder() if self._set_marks() else None
            if self._marks is not None and not self._is_pty:
                self.reported_events = frozenset({LineEvent.BREAK, LineEvent.FRAMING})
            self._check_line(line)
            # Discard bytes received before the marks were on.
            termios.tcflush(self._fd, termios.TCIFLUSH)

        def _has_lines(self) -> bool:
            with contextlib.suppress(OSError):
                fcntl.ioctl(self._fd, termios.TIOCMGET, b"\0\0\0\0")
                return True
            return False

        def _set_marks(self) -> bool:
            """Have the kernel mark breaks and damaged characters (`MarkDecoder`); return whether it does."""
            wanted = termios.PARMRK | termios.INPCK
            with contextlib.suppress(termios.error):
                settings = termios.tcgetattr(self._fd)
                settings[0] |= wanted
                settings[0] &= ~(termios.IGNPAR | termios.IGNBRK | termios.BRKINT | termios.ISTRIP)
                termios.tcsetattr(self._fd, termios.TCSANOW, settings)
                return bool(termios.tcgetattr(self._fd)[0] & wanted == wanted)
            return False

        def _check_line(self, line: Line) -> None:
            """Raise LinkError (`bad_line`) if the driver has ignored `line` without an error."""
            if self._is_pty:
                return
            _, _, control, _, _, speed, _ = termios.tcgetattr(self._fd)
            bits = getattr(termios, f"CS{line.bits}")
            parity = {"N": 0, "E": termios.PARENB, "O": termios.PARENB | termios.PARODD}[line.parity]
            enabled = control & termios.PARENB and control & (termios.PARENB | termios.PARODD)
            if control & termios.CSIZE != bits or enabled != parity:
                raise cannot_do(self._device, line, Message("the driver did not accept the format"))
            if speed != getattr(termios, f"B{line.baud}", speed):
                raise cannot_do(self._device, line, Message("the driver did not accept the speed"))

        def _device_line(self, line: Line) -> Line:
            """Return the line settings for the device: 8 bits without parity on a pseudo-terminal."""
            return replace(line, bits=8, parity="N") if self._is_pty else line

        def read(self) -> Sequence[PortItem]:
            ready = self._selector.select(POLL_SECONDS)
            if self._woken.is_set() or not ready:
                return ()
            try:
                data = os.read(self._fd, CHUNK)
            except BlockingIOError:
                return ()
            except OSError as error:
                raise unplugged(self._device) from error
            if not data:
                raise unplugged(self._device)  # what Linux returns for a removed device
            return (data,) if self._marks is None else self._marks.feed(data)

        def write(self, data: bytes) -> int:
            try:
                return os.write(self._fd, data)
            except BlockingIOError:
                return self._try_later()
            except OSError as error:
                raise unplugged(self._device) from error

        def set_line(self, line: Line) -> None:
            with link_errors(self._device, line):
                try:
                    self._serial.apply_settings(serial_settings(self._device_line(line)))
                except termios.error as error:
                    raise cannot_do(self._device, line, str(error.args[-1])) from error
                # pyserial has switched the marks off.
                if self._marks is not None:
                    self._set_marks()
                self._check_line(line)
            self._line = line

        def set_break(self, on: bool) -> None:
            with link_errors(self._device, self._line):
                self._serial.break_condition = on

        def drain(self) -> None:
            with link_errors(self._device, self._line):
                # tcdrain alone would wait without end where flow control holds the output, and cannot be woken.
                wait_drained(self, self._serial, self._woken)
                if not self._woken.is_set():
                    termios.tcdrain(self._fd)

        def discard_output(self) -> None:
            with link_errors(self._device, self._line):
                termios.tcflush(self._fd, termios.TCOFLUSH)

        def close(self) -> None:
            set_exclusive(self._fd, False)
            # Closing would wait up to 30 s for unsent output.
            with contextlib.suppress(termios.error):
                termios.tcflush(self._fd, termios.TCIOFLUSH)
            super().close()
            # The device may have been removed; the descriptor is closed in any case.
            with contextlib.suppress(OSError):
                self._serial.close()
