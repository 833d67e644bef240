from __future__ import annotations

import asyncio
import math
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cmi_gui.engine.clock import LoopClock
from cmi_gui.engine.link.base import Cap
from cmi_gui.engine.link.serial import SerialLink
from cmi_gui.engine.link.serial_words import cannot_open
from cmi_gui.engine.machine import Line, LinkState, Outcome
from tests.engine.link.recorder import Recorder, poll

if sys.platform == "win32":
    pytest.skip("serial ports are tested on pseudo-terminals, which this system has not", allow_module_level=True)

import termios
import tty

pytestmark = pytest.mark.asyncio

LINE = Line(2400)
NEVER = math.inf
AT_ONCE = -math.inf


class Adapter:
    """A pseudo-terminal as the port: `path` leads to it, and it can be unplugged and plugged in again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.plug_in()

    def plug_in(self) -> None:
        self.master, slave = os.openpty()
        tty.setraw(slave)
        self.path.symlink_to(os.ttyname(slave))
        os.close(slave)

    def unplug(self) -> None:
        self.path.unlink()
        os.close(self.master)

    def speed(self) -> int:
        return int(termios.tcgetattr(self.master)[5])


@pytest.fixture
def adapter(tmp_path: Path) -> Iterator[Adapter]:
    adapter = Adapter(tmp_path / "ttyUSB0")
    yield adapter
    if adapter.path.is_symlink():
        adapter.unplug()


@contextmanager
def opened(path: Path, line: Line = LINE) -> Iterator[tuple[SerialLink, Recorder]]:
    link = SerialLink(LoopClock(asyncio.get_running_loop()), str(path), line, back_off=(0.01,))
    sink = Recorder()
    link.open(sink)
    try:
        yield link, sink
    finally:
        link.close()


async def test_bytes_both_ways(adapter: Adapter) -> None:
    with opened(adapter.path) as (link, sink):
        await sink.until_state(LinkState.OPEN)
        assert link.url == f"serial:{adapter.path}"
        assert link.caps == {Cap.BAUD, Cap.PARITY, Cap.BREAK_TX}
        os.write(adapter.master, bytes(range(256)))
        await sink.until_data(bytes(range(256)))
        link.send(1, b"\xe5", AT_ONCE, NEVER)
        assert await asyncio.to_thread(os.read, adapter.master, 9) == b"\xe5"


async def test_done_is_the_last_stop_bit(adapter: Adapter) -> None:
    with opened(adapter.path) as (link, sink):
        await sink.until_state(LinkState.OPEN)
        start = time.monotonic()
        link.send(1, b"0123456789", AT_ONCE, NEVER)
        assert await sink.until_done(1) == [Outcome.SENT]
        assert start + 10 * LINE.char_time <= sink.done_at[1] <= time.monotonic()


async def test_speed_changes_after_what_was_sent_before(adapter: Adapter) -> None:
    with opened(adapter.path, Line(300, 7)) as (link, sink):
        await sink.until_state(LinkState.OPEN)
        assert adapter.speed() == termios.B300
        start = time.monotonic()
        link.send(1, b"abc", AT_ONCE, NEVER)
        link.set_line(2, Line(2400, 7))
        link.set_line(3, Line(2400, 8))
        assert await sink.until_done(1, 2, 3) == [Outcome.SENT] * 3
        assert sink.done_at[2] >= start + 3 * 10 / 300
        assert adapter.speed() == termios.B2400


async def test_the_same_settings_again_and_again(adapter: Adapter) -> None:
    for _ in range(3):
        with opened(adapter.path) as (_, sink):
            await sink.until_state(LinkState.OPEN)


async def test_abort_inside_a_telegram(adapter: Adapter) -> None:
    with opened(adapter.path) as (link, sink):
        await sink.until_state(LinkState.OPEN)
        link.send(1, b"x" * 2000, AT_ONCE, NEVER)  # 9 seconds
        await asyncio.to_thread(os.read, adapter.master, 1)
        start = time.monotonic()
        link.abort()
        assert await sink.until_done(1) == [Outcome.ABORTED]
        assert time.monotonic() - start < 5.0


async def test_break_is_sent_and_ends(adapter: Adapter) -> None:
    with opened(adapter.path) as (link, sink):
        await sink.until_state(LinkState.OPEN)
        start = time.monotonic()
        link.send_break(1, 0.05)
        link.send(2, b"x", AT_ONCE, NEVER)
        assert await sink.until_done(1, 2) == [Outcome.SENT] * 2
        assert sink.done_at[1] >= start + 0.05
        link.send_break(3, 3600)
        link.abort()
        assert await sink.until_done(3) == [Outcome.ABORTED]


async def test_unplugged_is_told_once_and_healed(adapter: Adapter) -> None:
    with opened(adapter.path) as (link, sink):
        await sink.until_state(LinkState.OPEN)
        adapter.unplug()
        await sink.until_state(LinkState.WAITING)
        assert sink.cause.code == "unplugged"
        await sink.until(lambda: sink.cause.code == "no_port")
        adapter.plug_in()
        await sink.until_state(LinkState.OPEN)
        os.write(adapter.master, b"back")
        await sink.until_data(b"back")
        link.send(1, b"ok", AT_ONCE, NEVER)
        assert await asyncio.to_thread(os.read, adapter.master, 9) == b"ok"
    assert [state for state, _ in sink.states] == [
        LinkState.OPENING,
        LinkState.OPEN,
        LinkState.WAITING,
        LinkState.WAITING,
        LinkState.OPEN,
    ]


async def test_no_such_port_names_those_there_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Found:
        def __init__(self, device: str) -> None:
            self.device = device

    monkeypatch.setattr("serial.tools.list_ports.comports", lambda: [Found("/dev/ttyUSB1"), Found("/dev/ttyACM0")])
    with opened(tmp_path / "ttyUSB9") as (_, sink):
        await sink.until_state(LinkState.WAITING)
        assert sink.cause.code == "no_port"
        assert "ttyUSB9; this computer has /dev/ttyACM0, /dev/ttyUSB1." in sink.cause.message


@pytest.mark.parametrize("path", ["/dev/null", "/"])
async def test_not_a_serial_port(path: str) -> None:
    with opened(Path(path)) as (_, sink):
        await sink.until_state(LinkState.WAITING)
        assert sink.cause.code == "not_serial"
        assert path in sink.cause.message


async def test_in_use_by_another(adapter: Adapter) -> None:
    with opened(adapter.path) as (_, first):
        await first.until_state(LinkState.OPEN)
        with opened(adapter.path) as (_, second):
            await second.until_state(LinkState.WAITING)
            assert second.cause.code == "busy"
            assert str(adapter.path) in second.cause.message


async def test_permission_denied_names_the_group(tmp_path: Path) -> None:
    # The superuser, who may run this test, is never refused: so only the wording is tested.
    import grp

    device = tmp_path / "ttyUSB0"
    device.touch()
    group = grp.getgrgid(device.stat().st_gid).gr_name
    error = cannot_open(str(device), PermissionError(13, "Permission denied"))
    assert error.code == "not_allowed"
    assert f"group {group}: run `sudo usermod -aG {group} $USER`" in error.message


async def test_fifty_times_open_and_close_leaves_nothing(adapter: Adapter) -> None:
    before = len(os.listdir("/dev/fd"))
    for _ in range(50):
        with opened(adapter.path) as (_, sink):
            await sink.until_state(LinkState.OPEN)
    await poll(lambda: len(os.listdir("/dev/fd")) == before)
