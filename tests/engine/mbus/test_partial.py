"""Telegrams that are encrypted in part, can be decoded in part only, or have the fixed structure."""

from __future__ import annotations

import json
import random
from decimal import Decimal

import pytest

from cmi_gui.engine.mbus.datatypes import Missing
from cmi_gui.engine.mbus.errors import MBusErrorCode
from cmi_gui.engine.mbus.frame import RSP_UD, SND_UD, Frame
from cmi_gui.engine.mbus.render import json_text, summary, to_json_dict, to_text
from cmi_gui.engine.mbus.security import MODES
from cmi_gui.engine.mbus.telegram import Telegram, decode_telegram
from tests.helpers.mbus_telegrams import response

ENERGY = "0C 06 78 56 34 12"
"""12345678 kWh."""
CIPHER = bytes(range(0xF0, 0x100)).hex()
"""A block of 16 bytes in which no record can be found: it begins with a reserved DIF and ten DIFEs."""


def h(text: str) -> bytes:
    return bytes.fromhex(text)


def signed(word: int, records: str) -> Telegram:
    """An answer with the two bytes after the status set to `word`."""
    return decode_telegram(response(f"78 56 34 12 24 40 01 07 55 00 {word.to_bytes(2, 'little').hex()}", records))


def values(telegram: Telegram) -> list[object]:
    return [record.value for record in telegram.records]


# The signature, or configuration field


def test_a_signature_is_no_security_mode() -> None:
    telegram = decode_telegram(h("681515680801720403020196150102070027B60C06785634123D16"))
    assert (values(telegram), telegram.encrypted, telegram.fault) == ([12345678000], b"", None)
    assert summary(telegram) == "RSP_UD 01020304 ELV, 1 record"


@pytest.mark.parametrize("high", range(256))
def test_records_in_clear_are_decoded_with_any_signature(high: int) -> None:
    for low in (0x00, 0x01, 0x10, 0x27, 0xFF):
        telegram = signed(high << 8 | low, ENERGY)
        assert (values(telegram), telegram.encrypted, telegram.fault) == ([12345678000], b"", None)


@pytest.mark.parametrize("mode", range(32))
def test_fillers_at_the_beginning_mean_that_all_is_in_clear(mode: int) -> None:
    telegram = signed(mode << 8 | 0x10, "2F 2F " + ENERGY + " 2F" * 8)
    assert (values(telegram), telegram.encrypted) == ([12345678000], b"")


@pytest.mark.parametrize(("mode", "extension"), [(5, ""), (7, "10")])
@pytest.mark.parametrize("blocks", [1, 2, 14])
def test_the_blocks_that_the_mode_counts_are_encrypted_and_the_rest_is_in_clear(
    mode: int, extension: str, blocks: int
) -> None:
    telegram = signed(mode << 8 | blocks << 4 | 0x0F, extension + CIPHER * blocks + (ENERGY if blocks < 14 else ""))
    assert telegram.encrypted == h(extension + CIPHER * blocks)
    assert values(telegram) == ([12345678000] if blocks < 14 else [])
    assert telegram.fault is None
    assert telegram.header is not None
    assert telegram.header.security_mode == mode
    assert f"{len(telegram.encrypted)} bytes encrypted in mode {mode}" in summary(telegram)


def test_encrypted_and_clear_records_in_json_and_text() -> None:
    telegram = signed(0x0510, CIPHER + ENERGY + "1F")
    shown = json.loads(json_text(to_json_dict(telegram)))
    assert (shown["encrypted"], shown["security_mode"]) == (CIPHER.upper(), 5)
    assert [record["value"] for record in shown["records"]] == [12345678000]
    assert shown["more_follows"] is True
    assert summary(telegram) == "RSP_UD 12345678 PAD, 16 bytes encrypted in mode 5, 1 record, more follows"
    assert "encrypted: F0 F1" in to_text(telegram)
    assert telegram.records[0].offset == 19 + 16


