"""The meter's own port in virtual time: a reading device there, and the module on its wire, at the same meter."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cmi_gui.engine.driver import Driver
from cmi_gui.engine.e350.meter import E350Meter
from cmi_gui.engine.events import ReadoutDone, ReadoutFailed
from cmi_gui.engine.iec62056.events import (
    START_LINE,
    CommandAnswered,
    CommandConfirmed,
    Failed,
    FailureCause,
    Identified,
    Limits,
    PasswordAccepted,
    PasswordRefused,
    ReadoutReceived,
    SignedOff,
)
from cmi_gui.engine.iec62056.exchange import plain_login
from cmi_gui.engine.iec62056.message import MODE_C_BAUD, Command, OptionSelect
from cmi_gui.engine.iec62056.reading_device import ReadingDevice
from cmi_gui.engine.link.memory import MemoryLink, memory_pair
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.machine import LineEvent, LinkState
from cmi_gui.engine.room.status import status_of
from cmi_gui.engine.station import meter_port
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.link_status import LinkStatus
from cmi_gui.engine.station.metering_point import PointConfig
from cmi_gui.engine.station.station import Station
from cmi_gui.engine.station.wiring import Wiring
from cmi_gui.engine.traffic.store import Direction, Side
from tests.helpers.module_bench import ModuleBench, text_command

PORT = "tcp://127.0.0.1:10002"
FACTORY = plain_login("00000000", "1")
OPEN = Command("W", "2", "F020(0)")


class PortBench(ModuleBench):
    """A module bench with a reading device at the meter's own port, on a wire with speed and paced characters."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **config: object) -> None:
        self.wires: list[MemoryLink] = []
        self.reader = ReadingDevice(limits=Limits(attempts=1))
        self.heard: list[object] = []

        def make(*_: object) -> MemoryLink:
            near, far = memory_pair(self.clock, START_LINE, paced=True, names=("port", "reader"))
            self.wires.append(far)
            return near

        monkeypatch.setattr(meter_port, "make_link", make)
        super().__init__(**{"meter_port": PORT, "readout_interval": 3600.0, **config})
        self.reader_driver: Driver
        self.plug()

    def plug(self) -> None:
        """Connect the reading device to the newest wire of the port."""
        self.reader = ReadingDevice(limits=Limits(attempts=1))
        self.reader_driver = Driver(self.reader, self.wires[-1], self.clock, self.heard.append)
        self.reader_driver.open()

    @property
    def port(self) -> LinkStatus:
        (status,) = [link for link in self.station.link_status if link.side == "meter_port"]
        return status

    def finish(self) -> object:
        """Run until the reading device is free; return the last event."""
        assert self.clock.run_until(self.clock.now() + 300, lambda: not self.reader.busy)
        return self.heard[-1]

    def read_port(self, address: str = "") -> object:
        self.heard.clear()
        self.reader_driver.run(lambda: self.reader.start_readout(self.clock.now(), address))
        return self.finish()

    def values(self, address: str = "") -> dict[str, str]:
        """Return the readout at the port: values by code."""
        done = self.read_port(address)
        assert isinstance(done, ReadoutReceived)
        return {line.partition("(")[0]: line.partition("(")[2][:-1] for line in done.lines}

    def sign_on(self, password: str = "00000000") -> None:
        """Begin programming mode at the port, and wait until a command may be sent or the session has ended."""
        self.heard.clear()
        login = plain_login(password, "1")
        self.reader_driver.run(lambda: self.reader.start_programming(self.clock.now(), login=login))
        assert self.clock.run_until(self.clock.now() + 60, lambda: self.reader.ready or not self.reader.busy)

    def command(self, command: Command) -> object:
        """Send a command in programming mode; return the event that answers it."""
        self.reader_driver.run(lambda: self.reader.send_command(self.clock.now(), command))
        assert self.clock.run_until(self.clock.now() + 60, lambda: self.reader.ready or not self.reader.busy)
        return self.heard[-1]

    def sign_off(self) -> object:
        self.reader_driver.run(lambda: self.reader.sign_off(self.clock.now()))
        return self.finish()

    def read_by_module(self) -> object:
        """Have the module read the meter; return the event that ends the readout or its attempts."""
        self.subscription.drain()
        ended: list[object] = []
        self.station.read_now()

        def end() -> bool:
            ended.extend(self.events(ReadoutDone, ReadoutFailed))
            return bool(ended)

        assert self.clock.run_until(self.clock.now() + 60, end)
        return ended[0]


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Iterator[PortBench]:
    made = PortBench(monkeypatch)
    yield made
    made.station.stop()


