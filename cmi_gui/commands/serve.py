"""`cmi-gui serve`: serve the module without a window until Ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from cmi_gui.commands.control import Answerer, read_standard_input
from cmi_gui.commands.control_socket import control_socket
from cmi_gui.commands.control_token import read_token
from cmi_gui.commands.outlet import Outlet
from cmi_gui.commands.output import coded_errors_fail, complaint, is_reader_gone, wrong_use_fails
from cmi_gui.commands.signals import on_stop_signal, run_until_signal
from cmi_gui.engine.clock import LoopClock
from cmi_gui.engine.diagnostics.diagnoses import Diagnoses
from cmi_gui.engine.events import ActionFinished, ContactChanged, Event, LinkChanged, Notice, ReadoutFailed, Stamped
from cmi_gui.engine.files.state_folder import StateFolder, open_state_folder
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.mbus.render import Json, json_text
from cmi_gui.engine.messages import Message, quoted
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.link_status import LinkStatus
from cmi_gui.engine.station.station import Station
from cmi_gui.engine.station.wiring import check_wiring

READY_SECONDS = 2.0
"""Seconds to wait until standard output has accepted the first lines."""

READY_STATES = (LinkState.OPEN, LinkState.WAITING)
"""States in which a link counts as ready; WAITING, because the other side may come later."""


@dataclass(slots=True)
class _Reporter:
    """A reporter of events on standard output and standard error, one line each, without repeating the last one."""

    json: bool
    out: Outlet
    err: Outlet
    last: str = ""

    def ready(self, station: Station, folder: StateFolder, control: str | None) -> None:
        """Report that the module is served, and where. Raises OSError if standard output cannot be written."""
        self._ready(station, folder, control)
        error = self.out.settle(READY_SECONDS)
        if error is not None and not is_reader_gone(error):
            raise error
        self.notice("state_folder", folder.notice)

    def _ready(self, station: Station, folder: StateFolder, control: str | None) -> None:
        links = station.link_status
        if self.json:
            mbus = [link.url for link in links if link.side == "mbus" and not link.listens]
            document: dict[str, Json] = {
                "ready": True,
                "mbus": mbus[0] if mbus else None,
                "mbus_links": mbus,
                "meter": next(link.url for link in links if link.side == "meter"),
                "meter_port": next((link.url for link in links if link.side == "meter_port"), None),
                "links": [
                    {
                        "side": link.side,
                        "url": link.url,
                        "state": link.state.value,
                        "message": None if link.message is None else str(link.message),
                        "listens": link.listens,
                    }
                    for link in links
                ],
                "modules": [
                    {
                        "serial": point.module.serial,
                        "name": point.name,
                        "address": point.module.primary_address,
                        "baud": point.module.baud,
                    }
                    for point in station.points
                ],
                "serial": station.module.serial,
                "primary_address": station.module.primary_address,
                "baud": station.module.baud,
                "state": None if folder.path is None else str(folder.path),
                "state_kept": folder.persistent,
                "control": control,
                "pid": os.getpid(),
            }
            self.out.put(json_text(document))
            return
        for link in links:
            self.out.put(_link_line(link))
        if control is not None:
            self.out.put(f"control lines: {control}")
        module = station.module
        what = f"serial number {module.serial}, primary address {module.primary_address}, {module.baud} bit/s"
        if len(station.points) > 1:
            what = f"{len(station.points)} modules, the first with {what}"
        self.out.put(f"ready: {what}; Ctrl-C stops")

    def event(self, stamped: Stamped, modules: Collection[str]) -> None:
        """Report an event; `modules`: the names of the modules of a room, of which it names the one concerned."""
        event = stamped.event
        code = event.code if isinstance(event, Notice | LinkChanged) else type(event).__name__
        self.notice(code, _sentence(event), stamped.source if stamped.source in modules else None)

    def notice(self, code: str | None, message: str | Message | None, module: str | None = None) -> None:
        text = str(message or "")
        line = text if module is None else f"module {module}: {text}"
        if not text or line == self.last:
            return
        self.last = line
        if self.json:
            concerned: dict[str, Json] = {} if module is None else {"module": module}
            self.out.put(json_text({"notice": code, **concerned, "message": text}))
        self.err.put(complaint(line))


def _link_line(link: LinkStatus) -> str:
    name = {"mbus": "M-Bus", "meter": "meter", "meter_port": "the meter's own port"}[link.side]
    if link.listens:
        name = f"listening, {name}"
    # The message of a link that is not open contains its LINK.
    return f"{name}: {link.url if link.message is None else f'{link.state.value}: {link.message}'}"


def _sentence(event: Event) -> str:
    match event:
        case LinkChanged(message=Message() as message, state="waiting"):
            return f"{message} The link is reopened automatically."
        case Notice(message=message) | LinkChanged(message=Message() as message):
            return str(message)
        case LinkChanged(url=url, state="open"):
            return f"{url}: open"
        case ReadoutFailed(message=message, attempt=1):
            return str(message)
        case ActionFinished(action=action, value=value, message=message):
            return f"{action} {value}: {message}"
        case ContactChanged(contact=contact):
            return "contact with the meter established" if contact else "contact with the meter lost"
    return ""


def serve(config: StationConfig, *, control: str | None = None, control_token: Path | None = None, json: bool) -> None:
    """Serve until Ctrl-C or SIGTERM; `control` is the LINK for control lines, in addition to standard input.

    `control_token`: the file with the token that connections there must give.
    Raises typer.Exit with the command's exit code.
    """
    folder = open_state_folder(config.state_dir)
    with contextlib.closing(folder), coded_errors_fail(json=json), wrong_use_fails(json=json):
        if control_token is not None and control is None:
            raise ValueError("--control-token is for connections to --control LINK, which is not given")
        token = None if control_token is None else read_token(control_token)
        run_until_signal(_serve(replace(config, state_dir=folder.path), folder, control, token, json=json))


async def _serve(
    config: StationConfig, folder: StateFolder, control: str | None, token: bytes | None, *, json: bool
) -> None:
    stop, changed = asyncio.Event(), asyncio.Event()

    def end() -> None:
        stop.set()
        changed.set()

    on_stop_signal(end)
    check_wiring(config.wiring)
    station = Station(config, LoopClock(asyncio.get_running_loop()))
    diagnoses = Diagnoses(station)
    answerer = Answerer(station, json=json, diagnose=diagnoses.look)
    out, err = Outlet(sys.stdout), Outlet(sys.stderr)
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(diagnoses.close)
        address = None
        if control is not None:
            taken = control_socket(control, answerer, partial(station.emit_notice, "warning"), token)
            address = await stack.enter_async_context(taken)
        for outlet in (out, err):
            stack.callback(outlet.settle)
        reporter = _Reporter(json, out, err)

        def ready() -> None:
            reporter.ready(station, folder, address)
            # Not before, because the first line on standard output must be the report that the module is ready.
            read_standard_input(station.clock, answerer, partial(out.put, wait=True))

        await _run(station, stop, changed, ready, reporter)


async def _run(
    station: Station, stop: asyncio.Event, changed: asyncio.Event, ready: Callable[[], None], reporter: _Reporter
) -> None:
    """Run the station until `stop`, which sets `changed` too."""
    subscription = station.subscribe(wake=changed.set)
    ready_reported = False
    events: list[Stamped] = []
    modules = {point.name for point in station.points} if len(station.points) > 1 else set[str]()
    # A full garbage collection with 250 modules would take longer than the window for an answer.
    gc.collect()
    gc.freeze()
    station.start()
    try:
        while not stop.is_set():
            events += subscription.drain()
            failed = next((link for link in station.link_status if link.state is LinkState.FAILED), None)
            if failed is not None:
                raise LinkError(failed.code or "io", failed.message or quoted(failed.url))
            if not ready_reported and all(link.state in READY_STATES for link in station.link_status):
                ready_reported = True
                ready()
                # The report contains the states of the links; all other events are reported now.
                events = [stamped for stamped in events if not isinstance(stamped.event, LinkChanged)]
            if ready_reported:
                for stamped in events:
                    reporter.event(stamped, modules)
                events.clear()
            await changed.wait()
            changed.clear()
    finally:
        subscription.close()
        station.stop()
