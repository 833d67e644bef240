"""The test for a display: one that is named but does not answer must not end the program."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cmi_gui.display import why_no_display

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the names are those of Linux")

DEAD_DISPLAY = ":31999"
"""A display that does not exist; its socket would be X11-unix/X31999."""


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


def test_without_display_variables_there_is_no_display() -> None:
    assert why_no_display() == "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)"


@pytest.mark.parametrize("name", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_a_display_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, DEAD_DISPLAY)
    reason = why_no_display()
    assert reason is not None
    assert reason.startswith(f"the display {DEAD_DISPLAY} does not answer")


def test_an_explicit_qt_platform_is_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setenv("DISPLAY", DEAD_DISPLAY)
    assert why_no_display() is None


def test_a_wayland_compositor_is_enough(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DISPLAY", DEAD_DISPLAY)
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-7")
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as compositor:
        # A relative path, because the absolute one may be too long for a socket.
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("XDG_RUNTIME_DIR", ".")
        compositor.bind("wayland-7")
        assert why_no_display() is not None
        compositor.listen()
        assert why_no_display() is None


@pytest.fixture
def x11() -> Iterator[str]:
    """The name of a running X server."""
    if shutil.which("Xvfb") is None:
        pytest.skip("there is no Xvfb")
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "320x240x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        with open(reading, encoding="ascii") as output:
            number = output.readline().strip()
        yield f":{number}"
        server.terminate()


def test_an_x_server_that_answers_is_a_display(monkeypatch: pytest.MonkeyPatch, x11: str) -> None:
    monkeypatch.setenv("DISPLAY", x11)
    assert why_no_display() is None


def test_the_module_is_served_where_the_display_does_not_answer(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "DISPLAY": DEAD_DISPLAY}
    command = [sys.executable, "-m", "cmi_gui"]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline().startswith("M-Bus: tcp://127.0.0.1:")
        program.terminate()
        _, errors = program.communicate(timeout=30)
    assert errors.startswith(f"Cannot open a window: the display {DEAD_DISPLAY} does not answer")
    assert program.returncode == 0