@pytest.mark.parametrize("speed", "012345")
def test_the_port_is_read_at_every_speed(bench: PortBench, speed: str) -> None:
    bench.meter.offer_speed(speed)
    values = bench.values("33456789")
    assert (values["C.1.0"], len(values)) == ("33456789", 30)
    assert bench.heard[0] == Identified(bench.meter.identification, MODE_C_BAUD[speed])
    assert bench.port.state is LinkState.OPEN
    assert bench.port.bytes_out > 500


def test_another_address_is_not_answered(bench: PortBench) -> None:
    failed = bench.read_port("33456788")
    assert isinstance(failed, Failed)
    assert failed.cause is FailureCause.SILENCE


def test_both_are_read_at_the_same_time(bench: PortBench) -> None:
    bench.meter.offer_speed("0")
    bench.reader_driver.run(lambda: bench.reader.start_readout(bench.clock.now()))
    bench.clock.advance(2)
    assert bench.reader.busy
    assert isinstance(bench.read_by_module(), ReadoutDone)
    assert isinstance(bench.finish(), ReadoutReceived)


def test_a_command_at_the_port_is_seen_by_the_module(bench: PortBench) -> None:
    bench.sign_on()
    assert PasswordAccepted() in bench.heard
    assert isinstance(bench.command(OPEN), CommandConfirmed)
    answered = bench.command(Command("R", "1", "C.1.0()"))
    assert isinstance(answered, CommandAnswered)
    assert isinstance(bench.sign_off(), SignedOff)
    bench.clock.advance(3)
    assert bench.station.module_state().disconnector == "closed"
    assert isinstance(bench.read_by_module(), ReadoutDone)
    assert bench.station.module_state().disconnector == "open"


def test_a_command_of_the_module_is_seen_at_the_port(bench: PortBench) -> None:
    before = bench.values()["C.5.0"]
    assert bench.station.press_button() is None
    bench.clock.advance(30)
    assert not bench.meter.closed
    assert bench.values()["C.5.0"] != before


def test_a_wrong_password_at_the_port_locks_the_module_out(bench: PortBench) -> None:
    begin = bench.clock.now()
    bench.sign_on("12345678")
    assert any(isinstance(event, PasswordRefused) for event in bench.heard)
    bench.finish()
    assert isinstance(bench.read_by_module(), ReadoutFailed)
    assert bench.clock.now() < begin + 60
    failed = bench.read_port()
    assert isinstance(failed, Failed)
    bench.clock.advance(begin + 66 - bench.clock.now())
    assert isinstance(bench.read_by_module(), ReadoutDone)
    assert bench.values()


def test_a_wrong_password_of_the_module_locks_the_port_out(bench: PortBench) -> None:
    bench.sign_on()
    assert bench.send(text_command("p1", "11111111"))
    bench.station.press_button()
    bench.clock.advance(20)
    refused = bench.command(OPEN)
    assert isinstance(refused, Failed)
    assert refused.cause is FailureCause.BREAK
    assert bench.meter.closed
    assert isinstance(bench.read_port(), Failed)
    bench.clock.advance(60)
    assert bench.values()


def test_a_lock_out_of_the_port_follows_the_module_clock(bench: PortBench) -> None:
    bench.sign_on("12345678")
    bench.finish()
    assert isinstance(bench.read_port(), Failed)
    bench.station.set_time_factor(60)
    bench.clock.advance(2)
    # The speed is that of a sign-on again, too.
    assert bench.values()


def test_a_power_failure_ends_a_session_at_the_port_and_a_lock_out(bench: PortBench) -> None:
    bench.meter.offer_speed("1")
    bench.reader_driver.run(lambda: bench.reader.start_readout(bench.clock.now()))
    bench.clock.advance(5)
    assert bench.reader.busy
    bench.station.power_meter(False)
    failed = bench.finish()
    assert isinstance(failed, Failed)
    assert isinstance(bench.read_port(), Failed)
    bench.station.power_meter(True)
    assert bench.values()["C.7.0"] == "0001"
    bench.sign_on("12345678")
    bench.finish()
    for on in (False, True):
        bench.station.power_meter(on)
    assert bench.values()["C.7.0"] == "0002"
    assert isinstance(bench.read_by_module(), ReadoutDone)


def test_a_port_that_is_wired_to_a_meter_without_power_is_dead(bench: PortBench) -> None:
    bench.station.power_meter(False)
    bench.station.reconnect(bench.port)
    bench.plug()
    assert isinstance(bench.read_port(), Failed)
    bench.station.power_meter(True)
    assert bench.values()


