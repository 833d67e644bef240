"""Telegrams typed or pasted to be sent: every notation, what is wrong with them, and what is never sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.traffic.typed import TypedTelegram, read_typed

NKE = Frame.short(0x40, 5).to_bytes()
DUMP = """0000: 68 09 09 68 73 05 51 0C
0008: 79 78 56 34 12 5E 16"""


@pytest.mark.parametrize(
    "text",
    [
        "10 40 05 45 16",
        "1040054516",
        "10,40,05,45,16",
        "0x10 0x40 0x05 0x45 0x16",
        "TX: 10 40 05 45 16",
        '"10:40:05:45:16"',
    ],
)
def test_every_notation_gives_the_telegram(text: str) -> None:
    assert read_typed(text) == TypedTelegram(NKE, read_typed(text).words, sound=True)
    assert str(read_typed(text).words) == "SND_NKE to 5"


def test_a_dump_on_several_lines_is_one_telegram() -> None:
    typed = read_typed(DUMP)
    assert typed.data == bytes.fromhex("68 09 09 68 73 05 51 0C 79 78 56 34 12 5E 16")
    assert str(typed.words).startswith("the checksum is 5E")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("   ", ""),
        ("hello", "no telegram in hex"),
        ("10 4", "an odd number of hex digits (3): one is missing or too many"),
        ("68 ** ** 16", "masked bytes (**) hide a secret and are never sent"),
        ("1040054516 1040054516", "2 telegrams: only one can be sent at a time"),
        ("AA " * 262, "262 bytes: a telegram has at most 261"),
    ],
)
def test_a_text_that_cannot_be_sent_says_why(text: str, words: str) -> None:
    typed = read_typed(text)
    assert (typed.data, str(typed.words), typed.sound) == (b"", words, False)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("10 40 05 46 16", "the checksum is 46, but the bytes add up to 45 (at byte 3); otherwise SND_NKE to 5"),
        ("10 40 05", "not a telegram: the frame must have 5 bytes, but has only 3 (at byte 3)"),
    ],
)
def test_a_damaged_telegram_can_be_sent_and_says_what_is_wrong(text: str, words: str) -> None:
    typed = read_typed(text)
    assert (typed.data, str(typed.words), typed.sound) == (bytes.fromhex(text), words, False)


@given(st.binary(min_size=1, max_size=252))
def test_a_frame_with_any_data_is_read_from_its_hex(data: bytes) -> None:
    telegram = Frame.long(0x53, 5, 0x51, data).to_bytes()
    assert read_typed(telegram.hex(" ")).data == telegram


@given(st.text(max_size=80))
def test_no_text_raises_an_error(text: str) -> None:
    read_typed(text)
