"""Scenarios: text files of control lines with times and expectations, read and checked before anything runs.

    # The push button has no effect while the setting "Disconnector control" does not allow it.
    module variant M29
    wait contact yes 60
    master set 0 disconnector_control 1
    at 2 min
    fails disconnector_not_allowed press
    after 15 s expect disconnector closed

The first lines may say what the scenario runs against: a room file, a made room, or options of a single module. Every
other line is a control line or a line of the scenario's master. Before it may stand its time, and `fails CODE` if it
must be refused with that code. A time alone on a line belongs to the next one.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Final

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.files.toml_file import FileError, read_toml_text
from cmi_gui.engine.messages import CodedError, Message, marked, reason_of
from cmi_gui.engine.room.line import LineResult, bad_line, has_command, is_on, number, shown, whole_number
from cmi_gui.engine.room.made_room import make_room
from cmi_gui.engine.room.master_lines import ScenarioMaster, mask_secret
from cmi_gui.engine.room.operator import LINES, Operator
from cmi_gui.engine.room.room_file import read_room
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.metering_point import PointConfig
from cmi_gui.engine.station.station import Station

MAX_BYTES: Final = 256 * 1024
"""The maximum size of a scenario."""
START: Final = datetime(2026, 6, 1, 12)
"""The local wall time at which a scenario starts, so that it runs in the same way each time."""
_TRAFFIC_BYTES: Final = 4 << 20
UNITS: Final = {"s": 1.0, "min": 60.0, "h": 3600.0}
"""The seconds of each unit of time."""
_LONGEST: Final = 3653 * 24 * 3600.0
_CODE: Final = re.compile(r"[a-z][a-z_]*")
_SERIAL: Final = "12345678"
_ROOM_OPTIONS: Final = {"seed": whole_number}
_MODULE_OPTIONS: Final[Mapping[str, Callable[[str], Any]]] = {
    "variant": str,
    "serial": str,
    "interval": number,
    "disconnector": is_on,
    "seed": whole_number,
}
_FIELDS: Final = {"interval": "readout_interval", "disconnector": "has_disconnector"}
"""The fields of `PointConfig` of the options that have another name."""
HEAD_LINES: Final = (
    ("room FILE", "a room file in the folder of the scenario or below it"),
    ("modules N [seed S]", "a room of N modules that is made from the seed, 1 by default"),
    (
        "module [variant NAME] [serial NUMBER] [interval SECONDS] [disconnector on/off] [seed S]",
        "a single module with these options; without such a line it has none",
    ),
)
"""The lines that may stand at the beginning of a scenario, at most one of them, and what it then runs against."""


class ScenarioInvalid(FileError):
    """A scenario that cannot be played; the text names file and line."""


@dataclass(frozen=True, slots=True)
class ScenarioStep:
    """A line of a scenario.

    `number`: its line number. `text`: as written, with a password masked. `line`: the control line, or one of the
    master. `at`: the earliest time in seconds from the start. `after`: seconds from the end of the line before.
    `refusal`: the code with which it must be refused.
    """

    number: int
    text: str
    line: str
    at: float | None = None
    after: float = 0.0
    refusal: str | None = None

    def judge(self, result: LineResult) -> Message | None:
        """Return what was expected and what was found instead; None if the result is as expected."""
        if self.refusal is None:
            return None if result.ok else result.message
        if result.ok:
            return Message("expected to fail with {0}, but it succeeded", (self.refusal,))
        if result.code != self.refusal:
            found = (self.refusal, result.code or "", result.message or "")
            return Message("expected to fail with {0}, but it failed with {1}: {2}", found)
        return None


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario that was read: its file, what it runs against, and its lines in order."""

    path: Path
    config: StationConfig
    steps: tuple[ScenarioStep, ...]

    def where(self, step: ScenarioStep) -> str:
        """Return file and line of a step."""
        return f"{self.path}:{step.number}"


def load_scenario(path: Path) -> Scenario:
    """Read a scenario, and check all of it and of the room file that it names. Raises ScenarioInvalid."""
    text = read_toml_text(path, str(path), MAX_BYTES, ScenarioInvalid)
    return _Reader(path).read(text.split("\n"))


