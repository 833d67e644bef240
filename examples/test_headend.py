"""A head-end built on pyMeterBus, tested against a module and a room: `pytest examples/test_headend.py`."""

from __future__ import annotations

import meterbus
import pytest
import serial

pytestmark = pytest.mark.meter_room("clash.toml")

WINDOW = 0.3
"""Seconds that an answer may take to begin, and to pause: more than the 187.5 ms of 2400 bit/s."""


def connect(url: str) -> serial.SerialBase:
    """Return a port on the link of a module or room."""
    return serial.serial_for_url(url.replace("tcp://", "socket://"), timeout=WINDOW)


def receive(port: serial.SerialBase) -> bytes:
    """Return what comes until the line is quiet."""
    data = b""
    while more := port.read(1024):
        data += more
    return data


def ask(port: serial.SerialBase, request: bytes, tries: int = 3) -> bytes:
    """Return the answer to a request, which is repeated after silence."""
    for _ in range(tries):
        port.write(request)
        answer = receive(port)
        if answer:
            return answer
    raise TimeoutError(request.hex())


def short(control: int, address: int) -> bytes:
    """Return a short telegram."""
    return bytes((0x10, control, address, (control + address) & 0xFF, 0x16))


def read(url: str, address: int) -> list[object]:
    """Return the energies in the first telegram of a slave, in Wh, as pyMeterBus decodes them."""
    with connect(url) as port:
        assert ask(port, short(0x40, address)) == b"\xe5"
        telegram = meterbus.load(ask(port, short(0x7B, address)))
    return [record.value for record in telegram.records if record.unit == "Wh"]


def test_the_value_is_exact(cmi1020) -> None:
    energies = read(cmi1020.url, 0)
    assert 1000 * cmi1020.sent("1.8.0") in energies
    assert cmi1020.violations == []


def test_a_lost_answer_is_asked_for_again(cmi1020) -> None:
    cmi1020.inject("no-answer", once=True)
    read(cmi1020.url, 0)
    assert [request.kind for request in cmi1020.requests()] == ["SND_NKE", "SND_NKE", "REQ_UD2"]


def test_a_damaged_answer_is_not_believed(cmi1020) -> None:
    # An acknowledgement has no checksum, so only the telegram after it is damaged.
    cmi1020.inject("bad-checksum")
    with pytest.raises(meterbus.MBusFrameCRCError):
        read(cmi1020.url, 0)


def test_a_module_that_comes_back(cmi1020) -> None:
    cmi1020.power(on=False)
    with pytest.raises(TimeoutError):
        read(cmi1020.url, 0)
    cmi1020.power(on=True)
    cmi1020.wait("contact yes")
    assert read(cmi1020.url, 0)


def test_two_modules_with_one_address_are_not_taken_for_one(meter_room) -> None:
    assert 61561289 in read(meter_room.url, 1)
    with connect(meter_room.url) as port:
        ask(port, short(0x40, 2))
        answer = ask(port, short(0x7B, 2))
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever pyMeterBus says of a garbled telegram
        meterbus.load(answer)
    assert any(row.kind.name == "OVERLAPPED" for row in meter_room.rows)
