"""The dissector in Debian's tshark: it shows what our decoder says, and never stumbles."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.cmi1020.obis_labels import label
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.configurator.session import MasterSession
from cmi_gui.engine.iec62056.dataset import scan_sets
from cmi_gui.engine.iec62056.errors import Iec62056Error
from cmi_gui.engine.iec62056.message import Command, DataMessage, MeterMessage, parse_message
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.procedures import read_slave
from cmi_gui.engine.mbus.slave_address import SlaveAddress, mask_bytes
from cmi_gui.engine.mbus.telegram import Telegram, decode_telegram
from cmi_gui.engine.mbus.wording import record_message, value_message
from cmi_gui.engine.obis import known_codes, meaning
from cmi_gui.engine.room.made_room import make_room
from cmi_gui.engine.traffic.masking import MbusMask, apply_mask, meter_ranges
from cmi_gui.engine.traffic.pcapng import PcapngBlocks
from cmi_gui.engine.traffic.store import MARKS, Direction, RowKind, Side, TrafficRow
from cmi_gui.engine.traffic.summaries import summarise
from cmi_gui.engine.traffic.telegram_type import TelegramType
from tests.helpers.mbus_telegrams import METERS, WORKED_RESPONSES
from tests.helpers.module_bench import text_command
from tests.helpers.random_telegrams import random_message, random_telegram
from tests.helpers.rooms import running_room
from tests.helpers.tshark import Item, Tshark, needs_tshark

pytestmark = needs_tshark

START = 1_795_248_903.25
INPUTS = int(os.environ.get("WIRESHARK_INPUTS", "400"))
"""Random telegrams of each of the two sides."""
BATCH = 5000

WORKED = [
    # [DOC48] and others: requests, selections, commands, answers.
    "E5",
    "10 40 FD 3D 16",
    "10 7B FD 78 16",
    "68 0B 0B 68 53 FD 52 78 56 34 12 FF FF FF FF B2 16",
    "68 11 11 68 53 FD 52 78 56 34 12 24 40 01 07 0C 78 04 03 02 01 B0 16",
    "68 04 04 68 53 FE 50 10 B1 16",
    "68 03 03 68 53 FE BD 0E 16",
    "68 06 06 68 53 FE 51 01 7A 08 25 16",
    "68 0D 0D 68 53 FE 51 07 79 04 03 02 01 24 40 01 04 95 16",
    "68 0F 0F 68 53 FE 51 0C 79 78 56 34 12 0C 06 07 01 00 00 55 16",
    "68 07 07 68 53 07 51 08 13 08 5A 28 16",
    "68 06 06 68 53 01 51 C8 3F 7E 2A 16",
    "68 04 04 68 53 03 51 7F 26 16",
    "68 0A 0A 68 53 01 51 0C 86 00 07 01 00 00 3F 16",
    "68 0A 0A 68 53 01 51 0C 86 01 10 00 00 00 48 16",
    "68 0A 0A 68 53 05 51 0C 86 08 11 05 00 00 59 16",
    "68 06 06 68 53 01 51 40 DA 0B CA 16",
    # The fixed structure [DOC48 §6.2], an application error, an alarm, a telegram that another one follows.
    "68 13 13 68 08 05 73 78 56 34 12 0A 00 E9 7E 01 00 00 00 35 01 00 00 3C 16",
    Frame.long(0x08, 5, 0x70, b"\x08").to_bytes().hex(),
    Frame.control(0x08, 5, 0x70).to_bytes().hex(),
    Frame.long(0x18, 5, 0x71, b"\x04").to_bytes().hex(),
    Frame.long(0x08, 5, 0x7A, bytes.fromhex("2A 04 00 00 02 FD C8 FC 01 E6 00 1F")).to_bytes().hex(),
    # 64 bits, a text, dates F, G, I and J, a real number, hex digits in BCD.
    Frame.long(
        0x08,
        5,
        0x78,
        bytes.fromhex(
            "07 03 FE FF FF FF FF FF FF 7F  07 03 FF FF FF FF FF FF FF FF  0D 78 03 43 42 41  0D 06 D3 56 34 12"
            "0D 06 F0 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F 10  04 6D 1E 2A 75 3B  02 6C 75 3B"
            "06 6D 1E 2A 0A 75 3B 00  03 6D 1E 2A 0A  05 2B 00 50 C3 44  0C 06 76 A8 34 82  0A 06 34 F2"
            "02 65 00 80  04 83 7B 01 00 00 00  04 83 78 FF FF FF FF 0F 01 02 03"
        ),
    )
    .to_bytes()
    .hex(),
    # Vendors' codes: varh, var, VA, Hz, a power factor; phases by FC and by FF; export; limits; an Elvaco text.
    Frame.long(
        0x08,
        5,
        0x72,
        bytes.fromhex(
            "78 56 34 12 36 1C 01 02 01 10 00 00  04 FB 82 75 01 00 00 00  04 FB 97 72 02 00 00 00  02 FB B7 72 03 00"
            "02 FB 2E F4 01  02 FD BA 73 E8 03  02 FD DC FF 01 05 00  02 FD C9 FF 05 E6 00  04 83 3C 07 00 00 00"
            "02 FD C8 FC 01 FC 08  03 AC FC 02 41 00 00  02 FD D9 FC 03 2F 00  04 86 3B 01 00 00 00  01 DA 48 05"
            "04 ED 39 1E 2A 75 3B  02 FC 03 48 52 25 74 94 11  01 FF 68 05  01 93 15 00  84 01 83 FC 0C 01 00 00 00"
        ),
    )
    .to_bytes()
    .hex(),
    # Encrypted by AES with 16 bytes, and a record in clear after it.
    Frame.long(0x08, 5, 0x7A, bytes((1, 0, 0x10, 5, *range(0x80, 0x90))) + bytes.fromhex("01 FD 17 00"))
    .to_bytes()
    .hex(),
]


@pytest.fixture
def tshark(tmp_path: Path) -> Tshark:
    return Tshark(tmp_path)


def a_row(
    data: bytes,
    index: int = 0,
    side: Side = Side.MBUS,
    kind: RowKind = RowKind.TELEGRAM,
    direction: Direction = Direction.SENT,
) -> TrafficRow:
    return TrafficRow(index, START + index, side, direction, kind, None, "tcp://bus:10001", data)


def decoded(data: bytes) -> Telegram | MBusError:
    try:
        return decode_telegram(data)
    except MBusError as error:
        return error


def parsed(data: bytes) -> MeterMessage | Iec62056Error:
    try:
        return parse_message(data)
    except Iec62056Error as error:
        return error


def is_shown(text: str | None, shown: str | None) -> bool:
    """Return whether tshark shows a text: control characters by codes or, between others, as blanks."""
    if text is None or shown is None:
        return text is shown
    patterns = (re.escape(char) if char.isprintable() else rf"(?:{re.escape(char)}|\s|\\x..?|\\.)" for char in text)
    return re.fullmatch("".join(patterns), shown) is not None


def check_records(telegram: Telegram, packet: Item) -> None:
    """Compare the records of a telegram with what tshark shows of them."""
    shown = packet.all("mbus.record")
    for record, item in zip(telegram.records, shown, strict=True):
        value, unit = item.text("mbus.value"), item.text("mbus.unit")
        text = f"{item.text('mbus.text')}{f' {unit}' if unit and value is not None else ''}"
        assert (item.show, text) == (str(record_message(record)), str(value_message(record)))
        assert (value is not None) == isinstance(record.value, int | Decimal)
        if isinstance(record.value, int | Decimal):
            assert value is not None
            assert math.isclose(float(value), float(record.value), rel_tol=1e-14)
        if record.dib:
            assert item.text("mbus.storage") == str(record.storage)
            assert is_shown(label(telegram.header, record), item.text("mbus.obis"))


def check_bus(row: TrafficRow, packet: Item) -> None:
    """Compare everything that tshark says of a telegram on the bus with our decoder."""
    assert packet.text("info") == summarise(row)
    telegram = decoded(row.data)
    if isinstance(telegram, MBusError):
        assert packet.text("mbus.fault") == telegram.code
        assert packet.all("mbus.damaged")
        return
    assert packet.text("mbus.fault") == (telegram.fault.code if telegram.fault else None)
    assert bool(packet.all("mbus.partial")) == (telegram.fault is not None)
    assert not packet.all("mbus.damaged")
    assert bool(packet.all("mbus.more")) == telegram.more_follows
    if telegram.header is not None:
        assert packet.text("mbus.id") == telegram.header.id
    check_records(telegram, packet)


def sets_of(text: str) -> list[tuple[str | None, str, str | None]]:
    """Return identifier, value and unit of each data set in the lines of a text, up to what is no data set."""
    found: list[tuple[str | None, str, str | None]] = []
    for line in text.split("\n"):
        try:
            for id_, value, unit in scan_sets(line.removesuffix("\r").removesuffix("!")):
                found.append((id_ or None, value, unit))
        except Iec62056Error:
            pass
    return found


def check_meter(row: TrafficRow, packet: Item) -> None:
    """Compare everything that tshark says of a message of the meter's line with our parser."""
    assert is_shown(summarise(row), packet.text("info"))
    message = parsed(row.data)
    if isinstance(message, Iec62056Error):
        assert packet.text("iec62056.fault") == message.code
        assert packet.all("iec62056.damaged")
        return
    assert not packet.all("iec62056.damaged")
    sets: list[tuple[str | None, str, str | None]] = []
    if isinstance(message, DataMessage):
        sets = [] if message.error_text else sets_of(message.text)
        assert is_shown(message.error_text, packet.text("iec62056.error"))
    elif isinstance(message, Command):
        sets = [] if message.letter == "P" else sets_of(message.dataset or "")
    for parts, item in zip(sets, packet.all("iec62056.set"), strict=True):
        for part, name in zip(parts, ("obis", "value", "unit"), strict=True):
            assert is_shown(part, item.text(f"iec62056.{name}"))
    for item in packet.all("iec62056.number"):
        assert math.isfinite(float(item.show))


