from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from serial.tools.list_ports_common import ListPortInfo

from cmi_gui.engine.link.serial_ports import SerialPortInfo, _with_usb_names, find_usb_port, list_serial_ports
from cmi_gui.engine.link.url import parse_link
from cmi_gui.engine.link_protocol import LinkError


def usb_port(device: str, number: str | None, location: str | None = None) -> ListPortInfo:
    port = ListPortInfo(device)
    port.vid, port.pid, port.serial_number, port.location = 0x0403, 0x6001, number, location
    port.manufacturer, port.product = "FTDI", "FT232R USB UART"
    port.apply_usb_info()
    return port


@pytest.fixture
def plugged(monkeypatch: pytest.MonkeyPatch) -> list[ListPortInfo]:
    ports: list[ListPortInfo] = []
    monkeypatch.setattr("serial.tools.list_ports.comports", lambda: list(ports))
    return ports


def test_ports_are_listed_with_their_details(plugged: list[ListPortInfo]) -> None:
    plugged += [
        ListPortInfo("/dev/ttyS0"),
        usb_port("/dev/ttyUSB10", None),
        usb_port("/dev/ttyUSB9", "A50285BI", "1-2"),
    ]
    assert list_serial_ports() == [
        SerialPortInfo(
            "/dev/ttyUSB9", "FT232R USB UART", "A50285BI", "A50285BI", "FTDI", "FT232R USB UART", 0x0403, 0x6001, "1-2"
        ),
        SerialPortInfo("/dev/ttyUSB10", "FT232R USB UART", "", "", "FTDI", "FT232R USB UART", 0x0403, 0x6001),
        SerialPortInfo("/dev/ttyS0"),
    ]


def test_an_adapter_is_found_under_its_present_name(plugged: list[ListPortInfo]) -> None:
    plugged += [usb_port("/dev/ttyUSB0", "A50285BI"), usb_port("/dev/ttyUSB1", "FT9ZZZ")]
    assert find_usb_port("FT9ZZZ").device == "/dev/ttyUSB1"
    plugged[:] = [usb_port("COM7", "ft9zzz")]
    assert find_usb_port("FT9ZZZ").device == "COM7"


def test_a_missing_adapter_lists_the_available_numbers(plugged: list[ListPortInfo]) -> None:
    with pytest.raises(LinkError, match="number X; no connected port has one") as error:
        find_usb_port("X")
    assert error.value.code == "no_port"
    plugged += [usb_port("/dev/ttyUSB0", "B"), usb_port("/dev/ttyUSB1", "A"), usb_port("/dev/ttyUSB2", None)]
    with pytest.raises(LinkError, match=r"number X; available: A, B\."):
        find_usb_port("X")


def test_interfaces_of_one_adapter_are_distinguished(plugged: list[ListPortInfo]) -> None:
    plugged += [usb_port("/dev/ttyUSB0", "FT4", "1-2:1.0"), usb_port("/dev/ttyUSB1", "FT4", "1-2:1.1")]
    assert [port.usb for port in list_serial_ports()] == ["FT4/0", "FT4/1"]
    assert find_usb_port("FT4/1").device == "/dev/ttyUSB1"
    with pytest.raises(LinkError, match=r"one of usb=FT4/0 \(/dev/ttyUSB0\), usb=FT4/1 \(/dev/ttyUSB1\)") as error:
        find_usb_port("FT4")
    assert error.value.code == "which_port"
    with pytest.raises(LinkError, match="available: FT4/0, FT4/1"):
        find_usb_port("FT4/2")
    # With only one interface present, its name still means only this one.
    del plugged[0]
    assert find_usb_port("FT4/1").device == "/dev/ttyUSB1"
    with pytest.raises(LinkError, match="No serial port has the USB serial number FT4/0"):
        find_usb_port("FT4/0")


def test_a_number_that_two_adapters_share_names_neither(plugged: list[ListPortInfo]) -> None:
    plugged += [usb_port("/dev/ttyUSB0", "0001", "1-1"), usb_port("/dev/ttyUSB1", "0001", "1-2")]
    assert [port.usb for port in list_serial_ports()] == ["", ""]
    with pytest.raises(LinkError, match="More than one adapter") as error:
        find_usb_port("0001")
    assert error.value.code == "which_port"
    plugged[:] = [usb_port("/dev/ttyUSB0", "0001", "1-1:1.0"), usb_port("/dev/ttyUSB1", "0001", "1-2:1.0")]
    assert [port.usb for port in list_serial_ports()] == ["", ""]


_NUMBERS = st.text(st.sampled_from("Aa0/1? \x01"), max_size=4)
_LOCATIONS = st.sampled_from(["", "1-2", "1-2:1.0", "1-2:1.1", "1-3:x.0"])


@given(st.lists(st.tuples(_NUMBERS, _LOCATIONS), max_size=5))
def test_the_usb_name_of_a_port_finds_this_port(adapters: list[tuple[str, str]]) -> None:
    ports = _with_usb_names(
        [
            SerialPortInfo(f"COM{at}", "", number.strip(), location=location)
            for at, (number, location) in enumerate(adapters)
        ]
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cmi_gui.engine.link.serial_ports.list_serial_ports", lambda: ports)
        for port in ports:
            if port.usb:
                assert find_usb_port(port.usb) == port
                assert parse_link(f"serial:usb={port.usb}").path == f"usb={port.usb}"


def test_an_adapter_unplugged_while_ports_are_listed_is_harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [None, [usb_port("/dev/ttyUSB1", "N1")]]

    def comports() -> list[ListPortInfo]:
        answer = answers.pop(0)
        if answer is None:
            raise TypeError("int() can't convert non-string with explicit base")  # as pyserial does
        return answer

    monkeypatch.setattr("serial.tools.list_ports.comports", comports)
    assert [port.device for port in list_serial_ports()] == ["/dev/ttyUSB1"]


def test_ports_that_cannot_be_listed_raise_oserror(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serial.tools.list_ports.comports", lambda: int(None))  # type: ignore[arg-type]
    with pytest.raises(OSError, match="No such device"):
        list_serial_ports()
