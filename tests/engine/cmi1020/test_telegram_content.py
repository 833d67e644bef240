"""The content of the module's telegrams: selections for readout, readable settings, records behind a mask."""

from __future__ import annotations

import pytest

from tests.helpers.slave_bench import ACK, LINES, Rig, long, short


@pytest.fixture
def rig() -> Rig:
    return Rig()


# Selection list, and the standard's selection for readout


def codes(rig: Rig) -> list[str]:
    """Return the codes of the meter's lines that are sent, found by their bytes."""
    marks = {
        "F.F": "0D 7C 03 46 2E 46",
        "C.1.0": "0C 79",
        "1.8.0": "04 03 C9 59 AB 03",
        "C.7.0": "0A 7C 05 30 2E 37 2E 43",
        "32.7": "02 FD C9 FC 01",
        "C.5.0": "0D 7C 05 30 2E 35 2E 43",
    }
    rig.send(short(0x40))
    answer = rig.send(short(0x7B))[19:-2]
    assert bytes.fromhex("01 FD 1A 01") in answer, "the module's own records are always sent"
    return [code for code, mark in marks.items() if bytes.fromhex(mark) in answer]


ALL = ["F.F", "C.1.0", "1.8.0", "C.7.0", "32.7", "C.5.0"]


def test_the_selection_list_selects_the_lines_sent(rig: Rig) -> None:
    assert codes(rig) == ALL
    rig.send(long("51 0D 7C 03 6C 65 73 0A 30 2E 38 2E 31 20 37 2E 32 33"))  # 32.7 1.8.0
    assert codes(rig) == ["1.8.0", "32.7"]
    rig.send(long("51 0D FC 03 6C 65 73 08 05 30 2E 35 2E 43"))
    assert codes(rig) == ["1.8.0", "32.7", "C.5.0"]
    rig.send(long("51 0D FC 03 6C 65 73 09 05 30 2E 38 2E 31"))
    assert codes(rig) == ["32.7", "C.5.0"]
    rig.send(long("51 0D 7C 03 6C 65 73 05 39 2E 39 2E 39"))  # a code that the meter does not have
    assert codes(rig) == []
    rig.send(long("51 00 FC 03 6C 65 73 07"))
    assert codes(rig) == ALL


def test_codes_are_compared_as_spelled(rig: Rig) -> None:
    rig.send(long("51 0D 7C 03 6C 65 73 06 30 2E 37 2E 32 33"))  # 32.7.0
    assert codes(rig) == []


@pytest.mark.parametrize(
    ("records", "sent"),
    [
        ("08 03", ["1.8.0"]),
        ("08 79", ["C.1.0"]),
        ("08 FD C9 FC 01", ["32.7"]),
        ("08 03 08 79", ["C.1.0", "1.8.0"]),
        ("18 03", []),  # the maximum: no such record
        ("48 03", []),  # storage 1
        ("88 10 03", []),  # tariff 1
        ("08 7E", ALL),
        ("C8 3F 7E", ALL),
        ("7F", ALL),
        ("08 7C 05 30 2E 37 2E 43", ["C.7.0"]),
    ],
)
def test_the_standards_selection_for_readout(rig: Rig, records: str, sent: list[str]) -> None:
    assert rig.send(long(f"51 {records}")) == ACK
    assert codes(rig) == sent
    assert rig.module.settings.selection_list == ""


def test_the_standards_selection_ends_with_an_application_reset(rig: Rig) -> None:
    rig.send(long("51 08 03"))
    assert codes(rig) == ["1.8.0"]
    assert rig.send(long("50")) == ACK
    assert codes(rig) == ALL


def test_both_selections_together_send_their_intersection(rig: Rig) -> None:
    rig.send(long("51 0D 7C 03 6C 65 73 09 30 2E 38 2E 31 20 46 2E 46"))
    rig.send(long("51 08 79 08 03"))
    assert codes(rig) == ["1.8.0"]


def test_a_selection_mixed_with_a_command_is_refused(rig: Rig) -> None:
    before = rig.effect()
    rig.send(long("51 08 03 01 7A 05"))
    assert rig.effect() == before
    assert rig.status() & 3 == 2
    assert codes(rig) == ALL


# A selection in the middle of a series


SERIES = ["51 08 03", "51 7F", "51 0D 7C 03 6C 65 73 05 31 2E 37 2E 32", "51 04 FD 0B 01 00 00 00"]
"""Selections for readout, the selection list, the tag: each changes the records that are sent."""


@pytest.fixture
def series() -> Rig:
    """Return a rig whose meter needs several telegrams; the first has been read."""
    rig = Rig()
    rig.module.meter_read([*LINES, *(f"{n}.8.0(000{n}.000*kWh)" for n in range(100, 140))], rig.now)
    rig.send(short(0x40))
    assert body(rig, 0x7B).endswith(b"\x1f")
    return rig


def body(rig: Rig, c: int, a: int = 1) -> bytes:
    """Return the records of the answer to a REQ_UD2; the first answer of a series begins with the module's own."""
    return rig.send(short(c, a))[19:-2]


OWN = bytes.fromhex("0C 78 78 56 34 12")


@pytest.mark.parametrize("command", SERIES)
@pytest.mark.parametrize("c", [0x5B, 0x7B])
def test_a_selection_in_the_middle_of_a_series_starts_a_new_one(series: Rig, command: str, c: int) -> None:
    assert series.send(long(command)) == ACK
    assert body(series, c).startswith(OWN)


