"""A search on a line that loses answers: it never says silently that a slave is not there."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.configurator.discover import Scan, ScanPlan
from cmi_gui.engine.configurator.session import MasterSession
from cmi_gui.engine.configurator.slaves import SlaveList
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.frame import FrameKind
from cmi_gui.engine.mbus.search import ANY, SecondarySearch
from cmi_gui.engine.mbus.search_record import SearchOptions
from cmi_gui.engine.mbus.search_state import SearchState
from tests.helpers.buses import BusSlave
from tests.helpers.lossy_bus import Fault, Harm, LossyBus

MAKER = bytes.fromhex("96150102")
SLAVES = 12


def slaves(seed: int) -> list[BusSlave]:
    numbers = random.Random(seed).sample(range(10**8), SLAVES)
    return [BusSlave(0, bytes.fromhex(f"{number:08d}") + MAKER) for number in numbers]


def faults(seed: int, loss: float) -> Iterator[Fault]:
    drawn = random.Random(seed)
    for _ in range(5000):
        yield Fault(Harm.LOST if drawn.random() < loss else Harm.NONE)


def scan(bus: list[BusSlave], loss: float, *, learns: bool, seed: int = 1) -> Scan:
    clock = VirtualClock(100.0)
    session = MasterSession(LossyBus(clock, bus, list(faults(seed, loss))), Line(2400), clock)
    plan = ScanPlan(None, ANY, (2400,), SearchOptions(has_speed=learns))
    run = Scan(plan, SlaveList(), clock, found=lambda _: None, progress=lambda: None)
    ends: list[object] = []
    session.run(run.procedure(), ends.append, ends.append)
    assert clock.run_until(clock.now() + 50_000, lambda: bool(ends))
    assert ends == [None]
    return run


@pytest.mark.parametrize("learns", [False, True], ids=["standard times", "learned times"])
def test_a_search_on_a_good_line_has_no_warning(learns: bool) -> None:
    run = scan(slaves(1), 0.0, learns=learns)
    assert len(run.entries) == SLAVES
    assert run.warning is None


@pytest.mark.parametrize("learns", [False, True], ids=["standard times", "learned times"])
@pytest.mark.parametrize("seed", range(6))
def test_a_search_that_may_have_missed_a_slave_says_so(seed: int, learns: bool) -> None:
    run = scan(slaves(seed), 0.15, learns=learns, seed=seed)
    assert run.complete
    assert run.search is not None
    assert run.search.record.repeated > 0
    assert str(run.warning).startswith("answers are lost on this bus")
    assert sum(entry.identity is not None for entry in run.entries) <= SLAVES


def test_a_continued_search_still_knows_that_answers_were_lost() -> None:
    run = scan(slaves(2), 0.15, learns=True)
    assert run.search is not None
    state = msgspec.json.decode(msgspec.json.encode(run.search.state), type=SearchState)
    continued = SecondarySearch(ANY, lambda _: None, SearchOptions(has_speed=True, state=state))
    assert continued.record.repeated == run.search.record.repeated > 0
    # The learned times of a line that loses answers prove nothing.
    assert continued._window.seconds is None
    # A state that an earlier version has saved has no number.
    before = msgspec.json.encode({**msgspec.to_builtins(state), "repeated": 0})
    assert SecondarySearch(ANY, lambda _: None, SearchOptions(state=msgspec.json.decode(before, type=SearchState)))


class SometimesSilentBus(LossyBus):
    """A bus on which the slaves of `silent` do not answer some requests, each while selected by the given mask."""

    silent: dict[bytes, list[tuple[str, bytes]]]

    def _answer(self, slave: BusSlave, answer: bytes, requested_at: float, pending: Any) -> None:
        kind, mask = self.silent[slave.header][0] if self.silent.get(slave.header) else ("", b"")
        selection = next(frame.data for frame in reversed(self.requests) if frame.kind is FrameKind.LONG)
        if kind == ("data" if len(answer) > 1 else "E5") and selection[:4] == mask:
            del self.silent[slave.header][0]
            return
        super()._answer(slave, answer, requested_at, pending)


def found_by_search(bus: SometimesSilentBus, clock: VirtualClock) -> set[bytes]:
    search = SecondarySearch(ANY, lambda _: None)
    ends: list[object] = []
    MasterSession(bus, Line(2400), clock).run(search.procedure(), ends.append, ends.append)
    assert clock.run_until(clock.now() + 5_000, lambda: bool(ends))
    assert not any(bus.silent.values())
    assert all(slave.frame is not None for slave in search.record.found.values())
    return {key[:8] for key in search.record.found}


def test_a_slave_that_another_one_has_hidden_is_found_on_a_line_that_loses_answers() -> None:
    numbers = ("12345678", "19345678", "55345678")
    first, hidden, other = (BusSlave(0, bytes.fromhex(number)[::-1] + MAKER) for number in numbers)
    clock = VirtualClock(100.0)
    bus = SometimesSilentBus(clock, [first, hidden, other])
    # The E5 of two slaves are one E5, and then only one of them sends its data.
    bus.silent = {
        hidden.header: [("data", bytes.fromhex("1fffffff")[::-1])],
        other.header: [("E5", bytes.fromhex("5fffffff")[::-1])],
    }
    assert found_by_search(bus, clock) == {first.header, hidden.header, other.header}


def test_a_slave_that_did_not_answer_its_own_mask_is_found_as_one_of_two_that_collided() -> None:
    one, other = (BusSlave(0, bytes.fromhex(number)[::-1] + MAKER) for number in ("50140110", "50140114"))
    clock = VirtualClock(100.0)
    bus = SometimesSilentBus(clock, [one, other])
    bus.silent = {one.header: [("E5", one.header[:4])] * 2}
    assert found_by_search(bus, clock) == {one.header, other.header}
