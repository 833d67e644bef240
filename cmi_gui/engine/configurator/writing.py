"""Sending of one command of the profile to a module, and the check that the module accepted it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum

from cmi_gui.engine.cmi1020.commands import CommandInvalid, CommandTable, Value, takes_no_value
from cmi_gui.engine.cmi1020.profile import CommandKind, CommandRow
from cmi_gui.engine.cmi1020.settings import BAUD_RATES, ModuleSettings
from cmi_gui.engine.configurator.slaves import SlaveIdentity
from cmi_gui.engine.configurator.verify import verify
from cmi_gui.engine.mbus import ci
from cmi_gui.engine.mbus.exchange import AnswerKind, Exchange, Expect, Procedure, ProcedureFailed, SetSpeed
from cmi_gui.engine.mbus.frame import ADDRESS_SELECTED, ADDRESS_TEST, FCB, SND_NKE, SND_UD, Frame
from cmi_gui.engine.mbus.procedures import read_first
from cmi_gui.engine.mbus.slave_address import HEADER_SIZE, SlaveAddress, decoded, full_selection, mask_bytes
from cmi_gui.engine.messages import Listing, Message, marked, reason_of

_FACTORY_RESET = b"\xb0"
_ID_SIZE = 4
_ANY_ID = b"\xff" * _ID_SIZE
_APPLICATION_ERROR = 0b10


@dataclass(frozen=True, slots=True)
class Writing:
    """A command ready to be sent. `frame`, for a selected module, may hold a password: show it only through `MbusMask`.

    `at`, `then`: the module's address before and afterwards. `new_id`: if the command changes them, the first four
    bytes of its selection field afterwards, FF if they are not known; else empty.
    """

    row: CommandRow
    frame: Frame
    at: SlaveAddress
    then: SlaveAddress
    new_id: bytes = b""

    def __repr__(self) -> str:
        return f"Writing({self.row.id} to {self.at})"


def can_be_sent(row: CommandRow) -> bool:
    """Return whether a row sets a value or carries out an action, unlike selecting and reading."""
    return (
        bool(row.forms)
        or row.frame in ("control", "reset")
        or (row.frame == "short" and row.kind is CommandKind.ACTION)
    )


def prepare(table: CommandTable, row: CommandRow, text: str, at: SlaveAddress, *, action: str = "00") -> Writing:
    """Return the telegram for a value given as text; `action` is an object action of the row.

    Raises CommandInvalid; its message says what is allowed and never shows a secret.
    """
    if action != "00" and not row.forms:
        raise CommandInvalid(Message("{0} has no object actions", (row.name,)))
    has_own_address = at.primary not in (None, ADDRESS_TEST)
    a, then, new_id = ADDRESS_SELECTED, at, b""
    match row.frame:
        case None:
            value: Value = None if action == "07" else table.parse(row, text)
            _check_as_module_does(row, value)
            if action == "07" and text:
                raise CommandInvalid(Message("clearing {0} takes no value", (row.name,)))
            frame = Frame.long(SND_UD | FCB, a, ci.CI_SEND, table.encode(row.id, value, action=action))
            if row.read == "address" and has_own_address and isinstance(value, int):
                then = replace(at, primary=value)
            elif row.read == "identification":
                new_id = mask_bytes(text)[:_ID_SIZE]
                if at.selection is not None:
                    then = replace(at, selection=new_id + at.selection[_ID_SIZE:])
        case "control":
            baud = _speed(row, text)
            code = next(code for code, speed in ci.BAUD_RATES.items() if speed == baud)
            frame = Frame.control(SND_UD | FCB, a, code)
            then = replace(at, baud=baud)
        case "reset":
            data = _sub_code(row, text)
            frame = Frame.long(SND_UD | FCB, a, ci.CI_RESET, data)
            if data == _FACTORY_RESET:
                factory = ModuleSettings()
                primary = factory.primary_address if has_own_address else at.primary
                then, new_id = replace(at, primary=primary, baud=factory.baud), _ANY_ID
        case "short" if can_be_sent(row):
            if text:
                raise takes_no_value(row)
            frame = Frame.short(SND_NKE, a)
        case _:
            raise CommandInvalid(Message("{0} does not set anything", (row.name,)))
    return Writing(row, frame, at, then, new_id)


def _check_as_module_does(row: CommandRow, value: Value) -> None:
    """Check a value by the module's own rules. Raises CommandInvalid with the rule, which a status byte does not give.

    Only the module can check whether further entries fit into its list. Passwords are not checked here.
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
        template = marked("{0} takes no value, or a sub-code of two hex digits: B0 restores the factory values")
        raise CommandInvalid(Message(template, (row.name,)))
    return code


class WriteStage(Enum):
    """A stage in writing one row."""

    BEGUN = "begun"
    SENT = "sent"
    """The command was sent, so it may have been carried out."""
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    """The module sent its status, at the address given with the stage."""


OnStage = Callable[[WriteStage, SlaveAddress], None]


