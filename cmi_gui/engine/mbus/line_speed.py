"""The speed of a slave's link: a commanded one, the link's own (named or found), or the slave's setting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum

from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.speed_finder import SpeedFinder

SPEED_FALLBACK = 300.0
"""Seconds in which a new speed must be used, otherwise the old one returns. [DRAFT3] gives 2 to 10 minutes."""


class SpeedCause(StrEnum):
    """The reason for a change of a link's speed."""

    COMMANDED = "commanded"
    FALLBACK = "fallback"
    """The commanded speed was not used in time."""
    TRIED = "tried"
    """The bytes received were damaged, so the finder listens at another speed."""
    FOUND = "found"
    """The finder has received a whole telegram; the speed is the one it listened at."""


class LineSpeed:
    """The speed of one link of a slave.

    It is the first of these that exists: a speed commanded on this link that waits for its first use; the link's own
    speed, named or searched for; the slave's setting, which `setting` returns as a line.

    `form`: the line whose character format stays. `own`: the speed named for this link, in bit/s. The first use of a
    commanded speed ends the link's own speed and the search for it, because the master has decided. The search goes on
    if the commanded speed was not used in time, and starts again after `power_off`.
    """

    def __init__(
        self, setting: Callable[[], Line], *, form: Line, own: int | None = None, finder: SpeedFinder | None = None
    ) -> None:
        self._setting = setting
        self._form = form
        self._own = own
        self._finder = finder
        self._searches = finder is not None
        self._commanded: int | None = None
        self._fallback_at: float | None = None

    @property
    def _search(self) -> SpeedFinder | None:
        """The finder while the link's speed is searched for, else None."""
        return self._finder if self._searches else None

    @property
    def _active_finder(self) -> SpeedFinder | None:
        """The finder, or None while there is none or a commanded speed waits for its first use."""
        return self._search if self._commanded is None else None

    @property
    def baud(self) -> int:
        """The speed in use, in bit/s."""
        if self._commanded is not None:
            return self._commanded
        if self._search is not None:
            return self._search.speed
        return self._setting().baud if self._own is None else self._own

    @property
    def line(self) -> Line:
        """The line settings in use."""
        baud = self.baud
        return self._form if baud == self._form.baud else replace(self._form, baud=baud)

    @property
    def found(self) -> bool | None:
        """The success of the search so far; None if there is no search."""
        return None if self._search is None else self._search.found

    @property
    def is_own(self) -> bool:
        """True if the link has its own speed, which the slave's setting does not change."""
        return self._searches or self._own is not None

    @property
    def deadline(self) -> float | None:
        """The time when `tick` is due, in seconds, or None."""
        return self._fallback_at if self._active_finder is None else self._active_finder.deadline

    # Commands

    def command(self, baud: int, at: float) -> None:
        """Change to `baud` (bit/s), which a master commanded here; it stays if it is used within `SPEED_FALLBACK`."""
        self._commanded = baud
        self._fallback_at = at + SPEED_FALLBACK

    def note_use(self) -> int | None:
        """Note a valid telegram to the slave; return the commanded speed (bit/s) that this makes permanent, or None."""
        baud = self._commanded
        if baud is not None:
            self.forget_command()
            self._own = None
            self._searches = False
        return baud

    def forget_command(self) -> None:
        """Drop a commanded speed that waits for its first use."""
        self._commanded = self._fallback_at = None

    def power_off(self) -> None:
        """Drop a waiting command, and restart the search, if there is one, at the speed in use."""
        self.forget_command()
        if self._finder is not None:
            self._finder.listen_at(self.baud)
            self._searches = True

    # Bytes received

    def note_activity(self, at: float) -> None:
        """Note a character or a line error at `at`, in seconds."""
        if self._active_finder is not None:
            self._active_finder.note_activity(at)

    def note_telegram(self) -> bool:
        """Note a whole telegram with a correct checksum; return whether that has just found the speed."""
        return self._active_finder is not None and self._active_finder.note_telegram()

    def tick(self, now: float) -> SpeedCause | None:
        """Do what is due at `now`; return why the speed has changed, or None."""
        if self._fallback_at is not None and now >= self._fallback_at:
            self.forget_command()
            return SpeedCause.FALLBACK
        return SpeedCause.TRIED if self._active_finder is not None and self._active_finder.tick(now) else None
