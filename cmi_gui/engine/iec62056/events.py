"""The events of a reading device, and its times and limits.

Every exchange ends with exactly one of `ReadoutReceived`, `SignedOff` and `Failed`; then the line is back at 300 7E1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from cmi_gui.engine.iec62056.message import Command, Identification
from cmi_gui.engine.machine import Line
from cmi_gui.engine.messages import Message

START_LINE: Final = Line(300, 7, "E", 1)
"""The line settings at the sign-on (IEC 62056-21 6.4.1)."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Times in seconds; the first two are from IEC 62056-21 6.4.3, the others are our own choice."""

    response: float = 1.5
    """Longest time from the end of a message to the first character of its answer."""
    inter_character: float = 1.5
    """Longest time between two characters of a message."""
    message: float = 60.0
    """Longest time for an identification or an answer in programming mode while it is not in order (see
    `StreamParser.in_order`). 23 characters, each as late as allowed, take 35 s."""
    readout: float = 180.0
    """Longest time for a readout while it is not in order. There is no limit while it is: at 300 bit/s a long list
    takes many minutes."""
    slack: float = 0.25
    """Addition to these limits for links that report with a delay."""
    timeout: float = 0.0
    """Another addition, for distant gateways (`timeout=` of a LINK)."""
    settle: float = 0.2
    """Quiet before and after an ACK or NAK that counts as an answer, because such characters occur in noise too. The
    next message has to wait as long in any case."""
    idle: float = 0.5
    """Quiet before the next sign-on."""
    recovery: float = 2.2
    """Quiet after an identification before the next sign-on: a device may wait that long for an option select."""
    unanswered: float = 1.5
    """Quiet before the next sign-on after an unanswered one. A device whose identification was lost has stopped waiting
    by then: the identification began 0.2 to 0.3 s after the sign-on and took 0.6 s."""
    quiet_limit: float = 20.0
    """Longest wait for a quiet line, after which the exchange fails; the longest list at 300 Bd takes about 13 s."""

    @property
    def late(self) -> float:
        """Seconds by which an answer, or its next character, may exceed the limits of the standard."""
        return self.slack + self.timeout


@dataclass(frozen=True, slots=True)
class Limits:
    """Numbers of attempts and of exchanges."""

    attempts: int = 2
    """Sign-ons for one exchange, the first included; at least 1."""
    wakes: int = 0
    """Unanswered sign-ons that do not count as attempts: the first one only wakes up some meters, and heads that are
    powered from the port."""
    repeats: int = 2
    """Repeats of one message in programming mode: NAK after a damaged answer, the command again after a NAK."""
    max_baud: int = 19200
    """Highest speed in bit/s; a device that offers more is read at 300 bit/s."""
    unreadable: int = 2
    """Consecutive exchanges without anything readable after the change of speed, before 300 bit/s is kept."""
    slow_exchanges: int = 60
    """Exchanges for which 300 bit/s is then kept: an hour of readouts once a minute."""


class FailureCause(Enum):
    """The cause of a failed exchange."""

    SILENCE = "silence"
    GARBAGE = "garbage"
    """Characters were received, but no message."""
    BUSY = "busy"
    """The line does not become quiet, because another device sends all the time."""
    BAD_BCC = "bad_bcc"
    NOT_ACCEPTED = "not_accepted"
    """A message was complete and undamaged, but IEC 62056-21 does not allow it there."""
    NAK = "nak"
    ERROR_MESSAGE = "error_message"
    BREAK = "break"
    """The device ended the session."""
    UNSUPPORTED = "unsupported"
    """A device of another protocol mode, or without programming mode."""
    ABORTED = "aborted"
    LINK = "link"
    """The link was lost or could not send."""


@dataclass(frozen=True, slots=True)
class Identified:
    """The device answered the sign-on; `baud` is the speed of the rest of the exchange, bit/s."""

    identification: Identification
    baud: int


@dataclass(frozen=True, slots=True)
class SpeedGivenUp:
    """Nothing could be read at `baud` bit/s several times, so the device is read at 300 bit/s for a while."""

    baud: int


@dataclass(frozen=True, slots=True)
class ReadoutProgress:
    """More of a readout was received: `lines` data lines so far, from 0 again when it is retried."""

    lines: int


@dataclass(frozen=True, slots=True)
class ReadoutReceived:
    """A readout ended with a correct BCC: its lines verbatim, and `raw`, STX to BCC as received."""

    lines: tuple[str, ...]
    identification: Identification
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ProgrammingReady:
    """Programming mode was entered and the password, if any, accepted; `send_command` may be called.

    `operand`: the text between the brackets of the device's P0.
    """

    identification: Identification
    operand: str


@dataclass(frozen=True, slots=True)
class PasswordAccepted:
    """The device accepted the password."""


@dataclass(frozen=True, slots=True)
class PasswordRefused:
    """The device refused the password; it is not tried again and the session is signed off.

    `text`: the device's error message, empty if it refused with NAK or ended the session.
    """

    text: str


@dataclass(frozen=True, slots=True)
class CommandConfirmed:
    """The device confirmed a command with ACK: written or executed."""

    command: Command


@dataclass(frozen=True, slots=True)
class CommandAnswered:
    """The device answered a read command; `text` is the data, partial blocks joined."""

    command: Command
    text: str


@dataclass(frozen=True, slots=True)
class CommandRefused:
    """The device refused a command; `text` is its error message. The session continues."""

    command: Command
    text: str


@dataclass(frozen=True, slots=True)
class SignedOff:
    """The session in programming mode ended."""


@dataclass(frozen=True, slots=True)
class Retrying:
    """A step failed and is repeated; `attempt` counts from 2."""

    cause: FailureCause
    detail: Message
    attempt: int


@dataclass(frozen=True, slots=True)
class Failed:
    """An exchange failed; `command` is the outstanding one, whose effect is unknown, or None."""

    cause: FailureCause
    detail: Message
    command: Command | None = None
