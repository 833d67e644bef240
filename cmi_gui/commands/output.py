"""Common parts of the commands: exit codes, one-line errors, JSON on standard output."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import NoReturn

import typer

from cmi_gui.engine.mbus.render import Json, json_text
from cmi_gui.engine.messages import CodedError, Message, printable

NO_ANSWER = 1
"""The device refused or did not answer, or the command could not be carried out."""
WRONG_USE = 2
_NEVER = ("bad_link", "sim", "wired_twice")
"""Codes of a `LinkError` for what can never work, regardless of the devices attached."""


def emit_json(document: Json) -> bool:
    """Write one JSON document as one line of standard output and flush it; see `emit`."""
    return emit(json_text(document))


def emit(lines: str) -> bool:
    """Write lines to standard output and flush them. A closed pipe does not end a running program.

    Text from a wire or a file may hold escape sequences; like all characters that are not printable they are shown by
    their codes. All output of the commands goes through this function and `complain`.

    Returns False the first time that the other end of the pipe has been closed.
    """
    try:
        sys.stdout.write("".join(f"{printable(line)}\n" for line in lines.split("\n")))
        sys.stdout.flush()
    except OSError as error:
        if not is_reader_gone(error):
            raise
        silence_stdout()
        return False
    return True


def is_reader_gone(error: OSError) -> bool:
    """Return whether writing failed because the other end of the pipe was closed, which Windows reports as EINVAL."""
    return error.errno == errno.EPIPE or (sys.platform == "win32" and error.errno == errno.EINVAL)


def silence_stdout() -> None:
    """Discard what is still to be written to a standard output that is not read or cannot be written."""
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def complain(message: str | Message) -> None:
    """Write one line on standard error; if that is not possible, the line is lost."""
    with contextlib.suppress(OSError):
        sys.stderr.write(f"{complaint(message)}\n")
        sys.stderr.flush()


def complaint(message: str | Message) -> str:
    """Return a message as the line that `complain` writes."""
    return f"cmi-gui: {printable(' '.join(str(message).split()))}"


class StatusLine:
    """The line that shows the progress of a command, on a terminal only."""

    def __init__(self) -> None:
        self._watched = sys.stderr.isatty()

    def show(self, text: str) -> None:
        """Replace the line; it is written on standard error."""
        if self._watched:
            sys.stderr.write(f"\r\033[K{printable(text)} ")
            sys.stderr.flush()

    def clear(self) -> None:
        """Remove the line, before something else is written."""
        if self._watched:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()


def fail(
    message: str | Message, exit_code: int, *, code: str, json: bool, also: Mapping[str, Json] | None = None
) -> NoReturn:
    """End the command with one clear line; with `--json` the error is also written to standard output as JSON.

    `also`: further fields of the JSON document.
    """
    if json:
        emit_json({"error": code, "message": str(message), **(also or {})})
    complain(message)
    raise typer.Exit(exit_code)


@contextlib.contextmanager
def coded_errors_fail(*, json: bool, also: Callable[[], Mapping[str, Json]] = dict) -> Iterator[None]:
    """End the command if the block raises a `CodedError`; only a LINK that can never work counts as wrong use."""
    try:
        yield
    except CodedError as error:
        fail(error.message, WRONG_USE if error.code in _NEVER else NO_ANSWER, code=error.code, json=json, also=also())


@contextlib.contextmanager
def wrong_use_fails(*, json: bool, code: str = "wrong_use") -> Iterator[None]:
    """End the command if the block raises a `ValueError`."""
    try:
        yield
    except ValueError as error:
        fail(str(error), WRONG_USE, code=code, json=json)


def counted(count: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
