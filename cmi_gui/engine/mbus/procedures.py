"""Procedures of a master with one slave: reach it, select it, read its telegrams."""

from __future__ import annotations

from dataclasses import dataclass

from cmi_gui.engine.mbus.ci import (
    CI_APPLICATION_ERROR,
    CI_FIXED,
    CI_NO_HEADER,
    CI_SELECT,
    CI_SHORT_HEADER,
    CI_VARIABLE,
    CI_VARIABLE_MODE_2,
)
from cmi_gui.engine.mbus.datatypes import decode_identification
from cmi_gui.engine.mbus.exchange import (
    RETRIES,
    Answer,
    AnswerKind,
    Exchange,
    Expect,
    Procedure,
    ProcedureFailed,
    SetSpeed,
)
from cmi_gui.engine.mbus.frame import ADDRESS_SELECTED, FCB, REQ_UD2, SND_NKE, SND_UD, Frame
from cmi_gui.engine.mbus.selection import FABRICATION
from cmi_gui.engine.mbus.slave_address import (
    HEADER_SIZE,
    SlaveAddress,
    decoded,
    fabrication_in,
    header_of,
    selection_message,
)
from cmi_gui.engine.messages import Message

MAX_TELEGRAMS = 100
"""Telegrams after which a series counts as endless."""
_DATA = frozenset((CI_VARIABLE, CI_VARIABLE_MODE_2, CI_NO_HEADER, CI_SHORT_HEADER, CI_FIXED))
_ACCESS_NUMBER = HEADER_SIZE
_APPLICATION_BUSY = b"\x08"


@dataclass(frozen=True, slots=True)
class SlaveReading:
    """The telegrams of a slave, at least one.

    `warnings`: one sentence for each irregularity. `complete` False: telegrams may be missing.
    """

    frames: tuple[Frame, ...]
    warnings: tuple[Message, ...] = ()
    complete: bool = True


def no_requests() -> Procedure[None]:
    """Do nothing: a procedure that only opens the link."""
    yield from ()


def ping(address: int, *, retries: int, long_wait: bool = False) -> Exchange:
    """Return the exchange of a SND_NKE, which a slave acknowledges."""
    return Exchange(Frame.short(SND_NKE, address), Expect.ACK, retries, long_wait=long_wait)


def selecting(
    mask: bytes,
    *,
    retries: int = RETRIES,
    long_wait: bool = True,
    alone: bool = False,
    window: float | None = None,
    once: bool = False,
) -> Exchange:
    """Return the exchange that selects by a field of 8 bytes or more. `alone`, `window`, `once`: see `Exchange`."""
    frame = Frame.long(SND_UD, ADDRESS_SELECTED, CI_SELECT, mask)
    return Exchange(frame, Expect.ACK, retries, long_wait=long_wait, alone=alone, window=window, once=once)


def request_data(
    at: SlaveAddress,
    fcb: int = FCB,
    *,
    retries: int = RETRIES,
    long_wait: bool = True,
    before: Frame | None = None,
    once: bool = False,
    breaks_off: bool = False,
) -> Exchange:
    """Return the exchange of a REQ_UD2; for its answer see `data_in`.

    `before`: the slave's telegram that was read last; the same telegram again, or one of another slave, is not an
    answer. `once`, `breaks_off`: as in `Exchange`.
    """

    def judge(frame: Frame) -> AnswerKind:
        # The access number counts on with FCB, so the same bytes again are the previous answer, repeated or late.
        if frame == before:
            return AnswerKind.REPEATED
        fits = at.fits(frame) if before is None else _same_sender(frame, before)
        return AnswerKind.RESPONSE if fits else AnswerKind.FOREIGN

    frame = Frame.short(REQ_UD2 | fcb, at.a)
    alone = before is not None
    return Exchange(
        frame, Expect.RESPONSE, retries, judge, long_wait=long_wait, alone=alone, once=once, breaks_off=breaks_off
    )


