"""Common parts of the commands on a site: its file, the modules that are named, the LINK to its bus."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cmi_gui.commands.output import NO_ANSWER, WRONG_USE, complain, fail
from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.link.url import parse_link
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.messages import InvalidValue, Message
from cmi_gui.engine.site.model import Site, SiteModule
from cmi_gui.engine.site.site_file import SUFFIX, SiteError, checked_number, read_site, write_site
from cmi_gui.engine.site.site_lock import lock_site


@dataclass(slots=True)
class OpenSite:
    """A site whose file this program has locked. `table`: the commands of its modules."""

    site: Site
    path: Path
    table: CommandTable

    def save(self) -> bool:
        """Write the file; return whether that worked, else complain."""
        try:
            write_site(self.path, self.site, self.table)
        except OSError as error:
            complain(f"{self.path.name} was not saved: {error.strerror or error}")
            return False
        return True

    def link(self, given: str | None, *, json: bool) -> str:
        """Return the LINK to use: the one given, else the one that the site used last."""
        link = given or next(iter(self.site.ports), "")
        if not link:
            message = f"{self.path.name} has no port yet: name the bus with --link"
            fail(message, WRONG_USE, code="no_link", json=json)
        return link

    def world(self, link: str) -> str:
        """Return the world of the modules on a LINK, as in `history_key`: empty for real ones."""
        try:
            return link if parse_link(link).kind.simulated else ""
        except LinkError:
            return ""

    def chosen(self, only: Sequence[str], *, json: bool) -> list[SiteModule]:
        """Return the modules with the serial numbers in `only`, or all; end the command if one is not in the site."""
        if not only:
            return list(self.site)
        modules: list[SiteModule] = []
        for text in only:
            try:
                serial = checked_number(text, Message("a serial number"))
            except InvalidValue as error:
                fail(error.message, WRONG_USE, code="wrong_use", json=json)
            found = self.site.with_serial(serial)
            if not found:
                message = f"module {serial} is not in {self.path.name}"
                fail(message, WRONG_USE, code="no_module", json=json)
            modules += [module for module in found if module not in modules]
        return modules


@contextlib.contextmanager
def opened_site(
    path: Path, module_profile: Path | None = None, *, json: bool, may_be_new: bool = False
) -> Iterator[OpenSite]:
    """Lock and read a site file for the block; every failure ends the command.

    `may_be_new`: a missing file is a new site, which the command writes.
    """
    try:
        table = CommandTable(load_module_profile(module_profile))
    except ValueError as error:
        fail(str(error), WRONG_USE, code="bad_profile", json=json)
    if not path.exists() and not may_be_new:
        fail(f"there is no site file {path}", WRONG_USE, code="bad_site", json=json)
    try:
        lock = lock_site(path)
    except SiteError as error:
        fail(error.message, NO_ANSWER, code="site_in_use", json=json)
    with lock:
        try:
            site = read_site(path, table) if path.exists() else Site(name=path.name.removesuffix(SUFFIX))
        except SiteError as error:
            fail(error.message, WRONG_USE, code="bad_site", json=json)
        yield OpenSite(site, path, table)


def now() -> datetime:
    """Return the present time, in UTC."""
    return datetime.now(UTC)
