"""`cmi-gui read` and `cmi-gui scan`: a master on a LINK."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Generator
from typing import TypeVar

import typer

from cmi_gui.engine.clock import LoopClock
from cmi_gui.engine.cmi1020.obis_labels import label, restore_lines
from cmi_gui.engine.commissioning.client import MasterClient
from cmi_gui.engine.events import ContactChanged
from cmi_gui.engine.link.base import LinkError
from cmi_gui.engine.link.url import LinkSpec, make_link, parse_link
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.master import Answer, Exchange, ProcedureFailed
from cmi_gui.engine.mbus.procedures import Found, mask_bytes, read_primary, read_secondary, scan_primary
from cmi_gui.engine.mbus.render import summary, to_json_dict, to_text
from cmi_gui.engine.mbus.telegram import decode_telegram
from cmi_gui.engine.station import Station, StationConfig

from .output import NO_ANSWER, WRONG_USE, complain, emit_json, fail

__all__ = ["parse_range", "read", "scan"]

Result = TypeVar("Result")

DEFAULT_LINE = Line(2400)
"""EN 13757-2; a LINK may name another speed."""
SIMULATION_TIMEOUT = 30.0
"""Seconds in which the built-in module must have read its simulated meter."""


def parse_range(text: str) -> range:
    """`5`, `0-250`: primary addresses. Raises ValueError naming what is wrong."""
    first, dash, last = text.partition("-")
    try:
        low, high = int(first), int(last if dash else first)
    except ValueError:
        raise ValueError(f"{text!r} is no range of primary addresses; write 5 or 0-250") from None
    if not 0 <= low <= high <= 250:
        raise ValueError(f"primary addresses are 0 to 250, the lower first, not {text}")
    return range(low, high + 1)


@contextlib.asynccontextmanager
async def _client(spec: LinkSpec, timeout: float | None) -> AsyncIterator[MasterClient]:
    """A master on the LINK; `sim:` is a built-in module in a simulated meter, once it has read it."""
    clock = LoopClock(asyncio.get_running_loop())
    line = spec.line(DEFAULT_LINE)
    with contextlib.ExitStack() as stack:
        if spec.scheme == "sim":
            station = Station(StationConfig(mbus=(), paced=False), clock)
            stack.callback(station.stop)
            link = station.connect_master()
            await _until_read(station)
        else:
            link = make_link(spec, clock, "connect", DEFAULT_LINE)
        async with MasterClient(link, line, clock, extra=timeout) as client:
            yield client


async def _until_read(station: Station) -> None:
    read = asyncio.Event()
    subscription = station.subscribe(wake=read.set)
    station.start()
    async with asyncio.timeout(SIMULATION_TIMEOUT):
        while not any(isinstance(event, ContactChanged) for event in subscription.drain()):
            await read.wait()
            read.clear()
    subscription.close()


def _run(link: str, procedure: Generator[Exchange, Answer, Result], timeout: float | None, *, json: bool) -> Result:
    """Run a procedure on a LINK; every failure ends the command with one line."""

    async def go() -> Result:
        async with _client(parse_link(link), timeout) as client:
            return await client.run(procedure)

    try:
        return asyncio.run(go())
    except LinkError as error:
        fail(error.message, WRONG_USE if error.code == "bad_link" else NO_ANSWER, code=error.code, json=json)
    except ProcedureFailed as error:
        fail(error.message, NO_ANSWER, code=error.code, json=json)
    except KeyboardInterrupt:
        fail("stopped", NO_ANSWER, code="stopped", json=json)


def read(link: str, address: int | None, mask: str | None, timeout: float | None, *, json: bool) -> None:
    """Read all telegrams of one slave and show them."""
    procedure: Generator[Exchange, Answer, list[Frame]]
    if (address is None) == (mask is None):
        fail("name the slave by --address N or by --id MASK", WRONG_USE, code="wrong_use", json=json)
    if mask is not None:
        try:
            procedure = read_secondary(mask_bytes(mask))
        except ValueError as error:
            fail(str(error), WRONG_USE, code="wrong_use", json=json)
    else:
        assert address is not None
        if not (0 <= address <= 250 or address == 254):
            fail(f"an address is 0 to 250, or 254, not {address}", WRONG_USE, code="wrong_use", json=json)
        procedure = read_primary(address)
    frames = _run(link, procedure, timeout, json=json)
    try:
        telegrams = [decode_telegram(frame) for frame in frames]
    except MBusError as error:
        message = f"the slave's answer cannot be decoded: {error}; cmi-gui decode {frames[-1].to_bytes().hex()}"
        fail(message, NO_ANSWER, code=error.code.value, json=json)
    lines = restore_lines(telegrams)
    if json:
        emit_json({"telegrams": [to_json_dict(telegram, label) for telegram in telegrams], "lines": lines})
        return
    for telegram in telegrams:
        typer.echo(to_text(telegram, label))
    if lines:
        typer.echo("\nThe meter's own lines:")
        for line in lines:
            typer.echo(f"  {line}")


def scan(link: str, primary: str, timeout: float | None, *, json: bool) -> None:
    """Look for slaves at primary addresses."""
    try:
        addresses = parse_range(primary)
    except ValueError as error:
        fail(str(error), WRONG_USE, code="wrong_use", json=json)
    interactive = sys.stderr.isatty()

    def progress(address: int, found: Found | None) -> None:
        if interactive:
            sys.stderr.write(f"\raddress {address} of {addresses[0]}-{addresses[-1]} ")
            sys.stderr.flush()
        if found is not None and not json:
            typer.echo(("\r" if interactive else "") + _found_line(found))

    found = _run(link, scan_primary(addresses, progress), timeout, json=json)
    if interactive:
        sys.stderr.write("\r\033[K")
    if json:
        emit_json({"found": [_found_json(slave) for slave in found]})
    if not found:
        complain(f"nobody answers at the addresses {addresses[0]} to {addresses[-1]}")
        raise typer.Exit(NO_ANSWER)


def _found_line(found: Found) -> str:
    if found.telegram is not None:
        return f"{found.address}: {summary(found.telegram)}"
    return f"{found.address}: " + ("several slaves answer at once" if found.collision else "answers without data")


def _found_json(found: Found) -> dict[str, object]:
    return {
        "address": found.address,
        "collision": found.collision,
        "telegram": None if found.telegram is None else to_json_dict(found.telegram, label),
    }
