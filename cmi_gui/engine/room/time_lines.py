"""The lines that show, set and speed up the time of modules and meters."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from cmi_gui.engine.room.line import Instruction, Values, Verb, refused
from cmi_gui.engine.station.module_time import TimeRefused, parse_time
from cmi_gui.engine.station.station import Station


def time_of(station: Station) -> Values:
    """Return the time of modules and meters as plain values."""
    time = station.time
    wall = time.wall.isoformat(timespec="seconds")
    return {"time": wall, "factor": time.factor, "behind": round(time.behind, 1)}


def _show(instruction: Instruction) -> Values:
    return time_of(instruction.station)


def _change(instruction: Instruction) -> Values:
    given = parse_time(instruction.args[0])
    try:
        if isinstance(given, datetime):
            instruction.station.set_time(given)
        else:
            instruction.station.set_time_factor(given)
    except TimeRefused as error:
        raise refused("real_meter", error.message) from None
    return time_of(instruction.station)


TIME_LINES: Final = (
    Verb(
        "time",
        "",
        "shows the time of modules and meters, its factor, and by how much it is behind",
        _show,
        targeted=False,
    ),
    Verb(
        "time",
        "2026-06-21T12:00",
        "sets the local time of modules and meters; set ahead, energy is counted as if the time had passed",
        _change,
        targeted=False,
    ),
    Verb(
        "time",
        "x60",
        "lets the time of modules and meters pass faster, x0.1 to x1000; the times of the bus stay real",
        _change,
        targeted=False,
    ),
)
"""The lines of time."""
