"""Reading of captures (`docs/capture-format.md`) and of other tools' logs as rows of traffic; the text is untrusted."""

from __future__ import annotations

import contextlib
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import TextIO

from cmi_gui.engine.clock import seconds_of
from cmi_gui.engine.iec62056.errors import Iec62056Error
from cmi_gui.engine.iec62056.message import parse_message
from cmi_gui.engine.mbus.frame import PRM
from cmi_gui.engine.mbus.frame_decoder import decode_all
from cmi_gui.engine.messages import InvalidValue, Message
from cmi_gui.engine.traffic.bookmarks import BOOKMARK, MAX_BOOKMARKS, parse_bookmark
from cmi_gui.engine.traffic.capture import FORMAT, IN_CLEAR, VERSION
from cmi_gui.engine.traffic.exchanges import Exchanges
from cmi_gui.engine.traffic.log_time import moment
from cmi_gui.engine.traffic.masking import MbusMask, merged, meter_ranges
from cmi_gui.engine.traffic.own_lines import MASKED, MAX_CHARACTERS, OwnLines, is_plain_text, parse_own
from cmi_gui.engine.traffic.pasted import PastedText, text_encoding
from cmi_gui.engine.traffic.pasted_line import NotHex, PastedLine
from cmi_gui.engine.traffic.recorder import FRAME_KINDS, store_masked
from cmi_gui.engine.traffic.store import ROW_COST, Direction, RowKind, Side, TrafficRow, TrafficStore
from cmi_gui.engine.traffic.telegram_type import control_of

MAX_FILE = 1 << 30
"""Bytes."""
MAX_LINE = 64 << 10
"""Bytes; a telegram has at most 261, a message of the meter some thousand."""
MAX_BAD_LINES = 1000
"""A file with more lines that cannot be read is not a log of telegrams."""
_BLOCK = 1 << 20
"""Characters of a step: some thousand lines, which take a few hundredths of a second."""
_MILLISECOND = 0.001
_NO_TELEGRAM = Message("no telegram in hex")


class CaptureFault(Enum):
    """The reason why a file is not opened at all."""

    NO_FILE = "no regular file"
    """A pipe or a device, which may have no end."""
    TOO_BIG = "too big"
    BINARY = "binary"
    VERSION = "version"


class CaptureError(Exception):
    """The error of a file that is not opened; `detail`: its version or its size in bytes."""

    def __init__(self, fault: CaptureFault, detail: str = "") -> None:
        super().__init__(f"{fault.value} {detail}".strip())
        self.fault = fault
        self.detail = detail


class Stopped(Enum):
    """The reason why the rest of a file was not read."""

    BAD_LINES = "bad lines"
    FULL = "full"


@dataclass(slots=True)
class Capture:
    """An opened file: rows with times in seconds since the epoch, and their exchanges."""

    path: Path
    store: TrafficStore
    exchanges: Exchanges
    bad_lines: int = 0
    """The number of lines that could not be read; each is a row of kind `BAD_LINE`."""
    bad_bookmarks: int = 0
    """The number of bookmarks that could not be read, or that belong to no row."""
    own: bool = False
    """True for a capture of this program, False for the log of another tool."""
    secrets_in_clear: bool = False
    """True if the file is marked as having passwords in clear; the rows are masked even then."""
    stopped: Stopped | None = None


