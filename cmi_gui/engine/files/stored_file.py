"""Loading of small text files that store state between starts; a damaged file is renamed and reported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from cmi_gui.engine.files.atomic_file import remove_leftovers, set_aside
from cmi_gui.engine.files.user_file import read_user_file
from cmi_gui.engine.messages import Argument, InvalidValue, Message, marked, reason_of

Content = TypeVar("Content")

MAX_FILE_SIZE = 1_000_000
"""Largest size in bytes; the files of this program have some hundreds."""


def load_stored(path: Path, parse: Callable[[str], Content], instead: Message) -> tuple[Content | None, Message | None]:
    """Return the content parsed from the file, or None; and a notice if it cannot be used, which ends with `instead`.

    Without a file both are None. `parse` raises ValueError, with a text that can explain "it is damaged"; the file is
    then renamed with a date, so that it is neither used nor lost. Only one program may use the folder.
    """
    remove_leftovers(path)
    reason: Argument
    try:
        text = read_user_file(path, MAX_FILE_SIZE).decode("utf-8")
        if not text.strip():
            # The program never writes an empty file, but a file system that has lost data can leave one.
            raise InvalidValue(Message("it is empty"))
        return parse(text), None
    except FileNotFoundError:
        return None, None
    except UnicodeDecodeError as error:
        reason = Message("no valid UTF-8 at byte {0}", (error.start,))
    except OSError as error:
        reason = error.strerror or str(error)
    except ValueError as error:
        # A rule of a struct itself is the cause of what msgspec raises.
        reason = reason_of(error.__cause__ if isinstance(error.__cause__, InvalidValue) else error)
    try:
        aside = set_aside(path)
    except OSError as error:
        template = marked("{0} cannot be used ({1}) and cannot be renamed ({2}); {3}")
        return None, Message(template, (str(path), reason, str(error.strerror), instead))
    template = marked("{0} is damaged ({1}); it was renamed to {2}, and {3}")
    return None, Message(template, (str(path), reason, aside.name, instead))
