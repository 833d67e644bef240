"""Each rule for masters: a scripted master that breaks it, and one that does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cmi_gui.engine.bus.faults import parse_fault
from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.cmi1020.settings import ModuleSettings
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.slave_address import mask_bytes
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.metering_point import PointConfig
from cmi_gui.engine.station.station import Station
from cmi_gui.engine.traffic.conduct import RULES, MasterRule, Violation, judge
from tests.helpers.wire_peer import WirePeer

NKE = Frame.short(0x40, 1).to_bytes()
NKE_ABSENT = Frame.short(0x40, 9).to_bytes()
SECOND = Frame.short(0x40, 2).to_bytes()
DESELECT = Frame.short(0x40, 253).to_bytes()
SELECT = Frame.long(0x53, 253, 0x52, mask_bytes("50100001")).to_bytes()
FCB_0, FCB_1 = Frame.short(0x5B, 1).to_bytes(), Frame.short(0x7B, 1).to_bytes()
SELECTED_0, SELECTED_1 = Frame.short(0x5B, 253).to_bytes(), Frame.short(0x7B, 253).to_bytes()
TAG = bytes.fromhex("04 FD 0B 01 00 00 00")
SET_0, SET_1 = (Frame.long(c, 1, 0x51, TAG).to_bytes() for c in (0x53, 0x73))
DAMAGED = NKE[:3] + b"\x00\x16"
LONG = 3.0
"""Seconds in which every answer has ended."""


class Bench:
    """Two modules on a wire of 2400 bit/s and a master that does what a script says, in virtual time."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        points = tuple(
            PointConfig(f"5010000{n}", load="none", paced=False, settings=ModuleSettings(primary_address=n))
            for n in (1, 2)
        )
        self.station = Station(StationConfig(mbus=(), modules=points), self.clock)
        self.station.start()
        self.clock.advance(30)
        self.peer = WirePeer(self.clock, self.station.connect_master(Line(2400)), Line(2400))

    def ask(self, *telegrams: bytes, wait: float = LONG) -> None:
        for telegram in telegrams:
            self.peer.ask(telegram, wait)

    def fault(self, text: str) -> None:
        self.station.points[0].faults.add(parse_fault(text))

    @property
    def violations(self) -> list[Violation]:
        traffic = self.station.traffic
        return judge((traffic.row(index) for index in range(traffic.first, len(traffic))), {2400})


def first_request_without_fcb(bench: Bench) -> None:
    bench.ask(NKE, FCB_0)


def first_request_with_fcb(bench: Bench) -> None:
    bench.ask(NKE, FCB_1)


def same_fcb_after_an_answer(bench: Bench) -> None:
    bench.ask(NKE, FCB_1, FCB_1)


def toggled_after_an_answer(bench: Bench) -> None:
    bench.ask(NKE, FCB_1, FCB_0, FCB_1)


def same_command_twice(bench: Bench) -> None:
    bench.ask(NKE, SET_1, SET_1)


def two_commands(bench: Bench) -> None:
    # Requests and commands have a frame count bit each.
    bench.ask(NKE, SET_1, FCB_1, SET_0, FCB_0)


def toggled_without_an_answer(bench: Bench) -> None:
    bench.ask(NKE)
    bench.station.points[0].set_bus_voltage(0)
    bench.ask(FCB_1, FCB_0)


def repeated_without_an_answer(bench: Bench) -> None:
    bench.ask(NKE)
    bench.station.points[0].set_bus_voltage(0)
    bench.ask(FCB_1, FCB_1)


def too_soon_after_damage(bench: Bench) -> None:
    bench.ask(NKE)
    bench.fault("bad-checksum once")
    bench.peer.ask(FCB_1, 0.0)
    end_of_answer(bench)
    bench.ask(FCB_1)


def idle_after_damage(bench: Bench) -> None:
    bench.ask(NKE)
    bench.fault("bad-checksum once")
    bench.ask(FCB_1, FCB_1)


def end_of_answer(bench: Bench) -> None:
    """Advance until the answer to the last request has been recorded: after its request and the mark of the fault."""
    wanted = len(bench.station.traffic) + 3
    while len(bench.station.traffic) < wanted:
        bench.clock.advance(0.001)


def into_an_answer(bench: Bench) -> None:
    bench.ask(NKE)
    bench.ask(FCB_1, wait=0.3)
    bench.ask(SECOND)


def after_an_answer(bench: Bench) -> None:
    bench.ask(NKE, FCB_1, SECOND)


def before_the_end_of_the_window(bench: Bench) -> None:
    bench.ask(NKE_ABSENT, wait=0.1)
    bench.ask(NKE)


def after_the_window(bench: Bench) -> None:
    # The request takes 23 ms and the window ends 187.5 ms later.
    bench.ask(NKE_ABSENT, wait=0.212)
    bench.ask(NKE)


def left_selected_at_the_end(bench: Bench) -> None:
    bench.ask(SELECT, SELECTED_1)


def left_selected_for_a_primary_address(bench: Bench) -> None:
    bench.ask(SELECT, SELECTED_1, NKE)


def deselected(bench: Bench) -> None:
    bench.ask(SELECT, SELECTED_1, SELECTED_0, DESELECT, NKE)


def a_damaged_telegram(bench: Bench) -> None:
    bench.ask(DAMAGED)


def at_another_speed(bench: Bench) -> None:
    bench.peer.set_line(Line(300))
    bench.ask(NKE)


@pytest.mark.parametrize(
    ("rule", "breaking", "keeping"),
    [
        (MasterRule.FCB_FIRST, first_request_without_fcb, first_request_with_fcb),
        (MasterRule.FCB_NOT_TOGGLED, same_fcb_after_an_answer, toggled_after_an_answer),
        (MasterRule.FCB_NOT_TOGGLED, same_command_twice, two_commands),
        (MasterRule.FCB_TOGGLED, toggled_without_an_answer, repeated_without_an_answer),
        (MasterRule.IDLE, too_soon_after_damage, idle_after_damage),
        (MasterRule.INTO_ANSWER, into_an_answer, after_an_answer),
        (MasterRule.GAVE_UP, before_the_end_of_the_window, after_the_window),
        (MasterRule.NOT_DESELECTED, left_selected_at_the_end, deselected),
        (MasterRule.NOT_DESELECTED, left_selected_for_a_primary_address, deselected),
        (MasterRule.DAMAGED, a_damaged_telegram, first_request_with_fcb),
        (MasterRule.LINE, at_another_speed, first_request_with_fcb),
    ],
)
def test_each_rule(rule: MasterRule, breaking: Callable[[Bench], None], keeping: Callable[[Bench], None]) -> None:
    bench = Bench()
    breaking(bench)
    assert [violation.rule for violation in bench.violations] == [rule]
    assert bench.violations[0].source == RULES[rule][1]
    bench = Bench()
    keeping(bench)
    assert bench.violations == []
