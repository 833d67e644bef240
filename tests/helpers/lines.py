"""Control lines carried out on a station."""

from __future__ import annotations

from cmi_gui.engine.room.line import LineResult
from cmi_gui.engine.room.operator import Operator
from cmi_gui.engine.station.station import Station


def started(station: Station, line: str) -> list[LineResult]:
    """Start a line; return its results, which are one at the end."""
    results: list[LineResult] = []
    Operator(station).start(line, results.append)
    return results


def result_of(station: Station, line: str) -> LineResult:
    """Carry out a line that ends at once; return its result."""
    (result,) = started(station, line)
    return result


def control(station: Station, line: str) -> dict[str, object]:
    """Carry out a line that succeeds at once; return its values."""
    result = result_of(station, line)
    assert result.ok, str(result.message)
    return dict(result.values)