def test_no_blocks_are_no_encryption() -> None:
    assert values(signed(0x0500, ENERGY * 4)) == [12345678000] * 4


def test_clear_records_after_encrypted_ones_may_be_bad_at_the_end() -> None:
    telegram = signed(0x0510, CIPHER + ENERGY + "4F 01")
    assert (values(telegram), telegram.rest, telegram.encrypted) == ([12345678000], h("4F 01"), h(CIPHER))


@pytest.mark.parametrize("mode", sorted(MODES))
def test_undecodable_bytes_are_encrypted_if_a_mode_is_named(mode: int) -> None:
    for low in (0x00, 0x10) if mode != 5 else (0x10, 0x40):
        telegram = signed(mode << 8 | low, CIPHER + "FF")
        assert telegram.encrypted.startswith(h(CIPHER))
        assert telegram.records == ()


@pytest.mark.parametrize("mode", [0, 6, 11, 12, 14, *range(16, 32)])
def test_modes_that_are_not_defined_do_not_count(mode: int) -> None:
    telegram = signed(mode << 8 | 0x10, ENERGY + "4F" * 16)
    assert (values(telegram), telegram.encrypted, telegram.rest) == ([12345678000], b"", h("4F" * 16))


def test_encrypted_bytes_seldom_look_like_records() -> None:
    source = random.Random(1)
    seen = sum(not signed(0x0900, source.randbytes(32).hex()).encrypted for _ in range(1000))
    assert seen < 50


def test_some_doubtful_records_do_not_make_a_payload_encrypted() -> None:
    odd = "0C 06 76 A8 34 82"
    assert values(signed(0x0900, odd)) == ["8234A876"]
    assert values(signed(0x0900, ENERGY * 3 + odd)) == [12345678000] * 3 + ["8234A876"]
    assert signed(0x0900, ENERGY + odd * 2).encrypted == h(ENERGY + odd * 2)


def test_short_headers_and_mode_2_have_a_configuration_field_too() -> None:
    short = decode_telegram(Frame.long(RSP_UD, 1, 0x7A, h("2A 00 10 05" + CIPHER + ENERGY)))
    assert (short.encrypted, values(short)) == (h(CIPHER), [12345678000])
    msb_first = "12 34 56 78 40 24 01 07 55 00 05 10" + CIPHER + "0C 06 12 34 56 78"
    other = decode_telegram(Frame.long(RSP_UD, 1, 0x76, h(msb_first)))
    assert (other.encrypted, values(other)) == (h(CIPHER), [12345678000])


# What can be decoded in part only


def answer(records: str) -> Telegram:
    return signed(0, records)


def test_a_reserved_dif_after_a_good_record() -> None:
    telegram = decode_telegram(h("681919680805727856341224400102000000000c06785634124f01021f9116"))
    assert telegram.header is not None
    assert (telegram.header.id, values(telegram)) == ("12345678", [12345678000])
    assert (telegram.rest, telegram.rest_at, telegram.more_follows) == (h("4F 01 02 1F"), 25, True)
    assert telegram.fault is not None
    assert (telegram.fault.code, telegram.fault.offset) == (MBusErrorCode.RESERVED_DIF, 25)
    assert summary(telegram) == (
        "RSP_UD 12345678 PAD, 1 record, more follows, 4 bytes not decoded: DIF 4F is reserved (at byte 25)"
    )
    assert to_text(telegram).splitlines()[-1] == "  rest, not decoded: 4F 01 02 1F; DIF 4F is reserved (at byte 25)"
    shown = json.loads(json_text(to_json_dict(telegram)))
    assert [record["value"] for record in shown["records"]] == [12345678000]
    assert (shown["rest"], shown["error"], shown["offset"]) == ("4F01021F", "reserved_dif", 25)
    assert (shown["message"], shown["more_follows"]) == ("DIF 4F is reserved", True)


