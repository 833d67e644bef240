"""Mutation testing: each of many small faults in the protocol and the module must make a test fail.

    python -m tests.mutants --count 200 --seed 1 [--jobs 2] [mbus/slave.py ...]

One run of the tests measures how long each takes and which lines it executes. Then pytest collects all tests once. For
each mutant a process is forked, gets the mutated functions, and runs the tests of the mutated lines and then the other
tests of the module, the fastest first, until one fails. Tests beyond `--limit` seconds in total are left out, so there
may be too many survivors, but never too few. Survivors, and mutants outside functions, are judged in processes that
import everything again. No file is changed. `equivalent_mutants.toml` lists the mutants that change nothing, by their
text and with the reason.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import itertools
import json
import os
import pickle
import sys
import tempfile
import time
import tomllib
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import coverage
import pytest

from tests.mutations import Mutant, drawn

ROOT = Path(__file__).resolve().parent.parent
ENGINE = Path("cmi_gui/engine")
EQUIVALENT = Path(__file__).with_name("equivalent_mutants.toml")
MBUS = ("frame", "slave", "selection", "record", "datatypes", "master", "procedures", "search")
CMI1020 = ("rates", "disconnector", "inputs", "control", "meter_actions", "readout_mapping", "indicators")
MODULES = [*(f"mbus/{name}.py" for name in MBUS), *(f"cmi1020/{name}.py" for name in CMI1020)]
TEST_TIMEOUT = 60


@dataclass
class Record:
    """The time that each test takes, and the tests that execute each line of a module."""

    seconds: dict[str, float]
    lines: dict[str, dict[int, set[str]]]

    def tests(self, mutant: Mutant, source: bytes, limit: float) -> list[str]:
        """Return the tests for a mutant: those of its lines, then the others of its module, the fastest first."""
        by_line = self.lines[mutant.module]
        near = set[str]().union(*(by_line.get(line, ()) for line in mutant.lines(source)))
        known = self.seconds.keys() & set[str]().union(*by_line.values())
        chosen = []
        for test in sorted(known, key=lambda test: (test not in near, self._rank(test))):
            limit -= self.seconds[test]
            if limit > 0:
                chosen.append(test)
        return chosen

    def _rank(self, test: str) -> tuple[int, str]:
        # Tests of about the same length stay together by files: fixtures of modules are not cheap.
        return int(self.seconds[test] * 1000).bit_length() // 3, test.partition("::")[0]


class Session:
    """A pytest plugin that does `work` with the collected tests, in place of running them."""

    def __init__(self, work: Callable[[Session], None]) -> None:
        self.items: dict[str, pytest.Item] = {}
        self.failed: set[str] = set()
        self._work = work

    @classmethod
    def run(cls, folder: Path, words: Iterable[str], work: Callable[[Session], None]) -> None:
        """Collect tests and do something with them."""
        options = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
        asyncio_options = {name: value for name, value in options.items() if name.startswith("asyncio_")}
        lines = [f"{name} = {value}" for name, value in {**asyncio_options, "filterwarnings": "error"}.items()]
        (folder / "pytest.ini").write_text("\n".join(["[pytest]", *lines, ""]))
        usual = ["-q", "--assert=plain", f"--timeout={TEST_TIMEOUT}", f"-c{folder / 'pytest.ini'}", f"--rootdir={ROOT}"]
        without = ("cacheprovider", "pytest-qt", "xdist", "pytest_cov")
        pytest.main([*usual, *(f"-pno:{name}" for name in without), *words], plugins=[cls(work)])

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Do the work."""
        self.items = {item.nodeid: item for item in session.items}
        self._work(self)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure."""
        if report.failed:
            self.failed.add(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a failure: a module that cannot even be imported."""
        if report.failed:
            self.failed.add(report.nodeid)

    def run_tests(self, tests: Iterable[str]) -> Iterator[str]:
        """Run tests, yielding each when it has run."""
        items = [self.items[test] for test in tests if test in self.items]
        for item, following in itertools.zip_longest(items, items[1:]):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            yield item.nodeid

    def survives(self, tests: Iterable[str]) -> bool:
        """Run tests up to the first that fails."""
        return not self.failed and not any(self.failed for _ in self.run_tests(tests))

    def record(self, modules: Sequence[str]) -> dict[str, Any]:
        """Run all tests; which of them execute which lines, and for how long."""
        files = {module: str(ROOT / ENGINE / module) for module in modules}
        recording = coverage.Coverage(data_file=None, config_file=False, include=list(files.values()))
        recording.start()
        seconds: dict[str, float] = {}
        tests = list(self.items)
        recording.switch_context(tests[0])
        started = time.perf_counter()
        for test, following in zip(self.run_tests(tests), [*tests[1:], ""], strict=True):
            recording.switch_context(following)
            seconds[test] = time.perf_counter() - started
            started = time.perf_counter()
        recording.stop()
        data = recording.get_data()
        good = {test: taken for test, taken in seconds.items() if test not in self.failed}
        return {"seconds": good, "lines": {module: data.contexts_by_lineno(path) for module, path in files.items()}}