def check_all(tshark: Tshark, rows: Sequence[TrafficRow]) -> None:
    for row, packet in zip(rows, tshark.packets(rows), strict=True):
        assert packet.text("cmi_gui.side") == ("mbus" if row.side is Side.MBUS else "meter")
        (check_bus if row.side is Side.MBUS else check_meter)(row, packet)


def test_worked_examples_have_the_values_of_our_decoder(tshark: Tshark) -> None:
    examples = [*map(bytes.fromhex, WORKED), *WORKED_RESPONSES.values(), *METERS.values()]
    assert all(isinstance(decoded(data), Telegram) for data in examples)
    check_all(tshark, [a_row(data, index) for index, data in enumerate(examples)])


def test_a_well_known_example_is_shown_as_its_source_says(tshark: Tshark) -> None:
    packet = tshark.packets([a_row(WORKED_RESPONSES["DOC48 water meter"])])[0]
    assert packet.texts("mbus.text") == ["12.565", "0.113", "218370"]
    assert packet.texts("mbus.addr") == ["2"]
    assert packet.texts("mbus.id") == ["12345678"]
    assert packet.texts("mbus.vif") == ["13", "3b", "04"]


def test_exact_digits_of_64_bits(tshark: Tshark) -> None:
    body = bytes.fromhex("07 03 FE FF FF FF FF FF FF 7F")
    packet = tshark.packets([a_row(Frame.long(0x08, 5, 0x78, body).to_bytes())])[0]
    assert packet.text("mbus.text") == "9223372036854775806"


