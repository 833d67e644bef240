"""What the module's operator is told when its meter cannot be read as it offers, and what it does about that."""

from __future__ import annotations

import pytest

from cmi_gui.engine.events import Notice, ReadoutDone, ReadoutFailed
from cmi_gui.engine.iec62056.events import START_LINE, FailureCause
from cmi_gui.engine.link.memory import MemoryLink
from cmi_gui.engine.station.meter_side import _WORDS
from cmi_gui.engine.traffic.store import Direction, Side
from tests.helpers.module_bench import ModuleBench


@pytest.fixture
def bench() -> ModuleBench:
    return ModuleBench()


def sign_ons(bench: ModuleBench, since: float) -> list[float]:
    rows = [bench.station.traffic.row(index) for index in range(len(bench.station.traffic))]
    sent = (row for row in rows if row.side is Side.METER and row.direction is Direction.SENT and row.at >= since)
    return [row.at for row in sent if row.data == b"/?!\r\n"]


def test_a_sign_on_that_nobody_heard_is_sent_once_more_before_the_readout_has_failed(bench: ModuleBench) -> None:
    bench.meter.faults.silent = True
    begin = bench.clock.now()
    bench.station.read_now()
    assert bench.clock.run_until(begin + 10, lambda: bench.station.module.schedule.failures == 1)
    assert len(sign_ons(bench, begin)) == 2
    (failed,) = bench.events(ReadoutFailed)
    assert isinstance(failed, ReadoutFailed)
    assert str(failed.message) == (
        "the meter does not answer: no answer within 1500 ms (identification);"
        " check the seat of the head, its cable and its port"
    )


def test_a_meter_that_is_awake_by_the_second_sign_on_counts_as_read(bench: ModuleBench) -> None:
    bench.meter.faults.silent = True
    begin = bench.clock.now()
    bench.station.read_now()
    assert bench.clock.run_until(begin + 10, lambda: len(sign_ons(bench, begin)) == 1)
    bench.clock.advance(1)
    bench.meter.faults.silent = False
    bench.clock.advance(15)
    assert len(sign_ons(bench, begin)) == 2
    assert [type(event) for event in bench.events(ReadoutFailed, ReadoutDone)] == [ReadoutDone]


def test_a_meter_that_stays_at_300_is_told_of_and_read(bench: ModuleBench) -> None:
    simulated = bench.station._wire._simulated
    assert simulated is not None
    assert simulated._driver is not None
    far = simulated._driver.link
    assert isinstance(far, MemoryLink)
    set_line = far.set_line
    far.set_line = lambda token, line: set_line(token, START_LINE)  # type: ignore[method-assign]
    begin = bench.clock.now()
    bench.station.read_now()
    assert bench.clock.run_until(begin + 300, lambda: bool(bench.station.module.schedule.failures))
    assert bench.clock.run_until(begin + 300, lambda: not bench.station.module.schedule.failures)
    events = bench.events(ReadoutFailed, ReadoutDone, Notice)
    assert [type(event) for event in events] == [ReadoutFailed, Notice, ReadoutFailed, ReadoutDone]
    notice = events[1]
    assert isinstance(notice, Notice)
    assert (notice.level, notice.code) == ("warning", "meter_speed_given_up")
    assert (
        str(notice.message)
        == "nothing can be read from the meter at 4800 bit/s, so it is read at 300 the next 60 times"
    )
    assert bench.station.module.contact, "it is found before contact counts as lost"


@pytest.mark.parametrize("cause", [cause for cause in FailureCause if cause is not FailureCause.ABORTED])
def test_every_failure_says_what_to_do(cause: FailureCause) -> None:
    sentence = _WORDS[cause].format("X")
    what, detail, way_out = sentence.partition(": X; ")
    assert what
    assert detail
    assert way_out
