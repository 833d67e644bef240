"""pcapng files: every block and header is as documented, whatever the rows are, and no secret is in them."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.messages import Message
from cmi_gui.engine.traffic.pcapng import LINK_TYPE, MAX_PACKET, PcapngBlocks, pcapng_file
from cmi_gui.engine.traffic.store import Direction, RowKind, Side, TrafficRow

AT = 1_795_248_903.402118


@dataclass
class Packet:
    link: str
    time: int
    length: int
    data: bytes
    options: dict[int, bytes]


def options_of(data: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    at = 0
    while True:
        code, size = struct.unpack_from("<HH", data, at)
        if not code:
            assert (size, at + 4) == (0, len(data))
            return found
        found[code] = data[at + 4 : at + 4 + size]
        at += 4 + size + -size % 4


def read(file: bytes) -> list[Packet]:
    """Read a file by the specification of pcapng; every block and option must be well-formed."""
    packets: list[Packet] = []
    names: list[str] = []
    at = 0
    while at < len(file):
        kind, size = struct.unpack_from("<II", file, at)
        assert size % 4 == 0
        assert struct.unpack_from("<I", file, at + size - 4) == (size,)
        body = file[at + 8 : at + size - 4]
        if at == 0:
            assert kind == 0x0A0D0D0A
            assert struct.unpack_from("<IHHq", body) == (0x1A2B3C4D, 1, 0, -1)
            options_of(body[16:])
        elif kind == 1:
            assert struct.unpack_from("<HHI", body) == (LINK_TYPE, 0, MAX_PACKET)
            options = options_of(body[8:])
            assert options[9] == b"\x09"
            names.append(options[2].decode())
        else:
            assert kind == 6
            interface, high, low, captured, length = struct.unpack_from("<IIIII", body)
            data = body[20 : 20 + captured]
            rest = body[20 + captured + -captured % 4 :]
            packets.append(Packet(names[interface], high << 32 | low, length, data, options_of(rest)))
        at += size
    assert len(names) == len(set(names))
    return packets


def header_of(data: bytes) -> tuple[TrafficRow, bytes]:
    """Return what the header of a packet says as a row, and the bytes after it, by docs/wireshark.md alone."""
    assert data[:3] == b"CM\x01"
    side, direction, kind, size, speed, took, length = struct.unpack_from(">BBBHIIH", data, 3)
    link = data[18 : 18 + length].decode()
    at = 18 + length
    (count,) = struct.unpack_from(">H", data, at)
    masked = tuple(struct.unpack_from(">II", data, at + 2 + 8 * index) for index in range(count))
    at += 2 + 8 * count
    (length,) = struct.unpack_from(">H", data, at)
    remark = data[at + 2 : at + 2 + length].decode()
    assert at + 2 + length == size
    row = TrafficRow(
        -1,
        0.0,
        Side(side),
        Direction(direction),
        RowKind(kind),
        None,
        link,
        data[size:],
        masked,
        remark or None,
        baud=speed or None,
        took=None if took == 0xFFFFFFFF else took / 1e6,
    )
    return row, data[size:]


def a_row(data: bytes = b"\xe5", link: str = "sim:", at: float = AT, **more: object) -> TrafficRow:
    fields: dict[str, object] = {"side": Side.MBUS, "direction": Direction.SENT, "kind": RowKind.TELEGRAM, **more}
    return TrafficRow(index=0, at=at, address=None, link=link, data=data, **fields)  # type: ignore[arg-type]


def file_of(*rows: TrafficRow, notes: dict[int, str] | None = None) -> bytes:
    return b"".join(pcapng_file(rows, lambda at: at, notes))


@given(
    st.lists(
        st.builds(
            TrafficRow,
            index=st.integers(0, 100),
            at=st.floats(0, 1e10),
            side=st.sampled_from(Side),
            direction=st.sampled_from(Direction),
            kind=st.sampled_from(RowKind),
            address=st.none(),
            link=st.sampled_from(("", "sim:", "listen:tcp://bus:10001", "pty:/tmp/å b")) | st.text(max_size=30),
            data=st.binary(max_size=300),
            masked=st.just(()),
            words=st.none() | st.text(min_size=1, max_size=50).map(lambda text: Message("{0}", (text,))),
            baud=st.none() | st.integers(1, 1_000_000),
            took=st.none() | st.integers(0, 4_000_000_000).map(lambda us: us / 1e6),
        ),
        max_size=8,
    ),
    st.dictionaries(st.integers(0, 100), st.text(max_size=20)),
)
def test_every_row_is_found_again(rows: list[TrafficRow], notes: dict[int, str]) -> None:
    packets = read(file_of(*rows, notes=notes))
    for row, packet in zip(rows, packets, strict=True):
        found, data = header_of(packet.data)
        assert data == row.data
        assert (found.side, found.direction, found.kind) == (row.side, row.direction, row.kind)
        assert found.link == row.link.encode("utf-8", "replace").decode()
        assert packet.link == (found.link or "-")
        assert (found.words or "") == ("" if row.words is None else str(row.words).encode("utf-8", "replace").decode())
        assert (found.baud, found.took) == (row.baud, row.took)
        assert packet.time == round(row.at * 1e6) * 1000
        assert packet.length == len(packet.data)
        assert (1 in packet.options) == (row.index in notes)
        direction = struct.unpack("<I", packet.options[2])[0] & 3
        assert direction == (1 if row.direction is Direction.RECEIVED else 2)


def test_masked_bytes_are_zero_and_marked() -> None:
    (packet,) = read(file_of(a_row(b"abcdef", masked=((1, 3), (5, 6)))))
    found, data = header_of(packet.data)
    assert data == b"a\0\0de\0"
    assert found.masked == ((1, 3), (5, 6))


def test_too_many_ranges_are_joined() -> None:
    ranges = tuple((at, at + 1) for at in range(0, 5000, 2))
    (packet,) = read(file_of(a_row(b"x" * 5000, masked=ranges)))
    found, data = header_of(packet.data)
    assert len(found.masked) == 1000
    assert found.masked[-1] == (1998, 4999)
    assert data[2000:] == bytes(2999) + b"x"


def test_long_messages_and_texts_are_cut() -> None:
    row = a_row(b"x" * 300_000, link="å" * 2000, words="é" * 2000)
    (packet,) = read(file_of(row, notes={0: "ö" * 10_000}))
    found, data = header_of(packet.data)
    assert len(packet.data) == MAX_PACKET
    assert packet.length - len(packet.data) == 300_000 - len(data)
    assert (found.link, found.words) == ("å" * 500, "é" * 500)
    assert packet.options[1].decode() == "ö" * 4000


def test_impossible_times_are_the_nearest_possible() -> None:
    packets = read(file_of(a_row(at=-5.0), a_row(at=2.5e11), a_row(took=9e9), a_row(took=-1.0)))
    assert [packet.time for packet in packets[:2]] == [0, (1 << 64) - 1]
    assert [header_of(packet.data)[0].took for packet in packets[2:]] == [None, 0.0]


def test_an_interface_is_named_once() -> None:
    blocks = PcapngBlocks(lambda at: at)
    file = blocks.section() + blocks.row(a_row()) + blocks.row(a_row(link="pty:x")) + blocks.row(a_row())
    assert [packet.link for packet in read(file)] == ["sim:", "pty:x", "sim:"]


def test_the_page_has_the_kinds_of_rows() -> None:
    page = Path(__file__).parents[3].joinpath("docs/wireshark.md").read_text(encoding="utf-8")
    for kind in RowKind:
        assert f"| {kind.value} | {kind.name.lower()}" in page
