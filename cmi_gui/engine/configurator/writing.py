"""Sending one command of the profile to a module, and seeing whether it took it."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

from cmi_gui.engine.cmi1020.commands import CommandInvalid, CommandTable, Value
from cmi_gui.engine.cmi1020.profile import CommandRow, Kind
from cmi_gui.engine.cmi1020.settings import BAUD_RATES, ModuleSettings
from cmi_gui.engine.mbus import ci
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.frame import ADDRESS_SELECTED, ADDRESS_TEST, FCB, REQ_UD2, SND_NKE, SND_UD, Frame
from cmi_gui.engine.mbus.master import Answer, AnswerKind, Exchange, Expect, ProcedureFailed
from cmi_gui.engine.mbus.procedures import initialise, select
from cmi_gui.engine.mbus.telegram import decode_telegram
from cmi_gui.engine.messages import Listing, Message, reason_of

_FACTORY_RESET = b"\xb0"
_APPLICATION_ERROR = 0b10


@dataclass(frozen=True, slots=True)
class Target:
    """A slave: its primary address (0 to 250, or 254), or the selection field that reaches it."""

    address: int | None = None
    mask: bytes | None = None

    def __post_init__(self) -> None:
        if (self.address is None) == (self.mask is None):
            raise ValueError("a target has either a primary address or a selection field")

    @property
    def a(self) -> int:
        """What stands in the A field."""
        return ADDRESS_SELECTED if self.address is None else self.address

    @property
    def is_open(self) -> bool:
        """Whether several slaves may fit: the test address, or open digits in the identification number."""
        if self.mask is None:
            return self.address == ADDRESS_TEST
        return any(0xF in (byte & 0xF, byte >> 4) for byte in self.mask[:4])


@dataclass(frozen=True, slots=True)
class Writing:
    """A command ready to be sent. `frame` may hold a password: show it through `MbusMask` only.

    `then`: where the module is reached afterwards. `baud`: the speed it has afterwards, None where that stays.
    """

    row: CommandRow
    frame: Frame
    target: Target
    then: Target
    baud: int | None = None

    def __repr__(self) -> str:
        return f"Writing({self.row.id} to {self.target})"


def can_be_sent(row: CommandRow) -> bool:
    """Whether a row sets or does something; selecting and reading are no such thing."""
    return bool(row.forms) or row.frame in ("control", "reset") or (row.frame == "short" and row.kind is Kind.ACTION)


def prepare(table: CommandTable, row: CommandRow, text: str, target: Target, *, action: str = "00") -> Writing:
    """The telegram for a value as a person writes it; `action` is an object action of the row.

    Raises CommandInvalid that says what is right, and never shows a secret.
    """
    if action != "00" and not row.forms:
        raise CommandInvalid(Message("{0} is only sent as it is", (row.name,)))
    match row.frame:
        case None:
            value: Value = None if action == "07" else table.parse(row, text)
            _check_as_module_does(row, value)
            if action == "07" and text:
                raise CommandInvalid(Message("clearing {0} takes no value", (row.name,)))
            frame = Frame.long(SND_UD | FCB, target.a, ci.CI_SEND, table.encode(row.id, value, action=action))
            moved = row.read == "address" and target.address not in (None, ADDRESS_TEST) and isinstance(value, int)
            return Writing(row, frame, target, Target(address=int(str(value))) if moved else target)
        case "control":
            baud = _speed(row, text)
            code = next(code for code, speed in ci.BAUD_RATES.items() if speed == baud)
            return Writing(row, Frame.control(SND_UD | FCB, target.a, code), target, target, baud)
        case "reset":
            data = _sub_code(row, text)
            frame = Frame.long(SND_UD | FCB, target.a, ci.CI_RESET, data)
            if data != _FACTORY_RESET:
                return Writing(row, frame, target, target)
            factory = ModuleSettings()
            moved = target.address not in (None, ADDRESS_TEST)
            then = Target(address=factory.primary_address) if moved else target
            return Writing(row, frame, target, then, factory.baud)
        case "short" if can_be_sent(row):
            if text:
                raise CommandInvalid(Message("{0} takes no value", (row.name,)))
            return Writing(row, Frame.short(SND_NKE, target.a), target, target)
    raise CommandInvalid(Message("{0} sets nothing", (row.name,)))


def _check_as_module_does(row: CommandRow, value: Value) -> None:
    """What a status byte would only call refused, by the module's own rules. Raises CommandInvalid that says which.

    Of a list's entries alone nobody but the module knows whether they still fit; nor is a password checked here.
    """
    try:
        if row.behaviour is not None and value is not None:
            row.behaviour.check_value(value)
        elif row.kind is Kind.SETTING and not row.secret and value is not None:
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


def send(writing: Writing) -> Generator[Exchange, Answer, None]:
    """Send it. Raises ProcedureFailed `no_answer`, `garbled`; with a selection field also `not_found`, `collision`.

    SND_NKE before it begins a new count of frames, so that nothing that was sent before makes this a repetition. A
    target that several slaves may fit is asked first, so that only one of them is changed, or none (`collision`).
    """
    target = writing.target
    yield from _address(target)
    if target.is_open:
        answer = yield Exchange(Frame.short(REQ_UD2 | FCB, target.a), Expect.RESPONSE)
        if answer.kind is AnswerKind.GARBLED:
            raise ProcedureFailed(
                "collision", Message("more than one slave seems to be {0}; nothing was sent", (_name(target),))
            )
        yield from _address(target)
    answer = yield Exchange(writing.frame, Expect.ACK)
    if answer.kind is not AnswerKind.ACK:
        code = "garbled" if answer.kind is AnswerKind.GARBLED else "no_answer"
        raise ProcedureFailed(code, Message("{0} does not acknowledge {1}", (_name(target), writing.row.name)))


def _address(target: Target) -> Generator[Exchange, Answer, None]:
    yield from initialise(target.a, retries=0)
    if target.mask is not None:
        yield from select(target.mask)


def read_status(writing: Writing) -> Generator[Exchange, Answer, int]:
    """The status byte of the first telegram after `send`: where a refusal of a command shows.

    Raises ProcedureFailed `refused` where it does, `no_answer`, `garbled`, `no_status`.
    """
    then = writing.then
    if then.mask is not None and writing.row.frame == "short":
        # It has just been deselected.
        yield from select(then.mask)
    answer = yield Exchange(Frame.short(REQ_UD2 | FCB, then.a), Expect.RESPONSE)
    if then.mask is not None:
        yield from initialise(ADDRESS_SELECTED, retries=0)
    if answer.kind in (AnswerKind.SILENCE, AnswerKind.GARBLED) or answer.frame is None:
        code = "garbled" if answer.kind is AnswerKind.GARBLED else "no_answer"
        message = Message("{0} is acknowledged, but {1} does not answer since", (writing.row.name, _name(then)))
        raise ProcedureFailed(code, message)
    status = _status(answer.frame)
    if status is None:
        message = Message("{0} is acknowledged, but {1} tells no status", (writing.row.name, _name(then)))
        raise ProcedureFailed("no_status", message)
    if status & 0b11 == _APPLICATION_ERROR:
        raise ProcedureFailed(
            "refused", Message("the module refused {0} (status {1})", (writing.row.name, f"{status:02X}"))
        )
    return status


def find_again(writing: Writing) -> Generator[Exchange, Answer, int]:
    """`read_status` of a module that was lost on the way, so that nobody knows whether it is still selected.

    Raises ProcedureFailed as `read_status` does; with a selection field also `not_found`, `collision`.
    """
    yield from _address(writing.then)
    return (yield from read_status(writing))


def is_silence(error: Exception) -> bool:
    """Whether nobody answered in a way that can be understood: perhaps at another speed somebody would."""
    return isinstance(error, ProcedureFailed) and error.code in ("no_answer", "garbled", "not_found")


def stays_at_its_speed(writing: Writing) -> Message:
    """What is said of a module that is found at its old speed after it has acknowledged another one."""
    return Message("{0} is acknowledged, but the module stays at its speed", (writing.row.name,))


def _status(frame: Frame) -> int | None:
    try:
        header = decode_telegram(frame).header
    except MBusError:
        return None
    return None if header is None else header.status


def _name(target: Target) -> Message:
    return Message("the selected slave") if target.address is None else Message("address {0}", (target.address,))
