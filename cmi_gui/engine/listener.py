"""What listeners of both sides share: they are machines that never send, and tell what they make of a wire."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from cmi_gui.engine.machine import Effects, Line, Machine

__all__ = ["Listener", "SpeedFollowed", "Unreadable"]


class Listener(Machine, Protocol):
    """A machine whose only action is `SetLine`."""

    line: Line
    """The speed and format at which it listens now."""

    def opened(self) -> Effects:
        """The link has opened (again): whatever was known of the wire is forgotten."""

    def lost(self) -> Effects:
        """The link is gone: what had begun to come in will not end."""


@dataclass(frozen=True, slots=True)
class SpeedFollowed:
    """The listener goes on at another speed, as those who speak do."""

    line: Line
    at: float


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Nothing that was heard for a while at this speed made sense; told once until something does."""

    line: Line
    at: float
