"""The diagnosis of the chosen module: the built-in one live, one on a real bus as it was last read."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from cmi_gui.engine.configurator.slaves import ListedSlave
from cmi_gui.engine.diagnostics.bus_module import BusModule, LastReading
from cmi_gui.engine.diagnostics.bus_module_chains import look_at
from cmi_gui.engine.diagnostics.checks import Symptom
from cmi_gui.engine.diagnostics.diagnosis import Diagnosis
from cmi_gui.engine.messages import reason_of
from cmi_gui.engine.station.station import Station
from cmi_gui.ui.models.bus import BusLine, BusMaster, JobKind, is_silence
from cmi_gui.ui.models.configuration import Configuration
from cmi_gui.ui.targets import AbsenceReason, ModuleTarget, Targets


class TargetDiagnosis(QObject):
    """The diagnosis of the chosen module; it lives as long as the window.

    Nothing is sent to a module on a real bus except by `read`.
    Signals: `changed()`, another module was chosen, or more or less is known of it.
    """

    changed = Signal()

    def __init__(
        self,
        station: Station,
        targets: Targets,
        bus: BusMaster,
        configuration: Configuration,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._station = station
        self._targets = targets
        self._bus = bus
        self._configuration = configuration
        self._own = Diagnosis(station)
        self._reading: ModuleTarget | None = None
        """The module whose telegrams are being read, so that its settings are read next."""
        self._decoded: tuple[tuple[object, ...], LastReading | None] | None = None
        """The last reading that was decoded, and what it was decoded from."""
        bus.work_ended.connect(self._work_ended)
        for signal in (targets.chosen, targets.changed, targets.read, configuration.changed):
            signal.connect(self.changed)

    def close(self) -> None:
        """Stop the observation of the built-in module."""
        self._own.close()

    @property
    def target(self) -> ModuleTarget:
        """The chosen module."""
        return self._targets.current

    def look(self) -> tuple[Symptom, ...]:
        """Return the symptoms of the chosen module in the order of `SymptomId`, each with its chain."""
        return self._own.look() if self.target.built_in else look_at(self._module_on_bus(self.target))

    # A module on a real bus

    def known_settings(self) -> dict[str, str]:
        """Return the known settings of the chosen module as text, by row id, without secrets."""
        return self._configuration.known(self.target)

    @property
    def busy(self) -> bool:
        """True while the chosen module is being read."""
        found = self._bus.slave_of(self.target)
        return (found is not None and found[1] in self._bus.work) or self._configuration.is_busy(self.target)

    def read(self) -> None:
        """Read the telegrams, then the settings, of the chosen module; no effect on the built-in one or while busy."""
        target = self.target
        if not target.built_in and not self.busy and self._bus.read_module(target):
            self._reading = target
            self.changed.emit()

    def _work_ended(self, slave: ListedSlave, doing: JobKind, error: Exception | None) -> None:
        target, found = self._reading, self._bus.slave_of(self._reading) if self._reading is not None else None
        if target is not None and found is not None and found[1] is slave and doing is JobKind.READING:
            self._reading = None
            if error is None:
                self._configuration.read_back(target)
        self.changed.emit()

    def _last_reading(self, slave: ListedSlave) -> LastReading | None:
        """Return what a slave's last reading says; decoded only once, because this is called every second."""
        source = slave, slave.read_at, slave.first
        if self._decoded is None or any(one is not other for one, other in zip(self._decoded[0], source, strict=True)):
            self._decoded = source, LastReading.of(slave)
        return self._decoded[1]

    def _module_on_bus(self, target: ModuleTarget) -> BusModule:
        session, at = target.session, target.reach()
        found = self._bus.slave_of(target)
        failure = None if found is None else found[1].failure
        return BusModule(
            where=target.where,
            state=session.state,
            cause=None if session.cause is None else session.cause.message,
            address=at,
            baud=None if session.baud is None else at.baud or session.baud,
            silent=target.absence is AbsenceReason.SILENT,
            shared=None if found is None else _shared_address(*found),
            failure=None if failure is None or is_silence(failure) else reason_of(failure),
            reading=None if found is None else self._last_reading(found[1]),
            settings=self._configuration.known(target),
            time=self._station.clock.now(),
        )


def _shared_address(line: BusLine, slave: ListedSlave) -> int | None:
    """Return the primary address of a slave if another slave of its bus has it too."""
    if slave.address is None:
        return None
    same = (other for other in line.slaves if (other.address, other.baud) == (slave.address, slave.baud))
    return slave.address if slave.collision or any(other is not slave for other in same) else None
