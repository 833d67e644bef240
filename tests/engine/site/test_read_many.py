"""Reading of many modules in a room in virtual time: values as spelled, modules in trouble named, the rest goes on."""

from __future__ import annotations

import pytest

from cmi_gui.engine.configurator.reading import _select_records
from cmi_gui.engine.configurator.session import Cancelled
from cmi_gui.engine.mbus.exchange import Procedure
from cmi_gui.engine.mbus.procedures import reach
from cmi_gui.engine.site.causes import message_of
from cmi_gui.engine.site.model import Found, RowState, SiteModule
from cmi_gui.engine.site.quality import BusQuality
from cmi_gui.engine.site.read_many import ReadMany, ReadResult
from cmi_gui.engine.site.site_file import parse_site, site_text
from cmi_gui.engine.site.whereabouts import address_of
from tests.helpers.reading_bench import ReadingBench
from tests.helpers.site_bench import BEGIN, TABLE
from tests.helpers.station_bench import readings_of


def read(bench: ReadingBench, quality: BusQuality | None = None) -> list[ReadResult]:
    many = ReadMany(bench.site, TABLE, bench.now, own_baud=bench.session.baud, quality=quality)
    return bench.run(many.procedure())


@pytest.mark.parametrize("found", [True, False], ids=["found", "by label"])
def test_every_module_is_read_at_the_address_that_reaches_it_alone(found: bool) -> None:
    bench = ReadingBench(4, found=found)
    results = read(bench)
    assert [result.failure for result in results] == [None] * 4
    for number, row in enumerate(bench.site):
        point = bench.point(number)
        spelled = readings_of(point.module)
        assert {code: (value.value, value.unit) for code, value in row.readings.items()} == {
            code: (value.value, value.unit) for code, value in spelled.items()
        }
        assert row.meter_read == point.config.meter_number
        assert row.state is RowState.FOUND
        assert (row.address, row.baud, row.value("secondary_address")) == (0, 2400, row.serial)
        assert row.found is not None
        assert (row.found.fabrication, row.found.id) == (row.serial, row.serial)
        assert BEGIN < row.found.at == next(iter(row.readings.values())).at <= bench.now()
    # Whatever was read can be written to a file and read again.
    text = site_text(bench.site, TABLE)
    assert site_text(parse_site(text, "s", TABLE), TABLE) == text


def test_modules_in_trouble_are_named_and_the_rest_goes_on() -> None:
    bench = ReadingBench(7)
    bench.fault(0, "no-answer")
    bench.fault(1, "flip 3")
    bench.fault(2, "late 1500")
    bench.fault(3, "bad-checksum every 2")
    bench.point(4).power_meter(False)
    bench.clock.run_until(bench.clock.now() + 200_000, lambda: not bench.point(4).module.contact)
    bench.row(5).found = None
    bench.row(5).serial = ""
    results = read(bench)
    outcomes = [(result.code, result.module.state) for result in results]
    assert outcomes == [
        ("not_found", RowState.LOST),
        ("collision", RowState.FAILED),
        ("", RowState.FOUND),
        ("", RowState.FOUND),
        ("no_meter", RowState.FAILED),
        ("not_reachable", RowState.WAITING),
        ("", RowState.FOUND),
    ]
    assert not bench.row(4).readings
    assert results[4].last_known
    assert results[4].readings
    assert str(results[5].failure) == "flat 6 has not been found yet: search the bus first"
    assert str(message_of(bench.row(1).failure)).startswith(f"module {bench.row(1).serial} answers with damaged bytes")
    bench.point(0).faults.clear()
    assert read(bench)[0].failure is None
    assert bench.row(0).state is RowState.FOUND


def test_a_reading_without_its_end_keeps_the_values_that_came() -> None:
    bench = ReadingBench(1)
    read(bench)
    codes, row = set(bench.row(0).readings), bench.row(0)
    before = dict(row.readings)
    # Selection and the first telegram are answered, all later ones are damaged.
    many = ReadMany([row], TABLE, bench.now, own_baud=2400)
    procedure = many.procedure()
    answered = 0

    def spoil(answer: object) -> None:
        nonlocal answered
        answered += 1
        if answered == 2:
            bench.fault(0, "no-answer")

    ends: list[object] = []
    bench.session.run(procedure, ends.append, ends.append, on_answer=spoil)
    assert bench.clock.run_until(bench.clock.now() + 1000, lambda: bool(ends))
    (result,) = many.results
    assert result.code == "incomplete"
    assert "incomplete after telegram 1" in str(message_of(row.failure))
    assert set(row.readings) == codes
    assert {reading.code for reading in row.readings.values() if reading.at > before[reading.code].at} == {
        reading.code for reading in result.readings
    }


