"""The lines that operate simulated meters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from string import hexdigits
from typing import Final

from cmi_gui.engine.e350.meter import E350Meter, MeterRefusal
from cmi_gui.engine.messages import Message, quoted
from cmi_gui.engine.room.line import Verb, bad_line, each, is_on, number, refused, whole_number
from cmi_gui.engine.station.metering_point import MeteringPoint

_SWITCHES: Final = {
    "silent": ("silent", "ends every answer of the meter"),
    "bad-bcc": ("bad_bcc", "makes the block check character of every readout wrong"),
    "garbled": ("garbled", "damages the characters that the meter sends"),
    "wrong-password": ("refuse_passwords", "makes the meter treat every password as wrong"),
    "no-number": ("no_meter_number", "leaves C.1.0 out of the readout"),
}
"""The attribute of `MeterFaults` that a word switches, and the effect."""
_LONGEST_DELAY: Final = 60

_Operation = Callable[[E350Meter, Sequence[str], float], object]


def _operate(operation: _Operation) -> Callable[[MeteringPoint, Sequence[str]], object]:
    """Return a handler that applies `operation` to the simulated meter of a module."""

    def apply(point: MeteringPoint, args: Sequence[str]) -> None:
        if point.meter is None:
            raise refused("refused", Message("a real meter is wired; these lines are for the simulated one"))
        try:
            operation(point.meter, args, point.clock.now())
        except MeterRefusal as error:
            raise refused("refused", quoted(str(error))) from None

    return apply


def _switch(fault: str, meter: E350Meter, args: Sequence[str], now: float) -> None:
    setattr(meter.faults, fault, is_on(args[0]))


def _slow(meter: E350Meter, args: Sequence[str], now: float) -> None:
    delay = number(args[0])
    if not 0 <= delay <= _LONGEST_DELAY:
        raise bad_line(Message("the meter can be slowed by 0 to {0} seconds, not {1}", (_LONGEST_DELAY, args[0])))
    meter.faults.delay = delay


def _phase(meter: E350Meter, args: Sequence[str], now: float) -> None:
    if args[0] not in ("1", "2", "3"):
        raise bad_line(Message("the phases are 1, 2 and 3, not {0}", (args[0],)))
    meter.fail_phase(int(args[0]), not is_on(args[1]), now)


def _cover(meter: E350Meter, args: Sequence[str], now: float) -> None:
    (meter.replace_cover if is_on(args[0]) else meter.remove_cover)()


def _error(meter: E350Meter, args: Sequence[str], now: float) -> None:
    if len(args[0]) != 2 or any(digit not in hexdigits for digit in args[0]):
        raise bad_line(Message("{0} is not two hex digits", (args[0],)))
    meter.set_error(int(args[0], 16))


def _scroll(meter: E350Meter, args: Sequence[str], now: float) -> None:
    if not meter.powered:
        raise refused("meter_unpowered", Message("the meter has no supply, so its button has no effect"))
    meter.press_button(now)


def _tamper(meter: E350Meter, args: Sequence[str], now: float) -> None:
    meter.tamper_disconnector()


def _power(point: MeteringPoint, args: Sequence[str]) -> None:
    on = is_on(args[0])
    _operate(lambda *_: point.power_meter(on))(point, args)


def _line(words: str, example: str, effect: str, operation: _Operation) -> Verb:
    return Verb(f"meter {words}", example, effect, each(_operate(operation)))


METER_LINES: Final = (
    *(
        _line(word, "on", f"{effect}; `off` ends it", partial(_switch, fault))
        for word, (fault, effect) in _SWITCHES.items()
    ),
    _line("slow", "2.5", "adds seconds to each reaction time of the meter; 0 ends it", _slow),
    Verb(
        "meter power", "off", "switches the meter's supply off, which C.7.0 counts; `on` switches it on", each(_power)
    ),
    _line("phase", "2 off", "switches a phase off; `on` switches it on", _phase),
    _line("cover", "off", "removes the terminal cover; `on` puts it back", _cover),
    _line(
        "solar",
        "6000",
        "sets the watts of solar cells at midsummer noon; what the house does not use is exported",
        lambda meter, args, now: meter.set_solar_peak(whole_number(args[0]), now),
    ),
    _line(
        "register",
        "1.8.1 999999999",
        "sets an energy register, in Wh; it rolls over after nine digits",
        lambda meter, args, now: meter.set_register(args[0], whole_number(args[1]), now),
    ),
    _line("magnet", "", "holds a strong magnet to the meter", lambda meter, args, now: meter.hold_magnet()),
    _line("tamper disconnector", "", "tampers with the meter's disconnector", _tamper),
    _line("error", "02", "sets the meter's error register F.F, two hex digits", _error),
    _line(
        "speed",
        "5",
        "sets the speed that the meter offers from its next sign-on: 0 to 5 for 300 to 9600 bit/s",
        lambda meter, args, now: meter.offer_speed(args[0]),
    ),
    _line("scroll", "", "presses the meter's green button", _scroll),
)
"""The lines of the simulated meter."""
