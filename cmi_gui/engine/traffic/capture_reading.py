"""Reading of captures (`docs/capture-format.md`) and of other tools' logs as rows of traffic; the text is untrusted."""

from __future__ import annotations

import contextlib
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import TextIO

from cmi_gui.engine.iec62056.errors import Iec62056Error
from cmi_gui.engine.iec62056.message import parse_message
from cmi_gui.engine.mbus.frame import PRM
from cmi_gui.engine.mbus.frame_decoder import FrameDecoder
from cmi_gui.engine.messages import InvalidValue, Message
from cmi_gui.engine.traffic.capture import DIRECTIONS, FORMAT, IN_CLEAR, KINDS, NOTHING, REMARK, SIDES, VERSION
from cmi_gui.engine.traffic.exchanges import Exchanges
from cmi_gui.engine.traffic.log_time import moment, timestamp
from cmi_gui.engine.traffic.masking import MbusMask, Ranges, merged, meter_ranges, parse_hex_text
from cmi_gui.engine.traffic.pasted import PastedText, text_encoding
from cmi_gui.engine.traffic.pasted_line import WRONG_OCTETS, NotHex, PastedLine
from cmi_gui.engine.traffic.recorder import FRAME_KINDS, store_masked
from cmi_gui.engine.traffic.store import Direction, RowKind, Side, TrafficRow, TrafficStore
from cmi_gui.engine.traffic.telegram_type import control_of

MAX_FILE = 1 << 30
"""Bytes."""
MAX_LINE = 64 << 10
"""Bytes; a telegram has at most 261, a message of the meter some thousand."""
MAX_BAD_LINES = 1000
"""A file with more lines that cannot be read is not a log of telegrams."""
_MAX_CHARACTERS = 200
"""Characters of a bad line or a remark that are stored."""
_MILLISECOND = 0.001
_NO_TELEGRAM = Message("no telegram in hex")
_MASKED = Message("secrets masked")


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
    own: bool = False
    """True for a capture of this program, False for the log of another tool."""
    secrets_in_clear: bool = False
    """True if the file is marked as having passwords in clear; the rows are masked even then."""
    stopped: Stopped | None = None


_KINDS = {name: kind for kind, name in KINDS.items()}
_SIDES = {name: side for side, name in SIDES.items()}
_DIRECTIONS = {name: direction for direction, name in DIRECTIONS.items()}

_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}|\*\*)+")


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
        self._number = 0
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

    def step(self, lines: int = 4000) -> bool:
        """Read more lines; return whether there are others. Raises OSError, and CaptureError for an unusable file."""
        if self._size > MAX_FILE:
            raise CaptureError(CaptureFault.TOO_BIG, str(self._size))
        capture = self.capture
        if not self._encoding:
            with capture.path.open("rb") as beginning:
                self._encoding = text_encoding(beginning.read(4))
        with capture.path.open(encoding=self._encoding, errors="replace", newline="\n") as file:
            file.seek(self._at)
            for _ in range(lines):
                text = _line_of(file)
                if text is None:
                    self._at = self._size
                    self._reader.end()
                    break
                self._number += 1
                self._reader.take(self._number, text)
                if capture.bad_lines > MAX_BAD_LINES:
                    capture.stopped = Stopped.BAD_LINES
                elif self._max_bytes is not None and capture.store.size > self._max_bytes:
                    capture.stopped = Stopped.FULL
                if capture.stopped is not None:
                    break
            else:
                self._at = file.tell()
        capture.exchanges.catch_up(len(capture.store))
        # A file that is still being written is read up to its size at the beginning.
        return capture.stopped is None and self._at < self._size


