"""`cmi-gui read` and `cmi-gui scan`: a master on a LINK."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from cmi_gui.commands.master import run_master, target_of
from cmi_gui.commands.output import NO_ANSWER, StatusLine, complain, emit, emit_json, wrong_use_fails
from cmi_gui.engine.cmi1020.obis_labels import label, restore_lines
from cmi_gui.engine.configurator.discover import parse_range
from cmi_gui.engine.configurator.slaves import telegram_or_error
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.exchange import Procedure
from cmi_gui.engine.mbus.procedures import SlaveReading, read_slave
from cmi_gui.engine.mbus.render import Json, error_to_json_dict, summary, to_json_dict, to_text
from cmi_gui.engine.mbus.scan import FoundSlave, ScanProgress, scan_primary
from cmi_gui.engine.mbus.search import search_secondary
from cmi_gui.engine.mbus.slave_address import mask_bytes, selection_text
from cmi_gui.engine.mbus.telegram import Telegram, TelegramKind
from cmi_gui.engine.mbus.wording import error_message
from cmi_gui.engine.messages import printable


def read(
    link: str, address: int | None, mask: str | None, telegrams: int | None, timeout: float | None, *, json: bool
) -> None:
    """Read the telegrams of one slave, all or a given number, and print them."""
    at = target_of(address, mask, json=json)
    reading = run_master(link, lambda _: read_slave(at, telegrams), timeout, json=json)
    answers = [telegram_or_error(frame) for frame in reading.frames]
    decoded = [answer for answer in answers if isinstance(answer, Telegram)]
    lines = restore_lines(decoded)
    if json:
        warnings: list[Json] = [str(warning) for warning in reading.warnings]
        shown: list[Json] = [_answer_json(answer) for answer in answers]
        emit_json({"telegrams": shown, "lines": list(lines), "complete": reading.complete, "warnings": warnings})
    else:
        for telegram in decoded:
            emit(to_text(telegram, label))
        if lines:
            emit("\nData lines of the meter:")
            for line in lines:
                emit(f"  {printable(line)}")
    _judge(reading, answers)


def _answer_json(answer: Telegram | MBusError) -> dict[str, Json]:
    return error_to_json_dict(answer) if isinstance(answer, MBusError) else to_json_dict(answer, label)


def _judge(reading: SlaveReading, answers: Sequence[Telegram | MBusError]) -> None:
    """Report problems with the answers; end the command with 1 after a refusal or a damaged or missing answer."""
    failed = not reading.complete
    for warning in reading.warnings:
        complain(str(warning))
    for frame, answer in zip(reading.frames, answers, strict=True):
        if isinstance(answer, MBusError):
            complain(f"cannot decode a telegram: {answer}; see cmi-gui decode {frame.to_bytes().hex()}")
            failed = True
        elif answer.kind is TelegramKind.APPLICATION_ERROR:
            complain(f"the slave reported an error: {summary(answer)}")
            failed = True
        elif answer.fault is not None:
            complain(f"cannot decode part of a telegram: {error_message(answer.fault)}")
            failed = True
    if failed:
        raise typer.Exit(NO_ANSWER)


def scan(link: str, primary: str | None, secondary: str | None, timeout: float | None, *, json: bool) -> None:
    """Find slaves by primary address, secondary address, or both; by default at all primary addresses."""
    with wrong_use_fails(json=json):
        addresses = parse_range(primary or "0-250") if primary is not None or secondary is None else None
        mask = None if secondary is None else mask_bytes(secondary)
    show = _Progress(json)

    def procedure() -> Procedure[list[FoundSlave]]:
        found: list[FoundSlave] = []
        if addresses is not None:
            found += yield from scan_primary(addresses, show.step)
        if mask is not None:
            found += yield from search_secondary(mask, show.step)
        return found

    try:
        found = run_master(link, lambda _: procedure(), timeout, json=json, so_far=show.found_json)
    finally:
        show.clear()
    if json:
        emit_json(show.found_json())
    if not found:
        where = [] if addresses is None else [f"at addresses {addresses[0]} to {addresses[-1]}"]
        where += [] if mask is None else [f"to the mask {selection_text(mask)}"]
        complain(f"no slave answers {' or '.join(where)}")
        raise typer.Exit(NO_ANSWER)


class _Progress:
    """The output of a running scan: each slave when it is found, and on a terminal the progress."""

    def __init__(self, json: bool) -> None:
        self._found: list[FoundSlave] = []
        self._json = json
        self._line = StatusLine()

    def step(self, step: ScanProgress) -> None:
        secondary = step.at.selection is not None
        where = f"{step.done:4.0%}  {step.at.where}" if secondary else f"address {step.at.where}"
        if step.found is not None:
            self._found.append(step.found)
            if not self._json:
                self.clear()
                emit(_found_line(step.found))
        self._line.show(where)

    def found_json(self) -> dict[str, Json]:
        return {"found": [_found_json(slave) for slave in self._found]}

    def clear(self) -> None:
        self._line.clear()


def _found_line(found: FoundSlave) -> str:
    if found.telegram is not None:
        words = summary(found.telegram)
        if found.collision:
            words += "; another slave seems to answer here too"
    elif found.collision:
        words = "several slaves answer at once and cannot be distinguished"
    else:
        words = "answers without data" if found.frame is None else "answers with a telegram that cannot be decoded"
    return f"{found.at.where}: {words}"


def _found_json(found: FoundSlave) -> dict[str, Json]:
    """Return a slave as JSON. `secondary`: 16 digits as for `--id`; `fabrication`: if slaves differ only in it."""
    selection = found.at.selection
    where: dict[str, Json] = {"address": found.at.primary}
    if selection is not None:
        where = {
            "secondary": (selection[3::-1] + selection[4:8]).hex().upper(),
            "fabrication": selection[:-5:-1].hex().upper() if len(selection) > 8 else None,
        }
    telegram = None if found.telegram is None else to_json_dict(found.telegram, label)
    return {**where, "collision": found.collision, "telegram": telegram}
