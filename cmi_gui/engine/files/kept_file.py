"""A small text file that keeps something for the next start; when it is damaged it is kept aside and named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from cmi_gui.engine.files.atomic_file import keep_aside, remove_leftovers

Content = TypeVar("Content")


def load_kept(path: Path, parse: Callable[[str], Content], instead: str) -> tuple[Content | None, str | None]:
    """What `parse` makes of the file; and, where that cannot be used, why: one sentence that ends in `instead`.

    Without a file, neither. `parse` raises ValueError, in words that may follow "it is damaged"; the file then gets
    another, dated name, so that it is neither used nor lost. Only one program may use the folder.
    """
    remove_leftovers(path)
    try:
        text = path.read_text(encoding="utf-8")
        if not text.strip():
            # We never write one; a file system that lost its data does.
            raise ValueError("it is empty")
        return parse(text), None
    except FileNotFoundError:
        return None, None
    except UnicodeDecodeError as error:
        reason = f"no UTF-8 text at byte {error.start}"
    except OSError as error:
        reason = error.strerror or str(error)
    except RecursionError:
        reason = "nested too deeply"
    except ValueError as error:
        reason = str(error)
    try:
        aside = keep_aside(path)
    except OSError as error:
        return None, f"{path} cannot be used ({reason}, and it cannot be kept aside: {error.strerror}); {instead}"
    return None, f"{path} is damaged ({reason}); it is kept as {aside.name}, {instead}"
