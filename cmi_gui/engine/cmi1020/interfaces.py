"""Interfaces that the module needs: a connection with its meter, and a callback for events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from cmi_gui.engine.cmi1020.meter_actions import MeterAction, Password
from cmi_gui.engine.cmi1020.secrets import Secret
from cmi_gui.engine.events import Event

Emit = Callable[[Event, float], None]
"""A callback for an event of the module and its time in seconds."""


class MeterSession(Protocol):
    """The module's connection with its meter; results come as calls of the module's `meter_...` methods."""

    def start_readout(self) -> None:
        """Start a readout; never called while a readout or an action runs."""

    def start_action(self, action: MeterAction, password: Password, secret: Secret | None) -> None:
        """Start a programming session for one action; never called while a readout or an action runs."""

    def abort(self) -> None:
        """Stop a running readout or action at once."""
