"""Interfaces to what the module needs from outside: a connection with its meter, a place for passwords, events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from cmi_gui.engine.cmi1020.meter_actions import MeterAction, Password
from cmi_gui.engine.cmi1020.secrets import Secret
from cmi_gui.engine.events import Event
from cmi_gui.engine.messages import Message

Emit = Callable[[Event, float], None]
"""Puts an event of the module, with its time, into the stream of events."""


class MeterSession(Protocol):
    """The module's connection with its meter; answers come back as calls of the module's `meter_...`."""

    def start_readout(self) -> None:
        """Begin to read; never called while a readout or an action runs."""

    def start_action(self, action: MeterAction, password: Password, secret: Secret | None) -> None:
        """Begin a programming session for one action; never called while a readout or an action runs."""

    def abort(self) -> None:
        """Stop at once, whatever runs."""


class Secrets(Protocol):
    """Where P1 and P2 are."""

    @property
    def where(self) -> Message:
        """Where passwords are kept, such as `in memory only`: a message without subject and full stop."""

    def get(self, name: str) -> Secret | None:
        """The password `p1` or `p2`; None for one that was never set, and for any other name."""

    def set(self, name: str, value: Secret | None) -> None:
        """Keep a password, or forget it. Raises OSError if it cannot be kept."""
