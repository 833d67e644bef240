"""The program on two serial cables between a master and a meter with real telegrams; every byte is checked."""

from __future__ import annotations

import itertools
import socket
import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("this system has no pseudo-terminals", allow_module_level=True)

import meterbus

from tests.helpers.bridge import (
    ACK,
    ASK,
    BUS_BITS,
    METER_BITS,
    NKE,
    OWN_RECORDS,
    Bridge,
    Exchange,
    Master,
    RealMeter,
    bridge,
    telegram,
)
from tests.helpers.cable import Cable
from tests.helpers.cable_end import LATE_SECONDS
from tests.helpers.cli_process import Served
from tests.helpers.meter_telegrams import M23, M26, M27, SHORT, Telegram

pytestmark = pytest.mark.real_time(LATE_SECONDS)

FLAGS = {
    M23: "04 FD 17 00 00 00 00",
    M26: "04 FD 17 01 00 00 00",  # C.5.0 bit 0: energy was exported
    M27: "04 FD 17 00 00 00 00",
    SHORT: "04 FD 17 01 00 00 00",
}


def records(meter: Telegram) -> bytes:
    return OWN_RECORDS + bytes.fromhex(FLAGS[meter]) + meter.hex_of()


def inside_the_window(exchange: Exchange, baud: int) -> None:
    """Check the reply window of EN 13757-2 (11 bit times to 330 bit times and 50 ms), and that no telegram has gaps."""
    assert 11 / baud <= exchange.delay <= 330 / baud + 0.050
    for before, after in itertools.pairwise(exchange.chars):
        assert after.start - before.start >= BUS_BITS / baud * 0.999
        assert after.start - before.end < BUS_BITS / baud


def minded(made: Bridge) -> None:
    """Check that the meter received nothing that violates the standard, and that the speed changed in time."""
    assert made.meter.complaints == []
    baud = {"0": 300, "4": 4800}[made.meter.telegram.z]
    assert [speed for _, speed in made.line.a.speeds][:3] == [38400, 300, baud]
    acks = [char for char in made.line.chars if char.sender == "a" and char.byte == 0x06]
    changed_at = made.line.a.speeds[2][0]
    assert changed_at >= acks[0].end + 5 * 10 / 300 - LATE_SECONDS


@pytest.mark.parametrize("meter", [M23, M26], ids=["M23", "M26"])
def test_a_readout_in_one_telegram(tmp_path: Path, meter: Telegram) -> None:
    with bridge(tmp_path, meter) as made, Master(made.bus) as master:
        first, second = telegram(records(meter), 0), telegram(records(meter), 1)
        exchanges = [
            master.ask(NKE, 1),
            master.ask(ASK[0], len(first)),
            master.ask(ASK[0], len(first)),  # a repetition is the same to the byte
            master.ask(ASK[1], len(second)),
        ]
        assert [exchange.answer for exchange in exchanges] == [ACK, first, first, second]
        for exchange in exchanges:
            inside_the_window(exchange, 2400)
        # Nothing else was on the wire.
        assert made.bus.sent_by(made.bus.a) == ACK + first + first + second
        minded(made)


def test_a_readout_in_two_telegrams(tmp_path: Path) -> None:
    with bridge(tmp_path, M27) as made, Master(made.bus) as master:
        own = OWN_RECORDS + bytes.fromhex(FLAGS[M27])
        first = telegram(own + M27.hex_of(0, -1), 0, more=True)
        second = telegram(M27.hex_of(-1), 1)
        assert master.ask(NKE, 1).answer == ACK
        assert master.ask(ASK[0], len(first)).answer == first
        assert master.ask(ASK[1], len(second)).answer == second
        # After the last one it begins again.
        assert master.ask(ASK[0], len(first)).answer == telegram(own + M27.hex_of(0, -1), 2, more=True)
        minded(made)


def test_at_300_bit_a_second(tmp_path: Path) -> None:
    with bridge(tmp_path, SHORT, mbus="?baud=300") as made, Master(made.bus, 300) as master:
        answer = telegram(records(SHORT), 0)
        for request, expected in ((NKE, ACK), (ASK[0], answer)):
            exchange = master.ask(request, len(expected))
            assert exchange.answer == expected
            inside_the_window(exchange, 300)
        minded(made)


