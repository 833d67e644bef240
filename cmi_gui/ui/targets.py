"""Whom the pages Configuration and Readings speak to: the built-in module, or modules found on a real bus."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal

from cmi_gui.engine.configurator.session import MasterSession
from cmi_gui.engine.mbus.procedures import SlaveAddress

BUILT_IN = "built-in"
"""The key of the module inside this program."""


@dataclass(slots=True, eq=False)
class ModuleTarget:
    """One module. `key` is its own for as long as it is listed; `name` is what a person calls it.

    `where`: the link, in words. `reach`: how it is reached just now (its address or speed may have been changed).
    `lines`: the meter's own lines as last read through the bus, `CODE(VALUE)`; `read_at` in seconds of the engine's
    clock. Both stay empty for the built-in module, whose readings are the station's. `contact`: whether the module had
    contact with its meter then; without, `lines` are what it knew last (M-Bus status bit 4).
    """

    key: str
    name: str
    where: str
    session: MasterSession
    reach: Callable[[], SlaveAddress]
    lines: list[str] = field(default_factory=list)
    read_at: float | None = None
    contact: bool = True

    @property
    def built_in(self) -> bool:
        """Whether this is the module inside this program."""
        return self.key == BUILT_IN


class Targets(QObject):
    """All modules that can be chosen, and the one that is; the built-in one is always first.

    Signals: `changed()`, the list or a name in it; `chosen()`, another one is spoken to; `read(object)`, the
    `ModuleTarget` that has new lines.
    """

    changed = Signal()
    chosen = Signal()
    read = Signal(object)

    def __init__(self, built_in: ModuleTarget, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all = {built_in.key: built_in}
        self._current = built_in

    @property
    def all(self) -> list[ModuleTarget]:
        """In the order they came."""
        return list(self._all.values())

    @property
    def current(self) -> ModuleTarget:
        """The one that is spoken to."""
        return self._current

    def add(self, target: ModuleTarget) -> None:
        """List a module; one with the same key is replaced."""
        replaced = self._all.get(target.key)
        self._all[target.key] = target
        self.changed.emit()
        if replaced is self._current:
            self._current = target
            self.chosen.emit()

    def remove(self, key: str) -> None:
        """Take a module off the list; if it is spoken to, the built-in one is from now on. KeyError: not listed."""
        if key == BUILT_IN:
            raise ValueError("the built-in module is always there")
        gone = self._all.pop(key)
        if gone is self._current:
            self.choose(BUILT_IN)
        self.changed.emit()

    def choose(self, key: str) -> None:
        """Speak to another one. Raises KeyError for a key that is not listed."""
        target = self._all[key]
        if target is not self._current:
            self._current = target
            self.chosen.emit()
