"""The folder with a program's state, used by one program at a time.

If it is in use or not writable, the program works in a temporary folder and reports that.
"""

from __future__ import annotations

import contextlib
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from cmi_gui.engine.files.program_folder import portable_folder, program_folder
from cmi_gui.engine.messages import Message

if TYPE_CHECKING:
    from filelock import BaseFileLock


LOCK_NAME = ".in-use.lock"
_TEMPORARY = "cmi-gui-"


def default_state_folder() -> Path:
    """Return the default folder: that of XDG on Linux, in the local profile on Windows; a portable program has its own.

    It may not exist yet.
    """
    return portable_folder(program_folder()) or Path(platformdirs.user_state_dir("cmi-gui", appauthor=False))


def is_on_network_drive(path: Path) -> bool:
    """Return whether a file is on a network drive of Windows, with a letter or without; False on other systems."""
    if sys.platform == "win32":
        import ctypes

        remote = 4  # DRIVE_REMOTE
        return bool(ctypes.windll.kernel32.GetDriveTypeW(path.resolve().anchor) == remote)
    return False


def is_temporary(path: Path) -> bool:
    """Return whether `open_state_folder` made this folder because the requested one could not be used."""
    return path.parent == Path(tempfile.gettempdir()) and path.name.startswith(_TEMPORARY)


class StateFolder:
    """A folder for the exclusive use of this program until `close`.

    `path`: the folder, or None if no state is stored. `notice`: why it is not the requested folder, in one sentence,
    or None. `persistent`: whether files in it outlive the program.
    """

    def __init__(self, path: Path | None, notice: Message | None = None, lock: BaseFileLock | None = None) -> None:
        self.path = path
        self.notice = notice
        self.persistent = lock is not None
        self._lock = lock

    def close(self) -> None:
        """Release the folder; remove it if it was temporary. Idempotent."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None
        elif self.path is not None and not self.persistent:
            shutil.rmtree(self.path, ignore_errors=True)


def open_state_folder(folder: Path | None) -> StateFolder:
    """Lock `folder`, making it if needed; None stores no state. Never waits or raises: see `StateFolder.notice`.

    It is a lock of the operating system, which releases it whenever the process ends.
    """
    if folder is None:
        return StateFolder(None)
    # Imported here, because it takes longer to load than all the other parts of the settings.
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The lock file may exist and be writable although the folder is not.
        with tempfile.TemporaryFile(dir=folder):
            pass
        # Without the soft fallback, because a killed program would leave its lock file behind.
        lock = FileLock(folder / LOCK_NAME, timeout=0, mode=0o600, thread_local=False, fallback_to_soft=False)
        lock.acquire()
    except Timeout:
        return _temporary(Message("{0} is in use by another program", (str(folder),)))
    except OSError as error:
        return _temporary(Message("{0} cannot be used ({1})", (str(folder), error.strerror or str(error))))
    return StateFolder(folder, lock=lock)


def _temporary(reason: Message) -> StateFolder:
    with contextlib.suppress(OSError):
        path = Path(tempfile.mkdtemp(prefix=_TEMPORARY))
        notice = Message("{0}; this program uses a temporary folder, and its changes are not saved", (reason,))
        return StateFolder(path, notice)
    notice = Message("{0}, and a temporary folder cannot be created either; changes are not saved", (reason,))
    return StateFolder(None, notice)
