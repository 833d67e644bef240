"""What a master does with a slave, as procedures: initialise, select, read all telegrams, look for slaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from cmi_gui.engine.mbus.ci import CI_SELECT
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.frame import ADDRESS_SELECTED, ADDRESS_TEST, FCB, REQ_UD2, SND_NKE, SND_UD, Frame
from cmi_gui.engine.mbus.master import (
    RETRIES,
    Answer,
    AnswerKind,
    Exchange,
    Expect,
    Procedure,
    ProcedureFailed,
    SetSpeed,
)
from cmi_gui.engine.mbus.telegram import Telegram, decode_telegram
from cmi_gui.engine.messages import InvalidValue, Message, marked

MAX_TELEGRAMS = 100
"""A slave that announces more telegrams than this never ends."""


@dataclass(frozen=True, slots=True)
class SlaveAddress:
    """How a slave is reached: by its primary address (0 to 250, or 254) or by a selection field, at a speed in bit/s.

    `baud` None: the master's own speed. As text, a slave as a sentence names it.
    """

    primary: int | None = None
    selection: bytes | None = None
    baud: int | None = None

    def __post_init__(self) -> None:
        if (self.primary is None) == (self.selection is None):
            raise ValueError("a slave has either a primary address or a selection field")

    def __str__(self) -> str:
        return str(self.name)

    @property
    def name(self) -> Message:
        """A slave as a sentence names it."""
        return Message("the selected slave") if self.primary is None else Message("address {0}", (self.primary,))

    @property
    def where(self) -> str:
        """The address alone: `5`, or as `selection_text` writes it."""
        return str(self.primary) if self.selection is None else selection_text(self.selection)

    @property
    def a(self) -> int:
        """The A field of telegrams to it."""
        return ADDRESS_SELECTED if self.primary is None else self.primary

    @property
    def is_open(self) -> bool:
        """Whether several slaves may fit: the test address, or open digits in the identification number."""
        if self.selection is None:
            return self.primary == ADDRESS_TEST
        return any(0xF in (byte & 0xF, byte >> 4) for byte in self.selection[:4])


@dataclass(frozen=True, slots=True)
class FoundSlave:
    """A slave that a scan found, by the primary address or the selection field of `at`.

    A selection field has the eight bytes in the header's order (identification number BCD, LSB first; manufacturer, LSB
    first; version; device type), and a record with its fabrication number where only that tells it from another.
    `frame`, `telegram`: its first answer; None where it gave none, or none to be decoded. `collision`: several slaves
    answer here.
    """

    at: SlaveAddress
    frame: Frame | None
    telegram: Telegram | None
    collision: bool = False


@dataclass(frozen=True, slots=True)
class ScanProgress:
    """How far a scan is: the address or mask just asked, the part of all that is done (0 to 1), what was found."""

    at: SlaveAddress
    done: float
    found: FoundSlave | None


def mask_bytes(mask: str) -> bytes:
    """The selection field of a mask: 8 hex digits of identification number (F: any), then up to 8 of the rest.

    `12345678`, `1234FFFF`, or 16 digits as they stand in a header with the number written as it is read:
    identification, manufacturer (LSB first), version, device type. Raises ValueError naming what is wrong.
    """
    text = mask.replace(" ", "").upper()
    if len(text) not in (8, 16):
        template = marked("a mask has 8 digits (or 16 with manufacturer, version and type), not {0}: {1}")
        raise InvalidValue(Message(template, (len(text), repr(mask))))
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        raise InvalidValue(Message("a mask has digits 0 to 9 and F for any: {0}", (repr(mask),))) from None
    if any(digit not in "0123456789F" for digit in text[:8]):
        template = marked("an identification number has digits 0 to 9, F stands for any: {0}")
        raise InvalidValue(Message(template, (repr(mask),)))
    return raw[3::-1] + (raw[4:] or b"\xff\xff\xff\xff")


def selection_text(selection: bytes) -> str:
    """A selection field as people write it: `12345678`, then ` 9615 01 02` unless that is any, then the fabrication."""
    text = selection[3::-1].hex().upper()
    if selection[4:8].strip(b"\xff"):
        text += f" {selection[4:6].hex()} {selection[6:7].hex()} {selection[7:8].hex()}".upper()
    if len(selection) > 8:
        text += f", fabrication number {selection[:-5:-1].hex().upper()}"
    return text


def nothing() -> Procedure[None]:
    """A procedure that sends nothing: it only needs the link."""
    yield from ()


def initialise(address: int, *, retries: int = RETRIES) -> Procedure[bool]:
    """SND_NKE; returns whether it was acknowledged."""
    answer = yield Exchange(Frame.short(SND_NKE, address), Expect.ACK, retries)
    return answer.kind is AnswerKind.ACK


def select(mask: bytes) -> Procedure[None]:
    """Select by secondary address. Raises ProcedureFailed `not_found`, `collision`."""
    answer = yield Exchange(Frame.long(SND_UD, ADDRESS_SELECTED, CI_SELECT, mask), Expect.ACK)
    if answer.kind is AnswerKind.SILENCE:
        raise ProcedureFailed("not_found", Message("no slave answers to the mask {0}", (selection_text(mask),)))
    if answer.kind is AnswerKind.GARBLED:
        message = Message("more than one slave seems to answer to the mask {0}", (selection_text(mask),))
        raise ProcedureFailed("collision", message)


def reach(at: SlaveAddress) -> Procedure[None]:
    """Set the speed, initialise, and select where there is a selection field; for errors see `select`.

    A slave that leaves SND_NKE without an answer is spoken to all the same: such slaves exist. Before a selection,
    SND_NKE deselects what would answer too.
    """
    yield SetSpeed(at.baud)
    yield from initialise(at.a, retries=0)
    if at.selection is not None:
        yield from select(at.selection)


def release(at: SlaveAddress) -> Procedure[None]:
    """Deselect, where there is a selection field."""
    if at.selection is not None:
        yield from initialise(ADDRESS_SELECTED, retries=0)


def request_data(at: SlaveAddress, fcb: int = FCB) -> Exchange:
    """REQ_UD2; for its answer see `data_in`."""
    return Exchange(Frame.short(REQ_UD2 | fcb, at.a), Expect.RESPONSE)


def data_in(answer: Answer, at: SlaveAddress) -> Frame | None:
    """The telegram in an answer to `request_data`; None for E5, which says "no data".

    Raises ProcedureFailed `no_answer`, `garbled`.
    """
    if answer.kind is AnswerKind.GARBLED:
        message = Message("only damaged answers from {0}: does more than one slave answer?", (at.name,))
        raise ProcedureFailed("garbled", message)
    if answer.frame is None:
        raise ProcedureFailed("no_answer", Message("no answer from {0} after {1} tries", (at.name, answer.tries)))
    return None if answer.kind is AnswerKind.ACK else answer.frame


def read_first(at: SlaveAddress) -> Procedure[Frame | None]:
    """The first telegram of a slave; None where it has no data. For errors see `reach` and `data_in`."""
    yield from reach(at)
    answer = yield request_data(at)
    yield from release(at)
    return data_in(answer, at)


def no_data(at: SlaveAddress) -> ProcedureFailed:
    """Return the error of a slave that answers E5 where it was asked for data."""
    return ProcedureFailed("no_data", Message("the slave at address {0} says that it has no data", (at.a,)))


def read_all(at: SlaveAddress) -> Procedure[list[Frame]]:
    """All telegrams of a slave that has been reached, toggling FCB [DOC48 §7.2].

    Raises ProcedureFailed as `data_in` does, `endless`, or `no_data` where the slave answers E5.
    """
    frames: list[Frame] = []
    fcb = FCB
    while True:
        frame = data_in((yield request_data(at, fcb)), at)
        if frame is None and not frames:
            raise no_data(at)
        if frame is None:
            return frames
        frames.append(frame)
        telegram = decoded(frame)
        if telegram is None or not telegram.more_follows:
            return frames
        if len(frames) >= MAX_TELEGRAMS:
            message = Message("the slave at address {0} announces more than {1}", (at.a, MAX_TELEGRAMS))
            raise ProcedureFailed("endless", message)
        fcb ^= FCB


def decoded(frame: Frame | None) -> Telegram | None:
    """The telegram, or None: a good frame may hold what cannot be decoded, and is still what the slave said."""
    try:
        return None if frame is None else decode_telegram(frame)
    except MBusError:
        return None


def read_slave(at: SlaveAddress) -> Procedure[list[Frame]]:
    """Reach a slave and read all its telegrams; for errors see `reach` and `read_all`."""
    yield from reach(at)
    frames = yield from read_all(at)
    yield from release(at)
    return frames


def read_primary(address: int) -> Procedure[list[Frame]]:
    """`read_slave` by primary address, at the master's own speed."""
    return read_slave(SlaveAddress(address))


def read_secondary(mask: bytes) -> Procedure[list[Frame]]:
    """`read_slave` by selection, at the master's own speed."""
    return read_slave(SlaveAddress(selection=mask))


def scan_primary(
    addresses: Sequence[int], progress: Callable[[ScanProgress], None], *, retries: int = 1
) -> Procedure[list[FoundSlave]]:
    """Send SND_NKE to each address, and ask where something answers for the first telegram.

    `progress` is called after each address.
    """
    found: list[FoundSlave] = []
    for number, address in enumerate(addresses, 1):
        at = SlaveAddress(address)
        ping = yield Exchange(Frame.short(SND_NKE, address), Expect.ACK, retries)
        here: FoundSlave | None = None
        if ping.somebody:
            answer = yield replace(request_data(at), retries=retries)
            frame = answer.frame if answer.kind is AnswerKind.RESPONSE else None
            here = FoundSlave(at, frame, decoded(frame), AnswerKind.GARBLED in (ping.kind, answer.kind))
            found.append(here)
        progress(ScanProgress(at, number / len(addresses), here))
    return found
