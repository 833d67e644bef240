"""The window's words for states and events: pure functions, so that a test can read every sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from PySide6.QtCore import QCoreApplication

from cmi_gui.engine.cmi1020.indicators import Condition
from cmi_gui.engine.events import (
    ContactChanged,
    Dropped,
    InputsChanged,
    LinkChanged,
    Notice,
    PowerChanged,
    ReadoutDone,
    ReadoutFailed,
    SettingChanged,
    StationEvent,
)
from cmi_gui.engine.machine import LinkState

__all__ = [
    "Level",
    "Message",
    "age_text",
    "clock_text",
    "condition_text",
    "duration_text",
    "link_text",
    "message_of",
    "volts_text",
]


def _tr(text: str) -> str:
    return QCoreApplication.translate("Words", text)


class Level(Enum):
    """How much a message matters."""

    INFO = "info"
    GOOD = "good"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence for the strip and the lists; `at` in seconds of the engine's clock."""

    at: float
    level: Level
    text: str


def age_text(seconds: float) -> str:
    """How long ago, short: `now`, `42 s`, `3 min`, `5 h`, `2 d`."""
    if seconds < 1:
        return _tr("now")
    for size, unit in ((86_400, _tr("d")), (3600, _tr("h")), (60, _tr("min"))):
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return f"{int(seconds)} {_tr('s')}"


def duration_text(seconds: float) -> str:
    """How long yet: `38 s`, `1 min 5 s`."""
    whole = max(0, round(seconds))
    return _tr("{0} s").format(whole) if whole < 60 else _tr("{0} min {1} s").format(whole // 60, whole % 60)


def clock_text(moment: datetime) -> str:
    """Time of day to the second."""
    return moment.strftime("%H:%M:%S")


def volts_text(volts: float) -> str:
    """Whole volts where they are whole."""
    return f"{volts:.0f} V" if float(volts).is_integer() else f"{volts:.1f} V"


def condition_text(condition: Condition) -> tuple[str, str]:
    """What the module is doing, and what its LEDs show for it."""
    return {
        Condition.NO_BUS: (_tr("Dark: no voltage on the bus"), _tr("Both LEDs dark")),
        Condition.NO_METER: (_tr("No connection with the meter"), _tr("Red flashes every 5 s")),
        Condition.NO_METER_NUMBER: (
            _tr("The meter does not tell its number (C.1.0)"),
            _tr("Red steady, green flashes every 5 s"),
        ),
        Condition.RATE_ERROR: (
            _tr("The rate could not be changed"),
            _tr("Red blinks, green flashes every 5 s"),
        ),
        Condition.NORMAL: (_tr("In contact with the meter"), _tr("Green flashes every 5 s")),
    }[condition]


_NOTICE_LEVELS = {"info": Level.INFO, "warning": Level.WARNING, "error": Level.ERROR}


def message_of(event: StationEvent) -> Message | None:
    """The sentence for an event; None for those that are seen elsewhere all the time."""
    level, text = Level.INFO, ""
    match event:
        case LinkChanged():
            level, text = _link(event)
        case ReadoutDone():
            level = Level.GOOD
            text = _tr("Meter read: {0} lines in {1:.1f} s").format(len(event.lines), event.seconds)
        case ReadoutFailed():
            level = Level.ERROR
            text = _tr("Reading the meter failed (try {0}): {1}").format(event.attempt, event.message)
        case ContactChanged():
            level = Level.GOOD if event.contact else Level.ERROR
            text = _tr("Contact with the meter found") if event.contact else _tr("Contact with the meter lost")
        case PowerChanged():
            level = Level.INFO if event.powered else Level.WARNING
            words = _tr("Bus voltage {0}") if event.powered else _tr("Bus voltage {0}: too low, the module is dark")
            text = words.format(volts_text(event.volts))
        case InputsChanged():
            text = _tr("Rate inputs steady at B = {0}, A = {1}").format(int(event.b), int(event.a))
        case SettingChanged():
            text = _tr("Setting {0} is now {1}").format(event.name, event.value)
        case Notice():
            # The engine's sentences begin small, so that a command line can put its name in front.
            level, text = _NOTICE_LEVELS[event.level], event.message[:1].upper() + event.message[1:]
        case Dropped():
            level = Level.WARNING
            text = _tr("The window was too slow for {0} events").format(event.count)
    return Message(event.at, level, text) if text else None


def link_text(side: str, url: str) -> str:
    """A link by the name a person knows it by."""
    if url == "sim:":
        return _tr("The simulated meter's wire") if side == "meter" else _tr("The simulated bus")
    return url


def _link(event: LinkChanged) -> tuple[Level, str]:
    name = link_text(event.side, event.url)
    match LinkState(event.state):
        case LinkState.OPEN:
            return Level.GOOD, _tr("{0} is open").format(name)
        case LinkState.WAITING:
            return Level.WARNING, _tr("{0}: {1}; trying again").format(name, event.message or "")
        case LinkState.FAILED:
            return Level.ERROR, f"{name}: {event.message or ''}"
        case _:
            return Level.INFO, ""
