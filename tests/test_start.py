from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import cmi_gui
from tests.helpers.scripts import CHECKOUT, load_script


@pytest.fixture
def start() -> ModuleType:
    return load_script("start")


class Pip:
    """A replacement for the installing processes that records each command and ends with a given code."""

    def __init__(self, returncode: int = 0, stderr: str = "") -> None:
        self.commands: list[list[str]] = []
        self._ending = (returncode, stderr)

    def __call__(self, command: Sequence[object], **_: Any) -> subprocess.CompletedProcess[str]:
        self.commands.append([str(word) for word in command])
        returncode, stderr = self._ending
        return subprocess.CompletedProcess(command, returncode, "", stderr)


@pytest.fixture
def project(start: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small checkout with an imitation of a virtual environment."""
    (tmp_path / "cmi_gui").mkdir()
    (tmp_path / "cmi_gui" / "__init__.py").write_text("one = 1\n")
    for name in ("constraints.txt", "README.md", "LICENSE"):
        (tmp_path / name).write_text(name)
    (tmp_path / "pyproject.toml").write_text('[build-system]\nrequires = ["hatchling>=1.25"]\n')
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    monkeypatch.setattr(start, "HERE", tmp_path)
    return tmp_path


@pytest.fixture
def install(start: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Pip]:
    def install(for_tests: bool = False, pip: Pip | None = None) -> Pip:
        pip = pip or Pip()
        monkeypatch.setattr(start.subprocess, "run", pip)
        start.install(project / ".venv" / "bin" / "python", for_tests=for_tests)
        return pip

    return install


def test_under_start_py_the_installed_program_is_tested() -> None:
    # start.py sets the variable; without it, the tests run on the checkout.
    home = Path(sys.prefix) if os.environ.get("PYTHONSAFEPATH") else CHECKOUT / "cmi_gui"
    assert Path(cmi_gui.__file__).is_relative_to(home)


def test_first_start_installs_the_builder_then_the_program(install: Callable[..., Pip], project: Path) -> None:
    builder, program = install().commands
    assert builder[-1] == "hatchling>=1.25"
    assert program[-2:] == ["--no-build-isolation", str(project)]
    for command in (builder, program):
        assert command[1:4] == ["-m", "pip", "install"]
        assert command[command.index("-c") + 1] == str(project / "constraints.txt")


def test_second_start_installs_nothing(install: Callable[..., Pip]) -> None:
    install()
    assert install().commands == []


@pytest.mark.parametrize("changed", ["cmi_gui/__init__.py", "cmi_gui/new.toml", "constraints.txt", "pyproject.toml"])
def test_a_change_is_installed(install: Callable[..., Pip], project: Path, changed: str) -> None:
    install()
    with (project / changed).open("a") as file:
        file.write("# changed\n")
    assert install().commands
    assert install().commands == []


def test_compiled_files_do_not_count_as_a_change(install: Callable[..., Pip], project: Path) -> None:
    install()
    (project / "cmi_gui" / "__pycache__").mkdir()
    (project / "cmi_gui" / "__pycache__" / "x.pyc").write_bytes(b"x")
    assert install().commands == []


def test_test_dependencies_are_installed_and_stay(install: Callable[..., Pip], project: Path) -> None:
    install()
    assert install(for_tests=True).commands[-1][-1] == f"{project}[dev]"
    assert install(for_tests=True).commands == []
    assert install().commands == []
    (project / "README.md").write_text("changed")
    assert install().commands[-1][-1] == f"{project}[dev]"


def test_a_failed_installation_is_tried_again(install: Callable[..., Pip], start: ModuleType) -> None:
    install()
    with pytest.raises(start.Problem, match="No matching distribution found for nothing"):
        install(for_tests=True, pip=Pip(1, "noise\nERROR: No matching distribution found for nothing\nmore\n"))
    assert install().commands


def test_no_network_is_reported_in_one_line(install: Callable[..., Pip], start: ModuleType) -> None:
    with pytest.raises(start.Problem) as caught:
        install(pip=Pip(1, "WARNING: Retrying after NewConnectionError('<...>')\nERROR: No matching distribution\n"))
    assert "cannot be reached; check the network" in str(caught.value)
    assert "\n" not in str(caught.value)


RETRYING = (
    "WARNING: Retrying (Retry(total=4, connect=None, read=None, redirect=None, status=None)) after connection broken by"
    " '{0}': /simple/hatchling/\n"
)
CONFLICT = (
    "ERROR: Cannot install hatchling>=1.25 because these package versions have conflicting dependencies.\n"
    "ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/\n"
)


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (
            "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed:"
            " self-signed certificate in certificate chain (_ssl.c:1006)'))",
            "the certificate of the package index is not trusted, as happens behind a proxy that inspects TLS",
        ),
        (
            "ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed: 407 Proxy Authentication"
            " Required'))",
            "the proxy requires a name and a password; set HTTPS_PROXY=",
        ),
        (
            "ProxyError('Cannot connect to proxy.', NewConnectionError('[Errno 111] Connection refused'))",
            "the proxy does not answer as a proxy; check HTTPS_PROXY",
        ),
        ("SSLError(SSLError(1, '[SSL: WRONG_VERSION_NUMBER] wrong version number'))", "check HTTPS_PROXY"),
        ("NameResolutionError('Failed to resolve pypi.org')", "the package index cannot be reached"),
        ("ReadTimeoutError('Read timed out.')", "broke or is too slow"),
    ],
)
def test_network_problems_take_precedence_over_pips_last_error(start: ModuleType, cause: str, words: str) -> None:
    for rest in (CONFLICT, "ERROR: No matching distribution found for hatchling>=1.25\n", ""):
        reason = start.pip_reason(RETRYING.format(cause) + rest)
        assert words in reason
        assert "\n" not in reason


def test_other_failures_have_pips_own_reason(start: ModuleType) -> None:
    assert start.pip_reason(CONFLICT).startswith("Cannot install hatchling>=1.25 because")


def test_a_slow_network_is_distinguished_from_none(start: ModuleType) -> None:
    reason = start.pip_reason("ERROR: Exception:\npip._vendor.urllib3.exceptions.ReadTimeoutError: Read timed out.\n")
    assert reason.startswith("the connection to the package index broke or is too slow; try again")


@pytest.mark.parametrize("version", [(3, 10, 14), (3, 14, 0), (2, 7, 18)])
def test_wrong_python_names_the_right_ones(start: ModuleType, version: tuple[int, int, int]) -> None:
    with pytest.raises(start.Problem, match=rf"This is Python {version[0]}\.{version[1]}; .* 3\.11, 3\.12 and 3\.13"):
        start.check_python(version)


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 1), (3, 13, 9)])
def test_right_python(start: ModuleType, version: tuple[int, int, int]) -> None:
    start.check_python(version)


def test_missing_libraries_are_named_by_package(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start.sys, "platform", "linux")
    monkeypatch.setattr(start, "loads", lambda library: library not in {"libEGL.so.1", "libxcb-cursor.so.0"})
    with pytest.raises(start.Problem, match=r"apt install libegl1; Fedora: sudo dnf install libglvnd-egl$"):
        start.check_qt_libraries(["test"], {"DISPLAY": ":0"})
    with pytest.raises(start.Problem, match=r"apt install libegl1 libxcb-cursor0; .* libglvnd-egl xcb-util-cursor$"):
        start.check_qt_libraries([], {"DISPLAY": ":0"})
    with pytest.raises(start.Problem, match="apt install libegl1;"):
        start.check_qt_libraries([], {"WAYLAND_DISPLAY": "wayland-0"})
    # Without a window, Qt is not loaded.
    start.check_qt_libraries([], {})
    start.check_qt_libraries(["decode", "e5"], {"DISPLAY": ":0"})


def test_windows_needs_no_system_libraries(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start.sys, "platform", "win32")
    monkeypatch.setattr(start, "loads", lambda library: False)
    start.check_qt_libraries(["test"], {})


def test_the_command_to_run(start: ModuleType) -> None:
    python = Path("python")
    assert start.command(python, []) == ["python", "-m", "cmi_gui"]
    assert start.command(python, ["decode", "e5"]) == ["python", "-m", "cmi_gui", "decode", "e5"]
    test = start.command(python, ["test", "-k", "serve"])
    assert test[:3] == ["python", "-m", "pytest"]
    assert "--import-mode=importlib" in test
    assert "-n" in test
    assert test[-2:] == ["-k", "serve"]


def test_an_active_environment_is_used(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start.sys, "prefix", "/some/environment")
    monkeypatch.setattr(start.sys, "base_prefix", "/usr")
    assert start.environment_python() == Path(sys.executable)


def test_without_an_environment_one_is_created_once(
    start: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(start.sys, "prefix", sys.base_prefix)
    monkeypatch.setattr(start, "VENV", project / "made")
    processes = Pip()
    monkeypatch.setattr(start.subprocess, "run", processes)
    python = start.environment_python()
    assert processes.commands == [[sys.executable, "-m", "venv", "--clear", str(project / "made")]]
    assert capsys.readouterr().err.startswith("Creating a virtual environment in ")
    python.parent.mkdir(parents=True)
    python.touch()
    assert start.environment_python() == python
    assert processes.commands[1:] == [[str(python), "-c", ""]]


def test_missing_venv_module_names_the_package(
    start: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start.sys, "prefix", sys.base_prefix)
    monkeypatch.setattr(start, "VENV", project / "made")
    monkeypatch.setattr(start.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else object())
    with pytest.raises(start.Problem, match=r"no module ensurepip; .* apt install python3-venv"):
        start.environment_python()


def test_a_problem_is_one_line_and_exit_code_2(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(start, "OLDEST", (9, 0))
    assert start.main(["test"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("start.py: This is Python 3.")
    assert captured.err.count("\n") == 1


def test_constraints_pin_versions_and_name_no_address() -> None:
    lines = (CHECKOUT / "constraints.txt").read_text("ascii").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert len(pins) > 20
    for pin in pins:
        name, equals, version = pin.partition("==")
        assert name
        assert equals
        assert version
        assert not set(pin) & set("/@:; ")