@pytest.mark.parametrize(
    ("rest", "code", "more"),
    [
        ("00" * 7, MBusErrorCode.PADDING, False),
        ("00" * 8, MBusErrorCode.PADDING, False),
        ("00", MBusErrorCode.PADDING, False),
        *(("00" * count + "1F", MBusErrorCode.PADDING, True) for count in range(1, 5)),
        ("00 00 00 2F 2F", MBusErrorCode.PADDING, False),
        ("00 00 2F 1F", MBusErrorCode.PADDING, True),
        ("0D 78 FA 01 02", MBusErrorCode.RESERVED_LVAR, False),
        ("0D 78 FA 1F", MBusErrorCode.RESERVED_LVAR, True),
        ("0D 78", MBusErrorCode.PREMATURE_END, False),
        ("0D 78 05 41 42", MBusErrorCode.PREMATURE_END, False),
        ("04 06 01 02", MBusErrorCode.PREMATURE_END, False),
        ("04 06 01 1F", MBusErrorCode.PREMATURE_END, True),
        ("04", MBusErrorCode.PREMATURE_END, False),
        ("84 84", MBusErrorCode.PREMATURE_END, False),
        ("04 FC 20 41", MBusErrorCode.PREMATURE_END, False),
        ("3F 01", MBusErrorCode.RESERVED_DIF, False),
        ("8F 00 01", MBusErrorCode.RESERVED_DIF, False),
        ("84" + "80" * 10 + "00 03 01 00 00 00", MBusErrorCode.TOO_MANY_DIFE, False),
        ("04 83" + "BB" * 10 + "3B 01 00 00 00", MBusErrorCode.TOO_MANY_VIFE, False),
        ("FF " * 9, MBusErrorCode.RESERVED_DIF, False),
    ],
)
def test_the_records_before_undecodable_bytes_are_returned(rest: str, code: MBusErrorCode, more: bool) -> None:
    for fillers in ("", "2F 2F"):
        telegram = answer(ENERGY + fillers + rest)
        assert (values(telegram), telegram.rest, telegram.more_follows) == ([12345678000], h(rest), more)
        assert telegram.rest_at == len(telegram.raw) - 2 - len(h(rest))
        assert telegram.fault is not None
        assert telegram.fault.code is code
        assert telegram.manufacturer_at is None


def test_zeros_inside_a_record_are_no_padding() -> None:
    telegram = answer("0C 06 00 00 00 00" + "04 06 00 00 00 00")
    assert (values(telegram), telegram.fault) == ([0, 0], None)
    assert values(answer("00 03 " + ENERGY)) == [None, 12345678000]


def test_the_good_beginning_of_a_bad_command_is_shown() -> None:
    telegram = decode_telegram(Frame.long(SND_UD, 1, 0x51, h("01 7A 05 04")))
    assert (values(telegram), telegram.rest) == ([5], h("04"))
    assert summary(telegram) == (
        "SND_UD FCB=0 to 1: bus address, 1 byte not decoded:"
        " the data ends inside the DIF or VIF of a record (at byte 11)"
    )
    selection = decode_telegram(Frame.long(SND_UD, 253, 0x52, h("78 56 34 12 FF FF FF FF 0C 78 04")))
    assert summary(selection).startswith("select 12345678, 3 bytes not decoded: ")


# Values


@pytest.mark.parametrize(
    ("record", "line"),
    [
        ("0C 06 76 A8 34 82", "energy: 8234A876, not decimal"),
        ("04 86 FF 01 05 00 00 00", "energy, manufacturer 01: 5000 Wh"),
        ("04 86 7F 05 00 00 00", "energy, manufacturer-specific: 5000 Wh"),
        ("05 2B 00 00 00 80", "power: 0 W"),
        ("0D 78 00", "fabrication number: (empty)"),
        ("02 FB 22 0A 00", "volume: 1.0 US gal"),
        ("02 FB 26 0A 00", "volume flow: 10 US gal/h"),
        ("02 FB 5A 8A 02", "flow temperature: 65.0 degF"),
    ],
)
def test_records_in_words(record: str, line: str) -> None:
    assert to_text(answer(record)).splitlines()[-1] == f"    1  {line}"


