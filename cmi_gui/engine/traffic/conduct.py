"""The conduct of a master: what it did against the rules of the link layer, judged from recorded traffic.

Only what the rows prove is reported. After an answer that was spoilt (a fault, answers that met, damaged bytes) a
master may repeat or toggle as it likes, because what it received is not known. An answer or a pause is measured on the
link where the traffic was recorded; where characters take no time, as over TCP, so does the sending of a telegram.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.frame import (
    ADDRESS_BROADCAST,
    ADDRESS_SELECTED,
    FCB,
    FCV,
    SND_NKE,
    Frame,
    FrameKind,
    parse_frame,
)
from cmi_gui.engine.mbus.selection import is_selection
from cmi_gui.engine.mbus.times import IDLE_BITS, RESPONSE_MAX_BITS, RESPONSE_MAX_EXTRA
from cmi_gui.engine.messages import Message, marked
from cmi_gui.engine.traffic.store import MARKS, Direction, RowKind, Side, TrafficRow

_TOLERANCE: Final = 0.002
"""Seconds by which a master's clock and that of the recording may differ."""
_TOLERANCE_UNTIMED: Final = 0.020
"""The same on links where characters take no time: the computer stamps them when it comes to it."""

_FROM_MASTER: Final = 0x40
"""The bit of the C field of everything that a master sends; an acknowledgement has none."""


class MasterRule(StrEnum):
    """A rule for masters; `RULES` has its words and its source."""

    FCB_FIRST = "fcb-first"
    FCB_NOT_TOGGLED = "fcb-not-toggled"
    FCB_TOGGLED = "fcb-toggled"
    IDLE = "idle"
    INTO_ANSWER = "into-answer"
    GAVE_UP = "gave-up"
    NOT_DESELECTED = "not-deselected"
    DAMAGED = "damaged"
    LINE = "line"


RULES: Final = {
    MasterRule.FCB_FIRST: (
        marked("the first request with FCV after SND_NKE or a selection has FCB 1, not 0"),
        "DOC48 §5.5",
    ),
    MasterRule.FCB_NOT_TOGGLED: (
        marked("FCB was not toggled after a good answer, so the slave sends the same telegram again"),
        "DOC48 §5.5",
    ),
    MasterRule.FCB_TOGGLED: (
        marked("FCB was toggled although the request before had no answer, so a telegram may be skipped"),
        "DOC48 §5.5",
    ),
    MasterRule.IDLE: (marked("after a damaged answer the line must be idle for 33 bit times"), "DOC48 §5.4"),
    MasterRule.INTO_ANSWER: (marked("the master sent while an answer was being sent"), "DOC48 §5.4"),
    MasterRule.GAVE_UP: (
        marked("the master sent its next request before the window for the answer had ended"),
        "DOC48 §5.4",
    ),
    MasterRule.NOT_DESELECTED: (
        marked("a selected slave was left selected; SND_NKE to address 253 deselects it"),
        "DOC48 §7.1",
    ),
    MasterRule.DAMAGED: (marked("the master sent a telegram that is damaged"), "DOC48 §5.2"),
    MasterRule.LINE: (marked("characters came with a wrong parity, format or speed"), "DOC48 §5.1"),
}
"""The words of each rule, and the document that it is from."""


@dataclass(frozen=True, slots=True)
class Violation:
    """What a master did against a rule. `at`: the time of the telegram in monotonic seconds; `row`: its index.

    `telegram`: the bytes concerned; empty where none were received. `address`: its A field, or None. `link`: the link's
    URL.
    """

    rule: MasterRule
    at: float
    row: int
    telegram: bytes
    address: int | None
    link: str

    @property
    def message(self) -> Message:
        """What was done, in words."""
        return Message(RULES[self.rule][0])

    @property
    def source(self) -> str:
        """The document of the rule and the place in it."""
        return RULES[self.rule][1]

    def __str__(self) -> str:
        bytes_text = f" ({self.telegram.hex(' ').upper()})" if self.telegram else ""
        return f"{self.rule}: {self.message}{bytes_text} [{self.source}]"


@dataclass(slots=True)
class _Counter:
    """The frame count bit of one address and one kind of request. `fcb`: the last one, or None after SND_NKE.

    `answered`: whether the request with it had a good answer; None if that is not known.
    """

    fcb: bool | None = None
    answered: bool | None = False


@dataclass(slots=True)
class _Master:
    """What is known of the master on one link."""

    request: TrafficRow | None = None
    expects: bool = False
    """Whether slaves may answer the request."""
    counter: _Counter | None = None
    """The frame count bit of the request, if it has one."""
    answer_end: float | None = None
    damaged: bool = False
    """Whether the answer was damaged, or what the master received of it is not known."""
    counters: dict[tuple[int, bool], _Counter] = field(default_factory=dict)
    selected: TrafficRow | None = None
    """The selection that was acknowledged last, until its slave is deselected."""
    selecting: TrafficRow | None = None


