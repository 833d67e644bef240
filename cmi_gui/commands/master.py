"""Common parts of the commands on a bus: a master on a LINK, and the address of a slave."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import TypeVar

from cmi_gui.commands.output import NO_ANSWER, WRONG_USE, coded_errors_fail, complain, fail, wrong_use_fails
from cmi_gui.engine.clock import LoopClock
from cmi_gui.engine.configurator.client import MasterClient
from cmi_gui.engine.configurator.response_times import ResponseTimes
from cmi_gui.engine.events import ContactChanged
from cmi_gui.engine.files.state_folder import default_state_folder
from cmi_gui.engine.link.url import LinkSpec, make_link, parse_link
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.mbus.exchange import Procedure
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.render import Json
from cmi_gui.engine.mbus.slave_address import SlaveAddress, mask_bytes
from cmi_gui.engine.messages import Message
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.station import Station
from cmi_gui.engine.station.wiring import BUS_LINE, Use

Result = TypeVar("Result")

SIMULATION_TIMEOUT = 30.0
"""Seconds in which the built-in module must have read its simulated meter."""


def target_of(address: int | None, mask: str | None, *, json: bool) -> SlaveAddress:
    """Return the slave that `--address N` or `--id MASK` names; end the command if that is not exactly one."""
    if (address is None) == (mask is None):
        fail("name the slave with either --address N or --id MASK", WRONG_USE, code="wrong_use", json=json)
    if mask is not None:
        with wrong_use_fails(json=json):
            return SlaveAddress(selection=mask_bytes(mask))
    if address is None or not (0 <= address <= 250 or address == 254):
        fail(f"--address must be 0 to 250, or 254, not {address}", WRONG_USE, code="wrong_use", json=json)
    return SlaveAddress(address)


def run_master(
    link: str,
    procedure: Callable[[MasterClient], Procedure[Result]],
    timeout: float | None,
    *,
    json: bool,
    module_profile: Path | None = None,
    so_far: Callable[[], Mapping[str, Json]] = dict,
) -> Result:
    """Run a procedure on the LINK and return its result; every failure ends the command with one line.

    `procedure`: makes the procedure for the master on the LINK. `timeout`: seconds beyond the standard's window; None:
    those of the LINK, or the learned ones. `module_profile`: for the built-in module behind `sim:`. `so_far`: returns
    further fields for the JSON of a failure.
    """

    async def go() -> Result:
        async with master_client(parse_link(link), timeout, module_profile) as client:
            return await client.run(procedure(client))

    try:
        with coded_errors_fail(json=json, also=so_far):
            return asyncio.run(go())
    except KeyboardInterrupt:
        fail("stopped", NO_ANSWER, code="stopped", json=json, also=so_far())


@contextlib.asynccontextmanager
async def master_client(
    spec: LinkSpec, timeout: float | None, module_profile: Path | None
) -> AsyncIterator[MasterClient]:
    """Yield a master on the LINK; for `sim:`, on the built-in module after it has read its simulated meter."""
    Use.MASTER.check_options(spec)
    clock = LoopClock(asyncio.get_running_loop())
    line = spec.line(BUS_LINE)
    times = ResponseTimes(default_state_folder())
    allowance = times.allowance(spec, timeout)
    with contextlib.ExitStack() as stack:
        if spec.kind.simulated:
            station = Station(StationConfig(mbus=(), paced=False, module_profile=module_profile), clock)
            stack.callback(station.stop)
            link = station.connect_master()
            await _until_read(station)
        else:
            link = make_link(spec, clock, Use.MASTER.role(spec), BUS_LINE)
        stack.callback(times.save, spec, allowance)
        async with MasterClient(link, line, clock, allowance=allowance) as client:
            client.session.on_slow = _report_slow
            client.session.on_other_master = _OtherMaster().report
            yield client


class _OtherMaster:
    """The report of another master on the bus, made once."""

    def __init__(self) -> None:
        self._is_reported = False

    def report(self, request: Frame) -> None:
        if not self._is_reported:
            self._is_reported = True
            complain(
                f"another master is talking on this bus (request {request.to_bytes().hex(' ').upper()}): answers may be"
                " mixed up; disconnect it while this program works"
            )


def _report_slow(seconds: float) -> None:
    complain(f"answers are slow on this link; they may now take {seconds:.1f} s beyond the standard's window")


async def _until_read(station: Station) -> None:
    read = asyncio.Event()
    subscription = station.subscribe(wake=read.set)
    station.start()
    try:
        async with asyncio.timeout(SIMULATION_TIMEOUT):
            while not any(isinstance(stamped.event, ContactChanged) for stamped in subscription.drain()):
                await read.wait()
                read.clear()
    except TimeoutError:
        raise LinkError("no_answer", Message("The built-in module could not read its simulated meter.")) from None
    finally:
        subscription.close()
