"""Lines of text by which a script operates module and meter of a running station, as a person would.

`CONTROL_LINES` lists them. Empty lines and comments, which begin with `#`, are ignored.
"""

from __future__ import annotations

from string import hexdigits
from typing import Final

from cmi_gui.engine.cmi1020.inputs import InputName
from cmi_gui.engine.e350.meter import MeterRefusal
from cmi_gui.engine.mbus.render import Json
from cmi_gui.engine.station.station import Station

CONTROL_LINES: Final = (
    ("button", "presses the module's push button"),
    ("rate-input A 230", "applies a voltage in V AC to a rate input, A or B"),
    ("bus-voltage 18", "sets the bus voltage in V DC"),
    ("bus-break", "sends a break on the bus, which ends an answer that is being sent"),
    ("read-now", "reads the meter as soon as possible"),
    ("pause on", "stops reading the meter; `off` resumes"),
    ("interval 10", "sets the seconds from one readout to the next"),
    (
        "meter silent on",
        "switches a fault of the meter `on` or `off`: `silent`, `bad-bcc`, `garbled`, `wrong-password`, `no-number`",
    ),
    ("meter slow 2.5", "adds seconds to each reaction time; 0 ends it"),
    ("meter power off", "switches the meter's supply off, which C.7.0 counts; `on` switches it on"),
    ("meter phase 2 off", "switches a phase off; `on` switches it on"),
    ("meter cover off", "removes the terminal cover; `on` puts it back"),
    ("meter solar 6000", "sets the watts of solar cells at midsummer noon; what the house does not use is exported"),
    ("meter register 1.8.1 999999999", "sets an energy register, in Wh; it rolls over after nine digits"),
    ("meter magnet", "holds a strong magnet to the meter"),
    ("meter tamper disconnector", "tampers with the meter's disconnector"),
    ("meter error 02", "sets the meter's error register F.F, two hex digits"),
    ("meter speed 5", "sets the speed that the meter offers from its next sign-on: 0 to 5 for 300 to 9600 bit/s"),
    ("meter scroll", "presses the meter's green button"),
    ("status", "shows the state of module and meter"),
    ("help", "lists these lines"),
)
"""Every line, with example values, and what it does."""

_INPUTS: Final[dict[str, InputName]] = {"A": "A", "B": "B"}
_SWITCHES = {
    "silent": "silent",
    "bad-bcc": "bad_bcc",
    "garbled": "garbled",
    "wrong-password": "refuse_passwords",
    "no-number": "no_meter_number",
}
_STATUS_FIELDS = (
    *("powered", "bus_voltage", "condition", "contact", "primary_address", "secondary_address", "baud"),
    *("rate", "rate_error", "disconnector", "display_text"),
)
"""The attributes of `ModuleState` that `status` returns unchanged."""
MAX_LINE = 200
"""The maximum number of characters of a line; the longest valid one is far shorter."""


class ControlError(ValueError):
    """A control line that cannot be carried out; the text has the cause and the right form.

    `code`: `bad_line` for a wrong line, `refused` for a correct one that the meter cannot carry out.
    """

    def __init__(self, message: str, code: str = "bad_line") -> None:
        super().__init__(message)
        self.code = code


_FIRST_WORDS: Final = frozenset(form.split()[0] for form, _ in CONTROL_LINES)


def is_control_line(line: str) -> bool:
    """Return whether a line is meant as a control line, even a wrong one; an empty line or a comment counts too."""
    words = line.split(maxsplit=1)
    return len(line) <= MAX_LINE and (not words or words[0] in _FIRST_WORDS or words[0].startswith("#"))


