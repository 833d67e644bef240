"""The file of an interrupted search beside the file of its site, so that it goes on later."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import msgspec

from cmi_gui.engine.files.atomic_file import write_atomically
from cmi_gui.engine.files.user_file import read_user_file
from cmi_gui.engine.mbus.search import SearchState

_SUFFIX: Final = ".search.json"
_MAX_SIZE: Final = 1_000_000


class OpenSearch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A search that was interrupted: when it began, and what is left at which speed (bit/s)."""

    begun: Annotated[datetime, msgspec.Meta(tz=True)]
    baud: Annotated[int, msgspec.Meta(gt=0)]
    state: SearchState


def search_file(site: Path) -> Path:
    """Return the file of the interrupted search of a site."""
    return site.with_name(site.name + _SUFFIX)


def read_search(site: Path) -> OpenSearch | None:
    """Return the interrupted search of a site; None if there is none, or if its file cannot be used."""
    try:
        data = read_user_file(search_file(site), _MAX_SIZE)
        return msgspec.json.decode(data, type=OpenSearch)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def write_search(site: Path, search: OpenSearch | None) -> None:
    """Write the interrupted search of a site; None: remove its file. Raises OSError."""
    if search is None:
        search_file(site).unlink(missing_ok=True)
    else:
        write_atomically(search_file(site), msgspec.json.encode(search))
