"""The quantities of a module that lines can name, in one table, and where each value comes from.

A reading of the meter is named by its OBIS code, as in the last readout: `1.8.0`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from typing import Final, get_args

from cmi_gui.engine.cmi1020.indicators import Condition
from cmi_gui.engine.cmi1020.meter_actions import ActionOutcome
from cmi_gui.engine.cmi1020.rates import RateError
from cmi_gui.engine.cmi1020.telegrams import METER_ALARMS, OWN_FLAGS_SHIFT, SETTINGS_LOST, StatusByte
from cmi_gui.engine.e350.status import StatusBit
from cmi_gui.engine.iec62056.reading import read_lines
from cmi_gui.engine.module_state import DisconnectorState, ModuleState
from cmi_gui.engine.station.metering_point import MeteringPoint
from cmi_gui.engine.station.outcomes import Outcome

NONE: Final = "none"
"""The value of what does not exist or is not known."""
OBIS_CODE: Final = re.compile(r"[0-9A-Z]{1,2}(\.[0-9A-Z]{1,2}){1,2}(\*[0-9]{1,3})?")
_OUTCOMES: Final = ("accepted", "refused", "failed", *(outcome.value for outcome in ActionOutcome))


class Kind(Enum):
    """The kind of a quantity's values, which says how they are written and compared."""

    WORD = auto()
    SWITCH = auto()
    """`yes` or `no`; `yes` may be left out."""
    NUMBER = auto()
    TEXT = auto()
    PATTERN = auto()
    """Of a lamp: `on`, `off`, or the milliseconds on and off, `100/5000`."""
    FLAGS = auto()
    """One of several words."""


@dataclass(frozen=True, slots=True)
class ModuleQuantity:
    """A quantity of a module: its meaning, how its present value is read, and of words the possible ones.

    `read` returns the value as text, that of `FLAGS` as words with commas between them.
    """

    name: str
    meaning: str
    kind: Kind
    read: Callable[[MeteringPoint], str]
    words: tuple[str, ...] = ()

    @property
    def form(self) -> str:
        """The values as they are written in a condition."""
        match self.kind:
            case Kind.NUMBER:
                return "a number"
            case Kind.TEXT:
                return "a text"
            case Kind.PATTERN:
                return "on, off, or the milliseconds on and off, such as 100/5000"
            case _:
                return ", ".join(self.words)


def _word(value: object) -> str:
    return NONE if value is None else str(value).replace("_", "-")


def _text(value: object) -> str:
    return NONE if value in (None, "") else str(value)


def _number(value: float | None) -> str:
    return NONE if value is None else f"{Decimal(str(value)).normalize():f}"


def _of_state(
    read: Callable[[ModuleState], object], shown: Callable[..., str] = _word
) -> Callable[[MeteringPoint], str]:
    return lambda point: shown(read(point.module_state()))


def _switch(on: bool) -> str:
    return "yes" if on else "no"


def _display(point: MeteringPoint) -> str:
    """Return the text that the simulated meter shows; of a real one, the text that it has confirmed."""
    state = point.meter_state()
    if state is None:
        return _text(point.module_state().display_text)
    return _text(state.display.value if state.display.message else None)


def _result(outcome: Outcome | None) -> str:
    return _word(outcome.result if outcome else None)


def flag_words(flags: StatusByte | StatusBit) -> list[str]:
    """Return the flags that are set in words, such as `no-meter`."""
    return [_word(flag.name).lower() for flag in type(flags) if flag in flags]


def module_flags(point: MeteringPoint) -> list[str]:
    """Return the error flags of the module in words: the meter's alarms, then the module's own."""
    flags = point.module.flags
    own = StatusByte(flags >> OWN_FLAGS_SHIFT & _OWN_FLAGS)
    lost = ["settings-lost"] if flags & SETTINGS_LOST else []
    return [*flag_words(StatusBit(flags & METER_ALARMS)), *flag_words(own), *lost]


_OWN_FLAGS: Final = ~StatusByte.APPLICATION_ERROR
_STATUS_WORDS: Final = (NONE, *flag_words(~StatusByte(0)))
_FLAG_WORDS: Final = (NONE, *flag_words(StatusBit(METER_ALARMS)), *flag_words(_OWN_FLAGS), "settings-lost")


def _all(words: list[str]) -> str:
    return ",".join(words) or NONE


