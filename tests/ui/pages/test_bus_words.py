"""Texts about slaves on a bus."""

from __future__ import annotations

import pytest

from cmi_gui.engine.configurator.slaves import ListedSlave
from cmi_gui.engine.mbus.frame import RSP_UD, Frame
from cmi_gui.engine.mbus.telegram import decode_telegram
from cmi_gui.ui.pages.bus.words import answer_problems, device_type_text, header_status_text, own_record


@pytest.mark.parametrize(
    ("signature", "records", "problems"),
    [
        ("0000", "0C0678563412", []),
        (
            "0000",
            "0C0678563412 4F01",
            ["Telegram 1 can only be decoded in part; 2 bytes remain: DIF 4F is reserved (at byte 25)"],
        ),
        ("1005", "F0" * 16, ["Telegram 1 is encrypted (mode 5); its values cannot be shown"]),
        (
            "1005",
            "F0" * 16 + "0C0678563412",
            ["Telegram 1 is partly encrypted (mode 5); the unencrypted part is shown"],
        ),
        (
            "0000",
            "0C0678563412 0F 01 02",
            ["Telegram 1 also contains 2 manufacturer-specific bytes"],
        ),
    ],
)
def test_problems_of_an_answer(signature: str, records: str, problems: list[str]) -> None:
    data = bytes.fromhex(f"78563412244001070200{signature}{records}")
    answers = (decode_telegram(Frame.long(RSP_UD, 1, 0x72, data)),)
    assert answer_problems(ListedSlave(baud=2400, address=1, seen_in=1, answers=answers)) == problems


def test_the_fixed_structure_has_media_and_states_of_its_own() -> None:
    telegram = decode_telegram(Frame.long(RSP_UD, 1, 0x73, bytes.fromhex("785634120A0EA9BE0100000035010000")))
    assert telegram.header is not None
    assert header_status_text(telegram.header) == "Power low, permanent error"
    assert device_type_text(telegram.header.device_type, telegram.header.version) == "gas, mode 2"
    assert device_type_text(0x0A, 1) == "cooling, outlet"
    assert (device_type_text(0x09, None), device_type_text(0x10, 1)) == ("09", "10")


def test_a_serial_number_with_hex_digits_is_shown_by_its_digits() -> None:
    data = bytes.fromhex("785634129615010202000000 0C7878563A12")
    (record,) = decode_telegram(Frame.long(RSP_UD, 1, 0x72, data)).records
    assert own_record(record) == ("Serial number on the label", "123A5678")
