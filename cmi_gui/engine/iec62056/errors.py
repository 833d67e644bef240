"""The one exception of this package."""

from __future__ import annotations

from enum import StrEnum

from cmi_gui.engine.messages import Message


class IecErrorCode(StrEnum):
    """What is wrong, for programs; the message says it to people."""

    BCC = "bcc"
    """The block check character does not fit."""
    GARBLED = "garbled"
    """A character has bit 7 set: a parity error, or an eight-bit line."""
    SYNTAX = "syntax"
    TOO_LONG = "too_long"
    """A limit of IEC 62056-21 6.4 or 6.6 is exceeded."""
    CHARACTER = "character"
    """A character that is not allowed where it stands."""
    INCOMPLETE = "incomplete"
    BUSY = "busy"
    """The machine is inside another exchange."""
    STATE = "state"
    """The command does not fit what the machine is doing."""


class Iec62056Error(ValueError):
    """Text, bytes or a call that IEC 62056-21 does not allow.

    `code` names the cause, `message` says it in one line, `offset` is the place in what was parsed (0 where there is
    none).
    """

    def __init__(self, code: IecErrorCode, message: Message, offset: int = 0) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.offset = offset
