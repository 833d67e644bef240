from __future__ import annotations

import asyncio
import math
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from cmi_gui.engine.clock import LoopClock
from cmi_gui.engine.link import pty, threaded
from cmi_gui.engine.link.pty import PtyLink
from cmi_gui.engine.link_protocol import Cap
from cmi_gui.engine.machine import Line, LineEvent, LinkState, SendOutcome
from tests.helpers.link_recorder import Recorder
from tests.helpers.waiting import WAIT_SECONDS, poll

if sys.platform == "win32":
    pytest.skip("this system has no pseudo-terminals", allow_module_level=True)

import termios

import serial

pytestmark = pytest.mark.asyncio

LINE = Line(2400)
NEVER = math.inf
AT_ONCE = -math.inf


@contextmanager
def opened(path: str = "", *, paced: bool = False) -> Iterator[tuple[PtyLink, Recorder]]:
    link = PtyLink(LoopClock(asyncio.get_running_loop()), path, LINE, paced=paced)
    sink = Recorder()
    link.open(sink)
    try:
        yield link, sink
    finally:
        link.close()


def slave_of(link: PtyLink) -> str:
    return link.url.removeprefix("pty:")


def peer_on(device: str, baud: int = 2400) -> serial.Serial:
    return serial.Serial(device, baud, parity="E", timeout=WAIT_SECONDS)


async def next_peer_on(device: str) -> serial.Serial:
    """Open the device again; until the link has noticed that the last peer closed it, this fails with EINVAL."""
    peers: list[serial.Serial] = []

    def opens() -> bool:
        try:
            peers.append(peer_on(device))
        except termios.error:
            return False
        return True

    await poll(opens)
    return peers[0]


async def test_a_serial_program_receives_and_is_received() -> None:
    with opened() as (link, sink):
        await sink.until_state(LinkState.OPEN)
        assert link.caps == {Cap.BAUD}
        with closing(peer_on(slave_of(link))) as peer:
            peer.write(b"\x10\x5b\x00\x5b\x16")
            await sink.until_data(b"\x10\x5b\x00\x5b\x16")
            # Every byte must come through as it is: no echo, no line discipline.
            everything = bytes(range(256))
            link.send(1, everything, AT_ONCE, NEVER)
            assert await sink.until_done(1) == [SendOutcome.SENT]
            assert peer.read(256) == everything
            peer.write(everything)
            await sink.until_data(b"\x10\x5b\x00\x5b\x16" + everything)


async def test_peers_come_and_go_with_the_same_settings() -> None:
    with opened() as (link, sink):
        await sink.until_state(LinkState.OPEN)
        for turn in range(5):
            with closing(await next_peer_on(slave_of(link))) as peer:
                peer.write(b"%d" % turn)
                await sink.until_data(b"01234"[: turn + 1])
                link.send(turn, b"ok", AT_ONCE, NEVER)
                assert await asyncio.to_thread(peer.read, 2) == b"ok"
        assert [state for state, _ in sink.states] == [LinkState.OPENING, LinkState.OPEN]


async def test_speed_and_modes_are_restored_when_a_peer_closes() -> None:
    with opened() as (link, sink):
        await sink.until_state(LinkState.OPEN)
        with closing(os.fdopen(os.open(slave_of(link), os.O_RDWR | os.O_NOCTTY), "rb")) as peer:
            before = termios.tcgetattr(peer)
            settings = termios.tcgetattr(peer)
            settings[3] |= termios.ECHO | termios.ICANON
            settings[4] = settings[5] = termios.B300
            settings[6][termios.VMIN], settings[6][termios.VTIME] = 0, 3  # a read returns after 0.3 s without a byte
            termios.tcsetattr(peer, termios.TCSANOW, settings)

        def settings_now() -> list[int | list[bytes | int]]:
            descriptor = os.open(slave_of(link), os.O_RDWR | os.O_NOCTTY)
            try:
                return termios.tcgetattr(descriptor)
            finally:
                os.close(descriptor)

        await poll(lambda: settings_now()[3:6] == before[3:6])
        assert settings_now() == [*before[:6], settings[6]]


async def test_another_speed_is_noise_both_ways() -> None:
    with opened() as (link, sink):
        await sink.until_state(LinkState.OPEN)
        with closing(peer_on(slave_of(link), 300)) as peer:
            peer.write(b"lost")
            await sink.until(lambda: bool(sink.log))
            assert set(sink.log) == {LineEvent.FRAMING}
            link.send(1, b"lost too", AT_ONCE, NEVER)
            link.set_line(2, Line(300))
            link.send(3, b"heard", AT_ONCE, NEVER)
            assert await sink.until_done(1, 2, 3) == [SendOutcome.SENT] * 3
            assert peer.read(5) == b"heard"
            peer.write(b"x")
            await sink.until_data(b"x")


