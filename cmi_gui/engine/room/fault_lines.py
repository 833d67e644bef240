"""The lines that make the answers of modules wrong, late or absent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cmi_gui.engine.bus.faults import FAULTS, parse_fault
from cmi_gui.engine.room.line import Verb, each
from cmi_gui.engine.station.metering_point import MeteringPoint


def _inject(point: MeteringPoint, args: Sequence[str]) -> None:
    point.faults.add(parse_fault(" ".join(args)))


def _clear(point: MeteringPoint, args: Sequence[str]) -> None:
    point.faults.clear()


FAULT_LINES: Final = (
    Verb(
        "inject",
        "late 300 every 10",
        "adds a fault to the module's answers: always, `once`, `every N` or `N %`",
        each(_inject),
        begins=FAULTS.__contains__,
    ),
    Verb("clear", "", "removes all faults of the module's answers", each(_clear)),
)
"""The lines of the faults on the wire."""
