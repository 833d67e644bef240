"""The exception of this package, and the check of texts that raises it."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from cmi_gui.engine.messages import Message


class IecErrorCode(StrEnum):
    """The cause of an error, for programs; the message describes it for the user."""

    BCC = "bcc"
    """The block check character is wrong."""
    GARBLED = "garbled"
    """A character has bit 7 set: a parity error, or an eight-bit line."""
    SYNTAX = "syntax"
    TOO_LONG = "too_long"
    """A limit of IEC 62056-21 6.4 or 6.6 is exceeded."""
    CHARACTER = "character"
    """A character is not allowed at its position."""
    INCOMPLETE = "incomplete"
    BUSY = "busy"
    """Another exchange of the machine is in progress."""
    STATE = "state"
    """The command is not possible in the machine's present stage."""


class Iec62056Error(ValueError):
    """Text, bytes or a call that IEC 62056-21 does not allow.

    `code` names the cause, `message` describes it in one line, `offset` is the position in the parsed text or bytes (0
    if there is none).
    """

    def __init__(self, code: IecErrorCode, message: Message, offset: int = 0) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.offset = offset


def syntax_error(message: Message, offset: int = 0) -> Iec62056Error:
    """Return an error for a form that the standard does not allow."""
    return Iec62056Error(IecErrorCode.SYNTAX, message, offset)


def check_text(
    text: str, what: str | Message, forbidden: str, longest: int | None, *, lines: bool = False, offset: int = 0
) -> None:
    """Raise `Iec62056Error` unless `text` is printable ISO 646 without `forbidden` and not longer than `longest`.

    `lines`: CR and LF are allowed too. `offset`: the position of `text` in the whole parsed text.
    """
    if longest is not None and len(text) > longest:
        message = Message("{0} has {1} characters; at most {2} are allowed", (what, len(text), longest))
        raise Iec62056Error(IecErrorCode.TOO_LONG, message, offset + longest)
    end = offset + _allowed(forbidden, lines).match(text).end()  # type: ignore[union-attr]  # it matches "" too
    if end < offset + len(text):
        # Only the character is named, because the text may be a password.
        facts = (what, repr(text[end - offset]))
        raise Iec62056Error(IecErrorCode.CHARACTER, Message("{0} must not contain {1}", facts), end)


@lru_cache
def _allowed(forbidden: str, lines: bool) -> re.Pattern[str]:
    """Return the pattern of a text without wrong characters; see `check_text`."""
    allowed = {chr(code) for code in range(0x20, 0x7F)} - set(forbidden) | set("\r\n" if lines else "")
    return re.compile(f"[{re.escape(''.join(sorted(allowed)))}]*")
