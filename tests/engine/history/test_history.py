"""The history of readings: restarts, curves, and files that cannot be used."""

from __future__ import annotations

import math
import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.history import database, service
from cmi_gui.engine.history.database import HistoryFile
from cmi_gui.engine.history.service import FILE_NAME, History, HistoryError, HistoryTrouble, Trouble
from cmi_gui.engine.history.values import (
    DAY_MS,
    DEFAULT_DAYS,
    Absence,
    GapCause,
    Note,
    Quality,
    Series,
    history_key,
)
from cmi_gui.engine.iec62056.reading import Reading, read_lines

T0 = 1_790_000_000_000
VOLTAGE = Series("12345678", "32.7", "V")


def readings(*lines: str) -> list[Reading]:
    return list(read_lines(lines))


Opener = Callable[..., History]


@pytest.fixture
def troubles() -> list[HistoryTrouble]:
    return []


@pytest.fixture
def opened(tmp_path: Path, troubles: list[HistoryTrouble]) -> Iterator[Opener]:
    made: list[History] = []

    def make(folder: Path | None = tmp_path) -> History:
        history = History(folder, troubles.append)
        made.append(history)
        return history

    yield make
    for history in made:
        history.close(T0 + 10 * DAY_MS)


def test_readings_survive_a_restart_with_a_gap_between(opened: Opener, troubles: list[HistoryTrouble]) -> None:
    first = opened()
    first.record("12345678", T0, readings("32.7(241*V)", "1.8.0(061561.289*kWh)", "0.2.0(M26)"))
    first.record("12345678", T0 + 60_000, readings("32.7(239*V)"))
    first.close(T0 + 61_000)
    second = opened()
    second.record("12345678", T0 + 500_000, readings("32.7(240*V)"))
    curve = second.curve(VOLTAGE, T0, T0 + 600_000, 100).result(5)
    assert curve.times == [T0, T0 + 60_000, T0 + 61_000, T0 + 500_000]
    assert curve.values[:2] == [241.0, 239.0]
    assert math.isnan(curve.values[2])
    assert curve.values[3] == 240.0
    assert curve.first == T0
    assert curve.complete
    assert [s.text for s in second.samples(Series("12345678", "1.8.0", "kWh"), 0, 2**60, 9).result(5)] == ["061561.289"]
    assert second.samples(Series("12345678", "0.2.0", ""), 0, 2**60, 9).result(5) == []
    assert troubles == []


def test_a_run_that_was_killed_ends_in_a_gap_too(tmp_path: Path, opened: Opener) -> None:
    killed = HistoryFile(tmp_path / FILE_NAME)
    killed.record("12345678", T0, readings("32.7(241*V)"))
    killed._db.close()
    after = opened()
    after.record("12345678", T0 + 60_000, readings("32.7(239*V)"))
    curve = after.curve(VOLTAGE, T0, T0 + 60_001, 100).result(5)
    assert [math.isnan(value) for value in curve.values] == [False, True, False]


def test_a_loss_adds_one_gap_and_only_after_a_sample(opened: Opener) -> None:
    history = opened()
    history.gap("12345678", T0 - 5, GapCause.NO_CONTACT)
    history.record("12345678", T0, readings("32.7(241*V)"))
    history.gap("12345678", T0 + 1000, GapCause.NO_CONTACT)
    history.gap("12345678", T0 + 2000, GapCause.NO_POWER)
    history.gap("another", T0 + 500, GapCause.NO_CONTACT)
    assert history.curve(VOLTAGE, 0, T0 + 9000, 100).result(5).times == [T0, T0 + 1000]


