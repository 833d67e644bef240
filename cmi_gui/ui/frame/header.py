"""The header of the window: target, simulated or real, bus, meter and recording, as shapes with words."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication, QResizeEvent

from cmi_gui.engine.link.url import parse_link
from cmi_gui.engine.station.station import Station
from cmi_gui.ui.frame.target_choice import TargetChoice
from cmi_gui.ui.models.module import ModuleModel
from cmi_gui.ui.models.practice import Practice
from cmi_gui.ui.models.recording import Recording
from cmi_gui.ui.targets import ModuleTarget, Targets
from cmi_gui.ui.text.mark import Mark, Status
from cmi_gui.ui.text.messages import translate
from cmi_gui.ui.text.status import (
    bus_status,
    listening,
    meter_status,
    target_bus_status,
    target_meter_status,
    target_name,
    target_status,
)
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.text.world import world, world_words
from cmi_gui.ui.theme import SPACE
from cmi_gui.ui.widgets.plain.buttons import QuietButton
from cmi_gui.ui.widgets.plain.layout import Hairline, Stretch, Surface, column_of, row_of
from cmi_gui.ui.widgets.plain.marks import Badge, Chip
from cmi_gui.ui.widgets.plain.world import WorldBadge, WorldLine


def recording_status(recording: Recording) -> Status:
    """Return the state of the recording: off, or the file's name and the number of telegrams."""
    if not recording.active or recording.path is None:
        return Status(Mark.OFF, translate("Status", "Not recording"))
    detail = translate("Status", "{0}, {1} telegrams").format(recording.path.name, recording.rows)
    return Status(Mark.RECORDING, translate("Status", "Recording"), detail)


class HeaderBar(Surface):
    """The chosen module, its bus, its meter and the recording, with a badge for what a command reaches."""

    def __init__(
        self,
        station: Station,
        module: ModuleModel,
        targets: Targets,
        practice: Practice,
        recording: Recording,
        go: Callable[[str, str], None],
    ) -> None:
        super().__init__("base")
        self._station = station
        self._module = module
        self._targets = targets
        self._practice = practice
        self._recording = recording
        recording.changed.connect(self._show_recording)
        self.recording = Chip(self.tr("Recording"), self, "chipRecording", least=15)
        self.target = TargetChoice(targets, lambda target: target_name(module.state, target), self.tr("Target"), self)
        self.target.find_requested.connect(lambda: go("pageBus", ""))
        targets.chosen.connect(self.refresh)
        targets.changed.connect(self.refresh)
        targets.read.connect(self.refresh)
        self.bus = Chip(self.tr("Bus"), self, "chipBus")
        self.meter = Chip(self.tr("Meter"), self, "chipMeter", least=15)
        self.badge = WorldBadge(self, "badgeSimulated")
        self.real_badge = WorldBadge(self, "badgeReal")
        self.time = Badge("", self, "badgeTime")
        self.line = WorldLine(self)
        self.copy = QuietButton("", self, icon="copy", name=self.tr("Copy the address to connect to"))
        self.copy.setObjectName("copyAddress")
        self.copy.clicked.connect(self._copy)
        self.bus.extra.addWidget(self.copy)
        self._shortened = 0
        """0 if all states have words, 1 if the recording is only a shape, 2 if bus and meter are too."""
        self._needed = self._words = 0
        """The widths in pixels that the header needs with 0, and that the words of the recording need."""
        self._row = row_of(
            self.badge,
            self.real_badge,
            self.time,
            self.target,
            Stretch(1),
            self.bus,
            Hairline(self, vertical=True),
            self.meter,
            Hairline(self, vertical=True),
            self.recording,
            margins=(SPACE.l, SPACE.xs, SPACE.m, SPACE.xs),
        )
        column_of(self._row, self.line, within=self, margins=0, spacing=0)
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the states to the new width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Show the recording, then bus and meter too, only as shapes where the words of the target need their room."""
        if self._shortened == 0:
            self._needed = self._row.minimumSize().width()
            self._words = self.recording.least_words()
        needed = (self._needed, self._needed - self._words)
        shortened = next((number for number, width in enumerate(needed) if self.width() >= width), len(needed))
        if shortened != self._shortened:
            self._shortened = shortened
            self.recording.show_words(shortened == 0)
            for chip in (self.bus, self.meter):
                chip.show_words(shortened < len(needed))
            self.target.give_way(shortened == len(needed))

    def refresh(self) -> None:
        """Update everything; unchanged parts are not repainted."""
        module, target, now = self._module.state, self._targets.current, self._station.clock.now()
        self.target.show_status(target_status(module, target))
        if target.built_in:
            self.bus.show_status(bus_status(self._station, module))
            self.meter.show_status(meter_status(self._station, module, now))
        else:
            self.bus.show_status(target_bus_status(target))
            self.meter.show_status(target_meter_status(target, now))
        self._show_recording()
        self._show_world(target)
        self._show_time(target)
        self._fit()
        # Masters connect only to the built-in module.
        self.copy.setVisible(target.built_in)
        where = listening(self._station)
        by_cable = where is not None and parse_link(where.url).kind.real_wire
        self.copy.setEnabled(where is not None and not by_cable)
        set_tooltip(
            self.copy,
            self.tr("Masters connect through this port, so there is no address to copy")
            if by_cable
            else self.copy.accessibleName(),
        )

    def _show_world(self, target: ModuleTarget) -> None:
        kind, words = world(self._station, target), world_words(self._station, target)
        shown = self.real_badge if kind.real else self.badge
        if words.name != shown.text():
            shown.show_world(kind, words.name)
            set_tooltip(shown, words.about)
        self.badge.setVisible(not kind.real)
        self.real_badge.setVisible(kind.real)
        self.line.show_world(kind)

    def _show_time(self, target: ModuleTarget) -> None:
        """Show how fast the time of a simulated module passes, unless that is the real speed."""
        station = self._practice.room if target.practice else self._station if target.built_in else None
        factor = 1.0 if station is None else station.module_clock.factor
        words = "" if factor == 1.0 else f"\N{MULTIPLICATION SIGN}{factor:g}"
        if words != self.time.text():
            self.time.setText(words)
            set_tooltip(
                self.time,
                self.tr("The time of the module and its meter passes {0} times as fast").format(f"{factor:g}"),
            )
        self.time.setVisible(bool(words))

    def _show_recording(self) -> None:
        self.recording.show_status(recording_status(self._recording))
        path = self._recording.path if self._recording.active else None
        words = self.tr("No traffic is being recorded; Record on the page Traffic starts it")
        set_tooltip(self.recording, words if path is None else self.tr("Recording traffic to {0}").format(path))

    def _copy(self) -> None:
        where = listening(self._station)
        if where is not None:
            QGuiApplication.clipboard().setText(where.url)
