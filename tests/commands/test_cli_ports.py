"""`cmi-gui ports` with various ports."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner, Result

from cmi_gui.cli import app
from cmi_gui.commands import ports as command
from cmi_gui.engine.link.serial_ports import SerialPortInfo
from cmi_gui.engine.link.url import parse_link
from tests.helpers.cli_process import run

if sys.platform != "win32":
    import pty


@pytest.fixture
def device() -> Iterator[str]:
    """A port that this user may use."""
    if sys.platform == "win32":
        pytest.skip("this system has no pseudo-terminals")
    master, slave = pty.openpty()
    yield os.ttyname(slave)
    os.close(master)
    os.close(slave)


def run_ports(monkeypatch: pytest.MonkeyPatch, *found: SerialPortInfo, options: tuple[str, ...] = ()) -> Result:
    monkeypatch.setattr(command, "list_serial_ports", lambda: list(found))
    return CliRunner().invoke(app, ["ports", *options])


def test_no_ports_are_reported_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    result = run_ports(monkeypatch)
    assert result.exit_code == 0
    assert result.stdout == "No serial ports found. Plug in an adapter and run the command again.\n"
    assert json.loads(run_ports(monkeypatch, options=("--json",)).stdout) == {"ports": []}


def test_the_link_of_an_adapter_has_its_usb_number(monkeypatch: pytest.MonkeyPatch, device: str) -> None:
    port = SerialPortInfo(
        device, "FT232R USB UART", "A50285BI", "A50285BI", "FTDI", "FT232R USB UART", 0x0403, 0x6001, "1-2"
    )
    assert run_ports(monkeypatch, port).stdout.splitlines() == [
        device,
        "  name:       FT232R USB UART",
        "  adapter:    FTDI FT232R USB UART",
        "  USB number: A50285BI",
        "  LINK:       serial:usb=A50285BI",
    ]
    (document,) = json.loads(run_ports(monkeypatch, port, options=("--json",)).stdout)["ports"]
    assert (document["link"], document["for_ever"], document["allowed"], document["hint"]) == (
        "serial:usb=A50285BI",
        True,
        True,
        None,
    )
    assert parse_link(document["link"]).path == "usb=A50285BI"


def test_an_adapter_without_a_number_has_a_remark(monkeypatch: pytest.MonkeyPatch, device: str) -> None:
    lines = run_ports(monkeypatch, SerialPortInfo(device, "USB Serial", vid=0x1A86, pid=0x7523)).stdout.splitlines()
    assert lines[-2:] == [
        f"  LINK:       serial:{device}",
        "              (may change when the adapter is plugged in again)",
    ]


def test_without_permission_the_group_to_join_is_named(monkeypatch: pytest.MonkeyPatch, device: str) -> None:
    monkeypatch.setattr(command.os, "access", lambda path, mode: False)
    assert (
        "access:     this user may not use it; it belongs to the group"
        in run_ports(monkeypatch, SerialPortInfo(device)).stdout
    )
    (document,) = json.loads(run_ports(monkeypatch, SerialPortInfo(device), options=("--json",)).stdout)["ports"]
    assert document["allowed"] is False
    assert "usermod" in document["hint"]


def test_ports_that_cannot_be_listed_are_reported_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> list[SerialPortInfo]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(command, "list_serial_ports", fail)
    result = CliRunner().invoke(app, ["ports"])
    assert result.exit_code == 1
    assert result.stderr == "cmi-gui: cannot list the serial ports: Permission denied\n"


def test_the_ports_of_this_computer_can_be_listed() -> None:
    code, out, err = run("ports", "--json")
    assert (code, err) == (0, "")
    assert all(parse_link(port["link"]).scheme == "serial" for port in json.loads(out)["ports"])