class CaptureReader:
    """A reader of a file in steps, for a thread that has other work too; the file is closed between the steps.

    `mask` finds secrets, which are masked in the rows even if the file has them in clear. Reading stops when the rows
    take more than `max_bytes`. Raises OSError, and CaptureError for anything but a regular file.
    """

    def __init__(self, path: Path, mask: MbusMask, max_bytes: int | None = None) -> None:
        status = path.stat()
        # A folder is left to `open`, which has a good message for it.
        if not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
            raise CaptureError(CaptureFault.NO_FILE)
        self._size = status.st_size
        self._at = 0
        self._encoding = ""
        self._lines = 0
        self._max_bytes = max_bytes
        store = TrafficStore()
        self.capture = Capture(path, store, Exchanges(store))
        # A log with only the time of day was most likely written on the day of its last change.
        written = datetime.fromtimestamp(status.st_mtime)
        self._reader = _Reader(self.capture, mask, written.replace(hour=0, minute=0, second=0, microsecond=0))

    @property
    def share(self) -> float:
        """The share of the file that has been read, 0 to 1."""
        return min(1.0, self._at / self._size) if self._size else 1.0

    def step(self, size: int = _BLOCK) -> bool:
        """Read `size` characters and the rest of the last line; return whether there are others.

        Raises OSError, and CaptureError for an unusable file.
        """
        if self._size > MAX_FILE:
            raise CaptureError(CaptureFault.TOO_BIG, str(self._size))
        capture = self.capture
        if not self._encoding:
            with capture.path.open("rb") as beginning:
                self._encoding = text_encoding(beginning.read(4))
        with capture.path.open(encoding=self._encoding, errors="replace", newline="\n") as file:
            file.seek(self._at)
            text = _whole_lines(file, size)
            at = file.tell()
        if "\0" in text:
            raise CaptureError(CaptureFault.BINARY)
        self._take(text)
        # A file that is still being written is read up to its size at the beginning.
        self._at = at if text and at < self._size else self._size
        if capture.stopped is None and self._at == self._size:
            self._reader.end()
        capture.exchanges.catch_up(len(capture.store))
        return capture.stopped is None and self._at < self._size

    def _take(self, text: str) -> None:
        """Process whole lines."""
        text = text.replace("\r\n", "\n")
        lines = text.removesuffix("\n").split("\n") if text else []
        is_plain = self._fits(text, len(lines)) and is_plain_text(text)
        done = 0
        while done < len(lines) and self.capture.stopped is None:
            if is_plain and self.capture.own:
                done += self._reader.take_plain(lines, done)
            if done < len(lines):
                self._reader.take(self._lines + done + 1, lines[done].rstrip("\r"))
                done += 1
                self._check_limits()
        self._lines += done

    def _fits(self, text: str, lines: int) -> bool:
        """Return whether the rows of a text can surely be stored."""
        most = len(text) + ROW_COST * lines
        return self._max_bytes is None or self.capture.store.size + most <= self._max_bytes

    def _check_limits(self) -> None:
        capture = self.capture
        if capture.bad_lines > MAX_BAD_LINES:
            capture.stopped = Stopped.BAD_LINES
        elif self._max_bytes is not None and capture.store.size > self._max_bytes:
            capture.stopped = Stopped.FULL


def _whole_lines(file: TextIO, size: int) -> str:
    """Return the next `size` characters and the rest of their last line, of which at most `MAX_LINE` are added."""
    text = file.read(size)
    if text and not text.endswith("\n"):
        text += file.readline(MAX_LINE + 1)
        if not text.endswith("\n"):
            # The rest of an overlong line, if it is not the end of the file.
            while (rest := file.readline(MAX_LINE)) and not rest.endswith("\n"):
                pass
    return text


