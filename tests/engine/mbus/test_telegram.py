"""Telegrams: every worked example of the sources with its meaning, and the errors of bad ones."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.commands.output import json_text
from cmi_gui.engine.mbus.datatypes import Missing, Value
from cmi_gui.engine.mbus.dib import DataField, ValueFunction
from cmi_gui.engine.mbus.errors import MBusError, MBusErrorCode
from cmi_gui.engine.mbus.frame import RSP_UD, SND_UD, Frame
from cmi_gui.engine.mbus.record import Record
from cmi_gui.engine.mbus.render import summary, to_json_dict, to_text
from cmi_gui.engine.mbus.telegram import (
    AlarmStatus,
    ApplicationError,
    Header,
    Reset,
    Selection,
    SetBaud,
    Telegram,
    TelegramKind,
    decode_telegram,
)
from cmi_gui.engine.mbus.vif_tables import ObjectAction
from tests.helpers.mbus_telegrams import METERS, WORKED_RESPONSES, response


def h(text: str) -> bytes:
    return bytes.fromhex(text)


def of(text: str) -> Telegram:
    return decode_telegram(h(text))


def facts(record: Record) -> tuple[object, ...]:
    return record.quantity, record.value, record.unit


# From master to slave; of each record: quantity, value, unit.
WORKED_COMMANDS: list[tuple[str, str, list[tuple[str, Value | None, str]]]] = [
    # EN 13757-3 and [DOC48]
    ("68 06 06 68 53 FE 51 01 7A 08 25 16", "SND_UD FCB=0 to 254: bus address", [("bus address", 8, "")]),
    (
        "68 0D 0D 68 53 FE 51 07 79 04 03 02 01 24 40 01 04 95 16",
        "SND_UD FCB=0 to 254: identification",
        [("identification", "01020304 PAD 01 04", "")],
    ),
    (
        "68 0F 0F 68 53 FE 51 0C 79 78 56 34 12 0C 06 07 01 00 00 55 16",
        "SND_UD FCB=0 to 254: identification; energy",
        [("identification", 12345678, ""), ("energy", 107000, "Wh")],
    ),
    (
        "68 07 07 68 53 07 51 08 13 08 5A 28 16",
        "SND_UD FCB=0 to 7: volume; flow temperature",
        [("volume", None, "m3"), ("flow temperature", None, "degC")],
    ),
    (
        "68 06 06 68 53 01 51 C8 3F 7E 2A 16",
        "SND_UD FCB=0 to 1: any, storage 31, tariff 3",
        [("any", None, "")],
    ),
    ("68 04 04 68 53 03 51 7F 26 16", "SND_UD FCB=0 to 3: global readout", [("global readout", None, "")]),
    (
        "68 0A 0A 68 53 01 51 0C 86 00 07 01 00 00 3F 16",
        "SND_UD FCB=0 to 1: energy, action: write",
        [("energy", 107000, "Wh")],
    ),
    (
        "68 0A 0A 68 53 01 51 0C 86 01 10 00 00 00 48 16",
        "SND_UD FCB=0 to 1: energy, action: add",
        [("energy", 10000, "Wh")],
    ),
    (
        "68 0A 0A 68 53 05 51 0C 86 08 11 05 00 00 59 16",
        "SND_UD FCB=0 to 5: energy, action: add entry",
        [("energy", 511000, "Wh")],
    ),
    (
        "68 06 06 68 53 01 51 40 DA 0B CA 16",
        "SND_UD FCB=0 to 1: flow temperature, storage 1, action: freeze",
        [("flow temperature", None, "degC")],
    ),
    # The module's command table.
    ("68 06 06 68 73 01 51 01 7A 05 45 16", "SND_UD FCB=1 to 1: bus address", [("bus address", 5, "")]),
    (
        "68 09 09 68 73 01 51 0C 79 78 56 34 12 5E 16",
        "SND_UD FCB=1 to 1: identification",
        [("identification", 12345678, "")],
    ),
    ("68 07 07 68 73 01 51 01 FD 1F 00 E2 16", "SND_UD FCB=1 to 1: remote control", [("remote control", 0, "")]),
    (
        "68 07 07 68 73 01 51 00 FD 97 07 60 16",
        "SND_UD FCB=1 to 1: error flags, action: clear",
        [("error flags", None, "")],
    ),
    (
        "68 0D 0D 68 73 01 51 04 7C 03 70 61 6D 01 02 03 04 90 16",
        "SND_UD FCB=1 to 1: plain text 'map'",
        [("plain text", 0x04030201, "")],
    ),
    (
        "68 0F 0F 68 73 01 51 0D 7C 03 70 73 64 05 4F 4C 4C 45 48 11 16",
        "SND_UD FCB=1 to 1: plain text 'dsp'",
        [("plain text", "HELLO", "")],
    ),
    (
        "68 0A 0A 68 73 01 51 04 FD 0B 78 56 34 12 E5 16",
        "SND_UD FCB=1 to 1: parameter set identification",
        [("parameter set identification", 0x12345678, "")],
    ),
]


@pytest.mark.parametrize(("telegram", "line", "records"), WORKED_COMMANDS)
def test_worked_commands(telegram: str, line: str, records: list[tuple[str, Value | None, str]]) -> None:
    decoded = of(telegram)
    assert decoded.kind is TelegramKind.SEND
    assert summary(decoded) == line
    assert [facts(record) for record in decoded.records] == records


def test_worked_commands_in_detail() -> None:
    everything = of("68 06 06 68 53 01 51 C8 3F 7E 2A 16").records[0]
    assert (everything.field, everything.missing) == (DataField.SELECTION, Missing.SELECTION)
    entry = of("68 0A 0A 68 53 05 51 0C 86 08 11 05 00 00 59 16").records[0]
    assert entry.action is ObjectAction.ADD_ENTRY
    frozen = of("68 06 06 68 53 01 51 40 DA 0B CA 16").records[0]
    assert (frozen.action, frozen.storage, frozen.missing) == (ObjectAction.FREEZE, 1, Missing.NO_DATA)


@pytest.mark.parametrize(
    ("telegram", "line"),
    [
        ("E5", "acknowledge"),
        ("10 40 FD 3D 16", "SND_NKE to 253"),
        ("10 40 01 41 16", "SND_NKE to 1"),
        ("10 5B 01 5C 16", "REQ_UD2 FCB=0 to 1"),
        ("10 7B 01 7C 16", "REQ_UD2 FCB=1 to 1"),
        ("10 7B FD 78 16", "REQ_UD2 FCB=1 to 253"),
        ("10 4B 05 50 16", "REQ_UD2 to 5"),
        ("10 5A 05 5F 16", "REQ_UD1 FCB=0 to 5"),
        ("10 49 05 4E 16", "C=49 to 5"),
        ("68 04 04 68 53 FE 50 10 B1 16", "SND_UD FCB=0 to 254: application reset 10, user data"),
        ("68 04 04 68 73 01 50 B0 74 16", "SND_UD FCB=1 to 1: application reset B0, manufacturing"),
        ("68 03 03 68 73 01 50 C4 16", "SND_UD FCB=1 to 1: application reset"),
        ("68 03 03 68 53 FE BD 0E 16", "SND_UD FCB=0 to 254: set 9600 bit/s"),
        ("68 03 03 68 73 01 B8 2C 16", "SND_UD FCB=1 to 1: set 300 bit/s"),
        ("68 03 03 68 73 01 BB 2F 16", "SND_UD FCB=1 to 1: set 2400 bit/s"),
        ("68 0B 0B 68 53 FD 52 78 56 34 12 FF FF FF FF B2 16", "select 12345678"),
        ("68 03 03 68 53 01 5C B0 16", "SND_UD FCB=0 to 1: CI 5C, 0 bytes"),
        ("68 04 04 68 08 05 70 08 85 16", "RSP_UD from 5: application error 8, application busy"),
        ("68 03 03 68 08 05 70 7D 16", "RSP_UD from 5: application error 0, unspecified"),
        ("68 04 04 68 08 05 71 81 FF 16", "RSP_UD from 5: alarm 81"),
    ],
)
def test_other_telegrams_in_one_line(telegram: str, line: str) -> None:
    assert summary(of(telegram)) == line


def test_contents() -> None:
    assert of("68 04 04 68 53 FE 50 10 B1 16").content == Reset(0x10)
    assert of("68 03 03 68 73 01 50 C4 16").content == Reset(None)
    assert of("68 03 03 68 53 FE BD 0E 16").content == SetBaud(9600)
    assert of("68 04 04 68 08 05 70 08 85 16").content == ApplicationError(8)
    assert of("68 03 03 68 08 05 70 7D 16").content == ApplicationError(0)
    assert of("68 04 04 68 08 05 71 81 FF 16").content == AlarmStatus(0x81)


@pytest.mark.parametrize(
    ("ci", "baud"), [(0xB8, 300), (0xB9, 600), (0xBA, 1200), (0xBB, 2400), (0xBC, 4800), (0xBD, 9600), (0xBE, 19200)]
)
def test_speeds(ci: int, baud: int) -> None:
    assert decode_telegram(Frame.control(SND_UD, 1, ci)).content == SetBaud(baud)


def test_worked_response() -> None:
    telegram = decode_telegram(WORKED_RESPONSES["DOC48 water meter"])
    assert telegram.header == Header("12345678", "PAD", 1, 7, 0x55, 0, 0)
    volume, flow, energy = telegram.records
    assert facts(volume) == ("volume", Decimal("12.565"), "m3")
    assert facts(flow) == ("volume flow", Decimal("0.113"), "m3/h")
    assert (flow.function, flow.storage) == (ValueFunction.MAXIMUM, 5)
    assert facts(energy) == ("energy", 218370, "Wh")
    assert (energy.tariff, energy.subunit) == (2, 1)
    assert [record.offset for record in telegram.records] == [19, 24, 29]
    assert not telegram.more_follows
    assert summary(telegram) == "RSP_UD 12345678 PAD, 3 records"


def test_worked_fabrication_number() -> None:
    telegram = decode_telegram(WORKED_RESPONSES["DOC48 fabrication number"])
    assert [facts(record) for record in telegram.records] == [("fabrication number", 1020304, "")]


def test_offsets_point_at_the_right_bytes() -> None:
    for raw in [*METERS.values(), *WORKED_RESPONSES.values()]:
        telegram = decode_telegram(raw)
        for record in telegram.records:
            assert raw[record.offset : record.offset + record.size] == record.dib + record.vib + record.raw


def test_readout_mapping_examples() -> None:
    """The examples of the module's mapping table, as any master sees them."""
    telegram = decode_telegram(METERS["electricity, E350-like, three phases"])
    found = {record.vib.hex(" ").upper() + " " + record.dib.hex(): record for record in telegram.records}
    assert facts(found["03 04"]) == ("energy", 61561289, "Wh")
    assert facts(found["FD DA FC 01 03"]) == ("current", Decimal("0.35"), "A")
    assert found["FD DA FC 01 03"].qualifiers == ("phase L1",)
    assert facts(found["AC FC 0C 03"]) == ("power", 1660, "W")
    assert found["AC FC 8C FC 02 03"].qualifiers == ("import minus export", "phase L2")
    assert found["03 848010"].tariff == 4
    assert found["7C 05 30 2E 37 2E 43 0a"].value == 8
    assert found["7C 05 30 2E 37 2E 43 0a"].vif_text == "C.7.0"
    assert found["7C 05 30 2E 35 2E 43 0d"].value == "0401"
    assert found["FB 2D 03"].value == Decimal("50.00")
    assert found["FB 82 F3 3C 04"].unit == "varh"