def test_another_module_in_its_place_is_not_taken_for_it() -> None:
    bench = ReadingBench(2)
    first, second = bench.site
    # The second row was found at the address at which the first module is now alone.
    second.found = Found(id=first.serial, manufacturer="ELV", version=1, device_type=2, at=BEGIN)
    results = read(bench)
    assert results[0].failure is None
    assert results[1].code == "another"
    assert not second.readings


def test_two_modules_of_one_number_are_named() -> None:
    bench = ReadingBench(2)
    twin = bench.row(0)
    bench.site.modules.append(SiteModule(place="cellar", serial=twin.serial, found=twin.found))
    read(bench)
    # Both rows are this module: what the bus says of it is said of both.
    assert bench.row(2).readings.keys() == twin.readings.keys()


def test_quality_counts_tries_errors_and_answer_times() -> None:
    bench = ReadingBench(3)
    bench.fault(0, "bad-checksum every 2")
    bench.fault(1, "no-answer")
    bench.fault(2, "late 80")
    quality = BusQuality()
    read(bench, quality)
    read(bench, quality)
    noisy, dead, late = (quality.total(row) for row in bench.site)
    assert noisy is not None
    assert dead is not None
    assert late is not None
    assert noisy.retries > 0
    assert 0 < noisy.error_rate < 1
    assert (dead.failed, dead.error_rate, dead.answer_time) == (dead.requests, 1.0, None)
    assert late.answer_time is not None
    assert late.retries == 0
    assert 0.08 < late.answer_time < 0.2
    assert noisy.answer_time is not None
    assert noisy.answer_time < late.answer_time <= late.slowest


def test_a_reading_that_is_stopped_keeps_what_it_has() -> None:
    bench = ReadingBench(3)
    many = ReadMany(bench.site, TABLE, bench.now, own_baud=2400)
    ends: list[object] = []
    job = bench.session.run(many.procedure(), ends.append, ends.append)
    assert bench.clock.run_until(bench.clock.now() + 1000, lambda: len(many.results) == 1)
    bench.session.cancel(job)
    assert isinstance(ends[0], Cancelled)
    assert [bool(row.readings) for row in bench.site] == [True, False, False]
    assert many.current is bench.row(1)


@pytest.mark.parametrize("percent", [10, 25, 45])
@pytest.mark.parametrize("kind", ["flip 2", "no-answer", "late 700", "cut 3", "doubled", "foreign", "previous-section"])
def test_on_a_disturbed_line_values_are_right_or_missing_and_named(kind: str, percent: int) -> None:
    bench = ReadingBench(5)
    for number in range(5):
        bench.fault(number, f"{kind} {percent} %")
    results = read(bench)
    assert len(results) == 5
    for number, (result, row) in enumerate(zip(results, bench.site, strict=True)):
        spelled = readings_of(bench.point(number).module)
        for code, reading in row.readings.items():
            assert (reading.value, reading.unit) == (spelled[code].value, spelled[code].unit)
        if result.failure is None:
            assert row.readings.keys() == spelled.keys()
            assert row.state is RowState.FOUND
        else:
            assert row.state in (RowState.LOST, RowState.FAILED)
            assert row.lost or row.failure


def test_the_time_of_an_answer_after_a_retry_is_not_used() -> None:
    bench = ReadingBench(1)
    bench.fault(0, "late 400")
    quality = BusQuality()
    read(bench, quality)
    total = quality.total(bench.row(0))
    assert total is not None
    assert total.retries > 0
    assert total.timed < total.requests


def test_a_module_that_was_disturbed_is_read_once_more() -> None:
    bench = ReadingBench(1)
    for _ in range(3):
        bench.fault(0, "bad-checksum once")
    assert [result.failure for result in read(bench)] == [None]


def test_a_selection_for_readout_that_was_left_is_ended() -> None:
    bench = ReadingBench(1)
    at = address_of(bench.row(0), 2400)
    assert at is not None

    def leave() -> Procedure[None]:
        yield from reach(at)
        yield _select_records(at, b"\x08" + TABLE.readable()[0].forms[0].vib_bytes)

    bench.run(leave())
    assert [result.failure for result in read(bench)] == [None]
    assert "1.8.0" in bench.row(0).readings
