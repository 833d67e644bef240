"""The fields of telegrams: each has its exact bytes, for any bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.iec62056.message import Command, DataMessage, Identification, OptionSelect, Request
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.traffic.store import Direction, RowKind, Side, TrafficStore
from cmi_gui.ui.pages.traffic.field import ByteField
from cmi_gui.ui.pages.traffic.fields import deepest, fields_of
from tests.helpers.mbus_telegrams import METERS, WORKED_RESPONSES

Ranges = tuple[tuple[int, int], ...]


def parts(side: Side, data: bytes, kind: RowKind = RowKind.TELEGRAM, masked: Ranges = ()) -> tuple[ByteField, ...]:
    store = TrafficStore()
    store.append(0.0, side, Direction.RECEIVED, kind, None, "x", data, masked, "words" if masked else "")
    return fields_of(store.row(0))


def check(fields: tuple[ByteField, ...], start: int, end: int) -> None:
    """Check that fields are nested, in order and without overlap; an error field may have any position."""
    at = start
    for field in fields:
        assert start <= field.start <= field.end <= end
        if field.name != "Cannot be decoded":
            assert field.start >= at
            at = field.end
        check(field.children, field.start, field.end)


def covered(fields: tuple[ByteField, ...]) -> set[int]:
    return {at for field in fields for at in range(field.start, field.end)}


def named(fields: tuple[ByteField, ...], name: str) -> ByteField:
    found = [field for field in walk(fields) if field.name == name]
    assert found, f"no {name} among {[field.name for field in walk(fields)]}"
    return found[0]


def walk(fields: tuple[ByteField, ...]) -> list[ByteField]:
    return [inner for field in fields for inner in (field, *walk(field.children))]


@pytest.mark.parametrize("name", [*METERS, *WORKED_RESPONSES])
def test_every_byte_of_real_telegrams_has_a_field(name: str) -> None:
    data = bytes({**METERS, **WORKED_RESPONSES}[name])
    fields = parts(Side.MBUS, data)
    check(fields, 0, len(data))
    fillers = {at for at, byte in enumerate(data) if byte == 0x2F}
    assert set(range(len(data))) - covered(fields) <= fillers


def test_a_record_by_its_bytes() -> None:
    # Energy 061561.289 kWh in Wh, tariff 1, maximum: DIF 8C would be wrong, 9C 10 is DIF and DIFE.
    data = Frame.long(8, 5, 0x78, bytes.fromhex("9C10038912566102FD481234")).to_bytes()
    fields = parts(Side.MBUS, data)
    record = fields[4]
    assert (record.start, record.end, record.meaning) == (7, 14, "61561289 Wh")
    assert [(field.name, field.start, field.end) for field in record.children] == [
        ("DIF 9C", 7, 8),
        ("DIFE 10", 8, 9),
        ("VIF 03", 9, 10),
        ("Data", 10, 14),
    ]
    assert record.children[1].meaning == "tariff 1"
    assert named(fields, "VIFE 48").start == 16
    assert [field.name for field in deepest(fields, 12)][-1] == "Data"
    assert deepest(fields, len(data)) == ()


def test_undecoded_and_encrypted_bytes_have_their_own_fields() -> None:
    header = "78563412244001070200"
    data = Frame.long(8, 5, 0x72, bytes.fromhex(f"{header}1005{'F0' * 16}0C0678563412 4F01021F")).to_bytes()
    fields = parts(Side.MBUS, data)
    check(fields, 0, len(data))
    assert covered(fields) == set(range(len(data)))
    secret, rest = named(fields, "Encrypted data"), named(fields, "Not decoded")
    assert (secret.start, secret.end) == (19, 35)
    assert (rest.start, rest.end, rest.meaning, rest.trouble) == (41, 45, "DIF 4F is reserved", True)
    assert named(fields, "energy").meaning == "12345678000 Wh"


def test_status_and_medium_of_the_fixed_structure() -> None:
    data = Frame.long(8, 5, 0x73, bytes.fromhex("785634120A03A9BE0100000035010000")).to_bytes()
    fields = parts(Side.MBUS, data)
    assert named(fields, "Status").meaning == "03, binary counters, stored at fixed date"
    assert named(fields, "Medium and units").meaning == "BEA9, gas, mode 2"


def test_a_wrong_checksum_is_marked_with_the_expected_one() -> None:
    fields = parts(Side.MBUS, bytes.fromhex("1040004116"), RowKind.BAD_CHECKSUM)
    assert fields[0].trouble
    assert (fields[0].start, fields[0].end) == (3, 4)
    assert named(fields, "Checksum").meaning == "wrong, should be 40"


def test_a_readout_line_by_its_bytes() -> None:
    data = DataMessage("F.F(00)\r\n1.8.0(061561.289*kWh)\r\n!\r\n").to_bytes()
    fields = parts(Side.METER, data)
    line = named(fields, "1.8.0")
    assert data[line.start : line.end] == b"1.8.0(061561.289*kWh)\r\n"
    assert line.meaning == "061561.289 kWh"
    assert [data[field.start : field.end] for field in line.children] == [b"1.8.0", b"061561.289", b"kWh", b"\r\n"]
    assert named(fields, "BCC").meaning == "correct"
    broken = data[:-1] + bytes((data[-1] ^ 1,))
    assert named(parts(Side.METER, broken, RowKind.BAD_CHECKSUM), "BCC").trouble


@pytest.mark.parametrize(
    ("message", "names"),
    [
        (Request("123"), ["Start of a request", "Device address", "End", "CR LF"]),
        (Identification("LGZ", "4", "ZMF100AC.M29"), ["Start", "Manufacturer", "Speed offered", "Identification"]),
        (OptionSelect("4", "1"), ["ACK", "Protocol", "Speed", "Mode", "CR LF"]),
        (Command("R", "1", "1.8.0()"), ["SOH", "Command", "STX", "1.8.0", "Identifier"]),
    ],
)
def test_messages_of_the_meter(message: Request | Identification | OptionSelect | Command, names: list[str]) -> None:
    data = message.to_bytes()
    fields = parts(Side.METER, data)
    assert [field.name for field in walk(fields)][: len(names)] == names
    check(fields, 0, len(data))


def test_the_end_mark_may_follow_the_last_line_directly() -> None:
    data = DataMessage("1.8.0(1*kWh)!\r\n").to_bytes()
    fields = parts(Side.METER, data)
    check(fields, 0, len(data))
    assert [(field.name, field.start, field.end) for field in fields] == [
        ("STX", 0, 1),
        ("1.8.0", 1, 13),
        ("End of the data", 13, 16),
        ("ETX", 16, 17),
        ("BCC", 17, 18),
    ]
    assert [field.name for field in fields[1].children] == ["Identifier", "Value", "Unit"]


def test_masked_bytes_have_no_meaning() -> None:
    data = bytes.fromhex("6809096873FD510DFD700400000000 0016".replace(" ", ""))
    fields = parts(Side.MBUS, data, masked=((11, 16),))
    check(fields, 0, len(data))
    for field in walk(fields):
        if field.start >= 11 and field.end <= 16:
            assert field.meaning == "**"
    secret = Command("P", "1", "(12345678)").to_bytes()
    hidden = secret[:4] + bytes(len(secret) - 4)
    fields = parts(Side.METER, hidden, masked=((4, len(secret)),))
    assert "**" in {field.meaning for field in walk(fields)}
    assert all(field.meaning in ("", "**", "P1") for field in walk(fields))


@given(
    st.sampled_from(Side),
    st.one_of(
        st.binary(max_size=60),
        st.sampled_from([b"\x01", b"\x02", b"/", b"/?", b"\x06", b"h", b"\x10"]).flatmap(
            lambda start: st.binary(max_size=40).map(lambda rest: start + rest)
        ),
        st.builds(
            lambda c, a, ci, data: Frame.long(c, a, ci, data).to_bytes(),
            st.sampled_from([0x08, 0x53, 0x73]),
            st.integers(0, 255),
            st.sampled_from([0x50, 0x51, 0x52, 0x70, 0x71, 0x72, 0x73, 0x78, 0x7A, 0xB8, 0x99]),
            st.binary(max_size=60),
        ),
    ),
    st.sampled_from([RowKind.TELEGRAM, RowKind.NOISE, RowKind.BAD_LINE]),
    st.lists(st.tuples(st.integers(0, 20), st.integers(1, 20)), max_size=2),
)
def test_any_bytes_have_fields(side: Side, data: bytes, kind: RowKind, spans: list[tuple[int, int]]) -> None:
    masked, at = [], 0
    for gap, size in spans:
        first, behind = at + gap, min(at + gap + size, len(data))
        if first < behind:
            masked.append((first, behind))
            at = behind
    fields = parts(side, data, kind, tuple(masked))
    check(fields, 0, len(data))
    for offset in range(len(data)):
        path = deepest(fields, offset)
        assert all(field.start <= offset < field.end for field in path)
