"""What the bus tells of the open site: modules that a scan found, readings of one module, names of targets."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from cmi_gui.engine.configurator.discover import Scan
from cmi_gui.engine.configurator.slaves import ListedSlave
from cmi_gui.engine.mbus.exchange import ProcedureFailed
from cmi_gui.engine.mbus.procedures import SlaveReading
from cmi_gui.engine.site.find import end_search, take_found
from cmi_gui.engine.site.model import MAX_ROWS, SiteModule
from cmi_gui.engine.site.read_many import take_reading
from cmi_gui.ui.models.bus import BusLine, BusMaster
from cmi_gui.ui.targets import Targets

if TYPE_CHECKING:
    from cmi_gui.ui.models.site import SiteModel


class SiteOnBus(QObject):
    """The rows of the open site as modules on the connected bus. Part of a `SiteModel`."""

    def __init__(self, model: SiteModel, bus: BusMaster, targets: Targets) -> None:
        super().__init__(model)
        self._model = model
        self._bus = bus
        self._targets = targets
        bus.slave_changed.connect(self._take_slave)
        bus.slave_read.connect(self._take_reading)
        bus.chosen_changed.connect(self._follow_choice)
        bus.scan_ended.connect(self._end_scan)
        targets.changed.connect(self._name_targets)
        for signal in (model.opened, model.rows_changed, model.modules_changed, model.file_changed):
            signal.connect(self._name_targets)

    def slave_of(self, module: SiteModule) -> ListedSlave | None:
        """Return the entry of a row's module in the list of the connected bus, or None."""
        line = self._bus.line
        if module.found is None or line is None:
            return None
        identity, address = module.found.identity, module.address
        same = [each for each in line.slaves if each.identity is not None and each.identity.is_same(identity)]
        return next((each for each in same if each.address == address), same[0] if len(same) == 1 else None)

    def row_of(self, slave: ListedSlave) -> SiteModule | None:
        """Return the row of an entry in the list of the connected bus, or None."""
        identity = slave.identity
        if identity is None:
            return None
        found = (row for row in self._model.site if row.found is not None and row.found.identity.is_same(identity))
        return next(found, None)

    def _follow_choice(self) -> None:
        """Choose the row of the module that was chosen in the list of the bus."""
        slave = self._bus.chosen
        row = None if slave is None else self.row_of(slave)
        if row is not None and row is not self._model.chosen:
            self._model.show_chosen(row)

    def _name_targets(self) -> None:
        """Give the modules of the connected bus that can be chosen the names of their site and flat."""
        line, changed = self._bus.line, False
        for slave, target in [] if line is None else line.modules.items():
            row = self.row_of(slave)
            names = ("", "") if row is None else (self._model.site.name, row.place)
            changed |= names != (target.site, target.place)
            target.site, target.place = names
        if changed:
            self._targets.changed.emit()

    def _take_slave(self, slave: ListedSlave) -> None:
        model, site, line = self._model, self._model.site, self._bus.line
        if self._bus.chosen is None and model.chosen is None:
            self._bus.choose(slave)
        if model.loading or line is None or not self._bus.is_module(slave) or len(site.modules) >= MAX_ROWS:
            return
        before = len(site.modules)
        module = take_found(site, slave, model.now(), has_speed=line.session.baud is not None)
        if module is None:
            return
        if not model.practice and site.ports[:1] != [line.link]:
            site.ports = [line.link, *(each for each in site.ports if each != line.link)]
        model.keep()
        if len(site.modules) != before:
            model.rows_changed.emit()
        model.modules_changed.emit((module,))
        if slave is self._bus.chosen:
            self._follow_choice()
        elif module is model.chosen and self._bus.chosen is None:
            # It was not in the list of the bus when it was chosen in that of the site.
            self._bus.choose(slave)

    def _take_reading(self, line: BusLine, slave: ListedSlave, reading: SlaveReading) -> None:
        """Store a reading of one module in its row, if that is in the open site."""
        if self._model.loading or line is not self._bus.line or not self._bus.is_module(slave):
            return
        self._take_slave(slave)
        module = self.row_of(slave)
        if module is not None:
            with suppress(ProcedureFailed):
                take_reading(module, reading, line.session.baud and slave.baud, self._model.table, self._model.now())
                self._model.touch(module)

    def take_all(self) -> None:
        """Take the modules that were found while a file was being read."""
        for slave in self._bus.slaves:
            self._take_slave(slave)

    def _end_scan(self, scan: Scan) -> None:
        model, plan = self._model, self._bus.plan
        if model.loading or plan is None or not model.search.is_last(scan) or not scan.complete:
            return
        lost = end_search(model.site, plan, scan.entries, model.search.begun)
        if lost:
            model.touch(*lost)
