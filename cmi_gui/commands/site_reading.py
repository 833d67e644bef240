"""`cmi-gui read --site`: read the modules of a site, once or every so often."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import typer

from cmi_gui.commands.master import master_client, run_master
from cmi_gui.commands.output import (
    NO_ANSWER,
    WRONG_USE,
    StatusLine,
    coded_errors_fail,
    complain,
    counted,
    emit,
    emit_json,
    fail,
    wrong_use_fails,
)
from cmi_gui.commands.signals import on_stop_signal, run_until_signal
from cmi_gui.commands.site import OpenSite, now, opened_site
from cmi_gui.engine.clock import LoopClock
from cmi_gui.engine.configurator.client import MasterClient
from cmi_gui.engine.files.atomic_file import write_atomically
from cmi_gui.engine.files.state_folder import default_state_folder
from cmi_gui.engine.files.table_text import RFC_4180, csv_file
from cmi_gui.engine.files.table_xlsx import xlsx_file
from cmi_gui.engine.files.toml_file import FileError
from cmi_gui.engine.history.service import History, HistoryTrouble
from cmi_gui.engine.link.url import parse_link
from cmi_gui.engine.mbus.exchange import Procedure
from cmi_gui.engine.mbus.render import Json, json_text
from cmi_gui.engine.messages import Message
from cmi_gui.engine.site.cyclic import CyclicReading, ModuleAlarm
from cmi_gui.engine.site.history import record
from cmi_gui.engine.site.model import SiteModule, SiteReading
from cmi_gui.engine.site.names import name_of
from cmi_gui.engine.site.quality import BusQuality
from cmi_gui.engine.site.read_many import ReadMany, ReadResult
from cmi_gui.engine.site.readings_log import SUFFIXES as LOG_SUFFIXES
from cmi_gui.engine.site.readings_log import ReadingsLog
from cmi_gui.engine.site.schedule import Schedule, parse_every
from cmi_gui.engine.site.values_table import cell_of, energy_codes, values_table
from cmi_gui.engine.site.whereabouts import address_of

_FILE_SUFFIXES = (".csv", ".xlsx", ".json")


def read_site_modules(
    site: Path,
    link: str | None,
    only: Sequence[str],
    codes: str | None,
    every: str | None,
    out: Path | None,
    timeout: float | None,
    *,
    json: bool,
) -> None:
    """Read the modules of a site, and print a line for each.

    The site file gets the readings. Ends with 1 if a module was not read; with `every`, at Ctrl-C with 0.
    """
    interval: timedelta | None = None
    if every is not None:
        with wrong_use_fails(json=json):
            interval = parse_every(every)
    suffixes = _FILE_SUFFIXES if interval is None else LOG_SUFFIXES
    if out is not None and out.suffix.lower() not in suffixes:
        with_every = "" if interval is None else "with --every, "
        message = f"{with_every}--out must end with {', '.join(suffixes[:-1])} or {suffixes[-1]}, not {out.name}"
        fail(message, WRONG_USE, code="wrong_use", json=json)
    with opened_site(site, json=json) as opened:
        modules = opened.chosen(only, json=json)
        chosen = None if codes is None else list(dict.fromkeys(codes.replace(",", " ").split()))
        reading = _Reading(opened, modules, opened.link(link, json=json), chosen, json=json)
        if interval is None:
            reading.once(out, timeout)
        else:
            reading.cyclic(interval, out, timeout)


class _Reading:
    """One run of the command. `codes`: those to show and to store; None: the registers of energy."""

    def __init__(
        self, opened: OpenSite, modules: list[SiteModule], link: str, codes: list[str] | None, *, json: bool
    ) -> None:
        self._opened = opened
        self._modules = modules
        self._link = link
        self._codes = codes
        self._json = json
        self._line = StatusLine()
        self._quality = BusQuality()
        self._results: list[ReadResult] = []
        self._many: ReadMany | None = None
        self._begun = now()

    # Once

    def once(self, out: Path | None, timeout: float | None) -> None:
        """Read each module once."""

        def procedure(client: MasterClient) -> Procedure[list[ReadResult]]:
            self._many = ReadMany(
                self._modules,
                self._opened.table,
                now,
                own_baud=client.baud,
                quality=self._quality,
                on_read=self._take,
                on_progress=self._progress,
            )
            return self._many.procedure()

        try:
            run_master(self._link, procedure, timeout, json=self._json, so_far=self._document)
        finally:
            self._line.clear()
            saved = not self._results or self._opened.save()
        if self._json:
            emit_json(self._document())
        failed = sum(result.failure is not None for result in self._results)
        if not self._json and failed:
            complain(f"{len(self._results) - failed} of {counted(len(self._results), 'module')} were read")
        if out is not None:
            self._write(out)
        if failed or not saved:
            raise typer.Exit(NO_ANSWER)

    def _take(self, result: ReadResult) -> None:
        self._results.append(result)
        self._line.clear()
        if not self._json:
            emit(self._text(result))
            for warning in result.warnings if result.failure is None else ():
                complain(f"{name_of(result.module)}: {warning}")

    def _progress(self) -> None:
        many = self._many
        if many is None or many.current is None:
            return
        done = len(many.results)
        if not done:
            self._begun = now()
        left = (now() - self._begun).total_seconds() / done * (many.total - done) if done else 0.0
        time = f", {left:.0f} s left" if done else ""
        self._line.show(f"{done + 1} of {many.total}  {_where(many.current)}{time}")

    def _write(self, out: Path) -> None:
        table = values_table(self._modules, self._shown_codes())
        match out.suffix.lower():
            case ".csv":
                pieces: Iterable[bytes] = csv_file(table, RFC_4180)
            case ".xlsx":
                pieces = xlsx_file(table)
            case _:
                pieces = [f"{json_text(self._document())}\n".encode()]
        try:
            write_atomically(out, pieces, private=False)
        except OSError as error:
            self._not_written(out, error)

    def _not_written(self, out: Path, error: OSError) -> None:
        message = f"{out} was not written: {error.strerror or error}"
        fail(message, NO_ANSWER, code="not_written", json=self._json)

    # Every so often

    def cyclic(self, every: timedelta, out: Path | None, timeout: float | None) -> None:
        """Read the modules in each interval, until Ctrl-C."""
        schedule = Schedule(every)
        reachable = [module for module in self._modules if address_of(module, None) is not None]
        for module in self._modules:
            if module not in reachable:
                complain(
                    Message("{0} has not been found yet, so it is not read: search the bus first", (name_of(module),))
                )
        if not reachable:
            fail("no module of the site can be read", WRONG_USE, code="no_module", json=self._json)
        with contextlib.ExitStack() as stack:
            log = None
            if out is not None:
                try:
                    log = ReadingsLog(out, schedule.slot(now()))
                except FileError as error:
                    fail(error.message, WRONG_USE, code="bad_file", json=self._json)
                except OSError as error:
                    self._not_written(out, error)
                assert log is not None
                stack.callback(log.close)
            history = History(default_state_folder(), self._report_history)
            stack.callback(lambda: history.close(round(now().timestamp() * 1000)))
            problem: list[OSError] = []
            run_until_signal(self._read_cyclically(reachable, schedule, log, history, timeout, problem))
            self._line.clear()
            self._opened.save()
            if self._json:
                emit_json({"stopped": True, "quality": [self._quality_json(module) for module in reachable]})
            if problem and out is not None:
                self._not_written(out, problem[0])

    async def _read_cyclically(
        self,
        modules: list[SiteModule],
        schedule: Schedule,
        log: ReadingsLog | None,
        history: History,
        timeout: float | None,
        problem: list[OSError],
    ) -> None:
        """Read until a signal, or until the file cannot be written: then the error is added to `problem`."""
        stopped = asyncio.Event()
        on_stop_signal(stopped.set)
        world = self._opened.world(self._link)

        def take(slot: datetime, result: ReadResult) -> None:
            if log is not None and not problem:
                try:
                    log.add(slot, result, self._codes_of(result.module))
                except OSError as error:
                    problem.append(error)
                    stopped.set()
            record(history, result, world)
            self._take_cyclic(slot, result)

        def end_round() -> None:
            self._line.clear()
            self._opened.save()
            self._line.show(f"next at {cyclic.next_at.astimezone():%H:%M}")

        def progress() -> None:
            self._many = cyclic.run
            self._progress()

        with coded_errors_fail(json=self._json):
            async with master_client(parse_link(self._link), timeout, None) as client:
                cyclic = CyclicReading(
                    lambda: modules,
                    self._opened.table,
                    schedule,
                    client.session,
                    LoopClock(asyncio.get_running_loop()),
                    now,
                    done=None if log is None else log.has,
                    quality=self._quality,
                    on_read=take,
                    on_alarm=self._report_alarm,
                    on_trouble=self._report,
                    on_round=end_round,
                    on_progress=progress,
                )
                cyclic.start()
                try:
                    await stopped.wait()
                finally:
                    cyclic.stop()

    def _take_cyclic(self, slot: datetime, result: ReadResult) -> None:
        self._line.clear()
        if self._json:
            emit_json({"time": slot.astimezone().isoformat(), **self._result_json(result)})
        else:
            emit(f"{slot.astimezone():%Y-%m-%d %H:%M}  {self._text(result)}")

    def _report_alarm(self, alarm: ModuleAlarm) -> None:
        if self._json:
            emit_json({"alarm": "back" if alarm.back else "missing", "module": alarm.module.number})
        self._report(alarm.message)

    def _report(self, message: Message) -> None:
        self._line.clear()
        complain(message)

    def _report_history(self, trouble: HistoryTrouble) -> None:
        complain(f"the history of readings cannot be used: {trouble.detail}")

    # Words

    def _shown_codes(self) -> list[str]:
        return energy_codes(self._modules) if self._codes is None else self._codes

    def _codes_of(self, module: SiteModule) -> list[str]:
        return energy_codes([module]) if self._codes is None else self._codes

    def _shown(self, result: ReadResult) -> list[SiteReading]:
        """Return the readings to show: none that are older than this reading."""
        readings = result.module.readings
        found = (readings.get(code) for code in self._codes_of(result.module))
        return [reading for reading in found if reading is not None and reading.at == result.at]

    def _text(self, result: ReadResult) -> str:
        values = [f"{each.code} {cell_of(each)} {each.unit}".rstrip() for each in self._shown(result)]
        where, failure = _where(result.module), str(result.failure or "")
        if failure.startswith(str(name_of(result.module))) and not values:
            # The sentence names the module.
            where = result.module.place
        values += [failure] if failure else []
        return ": ".join(filter(None, (where, ", ".join(values) or "none of the codes")))

    def _document(self) -> dict[str, Json]:
        modules: list[Json] = [self._result_json(result) for result in self._results]
        return {"modules": modules}

    def _result_json(self, result: ReadResult) -> dict[str, Json]:
        module = result.module
        values: list[Json] = [
            {"code": reading.code, "value": reading.value, "unit": reading.unit} for reading in self._shown(result)
        ]
        return {
            "place": module.place,
            "module": module.number,
            "meter": module.meter_read or module.meter,
            "read_at": result.at.isoformat(timespec="milliseconds"),
            "readings": values,
            "error": result.code or None,
            "message": None if result.failure is None else str(result.failure),
            "warnings": [str(warning) for warning in result.warnings],
            "quality": self._quality_json(module),
        }

    def _quality_json(self, module: SiteModule) -> dict[str, Json]:
        """Return tries, errors and answer times (seconds) of this run."""
        total = self._quality.total(module)
        if total is None:
            return {"module": module.number, "requests": 0}
        answer = None if total.answer_time is None else round(total.answer_time, 3)
        return {
            "module": module.number,
            "requests": total.requests,
            "retries": total.retries,
            "failed": total.failed,
            "error_rate": round(total.error_rate, 4),
            "answer_time": answer,
            "slowest": round(total.slowest, 3) if total.timed else None,
        }


def _where(module: SiteModule) -> str:
    """Return place, module and meter: `flat 12, module 50100007, meter 33456789`."""
    names = [module.place, str(name_of(module)) if module.number else ""]
    meter = module.meter_read or module.meter
    names.append(f"meter {meter}" if meter else "")
    return ", ".join(filter(None, names)) or str(name_of(module))
