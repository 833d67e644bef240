"""Traffic for Wireshark on the command line: `export`, `dissector`, and the live stream of `listen --pcap`."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from cmi_gui.commands.output import (
    NO_ANSWER,
    WRONG_USE,
    complain,
    emit,
    emit_json,
    fail,
    is_reader_gone,
    silence_stdout,
    wrong_use_fails,
)
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.files.atomic_file import write_atomically
from cmi_gui.engine.traffic.capture import Wall
from cmi_gui.engine.traffic.capture_reading import (
    MAX_BAD_LINES,
    Capture,
    CaptureError,
    CaptureFault,
    CaptureReader,
    Stopped,
)
from cmi_gui.engine.traffic.dissector import dissector as dissector_text
from cmi_gui.engine.traffic.masking import MbusMask
from cmi_gui.engine.traffic.pcapng import PcapngBlocks, pcapng_file
from cmi_gui.engine.traffic.store import TrafficRow

STDOUT = "-"
_SUFFIX = ".pcapng"
_FAULTS = {
    CaptureFault.NO_FILE: "it is a device or a pipe, not a file",
    CaptureFault.TOO_BIG: "it is larger than 1 GiB",
    CaptureFault.BINARY: "it is not a text file",
    CaptureFault.VERSION: "this program does not support version {0} of the capture format",
}


def export(capture: Path, file: str, module_profile: Path | None, *, json: bool) -> None:
    """Write a capture, or another tool's log, as pcapng. Ends with 1 if not all of it could be read or written."""
    if file != STDOUT and not file.lower().endswith(_SUFFIX):
        message = f"{file}: export writes pcapng files; give a name that ends in {_SUFFIX}, or - for standard output"
        fail(message, WRONG_USE, code="wrong_use", json=json)
    if file == STDOUT:
        _check_stdout(json=json)
    with wrong_use_fails(json=json):
        mask = MbusMask(load_module_profile(module_profile))
    found = _read(capture, mask, json=json)
    store = found.store
    rows = (store.row(index) for index in range(store.first, len(store)))
    _write(file, pcapng_file(rows, lambda at: at, store.bookmarks), json=json)
    if json:
        emit_json({"file": file, "rows": len(store), "bad_lines": found.bad_lines})
    elif file != STDOUT:
        emit(f"{len(store)} {'row' if len(store) == 1 else 'rows'} written to {file}")
    if found.stopped is Stopped.BAD_LINES:
        fail(
            f"{capture} was read only in part: more than {MAX_BAD_LINES} lines cannot be read",
            NO_ANSWER,
            code="bad_lines",
            json=False,
        )
    if found.bad_lines:
        lines = "1 line" if found.bad_lines == 1 else f"{found.bad_lines} lines"
        complain(f"{lines} of {capture} cannot be read and will be shown in Wireshark as bad_line")


def _read(path: Path, mask: MbusMask, *, json: bool) -> Capture:
    try:
        reader = CaptureReader(path, mask)
        while reader.step():
            pass
    except OSError as error:
        fail(f"{path}: {error.strerror or error}", WRONG_USE, code="no_file", json=json)
    except CaptureError as error:
        reason = _FAULTS[error.fault].format(error.detail)
        fail(f"{path} cannot be opened: {reason}", WRONG_USE, code="bad_capture", json=json)
    if not len(reader.capture.store):
        fail(f"{path} contains no telegram", NO_ANSWER, code="empty", json=json)
    return reader.capture


def dissector(out: Path | None) -> None:
    """Write the dissector for Wireshark to a file, or to standard output."""
    text = dissector_text()
    if out is None:
        emit(text.removesuffix("\n"))
    else:
        _write(str(out), [text.encode("ascii")], json=False)


def _check_stdout(*, json: bool) -> None:
    if json:
        message = "- and --json would both write to standard output; give a file instead of -"
        fail(message, WRONG_USE, code="wrong_use", json=json)
    if sys.stdout.isatty():
        message = "pcapng is not for a terminal; give a file instead of -, or add | wireshark -k -i -"
        fail(message, WRONG_USE, code="wrong_use", json=json)


def _write(file: str, pieces: Iterable[bytes], *, json: bool) -> None:
    try:
        if file != STDOUT:
            write_atomically(Path(file), pieces, private=False)
            return
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
    except OSError as error:
        if file == STDOUT and is_reader_gone(error):
            silence_stdout()
            return
        fail(f"{file}: {error.strerror or error}", NO_ANSWER, code="io", json=json)


class PcapStream:
    """A pcapng file that grows: standard output for `-`, a new file that only its owner can read, or a named pipe.

    Raises ValueError for standard output on a terminal or beside JSON; OSError if the file exists or cannot be made, or
    if nothing reads from the pipe.
    """

    def __init__(self, target: str, wall: Wall, *, json: bool) -> None:
        self.target = target
        if target == STDOUT:
            _check_stdout(json=json)
        self._file: BinaryIO = sys.stdout.buffer if target == STDOUT else _open(target)
        self._blocks = PcapngBlocks(wall)
        self._write(self._blocks.section())

    def add(self, row: TrafficRow) -> bool:
        """Write and flush one row; return False if its reader is gone. Raises OSError, which names the file."""
        try:
            self._write(self._blocks.row(row))
        except OSError as error:
            if not is_reader_gone(error):
                raise
            return False
        return True

    def _write(self, data: bytes) -> None:
        try:
            self._file.write(data)
            self._file.flush()
        except OSError as error:
            error.filename = self.target
            raise

    def close(self) -> None:
        """Close the file."""
        if self.target != STDOUT:
            self._file.close()
            return
        try:
            self._file.flush()
        except OSError as error:
            if not is_reader_gone(error):
                raise
            silence_stdout()


def _open(target: str) -> BinaryIO:
    flags = os.O_WRONLY | getattr(os, "O_BINARY", 0)
    try:
        return os.fdopen(os.open(target, flags | os.O_CREAT | os.O_EXCL, 0o600), "wb", buffering=0)
    except FileExistsError:
        if sys.platform == "win32" or not stat.S_ISFIFO(os.stat(target).st_mode):
            raise
    # Without O_NONBLOCK it would wait for a reader, deaf to Ctrl-C.
    handle = os.open(target, flags | os.O_NONBLOCK)
    os.set_blocking(handle, True)
    return os.fdopen(handle, "wb", buffering=0)
