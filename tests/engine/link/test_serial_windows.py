"""The port of Windows, as far as it can be tested elsewhere: on a pseudo-terminal, and its errors."""

from __future__ import annotations

import math
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial
from serial.tools.list_ports_common import ListPortInfo

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.link.serial import SerialLink
from cmi_gui.engine.link.serial_errors import link_errors, opening_errors
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.machine import Line, LinkState, SendOutcome

if sys.platform == "win32":
    pytest.skip("on Windows itself there is no pseudo-terminal to try it on", allow_module_level=True)

from cmi_gui.engine.link.serial_pyserial import PyserialPort
from tests.helpers.serial_ports import Adapter, opened

NEVER = math.inf
AT_ONCE = -math.inf
LINE = Line(2400, 8, "N")
"""A pseudo-terminal has no parity, and this port treats it as a real port."""


@pytest.fixture
def adapter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Adapter]:
    monkeypatch.setattr("cmi_gui.engine.link.serial.PosixPort", PyserialPort)
    adapter = Adapter(tmp_path / "COM3")
    yield adapter
    if adapter.path.is_symlink():
        adapter.unplug()


@pytest.mark.asyncio
async def test_bytes_both_ways_and_speed(adapter: Adapter) -> None:
    everything = bytes(range(256))
    with opened(adapter.path, LINE) as (link, sink):
        await sink.until_state(LinkState.OPEN)
        os.write(adapter.master, everything)
        await sink.until_data(everything)
        start = time.perf_counter()
        link.send(1, everything, AT_ONCE, NEVER)
        link.set_line(2, Line(9600, 8, "N"))
        assert await sink.until_done(1, 2) == [SendOutcome.SENT] * 2
        assert sink.done_at[1] >= start + 256 * LINE.char_time
        assert await adapter.read() == everything


@pytest.mark.asyncio
async def test_an_unplugged_adapter_is_reopened(adapter: Adapter) -> None:
    with opened(adapter.path, LINE, back_off=(10.0,)) as (_, sink):
        await sink.until_state(LinkState.OPEN)
        adapter.unplug()
        await sink.until_state(LinkState.WAITING)
        assert sink.cause.code == "unplugged"
        adapter.plug_in()
        await sink.until_state(LinkState.OPEN)
        os.write(adapter.master, b"back")
        await sink.until_data(b"back")


