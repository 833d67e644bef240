"""The built-in module and a session with it, in virtual time."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.configurator.session import MasterSession
from cmi_gui.engine.machine import Line
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.station import Station


@pytest.fixture
def station(clock: VirtualClock) -> Generator[Station]:
    station = Station(StationConfig(mbus=()), clock)
    station.start()
    assert clock.run_until(30, lambda: station.module.contact)
    yield station
    station.stop()


@pytest.fixture
def session(station: Station, clock: VirtualClock) -> Generator[MasterSession]:
    session = MasterSession(station.connect_master(), Line(2400), clock)
    yield session
    session.close()
