"""`cmi-gui serve`: the module without a window, until Ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from dataclasses import dataclass

import typer

from cmi_gui.engine.clock import LoopClock
from cmi_gui.engine.events import ContactChanged, LinkChanged, Notice, ReadoutFailed, StationEvent
from cmi_gui.engine.link.base import LinkError
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.station import LinkStatus, Station, StationConfig

from .output import NO_ANSWER, WRONG_USE, complain, emit_json, fail

__all__ = ["serve"]

READY_STATES = (LinkState.OPEN, LinkState.WAITING)
"""A link that waits for its other side is as ready as it can be."""


@dataclass(slots=True)
class _Reporter:
    """Tells what happens, one line each, and nothing twice in a row."""

    json: bool
    last: str = ""

    def ready(self, station: Station) -> None:
        links = station.link_status
        if self.json:
            mbus = [link.url for link in links if link.side == "mbus"]
            emit_json(
                {
                    "ready": True,
                    "mbus": mbus[0] if mbus else None,
                    "mbus_links": mbus,
                    "meter": next(link.url for link in links if link.side == "meter"),
                    "serial": station.module.serial,
                    "primary_address": station.module.primary_address,
                    "baud": station.module.baud,
                    "pid": os.getpid(),
                }
            )
            return
        for link in links:
            typer.echo(_link_line(link))
        module = station.module
        typer.echo(
            f"ready: serial number {module.serial}, primary address {module.primary_address}, {module.baud} bit/s;"
            " Ctrl-C stops"
        )
        sys.stdout.flush()

    def event(self, event: StationEvent) -> None:
        text = _sentence(event)
        if not text or text == self.last:
            return
        self.last = text
        if self.json:
            code = event.code if isinstance(event, Notice | LinkChanged) else type(event).__name__
            emit_json({"notice": code, "message": text})
        complain(text)


def _link_line(link: LinkStatus) -> str:
    name = "M-Bus" if link.side == "mbus" else "meter"
    state = "" if link.state is LinkState.OPEN else f" ({link.state.value}: {link.message})"
    return f"{name}: {link.url}{state}"


def _sentence(event: StationEvent) -> str:
    match event:
        case Notice(message=message):
            return message
        case LinkChanged(message=str(message), url=url):
            return f"{url}: {message}"
        case LinkChanged(url=url, state="open"):
            return f"{url}: open"
        case ReadoutFailed(message=message, attempt=1):
            return message
        case ContactChanged(contact=contact):
            return "the meter is read" if contact else "contact with the meter is lost"
    return ""


def serve(config: StationConfig, *, json: bool) -> None:
    """Serve until Ctrl-C or SIGTERM. Raises typer.Exit with the command's exit code."""
    try:
        asyncio.run(_serve(config, json=json))
    except LinkError as error:
        fail(error.message, WRONG_USE if error.code == "bad_link" else NO_ANSWER, code=error.code, json=json)
    except ValueError as error:
        fail(str(error), WRONG_USE, code="wrong_use", json=json)
    except KeyboardInterrupt:
        # Only where the loop has no signal handlers (Windows): asyncio.run has stopped everything in order.
        return


async def _serve(config: StationConfig, *, json: bool) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    station = Station(config, LoopClock(loop))
    changed = asyncio.Event()
    subscription = station.subscribe(wake=changed.set)
    reporter = _Reporter(json)
    told_ready = False
    station.start()
    try:
        while not stop.is_set():
            events = subscription.drain()
            failed = next((link for link in station.link_status if link.state is LinkState.FAILED), None)
            if failed is not None:
                raise LinkError(failed.code or "io", f"{failed.url}: {failed.message}")
            if not told_ready and all(link.state in READY_STATES for link in station.link_status):
                told_ready = True
                reporter.ready(station)
            elif told_ready:
                for event in events:
                    reporter.event(event)
            await _first(stop, changed)
            changed.clear()
    finally:
        subscription.close()
        station.stop()


async def _first(*events: asyncio.Event) -> None:
    """Wait until one of the events is set."""
    tasks = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
