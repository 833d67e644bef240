"""Conditions on modules, `QUANTITY [is] VALUE`: checked once (`expect`), or waited for (`wait`)."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from cmi_gui.engine.messages import Message
from cmi_gui.engine.room.line import Done, Instruction, LineResult, Values, bad_line, number, refused, shown
from cmi_gui.engine.room.quantities import NONE, QUANTITIES, Kind, ModuleQuantity, find_quantity
from cmi_gui.engine.station.metering_point import MeteringPoint
from cmi_gui.engine.station.station import Station

WAIT_SECONDS: Final = 20.0
"""The seconds that `wait` waits if it is given none."""
_LONGEST_WAIT: Final = 86_400
_PATTERN: Final = re.compile(r"on|off|[0-9]{1,6}/[0-9]{1,6}")
_COMPARISONS: Final[dict[str, Callable[[Decimal, Decimal], bool]]] = {
    "is": operator.eq,
    "=": operator.eq,
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
_EQUAL: Final = ("is", "=")
"""The comparisons that every quantity has."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """A condition on one module: its quantity is `value`, or compares with it as `comparison` says."""

    quantity: ModuleQuantity
    comparison: str
    value: str

    def __str__(self) -> str:
        return " ".join((self.quantity.name, self.comparison, self.value))

    def holds(self, point: MeteringPoint) -> bool:
        """Return whether a module meets the condition now."""
        actual = self.quantity.read(point)
        if self.quantity.kind is Kind.FLAGS:
            return self.value in actual.split(",")
        if self.quantity.kind is not Kind.NUMBER:
            return actual == self.value
        wanted, present = _decimal(self.value), _decimal(actual)
        if wanted is None or present is None:
            return self.comparison in _EQUAL and actual == self.value
        return _COMPARISONS[self.comparison](present, wanted)

    def unmet(self, points: Sequence[MeteringPoint]) -> Message | None:
        """Return the message that the condition is not met by one of several modules, or None if all meet it."""
        for point in points:
            if not self.holds(point):
                name, actual = self.quantity.name, self.quantity.read(point)
                return Message("module {0}: {1} is {2}, expected: {3}", (point.name, name, actual, str(self)))
        return None


def _decimal(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def begins_expectation(word: str) -> bool:
    """Return whether a condition can begin with a word: it names a quantity."""
    return find_quantity(word) is not None


def parse_expectation(words: Sequence[str]) -> tuple[Expectation, Sequence[str]]:
    """Return the condition with which words begin, and the words after it. Raises CodedError for anything else."""
    name, rest = (words[0] if words else ""), words[1:]
    quantity = find_quantity(name)
    if quantity is None:
        known = ", ".join(QUANTITIES)
        raise bad_line(Message("{0} is not a quantity; they are {1}, and OBIS codes", (shown(name), known)))
    comparison = "is"
    if rest and rest[0] in _COMPARISONS:
        comparison, rest = rest[0], rest[1:]
        if comparison not in _EQUAL and quantity.kind is not Kind.NUMBER:
            raise bad_line(Message("{0} cannot be compared with {1}", (name, comparison)))
    elif quantity.kind is Kind.SWITCH and (not rest or rest[0] not in quantity.words):
        return Expectation(quantity, "is", "yes"), rest
    if not rest:
        raise bad_line(Message("the value of {0} is missing: {1}", (name, quantity.form)))
    return Expectation(quantity, comparison, _value(quantity, rest[0])), rest[1:]


def _value(quantity: ModuleQuantity, text: str) -> str:
    """Return a value as `read` returns it. Raises CodedError if the quantity cannot have it."""
    match quantity.kind:
        case Kind.NUMBER:
            right = text == NONE or _decimal(text) is not None
        case Kind.TEXT:
            right = True
        case Kind.PATTERN:
            right = _PATTERN.fullmatch(text) is not None
        case _:
            text = text.replace("_", "-")
            right = text in quantity.words
    if not right:
        raise bad_line(Message("{0} is not a value of {1}: {2}", (shown(text), quantity.name, quantity.form)))
    return text


def expect(instruction: Instruction) -> Values:
    """Check a condition now. Raises CodedError (`not_met`) if a module does not meet it."""
    expectation, rest = parse_expectation(instruction.args)
    if rest:
        raise bad_line(_superfluous(rest))
    unmet = expectation.unmet(instruction.points)
    if unmet is not None:
        raise refused("not_met", unmet)
    return {}


def wait(instruction: Instruction) -> Values | Waiting:
    """Wait until a condition is met, at most the seconds after it; `not_met` if it is not."""
    expectation, rest = parse_expectation(instruction.args)
    if len(rest) > 1:
        raise bad_line(_superfluous(rest[1:]))
    seconds = number(rest[0]) if rest else WAIT_SECONDS
    if not 0 <= seconds <= _LONGEST_WAIT:
        message = Message("a line can wait 0 to {0} seconds, not {1}", (_LONGEST_WAIT, rest[0]))
        raise bad_line(message)
    if expectation.unmet(instruction.points) is None:
        return {}
    return Waiting(instruction.station, instruction.points, expectation, seconds, instruction.done)


def _superfluous(rest: Sequence[str]) -> Message:
    return Message("{0} is not part of a condition, `[TARGET] QUANTITY [is] VALUE`", (shown(" ".join(rest)),))


class Waiting:
    """A line that waits until all of some modules meet a condition, or its time is over; it looks after each step."""

    def __init__(
        self,
        station: Station,
        points: Sequence[MeteringPoint],
        expectation: Expectation,
        seconds: float,
        done: Done,
    ) -> None:
        self._points = points
        self._expectation = expectation
        self._seconds = seconds
        self._done = done
        self._clock = station.clock
        self._over = False
        self._stop_watching = station.watch(self._stepped)
        self._timer = station.clock.call_at(station.clock.now() + seconds, self._time_over)

    def cancel(self) -> None:
        """Stop waiting; the line then has no result."""
        if not self._over:
            self._over = True
            self._timer.cancel()
            self._stop_watching()

    def _stepped(self, point: MeteringPoint) -> None:
        if not self._over and point in self._points and self._expectation.unmet(self._points) is None:
            self.cancel()
            # Not in this step, because what follows may operate the same module.
            self._clock.post(lambda: self._done(LineResult(ok=True)))

    def _time_over(self) -> None:
        unmet = self._expectation.unmet(self._points)
        self.cancel()
        if unmet is None:
            self._done(LineResult(ok=True))
        else:
            message = Message("not met within {0} s: {1}", (f"{self._seconds:g}", unmet))
            self._done(LineResult(ok=False, code="not_met", message=message))
