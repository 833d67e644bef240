"""Answer times learned for each port or gateway, stored from one start of the program to the next."""

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
_MAX_ENTRIES = 200
_MAX_FILE = 100_000
_LEAST_CHANGE = 0.05
"""Smallest change, in seconds, that is written to the file."""


class ResponseTimes:
    """The learned allowances in a state folder; without a folder nothing is stored."""

    def __init__(self, folder: Path | None) -> None:
        self._path = None if folder is None else folder / _NAME

    def allowance(self, spec: LinkSpec, timeout: float | None = None) -> Allowance:
        """Return a LINK's allowance in seconds: `timeout`, its own option, the learned one, or the usual one."""
        chosen = spec.timeout if timeout is None else timeout
        if chosen is not None:
            return Allowance(chosen, fixed=True)
        known = self._load().get(_key(spec))
        return Allowance(AT_START[spec.crosses_network]) if known is None else Allowance(known, answers=KNOWN)

    def save(self, spec: LinkSpec, allowance: Allowance) -> None:
        """Store the allowance learned on a LINK. A write error is ignored: the allowance is learned again next time."""
        if self._path is None or allowance.fixed or spec.kind.simulated:
            return
        times, key = self._load(), _key(spec)
        if abs(times.get(key, AT_START[spec.crosses_network]) - allowance.seconds) < _LEAST_CHANGE:
            return
        times.pop(key, None)
        times[key] = round(allowance.seconds, 2)
        newest = dict(list(times.items())[-_MAX_ENTRIES:])
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_atomically(self._path, (_HEAD + tomli_w.dumps(newest)).encode())

    def _load(self) -> dict[str, float]:
        """Return the stored allowances, without those that are not numbers or are out of range."""
        if self._path is None:
            return {}
        try:
            content = read_toml(self._path, _NAME, _MAX_FILE, FileError)
        except FileError:
            return {}
        return {
            key: float(seconds)
            for key, seconds in content.items()
            if isinstance(seconds, int | float) and LEAST <= seconds <= MOST
        }


def _key(spec: LinkSpec) -> str:
    return str(spec).partition("?")[0]
