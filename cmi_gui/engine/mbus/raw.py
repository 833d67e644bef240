"""Telegrams that a user gives as bytes; damaged ones are sent as they are."""

from __future__ import annotations

from dataclasses import dataclass

from cmi_gui.engine.mbus.exchange import Exchange, Expect
from cmi_gui.engine.mbus.frame import (
    ACK_BYTE,
    ACK_FRAME,
    ADDRESS_BROADCAST,
    LONG_BYTE,
    LONG_OVERHEAD,
    MAX_FRAME,
    SHORT_BYTE,
    SHORT_SIZE,
    Frame,
    FrameKind,
    Function,
    long_frame,
)

_LEAST_LONG = LONG_OVERHEAD + 3


@dataclass(frozen=True, slots=True)
class RawFrame(Frame):
    """A frame that is sent as the bytes `raw`, such as one with a wrong checksum."""

    raw: bytes = b""

    def to_bytes(self) -> bytes:
        """Return `raw`."""
        return self.raw


def repaired(data: bytes) -> Frame | None:
    """Return the frame that bytes are apart from checksum and stop byte, which are ignored; None if they are none."""
    if data == bytes((ACK_BYTE,)):
        return ACK_FRAME
    if len(data) == SHORT_SIZE and data[0] == SHORT_BYTE:
        return Frame.short(data[1], data[2])
    fits = _LEAST_LONG <= len(data) <= MAX_FRAME and data[1] == data[2] == len(data) - LONG_OVERHEAD
    if fits and data[0] == data[3] == LONG_BYTE:
        return long_frame(data[4:-2])
    return None


def raw_exchange(data: bytes) -> Exchange:
    """Return the exchange that sends bytes once, and waits for the answer that their C field requests.

    A broadcast to 255 gets no answer. Raises ValueError for no bytes, or more than the longest telegram.
    """
    if not 0 < len(data) <= MAX_FRAME:
        raise ValueError(f"a telegram has 1 to {MAX_FRAME} bytes, not {len(data)}")
    frame = repaired(data)
    if frame is None:
        return Exchange(RawFrame(FrameKind.LONG, raw=data), Expect.RESPONSE, 0)
    if frame.to_bytes() != data:
        frame = RawFrame(frame.kind, frame.c, frame.a, frame.ci, frame.data, data)
    elif frame.from_master and frame.a == ADDRESS_BROADCAST:
        return Exchange(frame, Expect.NOTHING, 0)
    acknowledged = frame.function in (Function.SND_NKE, Function.SND_UD)
    return Exchange(frame, Expect.ACK if acknowledged else Expect.RESPONSE, 0)
