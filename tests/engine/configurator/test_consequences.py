"""The consequences of telegrams: what changes something is named, without secrets; what is unknown is called so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.configurator.consequences import Consequences, consequences_of
from cmi_gui.engine.configurator.writing import can_be_sent, prepare
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.slave_address import SlaveAddress
from tests.helpers.module_bench import text_command

TABLE = CommandTable(load_module_profile())


def sending(data: str | bytes, *, ci: int = 0x51, a: int = 5) -> bytes:
    octets = bytes.fromhex(data) if isinstance(data, str) else data
    return Frame.long(0x73, a, ci, octets).to_bytes()


def words(telegram: bytes) -> list[str]:
    return [str(message) for message in consequences_of(telegram, TABLE).others]


@pytest.mark.parametrize(
    "telegram",
    [
        Frame.short(0x40, 5),
        Frame.short(0x40, 253),
        Frame.short(0x7B, 5),
        Frame.short(0x5A, 5),
        Frame.long(0x73, 253, 0x52, bytes(8)),
    ],
)
def test_requests_to_one_slave_and_selections_have_none(telegram: Frame) -> None:
    assert not consequences_of(telegram.to_bytes(), TABLE)


@pytest.mark.parametrize(
    ("telegram", "sentence"),
    [
        (sending("01 7A 07"), "This changes Primary address to 7."),
        (sending("0C 79 78 56 34 12"), "This changes Secondary address to 12345678."),
        (sending("0D FD 0F 00"), "Record other software version: its effect is not known."),
        (sending("08 13"), "This changes which records the slave sends from now on."),
        (sending("7F"), "This changes which records the slave sends from now on."),
        (sending("00 FD 97 07"), "This sends Clear error flags, without a value."),
        (sending("B0", ci=0x50), "All settings are reset to factory values, including address and speed."),
        (sending("10", ci=0x50), "This resets the application of the slave with sub-code 10."),
        (sending("", ci=0x50), "This resets the application of the slave."),
        (
            sending("", ci=0xB8),
            "This changes the speed to 300 bit/s: the slave then no longer answers at the present speed.",
        ),
        (sending("", ci=0xB0), "CI field B0: its effect is not known."),
        (sending("0F 01 02"), "2 bytes of manufacturer data: their effect is not known."),
        (sending("04 13 00"), "Its records cannot be decoded: its effect is not known."),
        (Frame.short(0x44, 5).to_bytes(), "C field 44: its effect is not known."),
        (b"\xe5", "Only slaves send such a telegram: its effect on other devices is not known."),
        (b"\x01\x02", "This is not a telegram: its effect is not known."),
        (
            Frame.short(0x5B, 254).to_bytes(),
            "It reaches every slave on the bus, and all of them answer at the same time.",
        ),
        (Frame.short(0x40, 255).to_bytes(), "It reaches every slave on the bus, and none of them answers."),
    ],
)
def test_each_consequence_is_one_sentence(telegram: bytes, sentence: str) -> None:
    assert words(telegram) == [sentence]


def test_the_disconnector_is_recognised_among_other_records() -> None:
    found = consequences_of(sending("01 7A 07 01 FD 1F 00"), TABLE)
    assert (found.opens, found.closes) == (True, False)
    assert [str(other) for other in found.others] == ["This changes Primary address to 7."]
    assert consequences_of(sending("01 FD 1F 01"), TABLE) == Consequences(closes=True)


def test_an_invalid_value_of_the_disconnector_is_unknown_not_harmless() -> None:
    (sentence,) = words(sending("01 FD 1F 07"))
    assert sentence.endswith("its effect is not known.")


def test_a_wrong_checksum_makes_no_difference() -> None:
    telegram = bytearray(sending("01 FD 1F 00"))
    telegram[-2] ^= 0xFF
    assert consequences_of(bytes(telegram), TABLE).opens


@pytest.mark.parametrize("name", ["p1", "p2"])
def test_a_password_is_named_and_never_shown(name: str) -> None:
    (sentence,) = words(sending(text_command(name, "geheim12")))
    assert "geheim12" not in sentence
    assert sentence == f"This changes {TABLE.profile.row(name).title}."


@given(st.binary(max_size=261))
def test_no_bytes_raise_an_error(data: bytes) -> None:
    consequences_of(data, TABLE)


VALUES = {
    "baud": "300",
    "primary_address": "3",
    "secondary_address": "12345678",
    "disconnector": "0",
    "disconnector_control": "1",
    "p1": "geheim12",
    "p2": "geheim12",
    "rate": "2",
    "rate_enable": "1",
    "selection_list": "1.8.0",
    "rate_map": "1 2 3 4",
    "usage": "1",
    "display": "HELLO",
    "tag": "4",
}


@pytest.mark.parametrize("row", [row for row in TABLE.profile.command if can_be_sent(row) and row.frame != "short"])
def test_every_command_of_the_profile_has_one(row: object) -> None:
    name = row.id  # type: ignore[attr-defined]
    writing = prepare(TABLE, TABLE.profile.row(name), VALUES.get(name, ""), SlaveAddress(5))
    assert consequences_of(writing.frame.to_bytes(), TABLE)
