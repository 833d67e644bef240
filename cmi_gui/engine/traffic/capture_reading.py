"""Opening captures and the logs of other tools: untrusted text to rows of traffic, as `docs/capture-format.md` says."""

from __future__ import annotations

import contextlib
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import TextIO

from cmi_gui.engine.iec62056.errors import Iec62056Error
from cmi_gui.engine.iec62056.message import parse_message
from cmi_gui.engine.mbus.frame import PRM, FrameDecoder
from cmi_gui.engine.messages import Argument, InvalidValue, Message
from cmi_gui.engine.traffic.capture import DIRECTIONS, FORMAT, IN_CLEAR, KINDS, NOTHING, REMARK, SIDES, VERSION
from cmi_gui.engine.traffic.exchanges import Exchanges
from cmi_gui.engine.traffic.log_time import moment, timestamp
from cmi_gui.engine.traffic.masking import MASK, MbusMask, Ranges, apply_mask, meter_ranges
from cmi_gui.engine.traffic.pasted import PastedText, text_encoding
from cmi_gui.engine.traffic.pasted_line import WRONG_OCTETS, NotHex, PastedLine
from cmi_gui.engine.traffic.recorder import FRAME_KINDS
from cmi_gui.engine.traffic.store import Direction, RowKind, Side, TrafficRow, TrafficStore
from cmi_gui.engine.traffic.summaries import masked_summary
from cmi_gui.engine.traffic.telegram_type import address_of, control_of

MAX_FILE = 1 << 30
"""Bytes."""
MAX_LINE = 64 << 10
"""Bytes; a telegram has 261, a message of the meter some thousand."""
MAX_BAD_LINES = 1000
"""A file with more lines that cannot be read is no log of telegrams."""
_SHOWN = 200
"""Characters of a bad line or a remark that are kept."""
_MILLISECOND = 0.001
_NO_TELEGRAM = Message("no telegram in hex")


class CaptureFault(Enum):
    """Why a file is not opened at all."""

    NO_FILE = "no regular file"
    """A pipe or a device: reading might never end."""
    TOO_BIG = "too big"
    BINARY = "binary"
    VERSION = "version"


class CaptureError(Exception):
    """`fault` says why, `detail` is the version or size that is meant."""

    def __init__(self, fault: CaptureFault, detail: str = "") -> None:
        super().__init__(f"{fault.value} {detail}".strip())
        self.fault = fault
        self.detail = detail


class Stopped(Enum):
    """Why the rest of a file was not read."""

    BAD_LINES = "bad lines"
    FULL = "full"


@dataclass(slots=True)
class Capture:
    """An opened file: rows with wall times (seconds since the epoch), and how they belong together."""

    path: Path
    store: TrafficStore
    exchanges: Exchanges
    bad_lines: int = 0
    """Lines that could not be read; each is a row of kind `BAD_LINE`."""
    own: bool = False
    """A capture of this program's, not the log of another tool."""
    secrets_in_clear: bool = False
    """The file says that it has passwords in clear; the rows are masked all the same."""
    stopped: Stopped | None = None


_KINDS = {name: kind for kind, name in KINDS.items()}
_SIDES = {name: side for side, name in SIDES.items()}
_DIRECTIONS = {name: direction for direction, name in DIRECTIONS.items()}

_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}|\*\*)+")


