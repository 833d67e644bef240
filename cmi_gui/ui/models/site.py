"""The window's model of the open site: its rows, its file, and edits that can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.site.cells import Change, Difference, RowAdded, RowRemoved, apply, cell_change, fill_down
from cmi_gui.engine.site.model import MAX_ROWS, Site, SiteModule
from cmi_gui.engine.site.site_file import SUFFIX
from cmi_gui.engine.station.station import Station
from cmi_gui.ui.background import Background
from cmi_gui.ui.models.bus import BusMaster
from cmi_gui.ui.models.recent import RecentFiles
from cmi_gui.ui.models.site_on_bus import SiteOnBus
from cmi_gui.ui.models.site_search import SiteSearch
from cmi_gui.ui.models.site_store import SiteStore, set_damaged_aside
from cmi_gui.ui.prefs import Prefs
from cmi_gui.ui.targets import Targets
from cmi_gui.ui.text.words import Level

_REAL = ""
"""The key of the site for real buses; those of simulated ones are their links."""


@dataclass(slots=True)
class _Held:
    """A site with its edits and the chosen rows."""

    site: Site
    undo: QUndoStack
    chosen: SiteModule | None = None


class SiteModel(QObject):
    """The open site. It lives as long as the window, independently of the pages.

    A real bus and a simulated one never share a site: while the master is on the practice bus or on the built-in
    module, `site` is one of its own, which is kept in memory only.
    `loading`: True while a file is being read; nothing can be edited then. `selected`: the rows selected in the list.
    Signals: `opened()`, `site` is another one; `rows_changed()`, rows were added, removed or moved;
    `modules_changed(object)`, the cells of the `SiteModule`s in a tuple changed; `chosen_changed()`;
    `file_changed()`, name, path or problem of the file; `reported(Level, str)`, with a sentence.
    """

    opened = Signal()
    rows_changed = Signal()
    modules_changed = Signal(object)
    chosen_changed = Signal()
    file_changed = Signal()
    reported = Signal(object, str)

    def __init__(
        self,
        station: Station,
        bus: BusMaster,
        targets: Targets,
        prefs: Prefs,
        background: Background,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._station = station
        self._bus = bus
        self._prefs = prefs
        self.recent = RecentFiles()
        self.recent.restore(prefs.stored.recent_sites)
        self.loading = False
        self.selected: list[SiteModule] = []
        self._held: dict[str, _Held] = {_REAL: self._hold(Site())}
        self._key = _REAL
        self.store = SiteStore(self.table, prefs.folder, background, self)
        self.store.changed.connect(self.file_changed)
        self.store.reported.connect(self.reported)
        self.search = SiteSearch(bus, self.store, background, lambda: self.site, self.now)
        bus.state_changed.connect(self._follow_world)
        self.on_bus = SiteOnBus(self, bus, targets)
        self.opened.connect(lambda: self.search.use(self.path))

    # What is open

    @property
    def table(self) -> CommandTable:
        """The commands of the modules."""
        return self._station.commands

    @property
    def site(self) -> Site:
        """The site of the world that the master is in."""
        return self._held[self._key].site

    @property
    def undo(self) -> QUndoStack:
        """The edits of `site`."""
        return self._held[self._key].undo

    @property
    def practice(self) -> bool:
        """True if `site` is that of simulated modules."""
        return self._key != _REAL

    @property
    def path(self) -> Path | None:
        """The file of `site`; None if it is kept in memory only."""
        return None if self.practice else self.store.path

    @property
    def chosen(self) -> SiteModule | None:
        """The row whose details are shown."""
        return self._held[self._key].chosen

    def now(self) -> datetime:
        """Return the present time of the engine, in UTC."""
        return datetime.fromtimestamp(self._station.anchor.wall(self._station.clock.now()), UTC)

    @property
    def expected(self) -> frozenset[str]:
        """The serial numbers of all rows, after which a search may stop.

        Empty if a row has no serial number or no place yet: a list that only a search has made may not be complete.
        """
        known = all(module.serial and module.place for module in self.site)
        return frozenset(module.serial for module in self.site) if known else frozenset()

    def choose(self, module: SiteModule | None) -> None:
        """Choose the row whose details are shown, and its module on the bus; none if it was not found there."""
        if module is not self.chosen:
            self._held[self._key].chosen = module
            self._bus.choose(None if module is None else self.on_bus.slave_of(module))
            self.chosen_changed.emit()

    def show_chosen(self, module: SiteModule) -> None:
        """Choose the row of the module that was chosen on the bus."""
        self._held[self._key].chosen = module
        self.chosen_changed.emit()

    # Files

    def start(self) -> None:
        """Open the site used last or, without one, the unnamed one of the state folder."""
        last = Path(self._prefs.stored.site) if self._prefs.stored.site else self.store.unnamed_path
        if last is None:
            return
        if not last.exists() and last != self.store.unnamed_path:
            self.reported.emit(
                Level.WARNING, self.tr("{0} is no longer there; open the site from its new place").format(last)
            )
            last = self.store.unnamed_path
        if last is not None:
            self.open(last)

    def open(self, path: Path) -> None:
        """Open a site's file in the background; the open one stays open if that fails, or is the same."""
        if self.loading:
            words = self.tr("{0} was not opened: another site is being opened; open it again afterwards")
            self.reported.emit(Level.WARNING, words.format(path.name))
            return
        if path == self.store.path:
            return
        self.loading = True
        self.file_changed.emit()
        self.store.open(path, self._loaded, lambda reason: self._not_loaded(path, reason))

    def open_unnamed(self) -> None:
        """Open the site that has no file of the user's, with the modules found while no other one was open."""
        path = self.store.unnamed_path
        if path is None:
            self._replace(Site())
            self.store.keep_in_memory(self.site)
        else:
            self.open(path)

    def new(self, path: Path) -> None:
        """Begin an empty site in a file, which is replaced if it exists."""
        site = Site(name=site_name(path))
        self.store.save_as(path, site, lambda: self._loaded(site))

    def save_as(self, path: Path) -> None:
        """Keep the open site in another file from now on; the unnamed one is empty then."""
        if self.practice:
            raise RuntimeError("a simulated site is not kept in a file")
        unnamed, site = self.store.unnamed_path, self.site
        if self.store.unnamed and not site.name:
            site.name = site_name(path)

        def saved() -> None:
            if unnamed is not None and path != unnamed:
                with suppress(OSError):
                    unnamed.unlink(missing_ok=True)
            self._remember()
            self.search.moved(self.path)
            self.reported.emit(
                Level.GOOD, self.tr("Site saved to {0}; changes are kept there from now on").format(path)
            )
            self.file_changed.emit()

        self.store.save_as(path, site, saved)

    def _loaded(self, site: Site) -> None:
        self.loading = False
        self._remember()
        self._replace(site)

    def _not_loaded(self, path: Path, reason: str) -> None:
        self.loading = False
        aside = set_damaged_aside(path) if path == self.store.unnamed_path else None
        if aside is not None:
            words = self.tr("The unnamed site cannot be used: {0}. It is kept as {1}, and an empty one is begun.")
            self.reported.emit(Level.ERROR, words.format(reason, aside))
            self.open(path)
            return
        self.reported.emit(Level.ERROR, self.tr("The site cannot be opened: {0}").format(reason))
        self.file_changed.emit()
        if self.store.path is None and path != self.store.unnamed_path:
            # The last site is opened in place of a given one that failed.
            if str(path) == self._prefs.stored.site:
                self._prefs.stored.site = ""
            self.start()

    def _remember(self) -> None:
        path = self.store.path
        if path is not None and not self.store.unnamed:
            self.recent.add(path)
        self._prefs.stored.site = "" if path is None or self.store.unnamed else str(path)
        self._prefs.stored.recent_sites = self.recent.state()

    def _replace(self, site: Site) -> None:
        self._held[_REAL] = self._hold(site)
        self.selected = []
        if not self.practice:
            self.on_bus.take_all()
        self._announce()

    def close(self) -> None:
        """Write the file and release it; after `Background.close`."""
        self.store.close()
        self.search.close()

    # The world

    def use_in_practice(self, link: str, site: Site) -> None:
        """Use a site for the simulated bus with this link; shown while the master is connected to that bus."""
        self._held[link] = self._hold(site)
        if link == self._key:
            self._announce()

    def _follow_world(self) -> None:
        line = self._bus.line
        key = line.link if line is not None and (line.practice or line.built_in) else _REAL
        if key == self._key:
            return
        if key not in self._held:
            self._held[key] = self._hold(Site())
        self._key = key
        self._announce()

    def _announce(self) -> None:
        self.selected = []
        self.opened.emit()
        self.rows_changed.emit()
        self.chosen_changed.emit()
        self.file_changed.emit()

    def _hold(self, site: Site) -> _Held:
        return _Held(site, QUndoStack(self))

    # Edits

    def edit(self, changes: Sequence[Change], words: str) -> None:
        """Carry out changes as one step that can be undone; `words` name it."""
        if changes and not self.loading:
            self.undo.push(_Edit(self, self.site, changes, words))

    def set_cells(self, cells: Iterable[tuple[SiteModule, str, str]], words: str) -> None:
        """Set cells as typed, as one step. Raises InvalidValue for the first wrong one, and sets none then."""
        changes = [cell_change(module, name, text, self.table) for module, name, text in cells]
        self.edit([change for change in changes if change is not None], words)

    def fill_down(self, modules: Sequence[SiteModule], names: Sequence[str], words: str) -> None:
        """Give rows the texts of the first one, as one step. Raises InvalidValue."""
        self.edit(fill_down(modules, names, self.table), words)

    def add_rows(self, modules: Sequence[SiteModule], words: str) -> bool:
        """Add rows at the end as one step; return False if the site would have too many."""
        first = len(self.site.modules)
        if first + len(modules) > MAX_ROWS:
            return False
        self.edit([RowAdded(module, first + place) for place, module in enumerate(modules)], words)
        return True

    def remove_rows(self, modules: Sequence[SiteModule], words: str) -> None:
        """Remove rows as one step that can be undone."""
        self.edit([RowRemoved(module) for module in modules], words)

    def touch(self, *modules: SiteModule) -> None:
        """Report that something other than an edit has changed rows, or the site if none are given."""
        self.keep()
        if modules:
            self.modules_changed.emit(modules)
        else:
            self.rows_changed.emit()
            self.file_changed.emit()

    def carry_out(self, site: Site, changes: Sequence[Change]) -> list[Change]:
        """Carry out the changes of a step, and report them; return those that undo them. For the undo stack."""
        back = apply(site, changes)
        self._kept(site)
        if site is not self.site:
            return back
        if any(not isinstance(change, Difference) for change in changes):
            if self.chosen is not None and self.chosen not in site.modules:
                self.choose(None)
            self.rows_changed.emit()
        self.modules_changed.emit(tuple(dict.fromkeys(change.module for change in changes)))
        return back

    def keep(self) -> None:
        """Write the site soon, because something has changed in it."""
        self._kept(self.site)

    def _kept(self, site: Site) -> None:
        if site is self._held[_REAL].site:
            self.store.touch()


class _Edit(QUndoCommand):
    """A step of changes that were carried out."""

    def __init__(self, model: SiteModel, site: Site, changes: Sequence[Change], words: str) -> None:
        super().__init__(words)
        self._model, self._site, self._changes = model, site, changes
        self._back: list[Change] = []

    def redo(self) -> None:
        self._back = self._model.carry_out(self._site, self._changes)

    def undo(self) -> None:
        self._changes = self._model.carry_out(self._site, self._back)


def site_name(path: Path) -> str:
    """Return the name of a site by that of its file."""
    return path.name.removesuffix(SUFFIX).removesuffix(".toml")[:200]
