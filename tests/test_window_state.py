"""The window and the user's state folder, which may be in use by another program."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cmi_gui.engine.files.state_folder import open_state_folder

SCRIPT = """
import cmi_gui.app as app

async def look(window):
    config = window.station.config
    print(config.state_dir, config.use_keyring, *(message.text for message in window.messages.last(1)), sep="\\n")
    window.shutdown()

app._until_closed = look
raise SystemExit(app.run())
"""


def run_window(home: Path, **others: str) -> list[str]:
    environment = {**os.environ, "XDG_STATE_HOME": str(home), "HOME": str(home), **others}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=60, check=False, env=environment
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the folder is moved by XDG_STATE_HOME")
def test_state_is_stored_in_the_users_folder_unless_it_is_in_use(tmp_path: Path) -> None:
    folder = tmp_path / "cmi-gui"
    assert run_window(tmp_path) == [str(folder), "True"]
    held = open_state_folder(folder)
    try:
        path, keyring, message = run_window(tmp_path)
    finally:
        held.close()
    assert path != str(folder)
    assert not Path(path).exists()
    assert keyring == "False"
    assert f"{folder} is in use by another program; this program uses a temporary folder" in message


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="locales are named so on Linux")
@pytest.mark.parametrize(
    "locale",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "POSIX"},
        # As in a bundle, where Python does not replace the locale C by itself.
        {"LC_ALL": "", "LC_CTYPE": "", "LANG": "", "PYTHONCOERCECLOCALE": "0"},
    ],
)
def test_qt_prints_no_warning_under_the_locale_c(tmp_path: Path, locale: dict[str, str]) -> None:
    assert run_window(tmp_path, **locale)[1] == "True"
