"""The module that the page Built-in module shows: the built-in one, or one of the practice bus."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from cmi_gui.engine.module_state import ModuleState
from cmi_gui.engine.station.metering_point import MeteringPoint
from cmi_gui.engine.station.station import Station
from cmi_gui.ui.models.module import ModuleModel
from cmi_gui.ui.models.practice import Practice
from cmi_gui.ui.targets import ModuleTarget, Targets


class ShownModule(QObject):
    """The shown module and its latest state. It follows the chosen target, unless that is a real module.

    Attributes: `built_in_station`: that of the built-in module; `station`: that of the shown one; `point`: its metering
    point; `state`: its latest state.
    Signals: `changed()`, the state; `switched()`, another module is shown.
    """

    changed = Signal()
    switched = Signal()

    def __init__(
        self,
        built_in: Station,
        module: ModuleModel,
        targets: Targets,
        practice: Practice,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.built_in_station = self.station = built_in
        self._module = module
        self._targets = targets
        self._practice = practice
        self._followed: ModuleTarget | None = None
        """The chosen target that was shown; another module can be shown after that."""
        self._unwatch: Callable[[], None] | None = None
        self.point = built_in.point
        self.state: ModuleState = module.state
        module.changed.connect(self._built_in_changed)
        targets.chosen.connect(self._target_chosen)
        targets.read.connect(self._target_read)
        practice.closing.connect(lambda: self.show_point(self.built_in_station, self.built_in_station.point))
        practice.changed.connect(self.switched)

    @property
    def built_in(self) -> bool:
        """True if the built-in module is shown."""
        return self.station is self.built_in_station

    def show_point(self, station: Station, point: MeteringPoint) -> None:
        """Show another module of the built-in station or of the practice bus."""
        if point is self.point:
            return
        self.close()
        self.station, self.point = station, point
        if not self.built_in:
            self._unwatch = station.watch(self._stepped)
        self.state = self._module.state if self.built_in else point.module_state()
        self.switched.emit()
        self.changed.emit()

    def _target_chosen(self) -> None:
        target, room = self._targets.current, self._practice.room
        point = self._practice.point_of(target)
        self._followed = target if target.built_in or point is not None else None
        if target.built_in:
            self.show_point(self.built_in_station, self.built_in_station.point)
        elif point is not None and room is not None:
            self.show_point(room, point)

    def _target_read(self, target: ModuleTarget) -> None:
        """Show the chosen target if it is not known before now which module it is."""
        if target is self._targets.current and target is not self._followed:
            self._target_chosen()

    def _built_in_changed(self) -> None:
        if self.built_in:
            self._take(self._module.state)

    def _stepped(self, point: MeteringPoint) -> None:
        if point is self.point:
            self._take(point.module_state())

    def _take(self, state: ModuleState) -> None:
        if state != self.state:
            self.state = state
            self.changed.emit()

    def close(self) -> None:
        """Stop following a module of the practice bus."""
        if self._unwatch is not None:
            self._unwatch()
            self._unwatch = None
