"""The wire in memory: the times at which line errors arrive."""

from __future__ import annotations

import pytest

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.link.memory import memory_pair
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.machine import Line, LineEvent, LinkState, SendOutcome

CHAR = 11 / 2400


class Received:
    """A sink that records what arrives, with its times."""

    def __init__(self) -> None:
        self.log: list[tuple[float, bytes | LineEvent]] = []

    def received(self, data: bytes, at: float) -> None:
        self.log.append((at, data))

    def line_event(self, kind: LineEvent, at: float) -> None:
        self.log.append((at, kind))

    def done(self, token: int, outcome: SendOutcome, at: float) -> None:
        assert outcome is SendOutcome.SENT

    def state(self, state: LinkState, cause: LinkError | None) -> None:
        assert state is LinkState.OPEN


@pytest.mark.parametrize("paced", [False, True])
def test_a_line_error_arrives_at_its_time_between_the_bytes_around_it(paced: bool) -> None:
    clock = VirtualClock(0.0)
    near, far = memory_pair(clock, Line(2400), paced=paced)
    received = Received()
    near.open(Received())
    far.open(received)
    near.send(1, b"\x68", 1.0, 2.0)
    near.send_error(2, LineEvent.FRAMING, 3.0)
    near.send(3, b"\x16", 4.0, 5.0)
    clock.run_until(10.0)
    taken = CHAR if paced else 0.0
    assert received.log == [
        (pytest.approx(1.0 + taken), b"\x68"),
        (pytest.approx(3.0 + taken), LineEvent.FRAMING),
        (pytest.approx(4.0 + taken), b"\x16"),
    ]
