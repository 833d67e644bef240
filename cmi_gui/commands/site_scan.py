"""`cmi-gui scan --save`: a search whose modules become rows of a site, and which goes on later."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import typer

from cmi_gui.commands.master import run_master
from cmi_gui.commands.output import NO_ANSWER, StatusLine, complain, counted, emit, emit_json, fail, wrong_use_fails
from cmi_gui.commands.site import OpenSite, opened_site
from cmi_gui.engine.clock import LoopClock
from cmi_gui.engine.configurator.client import MasterClient
from cmi_gui.engine.configurator.discover import Scan, ScanPlan, parse_range
from cmi_gui.engine.configurator.slaves import ListedSlave, SlaveList
from cmi_gui.engine.mbus.exchange import Procedure, ProcedureFailed
from cmi_gui.engine.mbus.render import Json
from cmi_gui.engine.mbus.search import ANY
from cmi_gui.engine.mbus.search_record import SearchOptions, SearchRecord
from cmi_gui.engine.mbus.slave_address import mask_bytes
from cmi_gui.engine.messages import Message
from cmi_gui.engine.site.find import OTHER_BUS, any_answers, end_search, expected_of, take_found
from cmi_gui.engine.site.model import SiteModule
from cmi_gui.engine.site.search_file import OpenSearch, read_search, write_search
from cmi_gui.engine.site.site_file import write_site


def scan_to_site(
    link: str,
    primary: str | None,
    secondary: str | None,
    path: Path,
    expect: int | None,
    timeout: float | None,
    *,
    everything: bool,
    restart: bool,
    break_off: bool,
    json: bool,
) -> None:
    """Search a bus and write the modules found to the file of a site, which is made if there is none.

    The search stops when the expected modules are there: `expect` many, or those of the rows of the site, unless
    `everything` is asked for. An interrupted search goes on where it was, unless `restart` asks for a new one.
    """
    with wrong_use_fails(json=json):
        addresses = None if primary is None else parse_range(primary)
        mask = mask_bytes(secondary) if secondary is not None else ANY if primary is None else None
    with opened_site(path, json=json, may_be_new=True) as opened:
        site = opened.site
        if link not in site.ports:
            site.ports.insert(0, link)
        number, serials = (None, frozenset[str]()) if everything else expected_of(site)
        options = SearchOptions(
            expected=expect or (None if serials else number),
            serials=frozenset() if expect else serials,
            breaks_off=break_off,
        )
        work = _SiteScan(opened, addresses, mask, options, json=json)
        if mask is not None and not restart:
            work.earlier = _unfinished(path, mask, options)
        if work.earlier is not None:
            complain(f"the search of {work.earlier.begun:%Y-%m-%d %H:%M} UTC goes on; --restart begins a new one")
        try:
            run_master(link, work.procedure, timeout, json=json, so_far=work.as_json)
        finally:
            work.line.clear()
            try:
                work.save()
            except OSError as error:
                fail(f"{path} cannot be written: {error}", NO_ANSWER, code="not_saved", json=json)
    if json:
        emit_json(work.as_json())
    else:
        emit(work.summary())
    if work.warning is not None:
        complain(work.warning)
    if not work.found and not (work.earlier and work.earlier.state.found):
        complain("no module was found")
        raise typer.Exit(NO_ANSWER)


class _SiteScan:
    """A scan of the bus of a site, which saves the site at each module found."""

    def __init__(
        self,
        opened: OpenSite,
        addresses: range | None,
        mask: bytes | None,
        options: SearchOptions,
        *,
        json: bool,
    ) -> None:
        self.earlier: OpenSearch | None = None
        self.found: list[SiteModule] = []
        self.line = StatusLine()
        self._site, self._path, self._table = opened.site, opened.path, opened.table
        self._addresses, self._mask, self._options = addresses, mask, options
        self._json = json
        self._known = len(opened.site.modules)
        self._lost: list[SiteModule] = []
        self._collisions: list[str] = []
        self._begun = _now()
        self._scan: Scan | None = None
        self._has_speed = False

    def procedure(self, client: MasterClient) -> Procedure[None]:
        """Return the procedure for the master; raises ProcedureFailed `other_bus`, and as the search does."""
        session = client.session
        if self._options.breaks_off and not session.can_break:
            message = Message("this link cannot send a break; leave out --break-off")
            raise ProcedureFailed("no_break", message)
        self._has_speed = client.baud is not None
        baud = session.line.baud
        state = None
        if self.earlier is not None:
            self._begun, baud, state = self.earlier.begun, self.earlier.baud, self.earlier.state
        options = replace(self._options, has_speed=self._has_speed, state=state)
        plan = ScanPlan(self._addresses, self._mask, (baud,), options)
        clock = LoopClock(asyncio.get_running_loop())
        return self._run(Scan(plan, SlaveList(), clock, found=self._take, progress=self._show), plan)

    def _run(self, scan: Scan, plan: ScanPlan) -> Procedure[None]:
        if not (yield from any_answers(self._site)):
            raise ProcedureFailed("other_bus", OTHER_BUS)
        self._scan = scan
        yield from scan.procedure()
        if scan.complete:
            self._lost = end_search(self._site, plan, scan.entries, self._begun)

    def _take(self, slave: ListedSlave) -> None:
        module = take_found(self._site, slave, _now(), has_speed=self._has_speed)
        self.line.clear()
        if module is None:
            where = slave.selection[3::-1].hex().upper() if slave.selection is not None else str(slave.address)
            self._collisions.append(where)
            complain(f"{where}: several modules answer at once, or one without data; no row is made")
            return
        if module not in self.found:
            self.found.append(module)
        if not self._json:
            emit(_line(module))
        self.save()

    def save(self) -> None:
        """Write the site, and the state of a search that is not complete. Raises OSError."""
        if self._scan is None:
            return
        write_site(self._path, self._site, self._table)
        search = self._scan.search
        goes_on = search is not None and not self._scan.complete
        write_search(
            self._path,
            OpenSearch(self._begun, self._scan.current.baud, search.state) if search is not None and goes_on else None,
        )

    def _show(self) -> None:
        scan = self._scan
        if scan is None:
            return
        left = scan.seconds_left
        least = "at least " if scan.takes_longer else "about "
        words = "" if left is None else f", {least}{max(1, round(left / 60))} min left"
        self.line.show(f"{counted(len(self.found), 'module')} found{words}; asking {scan.where}")

    @property
    def warning(self) -> Message | None:
        """As in `Scan`, unless all expected modules were found."""
        return None if self._scan is None or self._scan.has_enough else self._scan.warning

    @property
    def _is_complete(self) -> bool:
        return self._scan is not None and self._scan.complete

    def summary(self) -> str:
        """Return the result as text."""
        new = len(self._site.modules) - self._known
        what = counted(len(self.found), "module" if self.earlier is None else "further module")
        lines = [f"{what} found, {counted(new, 'new row')}; saved in {self._path}"]
        lines += [f"{_line(module)}: lost, it did not answer" for module in self._lost]
        if not self._is_complete:
            lines.append("all expected modules are found, so the search has stopped; --all goes on")
        return "\n".join(lines)

    def as_json(self) -> dict[str, Json]:
        """Return the result, or what there is of it, as JSON."""
        return {
            "site": str(self._path),
            "found": [_json(module) for module in self.found],
            "rows": len(self._site.modules),
            "new": len(self._site.modules) - self._known,
            "lost": [_json(module) for module in self._lost],
            "collisions": list(self._collisions),
            "complete": self._is_complete,
            "warning": None if self.warning is None else str(self.warning),
        }


def _unfinished(path: Path, mask: bytes, options: SearchOptions) -> OpenSearch | None:
    """Return the search with this mask that was interrupted, unless it has found all that is expected now."""
    search = read_search(path)
    if search is None or search.state.mask != mask.hex():
        return None
    return None if SearchRecord(mask, replace(options, state=search.state)).has_enough else search


def _line(module: SiteModule) -> str:
    place = f"{module.place}: " if module.place else ""
    meter = f", meter {module.meter_read}" if module.meter_read else ""
    address = "" if module.address is None else f", address {module.address}"
    return f"{place}module {module.number}{meter}{address}"


def _json(module: SiteModule) -> dict[str, Json]:
    return {
        "place": module.place,
        "serial": module.serial,
        "meter": module.meter_read or module.meter,
        "address": module.address,
        "baud": module.baud,
        "state": module.state.value,
    }


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
