"""A listener on a bus: it separates the two directions on one wire and never sends.

It receives the bytes of a tap behind a level converter, or of a sniffer: the requests of a master and the answers of
all slaves, one after the other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cmi_gui.engine.machine import Effects, Line, LineEvent, SendOutcome, SetLine, SpeedFollowed, Unreadable
from cmi_gui.engine.mbus.ci import BAUD_RATES
from cmi_gui.engine.mbus.frame import ADDRESS_BROADCAST, PRM, FrameKind, Function, function_of
from cmi_gui.engine.mbus.frame_decoder import FrameDecoder, FrameEvent, GoodFrame
from cmi_gui.engine.mbus.speed_finder import CANDIDATES, SpeedFinder
from cmi_gui.engine.mbus.times import idle_time, response_window

UNREADABLE_AFTER = 4
"""Damaged pieces in a row after which the speed counts as wrong."""


@dataclass(frozen=True, slots=True)
class BusTraffic:
    """A telegram or damage on the wire; `at`: its last stop bit, in seconds.

    `event`: a telegram, a damaged piece of one, or characters that the line could not read, reported once per run.
    `from_master`: the direction; of damaged bytes it is a guess by C field or turn. `midway`: it is damaged and was
    in progress when listening began, so its beginning is unknown.
    """

    event: FrameEvent | LineEvent
    from_master: bool
    at: float
    midway: bool = False


class BusListener:
    """The machine of a listener. Its only action is `SetLine`; events: `BusTraffic`, `SpeedFollowed`, `Unreadable`.

    `line`: the line settings of the bus at the start. `has_speed`: the link has a speed too. Then a command to change
    to one of the module's speeds is followed, at once if it is a broadcast, else when the slave has acknowledged it. If
    the bytes at the new speed are damaged, the old speed is tried again, because the other slaves still use it.
    `finds_speed`: the speed is searched for from the start. `idle_extra`: seconds beyond 33 bit times that a telegram
    may pause.
    """

    def __init__(self, line: Line, *, has_speed: bool, finds_speed: bool = False, idle_extra: float = 0.050) -> None:
        self.line = line
        self._start_line = line
        self._has_speed = has_speed
        self._finds_speed = finds_speed and has_speed
        self._idle_extra = idle_extra
        self._decoder = FrameDecoder()
        self._token = 0
        self._last_activity = 0.0
        self._forget()

    def _forget(self) -> None:
        self._decoder.reset()
        self._finder = SpeedFinder(self.line.baud, self._idle_extra) if self._finds_speed else None
        self._idle_at: float | None = None
        self._midway = True
        self._answer_until = self._disturbed_until = -math.inf
        self._commanded: int | None = None
        self._damaged = 0

    @property
    def found(self) -> bool | None:
        """The success of the search so far; None if there is no search."""
        return self._finder.found if self._finds_speed and self._finder is not None else None

    @property
    def deadline(self) -> float | None:
        """The time when `tick` is due, in seconds, or None."""
        return self._idle_at

    def opened(self) -> Effects:
        """Start again because the link has opened: at the first speed, or in a search at the speed found last."""
        effects: list[object] = []
        if self.line != self._start_line and not self._finds_speed:
            effects += self._set_line(self._start_line)
        self._forget()
        if self._finder is not None and self._finder.speed != self.line.baud:
            effects += self._set_line(replace(self.line, baud=self._finder.speed))
        return effects

    def lost(self) -> Effects:
        """Report what is left of an unfinished telegram on a link that is lost."""
        return self._idle()

    def receive(self, data: bytes, at: float) -> Effects:
        """Process bytes, whose last stop bit was at `at`."""
        self._note_activity(at)
        return self._judge_all(self._decoder.feed(data), at)

    def line_event(self, kind: LineEvent, at: float) -> Effects:
        """Process a line event: it ends an unfinished telegram; unreadable characters are reported once per run."""
        effects = self._judge_all(self._decoder.idle(), self._last_activity)
        if kind is not LineEvent.PEER:
            if at > self._disturbed_until:
                effects += self._judge_damage(kind, at)
            self._note_activity(at)
            self._disturbed_until = at + self._idle_time
        return effects

    def done(self, token: int, outcome: SendOutcome, at: float) -> Effects:
        """Ignore the outcome of a change of speed."""
        return ()

    def tick(self, now: float) -> Effects:
        """End a telegram after silence, and try another speed if the search requires it."""
        if self._idle_at is None or now < self._idle_at:
            return ()
        effects = self._idle()
        # The search comes last, so that a telegram in the bytes held back still counts for it.
        if self._finder is not None and self._finder.tick(now):
            effects += self._change_speed(self._finder.speed, now)
        return effects

    # Inside

    @property
    def _idle_time(self) -> float:
        """The seconds of silence that end a telegram."""
        return idle_time(self.line.baud, self._idle_extra)

    def _note_activity(self, at: float) -> None:
        self._last_activity = at
        # Wait for silence even if no bytes are held back: the bytes after it are the beginning of a telegram.
        self._idle_at = at + self._idle_time
        if self._finder is not None:
            self._finder.note_activity(at)

    def _idle(self) -> list[object]:
        self._idle_at = None
        effects = self._judge_all(self._decoder.idle(), self._last_activity)
        self._midway = False
        return effects

    def _judge_all(self, events: Sequence[FrameEvent], at: float) -> list[object]:
        effects: list[object] = []
        for event in events:
            effects += self._judge(event, at) if isinstance(event, GoodFrame) else self._judge_damage(event, at)
        return effects

    def _judge(self, event: GoodFrame, at: float) -> list[object]:
        frame = event.frame
        self._midway = False
        effects: list[object] = [BusTraffic(event, frame.from_master, at)]
        if frame.kind is not FrameKind.ACK:
            self._damaged = 0
            if self._finder is not None and self._finder.note_telegram() and self._finds_speed:
                effects.append(SpeedFollowed(self.line, at, found=True))
        commanded, self._commanded = self._commanded, None
        if not frame.from_master:
            self._answer_until = -math.inf
            if commanded is not None and frame.kind is FrameKind.ACK:
                effects += self._follow(commanded, at)
            return effects
        broadcast = frame.a == ADDRESS_BROADCAST
        self._answer_until = -math.inf if broadcast else at + response_window(self.line) + self._idle_extra
        baud = BAUD_RATES.get(frame.ci) if frame.function is Function.SND_UD else None
        # A slave may also acknowledge speeds that it does not change to (the CMi1020 does so with BE and BF).
        if baud in CANDIDATES and self._has_speed:
            if broadcast:
                effects += self._follow(baud, at)
            else:
                self._commanded = baud
        return effects

    def _judge_damage(self, event: FrameEvent | LineEvent, at: float) -> list[object]:
        effects: list[object] = [BusTraffic(event, self._is_from_master(event, at), at, self._midway)]
        self._commanded = None
        self._damaged += 1
        if self._damaged == UNREADABLE_AFTER:
            effects.append(Unreadable(self.line, at))
        return effects

    def _is_from_master(self, event: FrameEvent | LineEvent, at: float) -> bool:
        """Return whether damaged bytes are a master's: by their C field if readable, else by the time."""
        raw = b"" if isinstance(event, LineEvent) else event.raw
        c = raw[1] if raw[:1] == b"\x10" and len(raw) == 5 else raw[4] if raw[:1] == b"\x68" and len(raw) > 4 else None
        if c is not None and function_of(c) is not None:
            return bool(c & PRM)
        return at - len(raw) * self.line.char_time > self._answer_until

    def _follow(self, baud: int, at: float) -> list[object]:
        """Change to a speed that a master has commanded."""
        if baud == self.line.baud:
            return []
        if self._finder is None:
            self._finder = SpeedFinder(baud, self._idle_extra, (baud, self.line.baud))
        else:
            self._finder.listen_at(baud)
        return self._change_speed(baud, at)

    def _change_speed(self, baud: int, at: float) -> list[object]:
        effects = self._set_line(replace(self.line, baud=baud))
        return [*effects, SpeedFollowed(self.line, at, self.found)]

    def _set_line(self, line: Line) -> list[object]:
        self.line = line
        self._token += 1
        return [SetLine(self._token, line)]
