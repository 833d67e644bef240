from __future__ import annotations

import asyncio
import math
import os
import sys
import time
from pathlib import Path

import pytest

from cmi_gui.engine.clock import LoopClock
from cmi_gui.engine.link.serial import REPORT_DELAY_SECONDS
from cmi_gui.engine.link.serial_errors import cannot_open
from cmi_gui.engine.link.url import make_link, parse_link
from cmi_gui.engine.link_protocol import Cap
from cmi_gui.engine.machine import Line, LineEvent, LinkState, SendOutcome
from tests.helpers.link_recorder import Recorder
from tests.helpers.waiting import poll

if sys.platform == "win32":
    pytest.skip("serial ports are tested on pseudo-terminals, which this system has not", allow_module_level=True)

import termios

from tests.helpers.serial_ports import LINE, Adapter, opened

pytestmark = pytest.mark.asyncio

NEVER = math.inf
AT_ONCE = -math.inf


async def test_bytes_both_ways(adapter: Adapter) -> None:
    with opened(adapter.path) as (link, sink):
        await sink.until_state(LinkState.OPEN)
        assert link.url == f"serial:{adapter.path}"
        assert link.caps == {Cap.BAUD, Cap.TIMED, Cap.PARITY, Cap.BREAK_TX}
        os.write(adapter.master, bytes(range(256)))
        await sink.until_data(bytes(range(256)))
        link.send(1, b"\xe5", AT_ONCE, NEVER)
        assert await asyncio.to_thread(os.read, adapter.master, 9) == b"\xe5"


async def test_done_is_the_last_stop_bit(adapter: Adapter) -> None:
    with opened(adapter.path) as (link, sink):
        await sink.until_state(LinkState.OPEN)
        start = time.perf_counter()
        link.send(1, b"0123456789", AT_ONCE, NEVER)
        assert await sink.until_done(1) == [SendOutcome.SENT]
        assert start + 10 * LINE.char_time <= sink.done_at[1] <= time.perf_counter()


async def test_speed_changes_after_what_was_sent_before(adapter: Adapter) -> None:
    with opened(adapter.path, Line(300, 7)) as (link, sink):
        await sink.until_state(LinkState.OPEN)
        assert adapter.speed() == termios.B300
        start = time.perf_counter()
        link.send(1, b"abc", AT_ONCE, NEVER)
        link.set_line(2, Line(2400, 7))
        link.set_line(3, Line(2400, 8))
        assert await sink.until_done(1, 2, 3) == [SendOutcome.SENT] * 3
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
        start = time.perf_counter()
        link.abort()
        assert await sink.until_done(1) == [SendOutcome.ABORTED]
        assert time.perf_counter() - start < 5.0


async def test_break_is_sent_and_ends(adapter: Adapter) -> None:
    with opened(adapter.path) as (link, sink):
        await sink.until_state(LinkState.OPEN)
        start = time.perf_counter()
        link.send_break(1, 0.05)
        link.send(2, b"x", AT_ONCE, NEVER)
        assert await sink.until_done(1, 2) == [SendOutcome.SENT] * 2
        assert sink.done_at[1] >= start + 0.05
        link.send_break(3, 3600)
        link.abort()
        assert await sink.until_done(3) == [SendOutcome.ABORTED]


async def test_an_unplugged_adapter_is_reported_once_and_reopened(adapter: Adapter) -> None:
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


async def test_a_missing_port_lists_the_available_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Found:
        def __init__(self, device: str) -> None:
            self.device = device

    monkeypatch.setattr("serial.tools.list_ports.comports", lambda: [Found("/dev/ttyUSB1"), Found("/dev/ttyACM0")])
    with opened(tmp_path / "ttyUSB9") as (_, sink):
        await sink.until_state(LinkState.WAITING)
        assert sink.cause.code == "no_port"
        assert "ttyUSB9; this computer has /dev/ttyACM0, /dev/ttyUSB1." in str(sink.cause.message)