def test_last_known_values_are_stored_but_not_in_curves(opened: Opener) -> None:
    history = opened()
    for minute, quality in enumerate((Quality.MEASURED, Quality.LAST_KNOWN, Quality.MEASURED)):
        history.record("12345678", T0 + minute * 60_000, readings(f"32.7(24{minute}*V)"), quality)
    curve = history.curve(VOLTAGE, T0, T0 + DAY_MS, 100).result(5)
    assert [value for value in curve.values if not math.isnan(value)] == [240.0, 242.0]
    assert math.isnan(curve.values[1])
    assert [s.quality for s in history.samples(VOLTAGE, T0, T0 + DAY_MS, 9).result(5)] == [0, 1, 0]
    assert history.statistics([VOLTAGE], T0, T0 + DAY_MS).result(5)[VOLTAGE].count == 2


def test_a_curve_includes_the_samples_around_its_range(opened: Opener) -> None:
    history = opened()
    for minute in range(5):
        history.record("12345678", T0 + minute * 60_000, readings(f"32.7(24{minute}*V)"))
    curve = history.curve(VOLTAGE, T0 + 90_000, T0 + 150_000, 100).result(5)
    assert curve.values == [241.0, 242.0, 243.0]


def test_an_empty_range_has_the_cause_of_its_gap(opened: Opener) -> None:
    history = opened()

    def absence(end: int) -> Absence:
        return history.absence([VOLTAGE, Series("12345678", "31.7", "A")], end).result(5)

    assert absence(T0) == Absence(None, None, None)
    history.record("12345678", T0, readings("32.7(241*V)"))
    history.gap("12345678", T0 + 60_000, GapCause.NO_CONTACT)
    history.record("12345678", T0 + 600_000, readings("32.7(241*V)"))
    history.gap("12345678", T0 + 660_000, GapCause.NO_POWER)
    assert absence(T0 - 1000) == Absence(None, T0, None)
    assert absence(T0 + 30_000) == Absence(None, T0, T0)
    assert absence(T0 + 300_000) == Absence(GapCause.NO_CONTACT, T0, T0)
    assert absence(T0 + 630_000) == Absence(None, T0, T0 + 600_000)
    assert absence(T0 + DAY_MS) == Absence(GapCause.NO_POWER, T0, T0 + 600_000)


def test_old_samples_are_deleted_and_the_days_survive(opened: Opener) -> None:
    first = opened()
    assert first.info().result(5).days == DEFAULT_DAYS
    for day in range(20):
        first.record("12345678", T0 + day * DAY_MS, readings("32.7(241*V)"))
    info = first.set_days(7, T0 + 20 * DAY_MS).result(5)
    assert (info.days, info.oldest) == (7, T0 + 13 * DAY_MS)
    first.close(T0 + 20 * DAY_MS)
    second = opened()
    assert second.info().result(5).days == 7
    # Later recordings delete old samples too.
    second.record("12345678", T0 + 25 * DAY_MS, readings("32.7(241*V)"))
    assert second.info().result(5).oldest == T0 + 18 * DAY_MS


def test_days_have_limits(opened: Opener) -> None:
    history = opened()
    for days in (0, -1, 36_501):
        with pytest.raises(ValueError, match="1 to 36500 days"):
            history.set_days(days, T0)


def test_clearing_deletes_everything_and_frees_the_space(opened: Opener) -> None:
    history = opened()
    for minute in range(3000):
        history.record("12345678", T0 + minute * 60_000, readings("32.7(241*V)", "1.8.0(061561.289*kWh)"))
    before = history.info().result(5)
    after = history.clear().result(5)
    assert before.size > 3 * after.size
    assert after.oldest is None
    assert history.curve(VOLTAGE, 0, 2**60, 100).result(5).times == []
    history.record("12345678", T0, readings("32.7(241*V)"))
    assert history.curve(VOLTAGE, 0, 2**60, 100).result(5).values == [241.0]


# Files that cannot be used


