"""What pyserial and the system raise about a serial port, in words."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from cmi_gui.engine.link.serial_holder import busy
from cmi_gui.engine.link.serial_ports import system_ports
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.machine import Line

_GONE = (errno.ENOENT, errno.ENODEV, errno.ENXIO)
_REFUSED = "its driver refuses"


@contextmanager
def in_words(device: str, line: Line) -> Iterator[None]:
    """Around what is done with an open port: everything raised becomes a LinkError."""
    try:
        yield
    except LinkError:
        raise
    except (ValueError, NotImplementedError) as error:
        raise cannot_do(device, line, str(error)) from error
    except Exception as error:
        # OSError, SerialException, termios.error, and what pyserial stumbles over once a port has gone under it.
        raise (cannot_do(device, line, _REFUSED) if _windows_refuses(error) else unplugged(device)) from error


@contextmanager
def opening_in_words(device: str, line: Line) -> Iterator[None]:
    """Around opening a port: everything raised becomes a LinkError."""
    try:
        yield
    except LinkError:
        raise
    except OSError as error:  # SerialException is one
        refused = _windows_refuses(error)
        raise (cannot_do(device, line, _REFUSED) if refused else cannot_open(device, error)) from error
    except (ValueError, NotImplementedError) as error:
        raise cannot_do(device, line, str(error)) from error
    except Exception as error:
        # termios.error is no OSError, and pyserial lets it through where it sets speed and format.
        number = error.args[0] if error.args else None
        if type(error).__module__ != "termios":
            raise
        if number == errno.EINVAL:
            raise cannot_do(device, line, os.strerror(errno.EINVAL)) from error
        raise (unplugged(device) if number == errno.EIO else _not_serial(device)) from error


def _windows_refuses(error: Exception) -> bool:
    """Whether it is pyserial's text for a speed or format that the driver does not take (there is no number)."""
    text = str(error)
    return "Cannot configure port" in text and "PermissionError" not in text


def unplugged(device: str) -> LinkError:
    """A port that was open is lost."""
    return LinkError("unplugged", f"{device} does not work any more; is it still plugged in?")


def cannot_do(device: str, line: Line, why: str) -> LinkError:
    """The port refuses this speed or format."""
    return LinkError("bad_line", f"{device} cannot do {line}: {why.rstrip('.')}.")


def no_lines(device: str) -> LinkError:
    """RTS or DTR are asked of what has none."""
    return LinkError("no_lines", f"{device} has no RTS and DTR lines to hold; leave rts= and dtr= out.")


def cannot_open(device: str, error: OSError) -> LinkError:
    """Why a port did not open."""
    text = str(error)
    # On Windows pyserial gives no number, only the text of the system's error.
    if error.errno in _GONE or "FileNotFoundError" in text:
        return LinkError("no_port", f"There is no serial port {device}; {_existing_ports()}.")
    if error.errno in (errno.EBUSY, errno.EAGAIN) or (sys.platform == "win32" and "PermissionError" in text):
        return busy(device)
    if error.errno in (errno.EACCES, errno.EPERM):
        return LinkError("not_allowed", f"This user may not use {device}; {way_in(device)}.")
    if error.errno in (errno.ENOTTY, errno.EINVAL, errno.EISDIR) or "configure port" in text:
        return _not_serial(device)
    if error.errno == errno.EIO:
        # The node of a port that is just being unplugged, or of one that never had hardware (/dev/ttyS31).
        return unplugged(device)
    return LinkError("io", f"Cannot open {device}: {error.strerror or text}.")


def _not_serial(device: str) -> LinkError:
    return LinkError("not_serial", f"{device} is no serial port, or cannot do this speed and format.")


def _existing_ports() -> str:
    try:
        names = sorted(port.device for port in system_ports())
    except OSError:
        names = []
    return f"this computer has {', '.join(names)}" if names else "this computer has none at the moment; plug one in"


def way_in(device: str) -> str:
    """How this user gets to use a port that is there."""
    if sys.platform == "win32":
        return "ask the computer's administrator"
    import grp

    try:
        group = grp.getgrgid(os.stat(device).st_gid).gr_name
    except (OSError, KeyError):
        return "ask the computer's administrator"
    return f"it belongs to the group {group}: run `sudo usermod -aG {group} $USER` and log in again"
