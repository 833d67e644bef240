"""Notes at a time: stored with their module, over restarts and migrations; what is refused."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.history import database
from cmi_gui.engine.history.database import HistoryFile
from cmi_gui.engine.history.service import FILE_NAME, History
from cmi_gui.engine.history.values import DAY_MS, MAX_NOTE_CHARACTERS, MAX_NOTES, Note, Series, note_text
from cmi_gui.engine.iec62056.reading import Reading
from cmi_gui.engine.messages import InvalidValue

T0 = 1_790_000_000_000


def test_notes_belong_to_a_module_and_survive_a_restart(tmp_path: Path) -> None:
    troubles: list[object] = []
    history = History(tmp_path, troubles.append)
    first, second, other = Note(T0, "a", "fuse\nreplaced"), Note(T0 - 5, "a", "oven on"), Note(T0, "b", "=1+1")
    for note in (first, second, other):
        history.put_note(note)
    assert history.notes("a").result(5) == [second, first]
    history.close(T0)
    history = History(tmp_path, troubles.append)
    assert history.notes("a").result(5) == [second, first]
    assert history.notes("b").result(5) == [other]
    moved = Note(T0 + 9, "a", "fuse F2 replaced")
    assert history.put_note(moved, T0).result(5) == [second, moved]
    assert history.delete_note("a", second.time).result(5) == [moved]
    assert history.info().result(5).oldest == T0
    history.close(T0)
    assert not troubles


def test_a_file_without_notes_gets_them_and_keeps_its_readings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / FILE_NAME
    with monkeypatch.context() as older:
        older.setattr(database, "_MIGRATIONS", database._MIGRATIONS[:1])
        with closing(HistoryFile(path)) as file:
            file._db.execute("INSERT INTO series VALUES (1, 'm', '1.8.0', 'kWh')")
            file._db.execute("INSERT INTO samples VALUES (1, ?, '7.5', 0)", (T0,))
    with closing(HistoryFile(path)) as file:
        assert [s.text for s in file.samples(Series("m", "1.8.0", "kWh"), 0, 2**60, 9)] == ["7.5"]
        file.put_note(Note(T0, "m", "x"))
        assert file.notes("m") == [Note(T0, "m", "x")]


def test_old_notes_are_deleted_with_the_readings_and_all_on_request() -> None:
    with closing(HistoryFile(None)) as file:
        file.days = 10
        old, new = Note(T0 - 11 * DAY_MS, "m", "old"), Note(T0, "m", "new")
        for note in (old, new):
            file.put_note(note)
        file.prune(T0)
        assert file.notes("m") == [new]
        file.clear()
        assert file.notes("m") == []


def test_notes_made_while_the_file_is_locked_are_moved_into_it(tmp_path: Path) -> None:
    with closing(HistoryFile(None)) as memory, closing(HistoryFile(tmp_path / FILE_NAME)) as file:
        memory.record("m", T0, [Reading("1.8.0", "1", Decimal(1), "kWh")])
        memory.put_note(Note(T0, "m", "x"))
        file.import_from(memory)
        assert file.notes("m") == [Note(T0, "m", "x")]


def test_the_newest_notes_are_returned() -> None:
    with closing(HistoryFile(None)) as file:
        for at in range(MAX_NOTES + 2):
            file.put_note(Note(at, "m", str(at)))
        found = file.notes("m")
    assert (len(found), found[0].time, found[-1].time) == (MAX_NOTES, 2, MAX_NOTES + 1)


def test_the_file_refuses_a_text_that_is_too_long() -> None:
    with closing(HistoryFile(None)) as file, pytest.raises(sqlite3.IntegrityError):
        file.put_note(Note(T0, "m", "x" * (MAX_NOTE_CHARACTERS + 1)))


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("", "a note needs a text"),
        (" \n\t\n", "a note needs a text"),
        ("1\n2\n3\n4\n5\n6", "a note has at most 5 lines, this one has 6"),
        ("x" * 501, "a note has at most 500 characters, this one has 501"),
        ("\x00" * 126, "a note has at most 500 characters, this one has 504"),
    ],
)
def test_texts_that_are_no_notes(text: str, cause: str) -> None:
    with pytest.raises(InvalidValue, match=cause):
        note_text(text)


@given(st.text(max_size=60))
def test_a_stored_text_is_printable_and_is_its_own_stored_form(text: str) -> None:
    try:
        stored = note_text(text)
    except InvalidValue:
        return
    assert all(line.isprintable() for line in stored.split("\n"))
    assert note_text(stored) == stored
