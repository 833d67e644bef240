"""The state of a module as plain values, for the line `status`."""

from __future__ import annotations

from typing import Final

from cmi_gui.engine.mbus.render import Json
from cmi_gui.engine.station.metering_point import MeteringPoint
from cmi_gui.engine.station.station import Station

_FIELDS: Final = (
    *("powered", "bus_voltage", "condition", "contact", "primary_address", "secondary_address", "baud"),
    *("rate", "rate_error", "disconnector", "display_text"),
)
"""The attributes of `ModuleState` that `status_of` returns unchanged."""


def status_of(station: Station, point: MeteringPoint) -> dict[str, Json]:
    """Return the state of a module, its meter and the links as plain values."""
    module = point.module_state()
    return {
        **{name: getattr(module, name) for name in _FIELDS},
        "inputs": {"A": bool(module.level & 1), "B": bool(module.level & 2)},
        "lines": len(module.lines),
        "paused": module.reading_paused,
        "failed_readouts": module.failures,
        "meter": "real" if point.meter is None else "simulated",
        "links": [{"side": link.side, "url": link.url, "state": link.state.value} for link in station.link_status],
    }
