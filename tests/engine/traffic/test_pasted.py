"""Pasted text: telegrams in the notations of logs, dumps and source code, and text without telegrams."""

from __future__ import annotations

import contextlib
import time
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.traffic.frame_pieces import split_frames
from cmi_gui.engine.traffic.masking import MbusMask
from cmi_gui.engine.traffic.pasted import PastedText
from cmi_gui.engine.traffic.pasted_line import NotHex, read_line
from cmi_gui.engine.traffic.store import Direction, RowKind, TrafficRow
from tests.helpers.mbus_telegrams import METERS, WORKED_RESPONSES
from tests.helpers.tapped_wire import read_capture

REQ = bytes.fromhex("107B007B16")
NKE = bytes.fromhex("10 40 00 40 16")
METER = WORKED_RESPONSES["DOC48 water meter"]
TEXTS = METERS["electricity, E350-like, three phases"]
"""A telegram with much readable text, of which some looks like hex digits."""
MASK = MbusMask(load_module_profile())


def pairs(data: bytes, separator: str = " ") -> str:
    return data.hex(separator).upper() if separator else data.hex().upper()


def readable(data: bytes) -> str:
    return "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in data)


def found(text: str) -> list[bytes]:
    """Return the telegrams in lines. Raises NotHex for a line without bytes."""
    pasted = PastedText()
    lines = [line for row in text.splitlines() if row.strip() for line in pasted.take(row)]
    return [piece for line in (*lines, *pasted.flush()) for piece in split_frames(line.data)]


LOGS = [
    ("RECV (011): {0}", False),
    ("[2024-11-26 10:20:30Z] SEND (005): {0}", True),
    ("[2024-11-26 10:20:30Z] RECV (0037): {0}", False),
    ("2024-11-26 10:20:30,123 DEBUG mbus.serial: SEND (005): {0}", True),
    ("Nov 26 10:20:30 gateway mbusd[123]: {0}", None),
    ("[10:20:30][D][uart_debug:114]: <<< {1}", False),
    ("[10:20:30.123][D][uart_debug:158]: >>> {1}", True),
    ("\x1b[0;36m[10:20:30][D][uart_debug:114]: <<< {1}\x1b[0m", False),
    ("<<< {1}", False),
    (">>> {1}", True),
    ("[TX] - {0}", True),
    ("26.11.2024 10:20:30.123 [RX] - {0}", False),
    ("11/26/2024 10:20:30.12 [TX] - {0} ", True),
    ("26/11/2024 10:20:30 PM [TX] - {0} ", True),
    ("RX: {0}", False),
    ("TX 5 bytes: {0}", True),
    ("Rx [37 bytes] {0}", False),
    ("TXD: {2}", True),
    ("<- {0}", False),
    ("--> {0}", True),
    ("> {0}", True),
    ("12:34:56 {0}", None),
    ("12:34:56:789 {0}", None),
    ("(12:34:56.789) {2}", None),
    ("1700000000.123 {0}", None),
    ("telegram=|{2}|", None),
    ("telegram=|{2}|+12", None),
    ("telegram=|{3}_{4}|", None),
    ("Received telegram: {2}", False),
    ('{{"hex": "{2}", "rssi": -50}}', None),
    ("raw: {2}", None),
    ("frame 12 was {0} and was good", None),
    ("{0} (37 bytes)", None),
    ("{0}   .{{.{{.", None),
    ("{0} ; a remark with be ef", None),
    ("{0} // a remark", None),
    ("2026-11-21T08:15:03.402118Z mbus rx telegram tcp://127.0.0.1:10001 {0}", True),
    ("2026-11-21T08:15:03.402118Z mbus tx telegram - {0} ; remark", False),
]
BYTES = [
    "{0}",
    "{1}",
    "{2}",
    "{5}",
    "{6}",
    "{{{6}}}",
    "{{{6}}};",
    "[{6}]",
    "({6})",
    "{7}",
    '"{7}"',
    "{8}",
    "{9}",
    "{10}",
    "0x{2}",
    "{12}",
    "bytes.fromhex('{0}')",
    "const uint8_t frame[] = {{{6}}};",
    "unsigned char frame[37] = {{ {6} }};  /* the meter */",
    "telegram: [{6}]",
    "- uart.write: [{6}]",
    '  telegram: "{2}"',
    "{13}",
    "{14}",
    "{14};",
    "| {15} |",
    '"{7}" \\',
    "char peer0_0[] = {{ /* Packet 5 */ {6} }};",
    "<{11}>",
    "<Buffer {0}>",
]


