"""The module that Configuration and Readings work on: the built-in one, or one that was found on a real bus."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from PySide6.QtCore import QObject, Signal

from cmi_gui.engine.configurator.session import MasterSession
from cmi_gui.engine.configurator.slaves import Who
from cmi_gui.engine.mbus.slave_address import SlaveAddress

BUILT_IN = "built-in"
"""The key of the module inside this program."""


class Gone(Enum):
    """Why a module that was found cannot be relied on to be there any more."""

    DISCONNECTED = "disconnected"
    """Its bus was disconnected by the user, or could not be opened."""
    UNLISTED = "unlisted"
    """It was taken off the list of its bus."""
    SILENT = "silent"
    """It did not answer when it was last asked, or a scan that should have met it has not."""


@dataclass(slots=True, eq=False)
class ModuleTarget:
    """One module. `key` is its own for as long as it is listed; `name` is what a person calls it.

    `where`: the link, in words. `reach`: how it is reached just now (its address or speed may have been changed).
    `lines`: the meter's own lines as last read through the bus, `CODE(VALUE)`; `read_at` in seconds of the engine's
    clock. Both stay empty for the built-in module, whose readings are the station's. `contact`: whether the module had
    contact with its meter then; without, `lines` are what it knew last (M-Bus status bit 4). `meter`: the number of its
    meter, empty while it is not known. `gone`: None for a module that is there as far as is known. `identity`: who it
    is, so that nothing is written to another one in its place; None where that does not matter or is not known.
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
    gone: Gone | None = None
    identity: Callable[[], Who | None] = lambda: None

    @property
    def built_in(self) -> bool:
        """Whether this is the module inside this program."""
        return self.key == BUILT_IN


class Targets(QObject):
    """All modules that can be chosen, and the one that is; the built-in one is always first.

    Only the user chooses: a module that disappears stays chosen, and is marked as gone.
    Signals: `changed()`, the list, a name in it or what has gone; `chosen()`, another one is worked on; `read(object)`,
    the `ModuleTarget` that has new lines.
    """

    changed = Signal()
    chosen = Signal()
    read = Signal(object)

    def __init__(self, built_in: ModuleTarget, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all = {built_in.key: built_in}
        self._current = built_in
        self._leaves = False
        """Whether the chosen module was taken off the list, and stays there only until another one is chosen."""

    @property
    def all(self) -> list[ModuleTarget]:
        """In the order they came."""
        return list(self._all.values())

    @property
    def current(self) -> ModuleTarget:
        """The one that is worked on."""
        return self._current

    def add(self, target: ModuleTarget) -> None:
        """List a module; one with the same key is replaced."""
        replaced = self._all.get(target.key)
        self._all[target.key] = target
        if replaced is self._current:
            self._leaves = False
        self.changed.emit()
        if replaced is self._current:
            self._current = target
            self.chosen.emit()

    def remove(self, key: str) -> None:
        """Take a module off the list; the chosen one only goes when another one is chosen. KeyError: not listed."""
        if key == BUILT_IN:
            raise ValueError("the built-in module is always there")
        if self._all[key] is self._current:
            self._leaves, self._current.gone = True, Gone.UNLISTED
        else:
            del self._all[key]
        self.changed.emit()

    def mark(self, target: ModuleTarget, gone: Gone | None) -> None:
        """Say that a module has gone, and why, or that it is there again; the built-in one never goes."""
        if not target.built_in and target.gone is not gone:
            target.gone = gone
            self.changed.emit()

    def choose(self, key: str) -> None:
        """Work on another one. Raises KeyError for a key that is not listed."""
        target = self._all[key]
        if target is self._current:
            return
        left, leaves = self._current, self._leaves
        self._current, self._leaves = target, False
        self.chosen.emit()
        if leaves:
            del self._all[left.key]
            self.changed.emit()