def test_faults_of_the_meter_are_those_of_the_port(bench: PortBench) -> None:
    bench.meter.faults.bad_bcc = True
    failed = bench.read_port()
    assert isinstance(failed, Failed)
    assert failed.cause is FailureCause.BAD_BCC


def test_silence_of_90_seconds_ends_programming_mode(bench: PortBench) -> None:
    bench.sign_on()
    bench.reader_driver.close()
    bench.clock.advance(89)
    bench.plug()
    assert isinstance(bench.read_port(), Failed)
    bench.clock.advance(91)
    assert bench.values()


def test_the_traffic_has_the_port_without_passwords(bench: PortBench) -> None:
    bench.sign_on()
    bench.sign_off()
    # A password that a stranger sends damaged.
    bench.wires[-1].send(99, b"\x01P1\x02(00000000)", 0.0, 1e9)
    bench.clock.advance(5)
    bench.values()
    store = bench.station.traffic
    rows = [row for index in range(len(store)) if (row := store.row(index)).link == "sim:port"]
    assert {row.side for row in rows} == {Side.METER}
    by_meter = {row.data for row in rows if row.direction is Direction.RECEIVED}
    by_reader = {row.data for row in rows if row.direction is Direction.SENT}
    assert bench.meter.identification.to_bytes() in by_meter
    assert OptionSelect.from_bytes(b"\x06041\r\n").to_bytes() in by_reader
    assert [bool(row.masked) for row in rows if row.data.startswith(b"\x01P1")] == [True, True]
    assert not any(b"0000" in row.data for row in rows if row.direction is Direction.SENT)


def test_another_variant_is_read_at_the_same_port(bench: PortBench) -> None:
    assert bench.station.config.meter_port == PORT
    bench.station.rewire(Wiring((), variant="M26", meter_port=PORT))
    bench.plug()
    assert isinstance(bench.read_port(), ReadoutReceived)
    assert str(bench.heard[0].identification).endswith("M26")  # type: ignore[attr-defined]
    before = len(bench.wires)
    bench.station.rewire(Wiring((), variant="M26", meter_port=PORT))
    assert len(bench.wires) == before
    bench.station.rewire(Wiring((), variant="M26"))
    assert [link.side for link in bench.station.link_status] == ["meter"]


def test_a_port_is_disconnected_and_connected_again(bench: PortBench) -> None:
    bench.sign_on("12345678")
    bench.finish()
    bench.station.disconnect(bench.port)
    assert bench.port.state is LinkState.CLOSED
    bench.station.reconnect(bench.port)
    bench.plug()
    # The lock-out is that of the meter.
    assert isinstance(bench.read_port(), Failed)
    bench.clock.advance(60)
    assert bench.values()


def test_a_line_error_is_ignored(bench: PortBench) -> None:
    bench.wires[-1].send_error(1, LineEvent.PARITY, 0.0)
    bench.clock.advance(1)
    assert bench.values()


def test_the_port_belongs_to_the_named_module(monkeypatch: pytest.MonkeyPatch) -> None:
    modules = tuple(
        PointConfig(f"5010000{number}", f"flat-{number}", meter_number=f"3345679{number}") for number in (1, 2)
    )
    bench = PortBench(monkeypatch, modules=modules, meter_port_of="flat-2")
    assert bench.values()["C.1.0"] == "33456792"
    links = {
        point.name: [str(link["side"]) for link in status_of(bench.station, point)["links"]]  # type: ignore[index, union-attr, call-overload]
        for point in bench.station.points
    }
    assert links == {"flat-1": ["meter"], "flat-2": ["meter", "meter_port"]}
    second = bench.station.points[1].meter
    assert isinstance(second, E350Meter)
    bench.station.points[1].power_meter(False)
    assert isinstance(bench.read_port(), Failed)
    bench.station.stop()


def test_a_port_needs_one_module_and_a_simulated_meter(bench: PortBench) -> None:
    for name in ("flat", "all"):
        config = StationConfig(mbus=(), modules=(PointConfig("50100001"), PointConfig("50100002")), meter_port_of=name)
        with pytest.raises(ValueError, match="the modules are 50100001, 50100002"):
            Station(config, bench.clock)
    with pytest.raises(LinkError, match="a real meter is wired") as caught:
        bench.station.rewire(Wiring((), meter="tcp://127.0.0.1:9", meter_port=PORT))
    assert caught.value.code == "bad_link"
    assert bench.values()
