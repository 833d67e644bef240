"""The speed of a slave's link, and whose it is: the slave's own setting, the link's, a found or a commanded one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum

from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.speed_finder import SpeedFinder

SPEED_FALLBACK = 300.0
"""Seconds in which a new speed must be used, else the old one returns. [DRAFT3] says 2 to 10 minutes."""


class SpeedCause(StrEnum):
    """Why a link goes on at another speed."""

    COMMANDED = "commanded"
    FALLBACK = "fallback"
    """Nobody used the commanded one."""
    TRIED = "tried"
    """What came in could not be understood: the finder listens elsewhere."""
    FOUND = "found"
    """The finder has understood a telegram; the speed is the one it listened at."""


class LineSpeed:
    """The first that holds: a speed that was commanded here and waits for its first use; the link's own one, which is
    named or found; the setting of the slave, which `setting` tells as a line.

    `form`: the character format, which no speed changes. `own`: the speed that was named for this link, bit/s. A
    command heard on this link ends both the link's own speed and the search for it, because the master has said what
    it wants. The search goes on when nobody used what was commanded, and after `power_off`.
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
        """The finder, while it searches."""
        return self._finder if self._searches else None

    @property
    def _hearing(self) -> SpeedFinder | None:
        """The finder, while what comes in concerns it."""
        return None if self.waits else self._search

    @property
    def baud(self) -> int:
        """The speed in use, bit/s."""
        if self._commanded is not None:
            return self._commanded
        if self._search is not None:
            return self._search.speed
        return self._setting().baud if self._own is None else self._own

    @property
    def line(self) -> Line:
        """The line in use."""
        return replace(self._form, baud=self.baud)

    @property
    def found(self) -> bool | None:
        """Whether the search has found the speed; None while nobody searches."""
        return None if self._search is None else self._search.found

    @property
    def is_the_links(self) -> bool:
        """Whether the link has a speed of its own, so that the setting of the slave does not move it."""
        return self._searches or self._own is not None

    @property
    def waits(self) -> bool:
        """Whether a commanded speed waits for its first use."""
        return self._commanded is not None

    @property
    def deadline(self) -> float | None:
        """When `tick` is due, seconds."""
        return self._fallback_at if self._hearing is None else self._hearing.deadline

    # Commands

    def command(self, baud: int, at: float) -> None:
        """Go on at `baud` as a master commanded here, for good if it is used within `SPEED_FALLBACK`."""
        self._commanded = baud
        self._fallback_at = at + SPEED_FALLBACK

    def used(self) -> int | None:
        """A valid telegram to the slave came: the commanded speed in bit/s, if one waited for that."""
        baud = self._commanded
        if baud is not None:
            self.forget_command()
            self._own = None
            self._searches = False
        return baud

    def forget_command(self) -> None:
        """As if it had not been commanded."""
        self._commanded = self._fallback_at = None

    def power_off(self) -> None:
        """The slave forgets what is volatile; where the speed is searched for, that begins anew at the one in use."""
        self.forget_command()
        if self._finder is not None:
            self._finder.listen_at(self.baud)
            self._searches = True

    # What comes in

    def heard(self, at: float) -> None:
        """A character or a line error came; `at` in seconds."""
        if self._hearing is not None:
            self._hearing.heard(at)

    def understood(self) -> bool:
        """A whole telegram with a checksum came. Tells whether that has found the speed."""
        return self._hearing is not None and self._hearing.understood()

    def tick(self, now: float) -> SpeedCause | None:
        """Do what is due; tells why the speed is another one from now on, or None."""
        if self._fallback_at is not None and now >= self._fallback_at:
            self.forget_command()
            return SpeedCause.FALLBACK
        return SpeedCause.TRIED if self._hearing is not None and self._hearing.tick(now) else None