def forked(work: Callable[[], bool], output: Path) -> int:
    """Do `work` in a new process, which ends with 0 if it returns True; returns its number."""
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    code = 2
    try:
        silent = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        code = 0 if work() else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def swap(mutant: Mutant, source: bytes) -> None:
    """Put the mutated functions into the module that is imported already."""
    name = ".".join((*ENGINE.parts, *Path(mutant.module).with_suffix("").parts))
    module = sys.modules[name]
    codes = dict(_codes(compile(mutant.apply(source), str(module.__file__), "exec")))
    for function in _functions(module, name):
        function.__code__ = codes[function.__qualname__]


def _codes(code: CodeType) -> Iterator[tuple[str, CodeType]]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant.co_qualname, constant
            yield from _codes(constant)


def _functions(owner: ModuleType | type, module: str) -> Iterator[FunctionType]:
    for value in list(vars(owner).values()):
        if isinstance(value, type) and value.__module__ == module:
            yield from _functions(value, module)
        for name in ("fget", "__func__", "__wrapped__"):
            value = getattr(value, name, value)
        if isinstance(value, FunctionType) and value.__module__ == module and value.__code__.co_filename[:1] != "<":
            yield value


def import_mutated(mutant: Mutant, source: bytes) -> None:
    """Make the next import of the module import it mutated."""
    path, usual = str(ROOT / ENGINE / mutant.module), SourceFileLoader.get_code

    def get_code(self: SourceFileLoader, fullname: str) -> CodeType | None:
        return compile(mutant.apply(source), path, "exec") if self.path == path else usual(self, fullname)

    # The loader of all modules, in a process of its own.
    SourceFileLoader.get_code = get_code  # type: ignore[method-assign,assignment]


class Judge:
    """Judges mutants, `jobs` at a time."""

    def __init__(self, sources: dict[str, bytes], record: Record, folder: Path, *, jobs: int, limit: float) -> None:
        self.alive: set[Mutant] = set()
        self._sources = sources
        self._record = record
        self._folder = folder
        self._jobs = jobs
        self._limit = limit

    def _survivors(self, mutants: Iterable[Mutant], work: Callable[[Mutant, list[str]], bool]) -> set[Mutant]:
        running: dict[int, Mutant] = {}
        alive = set()
        waiting = list(mutants)
        while waiting or running:
            if waiting and len(running) < self._jobs:
                mutant = waiting.pop()
                tests = self._record.tests(mutant, self._sources[mutant.module], self._limit)
                pid = forked(partial(work, mutant, tests), self._folder / "output.txt")
                running[pid] = mutant
                continue
            pid, status = os.wait()
            mutant = running.pop(pid)
            print("." if status else "S", end="", flush=True)
            if status == 0:
                alive.add(mutant)
        return alive

    def swapped(self, mutants: Iterable[Mutant], session: Session) -> set[Mutant]:
        """Judge mutants of functions in forks of a session that has imported everything."""

        def work(mutant: Mutant, tests: list[str]) -> bool:
            swap(mutant, self._sources[mutant.module])
            return session.survives(tests)

        return self._survivors(mutants, work)

    def imported(self, mutants: Iterable[Mutant]) -> set[Mutant]:
        """Judge mutants in sessions that import everything anew."""

        def work(mutant: Mutant, tests: list[str]) -> bool:
            import_mutated(mutant, self._sources[mutant.module])
            verdict = []
            files = sorted({test.partition("::")[0] for test in tests})
            Session.run(self._folder, files, lambda session: verdict.append(session.survives(tests)))
            return verdict == [True]

        return self._survivors(mutants, work)