def test_a_damaged_file_is_renamed_and_replaced(tmp_path: Path, opened: Opener, troubles: list[HistoryTrouble]) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"this is no database" * 100)
    history = opened()
    history.record("12345678", T0, readings("32.7(241*V)"))
    assert history.curve(VOLTAGE, 0, 2**60, 100).result(5).values == [241.0]
    (trouble,) = troubles
    assert trouble.trouble is Trouble.DAMAGED
    assert trouble.path is not None
    assert trouble.path.read_bytes().startswith(b"this is no database")


def test_damage_deep_inside_is_found_when_it_is_read(
    tmp_path: Path, opened: Opener, troubles: list[HistoryTrouble]
) -> None:
    first = opened()
    for minute in range(3000):
        first.record("12345678", T0 + minute * 60_000, readings("32.7(241*V)"))
    first.close(T0 + DAY_MS)
    path = tmp_path / FILE_NAME
    content = bytearray(path.read_bytes())
    for page in range(9, len(content) // 4096):
        content[page * 4096 : page * 4096 + 200] = os.urandom(200)
    path.write_bytes(content)
    history = opened()
    assert history.curve(VOLTAGE, 0, 2**60, 100).result(5).times == []
    assert [trouble.trouble for trouble in troubles] == [Trouble.DAMAGED]
    history.record("12345678", T0, readings("32.7(240*V)"))
    assert history.curve(VOLTAGE, 0, 2**60, 100).result(5).values == [240.0]


def test_a_foreign_database_is_not_changed(tmp_path: Path, opened: Opener, troubles: list[HistoryTrouble]) -> None:
    foreign = (
        "CREATE TABLE t (a)",
        "PRAGMA application_id = 252006674",
        "CREATE TABLE series (a); PRAGMA user_version = 1",
        "CREATE TABLE t (a); PRAGMA user_version = 99",
    )
    for number, make in enumerate(foreign):
        folder = tmp_path / str(number)
        folder.mkdir()
        with closing(sqlite3.connect(folder / FILE_NAME)) as other:
            other.executescript(make)
        before = (folder / FILE_NAME).read_bytes()
        history = opened(folder)
        history.record("12345678", T0, readings("32.7(241*V)"))
        assert history.curve(VOLTAGE, 0, 2**60, 100).result(5).values == [241.0]
        assert history.info().result(5).path is None
        history.close(T0 + 1)
        assert (folder / FILE_NAME).read_bytes() == before
        assert [path.name for path in folder.iterdir()] == [FILE_NAME]
    assert [trouble.trouble for trouble in troubles] == [Trouble.FOREIGN] * len(foreign)


@pytest.mark.parametrize("freed_at", ["once", "end"])
def test_a_file_that_was_locked_at_the_start_is_used_once_it_is_free(
    tmp_path: Path,
    opened: Opener,
    troubles: list[HistoryTrouble],
    monkeypatch: pytest.MonkeyPatch,
    freed_at: str,
) -> None:
    monkeypatch.setattr(service, "LOCK_TIMEOUT", 0.01)
    first = opened()
    first.record("12345678", T0, readings("32.7(240*V)"))
    first.close(T0 + 1)
    holder = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)
    holder.execute("PRAGMA locking_mode = EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    history = opened()
    history.record("12345678", T0 + 1000, readings("32.7(241*V)", "1.8.0(000001*kWh)"))
    history.gap("12345678", T0 + 2000, GapCause.NO_CONTACT)
    assert history.curve(VOLTAGE, 0, 2**60, 100).result(5).times == [T0 + 1000, T0 + 2000]
    assert history.info().result(5).path is None
    holder.close()
    if freed_at == "once":
        history.record("12345678", T0 + 3000, readings("32.7(242*V)"))
        assert history.info().result(5).path == tmp_path / FILE_NAME
    history.close(T0 + 4000)
    assert [trouble.trouble for trouble in troubles] == [Trouble.LOCKED]
    with closing(HistoryFile(tmp_path / FILE_NAME)) as file:
        stored = [sample.text for sample in file.samples(VOLTAGE, 0, 2**60, 9)]
        assert stored == ["240", "241", *(["242"] if freed_at == "once" else [])]
        assert file.samples(Series("12345678", "1.8.0", "kWh"), 0, 2**60, 9)[0].text == "000001"
        gaps = file._db.execute("SELECT time, cause FROM gaps ORDER BY time").fetchall()
        assert (T0 + 2000, GapCause.NO_CONTACT) in gaps


def test_the_file_of_a_newer_program_is_not_changed(
    tmp_path: Path, opened: Opener, troubles: list[HistoryTrouble]
) -> None:
    HistoryFile(tmp_path / FILE_NAME).close()
    newer = sqlite3.connect(tmp_path / FILE_NAME)
    newer.execute("PRAGMA user_version = 99")
    newer.commit()
    newer.close()
    before = (tmp_path / FILE_NAME).read_bytes()
    history = opened()
    history.record("12345678", T0, readings("32.7(241*V)"))
    assert history.curve(VOLTAGE, 0, 2**60, 100).result(5).values == [241.0]
    assert history.info().result(5).path is None
    history.close(T0 + 1)
    assert [trouble.trouble for trouble in troubles] == [Trouble.NEWER]
    assert (tmp_path / FILE_NAME).read_bytes() == before


def test_a_path_that_cannot_be_opened_is_reported(
    tmp_path: Path, opened: Opener, troubles: list[HistoryTrouble]
) -> None:
    (tmp_path / FILE_NAME).mkdir()
    history = opened()
    history.record("12345678", T0, readings("32.7(241*V)"))
    assert history.curve(VOLTAGE, 0, 2**60, 100).result(5).values == [241.0]
    assert [trouble.trouble for trouble in troubles] == [Trouble.NOT_USABLE]


def test_a_full_disk_is_reported_once_until_there_is_space(opened: Opener, troubles: list[HistoryTrouble]) -> None:
    history = opened()
    history.record("12345678", T0, readings("32.7(241*V)"))
    history.info().result(5)
    assert history._file is not None
    history._submit(lambda file: file._db.execute("PRAGMA max_page_count = 1")).result(5)
    for minute in range(1, 3000):
        history.record("12345678", T0 + minute * 60_000, readings("32.7(241*V)"))
    history.info().result(5)
    assert [trouble.trouble for trouble in troubles] == [Trouble.NOT_WRITTEN]
    assert "full" in troubles[0].detail
    history._submit(lambda file: file._db.execute("PRAGMA max_page_count = 100000")).result(5)
    history.record("12345678", T0 + DAY_MS * 3, readings("32.7(240*V)"))
    assert history.samples(VOLTAGE, T0 + DAY_MS * 3, 2**60, 9).result(5)[0].text == "240"
    with pytest.raises(HistoryError):
        history._submit(lambda file: file._db.execute("SELECT 1 FROM samples WHERE nonsense(1)")).result(5)


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_only_the_owner_can_read_it(tmp_path: Path, opened: Opener) -> None:
    opened().info().result(5)
    assert not stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) & 0o077


