"""JSON and text of telegrams, against the exact strings."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.commands.output import json_text
from cmi_gui.engine.mbus.errors import MBusError, MBusErrorCode
from cmi_gui.engine.mbus.frame import SND_UD, Frame
from cmi_gui.engine.mbus.record import Record
from cmi_gui.engine.mbus.render import Label, error_to_json_dict, summary, to_json_dict, to_text
from cmi_gui.engine.mbus.telegram import Header, Telegram, decode_telegram
from cmi_gui.engine.mbus.wording import status_messages, value_message
from cmi_gui.engine.messages import Message
from tests.helpers.mbus_telegrams import METERS, WORKED_RESPONSES, response

HEADER = "78 56 34 12 96 15 01 02 2A 10 00 00"


def h(text: str) -> bytes:
    return bytes.fromhex(text)


def to_json(telegram: Telegram, label: Label | None = None) -> str:
    """The telegram as the program writes it: numbers exact."""
    return json_text(to_json_dict(telegram, label))


def records(text: str) -> tuple[Record, ...]:
    return decode_telegram(response(HEADER, text)).records


def label(header: Header | None, record: Record) -> str | None:
    assert header is not None
    return "1-0:1.8.0" if record.vib == b"\x03" and header.manufacturer == "ELV" else None


def test_json_of_a_response() -> None:
    telegram = decode_telegram(response(HEADER, "94 20 83 FC 01 C9 59 AB 03 02 FD C8 3C FC 08 1F AB"))
    assert to_json_dict(telegram, label) == {
        "frame": "long",
        "kind": "data",
        "c": 8,
        "a": 1,
        "ci": 0x72,
        "header": {
            "id": "12345678",
            "manufacturer": "ELV",
            "version": 1,
            "device_type": 2,
            "access_number": 42,
            "status": 16,
            "signature": 0,
        },
        "records": [
            {
                "function": "maximum",
                "storage": 0,
                "tariff": 2,
                "subunit": 0,
                "quantity": "energy",
                "unit": "Wh",
                "qualifiers": ["phase L1"],
                "vif_text": None,
                "obis": None,
                "value": 61561289,
                "dib": "9420",
                "vib": "83FC01",
                "raw": "C959AB03",
            },
            {
                "function": "instantaneous",
                "storage": 0,
                "tariff": 0,
                "subunit": 0,
                "quantity": "voltage",
                "unit": "V",
                "qualifiers": ["export"],
                "vif_text": None,
                "obis": None,
                "value": Decimal("230.0"),
                "dib": "02",
                "vib": "FDC83C",
                "raw": "FC08",
            },
        ],
        "more_follows": True,
        "manufacturer_data": "AB",
    }


@pytest.mark.parametrize(
    ("record", "token"),
    [
        ("02 FD 48 FC 08", "230.0"),
        ("0E FD 40 12 90 78 56 34 12", "123.456789012"),
        ("07 FD 40 15 CD 5B 07 00 00 00 00", "0.123456789"),
        ("07 03 FF FF FF FF FF FF FF 7F", "9223372036854775807"),
        ("0D 03 F0" + "FF" * 15 + "7F", str((1 << 127) - 1)),
        ("05 2B CD CC CC 3D", "0.100000001490116119384765625"),
        ("02 6C 5F 1C", '"2010-12-31"'),
        ("03 6D 05 1D 0D", '"13:29:05"'),
        ("04 6D 1D 0D 98 11", '"2012-01-24T13:29"'),
        ("06 6D 85 1D 4D 98 11 04", '"2012-01-24T13:29:05"'),
        ("02 6C FF FC", '"XXXX-12-31"'),
        ("0D FD 11 03 E5 22 61", '"a\\"å"'),
        ("02 6C FF FF", "null"),
        ("05 2B 00 00 C0 7F", "null"),
    ],
)
def test_values_in_json_are_exact(record: str, token: str) -> None:
    text = to_json(decode_telegram(response(HEADER, record)))
    assert f'"value":{token},' in text
    assert json.loads(text)["records"][0]["raw"]


def test_why_a_value_is_null() -> None:
    parsed = json.loads(to_json(decode_telegram(response(HEADER, "02 6C FF FF 01 FD 1B 02"))))
    assert [record.get("missing") for record in parsed["records"]] == ["not set", None]
    assert "missing" not in parsed["records"][1]


def test_labels() -> None:
    telegram = decode_telegram(response(HEADER, "04 03 C9 59 AB 03 01 FD 1B 02"))
    parsed = json.loads(to_json(telegram, label))
    assert [record["obis"] for record in parsed["records"]] == ["1-0:1.8.0", None]
    assert "1-0:1.8.0  energy: 61561289 Wh" in to_text(telegram, label)


@pytest.mark.parametrize(
    ("raw", "extra"),
    [
        ("E5", {"frame": "ack", "c": None, "a": None, "ci": None, "header": None, "records": []}),
        ("10 7B 01 7C 16", {"frame": "short", "kind": "request", "c": 0x7B, "a": 1, "ci": None}),
        ("68 03 03 68 53 FE BD 0E 16", {"frame": "control", "ci": 0xBD, "baud_rate": 9600}),
        ("68 04 04 68 53 FE 50 10 B1 16", {"reset": {"subcode": 0x10}}),
        ("68 04 04 68 08 05 70 08 85 16", {"application_error": {"code": 8, "message": "application busy"}}),
        ("68 04 04 68 08 05 71 81 FF 16", {"alarm": 0x81}),
        (
            "68 0B 0B 68 53 FD 52 78 56 34 12 FF FF FF FF B2 16",
            {"selection": {"id": "12345678", "manufacturer": None, "version": None, "device_type": None}},
        ),
        (
            "68 0A 0A 68 53 05 51 0C 86 08 11 05 00 00 59 16",
            {"kind": "send", "more_follows": False, "manufacturer_data": ""},
        ),
    ],
)
def test_json_of_other_telegrams(raw: str, extra: dict[str, object]) -> None:
    parsed = json.loads(to_json(decode_telegram(h(raw))))
    assert {key: parsed[key] for key in extra} == extra
    contents = {"selection", "application_error", "alarm", "reset", "baud_rate", "encrypted"}
    assert set(parsed) & contents == set(extra) & contents


def test_actions_and_errors_are_qualifiers() -> None:
    sent = json.loads(to_json(decode_telegram(h("68 0A 0A 68 53 05 51 0C 86 08 11 05 00 00 59 16"))))
    assert sent["records"][0]["qualifiers"] == ["action: add entry"]
    shown = json.loads(to_json(decode_telegram(response(HEADER, "0C 86 0B 00 00 00 00"))))
    assert shown["records"][0]["qualifiers"] == ["record error: too many VIFEs"]


def test_encrypted_data_in_json() -> None:
    telegram = decode_telegram(response("78 56 34 12 24 40 01 07 55 00 10 05", "AA BB"))
    parsed = json.loads(to_json(telegram))
    assert (parsed["encrypted"], parsed["header"]["signature"]) == ("AABB", 0x0510)
    assert to_text(telegram).endswith("encrypted: AA BB")


def test_json_of_errors() -> None:
    error = MBusError(MBusErrorCode.BAD_CHECKSUM, Message("wrong"), 3)
    assert error_to_json_dict(error) == {"error": "bad_checksum", "message": "wrong", "offset": 3}
    assert error_to_json_dict(MBusError(MBusErrorCode.EMPTY, Message("nothing")))["offset"] is None


@pytest.mark.parametrize(
    ("record", "text"),
    [
        ("02 FD 48 FC 08", "230.0 V"),
        ("05 FD 48 00 80 66 45", "368.8 V"),
        ("05 2B CD CC CC 3D", "0.1 W"),
        ("04 03 C9 59 AB 03", "61561289 Wh"),
        ("02 6C FF FF", "(not set)"),
        ("02 6C 5F 1C", "2010-12-31"),
        ("0D FD 11 02 20 61", "'a '"),
        ("0D FD 11 02 0A 61", "'a\\n'"),
        ("0D FD 11 02 62 61", "ab"),
        ("01 FD 1B 02", "2"),
        ("0C 06 76 A8 34 82", "8234A876, not decimal"),
        ("0D FD 10 00", "(empty)"),
        ("0D FD 3B 00", "(empty)"),
        ("05 2B 00 00 00 80", "0 W"),
        ("0D 2B D1 00", "0 W"),
    ],
)
def test_values_in_words(record: str, text: str) -> None:
    assert str(value_message(records(record)[0])) == text


def test_text_of_a_response() -> None:
    telegram = decode_telegram(
        response(HEADER, "B4 91 20 83 3C C9 59 AB 03 0D 7C 05 30 2E 35 2E 43 04 31 30 34 30 0F AB CD")
    )
    assert to_text(telegram).splitlines() == [
        "RSP_UD 12345678 ELV, 2 records, 2 bytes of manufacturer data, temporary error",
        "  long frame, C 08, address 1, CI 72",
        "  identification 12345678, manufacturer ELV, version 01, device type 02 (electricity)",
        "  access number 42, status 10 (temporary error), signature 0000",
        "    1  energy, storage 2, tariff 9, during error, export: 61561289 Wh",
        "    2  plain text 'C.5.0': 0401",
        "  manufacturer's data: AB CD",
    ]


def test_text_of_a_command() -> None:
    assert to_text(decode_telegram(h("68 0A 0A 68 53 05 51 0C 86 08 11 05 00 00 59 16"))).splitlines() == [
        "SND_UD FCB=0 to 5: energy, action: add entry",
        "  long frame, C 53, address 5, CI 51",
        "    1  energy, action: add entry: 511000 Wh",
    ]
    assert to_text(decode_telegram(h("E5"))) == "acknowledge"
    assert to_text(decode_telegram(h("10 40 FD 3D 16"))).endswith("C 40, address 253 (selected)")
    assert to_text(decode_telegram(Frame.long(SND_UD, 1, 0xA0, h("01 02")))).endswith("data: 01 02")


def test_the_summary_shows_no_value() -> None:
    secret = Frame.long(SND_UD, 1, 0x51, h("0D FD 16 08") + b"SECRET42"[::-1])
    line = summary(decode_telegram(secret))
    assert line == "SND_UD FCB=0 to 1: password"


def test_many_records_are_cut_short() -> None:
    command = Frame.long(SND_UD, 1, 0x51, h("08 13") * 5)
    assert summary(decode_telegram(command)) == "SND_UD FCB=0 to 1: volume; volume; volume and 2 more"
    assert summary(decode_telegram(Frame.control(SND_UD, 1, 0x51))) == "SND_UD FCB=0 to 1: no records"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (0x00, []),
        (0x01, ["application busy"]),
        (0x1E, ["application error", "power low", "permanent error", "temporary error"]),
        (0xE0, ["manufacturer bit 5", "manufacturer bit 6", "manufacturer bit 7"]),
    ],
)
def test_status_in_words(status: int, words: list[str]) -> None:
    header = Header("12345678", "PAD", 1, 7, 0x55, status, 0)
    assert [str(message) for message in status_messages(header)] == words


def test_every_known_telegram_renders() -> None:
    for raw in [*METERS.values(), *WORKED_RESPONSES.values()]:
        telegram = decode_telegram(raw)
        parsed = json.loads(to_json(telegram), parse_float=Decimal)
        assert len(parsed["records"]) == len(telegram.records)
        for shown, record in zip(parsed["records"], telegram.records, strict=True):
            if isinstance(record.value, int | Decimal):
                assert shown["value"] == record.value
            assert h(shown["dib"] + shown["vib"] + shown["raw"]) == record.dib + record.vib + record.raw
        assert len(to_text(telegram).splitlines()) >= 4 + len(telegram.records)


@given(st.binary(min_size=8, max_size=8), st.integers(0x40, 0x5F))
def test_numbers_survive_json(raw: bytes, code: int) -> None:
    record = records((h("07 FD") + bytes((code,)) + raw).hex())[0]
    parsed = json.loads(
        to_json(decode_telegram(response(HEADER, (h("07 FD") + bytes((code,)) + raw).hex()))), parse_float=Decimal
    )
    assert parsed["records"][0]["value"] == record.value
