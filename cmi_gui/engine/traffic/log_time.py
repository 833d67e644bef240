"""Times in logs."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from cmi_gui.engine.clock import seconds_of

_YEARS = range(1970, 3000)
"""Years whose local time every system can calculate."""

_DATE_TIME = re.compile(r"(\d{4}[-/]\d\d[-/]\d\d)[T ](\d\d?:\d\d:\d\d)([.,]\d{1,9})?(Z|[+-]\d\d:?\d\d)?", re.ASCII)
_DAY_FIRST = re.compile(r"(\d\d?)([./-])(\d\d?)\2(\d{4}),?[T ]+(\d\d?:\d\d:\d\d)([.,]\d{1,9})?( ?[AP]M)?", re.ASCII)
# Bytes separated by colons must not be read as a time, nor those separated by commas as seconds.
_TIME = re.compile(r"(\d\d?):(\d\d):(\d\d)(?:[.,](\d{1,9})|:(\d{3})\b)?(?![:\w])", re.ASCII)
_SECONDS = re.compile(r"(\d{1,12}(?:\.\d{1,9}|,\d{3,9}))(?=[\s\])>:<;]|$)", re.ASCII)
DATED = (_DATE_TIME, _DAY_FIRST, _TIME)
"""Patterns of times anywhere in a line."""
TIMES = (*DATED, _SECONDS)
"""Patterns of times at the beginning of a line, or after a sign of the direction."""


def moment(found: re.Match[str], midnight: datetime) -> float:
    """Return a match of one of `TIMES` in seconds since the epoch.

    A time of day, and seconds below 1e9, count from `midnight`. Raises ValueError for an impossible date or time.
    """
    if found.re is _SECONDS:
        seconds = float(found[0].replace(",", "."))
        # From 1e9 on they are a date, below that a time since the log began.
        if seconds >= 3.2e10:
            raise ValueError(f"{found[0]} seconds are not a date")
        return seconds if seconds >= 1e9 else seconds_of(midnight) + seconds
    if found.re is _TIME:
        hours, minutes, whole, fraction, milliseconds = found.groups()
        since = timedelta(hours=int(hours), minutes=int(minutes), seconds=int(whole))
        return seconds_of(midnight) + since.total_seconds() + float(f"0.{fraction or milliseconds or 0}")
    if found.re is _DATE_TIME:
        day, clock, fraction, zone = found.groups()
        day = day.replace("/", "-")
    else:
        first, mark, second, year, clock, fraction, half = found.groups()
        # With slashes the month is probably first, as in America, unless the number is too high for a month.
        month, date = (first, second) if mark == "/" and int(first) <= 12 else (second, first)
        day, zone = f"{year}-{int(month):02}-{int(date):02}", ""
        if half:
            hour = int(clock.partition(":")[0]) % 12 + (12 if "P" in half else 0)
            clock = f"{hour:02}:{clock.partition(':')[2]}"
    whole_seconds = datetime.fromisoformat(f"{day}T{clock.zfill(8)}{zone or ''}")
    return timestamp(whole_seconds) + float(f"0.{fraction[1:]}" if fraction else 0)


def timestamp(when: datetime) -> float:
    """Return a time in seconds since the epoch. Raises ValueError for a year outside 1970 to 2999."""
    if when.year not in _YEARS:
        raise ValueError(f"the year {when.year} is out of range")
    return seconds_of(when)