@dataclass(slots=True)
class _Reader:
    """The part of a reader that turns lines into rows."""

    capture: Capture
    mask: MbusMask
    midnight: datetime
    at: float = field(init=False)
    """The time of the last row."""
    pasted: PastedText = field(default_factory=PastedText)
    own: OwnLines = field(init=False)

    def __post_init__(self) -> None:
        self.at = seconds_of(self.midnight)
        self.own = OwnLines(self.capture.store)

    def take(self, number: int, raw: str) -> None:
        """Process one line: it becomes rows, waits for a line that continues it, or is ignored."""
        if len(raw) > MAX_LINE:
            self._bad(number, raw, Message("longer than {0} bytes", (MAX_LINE,)))
            return
        text = raw.strip("\ufeff \t\r\n\f\v")
        if not text:
            return
        if text.startswith("#"):
            self._comment(text)
            return
        try:
            if self.capture.own:
                row = parse_own(text)
                self.at = row.at
                self._store(row)
            else:
                self._take_pasted(self.pasted.take(text))
        except NotHex:
            self._bad(number, raw, _NO_TELEGRAM)
        except InvalidValue as error:
            self._bad(number, raw, error.message)

    def take_plain(self, lines: Sequence[str], first: int) -> int:
        """Store the rows of plain lines from `first` on, up to the next other line; return their number."""
        at, origins, datas, speeds, took = self.own.read(lines, first)

        def extend(part: slice) -> None:
            self.capture.store.extend(at[part], origins[part], datas[part], speeds[part], took[part])

        done = 0
        for place in self.mask.suspects(datas):
            extend(slice(done, place))
            self._store(parse_own(lines[first + place]))
            done = place + 1
        extend(slice(done, None))
        self.at = at[-1] if at else self.at
        return len(at)

    def end(self) -> None:
        """Process the end of the file."""
        self._take_pasted(self.pasted.flush())

    def _comment(self, text: str) -> None:
        if text.startswith(FORMAT):
            version = text.removeprefix(FORMAT).strip()
            if version != str(VERSION):
                raise CaptureError(CaptureFault.VERSION, version[:MAX_CHARACTERS])
            self.capture.own = True
        elif text.startswith(IN_CLEAR):
            self.capture.secrets_in_clear = True
        elif text.startswith(BOOKMARK) and self.capture.own:
            try:
                self._bookmark(*parse_bookmark(text))
            except ValueError:
                self.capture.bad_bookmarks += 1

    def _bookmark(self, number: int, at: float, note: str | None) -> None:
        store = self.capture.store
        if note is None:
            store.bookmarks.pop(number, None)
        elif number < len(store) and store.at(number) == at and _room(store, number):
            store.bookmarks[number] = note
        else:
            self.capture.bad_bookmarks += 1

    def _bad(self, number: int, raw: str, why: Message) -> None:
        self._take_pasted(self.pasted.flush())
        self.capture.bad_lines += 1
        # It may contain a password, which cannot be found in a bad line.
        shown = b"" if self.capture.secrets_in_clear else raw[:MAX_CHARACTERS].encode("utf-8", "replace")
        words = Message("line {0}: {1}", (number, why))
        self.capture.store.append(self.at, Side.MBUS, Direction.RECEIVED, RowKind.BAD_LINE, None, "", shown, (), words)

    # Other tools

    def _take_pasted(self, lines: Iterable[PastedLine]) -> None:
        """Process lines of other tools; an impossible time is ignored."""
        for line in lines:
            self.at += _MILLISECOND
            if line.time is not None:
                with contextlib.suppress(ValueError):
                    self.at = moment(line.time, self.midnight)
            self._take_bytes(line)

    def _take_bytes(self, line: PastedLine) -> None:
        """Store bytes of unknown side and kind: messages of the meter look like text, all else is M-Bus."""
        if _is_message(line.data):
            to_slave = line.to_slave
            if to_slave is None:
                to_slave = line.data[:1] in (b"\x01", b"\x06", b"\x15") or line.data[:2] == b"/?"
            self._add(Side.METER, Direction.SENT if to_slave else Direction.RECEIVED, RowKind.TELEGRAM, line)
            return
        events = decode_all(line.data)
        if line.masked or len(events) < 2:
            # With masked bytes the checksum cannot be right.
            kind = RowKind.TELEGRAM if line.masked else FRAME_KINDS[type(events[0])]
            self._add(Side.MBUS, _direction(line), kind, line)
            return
        for event in events:
            piece = replace(line, data=event.raw)
            self._add(Side.MBUS, _direction(piece), FRAME_KINDS[type(event)], piece)

    # Rows

    def _add(self, side: Side, direction: Direction, kind: RowKind, line: PastedLine) -> None:
        words = MASKED if line.masked else None
        self._store(TrafficRow(-1, self.at, side, direction, kind, None, "", line.data, line.masked, words))

    def _store(self, row: TrafficRow) -> None:
        secret = self.mask.ranges(row.data) if row.side is Side.MBUS else meter_ranges(row.data)
        store_masked(self.capture.store, row, merged((*row.masked, *secret)))


def _room(store: TrafficStore, number: int) -> bool:
    """Return whether a row may have a bookmark."""
    return number in store.bookmarks or len(store.bookmarks) < MAX_BOOKMARKS


def _is_message(data: bytes) -> bool:
    try:
        parse_message(data)
    except Iec62056Error:
        return False
    return True


def _direction(line: PastedLine) -> Direction:
    """Return the direction by the log's sign, else by bit PRM of the C field; an acknowledgement is of the slave."""
    to_slave = line.to_slave
    if to_slave is None:
        to_slave = control_of(line.data) & PRM != 0 if len(line.data) >= 5 else line.data != b"\xe5"
    return Direction.RECEIVED if to_slave else Direction.SENT
