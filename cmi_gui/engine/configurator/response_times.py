"""Answer times learned for each port or gateway, kept from one start of the program to the next."""

from __future__ import annotations

import contextlib
from pathlib import Path

import tomli_w

from cmi_gui.engine.files.atomic_file import write_atomically
from cmi_gui.engine.files.toml_file import FileError, read_toml
from cmi_gui.engine.link.url import LinkSpec
from cmi_gui.engine.mbus.allowance import AT_START, KNOWN, LEAST, MOST, Allowance

_NAME = "response-times.toml"
_HEAD = "# Seconds that answers may take beyond the standard's window, learned for each port or gateway.\n"
_MOST_PLACES = 200
_MOST_BYTES = 100_000
_TOLD = 0.05
"""Smallest change, in seconds, that is written to the file."""


class ResponseTimes:
    """The learned allowances in a state folder; without a folder nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self._path = None if folder is None else folder / _NAME

    def allowance(self, spec: LinkSpec, timeout: float | None = None) -> Allowance:
        """Return a LINK's allowance in seconds: `timeout`, its own option, the learned one, or the usual one."""
        chosen = spec.timeout if timeout is None else timeout
        if chosen is not None:
            return Allowance(chosen, fixed=True)
        known = self._load().get(_place(spec))
        return Allowance(AT_START[spec.crosses_network]) if known is None else Allowance(known, answers=KNOWN)

    def keep(self, spec: LinkSpec, allowance: Allowance) -> None:
        """Keep the allowance learned on a LINK. A write error is ignored: the allowance is learned again next time."""
        if self._path is None or allowance.fixed or spec.kind.simulated:
            return
        times, place = self._load(), _place(spec)
        if abs(times.get(place, AT_START[spec.crosses_network]) - allowance.seconds) < _TOLD:
            return
        times.pop(place, None)
        times[place] = round(allowance.seconds, 2)
        newest = dict(list(times.items())[-_MOST_PLACES:])
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_atomically(self._path, (_HEAD + tomli_w.dumps(newest)).encode())

    def _load(self) -> dict[str, float]:
        """Return the kept allowances, without those that cannot be read or are out of range."""
        if self._path is None:
            return {}
        try:
            kept = read_toml(self._path, _NAME, _MOST_BYTES, FileError)
        except FileError:
            return {}
        return {
            place: float(seconds)
            for place, seconds in kept.items()
            if isinstance(seconds, int | float) and LEAST <= seconds <= MOST
        }


def _place(spec: LinkSpec) -> str:
    return str(spec).partition("?")[0]