@dataclass(frozen=True, slots=True)
class Written:
    """A command that was acknowledged and not refused.

    `status`: the status byte after it, which shows no refusal; None if the slave's telegrams cannot show one (fixed
    data structure). `frame`: the frame sent. `alone`: the address that reaches only this module now.
    """

    status: int | None
    frame: Frame
    alone: SlaveAddress


def write(
    writing: Writing,
    own_baud: int | None,
    on_stage: OnStage = lambda stage, at: None,
    *,
    expected: SlaveIdentity | None = None,
    alone: SlaveAddress | None = None,
) -> Procedure[Written]:
    """Verify the module, send it a command, reach it again, and read its status, which shows a refusal.

    `own_baud`: the master's own speed in bit/s, None on a link that has none; then the master cannot follow a new
    speed. `expected`: the module that the command is meant for. `alone`: `Written.alone` of the write just before; it
    left that module selected, so that it need not be verified again.

    After a change of speed the module is tried once at the other speed too: its acknowledgement may have been lost, or
    it may not support the new speed.

    Raises ProcedureFailed as `verify` does, before the command is sent; `no_answer`, `garbled` without an
    acknowledgement; `refused`, `no_status`, and as `read_first` does, after it.
    """
    at, then = writing.at, writing.then
    if own_baud is None:
        then = replace(then, baud=at.baud)
    changes_speed = (then.baud or own_baud) != (at.baud or own_baud)
    if alone is None or alone.baud != at.baud:
        alone = yield from verify(at, expected)
    else:
        yield SetSpeed(alone.baud)
    selected = _selected_after(writing, alone)

    def status_at(baud: int | None) -> Procedure[Written]:
        try:
            written = yield from _read_status(writing, replace(selected, baud=baud), alone.a)
        except ProcedureFailed as error:
            if error.code == "refused":
                on_stage(WriteStage.ANSWERED, replace(then, baud=baud))
            raise
        on_stage(WriteStage.ANSWERED, replace(then, baud=baud))
        return written

    on_stage(WriteStage.SENT, at)
    answer = yield Exchange(replace(writing.frame, a=alone.a), Expect.ACK, long_wait=True, alone=True)
    if answer.kind is not AnswerKind.ACK:
        code = "garbled" if answer.kind is AnswerKind.GARBLED else "no_answer"
        template = marked("{0} did not acknowledge {1}: not confirmed, it may have been carried out anyway")
        no_acknowledgement = ProcedureFailed(code, Message(template, (at.name, writing.row.name)))
        if not changes_speed:
            raise no_acknowledgement
        try:
            return (yield from status_at(then.baud))
        except ProcedureFailed as error:
            raise (no_acknowledgement if _is_unanswered(error) else error) from None
    on_stage(WriteStage.ACKNOWLEDGED, at)
    try:
        return (yield from status_at(then.baud))
    except ProcedureFailed as error:
        if not changes_speed or not _is_unanswered(error):
            raise _after_acknowledgement(writing, error) from None
        unanswered = _after_acknowledgement(writing, error)
    try:
        yield from status_at(at.baud)
    except ProcedureFailed as error:
        raise (unanswered if _is_unanswered(error) else error) from None
    message = Message("{0} was acknowledged, but the module still uses its old speed", (writing.row.name,))
    raise ProcedureFailed("refused", message)


def _selected_after(writing: Writing, alone: SlaveAddress) -> SlaveAddress:
    """Return the module's address after a command: by its fabrication number, if any, because that never changes."""
    if alone.selection is None:
        return writing.then
    if not writing.new_id:
        return alone
    has_number = len(alone.selection) > HEADER_SIZE
    return replace(alone, selection=(_ANY_ID if has_number else writing.new_id) + alone.selection[_ID_SIZE:])


def _read_status(writing: Writing, at: SlaveAddress, a: int) -> Procedure[Written]:
    """Reach the module again, which restarts its series of telegrams, and return the status in the first one."""
    frame = yield from read_first(at)
    telegram = decoded(frame)
    name = writing.row.name
    if frame is None or telegram is None or telegram.header is None:
        raise ProcedureFailed("no_status", Message("{0} was acknowledged, but {1} reports no status", (name, at.name)))
    # The fixed data structure has no bits for an application error.
    status = None if telegram.header.state is None else telegram.header.status
    if telegram.header.state == _APPLICATION_ERROR:
        raise ProcedureFailed("refused", Message("the module refused {0} (status {1})", (name, f"{status:02X}")))
    alone = at if at.selection is None else replace(at, selection=full_selection(frame) or at.selection)
    return Written(status, replace(writing.frame, a=a), alone)


def _after_acknowledgement(writing: Writing, error: ProcedureFailed) -> ProcedureFailed:
    """Return the error for a module that acknowledged a command and cannot be read since then."""
    if not _is_unanswered(error):
        return error
    template = marked("{0} was acknowledged, but {1} has not answered since then")
    return ProcedureFailed(error.code, Message(template, (writing.row.name, writing.at.name)))


def _is_unanswered(error: ProcedureFailed) -> bool:
    """Return whether the error means that no readable answer came, so that another speed is worth a try."""
    return error.code in ("no_answer", "garbled", "not_found", "collision", "foreign")
