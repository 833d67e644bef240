"""The operator of a station: it carries out lines of text, from a script, a scenario or the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from cmi_gui.engine.mbus.render import Json
from cmi_gui.engine.messages import CodedError, Message
from cmi_gui.engine.room.expectation import WAIT_SECONDS, begins_expectation, expect, wait
from cmi_gui.engine.room.fault_lines import FAULT_LINES
from cmi_gui.engine.room.line import (
    MAX_LINE,
    Done,
    Instruction,
    LineResult,
    Pending,
    Services,
    Values,
    Verb,
    failure,
    find_verb,
    has_command,
    refused,
)
from cmi_gui.engine.room.meter_lines import METER_LINES
from cmi_gui.engine.room.module_lines import MODULE_LINES
from cmi_gui.engine.room.quantities import QUANTITIES
from cmi_gui.engine.room.status import status_of
from cmi_gui.engine.room.time_lines import TIME_LINES
from cmi_gui.engine.station.metering_point import MeteringPoint
from cmi_gui.engine.station.station import Station


def _by_module(points: tuple[MeteringPoint, ...], values: list[Values]) -> Values:
    """Return the values of one module, or those of several by their names."""
    return (
        values[0] if len(values) == 1 else {"modules": dict(zip((point.name for point in points), values, strict=True))}
    )


def _status(instruction: Instruction) -> Values:
    points = instruction.points
    return _by_module(points, [status_of(instruction.station, point) for point in points])


def _diagnose(instruction: Instruction) -> Values | Pending:
    if instruction.services.diagnose is None:
        raise refused("refused", Message("there is no diagnosis here"))
    return _Diagnosing(instruction, instruction.services.diagnose)


class _Diagnosing:
    """A line `diagnose` in progress: one module a turn, so that the diagnosis of many does not delay answers."""

    def __init__(self, instruction: Instruction, diagnose: Callable[[MeteringPoint], Json]) -> None:
        self._instruction = instruction
        self._diagnose = diagnose
        self._found: list[Values] = []
        self._cancelled = False
        instruction.station.clock.post(self._next)

    def cancel(self) -> None:
        """Stop without a result."""
        self._cancelled = True

    def _next(self) -> None:
        if self._cancelled:
            return
        points = self._instruction.points
        point = points[len(self._found)]
        self._found.append({"module": point.name, "symptoms": self._diagnose(point)})
        if len(self._found) < len(points):
            self._instruction.station.clock.post(self._next)
        else:
            self._instruction.done(LineResult(ok=True, values=_by_module(points, self._found)))


def _events(instruction: Instruction) -> Values:
    if instruction.services.stream is None:
        raise refused("refused", Message("events are sent on connections to the control socket only"))
    instruction.services.stream()
    return {}


def _token(instruction: Instruction) -> Values:
    return {}


def _help(instruction: Instruction) -> Values:
    quantities = [f"{one.name}: {one.meaning}; {one.form}" for one in QUANTITIES.values()]
    return {"lines": [f"{verb.form}: {verb.effect}" for verb in LINES], "quantities": list(quantities)}


LINES: Final[tuple[Verb, ...]] = (
    *MODULE_LINES,
    *FAULT_LINES,
    *METER_LINES,
    *TIME_LINES,
    Verb(
        "expect",
        "disconnector closed",
        "checks a condition, `QUANTITY [is] VALUE`; a number may be compared with `>=`, `<=`, `>` or `<`",
        expect,
        begins=begins_expectation,
    ),
    Verb(
        "wait",
        "contact yes 60",
        f"waits until a condition is met, at most the given seconds, or {WAIT_SECONDS:g}",
        wait,
        begins=begins_expectation,
    ),
    Verb("status", "", "shows the state of module and meter", _status),
    Verb("diagnose", "", "shows the symptoms of the module and the checks that explain them", _diagnose),
    Verb("events", "", "sends the events of all modules as JSON, one a line", _events, targeted=False),
    Verb("token", "SECRET", "begins a connection for which a token is asked", _token, targeted=False),
    Verb("help", "", "lists these lines and the quantities of conditions", _help, targeted=False),
)
"""Every kind of line, in the order of `help` and of the documentation."""

_FIRST_WORDS: Final = frozenset(verb.words.split()[0] for verb in LINES)


def is_control_line(line: str) -> bool:
    """Return whether a line is meant as a control line, even a wrong one; one without a command counts too."""
    return len(line) <= MAX_LINE and (not has_command(line) or line.split(maxsplit=1)[0] in _FIRST_WORDS)


class Operator:
    """The operator of a station by lines of text, as a person would operate it; `verbs`: the lines that it knows."""

    def __init__(self, station: Station, services: Services | None = None, verbs: Sequence[Verb] = LINES) -> None:
        self._station = station
        self._services = services or Services()
        self._verbs = verbs

    def start(self, line: str, done: Done = lambda _: None) -> Pending | None:
        """Carry out a line, and call `done` once with the result: at once, or later for a line that waits.

        A line that waits is returned; it can be cancelled. A line without a command succeeds without values.
        """
        values: Values | Pending = {}
        try:
            if has_command(line):
                verb, points, args = find_verb(line, self._verbs, self._station)
                values = verb.handler(Instruction(self._station, points, args, done, self._services))
        except (CodedError, ValueError) as error:
            done(failure(error))
            return None
        if isinstance(values, dict):
            done(LineResult(ok=True, values=values))
            return None
        return values