def test_digits_that_are_not_decimal_in_json() -> None:
    (record,) = json.loads(json_text(to_json_dict(answer("0C 06 76 A8 34 82"))))["records"]
    assert (record["value"], record["missing"]) == ("8234A876", "not decimal digits")


# The fixed structure


def fixed(status: int, units: str = "E9 7E", counters: str = "01 00 00 00 35 01 00 00") -> Telegram:
    return decode_telegram(Frame.long(RSP_UD, 5, 0x73, h(f"78 56 34 12 0A {status:02X} {units} {counters}")))


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (0x00, "no error"),
        (0x01, "binary counters"),
        (0x02, "stored at fixed date"),
        (0x03, "binary counters, stored at fixed date"),
        (0x0E, "stored at fixed date, power low, permanent error"),
        (0x31, "binary counters, temporary error, manufacturer bit 5"),
    ],
)
def test_the_fixed_structure_has_status_bits_of_its_own(status: int, words: str) -> None:
    telegram = fixed(status)
    assert f"status {status:02X} ({words})" in to_text(telegram)
    assert "application" not in summary(telegram)
    assert telegram.header is not None
    assert (telegram.header.is_fixed, telegram.header.state) == (True, None)


def test_other_headers_have_the_state_of_the_application() -> None:
    for status in range(256):
        telegram = decode_telegram(response(f"78 56 34 12 24 40 01 07 55 {status:02X} 00 00", ENERGY))
        assert telegram.header is not None
        assert (telegram.header.is_fixed, telegram.header.state) == (False, status & 3)


@pytest.mark.parametrize("size", range(8, 16))
def test_the_header_of_a_fixed_structure_that_is_cut_short(size: int) -> None:
    data = h("78 56 34 12 0A 00 E9 7E 01 00 00 00 35 01 00 00")[:size]
    telegram = decode_telegram(Frame.long(RSP_UD, 5, 0x73, data))
    assert telegram.header is not None
    assert telegram.fault is not None
    assert (telegram.header.id, telegram.records, telegram.rest) == ("12345678", (), data[8:])
    assert (telegram.fault.code, telegram.fault.offset) == (MBusErrorCode.PREMATURE_END, 7 + size)


def test_binary_and_bcd_counters() -> None:
    assert values(fixed(1)) == [Decimal("0.001"), Decimal("0.309")]
    assert values(fixed(0)) == [Decimal("0.001"), Decimal("0.135")]
    (first, _) = fixed(0, counters="0A 00 00 00 35 01 00 00").records
    assert (first.value, first.missing) == ("0000000A", Missing.NOT_DECIMAL)


@pytest.mark.parametrize(
    ("units", "code", "medium"),
    [
        ("29 3E", 0x0, "other"),
        ("E9 7E", 0x7, "water"),
        ("A9 7E", 0x6, "hot water"),
        ("29 BE", 0x8, "heat cost allocator"),
        ("69 BE", 0x9, "reserved"),
        ("A9 BE", 0xA, "gas, mode 2"),
        ("E9 BE", 0xB, "heat, mode 2"),
        ("29 FE", 0xC, "hot water, mode 2"),
        ("69 FE", 0xD, "water, mode 2"),
        ("A9 FE", 0xE, "heat cost allocator, mode 2"),
        ("E9 FE", 0xF, "reserved"),
    ],
)
def test_the_fixed_structure_has_media_of_its_own(units: str, code: int, medium: str) -> None:
    telegram = fixed(0, units)
    assert telegram.header is not None
    assert telegram.header.device_type == code
    assert f"device type {code:02X} ({medium})" in to_text(telegram)
