"""Set up and run cmi_gui: `python3 start.py` (Windows: `py start.py`).

    start.py                open the window; without a display, serve the module instead
    start.py test ...       run the tests in parallel against the installed program; further arguments go to pytest,
                            such as -n 0 to run the tests one after the other
    start.py decode ...     run any command of the program with its arguments

In an active virtual environment that one is used, otherwise `.venv` beside this file. Only Python is required: the
program and its dependencies are installed at the first start and whenever the program has changed.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
STAMP = "cmi_gui-installed"
OLDEST, NEWEST = (3, 11), (3, 13)

# Library -> package of Debian and Ubuntu, package of Fedora.
QT_NEEDS = {
    "libEGL.so.1": ("libegl1", "libglvnd-egl"),
    "libGL.so.1": ("libgl1", "libglvnd-glx"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon"),
}
QT_NEEDS_ON_X11 = {
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms"),
    "libxcb-render-util.so.0": ("libxcb-render-util0", "xcb-util-renderutil"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11"),
}


# Texts in pip's output -> the cause and the remedy; the most specific first.
PIP_SIGNS = {
    ("CERTIFICATE_VERIFY_FAILED", "SSLCertVerificationError", "confirming the ssl certificate"): (
        "the certificate of the package index is not trusted, as happens behind a proxy that inspects TLS;"
        " ask your administrator for the proxy's root certificate, and set PIP_CERT to its file"
    ),
    ("407 Proxy Authentication", "Proxy Authentication Required"): (
        "the proxy requires a name and a password; set HTTPS_PROXY=http://NAME:PASSWORD@HOST:PORT"
    ),
    ("WRONG_VERSION_NUMBER", "Unable to connect to proxy", "ProxyError"): (
        "the proxy does not answer as a proxy; check HTTPS_PROXY, usually http://HOST:PORT"
    ),
    ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError"): (
        "the package index cannot be reached; check the network (behind a proxy, set HTTPS_PROXY)"
    ),
    ("ReadTimeoutError", "IncompleteRead", "ConnectionResetError"): (
        "the connection to the package index broke or is too slow; try again (completed downloads are kept)"
    ),
}


class Problem(Exception):
    """A problem that the user can solve; the text says in one line how."""


def check_python(version: tuple[int, ...]) -> None:
    """Raise Problem unless this Python can run the program."""
    if not OLDEST <= version[:2] <= NEWEST:
        source = "winget install Python.Python.3.13" if os.name == "nt" else "your system's packages or python.org"
        raise Problem(
            f"This is Python {version[0]}.{version[1]}; cmi_gui runs on 3.11, 3.12 and 3.13."
            f" Install one of them ({source}) and start this file with it."
        )


def missing_qt_libraries(arguments: Sequence[str], environment: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the missing packages (name on Debian, on Fedora) that Qt needs for these arguments."""
    on_x11 = bool(environment.get("DISPLAY"))
    window = not arguments and (on_x11 or bool(environment.get("WAYLAND_DISPLAY")))
    if not sys.platform.startswith("linux") or not (window or arguments[:1] == ["test"]):
        return []
    needs = QT_NEEDS | (QT_NEEDS_ON_X11 if window and on_x11 else {})
    return [packages for library, packages in needs.items() if not loads(library)]


