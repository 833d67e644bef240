from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.iec62056.dataset import join_readout
from cmi_gui.engine.iec62056.errors import Iec62056Error, IecErrorCode
from cmi_gui.engine.iec62056.message import (
    BREAK,
    Command,
    DataMessage,
    Handshake,
    Identification,
    OptionSelect,
    Request,
    bcc,
    error_message,
    parse_message,
    same_address,
)
from tests.helpers.meter_telegrams import M26_LINES, VECTORS, text_with_bcc


@pytest.mark.parametrize(("data", "check"), VECTORS.items())
def test_vectors(data: bytes, check: int) -> None:
    assert bcc(data[1:]) == check
    message = data + bytes([check])
    assert parse_message(message).to_bytes() == message


def test_vectors_from_values() -> None:
    assert Command("P", "0", "()").to_bytes() == b"\x01P0\x02()\x03\x60"
    assert Command("R", "2", "C150()").to_bytes() == b"\x01R2\x02C150()\x03\x17"
    assert BREAK.to_bytes() == b"\x01B0\x03\x71"
    assert Command("B", "1").to_bytes() == b"\x01B1\x03\x70"
    assert error_message("ER01").to_bytes() == b"\x02(ER01)\x03\x14"


def test_the_m26_telegram_has_385_characters_and_with_zeroed_numbers_a_bcc_of_zero() -> None:
    data = DataMessage(join_readout(M26_LINES)).to_bytes()
    assert len(data[1:-1]) == 385
    assert data[-1] == 0x00
    assert parse_message(data) == DataMessage(join_readout(M26_LINES))


@pytest.mark.parametrize("value", range(128))
def test_a_bcc_may_have_any_value(value: int) -> None:
    data = DataMessage(text_with_bcc(value)).to_bytes()
    assert data[-1] == value
    assert parse_message(data) == DataMessage(text_with_bcc(value))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"/?!\r\n", Request()),
        (b"/?00012345!\r\n", Request("00012345")),
        (b"/LGZ4ZMF100AC.M26\r\n", Identification("LGZ", "4", "ZMF100AC.M26")),
        (b"/LGZ0ZCF100AC.MXX\r\n", Identification("LGZ", "0", "ZCF100AC.MXX")),
        (b"/LGZ4\\2ZMD3104407.B32\r\n", Identification("LGZ", "4", "\\2ZMD3104407.B32")),
        (b"\x06050\r\n", OptionSelect(speed="5")),
        (b"\x06041\r\n", OptionSelect(speed="4", mode="1")),
        (b"\x06", Handshake.ACK),
        (b"\x15", Handshake.NAK),
    ],
)
def test_lines(data: bytes, message: object) -> None:
    assert parse_message(data) == message
    assert parse_message(data).to_bytes() == data


def test_identification_properties() -> None:
    e350 = Identification.from_bytes(b"/LGZ4ZMF100AC.M26\r\n")
    assert (e350.baud, e350.reaction_time, e350.model) == (4800, 0.2, "ZMF100AC.M26")
    e650 = Identification.from_bytes(b"/LGz4\\2ZMD3104407.B32\r\n")
    assert (e650.baud, e650.reaction_time, e650.model) == (4800, 0.02, "ZMD3104407.B32")
    assert [Identification("ABC", z, "").baud for z in "01234567A?"] == [
        300, 600, 1200, 2400, 4800, 9600, 19200, None, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("mine", "asked", "same"),
    [
        ("00123456", "123456", True),
        ("123456", "000000123456", True),
        ("123456", "", True),
        ("0000", "00000000", True),
        ("123456", "1234560", False),
        ("123456", "0", False),
        ("", "0", False),
    ],
)
def test_addresses(mine: str, asked: str, same: bool) -> None:
    assert same_address(mine, asked) is same


