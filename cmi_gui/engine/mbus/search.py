"""A search of a bus by secondary address: wildcards are narrowed digit by digit where slaves collide [DOC48 §7.3]."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from cmi_gui.engine.mbus.ci import CI_SELECT
from cmi_gui.engine.mbus.exchange import Answer, AnswerKind, Procedure, ProcedureFailed, Settle
from cmi_gui.engine.mbus.frame import Frame, FrameKind
from cmi_gui.engine.mbus.procedures import request_data, selecting
from cmi_gui.engine.mbus.scan import SCAN_RETRIES, Crowd, FoundSlave, ScanProgress
from cmi_gui.engine.mbus.selection import FABRICATION, ID_SIZE
from cmi_gui.engine.mbus.slave_address import HEADER_SIZE, SlaveAddress, decoded, fabrication_in, header_of
from cmi_gui.engine.messages import Message

ANY = b"\xff" * HEADER_SIZE
"""The mask that matches every slave."""
_UNUSED = b"\xee" * HEADER_SIZE
"""A mask that no slave matches."""
_DEVICE_TYPE = 7
_DIGITS = "0123456789abcde"
"""Decimal digits, and A to E, which some slaves have although BCD excludes them; F is the wildcard."""
_MAX_UNANSWERED = 20
"""Masks in a row with only unreadable answers, as on a disturbed line, after which the search ends."""


def search_secondary(mask: bytes, progress: Callable[[ScanProgress], None]) -> Procedure[list[FoundSlave]]:
    """Return all slaves that match `mask` (eight bytes, such as `ANY`), in the order of their addresses.

    Where several answer, the first open digit of the identification number is tried from 0 to E; if all its digits are
    given, those of the fabrication number, and if these do not separate the slaves, the bytes of manufacturer, version
    and device type. A mask at which several answered and fewer than two were found below it is in the list as a
    collision. `progress` is called after each mask. Raises ValueError for a mask of another length, ProcedureFailed
    `disturbed`.
    """
    if len(mask) != HEADER_SIZE:
        raise ValueError(f"a mask has {HEADER_SIZE} bytes, not {len(mask)}")
    search = _Search(mask, progress)
    yield from search.select(mask, Fraction(0), Fraction(1))
    yield from search.repeat_late()
    yield from search.report_unexplained()
    return [search.found[key] for key in sorted(search.found, key=lambda key: (key[3::-1], key[4:]))]


class _Search:
    def __init__(self, mask: bytes, progress: Callable[[ScanProgress], None]) -> None:
        self.found: dict[bytes, FoundSlave] = {}
        """Slaves by the eight bytes of the header and the fabrication number."""
        self._mask = SlaveAddress(selection=mask)
        self._progress = progress
        self._unanswered = 0
        self._crowd = Crowd(selecting(_UNUSED, retries=0, long_wait=True))
        self._answered: set[bytes] = set()
        """The masks that were answered."""
        self._unexplained: dict[bytes, bool] = {}
        """Masks with answers that no found slave explains; the value: whether several collided there."""
        self._late: dict[bytes, None] = {}
        """The masks to which slaves seem to have answered late."""

    def select(self, mask: bytes, begin: Fraction, size: Fraction, *, long_wait: bool = False) -> Procedure[int]:
        """Select by a mask, and by narrower ones if answers collide; return how many slaves answer.

        The mask covers the part `begin` to `begin + size` (0 to 1) of all addresses, for the progress.
        """
        at = SlaveAddress(selection=mask)
        selected = yield selecting(mask, retries=SCAN_RETRIES, long_wait=long_wait)
        if not selected.answered:
            self._note_late(selected)
            if (yield from self._crowd.answers(selecting(mask, retries=0), selected)):
                return (yield from self._divide(mask, begin, size, collision=True))
            self._report(mask, begin + size, None)
            return 0
        answer = yield request_data(at, retries=SCAN_RETRIES, long_wait=long_wait)
        self._note_late(answer)
        if (
            answer.kind is AnswerKind.RESPONSE
            and answer.frame is not None
            and not selected.collision | answer.collision
        ):
            self._note_late(selected)
            self._answered.add(mask)
            self._count_unreadable(answer.frame)
            self._report(mask, begin + size, self._add(mask, answer.frame))
            return 1
        collision = answer.collision or (selected.collision and selected.certain)
        if not long_wait and (not collision or answer.kind is AnswerKind.SILENCE):
            # The slave may be slow, or the answer is a late one to an earlier mask.
            self._note_late(selected, uncertain=True)
            return (yield from self.select(mask, begin, size, long_wait=True))
        self._note_late(selected)
        return (yield from self._divide(mask, begin, size, collision=collision))

    def _divide(self, mask: bytes, begin: Fraction, size: Fraction, *, collision: bool) -> Procedure[int]:
        """Select by narrower masks, and note `mask` if not all slaves that answer to it are found; return how many."""
        self._answered.add(mask)
        self._report(mask, begin, None)
        count = yield from self._narrow(mask, begin, size, collision=collision)
        if count < 1 + collision:
            # Not all slaves of a collision were found, or a single one gives no data.
            self._count_unreadable(None)
            self._unexplained[mask] = collision
            self._report(mask, begin + size, None)
            count = 1 + collision
        return count

    def _narrow(self, mask: bytes, begin: Fraction, size: Fraction, *, collision: bool) -> Procedure[int]:
        """Select by narrower masks until two slaves are found, or one if none collided; return how many answer."""
        count = 0
        for masks in _divisions(mask, collision=collision):
            part = size / len(masks)
            for index, each in enumerate(masks):
                count += yield from self.select(each, begin + index * part, part)
            if count >= 1 + collision:
                break
            begin, size = begin + size, Fraction(0)
        return count

    def repeat_late(self) -> Procedure[None]:
        """Select again, with a long wait, by the masks and addresses that seem to have been answered late."""
        repeated: set[bytes] = set()
        while True:
            self._note_late((yield Settle()))
            known = repeated | self._answered
            mask = next((mask for mask in self._late if mask not in known and _slave_key(mask) not in self.found), None)
            if mask is None:
                return
            repeated.add(mask)
            yield from self.select(mask, Fraction(1), Fraction(0), long_wait=True)

    def report_unexplained(self) -> Procedure[None]:
        """Add the masks with answers that slaves found by other masks do not explain.

        They are selected again, because the first answer may have been a late one to another mask.
        """
        for mask, collision in self._unexplained.items():
            at = SlaveAddress(selection=mask)
            known = sum(slave.frame is not None and at.fits(slave.frame) for slave in self.found.values())
            if known > collision:
                continue
            selected = yield selecting(mask, retries=SCAN_RETRIES)
            if not selected.answered:
                continue
            if known:
                answer = yield request_data(at, retries=SCAN_RETRIES)
                if answer.kind is AnswerKind.RESPONSE and not selected.collision | answer.collision:
                    continue
            self._report(mask, Fraction(1), self._add(mask, None, collision=collision))

    def _count_unreadable(self, frame: Frame | None) -> None:
        """Count unreadable answers in a row. Raises ProcedureFailed `disturbed` above the limit."""
        self._unanswered = self._unanswered + 1 if frame is None else 0
        if self._unanswered > _MAX_UNANSWERED:
            message = Message("many addresses in a row gave only unreadable answers: the line seems to be disturbed")
            raise ProcedureFailed("disturbed", message)

    def _add(self, mask: bytes, frame: Frame | None, *, collision: bool = False) -> FoundSlave | None:
        """Add the slave found at `mask` and return it; None if another mask has found it before."""
        telegram, tail = decoded(frame), _fabrication_number(mask)
        header = (header_of(frame) if frame is not None else None) or mask[:HEADER_SIZE]
        number = fabrication_in(telegram) or tail
        if header + number in self.found:
            return None
        at = SlaveAddress(selection=header + FABRICATION + number if tail else header)
        found = self.found[header + number] = FoundSlave(at, frame, telegram, collision)
        return found

    def _note_late(self, answer: Answer, *, uncertain: bool = False) -> None:
        """Note the masks of late answers. `uncertain`: an E5 that is not certain is taken for a late answer."""
        for frame in answer.strays:
            header = None if frame.kind is FrameKind.ACK else header_of(frame)
            number = fabrication_in(decoded(frame))
            if header is not None and self._mask.fits(frame) and header + number not in self.found:
                # Select with the number too, as another slave may have the same header.
                self._late |= dict.fromkeys((header, header + FABRICATION + number if number else header))
        if answer.strays or uncertain:
            self._late.update({frame.data: None for frame in answer.unanswered if frame.ci == CI_SELECT})

    def _report(self, mask: bytes, done: Fraction, found: FoundSlave | None) -> None:
        self._progress(ScanProgress(SlaveAddress(selection=mask), float(done), found))


def _fabrication_number(mask: bytes) -> bytes:
    """Return the fabrication number in a mask; empty if it has none."""
    return mask[HEADER_SIZE + len(FABRICATION) :]


def _slave_key(mask: bytes) -> bytes:
    return mask[:HEADER_SIZE] + _fabrication_number(mask)


def _divisions(mask: bytes, *, collision: bool) -> list[list[bytes]]:
    """Return the possible divisions of a mask, each a list of narrower masks, in the order to try them."""
    if "f" in mask[:ID_SIZE].hex():
        return [_next_digits(b"", mask[:ID_SIZE], mask[ID_SIZE:])]
    if not collision:
        return []
    tail = _fabrication_number(mask) or b"\xff" * ID_SIZE
    divisions = [_next_digits(mask[:HEADER_SIZE] + FABRICATION, tail, b"")] if "f" in tail.hex() else []
    index = mask.find(0xFF, ID_SIZE, HEADER_SIZE)
    if index >= 0 and (len(mask) == HEADER_SIZE or not divisions):
        # FF is the wildcard, so no mask can require it. Device type 00 is last: some slaves take it for any
        # [CMeX50 p67].
        first = int(index == _DEVICE_TYPE)
        divisions.append([_with_byte(mask, index, value) for value in range(first, 255)])
        divisions.append([_with_byte(mask, index, 0)] * first)
    return [masks for masks in divisions if masks]


def _with_byte(mask: bytes, index: int, value: int) -> bytes:
    return mask[:index] + bytes((value,)) + mask[index + 1 :]


def _next_digits(head: bytes, number: bytes, tail: bytes) -> list[bytes]:
    """Return the masks with the first open digit of `number` (BCD, LSB first) filled in."""
    before, _, after = number[::-1].hex().partition("f")
    return [head + bytes.fromhex(f"{before}{digit}{after}")[::-1] + tail for digit in _DIGITS]