def test_elvacos_plain_text() -> None:
    """The records of a CMa10, text before the VIFEs [LM]."""
    telegram = decode_telegram(
        response(
            "61 15 01 24 96 15 16 00 3F 00 00 00",
            "01 FD 1B 02 02 FC 03 48 52 25 74 22 15 0C 78 61 15 01 24 03 FD 0F 00 00 04 1F",
            address=11,
        )
    )
    assert summary(telegram) == "RSP_UD 24011561 ELV, 4 records, more follows"
    humidity = telegram.records[1]
    assert (humidity.vif_text, humidity.value) == ("%RH", Decimal("54.10"))
    assert telegram.more_follows


def test_values_during_error_state() -> None:
    """As Elvaco sends values that are not valid yet."""
    record = decode_telegram(response("61 15 01 24 96 15 16 00 3F 00 00 00", "B2 01 65 00 00")).records[0]
    assert (record.function, record.storage, record.value) == (ValueFunction.ERROR, 2, Decimal("0.00"))


def test_mode_2_is_mode_1_reversed() -> None:
    mode_1 = Frame.long(RSP_UD, 2, 0x72, h("78 56 34 12 24 40 01 07 55 00 34 00 03 13 15 31 00 02 6C 5F 1C"))
    mode_2 = Frame.long(RSP_UD, 2, 0x76, h("12 34 56 78 40 24 01 07 55 00 00 34 03 13 00 31 15 02 6C 1C 5F"))
    one, two = decode_telegram(mode_1), decode_telegram(mode_2)
    assert one.header == two.header == Header("12345678", "PAD", 1, 7, 0x55, 0, 0x34)
    assert [record.value for record in one.records] == [record.value for record in two.records]


