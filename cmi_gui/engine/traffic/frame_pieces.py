"""Bytes and the M-Bus frames in them, where a whole piece is there to look at."""

from __future__ import annotations

from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.frame import FrameDecoder, GoodFrame, parse_frame


def is_frame(data: bytes) -> bool:
    """Whether bytes are exactly one good frame."""
    try:
        parse_frame(data)
    except MBusError:
        return False
    return True


def split_frames(data: bytes) -> list[bytes]:
    """The pieces of bytes that hold several frames, in order, with what stands between them; else all as one."""
    if is_frame(data):
        return [data]
    decoder = FrameDecoder()
    events = [*decoder.feed(data), *decoder.idle()]
    if len(events) > 1 and any(isinstance(event, GoodFrame) for event in events):
        return [event.raw for event in events]
    return [data]


def leading_frames(data: bytes) -> tuple[list[bytes], bytes]:
    """The good frames with which bytes begin, and the rest."""
    frames = []
    while size := _frame_size(data):
        if size > len(data) or not is_frame(data[:size]):
            break
        frames.append(data[:size])
        data = data[size:]
    return frames, data


def _frame_size(data: bytes) -> int:
    """How long the frame is with which bytes begin; 0 where none does. As far as they go, which may be too short."""
    match data[:1]:
        case b"\xe5":
            return 1
        case b"\x10":
            return 5
        case b"\x68" if len(data) < 3 or (data[1] == data[2] and data[1] >= 3 and data[3:4] in (b"", b"\x68")):
            return data[1] + 6 if len(data) > 1 else 9
    return 0


def is_beginning(data: bytes) -> bool:
    """Whether bytes may be the beginning of a frame that goes on in another line."""
    return 0 < len(data) < _frame_size(data)
