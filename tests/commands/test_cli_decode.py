"""`cmi-gui decode` as a process: pasted text, partial results, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cmi_gui.engine.cmi1020.obis_labels import label
from cmi_gui.engine.mbus.render import to_json_dict
from cmi_gui.engine.mbus.telegram import decode_telegram
from tests.helpers.cli_process import run

REQ = "10 7B 00 7B 16"
PARTIAL = "681919680805727856341224400102000000000c06785634124f01021f9116"


def test_a_signature_is_not_taken_for_encryption() -> None:
    code, out, err = run("decode", "681515680801720403020196150102070027B60C06785634123D16")
    assert (code, err) == (0, "")
    assert "energy: 12345678000 Wh" in out
    assert "encrypted" not in out


def test_the_readable_part_of_a_telegram_is_printed_and_the_rest_is_an_error() -> None:
    code, out, err = run("decode", PARTIAL)
    assert code == 1
    assert "energy: 12345678000 Wh" in out
    assert "rest, not decoded: 4F 01 02 1F; DIF 4F is reserved (at byte 25)" in out
    assert err == "cmi-gui: 4 bytes not decoded: DIF 4F is reserved (at byte 25)\n"
    code, out, err = run("decode", "--json", PARTIAL)
    shown = json.loads(out)
    assert (code, err) == (1, "")
    assert shown["header"]["id"] == "12345678"
    assert [record["value"] for record in shown["records"]] == [12345678000]
    assert {name: shown[name] for name in ("rest", "error", "offset", "more_follows")} == {
        "rest": "4F01021F",
        "error": "reserved_dif",
        "offset": 25,
        "more_follows": True,
    }
    code, out, err = run("decode", stdin=f"{PARTIAL}\nE5\n")
    assert (code, err) == (1, "")
    assert out.splitlines() == [
        "RSP_UD 12345678 PAD, 1 record, more follows, 4 bytes not decoded: DIF 4F is reserved (at byte 25)",
        "acknowledge",
    ]


def test_several_telegrams_have_an_answer_each() -> None:
    code, out, _ = run("decode", f"{REQ} E5")
    assert (code, out) == (0, "REQ_UD2 FCB=1 to 0\n  short frame, C 7B, address 0\nacknowledge\n")
    code, out, _ = run("decode", f"RECV (001): E5\n[2024-11-26 10:20:30Z] SEND (005): {REQ}\n")
    assert code == 0
    assert out.startswith("acknowledge\nREQ_UD2")
    code, out, _ = run("decode", "--json", stdin=f"{REQ} {REQ}\nE5\n")
    assert code == 0
    assert [json.loads(line)["frame"] for line in out.splitlines()] == ["short", "short", "ack"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_file_and_standard_input_in_any_encoding(tmp_path: Path, encoding: str, end: str) -> None:
    rows = [f"[2024-11-26 10:20:30Z] SEND (005): {REQ}", "00000000: 6805 0568 0801 780f 0182 16    h..h..x....", "E5"]
    text = end.join(rows).replace("0182 16 ", "0191 16 ")
    content = text.encode(encoding)
    file = tmp_path / "log.txt"
    file.write_bytes(content)
    for answer in (run("decode", "--json", str(file)), run("decode", "--json", stdin=content)):
        assert (answer[0], answer[2]) == (0, "")
        kinds = [json.loads(line)["kind"] for line in answer[1].splitlines()]
        assert kinds == ["request", "data", "ack"]


def test_our_own_captures_can_be_decoded(tmp_path: Path) -> None:
    file = tmp_path / "capture.txt"
    file.write_text(
        "# cmi_gui capture 1\n# secrets: masked\n"
        f"2026-11-21T08:15:03.402118Z mbus rx telegram tcp://127.0.0.1:10001 {REQ}\n"
        "2026-11-21T08:15:03.411870Z mbus tx telegram tcp://127.0.0.1:10001 E5\n"
        "2026-11-21T08:15:09.100301Z mbus rx telegram sim: 68 07 07 68 53 00 51 0D FD 16 00 ** 16 ; secrets masked\n"
    )
    code, out, _ = run("decode", str(file))
    assert code == 1
    assert out.splitlines() == ["REQ_UD2 FCB=1 to 0", "acknowledge", "error: bytes masked by ** cannot be decoded"]


@pytest.mark.parametrize(
    ("argument", "exit_code", "words"),
    [
        ("10 40 0G 41 16", 1, "'G' is not a hex digit"),
        ("telegram=|10 40 00 41 16|", 1, "the checksum is 41, but the bytes add up to 40"),
        ("the cafe is closed", 2, "neither hex nor an existing file"),
        ("** 40 00 40 16", 1, "masked by **"),
        ("2F:4C", 1, "2F"),
        ("RX: deadbeef", 1, "DE"),
        ("};", 1, "the argument contains no telegram"),
    ],
)
def test_input_without_telegram_is_reported_in_one_line(argument: str, exit_code: int, words: str) -> None:
    code, out, err = run("decode", argument)
    assert (code, out) == (exit_code, "")
    assert len(err.splitlines()) == 1
    assert words in err
    code, out, _ = run("decode", "--json", argument)
    assert code == exit_code
    assert set(json.loads(out)) >= {"error", "message"}


def test_json_of_complete_and_partial_telegrams_has_the_same_fields() -> None:
    whole = to_json_dict(decode_telegram(bytes.fromhex("680303680801787f16".replace("7f16", "8116"))), label)
    partial = to_json_dict(decode_telegram(bytes.fromhex(PARTIAL)), label)
    assert set(partial) - set(whole) == {"rest", "error", "message", "offset"}
