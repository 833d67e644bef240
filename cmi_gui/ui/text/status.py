"""The header's status in words: the chosen module, the state of the bus, the state of the meter."""

from __future__ import annotations

from cmi_gui.engine.cmi1020.module import BUS_MIN_VOLTS, BUS_SAFE_VOLTS
from cmi_gui.engine.link.url import parse_link
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.module_state import ModuleState
from cmi_gui.engine.station.link_status import LinkStatus
from cmi_gui.engine.station.metering_point import MeteringPoint
from cmi_gui.engine.station.station import Station
from cmi_gui.ui.targets import AbsenceReason, ModuleTarget
from cmi_gui.ui.text.mark import Mark, Status
from cmi_gui.ui.text.messages import text_of, translate
from cmi_gui.ui.text.words import age_text, remaining_text, volts_text

BROKEN = (LinkState.FAILED, LinkState.WAITING)
"""The states of a link that should be open but is not."""
_LONGEST = 20
"""The most characters of a port's short name."""


def short_place(place: str) -> str:
    """Return the last part of a port's path; a long one is shortened in its middle."""
    name = place.rpartition("/")[2] or place
    half = (_LONGEST - 1) // 2
    return name if len(name) <= _LONGEST else f"{name[:half]}\N{HORIZONTAL ELLIPSIS}{name[-half:]}"


def listening(station: Station) -> LinkStatus | None:
    """Return the first open link that a master can use, or None."""
    return next((link for link in bus_links(station) if link.state is LinkState.OPEN), None)


def link_trouble(station: Station) -> str:
    """Return the message of the first M-Bus side link that is broken; empty if there is none."""
    broken = (link for link in bus_links(station) if link.state in BROKEN)
    return next((text_of(link.message or "") or link.url for link in broken), "")


def meter_link(station: Station, point: MeteringPoint | None = None) -> LinkStatus:
    """Return the link from a module to its meter; that of the station's own module if `point` is None."""
    return next(link for link in station.links_of(point or station.point) if link.side == "meter")


def link_cause(link: LinkStatus) -> str:
    """Return why a link is not open: its message, or its LINK if it has none."""
    return text_of(link.message or "") or link.link


def bus_links(station: Station) -> list[LinkStatus]:
    """Return the links through which masters can reach the module."""
    return [link for link in station.link_status if link.side == "mbus" and not link.listens]


def target_name(module: ModuleState, target: ModuleTarget) -> str:
    """Return the names of the chosen module and, as far as they are known, its site, its flat and its meter."""
    meter = (module.meter_number or "") if target.built_in else target.meter
    name = target.name
    if target.place:
        name = translate("Status", "{0}, {1}").format(name, place_text(target.place))
    if meter:
        name = translate("Status", "{0}, meter {1}").format(name, meter)
    return f"{target.site} > {name}" if target.site else name


def place_text(place: str) -> str:
    """Return a place in words: `flat 12` for a bare number, which could be anything."""
    return translate("Status", "flat {0}").format(place) if place.isdigit() else place


def target_status(module: ModuleState, target: ModuleTarget) -> Status:
    """Return the name of the chosen module, and whether it is there."""
    name = target_name(module, target)
    if not target.built_in:
        if target.session.state in BROKEN:
            return Status(Mark.TROUBLE, name, _session_cause(target))
        mark = {None: Mark.GOOD, AbsenceReason.SILENT: Mark.TROUBLE}.get(target.absence, Mark.UNKNOWN)
        return Status(mark, name, target.where if target.absence is None else absence_text(target.absence))
    return Status(
        Mark.GOOD if module.powered else Mark.OFF,
        name,
        translate("Status", "Primary address {0}").format(module.primary_address),
    )


def _session_cause(target: ModuleTarget) -> str:
    cause = target.session.cause
    return text_of(cause.message) if cause else target.where


def absence_text(absence: AbsenceReason) -> str:
    """Return in words why a module may not be there any more."""
    return {
        AbsenceReason.DISCONNECTED: translate("Status", "Not available: its bus is disconnected"),
        AbsenceReason.UNLISTED: translate("Status", "Not available: it is no longer in the list"),
        AbsenceReason.SILENT: translate("Status", "Not available: no answer to the last request"),
    }[absence]


def target_bus_status(target: ModuleTarget) -> Status:
    """Return the state of the bus of a module found on one, judged by the master's link to it."""
    session = target.session
    if session.state in BROKEN:
        return Status(Mark.TROUBLE, translate("Status", "Bus: link down"), _session_cause(target))
    if session.state is not LinkState.OPEN:
        return Status(Mark.OFF, translate("Status", "Bus: not connected"), target.where)
    # A link without a speed gives no information about the speed of the bus.
    baud = None if session.baud is None else target.reach().baud or session.baud
    if target.practice:
        words = translate("Status", "Practice bus, {0} bit/s").format(baud)
    elif baud is None:
        words = translate("Status", "Real bus")
    else:
        words = translate("Status", "Real bus, {0} bit/s").format(baud)
    return Status(Mark.GOOD, words, target.where)