def test_a_selection_by_secondary_address_starts_a_new_series_too(series: Rig) -> None:
    series.select()
    series.send(long("51 08 03", a=0xFD))
    assert body(series, 0x5B).startswith(OWN)


@pytest.mark.parametrize("command", ["51 01 7C 03 6C 74 63 02", "51 01 7A 01"])
def test_a_command_that_does_not_change_the_records_leaves_the_series(series: Rig, command: str) -> None:
    assert series.send(long(command)) == ACK
    assert not body(series, 0x5B).startswith(OWN)


def test_the_telegram_after_a_selection_can_be_repeated(series: Rig) -> None:
    series.send(long("51 08 03"))
    first = series.send(short(0x5B))
    assert series.send(short(0x5B)) == first


# Settings that a master can read


TAG = bytes.fromhex("04 FD 0B 78 56 34 12")


def test_the_tag_is_sent_after_it_was_set(rig: Rig) -> None:
    assert b"\xfd\x0b" not in body(rig, 0x7B)
    rig.send(long("51 04 FD 0B 78 56 34 12"))
    assert TAG in body(rig, 0x5B)
    rig.send(long("51 08 03"))
    assert TAG in body(rig, 0x7B), "a selection does not remove it, like the module's own records"
    rig.send(long("50 B0"))
    rig.send(short(0x40, 0))
    assert b"\xfd\x0b" not in body(rig, 0x5B, 0)


@pytest.mark.parametrize(
    ("records", "sent"),
    [
        ("08 7C 03 6C 74 63", "01 7C 03 6C 74 63 03"),
        ("08 7C 03 6E 65 72", "01 7C 03 6E 65 72 01"),
        ("08 7C 03 70 61 6D", "04 7C 03 70 61 6D 01 02 03 04"),
        ("08 7C 03 65 73 75", "01 7C 03 65 73 75 15"),
        ("08 7C 03 6C 65 73", "0D 7C 03 6C 65 73 00"),
        ("08 7C 03 6C 74 63 08 7C 03 65 73 75", "01 7C 03 6C 74 63 03 01 7C 03 65 73 75 15"),
    ],
)
def test_a_selection_for_readout_of_a_setting_sends_its_value(rig: Rig, records: str, sent: str) -> None:
    rig.send(long(f"51 {records}"))
    answer = body(rig, 0x7B)
    assert answer.endswith(bytes.fromhex(sent)), "and no lines of the meter"
    assert rig.send(long("51 7F")) == ACK
    assert codes(rig) == ALL
    assert bytes.fromhex(sent[:11]) not in body(rig, 0x5B)


@pytest.mark.parametrize("records", ["08 FD 16", "08 FD 19", "08 7E", "C8 3F 7E", "7F"])
def test_a_selection_of_everything_sends_no_passwords_or_settings(rig: Rig, records: str) -> None:
    rig.send(long("51 0D FD 16 03 41 42 43"))
    rig.send(long("51 0D FD 19 03 44 45 46"))
    rig.send(long(f"51 {records}"))
    answer = body(rig, 0x7B)
    assert b"CBA" not in answer
    assert b"FED" not in answer
    assert b"\x7c\x03" not in answer.replace(b"\x7c\x03F.F", b"")


def test_the_longest_selection_list_is_sent_completely(rig: Rig) -> None:
    codes_of = ("1.8.0 " * 32)[:190].rstrip().encode()
    rig.send(long(b"\x51" + bytes.fromhex("0D 7C 03 6C 65 73") + bytes((len(codes_of),)) + codes_of[::-1]))
    rig.send(long("51 08 7C 03 6C 65 73"))
    together = body(rig, 0x7B) + body(rig, 0x5B)
    assert bytes((len(codes_of),)) + codes_of[::-1] in together


# Generalised selection: records behind the mask


ANY = "FF FF FF FF FF FF FF FF"


@pytest.mark.parametrize(
    ("records", "selected"),
    [
        ("0D FD 0F 05 30 2E 30 2E 31", True),
        ("0D FD 0F 05 30 2E 30 2E 32", False),
        ("0D FD 0E 03 39 32 4D", True),  # 0.2.0(M29)
        ("0D FD 0E 03 38 32 4D", False),
        ("0D FD 0E 00", False),
        ("0D FD 0E", False),
        ("04 03 C9 59 AB 03", True),  # 1.8.0
        ("04 06 C9 59 AB 03", True),  # ... with another exponent
        ("04 03 C9 59 AB 04", False),
        ("0C 79 89 67 45 33", True),  # C.1.0
        ("0C 79 89 67 45 34", False),
        ("0D 7C 05 30 2E 35 2E 43 04 31 30 34 30", True),  # C.5.0, plain text
        ("04 FD 0B 78 56 34 12", True),  # the tag
        ("04 FD 0B 79 56 34 12", False),
        ("04 03 C9 59 AB 03 0C 78 78 56 34 12 0D FD 0E 03 39 32 4D", True),
        ("04 03 C9 59 AB 03 0C 78 79 56 34 12", False),
        ("02 FD 5B 01 00", False),  # no such record
    ],
)
def test_every_record_after_the_mask_must_match(rig: Rig, records: str, selected: bool) -> None:
    rig.module.meter_read([*LINES, "0.2.0(M29)"], rig.now)
    rig.send(long("51 04 FD 0B 78 56 34 12"))
    assert rig.send(long(f"52 {ANY} {records}", a=0xFD, c=0x53)) == (ACK if selected else b"")
    assert bool(rig.send(short(0x7B, 0xFD))) is selected
