"""A line with one problem of the site at a time, its rows and its cure."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cmi_gui.engine.site.model import SiteModule
from cmi_gui.engine.site.problems import Cure, CureKind, Problem, ProblemKind, problems
from cmi_gui.ui.background import Background
from cmi_gui.ui.models.bus import BusMaster
from cmi_gui.ui.models.site import SiteModel
from cmi_gui.ui.text.mark import Mark
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.text.words import sentence
from cmi_gui.ui.theme import SPACE
from cmi_gui.ui.widgets.plain.buttons import Button, QuietButton
from cmi_gui.ui.widgets.plain.layout import DimLabel, row_of
from cmi_gui.ui.widgets.plain.marks import ElidedLabel, StateMark

_AT_THE_END = (ProblemKind.NOT_FOUND, ProblemKind.UNKNOWN)
"""What is no problem while a search runs."""


class ProblemLine(QWidget):
    """A problem in words, with buttons for its rows and its cure, and for the next problem.

    Signals: `show_rows(object)`: the rows of a problem; `led(object, object)`: the `CureKind` that the user is led to,
    and the rows; `said(str)`.
    """

    show_rows = Signal(object)
    led = Signal(object, object)

    def __init__(self, site: SiteModel, bus: BusMaster, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._site = site
        self._bus = bus
        self._background = background
        self._revision = 0
        self._looking = False
        self._stale = False
        """True if the site has changed since the problems were looked for."""
        self._pressed: tuple[Problem, CureKind] | None = None
        """The cure to be carried out when the problems are those of the site as it is now."""
        for signal in (site.opened, site.rows_changed, site.modules_changed):
            signal.connect(self._site_changed)
        bus.state_changed.connect(self._bus_changed)
        self._searching = False
        self._all: list[Problem] = []
        self._problems: list[Problem] = []
        """Those that are shown: without those of `_AT_THE_END` while a search runs."""
        self._at = 0
        self.setObjectName("siteProblems")
        self._mark = StateMark(parent=self)
        self.words = ElidedLabel(parent=self)
        self.count = DimLabel("", self)
        self.rows = QuietButton(self.tr("Show"), self, object_name="siteProblemRows")
        self.rows.clicked.connect(lambda: self.show_rows.emit(list(self._problem.modules)))
        self.cure = Button(self.tr("Cure"), self, object_name="siteCure")
        self.cure.clicked.connect(lambda: self._carry_out(self._problem.cure))
        self.or_else = QuietButton(self.tr("Other cure"), self, object_name="siteOtherCure")
        self.or_else.clicked.connect(lambda: self._carry_out(self._problem.or_else))
        self.next = QuietButton("", self, icon="down", name=self.tr("Next problem"), object_name="siteNextProblem")
        self.next.clicked.connect(self._go_on)
        row_of(
            self._mark,
            (self.words, 1),
            self.count,
            self.next,
            self.rows,
            self.or_else,
            self.cure,
            within=self,
            margins=0,
            spacing=SPACE.s,
        ).addStrut(self.rows.sizeHint().height())

    @property
    def _problem(self) -> Problem:
        return self._problems[self._at]

    @property
    def problems(self) -> list[Problem]:
        """The problems of the site, the most urgent first."""
        return self._problems

    def refresh(self) -> None:
        """Look for problems again, in the background, because many take more than a frame."""
        self._revision += 1
        if not self._looking:
            self._look()

    def _site_changed(self) -> None:
        self._stale = True

    def _look(self) -> None:
        self._looking, self._stale = True, False
        revision, site, table, taken = self._revision, self._site.site, self._site.table, self._taken()
        other = self._bus.line is not None and self._bus.line.other_master

        def over() -> bool:
            """Return whether the site is still what was looked at; else look again."""
            self._looking = False
            if revision != self._revision:
                self._look()
            return revision == self._revision

        def done(found: list[Problem]) -> None:
            if over():
                self._all = found
                self._choose()
                self._carry_out_pressed()

        def failed(error: Exception) -> None:
            # A row may have changed meanwhile.
            if over():
                raise error

        self._background.run(lambda: problems(site, table, other_master=other, taken=taken), done, failed, owner=self)

    def _taken(self) -> set[int]:
        """Return the addresses at which slaves answer that are no rows of the site."""
        line = self._bus.line
        slaves = [] if line is None else list(line.slaves)
        return {
            slave.address
            for slave in slaves
            if slave.address is not None and not slave.collision and not self._bus.is_module(slave)
        }

    def _bus_changed(self) -> None:
        if self._bus.scanning is not self._searching:
            self._choose()

    def _choose(self) -> None:
        """Choose the problems to be shown, and show the first of them or the one shown before."""
        self._searching = self._bus.scanning
        self._problems = [each for each in self._all if not (self._searching and each.kind in _AT_THE_END)]
        self._at = min(self._at, max(len(self._problems) - 1, 0))
        self._show()

    def _show(self) -> None:
        some = bool(self._problems)
        self._mark.set_mark(Mark.TROUBLE if some else Mark.BUSY if self._searching else Mark.GOOD)
        several = len(self._problems) > 1
        for part in (self.count, self.next):
            part.setVisible(several)
        self.rows.setVisible(some and bool(self._problem.modules))
        if not some:
            rows = len(self._site.site.modules)
            quiet = self.tr("The search is running") if self._searching else self.tr("Nothing to point out")
            self.words.setText(quiet if rows else "")
            self._mark.setVisible(bool(rows))
            self.cure.setVisible(False)
            self.or_else.setVisible(False)
            return
        self._mark.setVisible(True)
        words = sentence(self._problem.message)
        self.words.setText(words)
        set_tooltip(self.words, words)
        self.count.setText(self.tr("{0} of {1}").format(self._at + 1, len(self._problems)))
        for button, cure in ((self.cure, self._problem.cure), (self.or_else, self._problem.or_else)):
            button.setVisible(cure is not None)
            if cure is not None:
                button.set_words(self._words(cure.kind))

    def _go_on(self) -> None:
        self._at = (self._at + 1) % len(self._problems)
        self._show()

    def _carry_out(self, cure: Cure | None) -> None:
        if cure is None:
            return
        if self._stale or self._looking:
            # The changes of this cure are for the site as it was.
            self._pressed = self._problem, cure.kind
            self.refresh()
            return
        modules: list[SiteModule] = list(self._problem.modules)
        if cure.changes:
            self._site.edit(cure.changes, self._words(cure.kind))
        else:
            self.led.emit(cure.kind, modules)

    def _carry_out_pressed(self) -> None:
        """Carry out the cure that was pressed while the problems were looked for, if it is still one."""
        pressed, self._pressed = self._pressed, None
        if pressed is None:
            return
        problem, kind = pressed
        for at, found in enumerate(self._problems):
            cure = next((each for each in (found.cure, found.or_else) if each is not None and each.kind is kind), None)
            if found.kind is problem.kind and cure is not None:
                self._at = at
                self._show()
                self._carry_out(cure)
                return

    def _words(self, kind: CureKind) -> str:
        return {
            CureKind.GIVE_ADDRESSES: self.tr("Give addresses by flat"),
            CureKind.SET_SPEED: self.tr("Set one speed"),
            CureKind.EXCHANGE_ROWS: self.tr("Exchange the rows"),
            CureKind.TAKE_METERS: self.tr("Take the meters as read"),
            CureKind.JOIN_ROWS: self.tr("Join the rows"),
            CureKind.RESTORE: self.tr("Set them back"),
            CureKind.WRITE: self.tr("Review"),
            CureKind.LOOK_FOR: self.tr("Look for it"),
            CureKind.FIND: self.tr("Search again"),
            CureKind.ASSIGN: self.tr("Enter the flats"),
            CureKind.EDIT: self.tr("Edit"),
            CureKind.DISCONNECT: self.tr("Disconnect"),
        }[kind]
