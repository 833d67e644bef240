"""The questions of the header, answered in words: which module, is the bus alive, is the meter alive."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cmi_gui.engine.cmi1020.module import BUS_MIN_VOLTS, BUS_SAFE_VOLTS
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.module_state import ModuleState
from cmi_gui.engine.station.link_status import LinkStatus
from cmi_gui.engine.station.station import Station
from cmi_gui.ui.targets import ModuleTarget
from cmi_gui.ui.text.mark import Mark, Status
from cmi_gui.ui.text.messages import text_of
from cmi_gui.ui.text.words import age_text, duration_text, volts_text

translate = QCoreApplication.translate

BROKEN = (LinkState.FAILED, LinkState.WAITING)
"""The states of a link that should be open and is not."""


def simulated(station: Station) -> bool:
    """Whether the meter or the bus is a made-up one, so that nobody takes the twin for a real module."""
    return not (station.meter_is_real and station.bus_is_real)


def listening(station: Station) -> LinkStatus | None:
    """The first open link that a master can use, or None."""
    return next((link for link in bus_links(station) if link.state is LinkState.OPEN), None)


def link_trouble(station: Station) -> str:
    """Why a link of the bus side is not open, in the link's own sentence; empty where all is well."""
    broken = (link for link in bus_links(station) if link.state in BROKEN)
    return next((text_of(link.message or "") or link.url for link in broken), "")


def meter_link(station: Station) -> LinkStatus:
    """The one link of the meter side; listened wires are none."""
    return next(link for link in station.link_status if link.side == "meter" and not link.listens)


def link_cause(link: LinkStatus) -> str:
    """Why it is not open, in its own sentence where it has one."""
    return text_of(link.message or "") or link.link


def bus_links(station: Station) -> list[LinkStatus]:
    """Return the links that masters may come by."""
    return [link for link in station.link_status if link.side == "mbus" and not link.listens]


def target_status(module: ModuleState, target: ModuleTarget) -> Status:
    """Which module."""
    if not target.built_in:
        mark = Mark.TROUBLE if target.session.state in BROKEN else Mark.GOOD
        cause = target.session.cause
        return Status(mark, target.name, text_of(cause.message) if mark is Mark.TROUBLE and cause else target.where)
    return Status(
        Mark.GOOD if module.powered else Mark.OFF,
        translate("Status", "Built-in module {0}").format(module.serial),
        translate("Status", "Primary address {0}").format(module.primary_address),
    )


def bus_status(station: Station, module: ModuleState) -> Status:
    """Whether the bus is alive, and where to connect."""
    volts = volts_text(module.bus_voltage)
    trouble, where = link_trouble(station), listening(station)
    detail = trouble or (where.url if where else translate("Status", "No link is open"))
    if not station.running:
        return Status(Mark.OFF, translate("Status", "Bus stopped"), detail)
    if station.bus_is_real and where is None:
        # Nothing is known of a bus that cannot be heard, least of all its speed.
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
    if station.bus_is_real:
        return Status(mark, translate("Status", "Real bus, {0} bit/s").format(speed), detail)
    return Status(mark, translate("Status", "Bus {0}, {1} bit/s").format(volts, speed), detail)


def meter_status(station: Station, module: ModuleState, now: float) -> Status:
    """Whether the meter is alive."""
    link = meter_link(station)
    if link.state in BROKEN:
        return Status(Mark.TROUBLE, translate("Status", "Meter: link down"), link_cause(link))
    if link.state is LinkState.CLOSED and station.running:
        # The module has contact until its readouts have failed three times; a person knows it at once.
        return Status(Mark.OFF, translate("Status", "Meter: not connected"), link_cause(link))
    if not module.powered:
        return Status(
            Mark.OFF,
            translate("Status", "Meter: not read"),
            translate("Status", "The module has no power"),
        )
    if module.contact:
        age = age_text(now - module.read_at)
        read = (
            translate("Status", "Read just now")
            if age == age_text(0)
            else translate("Status", "Read {0} ago").format(age)
        )
        return Status(
            Mark.GOOD, translate("Status", "Meter {0}").format(module.meter_type or module.identification or ""), read
        )
    if module.reading_paused:
        return Status(
            Mark.OFF,
            translate("Status", "Meter: reading paused"),
            translate("Status", "Left to the optical head"),
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
    """`Reading, line 14 of 22` while a readout runs, else nothing."""
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
    return "" if at is None else translate("Status", "Next try in {0}").format(duration_text(at - now))
