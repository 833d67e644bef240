"""What a reading device tells, and the times and limits it keeps.

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
"""Where every sign-on begins (IEC 62056-21 6.4.1)."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Times in seconds; the first two by IEC 62056-21 6.4.3, the rest are decisions of ours."""

    response: float = 1.5
    """From the end of a message to the first character of its answer, at most."""
    inter_character: float = 1.5
    """Between two characters of a message, at most."""
    message: float = 60.0
    """For an identification or an answer in programming mode that is not in order yet: one that never ends is none. 23
    characters that each come as late as they may take 35 s."""
    readout: float = 180.0
    """For a readout that is not in order yet. What comes in order may take as long as it likes: at 300 bit/s a long
    list takes many minutes."""
    slack: float = 0.25
    """Allowed on top for links that tell late."""
    timeout: float = 0.0
    """Allowed on top too, for gateways that are far away (`timeout=` of a LINK)."""
    settle: float = 0.2
    """Quiet on both sides of an ACK or NAK that is an answer: in noise such characters turn up, too. The next message
    has to wait as long in any case."""
    idle: float = 0.5
    """Quiet before the next sign-on."""
    recovery: float = 2.2
    """Quiet behind an identification before the next sign-on: a device may wait that long for an option select."""
    unanswered: float = 1.5
    """Quiet before the next sign-on after one that nothing answered. Should an identification have been lost on the
    way, its device has given up by then: it began 0.2 to 0.3 s behind the sign-on and took 0.6 s."""
    quiet_limit: float = 20.0
    """A line that never gets quiet makes the exchange fail after this; the longest list at 300 Bd takes about 13 s."""

    @property
    def late(self) -> float:
        """Seconds that an answer, or its next character, may be later than the standard allows."""
        return self.slack + self.timeout


@dataclass(frozen=True, slots=True)
class Limits:
    """How often things are tried."""

    attempts: int = 2
    """Sign-ons for one exchange, the first included; at least 1."""
    wakes: int = 0
    """Sign-ons that may go unanswered and do not count: some meters, and heads that are fed from the port, only wake
    up by the first."""
    repeats: int = 2
    """Repeats of one message in programming mode: NAK for a damaged answer, the command again for a NAK."""
    max_baud: int = 19200
    """A device that offers more is read at 300 bit/s."""
    unreadable: int = 2
    """Exchanges in a row in which nothing could be read after the change of speed, until 300 bit/s is kept to."""
    slow_exchanges: int = 60
    """... and for how many exchanges: an hour of readouts once a minute."""


class FailureCause(Enum):
    """Why an exchange failed."""

    SILENCE = "silence"
    GARBAGE = "garbage"
    """Something came, but no message."""
    BAD_BCC = "bad_bcc"
    NOT_ACCEPTED = "not_accepted"
    """A message came whole and undamaged, but it is none that IEC 62056-21 allows there."""
    NAK = "nak"
    ERROR_MESSAGE = "error_message"
    BREAK = "break"
    """The device signed off by itself."""
    UNSUPPORTED = "unsupported"
    """A device of another protocol mode, or without programming mode."""
    ABORTED = "aborted"
    LINK = "link"
    """The link could not carry it."""


class Refusal(Enum):
    """How a device said no."""

    NAK = "nak"
    ERROR_MESSAGE = "error_message"
    BREAK = "break"


@dataclass(frozen=True, slots=True)
class Identified:
    """The device answered; `baud` is the speed at which the exchange goes on, bit/s."""

    identification: Identification
    baud: int


@dataclass(frozen=True, slots=True)
class SpeedGivenUp:
    """Nothing could be read at `baud` bit/s, several times: for a while the device is read at 300 bit/s."""

    baud: int


@dataclass(frozen=True, slots=True)
class ReadoutLine:
    """A data line arrived; provisional until `ReadoutReceived`, for the BCC comes last.

    `index` counts from 0 and starts anew when a readout is retried.
    """

    index: int
    line: str


@dataclass(frozen=True, slots=True)
class ReadoutReceived:
    """The end of a readout whose BCC is right: the lines verbatim, and STX to BCC as received."""

    lines: tuple[str, ...]
    identification: Identification
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ProgrammingReady:
    """Programming mode is entered, the password (if one was to be shown) accepted; `send_command` may be called.

    `operand`: what the device sent in P0, between the brackets.
    """

    identification: Identification
    operand: str


@dataclass(frozen=True, slots=True)
class PasswordAccepted:
    """The device took the password."""


@dataclass(frozen=True, slots=True)
class PasswordRefused:
    """The device refused the password; it is not tried again and the session is signed off."""

    how: Refusal
    text: str


@dataclass(frozen=True, slots=True)
class CommandConfirmed:
    """ACK: written or executed."""

    command: Command


@dataclass(frozen=True, slots=True)
class CommandAnswered:
    """Data came: the answer to a read command, partial blocks put together."""

    command: Command
    text: str


@dataclass(frozen=True, slots=True)
class CommandRefused:
    """The device understood the command and did not do it; `text` is its error message. The session goes on."""

    command: Command
    text: str


@dataclass(frozen=True, slots=True)
class SignedOff:
    """The end of a session in programming mode."""


@dataclass(frozen=True, slots=True)
class Retrying:
    """Something failed and is tried again; `attempt` counts from 2."""

    cause: FailureCause
    detail: Message
    attempt: int


@dataclass(frozen=True, slots=True)
class Failed:
    """The end of an exchange that failed; `command` is the one that was outstanding, whose effect is unknown."""

    cause: FailureCause
    detail: Message
    command: Command | None = None