def test_short_and_no_header() -> None:
    short = decode_telegram(Frame.long(RSP_UD, 1, 0x7A, h("2A 10 00 00 01 FD 1B 02")))
    assert short.header == Header(None, None, None, None, 0x2A, 0x10, 0)
    assert summary(short) == "RSP_UD from 1, 1 record, temporary error"
    bare = decode_telegram(Frame.long(RSP_UD, 1, 0x78, h("01 FD 1B 02")))
    assert (bare.header, bare.records[0].value, bare.records[0].offset) == (None, 2, 7)


def test_encrypted_data_are_not_decoded() -> None:
    telegram = decode_telegram(response("78 56 34 12 24 40 01 07 55 00 10 05", "AA BB CC DD"))
    assert telegram.header is not None
    assert telegram.header.security_mode == 5
    assert (telegram.records, telegram.encrypted) == ((), h("AA BB CC DD"))
    assert summary(telegram) == "RSP_UD 12345678 PAD, 4 bytes encrypted in mode 5"


def test_status_in_the_summary() -> None:
    line = summary(decode_telegram(response("78 56 34 12 96 15 01 02 00 36 00 00", "")))
    assert line == "RSP_UD 12345678 ELV, 0 records, application error, power low, temporary error, manufacturer bit 5"


# Fixed structure.


