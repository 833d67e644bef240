"""A set of links that are made, opened, rewired, disconnected, reconnected and closed together."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from cmi_gui.engine.driver import Driver
from cmi_gui.engine.link_protocol import Link, LinkError
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.station.link_status import LinkStatus
from cmi_gui.engine.station.wiring import Wiring

OnLinkChanged = Callable[[LinkStatus, Link, LinkState, LinkError | None], None]
"""The callback of a set for each change of state of one of its links."""


@dataclass(slots=True, eq=False)
class WiredLink:
    """One link of a set: the driver that runs a machine on it, and its status."""

    driver: Driver
    status: LinkStatus

    def open(self) -> None:
        """Open the link."""
        self.driver.open()

    def close(self) -> None:
        """Close the link."""
        self.driver.close()


Wanted = TypeVar("Wanted")
Port = TypeVar("Port", bound=WiredLink)


class LinkSet(ABC, Generic[Wanted, Port]):
    """The links of one kind of use. A subclass selects what it uses of a wiring and makes a port for each of these.

    `ports` are in the order of the wiring. A port that is also in the next wiring is not disturbed.
    """

    def __init__(self, on_changed: OnLinkChanged) -> None:
        self._on_changed = on_changed
        self._open = False
        self._wanted: dict[Port, Wanted] = {}

    @abstractmethod
    def _wanted_of(self, wiring: Wiring) -> Sequence[Wanted]:
        """Return what this set uses of a wiring, with each LINK in its normal form. Raises LinkError."""

    @abstractmethod
    def _new_status(self, wanted: Wanted) -> LinkStatus:
        """Return the status of a link that is wired for the first time."""

    @abstractmethod
    def _make(self, wanted: Wanted, status: LinkStatus) -> Port:
        """Make a port, still closed. Raises LinkError for a LINK that cannot be used."""

    def _settle(self, port: Port) -> None:
        """Put a new port to use: open it if the set is open."""
        if self._open:
            port.open()

    @property
    def ports(self) -> list[Port]:
        """The ports, in the order of the wiring."""
        return list(self._wanted)

    @property
    def status(self) -> list[LinkStatus]:
        """The status of each link."""
        return [port.status for port in self._wanted]

    @property
    def _all(self) -> list[Port]:
        """Every port that is opened and closed with the set."""
        return self.ports

    def open(self) -> None:
        """Open every link."""
        self._open = True
        for port in self._all:
            port.open()

    def close(self) -> None:
        """Close every link."""
        self._open = False
        for port in self._all:
            port.close()

    # Wiring

    def prepare(self, wiring: Wiring) -> Mapping[Port, Wanted]:
        """Return the ports for a wiring: existing ones, and new ones, still closed. Then call `drop` and `take`.

        Raises LinkError for a LINK that cannot be used.
        """
        unused = dict(self._wanted)
        prepared: dict[Port, Wanted] = {}
        for wanted in self._wanted_of(wiring):
            port = next((port for port, use in unused.items() if use == wanted), None)
            if port is None:
                port = self._make(wanted, self._new_status(wanted))
            else:
                del unused[port]
            prepared[port] = wanted
        return prepared

    def drop(self, prepared: Mapping[Port, Wanted]) -> None:
        """Close the ports that are not in `prepared`, because a new port may need the same device or address."""
        for port in self._wanted:
            if port not in prepared:
                self._shut(port)

    def take(self, prepared: Mapping[Port, Wanted]) -> None:
        """Use the ports of `prepared` from now on, and open the new ones if the set is open."""
        before, self._wanted = self._wanted, dict(prepared)
        for port in prepared:
            if port not in before:
                self._settle(port)

    def wire(self, wiring: Wiring) -> None:
        """Use the links of a wiring. Raises LinkError for a LINK that cannot be used; then nothing has changed."""
        prepared = self.prepare(wiring)
        self.drop(prepared)
        self.take(prepared)

    def owns(self, status: LinkStatus) -> bool:
        """Return whether a link belongs to this set."""
        return any(port.status is status for port in self._wanted)

    def disconnect(self, status: LinkStatus) -> None:
        """Close a link of this set and leave it closed until `reconnect`."""
        self._shut(self._port_of(status))

    def reconnect(self, status: LinkStatus) -> None:
        """Replace a link of this set by a new one at once, in any state; line settings are those of its LINK again."""
        port = self._port_of(status)
        self._replace(port, self._make(self._wanted[port], status))

    def _port_of(self, status: LinkStatus) -> Port:
        return next(port for port in self._wanted if port.status is status)

    def _replace(self, port: Port, fresh: Port) -> None:
        port.driver.close()
        self._wanted = {fresh if each is port else each: wanted for each, wanted in self._wanted.items()}
        self._settle(fresh)

    def _shut(self, port: Port) -> None:
        port.close()
        self._on_changed(port.status, port.driver.link, LinkState.CLOSED, None)
