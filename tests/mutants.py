"""Mutation testing: small faults are put into the protocol and the module, one at a time; each must fail a test.

    python -m tests.mutants --count 200 --seed 1 [--jobs 2] [mbus/slave.py ...]

One run of the tests tells how long each takes and which lines it executes. After that a mutant runs the tests of its
line, then the other tests of its module, the fastest first, until one fails; those that would take longer than
`--limit` seconds together are left out, so the number of survivors is rather too high than too low. Everything runs in
copies of the checkout, in processes forked from this one. Mutants that change nothing are listed, with the reason, in
`equivalent_mutants.toml`; they are found there by their text.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import itertools
import json
import os
import random
import re
import resource
import shutil
import sys
import tempfile
import time
import tomllib
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import coverage
import hypothesis  # noqa: F401  (imported before the forks, which then need not)
import pytest

ROOT = Path(__file__).resolve().parent.parent
ENGINE = Path("cmi_gui/engine")
EQUIVALENT = Path(__file__).with_name("equivalent_mutants.toml")
MBUS = ("frame", "slave", "selection", "record", "datatypes", "master", "procedures", "search")
CMI1020 = ("rates", "disconnector", "inputs", "control", "meter_actions", "readout_mapping", "indicators")
MODULES = [*(f"mbus/{name}.py" for name in MBUS), *(f"cmi1020/{name}.py" for name in CMI1020)]
FIRST_SECONDS = 2.0
"""Tests of this length in all run first, in a process of their own: they kill most mutants."""
TEST_TIMEOUT = 30
MAX_MEMORY = 4 << 30
OUTPUT = "output.txt"
"""What the last run in a copy printed."""


# Mutants


@dataclass(frozen=True)
class Mutant:
    """A change of one place in a module: the bytes from `start` to `end` become `text`."""

    module: str
    start: int
    end: int
    text: bytes

    def apply(self, source: bytes) -> bytes:
        """Return the mutated source."""
        return source[: self.start] + self.text + source[self.end :]

    def lines(self, source: bytes) -> range:
        """Return the numbers of the lines that change."""
        return range(source.count(b"\n", 0, self.start) + 1, source.count(b"\n", 0, self.end) + 2)

    def texts(self, source: bytes) -> tuple[str, str]:
        """Return the lines before and after the change, without indentation."""
        first = source.rfind(b"\n", 0, self.start) + 1
        last = source.find(b"\n", self.end)
        before, after = source[first:last], source[first : self.start] + self.text + source[self.end : last]
        return _stripped(before), _stripped(after)


def _stripped(lines: bytes) -> str:
    return "\n".join(line.strip() for line in lines.decode().splitlines())


COMPARE: dict[type[ast.cmpop], tuple[str, Sequence[str]]] = {
    ast.Lt: ("<", ("<=", ">=")),
    ast.LtE: ("<=", ("<", ">")),
    ast.Gt: (">", (">=", "<=")),
    ast.GtE: (">=", (">", "<")),
    ast.Eq: ("==", ("!=",)),
    ast.NotEq: ("!=", ("==",)),
    ast.Is: ("is", ("is not",)),
    ast.IsNot: (r"is\s+not", ("is",)),
    ast.In: ("in", ("not in",)),
    ast.NotIn: (r"not\s+in", ("in",)),
}
ARITHMETIC: dict[type[ast.operator], tuple[str, Sequence[str]]] = {
    ast.Add: (r"\+", ("-",)),
    ast.Sub: ("-", ("+",)),
    ast.Mult: (r"\*", ("/",)),
    ast.Div: ("/", ("*",)),
    ast.FloorDiv: ("//", ("*",)),
    ast.Mod: ("%", ("*",)),
    ast.Pow: (r"\*\*", ("*",)),
    ast.LShift: ("<<", (">>",)),
    ast.RShift: (">>", ("<<",)),
    ast.BitAnd: ("&", ("|",)),
    ast.BitOr: (r"\|", ("&",)),
    ast.BitXor: (r"\^", ("&",)),
}
CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}
SKIPPED = (ast.Import, ast.ImportFrom, ast.Assert)
LOGGING = re.compile(r"_?log(ger|ging)?\.", re.IGNORECASE)
FACT = re.compile(rb"\{((?:[^{}]|\{[^{}]*\})+)\}")
"""A replacement field of an f-string, with conversion and format."""


class Mutator(ast.NodeVisitor):
    """Finds the mutants of a source; a part of it, an f-string's expression, begins at `base`."""

    def __init__(self, module: str, source: bytes, base: int = 0) -> None:
        self.found: list[Mutant] = []
        self._module = module
        self._source = source
        self._base = base
        self._lines = [0]
        for line in source.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))
        self._top = True

    def _at(self, line: int, column: int) -> int:
        return self._base + (column if self._base else self._lines[line - 1] + column)

    def _span(self, node: Any) -> tuple[int, int]:
        return self._at(node.lineno, node.col_offset), self._at(node.end_lineno, node.end_col_offset)

    def _add(self, start: int, end: int, text: str) -> None:
        self.found.append(Mutant(self._module, start, end, text.encode()))

    def _replace(self, node: ast.AST, text: str) -> None:
        self._add(*self._span(node), text)

    def _operator(self, left: ast.AST, right: ast.AST, pattern: str, texts: Iterable[str], suffix: str = "") -> None:
        """Replace the operator between two nodes."""
        begin, end = self._span(left)[1], self._span(right)[0]
        gap = re.sub(rb"#[^\n]*", lambda match: b" " * len(match[0]), self._source[begin:end])
        word = rf"\b{pattern}\b" if pattern[0].isalpha() else pattern
        match = re.search((word + suffix).encode(), gap)
        assert match is not None, (self._module, gap)
        for text in texts:
            self._add(begin + match.start(), begin + match.end(), text)

    def _negate(self, test: ast.AST) -> None:
        # A comparison is negated as such, a `not` is taken away.
        if not isinstance(test, ast.Compare | ast.UnaryOp):
            start, end = self._span(test)
            self._add(start, end, f"(not ({self._source[start:end].decode()}))")

    def _visit_body(self, body: Iterable[ast.stmt]) -> None:
        top, self._top = self._top, False
        for statement in body:
            self.visit(statement)
        self._top = top

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Leave out decorators and annotations."""
        for default in (*node.args.defaults, *(d for d in node.args.kw_defaults if d is not None)):
            self.visit(default)
        self._visit_body(node.body)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Leave out decorators and base classes; a class body runs once, as the module does."""
        for statement in node.body:
            self.visit(statement)

    def visit_If(self, node: ast.If) -> None:
        """Negate the condition; code for type checkers only is left alone."""
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return
        self._negate(node.test)
        self.generic_visit(node)

    def visit_While(self, node: ast.While) -> None:
        """Negate the condition, but not `while True`."""
        if not isinstance(node.test, ast.Constant):
            self._negate(node.test)
            self.visit(node.test)
        for statement in node.body:
            self.visit(statement)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        """Negate the condition."""
        self._negate(node.test)
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        """Replace the operators, at the boundary and altogether."""
        for left, operator, right in zip((node.left, *node.comparators), node.ops, node.comparators, strict=False):
            self._operator(left, right, *COMPARE[type(operator)])
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        """Replace the operator."""
        self._operator(node.left, node.right, *ARITHMETIC[type(node.op)])
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        """Exchange `and` and `or`."""
        for left, right in zip(node.values, node.values[1:], strict=False):
            old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
            self._operator(left, right, old, (new,))
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        """Take `not`, `-` and `~` away."""
        self._add(self._span(node)[0], self._span(node.operand)[0], "")
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        """Move a number by one, turn a truth value round."""
        if isinstance(node.value, bool):
            self._replace(node, str(not node.value))
        elif isinstance(node.value, int | float):
            for step in (1, -1):
                self._replace(node, f"({value})" if (value := node.value + step) < 0 else str(value))

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Take each fact out of a text, and mutate how it is made. (Python 3.11 gives no positions in there.)"""
        start, end = self._span(node)
        for field in FACT.finditer(self._source, start, end):
            fact, has_format = field[1], False
            try:
                tree = ast.parse(fact, mode="eval")
            except SyntaxError:
                has_format = b":" in fact
                fact = fact.rpartition(b":" if has_format else b"!")[0]
                tree = ast.parse(fact, mode="eval")
            at = field.start(1)
            self._add(at, at + len(fact), "0" if has_format else "''")
            inner = Mutator(self._module, self._source, at)
            inner.visit(tree)
            self.found += inner.found

    def visit_Call(self, node: ast.Call) -> None:
        """Exchange `min` and `max`, `any` and `all`."""
        if LOGGING.match(ast.unparse(node.func)):
            return
        if isinstance(node.func, ast.Name) and node.func.id in CALLS:
            self._replace(node.func, CALLS[node.func.id])
        self.generic_visit(node)

    def visit_Return(self, node: ast.Return) -> None:
        """Return None."""
        if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
            self._replace(node, "return None")
        self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """Mutate the value, not the annotation."""
        if node.value is not None:
            self._remove(node)
            self.visit(node.value)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """Replace the operator; leave out the statement."""
        pattern, texts = ARITHMETIC[type(node.op)]
        self._operator(node.target, node.value, pattern, [f"{text}=" for text in (*texts, "")], suffix="=")
        self._remove(node)
        self.generic_visit(node)

    def _remove(self, node: ast.stmt) -> None:
        # Without the constants of a module or a class nothing runs at all.
        if not self._top:
            self._replace(node, "pass")

    def generic_visit(self, node: ast.AST) -> None:
        """Leave out statements; go on inside."""
        if isinstance(node, SKIPPED) or (isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"):
            return
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return
        if isinstance(node, ast.Assign | ast.Raise | ast.Delete) or (
            isinstance(node, ast.Expr) and not LOGGING.match(ast.unparse(node))
        ):
            self._remove(node)
        elif isinstance(node, ast.Break | ast.Continue):
            self._replace(node, "continue" if isinstance(node, ast.Break) else "break")
        super().generic_visit(node)


def mutants_of(module: str, source: bytes) -> list[Mutant]:
    """Return all mutants of a module."""
    mutator = Mutator(module, source)
    mutator.visit(ast.parse(source))
    return list(dict.fromkeys(mutator.found))


def drawn(sources: dict[str, bytes], count: int, seed: int) -> list[Mutant]:
    """Draw mutants that compile to another program."""
    points = [mutant for module, source in sources.items() for mutant in mutants_of(module, source)]
    random.Random(seed).shuffle(points)
    return list(itertools.islice((mutant for mutant in points if _differs(mutant, sources[mutant.module])), count))


def _differs(mutant: Mutant, source: bytes) -> bool:
    try:
        return ast.dump(ast.parse(mutant.apply(source))) != ast.dump(ast.parse(source))
    except SyntaxError:
        return False


# Runs


class Recorder:
    """Notes how long each test takes and, with coverage's contexts, which lines it executes."""

    def __init__(self, recording: coverage.Coverage) -> None:
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()
        self._coverage = recording

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Note one test."""
        self._coverage.switch_context(item.nodeid)
        started = time.perf_counter()
        result = yield
        self.seconds[item.nodeid] = time.perf_counter() - started
        self._coverage.switch_context("")
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure: such a test can judge no mutant."""
        if report.failed:
            self.failed.add(report.nodeid)


