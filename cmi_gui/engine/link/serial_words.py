"""What pyserial and the system raise about a serial port, in words."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from cmi_gui.engine.link.serial_holder import busy
from cmi_gui.engine.link.serial_ports import system_ports
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.machine import Line
from cmi_gui.engine.messages import Message, marked

_GONE = (errno.ENOENT, errno.ENODEV, errno.ENXIO)
_REFUSED = Message("its driver refuses")


@contextmanager
def in_words(device: str, line: Line) -> Iterator[None]:
    """Around what is done with an open port: everything raised becomes a LinkError."""
    try:
        yield
    except LinkError:
        raise
    except (ValueError, NotImplementedError) as error:
        raise cannot_do(device, line, str(error).rstrip(".")) from error
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
        raise cannot_do(device, line, str(error).rstrip(".")) from error
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
    return LinkError("unplugged", Message("{0} does not work any more; is it still plugged in?", (device,)))


def cannot_do(device: str, line: Line, why: str | Message) -> LinkError:
    """The port refuses this speed or format."""
    return LinkError("bad_line", Message("{0} cannot do {1}: {2}.", (device, str(line), why)))


def no_lines(device: str) -> LinkError:
    """RTS or DTR are asked of what has none."""
    return LinkError("no_lines", Message("{0} has no RTS and DTR lines to hold; leave rts= and dtr= out.", (device,)))


def cannot_open(device: str, error: OSError) -> LinkError:
    """Why a port did not open."""
    text = str(error)
    # On Windows pyserial gives no number, only the text of the system's error.
    if error.errno in _GONE or "FileNotFoundError" in text:
        return LinkError("no_port", Message("There is no serial port {0}; {1}.", (device, _existing_ports())))
    if error.errno in (errno.EBUSY, errno.EAGAIN) or (sys.platform == "win32" and "PermissionError" in text):
        return busy(device)
    if error.errno in (errno.EACCES, errno.EPERM):
        return LinkError("not_allowed", Message("This user may not use {0}; {1}.", (device, way_in(device))))
    if error.errno in (errno.ENOTTY, errno.EINVAL, errno.EISDIR) or "configure port" in text:
        return _not_serial(device)
    if error.errno == errno.EIO:
        # The node of a port that is just being unplugged, or of one that never had hardware (/dev/ttyS31).
        return unplugged(device)
    return LinkError("io", Message("Cannot open {0}: {1}.", (device, error.strerror or text)))


def _not_serial(device: str) -> LinkError:
    return LinkError("not_serial", Message("{0} is no serial port, or cannot do this speed and format.", (device,)))


def _existing_ports() -> Message:
    try:
        names = sorted(port.device for port in system_ports())
    except OSError:
        names = []
    if not names:
        return Message("this computer has none at the moment; plug one in")
    return Message("this computer has {0}", (", ".join(names),))


def way_in(device: str) -> Message:
    """How this user gets to use a port that is there."""
    if sys.platform != "win32":
        import grp

        with suppress(OSError, KeyError):
            group = grp.getgrgid(os.stat(device).st_gid).gr_name
            template = marked("it belongs to the group {0}: run `sudo usermod -aG {1} $USER` and log in again")
            return Message(template, (group, group))
    return Message("ask the computer's administrator")
