"""The secret bytes of telegrams: passwords, and all bytes from which a password could be calculated.

Secrets on the M-Bus are marked in the profile (`secret = true`); on the meter's side, every answer to a password
request (P1 to P9) is secret. Data *and* checksum or BCC are masked, because the data can be calculated from the
checksum and the rest.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

from cmi_gui.engine.cmi1020.profile import ModuleProfile
from cmi_gui.engine.mbus.ci import CI_SEND
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.frame import Frame, FrameKind, parse_frame
from cmi_gui.engine.mbus.record import decode_records

MASK = "**"
"""The text of a masked byte."""

Ranges = tuple[tuple[int, int], ...]
"""Pairs (index of the first, index after the last) of masked bytes, in order."""

_DATA_AT = 7
_PASSWORD = re.compile(rb"\x01P[1-9]\x02?")
"""SOH P1 STX to SOH P9 STX (IEC 62056-21 6.3.6); P0 is the operand, which is not secret."""
_COMMAND = re.compile(rb"\x01.{0,2}|P[1-9]\x02", re.DOTALL)
"""SOH and the name after it, or the beginning of a password message that has lost its SOH."""
_SETTING = re.compile(rb"\x68[\x43\x53\x63\x73].\x51", re.DOTALL)
"""The second start byte, C of SND_UD with any count bits, A, and CI 51 [DOC48 §5.2, §6.1]."""
_EXTENSION = 0x80


class MbusMask:
    """A finder of the secret bytes in M-Bus telegrams, by the profile's secret rows."""

    def __init__(self, profile: ModuleProfile) -> None:
        forms = [form for row in profile.command if row.secret for form in row.forms]
        plain = {form.vib_bytes for form in forms if form.text is None}
        # If an object action follows, the last VIFE has the extension bit.
        self._vibs = tuple(plain | {vib[:-1] + bytes((vib[-1] | _EXTENSION,)) for vib in plain})
        self._texts = frozenset(form.text for form in forms if form.text is not None)
        # The object action is after the text or before its length, so length and text are always together.
        self._signs = (*self._vibs, *{form.vib_bytes[1:] for form in forms if form.text is not None})
        # One pattern each: a search for an alternative of them takes three times as long as all of these.
        self._suspicious = (*(re.compile(re.escape(sign)) for sign in self._signs), _SETTING, _PASSWORD)

    def ranges(self, data: bytes) -> Ranges:
        """Return the ranges to mask in a telegram, good or damaged, from any sender; empty for nearly all."""
        try:
            frame = parse_frame(data)
        except MBusError:
            return self._in_damaged(data)
        if frame.kind is not FrameKind.LONG or self._sign_end(data) is None:
            return ()
        try:
            exact = self._in_records(frame)
        except MBusError:
            return _rest(data, self._sign_end(data))
        if frame.from_master:
            # With another CI, or after DIF 0F, it is unknown where a secret begins and ends.
            more = self._sign_end(data, exact[-1][1] if exact else 0)
            if more is not None:
                return (*exact, *_rest(data, more))
        return (*exact, (len(data) - 2, len(data) - 1)) if exact else ()

    def suspects(self, datas: Sequence[bytes]) -> list[int]:
        """Return the indices of all telegrams and messages that may have secrets, ascending, and of few others.

        In those left out, neither `ranges` nor `meter_ranges` finds anything.
        """
        # All at once, because a call for each telegram takes longer than the search itself.
        joined, ends = b"".join(datas), list(accumulate(map(len, datas)))
        found: set[int] = set()
        for pattern in self._suspicious:
            for match in pattern.finditer(joined):
                # A match may begin in one telegram and hide another match at the beginning of the next.
                first, last = (bisect_right(ends, at) for at in (match.start(), match.end() - 1))
                found.update(range(first, last + 1))
        return sorted(found)

    def _in_records(self, frame: Frame) -> Ranges:
        """Return the ranges of the secret records' data in a good telegram. Raises MBusError if it is not decodable."""
        if frame.from_master and frame.ci != CI_SEND:
            return ()
        start = 0 if frame.ci == CI_SEND else 12
        found = []
        for record in decode_records(frame.data, start=start, from_master=frame.from_master).records:
            if record.vif_text in self._texts or (record.vif_text is None and record.vib.startswith(self._vibs)):
                begin = _DATA_AT + record.offset + len(record.dib) + len(record.vib)
                found.append((begin, begin + len(record.raw)))
        return tuple(found)

    def _in_damaged(self, data: bytes) -> Ranges:
        """Return the range from the first sign of a secret to the end, because its end is unknown in damaged bytes.

        The sign itself may be damaged, so the beginning of any telegram that sets something counts as a sign too.
        """
        begins = [begin for begin in (self._sign_end(data),) if begin is not None]
        if (setting := _SETTING.search(data)) is not None:
            begins.append(setting.end())
        return _rest(data, min(begins, default=None))

    def _sign_end(self, data: bytes, start: int = 0) -> int | None:
        """Return the index after the first sign of a secret at or after `start`; None if there is none."""
        ends = (at + len(sign) for sign in self._signs if (at := data.find(sign, start)) >= 0)
        return min(ends, default=None)


def _rest(data: bytes, begin: int | None) -> Ranges:
    return ((begin, len(data)),) if begin is not None and begin < len(data) else ()


def meter_ranges(data: bytes) -> Ranges:
    """Return the ranges to mask in an IEC 62056-21 message, whole or not: all after STX of a password message."""
    found = _PASSWORD.search(data)
    return _rest(data, found.end()) if found else ()


def damaged_meter_ranges(data: bytes) -> Ranges:
    """Return the ranges to mask in damaged IEC 62056-21 messages: all after the name of the first command.

    Any command may have been a password message, because its name may be damaged.
    """
    found = _COMMAND.search(data)
    return _rest(data, found.end()) if found else ()


def apply_mask(data: bytes, ranges: Ranges) -> bytes:
    """Return the bytes with zeros in the masked ranges."""
    masked = bytearray(data)
    for first, stop in ranges:
        masked[first:stop] = bytes(stop - first)
    return bytes(masked)


def hex_text(data: bytes, ranges: Ranges) -> str:
    """Return bytes in hex with `**` for each masked one."""
    if not ranges:
        return data.hex(" ").upper()
    words = [f"{byte:02X}" for byte in data]
    for first, stop in ranges:
        words[first:stop] = [MASK] * (stop - first)
    return " ".join(words)


def parse_hex_text(digits: str) -> tuple[bytes, Ranges]:
    """Return the bytes and masked ranges of a text as from `hex_text` without a separator; masked bytes are 0."""
    if "*" not in digits:
        return bytes.fromhex(digits), ()
    pairs = [digits[at : at + 2] for at in range(0, len(digits), 2)]
    masked = merged((at, at + 1) for at, pair in enumerate(pairs) if pair == MASK)
    return bytes(0 if pair == MASK else int(pair, 16) for pair in pairs), masked


def merged(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Return ranges in order, with those that touch or overlap put together."""
    result: list[tuple[int, int]] = []
    for first, stop in sorted(ranges):
        if result and first <= result[-1][1]:
            result[-1] = (result[-1][0], max(stop, result[-1][1]))
        else:
            result.append((first, stop))
    return tuple(result)


def is_masked(ranges: Iterable[tuple[int, int]], index: int) -> bool:
    """Return whether the byte at `index` is in one of the ranges."""
    return any(first <= index < stop for first, stop in ranges)
