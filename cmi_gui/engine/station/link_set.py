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
AnyLink = TypeVar("AnyLink", bound=WiredLink)


class LinkSet(ABC, Generic[Wanted, AnyLink]):
    """The links of one kind of use. A subclass selects what it uses of a wiring and makes a link for each of these.

    `links` are in the order of the wiring. A link that is also in the next wiring is not disturbed.
    """

    def __init__(self, on_changed: OnLinkChanged) -> None:
        self._on_changed = on_changed
        self._open = False
        self._wanted: dict[AnyLink, Wanted] = {}

    @abstractmethod
    def _wanted_of(self, wiring: Wiring) -> Sequence[Wanted]:
        """Return what this set uses of a wiring, with each LINK in its normal form. Raises LinkError."""

    @abstractmethod
    def _new_status(self, wanted: Wanted) -> LinkStatus:
        """Return the status of a link that is wired for the first time."""

    @abstractmethod
    def _make(self, wanted: Wanted, status: LinkStatus) -> AnyLink:
        """Make a link, still closed. Raises LinkError for a LINK that cannot be used."""

    def _settle(self, link: AnyLink) -> None:
        """Put a new link to use: open it if the set is open."""
        if self._open:
            link.open()

    @property
    def links(self) -> list[AnyLink]:
        """The links, in the order of the wiring."""
        return list(self._wanted)

    @property
    def status(self) -> list[LinkStatus]:
        """The status of each link."""
        return [link.status for link in self._wanted]

    @property
    def _all(self) -> list[AnyLink]:
        """Every link that is opened and closed with the set."""
        return self.links

    def open(self) -> None:
        """Open every link."""
        self._open = True
        for link in self._all:
            link.open()

    def close(self) -> None:
        """Close every link."""
        self._open = False
        for link in self._all:
            link.close()

    # Wiring

    def prepare(self, wiring: Wiring) -> Mapping[AnyLink, Wanted]:
        """Return the links for a wiring: existing ones, and new ones, still closed. Then call `drop` and `take`.

        Raises LinkError for a LINK that cannot be used.
        """
        unused = dict(self._wanted)
        prepared: dict[AnyLink, Wanted] = {}
        for wanted in self._wanted_of(wiring):
            link = next((link for link, use in unused.items() if use == wanted), None)
            if link is None:
                link = self._make(wanted, self._new_status(wanted))
            else:
                del unused[link]
            prepared[link] = wanted
        return prepared

    def drop(self, prepared: Mapping[AnyLink, Wanted]) -> None:
        """Close the links that are not in `prepared`, because a new link may need the same device or address."""
        for link in self._wanted:
            if link not in prepared:
                self._shut(link)

    def take(self, prepared: Mapping[AnyLink, Wanted]) -> None:
        """Use the links of `prepared` from now on, and open the new ones if the set is open."""
        before, self._wanted = self._wanted, dict(prepared)
        for link in prepared:
            if link not in before:
                self._settle(link)

    def wire(self, wiring: Wiring) -> None:
        """Use the links of a wiring. Raises LinkError for a LINK that cannot be used; then nothing has changed."""
        prepared = self.prepare(wiring)
        self.drop(prepared)
        self.take(prepared)

    def owns(self, status: LinkStatus) -> bool:
        """Return whether a link belongs to this set."""
        return any(link.status is status for link in self._wanted)

    def disconnect(self, status: LinkStatus) -> None:
        """Close a link of this set and leave it closed until `reconnect`."""
        self._shut(self._link_of(status))

    def reconnect(self, status: LinkStatus) -> None:
        """Replace a link of this set by a new one at once, in any state; line settings are those of its LINK again."""
        link = self._link_of(status)
        self._replace(link, self._make(self._wanted[link], status))

    def _link_of(self, status: LinkStatus) -> AnyLink:
        return next(link for link in self._wanted if link.status is status)

    def _replace(self, link: AnyLink, fresh: AnyLink) -> None:
        link.driver.close()
        self._wanted = {fresh if each is link else each: wanted for each, wanted in self._wanted.items()}
        self._settle(fresh)

    def _shut(self, link: AnyLink) -> None:
        link.close()
        self._on_changed(link.status, link.driver.link, LinkState.CLOSED, None)
