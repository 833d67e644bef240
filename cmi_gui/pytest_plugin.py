"""The pytest plugin: fixtures with rooms of simulated modules. It imports the engine only when a fixture is used.

It stands outside `cmi_gui.testing`, because importing that package imports the engine.

Fixtures: `cmi1020`, a module; `meter_room`, the room of the marker `meter_room("FILE")`, of `--meter-room FILE` or of
the ini key `meter_room`, else a made room of three modules; `meter_room_factory`, which opens any number of rooms. Each
is new for every test and closed after it. If a test fails, the traffic of its rooms is in the report and in a file.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from cmi_gui.testing import MeterRoom, RoomModule

_SHOWN = 100
"""The lines of the bus in a report; the file has all, those of the meters too."""
_ROOMS = pytest.StashKey[list["MeterRoom"]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option and the ini key for the room file."""
    group = parser.getgroup("meter room", "simulated M-Bus modules (cmi-gui)")
    group.addoption("--meter-room", metavar="FILE", help="The room file of the fixture meter_room.")
    parser.addini("meter_room", "The room file of the fixture meter_room, relative to the ini file.", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line(
        "markers", "meter_room(file): the room file of the fixture meter_room, relative to the test's file."
    )


@pytest.fixture
def meter_room_factory(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Callable[..., MeterRoom]]:
    """Return a function that opens rooms as `cmi_gui.testing.open_room` does; they are closed after the test."""
    from cmi_gui.testing import open_room

    rooms = request.node.stash.setdefault(_ROOMS, [])

    def open_another(*arguments: Any, **options: Any) -> MeterRoom:
        room = open_room(*arguments, **options)
        rooms.append(room)
        return room

    yield open_another
    while rooms:
        rooms.pop().close()


@pytest.fixture
def meter_room(request: pytest.FixtureRequest, meter_room_factory: Callable[..., MeterRoom]) -> MeterRoom:
    """Return an open room: that of the marker, the option or the ini key, else a made one of three modules."""
    file = _room_file(request)
    return meter_room_factory() if file is None else meter_room_factory(file)


@pytest.fixture
def cmi1020(request: pytest.FixtureRequest) -> Generator[RoomModule]:
    """Return a module that has read its meter and serves masters at its `url`; its primary address is 0."""
    from cmi_gui.testing import open_module

    module = open_module()
    request.node.stash.setdefault(_ROOMS, []).append(module.room)
    yield module
    module.room.close()


def _room_file(request: pytest.FixtureRequest) -> Path | None:
    marker = request.node.get_closest_marker("meter_room")
    if marker is not None:
        if len(marker.args) != 1 or marker.kwargs:
            raise pytest.UsageError('the marker meter_room has one argument, the room file: meter_room("room.toml")')
        return Path(request.path.parent, marker.args[0])
    option = request.config.getoption("--meter-room")
    if option:
        return Path(request.config.invocation_params.dir, option)
    key = request.config.getini("meter_room")
    if key:
        root = request.config.inipath.parent if request.config.inipath else request.config.rootpath
        return root / str(key)
    return None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the traffic of the rooms to the report of a failed test, and keep it as a capture."""
    report = yield
    rooms = item.stash.get(_ROOMS, [])
    if report.when == "call" and report.failed:
        for number, room in enumerate(rooms, 1):
            report.sections.append((f"Traffic of {room.url}", _kept(item, room, number)))
    return report


def _kept(item: pytest.Item, room: MeterRoom, number: int) -> str:
    """Write the traffic of a room to a file; return its last lines and the name of the file."""
    text = room.capture()
    factory: pytest.TempPathFactory = item.config._tmp_path_factory  # type: ignore[attr-defined]
    path = factory.mktemp("meter-room") / f"{item.name.translate(_UNSAFE)[:60]}-{number}.txt"
    path.write_text(text, encoding="utf-8")
    bus = [line for line in text.splitlines() if " mbus " in line[:40]]
    broken = [f"violation: {violation}" for violation in room.violations]
    return "\n".join([*bus[-_SHOWN:], *broken, f"All traffic: {path}"])


_UNSAFE = {ord(char): "-" for char in '/\\:*?"<>|[] '}
