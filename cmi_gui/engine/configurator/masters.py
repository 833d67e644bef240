"""This program's masters: on the wire to the built-in module, or on a real bus."""

from __future__ import annotations

from collections.abc import Callable

from cmi_gui.engine.configurator.response_times import ResponseTimes
from cmi_gui.engine.configurator.session import MasterSession
from cmi_gui.engine.link.url import make_link, parse_link
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.machine import Line, LinkState
from cmi_gui.engine.station.station import Station
from cmi_gui.engine.station.wiring import BUS_LINE, SIMULATED, Use
from cmi_gui.engine.traffic.recorder import LinkTiming


def master_inside(
    station: Station, on_state: Callable[[LinkState, LinkError | None], None], line: Line = BUS_LINE
) -> MasterSession:
    """Return a master on a paced wire with a speed to the modules of a station in this program, not opened yet."""
    return MasterSession(station.connect_master(line), line, station.clock, on_state=on_state)


def master_on(
    station: Station,
    link: str = SIMULATED,
    line: Line = BUS_LINE,
    on_state: Callable[[LinkState, LinkError | None], None] | None = None,
) -> MasterSession:
    """Return a master on a LINK, not opened yet; `sim:` is a separate wire to the station's module.

    `line`: the line settings, and so the speed for time-outs, if the LINK names none. The station records the traffic;
    on the wire to the module, the module's end records it. Raises LinkError for an invalid LINK.
    """
    spec = parse_link(link)
    Use.MASTER.check_options(spec)
    if spec.kind.simulated:
        return MasterSession(station.connect_master(), line, station.clock, on_state=on_state)
    port = make_link(spec, station.clock, Use.MASTER.role(spec), line)
    recorder = station.record_master(lambda: port.url)
    times = ResponseTimes(station.config.state_dir)
    allowance = times.allowance(spec)
    session = MasterSession(
        port,
        spec.line(line),
        station.clock,
        allowance=allowance,
        tap=recorder.tap,
        on_state=on_state,
        on_closed=lambda: times.save(spec, allowance),
    )
    recorder.timing = lambda: LinkTiming.of(port, session.line)
    session.on_exchange = lambda _done: recorder.settle()
    return session
