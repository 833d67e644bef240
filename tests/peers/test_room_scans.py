"""A search with pyMeterBus's telegrams finds every module of a room, over TCP and on a wire in virtual time.

pyMeterBus has the telegrams of a search but no search that separates equal identification numbers. The one here is
that of the standard [DOC48 §7.3]: where bytes come that are not one answer, the next digit is tried.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Iterator
from typing import Any

import meterbus
import pytest
import serial

from cmi_gui.engine.clock import LoopClock, VirtualClock
from cmi_gui.engine.configurator.client import MasterClient
from cmi_gui.engine.link.url import make_link, parse_link
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.search import search_secondary
from cmi_gui.engine.mbus.slave_address import mask_bytes
from tests.helpers.rooms import VirtualPort, addresses_of, found_numbers, random_modules, running_room
from tests.helpers.station_bench import port_of, station

MANY = int(os.environ.get("ROOM_MODULES", "60"))
TCP_MODULES = int(os.environ.get("ROOM_TCP_MODULES", "20"))
OWN_MODULES = int(os.environ.get("ROOM_OWN_MODULES", "2"))
"""Modules over TCP for our own search; it waits longer than pyMeterBus: 3 minutes for 20, 19 for 250."""
ANY = "F" * 16
TRIES = 2
TIMEOUT = 0.1
"""Seconds to wait for an answer; all begin within 60 bit times, 25 ms."""
LONGEST = 1.25
"""Seconds within which all answers to a request end: 60 bit times, and the longest telegram at 2400 bit/s.

Single answers take no time here, but overlaid ones may look like an idle line meanwhile.
"""


def known_digits(count: int) -> str:
    """Return the first digits of `count` serial numbers over TCP, because each mask without an answer takes time."""
    return "50100000"[: 8 - len(str(2 * count - 1))]


def select(port: Any, mask: str) -> bool:
    """Select by 16 digits, or 24 with those of a fabrication number; return whether anything answers."""
    port.reset_input_buffer()
    if len(mask) == 16:
        meterbus.send_select_frame(port, mask)
    else:
        data = [0x52, *bytes.fromhex(mask[:8])[::-1], *bytes.fromhex(mask[8:16])]
        data += [0x0C, 0x78, *bytes.fromhex(mask[16:])[::-1]]
        frame = meterbus.TelegramLong()
        frame.header.cField.parts = [0x73]
        frame.header.aField.parts = [253]
        frame.body.bodyHeaderLength = 9
        frame.body.bodyHeader = data[:9]
        frame.body.bodyPayload = data[9:]
        meterbus.serial_send(port, frame)
    return meterbus.recv_frame(port) is not None


def read(port: Any) -> meterbus.TelegramLong | None:
    """Return the first telegram of the selected slave, or None if several answer."""
    for _ in range(TRIES):
        port.reset_input_buffer()
        meterbus.send_request_frame(port, 253)
        data = meterbus.recv_frame(port)
        if data is None:
            continue
        # The checksum of an overlay may be right by chance; then pyMeterBus fails to decode it.
        with contextlib.suppress(IndexError, meterbus.MBusFrameDecodeError):
            telegram = meterbus.load(data or None)
            if isinstance(telegram, meterbus.TelegramLong) and telegram.records and not port.read(1):
                return telegram
        port.timeout = LONGEST
        port.read(100_000)
        port.timeout = TIMEOUT
        break
    return None


def search(port: Any, known: str = "", mask: str = ANY) -> Iterator[tuple[str, str]]:
    """Yield identification and fabrication number of each slave that a mask fits; all numbers begin with `known`."""
    if mask == ANY:
        mask = known + mask[len(known) :]
    if not select(port, mask):
        return
    telegram = read(port)
    if telegram is not None:
        number = f"{int(telegram.records[0].interpreted['value']):08d}"
        yield telegram.secondary_address[:8], number
        return
    if "F" not in mask[:8]:
        mask = f"{mask[:8]}{ANY[:8]}{mask[16:] or known + ANY[len(known) : 8]}"
    position = mask.index("F", 0 if len(mask) == 16 else 16)
    for digit in "0123456789":
        yield from search(port, known, mask[:position] + digit + mask[position + 1 :])


@contextlib.contextmanager
def tcp_port(number: int) -> Iterator[serial.SerialBase]:
    with serial.serial_for_url(f"socket://127.0.0.1:{number}", timeout=TIMEOUT) as opened:
        yield opened


@pytest.mark.parametrize(("count", "seed"), [(2, 1), (20, 1), (20, 2), (MANY, 3)])
def test_every_module_is_found(count: int, seed: int) -> None:
    clock = VirtualClock(1000.0)
    points = random_modules(count, seed)
    assert set(search(VirtualPort(running_room(points, clock), clock))) == addresses_of(points)


@pytest.mark.asyncio
@pytest.mark.real_time(0.02)
async def test_every_module_is_found_over_tcp() -> None:
    known = known_digits(TCP_MODULES)
    points = random_modules(TCP_MODULES, 1, known)

    async with station(modules=points) as made:
        number = port_of(made)

        def run() -> set[tuple[str, str]]:
            with tcp_port(number) as port:
                return set(search(port, known))

        assert await asyncio.to_thread(run) == addresses_of(points)


@pytest.mark.asyncio
@pytest.mark.real_time(0.02)
async def test_our_own_search_finds_every_module_over_tcp() -> None:
    known = known_digits(OWN_MODULES)
    points = random_modules(OWN_MODULES, 1, known)
    async with station(modules=points) as made:
        clock = LoopClock(asyncio.get_running_loop())
        link = make_link(parse_link(made.link_status[0].url), clock, "connect", Line(2400))
        async with MasterClient(link, Line(2400), clock) as master:
            found = await master.run(search_secondary(mask_bytes(f"{known:F<8}"), lambda progress: None))
    assert len(found) == OWN_MODULES
    assert found_numbers(found) == addresses_of(points)
