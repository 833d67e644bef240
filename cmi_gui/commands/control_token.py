"""The token that a connection to the control socket must give first, from a file that only its owner can read."""

from __future__ import annotations

import hmac
import os
import re
import stat
from pathlib import Path
from typing import Final

from cmi_gui.engine.messages import CodedError, Message

_TOKEN: Final = re.compile(rb"[!#-~]{16,128}")
_FIRST_WORD: Final = b"token"
_FORM: Final = Message("a token has 16 to 128 characters, without blanks, quotes and accents")


def read_token(path: Path) -> bytes:
    """Return the token in a file. Raises CodedError if the file cannot be used, or if others can read it."""
    try:
        with path.open("rb") as file:
            # Asked of the open file, so that it cannot be exchanged in between.
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            text = file.read(1000).strip()
    except OSError as error:
        reason = error.strerror or str(error)
        raise _refusal(Message("the control token cannot be read from {0}: {1}", (str(path), reason))) from None
    if os.name == "posix" and mode & 0o077:
        raise _refusal(
            Message(
                "others can read or change {0} (mode {1}), so its control token is not used; run: chmod 600 {0}",
                (str(path), f"{mode:03o}"),
            )
        )
    if not _TOKEN.fullmatch(text):
        raise _refusal(Message("{0} does not contain a control token: {1}", (str(path), _FORM)))
    return text


def _refusal(message: Message) -> CodedError:
    return CodedError("control_token", message)


def gives_token(line: bytes, token: bytes) -> bool:
    """Return whether a line is `token` and the right token; the time that this takes does not depend on the token."""
    first, _, given = line.strip().partition(b" ")
    return hmac.compare_digest(given.strip(), token) and first == _FIRST_WORD
