"""A search of a bus by secondary address: wildcards are narrowed digit by digit where slaves collide [DOC48 §7.3]."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from cmi_gui.engine.mbus.begun_answer import named_sender
from cmi_gui.engine.mbus.exchange import AnswerKind, Procedure, ProcedureFailed, Settle
from cmi_gui.engine.mbus.frame import ACK_FRAME, Frame, FrameKind
from cmi_gui.engine.mbus.procedures import request_data, selecting
from cmi_gui.engine.mbus.scan import SCAN_RETRIES, Crowd, FoundSlave, ScanProgress
from cmi_gui.engine.mbus.search_masks import (
    DIGITS,
    LETTERS,
    further_divisions,
    is_divisible,
    is_whole,
    next_digits,
    open_digit,
    selects,
    slave_key,
    with_letter,
)
from cmi_gui.engine.mbus.search_record import SearchOptions, SearchRecord, earlier_masks
from cmi_gui.engine.mbus.search_state import MaskPart, SearchState
from cmi_gui.engine.mbus.selection import ID_SIZE
from cmi_gui.engine.mbus.slave_address import HEADER_SIZE, SlaveAddress, full_selection
from cmi_gui.engine.messages import Message

ANY = b"\xff" * HEADER_SIZE
"""The mask that matches every slave."""
_UNUSED = b"\xee" * HEADER_SIZE
"""A mask that no slave matches."""
_MAX_UNANSWERED = 20
"""Masks in a row with only unreadable answers, as on a disturbed line, after which the search ends."""


PLAIN = SearchOptions()
"""A search for all slaves at the standard's times."""


def search_secondary(
    mask: bytes, progress: Callable[[ScanProgress], None], options: SearchOptions = PLAIN
) -> Procedure[list[FoundSlave]]:
    """Return the slaves that a `SecondarySearch` finds."""
    return (yield from SecondarySearch(mask, progress, options).procedure())


