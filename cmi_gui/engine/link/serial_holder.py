"""The process that has a serial port open, as far as Linux shows it, and the exclusive use of a port.

Three ways exist side by side: `flock` on the device (pyserial, picocom, recent ModemManager), the lock files of UUCP
(minicom, cu, pppd; FHS 3.0 section 5.9), and TIOCEXCL, after which the kernel refuses others (not the superuser).
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.messages import Message

LOCK_FOLDERS: Final = (Path("/run/lock"), Path("/var/lock"))
"""The folders of lock files such as LCK..ttyUSB0."""

_PROCESSES: Final = Path("/proc")
_MAX_LOCK_FILE: Final = 64


def busy(device: str, process: int | None = None) -> LinkError:
    """Return the error (`busy`) for a `device` in use by `process`; None: it is looked up, as far as Linux shows it."""
    holders = [process] if process is not None else list(_holders(device))
    other = next((holder for holder in holders if holder != os.getpid()), None)
    if other is not None:
        facts = (device, _program_name(other), other)
        return LinkError("busy", Message("{0} is in use by {1} (process {2}); close that program.", facts))
    if holders:
        message = Message("{0} is already in use by this program for another link; disconnect that link.", (device,))
        return LinkError("busy", message)
    return LinkError("busy", Message("{0} is in use by another program; close that program.", (device,)))


def locked_by(device: str) -> int | None:
    """Return the other running process that a UUCP lock file names for `device`; None if there is none."""
    for name in {os.path.basename(device), os.path.basename(os.path.realpath(device))}:
        for folder in LOCK_FOLDERS:
            with contextlib.suppress(OSError, ValueError):
                with (folder / f"LCK..{name}").open("rb") as file:
                    text = file.read(_MAX_LOCK_FILE)
                # The FHS defines text; old programs write four bytes.
                words = text.split()
                process = int.from_bytes(text, sys.byteorder) if len(text) == 4 else int(words[0]) if words else 0
                if process != os.getpid() and _is_running(process):
                    return process
    return None


def set_exclusive(descriptor: int, on: bool) -> None:
    """Have the kernel refuse other programs, or allow them again; do nothing if it cannot.

    It must be ended before closing, because it would persist while another process still has the port open.
    """
    if sys.platform == "win32":
        return
    import fcntl
    import termios

    with contextlib.suppress(OSError):
        fcntl.ioctl(descriptor, termios.TIOCEXCL if on else termios.TIOCNXCL)


def _holders(device: str) -> Iterator[int]:
    """Yield the processes that have `device` open, of those that this user may inspect; none without /proc."""
    wanted = os.path.realpath(device)
    for folder in _PROCESSES.glob("[0-9]*"):
        with contextlib.suppress(OSError):
            for name in os.listdir(folder / "fd"):
                # The file may be closed meanwhile.
                with contextlib.suppress(OSError):
                    if os.readlink(folder / "fd" / name) == wanted:
                        yield int(folder.name)
                        break


def _is_running(process: int) -> bool:
    try:
        # Zero and negative numbers would mean a group or every process.
        if process > 0:
            os.kill(process, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return process > 0


def _program_name(process: int) -> str:
    """Return the name of a process for a message; for Python, the name of its script."""
    try:
        words = (_PROCESSES / str(process) / "cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        words = []
    name = os.path.basename(words[0]) if words else ""
    if name.startswith("python"):
        name = next((os.path.basename(word) for word in words[1:] if word and not word.startswith("-")), name)
    name = "".join(character for character in name if character.isprintable())
    return name or "another program"
