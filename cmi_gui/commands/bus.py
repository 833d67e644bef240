"""`cmi-gui read` and `cmi-gui scan`: a master on a LINK."""

from __future__ import annotations

import sys
from collections.abc import Generator, Sequence

import typer

from cmi_gui.commands.master import run_master, target_of
from cmi_gui.commands.output import NO_ANSWER, WRONG_USE, complain, emit_json, fail
from cmi_gui.engine.cmi1020.obis_labels import label, restore_lines
from cmi_gui.engine.configurator.client import MasterClient
from cmi_gui.engine.configurator.discover import parse_range
from cmi_gui.engine.configurator.slaves import decoded
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.frame import ADDRESS_PRIMARY_MAX, Frame
from cmi_gui.engine.mbus.master import Answer, Exchange
from cmi_gui.engine.mbus.procedures import Found, mask_bytes, read_primary, read_secondary, scan_primary
from cmi_gui.engine.mbus.render import Json, error_to_json_dict, summary, to_json_dict, to_text
from cmi_gui.engine.mbus.search import FoundSlave, SearchStep, search_secondary, selection_text
from cmi_gui.engine.mbus.telegram import Telegram, TelegramKind


def read(link: str, address: int | None, mask: str | None, timeout: float | None, *, json: bool) -> None:
    """Read all telegrams of one slave and show them."""
    target = target_of(address, mask, json=json)
    procedure: Generator[Exchange, Answer, list[Frame]]
    procedure = read_primary(target.a) if target.mask is None else read_secondary(target.mask)
    frames = run_master(link, lambda client: client.run(procedure), timeout, json=json)
    answers = [decoded(frame) for frame in frames]
    telegrams = [answer for answer in answers if isinstance(answer, Telegram)]
    lines = restore_lines(telegrams)
    if json:
        emit_json({"telegrams": [_answer_json(answer) for answer in answers], "lines": lines})
    else:
        for telegram in telegrams:
            typer.echo(to_text(telegram, label))
        if lines:
            typer.echo("\nThe meter's own lines:")
            for line in lines:
                typer.echo(f"  {line}")
    _judge(frames, answers, target.a)


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

    async def go(client: MasterClient) -> list[dict[str, object]]:
        found: list[dict[str, object]] = []
        if addresses is not None:
            slaves = await client.run(scan_primary(addresses, show.address))
            found += [_found_json(slave) for slave in slaves]
        if mask is not None:
            found += [_found_slave_json(slave) for slave in await client.run(search_secondary(mask, show.step))]
        return found

    try:
        found = run_master(link, go, timeout, json=json)
    finally:
        show.clear()
    if json:
        emit_json({"found": found})
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

    def address(self, address: int, found: Found | None) -> None:
        self._show(f"address {address}", None if found is None else _found_line(found))

    def step(self, step: SearchStep) -> None:
        text = f"{step.done:4.0%}  {selection_text(step.mask)}"
        self._show(text, None if step.found is None else _found_slave_line(step.found))

    def _show(self, where: str, found: str | None) -> None:
        if found is not None and not self._json:
            self.clear()
            typer.echo(found)
        if self._watched:
            sys.stderr.write(f"\r\033[K{where} ")
            sys.stderr.flush()

    def clear(self) -> None:
        if self._watched:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()


def _found_line(found: Found) -> str:
    if found.telegram is not None:
        return f"{found.address}: {summary(found.telegram)}"
    return f"{found.address}: {_without_telegram(found)}"


def _without_telegram(found: Found | FoundSlave) -> str:
    if found.collision:
        return "several slaves answer at once"
    return "answers without data" if found.frame is None else "answers with a telegram that cannot be decoded"


def _found_slave_line(found: FoundSlave) -> str:
    name = selection_text(found.selection)
    if found.telegram is not None:
        return f"{name}: {summary(found.telegram)}"
    return f"{name}: {_without_telegram(found)}"


def _found_json(found: Found) -> dict[str, object]:
    return {
        "address": found.address,
        "collision": found.collision,
        "telegram": None if found.telegram is None else to_json_dict(found.telegram, label),
    }


def _found_slave_json(found: FoundSlave) -> dict[str, object]:
    """`secondary`: 16 digits as `--id` takes them; `fabrication`: where only that tells it from another."""
    selection = found.selection
    return {
        "secondary": (selection[3::-1] + selection[4:8]).hex().upper(),
        "fabrication": selection[:-5:-1].hex().upper() if len(selection) > 8 else None,
        "collision": found.collision,
        "telegram": None if found.telegram is None else to_json_dict(found.telegram, label),
    }