def filled(form: str, data: bytes) -> str:
    half = len(data) // 2
    each = [f"{byte:02X}" for byte in data]
    return form.format(
        pairs(data),
        pairs(data, ":"),
        pairs(data, ""),
        data[:half].hex(),
        data[half:].hex(),
        data.hex("-"),
        ", ".join(f"0x{text}" for text in each),
        "".join(f"\\x{text.lower()}" for text in each),
        " ".join(f"{text}h" for text in each),
        " ".join(f"${text}" for text in each),
        repr(data),
        "><".join(each),
        ",".join(f"0x{byte:x}" for byte in data),
        ".".join(each),
        ";".join(each),
        " | ".join(each),
    )


@pytest.mark.parametrize("data", [REQ, METER, TEXTS])
@pytest.mark.parametrize("form", [*(form for form, _ in LOGS), *BYTES])
def test_a_telegram_in_a_line(form: str, data: bytes) -> None:
    assert found(filled(form, data)) == [data]


@pytest.mark.parametrize(("form", "to_slave"), LOGS)
def test_the_sign_of_the_direction(form: str, to_slave: bool | None) -> None:
    line = read_line(filled(form, METER))
    assert line is not None
    assert line.to_slave is to_slave


@pytest.mark.parametrize(
    "text",
    [
        "E5",
        "RECV (001): E5",
        "<<< E5",
        "RX E5",
        "0xE5",
        "{0xE5}",
        "\\xE5",
        "[12:00:00] <- E5",
        "e5h",
        "b'\\xe5'",
        "- 0xE5",
        "E5 (ACK)",
        "<- E5 ack",
    ],
)
def test_the_single_character(text: str) -> None:
    assert found(text) == [b"\xe5"]


def test_a_damaged_telegram_after_a_label_is_found() -> None:
    damaged = METER[:-2] + b"\x00\x16"
    for form, _ in LOGS[:31]:
        if "Nov" not in form and "rssi" not in form:
            assert found(filled(form, damaged)) == [damaged], form


def test_several_frames_in_a_line() -> None:
    assert found(f"{pairs(REQ)} {pairs(METER)}") == [REQ, METER]
    assert found(f"E5{pairs(REQ, '')}E5") == [b"\xe5", REQ, b"\xe5"]
    assert found(f"RX: 00 00 {pairs(METER)}") == [b"\0\0", METER]
    assert found(f"TX: {pairs(REQ)} RX: {pairs(METER)}") == [REQ, METER]
    assert found(f"> {pairs(NKE)} < E5") == [NKE, b"\xe5"]


def test_bytes_with_colons_are_not_a_time_and_with_commas_not_decimals() -> None:
    assert found("10:40:00:40:16") == [NKE]
    assert found("<<< 10:40:00:40:16") == [NKE]
    assert found("12:34:56 10:40:00:40:16") == [NKE]
    assert found("68,03,03,68,53,FE,BD,0E,16") == [bytes.fromhex("680303 6853FEBD0E16")]
    assert found("2F:4C") == [b"/L"]


def xxd(data: bytes, width: int = 16, group: int = 2) -> str:
    rows = []
    for at in range(0, len(data), width):
        row = data[at : at + width]
        groups = " ".join(row[i : i + group].hex() for i in range(0, len(row), group))
        rows.append(f"{at:08x}: {groups:<{2 * width + width // group - 1}}  {readable(row)}")
    return "\n".join(rows)


def hexdump_c(data: bytes) -> str:
    rows = []
    for at in range(0, len(data), 16):
        row = data[at : at + 16]
        halves = f"{row[:8].hex(' ')}  {row[8:].hex(' ')}"
        rows.append(f"{at:08x}  {halves:<49} |{readable(row)}|")
    return "\n".join([*rows, f"{len(data):08x}"])


def wireshark(data: bytes) -> str:
    rows = []
    for at in range(0, len(data), 16):
        row = data[at : at + 16]
        rows.append(f"{at:04x}   {row.hex(' '):<47}   {readable(row)}")
    return "\n".join(rows)


def od(data: bytes) -> str:
    rows = [f"{at:07o} {data[at : at + 16].hex(' ')}" for at in range(0, len(data), 16)]
    return "\n".join([*rows, f"{len(data):07o}"])


def hexdump(data: bytes) -> str:
    """Without -C: words of two bytes, the low one first, the last one completed with a zero."""
    rows = []
    for at in range(0, len(data), 16):
        row = data[at : at + 16]
        words = [f"{int.from_bytes(row[i : i + 2], 'little'):04x}" for i in range(0, len(row), 2)]
        rows.append(f"{at:07x} {' '.join(words)}")
    return "\n".join([*rows, f"{len(data):07x}"])


def tcpdump(data: bytes) -> str:
    return "\n".join(f"\t0x{row[4:]}" for row in xxd(data).splitlines())