@pytest.mark.parametrize("path", ["/dev/null", "/"])
async def test_not_a_serial_port(path: str) -> None:
    with opened(Path(path)) as (_, sink):
        await sink.until_state(LinkState.WAITING)
        assert sink.cause.code == "not_serial"
        assert path in str(sink.cause.message)


async def test_in_use_by_another(adapter: Adapter) -> None:
    with opened(adapter.path) as (_, first):
        await first.until_state(LinkState.OPEN)
        with opened(adapter.path) as (_, second):
            await second.until_state(LinkState.WAITING)
            assert second.cause.code == "busy"
            assert str(adapter.path) in str(second.cause.message)


async def test_permission_denied_names_the_group(tmp_path: Path) -> None:
    # The superuser, who may run this test, is never refused, so only the message is tested.
    import grp

    device = tmp_path / "ttyUSB0"
    device.touch()
    group = grp.getgrgid(device.stat().st_gid).gr_name
    error = cannot_open(str(device), PermissionError(13, "Permission denied"))
    assert error.code == "not_allowed"
    assert f"group {group}: run `sudo usermod -aG {group} $USER`" in str(error.message)


async def test_opening_and_closing_leaves_no_descriptors(adapter: Adapter) -> None:
    before = len(os.listdir("/dev/fd"))
    for _ in range(50):
        with opened(adapter.path) as (_, sink):
            await sink.until_state(LinkState.OPEN)
    await poll(lambda: len(os.listdir("/dev/fd")) == before)


# Speed, format and lines


async def test_marks_of_damaged_characters_are_switched_on_after_each_change(adapter: Adapter) -> None:
    def marks() -> int:
        return int(termios.tcgetattr(adapter.master)[0]) & (termios.PARMRK | termios.INPCK)

    with opened(adapter.path) as (link, sink):
        await sink.until_state(LinkState.OPEN)
        assert marks() == termios.PARMRK | termios.INPCK
        link.set_line(1, Line(300))
        await sink.until_done(1)
        assert marks() == termios.PARMRK | termios.INPCK
        # The kernel now doubles each FF, and the link removes one of them.
        os.write(adapter.master, b"\xff\x00\xff\xff\x00\x01")
        await sink.until_data(b"\xff\x00\xff\xff\x00\x01")
        assert all(isinstance(item, bytes) for item in sink.log)


@pytest.fixture
def real_port(adapter: Adapter, monkeypatch: pytest.MonkeyPatch) -> Adapter:
    """A pseudo-terminal treated as a real port: like many adapters, it refuses seven bits and parity."""
    for module in ("serial", "serial_posix"):
        monkeypatch.setattr(f"cmi_gui.engine.link.{module}.is_pty", lambda device: False)
    return adapter


async def test_seven_bits_and_parity_are_made_in_software(real_port: Adapter) -> None:
    with opened(real_port.path, Line(300, 7)) as (link, sink):
        await sink.until_state(LinkState.OPEN)
        assert Cap.LINE_ERRORS in link.caps
        assert Cap.BREAK_RX in link.caps
        link.send(1, b"/?!\r\n", AT_ONCE, NEVER)
        await sink.until_done(1)
        assert await real_port.read() == bytes.fromhex("af 3f 21 8d 0a")
        link.set_line(2, Line(9600, 7, "O"))
        await sink.until_done(2)
        assert real_port.speed() == termios.B9600
        os.write(real_port.master, bytes.fromhex("2f bf a1 8d 0a"))
        await sink.until(lambda: len(sink.log) == 3)
        assert sink.log == [b"/?!", LineEvent.PARITY, LineEvent.PARITY]


async def test_a_port_that_refuses_seven_bits_is_reported_with_framing_port(real_port: Adapter) -> None:
    with opened(real_port.path, Line(300, 7), framing="port") as (_, sink):
        await sink.until_state(LinkState.WAITING)
        assert sink.cause.code == "bad_line"
        assert f"{real_port.path} cannot be set to 300 7E1: " in str(sink.cause.message)
    with opened(real_port.path, Line(300)) as (_, sink):
        await sink.until_state(LinkState.WAITING)
        assert sink.cause.code == "bad_line"  # eight bits and parity are nine, which does not fit


