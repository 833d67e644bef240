"""Reading back what can be read of a module's settings, by one telegram of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cmi_gui.engine.cmi1020.profile import ModuleProfile
from cmi_gui.engine.mbus.master import Procedure, ProcedureFailed
from cmi_gui.engine.mbus.procedures import SlaveAddress, decoded, read_first
from cmi_gui.engine.messages import Message


@dataclass(frozen=True, slots=True)
class ModuleIdentity:
    """What a module says of itself in the header of its first telegram.

    `address`: primary, 0 to 250. `identification`: eight digits. `manufacturer`: three letters. `status`: a byte.
    """

    address: int
    identification: str
    manufacturer: str
    status: int


def read_identity(at: SlaveAddress) -> Procedure[ModuleIdentity]:
    """Ask for the first telegram. Raises ProcedureFailed `no_header`, and as `read_first` does."""
    telegram = decoded((yield from read_first(at)))
    header = None if telegram is None else telegram.header
    if telegram is None or header is None or header.id is None:
        raise ProcedureFailed("no_header", Message("{0} answers, but does not tell who it is", (at.name,)))
    return ModuleIdentity(telegram.frame.a, header.id, header.manufacturer or "", header.status or 0)


def find_identity(
    at: SlaveAddress, perhaps: SlaveAddress | None, is_it: Callable[[ModuleIdentity], bool]
) -> Procedure[tuple[ModuleIdentity, SlaveAddress]]:
    """`read_identity` of a module that a new address may have reached after all, and where it is.

    Where it is silent, the module at `perhaps` is asked, and taken for it if `is_it` agrees; for errors see
    `read_identity`.
    """
    try:
        return (yield from read_identity(at)), at
    except ProcedureFailed as silence:
        if perhaps is None or silence.code != "no_answer":
            raise
        try:
            identity = yield from read_identity(perhaps)
        except ProcedureFailed:
            raise silence from None
        if not is_it(identity):
            raise silence from None
        return identity, perhaps


def settings_in(profile: ModuleProfile, identity: ModuleIdentity, baud: int | None) -> dict[str, str]:
    """The readable rows' values as a person writes them, by row id.

    `baud`: the speed at which the module has answered, None on a link that has none. Where the profile gives the header
    to the meter's number, the module's own cannot be told from it.
    """
    read = {"address": str(identity.address)}
    if profile.secondary_priority != "meter":
        read["identification"] = identity.identification
    if baud is not None:
        read["speed"] = str(baud)
    return {row.id: read[row.read] for row in profile.command if row.read is not None and row.read in read}
