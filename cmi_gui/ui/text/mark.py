"""States as shape, colour and word; no two shapes are the same, so that they differ without their colours too."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from cmi_gui.ui.text.messages import translate


class Mark(Enum):
    """The shape that marks a state."""

    GOOD = "good"
    """A filled disc."""
    OFF = "off"
    """A ring: known to be off, closed or disconnected."""
    UNKNOWN = "unknown"
    """A dash, as for an unknown value."""
    NOTHING = "nothing"
    """A dot: nothing to report, such as a value that was not changed, or a check that does not apply."""
    BUSY = "busy"
    """A half-filled ring: something is under way."""
    RECORDING = "recording"
    """A disc in a ring, which pulses."""
    TROUBLE = "trouble"
    """A triangle."""


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
        Mark.UNKNOWN: translate("Mark", "unknown"),
        Mark.NOTHING: translate("Mark", "nothing to report"),
        Mark.RECORDING: translate("Mark", "recording"),
        Mark.BUSY: translate("Mark", "under way"),
        Mark.TROUBLE: translate("Mark", "trouble"),
    }[mark]
