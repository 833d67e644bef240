"""Captures: writing and reading without loss, other tools' logs, and any other content of a file."""

from __future__ import annotations

import os
import stat
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.iec62056.message import Command
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.traffic import capture_reading
from cmi_gui.engine.traffic.capture import CaptureWriter, capture_line, capture_text
from cmi_gui.engine.traffic.capture_reading import (
    MAX_BAD_LINES,
    MAX_LINE,
    Capture,
    CaptureError,
    CaptureFault,
    CaptureReader,
    Stopped,
)
from cmi_gui.engine.traffic.masking import MbusMask, apply_mask
from cmi_gui.engine.traffic.store import Direction, RowKind, Side, TrafficRow, TrafficStore
from cmi_gui.engine.traffic.summaries import summarise
from tests.helpers.tapped_wire import read_capture

MASK = MbusMask(load_module_profile(None))
START = datetime(2026, 11, 21, 9, 15, tzinfo=UTC)
REQ = bytes.fromhex("107B007B16")
SECRET = Frame.long(0x53, 5, 0x51, bytes.fromhex("0DFD16083132333435363738")).to_bytes()


def wall(at: float) -> float:
    return START.timestamp() + at


def opened(path: Path, text: str | bytes) -> Capture:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_capture(path, MASK)


def rows_of(capture: Capture) -> list[TrafficRow]:
    return [capture.store.row(index) for index in range(len(capture.store))]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "capture.txt"


def test_the_documented_example_can_be_read(path: Path) -> None:
    page = Path(__file__).parents[3].joinpath("docs/capture-format.md").read_text(encoding="utf-8")
    capture = opened(path, page.split("```")[1].strip("\n"))
    assert capture.own
    assert capture.bad_lines == 0
    rows = rows_of(capture)
    assert [row.data[:2].hex() for row in rows] == ["107b", "e5", "0150"]
    assert rows[0].address == 0
    assert rows[0].link == "tcp://127.0.0.1:10001"
    assert datetime.fromtimestamp(rows[0].at, UTC).isoformat() == "2026-11-21T08:15:03.402118+00:00"
    assert rows[2].masked == ((4, 13),)
    assert str(rows[2].words) == "command P1; secrets masked"
    assert capture.exchanges.start(1) == 0


ROWS = st.lists(
    st.tuples(
        st.integers(0, 10**12).map(lambda us: us / 1e6),
        st.sampled_from(Side),
        st.sampled_from(Direction),
        st.sampled_from([kind for kind in RowKind if kind is not RowKind.BAD_LINE]),
        st.sampled_from(["tcp://127.0.0.1:1", "", "serial:a b;c%20d", "sim:"]),
        st.binary(max_size=40),
        st.booleans(),
        st.one_of(
            st.none(), st.tuples(st.integers(1, 9_999_999), st.integers(0, 999_000_000).map(lambda us: us / 1e6))
        ),
    ),
    max_size=20,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS)
def test_what_is_written_is_read_again(path: Path, rows: list[tuple[object, ...]]) -> None:
    store = TrafficStore()
    for at, side, direction, kind, link, data, masked, timing in rows:
        ranges = ((1, 3),) if masked and len(data) > 3 else ()  # type: ignore[arg-type]
        clean = apply_mask(data, ranges)  # type: ignore[arg-type]
        words = "stored before" if ranges else ""
        baud, took = timing or (None, None)  # type: ignore[misc]
        store.append(at, side, direction, kind, None, link, clean, ranges, words, baud, took)  # type: ignore[arg-type]
    before = [store.row(index) for index in range(len(store))]
    capture = opened(path, capture_text(before, wall, START))
    assert capture.bad_lines == 0
    assert len(capture.store) == len(before)
    for was, now in zip(before, rows_of(capture), strict=True):
        assert (now.side, now.direction, now.kind, now.link) == (was.side, was.direction, was.kind, was.link)
        assert abs(now.at - wall(was.at)) < 2e-6
        assert (now.baud, now.took) == (was.baud, was.took and pytest.approx(was.took, abs=1e-6))
        # Opening may mask more than the file does, never less.
        assert set(range_set(was)) <= set(range_set(now))
        assert now.data == apply_mask(was.data, now.masked)


