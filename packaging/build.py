"""Build the bundle `dist/cmi-gui` on Linux or Windows: `python packaging/build.py [--archive] [--here]`.

Requires Python 3.11 to 3.13 and access to the package index. The bundle is built from a clean environment in a
temporary folder, so that it contains nothing else that is installed on this computer; with `--here` from that of this
Python, which must have the program (not editable) and PyInstaller. It must pass its own self-test,
started from another folder with an empty environment, and must not be larger than `LIMIT_MB` in contents.py.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib.util
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType

import contents
import papers

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
DIST = ROOT / "dist"
BUNDLE = DIST / contents.NAME
WINDOWS = os.name == "nt"
SELF_TEST_SECONDS = 120


def of_the_checkout(file: str) -> ModuleType:
    """Load a module of the checkout by its file: the checkout on the path would hide the installed packages."""
    spec = importlib.util.spec_from_file_location(Path(file).stem, ROOT / file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SUMS_NAME = of_the_checkout("cmi_gui/engine/files/program_folder.py").SUMS_NAME
pip_reason = of_the_checkout("start.py").pip_reason


class Problem(Exception):
    """The bundle cannot be built, or a check of it failed; the text says why."""


def report(text: str) -> None:
    print(text, flush=True)


def clean(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without variables that change how Python starts or which packages it sees."""
    return {name: value for name, value in environment.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}


def run(command: Sequence[object], **options: object) -> str:
    """Run a command and return its standard output. Raises Problem with all its output if it fails."""
    words = [str(word) for word in command]
    options = {"env": clean(os.environ), **options}
    # Not every program writes in the encoding of the system's terminal.
    done = subprocess.run(words, capture_output=True, text=True, errors="replace", check=False, **options)
    if done.returncode:
        raise Problem(f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


# The environment


def make_environment(folder: Path) -> Path:
    """Make a fresh environment with the program (not editable) and PyInstaller; return its Python."""
    run([sys.executable, "-m", "venv", "--clear", folder])
    python = folder / ("Scripts/python.exe" if WINDOWS else "bin/python")
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-c", ROOT / "constraints.txt"]
    for what in (["hatchling"], ["--no-build-isolation", f"{ROOT}[bundle]"]):
        try:
            run([*pip, *what])
        except Problem as problem:
            raise Problem(f"cannot install the parts of the bundle: {pip_reason(str(problem))}") from problem
    return python


def installed(python: Path) -> tuple[Path, str]:
    """Return the folder of the installed program, and its version."""
    printed = run([python, "-I", "-c", "import cmi_gui; print(cmi_gui.__file__); print(cmi_gui.__version__)"], cwd=HERE)
    file, version = printed.splitlines()
    return Path(file).parent.parent, version


def source_version() -> str:
    """Return the version of the checkout, which is in one file only."""
    text = (ROOT / "cmi_gui" / "__init__.py").read_text(encoding="utf-8")
    return re.findall(r'^__version__ = "(.+)"$', text, re.MULTILINE)[0]


@contextlib.contextmanager
def build_file(program: Path) -> Iterator[None]:
    """Keep commit and date of the build in the installed program (see `cmi_gui.versions`) while the context is open."""
    commit, date = commit_and_date()
    text = json.dumps({"commit": commit, "date": date}, indent=1)
    file = program / contents.RESOURCES / "build.json"
    try:
        file.write_text(text, encoding="utf-8")
        yield
    finally:
        file.unlink(missing_ok=True)


def commit_and_date() -> tuple[str | None, str | None]:
    """Return commit and date of the checkout; None if it is no git checkout, or git is missing.

    A `+` behind the commit says that files are changed, or new and not ignored: sdist and bundle take them too.
    """
    try:
        commit, date = run(["git", "-C", ROOT, "log", "-1", "--format=%h %cs"]).split()
        changed = run(["git", "-C", ROOT, "status", "--porcelain", "--untracked-files=normal"]).strip()
    except (Problem, OSError):
        return None, None
    return commit + ("+" if changed else ""), date


# The bundle


def freeze(python: Path, work: Path) -> list[Path]:
    """Run PyInstaller into `dist`; return the libraries it took from this machine, not the environment."""
    work.mkdir()
    if BUNDLE.exists():
        shutil.rmtree(BUNDLE)
    options = ["--noconfirm", "--clean", "--log-level", "WARN", "--distpath", DIST, "--workpath", work]
    environment = clean(os.environ) | {"PYINSTALLER_CONFIG_DIR": str(work / "cache"), "QT_QPA_PLATFORM": "offscreen"}
    run([python, "-P", "-m", "PyInstaller", *options, HERE / "pyinstaller.spec"], cwd=work, env=environment)
    found = next(work.rglob("system.txt")).read_text(encoding="utf-8")
    return [Path(line) for line in found.splitlines()]


def strip_python() -> None:
    """Strip Python's own libraries; those of wheels stay unchanged (OpenBLAS breaks)."""
    if WINDOWS:
        return
    internal = BUNDLE / "_internal"
    own = [*internal.glob("libpython*.so*"), *internal.glob("python3*/lib-dynload/*.so")]
    if shutil.which("strip") is None:
        raise Problem("strip is missing, without which Python's library is four times as large; install binutils")
    for library in own:
        if not library.is_symlink():
            run(["strip", "--strip-unneeded", library])


def write_sums() -> None:
    """Write the SHA-256 of each file, for the self-test and `sha256sum -c`; links are left out."""
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()} *{path.relative_to(BUNDLE).as_posix()}"
        for path in sorted(BUNDLE.rglob("*"))
        if path.is_file() and not path.is_symlink()
    ]
    (BUNDLE / SUMS_NAME).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


