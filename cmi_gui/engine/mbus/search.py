"""A search of a bus by secondary address: wildcards are narrowed digit by digit where slaves collide [DOC48 §7.3]."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Annotated

import msgspec

from cmi_gui.engine.mbus.ci import CI_SELECT
from cmi_gui.engine.mbus.exchange import Answer, AnswerKind, Procedure, ProcedureFailed, Settle
from cmi_gui.engine.mbus.frame import ACK_FRAME, Frame, FrameKind
from cmi_gui.engine.mbus.procedures import request_data, selecting
from cmi_gui.engine.mbus.response_window import ResponseWindow
from cmi_gui.engine.mbus.scan import SCAN_RETRIES, Crowd, FoundSlave, ScanProgress
from cmi_gui.engine.mbus.selection import FABRICATION, ID_SIZE, Identity, SelectionRecord, matches
from cmi_gui.engine.mbus.slave_address import HEADER_SIZE, SlaveAddress, decoded, fabrication_in, header_of
from cmi_gui.engine.messages import Message

ANY = b"\xff" * HEADER_SIZE
"""The mask that matches every slave."""
_UNUSED = b"\xee" * HEADER_SIZE
"""A mask that no slave matches."""
_DEVICE_TYPE = 7
_DIGITS = "0123456789"
_LETTERS = "abcde"
"""Digits that some slaves have although BCD excludes them; F is the wildcard."""
_MAX_UNANSWERED = 20
"""Masks in a row with only unreadable answers, as on a disturbed line, after which the search ends."""


Mask = Annotated[str, msgspec.Meta(pattern=r"\A(?:[0-9a-f]{2}){8,14}\Z")]
"""A mask, or a header with a fabrication number, in hex."""
Count = Annotated[int, msgspec.Meta(ge=0)]
Part = Annotated[str, msgspec.Meta(pattern=r"\A[0-9]{1,200}(?:/[1-9][0-9]{0,199})?\Z")]
"""A part of all addresses, as a fraction."""


class OpenMask(msgspec.Struct, frozen=True):
    """A mask that several slaves answer, as a part of `SearchState`.

    `division`, `next`: the division of the mask and the narrower mask of it that is due. `count`: slaves found so far.
    """

    mask: Mask
    collision: bool
    suspected: bool
    division: Count
    next: Count
    count: Count
    begin: Part
    size: Part


class SearchState(msgspec.Struct, frozen=True):
    """How far a search has come, as plain data to continue it; masks and slaves are in hex.

    `answered`: all masks that were answered. `letters`: for each digit of the identification number, the letters that
    occur in it on this bus. `longest`, `singles`: what `ResponseWindow` has learned.
    """

    mask: Mask
    open: tuple[OpenMask, ...]
    found: tuple[Mask, ...]
    answered: tuple[Mask, ...]
    unexplained: dict[Mask, bool]
    late: tuple[Mask, ...]
    hasty: tuple[Mask, ...]
    longest: Annotated[float, msgspec.Meta(ge=0, le=10)]
    singles: Count
    letters: dict[
        Annotated[str, msgspec.Meta(pattern=r"\A[0-7]\Z")], Annotated[str, msgspec.Meta(pattern=r"\A[a-e]{0,5}\Z")]
    ]


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """How a search works, and when it stops.

    `expected`: the number of slaves after which it stops; `serials`: or the fabrication numbers (else identification
    numbers) that must be among them. `has_speed`: the link carries characters at the speed of the bus, so that the
    response times of slaves can be learned. `breaks_off`: an answer is broken off behind its header by a break, which
    the link must be able to send. `state`: continue the search that had this state.
    """

    expected: int | None = None
    serials: frozenset[str] = frozenset()
    has_speed: bool = False
    breaks_off: bool = False
    state: SearchState | None = None


PLAIN = SearchOptions()
"""A search for all slaves at the standard's times."""


def search_secondary(
    mask: bytes, progress: Callable[[ScanProgress], None], options: SearchOptions = PLAIN
) -> Procedure[list[FoundSlave]]:
    """Return the slaves that a `SecondarySearch` finds."""
    return (yield from SecondarySearch(mask, progress, options).procedure())


