"""The writes in a row: one is unsure from before its first byte until its outcome is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import structs

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.configurator.write_run import WriteOutcome
from cmi_gui.engine.messages import Message
from cmi_gui.engine.site.causes import Cause, cause_of
from cmi_gui.engine.site.model import HowKnown, Known, SiteModule, SiteWrite, Whereabouts


def write_time(module: SiteModule, name: str, now: datetime) -> datetime:
    """Return the time of a new write in full seconds; no two of one setting have the same, which identifies them."""
    at = now.replace(microsecond=0)
    while find_write(module, name, at) is not None:
        at += timedelta(seconds=1)
    return at


def find_write(module: SiteModule, name: str, at: datetime) -> SiteWrite | None:
    """Return the write of a setting at a time, or None."""
    return next((write for write in module.written if (write.name, write.at) == (name, at)), None)


def begin_write(module: SiteModule, write: SiteWrite, possible: Sequence[Whereabouts]) -> None:
    """Add a write that is about to be sent. The module may be at each `possible` place until `end_write`."""
    module.written.append(write)
    module.possible = [*possible]


def end_write(module: SiteModule, write: SiteWrite, outcome: WriteOutcome, message: Cause, table: CommandTable) -> None:
    """Take the outcome of a write; unless that is UNSURE, it is known again where the module is."""
    ended = structs.replace(write, outcome=outcome, message=message)
    module.written = [ended if each is write else each for each in module.written]
    if outcome is WriteOutcome.UNSURE:
        return
    module.possible = []
    if outcome is WriteOutcome.TAKEN:
        _take(module, write, table)


def _take(module: SiteModule, write: SiteWrite, table: CommandTable) -> None:
    """Take a value that the module has accepted."""
    name, text, row = write.name, write.text, table.profile.row(write.name)
    if row.kind != "setting":
        return
    if row.secret:
        module.wanted_secrets = [each for each in module.wanted_secrets if each != name]
    elif module.wanted.get(name) == text:
        del module.wanted[name]
    module.known[name] = Known(text=text, how=HowKnown.SENT, at=write.at)
    if text is not None:
        take_identification(module, {name: text}, table)


def take_identification(module: SiteModule, settings: dict[str, str], table: CommandTable) -> None:
    """Take a new identification number into the identity of the module, by which it is selected."""
    if table.profile.secondary_priority == "meter":
        # Then the module is selected by the number of its meter.
        return
    for row in table.profile.command:
        if row.read == "identification" and row.id in settings and module.found is not None:
            module.found = structs.replace(module.found, id=settings[row.id])


def settle(module: SiteModule, write: SiteWrite, *, taken: bool) -> None:
    """Decide a write that may have been sent by what the module has reported since; `possible` stays as it is."""
    outcome = WriteOutcome.TAKEN if taken else WriteOutcome.NO_ANSWER
    message = "" if taken else cause_of(Message("the module did not have it afterwards"))
    settled = structs.replace(write, outcome=outcome, message=message)
    module.written = [settled if each is write else each for each in module.written]


def is_open_question(write: SiteWrite, table: CommandTable) -> bool:
    """Return whether a write may have been sent and cannot be read back, so that only the user can decide it."""
    return write.outcome is WriteOutcome.UNSURE and table.profile.row(write.name).read is None


def can_be_read_back(write: SiteWrite, table: CommandTable) -> bool:
    """Return whether a write may have been sent and the module can report whether it has the value."""
    return write.outcome is WriteOutcome.UNSURE and table.profile.row(write.name).read is not None


def decide(module: SiteModule, write: SiteWrite, table: CommandTable, *, carried_out: bool) -> None:
    """Decide a write that may have been sent. A value that the module does not have stays wanted."""
    settle(module, write, taken=carried_out)
    if carried_out:
        _take(module, write, table)