class Chosen:
    """Runs the chosen tests only, in their order."""

    def __init__(self, tests: Sequence[str]) -> None:
        self._place = {test: place for place, test in enumerate(tests)}
        self.failed = ""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Choose and sort."""
        chosen = [item for item in items if item.nodeid in self._place]
        items[:] = sorted(chosen, key=lambda item: self._place[item.nodeid])


class Copy:
    """A copy of the checkout in which tests run, each run in a process forked from this one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        for entry in ROOT.iterdir():
            if entry.name in ("cmi_gui", "tests"):
                shutil.copytree(entry, folder / entry.name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
            elif not entry.name.startswith((".", "pyproject")):
                (folder / entry.name).symlink_to(entry)
        options = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
        kept = {name: value for name, value in options.items() if name.startswith(("asyncio_", "xfail_"))}
        lines = [f"{name} = {value}" for name, value in {**kept, "filterwarnings": "error"}.items()]
        (folder / "pytest.ini").write_text("\n".join(["[pytest]", *lines, ""]))

    def start(self, work: Callable[[], int], *, seconds: float) -> int:
        """Do `work` in a new process; returns its number."""
        sys.stdout.flush()
        pid = os.fork()
        if pid:
            return pid
        code = 3
        try:
            os.chdir(self.folder)
            sys.path[:] = [str(self.folder), *(path for path in sys.path if Path(path or ".").resolve() != ROOT)]
            for name in [name for name in sys.modules if name.split(".")[0] == "tests"]:
                del sys.modules[name]
            resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
            resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))
            output = os.open(self.folder / OUTPUT, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(output, 1)
            os.dup2(output, 2)
            code = work()
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    @staticmethod
    def pytest(words: Iterable[str], plugin: object) -> int:
        """Run pytest in this process."""
        without = ("cacheprovider", "pytest-qt", "xdist", "pytest_cov")
        usual = ["-q", "--assert=plain", *(word for name in without for word in ("-p", f"no:{name}"))]
        return int(pytest.main([*usual, *words], plugins=[plugin]))

    def record(self, files: Sequence[str], modules: Sequence[str], to: Path) -> int:
        """Run test files and write down what each test executes."""

        def work() -> int:
            recording = coverage.Coverage(
                data_file=None, include=[str(self.folder / ENGINE / module) for module in modules]
            )
            recorder = Recorder(recording)
            recording.start()
            code = self.pytest(["--timeout=600", *files], recorder)
            recording.stop()
            data = recording.get_data()
            lines = {module: data.contexts_by_lineno(str(self.folder / ENGINE / module)) for module in modules}
            seconds = {test: taken for test, taken in recorder.seconds.items() if test not in recorder.failed}
            to.write_text(json.dumps({"seconds": seconds, "lines": lines}))
            return 0 if code == pytest.ExitCode.TESTS_FAILED else code

        return self.start(work, seconds=3600)

    def judge(self, mutant: Mutant, source: bytes, tests: Sequence[str]) -> int:
        """Run tests with a mutant; the process ends with 0 if it survives."""
        path = self.folder / ENGINE / mutant.module
        path.write_bytes(mutant.apply(source))

        def work() -> int:
            # Two mutants of one second and one size would share a compiled file.
            sys.dont_write_bytecode = True
            files = sorted({test.partition("::")[0] for test in tests})
            return self.pytest(["-x", f"--timeout={TEST_TIMEOUT}", *files], Chosen(tests))

        return self.start(work, seconds=600)


@dataclass
class Record:
    """How long each test takes, and which tests execute which line of a module."""

    seconds: dict[str, float]
    lines: dict[str, dict[int, set[str]]]

    def tests(self, mutant: Mutant, source: bytes, limit: float) -> list[str]:
        """Return the tests for a mutant: those of its line, then the others of its module, the fastest first."""
        by_line = self.lines[mutant.module]
        near = set[str]().union(*(by_line.get(line, ()) for line in mutant.lines(source)))
        chosen, left = [], limit
        for test in sorted(
            self.seconds.keys() & set[str]().union(*by_line.values()),
            key=lambda test: (test not in near, self._rank(test)),
        ):
            left -= self.seconds[test]
            if left > 0:
                chosen.append(test)
        return chosen

    def _rank(self, test: str) -> tuple[int, str]:
        # Tests of about the same length stay together by files: fixtures of modules are not cheap.
        return int(self.seconds[test] * 1000).bit_length() // 3, test.partition("::")[0]

    def first(self, tests: Sequence[str]) -> int:
        """Return how many tests fit the first process."""
        total = 0.0
        for count, test in enumerate(tests):
            total += self.seconds[test]
            if total > FIRST_SECONDS:
                return count + 1
        return len(tests)


def recorded(copy: Copy, cache: Path, where: str, modules: Sequence[str]) -> Record:
    """Return the record of all test files; those not changed since are read from the cache."""
    all_tests = sorted(ROOT.joinpath(where).rglob("test_*.py"))
    support = [
        path for top in ("cmi_gui", "tests") for path in sorted((ROOT / top).rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and not re.match("test_|mutants|equivalent", path.name)
    ]  # fmt: skip
    common = hashlib.sha256(b"".join(path.read_bytes() for path in support) + repr(modules).encode())
    keys = {}
    for path in all_tests:
        key = common.copy()
        key.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
        keys[str(path.relative_to(ROOT))] = cache / f"{key.hexdigest()[:24]}.json"
    missing = [file for file, kept in keys.items() if not kept.exists()]
    if missing:
        print(f"{len(missing)} test files run to record what they execute")
        fresh = copy.folder / "record.json"
        pid = copy.record(missing, modules, fresh)
        if os.waitpid(pid, 0)[1] != 0:
            sys.exit((copy.folder / OUTPUT).read_text() + "\nThe tests cannot be run.")
        for line in (copy.folder / OUTPUT).read_text().splitlines():
            if line.startswith("FAILED"):
                print(f"{line} (without any mutant; left out)")
        _split(json.loads(fresh.read_text()), {file: keys[file] for file in missing})
    whole = Record({}, {module: {} for module in modules})
    for kept in keys.values():
        part = json.loads(kept.read_text())
        whole.seconds |= part["seconds"]
        for module, lines in part["lines"].items():
            for line, tests in lines.items():
                whole.lines[module].setdefault(int(line), set()).update(tests)
    return whole


def _split(fresh: dict[str, Any], keys: dict[str, Path]) -> None:
    """Keep the record of each test file by itself."""
    for file, kept in keys.items():
        mine = f"{file}::"
        seconds = {test: taken for test, taken in fresh["seconds"].items() if test.startswith(mine)}
        lines = {
            module: {line: own for line, tests in by_line.items() if (own := [t for t in tests if t.startswith(mine)])}
            for module, by_line in fresh["lines"].items()
        }
        kept.write_text(json.dumps({"seconds": seconds, "lines": lines}))


def survivors(
    copies: Sequence[Copy], mutants: Sequence[Mutant], sources: dict[str, bytes], record: Record, limit: float
) -> Iterator[Mutant]:
    """Judge mutants, as many at a time as there are copies; yield those that survive."""
    waiting = list(reversed(mutants))
    free = list(copies)
    running: dict[int, tuple[Copy, Mutant, list[str]]] = {}

    def start(copy: Copy, mutant: Mutant, tests: list[str]) -> None:
        count = record.first(tests)
        pid = copy.judge(mutant, sources[mutant.module], tests[:count])
        running[pid] = (copy, mutant, tests[count:])

    while waiting or running:
        while waiting and free:
            mutant = waiting.pop()
            tests = record.tests(mutant, sources[mutant.module], limit)
            start(free.pop(), mutant, tests)
        pid, status = os.wait()
        copy, mutant, rest = running.pop(pid)
        if status == 0 and rest:
            start(copy, mutant, rest)
            continue
        (copy.folder / ENGINE / mutant.module).write_bytes(sources[mutant.module])
        free.append(copy)
        print("." if status else "S", end="", flush=True)
        if status == 0:
            yield mutant


def main() -> None:
    """Draw mutants, judge them, print the survivors."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="such as mbus/slave.py (default: all of them)")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--tests", default="tests/engine", metavar="FOLDER", help="the tests to run (%(default)s)")
    parser.add_argument(
        "--limit", type=float, default=60.0, help="seconds of tests a mutant gets at most (%(default)s)"
    )
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir(), "cmi-gui-mutants"))
    words = parser.parse_args()
    words.cache.mkdir(parents=True, exist_ok=True)
    sources = {module: (ROOT / ENGINE / module).read_bytes() for module in words.modules or MODULES}
    mutants = drawn(sources, words.count, words.seed)
    listed = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8")).get("mutant", [])
    equivalent = {(row["file"], row["line"], row["mutated"]) for row in listed}
    print(f"{len(mutants)} mutants of {len(sources)} modules, seed {words.seed}")
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copies = [Copy(Path(folder, str(index))) for index in range(words.jobs)]
        record = recorded(copies[0], words.cache, words.tests, list(sources))
        alive = sorted(
            survivors(copies, mutants, sources, record, words.limit), key=lambda mutant: (mutant.module, mutant.start)
        )
    named = 0
    for mutant in alive:
        before, after = mutant.texts(sources[mutant.module])
        known = (mutant.module, before, after) in equivalent
        named += known
        note = " (listed as equivalent)" if known else ""
        print(f"\n{ENGINE / mutant.module}:{mutant.lines(sources[mutant.module])[0]}{note}")
        print("\n".join([*(f"- {line}" for line in before.split("\n")), *(f"+ {line}" for line in after.split("\n"))]))
    living, count = len(alive), len(mutants)
    print(
        f"\n{count} mutants, {count - living} killed, {living} survived, {named} of these listed as equivalent: "
        f"{100 * (living - named) / count:.1f} % survive ({time.monotonic() - started:.0f} s)"
    )


if __name__ == "__main__":
    main()
