"""A card for a side with any number of links: a list of them, and the state and form of the chosen one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from PySide6.QtWidgets import QLineEdit, QWidget

from cmi_gui.engine.events import Side
from cmi_gui.engine.station.link_status import LinkStatus
from cmi_gui.engine.station.wiring import Listening, Use, Wiring
from cmi_gui.ui.pages.connections.card import LinkCard
from cmi_gui.ui.pages.page import Context
from cmi_gui.ui.text.link_words import link_words, shown_link
from cmi_gui.ui.text.mark import Mark, Status
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.widgets.link.rows import LinkRows
from cmi_gui.ui.widgets.plain.buttons import QuietButton


class LinkListCard(LinkCard):
    """A card with a list of links. A subclass defines its links (`links`) and their entries in the wiring.

    `part`: the field of `Wiring` with the entries. `fewest`: the list is hidden while it has fewer rows than this.
    """

    def __init__(
        self,
        context: Context,
        side: Literal["mbus", "meter"],
        use: Use,
        words: tuple[str, str, str],
        add: tuple[str, str],
        parent: QWidget | None = None,
        *,
        part: Literal["mbus", "listen"],
        fewest: int,
    ) -> None:
        self._chosen: LinkStatus | None = None
        self._adding = False
        self._part = part
        self._fewest = fewest
        super().__init__(context, side, use, *words, parent)
        self.add = QuietButton(add[0], self, icon="add", tip=add[1], on_click=self._add)
        self.head.addWidget(self.add)
        self.rows = LinkRows(self.add, self)
        self.rows.chosen.connect(self._row_clicked)
        self.top.addWidget(self.rows)
        self.remove = QuietButton(self.tr("Remove"), self, on_click=self._remove)
        set_tooltip(self.remove, self.tr("Close this link and remove it"))
        self.view.tools.addWidget(self.remove)

    def tab_chain(self) -> list[QWidget]:
        """Return the widgets in tab order."""
        return [self.add, self.remove, *super().tab_chain()]

    # Properties of this side

    def links(self) -> list[LinkStatus]:
        """Return the links of this side, in the order of the wiring."""
        raise NotImplementedError

    def test_wired(self) -> Status:
        """Return the state of the chosen link."""
        return Status(Mark.OFF, "") if self.status is None else link_words(self.status, running=self.station.running)

    @property
    def side(self) -> Literal["mbus", "meter"]:
        """The side of the link in the form."""
        return self._side

    def entry(self, link: str, side: Side) -> str | Listening:
        """Return the entry of a link in the wiring."""
        raise NotImplementedError

    def wiring(self, link: str) -> Wiring:
        """Return the wiring with the chosen link replaced, or with a new one."""
        new: tuple[str, Side] = (link, self.side)
        current = self.status
        links = [new if each is current else (each.link, each.side) for each in self.links()]
        return self._wiring_with([*links, new] if current is None else links)

    def _wiring_with(self, links: Sequence[tuple[str, Side]]) -> Wiring:
        entries = tuple(self.entry(link, side) for link, side in links)
        return replace(self.station.config.wiring, **{self._part: entries})  # type: ignore[arg-type]

    def chosen(self, wiring: Wiring) -> dict[str, object]:
        """Return the links of this side in a wiring, to be saved for the next start."""
        return {self._part: getattr(wiring, self._part)}

    @property
    def status(self) -> LinkStatus | None:
        """The link chosen in the list; the first if the chosen one was removed; None while adding or without links."""
        links = self.links()
        if self._adding or not links:
            return None
        if not any(link is self._chosen for link in links):
            self._chosen = links[0]
        return self._chosen

    @property
    def dirty(self) -> bool:
        """True if a link is being added or the form differs from the present wiring."""
        return self._adding or super().dirty

    # Display

    def refresh(self) -> None:
        """Update the list and the card."""
        links, current = self.links(), self.status
        rows = [(shown_link(link), link_words(link, running=self.station.running)) for link in links]
        if self._adding:
            rows.append((self.tr("New link"), Status(Mark.NOTHING, "")))
        chosen = next((index for index, link in enumerate(links) if link is current), len(links))
        self.rows.show_rows(rows if len(rows) >= self._fewest else [], chosen)
        self.add.setEnabled(not self._adding)
        super().refresh()

    def reset(self) -> None:
        """Fill the form from the present wiring; a link that was being added is dropped."""
        self._adding = False
        super().reset()

    # User actions

    def _row_clicked(self, index: object) -> None:
        links = self.links()
        assert isinstance(index, int)
        if index < len(links) and links[index] is not self.status:
            self._chosen = links[index]
            self.reset()
        self.refresh()

    def _add(self) -> None:
        self._adding = True
        self._shown = self.wired
        field = self._fill_new()
        self.refresh()
        field.setFocus()
        field.selectAll()
        self.edited.emit()

    def _fill_new(self) -> QLineEdit:
        """Fill the form for a new link and return the field that gets the focus."""
        raise NotImplementedError

    def _remove(self) -> None:
        status = self.status
        if status is None:
            return
        after = self._wiring_with([(each.link, each.side) for each in self.links() if each is not status])
        self.station.rewire(after)
        self._store(after)
        self.reset()
        self.refresh()
        self.edited.emit()

    def _wired(self, link: str) -> None:
        """Choose the link that has just been wired."""
        self._adding = False
        self._chosen = next((each for each in self.links() if each.link == link), None)