class _Reader:
    """A reader of one scenario, line by line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._number = 1
        self._head = 0  # the number of the line that says what the scenario runs against
        self._points: tuple[PointConfig, ...] = (PointConfig(_SERIAL),)
        self._steps: list[ScenarioStep] = []
        self._at: float | None = None
        self._after = 0.0
        self._latest = 0.0

    def read(self, lines: Sequence[str]) -> Scenario:
        for self._number, line in enumerate(lines, 1):
            with self._located():
                self._read_line(line.rstrip("\r"))
        with self._located():
            if not self._steps:
                raise bad_line(Message("the scenario ends without a line that does anything"))
            if self._at is not None or self._after:
                raise bad_line(Message("no line follows the time at the end"))
        # All traffic of a long scenario would fill the memory.
        points = tuple(replace(point, start_time=START) for point in self._points)
        config = StationConfig(mbus=(), modules=points, traffic_bytes=_TRAFFIC_BYTES)
        self._number = self._head
        with self._located():
            rehearsal = _Rehearsal(config)
        for step in self._steps:
            self._number = step.number
            with self._located():
                rehearsal.check(step)
        return Scenario(self._path, config, tuple(self._steps))

    @contextlib.contextmanager
    def _located(self) -> Iterator[None]:
        """Add file and line to an error."""
        try:
            yield
        except (CodedError, ValueError) as error:
            where = f"{self._path}:{self._number}"
            raise ScenarioInvalid(where, reason_of(error)) from None

    def _read_line(self, line: str) -> None:
        if not line.replace("\t", " ").isprintable():
            raise bad_line(Message("{0} has characters that cannot be printed", (shown(line),)))
        if not has_command(line):
            return
        if line.split()[0] in ("room", "modules", "module"):
            self._read_head(line.split())
            return
        rest = self._read_time(line.strip())
        if rest:
            self._add(rest, line.strip())

    def _read_head(self, words: Sequence[str]) -> None:
        if self._head or self._steps or self._at is not None or self._after:
            raise bad_line(Message("{0} may occur only once, at the beginning", (words[0],)))
        self._head = self._number
        match words:
            case ["room", file]:
                self._points = _load_room(self._path.parent, file)
            case ["modules", count, *options]:
                self._points = make_room(whole_number(count), **_options(options, _ROOM_OPTIONS)).points
            case ["module", *options]:
                values = {_FIELDS.get(name, name): value for name, value in _options(options, _MODULE_OPTIONS).items()}
                self._points = (PointConfig(**{"serial": _SERIAL, **values}),)
            case _:
                form = next(form for form, _ in HEAD_LINES if form.split()[0] == words[0])
                raise bad_line(Message("{0} is not complete; the form is {1}", (shown(" ".join(words)), form)))

    def _read_time(self, line: str) -> str:
        """Process `at TIME` or `after TIME`; return the rest of the line."""
        word, *time = line.split(maxsplit=3)
        if word not in ("at", "after"):
            return line
        seconds = _seconds(time[:2])
        if word == "after":
            self._after += seconds
        elif seconds < self._latest:
            raise bad_line(Message("{0} is earlier than the time of a line before", (" ".join((word, *time[:2])),)))
        else:
            self._at = self._latest = seconds
        return "".join(time[2:])

    def _add(self, line: str, text: str) -> None:
        refusal = None
        if line.split()[0] == "fails":
            _, *rest = line.split(maxsplit=2)
            if len(rest) < 2 or not _CODE.fullmatch(rest[0]):
                template = marked(
                    "{0} is not complete; the form is fails CODE LINE, such as fails no_answer master read 1"
                )
                raise bad_line(Message(template, (shown(text),)))
            refusal, line = rest
        self._steps.append(ScenarioStep(self._number, mask_secret(text), line, self._at, self._after, refusal))
        self._at, self._after = None, 0.0


class _Rehearsal:
    """A station that never starts, on which each line is tried, so that a wrong line is found before anything runs."""

    def __init__(self, config: StationConfig) -> None:
        clock = VirtualClock()
        station = Station(config, clock)
        master = ScenarioMaster(station)
        self._operator = Operator(station, verbs=(*LINES, *master.verbs))

    def check(self, step: ScenarioStep) -> None:
        """Raise CodedError if the line of a step is wrong."""
        results: list[LineResult] = []
        pending = self._operator.start(step.line, results.append)
        if pending is not None:
            pending.cancel()
        for result in results:
            if result.code == "bad_line" and result.message is not None:
                raise bad_line(result.message)


def _load_room(folder: Path, file: str) -> tuple[PointConfig, ...]:
    if PurePosixPath(file).is_absolute() or PureWindowsPath(file).anchor or ".." in re.split(r"[/\\]", file):
        template = marked("{0}: a room file is in the folder of the scenario or below it")
        raise bad_line(Message(template, (shown(file),)))
    return read_room(folder / file).points


def _options(words: Sequence[str], kinds: Mapping[str, Callable[[str], Any]]) -> dict[str, Any]:
    """Return the values of `NAME VALUE` pairs."""
    values: dict[str, Any] = {}
    for name, *value in (words[at : at + 2] for at in range(0, len(words), 2)):
        if name not in kinds:
            raise bad_line(Message("{0} is not a word of this line; these are: {1}", (shown(name), ", ".join(kinds))))
        if name in values:
            raise bad_line(Message("{0} may be given only once", (name,)))
        if not value:
            raise bad_line(Message("{0} has no value", (name,)))
        values[name] = kinds[name](value[0])
    return values


def _seconds(words: Sequence[str]) -> float:
    if len(words) < 2 or words[1] not in UNITS:
        template = marked("a time is a number and one of {0}, such as 5 s, not {1}")
        raise bad_line(Message(template, (", ".join(UNITS), shown(" ".join(words)))))
    seconds = number(words[0]) * UNITS[words[1]]
    if not 0 <= seconds <= _LONGEST:
        raise bad_line(Message("a time is 0 to {0} h, not {1}", (int(_LONGEST / 3600), " ".join(words))))
    return seconds
