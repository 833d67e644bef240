"""A pseudo-terminal as a link: another program opens its slave side as it would open a serial port.

A pseudo-terminal stores a speed, though it clocks no bits. As on a real line, a peer is understood only while it has
set our speed, and what is sent to a peer at another speed is lost; a peer that never set a speed is always understood.
With `any_speed` bytes pass both ways at every speed: the C library refuses a program that asks for even parity at the
speed that the pseudo-terminal already has, so the program must be able to choose another speed.

A pseudo-terminal stores no parity (the kernel clears it) and shows no break. What is sent while no program has it open
is lost, as on a wire.
"""

from __future__ import annotations

import errno
import os
import re
import select
import selectors
import sys
import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.link.kind import ANSWERS, BAUD_AUTO_OR_ANY, ECHO, PACED, LinkKind, Role
from cmi_gui.engine.link.pace import Pace
from cmi_gui.engine.link.port import CHUNK, POLL_SECONDS, Port, PortItem, SelectingPort
from cmi_gui.engine.link.serial import SerialLink
from cmi_gui.engine.link.threaded import ThreadedLink
from cmi_gui.engine.link_protocol import Cap, Link, LinkError
from cmi_gui.engine.machine import Line
from cmi_gui.engine.messages import Message, marked

if TYPE_CHECKING:
    from cmi_gui.engine.link.url import LinkSpec

if sys.platform != "win32":
    import termios
    import tty


IDLE_SECONDS: Final = 0.02
"""The interval between two checks whether the slave side has been opened; the kernel has no way to wait for that."""

# Indexes in the settings of a terminal, as `termios` gives them.
_OSPEED: Final = 5
_CC: Final = 6


class PtyLink(ThreadedLink):
    """A link that makes a pseudo-terminal; with a `path`, also a symbolic link to it, removed on `close`.

    The link stays open while peers come and go. What is at `path` is replaced only if it is a symbolic link to a
    pseudo-terminal that no longer exists or is this one; anything else is refused (FAILED, `path_taken`).
    """

    def __init__(self, clock: Clock, path: str, line: Line, *, paced: bool = False, any_speed: bool = False) -> None:
        self._path = path
        super().__init__(clock, f"pty:{path}", line, caps=frozenset({Cap.BAUD}), paced=paced)
        self.any_speed = any_speed

    def open_port(self, line: Line, stopping: threading.Event) -> Port:
        """Make the pseudo-terminal. Raises LinkError: `no_pty`, `path_taken`, `no_symlink`."""
        if sys.platform != "win32" and hasattr(os, "openpty"):
            return _PtyPort(self._path)
        message = Message(
            "This system has no pseudo-terminals; use tcp://127.0.0.1:10001, or serial: with a pair of virtual"
            " ports (com0com)."
        )
        raise LinkError("no_pty", message)


