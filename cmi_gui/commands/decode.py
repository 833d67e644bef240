"""`cmi-gui decode`: decode telegrams in hex to text or JSON."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import typer

from cmi_gui.commands.output import NO_ANSWER, WRONG_USE, complain, emit, emit_json, fail
from cmi_gui.engine.cmi1020.obis_labels import label
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.render import Json, error_to_json_dict, summary, to_json_dict, to_text
from cmi_gui.engine.mbus.telegram import decode_telegram
from cmi_gui.engine.mbus.wording import rest_message
from cmi_gui.engine.messages import Message
from cmi_gui.engine.traffic.frame_pieces import split_frames
from cmi_gui.engine.traffic.pasted import PastedText, text_encoding
from cmi_gui.engine.traffic.pasted_line import NotHex, PastedLine

MAX_LINE = 4096
"""Characters of a line; the longest telegram has 261 bytes."""
_BLANK = "\ufeff \t\r\n\f\v"


def decode(arguments: Sequence[str], *, json: bool) -> None:
    """Decode telegrams given as text, as a file, or on standard input (`-`, or nothing).

    Ends the command with 1 if a telegram could not be decoded, or only in part.
    """
    if not arguments or list(arguments) == ["-"]:
        if sys.stdin.isatty():
            complaint = "give a telegram in hex, a file with telegrams in hex, or - for standard input"
            fail(complaint, WRONG_USE, code="wrong_use", json=json)
        _decode_all(_text_lines(sys.stdin.buffer), "standard input", json=json)
        return
    text = " ".join(arguments)
    path = Path(text)
    if _exists(path):
        try:
            file = path.open("rb")
        except OSError as error:
            fail(f"{path}: {error.strerror}", WRONG_USE, code="no_file", json=json)
        with file:
            _decode_all(_text_lines(file), str(path), json=json)
        return
    lines = text.split("\n")
    if len(lines) == 1 and _is_no_hex(text):
        message = f"{text[:60]!r} is neither hex nor an existing file"
        fail(message, WRONG_USE, code="no_file", json=json)
    _decode_all(lines, "the argument", json=json, in_full=True)


def _is_no_hex(text: str) -> bool:
    """Return whether a text holds no hex digits, so that it is probably a mistyped file name."""
    found = next(_telegrams([text]), None)
    return isinstance(found, NotHex) and found.code == "bad_hex" and found.offset is None


def _exists(path: Path) -> bool:
    """Return whether a file, pipe or folder exists; False for hex digits too long for a file name."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _text_lines(file: BinaryIO) -> Iterator[str]:
    """Yield the lines of a text in UTF-8 or UTF-16; of an overlong line only the beginning, which is overlong too."""
    beginning = file.peek(2) if isinstance(file, io.BufferedReader) else b""
    text = io.TextIOWrapper(file, encoding=text_encoding(beginning), errors="replace", newline="\n")
    while line := text.readline(MAX_LINE + 2):
        rest = line
        while len(rest) > MAX_LINE and not rest.endswith("\n"):
            rest = text.readline(MAX_LINE + 2)
        yield line


def _telegrams(lines: Iterable[str]) -> Iterator[bytes | NotHex]:
    """Yield the telegrams in lines, or the reason why a line has none; blank lines and `#` comments are skipped."""
    pasted = PastedText()
    for line in lines:
        text = line.strip(_BLANK)
        if not text or text.startswith("#"):
            continue
        try:
            if len(text) > MAX_LINE:
                template = "a telegram has at most 261 bytes; this line has more than {0} characters"
                raise NotHex("too_long", Message(template, (MAX_LINE,)))
            done = pasted.take(text)
        except NotHex as error:
            yield from _pieces(pasted.flush())
            yield error
        else:
            yield from _pieces(done)
    yield from _pieces(pasted.flush())


def _pieces(lines: Iterable[PastedLine]) -> Iterator[bytes | NotHex]:
    for line in lines:
        if line.masked:
            yield NotHex("masked", Message("bytes masked by ** cannot be decoded"))
        else:
            yield from split_frames(line.data)


def _decode_all(lines: Iterable[str], name: str, *, json: bool, in_full: bool = False) -> None:
    """Print each telegram; `in_full`: with all its records. End the command with 1 if one cannot be decoded."""
    count = failures = 0
    for found in _telegrams(lines):
        count += 1
        failures += not _decode_one(found, json=json, in_full=in_full)
    if count == 0:
        fail(f"{name} contains no telegram", NO_ANSWER, code="empty", json=json)
    if failures:
        raise typer.Exit(NO_ANSWER)


def _decode_one(found: bytes | NotHex, *, json: bool, in_full: bool) -> bool:
    """Print one telegram, or the reason why it cannot be decoded. Return whether all of it could be decoded."""
    try:
        if isinstance(found, NotHex):
            raise found
        telegram = decode_telegram(found)
    except (NotHex, MBusError) as error:
        if json:
            emit_json(_error_json(error))
        elif in_full:
            complain(str(error))
        else:
            emit(f"error: {error}")
        return False
    if json:
        emit_json(to_json_dict(telegram, label))
    else:
        emit(to_text(telegram, label) if in_full else summary(telegram))
        if in_full and telegram.fault is not None:
            complain(rest_message(telegram.rest, telegram.fault))
    return telegram.fault is None


def _error_json(error: NotHex | MBusError) -> dict[str, Json]:
    if isinstance(error, NotHex):
        return {"error": error.code, "message": str(error.message), "offset": error.offset}
    return error_to_json_dict(error)
