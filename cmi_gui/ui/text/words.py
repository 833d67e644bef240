"""The window's words for states and events: pure functions, so that tests can check every sentence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from cmi_gui.engine.cmi1020.indicators import Condition
from cmi_gui.engine.cmi1020.meter_actions import ActionOutcome
from cmi_gui.engine.cmi1020.rates import RateError
from cmi_gui.engine.events import (
    ActionFinished,
    ActionStarted,
    ContactChanged,
    DisconnectorChanged,
    Dropped,
    Event,
    InputsChanged,
    LinkChanged,
    Notice,
    PowerChanged,
    RateErrorChanged,
    ReadoutDone,
    ReadoutFailed,
    SettingChanged,
    Stamped,
)
from cmi_gui.engine.history.service import HistoryTrouble, Trouble
from cmi_gui.engine.link.url import KINDS
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.messages import Argument, Message
from cmi_gui.engine.station.wiring import SIMULATED
from cmi_gui.ui.text.i18n import number_text
from cmi_gui.ui.text.messages import text_of, translate


class Level(Enum):
    """The importance of a message."""

    INFO = "info"
    GOOD = "good"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class LogEntry:
    """An event as one sentence for the strip and the lists; `at` in seconds of the engine's clock.

    `page_part`: the page (its object name) and the part of it that show more, or None.
    `result`: it reports the end, or the present step, of something that was asked for.
    """

    at: float
    level: Level
    text: str
    page_part: tuple[str, str] | None = None
    result: bool = False

    @property
    def trouble(self) -> bool:
        """Whether it is a warning or an error."""
        return self.level in (Level.WARNING, Level.ERROR)


def level_word(level: Level) -> str:
    """Return a word for the shape of a message's level."""
    return {
        Level.INFO: translate("Words", "Information"),
        Level.GOOD: translate("Words", "Good"),
        Level.WARNING: translate("Words", "Warning"),
        Level.ERROR: translate("Words", "Error"),
    }[level]