def ask_for_data(at: SlaveAddress, fcb: int = FCB, *, before: Frame | None = None) -> Procedure[Answer]:
    """Send `request_data`, and again if the answer is E5, which may be a copy of an earlier E5, or "busy"."""
    answer = yield request_data(at, fcb, before=before)
    if answer.kind is AnswerKind.ACK:
        answer = yield request_data(at, fcb, before=before)
    for _ in range(RETRIES):
        if answer.frame is None or not _is_busy(answer.frame):
            break
        answer = yield request_data(at, fcb, before=before)
    return answer


def _is_busy(frame: Frame) -> bool:
    return frame.ci == CI_APPLICATION_ERROR and frame.data == _APPLICATION_BUSY


def _same_sender(frame: Frame, before: Frame) -> bool:
    """Return whether two telegrams may be from one slave: address, header and number agree if both have them."""
    pairs = ((header_of(one), fabrication_in(decoded(one))) for one in (frame, before))
    return frame.a == before.a and all(not one or not other or one == other for one, other in zip(*pairs, strict=True))


def select(mask: bytes, *, alone: bool = False) -> Procedure[None]:
    """Select by secondary address, which deselects all others. Raises ProcedureFailed `not_found`, `collision`.

    `alone`: as in `Exchange`; then only the data read next shows that the right slave is selected.
    `collision`: the acknowledgement, one byte, is damaged. A mask that several slaves match causes that, or noise.
    """
    answer = yield selecting(mask, alone=alone)
    if answer.kind is AnswerKind.GARBLED:
        message = Message("more than one slave seems to answer to the mask {0}", (selection_message(mask),))
        raise ProcedureFailed("collision", message)
    if answer.kind is not AnswerKind.ACK:
        raise ProcedureFailed("not_found", Message("no slave answers to the mask {0}", (selection_message(mask),)))


def reach(at: SlaveAddress) -> Procedure[None]:
    """Set the speed, then select, or initialise at a primary address; for errors see `select`.

    A missing answer to SND_NKE is not an error: some slaves do not acknowledge it. Only one slave has a fabrication
    number, so the selection by a whole one does not wait for a second answer; if there is one, the data that the caller
    reads next is damaged.
    """
    yield SetSpeed(at.baud)
    if at.selection is not None:
        number = at.selection[HEADER_SIZE:]
        yield from select(at.selection, alone=number[:2] == FABRICATION and number[2:].hex().isdecimal())
    else:
        yield ping(at.a, retries=0)


def data_in(answer: Answer, at: SlaveAddress) -> Frame | None:
    """Return the telegram in an answer to `request_data`; None for E5, which means "no data".

    Raises ProcedureFailed `no_answer`, `garbled`, `foreign`. Only `select` raises `collision`, which means that the
    mask fits several slaves; here the cause is open, and the message of `garbled` gives the probable one.
    """
    match answer.kind:
        case AnswerKind.RESPONSE:
            return answer.frame
        case AnswerKind.ACK:
            return None
        case AnswerKind.FOREIGN if answer.frame is not None:
            message = Message("{0} does not answer; the answer received is from {1}", (at.name, _sender(answer.frame)))
            raise ProcedureFailed("foreign", message)
        case AnswerKind.GARBLED if answer.several:
            message = Message(
                "several answers at the same time from {0}: more than one slave seems to answer", (at.name,)
            )
        case AnswerKind.GARBLED if answer.collision:
            message = Message("only damaged answers from {0}: does more than one slave answer?", (at.name,))
        case AnswerKind.GARBLED:
            message = Message("only damaged answers from {0}", (at.name,))
        case _:
            raise ProcedureFailed("no_answer", Message("no answer from {0} after {1} tries", (at.name, answer.tries)))
    raise ProcedureFailed("garbled", message)


def _sender(frame: Frame) -> Message:
    header = header_of(frame)
    if header is None:
        return SlaveAddress(frame.a).name
    return Message("address {0}, identification {1}", (frame.a, decode_identification(header)))


