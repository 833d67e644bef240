"""`cmi-gui configure`: write what is wanted of the modules of a site."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import typer

from cmi_gui.commands.master import run_master
from cmi_gui.commands.output import (
    NO_ANSWER,
    WRONG_USE,
    StatusLine,
    complain,
    counted,
    emit,
    emit_json,
    fail,
    wrong_use_fails,
)
from cmi_gui.commands.setting import secret_text
from cmi_gui.commands.site import OpenSite, now, opened_site
from cmi_gui.engine.cmi1020.secrets import Secret
from cmi_gui.engine.configurator.values import check_text
from cmi_gui.engine.files.state_folder import default_state_folder
from cmi_gui.engine.mbus.render import Json
from cmi_gui.engine.site.batch import Batch, BatchProgress, BatchResult, ModuleOutcome, ModuleResult
from cmi_gui.engine.site.cells import apply
from cmi_gui.engine.site.journal import Journal, JournalError
from cmi_gui.engine.site.model import SiteModule
from cmi_gui.engine.site.names import name_of
from cmi_gui.engine.site.passwords import known_passwords, password_store, wanted_passwords
from cmi_gui.engine.site.plan_file import PlanError, read_plan
from cmi_gui.engine.site.resume import open_questions, resume
from cmi_gui.engine.site.writes import decide

_MAX_PIPED = 10_000


def configure(
    site: Path,
    link: str | None,
    plan: Path | None,
    only: Sequence[str],
    passwords: Sequence[str],
    module_profile: Path | None,
    timeout: float | None,
    *,
    dry_run: bool,
    resumed: bool,
    yes: bool,
    json: bool,
) -> None:
    """Write the differences of a site, those of a plan included; ends with 1 if something was not written."""
    with opened_site(site, module_profile, json=json) as opened:
        try:
            with Journal.beside(site) as journal:
                command = _Configuration(opened, journal, yes=yes, json=json)
                modules = command.interrupted_rows(resumed, dry_run) or opened.chosen(only, json=json)
                command.take_plan(plan)
                modules = opened.chosen(only, json=json) if only or plan is not None else modules
                command.want_passwords(passwords, modules)
                if dry_run:
                    command.show_differences(modules)
                else:
                    command.run(modules, link, module_profile, timeout)
        except JournalError as error:
            fail(error.message, NO_ANSWER, code="journal", json=json)


class _Configuration:
    """The steps of the command."""

    def __init__(self, opened: OpenSite, journal: Journal, *, yes: bool, json: bool) -> None:
        self._opened, self._journal = opened, journal
        self._site, self._table = opened.site, opened.table
        self._asks = not yes and sys.stdin is not None and sys.stdin.isatty()
        self._yes, self._json = yes, json
        self._line = StatusLine()
        self._shown = 0
        """The number of results that were printed."""

    # Before the write

    def interrupted_rows(self, resumed: bool, dry_run: bool) -> list[SiteModule]:
        """Take over an interrupted batch and return its rows; end the command if it is there and not to be resumed."""
        if self._journal.entries and not resumed:
            message = (
                f"the last write to {self._opened.path.name} was interrupted; go on with --resume, which first reads"
                " what may have been sent"
            )
            fail(message, NO_ANSWER, code="interrupted", json=self._json)
        rows = resume(self._site, self._journal.entries, self._table)
        for module, write in open_questions(self._site, self._table):
            title = self._table.profile.row(write.name).title
            question = f"{title} may have been sent to {self._name(module)} at {write.at:%Y-%m-%d %H:%M} UTC"
            if dry_run or not self._asks:
                complain(question)
            else:
                carried_out = typer.confirm(f"{question}. Was it carried out?", err=True)
                decide(module, write, self._table, carried_out=carried_out)
        return rows

    def take_plan(self, path: Path | None) -> None:
        """Set what a plan wants."""
        if path is None:
            return
        try:
            plan = read_plan(path, self._site, self._table)
        except PlanError as error:
            fail(error.message, WRONG_USE, code="bad_plan", json=self._json)
        apply(self._site, plan.changes)
        for remark in plan.remarks:
            complain(remark)
        if plan.ignored:
            complain(f"{path.name}: these columns are not used: {', '.join(plan.ignored)}")

    def want_passwords(self, names: Sequence[str], modules: Iterable[SiteModule]) -> None:
        """Have passwords written to modules too."""
        known = [row.id for row in self._table.profile.command if row.secret]
        for name in names:
            if name not in known:
                message = f"--password is one of {', '.join(known)}, not {name}"
                fail(message, WRONG_USE, code="bad_name", json=self._json)
            for module in modules:
                if name not in module.wanted_secrets:
                    module.wanted_secrets.append(name)

    def show_differences(self, modules: Sequence[SiteModule]) -> None:
        """Print what would be written."""
        todo = [(module, [*self._differences(module)]) for module in modules if _has_work(module)]
        if self._json:
            shown: list[Json] = [
                {**_row_json(module), "changes": dict(module.changes), "passwords": [*module.wanted_secrets]}
                for module, _ in todo
            ]
            emit_json({"modules": shown})
            return
        for module, differences in todo:
            emit(f"{self._name(module)}: {'; '.join(differences) or 'may have another value; it will be read'}")
        count = sum(len(differences) for _, differences in todo)
        emit(f"{counted(count, 'difference')} in {counted(len(todo), 'module')}; nothing was sent")

    def _differences(self, module: SiteModule) -> Iterator[str]:
        for name, text in module.changes.items():
            yield f"{self._table.profile.row(name).title} {module.value(name) or '?'} > {text}"
        for name in module.wanted_secrets:
            yield self._table.profile.row(name).title

    # The write

    def run(
        self, modules: Sequence[SiteModule], given_link: str | None, module_profile: Path | None, timeout: float | None
    ) -> None:
        """Write the modules: the first one alone, then, if the user agrees, the others."""
        todo = [module for module in modules if _has_work(module)]
        if not todo:
            self._save()
            emit_json({"modules": [], "stopped": None}) if self._json else emit("nothing to write")
            return
        if not self._asks and not self._yes and len(todo) > 1:
            message = "there is no terminal for the question after the first module; use --yes to write all"
            fail(message, WRONG_USE, code="wrong_use", json=self._json)
        link = self._opened.link(given_link, json=self._json)
        secrets = self._entered(todo)
        if not self._opened.world(link):
            self._site.ports = [link, *(port for port in self._site.ports if port != link)]
        if not self._save():
            raise typer.Exit(NO_ANSWER)
        batch: Batch | None = None

        def begin(own_baud: int | None) -> Batch:
            nonlocal batch
            batch = batch or Batch(
                self._site,
                todo,
                self._table,
                self._journal,
                now,
                own_baud=own_baud,
                secrets=secrets,
                on_progress=self._on_progress,
            )
            return batch

        def write(count: int | None) -> BatchResult:
            result = run_master(
                link,
                lambda client: begin(client.baud).procedure(count),
                timeout,
                json=self._json,
                module_profile=module_profile,
                so_far=lambda: {"modules": [] if batch is None else self._results_json(batch.result.results)},
            )
            self._show(result.results)
            return result

        try:
            result = write(1 if self._asks else None)
            if self._asks and batch is not None and batch.waiting and result.stopped is None:
                count = len(batch.waiting)
                others = "the other module" if count == 1 else f"the other {count} modules"
                if typer.confirm(f"Write {others}?", err=True):
                    result = write(None)
        finally:
            self._line.clear()
            # What may have been sent is in the rows, so that the journal is needed only if they cannot be saved.
            if self._save():
                self._journal.clear()
        self._report(result)

    def _save(self) -> bool:
        return self._opened.save()

    def _entered(self, modules: Iterable[SiteModule]) -> dict[str, Secret]:
        """Return the passwords to be written: from the keyring, else entered once for all modules."""
        names = wanted_passwords(modules)
        secrets: dict[str, Secret] = {}
        if names:
            # Without a usable state folder no password is kept.
            with contextlib.suppress(OSError):
                store = password_store(default_state_folder(), self._opened.path, use_keyring=True)
                secrets = known_passwords(store, names)
        missing = [self._table.profile.row(name) for name in names if name not in secrets]
        piped: list[str] = []
        if missing and not (sys.stdin is not None and sys.stdin.isatty()):
            piped = ("" if sys.stdin is None else sys.stdin.read(_MAX_PIPED)).splitlines()
            if len(piped) != len(missing):
                titles = ", ".join(row.title for row in missing)
                message = f"standard input must have one line for each of {titles}; nothing was sent"
                fail(message, WRONG_USE, code="bad_value", json=self._json)
        for row in missing:
            text = piped.pop(0) if piped else secret_text(row, None, json=self._json)
            with wrong_use_fails(json=self._json, code="bad_value"):
                secrets[row.id] = Secret(check_text(self._table, row, text))
        return secrets

    def _on_progress(self, progress: BatchProgress) -> None:
        self._line.show(f"{progress.number}/{progress.count} {self._name(progress.module)}: {progress.doing}")

    def _show(self, results: Sequence[ModuleResult]) -> None:
        """Print the results that are new."""
        self._line.clear()
        ended = [result for result in results if result.outcome is not ModuleOutcome.NOT_BEGUN]
        if not self._json:
            for result in ended[self._shown :]:
                emit(f"{self._name(result.module)}: {result.message or result.outcome}")
        self._shown = len(ended)

    def _report(self, result: BatchResult) -> None:
        """Print what came of it; end the command with 1 unless all is done."""
        count = len(result.results)
        done = result.count(ModuleOutcome.DONE)
        if self._json:
            stopped = None if result.stopped is None else str(result.stopped)
            emit_json({"modules": self._results_json(result.results), "stopped": stopped})
        else:
            emit(f"{done} of {counted(count, 'module')} done")
        if result.stopped is not None:
            complain(result.stopped)
        if done < count or result.stopped is not None:
            raise typer.Exit(NO_ANSWER)

    def _results_json(self, results: Iterable[ModuleResult]) -> list[Json]:
        return [
            {
                **_row_json(result.module),
                "outcome": result.outcome.value,
                "message": str(result.message),
                "settings": {name: known.text for name, known in result.module.known.items()},
            }
            for result in results
        ]

    def _name(self, module: SiteModule) -> str:
        name = str(name_of(module))
        return f"{module.place}, {name}" if module.place and module.place != name else name


def _has_work(module: SiteModule) -> bool:
    return bool(module.changes or module.wanted_secrets or module.possible)


def _row_json(module: SiteModule) -> dict[str, Json]:
    return {"serial": module.serial, "place": module.place, "meter": module.meter or module.meter_read}
