"""A station that listens: beside a module in every mode, rewired, and the slaves and readouts that it observed."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("this system has no pseudo-terminals", allow_module_level=True)

import serial

from cmi_gui.engine.cmi1020.obis_labels import restore_lines
from cmi_gui.engine.configurator.client import MasterClient
from cmi_gui.engine.events import LinkChanged, Notice, TrafficAdded
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.machine import Line, LinkState
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.telegram import decode_telegram
from cmi_gui.engine.station.link_status import LinkStatus
from cmi_gui.engine.station.listening import ListenerLink
from cmi_gui.engine.station.station import Station
from cmi_gui.engine.station.wiring import Listening, Wiring, check_wiring
from cmi_gui.engine.traffic.store import Direction, RowKind, Side, TrafficRow
from cmi_gui.engine.traffic.summaries import summarise
from tests.helpers.scripted_meter import IDENTIFICATION, LINES, block, scripted_meter
from tests.helpers.station_bench import read_primary, station
from tests.helpers.tapped_wire import rows_of
from tests.helpers.waiting import WAIT_SECONDS, poll

PING = Frame.short(0x40, 0).to_bytes()
REQUEST = Frame.short(0x5B, 7).to_bytes()
ANSWER = bytes.fromhex(
    "68 1F 1F 68 08 07 72 78 56 34 12 24 40 01 07 55 00 00 00 03 13 15 31 00 DA 02 3B 13 01 8B 60 04 37 18 02 1D 16"
)
SIGN_ON = b"/?!\r\n"
IDENTIFIED = f"{IDENTIFICATION}\r\n".encode()
SELECT = b"\x06040\r\n"
REACTION_SECONDS = 0.2
"""Seconds of silence before a meter or a head sends [IEC 62056-21 6.4.3]: time to change the speed of a port."""


def listeners(made: Station) -> list[LinkStatus]:
    return [link for link in made.link_status if link.listens]


def listener_rows(made: Station) -> list[TrafficRow]:
    return [row for row in rows_of(made.traffic) if row.from_listener]


def telegrams(rows: list[TrafficRow]) -> list[tuple[Direction, RowKind, bytes]]:
    return [(row.direction, row.kind, row.data) for row in rows]


def path_of(status: LinkStatus) -> str:
    return status.url.removeprefix("pty:")


def are_open(made: Station) -> Callable[[], bool]:
    return lambda: all(link.state is LinkState.OPEN for link in made.link_status)


class Port:
    """Another program that has a serial port open."""

    def __init__(self, path: str, baud: int) -> None:
        self._port = serial.Serial(path, baud, timeout=0)

    def __enter__(self) -> Port:
        return self

    def __exit__(self, *unused: object) -> None:
        self._port.close()

    def send(self, data: bytes, baud: int | None = None) -> None:
        if baud is not None:
            self._port.baudrate = baud
        self._port.write(data)

    async def receive(self, count: int) -> bytes:
        data = b""
        async with asyncio.timeout(WAIT_SECONDS):
            while len(data) < count:
                data += self._port.read(count - len(data))
                await asyncio.sleep(0.005)
        return data


# Modes


@pytest.mark.asyncio
async def test_a_simulated_meter_on_a_serial_bus(tmp_path: Path) -> None:
    path = str(tmp_path / "bus")
    async with station(mbus=(f"pty:{path}",)):
        with Port(path, 2400) as master:
            master.send(PING)
            assert await master.receive(1) == b"\xe5"


@pytest.mark.asyncio
async def test_a_real_meter_on_a_simulated_bus(tmp_path: Path) -> None:
    path = str(tmp_path / "meter")
    async with station() as made:
        made.rewire(Wiring((), f"pty:{path}"))
        await poll(lambda: os.path.lexists(path))
        with scripted_meter(path):
            await poll(lambda: made.module.contact and made.module.meter_number == "11223344")
            async with MasterClient(made.connect_master(Line(2400)), Line(2400), made.clock) as master:
                frames = await master.run(read_primary(0))
            lines = restore_lines(decode_telegram(frame) for frame in frames)
            assert set(LINES) <= set(lines)


@pytest.mark.asyncio
async def test_both_real_and_a_listener_beside_them(tmp_path: Path) -> None:
    bus, meter, tapped = (str(tmp_path / name) for name in ("bus", "meter", "tap"))
    async with station() as made:
        made.rewire(Wiring((f"pty:{bus}",), f"pty:{meter}", listen=(Listening(f"pty:{tapped}"),)))
        await poll(are_open(made))
        with scripted_meter(meter), Port(bus, 2400) as master, Port(tapped, 2400) as tap:
            await poll(lambda: made.module.meter_number == "11223344")
            own = len([row for row in rows_of(made.traffic) if row.side is Side.MBUS])
            # A tap passes the traffic of master and module to the listener.
            for request, length in ((PING, 1), (Frame.short(0x5B, 0).to_bytes(), 12)):
                master.send(request)
                tap.send(request)
                answer = await master.receive(length)
                if length > 1:
                    answer += await master.receive(answer[1] + 6 - length)
                tap.send(answer)
            await poll(lambda: len(listener_rows(made)) == 4)
        bus_rows = [row for row in rows_of(made.traffic) if row.side is Side.MBUS and not row.from_listener][own:]
        assert telegrams(listener_rows(made)) == telegrams(bus_rows)
        assert {row.link for row in listener_rows(made)} == {f"listen:{listeners(made)[0].url}"}
        assert listeners(made)[0].bytes_out == 0
        (link,) = made.listening
        assert [(slave.address, slave.answers) for slave in link.slaves.values()] == [(0, 1)]


@pytest.mark.real_time(REACTION_SECONDS / 4)
@pytest.mark.asyncio
async def test_listening_on_both_sides_with_a_module_without_links() -> None:
    async with station(mbus=("pty:",), listen=(Listening("pty:"), Listening("pty:", "meter"))) as made:
        await poll(are_open(made))
        bus, line = listeners(made)
        assert [(status.side, status.line) for status in (bus, line)] == [("mbus", Line(2400)), ("meter", Line(300, 7))]
        with Port(path_of(bus), 2400) as tap, Port(path_of(line), 300) as head:
            tap.send(REQUEST)
            tap.send(ANSWER)
            head.send(SIGN_ON)
            head.send(IDENTIFIED)
            head.send(SELECT)
            await poll(lambda: line.line == Line(4800, 7))
            await asyncio.sleep(REACTION_SECONDS)
            # The reading goes on at the new speed, and the next sign-on at the old one.
            head.send(block(LINES), 4800)
            await poll(lambda: made.listening[1].readout is not None)
            await poll(lambda: line.line == Line(300, 7))
            await asyncio.sleep(REACTION_SECONDS)
            head.send(SIGN_ON, 300)
            await poll(lambda: len(listener_rows(made)) == 7)
        readout = made.listening[1].readout
        assert readout is not None
        assert readout.lines == LINES
        assert str(readout.identification) == IDENTIFICATION[1:]
        (slave,) = made.listening[0].slaves.values()
        assert slave.header is not None
        assert (slave.address, slave.answers, slave.header.id) == (7, 1, "12345678")
        by_side = {side: [row.direction for row in listener_rows(made) if row.side is side] for side in Side}
        assert by_side[Side.MBUS] == [Direction.RECEIVED, Direction.SENT]
        assert by_side[Side.METER] == [Direction.SENT, Direction.RECEIVED] * 2 + [Direction.SENT]
        # An observed readout is not one of this module.
        assert made.module.meter_number != "11223344"


# Wiring


@pytest.mark.asyncio
async def test_listeners_are_added_removed_and_left_undisturbed() -> None:
    async with station(listen=(Listening("pty:"),)) as made:
        await poll(are_open(made))
        (kept,) = listeners(made)
        before = kept.url
        made.rewire(replace(made.config.wiring, listen=(Listening("pty:", "meter"), Listening("pty:"))))
        assert [status.side for status in listeners(made)] == ["meter", "mbus"]
        assert listeners(made)[1] is kept
        await poll(are_open(made))
        assert kept.url == before
        assert [link.listens for link in made.link_status] == [False, False, True, True]
        subscription = made.subscribe()
        made.rewire(replace(made.config.wiring, listen=()))
        assert listeners(made) == []
        assert made.config.listen == ()
        gone = [stamped.event.state for stamped in subscription.drain() if isinstance(stamped.event, LinkChanged)]
        assert gone == ["closed", "closed"]


@pytest.mark.asyncio
async def test_a_port_moves_from_the_module_to_a_listener(tmp_path: Path) -> None:
    path = str(tmp_path / "port")
    async with station(mbus=(f"pty:{path}",)) as made:
        made.rewire(Wiring((), listen=(Listening(f"pty:{path}"),)))
        await poll(are_open(made))
        with Port(path, 2400) as other:
            other.send(REQUEST)
            await poll(lambda: len(listener_rows(made)) == 1)
        made.rewire(Wiring((f"pty:{path}",)))
        await poll(are_open(made))
        with Port(path, 2400) as master:
            master.send(PING)
            assert await master.receive(1) == b"\xe5"


@pytest.mark.asyncio
async def test_a_listener_is_disconnected_and_connected_again() -> None:
    async with station(listen=(Listening("pty:"),)) as made:
        await poll(are_open(made))
        (status,) = listeners(made)
        path = path_of(status)
        made.disconnect(status)
        assert status.state is LinkState.CLOSED
        assert not os.path.exists(path)
        made.reconnect(status)
        await poll(are_open(made))
        with Port(path_of(status), 2400) as other:
            other.send(REQUEST)
            await poll(lambda: listener_rows(made))
        made.rewire(replace(made.config.wiring, listen=()))
        with pytest.raises(ValueError, match="no longer wired"):
            made.reconnect(status)


@pytest.mark.parametrize(
    ("wiring", "code"),
    [
        (Wiring((), listen=(Listening("sim:"),)), "sim"),
        (Wiring((), listen=(Listening("nonsense"),)), "bad_link"),
        (Wiring((), listen=(Listening("tcp://127.0.0.1:0"),)), "bad_link"),
        (Wiring((), listen=(Listening("serial:A?baud=auto", "meter"),)), "bad_link"),
        (Wiring(("serial:A",), listen=(Listening("serial:A?baud=300"),)), "wired_twice"),
        (Wiring((), "serial:A", listen=(Listening("serial:A", "meter"),)), "wired_twice"),
        (Wiring((), listen=(Listening("serial:A"), Listening("serial:A", "meter"))), "wired_twice"),
        (Wiring((), listen=(Listening("tcp://h:7"), Listening("tcp://h:7"))), "wired_twice"),
    ],
)
def test_links_that_cannot_be_listened_to(wiring: Wiring, code: str) -> None:
    with pytest.raises(LinkError) as caught:
        check_wiring(wiring)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "wiring",
    [
        Wiring(("tcp://127.0.0.1:7",), "tcp://h:8", listen=(Listening("tcp://h:8", "meter"),)),
        Wiring((), listen=(Listening("serial:A?baud=auto"), Listening("pty:"), Listening("pty:", "meter"))),
        Wiring(("tcp://0.0.0.0:10001",), listen=(Listening("tcp://192.0.2.1:10001"),)),
    ],
)
def test_links_that_can_be_listened_to(wiring: Wiring) -> None:
    check_wiring(wiring)


# Notices


@pytest.mark.asyncio
async def test_rows_of_listeners_are_reported_and_counted_like_all_others() -> None:
    async with station(listen=(Listening("pty:"),)) as made:
        await poll(are_open(made))
        subscription = made.subscribe()
        (status,) = listeners(made)
        with Port(path_of(status), 2400) as other:
            other.send(REQUEST + ANSWER)
            await poll(lambda: len(listener_rows(made)) == 2)
        reported = [stamped.event.index for stamped in subscription.drain() if isinstance(stamped.event, TrafficAdded)]
        assert [row.index for row in listener_rows(made)] == reported
        assert status.bytes_in == len(REQUEST + ANSWER)
        assert summarise(made.traffic.row(reported[0])) == "REQ_UD2 FCB=0 to 7"


async def observe(made: Station, link: ListenerLink, master: Port) -> None:
    """A request on a bus, and the silence after it; at another speed it is line errors, which are rows too."""

    def progress() -> tuple[int, int]:
        return link.status.bytes_in, len(listener_rows(made))

    before = progress()
    master.send(REQUEST)
    await poll(lambda: progress() != before)
    await poll(lambda: link.driver.machine.deadline is None)


@pytest.mark.asyncio
async def test_the_speed_is_found_with_baud_auto_and_reported_as_wrong_otherwise() -> None:
    async with station(listen=(Listening("pty:?baud=2400"), Listening("pty:?baud=auto"))) as made:
        await poll(are_open(made))
        subscription = made.subscribe()
        named, finding = listeners(made)
        assert (named.line, named.speed_found) == (Line(2400), None)
        assert (finding.line, finding.speed_found) == (Line(2400), False)
        for link in made.listening:
            with Port(path_of(link.status), 300) as master:
                for _ in range(8):
                    await observe(made, link, master)
        assert (named.line, named.speed_found) == (Line(2400), None)
        assert (finding.line, finding.speed_found) == (Line(300), True)
        reported = [str(stamped.event.message) for stamped in subscription.drain() if isinstance(stamped.event, Notice)]
        wrong = f"{named.url}: the received data cannot be read as M-Bus. Check the speed and the wires of the tap."
        assert reported.count(wrong) == 1
        assert reported.count(f"{finding.url}: listening at 300 bit/s.") == 1
