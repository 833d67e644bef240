"""The card of the M-Bus side: the links on which masters reach the module."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QLineEdit, QWidget

from cmi_gui.engine.events import Side
from cmi_gui.engine.link.url import parse_link
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.station.config import DEFAULT_MBUS
from cmi_gui.engine.station.link_status import LinkStatus
from cmi_gui.engine.station.link_trial import LISTEN_SECONDS
from cmi_gui.engine.station.wiring import SIMULATED, Use, Wiring
from cmi_gui.ui.pages.connections.many import LinkListCard
from cmi_gui.ui.pages.page import Context
from cmi_gui.ui.pages.read_command import read_command
from cmi_gui.ui.text.messages import text_of
from cmi_gui.ui.text.status import bus_links
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.widgets.plain.captioned import caption
from cmi_gui.ui.widgets.plain.copy_line import CopyLine
from cmi_gui.ui.widgets.plain.fields import ChoiceField
from cmi_gui.ui.widgets.plain.layout import DimLabel, WarningLine, row_of


class BusCard(LinkListCard):
    """The links on which masters reach the module; several can be open at a time, each with its own slave."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(
            context,
            "mbus",
            Use.SERVE,
            (
                self.tr("M-Bus side"),
                self.tr("The links on which masters reach the module."),
                self.tr("No external link. Only the pages of this program can reach the module."),
            ),
            (self.tr("Add a link"), self.tr("Serve masters on one more link")),
            parent,
            part="mbus",
            fewest=2,
        )
        self.setObjectName("connectionsMbus")
        self.add.setObjectName("linkAdd")
        self.remove.setObjectName("linkRemove")
        self.command = CopyLine(self.tr("Command that reads the module"), self, object_name="linkCommand")
        row = caption(self.tr("Read command"), self.command.button, self)
        self.view.rows.insertRow(1, row, self.command)
        self.serves = ChoiceField(self.tr("Module behind the links"), self, object_name="linkServes")
        self.serves.addItem(self.tr("Built-in module"))
        self.serves.addItem(self.tr("Practice bus (simulated)"))
        set_tooltip(self.serves, self.tr("What masters reach through the links; all links are opened again"))
        self.serves.activated.connect(self._serve)
        self._no_room = WarningLine(self, trouble=True)
        self.top.insertLayout(0, row_of(DimLabel(self.tr("Masters reach")), (self.serves, 1)))
        self.top.insertWidget(1, self._no_room)
        self._all_go = WarningLine(self)
        self.form.extra.addRow(self._all_go)
        self.reset()

    def tab_chain(self) -> list[QWidget]:
        """Return the widgets in tab order."""
        first, *rest = super().tab_chain()
        return [first, self.serves, *rest]

    # Properties of this side

    def links(self) -> list[LinkStatus]:
        """Return the links of the M-Bus side."""
        return bus_links(self.station)

    def _apply_words(self) -> str:
        return self.tr("Add the link") if self._adding else self.tr("Connect the M-Bus side")

    @property
    def wired(self) -> str:
        """The LINK of the chosen link; `sim:` if there is none."""
        status = self.status
        return SIMULATED if status is None else status.link

    def entry(self, link: str, side: Side) -> str:
        """Return the LINK."""
        return link

    def wiring(self, link: str) -> Wiring:
        """Return the wiring with the chosen link replaced, or with a new one; `sim:` removes all links."""
        return self._wiring_with([]) if link == SIMULATED else super().wiring(link)

    def _no_test(self) -> str:
        return self.tr("There is no link to test") if self.form.selected.simulated else ""

    def _test_tip(self) -> str:
        if self.form.selected.real_wire:
            return self.tr("Opens the port and waits {0} s for telegrams from a master").format(round(LISTEN_SECONDS))
        return self.tr("Checks whether the module can serve masters there; nothing is changed")

    # Display

    def refresh(self) -> None:
        """Update the card and the command that reads the module."""
        practice = self.context.practice
        self.serves.setCurrentIndex(int(practice.serves))
        problem = practice.problem
        self._no_room.show_text(text_of(problem) if problem and not practice.room else "")
        links = self.links()
        many = self.tr("This removes all {0} links.").format(len(links)) if len(links) > 1 else ""
        self._all_go.show_text(many)
        self._show_command()
        super().refresh()

    def _show_command(self) -> None:
        status = self.status
        is_open = status is not None and status.state is LinkState.OPEN
        own = not self.context.practice.serves
        address = self.context.module.state.primary_address
        command = read_command(status.url, address) if status and is_open and own else ""
        if self.command.isHidden() is bool(command):
            self.view.rows.setRowVisible(self.command, bool(command))
        self.command.set_text(command, "")

    # User actions

    def _serve(self, index: int) -> None:
        practice = self.context.practice
        if not index or practice.ready():
            practice.serve(bool(index))
        self.refresh()
        self.edited.emit()

    def _fill_new(self) -> QLineEdit:
        self.form.show_link(self._next_tcp())
        return self.form.port

    def _next_tcp(self) -> str:
        """Return a TCP link on a port that no link here uses; the trial finds out whether another program does."""
        ports = [parse_link(link.url).port for link in self.links()]
        default = parse_link(DEFAULT_MBUS)
        return str(replace(default, port=min(max([default.port - 1, *ports]) + 1, 65_535)))