@pytest.mark.asyncio
async def test_a_write_that_blocks_for_long_loses_the_port(adapter: Adapter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cmi_gui.engine.link.serial_pyserial.STALL_SECONDS", 0.2)
    with opened(adapter.path, Line(4_000_000, 8, "N"), back_off=(10.0,)) as (link, sink):
        await sink.until_state(LinkState.OPEN)
        link.send(1, b"x" * 1_000_000, AT_ONCE, NEVER)
        await sink.until_state(LinkState.WAITING)
        assert sink.cause.code == "stalled"
        assert await sink.until_done(1) == [SendOutcome.ABORTED]


@pytest.mark.real_time(0.1)
@pytest.mark.asyncio
async def test_closing_while_a_write_hangs(adapter: Adapter) -> None:
    with opened(adapter.path, Line(4_000_000, 8, "N")) as (link, sink):
        await sink.until_state(LinkState.OPEN)
        link.send(1, b"x" * 1_000_000, AT_ONCE, NEVER)
        await adapter.read(1)
        start = time.perf_counter()
        link.close()
        assert time.perf_counter() - start < 1.0


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Cannot configure port, something went wrong. Original message: OSError(22, 'x', None, 87)", "bad_line"),
        # Which error a driver has for an adapter that is away differs, and Python gives some of them wrong classes.
        ("could not open port 'COM3': FileNotFoundError(2, 'x', None, 2)", "no_port"),
        ("could not open port 'COM3': PermissionError(13, 'It does not work, it says.', None, 31)", "no_port"),
        ("could not open port 'COM3': PermissionError(13, 'x', None, 22)", "no_port"),
        ("could not open port 'COM3': OSError(22, 'x', None, 433)", "no_port"),
        ("could not open port 'COM3': OSError(22, 'x', None, 121)", "no_port"),
        ("could not open port 'COM3': OSError(22, 'x', None, 1167)", "no_port"),
        ("Cannot configure port, something went wrong. Original message: OSError(22, 'x', None, 1167)", "no_port"),
        (
            "Cannot configure port, something went wrong. Original message: PermissionError(13, 'x', None, 31)",
            "no_port",
        ),
    ],
)
def test_errors_of_pyserial_while_opening_on_windows(text: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serial.tools.list_ports.comports", lambda: [ListPortInfo("COM3")])
    with pytest.raises(LinkError) as error, opening_errors("COM3", Line(300, 7)):
        raise serial.SerialException(text)
    assert error.value.code == code
    assert "COM3" in str(error.value.message)


@pytest.mark.parametrize(
    ("device", "code"), [("COM3", "busy"), (r"\\.\com3", "busy"), ("COM12", "no_port"), ("CNCA0", "busy")]
)
def test_a_port_to_which_windows_denies_access_is_away_if_it_is_not_listed(
    device: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("serial.tools.list_ports.comports", lambda: [ListPortInfo("COM3")])
    monkeypatch.setattr("cmi_gui.engine.link.serial_errors.sys.platform", "win32")
    with pytest.raises(LinkError) as error, opening_errors(device, Line(300, 7)):
        raise serial.SerialException(f"could not open port '{device}': PermissionError(13, 'x', None, 5)")
    assert error.value.code == code


def test_errors_of_pyserial_for_an_open_port_on_windows() -> None:
    for text, code in (
        ("Cannot configure port, something went wrong. Original message: OSError(22, 'x', None, 87)", "bad_line"),
        (
            "Cannot configure port, something went wrong. Original message: PermissionError(13, 'x', None, 31)",
            "unplugged",
        ),
        ("Cannot configure port, something went wrong. Original message: OSError(22, 'x', None, 1167)", "unplugged"),
        ("ClearCommError failed (PermissionError(13, 'Access is denied.', None, 5))", "unplugged"),
    ):
        with pytest.raises(LinkError) as error, link_errors("COM3", Line(300, 7)):
            raise serial.SerialException(text)
        assert error.value.code == code


@pytest.mark.parametrize(
    ("device", "lines"),
    [
        # Old CH340 chips accept 7E1 but stay at 8N1 without an error, so 7E1 is not used.
        ("COM3", [Line(300, 8, "N")]),
        ("rfc2217://meter-room:7000", [Line(300, 7), Line(300, 8, "N")]),
    ],
)
def test_where_seven_bits_and_parity_are_made(device: str, lines: list[Line], monkeypatch: pytest.MonkeyPatch) -> None:
    requested: list[Line] = []

    class Port:
        reported_events = frozenset()  # type: ignore[var-annotated]
        timed = True
        start_lag = 0.0

        def __init__(self, device: str, line: Line, **lines: bool | None) -> None:
            requested.append(line)
            with opening_errors(device, line):
                if line.bits == 7:
                    raise serial.SerialException("Cannot configure port, something went wrong. Original message: 87")

    monkeypatch.setattr("cmi_gui.engine.link.serial.PyserialPort", Port)
    monkeypatch.setattr("cmi_gui.engine.link.serial.PosixPort", Port)
    link = SerialLink(VirtualClock(), device, Line(300, 7))
    link.open_port(Line(300, 7), None)  # type: ignore[arg-type]
    assert requested == lines


@pytest.mark.parametrize("device", ["COM3", "com3", r"\\.\COM3"])
def test_on_windows_a_port_is_there_when_it_is_listed(device: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ports: list[ListPortInfo] = []
    monkeypatch.setattr("serial.tools.list_ports.comports", lambda: ports)
    monkeypatch.setattr("cmi_gui.engine.link.serial.sys.platform", "win32")
    link = SerialLink(VirtualClock(), device, LINE)
    assert link.watch_seconds == 1.0
    assert link.find_device() is None
    ports.append(ListPortInfo("COM3"))
    assert link.find_device() == "COM3"
