"""A listener behind a receiver that reports no line errors: at another speed than the line's it receives garbage."""

from __future__ import annotations

import pytest

from cmi_gui.engine.iec62056.events import START_LINE
from cmi_gui.engine.iec62056.listener import MeterListener, MeterTraffic, ObservedReadout
from cmi_gui.engine.iec62056.message import BREAK, Command, DataMessage, Identification, OptionSelect, Request
from cmi_gui.engine.iec62056.stream import Damaged
from cmi_gui.engine.machine import Unreadable
from tests.helpers.meter_telegrams import M26_LINES
from tests.helpers.uart import ObservedLine

LIST = DataMessage("".join(f"{line}\r\n" for line in M26_LINES) + "!\r\n").to_bytes()
SPEEDS = {"1": 600, "2": 1200, "3": 2400, "4": 4800, "5": 9600}


class Head(ObservedLine):
    """An optical head on a meter's line."""

    def __init__(self) -> None:
        machine = MeterListener()
        super().__init__(machine, machine.opened(), START_LINE)

    def send(self, data: bytes, baud: int = 300, *, after: float = 0.3) -> None:
        self.rest(after)
        self.put(data, baud)

    def read(self, z: str) -> None:
        """Read the meter."""
        self.send(Request().to_bytes())
        self.send(Identification("LGZ", z, "ZMF100AC.M26").to_bytes())
        self.send(OptionSelect(speed=z).to_bytes())
        self.send(LIST, SPEEDS[z])

    @property
    def readouts(self) -> list[tuple[str, ...]]:
        return [event.lines for event in self.events if isinstance(event, ObservedReadout)]

    @property
    def traffic(self) -> list[MeterTraffic]:
        return [event for event in self.events if isinstance(event, MeterTraffic)]


@pytest.mark.parametrize("z", SPEEDS)
def test_successive_readouts_are_received_without_damage(z: str) -> None:
    head = Head()
    for _ in range(2):
        head.read(z)
        head.rest(2.0)
    assert head.readouts == [tuple(M26_LINES)] * 2
    assert not [piece for piece in head.traffic if isinstance(piece.event, Damaged)]


@pytest.mark.parametrize("z", SPEEDS)
def test_a_readout_begun_before_listening_is_damage_and_the_next_one_is_received(z: str) -> None:
    head = Head()
    head.send(LIST, SPEEDS[z])
    head.rest(2.0)
    assert [type(event) for event in head.events if isinstance(event, Unreadable)] == [Unreadable]
    assert head.readouts == []
    assert any(isinstance(piece.event, Damaged) for piece in head.traffic), "it is recorded"
    head.read(z)
    assert head.readouts == [tuple(M26_LINES)]


@pytest.mark.parametrize("z", SPEEDS)
@pytest.mark.parametrize("silence", [0.3, 2.0, 100.0])
def test_a_new_sign_on_is_followed_back_to_300(z: str, silence: float) -> None:
    # Within a session at its speed; no readout is missed.
    head = Head()
    head.send(Request().to_bytes())
    head.send(Identification("LGZ", z, "ZMF100AC.M26").to_bytes())
    head.send(OptionSelect(speed=z, mode="1").to_bytes())
    head.send(Command("P", "0", "()").to_bytes(), SPEEDS[z])
    assert head.machine.line.baud == SPEEDS[z]
    head.rest(silence)
    head.read(z)
    head.rest(2.0)
    head.read(z)
    assert head.readouts == [tuple(M26_LINES)] * 2
    assert head.machine.line == START_LINE


@pytest.mark.parametrize("z", SPEEDS)
def test_a_sign_off_returns_the_listener_to_300(z: str) -> None:
    head = Head()
    head.send(Request().to_bytes())
    head.send(Identification("LGZ", z, "ZMF100AC.M26").to_bytes())
    head.send(OptionSelect(speed=z, mode="1").to_bytes())
    head.send(Command("P", "0", "()").to_bytes(), SPEEDS[z])
    head.send(BREAK.to_bytes(), SPEEDS[z])
    head.read(z)
    assert head.readouts == [tuple(M26_LINES)]
    assert not [piece for piece in head.traffic if isinstance(piece.event, Damaged)]
