"""Reading of a module's settings from the header of its telegrams and by a selection for readout."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.profile import ModuleProfile
from cmi_gui.engine.configurator.values import value_text
from cmi_gui.engine.configurator.verify import verify, without_identity
from cmi_gui.engine.mbus.ci import CI_SEND
from cmi_gui.engine.mbus.exchange import AnswerKind, Exchange, Expect, Procedure, ProcedureFailed
from cmi_gui.engine.mbus.frame import FCB, SND_UD, Frame
from cmi_gui.engine.mbus.procedures import reach, read_first, read_series
from cmi_gui.engine.mbus.slave_address import SlaveAddress, decoded

_SELECT = b"\x08"
"""The DIF of a selection for readout."""
_EVERYTHING = b"\x7f"
"""The DIF of a global readout request, after which everything is sent again."""


@dataclass(frozen=True, slots=True)
class ModuleIdentity:
    """A module's identity, from the header of its first telegram.

    `address`: primary, 0 to 250. `identification`: eight digits. `manufacturer`: three letters. `status`: a byte.
    """

    address: int
    identification: str
    manufacturer: str
    status: int


def read_identity(at: SlaveAddress) -> Procedure[ModuleIdentity]:
    """Read the identity in the first telegram. Raises ProcedureFailed `no_header`, and as `read_first` does."""
    return identity_in((yield from read_first(at)), at)


def identity_in(frame: Frame | None, at: SlaveAddress) -> ModuleIdentity:
    """Return the identity in the first telegram of the slave at `at`. Raises ProcedureFailed `no_header`."""
    telegram = decoded(frame)
    header = None if telegram is None else telegram.header
    if telegram is None or header is None or header.id is None:
        raise ProcedureFailed("no_header", without_identity(at))
    return ModuleIdentity(telegram.frame.a, header.id, header.manufacturer or "", header.status or 0)


def find_identity(
    at: SlaveAddress, new: SlaveAddress | None, accepts: Callable[[ModuleIdentity], bool]
) -> Procedure[tuple[ModuleIdentity, SlaveAddress]]:
    """Read the identity of a module that may have a new address; return it and the address that worked.

    If `at` does not answer, `new` is tried; its answer counts if `accepts` returns True. For errors see
    `read_identity`; those of `new` are not raised.
    """
    try:
        return (yield from read_identity(at)), at
    except ProcedureFailed as no_answer:
        if new is None or no_answer.code != "no_answer":
            raise
        try:
            identity = yield from read_identity(new)
        except ProcedureFailed:
            raise no_answer from None
        if not accepts(identity):
            raise no_answer from None
        return identity, new


def read_stored(
    at: SlaveAddress, table: CommandTable, *, alone: SlaveAddress | None = None
) -> Procedure[dict[str, str]]:
    """Read the settings that have a record of their own; return them as text, by row id.

    `alone`: the address that reaches only this module, if its identity was read there just before.

    They are selected for readout [DOC48 §6.4.3] and read; then everything is selected again, so that the module is left
    unchanged. An application reset would do that too, but it may restore factory values [CMeX50 p65]. A setting that
    the module does not send is left out. For errors see `verify` and `read_series`.
    """
    rows = table.readable()
    if not rows:
        return {}
    if alone is None:
        alone = yield from verify(at)
    yield from reach(alone)
    answer = yield _select_records(alone, b"".join(_SELECT + row.forms[0].vib_bytes for row in rows))
    frames: tuple[Frame, ...] = ()
    failure: ProcedureFailed | None = None
    if answer.kind is AnswerKind.ACK:
        try:
            reading = yield from read_series(alone)
            frames = reading.frames
            if not reading.complete:
                failure = ProcedureFailed("no_answer", reading.warnings[-1])
        except ProcedureFailed as error:
            failure = error
    yield everything_selected(alone)
    if failure is not None and failure.code != "no_data":
        raise failure
    records = [record for frame in frames if (telegram := decoded(frame)) is not None for record in telegram.records]
    return {name: value_text(value) for name, value in table.setting_values(records).items()}


def select_everything(at: SlaveAddress) -> Procedure[None]:
    """Select everything for readout again, after `read_stored` was stopped. For errors see `verify`."""
    yield everything_selected((yield from verify(at)))


def everything_selected(alone: SlaveAddress) -> Exchange:
    """Return the exchange that selects everything for readout, for a slave that was just reached alone."""
    return _select_records(alone, _EVERYTHING)


def _select_records(at: SlaveAddress, records: bytes) -> Exchange:
    return Exchange(Frame.long(SND_UD | FCB, at.a, CI_SEND, records), Expect.ACK, long_wait=True, alone=True)


def settings_in(profile: ModuleProfile, identity: ModuleIdentity, baud: int | None) -> dict[str, str]:
    """Return the settings that a telegram's header shows as text, by row id.

    `baud`: the speed in bit/s at which the module answered, None on a link that has none. If the profile puts the
    meter's number into the header, the module's own secondary address is left out.
    """
    read = {"address": str(identity.address)}
    if profile.secondary_priority != "meter":
        read["identification"] = identity.identification
    if baud is not None:
        read["speed"] = str(baud)
    return {row.id: read[row.read] for row in profile.command if row.read is not None and row.read in read}
