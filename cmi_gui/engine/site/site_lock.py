"""The lock of a site file: only one program works on a site at a time."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from cmi_gui.engine.messages import Message, marked
from cmi_gui.engine.site.site_file import SiteError

if TYPE_CHECKING:
    from filelock import BaseFileLock


class SiteLock:
    """The exclusive use of a site file until `release`, or until the process ends."""

    def __init__(self, lock: BaseFileLock) -> None:
        self._lock = lock

    def release(self) -> None:
        """Let other programs use the file. Idempotent."""
        self._lock.release()

    def __enter__(self) -> SiteLock:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _traceback: TracebackType | None) -> None:
        self.release()


def lock_site(path: Path) -> SiteLock:
    """Lock a site file, which need not exist yet. Never waits. Raises SiteError.

    The lock is a hidden file beside the site, so that programs on two computers see each other on a network drive.
    """
    # Imported here, because it takes long to load.
    from filelock import FileLock, Timeout

    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Without the soft fallback, because a killed program would leave its lock behind.
        lock = FileLock(
            path.with_name(f".{path.name}.lock"), timeout=0, mode=0o600, thread_local=False, fallback_to_soft=False
        )
        lock.acquire()
    except Timeout:
        raise SiteError(path.name, Message("is in use by another program; close the site there first")) from None
    except OSError as error:
        reason = error.strerror or str(error)
        template = marked("cannot be locked in its folder ({0}); copy the site to a folder that can be written")
        raise SiteError(path.name, Message(template, (reason,))) from None
    return SiteLock(lock)
