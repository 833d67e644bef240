"""Files that only their owner may read."""

from __future__ import annotations

import os
from pathlib import Path


def is_private(path: Path) -> bool:
    """Return whether only the owner may use a file; a mode of Windows does not show it, so True there."""
    return os.name != "posix" or not path.stat().st_mode & 0o077
