"""Patterns of commands to the E350 for rate, disconnector and display, from the profile `e350.toml`.

The real commands are not public, so they are data. The module builds and the simulated meter recognises the same
patterns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from cmi_gui.engine.iec62056.message import Command

_HOLE = "{}"


@dataclass(frozen=True, slots=True)
class CommandPattern:
    """A programming command with at most one place for a value, written like `W2 F010({})`."""

    name: str
    before: str
    after: str
    has_value: bool

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the pattern of a text. Raises ValueError (or its subclass `Iec62056Error`) if it is not a command."""
        name, blank, dataset = text.partition(" ")
        if len(name) != 2 or not blank or dataset.count(_HOLE) > 1:
            raise ValueError(f"a command is written like 'W2 F010({_HOLE})', not {text!r}")
        before, hole, after = dataset.partition(_HOLE)
        pattern = cls(name, before, after, bool(hole))
        pattern.build()
        return pattern

    def build(self, value: str = "") -> Command:
        """Return the command with `value` in its place. Raises `Iec62056Error` for a value that cannot be sent."""
        return Command(self.name[0], self.name[1], f"{self.before}{value if self.has_value else ''}{self.after}")

    def match(self, command: Command) -> str | None:
        """Return the value in `command` (empty if the pattern has none), or None if it is another command."""
        dataset = command.dataset
        if command.name != self.name or dataset is None:
            return None
        value = dataset[len(self.before) : len(dataset) - len(self.after)]
        fits = dataset == f"{self.before}{value}{self.after}" and (self.has_value or not value)
        return value if fits else None

    def __str__(self) -> str:
        return f"{self.name} {self.before}{_HOLE if self.has_value else ''}{self.after}"
