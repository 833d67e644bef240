"""The searches of the open site's bus: when they began, and how an interrupted one goes on, also after a restart."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject

from cmi_gui.engine.configurator.discover import Scan, ScanPlan, ScanRest
from cmi_gui.engine.site.model import Site
from cmi_gui.engine.site.search_file import OpenSearch, read_search, write_search
from cmi_gui.ui.background import Background
from cmi_gui.ui.models.bus import BusMaster
from cmi_gui.ui.models.site_store import SiteStore


class SiteSearch(QObject):
    """The interrupted search of the open site; its file beside that of the site is also that of the command line.

    Only searches by secondary address alone go on after a restart. The file has the state in which the site was
    written last, so that the site has all modules that were found until then.
    Attribute `begun`: when the last search began, with its interruptions.
    """

    def __init__(
        self,
        bus: BusMaster,
        store: SiteStore,
        background: Background,
        site: Callable[[], Site],
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(store)
        self._bus = bus
        self._store = store
        self._background = background
        self._site = site
        self._now = now
        self._path: Path | None = None
        self._open: OpenSearch | None = None
        self._open_path: Path | None = None
        """The site that `_open` is of."""
        self._scan: Scan | None = None
        self._scan_path: Path | None = None
        """The site that was open when the search began: what it finds is in the rows of that one."""
        self.begun = now()
        bus.state_changed.connect(self._follow_scan)
        bus.scan_ended.connect(self._end_scan)
        store.written.connect(self._keep_state)

    def use(self, path: Path | None) -> None:
        """Take the interrupted search of the site that was opened; `path`: its file, or None to keep nothing."""
        self._path = path
        if path is None or path == self._open_path:
            return
        self._open, self._open_path = None, path
        if not any(module.found is not None for module in self._site()):
            # Nothing is lost, and the file may be that of another site that was replaced.
            return

        def loaded(search: OpenSearch | None) -> None:
            if path == self._open_path and self._open is None and not self._bus.scanning:
                self._open = search
                self._bus.state_changed.emit()

        self._background.run(lambda: read_search(path), loaded, lambda error: None)

    def moved(self, path: Path | None) -> None:
        """Keep the interrupted search beside another file, in which the same site is from now on."""
        if self._scan_path == self._path:
            self._scan_path = path
        self._path = self._open_path = path
        if self._open is not None:
            self._write()

    def rest_of(self, plan: ScanPlan) -> ScanRest | None:
        """Return what an interrupted scan has left of a plan, in this run of the program or before it."""
        done, rest, line = self._bus.plan, self._bus.rest, self._bus.line
        if rest is not None and done is not None:
            same = (done.addresses, done.mask) == (plan.addresses, plan.mask)
            return rest if same and {*done.bauds} <= {*plan.bauds} else None
        search = None if self._path is None else self._open
        if search is None or plan.addresses is not None or plan.mask is None or plan.mask.hex() != search.state.mask:
            return None
        bauds, ports = plan.bauds, self._site().ports
        if line is not None:
            if ports and line.link not in ports:
                return None
            bauds = (min(bauds),) if line.session.baud is None else bauds
        if search.baud not in bauds or not {*bauds[: bauds.index(search.baud)]} <= {*search.done}:
            return None
        return ScanRest(bauds.index(search.baud), None, search.state, ())

    def is_last(self, scan: Scan) -> bool:
        """Return whether this is the last scan that began."""
        return scan is self._scan

    def _follow_scan(self) -> None:
        """Note when a scan begins."""
        scan = self._bus.scan
        if not self._bus.scanning or scan is None or scan is self._scan:
            return
        self._scan, self._scan_path = scan, self._path
        if not scan.continues:
            # A site's file has full seconds, and what this scan finds is not older than it.
            self.begun = self._now().replace(microsecond=0)
        elif self._open is not None and self._path is not None:
            # What was found before an interruption was found by this scan too.
            self.begun = self._open.begun

    def _keep_state(self) -> None:
        """Write how far the search is, now that the site's file has all modules that it found."""
        if self._note_state():
            self._write()

    def _note_state(self) -> bool:
        scan, plan = self._scan, self._bus.plan
        if scan is None or scan is not self._bus.scan or scan.search is None or plan is None:
            return False
        if self._path is None or self._path != self._scan_path or plan.addresses is not None:
            return False
        if not self._bus.scanning and self._bus.scan_error is None:
            return False
        done = tuple(step.baud for step in scan.steps[: scan.step])
        self._open = OpenSearch(self.begun, scan.current.baud, scan.search.state, done)
        return True

    def _end_scan(self, scan: Scan) -> None:
        plan, search = self._bus.plan, self._open
        if not self.is_last(scan) or self._path is None or self._path != self._scan_path:
            return
        if self._bus.scan_error is not None:
            # Otherwise it is written with the site.
            if not self._store.unsaved:
                self._keep_state()
        elif plan is not None and plan.mask is not None and (search is None or plan.mask.hex() == search.state.mask):
            self._open = None
            self._write()

    def _write(self) -> None:
        path, search = self._path, self._open
        if path is not None:
            # A disk that is full is reported when the site itself is written.
            self._background.run(lambda: write_search(path, search), lambda _: None, lambda error: None)

    def close(self) -> None:
        """Write how far a search is, on this thread, after the site was written."""
        if self._note_state() and self._path is not None and not self._store.unsaved:
            with suppress(OSError):
                write_search(self._path, self._open)