def judge(rows: Iterable[TrafficRow], speeds: Collection[int] = ()) -> list[Violation]:
    """Return what masters did against the rules in the given rows, in their order; links are judged apart.

    `speeds`: those of the slaves in bit/s; empty if they are not known. A slave that is still selected at the end was
    not deselected.
    """
    found: list[Violation] = []
    masters: dict[str, _Master] = {}
    for row in rows:
        if row.side is not Side.MBUS or row.kind is RowKind.BAD_LINE:
            continue
        master = masters.setdefault(row.link, _Master())
        if row.direction is Direction.RECEIVED:
            found += [_violation(rule, row) for rule in _broken_by(master, row)]
            if speeds and row.baud is not None and row.baud not in speeds and row.kind is RowKind.TELEGRAM:
                found.append(_violation(MasterRule.LINE, row))
        elif master.request is not None and _began(row) < _began(master.request):
            # The answer to the request before: it ended later than this request, which spoke into it.
            master.damaged = True
            found.append(_violation(MasterRule.INTO_ANSWER, master.request))
        else:
            _take_answer(master, row)
    left = [master.selected for master in masters.values() if master.selected is not None]
    found += [_violation(MasterRule.NOT_DESELECTED, row) for row in left]
    return sorted(found, key=lambda violation: violation.row)


def _violation(rule: MasterRule, row: TrafficRow) -> Violation:
    return Violation(rule, row.at, row.index, row.data, row.address, row.link)


def _began(row: TrafficRow) -> float:
    return row.at - (row.took or 0.0)


def _take_answer(master: _Master, row: TrafficRow) -> None:
    if row.kind in MARKS or row.kind is RowKind.EXPIRED:
        master.damaged = True
        return
    second = master.answer_end is not None
    master.answer_end = row.at
    if second or row.kind is not RowKind.TELEGRAM:
        master.damaged = True
    if master.counter is not None:
        master.counter.answered = None if master.damaged else True
    if master.selecting is not None:
        master.selected, master.selecting = master.selecting, None


def _broken_by(master: _Master, row: TrafficRow) -> list[MasterRule]:
    """Return the rules that what a master sent breaks, and note it."""
    if row.kind is RowKind.BREAK:
        return []
    if row.kind is RowKind.LINE_ERROR:
        return [MasterRule.LINE]
    broken = _timing(master, row)
    frame = _frame(row)
    if frame is None:
        master.request, master.expects, master.counter = row, False, None
        return [*broken, MasterRule.DAMAGED]
    if not frame.c & _FROM_MASTER:
        # It comes from another slave, or is an echo.
        return []
    master.request, master.answer_end, master.selecting = row, None, None
    master.expects = frame.a != ADDRESS_BROADCAST
    if master.counter is not None and master.damaged and master.counter.answered is False:
        # An answer may still come late.
        master.counter.answered = None
    master.damaged = False
    return [*broken, *_selection(master, row, frame), *_frame_count(master, frame)]


def _frame(row: TrafficRow) -> Frame | None:
    if row.kind is not RowKind.TELEGRAM:
        return None
    try:
        return parse_frame(row.data)
    except MBusError:
        return None


def _timing(master: _Master, row: TrafficRow) -> list[MasterRule]:
    before = master.request
    if before is None:
        return []
    begin = _began(row) + (_TOLERANCE if row.took else _TOLERANCE_UNTIMED)
    if before.baud is None or not master.expects:
        return []
    if master.answer_end is None:
        window = RESPONSE_MAX_BITS / before.baud + RESPONSE_MAX_EXTRA
        return [MasterRule.GAVE_UP] if begin < before.at + window else []
    if master.damaged and begin < master.answer_end + IDLE_BITS / before.baud:
        return [MasterRule.IDLE]
    return []


def _selection(master: _Master, row: TrafficRow, frame: Frame) -> list[MasterRule]:
    if frame.a == ADDRESS_SELECTED:
        if is_selection(frame):
            # A selection that does not fit a slave deselects it.
            master.selected, master.selecting = None, row
        elif frame.c == SND_NKE:
            master.selected = None
        return []
    if master.selected is None:
        return []
    master.selected = None
    return [MasterRule.NOT_DESELECTED]


def _frame_count(master: _Master, frame: Frame) -> list[MasterRule]:
    """Judge the frame count bit: requests for data and commands to one address have one each."""
    master.counter = None
    if frame.c == SND_NKE or is_selection(frame):
        for key in [key for key in master.counters if key[0] == frame.a or frame.a == ADDRESS_BROADCAST]:
            del master.counters[key]
        if frame.a != ADDRESS_BROADCAST:
            for requests in (True, False):
                master.counters[frame.a, requests] = _Counter()
        return []
    if not frame.c & FCV:
        return []
    fcb, key = bool(frame.c & FCB), (frame.a, frame.kind is FrameKind.SHORT)
    known = master.counters.get(key)
    master.counter = master.counters[key] = _Counter(fcb)
    if known is None:
        return []
    if known.fcb is None:
        return [] if fcb else [MasterRule.FCB_FIRST]
    if known.answered is True and fcb is known.fcb:
        return [MasterRule.FCB_NOT_TOGGLED]
    if known.answered is False and fcb is not known.fcb:
        return [MasterRule.FCB_TOGGLED]
    return []
