"""`cmi-gui read` and `cmi-gui scan`: a master on a LINK."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from cmi_gui.commands.master import run_master, target_of
from cmi_gui.commands.output import NO_ANSWER, WRONG_USE, complain, emit, emit_json, fail
from cmi_gui.engine.cmi1020.obis_labels import label, restore_lines
from cmi_gui.engine.configurator.discover import parse_range
from cmi_gui.engine.configurator.slaves import telegram_or_error
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.frame import ADDRESS_PRIMARY_MAX, Frame
from cmi_gui.engine.mbus.master import Procedure
from cmi_gui.engine.mbus.procedures import (
    FoundSlave,
    ScanProgress,
    mask_bytes,
    read_slave,
    scan_primary,
    selection_text,
)
from cmi_gui.engine.mbus.render import Json, error_to_json_dict, summary, to_json_dict, to_text
from cmi_gui.engine.mbus.search import search_secondary
from cmi_gui.engine.mbus.telegram import Telegram, TelegramKind
from cmi_gui.engine.mbus.wording import error_message
from cmi_gui.engine.messages import printable


def read(link: str, address: int | None, mask: str | None, timeout: float | None, *, json: bool) -> None:
    """Read all telegrams of one slave and show them."""
    at = target_of(address, mask, json=json)
    frames = run_master(link, lambda _: read_slave(at), timeout, json=json)
    answers = [telegram_or_error(frame) for frame in frames]
    telegrams = [answer for answer in answers if isinstance(answer, Telegram)]
    lines = restore_lines(telegrams)
    if json:
        emit_json({"telegrams": [_answer_json(answer) for answer in answers], "lines": lines})
    else:
        for telegram in telegrams:
            emit(to_text(telegram, label))
        if lines:
            emit("\nThe meter's own lines:")
            for line in lines:
                emit(f"  {printable(line)}")
    _judge(frames, answers, at.a)


def _answer_json(answer: Telegram | MBusError) -> dict[str, Json]:
    return error_to_json_dict(answer) if isinstance(answer, MBusError) else to_json_dict(answer, label)


def _judge(frames: Sequence[Frame], answers: Sequence[Telegram | MBusError], asked: int) -> None:
    """Say what is odd about the answers; ends the command with 1 where the slave said no, or nonsense."""
    failed = False
    for frame, answer in zip(frames, answers, strict=True):
        if isinstance(answer, MBusError):
            complain(f"a telegram cannot be decoded: {answer}; cmi-gui decode {frame.to_bytes().hex()}")
            failed = True
        elif answer.kind is TelegramKind.APPLICATION_ERROR:
            complain(f"the slave said no: {summary(answer)}")
            failed = True
        elif answer.fault is not None:
            complain(f"part of a telegram cannot be decoded: {error_message(answer.fault)}")
            failed = True
        if asked <= ADDRESS_PRIMARY_MAX and frame.a != asked:
            complain(f"address {asked} was asked, the answer says that it comes from {frame.a}")
    if failed:
        raise typer.Exit(NO_ANSWER)


def scan(link: str, primary: str | None, secondary: str | None, timeout: float | None, *, json: bool) -> None:
    """Look for slaves at primary addresses, by secondary address, or both; at all primary ones unless told."""
    try:
        addresses = parse_range(primary or "0-250") if primary is not None or secondary is None else None
        mask = None if secondary is None else mask_bytes(secondary)
    except ValueError as error:
        fail(str(error), WRONG_USE, code="wrong_use", json=json)
    show = _Progress(json)

    def procedure() -> Procedure[list[FoundSlave]]:
        found: list[FoundSlave] = []
        if addresses is not None:
            found += yield from scan_primary(addresses, show.step)
        if mask is not None:
            found += yield from search_secondary(mask, show.step)
        return found

    try:
        found = run_master(link, lambda _: procedure(), timeout, json=json)
    finally:
        show.clear()
    if json:
        emit_json({"found": [_found_json(slave) for slave in found]})
    if not found:
        where = [] if addresses is None else [f"at the addresses {addresses[0]} to {addresses[-1]}"]
        where += [] if mask is None else [f"to the mask {selection_text(mask)}"]
        complain(f"nobody answers {' or '.join(where)}")
        raise typer.Exit(NO_ANSWER)


class _Progress:
    """Tells each find as it is made, and where the scan is where a person watches."""

    def __init__(self, json: bool) -> None:
        self._json = json
        self._watched = sys.stderr.isatty()

    def step(self, step: ScanProgress) -> None:
        secondary = step.at.selection is not None
        where = f"{step.done:4.0%}  {step.at.where}" if secondary else f"address {step.at.where}"
        if step.found is not None and not self._json:
            self.clear()
            emit(_found_line(step.found))
        if self._watched:
            sys.stderr.write(f"\r\033[K{where} ")
            sys.stderr.flush()

    def clear(self) -> None:
        if self._watched:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()


def _found_line(found: FoundSlave) -> str:
    if found.telegram is not None:
        words = summary(found.telegram)
    elif found.collision:
        words = "several slaves answer at once"
    else:
        words = "answers without data" if found.frame is None else "answers with a telegram that cannot be decoded"
    return f"{found.at.where}: {words}"


def _found_json(found: FoundSlave) -> dict[str, Json]:
    """`secondary`: 16 digits as `--id` takes them; `fabrication`: where only that tells it from another."""
    selection = found.at.selection
    where: dict[str, Json] = {"address": found.at.primary}
    if selection is not None:
        where = {
            "secondary": (selection[3::-1] + selection[4:8]).hex().upper(),
            "fabrication": selection[:-5:-1].hex().upper() if len(selection) > 8 else None,
        }
    telegram = None if found.telegram is None else to_json_dict(found.telegram, label)
    return {**where, "collision": found.collision, "telegram": telegram}
