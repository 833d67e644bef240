"""The record of a search by secondary address: the slaves found, and the masks that must be tried again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cmi_gui.engine.mbus.ci import CI_SELECT
from cmi_gui.engine.mbus.exchange import Answer
from cmi_gui.engine.mbus.frame import Frame, FrameKind
from cmi_gui.engine.mbus.response_window import ResponseWindow
from cmi_gui.engine.mbus.scan import FoundSlave
from cmi_gui.engine.mbus.search_masks import fabrication_number, is_divisible, number_of, slave_key
from cmi_gui.engine.mbus.search_state import OpenMask, SearchState
from cmi_gui.engine.mbus.selection import FABRICATION
from cmi_gui.engine.mbus.slave_address import HEADER_SIZE, SlaveAddress, decoded, fabrication_in, header_of


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


class SearchRecord:
    """What a search with the mask `mask` knows. Raises ValueError if `options` have the state of another mask.

    Attributes: `window`: what it has learned of response times. `repeated`: slaves that answered only when they were
    asked again.
    """

    def __init__(self, mask: bytes, options: SearchOptions) -> None:
        self._mask = SlaveAddress(selection=mask)
        self._options = options
        self.window = ResponseWindow(learns=options.has_speed)
        self.repeated = 0
        self.found: dict[bytes, FoundSlave] = {}
        """Slaves by the eight bytes of the header and the fabrication number."""
        self._before: set[bytes] = set()
        """The slaves found before the search was continued, by the keys of `found`."""
        self.letters: dict[int, str] = {}
        """The letters that occur in a digit of the identification number, for each digit that was asked for."""
        self.answered: set[bytes] = set()
        """The masks that were answered."""
        self.single: dict[bytes, None] = {}
        """The masks with open digits at which one slave answered."""
        self.unexplained: dict[bytes, bool] = {}
        """Masks with answers that no found slave explains; the value: whether several collided there."""
        self.late: dict[bytes, None] = {}
        """The masks to which slaves seem to have answered late."""
        self.doubtful: tuple[bytes, ...] = ()
        """Masks that seem to have been answered late, unless the slaves at the mask under way explain the answers."""
        self.hasty: dict[bytes, None] = {}
        """The masks without an answer within a learned time, which is shorter than that of the standard."""
        if options.state is not None:
            self._restore(options.state)

    def state(self, open_masks: Iterable[OpenMask]) -> SearchState:
        """Return the record as plain data, with the masks that are being divided."""
        return SearchState(
            mask=(self._mask.selection or b"").hex(),
            open=tuple(open_masks),
            found=tuple(sorted(key.hex() for key in self.keys)),
            answered=tuple(sorted(mask.hex() for mask in self.answered)),
            longest=min(self.window.longest, 10.0),
            singles=self.window.singles,
            unexplained={mask.hex(): collision for mask, collision in self.unexplained.items()},
            late=tuple(mask.hex() for mask in (*self.late, *self.doubtful) if mask not in self.answered),
            hasty=tuple(mask.hex() for mask in self.hasty),
            letters={str(digit): letters for digit, letters in self.letters.items()},
            repeated=self.repeated,
            single=tuple(mask.hex() for mask in self.single),
        )

    def _restore(self, state: SearchState) -> None:
        if state.mask != (self._mask.selection or b"").hex():
            raise ValueError("the state is that of a search with another mask")
        self._before = {bytes.fromhex(key) for key in state.found}
        self.answered = {bytes.fromhex(mask) for mask in state.answered}
        self.window.longest, self.window.singles = state.longest, state.singles
        self.repeated = state.repeated
        self.single = {bytes.fromhex(mask): None for mask in state.single}
        if self.repeated:
            self.window.stop()
        self.unexplained = {bytes.fromhex(mask): collision for mask, collision in state.unexplained.items()}
        self.late = {bytes.fromhex(mask): None for mask in state.late}
        self.hasty = {bytes.fromhex(mask): None for mask in state.hasty}
        self.letters = {int(digit): letters for digit, letters in state.letters.items()}

    # Slaves

    @property
    def keys(self) -> set[bytes]:
        """All slaves found, by header and fabrication number."""
        return self._before | {key for key, slave in self.found.items() if slave.frame is not None}

    @property
    def has_enough(self) -> bool:
        """True if the expected slaves are found, at least one of which must be expected."""
        options, keys = self._options, self.keys
        if options.serials:
            return options.serials <= {number_of(key) for key in keys}
        return options.expected is not None and len(keys) >= options.expected

    @property
    def slaves(self) -> list[FoundSlave]:
        """What was found, in the order of the addresses."""
        return [self.found[key] for key in sorted(self.found, key=lambda key: (key[3::-1], key[4:]))]

    def add(
        self, mask: bytes, frame: Frame | None, *, collision: bool = False, broken_off: bool = False
    ) -> FoundSlave | None:
        """Add the slave found at `mask` and return it; None if another mask has found it before."""
        telegram, tail = decoded(frame), fabrication_number(mask)
        header = (header_of(frame) if frame is not None else None) or mask[:HEADER_SIZE]
        number = fabrication_in(telegram) or tail
        if header + number in self.found or header + number in self._before:
            return None
        at = SlaveAddress(selection=header + FABRICATION + number if tail else header)
        found = self.found[header + number] = FoundSlave(at, frame, telegram, collision, broken_off)
        return found

    # Masks

    def note_single(self, mask: bytes, *, repeated: bool) -> None:
        """Note that one slave answered at a mask. `repeated`: only when it was asked again."""
        if repeated:
            # The answer of this one slave was lost or late, and so may be all answers of another one.
            self.repeated += 1
            self.window.stop()
        self.answered.add(mask)
        if is_divisible(mask):
            self.single[mask] = None

    def note_late(self, answer: Answer, *, uncertain: bool = False) -> None:
        """Note the masks of late answers. `uncertain`: an E5 that is not certain is taken for a late answer."""
        for frame in answer.strays:
            header = None if frame.kind is FrameKind.ACK else header_of(frame)
            number = fabrication_in(decoded(frame))
            if header is not None and self._mask.fits(frame) and header + number not in self.found:
                # Select with the number too, as another slave may have the same header.
                self.late |= dict.fromkeys((header, header + FABRICATION + number if number else header))
        if uncertain or any(frame.kind is not FrameKind.ACK for frame in answer.strays):
            self.note_doubts(earlier_masks(answer))
        elif answer.strays:
            self.late |= dict.fromkeys(earlier_masks(answer))

    def note_doubts(self, masks: Iterable[bytes]) -> None:
        """Note masks that must be tried again, and stop using learned times."""
        self.window.stop()
        self.late |= dict.fromkeys(masks)

    def next_late(self, repeated: set[bytes]) -> bytes | None:
        """Return a mask that seems to have been answered late and must be tried again; None if there is none."""
        known, keys = repeated | self.answered, self.keys
        return next((mask for mask in self.late if mask not in known and slave_key(mask) not in keys), None)


def earlier_masks(answer: Answer) -> tuple[bytes, ...]:
    """Return the masks of the earlier selections to which an answer may belong."""
    return tuple(frame.data for frame in answer.unanswered if frame.ci == CI_SELECT)
