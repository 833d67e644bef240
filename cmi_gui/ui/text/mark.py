"""States as shape, colour and word: filled disc = good, ring = off, half-filled ring = busy, triangle = trouble."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QCoreApplication

translate = QCoreApplication.translate


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


def mark_word(mark: Mark) -> str:
    """Return a word for the shape of a mark, for a screen reader."""
    return {
        Mark.GOOD: translate("Mark", "in order"),
        Mark.OFF: translate("Mark", "not active"),
        Mark.BUSY: translate("Mark", "under way"),
        Mark.TROUBLE: translate("Mark", "trouble"),
    }[mark]
