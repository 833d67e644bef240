"""State as shape, colour and word: filled disc = good, ring = off, triangle = trouble."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Mark(Enum):
    """The four shapes of state."""

    GOOD = "good"
    OFF = "off"
    BUSY = "busy"
    """A half-filled ring: under way."""
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Status:
    """A state in words: `title` says it, `detail` adds what a look further would ask for."""

    mark: Mark
    title: str
    detail: str = ""
