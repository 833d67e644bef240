"""The grammar of a line: a verb, the modules that it concerns, and arguments; `find_verb` reads it by a table of verbs.

`VERB [TARGET] ARGUMENTS`: the target is the serial number or the name of a module, or `all`. Without a target, a line
concerns the only or built-in module. Empty lines and comments, which begin with `#`, contain no command.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from cmi_gui.engine.mbus.render import Json
from cmi_gui.engine.messages import CodedError, Listing, Message, reason_of
from cmi_gui.engine.station.metering_point import MeteringPoint
from cmi_gui.engine.station.station import Station

MAX_LINE: Final = 200
"""The maximum number of characters of a line; the longest valid one is far shorter."""
_WORD: Final = re.compile(r'"[^"]*"|\S+')
"""A word of a line; in quotes it may have blanks."""
_SHOWN: Final = 40
"""The characters of a wrong line that its answer repeats."""


@dataclass(frozen=True, slots=True)
class LineResult:
    """The result of a line: `values` if it was carried out (`ok`), else a stable `code` and the reason."""

    ok: bool
    code: str | None = None
    message: Message | None = None
    values: dict[str, Json] = field(default_factory=dict)


class Pending(Protocol):
    """A line that has not ended."""

    def cancel(self) -> None:
        """Stop it without a result; harmless if it has ended."""


Done = Callable[[LineResult], object]
Values = dict[str, Json]


@dataclass(frozen=True, slots=True)
class Instruction:
    """A line to be carried out: its arguments, the modules that it concerns, and what is called with its result.

    `services`: what the caller adds to the lines.
    """

    station: Station
    points: tuple[MeteringPoint, ...]
    args: Sequence[str]
    done: Done
    services: Services


@dataclass(frozen=True, slots=True)
class Services:
    """What lines need from the layers above; a line that needs a missing one is refused.

    `diagnose`: returns the diagnosis of a module. `stream`: begins to send the station's events to the caller.
    """

    diagnose: Callable[[MeteringPoint], Json] | None = None
    stream: Callable[[], object] | None = None


Handler = Callable[[Instruction], Values | Pending]
"""It carries out an instruction and returns its values, or what is pending, which calls `done` when it ends.