class CaptureReader:
    """Reads a file piece by piece, for a thread that has other work too; nothing stays open in between.

    `mask` says what is secret: what the file shows in clear is masked in the rows. Reading stops when the rows take
    more than `max_bytes`. Raises OSError, and CaptureError for what is no regular file.
    """

    def __init__(self, path: Path, mask: MbusMask, max_bytes: int | None = None) -> None:
        status = path.stat()
        # A folder is left to `open`, whose words for it are good.
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
        """Read on; returns whether there is more. Raises CaptureError for what is not opened at all, OSError."""
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
    """The next line, None at the file's end; of an endless one the first `MAX_LINE` + 1 characters.

    Raises CaptureError for bytes that are no text.
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


@dataclass(frozen=True, slots=True)
class _Line:
    """The content of a line; `side` and `kind` None: to be worked out from the bytes."""

    at: float
    data: bytes
    masked: Ranges = ()
    side: Side | None = None
    direction: Direction | None = None
    to_slave: bool | None = None
    kind: RowKind | None = None
    link: str = ""
    remark: str = ""


@dataclass(slots=True)
class _Reader:
    """Takes the lines of one file."""

    capture: Capture
    mask: MbusMask
    midnight: datetime
    at: float = field(init=False)
    """The time of the last row."""
    pasted: PastedText = field(default_factory=PastedText)

    def __post_init__(self) -> None:
        self.at = self.midnight.timestamp()

    def take(self, number: int, raw: str) -> None:
        """Process one line: it becomes rows, is continued by the next line, or is ignored."""
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
                self._own_line(_parse_own(text))
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
                raise CaptureError(CaptureFault.VERSION, version[:_SHOWN])
            self.capture.own = True
        elif text.startswith(IN_CLEAR):
            self.capture.secrets_in_clear = True

    def _bad(self, number: int, raw: str, why: Message) -> None:
        self._take_pasted(self.pasted.flush())
        self.capture.bad_lines += 1
        # It may hold a password, which cannot be found in a bad line.
        shown = b"" if self.capture.secrets_in_clear else raw[:_SHOWN].encode("utf-8", "replace")
        words = Message("line {0}: {1}", (number, why))
        self.capture.store.append(self.at, Side.MBUS, Direction.RECEIVED, RowKind.BAD_LINE, None, "", shown, (), words)

    def _own_line(self, line: _Line) -> None:
        self.at = line.at
        side, direction = line.side or Side.MBUS, line.direction or Direction.RECEIVED
        self._store(line, side, direction, line.kind or RowKind.TELEGRAM)

    # Other tools

    def _take_pasted(self, lines: Iterable[PastedLine]) -> None:
        """Take lines as other tools write them; a time that no calendar has is taken for none."""
        for line in lines:
            self.at += _MILLISECOND
            if line.time is not None:
                with contextlib.suppress(ValueError):
                    self.at = moment(line.time, self.midnight)
            self._take_bytes(_Line(self.at, line.data, line.masked, to_slave=line.to_slave))

    def _take_bytes(self, line: _Line) -> None:
        """Find out what bytes without a side are: messages of the meter look like text, all else is M-Bus."""
        if _is_message(line.data):
            to_slave = line.to_slave
            if to_slave is None:
                to_slave = line.data[:1] in (b"\x01", b"\x06", b"\x15") or line.data[:2] == b"/?"
            self._store(line, Side.METER, Direction.SENT if to_slave else Direction.RECEIVED, RowKind.TELEGRAM)
            return
        decoder = FrameDecoder()
        events = [*decoder.feed(line.data), *decoder.idle()]
        if line.masked or len(events) < 2:
            # With masked bytes the checksum cannot be right.
            kind = RowKind.TELEGRAM if line.masked else FRAME_KINDS[type(events[0])]
            self._store(line, Side.MBUS, _direction(line.data, line.to_slave), kind)
            return
        for event in events:
            piece = _Line(line.at, event.raw)
            self._store(piece, Side.MBUS, _direction(event.raw, line.to_slave), FRAME_KINDS[type(event)])

    # Rows

    def _store(self, line: _Line, side: Side, direction: Direction, kind: RowKind) -> None:
        data = line.data
        found = self.mask.ranges(data) if side is Side.MBUS else meter_ranges(data)
        masked = _merged(line.masked, found)
        words: Argument = ""
        if line.masked:
            words = line.remark or Message("secrets masked")
        elif masked:
            row = TrafficRow(-1, line.at, side, direction, kind, None, line.link, data)
            words = masked_summary(row)
        address = address_of(data) if side is Side.MBUS and kind in (RowKind.TELEGRAM, RowKind.EXPIRED) else None
        self.capture.store.append(
            line.at, side, direction, kind, address, line.link, apply_mask(data, masked), masked, words
        )


def _parse_own(text: str) -> _Line:
    fields, _, remark = text.partition(REMARK)
    parts = fields.split(" ", 5)
    if len(parts) < 6:
        raise InvalidValue(Message("{0} fields instead of 6", (len(parts),)))
    when, side, direction, kind, link, octets = parts
    data, masked = (b"", ()) if octets == NOTHING else _bytes_of(octets.replace(" ", ""), WRONG_OCTETS)
    for word, known in ((side, _SIDES), (direction, _DIRECTIONS), (kind, _KINDS)):
        if word not in known:
            raise InvalidValue(Message("{0} is none of {1}", (repr(word[:_SHOWN]), ", ".join(known))))
    name = link.replace("%3B", ";").replace("%20", " ").replace("%25", "%")
    try:
        at = timestamp(datetime.fromisoformat(when))
    except ValueError:
        raise InvalidValue(Message("{0} is no time", (repr(when[:_SHOWN]),))) from None
    return _Line(
        at,
        data,
        masked,
        _SIDES[side],
        _DIRECTIONS[direction],
        kind=_KINDS[kind],
        link="" if link == NOTHING else name[:_SHOWN],
        remark="".join(char for char in remark[:_SHOWN] if char.isprintable()),
    )


def _bytes_of(digits: str, wrong: Message) -> tuple[bytes, Ranges]:
    """Bytes and the masked ones among them, from pairs of hex digits or stars. Raises InvalidValue with `wrong`."""
    if not _HEX.fullmatch(digits):
        raise InvalidValue(wrong)
    if "*" not in digits:
        return bytes.fromhex(digits), ()
    pairs = [digits[at : at + 2] for at in range(0, len(digits), 2)]
    hidden = [(at, at + 1) for at, pair in enumerate(pairs) if pair == MASK]
    return bytes(0 if pair == MASK else int(pair, 16) for pair in pairs), _merged(tuple(hidden), ())


def _merged(a: Ranges, b: Ranges) -> Ranges:
    """Two sets of ranges as one, in order, touching ones put together."""
    merged: list[tuple[int, int]] = []
    for first, behind in sorted((*a, *b)):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(behind, merged[-1][1]))
        else:
            merged.append((first, behind))
    return tuple(merged)


def _is_message(data: bytes) -> bool:
    try:
        parse_message(data)
    except Iec62056Error:
        return False
    return True


def _direction(data: bytes, to_slave: bool | None) -> Direction:
    """By the log's sign, else by the direction bit of the C field; an ack comes from the slave."""
    if to_slave is not None:
        return Direction.RECEIVED if to_slave else Direction.SENT
    if len(data) < 5:
        return Direction.SENT if data == b"\xe5" else Direction.RECEIVED
    return Direction.RECEIVED if control_of(data) & PRM else Direction.SENT
