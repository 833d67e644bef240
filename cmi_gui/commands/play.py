"""`cmi-gui play`: play scenarios, and report the first line that does not have the expected result."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import typer

from cmi_gui.commands.junit import Case, write_junit
from cmi_gui.commands.output import (
    NO_ANSWER,
    StatusLine,
    coded_errors_fail,
    complain,
    emit,
    emit_json,
    fail,
    wrong_use_fails,
)
from cmi_gui.commands.signals import on_stop_signal
from cmi_gui.engine.clock import LoopClock, VirtualClock
from cmi_gui.engine.diagnostics.diagnoses import Diagnoses
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.mbus.render import Json
from cmi_gui.engine.messages import printable, quoted
from cmi_gui.engine.room.line import Services
from cmi_gui.engine.room.player import Player, PlayResult
from cmi_gui.engine.room.scenario import Scenario, ScenarioStep, load_scenario
from cmi_gui.engine.station.module_time import FASTEST, SLOWEST, parse_time
from cmi_gui.engine.station.station import Station
from cmi_gui.engine.station.wiring import check_wiring

_READY = (LinkState.OPEN, LinkState.WAITING)
_SLICE_SECONDS = 3600.0
_OnStep = Callable[[ScenarioStep], None]


def play(files: Sequence[Path], junit: Path | None, speed: str | None, link: str | None, *, json: bool) -> None:
    """Play scenarios one after the other, up to the first that fails; raise typer.Exit with the exit code."""
    with wrong_use_fails(json=json):
        factor = _factor(speed)
    cases: list[Case] = []
    try:
        with wrong_use_fails(json=json, code="bad_scenario"):
            scenarios = _load(files, cases)
        with coded_errors_fail(json=json):
            for scenario in scenarios:
                _play_one(scenario, factor, link, cases, json=json)
    except (KeyboardInterrupt, asyncio.CancelledError):
        fail("stopped", NO_ANSWER, code="stopped", json=json)
    finally:
        if junit is not None:
            _report([*cases, *map(_skipped, files[len(cases) :])], junit, json=json)


def _skipped(file: Path) -> Case:
    return Case(file, problem=("skipped", "not played"))


def _load(files: Sequence[Path], cases: list[Case]) -> list[Scenario]:
    """Load all scenarios; if one cannot be loaded, add that to `cases`, and that those before it are not played."""
    scenarios: list[Scenario] = []
    for file in files:
        try:
            scenarios.append(load_scenario(file))
        except Exception as error:
            cases += map(_skipped, files[: len(scenarios)])
            cases.append(Case(file, problem=("error", str(error))))
            raise
    return scenarios


def _factor(speed: str | None) -> float | None:
    if speed is None:
        return None
    factor = parse_time(speed)
    if not isinstance(factor, float) or not SLOWEST <= factor <= FASTEST:
        raise ValueError(f"--speed is a factor from x{SLOWEST:g} to x{FASTEST:g}, such as x60, not {speed}")
    return factor


def _play_one(scenario: Scenario, factor: float | None, link: str | None, cases: list[Case], *, json: bool) -> None:
    """Play a scenario, add it to `cases`, and report it; end the command if it fails."""
    line = StatusLine()

    def show(step: ScenarioStep) -> None:
        line.show(f"{scenario.where(step)}: {printable(step.text)[:60]}")

    begun = time.perf_counter()
    try:
        if link is None:
            outcome = _in_virtual_time(scenario, factor, show)
        else:
            outcome = asyncio.run(_served(scenario, factor, link, show, json=json))
    except BaseException as error:
        reason = str(error) or "stopped"
        cases.append(Case(scenario.path, time.perf_counter() - begun, ("error", reason)))
        raise
    finally:
        line.clear()
    took = time.perf_counter() - begun
    where = "in virtual time" if link is None else f"served on {link}"
    result: dict[str, Json] = {"file": str(scenario.path), "ok": outcome.failed is None, "lines": outcome.lines}
    result |= {"seconds": round(outcome.seconds, 3), "took": round(took, 3), "virtual": link is None}
    if outcome.failed is None:
        cases.append(Case(scenario.path, took))
        _show(result, f"passed: {outcome.lines} lines, {outcome.seconds:.1f} s {where} in {took:.1f} s", json=json)
        return
    reason = f"{scenario.where(outcome.failed)}: {outcome.failed.text}: {outcome.reason}"
    cases.append(Case(scenario.path, took, ("failure", reason)))
    _show(
        {**result, "line": outcome.failed.number, "text": outcome.failed.text, "message": str(outcome.reason)},
        f"failed after {outcome.lines} lines, {outcome.seconds:.1f} s {where}",
        json=json,
    )
    complain(reason)
    raise typer.Exit(NO_ANSWER)


def _show(result: dict[str, Json], words: str, *, json: bool) -> None:
    if json:
        emit_json(result)
    else:
        emit(f"{result['file']}: {words}")


def _in_virtual_time(scenario: Scenario, factor: float | None, on_step: _OnStep) -> PlayResult:
    """Play a scenario as fast as this computer can: nothing outside the program takes part."""
    clock = VirtualClock()
    station = Station(scenario.config, clock)
    outcomes: list[PlayResult] = []
    diagnoses = Diagnoses(station)
    player = Player(scenario, station, outcomes.append, on_step, Services(diagnoses.look))
    _start(station, factor)
    try:
        player.start()
        while not clock.run_until(clock.now() + _SLICE_SECONDS, lambda: bool(outcomes)):
            pass
        return outcomes[0]
    finally:
        player.stop()
        diagnoses.close()
        station.stop()


async def _served(scenario: Scenario, factor: float | None, link: str, on_step: _OnStep, *, json: bool) -> PlayResult:
    """Play a scenario in real time while masters outside the program can reach the modules on a link."""
    task = asyncio.current_task()
    if task is not None:
        on_stop_signal(task.cancel)
    config = replace(scenario.config, mbus=(link,))
    check_wiring(config.wiring)
    station = Station(config, LoopClock(asyncio.get_running_loop()))
    changed = asyncio.Event()
    subscription = station.subscribe(wake=changed.set)
    outcomes: list[PlayResult] = []

    def ended(outcome: PlayResult) -> None:
        outcomes.append(outcome)
        changed.set()

    diagnoses = Diagnoses(station)
    player = Player(scenario, station, ended, on_step, Services(diagnoses.look))
    _start(station, factor)
    playing = False
    try:
        while not outcomes:
            subscription.drain()
            (status, *_) = station.link_status
            if status.state is LinkState.FAILED:
                raise LinkError(status.code or "io", status.message or quoted(status.url))
            if not playing and status.state in _READY:
                playing = True
                _show(
                    {"file": str(scenario.path), "ready": True, "mbus": status.url}, f"M-Bus: {status.url}", json=json
                )
                player.start()
                continue
            await changed.wait()
            changed.clear()
        return outcomes[0]
    finally:
        player.stop()
        diagnoses.close()
        subscription.close()
        station.stop()


def _start(station: Station, factor: float | None) -> None:
    if factor is not None:
        station.set_time_factor(factor)
    station.start()


def _report(cases: Sequence[Case], junit: Path, *, json: bool) -> None:
    try:
        write_junit(junit, cases)
    except OSError as error:
        fail(f"{junit} cannot be written: {error.strerror or error}", NO_ANSWER, code="io", json=json)