def test_each_telegram_of_a_room_has_the_values_of_our_decoder(clock: VirtualClock, tshark: Tshark) -> None:
    points = make_room(20, 3).points
    station = running_room(points, clock)
    session = MasterSession(station.connect_master(), Line(2400), clock)
    for point in points:
        ends: list[Any] = []
        at = SlaveAddress(selection=mask_bytes(point.serial))
        session.run(read_slave(at), ends.append, ends.append)
        assert clock.run_until(clock.now() + 600, lambda ends=ends: bool(ends))
        assert ends[0].frames
    store = station.traffic
    rows = [replace(store.row(index), at=START + index) for index in range(store.first, len(store))]
    answers = [row for row in rows if row.type is TelegramType.RSP_UD]
    assert len(answers) >= 2 * len(points)
    assert any(row.side is Side.METER for row in rows)
    check_all(tshark, rows)


@pytest.mark.timeout(240 + INPUTS / 20)
@pytest.mark.parametrize("side", list(Side))
def test_random_input_is_read_as_by_our_decoder(side: Side, tshark: Tshark) -> None:
    random = Random(INPUTS)
    make = random_telegram if side is Side.MBUS else random_message
    for first in range(0, INPUTS, BATCH):
        count = min(BATCH, INPUTS - first)
        check_all(tshark, [a_row(make(random), index, side) for index in range(count)])


