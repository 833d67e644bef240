"""A decoder that finds the frames in a stream of bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cmi_gui.engine.mbus.frame import (
    ACK_BYTE,
    ACK_FRAME,
    LONG_BYTE,
    LONG_OVERHEAD,
    SHORT_BYTE,
    SHORT_SIZE,
    STOP_BYTE,
    Frame,
    FrameKind,
    checksum,
    long_frame,
)


@dataclass(frozen=True, slots=True)
class GoodFrame:
    """A frame that passed every check."""

    frame: Frame
    raw: bytes


@dataclass(frozen=True)
class DamagedFrame:
    """Bytes that are no good frame. A subclass says why."""

    raw: bytes


class Noise(DamagedFrame):
    """Bytes in which no frame can be recognised."""


class BadChecksum(DamagedFrame):
    """A telegram, whole from start to stop byte, with a wrong checksum."""


class BadLength(DamagedFrame):
    """`68 L L 68` whose lengths differ or are below 3, and what followed."""


class BadFrame(DamagedFrame):
    """A telegram whose second start byte is not 68 or whose stop byte is not 16, and what followed."""


class Truncated(DamagedFrame):
    """An incomplete telegram: the line went idle before its end."""


FrameEvent = GoodFrame | DamagedFrame

_CANDIDATE = re.compile(rb"[\x10\x68\xe5]")
_MAX_RUN = 1024


class FrameDecoder:
    """A decoder that finds the frames in a stream of bytes.

    The `raw` bytes of all events, joined, are the stream: nothing is lost or repeated. Bytes that belong to no frame
    form one *run*, which is reported when something else ends it, when the line goes idle, or after 1024 bytes. A run
    is classified by its first byte: the start of a damaged telegram, or noise.

    A telegram with one fault is a damaged telegram; if only a start byte indicates one, it is noise. A telegram that is
    whole except for its checksum is an event of its own. After any other damaged start the search goes on from the
    second byte, and only a frame with a correct checksum ends that run: a lone E5 in it is more likely data of the
    damaged telegram than an answer.

    The events do not depend on how the stream is cut into chunks. Time is linear, memory is bounded.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        # Bytes of the buffer before this index are the open run, whose class is `_fault`.
        self._at = 0
        self._fault: type[DamagedFrame] = Noise

    @property
    def pending(self) -> bool:
        """True if bytes are held back that `idle` would report."""
        return bool(self._buffer)

    def reset(self) -> None:
        """Drop the bytes held back."""
        self._buffer.clear()
        self._at = 0
        self._fault = Noise

    def feed(self, data: bytes) -> list[FrameEvent]:
        """Process bytes; return the events in the order of the stream."""
        self._buffer += data
        return self._scan(at_end=False)

    def idle(self) -> list[FrameEvent]:
        """End an unfinished telegram on an idle line: search after its start for frames, report what is left."""
        return self._scan(at_end=True)

    def _scan(self, *, at_end: bool) -> list[FrameEvent]:
        events: list[FrameEvent] = []
        buffer = self._buffer
        end = len(buffer)
        start = 0  # of the open run
        at = self._at
        while at < end:
            found = _CANDIDATE.search(buffer, at)
            at = found.start() if found else end
            while at - start >= _MAX_RUN:
                events.append(self._fault(bytes(buffer[start : start + _MAX_RUN])))
                self._fault = Noise
                start += _MAX_RUN
            if not found:
                break
            verdict = _judge(buffer, at, end, at_end=at_end)
            if verdict is None:
                break
            damaged = self._fault is not Noise
            if verdict is Noise or (damaged and (verdict is ACK_FRAME or isinstance(verdict, type))):
                at += 1
                continue
            if at > start:
                events.append(self._fault(bytes(buffer[start:at])))
            start = at
            self._fault = Noise
            if isinstance(verdict, Frame) or verdict is BadChecksum:
                at += _size(buffer, at)
                raw = bytes(buffer[start:at])
                events.append(GoodFrame(verdict, raw) if isinstance(verdict, Frame) else BadChecksum(raw))
                start = at
            else:
                self._fault = verdict
                at += 1
        if at_end:
            if end > start:
                events.append(self._fault(bytes(buffer[start:end])))
            self.reset()
        else:
            del buffer[:start]
            self._at = at - start
        return events


def decode_all(data: bytes) -> list[FrameEvent]:
    """Return the events of bytes after which the line is idle."""
    decoder = FrameDecoder()
    return [*decoder.feed(data), *decoder.idle()]


def _size(buffer: bytearray, at: int) -> int:
    """Return the size in bytes of the whole frame that starts at `at`."""
    if buffer[at] == LONG_BYTE:
        return buffer[at + 1] + LONG_OVERHEAD
    return SHORT_SIZE if buffer[at] == SHORT_BYTE else 1


def _judge(buffer: bytearray, at: int, end: int, *, at_end: bool) -> Frame | type[DamagedFrame] | None:
    """Return the frame at a start byte, or its fault; None: more bytes are needed."""
    start = buffer[at]
    if start == ACK_BYTE:
        return ACK_FRAME
    if start == SHORT_BYTE:
        return _judge_short(buffer, at, end, at_end=at_end)
    if at + 4 > end:
        return Noise if at_end else None
    first, second, second_start = buffer[at + 1 : at + 4]
    if first != second or first < 3:
        return BadLength if second_start == LONG_BYTE else Noise
    if second_start != LONG_BYTE:
        return BadFrame
    stop = at + 5 + first
    if stop >= end:
        return Truncated if at_end else None
    if buffer[stop] != STOP_BYTE:
        return BadFrame
    body = bytes(buffer[at + 4 : stop - 1])
    return long_frame(body) if checksum(body) == buffer[stop - 1] else BadChecksum


def _judge_short(buffer: bytearray, at: int, end: int, *, at_end: bool) -> Frame | type[DamagedFrame] | None:
    available = end - at
    if available < SHORT_SIZE and not at_end:
        return None
    sum_is_right = available >= 4 and buffer[at + 3] == (buffer[at + 1] + buffer[at + 2]) & 0xFF
    if available < SHORT_SIZE:
        return Truncated if sum_is_right else Noise
    if buffer[at + 4] != STOP_BYTE:
        return BadFrame if sum_is_right else Noise
    return Frame(FrameKind.SHORT, buffer[at + 1], buffer[at + 2]) if sum_is_right else BadChecksum
