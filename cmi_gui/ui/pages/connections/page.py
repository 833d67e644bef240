"""The page Wiring: the links on both sides of the built-in module."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import pairwise

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from cmi_gui.engine.events import LinkChanged, Stamped
from cmi_gui.engine.link.serial_ports import SerialPortInfo, list_serial_ports
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.ui.pages.built_in_note import BuiltInNote
from cmi_gui.ui.pages.connections.bus import BusCard
from cmi_gui.ui.pages.connections.card import LinkCard
from cmi_gui.ui.pages.connections.listen import ListenCard
from cmi_gui.ui.pages.connections.meter import MeterCard
from cmi_gui.ui.pages.connections.wiring_diagram import End, WiringDiagram
from cmi_gui.ui.pages.page import Context, Page
from cmi_gui.ui.text.link_words import bus_words, meter_words
from cmi_gui.ui.text.mark import Mark, Status
from cmi_gui.ui.text.status import BROKEN
from cmi_gui.ui.theme import SPACE, em, font
from cmi_gui.ui.widgets.plain.layout import DimLabel, Label, column_of, row_of
from cmi_gui.ui.widgets.plain.scroll_bar import ScrollColumn

_BESIDE_FROM = 124
"""The width of the page, in average characters, from which the cards of both sides are beside each other."""
_PORTS_EVERY = 2
"""Refreshes skipped between two listings of the serial ports."""


class ConnectionsPage(Page):
    """The page Wiring: a drawing of the wiring, and below it a card for each side and one for listeners."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.diagram = WiringDiagram(self)
        self.bus = BusCard(context, self)
        self.meter = MeterCard(context, self)
        self.listen = ListenCard(context, self)
        self._cards: dict[str, LinkCard] = {"mbus": self.bus, "meter": self.meter, "listen": self.listen}
        self._listing_ports = False
        self._until_listing = 0
        for card in self._cards.values():
            card.edited.connect(partial(self._edited, card))
        self._lay_out()
        for card in self._cards.values():
            for before, behind in pairwise(card.tab_chain()):
                self.setTabOrder(before, behind)

    def _lay_out(self) -> None:
        title = Label(self.tr("Wiring"), self, look=font(1.35, strong=True))
        about = DimLabel(self.tr("The links on both sides of the built-in module"), self)
        top = row_of(title, (about, 1, Qt.AlignmentFlag.AlignVCenter), spacing=SPACE.m)
        inside = QWidget(self)
        self._sides = row_of((self.bus, 1), (self.meter, 1), spacing=SPACE.l)
        column_of((self._sides, 1), self.listen, within=inside, margins=0, spacing=SPACE.l)
        self._scroll = ScrollColumn(self)
        self._scroll.setWidget(inside)
        column_of(
            top,
            BuiltInNote(self.context.targets, self),
            self.diagram,
            (self._scroll, 1),
            within=self,
            margins=(SPACE.l, SPACE.m, SPACE.l, SPACE.l),
            spacing=SPACE.m,
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the cards of the two sides below each other on a narrow page."""
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._sides.setDirection(across if self.width() >= em(self, _BESIDE_FROM) else down)
        super().resizeEvent(event)

    # Page

    def activate(self) -> None:
        """List the serial ports at the next refresh."""
        self._until_listing = 0

    def deactivate(self) -> None:
        """Cancel running trials."""
        for card in self._cards.values():
            card.cancel()

    def take(self, events: Sequence[Stamped]) -> None:
        """Show changes of links, and a badge beside the page's name while a link is broken."""
        self.meter.take(events)
        if not any(isinstance(stamped.event, LinkChanged) for stamped in events):
            return
        broken = sum(link.state in BROKEN for link in self.station.link_status)
        self.badge.emit("!" if broken else "")
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Update drawing, states and byte counts, and the list of serial ports from time to time."""
        for card in self._cards.values():
            card.refresh()
        self._show_diagram()
        self._until_listing -= 1
        if (
            self._until_listing < 0
            and not self._listing_ports
            and any(card.form.lists_ports for card in self._cards.values())
        ):
            self._until_listing = _PORTS_EVERY
            self._listing_ports = True
            # Some systems cannot list ports, but a name can still be typed.
            self.context.background.run(
                list_serial_ports, self._ports_found, lambda _: self._ports_found([]), owner=self
            )

    def reveal(self, part: str) -> None:
        """Bring a card into view and focus its form: `mbus`, `meter` or `listen`."""
        card = self._cards.get(part)
        if card is not None:
            self._scroll.ensureWidgetVisible(card)
            card.form.kind.setFocus()

    def state(self) -> dict[str, object]:
        """Return the unwired contents of the forms, by card."""
        return {name: card.form_text() for name, card in self._cards.items() if card.dirty}

    def restore(self, saved: Mapping[str, object]) -> None:
        """Fill the forms with what `state` returned."""
        for name, card in self._cards.items():
            text = saved.get(name)
            if isinstance(text, str) and text:
                with suppress(LinkError):
                    card.restore_text(text)

    # Parts

    def _edited(self, card: LinkCard) -> None:
        """Give the card being edited the page's only primary button."""
        primary = next((each for each in (card, *self._cards.values()) if each.dirty), None)
        for each in self._cards.values():
            each.set_primary(each is primary)
        self._show_diagram()
        if card.dirty:
            # After the layout of the form's new contents.
            QTimer.singleShot(0, card, partial(self._show_button, card))

    def _show_button(self, card: LinkCard) -> None:
        """Scroll to the card's button, which a low window may hide."""
        self._scroll.ensureWidgetVisible(card.apply, 0, SPACE.l)

    def _ports_found(self, ports: list[SerialPortInfo]) -> None:
        self._listing_ports = False
        for card in self._cards.values():
            card.form.show_ports(ports)

    def _show_diagram(self) -> None:
        wiring = self.station.config.wiring
        if not wiring.mbus:
            master = End("master", self.tr("This program"), self.tr("Simulated bus"), True)
        elif self.station.bus_is_real:
            master = End("master", self.tr("M-Bus master"), self.tr("Serial port"), False)
        else:
            master = End("master", self.tr("M-Bus master"), self.tr("Simulated bus"), True)
        module = End("module", "CMi1020", self.tr("Module {0}").format(self.station.config.serial), False)
        if self.station.meter_is_real:
            meter = End("meter", self.tr("Meter"), self.tr("Real meter"), False)
        else:
            meter = End("meter", self.tr("E350 {0}").format(wiring.variant), self.tr("Simulated meter"), True)
        words = bus_words(self.station, self.module), meter_words(self.station, self.module)
        practice = self.context.practice
        if practice.serves and practice.room is not None:
            modules = self.tr("Modules: {0}").format(len(practice.room.points))
            module = End("module", self.tr("Practice bus"), modules, True)
            meter = End("meter", self.tr("Meters"), self.tr("Simulated meters"), True)
            words = words[0], Status(Mark.GOOD, self.tr("One meter for each module"))
        self.diagram.show_wiring((master, module, meter), words)
