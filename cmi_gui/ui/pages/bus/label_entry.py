"""The loop for the stairwell: scan a label, type the flat, Enter, next."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cmi_gui.engine.configurator.identify import LABEL_DIGITS
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.messages import InvalidValue
from cmi_gui.engine.site.cells import Change, RowAdded, cell_change
from cmi_gui.engine.site.comparison import NumberKind, number_kind
from cmi_gui.engine.site.model import MAX_ROWS, SiteModule
from cmi_gui.ui.models.bus import BusMaster
from cmi_gui.ui.models.site import SiteModel
from cmi_gui.ui.pages.bus.visit_words import named
from cmi_gui.ui.pages.bus.words import failure_text
from cmi_gui.ui.text.words import Level, sentence
from cmi_gui.ui.theme import SPACE
from cmi_gui.ui.widgets.plain.buttons import Button, QuietButton
from cmi_gui.ui.widgets.plain.fields import TextField, set_wrong
from cmi_gui.ui.widgets.plain.layout import row_of
from cmi_gui.ui.widgets.plain.marks import ElidedLabel


class LabelEntry(QWidget):
    """Two fields: the number on a label, which a barcode reader types with Enter, and the flat where it hangs.

    Module and meter both have numbers of eight digits: where it is not clear which one it is, it is asked.
    Signals: `found(object)`: the row that the number belongs to; `told(Level, str)`: what came of looking for a module
    while another label was entered.
    """

    found = Signal(object)
    told = Signal(object, str)

    def __init__(self, site: SiteModel, bus: BusMaster, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._site = site
        self._bus = bus
        self._row: SiteModule | None = None
        self._number = ""
        self._sought: list[str] = []
        """The serial numbers to be looked for on the bus, one after the other; the first is looked for now."""
        self.number = TextField(self, object_name="siteLabel", name=self.tr("Number on the label"))
        self.number.setPlaceholderText(self.tr("Scan a label"))
        self.number.set_least(16)
        self.number.textEdited.connect(self._typed)
        self.number.returnPressed.connect(self._number_entered)
        self.serial = Button(self.tr("Module"), self, object_name="siteLabelModule")
        self.serial.clicked.connect(lambda: self._decided(NumberKind.SERIAL))
        self.meter = Button(self.tr("Meter"), self, object_name="siteLabelMeter")
        self.meter.clicked.connect(lambda: self._decided(NumberKind.METER))
        self.place = TextField(self, object_name="siteFlat", name=self.tr("Flat or room"))
        self.place.setPlaceholderText(self.tr("Flat or room"))
        self.place.set_least(12)
        self.place.returnPressed.connect(self._place_entered)
        self.enter = QuietButton(self.tr("Enter"), self, object_name="siteEnterLabel", on_click=self._place_entered)
        self.words = ElidedLabel(parent=self, dim=True)
        row_of(
            self.number, self.serial, self.meter, self.place, self.enter, (self.words, 1),
            within=self, margins=0, spacing=SPACE.s,
        )  # fmt: skip
        self._ask(False)
        site.opened.connect(self._reset)
        bus.sought.connect(self._looked_for)

    def _typed(self) -> None:
        self._row, self._number = None, ""
        set_wrong(self.number, "")
        self.words.setText("")
        self._ask(False)

    def _ask(self, on: bool) -> None:
        """Ask whether the number is that of a module or of a meter."""
        self.serial.setVisible(on)
        self.meter.setVisible(on)
        self.place.setVisible(not on)
        self.enter.setVisible(not on)
        self.enter.setEnabled(self._row is not None)

    def _number_entered(self) -> None:
        digits = "".join(self.number.text().split())
        if not (len(digits) == LABEL_DIGITS and digits.isascii() and digits.isdigit()):
            words = self.tr("The number on a label has {0} digits").format(LABEL_DIGITS)
            set_wrong(self.number, words)
            self.words.setText(words)
            return
        self._number = digits
        kind = number_kind(self._site.site, digits)
        if kind is not None:
            self._decided(kind)
            return
        self.words.setText(self.tr("{0}: is this the number of a module or of a meter?").format(digits))
        self._ask(True)
        self.serial.setFocus()

    def _decided(self, kind: NumberKind) -> None:
        serial, site = kind is NumberKind.SERIAL, self._site.site
        rows = site.with_serial(self._number) if serial else site.with_meter(self._number)
        if len(rows) > 1:
            words = (
                self.tr("Module {0} is in several rows; correct them in the list")
                if serial
                else self.tr("Meter {0} is in several rows; correct them in the list")
            )
            self._ask(False)
            self.words.setText(words.format(self._number))
            self.number.setFocus()
            return
        self._row = rows[0] if rows else SiteModule()
        if not rows:
            setattr(self._row, "serial" if serial else "meter", self._number)
        self._ask(False)
        self.place.setText(self._row.place)
        self.place.selectAll()
        self.place.setFocus()
        if rows:
            self.found.emit(self._row)
        self.words.setText(named(self._row) if rows else self.tr("{0}, new").format(named(self._row)))
        if serial and (self._row.found is None or self._row.lost):
            self._look_for(self._number)

    def _look_for(self, serial: str) -> None:
        """Have the module looked for by selection, if the bus is free or looks for the label before this one."""
        assert self._row is not None
        name = named(self._row)
        if self._bus.state is not LinkState.OPEN:
            self.words.setText(self.tr("{0}: not looked for, because the master port is not connected").format(name))
        elif self._bus.busy and not self._sought:
            self.words.setText(self.tr("{0}: not looked for, because the bus is in use").format(name))
        else:
            self.words.setText(self.tr("{0}: being looked for").format(name))
            if serial not in self._sought:
                self._sought.append(serial)
                self._look_for_next()

    def _look_for_next(self) -> None:
        if self._sought and self._bus.state is LinkState.OPEN and not self._bus.busy:
            self._bus.find_by_label(self._sought[0])

    def _looked_for(self, serial: str, result: object) -> None:
        if serial not in self._sought:
            return
        self._sought.remove(serial)
        if isinstance(result, Exception):
            self._tell(serial, Level.WARNING, self.tr("Module {0}: {1}").format(serial, failure_text(result)))
        elif result is None:
            self._tell(serial, Level.WARNING, self.tr("Module {0} does not answer").format(serial))
        else:
            rows = self._site.site.with_serial(serial)
            if rows and self._number == serial and self._row is not None and self._row not in self._site.site.modules:
                # It was found while the flat was being typed, and has a row now.
                self._row = rows[0]
            self._tell(serial, Level.GOOD, self.tr("Module {0}: found on the bus").format(serial))
        if self._bus.state is not LinkState.OPEN:
            self._sought.clear()
        self._look_for_next()

    def _tell(self, serial: str, level: Level, words: str) -> None:
        """Say what came of looking for a module: here, or in a message once another label was begun."""
        if self._number == serial or not self.number.text():
            self.words.setText(words)
        else:
            self.told.emit(level, words)

    def _place_entered(self) -> None:
        row = self._row
        if row is None:
            self.number.setFocus()
            return
        site = self._site.site
        changes: list[Change] = []
        if row not in site.modules:
            again = site.with_serial(row.serial)
            if row.serial and len(again) == 1:
                # A search that went on meanwhile has found it.
                row = again[0]
            elif len(site.modules) >= MAX_ROWS:
                self.words.setText(self.tr("The site has as many rows as it can have"))
                return
            else:
                changes.append(RowAdded(row, len(site.modules)))
        try:
            change = cell_change(row, "place", self.place.text(), self._site.table)
        except InvalidValue as error:
            words = sentence(error.message)
            set_wrong(self.place, words)
            self.words.setText(words)
            return
        set_wrong(self.place, "")
        changes += [] if change is None else [change]
        self._site.edit(changes, self.tr("Label"))
        self.found.emit(row)
        self.words.setText(self.tr("{0}: entered").format(named(row)))
        self._row, self._number = None, ""
        self.number.clear()
        self.place.clear()
        self._ask(False)
        self.number.setFocus()

    def _reset(self) -> None:
        self.number.clear()
        self.place.clear()
        self._typed()
