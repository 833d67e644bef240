"""Every fault on the wire, byte by byte, by each way to inject it: control line, room file, scenario, Python."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from cmi_gui.engine.bus.faults import FAULTS, parse_fault
from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.room.line import LineResult
from cmi_gui.engine.room.operator import Operator
from cmi_gui.engine.room.player import Player, PlayResult
from cmi_gui.engine.room.room_file import parse_room
from cmi_gui.engine.room.scenario import load_scenario
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.station import Station
from cmi_gui.testing import open_room
from tests.engine.station.test_faults_on_the_wire import ACKS, RESPONSES, Check
from tests.helpers.wire_peer import WirePeer

ROOM = """\
format = 1
[defaults]
load = "none"
[[module]]
name = "flat-1"
serial = "50100001"
address = 1
readout_interval = 3600
"""
REQUEST = Frame.short(0x7B, 1).to_bytes()
AGAIN = Frame.short(0x5B, 1).to_bytes()
NKE = Frame.short(0x40, 1).to_bytes()


class Room:
    """A room in virtual time and a scripted master on its wire."""

    def __init__(self, config: StationConfig) -> None:
        self.clock = VirtualClock(1000.0)
        self.station = Station(config, self.clock)
        self.peer = WirePeer(self.clock, self.station.connect_master(Line(2400)), Line(2400))

    def start(self) -> Room:
        self.station.start()
        self.clock.advance(60)
        return self


def by_control_line(text: str, _: Path) -> Room:
    room = Room(StationConfig((), modules=parse_room(ROOM, "room.toml").points)).start()
    results: list[LineResult] = []
    Operator(room.station).start(f"inject flat-1 {text}", results.append)
    assert results[0].ok, results[0].message
    return room


def by_room_file(text: str, _: Path) -> Room:
    written = f'{ROOM}faults = ["{text}"]\n'
    return Room(StationConfig((), modules=parse_room(written, "room.toml").points)).start()


def by_scenario(text: str, folder: Path) -> Room:
    (folder / "room.toml").write_text(ROOM, encoding="utf-8")
    file = folder / "fault.scenario"
    file.write_text(f"room room.toml\nwait contact yes 60\ninject flat-1 {text}\n", encoding="utf-8")
    scenario = load_scenario(file)
    room = Room(scenario.config)
    ends: list[PlayResult] = []
    player = Player(scenario, room.station, ends.append)
    room.station.start()
    player.start()
    room.clock.advance(60)
    assert ends[0].failed is None
    return room


WAYS: dict[str, Callable[[str, Path], Room]] = {
    "control line": by_control_line,
    "room file": by_room_file,
    "scenario": by_scenario,
}


def test_every_fault_is_tried() -> None:
    assert {parse_fault(text).kind for text in (*RESPONSES, *ACKS)} == FAULTS.keys()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("text", RESPONSES)
def test_a_fault_of_an_answer(text: str, way: str, tmp_path: Path) -> None:
    room = WAYS[way](f"{text} once", tmp_path)
    received = room.peer.ask(REQUEST, 4.0)
    # Asked again within 5 s, the module sends the same once more.
    assert RESPONSES[text](room.peer.ask(REQUEST), received)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("text", ACKS)
def test_a_fault_of_an_acknowledgement(text: str, way: str, tmp_path: Path) -> None:
    assert ACKS[text](b"\xe5", WAYS[way](f"{text} once", tmp_path).peer.ask(NKE))


@pytest.mark.parametrize("way", WAYS)
def test_the_section_before(way: str, tmp_path: Path) -> None:
    room = WAYS[way]("previous-section once", tmp_path)
    first = room.peer.ask(REQUEST)
    assert room.peer.ask(AGAIN) == first
    assert room.peer.ask(AGAIN) != first


@pytest.mark.parametrize(
    "request_bytes", [pytest.param(REQUEST, id="response"), pytest.param(NKE, id="acknowledgement")]
)
def test_every_fault_by_the_python_interface(request_bytes: bytes, tmp_path: Path) -> None:
    (tmp_path / "room.toml").write_text(ROOM, encoding="utf-8")
    with open_room(tmp_path / "room.toml") as room, socket.create_connection(_peer(room.url)) as connection:

        def ask(request: bytes, done: Callable[[bytes], bool], wait: float = 5.0) -> bytes:
            """Return what is received until it is `done`, or within `wait` seconds."""
            connection.sendall(request)
            received, until = b"", time.monotonic() + wait
            while not (received and done(received)) and (left := until - time.monotonic()) > 0:
                if select.select([connection], [], [], left)[0]:
                    received += connection.recv(1024)
            while select.select([connection], [], [], 0.02)[0]:
                received += connection.recv(1024)
            return received

        for text, check in (RESPONSES if request_bytes is REQUEST else ACKS).items():
            plain = ask(request_bytes, lambda received: received == b"\xe5" or received[-1:] == b"\x16")
            room["flat-1"].inject(text, once=True)
            # A break is the byte 00 where the link cannot send one.
            ending = b"\x00" if text == "break" else b""
            fits = partial(_fits, check, plain, ending)
            received = ask(request_bytes, fits, 0.3 if fits(b"") else 5.0)
            assert fits(received), text
            room["flat-1"].clear()


def _fits(check: Check, plain: bytes, ending: bytes, received: bytes) -> bool:
    return received.endswith(ending) and check(plain, received.removesuffix(ending))


def _peer(url: str) -> tuple[str, int]:
    host, _, port = url.removeprefix("tcp://").rpartition(":")
    return host, int(port)
