"""What commands share: exit codes, one-line errors, JSON on standard output."""

from __future__ import annotations

import sys
from typing import NoReturn

import msgspec
import typer

__all__ = ["DONE", "NO_ANSWER", "WRONG_USE", "complain", "emit_json", "fail"]

DONE = 0
NO_ANSWER = 1
"""The device said no or did not answer, or something that was asked for could not be done."""
WRONG_USE = 2


_ENCODER = msgspec.json.Encoder(decimal_format="number")
"""Decimals as numbers, digit by digit: a binary fraction would not be exact."""


def emit_json(document: object) -> None:
    """One JSON document on one line of standard output, told at once."""
    sys.stdout.write(_ENCODER.encode(document).decode() + "\n")
    sys.stdout.flush()


def complain(message: str) -> None:
    """One line on standard error."""
    sys.stderr.write(f"cmi-gui: {' '.join(message.split())}\n")
    sys.stderr.flush()


def fail(message: str, exit_code: int, *, code: str, json: bool) -> NoReturn:
    """End the command with one clear line; with `--json` the error also stands on standard output as JSON."""
    if json:
        emit_json({"error": code, "message": message})
    complain(message)
    raise typer.Exit(exit_code)