if sys.platform != "win32":
    # The codes of speeds are the speeds themselves on macOS, but other numbers on Linux.
    _BAUD_OF_CODE: Final[dict[int, int]] = {
        getattr(termios, name): int(name[1:]) for name in dir(termios) if re.fullmatch(r"B[1-9][0-9]*", name)
    }

    class _PtyPort(SelectingPort):
        def __init__(self, path: str) -> None:
            self._master, slave = os.openpty()
            try:
                self._slave_path = os.ttyname(slave)
                tty.setraw(slave)
                self._initial_settings = termios.tcgetattr(slave)
                self._link_path = os.path.abspath(path) if path else ""
                if path:
                    _make_symlink(self._slave_path, self._link_path)
            except BaseException:
                os.close(self._master)
                raise
            finally:
                os.close(slave)
            os.set_blocking(self._master, False)
            super().__init__(f"pty:{path or self._slave_path}")
            self._selector.register(self._master, selectors.EVENT_READ)
            self._hang_up = select.poll()
            self._hang_up.register(self._master, 0)
            self._has_peer = False
            self._pace = Pace()

        def read(self) -> Sequence[PortItem]:
            if not self._has_peer:
                # After a hang-up the master is always ready, so waiting for it would spin.
                self._woken.wait(IDLE_SECONDS)
            pause = self._pace.free_at - time.perf_counter()
            if pause > 0:
                self._woken.wait(min(pause, POLL_SECONDS))
                return ()
            ready = self._selector.select(POLL_SECONDS if self._has_peer else 0)
            if all(key.fileobj != self._master for key, _ in ready):
                self._has_peer = True
                return ()
            try:
                data = os.read(self._master, CHUNK)
            except BlockingIOError:
                return ()
            except OSError as error:
                if error.errno != errno.EIO:
                    raise
                data = b""
            if data:
                self._has_peer = True
                self._pace.count(len(data), time.perf_counter())
                return (data,)
            if self._has_peer:
                self._has_peer = False
                self._restore_settings()
            return ()

        def write(self, data: bytes) -> int:
            if self._hang_up.poll(0):
                return len(data)
            try:
                return os.write(self._master, data)
            except BlockingIOError:
                return self._try_later()

        def clear_stall(self) -> None:
            """Discard the output, as a line does not wait for a peer that does not read."""
            termios.tcflush(self._master, termios.TCOFLUSH)

        def peer_baud(self) -> int | None:
            code = termios.tcgetattr(self._master)[_OSPEED]
            return None if code == self._initial_settings[_OSPEED] else _BAUD_OF_CODE.get(code, 0)

        def _restore_settings(self) -> None:
            """Restore the initial speed and modes: setting 8E1 at the speed already set would fail with EINVAL.

            The parity cannot be set, and then nothing would change. The least size and the time of a read stay as the
            last peer left them: the next one may be setting up the terminal already, and its reads must not wait
            forever.
            """
            now = termios.tcgetattr(self._master)
            if self._hang_up.poll(0):
                termios.tcsetattr(self._master, termios.TCSANOW, [*self._initial_settings[:_CC], now[_CC]])

        def close(self) -> None:
            if self._link_path and _target(self._link_path) == self._slave_path:
                os.unlink(self._link_path)
            super().close()
            os.close(self._master)


def _target(path: str) -> str | None:
    try:
        return os.readlink(path)
    except OSError:
        return None


def _make_symlink(slave: str, path: str) -> None:
    """Make the symbolic link `path`. Raises LinkError: `path_taken`, `no_symlink`."""
    target = _target(path)
    if target is not None and os.path.dirname(target) == os.path.dirname(slave):
        if target != slave and os.path.exists(target):
            template = marked("{0} points to {1}, which is in use; close that program or choose another path.")
            raise LinkError("path_taken", Message(template, (path, target)))
        os.unlink(path)
    elif os.path.lexists(path):
        message = Message("{0} already exists and is not a link to a pseudo-terminal; choose another path.", (path,))
        raise LinkError("path_taken", message)
    try:
        os.symlink(slave, path)
    except OSError as error:
        message = Message("Cannot create the symbolic link {0}: {1}.", (path, str(error.strerror)))
        raise LinkError("no_symlink", message) from error


def _make(spec: LinkSpec, clock: Clock, role: Role, line: Line) -> Link:
    if role != "connect":
        return PtyLink(clock, spec.path, line, paced=spec.paced, any_speed=spec.any_speed)
    if not spec.path:
        cause = Message("to connect, give the path of a pseudo-terminal, for example pty:/dev/pts/3")
        raise PTY.error(str(spec), cause)
    return SerialLink(clock, spec.path, line, paced=spec.paced)


PTY: Final = LinkKind(
    "pty",
    "pty: or pty:/path/of/a/symlink",
    (BAUD_AUTO_OR_ANY, PACED, ECHO, *ANSWERS),
    lambda kind, text, location: {"path": location},
    _make,
    # The pseudo-terminal is made here and opened by the program that simulates the meter.
    meter_role="listen",
    missing_on=("win32",),
)
