"""The folder that keeps a program's state, held by one program at a time.

Whoever finds it in use, or cannot write there, works in a temporary folder and says so.
"""

from __future__ import annotations

import contextlib
import shutil
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
    """The user's own folder: of XDG on Linux, in the user's local profile on Windows; a portable program's own.

    It may not exist yet.
    """
    return portable_folder(program_folder()) or Path(platformdirs.user_state_dir("cmi-gui", appauthor=False))


def is_temporary(path: Path) -> bool:
    """Whether `open_state_folder` has made this one because the folder that was asked for could not be had."""
    return path.parent == Path(tempfile.gettempdir()) and path.name.startswith(_TEMPORARY)


class StateFolder:
    """A folder that is ours until `close`.

    `path`: where to keep state; None: nowhere. `notice`: why that is not the folder that was asked for, one sentence,
    or None. `kept`: whether what is written there outlives the program.
    """

    def __init__(self, path: Path | None, notice: Message | None = None, lock: BaseFileLock | None = None) -> None:
        self.path = path
        self.notice = notice
        self.kept = lock is not None
        self._lock = lock

    def close(self) -> None:
        """Leave the folder to others; remove it if it was temporary. Idempotent."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None
        elif self.path is not None and not self.kept:
            shutil.rmtree(self.path, ignore_errors=True)


def open_state_folder(folder: Path | None) -> StateFolder:
    """Take `folder`, making it if need be; None keeps nothing. Never waits and never raises: see `StateFolder.notice`.

    The lock is the operating system's: it goes with the process, however that ends.
    """
    if folder is None:
        return StateFolder(None)
    # Here, because it takes longer to load than all the rest of the settings.
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The lock's file may be there and writable although the folder is not.
        with tempfile.TemporaryFile(dir=folder):
            pass
        # Without the soft fallback, which is a file that a killed program would leave behind.
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
        notice = Message("{0}; this one works in a temporary folder, nothing it changes is kept", (reason,))
        return StateFolder(path, notice)
    notice = Message("{0}, nor can a temporary folder be made; nothing that is changed is kept", (reason,))
    return StateFolder(None, notice)
