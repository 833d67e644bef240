"""A listener on a meter's line, where another device reads the meter; both directions are on one wire.

It changes speed as mode C requires (IEC 62056-21 6.4): from 300 7E1 to the speed of the option select at the end of
that message, and back after the exchange. The modes B, D and E are not supported.
"""

from __future__ import annotations

import contextlib
import math
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from cmi_gui.engine.iec62056.dataset import split_readout
from cmi_gui.engine.iec62056.errors import Iec62056Error
from cmi_gui.engine.iec62056.events import START_LINE, Timing
from cmi_gui.engine.iec62056.machine_state import MachineState, earliest
from cmi_gui.engine.iec62056.message import (
    Command,
    DataMessage,
    Handshake,
    Identification,
    MeterMessage,
    OptionSelect,
    Request,
)
from cmi_gui.engine.iec62056.stream import Damage, Damaged, StreamParser
from cmi_gui.engine.machine import Effects, Line, LineEvent, SendOutcome, SpeedFollowed, Unreadable

OPTION_WAIT: Final = 2.5
"""Seconds within which an option select follows an identification: 2.2 (IEC 62056-21 6.4.3) and some slack."""
INACTIVITY: Final = 120.0
"""Seconds of silence after which a device has certainly left programming mode (60 to 120)."""
STRAYS: Final = 5
"""Consecutive characters outside any message that are more than a glitch: at a data speed they mean a new sign-on at
300 bit/s (a request without an address has five), at 300 bit/s they mean traffic at a data speed."""
DAMAGES: Final = 3
"""Consecutive damaged messages at 300 bit/s that mean the same, because garbage contains start characters too."""
_RUN: Final = 0.25
"""Seconds within which another unreadable character belongs to the run already reported."""


@dataclass(frozen=True, slots=True)
class MeterTraffic:
    """Traffic was received; `at` is the time of its last stop bit, in seconds.

    `event`: a message, damage, or a line event for unreadable characters, once for each run of them. `from_meter`:
    whether the meter sent it; for damage without a clear start, whether it was the meter's turn. `midway`: damage in a
    message that may have begun before listening did.
    """

    event: MeterMessage | Damaged | LineEvent
    from_meter: bool
    at: float
    midway: bool = False


@dataclass(frozen=True, slots=True)
class ObservedReadout:
    """A meter's readout was received: the lines verbatim, and the `identification` if that was received too."""

    lines: tuple[str, ...]
    identification: Identification | None
    at: float


class _Stage(Enum):
    START = "start"
    """At 300 7E1, before or between exchanges."""
    SELECT = "select"
    """The identification was received; an option select may follow."""
    READOUT = "readout"
    PROGRAMMING = "programming"


