"""The card of the meter side: the simulated meter, or the link to a real one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from cmi_gui.engine.e350.variants import VARIANTS, variant
from cmi_gui.engine.events import ReadoutDone, ReadoutFailed, Stamped
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.station.link_status import LinkStatus
from cmi_gui.engine.station.wiring import SIMULATED, Use, Wiring
from cmi_gui.ui.pages.connections.card import LinkCard
from cmi_gui.ui.pages.page import Context
from cmi_gui.ui.text.link_words import link_words
from cmi_gui.ui.text.mark import Mark, Status
from cmi_gui.ui.text.status import meter_link
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.text.words import seconds_text, sentence
from cmi_gui.ui.widgets.plain.buttons import Switch
from cmi_gui.ui.widgets.plain.captioned import caption
from cmi_gui.ui.widgets.plain.fields import ChoiceField


class MeterCard(LinkCard):
    """The meter that the module reads; the simulated meter keeps counting while a real one is wired."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        self._requested_at: float | None = None
        super().__init__(
            context,
            "meter",
            Use.METER,
            self.tr("Meter side"),
            self.tr("The meter that the module reads, through its optical interface."),
            self.tr("A complete E350 inside this program. You can switch on faults on the page Built-in module."),
            parent,
        )
        self.setObjectName("connectionsMeter")
        self.variant = ChoiceField(self.tr("Variant of the simulated meter"), self, object_name="meterVariant")
        for each in VARIANTS.values():
            words = (
                self.tr("{0}: {1} phases, {2} rates, {3} lines")
                if each.phases > 1
                else self.tr("{0}: {1} phase, {2} rates, {3} lines")
            )
            self.variant.addItem(words.format(each.name, each.phases, each.rates, len(each.readout)), each.name)
        self.variant.activated.connect(self._variant_chosen)
        self.disconnector = Switch(self.tr("Has a disconnector"), self, object_name="meterDisconnector")
        self.disconnector.clicked.connect(lambda: self.form.changed.emit())
        self.form.extra.addRow(caption(self.tr("Variant"), self.variant, self), self.variant)
        self.form.extra.addRow("", self.disconnector)
        self.reset()

    # Properties of this side

    def _apply_words(self) -> str:
        return self.tr("Connect the meter side")

    @property
    def status(self) -> LinkStatus:
        """The only link of this side."""
        return meter_link(self.station)

    @property
    def wired(self) -> str:
        """The LINK of the meter side."""
        return self.status.link

    @property
    def dirty(self) -> bool:
        """True if the link or the choice of simulated meter differs from the present wiring."""
        if super().dirty:
            return True
        return self.form.selected.simulated and self._configured_meter() != self._selected_meter()

    def _configured_meter(self) -> tuple[str, bool]:
        """Return the configured simulated meter: its variant, and whether it has a disconnector."""
        made = self.station.config.wiring.simulated
        return made.name, made.has_disconnector

    def _selected_meter(self) -> tuple[str, bool]:
        return str(self.variant.currentData()), self.disconnector.isChecked()

    def wiring(self, link: str) -> Wiring:
        """Return the wiring with `link` to the meter and the chosen simulated meter."""
        wiring = replace(self.station.config.wiring, meter=link)
        if link != SIMULATED or self._configured_meter() == self._selected_meter():
            return wiring
        name, has = self._selected_meter()
        # None means the variant's own default, so only a deviation is stored.
        return replace(wiring, variant=name, has_disconnector=None if variant(name).has_disconnector == has else has)

    def chosen(self, wiring: Wiring) -> dict[str, object]:
        """Return link, variant and disconnector of a wiring, to be stored for the next start."""
        return {"meter": wiring.meter, "variant": wiring.variant, "has_disconnector": wiring.has_disconnector}

    def test_wired(self) -> Status:
        """Read the wired meter if possible, and return the state; `take` shows the result of the readout."""
        module, status = self.context.module.state, self.status
        if status.state is not LinkState.OPEN:
            return link_words(status, running=self.station.running)
        if not module.powered:
            return Status(Mark.OFF, self.tr("Not read: the module has no power"))
        if module.reading_paused:
            return Status(Mark.OFF, self.tr("Not read: reading is paused"))
        self._requested_at = self.station.clock.now()
        self.station.read_now()
        return Status(Mark.BUSY, self.tr("Reading the meter"))

    def _no_test(self) -> str:
        if self.form.selected.simulated and self.wired != SIMULATED:
            return self.tr("The simulated meter needs no test")
        return ""

    def _test_tip(self) -> str:
        if not self.dirty:
            return self.tr("Reads the meter once, now")
        return self.tr("Requests the identification of the meter, as the module does; nothing is changed")

    # Display

    def take(self, events: Sequence[Stamped]) -> None:
        """Show the result of the readout that *Test* requested."""
        for stamped in events:
            # A batch may still contain a readout that ended before the request.
            if self._requested_at is None or stamped.at < self._requested_at:
                continue
            match stamped.event:
                case ReadoutDone() as event:
                    self._requested_at = None
                    words = self.tr("{0}, {1} lines in {2}")
                    detail = words.format(event.identification, len(event.lines), seconds_text(event.seconds))
                    self._show_result(Status(Mark.GOOD, self.tr("The meter answers"), detail))
                case ReadoutFailed(message=message):
                    self._requested_at = None
                    self._show_result(Status(Mark.TROUBLE, self.tr("No readout"), sentence(message)))

    def cancel(self) -> None:
        """Cancel a running trial or an expected readout."""
        self._requested_at = None
        super().cancel()

    def reset(self) -> None:
        """Fill the form from the present wiring, including the choice of simulated meter."""
        name, has = self._configured_meter()
        self.variant.setCurrentIndex(self.variant.findData(name))
        set_tooltip(self.variant, self._basis())
        self.disconnector.setChecked(has)
        super().reset()

    def _variant_chosen(self) -> None:
        self.disconnector.setChecked(variant(str(self.variant.currentData())).has_disconnector)
        set_tooltip(self.variant, self._basis())
        self.form.changed.emit()

    def _basis(self) -> str:
        """Return the source of the chosen variant's readout list, in words."""
        return self.tr("Readout list: {0}").format(variant(str(self.variant.currentData())).basis)
