"""Notices and behaviour of the module when its meter cannot be read as it offers."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.events import Notice, ReadoutDone, ReadoutFailed
from cmi_gui.engine.iec62056.events import START_LINE, FailureCause
from cmi_gui.engine.link.memory import MemoryLink, memory_pair
from cmi_gui.engine.link.soft_parity import with_parity
from cmi_gui.engine.link.url import parse_link
from cmi_gui.engine.messages import Message
from cmi_gui.engine.meter_profile.profile import load_meter_profile
from cmi_gui.engine.station.meter_side import _FAILURES, _NETWORK_FAILURES, MeterSide
from cmi_gui.engine.traffic.store import Direction, Side
from tests.helpers.link_recorder import Recorder
from tests.helpers.module_bench import ModuleBench
from tests.helpers.scripted_meter import LINES, gateway_meter
from tests.helpers.station_bench import station


@pytest.fixture
def bench() -> ModuleBench:
    return ModuleBench()


def sign_ons(bench: ModuleBench, since: float) -> list[float]:
    rows = [bench.station.traffic.row(index) for index in range(len(bench.station.traffic))]
    sent = (row for row in rows if row.side is Side.METER and row.direction is Direction.SENT and row.at >= since)
    return [row.at for row in sent if row.data == b"/?!\r\n"]


def test_an_unanswered_sign_on_is_repeated_before_the_readout_fails(bench: ModuleBench) -> None:
    bench.meter.faults.silent = True
    begin = bench.clock.now()
    bench.station.read_now()
    assert bench.clock.run_until(begin + 10, lambda: bench.station.module.schedule.failures == 1)
    assert len(sign_ons(bench, begin)) == 2
    (failed,) = bench.events(ReadoutFailed)
    assert isinstance(failed, ReadoutFailed)
    assert str(failed.message) == (
        "the meter does not answer: no answer to the request within 1500 ms;"
        " check the position of the head, its cable and its port"
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


def test_a_meter_that_stays_at_300_is_reported_and_read(bench: ModuleBench) -> None:
    simulated = bench.station.point.wire._simulated
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
    assert str(notice.message) == "nothing can be read from the meter at 4800 bit/s; the next 60 sessions use 300 bit/s"
    assert bench.station.module.contact, "it is found before contact counts as lost"


@pytest.mark.parametrize("words", [_FAILURES, _NETWORK_FAILURES])
@pytest.mark.parametrize("cause", [cause for cause in FailureCause if cause is not FailureCause.ABORTED])
def test_every_failure_message_has_advice(cause: FailureCause, words: Mapping[FailureCause, str]) -> None:
    sentence = words[cause].format("X")
    what, detail, way_out = sentence.partition(": X; ")
    assert what
    assert detail
    assert way_out
    assert "page" not in sentence, "the command line has none"


class Answering(Recorder):
    """The far end of a wire: answers every sign-on."""

    def __init__(self, link: MemoryLink, answer: bytes) -> None:
        super().__init__()
        self._link = link
        self._answer = answer

    def received(self, data: bytes, last_byte_at: float) -> None:
        super().received(data, last_byte_at)
        if data == b"/?!\r\n":
            self._link.send(len(self.log), self._answer, -math.inf, math.inf)


class FailedModule:
    """Remembers why its meter could not be read."""

    def __init__(self) -> None:
        self.failures: list[tuple[str, str]] = []

    def meter_failed(self, cause: str, message: Message, now: float) -> None:
        self.failures.append((cause, str(message)))

    def meter_identified(self, identification: str) -> None:
        pass

    def meter_lines(self, count: int) -> None:
        pass


def meter_side(link: str, answer: bytes, module: FailedModule) -> tuple[VirtualClock, MeterSide, Recorder]:
    """The meter side of a module on a link of this name, with something at its other end."""
    clock = VirtualClock()
    near, far = memory_pair(clock)
    there = Answering(far, answer)
    far.open(there)
    side = MeterSide(clock, load_meter_profile())
    device, driver = side.make(near, lambda state, error: None, lambda *received: None, parse_link(link), clock)
    side.use(device, driver)
    side.attach(module, lambda: None, lambda *notice: None)  # type: ignore[arg-type]
    driver.open()
    return clock, side, there


@pytest.mark.parametrize(
    ("link", "answer", "cause", "says"),
    [
        ("tcp://h:1", b"", "silence", "add framing=software to the LINK; if it is slow, add timeout="),
        ("serial:rfc2217://h:1", b"", "silence", "framing=software"),
        ("tcp://h:1", b"x", "garbage", "max_baud=300 for one that stays at 300 bit/s"),
        ("tcp://h:1?timeout=3", b"", "silence", "no answer to the request within 4500 ms"),
        ("serial:COM3", b"", "silence", "check the position of the head, its cable and its port"),
        ("serial:COM3", b"x", "garbage", "align the head and shade it from bright light"),
        ("serial:COM3", b"/_!\r\n", "silence", "add echo=on to the LINK to remove the echo"),
        (
            "serial:COM3",
            b"/lgz4ZMF\r\n",
            "not_accepted",
            "was received undamaged, but is not valid: only the third letter",
        ),
    ],
)
def test_the_message_depends_on_the_kind_of_link(link: str, answer: bytes, cause: str, says: str) -> None:
    module = FailedModule()
    clock, side, _ = meter_side(link, answer, module)
    side.start_readout()
    assert clock.run_until(60, lambda: bool(module.failures))
    ((told_cause, message),) = module.failures
    assert told_cause == cause
    assert says in message
    side.driver.close()


@pytest.mark.parametrize(
    ("link", "select"), [("tcp://h:1", b"\x06040\r\n"), ("tcp://h:1?max_baud=2400", b"\x06000\r\n")]
)
def test_the_highest_speed_of_the_link(link: str, select: bytes) -> None:
    clock, side, there = meter_side(link, b"/LGZ4ZMF100AC.M26\r\n", FailedModule())
    side.start_readout()
    clock.advance(1)
    assert there.data == b"/?!\r\n" + select
    side.driver.close()


@pytest.mark.asyncio
async def test_a_gateway_that_passes_parity_on_in_the_eighth_bit_is_understood() -> None:
    async with gateway_meter(lambda data: with_parity(data, START_LINE)) as meter:
        async with station(meter=meter.link) as made:
            assert made.module.lines == LINES
        assert meter.received == [b"/?!\r\n", with_parity(b"\x06040\r\n", START_LINE)]


@pytest.mark.asyncio
@pytest.mark.parametrize("ahead", [b"\x15", b"\x02", b"/\xbf!\r\n", b"/?\r\n\x06\x01"])
async def test_bytes_before_the_identification_are_ignored_behind_a_gateway(ahead: bytes) -> None:
    async with gateway_meter(ahead=ahead) as meter, station(meter=meter.link) as made:
        assert made.module.lines == LINES
        assert len(meter.received) == 2