It raises CodedError or ValueError, with the reason, for what it does not carry out.
"""


@dataclass(frozen=True, slots=True)
class Verb:
    """A kind of line: its fixed words, example arguments, its effect in words, and what carries it out.

    `targeted`: a target may follow the first word. `begins`: any number of arguments may follow instead of as many as
    in the example; it returns whether a word can be the first of them.
    """

    words: str
    example: str
    effect: str
    handler: Handler
    targeted: bool = True
    begins: Callable[[str], bool] | None = None

    @property
    def form(self) -> str:
        """The form of the line, such as `meter [TARGET] silent on`."""
        first, _, rest = self.words.partition(" ")
        return " ".join(filter(None, (first, "[TARGET]" if self.targeted else "", rest, self.example)))

    def arguments(self, words: Sequence[str]) -> Sequence[str] | None:
        """Return the arguments in a line without its first word and target; None if it is not of this form."""
        fixed = self.words.split()[1:]
        rest = words[len(fixed) :]
        fits = self.begins is not None or len(rest) == len(self.example.split())
        return rest if fits and list(words[: len(fixed)]) == fixed else None


def bad_line(message: Message) -> CodedError:
    """Return the error for a line that is wrong."""
    return CodedError("bad_line", message)


def refused(code: str, message: Message) -> CodedError:
    """Return the error for a correct line that cannot be carried out now."""
    return CodedError(code, message)


def has_command(line: str) -> bool:
    """Return whether a line contains a command: it is neither empty nor a comment."""
    return bool(words := line.split()) and not words[0].startswith("#")


def find_verb(line: str, verbs: Sequence[Verb], station: Station) -> tuple[Verb, tuple[MeteringPoint, ...], list[str]]:
    """Return the verb of a line, the modules that it concerns, and its arguments. Raises CodedError if it is wrong."""
    if len(line) > MAX_LINE:
        raise bad_line(Message("a line has at most {0} characters, not {1}", (MAX_LINE, len(line))))
    words = [word.strip('"') for word in _WORD.findall(line)]
    same = [verb for verb in verbs if verb.words.split()[0] == words[0]]
    for verb in same:
        args = verb.arguments(words[1:])
        if args is not None and (verb.begins is None or len(words) == 1 or verb.begins(words[1])):
            return verb, station.find(""), list(args)
    for verb in same:
        args = verb.arguments(words[2:])
        if not verb.targeted or len(words) == 1 or args is None:
            continue
        points = station.find(words[1])
        if points:
            return verb, points, list(args)
        if verb.begins is not None and not (args and verb.begins(args[0])):
            # The handler knows what may stand here.
            return verb, station.find(""), words[1:]
        raise bad_line(_unknown_module(words[1], verb.form, station))
    raise bad_line(_unknown_line(words, same))


def _unknown_module(name: str, form: str, station: Station) -> Message:
    names = [point.name for point in station.points]
    listed = ", ".join(names[:8]) + (", …" if len(names) > 8 else "")
    return Message("{0} is not a module; the modules are {1}, and the form is {2}", (shown(name), listed, form))


def _unknown_line(words: Sequence[str], same: Sequence[Verb]) -> Message:
    text = shown(" ".join(words))
    if not same:
        return Message("{0} is not a control line; `help` lists them", (text,))
    closer = [verb for verb in same if verb.words.split()[1:2] and verb.words.split()[1] in words[1:3]]
    forms = Listing(" or ", tuple(verb.form for verb in closer or same))
    return Message("{0} is not a control line; the form is {1}", (text, forms))


def shown(text: str) -> str:
    """Return a part of a line in quotes, shortened, for a message."""
    return repr(text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…")


def each(handler: Callable[[MeteringPoint, Sequence[str]], object]) -> Handler:
    """Return a handler that applies `handler` to every module that the line concerns.

    What one of several modules refuses does not keep the others from it: the first refusal is the result.
    """

    def apply(instruction: Instruction) -> Values:
        failures: list[tuple[MeteringPoint, Exception]] = []
        for point in instruction.points:
            try:
                handler(point, instruction.args)
            except (CodedError, ValueError) as error:
                failures.append((point, error))
        if failures:
            point, cause = failures[0]
            reasons = {str(reason_of(error)) for _, error in failures}
            # What no module accepts for the same reason is a fault of the line.
            if len(failures) == len(instruction.points) and len(reasons) == 1:
                raise cause
            raise CodedError(_code_of(cause), Message("module {0}: {1}", (point.name, reason_of(cause))))
        return {}

    return apply


def one_of(words: Iterable[str], given: str, what: Message) -> str:
    """Return `given` if it is one of `words`. Raises CodedError, which lists them; `what` names them."""
    known = tuple(words)
    if given not in known:
        raise bad_line(Message("{0} is not one of the {1}: {2}", (shown(given), what, Listing(", ", known))))
    return given


def is_on(state: str) -> bool:
    """Return whether a word is `on`. Raises CodedError if it is neither `on` nor `off`."""
    if state not in ("on", "off"):
        raise bad_line(Message("expected on or off, not {0}", (state,)))
    return state == "on"


def number(text: str) -> float:
    """Return a number. Raises CodedError for any other text."""
    try:
        # `float` would also take the digits of other scripts, and underscores.
        if text.isascii() and "_" not in text:
            return float(text)
    except ValueError:
        pass
    raise bad_line(Message("{0} is not a number", (text,)))


def whole_number(text: str) -> int:
    """Return a whole number of at most twelve digits. Raises CodedError for any other text."""
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise bad_line(Message("{0} is not a whole number", (text,)))
    return int(text)


def failure(error: Exception) -> LineResult:
    """Return the result of a line that was not carried out."""
    return LineResult(ok=False, code=_code_of(error), message=reason_of(error))


def _code_of(error: Exception) -> str:
    return error.code if isinstance(error, CodedError) else "bad_line"
