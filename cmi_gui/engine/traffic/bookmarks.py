"""Bookmarks of rows, with notes, as lines of a capture (`docs/capture-format.md`)."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import msgspec

from cmi_gui.engine.traffic.log_time import timestamp

BOOKMARK = "# bookmark"
MAX_NOTE = 1000
"""The most characters of a note."""
MAX_BOOKMARKS = 10_000
"""The most bookmarks of one store or capture."""
_REMOVED = "-"
_LINE = re.compile(BOOKMARK + r' ([0-9]{1,10}) (\S{1,40}) (-|".*")')


def clean_note(text: str) -> str:
    """Return a note as it is kept: lines of printable characters, at most `MAX_NOTE`, without blanks around them."""
    lines = (
        "".join(char for char in line.replace("\t", " ") if char.isprintable()).rstrip() for line in text.splitlines()
    )
    return "\n".join(lines).strip()[:MAX_NOTE].rstrip()


def time_text(seconds: float) -> str:
    """Return seconds since the epoch as a capture has them: UTC with six decimals."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def bookmark_line(number: int, at: float, note: str | None) -> str:
    """Return the line for a bookmark of a row, or with None for its removal, without a line feed.

    `number`: the place of the row among the rows of the capture, from 0 on. `at`: its time in seconds since the epoch,
    so that a bookmark is never shown at another row if lines of the capture were deleted.
    """
    text = _REMOVED if note is None else msgspec.json.encode(clean_note(note)).decode()
    return f"{BOOKMARK} {number} {time_text(at)} {text}"


def parse_bookmark(text: str) -> tuple[int, float, str | None]:
    """Return number, time and note of a `bookmark_line`. Raises ValueError."""
    found = _LINE.fullmatch(text)
    if found is None:
        raise ValueError("it has no valid form")
    number, when, note = found.groups()
    at = timestamp(datetime.fromisoformat(when))
    return int(number), at, None if note == _REMOVED else clean_note(msgspec.json.decode(note, type=str))
