"""Rehearsal of a visit: a copy of a site, and a room with its modules for the practice bus."""

from __future__ import annotations

from dataclasses import dataclass

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.messages import Message
from cmi_gui.engine.room.room_file import Room
from cmi_gui.engine.site.model import Site


class PracticeSite(Site, eq=False, kw_only=True):
    """A copy of a site for the practice bus. It is never written to a file, and nothing of it enters the site."""

    @property
    def practice(self) -> bool:
        """True."""
        return True


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A copy of a site, the room with its modules, and what is not as on the real bus."""

    site: PracticeSite
    room: Room
    remarks: tuple[Message, ...] = ()


def rehearse(site: Site, table: CommandTable, *, seed: int = 1) -> Rehearsal:
    """Return a rehearsal of a site. Raises InvalidValue if it has no rows, or more than a bus has modules."""
    raise NotImplementedError
