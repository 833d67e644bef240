"""Searching a bus by secondary address: wildcards narrowed down digit by digit where slaves collide [DOC48 §7.3]."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from cmi_gui.engine.mbus.ci import CI_SELECT, CI_VARIABLE
from cmi_gui.engine.mbus.frame import ADDRESS_SELECTED, SND_UD, Frame
from cmi_gui.engine.mbus.master import AnswerKind, Exchange, Expect, Procedure, ProcedureFailed
from cmi_gui.engine.mbus.procedures import FoundSlave, ScanProgress, SlaveAddress, decoded, initialise, request_data
from cmi_gui.engine.mbus.selection import FABRICATION
from cmi_gui.engine.mbus.telegram import Telegram
from cmi_gui.engine.messages import Message

ANY = b"\xff" * 8
"""The mask that every slave fits."""
_HEADER = 8
_DEVICE_TYPE = 7
_MAX_UNHEARD = 20
"""Addresses in a row at which something answers that cannot be heard: on a disturbed line that is every address."""


def search_secondary(
    mask: bytes, progress: Callable[[ScanProgress], None], *, retries: int = 1
) -> Procedure[list[FoundSlave]]:
    """All slaves that fit `mask` (eight bytes; `ANY`), in the order of their addresses.

    Where several answer, the first open digit of the identification number is tried from 0 to 9, and from A to E if
    nobody has one of those (such slaves are sold); where all digits are said, the bytes of manufacturer, version and
    device type (00 if nobody has another), and last the digits of the fabrication number. `progress` is called after
    each mask.
    Raises ValueError for a mask of another length, ProcedureFailed `disturbed`.
    """
    if len(mask) != _HEADER:
        raise ValueError(f"a mask has {_HEADER} bytes, not {len(mask)}")
    # Whoever is still selected would answer too.
    yield from initialise(ADDRESS_SELECTED, retries=0)
    search = _Search(progress, retries)
    yield from search.visit(mask, Fraction(0), Fraction(1))
    yield from initialise(ADDRESS_SELECTED, retries=0)
    return [search.found[key] for key in sorted(search.found, key=lambda key: (key[3::-1], key[4:]))]


class _Search:
    def __init__(self, progress: Callable[[ScanProgress], None], retries: int) -> None:
        self.found: dict[bytes, FoundSlave] = {}
        """By the eight bytes of the header and the fabrication number."""
        self._progress = progress
        self._retries = retries
        self._unheard = 0

    def visit(self, mask: bytes, begin: Fraction, size: Fraction) -> Procedure[bool]:
        """Ask for a mask, and for narrower ones where it collides; returns whether anybody answered.

        The mask stands for the part `begin` to `begin + size` of all addresses.
        """
        chosen = yield Exchange(Frame.long(SND_UD, ADDRESS_SELECTED, CI_SELECT, mask), Expect.ACK, self._retries)
        if not chosen.somebody:
            self._tell(mask, begin + size, None)
            return False
        answer = yield replace(request_data(SlaveAddress(selection=mask)), retries=self._retries)
        if answer.kind is AnswerKind.RESPONSE and answer.frame is not None:
            self._tell(mask, begin + size, self._keep(mask, answer.frame))
            return True
        # A collision; or one slave that has no data or cannot be heard, which its whole address will tell.
        self._tell(mask, begin, None)
        choices = _narrower(mask)
        if choices is None:
            self._tell(mask, begin + size, self._keep(mask, None, collision=answer.kind is not AnswerKind.ACK))
            return True
        usual, unusual = choices
        anybody = False
        for index, narrower in enumerate(usual):
            part = size / len(usual)
            anybody |= yield from self.visit(narrower, begin + index * part, part)
        if not anybody:
            for narrower in unusual:
                anybody |= yield from self.visit(narrower, begin + size, Fraction(0))
        return True

    def _keep(self, mask: bytes, frame: Frame | None, *, collision: bool = False) -> FoundSlave | None:
        """The slave found at `mask`; None if it was found before, by another mask."""
        telegram = decoded(frame)
        # Only a long header in the order of the mask tells who gave the answer.
        reach, fabrication = mask[:_HEADER], mask[_HEADER + 2 :]
        if frame is not None:
            if frame.ci == CI_VARIABLE and len(frame.data) >= _HEADER:
                reach = frame.data[:_HEADER]
            fabrication = fabrication or fabrication_in(telegram)
        self._unheard = self._unheard + 1 if frame is None else 0
        if self._unheard > _MAX_UNHEARD:
            message = Message("something answers to every address and none can be read: the line is disturbed")
            raise ProcedureFailed("disturbed", message)
        key = reach + fabrication
        if key in self.found:
            return None
        at = SlaveAddress(selection=reach + mask[_HEADER:])
        self.found[key] = FoundSlave(at, frame, telegram, collision)
        return self.found[key]

    def _tell(self, mask: bytes, done: Fraction, found: FoundSlave | None) -> None:
        self._progress(ScanProgress(SlaveAddress(selection=mask), float(done), found))


def fabrication_in(telegram: Telegram | None) -> bytes:
    """The fabrication number in a telegram, BCD, LSB first; empty where it has none."""
    for record in telegram.records if telegram is not None else ():
        if record.dib + record.vib == FABRICATION:
            return record.raw
    return b""


def _narrower(mask: bytes) -> tuple[list[bytes], list[bytes]] | None:
    """The masks that together cover this one, and those to ask where nobody answers to them; None: no more."""
    if "f" in mask[:4].hex():
        return _next_digits(b"", mask[:4], mask[4:])
    for index in range(4, _HEADER):
        if mask[index] == 0xFF:
            # FF itself cannot be asked for. Some slaves take device type 00 for any [CMeX50 p67].
            first = int(index == _DEVICE_TYPE)
            return [_with_byte(mask, index, value) for value in range(first, 255)], [_with_byte(mask, index, 0)] * first
    tail = mask[_HEADER + 2 :] or b"\xff" * 4
    return _next_digits(mask[:_HEADER] + FABRICATION, tail, b"") if "f" in tail.hex() else None


def _with_byte(mask: bytes, index: int, value: int) -> bytes:
    return mask[:index] + bytes((value,)) + mask[index + 1 :]


def _next_digits(head: bytes, number: bytes, tail: bytes) -> tuple[list[bytes], list[bytes]]:
    """The masks with the first open digit of `number` (BCD, LSB first) filled in: decimal, and A to E."""
    before, _, after = number[::-1].hex().partition("f")
    usual, unusual = (
        [head + bytes.fromhex(f"{before}{digit}{after}")[::-1] + tail for digit in digits]
        for digits in ("0123456789", "abcde")
    )
    return usual, unusual
