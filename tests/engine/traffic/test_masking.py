"""Passwords in the traffic: their bytes and the checksum are masked before a row is stored."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.iec62056.message import Command
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.traffic.masking import MbusMask, apply_mask, hex_text, meter_ranges
from cmi_gui.engine.traffic.store import Side
from cmi_gui.engine.traffic.summaries import summarise
from tests.helpers.station_bench import Bench

MASK = MbusMask(load_module_profile())


def write(payload: str, *, c: int = 0x73, a: int = 1) -> bytes:
    return Frame.long(c, a, 0x51, bytes.fromhex(payload)).to_bytes()


@pytest.mark.parametrize(
    ("payload", "first", "behind"),
    [
        ("0DFD16 08 3132333435363738", 10, 19),
        ("07FD9600 3132333435363738", 11, 19),
        ("0DFD19 03 616263", 10, 14),
        ("017A05 0DFD16 02 6162", 13, 16),
        ("0DFD9600 02 6162", 11, 14),
    ],
)
def test_data_and_checksum_are_masked(payload: str, first: int, behind: int) -> None:
    data = write(payload)
    ranges = MASK.ranges(data)
    assert ranges[0] == (first, behind)
    assert ranges[-1] == (len(data) - 2, len(data) - 1)
    shown = hex_text(data, ranges)
    assert shown.endswith(" ** 16")
    assert shown.count("**") == behind - first + 1


def test_two_secrets_in_one_telegram() -> None:
    data = write("0DFD16 02 6162 0DFD19 02 6364")
    assert MASK.ranges(data) == ((10, 13), (16, 19), (19, 20))


@pytest.mark.parametrize("payload", ["017A05", "017C0374617203", "04FD17 00000000", "0DFD0E 02 16FD"])
def test_other_telegrams_are_not_touched(payload: str) -> None:
    assert MASK.ranges(write(payload)) == ()


@given(st.integers(1, 18), st.binary(max_size=3))
def test_damaged_telegrams_are_masked_from_the_sign_on(cut: int, noise: bytes) -> None:
    whole = write("0DFD16 08 3132333435363738")
    damaged = noise + whole[:cut]
    shown = apply_mask(damaged, MASK.ranges(damaged))
    assert not any(byte in shown[len(noise) + 11 :] for byte in b"12345678")


SECRET = "0DFD16 08 3132333435363738"


@pytest.mark.parametrize("at", range(len(write(SECRET))))
@pytest.mark.parametrize("bits", [0x01, 0x10, 0x80])
def test_one_damaged_byte_anywhere_shows_no_password(at: int, bits: int) -> None:
    damaged = bytearray(write(SECRET))
    damaged[at] ^= bits
    shown = apply_mask(bytes(damaged), MASK.ranges(bytes(damaged)))
    assert not any(byte in shown[10:-2] for byte in b"12345678")


def test_a_damaged_telegram_that_sets_something_is_masked_after_ci() -> None:
    data = bytearray(write("0D FC 16 02 6162"))
    data[-2] ^= 1
    assert MASK.ranges(bytes(data)) == ((7, len(data)),)
    assert MASK.ranges(write("0D FC 01 41 02 6162")) == ()
    answer = bytearray(Frame.long(0x08, 1, 0x72, bytes(20)).to_bytes())
    answer[-2] ^= 1
    assert MASK.ranges(bytes(answer)) == ()


@pytest.mark.parametrize("ci", [0x50, 0x52, 0x55, 0x5A, 0x5C])
def test_a_master_with_another_ci_shows_no_password(ci: int) -> None:
    data = Frame.long(0x73, 1, ci, bytes.fromhex(SECRET)).to_bytes()
    assert MASK.ranges(data) == ((9 + 1, len(data)),)


def test_after_manufacturer_data_everything_from_the_sign_on_is_masked() -> None:
    data = write(f"0F {SECRET}")
    assert MASK.ranges(data) == ((11, len(data)),)
    data = write("0DFD16 02 6162 0F 0DFD19 02 6364")
    assert MASK.ranges(data) == ((10, 13), (17, len(data)))


TEXT_PROFILE = """
version = 1
name = "test"

[[command]]
id = "p3"
title = "P3"
manual = "-"
kind = "setting"
basis = "assumption"
source = "a test"
effect = "none"
forms = [{ dif = "0D", text = "pwd" }]
actions = ["00"]
value = "text"
minimum = 1
maximum = 8
secret = true
"""


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ("", "0D7C03647770"),
        ("", "0DFC0364777000"),
        ("", "0DFC0003647770"),
        ("", "0DFC0903647770"),
        ("0F", "0D7C03647770"),
    ],
)
def test_a_secret_with_a_plain_text_vif_is_masked_in_every_order(tmp_path: Path, before: str, behind: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(TEXT_PROFILE, encoding="utf-8")
    mask = MbusMask(load_module_profile(path))
    data = write(f"{before}{behind} 08 3132333435363738")
    shown = apply_mask(data, mask.ranges(data))
    assert not any(byte in shown for byte in b"12345678")
    assert shown[-2] == 0
    assert shown[: 7 + len(before + behind) // 2] == data[: 7 + len(before + behind) // 2]
    assert mask.ranges(write("0D7C03656565 02 6162")) == ()


def test_password_messages_to_the_meter_are_masked_after_stx() -> None:
    message = Command("P", "1", "(12345678)", secret=True).to_bytes()
    assert hex_text(message, meter_ranges(message)) == "01 50 31 02" + " **" * 12
    assert meter_ranges(Command("P", "0", "(abc)").to_bytes()) == ()
    assert meter_ranges(b"\x01P1\x02(123")[0] == (4, 8)
    assert meter_ranges(b"xx\x01P1\x02(123")[0] == (6, 10)
    assert meter_ranges(b"1.8.0(1)") == ()


def test_the_store_never_holds_a_password() -> None:
    bench = Bench()
    bench.clock.advance(10)
    bench.send(b"\x0d\xfd\x16\x08" + b"tercesXY")  # YXsecret
    bench.send("017C0374617202")
    bench.clock.advance(30)
    traffic = bench.station.traffic
    rows = [traffic.row(index) for index in range(len(traffic))]
    assert not any(b"YXsecret" in row.data or b"tercesXY" in row.data for row in rows)
    masked = [row for row in rows if row.masked]
    assert {row.side for row in masked} == {Side.MBUS, Side.METER}
    assert all("secrets masked" in summarise(row) for row in masked)
    assert any(summarise(row).startswith("command P1") for row in masked)
