"""Masters of this program: on the wire to its own module, or on a real bus."""

from __future__ import annotations

from collections.abc import Callable

from cmi_gui.engine.configurator.response_times import ResponseTimes
from cmi_gui.engine.configurator.session import MasterSession
from cmi_gui.engine.link.url import make_link, parse_link
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.machine import Line, LinkState
from cmi_gui.engine.station.station import Station
from cmi_gui.engine.station.wiring import BUS_LINE, SIMULATED, Use


def master_on(
    station: Station,
    link: str = SIMULATED,
    line: Line = BUS_LINE,
    on_state: Callable[[LinkState, LinkError | None], None] | None = None,
) -> MasterSession:
    """A master on a LINK, still closed; `sim:` is a wire of its own to the module of the station.

    `line` has the speed by which time-outs are reckoned where the LINK names none. The traffic is recorded by the
    station: on the wire to the module by the module's end. Raises LinkError for a LINK that cannot be.
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
        on_shut=lambda: times.keep(spec, allowance),
    )
    session.on_exchange = lambda _done: recorder.settle()
    return session
