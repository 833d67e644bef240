"""The interface between a slave's link layer and its addresses, data and commands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.selection import Identity, SelectionRecord


class SlaveApplication(Protocol):
    """The application of a slave. All calls are synchronous and must not raise."""

    @property
    def powered(self) -> bool:
        """True if the slave has power; without power it receives nothing."""

    @property
    def primary_address(self) -> int:
        """The primary address, 0 to 250."""

    @property
    def line(self) -> Line:
        """The line settings of the bus, 8E1."""

    def identities(self) -> Sequence[Identity]:
        """Return the secondary addresses; a request to the primary address is answered with the first."""

    def selection_records(self) -> Sequence[SelectionRecord]:
        """Return the records that a selection may name: all that the slave has, including the fabrication number."""

    def content(self) -> object:
        """Return a value that changes if a snapshot is to have other records; a running series then starts again."""

    def snapshot(self, identity: Identity, now: float) -> Sequence[bytes]:
        """Freeze the data; return the records of each telegram, at most 234 bytes each, at least one telegram."""

    def header(self, identity: Identity, now: float) -> bytes:
        """Return the 12 header bytes of a new RSP_UD, and increment the access number."""

    def user_data(self, ci: int, data: bytes, now: float) -> None:
        """Execute the data of a SND_UD; its CI field may be unknown."""

    def application_reset(self, data: bytes, now: float) -> None:
        """Execute an application reset (CI 50); `data` is its sub-code, if any."""

    def speed_supported(self, baud: int) -> bool:
        """Return whether the bus supports this speed, in bit/s."""

    def speed_used(self, baud: int, now: float) -> None:
        """Make a speed (bit/s) permanent, because a valid telegram was received at it."""
