"""The speed of a bus link: the module's setting, the LINK, a master's command, or a search."""

from __future__ import annotations

import pytest

from cmi_gui.engine.events import Notice
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.station.link_status import LinkStatus
from cmi_gui.engine.station.wiring import Wiring
from tests.helpers.module_bench import ModuleBench, Wire, bench_on_a_wire

TO_300 = Frame.long(0x73, 0, 0xB8, b"").to_bytes()
TO_2400 = Frame.long(0x73, 0, 0xBB, b"").to_bytes()
NAMED = "serial:/in/memory?baud=300"
AUTO = "serial:/in/memory?baud=auto"
ACK = b"\xe5"


def status_of(bench: ModuleBench) -> LinkStatus:
    return bench.station.link_status[0]


def command_elsewhere(bench: ModuleBench, telegram: bytes) -> None:
    """Have the module's setting changed over another link, one without a speed."""
    frame = Frame.control(telegram[4], telegram[5], telegram[6])
    bench.driver.link.send(99, frame.to_bytes(), bench.clock.now(), bench.clock.now() + 1)
    bench.clock.advance(1)


# A speed that is named


def test_a_link_with_a_named_speed_has_its_own_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    bench, wire = bench_on_a_wire(monkeypatch, NAMED)
    begin = bench.clock.now()
    assert wire.ping(300)
    request_ends = begin + 5 * 11 / 300
    assert wire.arrivals == pytest.approx([request_ends + (11 + 11) / 300], abs=1e-6), "the window is that of 300 bit/s"
    assert not wire.ping(2400)
    assert (status_of(bench).line, status_of(bench).speed_found) == (Line(300), None)
    assert bench.station.module.baud == 2400


def test_the_modules_setting_moves_only_links_without_a_speed_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    bench, wire = bench_on_a_wire(monkeypatch, "serial:/in/memory?baud=2400")
    command_elsewhere(bench, TO_300)
    assert bench.station.module.baud == 300
    assert wire.ping(2400)
    bench, wire = bench_on_a_wire(monkeypatch)
    command_elsewhere(bench, TO_300)
    assert wire.ping(300)
    assert status_of(bench).line == Line(300)


def test_a_command_moves_a_link_from_its_own_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    bench, wire = bench_on_a_wire(monkeypatch, NAMED)
    assert wire.ask(TO_2400, baud=300) == ACK
    assert status_of(bench).line == Line(2400)
    assert wire.ping(2400)
    bench.restart_module()
    assert wire.ping(2400), "a speed that was used is for good"
    command_elsewhere(bench, TO_300)
    assert wire.ping(300), "from then on the link follows the module"


def test_the_speed_that_it_has_already_can_be_commanded_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    bench, wire = bench_on_a_wire(monkeypatch, NAMED)
    assert wire.ask(TO_300, baud=300) == ACK
    assert wire.ping(300)
    assert bench.station.module.baud == 300


def test_after_an_unused_command_the_named_speed_returns(monkeypatch: pytest.MonkeyPatch) -> None:
    bench, wire = bench_on_a_wire(monkeypatch, NAMED)
    wire.ask(TO_2400, baud=300)
    assert not wire.ping(300)
    bench.clock.advance(300)
    assert wire.ping(300)
    assert bench.station.module.baud == 2400


def test_after_a_power_cut_an_unused_command_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    bench, wire = bench_on_a_wire(monkeypatch, NAMED)
    wire.ask(TO_2400, baud=300)
    bench.restart_module()
    assert wire.ping(300)


def connect_again(bench: ModuleBench, wire: Wire) -> None:
    bench.station.reconnect(status_of(bench))
    wire.plug_in()


def wire_again(bench: ModuleBench, wire: Wire) -> None:
    link = status_of(bench).link
    bench.station.rewire(Wiring(()))
    bench.station.rewire(Wiring((link,)))
    wire.plug_in()


@pytest.mark.parametrize("again", [connect_again, wire_again])
def test_a_reconnected_link_has_its_named_speed(monkeypatch: pytest.MonkeyPatch, again) -> None:  # type: ignore[no-untyped-def]
    bench, wire = bench_on_a_wire(monkeypatch, NAMED)
    wire.ask(TO_2400, baud=300)
    assert wire.ping(2400)
    again(bench, wire)
    assert wire.ping(300)
    assert not wire.ping(2400)
    assert bench.station.module.baud == 2400


def test_stopped_and_started_the_link_is_at_the_speed_the_module_has_by_now(monkeypatch: pytest.MonkeyPatch) -> None:
    bench, wire = bench_on_a_wire(monkeypatch)
    wire.ask(TO_300, baud=2400)
    assert wire.ping(300)
    bench.station.stop()
    wire._ends[0].line = Line(2400)  # as every link, it opens at the speed it was made for
    bench.station.start()
    bench.clock.advance(20)
    assert wire.ping(300)


