"""Faults on the wire: what a slave's answer becomes on request, and how often.

`docs/room.md` has a table of all faults and their values.

A break is a line event where the link can send one; elsewhere it is the byte 00 as which a receiver reads it. A
fault does not change the slave itself: its frame count bits, series and settings are as after an undisturbed answer.
Several faults of one answer are applied in the order in which they were added.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.ci import CI_APPLICATION_ERROR, CI_VARIABLE
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.frame import ACK_BYTE, ADDRESS_PRIMARY_MAX, LONG_BYTE, RSP_UD, SHORT_BYTE, Frame, parse_frame
from cmi_gui.engine.messages import InvalidValue, Message, out_of_range, printable

_BUSY = 8
_MORE_FOLLOWS = 0x1F
_LONGEST_NOISE = 4
_NOISE = bytes(byte for byte in range(256) if byte not in (SHORT_BYTE, LONG_BYTE, ACK_BYTE))
_BREAK_BITS = 22


@dataclass(slots=True)
class WireAnswer:
    """An answer of a slave that faults change.

    `data`: its bytes; none are sent if it is empty. `line`: the line settings. `before`: the RSP_UD before it in its
    series, or nothing. `delay`: seconds beyond the response time. `doubled`: it is sent twice. `space`: the seconds for
    which the wire is held in the space state after `data`.
    """

    data: bytes
    line: Line
    before: bytes = b""
    delay: float = 0.0
    doubled: bool = False
    space: float = 0.0

    @property
    def response(self) -> Frame | None:
        """The frame of a RSP_UD; None for E5 and for what an earlier fault has made of an answer."""
        frame = _frame(self.data)
        return frame if frame is not None and frame.c == RSP_UD else None


def _frame(data: bytes) -> Frame | None:
    try:
        return parse_frame(data)
    except MBusError:
        return None


class Often(StrEnum):
    """How often a fault happens."""

    ALWAYS = ""
    ONCE = "once"
    EVERY = "every"
    PERCENT = "%"


@dataclass(frozen=True, slots=True)
class FaultRule:
    """A fault and how often it happens; `str()` returns the text that `parse_fault` takes.

    `kind`: a key of `FAULTS`. `value`: its value, None if it has none. `number`: of `every N`: each N-th answer to
    which the fault applies; of `N %`: the probability for each.
    """

    kind: str
    value: int | None = None
    often: Often = Often.ALWAYS
    number: int = 0

    def __str__(self) -> str:
        words = [self.kind] if self.value is None else [self.kind, str(self.value)]
        match self.often:
            case Often.ONCE:
                words.append("once")
            case Often.EVERY:
                words.append(f"every {self.number}")
            case Often.PERCENT:
                words.append(f"{self.number} %")
        return " ".join(words)


# The faults: each changes an answer


def _drop(answer: WireAnswer, value: int, random: Random) -> None:
    answer.data = b""


def _late(answer: WireAnswer, value: int, random: Random) -> None:
    answer.delay += value / 1000


def _jitter(answer: WireAnswer, value: int, random: Random) -> None:
    answer.delay += random.uniform(0, value / 1000)


def _cut(answer: WireAnswer, value: int, random: Random) -> None:
    answer.data = answer.data[:-value]


def _flip(answer: WireAnswer, value: int, random: Random) -> None:
    bits = 8 * len(answer.data)
    was_good, data = _frame(answer.data) is not None, answer.data
    # Two inverted bits may leave the checksum right; on a wire the parity would show them.
    while data == answer.data or (was_good and _frame(data) is not None):
        mask = sum(1 << bit for bit in random.sample(range(bits), min(value, bits)))
        data = (int.from_bytes(answer.data) ^ mask).to_bytes(len(answer.data))
    answer.data = data


def _bad_checksum(answer: WireAnswer, value: int, random: Random) -> None:
    answer.data = answer.data[:-2] + bytes(((answer.data[-2] + 1) & 0xFF, answer.data[-1]))


def _noise(random: Random) -> bytes:
    return bytes(random.choices(_NOISE, k=random.randint(1, _LONGEST_NOISE)))


def _noise_before(answer: WireAnswer, value: int, random: Random) -> None:
    answer.data = _noise(random) + answer.data


def _noise_after(answer: WireAnswer, value: int, random: Random) -> None:
    answer.data += _noise(random)


def _double(answer: WireAnswer, value: int, random: Random) -> None:
    answer.doubled = True


def _foreign(answer: WireAnswer, value: int, random: Random) -> None:
    frame = answer.response
    assert frame is not None
    data = frame.data
    if frame.ci == CI_VARIABLE:
        data = bytes(_complement(byte >> 4) << 4 | _complement(byte & 0xF) for byte in data[:4]) + data[4:]
    address = (frame.a + 125) % (ADDRESS_PRIMARY_MAX + 1)
    answer.data = Frame.long(frame.c, address, frame.ci, data).to_bytes()


def _complement(digit: int) -> int:
    return 9 - digit if digit <= 9 else digit


def _application_error(answer: WireAnswer, value: int, random: Random) -> None:
    frame = answer.response
    assert frame is not None
    answer.data = Frame.long(RSP_UD, frame.a, CI_APPLICATION_ERROR, bytes((value,))).to_bytes()


def _busy(answer: WireAnswer, value: int, random: Random) -> None:
    _application_error(answer, _BUSY, random)


def _previous(answer: WireAnswer, value: int, random: Random) -> None:
    answer.data = answer.before


def _break(answer: WireAnswer, value: int, random: Random) -> None:
    answer.data = answer.data[: len(answer.data) // 2]
    answer.space = _BREAK_BITS * answer.line.bit_time


def _any(answer: WireAnswer) -> bool:
    return bool(answer.data)


def _is_response(answer: WireAnswer) -> bool:
    return answer.response is not None


def _is_ack(answer: WireAnswer) -> bool:
    return answer.data == bytes((ACK_BYTE,))


def _is_next(answer: WireAnswer) -> bool:
    announced = len(answer.before) > 2 and answer.before[-3] == _MORE_FOLLOWS
    return announced and answer.before != answer.data and _is_response(answer)


@dataclass(frozen=True, slots=True)
class FaultKind:
    """A kind of fault. `value`: name, lowest and highest of its value, or None. `applies`: to which answers."""

    change: Callable[[WireAnswer, int, Random], None]
    value: tuple[str, int, int] | None = None
    applies: Callable[[WireAnswer], bool] = _any


FAULTS = {
    "no-answer": FaultKind(_drop),
    "late": FaultKind(_late, ("MS", 1, 10_000)),
    "jitter": FaultKind(_jitter, ("MS", 1, 10_000)),
    "cut": FaultKind(_cut, ("BYTES", 1, 260)),
    "flip": FaultKind(_flip, ("BITS", 1, 64)),
    "bad-checksum": FaultKind(_bad_checksum, applies=_is_response),
    "noise-before": FaultKind(_noise_before),
    "noise-after": FaultKind(_noise_after),
    "doubled": FaultKind(_double),
    "lost-ack": FaultKind(_drop, applies=_is_ack),
    "foreign": FaultKind(_foreign, applies=_is_response),
    "application-error": FaultKind(_application_error, ("CODE", 0, 255), _is_response),
    "busy": FaultKind(_busy, applies=_is_response),
    "previous-section": FaultKind(_previous, applies=_is_next),
    "break": FaultKind(_break),
}
"""All faults, by the word that names them."""

_EVERY = (1, 1_000_000)
_PERCENT = (1, 100)


def parse_fault(text: str) -> FaultRule:
    """Return the rule of `KIND [VALUE] [once | every N | N %]`. Raises InvalidValue, which names the right form."""
    kind, *words = text.replace("%", " % ").split() or [""]
    fault = FAULTS.get(kind)
    if fault is None:
        message = Message("{0} is not a fault; a fault is one of {1}", (_shown(kind), ", ".join(FAULTS)))
        raise InvalidValue(message)
    form = f"{kind} {fault.value[0]}" if fault.value else kind
    wrong = InvalidValue(Message("{0} is not of the form {1} [once | every N | N %]", (_shown(text), form)))
    value = None
    if fault.value is not None:
        name, low, high = fault.value
        value = _number(words.pop(0) if words else "", f"{kind} {name}", (low, high), wrong)
    match words:
        case []:
            return FaultRule(kind, value)
        case ["once"]:
            return FaultRule(kind, value, Often.ONCE)
        case ["every", number]:
            return FaultRule(kind, value, Often.EVERY, _number(number, f"{kind} every N", _EVERY, wrong))
        case [number, "%"]:
            return FaultRule(kind, value, Often.PERCENT, _number(number, f"{kind} N %", _PERCENT, wrong))
    raise wrong


def _number(word: str, name: str, limits: tuple[int, int], wrong: InvalidValue) -> int:
    if not (word.isascii() and word.isdecimal()):
        raise wrong
    low, high = limits
    # A number of thousands of digits is not converted.
    if len(word) > len(str(high)) or not low <= int(word) <= high:
        raise InvalidValue(out_of_range(name, low, high, _shown(word)))
    return int(word)


def _shown(word: str) -> str:
    """Return a wrong word as it is shown in a message."""
    return repr(printable(word[:40]))


@dataclass(slots=True)
class _Active:
    rule: FaultRule
    count: int = 0

    def due(self, random: Random) -> bool:
        """Return whether the fault happens to the next answer to which it applies."""
        self.count += 1
        match self.rule.often:
            case Often.EVERY:
                return self.count % self.rule.number == 0
            case Often.PERCENT:
                return random.randrange(100) < self.rule.number
        return True


@dataclass(slots=True)
class Faults:
    """The faults of one module, on all of its links. The same `random` numbers give the same faults."""

    random: Random
    _active: list[_Active] = field(default_factory=list)

    @property
    def rules(self) -> tuple[FaultRule, ...]:
        """The rules in use, in the order in which they were added; one that happens `once` ends with that."""
        return tuple(active.rule for active in self._active)

    def add(self, rule: FaultRule) -> None:
        """Add a rule, whose count begins now."""
        self._active.append(_Active(rule))

    def clear(self) -> None:
        """Remove all rules; answers that are late already still come."""
        self._active.clear()

    def apply(self, answer: WireAnswer) -> list[FaultRule]:
        """Change an answer by the faults that happen to it; return their rules."""
        happened = []
        for active in tuple(self._active):
            rule = active.rule
            fault = FAULTS[rule.kind]
            if fault.applies(answer) and active.due(self.random):
                fault.change(answer, rule.value or 0, self.random)
                happened.append(rule)
                if rule.often is Often.ONCE:
                    self._active.remove(active)
        return happened