def _line_of(file: TextIO) -> str | None:
    """Return the next line, or None at the file's end; of an overlong line the first `MAX_LINE` + 1 characters.

    Raises CaptureError for bytes that are not text.
    """
    text = file.readline(MAX_LINE + 1)
    if not text:
        return None
    if "\0" in text:
        raise CaptureError(CaptureFault.BINARY)
    if len(text) > MAX_LINE and not text.endswith("\n"):
        while (rest := file.readline(MAX_LINE)) and not rest.endswith("\n"):
            pass
        return text
    return text.rstrip("\r\n")


@dataclass(slots=True)
class _Reader:
    """The part of a reader that turns lines into rows."""

    capture: Capture
    mask: MbusMask
    midnight: datetime
    at: float = field(init=False)
    """The time of the last row."""
    pasted: PastedText = field(default_factory=PastedText)

    def __post_init__(self) -> None:
        self.at = self.midnight.timestamp()

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
                row = _parse_own(text)
                self.at = row.at
                self._store(row)
            else:
                self._take_pasted(self.pasted.take(text))
        except NotHex:
            self._bad(number, raw, _NO_TELEGRAM)
        except InvalidValue as error:
            self._bad(number, raw, error.message)

    def end(self) -> None:
        """Process the end of the file."""
        self._take_pasted(self.pasted.flush())

    def _comment(self, text: str) -> None:
        if text.startswith(FORMAT):
            version = text.removeprefix(FORMAT).strip()
            if version != str(VERSION):
                raise CaptureError(CaptureFault.VERSION, version[:_MAX_CHARACTERS])
            self.capture.own = True
        elif text.startswith(IN_CLEAR):
            self.capture.secrets_in_clear = True

    def _bad(self, number: int, raw: str, why: Message) -> None:
        self._take_pasted(self.pasted.flush())
        self.capture.bad_lines += 1
        # It may contain a password, which cannot be found in a bad line.
        shown = b"" if self.capture.secrets_in_clear else raw[:_MAX_CHARACTERS].encode("utf-8", "replace")
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
        decoder = FrameDecoder()
        events = [*decoder.feed(line.data), *decoder.idle()]
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
        words = _MASKED if line.masked else None
        self._store(TrafficRow(-1, self.at, side, direction, kind, None, "", line.data, line.masked, words))

    def _store(self, row: TrafficRow) -> None:
        secret = self.mask.ranges(row.data) if row.side is Side.MBUS else meter_ranges(row.data)
        store_masked(self.capture.store, row, merged((*row.masked, *secret)))


def _parse_own(text: str) -> TrafficRow:
    fields, _, remark = text.partition(REMARK)
    parts = fields.split(" ", 5)
    if len(parts) < 6:
        raise InvalidValue(Message("{0} fields instead of 6", (len(parts),)))
    when, side, direction, kind, link, octets = parts
    data, masked = (b"", ()) if octets == NOTHING else _parse_octets(octets.replace(" ", ""))
    for word, known in ((side, _SIDES), (direction, _DIRECTIONS), (kind, _KINDS)):
        if word not in known:
            raise InvalidValue(Message("{0} is not one of {1}", (repr(word[:_MAX_CHARACTERS]), ", ".join(known))))
    name = link.replace("%3B", ";").replace("%20", " ").replace("%25", "%")
    try:
        at = timestamp(datetime.fromisoformat(when))
    except ValueError:
        raise InvalidValue(Message("{0} is not a valid time", (repr(when[:_MAX_CHARACTERS]),))) from None
    words = "".join(char for char in remark[:_MAX_CHARACTERS] if char.isprintable())
    return TrafficRow(
        -1,
        at,
        _SIDES[side],
        _DIRECTIONS[direction],
        _KINDS[kind],
        None,
        "" if link == NOTHING else name[:_MAX_CHARACTERS],
        data,
        masked,
        (words or _MASKED) if masked else None,
    )


def _parse_octets(digits: str) -> tuple[bytes, Ranges]:
    if not _HEX.fullmatch(digits):
        raise InvalidValue(WRONG_OCTETS)
    return parse_hex_text(digits)


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