@dataclass(slots=True)
class _Level:
    """A mask that is being divided. The fields are those of `OpenMask`, with `begin` and `size` as parts of all."""

    mask: bytes
    collision: bool
    suspected: bool
    begin: Fraction
    size: Fraction
    division: int = 0
    next: int = 0
    count: int = 0
    divisions: list[list[bytes]] = field(default_factory=list)
    doubtful: tuple[Frame, ...] = ()
    """The earlier selections to which the answers may belong, if it is suspected only."""

    @property
    def missing(self) -> bool:
        """True if not all slaves of a collision were found, or a single one gives no data."""
        return self.count < 1 + self.collision


class SecondarySearch:
    """A search for all slaves that match `mask` (eight bytes, such as `ANY`); run `procedure` once.

    Where several answer, the first open digit of the identification number is tried from 0 to 9, and with each letter
    that occurs in this digit anywhere on the bus; if all its digits are given, those of the fabrication number, and if
    these do not separate the slaves, the bytes of manufacturer, version and device type. A mask at which several
    answered and fewer than two were found below it is in the list as a collision. `progress` is called after each mask.
    Raises ValueError for a mask of another length, or a state of another mask.

    Attributes: `complete`: all masks were tried; False after a stop because the expected slaves were found.
    """

    def __init__(self, mask: bytes, progress: Callable[[ScanProgress], None], options: SearchOptions = PLAIN) -> None:
        if len(mask) != HEADER_SIZE:
            raise ValueError(f"a mask has {HEADER_SIZE} bytes, not {len(mask)}")
        self.found: dict[bytes, FoundSlave] = {}
        """Slaves by the eight bytes of the header and the fabrication number."""
        self.complete = False
        self._start = mask
        self._mask = SlaveAddress(selection=mask)
        self._progress = progress
        self._options = options
        self._window = ResponseWindow(learns=options.has_speed)
        self._unanswered = 0
        self._suspects = True
        """False once a damaged acknowledgement turned out to be that of one slave: then it proves nothing."""
        self._crowd = Crowd(selecting(_UNUSED, retries=0, long_wait=True))
        self._levels: list[_Level] = []
        self._before: set[bytes] = set()
        """The slaves found before the search was continued, by the keys of `found`."""
        self._letters: dict[int, str] = {}
        self._answered: set[bytes] = set()
        """The masks that were answered."""
        self._unexplained: dict[bytes, bool] = {}
        """Masks with answers that no found slave explains; the value: whether several collided there."""
        self._late: dict[bytes, None] = {}
        """The masks to which slaves seem to have answered late."""
        self._hasty: dict[bytes, None] = {}
        """The masks without an answer within a learned time, which is shorter than that of the standard."""
        if options.state is not None:
            self._restore(options.state)

    # State

    @property
    def state(self) -> SearchState:
        """The state from which another search can continue; a mask under way is tried again."""
        levels = [
            OpenMask(
                level.mask.hex(),
                level.collision,
                level.suspected,
                level.division,
                level.next,
                level.count,
                str(level.begin),
                str(level.size),
            )
            for level in self._levels
        ]
        return SearchState(
            mask=self._start.hex(),
            open=tuple(levels),
            found=tuple(sorted(key.hex() for key in self._keys)),
            answered=tuple(sorted(mask.hex() for mask in self._answered)),
            longest=min(self._window.longest, 10.0),
            singles=self._window.singles,
            unexplained={mask.hex(): collision for mask, collision in self._unexplained.items()},
            late=tuple(mask.hex() for mask in self._late if mask not in self._answered),
            hasty=tuple(mask.hex() for mask in self._hasty),
            letters={str(digit): letters for digit, letters in self._letters.items()},
        )

    def _restore(self, state: SearchState) -> None:
        if state.mask != self._start.hex():
            raise ValueError("the state is that of a search with another mask")
        self._before = {bytes.fromhex(key) for key in state.found}
        self._answered = {bytes.fromhex(mask) for mask in state.answered}
        self._window.longest, self._window.singles = state.longest, state.singles
        self._unexplained = {bytes.fromhex(mask): collision for mask, collision in state.unexplained.items()}
        self._late = {bytes.fromhex(mask): None for mask in state.late}
        self._hasty = {bytes.fromhex(mask): None for mask in state.hasty}
        self._letters = {int(digit): letters for digit, letters in state.letters.items()}
        self._levels = [
            _Level(
                bytes.fromhex(each.mask),
                each.collision,
                each.suspected,
                Fraction(each.begin),
                Fraction(each.size),
                each.division,
                each.next,
                each.count,
            )
            for each in state.open
        ]

    @property
    def _keys(self) -> set[bytes]:
        """All slaves found, by header and fabrication number."""
        return self._before | {key for key, slave in self.found.items() if slave.frame is not None}

    @property
    def has_enough(self) -> bool:
        """True if the expected slaves are found, at least one of which must be expected."""
        options, keys = self._options, self._keys
        if options.serials:
            return options.serials <= {_number_of(key) for key in keys}
        return options.expected is not None and len(keys) >= options.expected

    # Procedure

    def procedure(self) -> Procedure[list[FoundSlave]]:
        """Search; return the slaves in the order of their addresses. Raises ProcedureFailed `disturbed`."""
        if self._options.state is None:
            yield from self._begin(self._start, size=Fraction(1))
        if self._levels:
            yield from self._window.learn_from_all(selecting(self._start, retries=0, long_wait=False))
        yield from self._divide_all()
        yield from self._repeat_hasty()
        yield from self._repeat_late()
        if not self.has_enough:
            yield from self._report_unexplained()
            self.complete = True
        return [self.found[key] for key in sorted(self.found, key=lambda key: (key[3::-1], key[4:]))]

    def _begin(self, mask: bytes, *, size: Fraction, long_wait: bool = False) -> Procedure[None]:
        """Try a mask that is not a part of another one."""
        found = yield from self._try(mask, 1 - size, size, long_wait=long_wait)
        self._hasty.pop(mask, None)
        if isinstance(found, _Level):
            self._levels.append(found)

    def _divide_all(self) -> Procedure[None]:
        """Try the narrower masks of all open ones, until the expected slaves are found."""
        while self._levels and not self.has_enough:
            yield from self._advance(self._levels[-1])

    def _advance(self, level: _Level) -> Procedure[None]:
        """Try the next narrower mask of the last open one; close that one if there is none."""
        level.divisions = level.divisions or self._divisions(level)
        masks = level.divisions[level.division] if level.division < len(level.divisions) else []
        digit = _open_digit(level.mask)
        if level.next < len(masks):
            # Letters are so rare that they do not count as a part of the addresses.
            count = len(masks) if digit is None else len(_DIGITS)
            part = level.size / count
            begin = level.begin + min(level.next, count) * part
            found = yield from self._try(masks[level.next], begin, part if level.next < count else Fraction(0))
            level.next += 1
            if isinstance(found, _Level):
                self._levels.append(found)
            else:
                level.count += found
        elif digit is not None and digit not in self._letters:
            self._letters[digit] = yield from self._letters_in(digit)
            level.divisions = []
        elif level.suspected and level.count < 2:
            # Perhaps only one slave has answered, and noise made it look like several.
            level.suspected = self._suspects = False
            self._window.stop()
            self._late.update({frame.data: None for frame in level.doubtful})
            found = yield from self._try(level.mask, level.begin + level.size, Fraction(0), long_wait=True)
            level.collision = isinstance(found, _Level) and found.collision
            level.count = max(level.count, 0 if isinstance(found, _Level) else found)
            level.divisions = []
        elif level.missing and level.division + 1 < len(level.divisions):
            level.division, level.next = level.division + 1, 0
            level.begin, level.size = level.begin + level.size, Fraction(0)
        else:
            self._close(level)

    def _close(self, level: _Level) -> None:
        self._levels.pop()
        if level.missing:
            self._count_unreadable(None)
            self._unexplained[level.mask] = level.collision
            self._report(level.mask, level.begin + level.size, None)
            level.count = 1 + level.collision
        if self._levels:
            self._levels[-1].count += level.count

    def _try(self, mask: bytes, begin: Fraction, size: Fraction, *, long_wait: bool = False) -> Procedure[int | _Level]:
        """Select by a mask; return how many slaves answer, 0 or 1, or the mask as one that must be divided.

        The mask covers the part `begin` to `begin + size` (0 to 1) of all addresses, for the progress.
        """
        at = SlaveAddress(selection=mask)
        window = None if long_wait else self._window.seconds
        quick = window is not None
        selected = yield selecting(mask, retries=SCAN_RETRIES, long_wait=long_wait, window=window, once=quick)
        if not selected.answered:
            self._note_late(selected)
            if (yield from self._crowd.answers(selecting(mask, retries=0), selected)):
                return self._divided(mask, begin, size, collision=True)
            if quick:
                self._hasty[mask] = None
            self._report(mask, begin + size, None)
            return 0
        self._window.note(selected)
        several = selected.raw != ACK_FRAME.to_bytes() if quick else selected.collision and selected.certain
        several &= all(frame.kind is FrameKind.ACK for frame in selected.strays)
        if self._options.has_speed and several and self._suspects and _is_divisible(mask) and not long_wait:
            level = self._divided(mask, begin, size, collision=False, suspected=True)
            level.doubtful = selected.unanswered
            return level
        answer = yield request_data(
            at,
            retries=SCAN_RETRIES,
            long_wait=long_wait,
            once=self._window.learns and not long_wait,
            breaks_off=self._options.breaks_off and not long_wait,
        )
        self._note_late(answer)
        if (
            answer.kind is AnswerKind.RESPONSE
            and answer.frame is not None
            and not selected.collision | answer.collision
        ):
            self._note_late(selected)
            self._answered.add(mask)
            self._count_unreadable(answer.frame)
            self._report(mask, begin + size, self._add(mask, answer.frame, broken_off=answer.broken_off))
            return 1
        collision = answer.collision or (selected.collision and selected.certain)
        if not long_wait and (not collision or answer.kind is AnswerKind.SILENCE):
            # The slave may be slow, or the answer is a late one to an earlier mask.
            self._note_late(selected, uncertain=True)
            return (yield from self._try(mask, begin, size, long_wait=True))
        self._note_late(selected)
        return self._divided(mask, begin, size, collision=collision)

    def _divided(
        self, mask: bytes, begin: Fraction, size: Fraction, *, collision: bool, suspected: bool = False
    ) -> _Level:
        self._answered.add(mask)
        self._report(mask, begin, None)
        return _Level(mask, collision, suspected, begin, size)

    # Divisions

    def _divisions(self, level: _Level) -> list[list[bytes]]:
        """Return the possible divisions of a mask, each a list of narrower masks, in the order to try them."""
        mask = level.mask
        digit = _open_digit(mask)
        if digit is None:
            return _further_divisions(mask)[: None if level.collision else int(level.suspected)]
        digits = _DIGITS + self._letters.get(digit, "")
        return [[number + mask[ID_SIZE:] for number in _next_digits(mask[:ID_SIZE], digits)]]

    def _letters_in(self, digit: int) -> Procedure[str]:
        """Return the letters that slaves have in a digit of the identification number.

        One mask with a letter in this digit asks all slaves of the bus, so that no mask need be tried with letters
        where there are none.
        """
        letters = ""
        for letter in _LETTERS:
            number = self._start[ID_SIZE - 1 :: -1].hex()
            mask = bytes.fromhex(f"{number[:digit]}{letter}{number[digit + 1 :]}")[::-1] + self._start[ID_SIZE:]
            window = self._window.seconds
            selected = yield selecting(mask, retries=SCAN_RETRIES, long_wait=False, window=window)
            self._note_late(selected)
            if window is not None and not selected.answered:
                self._hasty[mask] = None
            answered = selected.answered or (yield from self._crowd.answers(selecting(mask, retries=0), selected))
            letters += letter if answered else ""
        return letters

    # Ends

    def _repeat_hasty(self) -> Procedure[None]:
        """Try again what was silent for a short time only, if an answer was late: its slave may be slow, too."""
        while not self._window.learns and self._hasty and not self.has_enough:
            yield from self._begin(next(iter(self._hasty)), size=Fraction(0))
            yield from self._divide_all()

    def _repeat_late(self) -> Procedure[None]:
        """Select again, with a long wait, by the masks and addresses that seem to have been answered late."""
        repeated: set[bytes] = set()
        while not self.has_enough:
            self._note_late((yield Settle()))
            known = repeated | self._answered
            keys = self._keys
            mask = next((mask for mask in self._late if mask not in known and _slave_key(mask) not in keys), None)
            if mask is None:
                return
            yield from self._begin(mask, size=Fraction(0), long_wait=True)
            repeated.add(mask)
            del self._late[mask]
            yield from self._divide_all()

    def _report_unexplained(self) -> Procedure[None]:
        """Add the masks with answers that slaves found by other masks do not explain.

        They are selected again, because the first answer may have been a late one to another mask.
        """
        for mask, collision in self._unexplained.items():
            at = SlaveAddress(selection=mask)
            known = sum(_fits(mask, key) for key in self._keys)
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

    def _add(
        self, mask: bytes, frame: Frame | None, *, collision: bool = False, broken_off: bool = False
    ) -> FoundSlave | None:
        """Add the slave found at `mask` and return it; None if another mask has found it before."""
        telegram, tail = decoded(frame), _fabrication_number(mask)
        header = (header_of(frame) if frame is not None else None) or mask[:HEADER_SIZE]
        number = fabrication_in(telegram) or tail
        if header + number in self.found or header + number in self._before:
            return None
        at = SlaveAddress(selection=header + FABRICATION + number if tail else header)
        found = self.found[header + number] = FoundSlave(at, frame, telegram, collision, broken_off)
        return found

    def _note_late(self, answer: Answer, *, uncertain: bool = False) -> None:
        """Note the masks of late answers. `uncertain`: an E5 that is not certain is taken for a late answer."""
        for frame in answer.strays:
            header = None if frame.kind is FrameKind.ACK else header_of(frame)
            number = fabrication_in(decoded(frame))
            if header is not None and self._mask.fits(frame) and header + number not in self.found:
                # Select with the number too, as another slave may have the same header.
                self._late |= dict.fromkeys((header, header + FABRICATION + number if number else header))
        if uncertain or any(frame.kind is not FrameKind.ACK for frame in answer.strays):
            self._window.stop()
        if answer.strays or uncertain:
            self._late.update({frame.data: None for frame in answer.unanswered if frame.ci == CI_SELECT})

    def _report(self, mask: bytes, done: Fraction, found: FoundSlave | None) -> None:
        masks = sum(len(level.divisions[level.division]) - level.next for level in self._levels if level.divisions)
        self._progress(ScanProgress(SlaveAddress(selection=mask), float(done), found, max(0, masks - 1)))


