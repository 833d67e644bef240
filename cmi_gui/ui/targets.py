"""The module that Configuration, Readings and Diagnostics work on: the built-in one, or one found on a bus."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from PySide6.QtCore import QObject, Signal

from cmi_gui.engine.configurator.session import MasterSession
from cmi_gui.engine.configurator.slaves import SlaveIdentity
from cmi_gui.engine.mbus.slave_address import SlaveAddress

BUILT_IN = "built-in"
"""The key of the built-in module."""


class AbsenceReason(Enum):
    """The reason why a module found on a bus may not be reachable any more."""

    DISCONNECTED = "disconnected"
    """Its bus was disconnected by the user, or could not be opened."""
    UNLISTED = "unlisted"
    """It was removed from the list of its bus."""
    SILENT = "silent"
    """It did not answer the last request, or a scan that should have found it did not."""


@dataclass(slots=True, eq=False)
class ModuleTarget:
    """A module that can be chosen. `key`: unique among the listed modules; `name`: the name shown to the user.

    `history_key`: the key of its readings, that of the module and its world; empty: they have the key of the target.

    `where`: the link, in words. `reach`: returns its current address (which, like its speed, may have been changed).
    `lines`: the meter's own lines as last read through the bus, `CODE(VALUE)`; `read_at` in seconds of the engine's
    clock. Both stay empty for the built-in module, whose readings are the station's. `contact`: whether the module had
    contact with its meter then; if not, `lines` are the last it knew (M-Bus status bit 4). `meter`: the number of its
    meter, empty while it is not known. `absence`: the reason why it may not be reachable, or None. `identity`: returns
    the identity of the module, so that nothing is written to another one at its address; None if it is not known or
    does not matter. `practice`: it is on the practice bus, and so simulated. `site`, `place`: the name of its
    site, and its flat there; empty if they are not known.
    """

    key: str
    name: str
    where: str
    session: MasterSession
    reach: Callable[[], SlaveAddress]
    lines: list[str] = field(default_factory=list)
    read_at: float | None = None
    contact: bool = True
    meter: str = ""
    absence: AbsenceReason | None = None
    identity: Callable[[], SlaveIdentity | None] = lambda: None
    practice: bool = False
    site: str = ""
    place: str = ""
    history_key: str = ""

    @property
    def built_in(self) -> bool:
        """True if this is the built-in module."""
        return self.key == BUILT_IN


class Targets(QObject):
    """All modules that can be chosen, and the chosen one; the built-in one is always first.

    Only the user chooses: a module that disappears stays chosen, and is marked as absent.
    Signals: `changed()`, the list, a name in it or an `absence` has changed; `chosen()`, another module was chosen;
    `read(object)`, the `ModuleTarget` that has new lines.
    """

    changed = Signal()
    chosen = Signal()
    read = Signal(object)

    def __init__(self, built_in: ModuleTarget, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all = {built_in.key: built_in}
        self._current = built_in
        self._current_removed = False
        """True if the chosen module was removed, and is still listed only until another one is chosen."""

    @property
    def all(self) -> list[ModuleTarget]:
        """All modules in the order they were added."""
        return list(self._all.values())

    @property
    def current(self) -> ModuleTarget:
        """The chosen module."""
        return self._current

    def add(self, target: ModuleTarget) -> None:
        """Add a module; one with the same key is replaced."""
        replaced = self._all.get(target.key)
        self._all[target.key] = target
        if replaced is self._current:
            self._current_removed = False
        self.changed.emit()
        if replaced is self._current:
            self._current = target
            self.chosen.emit()

    def remove(self, key: str) -> None:
        """Remove a module; the chosen one stays listed until another one is chosen.

        Raises KeyError for a key that is not listed, ValueError for the built-in module.
        """
        if key == BUILT_IN:
            raise ValueError("the built-in module is always there")
        if self._all[key] is self._current:
            self._current_removed, self._current.absence = True, AbsenceReason.UNLISTED
        else:
            del self._all[key]
        self.changed.emit()

    def mark(self, target: ModuleTarget, absence: AbsenceReason | None) -> None:
        """Mark a module as absent, with the reason, or as present (None); the built-in one is never marked."""
        if not target.built_in and target.absence is not absence:
            target.absence = absence
            self.changed.emit()

    def choose(self, key: str) -> None:
        """Choose another module. Raises KeyError for a key that is not listed."""
        target = self._all[key]
        if target is self._current:
            return
        left, removed = self._current, self._current_removed
        self._current, self._current_removed = target, False
        self.chosen.emit()
        if removed:
            del self._all[left.key]
            self.changed.emit()
