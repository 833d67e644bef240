"""Everything received since a reading device's last message, and the fault that it indicates if it contains no answer.

At a wrong speed nearly every character occurs sooner or later, so a start character proves nothing, nor does a
handshake character among others.
"""

from __future__ import annotations

import math
import re
from difflib import SequenceMatcher
from typing import Final

from cmi_gui.engine.iec62056.events import FailureCause
from cmi_gui.engine.iec62056.exchange import Fault
from cmi_gui.engine.iec62056.message import Command, DataMessage, Handshake
from cmi_gui.engine.iec62056.stream import Damage, Damaged, StreamEvent
from cmi_gui.engine.machine import LineEvent
from cmi_gui.engine.messages import Message, marked

_READABLE: Final = re.compile(
    rb"/[ -~]{4,}\r\n"  # an identification
    rb"|\([ -~]*\)(?:!?\r\n|[\x03\x04])"  # the end of a data line or of a data set
    rb"|\x01[A-Z][0-9][\x02-\x04]"  # a command
)
"""A sequence that hardly occurs by chance: it matches at one in 130,000 positions of random 7-bit characters."""
_CAUSES: Final = {
    Damage.BAD_BCC: FailureCause.BAD_BCC,
    Damage.SYNTAX: FailureCause.NOT_ACCEPTED,
    Damage.TOO_LONG: FailureCause.NOT_ACCEPTED,
}
"""Causes by kind of damage if the speed was right; otherwise the cause is garbage."""
_LIKE_ECHO: Final = 0.6
"""Similarity of two texts (difflib's ratio) from which one is taken for a damaged echo of the other."""
_ECHO_EXTRA: Final = 2
"""Additional characters allowed with an echo."""
_STRAY_NULS: Final = 2
"""NUL characters that a head may produce when it switches over; the parser skips them."""
_PRECEDENCE: Final = (FailureCause.NAK, FailureCause.GARBAGE, FailureCause.BAD_BCC, FailureCause.NOT_ACCEPTED)
"""Causes, the least informative first."""
_ECHO: Final = marked(
    {
        False: "an echo of the sent message was received, but no answer",
        True: (
            "a damaged echo of the sent message was received, but no answer (add echo=on to the LINK to"
            " remove the echo)"
        ),
    }
)
"""Descriptions of an echo without an answer, by whether the echo was damaged."""


def proves_speed(event: StreamEvent) -> bool:
    """Return whether an event, damaged or not, proves that the receiving speed is the sender's."""
    if isinstance(event, Damaged):
        return _READABLE.search(bytes(value & 0x7F for value in event.raw)) is not None
    return isinstance(event, Command | DataMessage)


def fault_of(damage: Damaged) -> Fault:
    """Return the fault of a damaged message, or of one that the standard does not allow."""
    cause = _CAUSES.get(damage.kind, FailureCause.GARBAGE) if proves_speed(damage) else FailureCause.GARBAGE
    return Fault(cause, damage.detail)


class ReceivedBytes:
    """Everything received since `sent` was passed to the link; times in seconds.

    `handshake`: an ACK or NAK that is the answer if the line stays quiet after it. `error`: the last line event.
    """

    def __init__(self, sent: bytes = b"") -> None:
        self._sent = sent
        self._raw = bytearray()
        self._fault: Fault | None = None
        self._noise_at = -math.inf
        self.handshake: Handshake | None = None
        self.error: LineEvent | None = None

    def take(self, data: bytes) -> None:
        """Store received characters as far as they may be an echo of the sent message."""
        self._raw += data[: len(self._sent) + _ECHO_EXTRA + 1 - len(self._raw)]

    def note(self, fault: Fault, at: float) -> None:
        """Record a fault at the time `at`; the most informative one is kept."""
        self._noise_at = at
        if self._fault is None or _PRECEDENCE.index(fault.cause) >= _PRECEDENCE.index(self._fault.cause):
            self._fault = fault

    def disturbed(self, kind: LineEvent, at: float) -> None:
        """Record a line event, in which a character was lost."""
        self.error = kind
        self._noise_at = at
        self.handshake = None

    def may_be_answer(self, handshake: Handshake, at: float, quiet: float) -> bool:
        """Return whether a handshake character can be the answer.

        It cannot be one within `quiet` seconds after noise, nor if it equals the sent message, because it is its echo
        then.
        """
        return at - self._noise_at >= quiet and handshake.to_bytes() != self._sent

    def missing_answer(self, silence: Fault) -> Fault:
        """Return why there is no answer; `silence` if nothing was received."""
        received = bytes(value & 0x7F for value in self._raw)
        if self._is_echo(received) and len(received) <= len(self._sent) + _ECHO_EXTRA:
            return Fault(FailureCause.SILENCE, Message(_ECHO[received != self._sent]))
        fault = self._fault
        if self.error is not None and (fault is None or fault.cause is FailureCause.NAK):
            fault = Fault(FailureCause.GARBAGE, Message("only damaged characters were received"))
        elif fault is None and received.count(0) > _STRAY_NULS:
            # Characters at a much lower speed are received as breaks.
            fault = Fault(FailureCause.GARBAGE, Message("only NUL characters were received"))
        if fault is None:
            return silence
        first = received[: len(self._sent)]
        if first != self._sent and self._is_echo(first):
            template = marked(
                "{0}, after a damaged echo of the sent message (add echo=on to the LINK to remove the echo)"
            )
            return Fault(fault.cause, Message(template, (fault.detail,)))
        return fault

    def _is_echo(self, received: bytes) -> bool:
        return bool(received) and SequenceMatcher(None, self._sent, received, autojunk=False).ratio() >= _LIKE_ECHO