def range_set(row: TrafficRow) -> list[int]:
    return [at for first, behind in row.masked for at in range(first, behind)]


def test_passwords_in_clear_are_in_the_file_and_masked_on_the_screen(path: Path) -> None:
    for side, secret in ((Side.MBUS, SECRET), (Side.METER, Command("P", "1", "(12345678)").to_bytes())):
        row = TrafficRow(0, 1.0, side, Direction.SENT, RowKind.TELEGRAM, None, "x", secret)
        writer = CaptureWriter(path, START, wall, secrets_in_clear=True)
        writer.add([row])
        writer.close()
        assert "31 32 33 34" in path.read_text(encoding="utf-8")
        capture = read_capture(path, MASK)
        assert capture.secrets_in_clear
        (shown,) = rows_of(capture)
        assert shown.masked
        assert b"1234" not in shown.data
        assert shown.words is not None
        assert str(shown.words).endswith("secrets masked")


def test_a_bad_line_of_a_file_with_passwords_is_not_shown(path: Path) -> None:
    text = capture_text([], wall, START).replace("secrets: masked", "secrets: in clear")
    capture = opened(path, text + "2026 mbus 31 32 33 34 35 36 37 38\n")
    assert capture.bad_lines == 1
    assert rows_of(capture)[0].data == b""


@pytest.mark.skipif(os.name == "nt", reason="permissions are those of POSIX")
def test_only_the_owner_can_read_a_recording(path: Path) -> None:
    path.write_text("old")
    path.chmod(0o644)
    CaptureWriter(path, START, wall, secrets_in_clear=True).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text(encoding="utf-8").splitlines()[2] == "# secrets: in clear"


def test_a_capture_is_written_line_by_line(path: Path) -> None:
    writer = CaptureWriter(path, START, wall, secrets_in_clear=False)
    row = TrafficRow(0, 1.0, Side.MBUS, Direction.RECEIVED, RowKind.TELEGRAM, 0, "", REQ)
    writer.add([row])
    assert path.read_text(encoding="utf-8").count("\n") == 4
    size = writer.write()
    assert path.stat().st_size == size
    assert path.read_text(encoding="utf-8").splitlines()[-1] == capture_line(row, wall)
    writer.close()
    writer.close()
    with pytest.raises(OSError, match="capture"):
        CaptureWriter(path / "capture", START, wall, secrets_in_clear=False)


@pytest.mark.parametrize(
    ("line", "direction"),
    [
        ("107B007B16", Direction.RECEIVED),
        ("10 7b 00 7b 16", Direction.RECEIVED),
        ("0x10 0x7B 0x00 0x7B 0x16", Direction.RECEIVED),
        ("10-7B-00-7B-16", Direction.RECEIVED),
        ("[12:34:56.789] TX: 10 7B 00 7B 16", Direction.RECEIVED),
        ("2026-11-21 12:34:56,789 > 10 7B 00 7B 16", Direction.RECEIVED),
        ("12:34:56 <- 107B007B16 ; remark", Direction.SENT),
        ("RX 12:34:56.7 10 7B 00 7B 16", Direction.SENT),
        ("1718000000.123 SND 10 7B 00 7B 16 | .{.{.", Direction.RECEIVED),
        ("0.250: >> 10 7B 00 7B 16", Direction.RECEIVED),
    ],
)
def test_lines_of_other_tools(path: Path, line: str, direction: Direction) -> None:
    (row,) = rows_of(opened(path, line))
    assert (row.data, row.kind, row.direction, row.address) == (REQ, RowKind.TELEGRAM, direction, 0)


def test_times_of_other_tools(path: Path) -> None:
    text = "12:00:00.500 E5\n12:00:01 E5\nE5\n2026-11-21T12:00:02.25+01:00 E5\n"
    at = [row.at for row in rows_of(opened(path, text))]
    assert at[1] - at[0] == pytest.approx(0.5, abs=1e-6)
    assert at[2] - at[1] == pytest.approx(0.001, abs=1e-6)
    assert at[3] == datetime(2026, 11, 21, 11, 0, 2, 250_000, UTC).timestamp()