def test_a_history_on_a_network_drive_shares_no_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for remote in (False, True):
        monkeypatch.setattr(database, "is_on_network_drive", lambda _, remote=remote: remote)
        folder = tmp_path / str(remote)
        for _ in range(2):  # a new one, and one that exists
            with closing(HistoryFile(folder / FILE_NAME)):
                assert (folder / f"{FILE_NAME}-wal").exists()
                assert (folder / f"{FILE_NAME}-shm").exists() is not remote


def test_a_closed_history_does_nothing(opened: Opener) -> None:
    history = opened()
    history.close(T0)
    history.close(T0)
    history.record("12345678", T0, readings("32.7(241*V)"))
    assert history.info().cancelled()


# Exactness

decimals = st.builds(
    lambda sign, complete, fraction: sign + complete + ("." + fraction if fraction else ""),
    st.sampled_from(["", "", "-", "+"]),
    st.text("0123456789", min_size=1, max_size=18),
    st.text("0123456789", max_size=9),
)


@given(st.lists(decimals, min_size=1, max_size=20))
def test_every_decimal_is_stored_unchanged(texts: list[str]) -> None:
    file = HistoryFile(None)
    try:
        for index, text in enumerate(texts):
            file.record("m", T0 + index, readings(f"1.8.0({text}*kWh)"))
        samples = file.samples(Series("m", "1.8.0", "kWh"), 0, 2**60, 100)
        assert [sample.text for sample in samples] == texts
        assert [sample.time for sample in samples] == [T0 + index for index in range(len(texts))]
    finally:
        file.close()


