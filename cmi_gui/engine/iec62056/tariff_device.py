"""The tariff device (the meter's side) of IEC 62056-21 mode C as a machine.

An `Application` supplies the content (identification, list, passwords, commands); this module has the protocol and its
timing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final, Protocol

from cmi_gui.engine.iec62056.dataset import join_readout
from cmi_gui.engine.iec62056.events import START_LINE
from cmi_gui.engine.iec62056.machine_state import MachineState, earliest
from cmi_gui.engine.iec62056.message import (
    BREAK,
    SOH,
    STX,
    Command,
    DataMessage,
    Handshake,
    Identification,
    OptionSelect,
    Request,
    error_message,
)
from cmi_gui.engine.iec62056.stream import Damage, Damaged, StreamEvent, StreamParser
from cmi_gui.engine.machine import Abort, Effects, Line, LineEvent, SendOutcome, Write

Answer = Handshake | DataMessage | Command | Sequence[DataMessage]
"""ACK, NAK, data or an error message, `BREAK`, or data in partial blocks (all but the last with `last` false)."""

_PARTIAL_LIMIT: Final = 65536


class Application(Protocol):
    """The content of a tariff device, apart from the protocol. Its methods must not raise."""

    @property
    def identification(self) -> Identification:
        """The identification of the device."""

    def answers(self, address: str) -> bool:
        """Return whether a request with this address (empty: general call) is for this device."""

    def readout(self, mode: str, now: float) -> Sequence[str] | None:
        """Return the lines of the list for Y = `mode`, or None if there is no such mode; `0` always exists."""

    def readout_sent(self, now: float) -> None:
        """Note that a list has been sent, BCC included."""

    def operand(self, now: float) -> str | None:
        """Return the operand of the password request P0, or None if there is no programming mode."""

    def password(self, command: Command, operand: str, now: float) -> bool:
        """Return whether a password message has the right password."""

    def execute(self, command: Command, access: frozenset[str], now: float) -> Answer:
        """Execute a command, partial blocks joined; `access` has the names of accepted passwords (`P1`, ...)."""


@dataclass(frozen=True, slots=True)
class TariffRules:
    """Times in seconds, and choices that IEC 62056-21 leaves open."""

    reaction: float = 0.2
    """Time from the end of a message to the answer; at least the identification's minimum."""
    option_wait: float = 1.8
    """Longest wait for an option select: more than 1.5, at most 2.2."""
    inter_character: float = 1.5
    inactivity: float = 90.0
    """Silence after which programming mode is left: 60 to 120."""
    lock_out: float = 60.0
    """Time after a wrong password in which commands are refused and sign-ons ignored; 0 as in the standard."""
    fallback_readout: bool = True
    """True to send the list at 300 bit/s if no option select is received."""
    refusal: Handshake | Command | DataMessage = BREAK
    """The answer to a wrong password."""


@dataclass(slots=True)
class TariffFaults:
    """Faults that can be switched at any time."""

    silent: bool = False
    """The device ignores everything and sends nothing."""
    delay: float = 0.0
    """Seconds added to every reaction time."""
    bad_bcc: bool = False
    garbled: bool = False
    """Some characters have bit 7 set, as with parity errors."""

    def spoil(self, data: bytes) -> bytes:
        """Return the bytes that are sent instead of `data`."""
        spoiled = bytearray(data)
        if self.bad_bcc and data[0] in (SOH, STX):
            spoiled[-1] ^= 0x01
        if self.garbled:
            for index in range(2 if len(spoiled) > 2 else 0, len(spoiled), 5):
                spoiled[index] |= 0x80
        return bytes(spoiled)


@dataclass(slots=True)
class Lockout:
    """The lock-out after a wrong password, which all interfaces of a device share; `until`: its end, for `Application`.

    Each interface refuses commands and ignores sign-ons until then.
    """

    until: float = -math.inf


@dataclass(frozen=True, slots=True)
class CharacterLost:
    """Event: a character of the reading device was damaged or sent at another speed; `kind`: what was received."""

    kind: LineEvent
    at: float


class DeviceState(Enum):
    """The state of a tariff device."""

    OFF = "off"
    START = "start"
    """It waits for a request, usually at 300 7E1."""
    SELECT = "select"
    """It has identified itself and waits for an option select."""
    READOUT = "readout"
    PROGRAMMING = "programming"
    LOCKED = "locked"
    """It refuses everything after a wrong password."""


