"""Which bytes of a telegram are secret: passwords and whatever would let them be worked out.

What is secret on the M-Bus is said by the profile (`secret = true`); on the meter's side it is every answer to a
password request (P1 to P9). Data *and* checksum or BCC are masked, as one of them and the rest give the other away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from cmi_gui.engine.cmi1020.profile import ModuleProfile
from cmi_gui.engine.mbus.ci import CI_SEND
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.frame import FrameKind, parse_frame
from cmi_gui.engine.mbus.record import decode_records

__all__ = ["MASK", "MbusMask", "Ranges", "apply_mask", "hex_text", "is_masked", "meter_ranges"]

MASK = "**"
"""How a masked byte is written."""

Ranges = tuple[tuple[int, int], ...]
"""(first, behind the last) of masked bytes, in order."""

_DATA_AT = 7
_PASSWORD = re.compile(rb"\x01P[1-9]\x02?")
"""SOH P1 STX, and so on (IEC 62056-21 6.3.6); P0 is the operand, which is no secret."""
_EXTENSION = 0x80


class MbusMask:
    """Finds the secret bytes of M-Bus telegrams by the profile's secret rows."""

    def __init__(self, profile: ModuleProfile) -> None:
        vibs = {form.vib_bytes for row in profile.command if row.secret for form in row.forms}
        # With an object action behind it, the last VIFE carries the extension bit.
        self._patterns = tuple(vibs | {vib[:-1] + bytes((vib[-1] | _EXTENSION,)) for vib in vibs})

    def ranges(self, data: bytes) -> Ranges:
        """What to mask of a telegram, good or damaged, from whomever to whomever; empty for nearly all."""
        if not any(pattern in data for pattern in self._patterns):
            return ()
        exact = self._in_records(data)
        return self._from_pattern(data) if exact is None else exact

    def _in_records(self, data: bytes) -> Ranges | None:
        """The data of secret records in a good telegram; None if it cannot be decoded."""
        try:
            frame = parse_frame(data)
            if frame.kind is not FrameKind.LONG:
                return ()
            start = 0 if frame.ci == CI_SEND else 12
            records = decode_records(frame.data, start=start, from_master=frame.from_master).records
        except MBusError:
            return None
        found = []
        for record in records:
            if any(record.vib.startswith(pattern) for pattern in self._patterns):
                begin = _DATA_AT + record.offset + len(record.dib) + len(record.vib)
                found.append((begin, begin + len(record.raw)))
        return (*found, (len(data) - 2, len(data) - 1)) if found else ()

    def _from_pattern(self, data: bytes) -> Ranges:
        """Everything behind the first sign of a secret: of damaged bytes nobody knows where it ends."""
        begin = min(at + len(pattern) for pattern in self._patterns if (at := data.find(pattern)) >= 0)
        return ((begin, len(data)),) if begin < len(data) else ()


def meter_ranges(data: bytes) -> Ranges:
    """What to mask of an IEC 62056-21 message, whole or broken off: all behind STX of a password message."""
    found = _PASSWORD.search(data)
    return ((found.end(), len(data)),) if found and found.end() < len(data) else ()


def apply_mask(data: bytes, ranges: Ranges) -> bytes:
    """The bytes with zeros in the masked places."""
    masked = bytearray(data)
    for first, behind in ranges:
        masked[first:behind] = bytes(behind - first)
    return bytes(masked)


def hex_text(data: bytes, ranges: Ranges, separator: str = " ") -> str:
    """Bytes in hex with `**` for each masked one."""
    words = [f"{byte:02X}" for byte in data]
    for first, behind in ranges:
        words[first:behind] = [MASK] * (behind - first)
    return separator.join(words)


def is_masked(ranges: Iterable[tuple[int, int]], index: int) -> bool:
    """Whether the byte at `index` is masked."""
    return any(first <= index < behind for first, behind in ranges)
