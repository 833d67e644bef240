"""Bookmarks in captures: written and read without loss, appended, and damaged."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.traffic import capture_reading
from cmi_gui.engine.traffic.bookmarks import MAX_NOTE, bookmark_line, clean_note, parse_bookmark
from cmi_gui.engine.traffic.capture import CaptureWriter, append_line, capture_text
from cmi_gui.engine.traffic.capture_reading import Capture
from cmi_gui.engine.traffic.masking import MbusMask
from cmi_gui.engine.traffic.store import ROW_COST, Direction, RowKind, Side, TrafficRow, TrafficStore
from tests.helpers.tapped_wire import read_capture

MASK = MbusMask(load_module_profile(None))
START = datetime(2026, 11, 21, 9, 15, tzinfo=UTC)
REQ = bytes.fromhex("107B007B16")


def wall(at: float) -> float:
    return START.timestamp() + at


def row(number: int, at: float) -> TrafficRow:
    return TrafficRow(number, at, Side.MBUS, Direction.RECEIVED, RowKind.TELEGRAM, 0, "tcp", REQ)


def opened(path: Path, text: str) -> Capture:
    path.write_text(text, encoding="utf-8", newline="\n")
    return read_capture(path, MASK)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "capture.txt"


NOTES = st.one_of(
    st.text(max_size=40), st.sampled_from(["", "-", '"', "a\nb", "\\n", "; #", "\ud800", "x\r\ny", "<b>"])
)
MICROSECONDS = st.integers(0, 10**12).map(lambda us: us / 1e6)


@given(st.integers(0, 10**9), MICROSECONDS, NOTES | st.none())
def test_a_line_is_read_as_it_was_written(number: int, at: float, note: str | None) -> None:
    line = bookmark_line(number, wall(at), note)
    assert "\n" not in line
    read = parse_bookmark(line)
    assert (read[0], read[2]) == (number, None if note is None else clean_note(note))
    assert abs(read[1] - wall(at)) < 2e-6
    assert bookmark_line(*read) == line


@given(st.text())
def test_a_note_is_text_of_limited_length(text: str) -> None:
    note = clean_note(text * 50)
    assert len(note) <= MAX_NOTE
    assert all(char == "\n" or char.isprintable() for char in note)
    assert clean_note(note) == note


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(MICROSECONDS, st.none() | NOTES), max_size=12))
def test_a_capture_keeps_its_bookmarks(path: Path, content: list[tuple[float, str | None]]) -> None:
    # The saved rows are a selection, so their indices are not their numbers in the file.
    rows = [row(10 + 3 * number, at) for number, (at, _) in enumerate(content)]
    notes = {10 + 3 * number: note for number, (_, note) in enumerate(content) if note is not None}
    capture = opened(path, capture_text(rows, wall, START, notes))
    assert not capture.bad_bookmarks
    assert not capture.bad_lines
    assert len(capture.store) == len(rows)
    assert capture.store.bookmarks == {(index - 10) // 3: clean_note(note) for index, note in notes.items()}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_capture_never_moves_a_bookmark(path: Path, data: st.DataObject) -> None:
    """Lines are lost, doubled or cut; a bookmark that is read still belongs to the row with its time."""
    text = capture_text([row(n, float(n)) for n in range(6)], wall, START, {n: f"note {n}" for n in range(6)})
    lines = text.splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(4, len(lines) - 1))
        match data.draw(st.sampled_from(["lose", "double", "cut", "junk"])):
            case "lose" if len(lines) > 6:
                del lines[at]
            case "double":
                lines.insert(at, lines[at])
            case "cut":
                lines[at] = lines[at][: data.draw(st.integers(0, len(lines[at])))]
            case "junk":
                lines[at] = lines[at][:12] + data.draw(st.text(max_size=20)).replace("\n", " ")
    capture = opened(path, "\n".join(lines) + "\n")
    for index, note in capture.store.bookmarks.items():
        if note.startswith("note ") and note[5:].isdigit():
            assert capture.store.at(index) == wall(float(note[5:]))


@pytest.mark.parametrize(
    "line",
    [
        "# bookmark",
        "# bookmark x",
        '# bookmark -1 2026-11-21T09:15:00.000000Z ""',
        '# bookmark 0 2026-11-21T09:15:01.000000Z "another time"',
        '# bookmark 7 2026-11-21T09:15:00.000000Z "no such row"',
        '# bookmark 0 2026-11-21T09:15:00.000000Z "not closed',
        '# bookmark 0 2026-11-21T09:15:00.000000Z "\\ud800"',
        '# bookmark 0 9999-99-99T09:15:00.000000Z ""',
        "# bookmark 99999999999 2026-11-21T09:15:00.000000Z -",
        "# bookmark 0 2026-11-21T09:15:00.000000Z 5",
    ],
)
def test_a_wrong_bookmark_is_counted_and_nothing_else(path: Path, line: str) -> None:
    capture = opened(path, capture_text([row(0, 0.0)], wall, START) + line + "\n")
    assert capture.store.bookmarks == {}
    assert (capture.bad_bookmarks, capture.bad_lines, len(capture.store)) == (1, 0, 1)


def test_other_tools_have_no_bookmarks(path: Path) -> None:
    capture = opened(path, '10 7B 00 7B 16\n# bookmark 0 2026-11-21T09:15:00.000000Z "x"\n')
    assert (capture.store.bookmarks, capture.bad_bookmarks, len(capture.store)) == ({}, 0, 1)


def test_the_number_of_bookmarks_is_limited(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture_reading, "MAX_BOOKMARKS", 2)
    text = capture_text([row(n, float(n)) for n in range(4)], wall, START, dict.fromkeys(range(4), "x"))
    capture = opened(path, text + bookmark_line(1, wall(1.0), "changed") + "\n")
    assert capture.store.bookmarks == {0: "x", 1: "changed"}
    assert capture.bad_bookmarks == 2


def test_bookmarks_are_appended_to_a_file_that_grows(path: Path) -> None:
    writer = CaptureWriter(path, START, wall, secrets_in_clear=False)
    writer.add([row(0, 0.0), row(1, 1.0)])
    writer.write()
    append_line(path, bookmark_line(1, wall(1.0), "while it records"))
    writer.add([row(2, 2.0), bookmark_line(2, wall(2.0), ""), bookmark_line(0, wall(0.0), "lost")])
    writer.write()
    append_line(path, bookmark_line(0, wall(0.0), None))
    writer.close()
    capture = read_capture(path, MASK)
    assert capture.store.bookmarks == {1: "while it records", 2: ""}
    assert (capture.bad_bookmarks, capture.bad_lines, len(capture.store)) == (0, 0, 3)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_bookmark_is_appended_after_a_line_that_was_cut(path: Path, newline: str) -> None:
    path.write_text(capture_text([row(0, 0.0)], wall, START) + "2026-11-21T09:1", encoding="utf-8", newline=newline)
    append_line(path, bookmark_line(0, wall(0.0), "x"))
    capture = read_capture(path, MASK)
    assert capture.store.bookmarks == {0: "x"}
    assert capture.bad_lines == 1


def test_bookmarks_are_appended_only_to_a_capture(path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        append_line(path, "# x")
    assert not path.exists()
    path.write_text("10 7B 00 7B 16\n")
    with pytest.raises(ValueError, match="is not a capture"):
        append_line(path, "# x")
    assert path.read_text() == "10 7B 00 7B 16\n"


def test_a_bookmark_is_dropped_with_its_row() -> None:
    store = TrafficStore()
    for number in range(20):
        store.append(float(number), Side.MBUS, Direction.RECEIVED, RowKind.TELEGRAM, 0, "", REQ)
    store.bookmarks.update({0: "old", 19: "new"})
    store.max_bytes = 10 * (ROW_COST + len(REQ))
    assert store.bookmarks == {19: "new"}
    store.clear()
    assert store.bookmarks == {}