def age_text(seconds: float) -> str:
    """Return an age in short form: `now`, `42 s`, `3 min`, `5 h`, `2 d`."""
    if seconds < 1:
        return translate("Words", "now")
    for size, words in (
        (86_400, translate("Words", "{0} d")),
        (3600, translate("Words", "{0} h")),
        (60, translate("Words", "{0} min")),
    ):
        if seconds >= size:
            return words.format(int(seconds // size))
    return translate("Words", "{0} s").format(int(seconds))


def remaining_text(seconds: float) -> str:
    """Return a remaining time, rounded up so that "0 s" means that it is over: `38 s`, `1 min 5 s`."""
    return duration_text(math.ceil(seconds - 1e-6))


def duration_text(seconds: float) -> str:
    """Return a length of time: `38 s`, `1 min 5 s`."""
    whole = max(0, round(seconds))
    return (
        translate("Words", "{0} s").format(whole)
        if whole < 60
        else translate("Words", "{0} min {1} s").format(whole // 60, whole % 60)
    )


def seconds_text(seconds: float) -> str:
    """Return a short time: `6.2 s`, or `6,2 s` in a language with a decimal comma."""
    return translate("Words", "{0} s").format(number_text(seconds, 1))


def clock_text(moment: datetime) -> str:
    """Return the time of day to the second."""
    return moment.strftime("%H:%M:%S")


def volts_text(volts: float) -> str:
    """Return a voltage in V with one decimal, or none for whole volts."""
    return f"{number_text(volts, 0 if float(volts).is_integer() else 1)} V"


def condition_text(condition: str) -> tuple[str, str]:
    """Return the module's condition in words, and what its LEDs show for it; `condition` is a `Condition` value."""
    return {
        Condition.NO_BUS: (
            translate("Words", "Dark: no voltage on the bus"),
            translate("Words", "Both LEDs dark"),
        ),
        Condition.NO_METER: (
            translate("Words", "No contact with the meter"),
            translate("Words", "Red flashes every 5 s"),
        ),
        Condition.NO_METER_NUMBER: (
            translate("Words", "The meter does not report its number (C.1.0)"),
            translate("Words", "Red steady, green flashes every 5 s"),
        ),
        Condition.RATE_ERROR: (
            translate("Words", "The rate could not be changed"),
            translate("Words", "Red blinks, green flashes every 5 s"),
        ),
        Condition.NORMAL: (
            translate("Words", "In contact with the meter"),
            translate("Words", "Green flashes every 5 s"),
        ),
    }[Condition(condition)]


def led_patterns(condition: Condition) -> tuple[str, str]:
    """Return in words what the red and the green LED do in a condition."""
    off, flashes = translate("Words", "off"), translate("Words", "flashes every 5 s")
    return {
        Condition.NO_BUS: (off, off),
        Condition.NO_METER: (flashes, off),
        Condition.NO_METER_NUMBER: (translate("Words", "on"), flashes),
        Condition.RATE_ERROR: (translate("Words", "blinks every second"), flashes),
        Condition.NORMAL: (off, flashes),
    }[condition]


_LINKS = tuple(f"{scheme}:" for scheme in KINDS)


def sentence(message: Argument) -> str:
    """Return a message of the engine with a capital first letter, which it lacks because it may follow a prefix.

    A LINK or another fact at its beginning, such as the name of a file, stays unchanged.
    """
    words, first = text_of(message), message
    while isinstance(first, Message):
        first = first.args[0] if first.args else ""
    # A message that is nothing but a fact is the text of another library's error.
    is_fact = isinstance(message, Message) and first not in ("", words) and words.startswith(str(first))
    return words if is_fact or words.startswith(_LINKS) else words[:1].upper() + words[1:]


def _setting_name(name: str) -> str:
    names = {
        "primary_address": translate("Words", "primary address"),
        "secondary_address": translate("Words", "secondary address"),
        "baud": translate("Words", "speed"),
        "disconnector_control": translate("Words", "disconnector control"),
        "rate_enable": translate("Words", "rate inputs enabled"),
        "rate_map": translate("Words", "rate mapping table"),
        "usage": translate("Words", "P1 and P2 usage"),
        "selection_list": translate("Words", "selection list"),
        "p1": translate("Words", "P1 password"),
        "p2": translate("Words", "P2 login key"),
    }
    return names.get(name, name)


def _sending(action: str, value: str) -> str:
    match action, value:
        case "rate", _:
            return translate("Words", "Setting rate {0} in the meter").format(value)
        case "disconnector", "close":
            return translate("Words", "Closing the meter's disconnector")
        case "disconnector", _:
            return translate("Words", "Opening the meter's disconnector")
        case _, "":
            return translate("Words", "Erasing the text on the meter's display")
    return translate("Words", "Showing {0} on the meter's display").format(value)


def _accepted(action: str, value: str) -> str:
    match action, value:
        case "rate", _:
            return translate("Words", "The meter accepted rate {0}").format(value)
        case "disconnector", "close":
            return translate("Words", "The meter accepted the command to close its disconnector")
        case "disconnector", _:
            return translate("Words", "The meter accepted the command to open its disconnector")
        case _, "":
            return translate("Words", "The meter erased the text on its display")
    return translate("Words", "The meter shows {0}").format(value)


def _action_end(event: ActionFinished) -> tuple[Level, str]:
    if event.outcome == ActionOutcome.DONE:
        return Level.GOOD, _accepted(event.action, event.value)
    return Level.WARNING, translate("Words", "{0} failed: {1}").format(
        _sending(event.action, event.value), text_of(event.message)
    )


def _disconnector(state: str) -> str:
    return {
        "open": translate("Words", "The disconnector is open"),
        "closed": translate("Words", "The disconnector is closed"),
        "moving": translate("Words", "The disconnector is being switched (10 s)"),
        "unknown": translate("Words", "The state of the disconnector is no longer known"),
    }[state]


def _rate_error(error: str | None) -> str:
    return {
        RateError.NOT_ENABLED.value: translate("Words", "Rate error: the inputs changed but are not enabled"),
        RateError.REFUSED.value: translate("Words", "Rate error: the meter refused the rate"),
        RateError.DENIED.value: translate("Words", "Rate error: the meter refused the password"),
        None: translate("Words", "The rate error is cleared"),
    }[error]


_NOTICE_LEVELS = {"info": Level.INFO, "warning": Level.WARNING, "error": Level.ERROR}


def log_entry(stamped: Stamped) -> LogEntry | None:
    """Return the sentence for an event; None for events that are shown elsewhere anyway."""
    event, level, text = stamped.event, Level.INFO, ""
    match event:
        case LinkChanged():
            level, text = _link(event)
        case ReadoutDone():
            level = Level.GOOD
            text = translate("Words", "Meter read: {0} lines in {1}").format(
                len(event.lines), seconds_text(event.seconds)
            )
        case ReadoutFailed():
            level = Level.ERROR
            text = translate("Words", "Reading the meter failed (try {0}): {1}").format(
                event.attempt, text_of(event.message)
            )
        case ContactChanged():
            level = Level.GOOD if event.contact else Level.ERROR
            text = (
                translate("Words", "Contact with the meter established")
                if event.contact
                else translate("Words", "Contact with the meter lost")
            )
        case PowerChanged():
            level = Level.INFO if event.powered else Level.WARNING
            words = (
                translate("Words", "Bus voltage {0}")
                if event.powered
                else translate("Words", "Bus voltage {0}: too low for the module")
            )
            text = words.format(volts_text(event.volts))
        case InputsChanged():
            text = translate("Words", "Rate inputs steady at B = {0}, A = {1}").format(int(event.b), int(event.a))
        case SettingChanged():
            text = translate("Words", "Setting {0} is now {1}").format(_setting_name(event.name), event.value)
        case ActionStarted():
            text = _sending(event.action, event.value)
        case ActionFinished():
            level, text = _action_end(event)
        case DisconnectorChanged():
            level = Level.WARNING if event.state == "unknown" else Level.INFO
            text = _disconnector(event.state)
        case RateErrorChanged():
            level = Level.GOOD if event.error is None else Level.ERROR
            text = _rate_error(event.error)
        case Notice():
            level, text = _NOTICE_LEVELS[event.level], sentence(event.message)
        case Dropped():
            level = Level.WARNING
            text = translate("Words", "The window was too slow: {0} events were lost").format(event.count)
    result = isinstance(event, ActionStarted | ActionFinished)
    return LogEntry(stamped.at, level, text, _page_part(event, level), result) if text else None


def _page_part(event: Event, level: Level) -> tuple[str, str] | None:
    """Return the page and the part of it that show more about a warning or an error; None for other levels."""
    if level not in (Level.WARNING, Level.ERROR):
        return None
    match event:
        case LinkChanged():
            return "pageConnections", "listen" if event.listens else event.side
        case Notice(code="answer_late"):
            return "pageDiagnostics", "master"
        case Notice(code="listen_unreadable"):
            return "pageConnections", "listen"
        case PowerChanged():
            return "pageModule", ""
        case ReadoutFailed() | ContactChanged() | ActionFinished() | RateErrorChanged() | DisconnectorChanged():
            return "pageDiagnostics", ""
    return None


def link_text(side: str, url: str) -> str:
    """Return the name by which the user knows a link."""
    if url == SIMULATED:
        return (
            translate("Words", "The link to the simulated meter")
            if side == "meter"
            else translate("Words", "The simulated bus")
        )
    return url


def _link(event: LinkChanged) -> tuple[Level, str]:
    name = link_text(event.side, event.url)
    match LinkState(event.state):
        case LinkState.OPEN:
            return Level.GOOD, translate("Words", "{0} is open").format(name)
        case LinkState.WAITING:
            # A link's own message is a whole sentence with the place and the remedy.
            words = text_of(event.message or "") or translate("Words", "{0} is not open").format(name)
            again = (
                translate("Words", "{0} Trying again.")
                if words.endswith("?")
                else translate("Words", "{0}; trying again")
            )
            return Level.WARNING, again.format(words.rstrip("."))
        case LinkState.FAILED:
            return Level.ERROR, text_of(event.message or "") or translate("Words", "{0} cannot be opened").format(name)
        case _:
            return Level.INFO, ""


def history_trouble_text(trouble: HistoryTrouble) -> str:
    """Return what is wrong with the history of readings, and the consequence."""
    words = {
        Trouble.DAMAGED: translate(
            "Words", "The history of readings was damaged ({1}); it was moved to {0}, and a new one was started"
        ),
        Trouble.NEWER: translate(
            "Words",
            "{0} was written by a newer version of the program and is not used; readings are lost when the"
            " program ends",
        ),
        Trouble.FOREIGN: translate(
            "Words",
            "{0} is a database of another program and is not used; readings are lost when the program ends",
        ),
        Trouble.LOCKED: translate(
            "Words", "{0} is locked by another program ({1}); readings are held in memory and stored once it is free"
        ),
        Trouble.NOT_USABLE: translate("Words", "{0} cannot be opened ({1}); readings are lost when the program ends"),
        Trouble.NOT_WRITTEN: translate(
            "Words", "Readings cannot be stored in {0} ({1}); check the free space and the permissions"
        ),
    }[trouble.trouble]
    where = translate("Words", "memory") if trouble.path is None else str(trouble.path)
    return words.format(where, trouble.detail)
