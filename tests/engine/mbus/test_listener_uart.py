"""A listener on a bus behind a receiver that reports no line errors: at another speed it gets plain wrong bytes."""

from __future__ import annotations

import pytest

from cmi_gui.engine.machine import Line, SpeedFollowed, Unreadable
from cmi_gui.engine.mbus.frame import Frame, GoodFrame
from cmi_gui.engine.mbus.listener import BusListener, BusTraffic
from tests.helpers.uart import OverheardLine

REQUEST = Frame.short(0x5B, 7).to_bytes()
ANSWER = Frame.long(0x08, 7, 0x72, bytes(range(1, 60))).to_bytes()
ACK = b"\xe5"
COMMANDS = {300: Frame.control(0x53, 7, 0xB8).to_bytes(), 2400: Frame.control(0x53, 7, 0xBB).to_bytes()}
OTHER = {300: 2400, 2400: 300}


class Tap(OverheardLine):
    """A tap on a bus."""

    def __init__(self, baud: int, *, finds_speed: bool = False) -> None:
        machine = BusListener(Line(baud), has_speed=True, finds_speed=finds_speed)
        super().__init__(machine, machine.opened(), Line(baud))

    def say(self, data: bytes, baud: int, *, after: float) -> None:
        self.rest(after)
        self.speak(data, baud)

    def ask(self, baud: int, request: bytes = REQUEST, answer: bytes = ANSWER) -> None:
        """A master asks and a slave answers, as soon as it may."""
        self.say(request, baud, after=0.5)
        self.say(answer, baud, after=12 / baud)

    @property
    def good(self) -> list[bytes]:
        """The whole telegrams that were heard; a lone E5 turns up in garbage too."""
        events = [event.event for event in self.events if isinstance(event, BusTraffic)]
        return [event.raw for event in events if isinstance(event, GoodFrame) and event.raw != ACK]

    def said(self, kind: type) -> list[object]:
        return [event for event in self.events if isinstance(event, kind)]


@pytest.mark.parametrize("baud", OTHER)
def test_at_its_own_speed_nothing_is_damaged(baud: int) -> None:
    tap = Tap(baud)
    for _ in range(5):
        tap.ask(baud)
    assert tap.good == [REQUEST, ANSWER] * 5
    assert len(tap.said(BusTraffic)) == 10
    assert tap.said(SpeedFollowed) == []


@pytest.mark.parametrize("baud", OTHER)
def test_a_speed_that_was_named_is_kept_and_said_to_be_wrong(baud: int) -> None:
    tap = Tap(OTHER[baud])
    for _ in range(10):
        tap.ask(baud)
    assert tap.good == []
    assert len(tap.said(Unreadable)) == 1
    assert tap.machine.line == Line(OTHER[baud])


@pytest.mark.parametrize("baud", OTHER)
def test_the_speed_is_found_at_the_cost_of_one_exchange(baud: int) -> None:
    tap = Tap(OTHER[baud], finds_speed=True)
    for _ in range(5):
        tap.ask(baud)
    assert tap.good[-8:] == [REQUEST, ANSWER] * 4
    assert tap.machine.found


@pytest.mark.parametrize("baud", OTHER)
@pytest.mark.parametrize("finds_speed", [False, True])
def test_a_command_is_followed_at_once_without_a_lost_telegram(baud: int, finds_speed: bool) -> None:
    tap = Tap(baud, finds_speed=finds_speed)
    new = OTHER[baud]
    tap.ask(baud)
    tap.ask(baud, COMMANDS[new], ACK)
    tap.ask(new)
    tap.ask(new, COMMANDS[baud], ACK)
    tap.ask(baud)
    assert tap.good == [REQUEST, ANSWER, COMMANDS[new], REQUEST, ANSWER, COMMANDS[baud], REQUEST, ANSWER]


@pytest.mark.parametrize("baud", OTHER)
def test_one_slave_at_another_speed_than_the_others_costs_an_exchange_or_two_each_time(baud: int) -> None:
    # A master that speaks to a slave at each speed in turn: nothing says beforehand which comes next.
    tap = Tap(baud)
    tap.ask(baud, COMMANDS[OTHER[baud]], ACK)
    for _ in range(3):
        for speed in (baud, OTHER[baud]):
            before = len(tap.good)
            for _ in range(6):
                tap.ask(speed)
            assert len(tap.good) - before >= 8, "of twelve"
    assert tap.said(Unreadable) == []