class SecondarySearch:
    """A search for all slaves that match `mask` (eight bytes, such as `ANY`); run `procedure` once.

    Where several answer, the first open digit of the identification number is tried from 0 to 9, and with each letter
    that occurs in this digit anywhere on the bus; if all its digits are given, those of the fabrication number, and if
    these do not separate the slaves, the bytes of manufacturer, version and device type. A mask at which several
    answered and fewer than two were found below it is in the list as a collision. `progress` is called after each mask.
    Raises ValueError for a mask of another length, or a state of another mask.

    Attributes: `record`: what is known so far. `complete`: all masks were tried; False after a stop because the
    expected slaves were found.
    """

    def __init__(self, mask: bytes, progress: Callable[[ScanProgress], None], options: SearchOptions = PLAIN) -> None:
        if len(mask) != HEADER_SIZE:
            raise ValueError(f"a mask has {HEADER_SIZE} bytes, not {len(mask)}")
        self.complete = False
        self._start = mask
        self._progress = progress
        self._options = options
        self.record = SearchRecord(mask, options)
        self._window = self.record.window
        self._unanswered = 0
        self._suspects = True
        """False once a damaged acknowledgement turned out to be that of one slave: then it proves nothing."""
        self._crowd = Crowd(selecting(_UNUSED, retries=0, long_wait=True), self.record.note_late)
        self._levels = [] if options.state is None else [MaskPart.of(each) for each in options.state.open]

    @property
    def state(self) -> SearchState:
        """The state from which another search can continue; a mask under way is tried again."""
        return self.record.state(level.open_mask for level in self._levels)

    # Procedure

    def procedure(self) -> Procedure[list[FoundSlave]]:
        """Search; return the slaves in the order of their addresses. Raises ProcedureFailed `disturbed`."""
        if self._options.state is None:
            yield from self._begin(self._start, size=Fraction(1))
        if self._levels:
            yield from self._window.learn_from_all(selecting(self._start, retries=0, long_wait=False))
        yield from self._divide_all()
        yield from self._repeat_hasty()
        yield from self._repeat_unexplained()
        yield from self._repeat_late()
        yield from self._repeat_single()
        if not self.record.has_enough:
            yield from self._report_unexplained()
            self.complete = True
        return self.record.slaves

    def _begin(self, mask: bytes, *, size: Fraction, long_wait: bool = False) -> Procedure[None]:
        """Try a mask that is not a part of another one."""
        found = yield from self._try(mask, 1 - size, size, long_wait=long_wait)
        self.record.hasty.pop(mask, None)
        if isinstance(found, MaskPart):
            self._levels.append(found)

    def _divide_all(self) -> Procedure[None]:
        """Try the narrower masks of all open ones, until the expected slaves are found."""
        while self._levels and not self.record.has_enough:
            yield from self._advance(self._levels[-1])

    def _advance(self, level: MaskPart) -> Procedure[None]:
        """Try the next narrower mask of the last open one; close that one if there is none."""
        level.divisions = level.divisions or self._divisions(level)
        masks = level.divisions[level.division] if level.division < len(level.divisions) else []
        digit = open_digit(level.mask)
        if level.next < len(masks):
            # Letters are so rare that they do not count as a part of the addresses.
            count = len(masks) if digit is None else len(DIGITS)
            part = level.size / count
            begin = level.begin + min(level.next, count) * part
            found = yield from self._try(masks[level.next], begin, part if level.next < count else Fraction(0))
            level.next += 1
            if isinstance(found, MaskPart):
                self._levels.append(found)
            else:
                level.count += found
        elif digit is not None and digit not in self.record.letters:
            self.record.letters[digit] = yield from self._letters_in(digit)
            level.divisions = []
        elif level.suspected and level.count < 2:
            # Perhaps only one slave has answered, and noise made it look like several.
            level.suspected = self._suspects = False
            self._window.stop()
            self._note_doubts(level)
            found = yield from self._try(level.mask, level.begin + level.size, Fraction(0), long_wait=True)
            level.collision = isinstance(found, MaskPart) and found.collision
            level.count = max(level.count, 0 if isinstance(found, MaskPart) else found)
            level.divisions = []
        elif level.missing and level.division + 1 < len(level.divisions):
            level.division, level.next = level.division + 1, 0
            level.begin, level.size = level.begin + level.size, Fraction(0)
        else:
            self._close(level)

    def _close(self, level: MaskPart) -> None:
        self._levels.pop()
        self._note_doubts(level)
        if level.missing:
            self._count_unreadable(None)
            # Damaged telegrams that name the mask, which has no open part, are those of one slave.
            is_named = any(each.named == level.mask for each in (*self._levels, level))
            self.record.unexplained[level.mask] = level.collision and not is_named
            self._report(level.mask, level.begin + level.size, None)
            level.count = 1 + level.collision
        if self._levels:
            self._levels[-1].count += level.count

    def _note_doubts(self, level: MaskPart) -> None:
        """Note that earlier masks may have been answered late, unless the slaves found explain the answers to this."""
        if level.doubtful and level.count < 2:
            self.record.note_doubts(level.doubtful)
        level.doubtful = ()

    def _try(
        self, mask: bytes, begin: Fraction, size: Fraction, *, long_wait: bool = False
    ) -> Procedure[int | MaskPart]:
        """Select by a mask; return how many slaves answer, 0 or 1, or the mask as one that must be divided.

        The mask covers the part `begin` to `begin + size` (0 to 1) of all addresses, for the progress.
        """
        at = SlaveAddress(selection=mask)
        window = None if long_wait else self._window.seconds
        quick = window is not None
        selected = yield selecting(mask, retries=SCAN_RETRIES, long_wait=long_wait, window=window, once=quick)
        again = None
        if not selected.answered:
            self.record.note_late(selected)
            again = yield from self._crowd.answer(selecting(mask, retries=0), selected)
            if again is None:
                if quick:
                    self.record.hasty[mask] = None
                self._report(mask, begin + size, None)
                return 0
            if again.kind is not AnswerKind.ACK:
                return self._divided(MaskPart(mask, True, False, begin, size))
            selected = again
        self._window.note(selected)
        doubtful = earlier_masks(selected)
        several = selected.raw != ACK_FRAME.to_bytes() if quick else selected.collision and selected.certain
        has_late_data = any(frame.kind is not FrameKind.ACK for frame in selected.strays)
        if long_wait or has_late_data:
            # No slave at this mask explains a late telegram, or what came before a selection with a long wait.
            self.record.note_late(selected)
        several &= not has_late_data
        if self._options.has_speed and several and self._suspects and is_divisible(mask) and not long_wait:
            return self._divided(MaskPart(mask, False, True, begin, size, doubtful=doubtful))
        answer = yield request_data(
            at,
            retries=SCAN_RETRIES,
            long_wait=long_wait,
            once=self._window.learns and not long_wait,
            breaks_off=self._options.breaks_off and not long_wait,
        )
        self.record.note_late(answer)
        has_data = answer.kind is AnswerKind.RESPONSE
        is_single = has_data and (is_whole(mask) or not selected.collision | answer.collision)
        if is_single and (long_wait or not selected.strays):
            self.record.note_single(mask, repeated=again is not None or max(selected.tries, answer.tries) > 1)
            self._count_unreadable(answer.frame)
            self._report(mask, begin + size, self.record.add(mask, answer.frame, broken_off=answer.broken_off))
            return 1
        collision = answer.collision or (selected.collision and selected.certain)
        if not long_wait and (is_single or not collision or answer.kind is AnswerKind.SILENCE):
            # The slave may be slow, the answer a late one to an earlier mask, or the telegram that of two slaves.
            self.record.doubtful = doubtful
            found = yield from self._try(mask, begin, size, long_wait=True)
            self.record.doubtful = ()
            if isinstance(found, MaskPart):
                found.doubtful += doubtful
            elif answer.kind is AnswerKind.SILENCE or found < 1 + len(selected.strays):
                self.record.note_late(selected, uncertain=True)
            return found
        part = MaskPart(mask, collision, False, begin, size, doubtful=doubtful)
        frame = answer.frame if has_data else None
        named = named_sender(answer.raw) if frame is None else full_selection(frame)
        if named is not None and is_whole(named) and selects(mask, slave_key(named)):
            part.named = named
        return self._divided(part)

    def _divided(self, part: MaskPart) -> MaskPart:
        self.record.answered.add(part.mask)
        self._report(part.mask, part.begin, None)
        return part

    # Divisions

    def _divisions(self, level: MaskPart) -> list[list[bytes]]:
        """Return the possible divisions of a mask, each a list of narrower masks, in the order to try them."""
        mask = level.mask
        digit = open_digit(mask)
        if digit is None:
            named = [[level.named]] if level.named not in (None, mask) else []
            return named + further_divisions(mask)[: None if level.collision else int(level.suspected)]
        digits = DIGITS + self.record.letters.get(digit, "")
        return [[number + mask[ID_SIZE:] for number in next_digits(mask[:ID_SIZE], digits)]]

    def _letters_in(self, digit: int) -> Procedure[str]:
        """Return the letters that slaves have in a digit of the identification number.

        One mask with a letter in this digit asks all slaves of the bus, so that no mask need be tried with letters
        where there are none.
        """
        letters = ""
        for letter in LETTERS:
            mask = with_letter(self._start, digit, letter)
            window = self._window.seconds
            selected = yield selecting(mask, retries=SCAN_RETRIES, long_wait=False, window=window)
            # An E5 that may be the late one of a slave without this letter must not hide that slave.
            self.record.note_late(selected, uncertain=selected.answered and not selected.certain)
            if window is not None and not selected.answered:
                self.record.hasty[mask] = None
            answered = selected.answered
            if not answered:
                answered = (yield from self._crowd.answer(selecting(mask, retries=0), selected)) is not None
            letters += letter if answered else ""
        return letters

    # Ends

    def _repeat_hasty(self) -> Procedure[None]:
        """Try again what was silent for a short time only, if an answer was late or lost: its slave may be slow."""
        while not self._window.learns and self.record.hasty and not self.record.has_enough:
            yield from self._begin(next(iter(self.record.hasty)), size=Fraction(0))
            yield from self._divide_all()

    def _repeat_late(self) -> Procedure[None]:
        """Select again, with a long wait, by the masks and addresses that seem to have been answered late."""
        repeated: set[bytes] = set()
        while not self.record.has_enough:
            self.record.note_late((yield Settle()))
            mask = self.record.next_late(repeated)
            if mask is None:
                return
            yield from self._begin(mask, size=Fraction(0), long_wait=True)
            repeated.add(mask)
            del self.record.late[mask]
            yield from self._divide_all()

    def _repeat_single(self) -> Procedure[None]:
        """If answers are lost, ask single slaves again: two may have answered the selection, and one the request."""
        repeated: set[bytes] = set()
        while self.record.repeated and not self.record.has_enough:
            mask = next((mask for mask in self.record.single if mask not in repeated), None)
            if mask is None:
                return
            repeated.add(mask)
            yield from self._begin(mask, size=Fraction(0))
            yield from self._divide_all()

    def _repeat_unexplained(self) -> Procedure[None]:
        """Try silent digits again where a slave is missing: each answer of it may have been lost."""
        for mask, collision in tuple(self.record.unexplained.items()):
            digit, known = open_digit(mask), self._known_at(mask)
            if digit is None or known > collision or self.record.has_enough:
                continue
            # What answers this time says more than the count of unreadable answers before.
            self._unanswered = 0
            self._window.stop()
            level = MaskPart(mask, collision, False, Fraction(1), Fraction(0), count=known)
            level.divisions = [[part for part in self._divisions(level)[0] if part not in self.record.answered]]
            del self.record.unexplained[mask]
            self._levels.append(level)
            yield from self._divide_all()

    def _report_unexplained(self) -> Procedure[None]:
        """Add the masks with answers that slaves found by other masks do not explain.

        They are selected again, because the first answer may have been a late one to another mask.
        """
        for mask, collision in self.record.unexplained.items():
            at = SlaveAddress(selection=mask)
            known = self._known_at(mask)
            if known > collision:
                continue
            selected = yield selecting(mask, retries=SCAN_RETRIES)
            if not selected.answered:
                continue
            if known:
                answer = yield request_data(at, retries=SCAN_RETRIES)
                if answer.kind is AnswerKind.RESPONSE and not selected.collision | answer.collision:
                    continue
            self._report(mask, Fraction(1), self.record.add(mask, None, collision=collision))

    def _known_at(self, mask: bytes) -> int:
        """Return how many of the slaves found a mask selects."""
        return sum(selects(mask, key) for key in self.record.keys)

    def _count_unreadable(self, frame: Frame | None) -> None:
        """Count unreadable answers in a row. Raises ProcedureFailed `disturbed` above the limit."""
        self._unanswered = self._unanswered + 1 if frame is None else 0
        if self._unanswered > _MAX_UNANSWERED:
            message = Message("many addresses in a row gave only unreadable answers: the line seems to be disturbed")
            raise ProcedureFailed("disturbed", message)

    def _report(self, mask: bytes, done: Fraction, found: FoundSlave | None) -> None:
        masks = sum(len(level.divisions[level.division]) - level.next for level in self._levels if level.divisions)
        self._progress(ScanProgress(SlaveAddress(selection=mask), float(done), found, max(0, masks - 1)))