def loads(library: str) -> bool:
    """Return whether the system can load a shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def check_qt_libraries(arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    """Raise Problem with the packages to install if Qt lacks system libraries."""
    missing = missing_qt_libraries(arguments, environment)
    if missing:
        debian, fedora = (" ".join(names) for names in zip(*missing, strict=True))
        raise Problem(
            "System libraries that Qt needs are missing."
            f" Debian, Ubuntu: sudo apt install {debian}; Fedora: sudo dnf install {fedora}"
        )


def environment_python() -> Path:
    """Return the Python of the virtual environment, creating the environment if needed."""
    if sys.prefix != sys.base_prefix:
        return Path(sys.executable)
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    # An environment whose Python was upgraded or removed under it still has its files.
    if python.exists() and subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0:
        return python
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            raise Problem(f"This Python has no module {module}; on Debian and Ubuntu: sudo apt install python3-venv")
    report(f"Creating a virtual environment in {VENV} ...")
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], capture_output=True, text=True, check=False)
    if made.returncode:
        raise Problem(f"Cannot create a virtual environment in {VENV}: {last_line(made.stdout + made.stderr)}")
    return python


def fingerprint(files: Iterable[Path]) -> str:
    """Return a digest of the names and contents of files."""
    digest = hashlib.sha256()
    for file in sorted(files):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(HERE).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def program_files() -> list[Path]:
    """Return all files that determine what is installed."""
    package = [file for file in (HERE / "cmi_gui").rglob("*") if file.is_file() and "__pycache__" not in file.parts]
    return [HERE / "pyproject.toml", HERE / "constraints.txt", HERE / "README.md", HERE / "LICENSE", *package]


def install(python: Path, for_tests: bool) -> None:
    """Install the program (not editable) and its dependencies, unless this version is installed already."""
    import tomllib

    stamp = python.parent.parent / STAMP
    current = fingerprint(program_files())
    found = stamp.read_text("ascii").split() if stamp.exists() else []
    if found[:1] == [current] and (found[1:] == ["dev"] or not for_tests):
        return
    report("Installing cmi_gui and its dependencies; the first time takes a minute or two ...")
    for_tests = for_tests or found[1:] == ["dev"]
    stamp.unlink(missing_ok=True)
    build = tomllib.loads((HERE / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]
    pip(python, build)
    # Without build isolation, so that reinstalling a changed program needs no network.
    pip(python, ["--no-build-isolation", f"{HERE}[dev]" if for_tests else str(HERE)])
    stamp.write_text(f"{current} {'dev' if for_tests else ''}\n", "ascii")


def pip(python: Path, what: Sequence[str]) -> None:
    """Run `pip install`. Raises Problem with the reason in one line."""
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-c", HERE / "constraints.txt"]
    done = subprocess.run([*command, *what], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Problem(f"Cannot install cmi_gui and its dependencies: {pip_reason(done.stdout + done.stderr)}")


def pip_reason(output: str) -> str:
    """Return the reason of a failure from pip's output.

    Problems with the network are looked for first, because pip's last line names only the package it could not fetch.
    """
    for signs, advice in PIP_SIGNS.items():
        if any(sign in output for sign in signs):
            return advice
    errors = [line.removeprefix("ERROR: ") for line in output.splitlines() if line.startswith("ERROR: ")]
    return errors[0] if errors else last_line(output)


def last_line(text: str) -> str:
    """Return the last line that is not empty."""
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "no reason given")


def report(text: str) -> None:
    """Print progress to standard error, because standard output belongs to the program."""
    print(text, file=sys.stderr, flush=True)


def command(python: Path, arguments: Sequence[str]) -> list[str]:
    """Return the command to run. PYTHONSAFEPATH must be set, so that the checkout is never imported."""
    if arguments[:1] == ["test"]:
        # Another import mode would put the checkout in front of the installed program.
        pytest = [str(python), "-m", "pytest", "--import-mode=importlib", "--rootdir", str(HERE)]
        # Most tests wait most of the time, so twice as many as there are cores can run at once.
        return [*pytest, "-n", str(2 * (os.cpu_count() or 1)), "--dist", "worksteal", *arguments[1:]]
    return [str(python), "-m", "cmi_gui", *arguments]


def run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Replace this process by the command; on Windows, run it and return its exit code."""
    if os.name != "nt":
        os.execve(command[0], command, environment)  # signals meant for the program reach it
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program
    return subprocess.call(command, env=environment)


def main(arguments: Sequence[str]) -> int:
    """Return the exit code of the program, or 2 if it could not be started."""
    try:
        check_python(sys.version_info[:3])
        check_qt_libraries(arguments, os.environ)
        testing = arguments[:1] == ["test"]
        python = environment_python()
        install(python, for_tests=testing)
        if testing:
            os.chdir(HERE)
        return run(command(python, arguments), os.environ | {"PYTHONSAFEPATH": "1"})
    except (Problem, OSError) as problem:
        report(f"start.py: {problem}")
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
