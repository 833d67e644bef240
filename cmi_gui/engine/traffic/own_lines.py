"""Lines of this program's captures as rows of traffic: plain ones quickly, many at once, the others one by one."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice

from cmi_gui.engine.messages import InvalidValue, Message
from cmi_gui.engine.traffic.capture import DIRECTIONS, KINDS, NOTHING, REMARK, SIDES, read_timing
from cmi_gui.engine.traffic.log_time import timestamp
from cmi_gui.engine.traffic.masking import Ranges, parse_hex_text
from cmi_gui.engine.traffic.pasted_line import WRONG_OCTETS
from cmi_gui.engine.traffic.store import MARKS, TrafficRow, TrafficStore

MASKED = Message("secrets masked")
MAX_CHARACTERS = 200
"""Characters of a remark, a link or a bad line that are stored."""

_KINDS = {name: kind for kind, name in KINDS.items()}
_SIDES = {name: side for side, name in SIDES.items()}
_DIRECTIONS = {name: direction for direction, name in DIRECTIONS.items()}

_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}|\*\*)+")
_BLANKS = "\t\v\f\r"
"""The characters besides the blank that `bytes.fromhex` ignores."""
_LONGEST = 4096
"""The most bytes in a plain line."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SECOND, _DIGITS = len("2026-11-21T08:15:03."), len("402118")
_MAX_ORIGINS = 1024

_MAX_TIMINGS = 4096

Columns = tuple[list[float], list[int], list[bytes], list[int], list[float]]
"""The columns of `TrafficStore.extend`."""


def is_plain_text(text: str) -> bool:
    """Return whether a text may have lines that `OwnLines.read` takes."""
    return text.isascii() and not any(blank in text for blank in _BLANKS)


def parse_own(text: str) -> TrafficRow:
    """Return the row of any line. Raises InvalidValue."""
    fields, _, remark = text.partition(REMARK)
    parts = fields.split(" ", 5)
    if len(parts) < 6:
        raise InvalidValue(Message("{0} fields instead of 6", (len(parts),)))
    when, side, direction, kind, link, octets = parts
    data, masked = (b"", ()) if octets == NOTHING else _parse_octets(octets.replace(" ", ""))
    for word, known in ((side, _SIDES), (direction, _DIRECTIONS), (kind, _KINDS)):
        if word not in known:
            raise InvalidValue(Message("{0} is not one of {1}", (repr(word[:MAX_CHARACTERS]), ", ".join(known))))
    name = link.replace("%3B", ";").replace("%20", " ").replace("%25", "%")
    try:
        at = timestamp(datetime.fromisoformat(when))
    except ValueError:
        raise InvalidValue(Message("{0} is not a valid time", (repr(when[:MAX_CHARACTERS]),))) from None
    beginning, _, rest = remark.partition(REMARK)
    timing = read_timing(beginning)
    words = "".join(char for char in (remark if timing is None else rest)[:MAX_CHARACTERS] if char.isprintable())
    return TrafficRow(
        -1,
        at,
        _SIDES[side],
        _DIRECTIONS[direction],
        _KINDS[kind],
        None,
        "" if link == NOTHING else name[:MAX_CHARACTERS],
        data,
        masked,
        (words or MASKED) if masked else words or None if _KINDS[kind] in MARKS else None,
        baud=None if timing is None else timing[0],
        took=None if timing is None else timing[1],
    )


def _parse_octets(digits: str) -> tuple[bytes, Ranges]:
    if not _HEX.fullmatch(digits):
        raise InvalidValue(WRONG_OCTETS)
    return parse_hex_text(digits)


class OwnLines:
    """A quick reader of plain lines: a time of six decimals, hex bytes without stars, no remark but a `timing_text`.

    It keeps what most lines have in common with those before: the second, the fields from side to link, the timing.
    """

    def __init__(self, store: TrafficStore) -> None:
        self._store = store
        self._second = ""
        self._microseconds = 0
        self._origins: dict[tuple[str, str, str, str], int] = {}
        self._timings: dict[str, tuple[int, float]] = {"": (0, math.nan)}

    def read(self, lines: Sequence[str], first: int) -> Columns:
        """Return the rows of the lines from `first` on, up to a line that is not plain.

        The lines must be of an `is_plain_text`. A row is what `parse_own` returns for its line.
        """
        second, microseconds, find_origin = self._second, self._microseconds, self._origins.get
        at: list[float] = []
        origins: list[int] = []
        datas: list[bytes] = []
        speeds: list[int] = []
        took: list[float] = []
        find_timing = self._timings.get
        for line in islice(lines, first, None):
            try:
                when, side, direction, kind, link, octets = line.split(" ", 5)
                octets, separator, remark = octets.partition(REMARK)
                data = bytes.fromhex(octets)
            except ValueError:
                break
            fraction = when[_SECOND:-1]
            if len(fraction) != _DIGITS or when[-1] != "Z" or not fraction.isdecimal():
                break
            if when[:_SECOND] != second:
                if not self._begin_second(when, fraction):
                    break
                second, microseconds = self._second, self._microseconds
            origin = find_origin((side, direction, kind, link))
            if origin is None:
                origin = self._learn_origin((side, direction, kind, link), line)
            if origin is None or not 0 < len(data) <= _LONGEST:
                break
            timing = find_timing(separator + remark) or self._learn_timing(remark)
            if timing is None:
                break
            at.append((microseconds + int(fraction)) / 1_000_000)
            origins.append(origin)
            datas.append(data)
            speeds.append(timing[0])
            took.append(timing[1])
        return at, origins, datas, speeds, took

    def _begin_second(self, when: str, fraction: str) -> bool:
        """Take over the second of a time; return False if it is not a valid one."""
        try:
            whole = datetime.fromisoformat(when)
            timestamp(whole)
        except ValueError:
            return False
        self._microseconds = (whole - _EPOCH) // _MICROSECOND - int(fraction)
        self._second = when[:_SECOND]
        return whole.microsecond == int(fraction)

    def _learn_timing(self, remark: str) -> tuple[int, float] | None:
        """Return the index of the speed in a remark and the seconds; None if it is another remark."""
        found = read_timing(remark)
        if found is None:
            return None
        if len(self._timings) >= _MAX_TIMINGS:
            # All lines without a remark have the first.
            self._timings = {"": self._timings[""]}
        timing = self._timings[REMARK + remark] = self._store.speed(found[0]), found[1]
        return timing

    def _learn_origin(self, fields: tuple[str, str, str, str], line: str) -> int | None:
        """Return the origin of rows with these fields; None if they are not valid."""
        try:
            row = parse_own(line)
        except InvalidValue:
            return None
        if len(self._origins) >= _MAX_ORIGINS or len(fields[-1]) > MAX_CHARACTERS:
            return None
        origin = self._origins[fields] = self._store.origin(row.side, row.direction, row.kind, row.link)
        return origin
