"""A serial port of Linux or macOS: pyserial opens and sets it, reading and writing is done here.

pyserial's own `write` spins when it may not wait, and its `cancel_read` is heard once only; and what it switches off in
the line discipline (PARMRK) is how Linux tells breaks and damaged characters. That part could not be tried on a real
UART: on a pseudo-terminal only the doubled FF shows.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import sys
from collections.abc import Sequence
from dataclasses import replace

from cmi_gui.engine.link.line_marks import MarkDecoder
from cmi_gui.engine.link.port import CHUNK, POLL_SECONDS, USB_LAG_SECONDS, WIRE_UNHEARD, Heard, SelectingPort
from cmi_gui.engine.link.serial_holder import busy, claim, locked_by, unclaim
from cmi_gui.engine.link.serial_setting import open_serial, serial_settings, wait_drained
from cmi_gui.engine.link.serial_words import cannot_do, in_words, no_lines, opening_in_words, unplugged
from cmi_gui.engine.machine import Line, LineEvent
from cmi_gui.engine.messages import Message


def is_pty(device: str) -> bool:
    """Whether it is a pseudo-terminal (socat's, a test's, our own), which clocks no bits.

    It keeps no parity: asking for one fails with EINVAL unless something else changes in the same call. And whoever
    has its other end reads and writes plain characters, so there is no parity to be made in software either.
    """
    return os.path.realpath(device).startswith("/dev/pts/")


if sys.platform != "win32":
    import fcntl
    import termios

    class PosixPort(SelectingPort):
        """`rts`, `dtr`: held on or off from the moment of opening; None leaves them to pyserial, which asserts both.

        The kernel raises both for a moment in `open` itself, before anybody can say otherwise. Raises LinkError.
        """

        timed = True
        max_unheard = WIRE_UNHEARD

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
            with opening_in_words(device, line):
                open_serial(self._serial, self._kept(line), rts=rts, dtr=dtr)
            self._fd = self._serial.fileno()
            super().__init__(f"serial:{device}")
            try:
                self._selector.register(self._fd, selectors.EVENT_READ)
                with opening_in_words(device, line):
                    self._prepare(line, needs_lines=rts is not None or dtr is not None)
            except BaseException:
                self.close()
                raise

        def _prepare(self, line: Line, *, needs_lines: bool) -> None:
            if needs_lines and not self._has_lines():
                raise no_lines(self._device)
            if not self._is_pty:
                # On a pseudo-terminal, which its other end keeps, the claim would outlive a program that was killed.
                claim(self._fd)
                # Adapters of FTDI else tell up to 16 ms late what they have received; most others know no such thing.
                with contextlib.suppress(ValueError, OSError, NotImplementedError):
                    self._serial.set_low_latency_mode(True)
            self._marks = MarkDecoder() if self._mark() else None
            if self._marks is not None and not self._is_pty:
                self.hears = frozenset({LineEvent.BREAK, LineEvent.FRAMING})
            self._check(line)
            # What came in before the marks were on.
            termios.tcflush(self._fd, termios.TCIFLUSH)

        def _has_lines(self) -> bool:
            try:
                fcntl.ioctl(self._fd, termios.TIOCMGET, b"\0\0\0\0")
            except OSError:
                return False
            return True

        def _mark(self) -> bool:
            """Have the kernel mark breaks and damaged characters; see `MarkDecoder`. Tells whether it does."""
            wanted = termios.PARMRK | termios.INPCK
            with contextlib.suppress(termios.error):
                settings = termios.tcgetattr(self._fd)
                settings[0] |= wanted
                settings[0] &= ~(termios.IGNPAR | termios.IGNBRK | termios.BRKINT | termios.ISTRIP)
                termios.tcsetattr(self._fd, termios.TCSANOW, settings)
                return bool(termios.tcgetattr(self._fd)[0] & wanted == wanted)
            return False

        def _check(self, line: Line) -> None:
            """A driver that cannot do what is asked may leave the port as it was, and say nothing."""
            if self._is_pty:
                return
            _, _, control, _, _, speed, _ = termios.tcgetattr(self._fd)
            bits = getattr(termios, f"CS{line.bits}")
            parity = {"N": 0, "E": termios.PARENB, "O": termios.PARENB | termios.PARODD}[line.parity]
            enabled = control & termios.PARENB and control & (termios.PARENB | termios.PARODD)
            if control & termios.CSIZE != bits or enabled != parity:
                raise cannot_do(self._device, line, Message("it knows no such format"))
            if speed != getattr(termios, f"B{line.baud}", speed):
                raise cannot_do(self._device, line, Message("it knows no such speed"))

        def _kept(self, line: Line) -> Line:
            """What the device is set to."""
            return replace(line, bits=8, parity="N") if self._is_pty else line

        def read(self) -> Sequence[Heard]:
            """See `Port`."""
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
                raise unplugged(self._device)  # how Linux says that the device has gone
            return (data,) if self._marks is None else self._marks.feed(data)

        def write(self, data: bytes) -> int:
            """See `Port`."""
            try:
                return os.write(self._fd, data)
            except BlockingIOError:
                return self._try_later()
            except OSError as error:
                raise unplugged(self._device) from error

        def set_line(self, line: Line) -> None:
            """See `Port`."""
            with in_words(self._device, line):
                try:
                    self._serial.apply_settings(serial_settings(self._kept(line)))
                except termios.error as error:
                    raise cannot_do(self._device, line, str(error.args[-1])) from error
                # pyserial has switched the marks off again.
                if self._marks is not None:
                    self._mark()
                self._check(line)
            self._line = line

        def set_break(self, on: bool) -> None:
            """See `Port`."""
            with in_words(self._device, self._line):
                self._serial.break_condition = on

        def drain(self) -> None:
            """See `Port`."""
            with in_words(self._device, self._line):
                # tcdrain alone would wait for ever where the flow is held up, and nothing could wake it.
                wait_drained(self, self._serial, self._woken)
                if not self._woken.is_set():
                    termios.tcdrain(self._fd)

        def discard_output(self) -> None:
            """See `Port`."""
            with in_words(self._device, self._line):
                termios.tcflush(self._fd, termios.TCOFLUSH)

        def close(self) -> None:
            """See `Port`."""
            unclaim(self._fd)
            # Closing waits up to 30 s for what could not leave.
            with contextlib.suppress(termios.error):
                termios.tcflush(self._fd, termios.TCIOFLUSH)
            super().close()
            # The device may have gone; the descriptor is given back all the same.
            with contextlib.suppress(OSError):
                self._serial.close()