async def test_a_pseudo_terminal_carries_plain_characters_by_default(adapter: Adapter) -> None:
    for framing, written in ((None, b"/?!"), ("software", b"\xaf\x3f\x21")):
        with opened(adapter.path, Line(300, 7), framing=framing) as (link, sink):
            await sink.until_state(LinkState.OPEN)
            link.send(1, b"/?!", AT_ONCE, NEVER)
            await sink.until_done(1)
            assert await adapter.read() == written


@pytest.mark.parametrize(
    ("options", "applied"),
    [({}, (True, True)), ({"rts": False}, (False, True)), ({"dtr": False, "rts": True}, (True, False))],
)
async def test_lines_are_set_while_the_port_opens(
    adapter: Adapter, monkeypatch: pytest.MonkeyPatch, options: dict[str, bool], applied: tuple[bool, bool]
) -> None:
    """A pseudo-terminal has no such lines, so the calls in which pyserial would set them are recorded."""
    states: list[tuple[str, bool, bool]] = []
    for name in ("rts", "dtr"):
        monkeypatch.setattr(
            f"serial.Serial._update_{name}_state",
            lambda port, name=name: states.append((name, getattr(port, name), port.is_open)),
        )
    monkeypatch.setattr("cmi_gui.engine.link.serial_posix.PosixPort._has_lines", lambda port: True)
    with opened(adapter.path, **options) as (_, sink):
        await sink.until_state(LinkState.OPEN)
    assert sorted(states) == [("dtr", applied[1], False), ("rts", applied[0], False)]


async def test_a_port_without_lines_is_reported(adapter: Adapter) -> None:
    for options in ({"rts": True}, {"dtr": False}):
        with opened(adapter.path, **options) as (_, sink):
            await sink.until_state(LinkState.WAITING)
            assert sink.cause.code == "no_lines"
            assert "leave out rts= and dtr=" in str(sink.cause.message)


async def test_an_answer_must_leave_earlier_than_the_window_ends(adapter: Adapter) -> None:
    with opened(adapter.path) as (link, sink):
        await sink.until_state(LinkState.OPEN)
        now = time.perf_counter()
        link.send(1, b"late", AT_ONCE, now + REPORT_DELAY_SECONDS - 0.001)
        link.send(2, b"in time", AT_ONCE, now + REPORT_DELAY_SECONDS + 5.0)
        assert await sink.until_done(1, 2) == [SendOutcome.EXPIRED, SendOutcome.SENT]
        assert await adapter.read() == b"in time"


async def test_the_echo_of_a_converter_is_removed(adapter: Adapter) -> None:
    link = make_link(parse_link(f"serial:{adapter.path}"), LoopClock(asyncio.get_running_loop()), "connect", LINE)
    sink = Recorder()
    link.open(sink)
    try:
        await sink.until_state(LinkState.OPEN)
        for token, request in enumerate((b"\x10\x5b\x01\x5c\x16", b"\x10\x7b\x01\x7c\x16")):
            link.send(token, request, AT_ONCE, NEVER)
            for byte in await adapter.read():
                os.write(adapter.master, bytes((byte,)))
            await sink.until_done(token)
            os.write(adapter.master, b"\xe5")
            await sink.until(lambda wanted=token + 1: len(sink.data) >= wanted)
        assert sink.data == b"\xe5\xe5"
    finally:
        link.close()


async def test_a_paced_pseudo_terminal_gets_each_character_in_its_time(adapter: Adapter) -> None:
    link = make_link(parse_link(f"pty:{adapter.path}?paced=1"), LoopClock(asyncio.get_running_loop()), "connect", LINE)
    sink = Recorder()
    link.open(sink)
    await sink.until_state(LinkState.OPEN)
    begun = time.perf_counter()
    link.send(1, bytes(20), AT_ONCE, NEVER)
    received = 0
    while received < 20:
        received += len(await adapter.read())
        assert time.perf_counter() - begun >= received * LINE.char_time
    link.close()
