"""Adapters that are unplugged and plugged in again: found at once, also under another name, without leaks."""

from __future__ import annotations

import asyncio
import errno
import gc
import math
import os
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from serial.tools.list_ports_common import ListPortInfo

from cmi_gui.engine.link.port import Port
from cmi_gui.engine.link.serial import SerialLink
from cmi_gui.engine.link.url import parse_link
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.machine import Line, LinkState, SendOutcome
from tests.helpers.link_recorder import Recorder

if sys.platform == "win32":
    pytest.skip("adapters are pseudo-terminals, which this system has not", allow_module_level=True)

import termios

from tests.helpers.serial_ports import Adapter, opened

pytestmark = [pytest.mark.asyncio, pytest.mark.real_time(0.1)]

NEVER = math.inf
AT_ONCE = -math.inf
LONG = (10.0,)
"""A back-off longer than any test waits."""


async def seconds_until(sink: Recorder, state: LinkState) -> float:
    start = time.perf_counter()
    await sink.until_state(state)
    return time.perf_counter() - start


async def test_a_port_that_appears_is_tried_at_once(adapter: Adapter) -> None:
    with opened(adapter.path, back_off=LONG) as (_, sink):
        await sink.until_state(LinkState.OPEN)
        adapter.unplug()
        await sink.until_state(LinkState.WAITING)
        assert sink.cause.code == "unplugged"
        adapter.plug_in()
        assert await seconds_until(sink, LinkState.OPEN) < 2.0


