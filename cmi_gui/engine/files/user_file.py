"""Reading of files named by a user or in a user's folder, without waiting and with a size limit.

Such a name may be that of a pipe, a device or a folder, or of a file of any size. Only regular files are read.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)


def open_user_file(path: Path) -> BinaryIO:
    """Open a regular file for reading. Raises OSError, also for anything other than a regular file."""
    # Without O_NONBLOCK, opening a pipe would block until another process opens it for writing.
    handle = os.open(path, _FLAGS)
    try:
        mode = os.fstat(handle).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "it is not a regular file", str(path))
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def read_user_file(path: Path, max_bytes: int) -> bytes:
    """Return the content of a regular file of at most `max_bytes` bytes. Raises OSError, also for a bigger one."""
    with open_user_file(path) as file:
        data = file.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise OSError(errno.EFBIG, f"it is too big: at most {max_bytes} bytes are allowed", str(path))
    return data
