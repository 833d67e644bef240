"""M-Bus frames in bytes that are complete, unlike those of a link, which arrive in pieces."""

from __future__ import annotations

from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.frame import parse_frame
from cmi_gui.engine.mbus.frame_decoder import GoodFrame, decode_all


def is_frame(data: bytes) -> bool:
    """Return whether bytes are exactly one good frame."""
    try:
        parse_frame(data)
    except MBusError:
        return False
    return True


def split_frames(data: bytes) -> list[bytes]:
    """Return the frames in bytes that contain several, and the bytes between them, in order; else all as one piece."""
    if is_frame(data):
        return [data]
    events = decode_all(data)
    if len(events) > 1 and any(isinstance(event, GoodFrame) for event in events):
        return [event.raw for event in events]
    return [data]


def leading_frames(data: bytes) -> tuple[list[bytes], bytes]:
    """Return the good frames at the beginning of bytes, and the rest."""
    frames = []
    while size := _frame_size(data):
        if size > len(data) or not is_frame(data[:size]):
            break
        frames.append(data[:size])
        data = data[size:]
    return frames, data


def _frame_size(data: bytes) -> int:
    """Return the size of the frame at the beginning of bytes, which may be incomplete; 0 if no frame begins there."""
    match data[:1]:
        case b"\xe5":
            return 1
        case b"\x10":
            return 5
        case b"\x68" if len(data) < 3 or (data[1] == data[2] and data[1] >= 3 and data[3:4] in (b"", b"\x68")):
            return data[1] + 6 if len(data) > 1 else 9
    return 0


def is_beginning(data: bytes) -> bool:
    """Return whether bytes may be the beginning of a frame that continues in another line."""
    return 0 < len(data) < _frame_size(data)
