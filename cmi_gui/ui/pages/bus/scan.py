"""The panel for a scan: what to look for, the button that starts it, and its progress."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from cmi_gui.engine.cmi1020.settings import BAUD_RATES
from cmi_gui.engine.configurator.discover import Scan, ScanPlan, parse_range
from cmi_gui.engine.configurator.session import Cancelled
from cmi_gui.engine.mbus.frame import ADDRESS_PRIMARY_MAX
from cmi_gui.engine.mbus.slave_address import mask_bytes
from cmi_gui.engine.messages import reason_of
from cmi_gui.ui.models.bus import BusMaster
from cmi_gui.ui.models.site_search import SiteSearch
from cmi_gui.ui.pages.bus.words import failure_text, found_text
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.text.words import remaining_text, sentence
from cmi_gui.ui.theme import SPACE
from cmi_gui.ui.widgets.plain.buttons import Button, PrimaryButton, QuietButton, Switch
from cmi_gui.ui.widgets.plain.fields import TextField, set_wrong
from cmi_gui.ui.widgets.plain.layout import DimLabel, Label, Section, Stretch, WarningLine, add_parts, grid_of, row_of
from cmi_gui.ui.widgets.plain.progress import ProgressLine

_ALL_PRIMARY = f"0-{ADDRESS_PRIMARY_MAX}"
_ALL_SECONDARY = "FFFFFFFF"


class ScanPanel(Section):
    """A panel with primary range, secondary mask, speeds, the page's only primary button, and progress in words.

    Attribute `hindrance`: a reason outside this panel why no scan can start, or empty.
    Signals: `scan_requested(object, bool)`, the `ScanPlan` the user wants to run, and whether an interrupted scan goes
    on.
    """

    scan_requested = Signal(object, bool)

    def __init__(self, bus: BusMaster, search: SiteSearch, parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("ScanPanel", "Look for modules"), parent)
        self.hindrance = ""
        self._bus = bus
        self._search = search
        self.primary = Switch(self.tr("Primary"), self, object_name="busByPrimary")
        self.primary.setAccessibleName(self.tr("Search by primary address"))

        self.range = self._field(_ALL_PRIMARY, self.tr("Range of primary addresses"), "busRange")
        set_tooltip(self.range, self.tr("One address, or the first and the last: 0-{0}").format(ADDRESS_PRIMARY_MAX))
        self.error = WarningLine(self, trouble=True)
        self.secondary = Switch(self.tr("Secondary"), self, object_name="busBySecondary")
        self.secondary.setAccessibleName(self.tr("Search by secondary address"))
        # It also finds modules that share a primary address, as all do when they are delivered.
        self.secondary.setChecked(True)
        self.mask_field = self._field(_ALL_SECONDARY, self.tr("Secondary address, F for any digit"), "busMask")
        set_tooltip(
            self.mask_field,
            self.tr("Eight digits; F matches any digit. Also finds modules that share a primary address"),
        )
        self.bauds: dict[int, Button] = {}
        for baud in sorted(BAUD_RATES):
            button = Button(self.tr("{0} bit/s").format(baud), self, object_name=f"busBaud{baud}", checkable=True)
            self.bauds[baud] = button
        self.bauds[max(BAUD_RATES)].setChecked(True)
        self.baud_note = DimLabel(
            self.tr("This link has no speed: there is one pass, with the waiting times of the slower speed"), wrap=True
        )
        self.button = PrimaryButton(self.tr("Scan the bus"), self, icon="search", object_name="busScanButton")
        self.button.clicked.connect(self._clicked)
        self.again = QuietButton(self.tr("From the beginning"), self, object_name="busScanAgain")
        self.again.clicked.connect(lambda: self.scan_requested.emit(self.plan(), False))
        self.until_found = Switch(self.tr("Stop when all are found"), self, object_name="busUntilFound")
        self.until_found.setChecked(True)
        set_tooltip(
            self.until_found,
            self.tr("A search by secondary address ends when every module of the list was found, if all have a flat"),
        )
        self.bar = ProgressLine(self.tr("Progress of the scan"), self)
        self.words = Label("", self, wrap=True)
        self._lay_out()
        for part in (self.primary, self.secondary, *self.bauds.values()):
            part.toggled.connect(self.refresh)
        for field in (self.range, self.mask_field):
            field.textChanged.connect(self.refresh)
            # click() does nothing while the button is disabled; the fields are disabled during a scan.
            field.returnPressed.connect(self.button.click)

    def _field(self, text: str, name: str, object_name: str) -> TextField:
        field = TextField(self, object_name=object_name, name=name)
        field.setText(text)
        field.setMinimumWidth(field.fontMetrics().horizontalAdvance("00000000") + 2 * SPACE.m + SPACE.s)
        field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        return field

    def _lay_out(self) -> None:
        grid = grid_of(across=SPACE.s, down=SPACE.xs, stretched=(1,))
        for row, (switch, field) in enumerate(((self.primary, self.range), (self.secondary, self.mask_field))):
            grid.addWidget(switch, row, 0)
            grid.addWidget(field, row, 1)
        speeds = row_of(Label(self.tr("Speed"), self), Stretch(), *self.bauds.values(), spacing=SPACE.xs)
        self.body.setSpacing(SPACE.s)
        # The error is below the controls, which it must not move when it comes.
        add_parts(
            self.body,
            grid,
            speeds,
            self.baud_note,
            self.until_found,
            self.button,
            self.again,
            self.error,
            self.bar,
            self.words,
        )

    # Input

    def plan(self) -> ScanPlan:
        """Return the scan described by the fields. Raises ValueError with the first thing that is wrong."""
        addresses = parse_range(self.range.text()) if self.primary.isChecked() else None
        mask = mask_bytes(self.mask_field.text()) if self.secondary.isChecked() else None
        if addresses is None and mask is None:
            raise ValueError(self.tr("Switch on primary addresses, secondary addresses, or both"))
        # The faster one first, which modules are delivered with.
        bauds = tuple(sorted((baud for baud, button in self.bauds.items() if button.isChecked()), reverse=True))
        if not bauds:
            raise ValueError(self.tr("Choose a speed, or both"))
        return ScanPlan(addresses, mask, bauds)

    def _clicked(self) -> None:
        if self._bus.scanning:
            self._bus.cancel_scan()
        else:
            self.scan_requested.emit(self.plan(), True)

    # Display

    def refresh(self) -> None:
        """Show what is wrong with the fields, and the progress of the scan."""
        scanning = self._bus.scanning
        for part in (self.primary, self.range, self.secondary, self.mask_field, self.until_found, *self.bauds.values()):
            part.setEnabled(not scanning)
        self.range.setEnabled(not scanning and self.primary.isChecked())
        self.mask_field.setEnabled(not scanning and self.secondary.isChecked())
        problems = (
            _problem(parse_range, self.range, used=self.primary.isChecked()),
            _problem(mask_bytes, self.mask_field, used=self.secondary.isChecked()),
        )
        self.error.show_text("\n".join(filter(None, problems)))
        line = self._bus.line
        no_speed = line is not None and line.session.baud is None
        both = sum(button.isChecked() for button in self.bauds.values()) > 1
        self.baud_note.setVisible(no_speed and both)
        rest = None
        try:
            rest = self._search.rest_of(self.plan())
            wrong = ""
        except ValueError as error:
            wrong = sentence(reason_of(error))
        start = self.tr("Scan the bus") if rest is None else self.tr("Continue the scan")
        self.button.set_words(self.tr("Cancel the scan") if scanning else start)
        self.again.setVisible(rest is not None and not scanning)
        busy = self.tr("Another operation is running on the bus") if self._bus.work or self._bus.seeking else ""
        why_not = wrong or self.hindrance or busy
        self.again.setEnabled(not why_not)
        self.button.setEnabled(scanning or not why_not)
        set_tooltip(self.button, "" if scanning else why_not)
        scan = self._bus.scan
        self.bar.set_share(scan.done if scan is not None and scanning else None)
        self.words.setText("" if scan is None else self._progress(scan) if scanning else self._end(scan))

    def _progress(self, scan: Scan) -> str:
        step = scan.current
        by_address = step.addresses is not None
        words = self.tr("Address {0} at {1} bit/s") if by_address else self.tr("Mask {0} at {1} bit/s")
        lines = [words.format(scan.where, step.baud)] if scan.where else []
        left = scan.seconds_left
        found = found_text(scan.entries)
        words = self.tr("{0}, at least {1} left") if scan.takes_longer else self.tr("{0}, about {1} left")
        lines.append(found if left is None else words.format(found, remaining_text(left)))
        if len(scan.steps) > 1:
            lines.append(self.tr("Pass {0} of {1}").format(scan.step + 1, len(scan.steps)))
        return "\n".join(lines)

    def _end(self, scan: Scan) -> str:
        found = found_text(scan.entries)
        error = self._bus.scan_error
        if error is None and scan.has_enough:
            return self.tr("Scan ended: all modules of the list were found. {0}").format(found)
        if error is None:
            complete = self.tr("Scan complete: {0}").format(found)
            return complete if scan.warning is None else f"{complete}\n{sentence(scan.warning)}"
        if isinstance(error, Cancelled):
            return self.tr("Scan cancelled: {0} so far").format(found)
        return self.tr("Scan failed: {0} so far.\n{1}").format(found, failure_text(error))

    # Saved state

    def state(self) -> dict[str, object]:
        """Return the fields, switches and speeds (bit/s)."""
        return {
            "primary": self.primary.isChecked(),
            "range": self.range.text(),
            "secondary": self.secondary.isChecked(),
            "mask": self.mask_field.text(),
            "until_found": self.until_found.isChecked(),
            "bauds": [baud for baud, button in self.bauds.items() if button.isChecked()],
        }

    def restore(self, saved: Mapping[str, object]) -> None:
        """Restore what `state` returned."""
        switches = (self.primary, "primary"), (self.secondary, "secondary"), (self.until_found, "until_found")
        for switch, name in switches:
            on = saved.get(name)
            if isinstance(on, bool):
                switch.setChecked(on)
        for field, name in ((self.range, "range"), (self.mask_field, "mask")):
            text = saved.get(name)
            if isinstance(text, str):
                field.setText(text)
        bauds = saved.get("bauds")
        if isinstance(bauds, list):
            for baud, button in self.bauds.items():
                button.setChecked(baud in bauds)
        self.refresh()


def _problem(parse: Callable[[str], object], field: TextField, *, used: bool) -> str:
    """Mark a field that is wrong and return the reason, if the scan uses the field (`used`)."""
    wrong = ""
    if used:
        try:
            parse(field.text())
        except ValueError as error:
            wrong = sentence(reason_of(error))
    set_wrong(field, wrong)
    return wrong