@given(
    st.lists(st.decimals(-999_999, 999_999, places=3), min_size=1, max_size=60), st.integers(0, 59), st.integers(1, 60)
)
def test_statistics_are_those_of_a_plain_computation(values: list[Decimal], begin: int, length: int) -> None:
    series = Series("m", "1.8.0", "kWh")
    inside = values[begin : begin + length]
    file = HistoryFile(None)
    try:
        for index, value in enumerate(values):
            file.record("m", T0 + index, [Reading("1.8.0", f"{value:f}", value, "kWh")])
        found = file.statistics(series, T0 + begin, T0 + begin + length)
        if not inside:
            assert found is None
            return
        assert found is not None
        assert (found.count, found.minimum, found.maximum) == (len(inside), min(inside), max(inside))
        assert (found.first, found.last, found.difference) == (inside[0], inside[-1], inside[-1] - inside[0])
        assert found.mean == pytest.approx(float(sum(inside) / len(inside)), rel=1e-9, abs=1e-9)
    finally:
        file.close()


@given(st.lists(st.integers(-1000, 1000), min_size=30, max_size=200), st.integers(2, 12))
def test_a_thinned_curve_has_the_extremes_of_each_bucket(values: list[int], buckets: int) -> None:
    file = HistoryFile(None)
    try:
        for index, value in enumerate(values):
            file.record("m", T0 + index * 1000, [Reading("16.7", f"{value}", Decimal(value), "kW")])
        curve = file.curve(Series("m", "16.7", "kW"), T0, T0 + len(values) * 1000, buckets)
        true = {T0 + index * 1000: float(value) for index, value in enumerate(values)}
        assert all(true[time] == value for time, value in zip(curve.times, curve.values, strict=True))
        assert curve.times == sorted(set(curve.times))
        assert curve.complete == (len(values) <= 2 * buckets)
        assert len(curve.times) <= max(2 * buckets, 2)
        width = max(1, -(-(len(values) * 1000) // buckets))
        for bucket in range(buckets):
            mine = [v for t, v in true.items() if (t - T0) // width == bucket]
            drawn = [v for t, v in zip(curve.times, curve.values, strict=True) if (t - T0) // width == bucket]
            if mine:
                assert (min(mine), max(mine)) == (min(drawn), max(drawn))
    finally:
        file.close()


def test_the_latest_of_every_series_of_a_module(opened: Opener) -> None:
    history = opened()
    for minute in range(10):
        history.record("a", T0 + minute, readings(f"32.7(24{minute}*V)", f"1.8.0(00000{minute}*kWh)"))
        history.record("b", T0 + minute, readings("32.7(200*V)"))
    history.gap("a", T0 + 100, GapCause.NO_CONTACT)
    latest = history.latest("a", 3).result(5)
    assert {series.code for series in latest} == {"32.7", "1.8.0"}
    curve = latest[Series("a", "32.7", "V")]
    assert curve.values[:3] == [247.0, 248.0, 249.0]
    assert math.isnan(curve.values[3])
    assert (curve.first, curve.complete) == (T0, False)


def test_the_time_of_a_maximum_makes_no_new_series() -> None:
    with closing(HistoryFile(None)) as file:
        for index, when in enumerate(("17-11-02 08:30", "17-11-03 09:45")):
            file.record("m", T0 + index, readings(f"1.6.1(000.0{index}*kW)({when})", "1.6.1(000.07*kW)"))
        texts = {
            code: [sample.text for sample in file.samples(Series("m", code, "kW"), 0, 2**60, 9)]
            for code in ("1.6.1", "1.6.1 (2)")
        }
    assert texts == {"1.6.1": ["000.00", "000.01"], "1.6.1 (2)": ["000.07", "000.07"]}


def test_keys_lose_the_port_and_readings_of_two_ports_become_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / FILE_NAME
    one, two = "serial:COM3?baud=2400 ELV 50100007", "tcp://gateway:10001 ELV 50100007"
    practice, other = "practice:seed 1 ELV 50100007", "serial:COM3?baud=2400 5 2400"
    with monkeypatch.context() as older:
        older.setattr(database, "_MIGRATIONS", database._MIGRATIONS[:2])
        with closing(HistoryFile(path)) as file:
            for time, key in enumerate((one, one, two, practice, other, "12345678")):
                file.record(key, T0 + time, readings(f"1.8.0(00000{time}.5*kWh)"))
            file.record(one, T0 + 2, readings("32.7(241*V)"))
            file.record(two, T0, readings("1.8.0(000099.9*kWh)"))
            file.gap(two, T0 + 50, GapCause.NO_CONTACT)
            file.put_note(Note(T0, one, "x"))
    with closing(HistoryFile(path)) as file:
        found = {
            key: [sample.text for sample in file.samples(Series(key, "1.8.0", "kWh"), 0, 2**60, 9)]
            for key in ("ELV 50100007", practice, other, "12345678", one, two)
        }
        assert found == {
            "ELV 50100007": ["000000.5", "000001.5", "000002.5"],
            practice: ["000003.5"],
            other: ["000004.5"],
            "12345678": ["000005.5"],
            one: [],
            two: [],
        }
        assert len(file.samples(Series("ELV 50100007", "32.7", "V"), 0, 2**60, 9)) == 1
        assert T0 + 50 in file.gaps("ELV 50100007", 0, 2**60)
        assert [note.text for note in file.notes("ELV 50100007")] == ["x"]
        assert history_key("ELV 50100007", "practice:seed 1") == practice
    with closing(HistoryFile(path)) as again:
        assert len(again.samples(Series("ELV 50100007", "1.8.0", "kWh"), 0, 2**60, 9)) == 3


def test_only_the_modules_asked_for_are_forgotten(opened: Opener) -> None:
    history = opened()
    for key in ("ELV 50100007", "ELV 50100008", "practice:seed 1 ELV 50100007"):
        history.record(key, T0, readings("1.8.0(000001.5*kWh)"))
        history.gap(key, T0 + 1, GapCause.NO_ANSWER)
        history.put_note(Note(T0, key, "x"))
    history.forget(["ELV 50100007", "ELV 50100009"]).result(5)
    left = {
        key: (
            len(history.latest(key, 9).result(5)),
            history.gaps(key, 0, 2**60).result(5),
            len(history.notes(key).result(5)),
        )
        for key in ("ELV 50100007", "ELV 50100008", "practice:seed 1 ELV 50100007")
    }
    kept = (1, [T0 + 1], 1)
    assert list(left.values()) == [(0, [], 0), kept, kept]
    history.record("ELV 50100008", T0 + 5, readings("1.8.0(000002.0*kWh)"))
    history.forget(["ELV 50100008"]).result(5)
    # A gap comes only after a reading.
    history.gap("ELV 50100008", T0 + 6, GapCause.NO_ANSWER)
    assert history.gaps("ELV 50100008", 0, 2**60).result(5) == []
    history.record("ELV 50100007", T0 + 9, readings("1.8.0(000002.5*kWh)"))
    assert len(history.latest("ELV 50100007", 9).result(5)) == 1