_YES_NO: Final = ("yes", "no")
QUANTITIES: Final = {
    quantity.name: quantity
    for quantity in (
        ModuleQuantity(
            "powered",
            "the bus voltage is high enough for the module",
            Kind.SWITCH,
            lambda point: _switch(point.module.powered),
            _YES_NO,
        ),
        ModuleQuantity(
            "contact",
            "the module is in contact with its meter",
            Kind.SWITCH,
            lambda point: _switch(point.module.contact),
            _YES_NO,
        ),
        ModuleQuantity(
            "paused",
            "reading the meter is paused",
            Kind.SWITCH,
            _of_state(lambda s: s.reading_paused, _switch),
            _YES_NO,
        ),
        ModuleQuantity(
            "condition",
            "the condition that the lamps show",
            Kind.WORD,
            lambda point: _word(point.module.indicators.condition.value),
            tuple(_word(one.value) for one in Condition),
        ),
        ModuleQuantity(
            "red", "the pattern of the red lamp", Kind.PATTERN, lambda point: point.module.indicators.patterns()[0]
        ),
        ModuleQuantity(
            "green", "the pattern of the green lamp", Kind.PATTERN, lambda point: point.module.indicators.patterns()[1]
        ),
        ModuleQuantity(
            "disconnector",
            "the state of the disconnector",
            Kind.WORD,
            _of_state(lambda s: s.disconnector),
            get_args(DisconnectorState),
        ),
        ModuleQuantity("rate", "the meter's active rate, 1 to 6", Kind.NUMBER, _of_state(lambda s: s.rate, _number)),
        ModuleQuantity(
            "rate-error",
            "the reason why the meter does not have the wanted rate",
            Kind.WORD,
            _of_state(lambda s: s.rate_error),
            (NONE, *(_word(one.value) for one in RateError)),
        ),
        ModuleQuantity(
            "input-a", "rate input A is active", Kind.SWITCH, _of_state(lambda s: bool(s.level & 1), _switch), _YES_NO
        ),
        ModuleQuantity(
            "input-b", "rate input B is active", Kind.SWITCH, _of_state(lambda s: bool(s.level & 2), _switch), _YES_NO
        ),
        ModuleQuantity("display", "the text sent to the meter's display", Kind.TEXT, _display),
        ModuleQuantity(
            "press",
            "what the last press of the button came to",
            Kind.WORD,
            lambda point: _result(point.outcomes.press),
            (NONE, *dict.fromkeys(map(_word, _OUTCOMES))),
        ),
        ModuleQuantity(
            "command",
            "what the last command came to",
            Kind.WORD,
            lambda point: _result(point.outcomes.command),
            (NONE, *dict.fromkeys(map(_word, _OUTCOMES))),
        ),
        ModuleQuantity(
            "status",
            "a flag of the status byte",
            Kind.FLAGS,
            lambda point: _all(flag_words(point.module.status_byte)),
            _STATUS_WORDS,
        ),
        ModuleQuantity(
            "flag", "an error flag of the module", Kind.FLAGS, lambda point: _all(module_flags(point)), _FLAG_WORDS
        ),
        ModuleQuantity(
            "requests",
            "the requests of masters that the module has received",
            Kind.NUMBER,
            lambda point: _number(point.requests),
        ),
        ModuleQuantity("address", "the primary address", Kind.NUMBER, lambda p: _number(p.module.primary_address)),
        ModuleQuantity("secondary-address", "eight digits", Kind.TEXT, lambda point: point.module.secondary_address),
        ModuleQuantity("baud", "the speed on the bus in bit/s", Kind.NUMBER, lambda point: _number(point.module.baud)),
        ModuleQuantity(
            "bus-voltage", "the voltage at the module in V DC", Kind.NUMBER, lambda p: _number(p.module.bus_voltage)
        ),
        ModuleQuantity("meter-number", "the meter's number", Kind.TEXT, lambda p: _text(p.module.meter_number)),
        ModuleQuantity(
            "meter-type", "the type in the meter's identification", Kind.TEXT, _of_state(lambda s: s.meter_type, _text)
        ),
        ModuleQuantity("lines", "the lines of the last readout", Kind.NUMBER, lambda p: _number(len(p.module.lines))),
        ModuleQuantity(
            "failed-readouts",
            "the failed readouts in a row",
            Kind.NUMBER,
            lambda p: _number(p.module.schedule.failures),
        ),
    )
}
"""All quantities except the readings, by name."""


def find_quantity(name: str) -> ModuleQuantity | None:
    """Return a quantity, or that of a reading if the name is an OBIS code; None if there is no such quantity."""
    if name in QUANTITIES or not OBIS_CODE.fullmatch(name):
        return QUANTITIES.get(name)
    return ModuleQuantity(name, "a reading", Kind.NUMBER, lambda point: _reading(point, name))


def _reading(point: MeteringPoint, code: str) -> str:
    for reading in read_lines(point.module.lines):
        if reading.code == code:
            return reading.value
    return NONE