def read_first(at: SlaveAddress) -> Procedure[Frame | None]:
    """Read the first telegram of a slave; None if it has no data. For errors see `reach` and `data_in`."""
    yield from reach(at)
    return data_in((yield from ask_for_data(at)), at)


def no_data(at: SlaveAddress) -> ProcedureFailed:
    """Return the error for a slave that answers E5 to a request for data."""
    return ProcedureFailed("no_data", Message("the slave at address {0} reports that it has no data", (at.a,)))


def read_slave(at: SlaveAddress, telegrams: int | None = None) -> Procedure[SlaveReading]:
    """Reach a slave and read its telegrams: `reach` and `read_series`."""
    yield from reach(at)
    return (yield from read_series(at, telegrams))


def read_series(at: SlaveAddress, telegrams: int | None = None) -> Procedure[SlaveReading]:
    """Read the telegrams of a slave that has just been reached, toggling FCB [DOC48 §7.2]: all, or `telegrams` of them.

    If the series is incomplete or does not end, the telegrams read so far are returned with a warning. Raises
    ProcedureFailed as `data_in` does if the first telegram cannot be read, or `no_data` if the slave answers E5.
    """
    answer = yield from ask_for_data(at)
    warnings: list[Message] = []
    frame = answer.frame
    if answer.kind is not AnswerKind.FOREIGN or at.primary is None or frame is None:
        frame = data_in(answer, at)
    else:
        parts = (at.primary, _sender(frame))
        warnings.append(Message("the request went to address {0}, but the answers came from {1}", parts))
    if frame is None:
        raise no_data(at)
    frames = [frame]
    if frame.ci == CI_APPLICATION_ERROR:
        warnings.append(Message("the slave reports an application error in place of its data"))
        return SlaveReading((frame,), tuple(warnings), complete=False)
    warning = yield from _read_following(at, frames, telegrams)
    if warning is not None:
        warnings.append(warning)
    return SlaveReading(tuple(frames), tuple(warnings), warning is None)


def _read_following(at: SlaveAddress, frames: list[Frame], telegrams: int | None) -> Procedure[Message | None]:
    """Read the telegrams after the first; return why some may be missing, or None."""
    fcb = FCB
    while _reads_on(frames, telegrams):
        count = len(frames)
        if count >= MAX_TELEGRAMS and telegrams is None:
            return Message("the slave announces more than {0} telegrams; reading stopped there", (MAX_TELEGRAMS,))
        fcb ^= FCB
        answer = yield from ask_for_data(at, fcb, before=frames[-1])
        try:
            frame = data_in(answer, at) if answer.kind is not AnswerKind.REPEATED else frames[-1]
        except ProcedureFailed as error:
            return Message("incomplete after telegram {0}: {1}", (count, error.message))
        if frame is None:
            return Message("incomplete after telegram {0}: the slave has no more", (count,))
        if telegrams is None and frame.ci not in _DATA:
            frames.append(frame)
            return Message("incomplete after telegram {0}: the next telegram holds no data", (count,))
        repeated = next((number for number, one in enumerate(frames, 1) if _content(one) == _content(frame)), None)
        if repeated is not None and (telegrams is None or answer.kind is AnswerKind.REPEATED):
            return Message(
                "telegram {0} was received again, so others may be missing; the telegrams read before are kept",
                (repeated,),
            )
        frames.append(frame)
    return None


def _reads_on(frames: list[Frame], telegrams: int | None) -> bool:
    if telegrams is not None:
        return len(frames) < telegrams
    telegram = decoded(frames[-1])
    return telegram is not None and telegram.more_follows


def _content(frame: Frame) -> bytes:
    """Return what distinguishes telegrams of a series: everything but the access number."""
    if header_of(frame) is None:
        return frame.to_bytes()
    return bytes((frame.ci,)) + frame.data[:_ACCESS_NUMBER] + frame.data[_ACCESS_NUMBER + 1 :]
