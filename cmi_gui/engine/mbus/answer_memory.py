"""The answers of a slave: the last one and its series, for repetition, and those that have not left yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cmi_gui.engine.machine import Abort, Delivered, Line, SendOutcome, Write
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.times import RESPONSE_MIN_BITS, response_window


class AnswerMemory:
    """The frame count memory for one way to address a slave: primary (254 and 255 included) or selected.

    Attributes: `answer`: the last RSP_UD, None before the first. `content`: the `SlaveApplication.content` at the time
    the series was made. `last_end`: when the last answer was complete, in seconds.
    """

    def __init__(self) -> None:
        self.answer: bytes | None = None
        self.content: object = None
        self.last_end = 0.0
        self._fcb: bool | None = None
        self._series: Sequence[bytes] = ()
        self._section = 0
        # When the answer was first complete, and how often it was repeated since.
        self._first_end = 0.0
        self._repeats = 0

    def initialise(self) -> None:
        """Forget the frame count bit and the series, after a SND_NKE."""
        self._fcb = None
        self.reset_series()

    def reset_series(self) -> None:
        """Drop the series, so that the next answer begins a new one."""
        self._series = ()
        self._section = 0
        self.answer = None

    def note_request(self, frame: Frame) -> bool:
        """Note the frame count bit of a REQ_UD2; return whether it requests the last answer again."""
        same = frame.fcv and self._fcb is frame.fcb and self.answer is not None
        self._fcb = frame.fcb if frame.fcv else self._fcb
        return same

    def age(self, at: float, char_time: float) -> float:
        """Return the seconds since the answer was first complete, without those that its repetitions took on the wire.

        At 300 bit/s a long answer takes 9 s; if these counted, a master could never have it repeated twice.
        `char_time`: seconds per character; 0 on a link without a speed.
        """
        return at - self._first_end - self._repeats * (len(self.answer or b"") * char_time)

    def note_repetition(self, at: float) -> None:
        """Note that the answer is sent again."""
        self.last_end = at
        self._repeats += 1

    @property
    def has_next(self) -> bool:
        """True if the series has a telegram after the last answer."""
        return self.answer is not None and self._section + 1 < len(self._series)

    def begin_series(self, series: Sequence[bytes], content: object) -> None:
        """Store a new series of at least one telegram."""
        self._series = series
        self.content = content
        self._section = 0

    def advance(self) -> None:
        """Go on to the next telegram of the series."""
        self._section += 1

    @property
    def records(self) -> bytes:
        """The records of the present telegram of the series."""
        return self._series[self._section]

    def note_answer(self, answer: bytes, at: float) -> None:
        """Store a new answer."""
        self.answer = answer
        self._first_end = self.last_end = at
        self._repeats = 0

    def note_sent(self, at: float) -> None:
        """Note when the answer was complete on the line."""
        self.last_end = at
        if self._repeats == 0:
            self._first_end = at


@dataclass(slots=True)
class _Pending:
    """An answer that has not left yet. `obsolete`: the master has sent something new before it began."""

    telegram: bytes
    memory: AnswerMemory | None
    begin: float
    obsolete: bool = False


class PendingAnswers:
    """The answers of a slave that the link has not sent completely yet; the object is false if there are none."""

    def __init__(self) -> None:
        self._pending: dict[int, _Pending] = {}

    def __bool__(self) -> bool:
        return bool(self._pending)

    def write(self, token: int, telegram: bytes, at: float, line: Line, memory: AnswerMemory | None) -> Write:
        """Return the action that answers a request received at `at`; `memory` stores a RSP_UD for repetition."""
        not_before = at + RESPONSE_MIN_BITS * line.bit_time
        self._pending[token] = _Pending(telegram, memory, not_before)
        return Write(token, telegram, not_before, at + response_window(line))

    def delay(self, token: int, begin: float) -> None:
        """Note that an answer begins at `begin`, in seconds, and no earlier."""
        self._pending[token].begin = begin

    def on_new_request(self, at: float) -> list[object]:
        """Return the actions for unfinished answers when the master sends something new.

        An answer that has not begun is dropped: the master has given it up. That happens if bytes arrive all at once
        after a stall. An answer that has begun counts as delivered: a pair of virtual ports carries bytes at once, so
        the master need not wait as long as a wire would take.
        """
        waiting = [pending for pending in self._pending.values() if at < pending.begin]
        for pending in waiting:
            pending.obsolete = True
        begun = len(self._pending) > len(waiting)
        return [*([Delivered()] if begun else []), *([Abort()] if waiting else [])]

    def done(self, token: int, outcome: SendOutcome, at: float) -> bytes | None:
        """Process the outcome of sending; return the telegram if it came too late, else None."""
        pending = self._pending.pop(token, None)
        if pending is None:
            return None
        if pending.memory is not None:
            pending.memory.note_sent(at)
        expired = outcome is SendOutcome.EXPIRED or (pending.obsolete and outcome is SendOutcome.ABORTED)
        return pending.telegram if expired else None
