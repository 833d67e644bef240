"""`cmi-gui set --site`: send an action of the profile to the modules of a site."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from cmi_gui.commands.master import run_master
from cmi_gui.commands.output import NO_ANSWER, WRONG_USE, complain, emit, emit_json, fail, wrong_use_fails
from cmi_gui.commands.site import OpenSite, now, opened_site
from cmi_gui.engine.cmi1020.profile import CommandRow
from cmi_gui.engine.configurator.client import MasterClient
from cmi_gui.engine.configurator.write_run import WriteOutcome
from cmi_gui.engine.mbus.exchange import Procedure
from cmi_gui.engine.mbus.render import Json
from cmi_gui.engine.site.actions import HARMLESS, ActionResult, ActMany, display_of, display_texts, for_many, for_one
from cmi_gui.engine.site.journal import Journal, JournalError
from cmi_gui.engine.site.model import SiteModule
from cmi_gui.engine.site.whereabouts import name_of


def act_on_site(
    name: str,
    text: str | None,
    site: Path,
    link: str | None,
    only: Sequence[str],
    confirm: str | None,
    module_profile: Path | None,
    timeout: float | None,
    *,
    show_place: bool,
    json: bool,
) -> None:
    """Send an action to the modules of a site, and print a line for each.

    `confirm`: the last four digits of the meter's number, for an action that goes to one module only. `show_place`:
    show on each display what fits of the place.
    """
    with opened_site(site, module_profile, json=json) as opened:
        row = _row(opened, name, json=json)
        modules = opened.chosen(only, json=json)
        if show_place:
            texts = _places(row, modules, text, json=json)
        else:
            texts = dict.fromkeys(modules, text or "")
        address = opened.link(link, json=json)
        if row.does not in HARMLESS and confirm is None:
            message = f"{row.title} goes to one module: name it with --only, and confirm with --confirm and the last "
            fail(f"{message}four digits of its meter's number", WRONG_USE, code="not_confirmed", json=json)
        try:
            with Journal.beside(site) as journal:
                if journal.entries:
                    message = "an earlier write to this site was interrupted: resume it first (configure --resume)"
                    fail(message, WRONG_USE, code="interrupted", json=json)
                _send(opened, row, texts, address, confirm or "", journal, timeout, json=json)
        except JournalError as error:
            fail(error.message, NO_ANSWER, code="journal", json=json)


def _send(
    opened: OpenSite,
    row: CommandRow,
    texts: dict[SiteModule, str],
    link: str,
    digits: str,
    journal: Journal,
    timeout: float | None,
    *,
    json: bool,
) -> None:
    """Send the action and print what came of it; the site is saved whatever happens."""

    def act(own_baud: int | None) -> ActMany:
        return ActMany(
            texts, row, opened.table, now, own_baud=own_baud, digits=digits, site=opened.site, journal=journal
        )

    with wrong_use_fails(json=json, code="bad_value"):
        # Before the link is opened, everything is checked that needs no bus.
        run = act(None)

    def procedure(client: MasterClient) -> Procedure[list[ActionResult]]:
        nonlocal run
        run = act(client.baud)
        return run.procedure()

    def document() -> dict[str, Json]:
        return {"name": row.id, "modules": [_result_json(result) for result in run.results]}

    try:
        run_master(link, procedure, timeout, json=json, so_far=document)
    finally:
        if opened.save():
            journal.clear()
        for result in () if json else run.results:
            message = f": {result.message}" if str(result.message) else ""
            emit(f"{name_of(result.module)}: {result.outcome.value}{message}")
    if json:
        emit_json(document())
    if any(result.outcome is not WriteOutcome.TAKEN for result in run.results):
        raise typer.Exit(NO_ANSWER)


def _result_json(result: ActionResult) -> dict[str, Json]:
    module = result.module
    return {
        "place": module.place,
        "module": module.serial,
        "outcome": result.outcome.value,
        "message": str(result.message),
    }


def _row(opened: OpenSite, name: str, *, json: bool) -> CommandRow:
    rows = {row.id: row for row in (*for_many(opened.table), *for_one(opened.table))}
    if name not in rows:
        message = f"{name!r} is not an action for modules of a site; available are {', '.join(rows)}. Settings are"
        fail(f"{message} written with configure", WRONG_USE, code="bad_name", json=json)
    return rows[name]


def _places(row: CommandRow, modules: list[SiteModule], text: str | None, *, json: bool) -> dict[SiteModule, str]:
    """Return the text that shows the place of each module, and complain about what does not fit."""
    if row.does != "display" or text is not None:
        fail("--show-place is for the display, without a value", WRONG_USE, code="wrong_use", json=json)
    texts = {}
    for module in modules:
        shown = display_of(module.place)
        if not shown.text:
            complain(f"{name_of(module)}: nothing of the place {module.place!r} fits the display")
            continue
        texts[module] = shown.text
        if not shown.whole:
            complain(f"{name_of(module)}: of {module.place!r} the display shows {shown.text!r}")
    for shown_text, same in display_texts(texts).items():
        if len(same) > 1:
            complain(f"{len(same)} modules show {shown_text!r}: {', '.join(str(name_of(each)) for each in same)}")
    if not texts:
        fail("no place fits the display", WRONG_USE, code="bad_value", json=json)
    return texts
