"""`cmi-gui set`: send one setting or action of the profile to one module."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

from cmi_gui.commands.master import run_master, target_of
from cmi_gui.commands.output import WRONG_USE, emit, emit_json, fail, wrong_use_fails
from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.profile import CommandRow, ModuleProfile, load_module_profile
from cmi_gui.engine.configurator.writing import can_be_sent, prepare, write
from cmi_gui.engine.traffic.masking import MbusMask, hex_text

OBJECT_ACTIONS = {"write": "00", "clear": "07", "add": "08", "delete": "09"}
"""Names of the object actions of EN 13757-3 that the profile supports, and their codes."""
_MAX_PIPED = 1000


def change(
    name: str,
    text: str | None,
    link: str,
    address: int | None,
    mask: str | None,
    action: str,
    module_profile: Path | None,
    timeout: float | None,
    *,
    json: bool,
) -> None:
    """Send a setting or action, and read the status afterwards, which shows a refusal."""
    with wrong_use_fails(json=json, code="bad_profile"):
        profile = load_module_profile(module_profile)
    row = _row(profile, name, json=json)
    target = target_of(address, mask, json=json)
    if action not in OBJECT_ACTIONS:
        fail(
            f"--action must be one of {', '.join(OBJECT_ACTIONS)}, not {action}", WRONG_USE, code="wrong_use", json=json
        )
    if row.secret:
        text = secret_text(row, text, json=json)
    with wrong_use_fails(json=json, code="bad_value"):
        writing = prepare(CommandTable(profile), row, text or "", target, action=OBJECT_ACTIONS[action])

    written = run_master(
        link, lambda client: write(writing, client.baud), timeout, json=json, module_profile=module_profile
    )
    telegram = written.frame.to_bytes()
    sent = hex_text(telegram, MbusMask(profile).ranges(telegram))
    if json:
        emit_json({"name": name, "sent": sent, "answer": "ack", "status": written.status})
        return
    status = "no status that shows a refusal" if written.status is None else f"status {written.status:02X}"
    emit(f"{row.title}: acknowledged (E5), {status}")
    emit(f"sent: {sent}")


def _row(profile: ModuleProfile, name: str, *, json: bool) -> CommandRow:
    names = [row.id for row in profile.command if can_be_sent(row)]
    if name not in names:
        message = f"{name!r} is not a setting or action; available are {', '.join(names)}"
        fail(message, WRONG_USE, code="bad_name", json=json)
    return profile.row(name)


def secret_text(row: CommandRow, text: str | None, *, json: bool) -> str:
    """Return the password: prompted for twice without echo on a terminal, else read from standard input."""
    if text not in (None, "-"):
        message = (
            f"{row.title} is not accepted on the command line, where the shell history and the process list would"
            f" show it; leave it out to be prompted, or pipe it in with -"
        )
        fail(message, WRONG_USE, code="secret_on_command_line", json=json)
    if text is None and sys.stdin is not None and sys.stdin.isatty():
        first = getpass.getpass(f"{row.title}: ")
        if getpass.getpass(f"{row.title} again: ") != first:
            fail("the two entries differ; nothing was sent", WRONG_USE, code="not_the_same", json=json)
        return first
    piped = "" if sys.stdin is None else sys.stdin.read(_MAX_PIPED)
    first, _, more = piped.partition("\n")
    if not first.rstrip("\r") or more.strip():
        message = f"standard input holds {'more than one line' if more.strip() else 'no password'}; nothing was sent"
        fail(message, WRONG_USE, code="bad_value", json=json)
    return first.rstrip("\r")
