"""The LinkErrors for what pyserial and the system raise about a serial port."""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from cmi_gui.engine.link.serial_holder import busy
from cmi_gui.engine.link.serial_ports import system_ports
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.machine import Line
from cmi_gui.engine.messages import Message, marked

_MISSING = (errno.ENOENT, errno.ENODEV, errno.ENXIO)
_WINDOWS_AWAY = frozenset({2, 3, 20, 21, 22, 31, 55, 121, 433, 1167, 1617})
"""Windows' errors for a port whose adapter is away or being unplugged; which of them depends on the driver. Python maps
some to EACCES (22, 31), as if the port were in use, and others to EINVAL (433, 1167)."""
_WINDOWS_COM = re.compile(r"(\\\\\.\\)?COM[0-9]+", re.IGNORECASE)
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
    """Return whether the error is pyserial's for line settings that the driver refuses."""
    text = str(error)
    is_lost = "PermissionError" in text or _windows_number(text) in _WINDOWS_AWAY
    return "Cannot configure port" in text and not is_lost


def _windows_number(text: str) -> int | None:
    """Return Windows' number of the error that pyserial's text ends with, or None; pyserial keeps only the text."""
    found = re.search(r"Error\([0-9]+, .*, None, ([0-9]+)\)", text)
    return None if found is None else int(found[1])


def _is_away(device: str, text: str) -> bool:
    """Return whether Windows has no such port at the moment.

    While some program still has the port of an unplugged adapter open, Windows may deny access to it, so for a name
    such as COM3 the list of ports counts too.
    """
    number = _windows_number(text)
    if number in _WINDOWS_AWAY or number is None or not _WINDOWS_COM.fullmatch(device):
        return number in _WINDOWS_AWAY
    with suppress(OSError):
        name = device.rpartition("\\")[2].upper()
        return name not in (port.device.upper() for port in system_ports())
    return False


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
    if error.errno in _MISSING or _is_away(device, text):
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