async def test_a_port_missing_at_first_is_tried_when_it_appears(
    adapter: Adapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    adapter.unplug()
    tries: list[None] = []
    open_port = SerialLink.open_port

    def counted(link: SerialLink, line: Line, stopping: threading.Event) -> Port:
        tries.append(None)
        return open_port(link, line, stopping)

    monkeypatch.setattr(SerialLink, "open_port", counted)
    with opened(adapter.path, back_off=LONG) as (_, sink):
        await sink.until_state(LinkState.WAITING)
        assert sink.cause.code == "no_port"
        await asyncio.sleep(0.6)  # longer than the interval of the checks
        assert len(tries) == 1
        adapter.plug_in()
        assert await seconds_until(sink, LinkState.OPEN) < 2.0


async def test_permissions_granted_later_cost_no_wait(adapter: Adapter, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new node belongs to root until udev has changed it. The superuser, who may run this, is never refused."""
    allowed = threading.Event()
    access, make = os.access, os.open

    def deny(path: str, *rest: int) -> int:
        if path == str(adapter.path) and not allowed.is_set():
            raise PermissionError(errno.EACCES, "Permission denied")
        return make(path, *rest)

    monkeypatch.setattr(
        "cmi_gui.engine.link.serial.os.access", lambda path, mode: allowed.is_set() and access(path, mode)
    )
    monkeypatch.setattr("serial.serialposix.os.open", deny)
    with opened(adapter.path, back_off=LONG) as (_, sink):
        await sink.until_state(LinkState.WAITING)
        assert sink.cause.code == "not_allowed"
        allowed.set()
        assert await seconds_until(sink, LinkState.OPEN) < 2.0
        # After plugging in again, no error is reported while the node is not ready.
        allowed.clear()
        adapter.unplug()
        await sink.until_state(LinkState.WAITING)
        adapter.plug_in()
        await asyncio.sleep(0.6)  # longer than the interval of the checks
        allowed.set()
        assert await seconds_until(sink, LinkState.OPEN) < 2.0
        assert [cause.code for _, cause in sink.states if cause] == ["not_allowed", "unplugged"]


async def test_an_adapter_is_found_again_under_another_name(
    adapter: Adapter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def listed() -> list[ListPortInfo]:
        if not adapter.path.is_symlink():
            return []
        port = ListPortInfo(str(adapter.path))
        port.vid, port.serial_number = 0x0403, "A50285BI"
        return [port]

    monkeypatch.setattr("serial.tools.list_ports.comports", listed)
    device = parse_link("serial:usb=A50285BI").path
    with opened(device, back_off=LONG) as (link, sink):
        assert link.url == "serial:usb=A50285BI"
        await sink.until_state(LinkState.OPEN)
        assert link.url == f"serial:{tmp_path / 'ttyUSB0'}"
        adapter.unplug()
        await sink.until_state(LinkState.WAITING)
        assert link.url == "serial:usb=A50285BI"
        adapter.path = tmp_path / "ttyUSB1"
        adapter.plug_in()
        assert await seconds_until(sink, LinkState.OPEN) < 2.0
        assert link.url == f"serial:{tmp_path / 'ttyUSB1'}"
        os.write(adapter.master, b"back")
        await sink.until_data(b"back")


async def test_a_missing_adapter_is_reported_by_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serial.tools.list_ports.comports", list)
    with opened("usb=A50285BI") as (_, sink):
        await sink.until_state(LinkState.WAITING)
        assert sink.cause.code == "no_port"
        assert "USB serial number A50285BI" in str(sink.cause.message)


# Blocked writes


async def blocked(adapter: Adapter, sink: Recorder, send: Callable[[int, bytes, float, float], None]) -> None:
    """Write until the other side takes no more bytes, in the middle of a telegram."""
    await sink.until_state(LinkState.OPEN)
    send(1, b"x" * 1_000_000, AT_ONCE, NEVER)
    send(2, b"behind it", AT_ONCE, NEVER)

    def size() -> int:
        import fcntl

        return int.from_bytes(fcntl.ioctl(adapter.master, termios.FIONREAD, b"\0" * 4), sys.byteorder)

    before = -1
    while (now := size()) != before or not now:
        before = now
        await asyncio.sleep(0.02)


async def test_closing_while_a_write_hangs(adapter: Adapter) -> None:
    with opened(adapter.path) as (link, sink):
        await blocked(adapter, sink, link.send)
        start = time.perf_counter()
        link.close()
        assert time.perf_counter() - start < 1.0


async def test_aborting_while_a_write_hangs(adapter: Adapter) -> None:
    with opened(adapter.path) as (link, sink):
        await blocked(adapter, sink, link.send)
        start = time.perf_counter()
        link.abort()
        assert await sink.until_done(1, 2) == [SendOutcome.ABORTED] * 2
        assert time.perf_counter() - start < 1.0
        assert sink.last_state is LinkState.OPEN


async def test_unplugging_while_a_write_hangs(adapter: Adapter) -> None:
    with opened(adapter.path, back_off=LONG) as (link, sink):
        await blocked(adapter, sink, link.send)
        adapter.unplug()
        assert await seconds_until(sink, LinkState.WAITING) < 2.0
        assert sink.cause.code == "unplugged"
        assert await sink.until_done(1, 2) == [SendOutcome.ABORTED] * 2
    assert [state for state, _ in sink.states] == [LinkState.OPENING, LinkState.OPEN, LinkState.WAITING]


async def test_a_port_that_takes_no_bytes_for_long_is_lost(adapter: Adapter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cmi_gui.engine.link.threaded.STALL_SECONDS", 0.2)
    with opened(adapter.path, back_off=LONG) as (link, sink):
        await blocked(adapter, sink, link.send)
        await sink.until_state(LinkState.WAITING)
        assert sink.cause.code == "stalled"
        assert await sink.until_done(1, 2) == [SendOutcome.ABORTED] * 2


async def test_unplugging_while_the_line_changes(adapter: Adapter) -> None:
    with opened(adapter.path, back_off=LONG) as (link, sink):
        await sink.until_state(LinkState.OPEN)
        adapter.unplug()
        for token in range(20):
            link.set_line(token, Line(300 if token % 2 else 600))
            link.send(100 + token, b"x", AT_ONCE, NEVER)
        await sink.until_state(LinkState.WAITING)
        assert sink.cause.code == "unplugged"
        await sink.until_done(*range(20), *range(100, 120))
        assert all(sink.outcomes[token] is SendOutcome.ABORTED for token in range(100, 120))


async def test_a_drain_that_never_ends_can_be_closed(adapter: Adapter, monkeypatch: pytest.MonkeyPatch) -> None:
    """With flow control, the driver may keep its output for any time."""
    monkeypatch.setattr("serial.Serial.out_waiting", 5)
    with opened(adapter.path) as (link, sink):
        await sink.until_state(LinkState.OPEN)
        link.send(1, b"x", AT_ONCE, NEVER)
        assert await adapter.read() == b"x"
        await asyncio.sleep(0.1)
        assert 1 not in sink.outcomes
        start = time.perf_counter()
        link.close()
        assert time.perf_counter() - start < 1.0


async def test_an_exception_in_pyserial_means_an_unplugged_port(
    adapter: Adapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise TypeError("argument must be an int, or have a fileno() method")

    with opened(adapter.path, back_off=LONG) as (link, sink):
        await sink.until_state(LinkState.OPEN)
        monkeypatch.setattr("serial.Serial.apply_settings", fail)
        link.set_line(1, Line(300))
        await sink.until_state(LinkState.WAITING)
        assert isinstance(sink.cause, LinkError)
        assert sink.cause.code == "unplugged"


# Leaks

CYCLES = 500
MAX_GROWTH = 200_000
"""Bytes that Python may have allocated more after the last 400 cycles than before them: 500 each."""


async def test_unplugging_five_hundred_times_leaks_nothing(adapter: Adapter) -> None:
    def resources() -> tuple[int, int, int]:
        gc.collect()
        # The threads of asyncio, for `Adapter.read`, are reused; their number depends on the timing.
        threads = [thread for thread in threading.enumerate() if not thread.name.startswith("asyncio")]
        return len(os.listdir("/dev/fd")), len(threads), tracemalloc.get_traced_memory()[0]

    with opened(adapter.path, back_off=(0.005,)) as (link, sink):
        before = (0, 0, 0)
        for cycle in range(CYCLES):
            await sink.until_state(LinkState.OPEN)
            if cycle == CYCLES // 5:
                # By now everything that is made only once (imports, caches) exists.
                tracemalloc.start()
                before = resources()
            os.write(adapter.master, b"\x10\x5b\x00\x5b\x16")
            await sink.until(lambda: sink.data == b"\x10\x5b\x00\x5b\x16")
            link.send(cycle, b"\xe5", AT_ONCE, NEVER)
            assert await adapter.read() == b"\xe5"
            link.send(CYCLES + cycle, b"\xe5" * 255, AT_ONCE, NEVER)  # still being sent when it is unplugged
            adapter.unplug()
            await sink.until_state(LinkState.WAITING)
            await sink.until_done(cycle, CYCLES + cycle)
            assert sink.outcomes[CYCLES + cycle] is SendOutcome.ABORTED
            for recorded in (sink.log, sink.states, sink.outcomes, sink.done_at):
                recorded.clear()
            adapter.plug_in()
        await sink.until_state(LinkState.OPEN)
        descriptors, threads, memory = resources()
        tracemalloc.stop()
        assert (descriptors, threads) == before[:2]
        assert memory - before[2] < MAX_GROWTH
