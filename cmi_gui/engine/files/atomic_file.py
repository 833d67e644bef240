"""Atomic writing of files: a kill at any instant leaves the old or the new content.

The new content is written to a temporary file in the same folder, synced to the disk and renamed to the file's name in
one step; then the folder is synced, so that the name survives a power failure too.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
import time
from collections.abc import Generator, Iterable
from datetime import UTC, datetime
from pathlib import Path

_IS_WINDOWS = os.name == "nt"
_REPLACE_ATTEMPTS = 8
_REPLACE_PAUSE = 0.025
"""Seconds between two attempts. Windows does not allow a file to be replaced while a virus scanner or an indexer reads
it, which takes milliseconds."""
_SUFFIX = ".tmp"
FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO
"""Permission bits of all users except the owner of a file."""


def write_atomically(path: Path, content: bytes | Iterable[bytes], *, private: bool = True) -> None:
    """Replace the file's content with `content`, given whole or in pieces. Raises OSError; see `writing`."""
    for _ in writing(path, (content,) if isinstance(content, bytes) else content, private=private):
        pass


def writing(path: Path, content: Iterable[bytes], *, private: bool = True) -> Generator[None, None, None]:
    """Replace the file's content by the pieces of `content`, one a step; make the folder if it is missing.

    The file has the new content after the last step; if the generator is closed before, it keeps the old one.

    On POSIX only the file's owner can read it. A file system without permissions, such as that of a USB stick, is
    accepted only if not `private`, as for a user's exports. Raises OSError with the name of the file (or of the folder,
    if that cannot be made) if there is no space, no permission or no privacy.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        yield from _write(path, content, private)
        _sync_folder(path.parent)
    except OSError as error:
        error.filename, error.filename2 = str(path), None
        raise


def check_private(handle: int, path: Path) -> None:
    """Raise PermissionError if other users may access an open file, as on a file system without permissions."""
    if not _IS_WINDOWS and os.fstat(handle).st_mode & FOR_OTHERS:
        raise PermissionError(errno.EPERM, "its file system cannot protect the file from other users", str(path))


def _write(path: Path, content: Iterable[bytes], private: bool) -> Generator[None, None, None]:
    handle, name = tempfile.mkstemp(prefix=_prefix(path), suffix=_SUFFIX, dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            # Before the first byte, because a file system without permissions (FAT) ignores the 0600 of `mkstemp`.
            if private:
                check_private(file.fileno(), path)
            for piece in content:
                file.write(piece)
                yield
            file.flush()
            os.fsync(file.fileno())
        _replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def remove_leftovers(path: Path) -> None:
    """Remove temporary files left by killed writers of `path`; only one program may use the folder."""
    prefix = _prefix(path)
    try:
        names = os.listdir(path.parent)
    except OSError:
        return
    for name in names:
        if name.startswith(prefix) and name.endswith(_SUFFIX):
            with contextlib.suppress(OSError):
                (path.parent / name).unlink()


def set_aside(path: Path) -> Path:
    """Rename a damaged file, so that it is neither used nor lost; return its new, dated path. Raises OSError."""
    aside = path.with_name(f"{path.stem}-damaged-{datetime.now(UTC):%Y%m%dT%H%M%S%f}{path.suffix}")
    path.replace(aside)
    return aside


def _prefix(path: Path) -> str:
    return f".{path.name}-"


def _replace(temporary: Path, path: Path) -> None:
    for _ in range(_REPLACE_ATTEMPTS - 1 if _IS_WINDOWS else 0):
        with contextlib.suppress(PermissionError):
            os.replace(temporary, path)
            return
        time.sleep(_REPLACE_PAUSE)
    os.replace(temporary, path)


def _sync_folder(folder: Path) -> None:
    """Sync a folder to the disk; not possible on Windows and on some network file systems."""
    if _IS_WINDOWS:
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(descriptor)