def recorded(session: Session, cache: Path, sources: dict[str, bytes], output: Path) -> Record:
    """Return the record of all test files; it is read from the cache for those that have not changed since."""
    common = hashlib.sha256(repr(sources).encode())
    keys = {}
    for file in dict.fromkeys(test.partition("::")[0] for test in session.items):
        key = common.copy()
        key.update(file.encode() + (ROOT / file).read_bytes())
        keys[file] = cache / f"{key.hexdigest()[:24]}.json"
    missing = {file: cache_file for file, cache_file in keys.items() if not cache_file.exists()}

    def work() -> bool:
        session.items = {test: item for test, item in session.items.items() if test.partition("::")[0] in missing}
        fresh = session.record(list(sources))
        for file, cache_file in missing.items():
            seconds = {test: taken for test, taken in fresh["seconds"].items() if test.startswith(f"{file}::")}
            lines = {
                module: {
                    line: [test for test in tests if test.startswith(f"{file}::")] for line, tests in found.items()
                }
                for module, found in fresh["lines"].items()
            }
            cache_file.write_text(json.dumps({"seconds": seconds, "lines": lines}))
        if session.failed:
            print("", *sorted(session.failed), sep="\n")
        return not session.failed

    if missing:
        print(f"{len(missing)} test files run to record what they execute")
        _, status = os.waitpid(forked(work, output), 0)
        if not all(cache_file.exists() for cache_file in missing.values()):
            raise RuntimeError(output.read_text())
        if status:
            print("these fail without any mutant and are left out:")
            print(*(line for line in output.read_text().splitlines() if line.startswith("tests/")), sep="\n")
    complete = Record({}, {module: {} for module in sources})
    for cache_file in keys.values():
        part = json.loads(cache_file.read_text())
        complete.seconds |= part["seconds"]
        for module, found in part["lines"].items():
            for line, tests in found.items():
                complete.lines[module].setdefault(int(line), set()).update(tests)
    return complete


def main() -> None:
    """Draw mutants, judge them, print the survivors."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="such as mbus/slave.py (default: all of them)")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--tests", default="tests/engine", metavar="FOLDER", help="the tests to run (%(default)s)")
    parser.add_argument(
        "--limit", type=float, default=30.0, help="seconds of tests a mutant gets at most (%(default)s)"
    )
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir(), "cmi-gui-mutants"))
    words = parser.parse_args()
    words.cache.mkdir(parents=True, exist_ok=True)
    os.chdir(ROOT)
    sources = {module: (ROOT / ENGINE / module).read_bytes() for module in words.modules or MODULES}
    mutants = drawn(sources, words.count, words.seed)
    print(f"{len(mutants)} mutants of {len(sources)} modules, seed {words.seed}")
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="mutants-") as name:
        folder = Path(name)

        def first(session: Session) -> None:
            record = recorded(session, words.cache, sources, folder / "output.txt")
            judge = Judge(sources, record, folder, jobs=words.jobs, limit=words.limit)
            # Collections in the forks leave alone what is there already.
            gc.collect()
            gc.freeze()
            (folder / "result.pickle").write_bytes(
                pickle.dumps((record, judge.swapped([mutant for mutant in mutants if mutant.in_function], session)))
            )

        # This process must not import the package: others, forked from it, import it mutated.
        pid = os.fork()
        if pid == 0:
            Session.run(folder, ["-s", words.tests], first)
            os._exit(0)
        os.waitpid(pid, 0)
        record, alive = pickle.loads((folder / "result.pickle").read_bytes())
        # What a survivor changes may have happened before, while modules were imported.
        again = alive | {mutant for mutant in mutants if not mutant.in_function}
        alive = Judge(sources, record, folder, jobs=words.jobs, limit=words.limit).imported(again)
    report(sorted(alive, key=lambda mutant: (mutant.module, mutant.start)), sources, len(mutants))
    print(f"{time.perf_counter() - started:.0f} seconds")


def report(alive: Sequence[Mutant], sources: dict[str, bytes], count: int) -> None:
    """Print the survivors and how many they are."""
    listed = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8")).get("mutant", [])
    equivalent = {(row["file"], row["line"], row["mutated"]) for row in listed}
    named = 0
    for mutant in alive:
        before, after = mutant.texts(sources[mutant.module])
        known = (mutant.module, before, after) in equivalent
        named += known
        print(f"\n{ENGINE / mutant.module}:{mutant.lines(sources[mutant.module])[0]}{' (equivalent)' * known}")
        print("\n".join([*(f"- {line}" for line in before.split("\n")), *(f"+ {line}" for line in after.split("\n"))]))
    living, share = len(alive), 100 * (len(alive) - named) / count
    print(f"\n{count} mutants, {count - living} killed, {living} survived ({share:.1f} % without equivalent ones),")
    print(f"{named} of these listed as equivalent")


if __name__ == "__main__":
    main()