def test_secrets_are_masked_and_marked(tshark: Tshark) -> None:
    mask = MbusMask(load_module_profile(None))
    setting = Frame.long(0x73, 7, 0x51, text_command("p1", "geheim12")).to_bytes()
    password = Command("P", "1", "(geheim12)").to_bytes()
    rows = []
    for side, data in ((Side.MBUS, setting), (Side.METER, password)):
        ranges = mask.ranges(data) if side is Side.MBUS else meter_ranges(data)
        assert ranges
        rows.append(
            TrafficRow(
                -1, START, side, Direction.RECEIVED, RowKind.TELEGRAM, None, "sim:", apply_mask(data, ranges), ranges
            )
        )
    path = tshark.write(rows)
    assert b"geheim12" not in path.read_bytes()
    assert b"21miehe" not in path.read_bytes()
    bus, meter = tshark.packets(rows)
    assert bus.texts("mbus.text") == ["**"]
    assert not bus.texts("mbus.value")
    assert bus.text("cmi_gui.masked") == meter.text("cmi_gui.masked") == "1"
    assert meter.text("iec62056.command") == "P1"
    assert meter.all("iec62056.masked")
    assert not bus.all("mbus.damaged") + meter.all("iec62056.damaged")


def test_each_kind_of_row(tshark: Tshark) -> None:
    rows = []
    for side in Side:
        for kind in RowKind:
            rows.append(a_row(b"" if kind in MARKS else b"\x68\x03", len(rows), side, kind))
    for row, packet in zip(rows, tshark.packets(rows), strict=True):
        assert packet.text("cmi_gui.kind") == row.kind.name.lower()
        assert packet.text("info") == summarise(row)
        marked = packet.all("cmi_gui.damaged") + packet.all("cmi_gui.reported")
        assert len(marked) == (row.kind is not RowKind.TELEGRAM)


def test_the_header_gives_what_a_row_has(tshark: Tshark) -> None:
    row = TrafficRow(
        0,
        START,
        Side.METER,
        Direction.SENT,
        RowKind.TELEGRAM,
        None,
        "listen:pty:/tmp/å b",
        b"\x06",
        baud=4800,
        took=0.002292,
    )
    packet = tshark.packets([row])[0]
    assert packet.text("cmi_gui.link") == row.link
    assert packet.text("cmi_gui.from") == "reader"
    assert packet.text("cmi_gui.speed") == "4800"
    assert packet.text("cmi_gui.took") == "0.002292"
    fields = ["-e", "frame.time_epoch", "-e", "frame.interface_name", "-e", "frame.p2p_dir"]
    out = tshark.run("-r", str(tshark.write([row])), "-T", "fields", *fields)
    assert out.split("\t") == ["1795248903.250000000", row.link, "0\n"]