async def test_the_first_write_at_a_new_speed_waits_for_the_peer(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = threading.Event()
    peer_baud = pty._PtyPort.peer_baud

    def look(port: pty._PtyPort) -> int | None:
        looked.set()
        return peer_baud(port)

    monkeypatch.setattr(pty._PtyPort, "peer_baud", look)
    monkeypatch.setattr(threaded, "SPEED_CHANGE_SECONDS", WAIT_SECONDS)
    with opened() as (link, sink):
        await sink.until_state(LinkState.OPEN)
        with closing(peer_on(slave_of(link), 300)) as peer:
            link.set_line(1, Line(4800))
            assert await sink.until_done(1) == [SendOutcome.SENT]
            link.send(2, b"answer", AT_ONCE, NEVER)
            link.send(3, b"next", AT_ONCE, NEVER)
            assert await asyncio.to_thread(looked.wait, WAIT_SECONDS)
            peer.baudrate = 4800
            assert await sink.until_done(2, 3) == [SendOutcome.SENT] * 2
            assert peer.read(10) == b"answernext"


async def test_bytes_of_a_peer_without_a_speed_are_received() -> None:
    with opened() as (link, sink):
        await sink.until_state(LinkState.OPEN)
        peer = os.open(slave_of(link), os.O_RDWR | os.O_NOCTTY)
        os.write(peer, b"\x03\x04\x0d\x0a\x11\x13")  # characters that a terminal would interpret
        await sink.until_data(b"\x03\x04\x0d\x0a\x11\x13")
        os.close(peer)


async def test_bytes_sent_while_no_program_has_it_open_are_lost() -> None:
    with opened() as (link, sink):
        await sink.until_state(LinkState.OPEN)
        link.send(1, b"stale", AT_ONCE, NEVER)
        assert await sink.until_done(1) == [SendOutcome.SENT]
        peer = os.open(slave_of(link), os.O_RDWR | os.O_NOCTTY)
        link.send(2, b"fresh", AT_ONCE, NEVER)
        await sink.until_done(2)
        assert os.read(peer, 100) == b"fresh"
        os.close(peer)


async def test_bytes_sent_just_before_a_peer_closes_are_received() -> None:
    with opened() as (link, sink):
        await sink.until_state(LinkState.OPEN)
        with closing(peer_on(slave_of(link))) as peer:
            peer.write(b"bye")
        await sink.until_data(b"bye")


async def test_abort_stops_inside_a_paced_telegram() -> None:
    with opened(paced=True) as (link, sink):
        await sink.until_state(LinkState.OPEN)
        with closing(peer_on(slave_of(link))) as peer:
            link.send(1, b"x" * 2000, AT_ONCE, NEVER)  # 9 seconds
            assert await asyncio.to_thread(peer.read, 3) == b"xxx"
            link.abort()
            assert await sink.until_done(1) == [SendOutcome.ABORTED]
            assert peer.in_waiting < 1000


async def test_the_symbolic_link_exists_while_the_link_is_open(tmp_path: Path) -> None:
    path = tmp_path / "bus"
    with opened(str(path)) as (link, sink):
        await sink.until_state(LinkState.OPEN)
        assert link.url == f"pty:{path}"
        with closing(peer_on(str(path))) as peer:
            peer.write(b"x")
            await sink.until_data(b"x")
    assert not os.path.lexists(path)


async def test_stale_symbolic_link_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "bus"
    path.symlink_to("/dev/pts/999999")
    with opened(str(path)) as (_, sink):
        await sink.until_state(LinkState.OPEN)
        assert path.is_char_device()


async def test_foreign_files_and_links_in_use_are_not_replaced(tmp_path: Path) -> None:
    master, slave = os.openpty()
    file, live, elsewhere = tmp_path / "file", tmp_path / "live", tmp_path / "elsewhere"
    file.write_text("precious")
    live.symlink_to(os.ttyname(slave))
    elsewhere.symlink_to(tmp_path / "nowhere")
    for path, expected in ((file, "is not a link to"), (live, "is in use"), (elsewhere, "is not a link to")):
        with opened(str(path)) as (_, sink):
            await sink.until_state(LinkState.FAILED)
            assert sink.cause.code == "path_taken"
            assert expected in str(sink.cause.message)
        assert os.path.lexists(path)
    assert file.read_text() == "precious"
    assert live.resolve() == Path(os.ttyname(slave))
    os.close(master)
    os.close(slave)


async def test_a_file_that_replaced_the_symbolic_link_is_not_removed(tmp_path: Path) -> None:
    path = tmp_path / "bus"
    with opened(str(path)) as (_, sink):
        await sink.until_state(LinkState.OPEN)
        path.unlink()
        path.write_text("precious")
    assert path.read_text() == "precious"


async def test_a_symbolic_link_in_a_missing_folder(tmp_path: Path) -> None:
    before = len(os.listdir("/dev/fd"))
    with opened(str(tmp_path / "missing" / "bus")) as (_, sink):
        await sink.until_state(LinkState.FAILED)
        assert sink.cause.code == "no_symlink"
        assert "missing/bus" in str(sink.cause.message)
    assert len(os.listdir("/dev/fd")) == before


async def test_opening_and_closing_leaves_no_descriptors() -> None:
    before = len(os.listdir("/dev/fd"))
    for _ in range(50):
        with opened() as (_, sink):
            await sink.until_state(LinkState.OPEN)
    assert len(os.listdir("/dev/fd")) == before


async def test_a_system_without_pseudo_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "openpty")
    with opened() as (_, sink):
        await sink.until_state(LinkState.FAILED)
        assert sink.cause.code == "no_pty"
        assert "tcp://127.0.0.1:10001" in str(sink.cause.message)
        assert "com0com" in str(sink.cause.message)
