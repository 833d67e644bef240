"""Rooms and modules for tests of masters, over real TCP."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cmi_gui.cli import app
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.mbus.frame import ACK_BYTE, Frame, parse_frame
from cmi_gui.engine.mbus.frame_decoder import FrameDecoder, GoodFrame
from cmi_gui.engine.room.room_file import RoomError
from cmi_gui.testing import MasterRule, MeterRoom, MeterRoomError, RoomModule, open_module, open_room

ROOM = """
format = 1
[defaults]
load = "none"
[[module]]
name = "flat-1"
serial = "50100001"
address = 1
registers = {"1.8.0" = "061561.289"}
[[module]]
name = "flat-2"
serial = "50100002"
address = 2
[[module]]
name = "duplicate"
serial = "50100003"
address = 1
powered = false
"""


class Reader:
    """A plain master on a socket."""

    def __init__(self, url: str) -> None:
        host, _, port = url.removeprefix("tcp://").rpartition(":")
        self.socket = socket.create_connection((host, int(port)), timeout=0.5)

    def close(self) -> None:
        self.socket.close()

    def ask(self, frame: Frame) -> bytes:
        """Send a telegram and return the answer, empty for none within 0.5 s."""
        self.socket.sendall(frame.to_bytes())
        decoder, raw = FrameDecoder(), b""
        while True:
            try:
                data = self.socket.recv(1024)
            except TimeoutError:
                return raw
            raw += data
            if raw == bytes((ACK_BYTE,)) or any(isinstance(event, GoodFrame) for event in decoder.feed(data)):
                return raw


@pytest.fixture
def room(tmp_path: Path) -> Iterator[MeterRoom]:
    path = tmp_path / "room.toml"
    path.write_text(ROOM, encoding="utf-8")
    with open_room(path) as opened:
        yield opened


@pytest.fixture
def reader(room: MeterRoom) -> Iterator[Reader]:
    made = Reader(room.url)
    yield made
    made.close()


def test_a_module_is_ready_with_its_readings() -> None:
    module = open_module()
    try:
        assert module.readings["C.1.0"].value == "33456789"
        assert module.settings.primary_address == 0
        assert module.status["contact"] is True
        assert module.lamps["red"]["pattern"] == "off"
    finally:
        module.room.close()


def test_the_exact_value_of_the_last_series(room: MeterRoom, reader: Reader) -> None:
    reader.ask(Frame.short(0x40, 1))
    answer = reader.ask(Frame.short(0x7B, 1))
    assert parse_frame(answer).a == 1
    assert room["flat-1"].sent("1.8.0") == Decimal("61561.289")
    assert [request.kind for request in room.requests(address=1)] == ["SND_NKE", "REQ_UD2"]
    assert room["flat-1"].requests("REQ_UD2")[0].telegram == Frame.short(0x7B, 1).to_bytes()
    assert room.violations == []
    with pytest.raises(KeyError, match=r"module flat-1 has sent no 9\.9\.9"):
        room["flat-1"].sent("9.9.9")
    with pytest.raises(KeyError):
        room["flat-2"].sent("1.8.0")


def test_a_fault_is_injected_once(room: MeterRoom, reader: Reader) -> None:
    room.inject("flat-2", "no-answer", once=True)
    assert reader.ask(Frame.short(0x40, 2)) == b""
    assert reader.ask(Frame.short(0x40, 2)) == b"\xe5"
    room["flat-2"].inject("flip 3", every=2)
    assert room["flat-2"].status["faults"] == ["flip 3 every 2"]
    room.clear()
    assert room["flat-2"].status["faults"] == []


def test_power_makes_a_collision(room: MeterRoom, reader: Reader) -> None:
    room["duplicate"].power(True)
    room.wait("contact yes")
    reader.ask(Frame.short(0x40, 1))
    assert any(row.kind.name == "OVERLAPPED" for row in room.rows)


def test_the_button_and_the_time(room: MeterRoom) -> None:
    module = room["flat-1"]
    module.press()
    room.time(factor=100)
    module.wait("disconnector open", timeout=20)
    module.rate_input("A", 230)
    module.wait("rate 2")
    module.expect("input-a yes")


def test_what_cannot_be_done_says_why(room: MeterRoom) -> None:
    with pytest.raises(MeterRoomError, match=r"not met within 0.01 s") as error:
        room["flat-1"].wait("disconnector open", timeout=0.01)
    assert error.value.code == "not_met"
    with pytest.raises(MeterRoomError, match="explode"):
        room["flat-1"].inject("explode")
    with pytest.raises(KeyError, match="the modules are flat-1, flat-2, duplicate"):
        room["flat-9"]


def test_a_closed_room_leaves_nothing() -> None:
    room = open_room(2)
    url = room.url
    room.close()
    room.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("meter room")]
    with pytest.raises(OSError):
        Reader(url)


def test_a_room_that_cannot_be_opened_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RoomError, match=r"missing\.toml: cannot be read"):
        open_room(tmp_path / "missing.toml")
    taken = socket.create_server(("127.0.0.1", 0))
    with taken, pytest.raises(LinkError, match="in use"):
        open_room(1, link=f"tcp://127.0.0.1:{taken.getsockname()[1]}")
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("meter room")]


def test_toggling_is_watched(room: MeterRoom, reader: Reader) -> None:
    reader.ask(Frame.short(0x40, 2))
    reader.ask(Frame.short(0x5B, 2))
    reader.ask(Frame.short(0x5B, 2))
    assert [violation.rule for violation in room.violations] == [MasterRule.FCB_FIRST, MasterRule.FCB_NOT_TOGGLED]
    assert "DOC48 §5.5" in str(room.violations[0])


def test_250_modules_are_ready() -> None:
    with open_room(250, seed=3) as room:
        assert len(room) == 250
        assert all(module.status["contact"] for module in (room.modules[0], room.modules[-1]))


def test_neither_qt_nor_numpy_is_imported() -> None:
    code = (
        "import sys, cmi_gui.testing;"
        "print([name for name in sys.modules if name.split('.')[0] in ('PySide6', 'numpy', 'pyqtgraph', 'qasync')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_module_names_itself(room: MeterRoom) -> None:
    module: RoomModule = room["50100002"]
    assert module.name == "flat-2"
    assert repr(module) == f"<module flat-2 of {room.url}>"


@pytest.mark.parametrize(
    "command",
    [
        ("read", "--id", "50100001"),
        ("set", "tag", "7", "--id", "50100001"),
        ("read", "--address", "1"),
    ],
    ids=" ".join,
)
def test_this_programs_own_master_breaks_no_rule(
    room: MeterRoom, command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    name, *arguments = command
    done = CliRunner().invoke(app, [name, *arguments, "--link", room.url])
    assert done.exit_code == 0, done.output
    assert room.requests()
    assert room.violations == []
