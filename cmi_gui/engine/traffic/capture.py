"""Writing of captures: traffic as plain text, one line per telegram, in the format of `docs/capture-format.md`.

`capture_reading` reads them, and the logs of other tools.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path

from cmi_gui.engine.files.atomic_file import check_private
from cmi_gui.engine.files.user_file import open_user_file
from cmi_gui.engine.traffic.bookmarks import bookmark_line, time_text
from cmi_gui.engine.traffic.masking import hex_text
from cmi_gui.engine.traffic.store import Direction, RowKind, Side, TrafficRow

FORMAT = "# cmi_gui capture"
VERSION = 1
MASKED = "# secrets: masked"
IN_CLEAR = "# secrets: in clear"
REMARK = " ; "
"""Separator between the fields of a line and a remark for people."""
NOTHING = "-"
"""Mark of an empty field."""

SIDES = {Side.MBUS: "mbus", Side.METER: "meter"}
DIRECTIONS = {Direction.RECEIVED: "rx", Direction.SENT: "tx"}
KINDS = {kind: kind.name.lower() for kind in RowKind}

_TIMING = re.compile(r"([1-9][0-9]{0,6}) bit/s ([0-9]{1,3}\.[0-9]{6}) s", re.ASCII)

Wall = Callable[[float], float]
"""A function from the rows' seconds to seconds since the epoch, UTC."""


def header(started: datetime, *, secrets_in_clear: bool) -> str:
    """Return the lines at the beginning of a capture; `started` must have its offset from UTC."""
    return (
        f"{FORMAT} {VERSION}\n"
        f"# started: {started.isoformat(timespec='milliseconds')}\n"
        f"{IN_CLEAR if secrets_in_clear else MASKED}\n"
        "# time side direction kind link bytes ; remark\n"
    )


def capture_line(row: TrafficRow, wall: Wall) -> str:
    """Return a row as one line, without its line feed."""
    link = row.link.replace("%", "%25").replace(" ", "%20").replace(";", "%3B") or NOTHING
    octets = hex_text(row.data, row.masked) if row.data else NOTHING
    # A remark must not break the line.
    remark = "".join(
        f"{REMARK}{' '.join(part.split())}" for part in (timing_text(row), str(row.words or "")) if part.strip()
    )
    when = time_text(wall(row.at))
    return f"{when} {SIDES[row.side]} {DIRECTIONS[row.direction]} {KINDS[row.kind]} {link} {octets}{remark}"


def timing_text(row: TrafficRow) -> str:
    """Return the speed of a row and how long it took, empty if one of them is not known."""
    return "" if row.baud is None or row.took is None else f"{row.baud} bit/s {row.took:.6f} s"


def read_timing(text: str) -> tuple[int, float] | None:
    """Return what `timing_text` was made from; None for another text."""
    found = _TIMING.fullmatch(text)
    return None if found is None else (int(found[1]), float(found[2]))


def capture_text(
    rows: Iterable[TrafficRow], wall: Wall, started: datetime, notes: Mapping[int, str] | None = None
) -> str:
    """Return rows as a whole capture; masked bytes are written as `**`. `notes`: of bookmarked rows, by index."""
    lines = []
    for number, row in enumerate(rows):
        lines.append(f"{capture_line(row, wall)}\n")
        if notes and row.index in notes:
            lines.append(f"{bookmark_line(number, wall(row.at), notes[row.index])}\n")
    return header(started, secrets_in_clear=False) + "".join(lines)


def append_line(path: Path, line: str) -> None:
    """Append a comment line to an existing capture, which may be growing.

    Raises OSError, and ValueError if the file is not a capture of this version.
    """
    ends_cleanly = _ends_cleanly(path)
    if ends_cleanly is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    with open(os.open(path, os.O_WRONLY | os.O_APPEND | getattr(os, "O_NONBLOCK", 0)), "ab") as file:
        file.write(("" if ends_cleanly else "\n").encode() + line.encode() + b"\n")


def _ends_cleanly(path: Path) -> bool | None:
    """Return whether the last line of a capture is whole; None if there is no file, or an empty one.

    Raises OSError, and ValueError for a file that is not a capture of this version.
    """
    first = f"{FORMAT} {VERSION}\n".encode()
    try:
        with open_user_file(path) as file:
            beginning = file.readline(len(first) + 1)
            if not beginning:
                return None
            # Editors of Windows end lines with two characters.
            if beginning.replace(b"\r\n", b"\n") != first:
                raise ValueError(f"{path} is not a capture of version {VERSION}; choose another file")
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"
    except FileNotFoundError:
        return None


class CaptureWriter:
    """A capture that grows: `add` and `write` may be called by different threads.

    Only the file's owner can read it. The constructor makes or empties the file and writes its header; with `append` an
    existing capture is continued. Raises OSError without permission or room, or on a file system that cannot keep other
    users out; ValueError if the file to be continued is not a capture of this version.
    """

    def __init__(
        self, path: Path, started: datetime, wall: Wall, *, secrets_in_clear: bool, append: bool = False
    ) -> None:
        self.path = path
        self._wall = wall
        self._waiting: list[TrafficRow | str] = []
        self._lock = threading.Lock()
        ends_cleanly = _ends_cleanly(path) if append else None
        # Opening a pipe would block until it has a reader.
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NONBLOCK", 0)
        handle = os.open(path, flags | (os.O_TRUNC if ends_cleanly is None else 0), 0o600)
        self._file = open(handle, "w", encoding="utf-8", newline="\n")  # noqa: SIM115 - open as long as it records
        try:
            if secrets_in_clear and sys.platform != "win32":
                # The file may have been there, with other permissions.
                os.fchmod(handle, 0o600)
                check_private(handle, path)
            if ends_cleanly is None:
                self._file.write(header(started, secrets_in_clear=secrets_in_clear))
            else:
                # If the program was killed, the last line may be incomplete.
                self._file.write("" if ends_cleanly else "\n")
                self._file.write(f"# continued: {started.isoformat(timespec='milliseconds')}\n")
            self._file.flush()
        except BaseException:
            with contextlib.suppress(OSError):
                self._file.close()
            raise

    def add(self, rows: Iterable[TrafficRow | str]) -> None:
        """Add rows, or comment lines such as a `bookmark_line`, to be written by the next `write`."""
        self._waiting += rows

    def write(self) -> int:
        """Write the added rows and flush the file; return its size in bytes.

        Raises OSError; then those rows are lost, and the last line of the file may be incomplete.
        """
        with self._lock:
            if self._file.closed:
                return 0
            rows, self._waiting = self._waiting, []
            lines = (row if isinstance(row, str) else capture_line(row, self._wall) for row in rows)
            self._file.write("".join(f"{line}\n" for line in lines))
            self._file.flush()
            return self._file.tell()

    def close(self) -> None:
        """Write the remaining rows and close the file, even if `write` raises OSError. A second call has no effect."""
        if self._file.closed:
            return
        try:
            self.write()
        finally:
            with self._lock:
                self._file.close()
