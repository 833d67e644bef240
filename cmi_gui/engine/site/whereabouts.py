"""How the module of a row is reached: its address, every place where it may be, and the search of these places."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.mbus.exchange import Procedure
from cmi_gui.engine.mbus.slave_address import SlaveAddress
from cmi_gui.engine.site.model import SiteModule


def address_of(module: SiteModule, own_baud: int | None) -> SlaveAddress | None:
    """Return the address that reaches this module alone, at its known speed; None if nothing is known to reach it.

    That is its secondary address with its fabrication number, else with what is known of it, else the serial number of
    the row, else the primary address. `own_baud`: the speed of the master; None on a link that has none.
    """
    raise NotImplementedError


def look_for(
    module: SiteModule, table: CommandTable, own_baud: int | None, now: Callable[[], datetime]
) -> Procedure[bool]:
    """Try every place where an unsure or lost module may be; return whether it was found.

    If it is, its row is no longer unsure or lost, has the address and speed at which it was found, and the writes that
    may have been sent and can be read back are decided. Never raises ProcedureFailed.
    """
    raise NotImplementedError
