"""The times at which the slaves of a bus answer: within their range, each its own, and the same for the same seed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.bus.response_time import AS_SOLD, ResponseTime
from cmi_gui.engine.machine import Line
from tests.helpers.bus_bench import ACK, BusBench, nke, request
from tests.helpers.wire_model import TICKS, Sent, read_wire

BIT = 1 / 2400
WIRES = [
    pytest.param(None, False, id="no speed"),
    pytest.param(Line(2400), False, id="speed, not paced"),
    pytest.param(Line(2400), True, id="speed, paced"),
]
WIRE = pytest.mark.parametrize(("line", "paced"), WIRES)


def response_times(bench: BusBench, address: int, count: int = 100) -> list[float]:
    """Return how many bit times after each of many requests the answer began."""
    times = []
    for _ in range(count):
        assert bench.ask(nke(address), 0.5) == ACK
        arrived = bench.heard[0][0] - (11 * BIT if bench.end.paced else 0)
        times.append((arrived - bench.request_ended) / BIT)
    return times


@WIRE
@pytest.mark.parametrize("high", [AS_SOLD, 330])
def test_answers_begin_at_random_times_within_the_range(line: Line | None, paced: bool, high: int) -> None:
    bench = BusBench((1, 2), line=line, paced=paced, responses=(ResponseTime(11, high),))
    times = response_times(bench, 1)
    assert 11 - 1e-6 <= min(times) < 11 + (high - 11) / 10, "a hundred times cover the range"
    assert high - (high - 11) / 10 < max(times) <= high + 1e-6
    assert times != response_times(bench, 2), "each slave has its own times"


@WIRE
def test_the_same_seed_gives_the_same_times(line: Line | None, paced: bool) -> None:
    def times(seed: int) -> list[float]:
        bench = BusBench((1, 2), line=line, paced=paced, responses=(ResponseTime(11, 330),), seed=seed)
        return response_times(bench, 2, 20)

    assert times(3) == times(3)
    assert times(3) != times(4)


def test_without_a_range_answers_begin_after_eleven_bit_times() -> None:
    assert response_times(BusBench((1, 2)), 1, 3) == pytest.approx([11, 11, 11], abs=1e-6)


@WIRE
def test_each_answer_begins_at_its_own_time(line: Line | None, paced: bool) -> None:
    """Answers that do not meet arrive whole, each at the time of its slave."""
    responses = [ResponseTime(bits, bits) for bits in (200, 11, 60)]
    bench = BusBench((1, 2, 3), line=line, paced=paced, responses=responses)
    assert bench.ask(nke(254)) == ACK * 3
    one_character = 11 if paced else 0
    begins = [(at - bench.request_ended) / BIT - one_character for at, _ in bench.heard]
    assert begins == pytest.approx([11, 60, 200], abs=1e-3)
    assert bench.overlapped == []


@WIRE
@pytest.mark.parametrize("later", [1, 2, 5, 10, 60, 150])
def test_what_meets_is_read_as_on_a_wire(line: Line | None, paced: bool, later: int) -> None:
    """A telegram over a telegram that begins `later` bit times after it, compared with the model of the wire."""
    responses = [ResponseTime(11, 11), ResponseTime(11 + later, 11 + later)]
    bench = BusBench((1, 1), line=line, paced=paced, responses=responses)
    single = [BusBench((1,)).ask(request(1))]
    single.append(single[0].replace(b"\x00\x10\x00\x00", b"\x01\x10\x00\x00"))
    single[1] = single[1][:-2] + bytes(((sum(single[1][4:-2])) & 0xFF, 0x16))
    expected = read_wire([Sent(0, single[0]), Sent(16 * later, single[1])])
    bench.ask(request(1))
    assert bench.overlapped == [("s0", "s1")]
    if line is None:
        assert bench.data == bytes(each.byte for each in expected)
        return
    assert bench.data == bytes(each.byte for each in expected if each.fault is None)
    assert [kind.value for _, kind in bench.errors] == [each.fault for each in expected if each.fault]


TICK_COUNT = st.integers(11 * TICKS, 330 * TICKS)


@given(st.lists(st.tuples(TICK_COUNT, st.booleans()), min_size=2, max_size=12))
def test_random_response_times(answers: list[tuple[int, bool]]) -> None:
    """All answers of a bus to one request, short and long telegrams, are read as the model of the wire reads them.

    Each slave answers after so many sixteenths of a bit time.
    """
    responses = [ResponseTime(ticks / TICKS, ticks / TICKS) for ticks, _ in answers]
    bench = BusBench([1] * len(answers), line=Line(2400), paced=True, responses=responses)
    for app, (_, has_data) in zip(bench.apps, answers, strict=True):
        app.sections = 1 if has_data else 3
    sent = []
    for number, (ticks, has_data) in enumerate(answers):
        alone = BusBench([1])
        alone.apps[0].own, alone.apps[0].sections = bench.apps[number].own, 1 if has_data else 3
        sent.append(Sent(ticks, alone.ask(request(1), 1)))
    bench.ask(request(1))
    expected = read_wire(sent)
    assert bench.read == [each.fault or each.byte for each in expected]


def test_an_answer_just_after_two_that_met() -> None:
    """The receiver is still inside a character that began late in the second answer, so the third is damaged too."""
    begins = (11, 21, 32.5)
    bench = BusBench((1, 2, 3), line=Line(2400), responses=[ResponseTime(bits, bits) for bits in begins])
    bench.ask(nke(254))
    assert bench.read == [each.fault or each.byte for each in read_wire(Sent(int(16 * bits), ACK) for bits in begins)]
    assert bench.overlapped == [("s0", "s1", "s2")]
