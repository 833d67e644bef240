"""The common state of the machines of this package: line settings, tokens and collected effects."""

from __future__ import annotations

from cmi_gui.engine.machine import Effects, Line, SetLine


class MachineState:
    """The line settings of a machine, and the effects that it has not returned yet.

    `start`: the line settings of the sign-on. `line`: the present ones.
    """

    def __init__(self, start: Line) -> None:
        self.start = start
        self.line = start
        self.out: list[object] = []
        self._token = 0

    def next_token(self) -> int:
        """Return the token of a new action."""
        self._token += 1
        return self._token

    def set_line(self, line: Line) -> int:
        """Change the line settings after everything sent before; return the token of the action."""
        token = self.next_token()
        self.line = line
        self.out.append(SetLine(token, line))
        return token

    def take(self) -> Effects:
        """Return the collected effects and start a new collection."""
        out, self.out = self.out, []
        return tuple(out)


def earliest(*times: float | None) -> float | None:
    """Return the earliest of the times that are not None; None if there is none."""
    return min([at for at in times if at is not None], default=None)