# Checks of the bundle


def left_to_the_system() -> dict[str, str]:
    """Return the libraries that Qt's plugins need and this machine lacks: name, and one plugin that needs it.

    The bundle works without those plugins, and with them wherever the system has the libraries.
    """
    if WINDOWS:
        return {}
    lacking: dict[str, str] = {}
    for plugin in sorted(BUNDLE.glob("_internal/PySide6/Qt/plugins/*/*.so")):
        for line in run(["ldd", plugin]).splitlines():
            if line.endswith("=> not found"):
                lacking.setdefault(line.split()[0], plugin.stem.removeprefix("lib"))
    return lacking


def sizes() -> list[tuple[str, int]]:
    """Return the bytes by group, the largest first; links do not count."""
    found: Counter[str] = Counter()
    for path in BUNDLE.rglob("*"):
        if path.is_file() and not path.is_symlink():
            found[contents.group_of(path.relative_to(BUNDLE).as_posix())] += path.stat().st_size
    return found.most_common()


def check_size() -> None:
    rows = sizes()
    total = sum(size for _, size in rows)
    for name, size in rows[:15]:
        report(f"{size / 1e6:8.1f} MB  {name}")
    report(f"{total / 1e6:8.1f} MB  in all, unpacked")
    if total > contents.LIMIT_MB * 1_000_000:
        raise Problem(f"the bundle has {total / 1e6:.1f} MB; the limit is {contents.LIMIT_MB} MB")


def bare_environment(home: Path) -> dict[str, str]:
    """Return an environment with only a home; Windows also needs its own folder to start a program."""
    if WINDOWS:
        needed = {name: os.environ[name] for name in ("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR") if name in os.environ}
        return {**needed, **dict.fromkeys(("USERPROFILE", "APPDATA", "LOCALAPPDATA", "TEMP", "TMP"), str(home))}
    return {"HOME": str(home)}


def start(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run an executable of the bundle from another folder, in a bare environment."""
    program = BUNDLE / (f"{name}.exe" if WINDOWS else name)
    # On Windows a virus scanner may still have the written files open.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as elsewhere:
        return subprocess.run(
            [str(program), *arguments],
            cwd=elsewhere,
            env=bare_environment(Path(elsewhere)),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=SELF_TEST_SECONDS,
            check=False,
        )


def try_it(version: str) -> None:
    """Run the self-test of both executables. Raises Problem if one fails or prints anything unexpected."""
    for name in (contents.NAME, contents.CONSOLE):
        began = time.monotonic()
        done = start(name, "--self-test")
        # A windowed executable of Windows may have no standard output; then only its exit code counts.
        silent = WINDOWS and name == contents.NAME
        problem = unexpected(done, silent=silent)
        if problem:
            raise Problem(f"{name} --self-test: {problem}\n{done.stdout}{done.stderr}")
        last = done.stdout.splitlines()[-1] if done.stdout else "passed"
        report(f"{name}: {last} ({time.monotonic() - began:.1f} s including start)")
    printed = start(contents.CONSOLE, "--version").stdout
    if printed.splitlines()[:1] != [f"cmi-gui {version}"]:
        raise Problem(f"--version printed {printed!r}")
    report(printed.rstrip())


def unexpected(done: subprocess.CompletedProcess[str], *, silent: bool) -> str | None:
    """Return what is wrong with a finished self-test, or None; no other output is allowed."""
    lines = done.stdout.splitlines()
    if done.returncode:
        return f"it ended with {done.returncode}"
    if done.stderr:
        return "it wrote to standard error"
    if silent and not lines:
        return None
    if not lines or not lines[-1].startswith("self-test passed: "):
        return "it did not report success"
    odd = [line for line in lines[:-1] if not line.startswith("ok    ")]
    return f"unexpected line {odd[0]!r}" if odd else None


def archive(version: str) -> Path:
    """Pack the bundle into one compressed file, without the names of users and groups."""
    system = "windows" if WINDOWS else platform.system().lower()
    base = DIST / f"{contents.NAME}-{version}-{system}-{platform.machine().lower()}"
    if WINDOWS:
        return Path(shutil.make_archive(str(base), "zip", DIST, contents.NAME))
    packed = base.with_name(base.name + ".tar.xz")

    def anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        return entry

    with tarfile.open(packed, "w:xz") as file:
        file.add(BUNDLE, contents.NAME, filter=anonymous)
    return packed


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--archive", action="store_true", help="also pack the bundle into one compressed file")
    parser.add_argument("--here", action="store_true", help="build from the environment of this Python")
    options = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory(prefix="cmi-gui-build-", ignore_cleanup_errors=True) as folder:
            if options.here:
                python = Path(sys.executable)
            else:
                report("creating a clean environment; downloads about 130 MB from the package index ...")
                python = make_environment(Path(folder, "environment"))
            program, version = installed(python)
            report("building ...")
            with build_file(program):
                system = freeze(python, Path(folder, "work"))
        strip_python()
        for sentence in papers.add_papers(BUNDLE, system):
            report(f"not in the bundle: {sentence}")
        write_sums()
        for library, plugin in left_to_the_system().items():
            report(f"not on this machine, so not in the bundle: {library}, for {plugin}")
        try_it(version)
        check_size()
        if options.archive:
            packed = archive(version)
            report(f"{packed.stat().st_size / 1e6:8.1f} MB  {packed.relative_to(ROOT)}")
    except (Problem, OSError, subprocess.TimeoutExpired) as problem:
        print(f"build.py: {problem}", file=sys.stderr)
        return 1
    report(f"built: {BUNDLE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
