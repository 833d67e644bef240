"""States as shape, colour and word: filled disc = good, ring = off, half-filled ring = busy, triangle = trouble."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Mark(Enum):
    """The shape that marks a state."""

    GOOD = "good"
    OFF = "off"
    BUSY = "busy"
    """A half-filled ring: something is under way."""
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Status:
    """A state in words: `title` names it, `detail` adds more."""

    mark: Mark
    title: str
    detail: str = ""
