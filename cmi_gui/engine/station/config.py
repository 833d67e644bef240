"""The configuration of a station."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path

from cmi_gui.engine.link.tcp import first_free_port
from cmi_gui.engine.link.url import parse_link
from cmi_gui.engine.station.metering_point import PointConfig
from cmi_gui.engine.station.wiring import Listening, Wiring

DEFAULT_MBUS = "tcp://127.0.0.1:10001"


@dataclass(frozen=True, slots=True)
class StationConfig:
    """The configuration of a station.

    `mbus`: LINKs on which masters reach the module. `meter`: `sim:` or the LINK of a real meter. `variant`: the variant
    of the simulated E350. `serial`: eight digits. `state_dir`: where settings and the simulated meter's memory are
    saved; None saves nothing. `readout_interval`: in seconds, 1 to 86 400. `seed`: of the simulated load. `paced`:
    characters on the simulated meter's wire take their time. `start_time`: local wall time at which the simulated meter
    starts; None means now. `has_disconnector`: of the simulated meter; None means as in its variant. `module_profile`,
    `meter_profile`: files in place of the user's own or the built-in ones. `traffic_bytes`: traffic to store; None
    means all. `use_keyring`: passwords go to the system's keyring, if there is one. `stores_wiring`: new wiring is
    saved in the state folder for the next start, because this start was given no links. `listen`: wires on which the
    station only listens. `fresh_meter`: the simulated meter ignores what it had counted before. `modules`: several
    modules on one bus, in place of the one that the other attributes describe. `meter_port`: the LINK on which reading
    devices reach the simulated meter of the module `meter_port_of`, by default the first; empty: none.
    """

    mbus: tuple[str, ...] = (DEFAULT_MBUS,)
    meter: str = "sim:"
    variant: str = "M29"
    serial: str = "12345678"
    state_dir: Path | None = None
    readout_interval: float = 60.0
    seed: int = 1
    paced: bool = True
    start_time: datetime | None = None
    has_disconnector: bool | None = None
    module_profile: Path | None = None
    meter_profile: Path | None = None
    use_keyring: bool = False
    traffic_bytes: int | None = None
    stores_wiring: bool = False
    listen: tuple[Listening, ...] = ()
    fresh_meter: bool = False
    modules: tuple[PointConfig, ...] = ()
    meter_port: str = ""
    meter_port_of: str = ""

    @property
    def points(self) -> tuple[PointConfig, ...]:
        """The configurations of the metering points, at least one."""
        single = {field.name: getattr(self, field.name) for field in fields(PointConfig) if hasattr(self, field.name)}
        return self.modules or (PointConfig(**single),)

    @property
    def wiring(self) -> Wiring:
        """The wiring that is part of this configuration."""
        return Wiring(**{field.name: getattr(self, field.name) for field in fields(Wiring)})

    def wired(self, wiring: Wiring) -> StationConfig:
        """Return this configuration with another wiring."""
        return replace(self, **{field.name: getattr(wiring, field.name) for field in fields(Wiring)})


def default_mbus_link() -> str:
    """Return `tcp://127.0.0.1:10001`, or the LINK of the next free port. Raises LinkError if none is free."""
    spec = parse_link(DEFAULT_MBUS)
    return f"tcp://{spec.host}:{first_free_port(spec.host, spec.port)}"