def test_the_side_and_several_telegrams_in_a_line_are_recognised(path: Path) -> None:
    sign_on = b"/?!\r\n"
    text = f"{sign_on.hex()}\nE5 {REQ.hex()}\n{REQ.hex()[:-4]}9916\nABCD\n"
    rows = rows_of(opened(path, text))
    assert [(row.side, row.kind) for row in rows] == [
        (Side.METER, RowKind.TELEGRAM),
        (Side.MBUS, RowKind.TELEGRAM),
        (Side.MBUS, RowKind.TELEGRAM),
        (Side.MBUS, RowKind.BAD_CHECKSUM),
        (Side.MBUS, RowKind.NOISE),
    ]
    assert rows[0].direction is Direction.SENT


def test_bad_lines_are_stored_with_their_number(path: Path) -> None:
    capture = opened(path, "E5\nhello\n\n# remark\n" + "A" * (MAX_LINE + 5) + "\n10 4\nE5")
    assert capture.bad_lines == 3
    rows = rows_of(capture)
    assert [row.kind for row in rows].count(RowKind.BAD_LINE) == 3
    assert [str(row.words) for row in rows if row.words] == [
        "line 2: no telegram in hex",
        f"line 5: longer than {MAX_LINE} bytes",
        "line 6: no telegram in hex",
    ]
    assert rows[1].data == b"hello"
    assert rows[-1].data == b"\xe5"


def test_limits(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert opened(path, "x\n" * (MAX_BAD_LINES + 50)).stopped is Stopped.BAD_LINES
    path.write_text("E5\n" * 1000)
    assert read_capture(path, MASK, max_bytes=500).stopped is Stopped.FULL
    for content, fault in ((b"E5\n\0\0", CaptureFault.BINARY), (b"# cmi_gui capture 9\n", CaptureFault.VERSION)):
        with pytest.raises(CaptureError) as raised:
            opened(path, content)
        assert raised.value.fault is fault
    monkeypatch.setattr(capture_reading, "MAX_FILE", 3)
    with pytest.raises(CaptureError) as raised:
        opened(path, "E5E5E5")
    assert raised.value.fault is CaptureFault.TOO_BIG
    with pytest.raises(FileNotFoundError):
        read_capture(path.with_name("none"), MASK)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_refused_without_blocking(path: Path) -> None:
    os.mkfifo(path)
    with pytest.raises(CaptureError) as raised:
        CaptureReader(path, MASK)
    assert raised.value.fault is CaptureFault.NO_FILE


def test_a_line_of_blanks_takes_no_longer_than_others(path: Path) -> None:
    began = time.process_time()
    capture = opened(path, f"E5{' ' * (MAX_LINE - 20)}E5 ; remark\n")
    # It took half a minute when each blank began a search for a remark.
    assert time.process_time() - began < 2
    assert [row.data for row in rows_of(capture)] == [b"\xe5", b"\xe5"]


def test_reading_in_steps_makes_no_difference(path: Path) -> None:
    text = "".join(f"{REQ.hex()}\n\nE5\nhuh\n" for _ in range(40))
    whole = opened(path, text)
    reader = CaptureReader(path, MASK)
    shares = [reader.share]
    while reader.step(7):
        shares.append(reader.share)
    assert shares == sorted(shares)
    assert reader.share == 1.0
    assert [row.data for row in rows_of(reader.capture)] == [row.data for row in rows_of(whole)]


PIECES = st.sampled_from(
    ["mbus", "meter", "rx", "tx", "telegram", "noise", "-", " ", " ; ", "**", "E5", "10", "68", "\n", "\r\n", "#", ":",
     "2026-11-21T08:15:03.402118Z", "0001-01-01T00:00:00Z", "12:34:56", "99:99:99", "3.5", "99999999999.5", "->", "TX",
     "# cmi_gui capture 1\n", "[", "]", "01 50 31 02", "\ufeff", "å"]
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.lists(PIECES, max_size=30).map("".join), st.text(max_size=80)))
def test_any_text_is_read_or_refused(path: Path, text: str) -> None:
    try:
        capture = opened(path, text.encode("utf-8", "surrogatepass"))
    except CaptureError:
        return
    for row in rows_of(capture):
        assert summarise(row)
        datetime.fromtimestamp(row.at).astimezone()
        assert row.kind is not RowKind.BAD_LINE or str(row.words).startswith("line ")
