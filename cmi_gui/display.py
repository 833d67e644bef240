"""The display, before Qt is loaded: a test for it, because Qt ends the process if there is none, and work without."""

from __future__ import annotations

import contextlib
import ctypes
import os
import socket
import sys
from pathlib import Path

_SECONDS = 5.0


def name_font_folder() -> None:
    """Have Qt find the fonts of Windows also without a display, where it looks only into a folder of its own."""
    if sys.platform == "win32":
        os.environ.setdefault("QT_QPA_FONTDIR", os.path.join(os.environ.get("WINDIR", r"C:\Windows"), "Fonts"))


def why_no_display() -> str | None:
    """Return why no window can be shown here, or None.

    A name in the environment is not enough: a stale one is left in a shell over SSH or in `screen`, and another user's
    display refuses. An explicit QT_QPA_PLATFORM is trusted.
    """
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return None
    wayland, x11 = os.environ.get("WAYLAND_DISPLAY"), os.environ.get("DISPLAY")
    if not wayland and not x11:
        return "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)"
    # Qt tries the other one too if the first fails.
    if (wayland and _wayland_answers(wayland)) or (x11 and _x11_answers()):
        return None
    return f"the display {x11 or wayland} does not answer or refuses the connection; check DISPLAY and XAUTHORITY"


def _wayland_answers(name: str) -> bool:
    if sys.platform == "win32":
        return False
    path = Path(os.environ.get("XDG_RUNTIME_DIR", "/"), name)
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as connection:
        connection.settimeout(_SECONDS)
        try:
            connection.connect(str(path))
        except OSError:
            return False
    return True


def _x11_answers() -> bool:
    """Try to connect with the library that Qt uses, which interprets DISPLAY and XAUTHORITY."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        # Qt needs this library too and reports that it is missing.
        return True
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    try:
        return not xcb.xcb_connection_has_error(connection)
    finally:
        xcb.xcb_disconnect(connection)
