"""A test of a connection's first bytes: those of a reading device, or of something else."""

from __future__ import annotations

from typing import Final

from cmi_gui.engine.iec62056.message import NAK, SOH
from cmi_gui.engine.messages import Message

_WAKE_UP: Final = b"\x00\x55\x7f"
"""Bytes that may precede the first message, without their parity bits: the wake-up of devices with a battery
(IEC 62056-21 B.2), and what a receiver makes of an idle line."""


def judge_sign_on(data: bytes) -> Message | bool:
    """Judge the first bytes of a connection: True for a reading device's, False if more are needed, else a description.

    A reading device begins with `/?`, a request, or with the SOH of a command (a break ends the session of another one)
    or a NAK. Parity bits may be in bit 7.
    """
    begins = bytes(byte & 0x7F for byte in data).lstrip(_WAKE_UP)
    if begins in (b"", b"/"):
        return False
    if begins.startswith(b"/?") or begins[0] in (SOH, NAK):
        return True
    return Message("bytes of another protocol")
