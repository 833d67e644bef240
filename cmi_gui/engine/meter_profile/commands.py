"""What the E350 wants to hear for rate, disconnector and display: not public, so it is data (profile `e350.toml`).

The module builds and the simulated meter recognises the same patterns.
"""

from __future__ import annotations

from dataclasses import dataclass, field
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
        """From its spelling. Raises ValueError (`Iec62056Error`) where that is no command."""
        name, blank, dataset = text.partition(" ")
        if len(name) != 2 or not blank or dataset.count(_HOLE) > 1:
            raise ValueError(f"a command is spelled like 'W2 F010({_HOLE})', not {text!r}")
        before, hole, after = dataset.partition(_HOLE)
        pattern = cls(name, before, after, bool(hole))
        pattern.build()
        return pattern

    def build(self, value: str = "") -> Command:
        """The command with `value` in its place. Raises `Iec62056Error` for a value that cannot be sent."""
        return Command(self.name[0], self.name[1], f"{self.before}{value if self.has_value else ''}{self.after}")

    def match(self, command: Command) -> str | None:
        """The value in `command` (empty where the pattern has none), or None if it is another command."""
        dataset = command.dataset
        if command.name != self.name or dataset is None:
            return None
        if not self.has_value:
            return "" if dataset == self.before else None
        fits = dataset.startswith(self.before) and dataset.endswith(self.after)
        if not fits or len(dataset) < len(self.before) + len(self.after):
            return None
        return dataset[len(self.before) : len(dataset) - len(self.after)]

    def __str__(self) -> str:
        return f"{self.name} {self.before}{_HOLE if self.has_value else ''}{self.after}"


@dataclass(frozen=True, slots=True)
class MeterCommands:
    """The commands, what they require, the passwords and the error texts. All of it is an assumption.

    `*_access`: the password message that must have been accepted before, `P1`, `P2` or None. `p1`, `p2`: the meter's
    passwords.
    """

    set_rate: CommandPattern
    open_disconnector: CommandPattern
    close_disconnector: CommandPattern
    show_text: CommandPattern
    reset_errors: CommandPattern
    rate_access: str | None
    disconnector_access: str | None
    display_access: str | None
    p1: str = field(repr=False)
    p2: str = field(repr=False)
    unknown: str
    refused: str
    """The meter cannot: no such rate, no disconnector, a text it cannot show."""
    denied: str
    """A password is missing."""
    operand: str = ""
    """What stands in the password request P0."""
