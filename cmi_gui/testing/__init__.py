"""Modules and rooms of modules for tests of masters, in the process of the test.

    from cmi_gui.testing import open_room

    with open_room("room.toml") as room:
        room.inject("flat-2", "no-answer", once=True)
        my_reader(room.url).read(2)
        assert len(room.requests(address=2, kind="REQ_UD2")) == 2
        assert room.violations == []

A room serves masters on a free TCP port of this computer, in a thread of its own. With pytest, use the fixtures
`cmi1020`, `meter_room` and `meter_room_factory`. Neither Qt nor numpy is imported.
"""

from __future__ import annotations

from cmi_gui.engine.traffic.conduct import MasterRule, Violation
from cmi_gui.testing.module import RoomModule
from cmi_gui.testing.requests import MasterRequest
from cmi_gui.testing.room import MeterRoom, MeterRoomError, open_module, open_room

__all__ = [
    "MasterRequest",
    "MasterRule",
    "MeterRoom",
    "MeterRoomError",
    "RoomModule",
    "Violation",
    "open_module",
    "open_room",
]
