"""What stands behind a slave's link layer: its addresses, its data, what it does when it is commanded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.selection import Identity, SelectionRecord


class SlaveApplication(Protocol):
    """All calls are synchronous and must not raise."""

    @property
    def powered(self) -> bool:
        """An unpowered slave hears nothing."""

    @property
    def primary_address(self) -> int:
        """0 to 250."""

    @property
    def line(self) -> Line:
        """Speed of the bus, 8E1."""

    def identities(self) -> Sequence[Identity]:
        """Secondary addresses; the first is the one a primary request is answered with."""

    def selection_records(self) -> Sequence[SelectionRecord]:
        """Records a selection may name: all that the slave has, the fabrication number among them."""

    def content(self) -> object:
        """Return what decides which records a snapshot has; when it changes, a series of telegrams begins anew."""

    def snapshot(self, identity: Identity, now: float) -> Sequence[bytes]:
        """Freeze the data: the records of each telegram (at most 234 bytes each), at least one telegram."""

    def header(self, identity: Identity, now: float) -> bytes:
        """The 12 bytes of a new RSP_UD; counts the access number on."""

    def user_data(self, ci: int, data: bytes, now: float) -> None:
        """Execute what a SND_UD carries; unknown CI fields included."""

    def application_reset(self, data: bytes, now: float) -> None:
        """CI 50 with its sub-code, if any."""

    def speed_supported(self, baud: int) -> bool:
        """Whether the bus can go on at this speed."""

    def speed_used(self, baud: int, now: float) -> None:
        """A valid telegram came at this speed: it is permanent now."""