DUMPS = [xxd, hexdump_c, wireshark, od, hexdump, tcpdump, lambda data: xxd(data, 32, 1), lambda data: xxd(data, 8, 4)]


@pytest.mark.parametrize("dump", DUMPS)
@pytest.mark.parametrize("data", [REQ, METER, TEXTS, *METERS.values()])
def test_a_dump_of_a_telegram(dump: object, data: bytes) -> None:
    assert callable(dump)
    assert found(dump(data)) == [data]
    assert found(f"{dump(data)}\n\n{dump(REQ)}\n{pairs(NKE)}") == [data, REQ, NKE]
    assert found(dump(REQ + data + NKE)) == [REQ, data, NKE]


def test_rows_that_a_dump_leaves_out() -> None:
    zeros = bytes.fromhex("68 53 53 68 08 01 78") + bytes(80)
    data = zeros + bytes((0x81, 0x16))
    rows = hexdump_c(data).splitlines()
    assert found("\n".join([rows[0], rows[1], "*", *rows[5:]])) == [data]


@pytest.mark.parametrize(
    "text",
    [
        "const uint8_t telegram[] = {{\n  {0},\n  {1},\n}};\n",
        "unsigned char frame[] = {{\n  {0},\n  {1}\n}};\nunsigned int frame_len = 37;\n",
        "telegram:\n  [{0},\n  {1}]\n",
        "data = bytes([\n    {0},\n    {1},\n])\n",
        "char peer0_0[] = {{ /* Packet 5 */\n{0}, \n{1} }};\n",
        "```c\n{0}\n{1}\n```\n",
        "RX: {0}\nRX: {1}\n",
        "[10:20:30.100] RX: {0}\n[10:20:30.150] RX: {1}\n",
    ],
)
def test_a_telegram_that_takes_several_lines(text: str) -> None:
    parts = [", ".join(f"0x{byte:02x}" for byte in part) for part in (METER[:17], METER[17:])]
    assert found(text.format(*parts)) == [METER]


def test_lists_of_one_byte_per_line_and_wrapped_digits() -> None:
    assert found("\n".join(f"- 0x{byte:02X}" for byte in METER)) == [METER]
    assert found("\n".join(f"  {byte:02x}" for byte in TEXTS)) == [TEXTS]
    digits = (METER + REQ + TEXTS).hex()
    assert found("\n".join(digits[at : at + 60] for at in range(0, len(digits), 60))) == [METER, REQ, TEXTS]


def test_lines_are_put_together_only_for_a_right_checksum() -> None:
    first, second = pairs(METER[:10]), pairs(METER[10:-2] + b"\0\x16")
    assert found(f"{first}\n{second}\n{pairs(REQ)}") == [METER[:10], METER[10:-2] + b"\0\x16", REQ]
    assert found(f"{first}\n{pairs(REQ)}") == [METER[:10], REQ]
    assert found(f"RX {first}\nTX {pairs(METER[10:])}") == [METER[:10], METER[10:]]
    with pytest.raises(NotHex):
        found(f"{first}\nnonsense\n{pairs(METER[10:])}")


@pytest.mark.parametrize(
    ("text", "code", "message", "offset"),
    [
        ("hello", "bad_hex", "no telegram in hex", None),
        ("the cafe has decaf", "bad_hex", "no telegram in hex", None),
        ("no dead beef here", "bad_hex", "no telegram in hex", None),
        ("10 40 0G 41 16", "bad_hex", "'G' is not a hex digit", 2),
        ("10 40 1 41 17", "odd_hex", "an odd number of hex digits (9): one is missing or too many", None),
        ("123", "odd_hex", "an odd number of hex digits (3): one is missing or too many", None),
        ("6", "odd_hex", "an odd number of hex digits (1): one is missing or too many", None),
        ("12:34:56", "bad_hex", "no telegram in hex", None),
        ("[12:34:56] connected", "bad_hex", "no telegram in hex", None),
        ("[12:34:56][I][app:102]: ESPHome version 2024.11", "bad_hex", "no telegram in hex", None),
        ("[104, 300, 5]", "odd_hex", "an odd number of hex digits (7): one is missing or too many", None),
        ("[104, 31, 3]", "odd_hex", "each byte must have two hex digits", None),
        ('{"rssi": -50}', "bad_hex", "no telegram in hex", None),
    ],
)
def test_lines_without_bytes(text: str, code: str, message: str, offset: int | None) -> None:
    with pytest.raises(NotHex) as caught:
        read_line(text)
    assert (caught.value.code, str(caught.value.message), caught.value.offset) == (code, message, offset)


