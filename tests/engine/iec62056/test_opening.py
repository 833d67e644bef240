"""The first bytes of reading devices and of other programs, each as a whole and byte by byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.iec62056.message import BREAK, Request
from cmi_gui.engine.iec62056.opening import judge_sign_on
from cmi_gui.engine.link.soft_parity import with_parity
from cmi_gui.engine.machine import Line
from cmi_gui.engine.messages import Message


def verdict(data: bytes) -> Message | bool:
    """Return the first final verdict on the bytes as they come one by one."""
    found: Message | bool = False
    for end in range(1, len(data) + 1):
        found = judge_sign_on(data[:end])
        if found is not False:
            break
    assert judge_sign_on(data) == found
    return found


@pytest.mark.parametrize("data", [b"/?!\r\n", b"/?33456789!\r\n", bytes(60) + b"/?!\r\n", BREAK.to_bytes(), b"\x15"])
@pytest.mark.parametrize("line", [None, Line(300, 7, "E")])
def test_a_reading_device_is_recognised(data: bytes, line: Line | None) -> None:
    assert verdict(data if line is None else with_parity(data, line)) is True


@given(st.integers(0, 99_999_999))
def test_every_request_is_recognised(number: int) -> None:
    assert verdict(Request(str(number)).to_bytes()) is True


@pytest.mark.parametrize(
    "data",
    [
        b"GET /? HTTP/1.1\r\n",
        b"/index",
        b"\x16\x03\x01\x02",
        bytes.fromhex("105BFD5816"),
        bytes.fromhex("6803036853FE50"),
    ],
)
def test_others_are_refused(data: bytes) -> None:
    assert str(verdict(data)) == "bytes of another protocol"


@given(st.binary(min_size=1))
def test_any_bytes_are_judged(data: bytes) -> None:
    verdict(data)