def _fabrication_number(mask: bytes) -> bytes:
    """Return the fabrication number in a mask; empty if it has none."""
    return mask[HEADER_SIZE + len(FABRICATION) :]


def _slave_key(mask: bytes) -> bytes:
    return mask[:HEADER_SIZE] + _fabrication_number(mask)


def _number_of(key: bytes) -> str:
    """Return the fabrication number of a slave, or else its identification number."""
    return (key[HEADER_SIZE:] or key[:ID_SIZE])[::-1].hex().upper()


def _fits(mask: bytes, key: bytes) -> bool:
    """Return whether a mask selects a slave."""
    number = key[HEADER_SIZE:]
    records = [SelectionRecord(FABRICATION[:1], FABRICATION[1:], number)] if number else []
    return matches(mask if number else mask[:HEADER_SIZE], Identity(key[:HEADER_SIZE]), records)


def _is_divisible(mask: bytes) -> bool:
    """Return whether a digit of the identification number or of the fabrication number is open."""
    return _open_digit(mask) is not None or "f" in (_fabrication_number(mask) or ANY).hex()


def _open_digit(mask: bytes) -> int | None:
    """Return the first digit of the identification number that is open, 0 to 7, or None."""
    digit = mask[ID_SIZE - 1 :: -1].hex().find("f")
    return None if digit < 0 else digit


def _further_divisions(mask: bytes) -> list[list[bytes]]:
    """Return the divisions of a mask whose identification number is given, in the order to try them."""
    tail = _fabrication_number(mask) or b"\xff" * ID_SIZE
    head = mask[:HEADER_SIZE] + FABRICATION
    # The numbers of a delivery differ in their last digits.
    numbers = _last_digits(tail, _DIGITS + _LETTERS) if "f" in tail.hex() else []
    divisions = [[head + number for number in numbers]] if numbers else []
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


def _last_digits(number: bytes, digits: str) -> list[bytes]:
    """Return the numbers (BCD, LSB first) with each of `digits` in place of the last open digit."""
    before, _, after = number[::-1].hex().rpartition("f")
    return [bytes.fromhex(f"{before}{digit}{after}")[::-1] for digit in digits]


def _next_digits(number: bytes, digits: str) -> list[bytes]:
    """Return the numbers (BCD, LSB first) with each of `digits` in place of the first open digit."""
    before, _, after = number[::-1].hex().partition("f")
    return [bytes.fromhex(f"{before}{digit}{after}")[::-1] for digit in digits]
