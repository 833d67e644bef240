"""Rehearsal of a visit: a copy of the open site, on the practice bus with a room that is made from it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.messages import Argument, InvalidValue, Message, reason_of
from cmi_gui.engine.site.rehearsal import rehearse
from cmi_gui.ui.models.bus import BusMaster
from cmi_gui.ui.models.practice import PRACTICE_LINK, Practice
from cmi_gui.ui.models.site import SiteModel
from cmi_gui.ui.models.visit import Visit
from cmi_gui.ui.text.messages import translate


class SiteRehearsal(QObject):
    """Begins and ends a rehearsal. Nothing of it enters the site, its journal, the history or the chosen practice bus.

    `name`: of the site that is rehearsed. `remarks`: what is not as on the real bus. `problem`: why the last rehearsal
    could not begin, or None. Signals: `changed()`: it began or ended, or has a problem.
    """

    changed = Signal()

    def __init__(self, site: SiteModel, visit: Visit, bus: BusMaster, practice: Practice) -> None:
        super().__init__(visit)
        self._site = site
        self._visit = visit
        self._bus = bus
        self._practice = practice
        self._link = ""
        """The LINK that was connected before."""
        self.name = ""
        self.remarks: tuple[Message, ...] = ()
        self.problem: Argument | None = None
        practice.changed.connect(self.changed)

    @property
    def running(self) -> bool:
        """True while the master is on the bus of the rehearsal."""
        line = self._bus.line
        return self._practice.rehearsing and line is not None and line.link == self._practice.link

    @property
    def why_not(self) -> str:
        """The reason in words why no rehearsal can begin now; empty if one can."""
        if self._site.practice:
            return translate("SiteRehearsal", "This site is simulated already")
        if self._site.loading:
            return translate("SiteRehearsal", "The site is being opened")
        if not self._site.site.modules:
            return translate("SiteRehearsal", "The site has no modules yet")
        if self._visit.busy or self._bus.busy:
            return translate("SiteRehearsal", "Another operation is running on the bus")
        return ""

    def begin(self) -> None:
        """Open a copy of the site on the practice bus; `problem` says why if that fails. Nothing while `why_not`."""
        if self.why_not:
            return
        line = self._bus.line
        try:
            made = rehearse(self._site.site, self._site.table)
        except InvalidValue as error:
            self.problem = reason_of(error)
            self.changed.emit()
            return
        self._link = line.link if line is not None and self._bus.state is not LinkState.CLOSED else ""
        self.name, self.remarks, self.problem = self._site.site.name, made.remarks, None
        self._practice.rehearse(made.room)
        self._site.use_in_practice(self._practice.link, made.site)
        self._bus.connect_to(PRACTICE_LINK)
        self.changed.emit()

    def end(self) -> None:
        """Close the practice bus, and return to the site and to the port that was connected before."""
        if not self.running:
            return
        self._practice.close()
        if self._link:
            try:
                self._bus.connect_to(self._link)
            except LinkError as error:
                self.problem = reason_of(error)
        self.changed.emit()
