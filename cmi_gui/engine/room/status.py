"""The state of a module as plain values, for the line `status`."""

from __future__ import annotations

from typing import Final

from cmi_gui.engine.cmi1020.indicators import Condition, Indicators
from cmi_gui.engine.mbus.render import Json
from cmi_gui.engine.room.quantities import flag_words, module_flags
from cmi_gui.engine.room.time_lines import time_of
from cmi_gui.engine.station.link_status import LinkStatus
from cmi_gui.engine.station.metering_point import MeteringPoint
from cmi_gui.engine.station.outcomes import Outcome
from cmi_gui.engine.station.station import Station

_FIELDS: Final = (
    *("powered", "bus_voltage", "condition", "contact", "primary_address", "secondary_address", "baud"),
    *("rate", "rate_error", "disconnector", "display_text"),
)
"""The attributes of `ModuleState` that `status_of` returns unchanged."""


def status_of(station: Station, point: MeteringPoint) -> dict[str, Json]:
    """Return the state of a module, its meter and the links as plain values."""
    module = point.module_state()
    indicators = Indicators(Condition(module.condition), module.condition_since, module.green_since)
    red, green = indicators.patterns()
    lit = indicators.lamps(station.clock.now())
    status = point.module.status_byte
    return {
        **{name: getattr(module, name) for name in _FIELDS},
        "inputs": {"A": bool(module.level & 1), "B": bool(module.level & 2)},
        "lines": len(module.lines),
        "paused": module.reading_paused,
        "failed_readouts": module.failures,
        "meter": "real" if point.meter is None else "simulated",
        "links": [{"side": link.side, "url": link.url, "state": link.state.value} for link in _links(station, point)],
        "module": point.name,
        "serial": module.serial,
        "lamps": {"red": {"pattern": red, "on": lit.red}, "green": {"pattern": green, "on": lit.green}},
        "last_press": _outcome(point.outcomes.press),
        "last_command": _outcome(point.outcomes.command),
        "status_byte": f"{status:02X}",
        "status": list(flag_words(status)),
        "flags": list(module_flags(point)),
        "faults": [str(rule) for rule in point.faults.rules],
        "requests": point.requests,
        **time_of(station),
    }


def _links(station: Station, point: MeteringPoint) -> list[LinkStatus]:
    listeners = [link for link in station.link_status if link.listens] if point is station.point else []
    return [*station.links_of(point), *listeners]


def _outcome(outcome: Outcome | None) -> Json:
    if outcome is None:
        return None
    reason = None if outcome.reason is None else str(outcome.reason)
    return {"what": outcome.what, "result": outcome.result, "reason": reason}
