"""A listener on a bus behind a receiver that reports no line errors: at another speed it receives wrong bytes."""

from __future__ import annotations

import pytest

from cmi_gui.engine.machine import Line, SpeedFollowed, Unreadable
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.frame_decoder import GoodFrame
from cmi_gui.engine.mbus.listener import BusListener, BusTraffic
from tests.helpers.uart import ObservedLine

REQUEST = Frame.short(0x5B, 7).to_bytes()
ANSWER = Frame.long(0x08, 7, 0x72, bytes(range(1, 60))).to_bytes()
ACK = b"\xe5"
COMMANDS = {300: Frame.control(0x53, 7, 0xB8).to_bytes(), 2400: Frame.control(0x53, 7, 0xBB).to_bytes()}
OTHER = {300: 2400, 2400: 300}


class Tap(ObservedLine):
    """A tap on a bus."""

    def __init__(self, baud: int, *, finds_speed: bool = False) -> None:
        machine = BusListener(Line(baud), has_speed=True, finds_speed=finds_speed)
        super().__init__(machine, machine.opened(), Line(baud))

    def send(self, data: bytes, baud: int, *, after: float) -> None:
        self.rest(after)
        self.put(data, baud)

    def exchange(self, baud: int, request: bytes = REQUEST, answer: bytes = ANSWER) -> None:
        """A request of a master and the answer of a slave, as early as allowed."""
        self.send(request, baud, after=0.5)
        self.send(answer, baud, after=12 / baud)

    @property
    def good(self) -> list[bytes]:
        """The whole telegrams received, without E5, which noise contains too."""
        events = [event.event for event in self.events if isinstance(event, BusTraffic)]
        return [event.raw for event in events if isinstance(event, GoodFrame) and event.raw != ACK]

    def events_of(self, kind: type) -> list[object]:
        return [event for event in self.events if isinstance(event, kind)]


@pytest.mark.parametrize("baud", OTHER)
def test_no_damage_at_the_right_speed(baud: int) -> None:
    tap = Tap(baud)
    for _ in range(5):
        tap.exchange(baud)
    assert tap.good == [REQUEST, ANSWER] * 5
    assert len(tap.events_of(BusTraffic)) == 10
    assert tap.events_of(SpeedFollowed) == []


@pytest.mark.parametrize("baud", OTHER)
def test_a_wrong_named_speed_is_kept_and_reported(baud: int) -> None:
    tap = Tap(OTHER[baud])
    for _ in range(10):
        tap.exchange(baud)
    assert tap.good == []
    assert len(tap.events_of(Unreadable)) == 1
    assert tap.machine.line == Line(OTHER[baud])


@pytest.mark.parametrize("baud", OTHER)
def test_the_speed_is_found_at_the_cost_of_one_exchange(baud: int) -> None:
    tap = Tap(OTHER[baud], finds_speed=True)
    for _ in range(5):
        tap.exchange(baud)
    assert tap.good[-8:] == [REQUEST, ANSWER] * 4
    assert tap.machine.found


@pytest.mark.parametrize("baud", OTHER)
@pytest.mark.parametrize("finds_speed", [False, True])
def test_a_command_is_followed_at_once_without_a_lost_telegram(baud: int, finds_speed: bool) -> None:
    tap = Tap(baud, finds_speed=finds_speed)
    new = OTHER[baud]
    tap.exchange(baud)
    tap.exchange(baud, COMMANDS[new], ACK)
    tap.exchange(new)
    tap.exchange(new, COMMANDS[baud], ACK)
    tap.exchange(baud)
    assert tap.good == [REQUEST, ANSWER, COMMANDS[new], REQUEST, ANSWER, COMMANDS[baud], REQUEST, ANSWER]


@pytest.mark.parametrize("baud", OTHER)
def test_one_slave_at_another_speed_than_the_others_costs_an_exchange_or_two_each_time(baud: int) -> None:
    # The master sends to a slave at each speed in turn, which the listener cannot predict.
    tap = Tap(baud)
    tap.exchange(baud, COMMANDS[OTHER[baud]], ACK)
    for _ in range(3):
        for speed in (baud, OTHER[baud]):
            before = len(tap.good)
            for _ in range(6):
                tap.exchange(speed)
            assert len(tap.good) - before >= 8, "of twelve"
    assert tap.events_of(Unreadable) == []
