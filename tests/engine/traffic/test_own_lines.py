"""Plain lines of captures, which are read many at once: the rows are those of reading line by line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.messages import InvalidValue
from cmi_gui.engine.traffic import capture_reading
from cmi_gui.engine.traffic.capture_reading import Capture, CaptureReader, Stopped
from cmi_gui.engine.traffic.masking import MbusMask, meter_ranges
from cmi_gui.engine.traffic.own_lines import OwnLines, is_plain_text, parse_own
from cmi_gui.engine.traffic.recorder import store_masked
from cmi_gui.engine.traffic.store import ROW_COST, TrafficStore

MASK = MbusMask(load_module_profile(None))
HEADER = "# cmi_gui capture 1\n"
REQ = "10 7B 00 7B 16"
SECRET = Frame.long(0x53, 5, 0x51, bytes.fromhex("0DFD16083132333435363738")).to_bytes()
OCTETS = (
    *(REQ, "E5", "e5", "-", "", "10 7", "1 0 7B", "10  7B 00 7B 16", "68", "16 00", "FF " * 30, "01 50 31 02 ** **"),
    *(SECRET.hex(" "), SECRET[:12].hex(" "), SECRET[12:].hex(" "), "53 05 51 fd", "01 50 31", "02 28 31"),
)

TIMINGS = (
    *(
        " ; 2400 bit/s 0.114583 s",
        " ; 300 bit/s 0.000000 s",
        " ; 2400 bit/s 0.114583 s ; command P1",
        " ; 0 bit/s 0.1 s",
    ),
    *(
        " ; 2400 bit/s 0.114583 s;",
        " ; 2400 bit/s 0.114583 s ",
        " ; 2400 bit/s 0.11458 s",
        " ; ; 2400 bit/s 0.114583 s",
    ),
)
LINES = st.builds(
    "{}{} {} {} {} {} {}{}".format,
    st.sampled_from(["", "", "", "", " ", "\ufeff"]),
    st.sampled_from(
        ["2026-11-21T08:15:03.402118Z", "2026-11-21T08:15:03.999999Z", "2026-11-21T08:15:04.000001Z",
         "2999-12-31T23:59:59.999999Z", "0001-01-01T00:00:00.000000Z", "2026-13-21T08:15:03.402118Z",
         "2026-11-21T08:15:03.40211Z", "2026-11-21T08:15:03.4021_8Z", "2026-11-21T08:15:03,402118Z",
         "20261121T08:15:03.1.402118Z", "2026-W47-6T08:15:03.402118Z", "2026-11-21T08:15:03.402118z",
         "2026-11-21T09:15:03.402118+01:00", "2026-11-21T08:15:03.٤02118Z"]
    ),
    st.sampled_from(["mbus", "mbus", "meter", "wire"]),
    st.sampled_from(["rx", "tx"]),
    st.sampled_from(["telegram", "telegram", "noise", "expired", "bad_line", "fault", "none"]),
    st.sampled_from(["tcp://127.0.0.1:1", "-", "serial:a%20b", "tcp:å", "x" * 300]),
    st.sampled_from(OCTETS),
    st.sampled_from(["", "", "", "", " ", "\r", "\t", "\v", " ; remark", "\x1c", " ; ", *TIMINGS]),
)  # fmt: skip
PIECES = st.lists(st.one_of(LINES, st.sampled_from(["", "# remark", "hello"])), max_size=30)


def read(path: Path, size: int, max_bytes: int | None = None) -> Capture:
    reader = CaptureReader(path, MASK, max_bytes)
    while reader.step(size):
        pass
    return reader.capture


def content_of(capture: Capture) -> list[object]:
    store = capture.store
    marks = capture.exchanges.marks(0, len(store))
    starts = [capture.exchanges.start(index) for index in range(len(store))]
    return [*map(store.row, range(len(store))), capture.bad_lines, capture.stopped, marks, starts]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "capture.txt"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PIECES, st.sampled_from(["\n", "\r\n"]), st.integers(1, 3000), st.one_of(st.none(), st.integers(0, 3000)))
def test_captures_are_read_as_line_by_line(
    path: Path, lines: list[str], end: str, size: int, max_bytes: int | None
) -> None:
    path.write_bytes((HEADER + end.join(lines)).encode())
    found = content_of(read(path, size, max_bytes))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(capture_reading, "is_plain_text", lambda text: False)
        assert found == content_of(read(path, 1, max_bytes))


@given(PIECES)
def test_a_plain_line_is_the_row_of_the_parser(lines: list[str]) -> None:
    lines = [line for line in lines if is_plain_text(line)]
    store, other = TrafficStore(), TrafficStore()
    own = OwnLines(store)
    first = 0
    while first < len(lines):
        columns = own.read(lines, first)
        store.extend(*columns)
        for line in lines[first : first + len(columns[0])]:
            store_masked(other, parse_own(line), ())
        first += len(columns[0]) + 1
    assert list(map(store.row, range(len(store)))) == list(map(other.row, range(len(other))))


def plain_lines(count: int) -> Iterator[str]:
    for number in range(count):
        yield f"2026-11-21T08:15:{number // 50 % 60:02}.{number:06}Z mbus rx telegram tcp {REQ}"


def test_plain_lines_are_read_at_once(path: Path) -> None:
    lines = list(plain_lines(300))
    own = OwnLines(TrafficStore())
    assert len(own.read(lines, 0)[0]) == 300
    assert len(own.read([*lines[:20], "hello", *lines[20:]], 5)[0]) == 15
    assert own.read(["2026-11-21T08:15:03.402118Z mbus rx telegram tcp E5 ; remark"], 0)[0] == []


def test_lines_with_their_timing_are_read_at_once(path: Path) -> None:
    lines = [f"{line} ; 2400 bit/s 0.{number:06} s" for number, line in enumerate(plain_lines(300))]
    assert len(OwnLines(TrafficStore()).read(lines, 0)[0]) == 300
    path.write_text(HEADER + "\n".join(lines))
    row = read(path, 4000).store.row(299)
    assert (row.baud, row.took) == (2400, pytest.approx(0.000299))


def test_a_capture_ends_where_the_memory_does(path: Path) -> None:
    path.write_text(HEADER + "\n".join(plain_lines(1000)))
    capture = read(path, 4000, 100 * (ROW_COST + 5))
    assert capture.stopped is Stopped.FULL
    assert len(capture.store) == 101


SETTING = Frame.long(0x53, 5, 0x51, bytes.fromhex("0C7878563412")).to_bytes()
PARTS = (
    SETTING,
    SETTING[:-1],
    SECRET,
    SECRET[:12],
    SECRET[12:],
    b"\x01P",
    b"1\x02",
    b"\x01P1\x02(12)",
    b"\x68",
    b"\x53\x05\x51",
    b"\xfd",
    b"",
)


@given(st.lists(st.sampled_from([*PARTS, *(bytes((byte,)) for byte in SECRET)])))
def test_no_secret_is_missed(datas: list[bytes]) -> None:
    suspects = MASK.suspects(datas)
    assert suspects == sorted(set(suspects))
    for index, data in enumerate(datas):
        assert index in suspects or not (MASK.ranges(data) or meter_ranges(data))


def test_few_telegrams_are_suspected() -> None:
    assert MASK.suspects([SETTING, SETTING[:-1], SETTING[:8] + b"\0" + SETTING[9:], b"\x68" + SETTING]) == [1, 2, 3]
    assert MASK.suspects([bytes.fromhex(REQ), b"\xe5", SECRET, b"/?!\r\n"]) == [2]


def test_the_parser_refuses_what_is_not_a_line() -> None:
    with pytest.raises(InvalidValue, match="2 fields"):
        parse_own("E5 E5")
