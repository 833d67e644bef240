"""The operator of a station: it carries out lines of text, from a script, a scenario or the window."""

from __future__ import annotations

from typing import Final

from cmi_gui.engine.messages import CodedError
from cmi_gui.engine.room.line import (
    MAX_LINE,
    Done,
    Instruction,
    LineResult,
    Values,
    Verb,
    failure,
    find_verb,
    has_command,
)
from cmi_gui.engine.room.meter_lines import METER_LINES
from cmi_gui.engine.room.module_lines import MODULE_LINES
from cmi_gui.engine.room.status import status_of
from cmi_gui.engine.station.station import Station


def _status(instruction: Instruction) -> Values:
    states = {point.name: status_of(instruction.station, point) for point in instruction.points}
    return states[instruction.points[0].name] if len(states) == 1 else {"modules": states}


def _help(instruction: Instruction) -> Values:
    return {"lines": [f"{verb.form}: {verb.effect}" for verb in LINES]}


LINES: Final[tuple[Verb, ...]] = (
    *MODULE_LINES,
    *METER_LINES,
    Verb("status", "", "shows the state of module and meter", _status),
    Verb("help", "", "lists these lines", _help, targeted=False),
)
"""Every kind of line, in the order of `help` and of the documentation."""

_FIRST_WORDS: Final = frozenset(verb.words.split()[0] for verb in LINES)


def is_control_line(line: str) -> bool:
    """Return whether a line is meant as a control line, even a wrong one; one without a command counts too."""
    return len(line) <= MAX_LINE and (not has_command(line) or line.split(maxsplit=1)[0] in _FIRST_WORDS)


class Operator:
    """The operator of a station by lines of text, as a person would operate it."""

    def __init__(self, station: Station) -> None:
        self._station = station

    def start(self, line: str, done: Done = lambda _: None) -> None:
        """Carry out a line. `done` is called once with the result: at once, or later for a line that waits.

        A line without a command succeeds without values.
        """
        if not has_command(line):
            done(LineResult(ok=True))
            return
        try:
            verb, points, args = find_verb(line, LINES, self._station)
            values = verb.handler(Instruction(self._station, points, args, done))
        except (CodedError, ValueError) as error:
            done(failure(error))
        else:
            if values is not None:
                done(LineResult(ok=True, values=values))
