"""What a master does with a slave, as procedures: initialise, select, read all telegrams, look for slaves."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import TypeVar

from cmi_gui.engine.mbus.ci import CI_SELECT
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.frame import ADDRESS_SELECTED, FCB, REQ_UD2, SND_NKE, SND_UD, Frame
from cmi_gui.engine.mbus.master import RETRIES, Answer, AnswerKind, Exchange, Expect, ProcedureFailed
from cmi_gui.engine.mbus.telegram import Telegram, decode_telegram
from cmi_gui.engine.messages import InvalidValue, Message, marked

Result = TypeVar("Result")

MAX_TELEGRAMS = 100
"""A slave that announces more telegrams than this never ends."""


@dataclass(frozen=True, slots=True)
class Found:
    """A slave that a scan found: its primary address, and its first telegram if it gave one.

    `collision`: something answered that no single slave can have sent.
    """

    address: int
    frame: Frame | None
    telegram: Telegram | None
    collision: bool = False


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


def nothing() -> Generator[Exchange, Answer, None]:
    """A procedure that asks nobody: it only needs the link."""
    yield from ()


def initialise(address: int, *, retries: int = RETRIES) -> Generator[Exchange, Answer, bool]:
    """SND_NKE; returns whether it was acknowledged."""
    answer = yield Exchange(Frame.short(SND_NKE, address), Expect.ACK, retries)
    return answer.kind is AnswerKind.ACK


def select(mask: bytes) -> Generator[Exchange, Answer, None]:
    """Select by secondary address. Raises ProcedureFailed `not_found`, `collision`."""
    answer = yield Exchange(Frame.long(SND_UD, ADDRESS_SELECTED, CI_SELECT, mask), Expect.ACK)
    if answer.kind is AnswerKind.SILENCE:
        raise ProcedureFailed("not_found", Message("no slave answers to the mask {0}", (_mask_text(mask),)))
    if answer.kind is AnswerKind.GARBLED:
        raise ProcedureFailed(
            "collision", Message("more than one slave seems to answer to the mask {0}", (_mask_text(mask),))
        )


def _mask_text(mask: bytes) -> str:
    return mask[3::-1].hex().upper() + (" " + mask[4:].hex().upper() if mask[4:].strip(b"\xff") else "")


def read_all(address: int) -> Generator[Exchange, Answer, list[Frame]]:
    """All telegrams of the slave at `address` (253: the selected one), toggling FCB [DOC48 §7.2].

    Raises ProcedureFailed `no_answer`, `garbled`, `endless`, or `no_data` where the slave answers E5.
    """
    frames: list[Frame] = []
    fcb = FCB
    while True:
        answer = yield Exchange(Frame.short(REQ_UD2 | fcb, address), Expect.RESPONSE)
        match answer.kind:
            case AnswerKind.SILENCE:
                raise ProcedureFailed(
                    "no_answer", Message("no answer from address {0} after {1} tries", (address, answer.tries))
                )
            case AnswerKind.GARBLED:
                message = Message("only damaged answers from address {0} after {1} tries", (address, answer.tries))
                raise ProcedureFailed("garbled", message)
            case AnswerKind.ACK if not frames:
                raise ProcedureFailed(
                    "no_data", Message("the slave at address {0} says that it has no data", (address,))
                )
        if answer.frame is None or answer.kind is AnswerKind.ACK:
            return frames
        frames.append(answer.frame)
        telegram = _decoded(answer.frame)
        if telegram is None or not telegram.more_follows:
            return frames
        if len(frames) >= MAX_TELEGRAMS:
            raise ProcedureFailed(
                "endless", Message("the slave at address {0} announces more than {1}", (address, MAX_TELEGRAMS))
            )
        fcb ^= FCB


def _decoded(frame: Frame) -> Telegram | None:
    """The telegram, or None: a good frame may hold what nobody can decode, and is still what the slave said."""
    try:
        return decode_telegram(frame)
    except MBusError:
        return None


def read_primary(address: int) -> Generator[Exchange, Answer, list[Frame]]:
    """Initialise and read all telegrams by primary address; for errors see `read_all`.

    A slave that leaves SND_NKE without an answer is read all the same: such slaves exist.
    """
    yield from initialise(address, retries=0)
    return (yield from read_all(address))


def read_secondary(mask: bytes) -> Generator[Exchange, Answer, list[Frame]]:
    """Select by mask and read all telegrams; for errors see `select` and `read_all`."""
    # Whoever is still selected would answer too.
    yield from initialise(ADDRESS_SELECTED, retries=0)
    yield from select(mask)
    frames = yield from read_all(ADDRESS_SELECTED)
    yield from initialise(ADDRESS_SELECTED, retries=0)
    return frames


def scan_primary(
    addresses: Iterable[int], progress: Callable[[int, Found | None], None], *, retries: int = 1
) -> Generator[Exchange, Answer, list[Found]]:
    """Ask each address with SND_NKE, and whoever answers for its first telegram.

    `progress` is called after each address with what was found there, or None.
    """
    found: list[Found] = []
    for address in addresses:
        ping = yield Exchange(Frame.short(SND_NKE, address), Expect.ACK, retries)
        here: Found | None = None
        if ping.somebody:
            answer = yield Exchange(Frame.short(REQ_UD2 | FCB, address), Expect.RESPONSE, retries)
            frame = answer.frame if answer.kind is AnswerKind.RESPONSE else None
            here = Found(
                address,
                frame,
                _decoded(frame) if frame else None,
                collision=AnswerKind.GARBLED in (ping.kind, answer.kind),
            )
            found.append(here)
        progress(address, here)
    return found


def watched(
    procedure: Generator[Exchange, Answer, Result], heard: Callable[[Answer], None]
) -> Generator[Exchange, Answer, Result]:
    """The same procedure; `heard` is told each answer before the procedure is."""
    try:
        exchange = next(procedure)
        while True:
            answer = yield exchange
            heard(answer)
            exchange = procedure.send(answer)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
    finally:
        procedure.close()
