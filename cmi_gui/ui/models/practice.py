"""The practice bus: a simulated bus with many modules in this program, made by chance or read from a room file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from cmi_gui.engine.configurator.masters import master_inside
from cmi_gui.engine.configurator.session import MasterSession
from cmi_gui.engine.files.toml_file import FileError
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.messages import Argument, reason_of
from cmi_gui.engine.room.made_room import make_room
from cmi_gui.engine.room.room_file import Room, read_room, write_room
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.metering_point import MeteringPoint
from cmi_gui.engine.station.station import Station
from cmi_gui.engine.station.station_events import PRACTICE
from cmi_gui.ui.prefs import PracticePrefs, Prefs
from cmi_gui.ui.targets import ModuleTarget
from cmi_gui.ui.text.messages import translate

PRACTICE_LINK = f"{PRACTICE}:"
"""The beginning of the names of practice buses, in the place of a LINK."""
REHEARSAL = "rehearsal"
"""The name of the room of a rehearsal. Nothing of it is kept."""
_SECONDS_A_MODULE = 3.0
"""The readout interval of made rooms for each module, so that meters are read as often in a large room."""
_LEAST_INTERVAL = 60.0


class Practice(QObject):
    """The practice bus of the window. Its room is a station that the window's station hosts.

    `room`: the station with the modules; None until one is made or opened. `name`: that of the room's file, or the seed
    of a made one: modules of rooms with one name are the same. `problem`: why the last room could not be
    opened, or None.
    Signals: `closing()`, the room is about to be replaced; `changed()`, there is another room, or links to the
    outside lead to other modules.
    """

    closing = Signal()
    changed = Signal()

    def __init__(self, station: Station, prefs: Prefs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._station = station
        self._prefs = prefs
        self._seed = 1
        self.room: Station | None = None
        self.name = ""
        self._saved_as = ""
        self.problem: Argument | None = None

    # The room

    @property
    def remembered(self) -> PracticePrefs:
        """The room that was opened or made last."""
        return self._prefs.stored.practice

    @property
    def link(self) -> str:
        """The name of the bus, in the place of a LINK."""
        return PRACTICE_LINK + self.name

    @property
    def title(self) -> str:
        """The room in words."""
        if self.name == REHEARSAL:
            return translate("Practice", "rehearsal of the site, modules: {0}").format(
                len(self.room.points) if self.room else 0
            )
        made = self.name == _made_name(self._seed)
        name = translate("Practice", "seed {0}").format(self._seed) if made else self.name
        words = translate("Practice", "{0}, modules: {1}")
        return words.format(self._saved_as or name, len(self.room.points) if self.room else 0)

    def ensure(self) -> Station:
        """Return the room; without one, the one used last is opened or made. Raises FileError, OSError, ValueError."""
        if self.room is None:
            last = self.remembered
            if last.file:
                self._open(Path(last.file))
            else:
                self.make_modules(last.modules, last.seed)
        assert self.room is not None
        return self.room

    def ready(self) -> bool:
        """Open or make the room used last if there is none; return False, with `problem`, if that fails."""
        try:
            self.ensure()
        except (FileError, OSError, ValueError) as error:
            self.problem = reason_of(error)
        return self.room is not None

    def make_modules(self, modules: int, seed: int) -> None:
        """Replace the room by one made by chance, as delivered. Raises ValueError for a wrong number or seed."""
        interval = max(_LEAST_INTERVAL, _SECONDS_A_MODULE * modules)
        self._use(make_room(modules, seed, readout_interval=interval), _made_name(seed))
        self._prefs.stored.practice = PracticePrefs(modules=modules, seed=seed)

    def open(self, path: Path) -> bool:
        """Replace the room by that of a file; return False, with `problem`, if it cannot be used: the old one stays."""
        try:
            self._open(path)
        except (FileError, OSError, ValueError) as error:
            self.problem = reason_of(error)
            return False
        return True

    def _open(self, path: Path) -> None:
        self._use(read_room(path), path.name)
        self._prefs.stored.practice = _with_file(self.remembered, path)

    def rehearse(self, room: Room) -> None:
        """Replace the room by that of a rehearsal, which is not remembered."""
        self._use(room, REHEARSAL)

    @property
    def rehearsing(self) -> bool:
        """True while the room is that of a rehearsal."""
        return self.room is not None and self.name == REHEARSAL

    def save(self, path: Path) -> None:
        """Write the room to a file, with the present settings and faults of its modules. Raises OSError."""
        assert self.room is not None
        points = tuple(
            replace(point.config, settings=point.module.settings, faults=point.faults.rules)
            for point in self.room.points
        )
        write_room(path, Room(self._seed, points))
        self._saved_as = path.name
        self._prefs.stored.practice = _with_file(self.remembered, path)

    def _use(self, room: Room, name: str) -> None:
        config = StationConfig(mbus=(), modules=room.points)
        made = Station(config, self._station.clock, self._station)
        serves = self.serves
        self.close()
        self.room, self.name, self.problem, self._seed = made, name, None, room.seed
        self._saved_as = ""
        made.start()
        if serves:
            self._station.serve(made)
        self.changed.emit()

    def close(self) -> None:
        """Stop the room, if there is one."""
        if self.room is not None:
            self.closing.emit()
            self.room.stop()
            self.room = None

    # Masters

    def master(self, on_state: Callable[[LinkState, LinkError | None], None]) -> MasterSession:
        """Return this program's master on the bus, not opened yet: a paced wire with a speed."""
        return master_inside(self.ensure(), on_state)

    @property
    def serves(self) -> bool:
        """True if the links to the outside lead to the modules of the room, not to the built-in module."""
        return self.room is not None and self._station.serves(self.room)

    def serve(self, on: bool) -> None:
        """Lead the links to the outside to the room, or to the built-in module. Raises what `ensure` raises."""
        self._station.serve(self.ensure() if on else None)
        self.changed.emit()

    # Its modules

    def point_of(self, target: ModuleTarget) -> MeteringPoint | None:
        """Return the module of the room that a target is; None if it is not in the room, or matches several."""
        identity = target.identity() if target.practice else None
        if self.room is None or identity is None:
            return None
        points = self.room.points
        if identity.fabrication:
            return next((point for point in points if point.config.serial == identity.fabrication), None)
        same = [point for point in points if point.module.settings.secondary_address == identity.id]
        return same[0] if len(same) == 1 else None


def _made_name(seed: int) -> str:
    """Return the name of a made room, which is part of the names of its modules' readings, so in no language."""
    return f"seed {seed}"


def _with_file(last: PracticePrefs, path: Path) -> PracticePrefs:
    """Return what is remembered after a room was opened from a file, or saved there."""
    return PracticePrefs(file=str(path.absolute()), modules=last.modules, seed=last.seed)
