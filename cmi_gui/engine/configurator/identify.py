"""Making sure which module one speaks to: select it, read it, compare with the serial number on a label."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

from cmi_gui.engine.cmi1020.obis_labels import restore_lines
from cmi_gui.engine.configurator.slaves import FABRICATION, Who, decoded, who
from cmi_gui.engine.configurator.writing import Target
from cmi_gui.engine.iec62056.reading import read_lines
from cmi_gui.engine.mbus.frame import ADDRESS_SELECTED, FCB, REQ_UD2, Frame
from cmi_gui.engine.mbus.master import Answer, AnswerKind, Exchange, Expect, ProcedureFailed
from cmi_gui.engine.mbus.procedures import initialise, mask_bytes, select
from cmi_gui.engine.mbus.search import ANY
from cmi_gui.engine.mbus.telegram import Telegram
from cmi_gui.engine.messages import InvalidValue, Message

LABEL_DIGITS = 8
_METER_NUMBERS = ("C.1.0", "C.1")


def parse_label(text: str) -> str:
    """The serial number on a label, eight digits; blanks are passed over. Raises ValueError naming what is wrong."""
    digits = text.replace(" ", "")
    if len(digits) != LABEL_DIGITS or not (digits.isascii() and digits.isdigit()):
        message = Message("the serial number on the label has {0} digits, not {1}", (LABEL_DIGITS, repr(text)))
        raise InvalidValue(message)
    return digits


@dataclass(frozen=True, slots=True)
class Identification:
    """Who was found. `label`: the serial number it was compared with, or None.

    `found`: what the slave says of itself, None where its answer does not tell. `address`: the primary address in its
    answer. `by_selection`: its secondary address, selected alone, reaches the same slave. `meter_number`: C.1.0 of the
    meter behind it, where its first telegram tells it. `elsewhere`: the slave on this bus that does have the label's
    number, looked for where this one has another; None where nobody answers to it.
    """

    label: str | None
    found: Who | None
    address: int
    by_selection: bool
    meter_number: str | None = None
    elsewhere: Who | None = None

    @property
    def serial(self) -> str:
        """The number to compare with a label: the fabrication number where there is one, else the identification."""
        return "" if self.found is None else self.found.fabrication or self.found.id

    @property
    def same(self) -> bool | None:
        """Whether it is the one with the label; None where there is nothing to compare."""
        return self.serial == self.label if self.label and self.serial else None


def identify(target: Target, selection: bytes | None, label: str | None) -> Generator[Exchange, Answer, Identification]:
    """Read who answers at `target`, select it by `selection`, compare it with `label` (eight digits).

    Raises ProcedureFailed `no_answer`, `garbled`, `no_data`, `not_found`, `collision`.
    """
    frame = yield from _first(target)
    telegram = _telegram(frame)
    found = None if telegram is None else who(telegram)
    meter = None if telegram is None else _meter_number(telegram)
    by_selection = target.mask is not None
    if selection is not None and not by_selection:
        again = yield from _find(selection)
        by_selection = found is not None and again == found
    elsewhere = None
    result = Identification(label, found, frame.a, by_selection, meter)
    if label is not None and not result.same:
        # By its secondary address, which is the label's number as delivered; else by the label's number itself.
        elsewhere = yield from _find(mask_bytes(label))
        if elsewhere is None or label not in (elsewhere.fabrication, elsewhere.id):
            elsewhere = yield from _find(ANY + FABRICATION + bytes.fromhex(label)[::-1])
        result = Identification(label, found, frame.a, by_selection, meter, elsewhere)
    return result


def _first(target: Target) -> Generator[Exchange, Answer, Frame]:
    """The first telegram of a slave."""
    yield from initialise(target.a, retries=0)
    if target.mask is not None:
        yield from select(target.mask)
    answer = yield Exchange(Frame.short(REQ_UD2 | FCB, target.a), Expect.RESPONSE)
    if target.mask is not None:
        yield from initialise(ADDRESS_SELECTED, retries=0)
    match answer.kind:
        case AnswerKind.GARBLED:
            raise ProcedureFailed("garbled", Message("only damaged answers after {0} tries", (answer.tries,)))
        case AnswerKind.ACK:
            raise ProcedureFailed("no_data", Message("the slave says that it has no data"))
    if answer.frame is None:
        raise ProcedureFailed("no_answer", Message("no answer after {0} tries", (answer.tries,)))
    return answer.frame


def _find(selection: bytes) -> Generator[Exchange, Answer, Who | None]:
    """Who answers to a selection; None where nobody does, or nobody alone."""
    try:
        frame = yield from _first(Target(mask=selection))
    except ProcedureFailed:
        return None
    telegram = _telegram(frame)
    return None if telegram is None else who(telegram)


def _telegram(frame: Frame) -> Telegram | None:
    telegram = decoded(frame)
    return telegram if isinstance(telegram, Telegram) else None


def _meter_number(telegram: Telegram) -> str | None:
    numbers = (each.value.strip() for each in read_lines(restore_lines([telegram])) if each.code in _METER_NUMBERS)
    return next(numbers, None)
