"""A bus with one slave does exactly what the slave does alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.bus.bus import Bus
from cmi_gui.engine.bus.node import Node
from cmi_gui.engine.bus.response_time import ResponseTime
from cmi_gui.engine.machine import Effects, Line, LineEvent, SendOutcome, SetLine, Write
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.slave import Slave
from cmi_gui.engine.mbus.slave_events import SpeedChanged
from tests.helpers.bus_bench import ANY, make_node, nke, request, select
from tests.helpers.slave_bench import Application


class Alone:
    """A slave with its application. `tokens`: of its actions that are not done, in the order in which they came."""

    def __init__(self, *, has_speed: bool, finds_speed: bool, on_bus: bool) -> None:
        self.app = Application()
        self.slave = Slave(self.app, has_speed=has_speed, finds_speed=finds_speed)
        self.node: Node = make_node("s0", self.slave, ResponseTime(), 7)
        self.machine: Slave | Bus = Bus((self.node,)) if on_bus else self.slave
        self.tokens: list[int] = []
        self._actions = 0

    def take(self, effects: Effects) -> list[object]:
        """Return effects with numbered tokens and rounded times, which a bus may change by a rounding error."""
        taken: list[object] = []
        for effect in effects:
            match effect:
                case Write():
                    begin, end = round(effect.not_before, 9), round(effect.not_after, 9)
                    taken.append(replace(effect, token=self._number(effect.token), not_before=begin, not_after=end))
                case SetLine():
                    taken.append(replace(effect, token=self._number(effect.token)))
                case _:
                    taken.append(effect)
        return taken

    def _number(self, token: int) -> int:
        self.tokens.append(token)
        self._actions += 1
        return self._actions

    def power(self, on: bool, at: float) -> Effects:
        self.app.powered = on
        if on:
            return ()
        return self.machine.power_off(self.node, at) if isinstance(self.machine, Bus) else self.machine.power_off()

    def follow(self, baud: int, at: float) -> Effects:
        self.app.line = Line(baud)
        return (
            self.machine.follow_speed(self.node, at) if isinstance(self.machine, Bus) else self.machine.follow_speed()
        )


TELEGRAMS = [
    *(telegram for a in (5, 6, 253, 254, 255) for telegram in (nke(a), request(a), request(a, fcb=False))),
    select(ANY),
    select("99999999 FFFF FF FF"),
    *(Frame.long(c, a, ci, b"\x01\x7a\x05").to_bytes() for c in (0x53, 0x73) for a in (5, 253) for ci in (0x51, 0x50)),
    *(Frame.control(0x53, a, ci).to_bytes() for a in (5, 253, 255) for ci in (0xB8, 0xBB)),
    Frame.short(0x5A, 5).to_bytes(),
    b"\xe5",
    b"\x10\x40\x05\x00\x16",
    request(5) + request(5, fcb=False),
    request(5)[:3],
]

Step = Callable[[Alone, float], Effects]


def _receive(data: bytes) -> Step:
    return lambda alone, at: alone.machine.receive(data, at)


def _done(outcome: SendOutcome) -> Step:
    def step(alone: Alone, at: float) -> Effects:
        return alone.machine.done(alone.tokens.pop(0), outcome, at) if alone.tokens else ()

    return step


def _event(kind: LineEvent) -> Step:
    return lambda alone, at: alone.machine.line_event(kind, at)


def _power(on: bool) -> Step:
    return lambda alone, at: alone.power(on, at)


def _follow(baud: int) -> Step:
    return lambda alone, at: alone.follow(baud, at)


def _tick(alone: Alone, at: float) -> Effects:
    due = alone.machine.deadline
    return alone.machine.tick(at) if due is not None and due <= at else ()


STEPS = st.one_of(
    st.sampled_from(TELEGRAMS).map(_receive),
    st.sampled_from(TELEGRAMS).map(_receive),
    st.binary(min_size=1, max_size=6).map(_receive),
    st.sampled_from(SendOutcome).map(_done),
    st.sampled_from(LineEvent).map(_event),
    st.booleans().map(_power),
    st.sampled_from((300, 2400)).map(_follow),
    st.just(_tick),
)
PAUSES = st.sampled_from((0.0, 0.002, 0.03, 0.3, 6.0, 301.0))


@given(st.lists(st.tuples(PAUSES, STEPS), max_size=40), st.booleans(), st.booleans())
def test_a_bus_with_one_slave_is_that_slave(
    steps: list[tuple[float, Step]], has_speed: bool, finds_speed: bool
) -> None:
    slave = Alone(has_speed=has_speed, finds_speed=has_speed and finds_speed, on_bus=False)
    bus = Alone(has_speed=has_speed, finds_speed=has_speed and finds_speed, on_bus=True)
    assert isinstance(bus.machine, Bus)
    assert bus.take(bus.machine.opened()) == slave.take(slave.slave.opened())
    at = 100.0
    for pause, step in steps:
        at += pause
        assert bus.take(step(bus, at)) == slave.take(step(slave, at))
        assert bus.machine.deadline == slave.machine.deadline
        assert (bus.machine.line, bus.machine.speed_found) == (slave.slave.line, slave.slave.speed_found)
        assert vars(bus.app) == vars(slave.app)


def test_the_steps_reach_answers_and_changes_of_speed() -> None:
    """The random steps above are not empty: these are the effects of some of them."""
    bus = Alone(has_speed=True, finds_speed=False, on_bus=True)
    kinds = {type(effect) for telegram in TELEGRAMS for effect in bus.take(_receive(telegram)(bus, 100.0))}
    assert {Write, SetLine, SpeedChanged} <= kinds
