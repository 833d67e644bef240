"""`cmi-gui decode`: telegrams in hex to readable text or JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

import typer

from cmi_gui.commands.output import NO_ANSWER, WRONG_USE, emit_json, fail
from cmi_gui.engine.cmi1020.obis_labels import label
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.render import summary, to_json_dict, to_text
from cmi_gui.engine.mbus.telegram import decode_telegram

_SEPARATORS = str.maketrans("", "", " \t\r\n:-,")
MAX_LINE = 4096
"""Characters of a line; the longest telegram has 261 bytes."""


class BadHex(ValueError):
    """Text that is no telegram in hex; `offset` counts bytes."""

    def __init__(self, code: str, message: str, offset: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.offset = offset


def parse_hex(text: str) -> bytes:
    """Bytes of hex digits; blanks, colons, commas, hyphens and `0x` between bytes are passed over. Raises BadHex."""
    if len(text) > MAX_LINE:
        raise BadHex("too_long", f"a telegram has at most 261 bytes; this line has more than {MAX_LINE} characters")
    digits = text.replace("0x", "").replace("0X", "").translate(_SEPARATORS)
    for index, digit in enumerate(digits):
        if digit not in "0123456789abcdefABCDEF":
            raise BadHex("bad_hex", f"{digit!r} is no hex digit", index // 2)
    if len(digits) % 2:
        raise BadHex("odd_hex", f"{len(digits)} hex digits make no whole bytes; one is missing or too many", None)
    return bytes.fromhex(digits)


def decode(arguments: Sequence[str], *, json: bool) -> None:
    """Decode telegrams given as hex, as a file, or on standard input (`-`, or nothing)."""
    if not arguments or list(arguments) == ["-"]:
        if sys.stdin.isatty():
            complaint = "give a telegram in hex, a file with one telegram in hex per line, or - for standard input"
            fail(complaint, WRONG_USE, code="wrong_use", json=json)
        _decode_lines(_text_lines(sys.stdin.buffer), "standard input", json=json)
        return
    text = " ".join(arguments)
    path = Path(text)
    if _exists(path):
        try:
            file = path.open("rb")
        except OSError as error:
            fail(f"{path}: {error.strerror}", WRONG_USE, code="no_file", json=json)
        with file:
            _decode_lines(_text_lines(file), str(path), json=json)
        return
    if not _looks_like_hex(text):
        message = f"{text[:60]!r} is neither hex digits nor a file that exists"
        fail(message, WRONG_USE, code="no_file", json=json)
    if not _decode_one(text, json=json, whole=True):
        raise typer.Exit(NO_ANSWER)


def _exists(path: Path) -> bool:
    """Whether there is such a file, pipe or folder; hex digits too long for a file name are none."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _looks_like_hex(text: str) -> bool:
    """Mostly hex digits: a mistyped digit is told as such, a mistyped file name as that."""
    digits = text.translate(_SEPARATORS)
    return bool(digits) and sum(digit in "0123456789abcdefABCDEFxX" for digit in digits) >= 0.8 * len(digits)


def _text_lines(file: BinaryIO) -> Iterable[str]:
    """Lines as text; of one that is too long only the beginning, which is too long as well.

    They are read as bytes, because a line that is no text must fail alone, not the whole file.
    """
    while raw := file.readline(MAX_LINE + 2):
        rest = raw
        while len(rest) > MAX_LINE and not rest.endswith(b"\n"):
            rest = file.readline(MAX_LINE + 2)
        yield raw.decode("utf-8-sig", errors="replace")


def _decode_lines(lines: Iterable[str], name: str, *, json: bool) -> None:
    """One answer line for each line that is neither blank nor a `#` comment."""
    count = failures = 0
    for line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        count += 1
        failures += not _decode_one(line, json=json, whole=False)
    if count == 0:
        fail(f"{name} holds no telegram", NO_ANSWER, code="empty", json=json)
    if failures:
        raise typer.Exit(NO_ANSWER)


def _decode_one(text: str, *, json: bool, whole: bool) -> bool:
    """Tell one telegram; `whole`: with all its records. Returns whether it could be decoded."""
    try:
        telegram = decode_telegram(parse_hex(text))
        answer = to_json_dict(telegram, label) if json else None
    except (BadHex, MBusError) as error:
        code = error.code if isinstance(error, BadHex) else error.code.value
        if json:
            emit_json({"error": code, "message": str(error.message), "offset": error.offset})
        else:
            typer.echo(f"error: {error}", err=whole)
        return False
    if json:
        emit_json(answer)
    else:
        typer.echo(to_text(telegram, label) if whole else summary(telegram))
    return True