class MeterListener(MachineState):
    """The listener as a machine, whose only action is `SetLine`.

    Events: `MeterTraffic`, `ObservedReadout`, `SpeedFollowed`, `Unreadable`. `start`: the line settings of the
    sign-on.
    """

    def __init__(self, start: Line = START_LINE) -> None:
        super().__init__(start)
        self._timing = Timing()
        self._parser = StreamParser()
        self._received_at = 0.0
        self._reset()

    def _reset(self) -> None:
        self._stage = _Stage.START
        self._identification: Identification | None = None
        self._parser.reset()
        self._parser.option_select = True
        self._meters_turn_until = -math.inf
        self._leaving = False
        self._midway = True
        self._strays = self._damages = 0
        self._unreadable = False
        self._disturbed_until = -math.inf
        self._silence_at: float | None = None
        self._stage_until: float | None = None

    # Machine

    @property
    def deadline(self) -> float | None:
        """The time of the next call of `tick`, or None if none is needed."""
        return earliest(self._silence_at, self._stage_until)

    def opened(self) -> Effects:
        """Restart at the line settings of the sign-on, because the link has opened."""
        self._reset()
        if self.line != self.start:
            self.set_line(self.start)
        return self.take()

    def lost(self) -> Effects:
        """Report an unfinished message as damaged, because the link is lost."""
        self._flush()
        return self.take()

    def receive(self, data: bytes, at: float) -> Effects:
        """Process received bytes; `at` is the time of the last stop bit."""
        for byte in data:
            understood = False
            for event in self._parser.feed(bytes((byte,))):
                if isinstance(event, Damaged):
                    self._on_damage(event, at)
                else:
                    understood = True
                    self._on_message(event, at)
            # NULs before a sign-on are the wake-up of battery devices (IEC 62056-21 B.2).
            if not understood and not self._parser.inside and (byte or self.line != self.start):
                self._count_stray(at)
        self._received_at = at
        self._silence_at = at + self._timing.inter_character + self._timing.slack
        if self._stage_until is not None:
            # A message that has begun in time may end later.
            self._stage_until = max(self._stage_until, self._silence_at)
        return self.take()

    def line_event(self, kind: LineEvent, at: float) -> Effects:
        """Report unreadable characters, once for each run."""
        if kind is not LineEvent.PEER:
            if at > self._disturbed_until:
                self.out.append(MeterTraffic(kind, self._is_meters_turn(at), at))
            self._disturbed_until = at + _RUN
            if not self._parser.inside:
                self._count_stray(at)
        return self.take()

    def done(self, token: int, outcome: SendOutcome, at: float) -> Effects:
        """Ignore the end of an action."""
        return ()

    def tick(self, now: float) -> Effects:
        """Do what is due at `now`; calling it too early is harmless."""
        if self._silence_at is not None and now >= self._silence_at:
            self._silence_at = None
            self._flush()
            self._midway = False
            self._strays = 0
        if self._stage_until is not None and now >= self._stage_until:
            self._to_start(now)
        return self.take()

    # Messages

    def _on_message(self, message: MeterMessage, at: float) -> None:
        is_break = isinstance(message, Command) and message.is_break
        from_meter = self._is_from_meter(message.to_bytes(), at, is_break=is_break)
        self.out.append(MeterTraffic(message, from_meter, at))
        self._note_sender(from_meter, at)
        if not isinstance(message, Handshake):
            # A lone ACK or NAK proves nothing: it turns up in noise.
            self._midway = self._unreadable = False
            self._strays = self._damages = 0
        match message:
            case Request():
                self._identification = None
                self._to_start(at)
            case Identification():
                self._identification = message
                self._enter(_Stage.SELECT, at + OPTION_WAIT)
            case OptionSelect():
                self._on_option_select(message, at)
            case DataMessage() if self._stage is not _Stage.PROGRAMMING:
                self._on_data_message(message, at)
            case Command(letter="B", digit="0"):
                # A locked device stays at its speed, but sends nothing unasked.
                self._to_start(at)
            case Command():
                self._leaving = message.is_break
                self._enter(_Stage.PROGRAMMING, at + (OPTION_WAIT if self._leaving else INACTIVITY))
            case Handshake.ACK if self._leaving:
                self._to_start(at)
            case Handshake() | DataMessage():
                if self._stage is _Stage.PROGRAMMING:
                    self._stage_until = at + INACTIVITY

    def _on_option_select(self, select: OptionSelect, at: float) -> None:
        """Change the speed if both Z are identical or the first was missed (IEC 62056-21 6.4.5, figure 12)."""
        if select.protocol != "0":
            self._to_start(at)
            return
        offered = self._identification
        same = select.baud is not None and (offered is None or offered.speed == select.speed)
        programming = select.mode == "1" and (same or select.speed == "0")
        self._enter(_Stage.PROGRAMMING if programming else _Stage.READOUT, at + OPTION_WAIT)
        if same and select.baud is not None:
            self._change_line(replace(self.start, baud=select.baud), at)

    def _on_data_message(self, message: DataMessage, at: float) -> None:
        # A text without the final "!" is an error message, or an answer in a session whose beginning was missed.
        with contextlib.suppress(Iec62056Error):
            self.out.append(ObservedReadout(split_readout(message.text), self._identification, at))
        self._to_start(at)

    def _on_damage(self, damage: Damaged, at: float) -> None:
        from_meter = self._is_from_meter(damage.raw, at)
        self.out.append(MeterTraffic(damage, from_meter, at, self._midway))
        if damage.kind is Damage.NOISE:
            return
        self._note_sender(from_meter, at)
        self._damages += 1
        if self._damages >= DAMAGES and self.line == self.start:
            self._report_unreadable(at)
        if self._stage is _Stage.READOUT:
            # The reading device may ask for a repeat, still at this speed.
            self._stage_until = at + OPTION_WAIT

    def _count_stray(self, at: float) -> None:
        self._strays += 1
        if self._strays != STRAYS:
            return
        if self.line != self.start:
            self._flush()
            self._strays = 0
            self._to_start(at)
        else:
            self._report_unreadable(at)

    def _report_unreadable(self, at: float) -> None:
        if not self._unreadable:
            self._unreadable = True
            self.out.append(Unreadable(self.line, at))

    def _flush(self) -> None:
        damage = self._parser.flush()
        if damage is not None:
            self._on_damage(damage, self._received_at)

    # The sender of a message

    def _is_from_meter(self, raw: bytes, at: float, *, is_break: bool = False) -> bool:
        """Return whether the meter sent these characters; a break (B0, B1) and single characters may be from either."""
        match raw[:1]:
            case b"/":
                return raw[1:2] != b"?"
            case b"\x02":
                return True
            case b"\x01" if not is_break:
                return raw[1:3] == b"P0"
            case b"\x06" if len(raw) > 1:
                return False
            case _:
                return self._is_meters_turn(at - len(raw) * self.line.char_time)

    def _is_meters_turn(self, at: float) -> bool:
        return at <= self._meters_turn_until

    def _note_sender(self, from_meter: bool, at: float) -> None:
        self._meters_turn_until = -math.inf if from_meter else at + self._timing.response + self._timing.slack

    # Stages and speeds

    def _enter(self, stage: _Stage, until: float | None) -> None:
        self._stage = stage
        self._stage_until = until
        self._parser.option_select = stage in (_Stage.START, _Stage.SELECT)

    def _to_start(self, at: float) -> None:
        self._enter(_Stage.START, None)
        self._leaving = False
        self._change_line(self.start, at)

    def _change_line(self, line: Line, at: float) -> None:
        if line != self.line:
            self.set_line(line)
            self.out.append(SpeedFollowed(line, at))
