"""Set up and run cmi_gui: `python3 start.py` (Windows: `py start.py`).

    start.py                the window; with no display, the module without a window
    start.py test ...       the tests in parallel, against the installed program; further words go to pytest, such as
                            -n 0 to run them one after the other
    start.py decode ...     any command of the program, with its arguments

Inside a virtual environment that one is used, otherwise `.venv` beside this file. Needs only Python itself; what the
program needs is installed at the first start and whenever the program has changed.
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


# What pip's output says of the way to the package index -> what that means; the most certain sign first.
PIP_SIGNS = {
    ("CERTIFICATE_VERIFY_FAILED", "SSLCertVerificationError", "confirming the ssl certificate"): (
        "the certificate of the package index is not trusted, as behind a proxy that inspects TLS;"
        " set PIP_CERT to the file of its root certificate, which your administrator has"
    ),
    ("407 Proxy Authentication", "Proxy Authentication Required"): (
        "the proxy wants a name and a password; set HTTPS_PROXY=http://NAME:PASSWORD@HOST:PORT"
    ),
    ("WRONG_VERSION_NUMBER", "Unable to connect to proxy", "ProxyError"): (
        "the proxy does not answer as one; check HTTPS_PROXY, usually http://HOST:PORT"
    ),
    ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError"): (
        "the package index cannot be reached; check the network (behind a proxy, set HTTPS_PROXY)"
    ),
    ("ReadTimeoutError", "IncompleteRead", "ConnectionResetError"): (
        "the connection to the package index broke or is too slow; try again: what has arrived whole is kept"
    ),
}


class Problem(Exception):
    """Something the user can put right; the text is one line that says how."""


def check_python(version: tuple[int, ...]) -> None:
    """Raise Problem unless this Python can run the program."""
    if not OLDEST <= version[:2] <= NEWEST:
        source = "winget install Python.Python.3.13" if os.name == "nt" else "your system's packages or python.org"
        raise Problem(
            f"This is Python {version[0]}.{version[1]}; cmi_gui runs on 3.11, 3.12 and 3.13."
            f" Install one of them ({source}) and start this file with it."
        )


def missing_qt_libraries(arguments: Sequence[str], environment: Mapping[str, str]) -> list[tuple[str, str]]:
    """Packages (Debian's, Fedora's name) that Qt lacks for what is to be done; empty where it needs none."""
    on_x11 = bool(environment.get("DISPLAY"))
    window = not arguments and (on_x11 or bool(environment.get("WAYLAND_DISPLAY")))
    if not sys.platform.startswith("linux") or not (window or arguments[:1] == ["test"]):
        return []
    needs = QT_NEEDS | (QT_NEEDS_ON_X11 if window and on_x11 else {})
    return [packages for library, packages in needs.items() if not loads(library)]


def loads(library: str) -> bool:
    """Whether the system has a shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def check_qt_libraries(arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    """Raise Problem that names the packages to install."""
    missing = missing_qt_libraries(arguments, environment)
    if missing:
        debian, fedora = (" ".join(names) for names in zip(*missing, strict=True))
        raise Problem(
            f"Qt lacks system libraries. Debian, Ubuntu: sudo apt install {debian}; Fedora: sudo dnf install {fedora}"
        )


def environment_python() -> Path:
    """The Python of the virtual environment, which is made if there is none."""
    if sys.prefix != sys.base_prefix:
        return Path(sys.executable)
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    # An environment whose Python was upgraded or removed under it still has its files.
    if python.exists() and subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0:
        return python
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            raise Problem(f"This Python has no module {module}; on Debian and Ubuntu: sudo apt install python3-venv")
    say(f"Making a virtual environment in {VENV} ...")
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], capture_output=True, text=True, check=False)
    if made.returncode:
        raise Problem(f"Cannot make a virtual environment in {VENV}: {last_line(made.stdout + made.stderr)}")
    return python


def fingerprint(files: Iterable[Path]) -> str:
    """One text for names and contents of files; it changes when any of them does."""
    digest = hashlib.sha256()
    for file in sorted(files):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(HERE).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def program_files() -> list[Path]:
    """All that decides what is installed."""
    package = [file for file in (HERE / "cmi_gui").rglob("*") if file.is_file() and "__pycache__" not in file.parts]
    return [HERE / "pyproject.toml", HERE / "constraints.txt", HERE / "README.md", HERE / "LICENSE", *package]


def install(python: Path, for_tests: bool) -> None:
    """Install the program (not editable) and what it needs, unless exactly this is installed already."""
    import tomllib

    stamp = python.parent.parent / STAMP
    wanted = fingerprint(program_files())
    found = stamp.read_text("ascii").split() if stamp.exists() else []
    if found[:1] == [wanted] and (found[1:] == ["dev"] or not for_tests):
        return
    say("Installing cmi_gui and what it needs; the first time takes a minute or two ...")
    for_tests = for_tests or found[1:] == ["dev"]
    stamp.unlink(missing_ok=True)
    build = tomllib.loads((HERE / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]
    pip(python, build)
    # Built with what is installed, so that a changed line of the program does not need the network.
    pip(python, ["--no-build-isolation", f"{HERE}[dev]" if for_tests else str(HERE)])
    stamp.write_text(f"{wanted} {'dev' if for_tests else ''}\n", "ascii")


def pip(python: Path, what: Sequence[str]) -> None:
    """Run `pip install`; raises Problem with its reason in one line."""
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-c", HERE / "constraints.txt"]
    done = subprocess.run([*command, *what], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Problem(f"Cannot install what cmi_gui needs: {pip_reason(done.stdout + done.stderr)}")


def pip_reason(output: str) -> str:
    """What of pip's output says why it failed.

    Trouble on the way to the package index comes first: pip's last line blames what it could not fetch.
    """
    for signs, advice in PIP_SIGNS.items():
        if any(sign in output for sign in signs):
            return advice
    errors = [line.removeprefix("ERROR: ") for line in output.splitlines() if line.startswith("ERROR: ")]
    return errors[0] if errors else last_line(output)


def last_line(text: str) -> str:
    """The last line that is not empty."""
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "no reason given")


def say(text: str) -> None:
    """Progress goes to standard error: standard output belongs to the program."""
    print(text, file=sys.stderr, flush=True)


def command(python: Path, arguments: Sequence[str]) -> list[str]:
    """What to run; the environment has PYTHONSAFEPATH, so that never the checkout is imported."""
    if arguments[:1] == ["test"]:
        # Another import mode would put the checkout in front of the installed program.
        pytest = [str(python), "-m", "pytest", "--import-mode=importlib", "--rootdir", str(HERE)]
        # Most tests wait for something, so more of them than there are cores can run at once.
        return [*pytest, "-n", str(2 * (os.cpu_count() or 1)), "--dist", "worksteal", *arguments[1:]]
    return [str(python), "-m", "cmi_gui", *arguments]


def run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Become the program; on Windows, wait for it."""
    if os.name != "nt":
        os.execve(command[0], command, environment)  # signals meant for the program reach it
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program
    return subprocess.call(command, env=environment)


def main(arguments: Sequence[str]) -> int:
    """Returns the exit code: the program's own, or 2 if it could not be started."""
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
        say(f"start.py: {problem}")
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