def test_error_messages_are_distinguished_from_answers() -> None:
    assert DataMessage("(ER01)").error_text == "ER01"
    assert DataMessage("(ERROR01)").error_text == "ERROR01"
    assert DataMessage("(00012345)").error_text is None
    assert DataMessage("C150(ER)").error_text is None
    assert DataMessage("(ER*kWh)").error_text is None
    assert DataMessage("").error_text is None


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", IecErrorCode.INCOMPLETE),
        (b"X", IecErrorCode.SYNTAX),
        (b"/?!\n", IecErrorCode.INCOMPLETE),
        (b"/?12\r\n", IecErrorCode.SYNTAX),
        (b"/?1-2!\r\n", IecErrorCode.CHARACTER),
        (b"/?" + b"1" * 33 + b"!\r\n", IecErrorCode.TOO_LONG),
        (b"/LGZ\r\n", IecErrorCode.INCOMPLETE),
        (b"/L1Z4X\r\n", IecErrorCode.SYNTAX),
        (b"/lGZ4X\r\n", IecErrorCode.SYNTAX),
        (b"/LGZ4" + b"X" * 17 + b"\r\n", IecErrorCode.TOO_LONG),
        (b"/LGZ4X\\\r\n", IecErrorCode.SYNTAX),
        (b"\x0605\r\n", IecErrorCode.SYNTAX),
        (b"\x02A(1)\x03\x00", IecErrorCode.BCC),
        (b"\x02A(\xb1)\x03\x00", IecErrorCode.GARBLED),
        (b"\x02\x03", IecErrorCode.INCOMPLETE),
        (b"\x01P\x03\x53", IecErrorCode.SYNTAX),
        (b"\x01p0\x03\x43", IecErrorCode.SYNTAX),
        (b"\x01P00\x03\x53", IecErrorCode.SYNTAX),
    ],
)
def test_bad_messages(data: bytes, code: IecErrorCode) -> None:
    with pytest.raises(Iec62056Error) as caught:
        parse_message(data)
    assert caught.value.code is code
    assert 0 <= caught.value.offset <= len(data)


def test_a_password_is_never_shown() -> None:
    for command in (Command("P", "1", "(geheim12)"), Command("W", "1", "D104(geheim12)", secret=True)):
        assert "geheim" not in repr(command)
    assert "C150" in repr(Command("W", "2", "C150()"))
    with pytest.raises(Iec62056Error) as caught:
        Command("P", "1", "(geheim\x7f)")
    assert "geheim" not in str(caught.value)


def test_partial_blocks() -> None:
    first, second = Command("W", "3", "P.01(1)(2)", last=False), Command("W", "3", "(3)(4)")
    assert first.to_bytes()[-2] == 0x04
    assert second.to_bytes()[-2] == 0x03
    assert parse_message(first.to_bytes()) == first


@given(st.binary(max_size=60))
def test_bytes_at_random_raise_nothing_foreign(data: bytes) -> None:
    try:
        message = parse_message(data)
    except Iec62056Error:
        return
    assert message.to_bytes() == data


printable = st.text(st.characters(min_codepoint=32, max_codepoint=126))


@given(
    st.one_of(
        st.builds(Request, st.text(st.sampled_from("abcXYZ 0123456789"), max_size=32)),
        st.builds(DataMessage, printable, st.booleans()),
        st.builds(
            Command, st.sampled_from("PWREB"), st.sampled_from("0123456789"), st.none() | printable, st.booleans()
        ),
        st.builds(OptionSelect, *[st.sampled_from("0123456789AZ")] * 3),
        st.sampled_from(Handshake),
        st.builds(
            Identification,
            st.sampled_from(["LGZ", "LGz", "ISK"]),
            st.sampled_from("0123456ABC9"),
            st.text(st.sampled_from("ABCz.09- "), max_size=16),
        ),
    )
)
def test_round_trip(message: Request | DataMessage | Command | OptionSelect | Handshake | Identification) -> None:
    assert parse_message(message.to_bytes()) == message