@pytest.mark.parametrize(
    "text", ["};", "]", "const uint8_t f[] = {", "telegram:", "```", "; remark", "// remark", "---"]
)
def test_lines_that_only_enclose_bytes(text: str) -> None:
    assert read_line(text) is None


def test_left_out_zeros_need_a_right_checksum() -> None:
    assert found("10 40 0 40 16") == [NKE]
    assert found("68 3 3 68 53 FE BD E 16") == [bytes.fromhex("6803036853FEBD0E16")]
    assert found("6 8 0 3") == [bytes.fromhex("6803")]
    with pytest.raises(NotHex):
        found("10 40 0 41 16")


@pytest.mark.parametrize(
    "unit", ["(", "=", "|", "<- ", "b'", "0000: ", ": ", "10 ", "[", "** ", "0x", " ", "-", "TX ", "\\"]
)
def test_no_line_takes_long(unit: str) -> None:
    text = (unit * (1 << 16))[: 1 << 16]
    began = time.process_time()
    for line in (f"{text}x", f"E5 {text} x", f"0000: E5{text}x"):
        with contextlib.suppress(NotHex):
            PastedText().take(line)
    assert time.process_time() - began < 5


PIECES = st.sampled_from(
    ["E5", "68", "10", " ", "\n", ":", "0000:", "00000000  ", "*", "|", "b'", "'", "\\x", "0x", "h", "{", "}", "[", "]",
     "TX", "<-", ">>> ", "12:34:56", "telegram=", "**", "(005): ", "#", ";", "x", "7F", "\x1b[0m",
     pairs(METER), pairs(REQ)]
)  # fmt: skip


@given(st.one_of(st.lists(PIECES, max_size=25).map("".join), st.text(max_size=60)))
def test_any_text_gives_bytes_or_not_hex(text: str) -> None:
    pasted = PastedText()
    for row in text.split("\n"):
        try:
            lines = pasted.take(row)
        except NotHex:
            lines = pasted.flush()
        assert all(line.data for line in lines)
    assert all(line.data for line in pasted.flush())
    assert pasted.flush() == []


# Opened as a capture


def rows_of(path: Path) -> list[TrafficRow]:
    store = read_capture(path, MASK).store
    return [store.row(index) for index in range(len(store))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_log_in_any_encoding(tmp_path: Path, encoding: str, end: str) -> None:
    mark = "\ufeff" if encoding in ("utf-16-le", "utf-16-be") else ""
    path = tmp_path / "log.txt"
    text = end.join([f"[2024-11-26 10:20:30Z] SEND (005): {pairs(REQ)}", *hexdump_c(METER).splitlines(), "huh", "E5"])
    path.write_bytes((mark + text).encode(encoding))
    rows = rows_of(path)
    assert [row.data for row in rows] == [REQ, METER, b"huh", b"\xe5"]
    assert [row.kind for row in rows] == [*[RowKind.TELEGRAM] * 2, RowKind.BAD_LINE, RowKind.TELEGRAM]
    assert rows[0].direction is Direction.RECEIVED


def test_a_log_in_utf_16_is_read_in_steps(tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_text(f"{pairs(REQ)}\nE5\n" * 9000, encoding="utf-16")
    assert len(rows_of(path)) == 18000


@pytest.mark.parametrize(
    ("line", "moment"),
    [
        ("26.11.2024 10:20:30.5 [TX] - ", datetime(2024, 11, 26, 10, 20, 30, 500_000)),
        ("11/26/2024 10:20:30 [TX] - ", datetime(2024, 11, 26, 10, 20, 30)),
        ("26/11/2024 10:20:30 [TX] - ", datetime(2024, 11, 26, 10, 20, 30)),
        ("11/26/2024 1:20:30 PM TX ", datetime(2024, 11, 26, 13, 20, 30)),
        ("2024/11/26 9:20:30 ", datetime(2024, 11, 26, 9, 20, 30)),
        ("INFO 2024-11-26 10:20:30,250 mbus: ", datetime(2024, 11, 26, 10, 20, 30, 250_000)),
        ("RX 1700000000.5 ", datetime.fromtimestamp(1700000000.5)),
    ],
)
def test_times_of_logs(tmp_path: Path, line: str, moment: datetime) -> None:
    path = tmp_path / "log.txt"
    path.write_text(line + pairs(REQ))
    (row,) = rows_of(path)
    assert (row.data, row.at) == (REQ, pytest.approx(moment.timestamp(), abs=1e-3))


def test_an_impossible_time_is_ignored(tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_text(f"2024-13-45 10:20:30 {pairs(REQ)}\n99999999999.5 {pairs(NKE)}\n")
    assert [row.data for row in rows_of(path)] == [REQ, NKE]
