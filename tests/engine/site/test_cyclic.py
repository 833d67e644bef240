"""Cyclic reading in virtual time: aligned to the clock, across interruptions without a double row, alarms once."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cmi_gui.engine.files.toml_file import FileError
from cmi_gui.engine.history.service import History, milliseconds
from cmi_gui.engine.history.values import Series
from cmi_gui.engine.machine import Line
from cmi_gui.engine.messages import Message
from cmi_gui.engine.site.cyclic import CyclicReading, ModuleAlarm
from cmi_gui.engine.site.history import record, site_key, site_keys
from cmi_gui.engine.site.model import SiteModule, SiteReading
from cmi_gui.engine.site.read_many import ReadResult
from cmi_gui.engine.site.readings_log import ReadingsLog
from cmi_gui.engine.site.schedule import Schedule
from tests.helpers.private import is_private
from tests.helpers.reading_bench import ReadingBench
from tests.helpers.site_bench import BEGIN, TABLE

EVERY = Schedule(timedelta(minutes=15), UTC)
SLOT = datetime(2026, 11, 30, 9, tzinfo=UTC)
CODES = ("1.8.0", "C.1.0")


class Reader:
    """A cyclic reading of the modules of a bench into a file, with everything that it reported."""

    def __init__(self, bench: ReadingBench, path: Path | None = None, schedule: Schedule = EVERY) -> None:
        self.bench = bench
        self.read: list[tuple[datetime, ReadResult]] = []
        self.alarms: list[ModuleAlarm] = []
        self.troubles: list[str] = []
        self.rounds = 0
        self.log = None if path is None else ReadingsLog(path, schedule.slot(bench.now()), UTC)
        self.cyclic = CyclicReading(
            lambda: bench.site,
            TABLE,
            schedule,
            bench.session,
            bench.clock,
            bench.now,
            done=None if self.log is None else self.log.has,
            on_read=self._take,
            on_alarm=self.alarms.append,
            on_trouble=lambda message: self.troubles.append(str(message)),
            on_round=self._count,
        )
        self.cyclic.start()

    def _take(self, slot: datetime, result: ReadResult) -> None:
        self.read.append((slot, result))
        if self.log is not None:
            self.log.add(slot, result, CODES)

    def _count(self) -> None:
        self.rounds += 1

    def until(self, rounds: int) -> None:
        assert self.bench.clock.run_until(self.bench.clock.now() + 100_000, lambda: self.rounds >= rounds)

    def until_read(self, count: int) -> None:
        assert self.bench.clock.run_until(self.bench.clock.now() + 100_000, lambda: len(self.read) >= count)

    def end(self) -> None:
        """End it, as a kill would."""
        self.cyclic.stop()
        if self.log is not None:
            self.log.close()


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))


def test_rounds_are_aligned_to_the_clock_and_the_present_slot_is_read_at_once() -> None:
    bench = ReadingBench(3)
    reader = Reader(bench)
    reader.until(3)
    slots = Counter(slot for slot, _ in reader.read)
    assert slots == {SLOT + number * EVERY.every: 3 for number in range(3)}
    assert [slot.minute for slot in slots] == [0, 15, 30]
    assert reader.read[0][1].at - BEGIN < timedelta(minutes=8)
    # Later rounds begin with their slots.
    assert reader.read[3][1].at - (SLOT + EVERY.every) < timedelta(seconds=30)
    reader.end()
    before = len(reader.read)
    bench.clock.advance(10_000)
    assert len(reader.read) == before


def test_the_site_says_what_was_read_in_a_slot() -> None:
    bench = ReadingBench(3)
    first = Reader(bench)
    first.until_read(2)
    first.end()
    second = Reader(bench)
    second.until(1)
    assert [result.module for _, result in second.read] == [bench.row(2)]


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_a_file_goes_on_after_kills_without_a_double_row(tmp_path: Path, suffix: str) -> None:
    bench = ReadingBench(3)
    bench.fault(1, "no-answer")
    path = tmp_path / f"readings{suffix}"
    # Killed after each module, in the first and in the second slot.
    for count in (1, 1, 1, 3, 2):
        # The program that was killed left nothing in memory.
        for row in bench.site:
            row.readings = {}
        reader = Reader(bench, path)
        reader.until_read(count)
        reader.end()
    if suffix == ".csv":
        rows = [(row["time"], row["module"], row["code"]) for row in rows_of(path)]
        assert {code for _, _, code in rows} == {*CODES, ""}
    else:
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        rows = [(line["time"], line["module"], value["code"]) for line in lines for value in line["readings"]]
        rows += [(line["time"], line["module"], "") for line in lines if line["failure"]]
    assert max(Counter(rows).values()) == 1
    modules = Counter(slot for slot, _ in {(slot, module) for slot, module, _ in rows})
    assert [count for _, count in sorted(modules.items())] == [3, 3, 2]


def test_the_rows_have_numbers_as_spelled_and_a_note_where_there_are_none(tmp_path: Path) -> None:
    bench = ReadingBench(2)
    bench.fault(1, "no-answer")
    bench.row(0).place = "=1+1"
    path = tmp_path / "readings.csv"
    reader = Reader(bench, path)
    reader.until(1)
    reader.end()
    rows = rows_of(path)
    assert {row["code"] for row in rows} == {*CODES, ""}
    energy = next(row for row in rows if row["code"] == "1.8.0")
    reading = bench.row(0).readings["1.8.0"]
    assert (energy["value"], energy["unit"]) == (reading.value.lstrip("0"), "kWh")
    assert energy["place"] == "'=1+1"
    assert (energy["module"], energy["meter"]) == (bench.row(0).serial, bench.row(0).meter_read)
    assert energy["time"] == "2026-11-30T09:00:00.000+00:00"
    assert "does not answer" in rows[-1]["note"]
    assert is_private(path)


@pytest.mark.parametrize("cut", range(1, 90, 7))
def test_what_a_power_failure_left_of_a_module_is_read_again(tmp_path: Path, cut: int) -> None:
    bench = ReadingBench(2)
    path = tmp_path / "readings.csv"
    reader = Reader(bench, path)
    reader.until(1)
    reader.end()
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])
    for row in bench.site:
        row.readings = {}
    again = Reader(bench, path)
    again.until(1)
    again.end()
    rows = [(row["time"], row["module"], row["code"]) for row in rows_of(path)]
    assert len(rows) == len(set(rows)) == 4


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
@pytest.mark.parametrize("size", [0, 1, 5, 9])
def test_a_file_whose_beginning_was_cut_is_begun_again(tmp_path: Path, suffix: str, size: int) -> None:
    path = tmp_path / f"readings{suffix}"
    bench = ReadingBench(1)
    reader = Reader(bench, path)
    reader.until(1)
    reader.end()
    whole = path.read_bytes()
    path.write_bytes(whole[:size])
    bench.row(0).readings = {}
    again = Reader(bench, path)
    again.until(1)
    again.end()
    assert path.read_bytes().count(b"\n") == whole.count(b"\n")


@pytest.mark.parametrize("content", [b"a,b\r\n1,2\r\n", b"x", b"\xff\xfe\x00", b'{"a": 1}\n'])
@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_another_file_is_refused_and_stays_as_it_is(tmp_path: Path, content: bytes, suffix: str) -> None:
    path = tmp_path / f"other{suffix}"
    path.write_bytes(content)
    with pytest.raises(FileError, match="choose another name"):
        ReadingsLog(path, SLOT)
    assert path.read_bytes() == content


def test_a_missing_module_alarms_once_and_when_it_is_back() -> None:
    bench = ReadingBench(3)
    reader = Reader(bench)
    reader.until(1)
    bench.fault(1, "no-answer")
    reader.until(3)
    assert [(alarm.module, alarm.back) for alarm in reader.alarms] == [(bench.row(1), False)]
    assert reader.cyclic.missing == [bench.row(1)]
    bench.point(1).faults.clear()
    reader.until(5)
    assert [(alarm.module, alarm.back) for alarm in reader.alarms] == [(bench.row(1), False), (bench.row(1), True)]
    assert str(reader.alarms[1].message) == f"module {bench.row(1).serial} is back"
    assert not reader.cyclic.missing
    quality = reader.cyclic.quality
    assert [hour.begin.hour for hour in quality.hours(bench.row(1))] == [9, 10]
    total = quality.total(bench.row(1))
    assert total is not None
    assert total.failed == 2


def test_rounds_longer_than_the_interval_are_reported_once() -> None:
    bench = ReadingBench(40)
    for number in range(40):
        bench.fault(number, "no-answer")
    reader = Reader(bench, schedule=Schedule(timedelta(minutes=1), UTC))
    reader.until(3)
    assert reader.troubles == ["a round takes longer than the interval, so some times are left out"]
    reader.end()


def test_a_link_that_is_lost_is_reported_and_tried_again() -> None:
    bench = ReadingBench(3)
    reader = Reader(bench)
    reader.until_read(1)
    bench.session.close()
    assert reader.troubles == ["the modules cannot be read: the link was closed; it is tried again"]
    reader.until(1)
    assert [result.module for _, result in reader.read] == bench.site.modules
    assert len(reader.troubles) == 1
    reader.end()


def test_readings_go_into_the_history_of_their_world() -> None:
    bench = ReadingBench(2)
    bench.fault(1, "no-answer")
    history = History(None, lambda trouble: None)
    try:
        (one, two), world = bench.site.modules, "practice:seed 1"
        reader = Reader(bench)
        reader.until(1)
        for _, result in reader.read:
            record(history, result, world)
        key = site_key(one, world)
        assert key == f"practice:seed 1 ELV {one.serial}"
        assert site_keys(bench.site, "") == {f"ELV {one.serial}", f"ELV {two.serial}"}
        samples = history.samples(Series(key, "1.8.0", "kWh"), 0, 2**60, 9).result(5)
        assert [sample.text for sample in samples] == [one.readings["1.8.0"].value]
        assert not history.latest(f"ELV {one.serial}", 9).result(5)
        # Where it does not answer, the curve has a gap.
        bench.fault(0, "no-answer")
        reader.until(2)
        record(history, reader.read[2][1], world)
        assert history.gaps(key, 0, 2**60).result(5) == [milliseconds(reader.read[2][1].at.timestamp())]
        assert site_key(SiteModule(serial="50100007"), "") is None
    finally:
        history.close(0)
    assert bench.session.line == Line(2400)


def test_older_values_of_a_reading_that_broke_off_are_not_added_again(tmp_path: Path) -> None:
    path = tmp_path / "readings.csv"
    old, new = (
        SiteReading(code=code, value="1", unit="kWh", at=BEGIN + timedelta(hours=n)) for n, code in enumerate("ab")
    )
    row = SiteModule(serial="50100007", readings={"a": old, "b": new})
    log = ReadingsLog(path, SLOT, UTC)
    log.add(SLOT, ReadResult(row, new.at, Message("incomplete"), "incomplete"), None)
    log.close()
    assert [(line["code"], line["note"]) for line in rows_of(path)] == [("b", "incomplete")]