def control(station: Station, line: str) -> dict[str, Json] | None:
    """Carry out one line; return its result (`status`, `help`), else {}; None for an empty line or a comment.

    A correct line that would have no effect now is refused: then `ok` is False, `error` a code, `message` the reason.
    Raises ControlError, and nothing else, for any text.
    """
    if len(line) > MAX_LINE:
        raise ControlError(f"a control line has at most {MAX_LINE} characters, not {len(line)}")
    words = line.split()
    if not words or words[0].startswith("#"):
        return None
    try:
        match words:
            case ["button"]:
                refusal = station.press_button()
                if refusal is not None:
                    return _refused(refusal.code, str(refusal.message))
            case ["rate-input", name, volts]:
                station.set_rate_input(_input(name), _number(volts))
            case ["bus-voltage", volts]:
                station.set_bus_voltage(_number(volts))
            case ["bus-break"]:
                station.break_bus()
            case ["read-now"]:
                module = station.module_state()
                if not module.powered:
                    return _refused("unpowered", "the module has no bus voltage, so it does not read the meter")
                if module.reading_paused:
                    return _refused("paused", "reading is paused; `pause off` resumes it")
                station.read_now()
            case ["pause", state]:
                station.pause_reading(_is_on(state))
            case ["interval", seconds]:
                station.set_readout_interval(_number(seconds))
            case ["meter", "scroll"] if station.meter is not None and not station.meter.powered:
                return _refused("meter_unpowered", "the meter has no supply, so its button has no effect")
            case ["meter", *rest]:
                _meter(station, rest)
            case ["status"]:
                return status_of(station)
            case ["help"]:
                return {"lines": [f"{line}: {effect}" for line, effect in CONTROL_LINES]}
            case _:
                raise _unknown(words)
    except ControlError:
        raise
    except MeterRefusal as error:
        raise ControlError(str(error), "refused") from None
    except ValueError as error:
        raise ControlError(str(error)) from None
    return {}


def _refused(code: str, message: str) -> dict[str, Json]:
    return {"ok": False, "error": code, "message": message}


def status_of(station: Station) -> dict[str, Json]:
    """Return the state of module, meter and links as plain values."""
    module = station.module_state()
    return {
        **{name: getattr(module, name) for name in _STATUS_FIELDS},
        "inputs": {"A": bool(module.level & 1), "B": bool(module.level & 2)},
        "lines": len(module.lines),
        "paused": module.reading_paused,
        "failed_readouts": module.failures,
        "meter": "real" if station.meter_is_real else "simulated",
        "links": [{"side": link.side, "url": link.url, "state": link.state.value} for link in station.link_status],
    }


def _meter(station: Station, words: list[str]) -> None:
    meter = station.meter
    if meter is None:
        raise ControlError("a real meter is wired; these lines are for the simulated one", "refused")
    match words:
        case [switch, state] if switch in _SWITCHES:
            setattr(meter.faults, _SWITCHES[switch], _is_on(state))
        case ["slow", seconds]:
            delay = _number(seconds)
            if not 0 <= delay <= 60:
                raise ControlError(f"the meter can be slowed by 0 to 60 seconds, not {seconds}")
            meter.faults.delay = delay
        case ["power", state]:
            station.power_meter(_is_on(state))
        case ["phase", number, state]:
            if number not in ("1", "2", "3"):
                raise ControlError(f"the phases are 1, 2 and 3, not {number}")
            meter.fail_phase(int(number), not _is_on(state), station.module_clock.now())
        case ["cover", state]:
            (meter.replace_cover if _is_on(state) else meter.remove_cover)()
        case ["solar", watts]:
            meter.set_solar_peak(_whole_number(watts), station.module_clock.now())
        case ["register", code, wh]:
            meter.set_register(code, _whole_number(wh), station.module_clock.now())
        case ["magnet"]:
            meter.hold_magnet()
        case ["tamper", "disconnector"]:
            meter.tamper_disconnector()
        case ["error", digits]:
            meter.set_error(_hex_byte(digits))
        case ["speed", z]:
            meter.offer_speed(z)
        case ["scroll"]:
            meter.press_button(station.module_clock.now())
        case _:
            raise _unknown(["meter", *words])


def _unknown(words: list[str]) -> ControlError:
    """Return the error (`bad_line`) for an unknown line; it names the right form if the first words are known."""
    for count in (2, 1):
        forms = [form for form, _ in CONTROL_LINES if form.split()[:count] == words[:count]]
        if forms:
            return ControlError(f"{_shown(words)} is not a control line; the form is {' or '.join(forms)}")
    return ControlError(f"{_shown(words)} is not a control line; `help` lists them")


def _shown(words: list[str]) -> str:
    text = " ".join(words)
    return repr(text if len(text) <= 40 else f"{text[:39]}…")


def _input(name: str) -> InputName:
    if name.upper() not in _INPUTS:
        raise ControlError(f"the rate inputs are A and B, not {name}")
    return _INPUTS[name.upper()]


def _is_on(state: str) -> bool:
    if state not in ("on", "off"):
        raise ControlError(f"expected on or off, not {state}")
    return state == "on"


def _whole_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise ControlError(f"{text} is not a whole number")
    return int(text)


def _hex_byte(text: str) -> int:
    if len(text) != 2 or any(digit not in hexdigits for digit in text):
        raise ControlError(f"{text} is not two hex digits")
    return int(text, 16)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ControlError(f"{text} is not a number") from None