def test_other_packets_of_the_link_type_are_marked(tshark: Tshark) -> None:
    """Also headers with changed bytes: whatever they say, it is no error of Lua."""
    blocks, random = PcapngBlocks(lambda at: at), Random(1)
    row = replace(a_row(b"\xe5"), masked=((0, 1),), words="masked")
    pieces = [blocks.section(), blocks.row(row)]
    whole = blocks.row(row)
    at = whole.index(b"CM\x01")
    wrong = [whole.replace(b"CM\x01", other) for other in (b"XM\x01", b"CM\x02")]
    for _ in range(300):
        damaged = bytearray(whole)
        damaged[at + random.randrange(3, 52)] = random.randrange(256)
        pieces.append(bytes(damaged))
    path = tshark.folder / "damaged.pcapng"
    path.write_bytes(b"".join(pieces[:2] + wrong + pieces[2:]))
    packets = list(tshark.packets_in(path))
    assert len(packets) == 303
    assert [bool(packet.all("cmi_gui.partial")) for packet in packets[:3]] == [False, True, True]


@pytest.mark.parametrize("whole", [True, False])
def test_telegrams_in_a_tcp_stream(whole: bool, tshark: Tshark) -> None:
    """By *Decode As*, in a capture of a gateway's TCP port, in segments of any size."""
    answer = WORKED_RESPONSES["DOC48 water meter"]
    stream = b"\xe5" + answer + b"\xe5"
    pieces = [stream] if whole else [stream[:10], stream[10:20], stream[20:]]
    path = tshark.folder / "tcp.pcap"
    path.write_bytes(tcp_capture(pieces))
    packets = list(tshark.packets_in(path, "-d", "tcp.port==10001,mbus"))
    texts = [text for packet in packets for text in packet.texts("mbus.text")]
    assert len(texts) == 3
    assert [text for packet in packets for text in packet.texts("mbus.ack")] == ["1", "1"]


def tcp_capture(pieces: Sequence[bytes]) -> bytes:
    """Return a pcap file with these segments, from port 10001 of one host to another, without checksums."""
    out = bytes.fromhex("d4c3b2a1 0200 0400 00000000 00000000 ffff0000 65000000")
    sequence = 1
    for number, piece in enumerate(pieces):
        tcp = (
            (10001).to_bytes(2) + (50000).to_bytes(2) + sequence.to_bytes(4) + bytes(4) + b"\x50\x10\x10\x00" + bytes(4)
        )
        size = 20 + len(tcp) + len(piece)
        ip = b"\x45\x00" + size.to_bytes(2) + bytes(4) + b"\x40\x06\0\0" + bytes((127, 0, 0, 1, 127, 0, 0, 2))
        out += b"".join(n.to_bytes(4, "little") for n in (1, number, size, size)) + ip + tcp + piece
        sequence += len(piece)
    return out


def test_meanings_of_obis_codes(tshark: Tshark) -> None:
    codes = [*known_codes(), "1-0:1.8.0*255", "1-0:1.8.1*04", "7-0:1.8.0", "9.9.9", "1.8.0*01"]
    text = "".join(f"{code}(1)\r\n" for code in codes) + "!\r\n"
    (packet,) = tshark.packets([a_row(DataMessage(text).to_bytes(), side=Side.METER)])
    shown = [item.text("iec62056.meaning") for item in packet.all("iec62056.obis")]
    assert shown == [str(found) if (found := meaning(code)) else None for code in codes]


def test_the_filters_of_the_page_are_valid(tshark: Tshark) -> None:
    page = Path(__file__).parents[2].joinpath("docs/wireshark.md").read_text(encoding="utf-8")
    filters = re.findall(r"^\| `([^`]+)` \|", page.split("## Filters")[1].split("\n## ")[0], re.MULTILINE)
    assert len(filters) > 12
    path = tshark.write([a_row(METERS["electricity, E350-like, three phases"])])
    # tshark fails for an unknown field or a wrong expression.
    assert tshark.run("-r", str(path), "-Y", " or ".join(f"({expression})" for expression in filters))
