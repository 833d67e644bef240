"""Readings: the values in the data lines of a readout, each with its code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Final

from cmi_gui.engine.iec62056.dataset import scan_sets, split_line
from cmi_gui.engine.iec62056.errors import Iec62056Error

_NUMBER: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_NO_MEASUREMENT: Final = re.compile(
    r"(?:\d+-\d+:)?"  # groups A and B, where a meter spells them
    r"(?:"
    r"(?:0\.0|0\.2|96\.1|C\.1|C\.90"  # identifications, addresses, versions
    r"|0\.1\.[23]|0\.9|1\.0|C\.2\.[1-9]"  # clocks and the times of events
    r"|C\.[345]|F\.F|96\.5|97\.97)(?:\.\w+)?"  # words of bits
    r"|F)"
    r"(?:[*.&]\d+)?"  # group F
)
"""Codes whose value is not a measurement even if it has only digits (IEC 62056-61 and practice of meters)."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of a readout, as written.

    `number` is the exact value if `value` is a number and the code is of something measured or counted (not of a status
    word or a clock, which only look like numbers); else None. Only a number has a `unit`, empty if the meter gives
    none; the `*` and unit of any other value remain in `value`. `further`: the data sets after it that have no
    identifier, such as the time of a maximum.
    """

    code: str
    value: str
    number: Decimal | None = None
    unit: str = ""
    further: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The text between the first "(" and the last ")", as written by the meter."""
        first = f"{self.value}*{self.unit}" if self.unit else self.value
        return ")(".join((first, *self.further))


@lru_cache(maxsize=1024)  # most lines are the same from one readout to the next
def read_line(line: str) -> tuple[Reading, ...]:
    """Return the readings of a data line, one per identifier; none if it is not of the form `CODE(...)`.

    Characters and lengths are not checked. If the brackets are not paired, all of it is one text value.
    """
    split = split_line(line)
    if split is None:
        return ()
    readings: list[Reading] = []
    try:
        for code, value, unit in scan_sets(line):
            text = value if unit is None else f"{value}*{unit}"
            if not code:
                readings[-1] = replace(readings[-1], further=(*readings[-1].further, text))
            elif not _NO_MEASUREMENT.fullmatch(code) and _NUMBER.fullmatch(value):
                readings.append(Reading(code, value, Decimal(value), unit or ""))
            else:
                readings.append(Reading(code, text))
    except Iec62056Error:
        return (Reading(*split),)
    return tuple(readings)


def read_lines(lines: Iterable[str]) -> Iterator[Reading]:
    """Yield the readings of a readout, each with a unique code.

    A repeated code gets its place added: `1.6.1`, `1.6.1 (2)`. The codes of meters never contain a bracket.
    """
    seen: dict[str, int] = {}
    for line in lines:
        for reading in read_line(line):
            occurrence = seen[reading.code] = seen.get(reading.code, 0) + 1
            yield reading if occurrence == 1 else replace(reading, code=f"{reading.code} ({occurrence})")
