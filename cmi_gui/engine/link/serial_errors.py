"""The LinkErrors for what pyserial and the system raise about a serial port."""

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

_MISSING = (errno.ENOENT, errno.ENODEV, errno.ENXIO)
_REFUSED = Message("the driver refused the setting")


@contextmanager
def link_errors(device: str, line: Line) -> Iterator[None]:
    """Turn every exception raised while an open port is used into a LinkError."""
    try:
        yield
    except LinkError:
        raise
    except (ValueError, NotImplementedError) as error:
        raise cannot_do(device, line, str(error).rstrip(".")) from error
    except Exception as error:
        # OSError, SerialException, termios.error, and what pyserial raises when the port disappears while in use.
        raise (cannot_do(device, line, _REFUSED) if _windows_refuses(error) else unplugged(device)) from error


@contextmanager
def opening_errors(device: str, line: Line) -> Iterator[None]:
    """Turn the exceptions of the system and of pyserial while a port is opened into a LinkError."""
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
        # termios.error is not an OSError, and pyserial does not catch it when it sets speed and format.
        number = error.args[0] if error.args else None
        if type(error).__module__ != "termios":
            raise
        if number == errno.EINVAL:
            raise cannot_do(device, line, os.strerror(errno.EINVAL)) from error
        raise (unplugged(device) if number == errno.EIO else _not_serial(device)) from error


def _windows_refuses(error: Exception) -> bool:
    """Return whether the error is pyserial's for line settings that the driver refuses; it has no error number."""
    text = str(error)
    return "Cannot configure port" in text and "PermissionError" not in text


def unplugged(device: str) -> LinkError:
    """Return the error for an open port that is lost."""
    return LinkError("unplugged", Message("{0} does not work; check that it is plugged in.", (device,)))


def cannot_do(device: str, line: Line, cause: str | Message) -> LinkError:
    """Return the error for a port that refuses this speed or format."""
    return LinkError("bad_line", Message("{0} cannot be set to {1}: {2}.", (device, str(line), cause)))


def no_lines(device: str) -> LinkError:
    """Return the error for a LINK with `rts=` or `dtr=` for a device without these lines."""
    return LinkError("no_lines", Message("{0} has no RTS and DTR lines; leave out rts= and dtr=.", (device,)))


def cannot_open(device: str, error: OSError) -> LinkError:
    """Return the error for a port that did not open."""
    text = str(error)
    # On Windows pyserial gives no error number, only the text of the system's error.
    if error.errno in _MISSING or "FileNotFoundError" in text:
        return LinkError("no_port", Message("There is no serial port {0}; {1}.", (device, _existing_ports())))
    if error.errno in (errno.EBUSY, errno.EAGAIN) or (sys.platform == "win32" and "PermissionError" in text):
        return busy(device)
    if error.errno in (errno.EACCES, errno.EPERM):
        facts = (device, access_advice(device))
        return LinkError("not_allowed", Message("You are not allowed to use {0}; {1}.", facts))
    if error.errno in (errno.ENOTTY, errno.EINVAL, errno.EISDIR) or "configure port" in text:
        return _not_serial(device)
    if error.errno == errno.EIO:
        # A port that is being unplugged, or one without hardware (/dev/ttyS31), still has a node.
        return unplugged(device)
    return LinkError("io", Message("Cannot open {0}: {1}.", (device, error.strerror or text)))


def _not_serial(device: str) -> LinkError:
    message = Message("{0} is not a serial port, or does not support this speed and format.", (device,))
    return LinkError("not_serial", message)


def _existing_ports() -> Message:
    try:
        names = sorted(port.device for port in system_ports())
    except OSError:
        names = []
    if not names:
        return Message("this computer has none at the moment, so plug one in")
    return Message("this computer has {0}", (", ".join(names),))


def access_advice(device: str) -> Message:
    """Return how this user can get the right to use an existing port."""
    if sys.platform != "win32":
        import grp

        with suppress(OSError, KeyError):
            group = grp.getgrgid(os.stat(device).st_gid).gr_name
            template = marked("it belongs to the group {0}: run `sudo usermod -aG {1} $USER` and log in again")
            return Message(template, (group, group))
    return Message("ask the computer's administrator")