def fixed(data: str) -> Telegram:
    return decode_telegram(Frame.long(RSP_UD, 5, 0x73, h(data)))


def test_fixed_structure() -> None:
    telegram = of("68 13 13 68 08 05 73 78 56 34 12 0A 00 E9 7E 01 00 00 00 35 01 00 00 3C 16")
    assert telegram.header == Header("12345678", None, None, 7, 10, 0, None)
    now, then = telegram.records
    assert (facts(now), now.storage) == (("volume", Decimal("0.001"), "m3"), 0)
    assert (facts(then), then.storage, then.qualifiers) == (("volume", Decimal("0.135"), "m3"), 1, ("historic",))
    assert (now.offset, then.offset) == (15, 19)
    assert summary(telegram) == "RSP_UD 12345678, 2 counters"


@pytest.mark.parametrize(
    ("code", "quantity", "unit", "exponent"),
    [
        (0x02, "energy", "Wh", 0),
        (0x0A, "energy", "Wh", 8),
        (0x0B, "energy", "J", 3),
        (0x13, "energy", "J", 11),
        (0x14, "power", "W", 0),
        (0x1C, "power", "W", 8),
        (0x1D, "power", "J/h", 3),
        (0x26, "volume", "m3", -6),
        (0x2E, "volume", "m3", 2),
        (0x2F, "volume flow", "m3/h", -6),
        (0x37, "volume flow", "m3/h", 2),
        (0x38, "temperature", "degC", -3),
        (0x39, "units for heat cost allocation", "", 0),
        (0x3A, "reserved", "", 0),
        (0x3F, "dimensionless", "", 0),
    ],
)
def test_fixed_units(code: int, quantity: str, unit: str, exponent: int) -> None:
    telegram = fixed(f"78 56 34 12 0A 01 {code:02X} {code:02X} FE FF FF FF 02 00 00 00")
    first, second = telegram.records
    assert (first.quantity, first.unit) == (quantity, unit)
    # Bit 0 of the status: binary with sign instead of BCD.
    assert (first.value, second.value) == (-2 * Decimal(10) ** exponent, 2 * Decimal(10) ** exponent)


