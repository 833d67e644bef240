"""A set of links, with links that only record the calls."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.driver import Driver
from cmi_gui.engine.link.disconnected import DisconnectedLink
from cmi_gui.engine.link_protocol import Link, LinkError, LinkSink
from cmi_gui.engine.machine import Line, LinkState
from cmi_gui.engine.mbus.listener import BusListener
from cmi_gui.engine.station.link_set import LinkSet, WiredLink
from cmi_gui.engine.station.link_status import LinkStatus
from cmi_gui.engine.station.wiring import Wiring

CLOCK = VirtualClock()


class WrittenLink(DisconnectedLink):
    def __init__(self, name: str, log: list[str]) -> None:
        super().__init__(CLOCK, name, LinkError("none", "none"))
        self._log = log

    def open(self, sink: LinkSink) -> None:
        self._log.append(f"open {self.url}")

    def close(self) -> None:
        self._log.append(f"close {self.url}")


class Links(LinkSet[str, WiredLink]):
    def __init__(self) -> None:
        super().__init__(self._note)
        self.log: list[str] = []

    def _note(self, status: LinkStatus, link: Link, state: LinkState, cause: LinkError | None) -> None:
        self.log.append(f"{status.link} {state.value}")

    def _wanted_of(self, wiring: Wiring) -> Sequence[str]:
        return wiring.mbus

    def _new_status(self, wanted: str) -> LinkStatus:
        return LinkStatus("mbus", wanted, wanted)

    def _make(self, wanted: str, status: LinkStatus) -> WiredLink:
        if wanted == "bad":
            raise LinkError("bad_link", wanted)
        link = WrittenLink(wanted, self.log)
        return WiredLink(Driver(BusListener(Line(2400), has_speed=False), link, CLOCK, lambda event: None), status)


@pytest.fixture
def made() -> Links:
    made = Links()
    made.wire(Wiring(("a", "b")))
    assert made.log == [], "nothing opens before the set is open"
    made.open()
    assert made.log == ["open a", "open b"]
    made.log.clear()
    return made


def test_dropped_links_are_closed_before_new_ones_are_opened(made: Links) -> None:
    unchanged = made.links[1]
    made.wire(Wiring(("c", "b")))
    assert made.log == ["close a", "a closed", "open c"]
    assert made.links[1] is unchanged
    made.close()
    assert made.log[3:] == ["close c", "close b"]


def test_a_link_that_cannot_be_changes_nothing(made: Links) -> None:
    before = made.links
    with pytest.raises(LinkError):
        made.wire(Wiring(("c", "bad")))
    assert made.log == []
    assert made.links == before


def test_a_link_that_is_wanted_twice_is_made_twice(made: Links) -> None:
    made.wire(Wiring(("a", "a")))
    assert made.log == ["close b", "b closed", "open a"]
    assert len(made.links) == 2


def test_a_disconnected_link_stays_in_order_and_is_replaced_on_reconnect(made: Links) -> None:
    status, link = made.status[0], made.links[0]
    made.disconnect(status)
    assert made.log == ["close a", "a closed"]
    assert made.owns(status)
    made.reconnect(status)
    assert made.log[2:] == ["close a", "open a"]
    assert made.status[0] is status
    assert made.links[0] is not link
    assert not made.owns(LinkStatus("mbus", "a", "a"))