def test_a_change_of_speed_is_followed_there_and_back(tmp_path: Path) -> None:
    with bridge(tmp_path, SHORT) as made, Master(made.bus) as master:
        number = itertools.count()
        for baud, command in ((300, "68 03 03 68 53 00 B8 0B 16"), (2400, "68 03 03 68 53 00 BB 0E 16")):
            before = len(made.bus.a.speeds)
            exchange = master.ask(bytes.fromhex(command), 1)
            assert exchange.answer == ACK  # at the old speed; at another one it would not have been received
            master.port.baudrate = baud
            for request, expected in ((NKE, ACK), (ASK[0], telegram(records(SHORT), next(number)))):
                exchange = master.ask(request, len(expected))
                assert exchange.answer == expected
                inside_the_window(exchange, baud)
            ((changed_at, changed_to),) = made.bus.a.speeds[before:]
            assert changed_to == baud
            acknowledged = [char for char in made.bus.chars if char.sender == "a" and char.byte == 0xE5][-2]
            assert changed_at >= acknowledged.end - LATE_SECONDS
        assert made.served.send_line("status")["baud"] == 2400


def by_pymeterbus(made: Bridge, baud: int) -> None:
    """An independent master reads by primary and by secondary address."""
    with Master(made.bus, baud) as master:
        port = master.port
        port.timeout = 3.0
        meterbus.send_ping_frame(port, 0)
        assert isinstance(meterbus.load(meterbus.recv_frame(port)), meterbus.TelegramACK)
        meterbus.send_select_frame(port, "12345678FFFFFFFF")
        assert isinstance(meterbus.load(meterbus.recv_frame(port)), meterbus.TelegramACK)
        for address in (0, 253)[: 1 if baud == 300 else 2]:  # four seconds each at 300
            frame = meterbus.TelegramShort()
            frame.header.cField.parts = [0x7B]
            frame.header.aField.parts = [address]
            meterbus.send_request_frame(port, req=frame)
            received = meterbus.load(meterbus.recv_frame(port))
            shown = [record.interpreted for record in received.records]
            assert shown[0]["value"] == 12345678
            (energy,) = (record for record in shown if record["unit"] == "MeasureUnit.WH")
            assert int(energy["value"]) == 61561289
            assert shown[-1]["value"] == "0401"


@pytest.mark.parametrize("baud", [2400, 300])
def test_pymeterbus_reads_the_real_meter(tmp_path: Path, baud: int) -> None:
    with bridge(tmp_path, SHORT, mbus=f"?baud={baud}") as made:
        by_pymeterbus(made, baud)
        minded(made)


# Half real, half simulated


def test_a_simulated_meter_on_a_real_bus(tmp_path: Path) -> None:
    with (
        Cable(tmp_path, char_bits=BUS_BITS) as bus,
        Served("--variant", "M26", "--no-paced", mbus=f"serial:{bus.a.path}") as served,
        Master(bus) as master,
    ):
        served.until(lambda status: bool(status["contact"]))
        for request, expected in ((NKE, 1), (ASK[0], 255), (ASK[1], 255)):
            exchange = master.ask(request, expected, within=0.3)
            inside_the_window(exchange, 2400)
        received = meterbus.load(exchange.answer)
        assert received.records[0].interpreted["value"] == 12345678
        assert len(received.records) == 5 + served.send_line("status")["lines"]


def test_a_real_meter_on_a_simulated_bus(tmp_path: Path) -> None:
    with (
        Cable(tmp_path, char_bits=METER_BITS) as line,
        RealMeter(line, SHORT) as meter,
        Served("--meter", f"serial:{line.a.path}") as served,
    ):
        served.until(lambda status: bool(status["contact"]))
        host, _, port = served.mbus.removeprefix("tcp://").rpartition(":")
        expected = telegram(records(SHORT), 0)
        with socket.create_connection((host, int(port)), timeout=5) as wire, wire.makefile("rb") as received:
            wire.sendall(ASK[0])
            assert received.read(len(expected)) == expected
        assert meter.complaints == []