def test_fixed_counters_stored_and_bad() -> None:
    stored, bad = fixed("78 56 34 12 0A 02 02 02 01 00 00 00 AA 00 00 00").records
    assert (stored.storage, stored.qualifiers, stored.value) == (1, ("stored at fixed date",), 1)
    assert (bad.value, bad.missing) == ("000000AA", Missing.NOT_DECIMAL)
    clock = fixed("78 56 34 12 0A 00 00 01 56 34 12 00 26 11 21 00").records
    assert [record.value for record in clock] == ["56341200", "26112100"]


# Selection.


def test_selection() -> None:
    telegram = of("68 0B 0B 68 53 FD 52 78 56 34 12 FF FF FF FF B2 16")
    assert telegram.content == Selection(h("78 56 34 12 FF FF FF FF"))
    telegram = decode_telegram(Frame.long(SND_UD, 253, 0x52, h("FF FF 34 12 96 15 01 02")))
    assert summary(telegram) == "select 1234FFFF ELV version 01 type 02"
    selection = telegram.content
    assert isinstance(selection, Selection)
    assert (selection.id, selection.manufacturer, selection.version, selection.device_type) == ("1234FFFF", "ELV", 1, 2)


def test_selection_in_mode_2() -> None:
    telegram = decode_telegram(Frame.long(SND_UD, 253, 0x56, h("12 34 FF FF 15 96 01 02")))
    assert telegram.content == Selection(h("FF FF 34 12 96 15 01 02"))


@pytest.mark.parametrize(
    ("mask", "line"),
    [
        ("", "select FFFFFFFF"),
        ("78 56", "select FFFF5678"),
        ("78 56 34 12", "select 12345678"),
        ("78 56 34 12 96", "select 12345678"),
        ("78 56 34 12 96 15", "select 12345678 ELV"),
        ("78 56 34 12 96 FF 01", "select 12345678 version 01"),
    ],
)
def test_short_masks(mask: str, line: str) -> None:
    telegram = decode_telegram(Frame.long(SND_UD, 253, 0x52, h(mask)))
    assert (telegram.kind, summary(telegram)) == (TelegramKind.SELECTION, line)


def test_enhanced_selection() -> None:
    telegram = decode_telegram(Frame.long(SND_UD, 253, 0x52, h("FF FF FF FF FF FF FF FF 0C 78 04 03 02 F1")))
    assert telegram.frame.to_bytes()[:2] == h("68 11")
    assert summary(telegram) == "select FFFFFFFF, fabrication number"
    record = telegram.records[0]
    # F digits are wildcards here and no number.
    assert (record.offset, record.value, record.missing) == (15, "F1020304", Missing.NOT_DECIMAL)


# Bad telegrams, and those of unknown meaning.


