"""A file to which cyclic readings are added: CSV with a line for each value, or JSON with a line for each module.

Each module's readings are added in one step and synced, so that a kill leaves them in the file whole or not at all. The
file itself is what says which modules were read at a time, so a continued file has no line twice.
"""

from __future__ import annotations

import csv
import json
import os
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Final

from cmi_gui.engine.files.table import Cell, Column, TableData
from cmi_gui.engine.files.table_text import RFC_4180, csv_file
from cmi_gui.engine.files.toml_file import FileError
from cmi_gui.engine.mbus.render import Json, json_text
from cmi_gui.engine.messages import Message
from cmi_gui.engine.site.model import SiteModule, SiteReading
from cmi_gui.engine.site.read_many import ReadResult
from cmi_gui.engine.site.values_table import cell_of

SUFFIXES: Final = (".csv", ".jsonl")
_COLUMNS: Final = ("time", "read at", "place", "module", "meter", "code", "value", "unit", "note")
_LINE_BEGIN: Final = b'{"time":"'
_TAIL: Final = 8_000_000
"""Bytes at the end of a file in which the present slot is looked for; 250 modules need about 500,000."""


class ReadingsLog:
    """The file at `path`, made if it is missing, else continued.

    `slot`: the present one; what a power failure left of a module in it is removed, so that it can be read again.
    `zone`: of the times in it; None is the system's. Raises OSError, and FileError for a file of anything else.
    """

    def __init__(self, path: Path, slot: datetime, zone: tzinfo | None = None) -> None:
        self._lines = path.suffix.lower() == ".jsonl"
        self._zone = zone
        self._written: set[tuple[datetime, str]] = set()
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        self._file = os.open(path, flags, 0o600)
        try:
            if not stat.S_ISREG(os.fstat(self._file).st_mode):
                raise FileError(path.name, Message("is not a regular file"))
            self._continue(path, slot)
        except BaseException:
            os.close(self._file)
            raise

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    def has(self, slot: datetime, module: SiteModule) -> bool:
        """Return whether the file has lines of a module in a slot."""
        return (slot.astimezone(UTC), _key(module)) in self._written

    def add(self, slot: datetime, result: ReadResult, codes: Collection[str] | None) -> None:
        """Add the readings of a module, or why there are none. `codes`: those to add, None for all. Raises OSError."""
        chosen = [
            reading
            for code, reading in result.module.readings.items()
            if reading.at == result.at and (codes is None or code in codes)
        ]
        self._append(self._json_line(slot, result, chosen) if self._lines else self._csv_lines(slot, result, chosen))
        self._written.add((slot.astimezone(UTC), _key(result.module)))

    def _append(self, data: bytes) -> None:
        os.lseek(self._file, 0, os.SEEK_END)
        while data:
            data = data[os.write(self._file, data) :]
        os.fsync(self._file)

    def _csv_lines(self, slot: datetime, result: ReadResult, readings: list[SiteReading]) -> bytes:
        module = result.module
        note = "" if result.failure is None else str(result.failure)
        known = (_key(module), module.meter_read or module.meter)

        begin: list[Cell] = [slot.astimezone(self._zone), result.at.astimezone(self._zone), module.place, *known]
        values: list[list[Cell]] = [[reading.code, cell_of(reading), reading.unit] for reading in readings]
        rows = [[*begin, *value, note] for value in values or [[None, None, None]]]
        return b"".join(list(_csv(rows))[2:])

    def _json_line(self, slot: datetime, result: ReadResult, readings: list[SiteReading]) -> bytes:
        module = result.module
        values: list[Json] = [
            {"code": reading.code, "value": reading.value, "unit": reading.unit, "read_at": reading.at.isoformat()}
            for reading in readings
        ]
        document: dict[str, Json] = {
            "time": slot.astimezone(self._zone).isoformat(),
            "read_at": result.at.astimezone(self._zone).isoformat(timespec="milliseconds"),
            "place": module.place,
            "module": _key(module),
            "meter": module.meter_read or module.meter,
            "readings": values,
            "failure": None if result.failure is None else str(result.failure),
        }
        return f"{json_text(document)}\n".encode()

    def _continue(self, path: Path, slot: datetime) -> None:
        size = os.fstat(self._file).st_size
        titles = b"" if self._lines else b"".join(_csv(()))
        begun = self._read(0, len(titles))
        if size < len(titles) and titles.startswith(begun):
            os.ftruncate(self._file, 0)
            self._append(titles)
            return
        if begun != titles:
            raise FileError(path.name, Message("is not a file of cyclic readings: choose another name"))
        begin = max(len(titles), size - _TAIL)
        tail = self._read(begin, size - begin)
        if begin > len(titles):
            skipped = tail.find(b"\n") + 1
            begin, tail = begin + skipped, tail[skipped:]
        whole = tail.rfind(b"\n") + 1
        cut, tail = tail[whole:], tail[:whole]
        ends = _keys(tail, self._lines, path)
        self._written = {key for key, _ in ends}
        if cut:
            if self._lines and not (cut.startswith(_LINE_BEGIN) or _LINE_BEGIN.startswith(cut)):
                raise FileError(path.name, Message("is not a file of cyclic readings: choose another name"))
            keep = begin + len(tail)
            last = ends[-1][0] if ends else None
            # The line that was cut off may belong to the module before it.
            if last is not None and last[0] == slot.astimezone(UTC) and not self._lines:
                self._written.discard(last)
                keep = begin + min(at for key, at in ends if key == last)
            os.ftruncate(self._file, keep)

    def _read(self, at: int, size: int) -> bytes:
        os.lseek(self._file, at, os.SEEK_SET)
        parts = []
        while size and (part := os.read(self._file, size)):
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


def _csv(rows: Iterable[list[Cell]]) -> Iterator[bytes]:
    return csv_file(TableData("", [Column(title) for title in _COLUMNS], rows), RFC_4180)


def _keys(data: bytes, lines: bool, path: Path) -> list[tuple[tuple[datetime, str], int]]:
    """Return the slot and module of each line, and where it begins in `data`."""
    found = []
    at = 0
    try:
        for line in data.split(b"\n")[:-1]:
            entry = _entry(line.decode("utf-8"), lines)
            found.append(((datetime.fromisoformat(entry["time"]).astimezone(UTC), str(entry["module"])), at))
            at += len(line) + 1
    except (ValueError, KeyError, TypeError, csv.Error, RecursionError):
        raise FileError(path.name, Message("has a line that is not of cyclic readings: choose another name")) from None
    return found


def _entry(line: str, lines: bool) -> Mapping[str, str]:
    if lines:
        entry: Mapping[str, str] = json.loads(line)
        return entry
    return dict(zip(_COLUMNS, next(csv.reader([line])), strict=True))


def _key(module: SiteModule) -> str:
    """Return the number that stands for a module in the file; without one, its place."""
    if module.serial:
        return module.serial
    return module.place if module.found is None else module.found.fabrication or module.found.id
