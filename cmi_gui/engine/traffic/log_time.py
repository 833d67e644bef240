"""Times as logs write them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

_YEARS = range(1970, 3000)
"""Outside, local time cannot be told on every system."""

_DATE_TIME = re.compile(r"(\d{4}[-/]\d\d[-/]\d\d)[T ](\d\d?:\d\d:\d\d)([.,]\d{1,9})?(Z|[+-]\d\d:?\d\d)?", re.ASCII)
_DAY_FIRST = re.compile(r"(\d\d?)([./-])(\d\d?)\2(\d{4}),?[T ]+(\d\d?:\d\d:\d\d)([.,]\d{1,9})?( ?[AP]M)?", re.ASCII)
# Bytes with colons between them are no time, nor are those with commas seconds.
_TIME = re.compile(r"(\d\d?):(\d\d):(\d\d)(?:[.,](\d{1,9})|:(\d{3})\b)?(?![:\w])", re.ASCII)
_SECONDS = re.compile(r"(\d{1,12}(?:\.\d{1,9}|,\d{3,9}))(?=[\s\])>:<;]|$)", re.ASCII)
DATED = (_DATE_TIME, _DAY_FIRST, _TIME)
"""Patterns of times that are taken for times wherever they stand."""
TIMES = (*DATED, _SECONDS)
"""Patterns of times at the beginning of a line, or behind a sign."""


def moment(found: re.Match[str], midnight: datetime) -> float:
    """Return a match of one of `TIMES` in seconds since the epoch.

    A time of day, and less than a thousand million seconds, count from `midnight`. Raises ValueError for what no
    calendar has.
    """
    if found.re is _SECONDS:
        seconds = float(found[0].replace(",", "."))
        # So many seconds are a date, fewer a stop watch.
        if seconds >= 3.2e10:
            raise ValueError(f"{found[0]} seconds are no date")
        return seconds if seconds >= 1e9 else midnight.timestamp() + seconds
    if found.re is _TIME:
        hours, minutes, whole, fraction, milliseconds = found.groups()
        since = timedelta(hours=int(hours), minutes=int(minutes), seconds=int(whole))
        return midnight.timestamp() + since.total_seconds() + float(f"0.{fraction or milliseconds or 0}")
    if found.re is _DATE_TIME:
        day, clock, fraction, zone = found.groups()
        day = day.replace("/", "-")
    else:
        first, mark, second, year, clock, fraction, half = found.groups()
        # With slashes the month is likely to stand first, as in America, unless it can be none.
        month, date = (first, second) if mark == "/" and int(first) <= 12 else (second, first)
        day, zone = f"{year}-{int(month):02}-{int(date):02}", ""
        if half:
            hour = int(clock.partition(":")[0]) % 12 + (12 if "P" in half else 0)
            clock = f"{hour:02}:{clock.partition(':')[2]}"
    whole_seconds = datetime.fromisoformat(f"{day}T{clock.zfill(8)}{zone or ''}")
    return timestamp(whole_seconds) + float(f"0.{fraction[1:]}" if fraction else 0)


def timestamp(when: datetime) -> float:
    """Return a time in seconds since the epoch. Raises ValueError for a year that not every system can tell."""
    if when.year not in _YEARS:
        raise ValueError(f"the year {when.year} is out of range")
    return when.timestamp()
