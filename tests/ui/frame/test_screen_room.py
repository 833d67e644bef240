"""The window opens inside the available area of its screen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, QSize

from cmi_gui.ui.frame.screen_room import inside

LAPTOP = {"name": "laptop", "x": 0, "y": 0, "width": 1366, "height": 768, "logicalDpi": 96, "dpr": 1}
DESK = {"name": "desk", "x": 1366, "y": 0, "width": 2560, "height": 1440, "logicalDpi": 96, "dpr": 1}

OPEN = """
    import contextlib, json, sys
    from PySide6.QtCore import QRect
    from PySide6.QtGui import QScreen
    from PySide6.QtWidgets import QApplication
    from cmi_gui.app import build
    from cmi_gui.engine.clock import VirtualClock
    from cmi_gui.engine.station.config import StationConfig
    from pathlib import Path

    folder, panel, wanted = Path(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3])
    # Without a folder in the name, because for Qt the colon of a drive letter would end it.
    with contextlib.chdir(folder):
        app = QApplication([])
    whole = QScreen.availableGeometry
    # Task bars on the left and at the bottom, which no platform of the tests has.
    QScreen.availableGeometry = lambda self: whole(self).adjusted(panel, 0, 0, -panel)
    window = build(StationConfig(mbus=(), state_dir=folder), clock=VirtualClock())
    window.show()
    app.processEvents()
    frame, room = window.frameGeometry(), window.screen().availableGeometry()
    print(json.dumps({
        "frame": frame.getRect(), "room": room.getRect(), "inside": room.contains(frame),
        "screen": window.screen().name(), "size": window.size().toTuple(),
    }))
    if wanted:
        window.setGeometry(QRect(*wanted))
        app.processEvents()
    window.close()
"""


def opened(
    folder: Path, screens: list[dict[str, object]], *, panel: int = 0, leave_at: tuple[int, ...] = ()
) -> dict[str, object]:
    """Open the window on the given screens, return its geometry, and leave it at another one."""
    config = folder / "screens.json"
    config.write_text(json.dumps({"windowFrameMargins": True, "screens": screens}))
    environment = {**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={config.name}"}
    script = textwrap.dedent(OPEN)
    arguments = [str(folder), str(panel), json.dumps(leave_at)]
    ended = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=False, env=environment
    )
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("panel", [0, 48])
def test_a_first_start_on_a_small_screen(tmp_path: Path, panel: int) -> None:
    place = opened(tmp_path, [LAPTOP], panel=panel)
    assert place["inside"], place


def test_a_first_start_on_a_large_screen(tmp_path: Path) -> None:
    place = opened(tmp_path, [DESK])
    assert place["inside"], place
    assert place["size"] == [1280, 800]


def test_a_window_larger_than_the_screen_is_restored_inside_it(tmp_path: Path) -> None:
    opened(tmp_path, [LAPTOP, DESK], leave_at=(1500, 100, 2200, 1200))
    place = opened(tmp_path, [LAPTOP], panel=40)
    assert place["inside"], place


def test_a_window_half_outside_is_restored_inside(tmp_path: Path) -> None:
    opened(tmp_path, [LAPTOP], leave_at=(700, 300, 1200, 600))
    place = opened(tmp_path, [LAPTOP])
    assert place["inside"], place
    assert place["size"] == [1200, 600], "it is moved, not shrunk"


def test_a_window_is_restored_on_its_screen(tmp_path: Path) -> None:
    opened(tmp_path, [LAPTOP, DESK], leave_at=(1500, 100, 1400, 900))
    place = opened(tmp_path, [LAPTOP, DESK])
    assert place["screen"] == "desk"
    assert place["inside"], place
    assert place["size"] == [1400, 900]


sizes = st.builds(QSize, st.integers(1, 3000), st.integers(1, 3000))
rooms = st.builds(
    QRect, st.integers(-4000, 4000), st.integers(-4000, 4000), st.integers(800, 4000), st.integers(600, 3000)
)
frames = st.builds(
    QRect, st.integers(-9000, 9000), st.integers(-9000, 9000), st.integers(1, 9000), st.integers(1, 9000)
)


@given(frame=frames, room=rooms, smallest=sizes)
def test_inside(frame: QRect, room: QRect, smallest: QSize) -> None:
    found = inside(frame, room, smallest)
    fits = smallest.width() <= room.width() and smallest.height() <= room.height()
    assert room.contains(found) or not fits
    assert room.contains(found.topLeft()), "its title can be reached"
    assert found.size() == frame.size().boundedTo(room.size()).expandedTo(smallest)
    if room.contains(frame) and frame.size().expandedTo(smallest) == frame.size():
        assert found == frame, "what is inside stays where it is"
