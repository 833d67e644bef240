"""Reading back what can be read of a module's settings, by one telegram of its own."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

from cmi_gui.engine.cmi1020.profile import ModuleProfile
from cmi_gui.engine.configurator.writing import Target
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.frame import ADDRESS_SELECTED, FCB, REQ_UD2, Frame
from cmi_gui.engine.mbus.master import Answer, AnswerKind, Exchange, Expect, ProcedureFailed
from cmi_gui.engine.mbus.procedures import initialise, select
from cmi_gui.engine.mbus.telegram import decode_telegram
from cmi_gui.engine.messages import Message


@dataclass(frozen=True, slots=True)
class Identity:
    """What a module says of itself in the header of its first telegram.

    `address`: primary, 0 to 250. `identification`: eight digits. `manufacturer`: three letters. `status`: a byte.
    """

    address: int
    identification: str
    manufacturer: str
    status: int


def read_identity(target: Target) -> Generator[Exchange, Answer, Identity]:
    """Ask for the first telegram.

    Raises ProcedureFailed `no_answer`, `garbled`, `no_header`; with a selection field also `not_found`, `collision`.
    """
    yield from initialise(target.a, retries=0)
    if target.mask is not None:
        yield from select(target.mask)
    answer = yield Exchange(Frame.short(REQ_UD2 | FCB, target.a), Expect.RESPONSE)
    if target.mask is not None:
        yield from initialise(ADDRESS_SELECTED, retries=0)
    name = "the selected slave" if target.address is None else f"address {target.address}"
    if answer.kind is AnswerKind.SILENCE:
        raise ProcedureFailed("no_answer", Message("no answer from {0} after {1} tries", (name, answer.tries)))
    if answer.kind is AnswerKind.GARBLED:
        raise ProcedureFailed(
            "garbled", Message("only damaged answers from {0}: does more than one slave answer?", (name,))
        )
    found = None if answer.frame is None else _identity(answer.frame)
    if found is None:
        raise ProcedureFailed("no_header", Message("{0} answers, but does not tell who it is", (name,)))
    return found


def _identity(frame: Frame) -> Identity | None:
    try:
        header = decode_telegram(frame).header
    except MBusError:
        return None
    if header is None or header.id is None:
        return None
    return Identity(frame.a, header.id, header.manufacturer or "", header.status or 0)


def settings_in(profile: ModuleProfile, identity: Identity, baud: int | None) -> dict[str, str]:
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