class TariffDevice(MachineState):
    """The tariff device, or one of its interfaces, which answers one reading device at a time.

    `start`: the line settings of the sign-on. `lockout`: shared with the device's other interfaces. `application_time`,
    `link_time`: return the time of the application for one of the link and the reverse, if their clocks differ.
    """

    def __init__(
        self,
        application: Application,
        rules: TariffRules | None = None,
        faults: TariffFaults | None = None,
        *,
        start: Line = START_LINE,
        lockout: Lockout | None = None,
        application_time: Callable[[float], float] = float,
        link_time: Callable[[float], float] = float,
    ) -> None:
        super().__init__(start)
        self.application = application
        self.rules = rules or TariffRules()
        self.faults = faults or TariffFaults()
        self.state = DeviceState.START
        self._identification = application.identification
        self._lockout = lockout or Lockout()
        self._application_time = application_time
        self._link_time = link_time
        self._parser = StreamParser()
        self._sending: int | None = None
        self._leaving = False
        self._until: float | None = None
        self._chars_until: float | None = None
        self._last = b""
        self._operand = ""
        self._access: frozenset[str] = frozenset()
        self._received: list[Command] = []
        self._to_send: list[DataMessage] = []

    # Machine

    @property
    def deadline(self) -> float | None:
        """The time of the next call of `tick`, or None if none is needed."""
        until = self._link_time(self._lockout.until) if self.state is DeviceState.LOCKED else self._until
        return earliest(until, self._chars_until)

    def receive(self, data: bytes, at: float) -> Effects:
        """Process received bytes; `at` is the time of the last stop bit."""
        if self.state is DeviceState.OFF or self.faults.silent:
            self._parser.reset()
            return ()
        for event in self._parser.feed(data):
            self._on_stream_event(event, at)
        self._chars_until = at + self.rules.inter_character if self._parser.pending else None
        if self._chars_until is not None and self.state is DeviceState.SELECT and self._until is not None:
            # An option select that has begun in time may end later.
            self._until = max(self._until, self._chars_until)
        elif self.state is DeviceState.PROGRAMMING and self._sending is None:
            self._until = at + self.rules.inactivity
        return self.take()

    def line_event(self, kind: LineEvent, at: float) -> Effects:
        """Report a damaged character and do nothing else: it shows in the BCC or as silence."""
        return () if kind is LineEvent.PEER else (CharacterLost(kind, at),)

    def done(self, token: int, outcome: SendOutcome, at: float) -> Effects:
        """Process the end of an action; for a write, `at` is the time of its last stop bit."""
        if token != self._sending:
            return ()
        self._sending = None
        if outcome is not SendOutcome.SENT or self._leaving:
            self._to_start()
        elif self.state is DeviceState.SELECT:
            self._until = at + self.rules.option_wait
        elif self.state is DeviceState.READOUT:
            self.application.readout_sent(self._application_time(at))
            self._to_start()
        elif self.state is DeviceState.PROGRAMMING:
            self._until = at + self.rules.inactivity
        return self.take()

    def tick(self, now: float) -> Effects:
        """Do what is due at `now`; calling it too early is harmless."""
        if self._chars_until is not None and now >= self._chars_until:
            self._chars_until = None
            damage = self._parser.flush()
            if damage is not None:
                self._on_stream_event(damage, now)
        if self.state is DeviceState.LOCKED:
            if not self._locked_out(now):
                self._to_start()
        elif self._until is not None and now >= self._until:
            self._until = None
            if self.state is DeviceState.SELECT and self.rules.fallback_readout:
                self._send_readout("0", self.start, now)
            else:
                self._to_start()
        return self.take()

    def power_down(self) -> Effects:
        """Stop sending at once and switch off, which ends a lock-out."""
        self._lockout.until = -math.inf
        self.out.append(Abort())
        self._enter(DeviceState.OFF)
        return self.take()

    def power_up(self) -> Effects:
        """Switch on and wait for a request."""
        if self.state is DeviceState.OFF:
            self._enter(DeviceState.START)
            self.set_line(self.start)
        return self.take()

    def lost(self) -> Effects:
        """End the exchange because the link is lost; a lock-out continues. The next link starts as the first."""
        if self.state is DeviceState.LOCKED:
            self._parser.reset()
            self._sending = self._chars_until = None
        elif self.state is not DeviceState.OFF:
            self._to_start()
        return self.take()

    # Sending

    def _send(self, data: bytes, at: float) -> None:
        self._last = data
        self._until = None
        self._sending = self.next_token()
        reaction = max(self.rules.reaction, self._identification.reaction_time) + self.faults.delay
        self.out.append(Write(self._sending, self.faults.spoil(data), not_before=at + reaction))

    def _enter(self, state: DeviceState) -> None:
        self.state = state
        self._parser.reset()
        self._parser.option_select = state is DeviceState.SELECT
        self._until = self._chars_until = None
        self._sending = None
        self._leaving = False
        self._access = frozenset()
        self._received.clear()
        self._to_send.clear()

    def _to_start(self) -> None:
        self._enter(DeviceState.START)
        self._change_line(self.start)

    def _locked_out(self, at: float) -> bool:
        return at < self._link_time(self._lockout.until)

    # Receiving

    def _on_stream_event(self, event: StreamEvent, at: float) -> None:
        if self._sending is not None:
            # Half duplex: everything received while sending is ignored, except a break, which is allowed at any time.
            if self.state is DeviceState.PROGRAMMING and isinstance(event, Command) and event.is_break:
                self.out.append(Abort())
                self._to_start()
            return
        if self.state is not DeviceState.LOCKED and self._locked_out(at):
            # A wrong password was received on another interface.
            self._enter(DeviceState.LOCKED)
        match self.state:
            case DeviceState.START:
                if isinstance(event, Request):
                    self._on_request(event, at)
            case DeviceState.SELECT:
                self._in_select(event, at)
            case DeviceState.PROGRAMMING:
                self._in_programming(event, at)
            case DeviceState.LOCKED:
                self._in_lock_out(event, at)

    def _on_request(self, request: Request, at: float) -> None:
        if self.application.answers(request.address):
            self._enter(DeviceState.SELECT)
            # A speed offered from now on must not change what the option select is compared with.
            self._identification = self.application.identification
            self._send(self._identification.to_bytes(), at)
        elif self.state is not DeviceState.START:
            self._to_start()

    def _in_select(self, event: StreamEvent, at: float) -> None:
        match event:
            case Request():
                self._on_request(event, at)
            case OptionSelect():
                self._on_option_select(event, at)
            case Handshake.NAK:
                self._send(self._last, at)
            case Damaged(kind=Damage.NOISE):
                pass
            case _:
                self._to_start()  # a protocol error, IEC 62056-21 figure 12

    def _on_option_select(self, select: OptionSelect, at: float) -> None:
        """Process an option select; the speed changes only if both Z are identical (IEC 62056-21 6.4.5, figure 12)."""
        if select.protocol != "0":
            self._to_start()
            return
        same = select.speed == self._identification.speed and select.baud is not None
        line = replace(self.start, baud=select.baud) if same and select.baud is not None else self.start
        if select.mode != "1":
            self._send_readout(select.mode, line, at)
            return
        operand = self.application.operand(self._application_time(at))
        if operand is None or not (same or select.speed == "0"):
            self._send_readout("0", self.start, at)
            return
        self._enter(DeviceState.PROGRAMMING)
        self._operand = operand
        self._change_line(line)
        self._send(Command("P", "0", f"({operand})").to_bytes(), at)

    def _change_line(self, line: Line) -> None:
        if line != self.line:
            self.set_line(line)

    def _send_readout(self, mode: str, line: Line, at: float) -> None:
        time = self._application_time(at)
        lines = self.application.readout(mode, time)
        if lines is None:
            lines = self.application.readout("0", time) or ()
        self._enter(DeviceState.READOUT)
        self._change_line(line)
        self._send(DataMessage(join_readout(lines)).to_bytes(), at)

    # Programming mode

    def _in_programming(self, event: StreamEvent, at: float) -> None:
        match event:
            case Damaged(kind=Damage.NOISE):
                pass
            case Damaged():
                self._reply(Handshake.NAK, at, preserve_last=True)
            case Handshake.NAK:
                self._send(self._last, at)
            case Handshake.ACK:
                if self._to_send:
                    self._send(self._to_send.pop(0).to_bytes(), at)
            case Command():
                self._to_send.clear()
                self._on_command(event, at)
            # Requests are ignored here, and data messages are not for this side.

    def _on_command(self, command: Command, at: float) -> None:
        if command.is_break:
            if command.digit == "1":
                self._leaving = True
                self._reply(Handshake.ACK, at)
            else:
                self._to_start()
        elif command.is_password:
            self._check_password(command, at)
        else:
            joined = self._assemble(command, at)
            if joined is not None:
                self._reply(self.application.execute(joined, self._access, self._application_time(at)), at)

    def _assemble(self, command: Command, at: float) -> Command | None:
        """Join partial blocks, acknowledging all but the last; a different command discards earlier blocks."""
        blocks = self._received
        if blocks and blocks[0].name != command.name:
            blocks.clear()
        blocks.append(command)
        text = "".join(block.dataset or "" for block in blocks)
        if len(text) > _PARTIAL_LIMIT:
            blocks.clear()
            self._reply(error_message("ERROR"), at)
        elif not command.last:
            self._reply(Handshake.ACK, at)
        else:
            single = len(blocks) == 1
            blocks.clear()
            return command if single else replace(command, dataset=text)
        return None

    def _check_password(self, command: Command, at: float) -> None:
        time = self._application_time(at)
        if self.application.password(command, self._operand, time):
            self._access |= {command.name}
            self._reply(Handshake.ACK, at)
        elif self.rules.lock_out > 0:
            self._enter(DeviceState.LOCKED)
            self._lockout.until = time + self.rules.lock_out
            self._reply(self.rules.refusal, at, stay_signed_on=True)
        else:
            self._reply(self.rules.refusal, at)

    def _in_lock_out(self, event: StreamEvent, at: float) -> None:
        # The device stays signed on: only the time ends the lock-out, not even B0.
        if isinstance(event, Command) and not event.is_break:
            self._reply(self.rules.refusal, at, stay_signed_on=True)

    def _reply(self, answer: Answer, at: float, *, preserve_last: bool = False, stay_signed_on: bool = False) -> None:
        if isinstance(answer, Handshake | DataMessage | Command):
            first, rest = answer, []
        else:
            first, *rest = answer
        last = self._last
        self._send(first.to_bytes(), at)
        if preserve_last:
            self._last = last
        self._to_send = list(rest)
        if isinstance(first, Command) and first.is_break and not stay_signed_on:
            self._leaving = True