def test_the_character_format_of_the_link_stays_when_the_speed_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    bench, wire = bench_on_a_wire(monkeypatch, "serial:/in/memory?parity=N")
    wire._end.set_line(1, Line(2400, parity="N"))
    wire._end.send(2, TO_300, bench.clock.now(), bench.clock.now() + 1)
    bench.clock.advance(1)
    assert status_of(bench).line == Line(300, parity="N")


# A speed that is found


@pytest.mark.parametrize("baud", [300, 2400])
def test_a_masters_speed_is_found_reported_and_used(monkeypatch: pytest.MonkeyPatch, baud: int) -> None:
    bench, wire = bench_on_a_wire(monkeypatch, AUTO)
    assert (status_of(bench).line, status_of(bench).speed_found) == (Line(2400), False)
    lost = next(tries for tries in range(5) if wire.ping(baud))
    assert lost == (0 if baud == 2400 else 1)
    assert (status_of(bench).line, status_of(bench).speed_found) == (Line(baud), True)
    assert bench.station.module.baud == 2400, "the setting is the module's own"
    (notice,) = bench.events(Notice)
    assert isinstance(notice, Notice)
    assert (notice.level, notice.code) == ("info", "bus_speed_found")
    assert f"{baud} bit/s" in str(notice.message)
    begin = bench.clock.now()
    assert wire.ping(baud)
    assert wire.arrivals == pytest.approx([begin + (5 * 11 + 11 + 11) / baud], abs=1e-6)
    assert bench.notices() == [], "reported once"


def test_a_master_that_changes_its_speed_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    bench, wire = bench_on_a_wire(monkeypatch, AUTO)
    for baud in (2400, 300, 2400, 300):
        assert [wire.ping(baud) for _ in range(3)][-1], "the last of three tries at the latest"
        assert all(wire.ping(baud) for _ in range(5))
    assert status_of(bench).line == Line(300)


def test_the_setting_does_not_move_a_link_that_finds_its_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    bench, wire = bench_on_a_wire(monkeypatch, AUTO)
    assert wire.ping(2400)
    command_elsewhere(bench, TO_300)
    assert bench.station.module.baud == 300
    assert wire.ping(2400)


def test_after_a_command_nothing_is_searched_until_the_module_loses_power(monkeypatch: pytest.MonkeyPatch) -> None:
    bench, wire = bench_on_a_wire(monkeypatch, AUTO)
    assert wire.ping(2400)
    assert wire.ask(TO_300, baud=2400) == ACK
    assert wire.ping(300)
    assert bench.station.module.baud == 300
    assert not any(wire.ping(2400) for _ in range(6))
    assert status_of(bench).speed_found is None
    bench.restart_module()
    assert status_of(bench).speed_found is False
    assert [wire.ping(2400) for _ in range(2)] == [False, True]


def test_after_a_command_reconnecting_restarts_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    bench, wire = bench_on_a_wire(monkeypatch, AUTO)
    wire.ask(TO_300, baud=2400)
    assert wire.ping(300)
    connect_again(bench, wire)
    assert [wire.ping(2400) for _ in range(2)] == [False, True]


# Counters


def test_answers_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    bench, wire = bench_on_a_wire(monkeypatch)
    assert [wire.ping(2400) for _ in range(3)] == [True] * 3
    assert not wire.ping(2400, address=9)
    assert (status_of(bench).answered, status_of(bench).late) == (3, 0)


def test_of_two_requests_in_one_lump_only_the_last_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a stall bytes arrive together: a master never sends two requests at once, so it has given up the first."""
    bench, wire = bench_on_a_wire(monkeypatch)
    near = wire._end._peer
    assert near is not None
    request = Frame.short(0x7B, 0).to_bytes()
    now = bench.clock.now()
    near._deliver(request + Frame.short(0x40, 0).to_bytes(), now)
    bench.clock.advance(3)
    assert bytes(wire._received) == ACK
    assert (status_of(bench).answered, status_of(bench).late) == (1, 1)
    wire._received.clear()
    near._deliver(request + Frame.short(0x40, 9).to_bytes(), bench.clock.now())
    bench.clock.advance(3)
    assert bytes(wire._received) == b"", "the master has addressed another slave"


def test_late_answers_are_reported_at_intervals(monkeypatch: pytest.MonkeyPatch) -> None:
    bench, wire = bench_on_a_wire(monkeypatch)
    near = wire._end._peer
    assert near is not None
    reported = []
    for _ in range(130):
        near._deliver(Frame.short(0x40, 0).to_bytes(), bench.clock.now() - 1)
        bench.clock.advance(1)
        reported += [code for code in bench.notices() if code == "answer_late"]
    assert status_of(bench).late == 130
    assert reported == ["answer_late"] * 3
