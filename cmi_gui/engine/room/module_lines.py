"""The lines that operate modules and the bus."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cmi_gui.engine.cmi1020.inputs import InputName
from cmi_gui.engine.messages import Message
from cmi_gui.engine.room.line import Instruction, Values, Verb, bad_line, each, is_on, number, refused
from cmi_gui.engine.station.metering_point import MeteringPoint
from cmi_gui.engine.station.station import NOMINAL_BUS_VOLTS

_INPUTS: Final[dict[str, InputName]] = {"A": "A", "B": "B"}


def _press(point: MeteringPoint, args: Sequence[str]) -> None:
    refusal = point.press_button()
    if refusal is not None:
        raise refused(refusal.code, refusal.message)


def _set_rate_input(point: MeteringPoint, args: Sequence[str]) -> None:
    name, volts = args
    if name.upper() not in _INPUTS:
        raise bad_line(Message("the rate inputs are A and B, not {0}", (name,)))
    point.set_rate_input(_INPUTS[name.upper()], number(volts))


def _read_now(point: MeteringPoint, args: Sequence[str]) -> None:
    module = point.module_state()
    if not module.powered:
        raise refused("unpowered", Message("the module has no bus voltage, so it does not read the meter"))
    if module.reading_paused:
        raise refused("paused", Message("reading is paused; `pause off` resumes it"))
    point.read_now()


def _pause(point: MeteringPoint, args: Sequence[str]) -> None:
    point.pause_reading(is_on(args[0]))


def _set_interval(point: MeteringPoint, args: Sequence[str]) -> None:
    point.set_readout_interval(number(args[0]))


def _power(instruction: Instruction) -> Values:
    instruction.station.set_bus_voltage(NOMINAL_BUS_VOLTS if is_on(instruction.args[0]) else 0.0, instruction.points)
    return {}


def _set_bus_voltage(instruction: Instruction) -> Values:
    instruction.station.set_bus_voltage(number(instruction.args[0]))
    return {}


def _break_bus(instruction: Instruction) -> Values:
    instruction.station.break_bus()
    return {}


MODULE_LINES: Final = (
    Verb("press", "", "presses the module's push button", each(_press)),
    Verb("button", "", "another name of `press`", each(_press)),
    Verb("rate-input", "A 230", "applies a voltage in V AC to a rate input, A or B", each(_set_rate_input)),
    Verb("power", "off", "takes the bus voltage from the module; `on` gives it 24 V DC", _power),
    Verb("bus-voltage", "18", "sets the bus voltage in V DC, for all modules", _set_bus_voltage, targeted=False),
    Verb(
        "bus-break",
        "",
        "sends a break on the bus, which ends an answer that is being sent",
        _break_bus,
        targeted=False,
    ),
    Verb("read-now", "", "reads the meter as soon as possible", each(_read_now)),
    Verb("pause", "on", "stops reading the meter; `off` resumes", each(_pause)),
    Verb("interval", "10", "sets the seconds from one readout to the next", each(_set_interval)),
)
"""The lines of modules and the bus."""
