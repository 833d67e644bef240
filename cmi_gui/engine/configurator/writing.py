"""Sending one command of the profile to a module, and seeing whether it took it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum

from cmi_gui.engine.cmi1020.commands import CommandInvalid, CommandTable, Value, takes_no_value
from cmi_gui.engine.cmi1020.profile import CommandKind, CommandRow
from cmi_gui.engine.cmi1020.settings import BAUD_RATES, ModuleSettings
from cmi_gui.engine.mbus import ci
from cmi_gui.engine.mbus.frame import ADDRESS_TEST, FCB, SND_NKE, SND_UD, Frame
from cmi_gui.engine.mbus.master import AnswerKind, Exchange, Expect, Procedure, ProcedureFailed, SetSpeed
from cmi_gui.engine.mbus.procedures import (
    SlaveAddress,
    data_in,
    decoded,
    reach,
    release,
    request_data,
    select,
)
from cmi_gui.engine.messages import Listing, Message, reason_of

_FACTORY_RESET = b"\xb0"
_APPLICATION_ERROR = 0b10


@dataclass(frozen=True, slots=True)
class Writing:
    """A command ready to be sent. `frame` may hold a password: show it through `MbusMask` only.

    `then`: where the module is reached afterwards.
    """

    row: CommandRow
    frame: Frame
    at: SlaveAddress
    then: SlaveAddress

    def __repr__(self) -> str:
        return f"Writing({self.row.id} to {self.at})"


def can_be_sent(row: CommandRow) -> bool:
    """Whether a row sets or does something; selecting and reading are no such thing."""
    return (
        bool(row.forms)
        or row.frame in ("control", "reset")
        or (row.frame == "short" and row.kind is CommandKind.ACTION)
    )


def prepare(table: CommandTable, row: CommandRow, text: str, at: SlaveAddress, *, action: str = "00") -> Writing:
    """The telegram for a value as a person writes it; `action` is an object action of the row.

    Raises CommandInvalid that says what is right, and never shows a secret.
    """
    if action != "00" and not row.forms:
        raise CommandInvalid(Message("{0} is only sent as it is", (row.name,)))
    has_own_address = at.primary not in (None, ADDRESS_TEST)
    match row.frame:
        case None:
            value: Value = None if action == "07" else table.parse(row, text)
            _check_as_module_does(row, value)
            if action == "07" and text:
                raise CommandInvalid(Message("clearing {0} takes no value", (row.name,)))
            frame = Frame.long(SND_UD | FCB, at.a, ci.CI_SEND, table.encode(row.id, value, action=action))
            moved = row.read == "address" and has_own_address and isinstance(value, int)
            return Writing(row, frame, at, replace(at, primary=int(str(value))) if moved else at)
        case "control":
            baud = _speed(row, text)
            code = next(code for code, speed in ci.BAUD_RATES.items() if speed == baud)
            return Writing(row, Frame.control(SND_UD | FCB, at.a, code), at, replace(at, baud=baud))
        case "reset":
            data = _sub_code(row, text)
            frame = Frame.long(SND_UD | FCB, at.a, ci.CI_RESET, data)
            if data != _FACTORY_RESET:
                return Writing(row, frame, at, at)
            factory = ModuleSettings()
            primary = factory.primary_address if has_own_address else at.primary
            return Writing(row, frame, at, replace(at, primary=primary, baud=factory.baud))
        case "short" if can_be_sent(row):
            if text:
                raise takes_no_value(row)
            return Writing(row, Frame.short(SND_NKE, at.a), at, at)
    raise CommandInvalid(Message("{0} sets nothing", (row.name,)))


def _check_as_module_does(row: CommandRow, value: Value) -> None:
    """What a status byte would only call refused, by the module's own rules. Raises CommandInvalid that says which.

    Of a list's entries alone nobody but the module knows whether they still fit; nor is a password checked here.
    """
    try:
        if row.behaviour is not None and value is not None:
            row.behaviour.check_value(value)
        elif row.kind is CommandKind.SETTING and not row.secret and value is not None:
            ModuleSettings().with_value(row.setting, value)
    except ValueError as error:
        raise CommandInvalid(Listing(": ", (row.name, reason_of(error)))) from None


def _speed(row: CommandRow, text: str) -> int:
    speeds = {str(baud): baud for baud in BAUD_RATES}
    if text not in speeds:
        raise CommandInvalid(
            Message("{0} is {1} bit/s, not {2}", (row.name, Message("{0} or {1}", tuple(speeds)), repr(text)))
        )
    return speeds[text]


def _sub_code(row: CommandRow, text: str) -> bytes:
    if not text:
        return b""
    try:
        code = bytes.fromhex(text)
    except ValueError:
        code = b""
    if len(code) != 1:
        message = Message("{0} has no value, or a sub-code of two hex digits: B0 restores factory values", (row.name,))
        raise CommandInvalid(message)
    return code


class WriteStage(Enum):
    """How far writing one row has come."""

    BEGUN = "begun"
    SENT = "sent"
    """The command has gone out: it may have been carried out."""
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    """The module has told its status, at the address that comes with the stage."""


OnStage = Callable[[WriteStage, SlaveAddress], None]


def _ignore(stage: WriteStage, at: SlaveAddress) -> None:
    """The `on_stage` of code that does not need it."""


def write(writing: Writing, own_baud: int | None, on_stage: OnStage = _ignore) -> Procedure[int]:
    """Send a command, follow the module, and return the status byte after it: where a refusal shows.

    `own_baud`: the master's own speed in bit/s, None on a link that has none; only where it has one is a new speed
    followed. After a change of speed the module is looked for once at the other speed too: what got lost may have been
    its acknowledgement, or it may not have this speed.

    Raises ProcedureFailed `no_answer`, `garbled`, `refused`, `no_status`; with a selection field also `not_found`,
    `collision`; where several slaves may fit, `collision` before anything is sent.
    """
    at, then = writing.at, writing.then
    stayed = replace(then, baud=at.baud)
    if own_baud is None:
        then = stayed
    moves = (then.baud or own_baud) != (at.baud or own_baud)

    def status_at(here: SlaveAddress, *, lost: ProcedureFailed | None = None) -> Procedure[int]:
        """Read the status; with `lost` the module may be deselected, and that is raised if it is not here either."""
        try:
            if lost is not None:
                yield from reach(here)
            status = yield from read_status(writing, here)
        except ProcedureFailed as error:
            if error.code == "refused":
                on_stage(WriteStage.ANSWERED, here)
            raise (lost if lost is not None and _is_silence(error) else error) from None
        on_stage(WriteStage.ANSWERED, here)
        return status

    try:
        yield from send(writing, on_stage)
    except ProcedureFailed as error:
        # With any other code the command was not sent.
        if not moves or error.code not in ("no_answer", "garbled"):
            raise
        return (yield from status_at(then, lost=error))
    on_stage(WriteStage.ACKNOWLEDGED, at)
    try:
        return (yield from status_at(then))
    except ProcedureFailed as error:
        if not moves or not _is_silence(error):
            raise
        yield from status_at(stayed, lost=error)
    message = Message("{0} is acknowledged, but the module stays at its speed", (writing.row.name,))
    raise ProcedureFailed("refused", message)


def send(writing: Writing, on_stage: OnStage = _ignore) -> Procedure[None]:
    """Send the command.

    SND_NKE before it begins a new count of frames, so that nothing that was sent before makes this a repetition. An
    address that several slaves may fit is asked first, so that only one of them is changed, or none.
    """
    at = writing.at
    yield from reach(at)
    if at.is_open:
        answer = yield request_data(at)
        if answer.kind is AnswerKind.GARBLED:
            message = Message("more than one slave seems to be {0}; nothing was sent", (at.name,))
            raise ProcedureFailed("collision", message)
        yield from reach(at)
    on_stage(WriteStage.SENT, at)
    answer = yield Exchange(writing.frame, Expect.ACK)
    if answer.kind is not AnswerKind.ACK:
        code = "garbled" if answer.kind is AnswerKind.GARBLED else "no_answer"
        raise ProcedureFailed(code, Message("{0} does not acknowledge {1}", (at.name, writing.row.name)))


def read_status(writing: Writing, at: SlaveAddress) -> Procedure[int]:
    """The status byte of the first telegram after the command."""
    yield SetSpeed(at.baud)
    if at.selection is not None and writing.row.frame == "short":
        # It has just been deselected.
        yield from select(at.selection)
    answer = yield request_data(at)
    yield from release(at)
    title = writing.row.name
    try:
        frame = data_in(answer, at)
    except ProcedureFailed as error:
        message = Message("{0} is acknowledged, but {1} does not answer since", (title, at.name))
        raise ProcedureFailed(error.code, message) from None
    telegram = decoded(frame)
    if telegram is None or telegram.header is None or telegram.header.status is None:
        raise ProcedureFailed("no_status", Message("{0} is acknowledged, but {1} tells no status", (title, at.name)))
    status = telegram.header.status
    if status & 0b11 == _APPLICATION_ERROR:
        raise ProcedureFailed("refused", Message("the module refused {0} (status {1})", (title, f"{status:02X}")))
    return status


def _is_silence(error: ProcedureFailed) -> bool:
    """Whether nothing answered that can be understood: perhaps something would at another speed."""
    return error.code in ("no_answer", "garbled", "not_found")