@pytest.mark.parametrize(
    ("telegram", "code", "offset"),
    [
        ("", MBusErrorCode.EMPTY, None),
        ("10 40 01 42 16", MBusErrorCode.BAD_CHECKSUM, 3),
        ("68 03 03 68 08 01 72 7B 16", MBusErrorCode.PREMATURE_END, 7),
        ("68 03 03 68 08 01 71 7A 16", MBusErrorCode.PREMATURE_END, 7),
        ("68 04 04 68 08 01 73 00 7C 16", MBusErrorCode.PREMATURE_END, 8),
        ("68 04 04 68 08 01 7A 00 83 16", MBusErrorCode.PREMATURE_END, 8),
    ],
)
def test_error_codes_and_offsets_of_bad_telegrams(telegram: str, code: MBusErrorCode, offset: int | None) -> None:
    with pytest.raises(MBusError) as caught:
        of(telegram)
    assert (caught.value.code, caught.value.offset) == (code, offset)


def test_fixed_structure_that_is_too_long() -> None:
    telegram = fixed("78 56 34 12 0A 00 E9 7E 01 00 00 00 35 01 00 00 99")
    assert [record.value for record in telegram.records] == [Decimal("0.001"), Decimal("0.135")]
    assert telegram.fault is not None
    assert (telegram.rest, telegram.fault.code, telegram.fault.offset) == (h("99"), MBusErrorCode.TRAILING, 23)


@pytest.mark.parametrize(("c", "ci"), [(SND_UD, 0xA0), (SND_UD, 0x72), (RSP_UD, 0x51), (RSP_UD, 0x7F)])
def test_an_unknown_ci_field_is_no_error(c: int, ci: int) -> None:
    telegram = decode_telegram(Frame.long(c, 1, ci, h("01 02 03")))
    assert (telegram.kind, telegram.records, telegram.frame.data) == (TelegramKind.OTHER, (), h("01 02 03"))
    assert f"CI {ci:02X}, 3 bytes" in summary(telegram)


def test_a_frame_and_its_bytes_decode_alike() -> None:
    for raw in METERS.values():
        telegram = decode_telegram(raw)
        assert decode_telegram(telegram.frame) == telegram


known = [0x50, 0x51, 0x52, 0x55, 0x56, 0x70, 0x71, 0x72, 0x73, 0x76, 0x78, 0x7A, 0xBB, 0xA0]
headers = st.one_of(st.just(b""), st.just(h("78 56 34 12 96 15 01 02 2A 00 00 00")))
pieces = st.one_of(
    st.sampled_from(
        [h(text) for text in ("04 03 C9 59 AB 03", "2F", "0D 7C 01 41 01 42", "7F", "02 6C FF FF", "1F 01")]
    ),
    st.binary(max_size=12),
    st.tuples(st.integers(0, 15), st.integers(0, 255), st.binary(max_size=9)).map(lambda t: bytes(t[:2]) + t[2]),
)
payloads = st.tuples(headers, st.lists(pieces, max_size=10)).map(lambda t: (t[0] + b"".join(t[1]))[:252])


@given(st.sampled_from([0x08, 0x18, 0x53, 0x73]), st.integers(0, 255), st.sampled_from(known), payloads)
def test_random_telegrams_raise_only_mbus_errors(c: int, address: int, ci: int, data: bytes) -> None:
    raw = Frame.long(c, address, ci, data).to_bytes()
    offset: int | None = 0
    try:
        telegram = decode_telegram(raw)
    except MBusError as error:
        offset = error.offset
    else:
        assert "\n" not in summary(telegram)
        assert to_text(telegram).startswith(summary(telegram))
        assert json_text(to_json_dict(telegram)).startswith("{")
    assert offset is not None
    assert 0 <= offset <= len(raw)


@given(st.binary(max_size=300))
def test_random_bytes_raise_only_mbus_errors(raw: bytes) -> None:
    try:
        telegram = decode_telegram(raw)
    except MBusError:
        return
    assert telegram.raw == raw
