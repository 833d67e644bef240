"""Telegrams in pasted text; those that take several lines, as in hex dumps and arrays, are put together."""

from __future__ import annotations

import codecs
from dataclasses import replace

from cmi_gui.engine.traffic.frame_pieces import is_beginning, is_frame, leading_frames
from cmi_gui.engine.traffic.hex_dump import HexDump
from cmi_gui.engine.traffic.pasted_line import PastedLine, read_line


def text_encoding(beginning: bytes) -> str:
    """Return the encoding of a text by its first bytes: UTF-16 if they are its byte order mark, else UTF-8."""
    marks = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
    return marks.get(beginning[:2], "utf-8")


class PastedText:
    """Pasted lines in order, put together if a telegram takes several: hex dumps, arrays, wrapped lines.

    Lines are put together only if their offsets or a correct checksum show that they belong together.
    """

    def __init__(self) -> None:
        self._dump = HexDump()
        self._waiting: list[PastedLine] = []
        """The lines with the beginning of a telegram."""

    def take(self, text: str) -> list[PastedLine]:
        """Add a line; return the telegrams that are complete with it.

        Raises NotHex; then `flush` returns the bytes of the lines before it.
        """
        done: list[PastedLine] = []
        if self._dump.take(text):
            return self._take_waiting() + ([PastedLine(self._dump.end())] if self._dump.is_full else [])
        another = HexDump()
        line = None if self._dump.size and another.take(text) else read_line(text)
        if self._dump.size:
            done = [PastedLine(self._dump.end())]
            self._dump = another
        if line is None:
            return done
        if self._waiting and not self._continues(line):
            done += self._take_waiting()
        frames, rest = leading_frames(b"".join(part.data for part in self._waiting) + line.data)
        if line.masked or not (frames or is_beginning(rest)):
            return [*done, *self._take_waiting(), line]
        head = self._waiting[0] if self._waiting else line
        if frames:
            self._waiting.clear()
            done += [replace(head, data=frame) for frame in frames]
        if is_beginning(rest):
            self._waiting.append(replace(head, data=rest) if frames else line)
        elif rest:
            done.append(replace(head, data=rest))
        return done

    def flush(self) -> list[PastedLine]:
        """Return the bytes that wait for further lines."""
        dump = [PastedLine(self._dump.end())] if self._dump.size else []
        return dump + self._take_waiting()

    def _take_waiting(self) -> list[PastedLine]:
        waiting, self._waiting = self._waiting, []
        return waiting

    def _continues(self, line: PastedLine) -> bool:
        """Return whether a line may continue the waiting ones: no frame of its own, and not of the other direction."""
        if line.to_slave not in (None, self._waiting[0].to_slave) or line.masked:
            return False
        return len(line.data) == 1 or not is_frame(line.data)
