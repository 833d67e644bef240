"""The callback by which the sides of a station report something to the user."""

from __future__ import annotations

from typing import Literal, Protocol

from cmi_gui.engine.messages import Message


class EmitNotice(Protocol):
    """The callback that emits a notice for the user, in one sentence; see `Notice`."""

    def __call__(self, level: Literal["info", "warning", "error"], code: str, message: Message) -> None:
        """Emit a notice; `code` is stable."""
