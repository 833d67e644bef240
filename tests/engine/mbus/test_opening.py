"""The first bytes of masters and of other protocols, each as a whole and byte by byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.opening import judge_opening
from cmi_gui.engine.messages import Message

REQUEST = "105B005B16"
SELECT = Frame.long(0x53, 0xFD, 0x52, bytes(8)).to_bytes().hex()


def verdicts(data: bytes) -> list[Message | bool]:
    """The verdict after each byte, up to the first that is final."""
    found: list[Message | bool] = []
    for end in range(1, len(data) + 1):
        found.append(judge_opening(data[:end]))
        if found[-1] is not False:
            break
    return found


@pytest.mark.parametrize(
    "begins",
    [
        REQUEST,
        "1040FF3F16",
        "1049014A16",  # REQ_SKE, which not every slave knows
        SELECT,
        "680303685300BD1016",
        "55" * 300 + SELECT,
        "00" + REQUEST,
        "FF" * 20 + REQUEST,
        "F8FE" + REQUEST,
        "E5" + REQUEST,
        "105B00FF16",  # a wrong checksum
        "105B005B17",  # a wrong stop byte
    ],
)
def test_a_master_is_recognised(begins: str) -> None:
    data = bytes.fromhex(begins)
    assert judge_opening(data) is True
    found = verdicts(data)
    assert found[-1] is True
    assert set(found[:-1]) <= {False}


@pytest.mark.parametrize(
    ("begins", "named"),
    [
        (b"GET / HTTP/1.1\r\n", "an HTTP request"),
        (b"POST /" + b"a" * 5000 + b" HTTP/1.1\r\n\r\n" + bytes.fromhex(REQUEST), "an HTTP request"),
        (b"PRI * HTTP/2.0\r\n", "an HTTP request"),
        (b"OPTIONS rtsp://a RTSP/1.0", "an HTTP request"),
        (bytes.fromhex("1603010200010001FC0303"), "a TLS handshake"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "text"),
        (b"USER anonymous\r\n", "text"),
        (b"UUUUGET /", "an HTTP request"),
        (b"helo there\r\n", "text"),
        (b"hash # " + bytes.fromhex(REQUEST), "text"),
        (b"\r\n\r\n\0\r\nQUIT\n!\x11", "text"),  # the PROXY protocol, version 2
        (b"\0\0\0\x85\xffSMBr", "bytes of another protocol"),
        (bytes.fromhex("000100002112A442"), "bytes of another protocol"),  # STUN
        (bytes.fromhex("101A00044D515454"), "bytes of another protocol"),  # MQTT
        (bytes.fromhex("802E0100"), "bytes of another protocol"),  # the greeting of SSL 2
        (bytes.fromhex("FFFE") + "GET".encode("utf-16-le"), "bytes of another protocol"),
        (bytes.fromhex("680202685300BD1016"), "text"),
        (b"hhhh / HTTP/1.1\r\n\r\n" + bytes.fromhex(REQUEST), "an HTTP request"),  # 68 68 68 68
        (b"UhzzhsQ" + b"Q" * 200 + b" / HTTP/1.1\r\n", "an HTTP request"),
        (b"patch http://a HTTP/1.1\r\n", "an HTTP request"),
    ],
)
def test_other_protocols_are_named(begins: bytes, named: str) -> None:
    assert str(judge_opening(begins)) == named
    last = verdicts(begins)[-1]
    assert isinstance(last, Message), "also byte by byte"


@given(st.text(st.characters(max_codepoint=0x7F), min_size=4))
def test_no_text_is_a_master(text: str) -> None:
    data = text.encode()
    # A telegram needs 10, or h, twice the same letter, h, and 16: control characters that text has not.
    if not {0x10, 0x16} & set(data):
        assert judge_opening(data) is not True


@given(st.binary(max_size=40))
def test_a_verdict_is_final(data: bytes) -> None:
    verdict = judge_opening(data)
    if verdict is not False:
        assert isinstance(judge_opening(data + b"\x10"), Message) is isinstance(verdict, Message)
