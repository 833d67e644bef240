"""The values of all modules of a site in one table: a row for each module, a column for each OBIS code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Final

from cmi_gui.engine.files.table import Cell, Column, TableData
from cmi_gui.engine.history.power import power_unit
from cmi_gui.engine.iec62056.reading import read_line
from cmi_gui.engine.messages import Message, marked
from cmi_gui.engine.site.causes import message_of
from cmi_gui.engine.site.model import RowState, SiteModule, SiteReading

_CELLS: Final = 20_000
"""Cells that are not made again while a table of 250 modules is read and shown at once."""
STATE_WORDS: Final = marked(
    {
        RowState.WAITING: "not found yet",
        RowState.FOUND: "found",
        RowState.LOST: "does not answer",
        RowState.UNSURE: "unsure",
        RowState.FAILED: "failed",
    }
)


def available_codes(modules: Iterable[SiteModule]) -> list[str]:
    """Return the codes of which a module has a reading, in the order of the meters."""
    return list(dict.fromkeys(code for module in modules for code in module.readings))


def energy_codes(modules: Iterable[SiteModule]) -> list[str]:
    """Return those of `available_codes` that are registers of energy, such as 1.8.0, ordered by their numbers."""
    rows = list(modules)
    units = {code: reading.unit for module in rows for code, reading in module.readings.items()}
    return sorted((code for code in units if power_unit(units[code])[0]), key=_by_numbers)


def _by_numbers(code: str) -> tuple[list[int], str]:
    return [int(number) for number in re.findall(r"\d+", code, re.ASCII)], code


def values_table(
    modules: Iterable[SiteModule],
    codes: Sequence[str],
    words: Callable[[Message], str] = str,
    zone: tzinfo | None = None,
) -> TableData:
    """Return the table of the last values of modules, in their order; numbers are numbers.

    `words`: translates titles and states. `zone`: of the times; None is the system's. The unit of a code is in its
    title if all its values have the same one, else in a column of its own.
    """
    rows = list(modules)
    units = {code: {module.readings[code].unit for module in rows if code in module.readings} for code in codes}
    columns = [
        Column(words(Message("place")), 16),
        Column(words(Message("meter")), 10),
        Column(words(Message("module")), 10),
        Column(words(Message("state")), 14),
        Column(words(Message("read at")), 20, offset=words(Message("hours from UTC"))),
    ]
    for code in codes:
        (unit,) = units[code] if len(units[code]) == 1 else ("",)
        columns.append(Column(f"{code} {unit}".rstrip(), 14))
        if len(units[code]) > 1:
            columns.append(Column(words(Message("unit of {0}", (code,))), 8))
    return TableData(words(Message("Values")), columns, _rows(rows, codes, units, words, zone))


def _rows(
    modules: Iterable[SiteModule],
    codes: Sequence[str],
    units: dict[str, set[str]],
    words: Callable[[Message], str],
    zone: tzinfo | None,
) -> Iterator[Sequence[Cell]]:
    for module in modules:
        shown = [module.readings.get(code) for code in codes]
        times = [reading.at for reading in shown if reading is not None]
        cells: list[Cell] = [
            module.place,
            module.meter_read or module.meter,
            module.number,
            words(message_of(module.failure) if module.failure else Message(STATE_WORDS[module.state])),
            # After an incomplete reading values may be older than others: the oldest counts.
            min(times).astimezone(zone) if times else None,
        ]
        for code, reading in zip(codes, shown, strict=True):
            cells.append(None if reading is None else cell_of(reading))
            if len(units[code]) > 1:
                cells.append(None if reading is None else reading.unit)
        yield cells


def make_cells(readings: Iterable[SiteReading]) -> None:
    """Make the cells of readings in advance, so that a table of them takes little time; from any thread."""
    for reading in readings:
        cell_of(reading)


@lru_cache(maxsize=_CELLS)
def cell_of(reading: SiteReading) -> Decimal | str:
    """Return the value of a reading as a number with all its decimals, or as text if it is none."""
    unit = f"*{reading.unit}" if reading.unit else ""
    spelled = read_line(f"{reading.code.partition(' (')[0]}({reading.value}{unit})")
    number = spelled[0].number if len(spelled) == 1 and not spelled[0].further else None
    return reading.value if number is None else number