def target_meter_status(target: ModuleTarget, now: float) -> Status:
    """Return the state of the meter of a module found on a bus; `now` in seconds of the engine's clock."""
    if target.read_at is None:
        detail = translate("Status", "Read it on the page Site")
        return Status(Mark.UNKNOWN, translate("Status", "Meter: not read"), detail)
    read = _read_words(now - target.read_at)
    if not target.contact:
        return Status(Mark.TROUBLE, translate("Status", "Meter: no contact"), read)
    number = target.meter or translate("Status", "without a number")
    known = target.absence is None and target.session.state is LinkState.OPEN
    return Status(Mark.GOOD if known else Mark.UNKNOWN, translate("Status", "Meter {0}").format(number), read)


def _read_words(age: float) -> str:
    words = age_text(age)
    return (
        translate("Status", "Read just now")
        if words == age_text(0)
        else translate("Status", "Read {0} ago").format(words)
    )


def bus_status(station: Station, module: ModuleState) -> Status:
    """Return the state of the bus, and where to connect."""
    volts = volts_text(module.bus_voltage)
    trouble, where = link_trouble(station), listening(station)
    detail = trouble or (where.url if where else translate("Status", "No link is open"))
    if not station.running:
        return Status(Mark.OFF, translate("Status", "Bus stopped"), detail)
    if not station.serves():
        # The built-in module is alone on its own wire.
        mark = Mark.TROUBLE if trouble else Mark.GOOD if where else Mark.OFF
        return Status(mark, translate("Status", "Masters: practice bus"), detail)
    if station.bus_is_real and where is None:
        # Nothing is known of a bus whose link is not open, not even its speed.
        return (
            Status(Mark.TROUBLE, translate("Status", "Bus: link down"), detail)
            if trouble
            else Status(Mark.OFF, translate("Status", "Bus: not connected"), detail)
        )
    if module.bus_voltage == 0:
        return Status(Mark.OFF, translate("Status", "Bus: no voltage"), detail)
    if not module.powered:
        return Status(
            Mark.TROUBLE,
            translate("Status", "Bus {0}, below {1}").format(volts, volts_text(BUS_MIN_VOLTS)),
            detail,
        )
    if module.bus_voltage > BUS_SAFE_VOLTS:
        return Status(
            Mark.TROUBLE,
            translate("Status", "Bus {0}, above {1}").format(volts, volts_text(BUS_SAFE_VOLTS)),
            detail,
        )
    mark = Mark.TROUBLE if trouble else Mark.GOOD
    speed = where.line.baud if where is not None and where.line is not None else module.baud
    if station.bus_is_real and where is not None:
        # The module is not real, whatever it is connected to: only its port is named.
        name = short_place(parse_link(where.url).path or where.url)
        return Status(mark, translate("Status", "Serves {0}, {1} bit/s").format(name, speed), detail)
    return Status(mark, translate("Status", "Bus {0}, {1} bit/s").format(volts, speed), detail)


def meter_status(station: Station, module: ModuleState, now: float) -> Status:
    """Return the state of the built-in module's meter; `now` in seconds of the engine's clock."""
    link = meter_link(station)
    if link.state in BROKEN:
        return Status(Mark.TROUBLE, translate("Status", "Meter: link down"), link_cause(link))
    if link.state is LinkState.CLOSED and station.running:
        # The module itself reports contact until three readouts have failed; the user sees this state at once.
        return Status(Mark.OFF, translate("Status", "Meter: not connected"), link_cause(link))
    if not module.powered:
        return Status(
            Mark.OFF,
            translate("Status", "Meter: not read"),
            translate("Status", "The module has no power"),
        )
    if module.contact:
        name = module.meter_type or module.identification or ""
        return Status(Mark.GOOD, translate("Status", "Meter {0}").format(name), _read_words(now - module.read_at))
    if module.reading_paused:
        return Status(
            Mark.OFF,
            translate("Status", "Meter: reading paused"),
            translate("Status", "The optical head can be used"),
        )
    if not module.lines and not module.failures:
        return Status(
            Mark.BUSY,
            translate("Status", "Meter: first readout"),
            reading_line(module) or translate("Status", "About to begin"),
        )
    return Status(
        Mark.TROUBLE,
        translate("Status", "Meter: no contact"),
        reading_line(module) or _next_try(module, now),
    )


def reading_line(module: ModuleState) -> str:
    """Return `Reading, line 14 of 22` while a readout runs, else an empty text."""
    progress = module.readout_line
    if progress is None:
        return ""
    line, expected = progress
    return (
        translate("Status", "Reading, line {0} of {1}").format(line, expected)
        if expected
        else translate("Status", "Reading, line {0}").format(line)
    )


def _next_try(module: ModuleState, now: float) -> str:
    at = module.next_readout_at
    return "" if at is None else translate("Status", "Next try in {0}").format(remaining_text(at - now))
