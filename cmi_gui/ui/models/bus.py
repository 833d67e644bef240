"""The window's model of a master on a real bus: one connection, the modules found on it, the jobs in progress."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import partial
from itertools import chain, count
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from cmi_gui.engine.cmi1020.obis_labels import restore_lines
from cmi_gui.engine.cmi1020.readout import meter_number
from cmi_gui.engine.cmi1020.settings import BAUD_RATES
from cmi_gui.engine.cmi1020.telegrams import StatusByte as ModuleStatus
from cmi_gui.engine.configurator.discover import Scan, ScanPlan, ScanRest
from cmi_gui.engine.configurator.identify import LabelCheck, identify
from cmi_gui.engine.configurator.masters import master_on
from cmi_gui.engine.configurator.session import Cancelled, Job, MasterSession
from cmi_gui.engine.configurator.slaves import ListedSlave, SlaveList
from cmi_gui.engine.history.values import history_key
from cmi_gui.engine.iec62056.reading import read_lines
from cmi_gui.engine.link.url import parse_link
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.mbus.exchange import Answer, AnswerKind, Procedure, ProcedureFailed
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.procedures import SlaveReading, no_requests, read_slave
from cmi_gui.engine.mbus.scan import FoundSlave
from cmi_gui.engine.mbus.search_record import SearchOptions
from cmi_gui.engine.mbus.selection import Identity, matches
from cmi_gui.engine.mbus.slave_address import SlaveAddress
from cmi_gui.engine.site.whereabouts import find_by_label
from cmi_gui.engine.station.station import Station
from cmi_gui.engine.station.wiring import SIMULATED
from cmi_gui.ui.models.practice import PRACTICE_LINK, Practice
from cmi_gui.ui.targets import BUILT_IN, AbsenceReason, ModuleTarget, Targets

Result = TypeVar("Result")

MAKER = "ELV"
"""The manufacturer code of the modules that the profile describes."""


class JobKind(Enum):
    """The kind of a job on one slave."""

    READING = "reading"
    IDENTIFYING = "identifying"


@dataclass(slots=True, eq=False)
class BusLine:
    """A bus and the master's port on it. `link`: the LINK in its normal form.

    `practice`: it is the practice bus. `modules`: the targets listed in Configuration and Readings, by slave.
    `other_master`: requests of another master were heard.
    """

    link: str
    session: MasterSession
    practice: bool = False
    slaves: SlaveList = field(default_factory=SlaveList)
    modules: dict[ListedSlave, ModuleTarget] = field(default_factory=dict)
    other_master: bool = False

    @property
    def built_in(self) -> bool:
        """True if this is the simulated bus, with only the built-in module on it."""
        return self.link == SIMULATED


@dataclass(slots=True)
class RunningJob:
    """A job on one slave of `line`. `telegrams`: the number of its telegrams received so far."""

    doing: JobKind
    line: BusLine
    job: Job | None = None
    telegrams: int = 0


class BusMaster(QObject):
    """The model of the master on a bus; it lives as long as the window, independently of the pages.

    `line`: the bus that is or was connected; every bus keeps its list. `problem`: why the link is not open, or None.
    `scan`: the running or last scan, by `plan`; `scan_error`: why it ended early, or None. `seeking`: whether one
    module is looked for. `identified`: the
    last identification of each slave.
    Signals: `state_changed()`: link, scan or work changed; `list_changed()`: slaves were added or removed;
    `slave_changed(object)`: a `ListedSlave` changed; `chosen_changed()`; `scan_ended(object)`: the `Scan`;
    `work_ended (object, object, object)`: `ListedSlave`, `Doing`, and the error or None. `slave_read(object, object,
    object)`: the `BusLine`, a `ListedSlave` of it, and the `SlaveReading` of all its telegrams. `sought(str,
    object)`: a serial number that was looked for, and the `ListedSlave`, the error, or None if no module answers to
    it. `slow(float)`: answers on the link are late; the number of seconds allowed beyond the standard's window from
    now on.
    """

    state_changed = Signal()
    list_changed = Signal()
    slave_changed = Signal(object)
    chosen_changed = Signal()
    scan_ended = Signal(object)
    work_ended = Signal(object, object, object)
    slave_read = Signal(object, object, object)
    sought = Signal(str, object)
    slow = Signal(float)

    def __init__(self, station: Station, targets: Targets, practice: Practice, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._station = station
        self.practice = practice
        practice.closing.connect(self._room_closing)
        self._targets = targets
        self._lines: dict[str, BusLine] = {}
        self.line: BusLine | None = None
        self.problem: Exception | None = None
        self.scan: Scan | None = None
        self.scanning = False
        self.scan_error: Exception | None = None
        self._scan_job: Job | None = None
        self.seeking = False
        self._seek_job: Job | None = None
        self.plan: ScanPlan | None = None
        self.rest: ScanRest | None = None
        """What the last scan has not done, if it was interrupted."""
        self.work: dict[ListedSlave, RunningJob] = {}
        self.identified: dict[ListedSlave, LabelCheck] = {}
        self.chosen: ListedSlave | None = None
        self._opening: Job | None = None

    # The link

    @property
    def state(self) -> LinkState:
        """The state of the link; CLOSED before the first `connect_to`."""
        return LinkState.CLOSED if self.line is None else self.line.session.state

    @property
    def busy(self) -> bool:
        """True while a scan, the search of one module, or work on a slave is in progress."""
        return self.scanning or self.seeking or bool(self.work)

    def connect_to(self, link: str) -> None:
        """Open a LINK as the master and restore the list of that bus. Raises LinkError for an invalid LINK.

        For the practice bus, `PRACTICE_LINK`, the room used last is opened; raises what `Practice.ensure` raises.
        """
        line = self._line_of(link)
        self.disconnect_link()
        self.problem = None
        if line is not self.line:
            self.line, self.scan, self.rest, self.chosen = line, None, None, None
            self.list_changed.emit()
            self.chosen_changed.emit()
        self._opening = line.session.run(no_requests(), self._opened, self._not_opened)
        self.state_changed.emit()

    def disconnect_link(self) -> None:
        """Cancel all work and close the port; the list is kept."""
        if self.line is None:
            return
        self.stop()
        self._opening = None
        self._shut(self.line)
        self.problem = None
        self.state_changed.emit()

    def _shut(self, line: BusLine) -> None:
        line.session.close()
        self._mark(line.modules.values(), AbsenceReason.DISCONNECTED)

    def close(self) -> None:
        """Cancel all work and close all ports and their threads."""
        self.stop()
        for line in self._lines.values():
            line.session.close()

    def _line_of(self, link: str) -> BusLine:
        practice = link == PRACTICE_LINK
        if practice:
            self.practice.ensure()
        name = self.practice.link if practice else str(parse_link(link))
        line = self._lines.get(name)
        if line is None:
            on_state = partial(self._link_changed, name)
            session = self.practice.master(on_state) if practice else master_on(self._station, name, on_state=on_state)
            session.on_slow = self.slow.emit
            line = self._lines[name] = BusLine(name, session, practice)
            session.on_other_master = partial(self._other_master_heard, line)
        return line

    def _other_master_heard(self, line: BusLine, _request: Frame) -> None:
        if not line.other_master:
            line.other_master = True
            self.list_changed.emit()

    def _room_closing(self) -> None:
        """Forget the practice bus with its modules; a chosen one stays until another is chosen, and says so."""
        for name, line in list(self._lines.items()):
            if not line.practice:
                continue
            if line is self.line:
                self.disconnect_link()
                self.line, self.scan, self.rest, self.chosen = None, None, None, None
            line.session.close()
            del self._lines[name]
            for module in line.modules.values():
                self._targets.remove(module.key)
        self.list_changed.emit()
        self.chosen_changed.emit()
        self.state_changed.emit()

    def _opened(self, _result: None) -> None:
        self._opening = None
        self.state_changed.emit()

    def _not_opened(self, error: Exception) -> None:
        if self._opening is None:
            return
        self._opening = None
        assert self.line is not None
        # The user requested this link: report the failure instead of retrying in the background.
        self._shut(self.line)
        self.problem = error
        self.state_changed.emit()

    def _link_changed(self, name: str, state: LinkState, cause: LinkError | None) -> None:
        line = self._lines[name]
        if state is LinkState.OPEN:
            back = (module for module in line.modules.values() if module.absence is AbsenceReason.DISCONNECTED)
            self._mark(back, None)
        # Configuration may work on a bus other than the one shown on the page.
        if line is self.line:
            if state is LinkState.OPEN:
                self.problem = None
            elif cause is not None:
                self.problem = cause
            self.state_changed.emit()
        self._targets.changed.emit()

    def _mark(self, modules: Iterable[ModuleTarget], absence: AbsenceReason | None) -> None:
        for module in modules:
            self._targets.mark(module, absence)

    # Scanning

    def start_scan(
        self, plan: ScanPlan, *, serials: frozenset[str] = frozenset(), rest: ScanRest | None = None
    ) -> None:
        """Scan the connected bus for slaves.

        `serials`: a search by secondary address stops when it has found all of these modules. `rest`: as in `Scan`.
        Raises RuntimeError without a bus or while busy.
        """
        if self.line is None or self.busy:
            raise RuntimeError("there is no bus to scan, or something else is under way")
        session = self.line.session
        if session.baud is None:
            # Without a speed on the link, it only decides how long to wait: the slowest one covers all.
            plan = replace(plan, bauds=(min(plan.bauds),))
        plan = replace(plan, options=SearchOptions(serials=serials, has_speed=session.baud is not None))
        self.plan = plan
        slaves, progress = self.line.slaves, self.state_changed.emit
        self.scan = Scan(
            plan,
            slaves,
            self._station.clock,
            found=self._found,
            progress=progress,
            rest=rest,
        )
        self.rest = None
        self.scanning, self.scan_error = True, None
        self._scan_job = session.run(self.scan.procedure(), self._scan_over, self._scan_over)
        self.state_changed.emit()

    def cancel_scan(self) -> None:
        """Stop the scan at once; the slaves found so far are kept."""
        if self.line is not None and self._scan_job is not None:
            self.line.session.cancel(self._scan_job)

    def _found(self, slave: ListedSlave) -> None:
        module = self.module_of(slave)
        if module is not None and not module.built_in:
            # The address just found is newer than the one that Configuration remembers.
            assert self.line is not None
            self._follow_slave(self.line, module, slave)
            self._targets.mark(module, None)
        self.list_changed.emit()
        self.slave_changed.emit(slave)

    def _scan_over(self, error: Exception | None) -> None:
        self.scanning, self.scan_error, self._scan_job = False, error, None
        self.rest = None if error is None or self.scan is None else self.scan.rest
        if error is None and self.line is not None and self.plan is not None:
            missed = self.line.slaves.scans
            for slave, module in self.line.modules.items():
                if slave.seen_in < missed and _searched_for(self.plan, slave):
                    self._targets.mark(module, AbsenceReason.SILENT)
        self.list_changed.emit()
        self.state_changed.emit()
        self.scan_ended.emit(self.scan)

    def find_by_label(self, serial: str) -> None:
        """Look for the module with the serial number on a label at each speed; `sought` tells what came of it.

        Raises RuntimeError without a bus or while busy.
        """
        if self.line is None or self.busy:
            raise RuntimeError("there is no bus, or something else is under way")
        line = self.line

        def over(result: ListedSlave | Exception | None) -> None:
            self.seeking, self._seek_job = False, None
            self.state_changed.emit()
            self.sought.emit(serial, result)

        def end(found: FoundSlave | None) -> None:
            slave = None
            if found is not None:
                # Without a speed on the link, that of the module is not known.
                slave = line.slaves.take_found(found, found.at.baud or line.session.baud or max(BAUD_RATES))
                self._found(slave)
            over(slave)

        self.seeking = True
        job = line.session.run(find_by_label(serial, line.session.baud), end, over)
        self._seek_job = None if job.finished else job
        self.state_changed.emit()

    # The list

    @property
    def slaves(self) -> list[ListedSlave]:
        """The slaves of the bus, sorted; a module moved by Configuration is listed with its new address and speed."""
        if self.line is None:
            return []
        for slave in self.line.slaves:
            module = self.module_of(slave)
            if module is not None:
                at = module.reach()
                slave.address = slave.address if at.primary is None else at.primary
                slave.baud = slave.baud if at.baud is None else at.baud
        return list(self.line.slaves)

    def choose(self, slave: ListedSlave | None) -> None:
        """Choose the slave that is shown, or None."""
        if slave is not self.chosen:
            self.chosen = slave
            self.chosen_changed.emit()

    def clear(self) -> None:
        """Clear the list of this bus; its targets in Configuration stay. Does nothing while busy."""
        if self.line is None or self.busy:
            return
        self.line.slaves.clear()
        self._mark(self.line.modules.values(), AbsenceReason.UNLISTED)
        self.identified.clear()
        self.scan = self.rest = None
        self.choose(None)
        self.list_changed.emit()
        self.state_changed.emit()

    def reach(self, slave: ListedSlave) -> SlaveAddress | None:
        """Return the address that reaches this slave alone; None if no such address is known."""
        module = self.module_of(slave)
        if module is not None:
            return module.reach()
        return None if self.line is None else self.line.slaves.address_of(slave)

    # Work on one

    def read(self, slave: ListedSlave) -> None:
        """Read all telegrams of a slave, unless other work on it runs. Raises ValueError if it cannot be reached."""
        assert self.line is not None
        self._read(self.line, slave, self._address(slave))

    def read_module(self, target: ModuleTarget) -> bool:
        """Read all telegrams of a module found on any bus, as `read` does; return False if it is not known here."""
        found = self.slave_of(target)
        if found is not None:
            self._read(*found, target.reach())
        return found is not None

    def _read(self, line: BusLine, slave: ListedSlave, at: SlaveAddress) -> None:
        self._work(line, slave, JobKind.READING, read_slave(at), lambda reading: self._take(line, slave, reading))

    def identify(self, slave: ListedSlave, label: str | None) -> None:
        """Select and read a slave, and compare it with a label's number. Raises ValueError if it cannot be reached."""
        assert self.line is not None
        procedure = identify(self._address(slave), slave.mask, label)
        self._work(
            self.line, slave, JobKind.IDENTIFYING, procedure, lambda result: self.identified.update({slave: result})
        )

    def stop(self) -> None:
        """End the scan and all work, at once."""
        self.cancel_scan()
        if self.line is not None and self._seek_job is not None:
            self.line.session.cancel(self._seek_job)
        for slave in list(self.work):
            self.stop_work(slave)

    def stop_work(self, slave: ListedSlave) -> None:
        """End the work on one slave at once, if any."""
        work = self.work.get(slave)
        if work is not None and work.job is not None:
            work.line.session.cancel(work.job)

    def _address(self, slave: ListedSlave) -> SlaveAddress:
        at = self.reach(slave)
        if at is None:
            raise ValueError("nothing that is known reaches this slave alone")
        return at

    def _work(
        self,
        line: BusLine,
        slave: ListedSlave,
        doing: JobKind,
        procedure: Procedure[Result],
        done: Callable[[Result], None],
    ) -> None:
        if slave in self.work:
            return
        work = self.work[slave] = RunningJob(doing, line)

        def on_answer(answer: Answer) -> None:
            work.telegrams += answer.kind is AnswerKind.RESPONSE
            self.state_changed.emit()

        def over(error: Exception | None) -> None:
            del self.work[slave]
            slave.failure = None if isinstance(error, Cancelled) else error
            self._answered(self._module_of(line, slave), error)
            self.slave_changed.emit(slave)
            self.state_changed.emit()
            self.work_ended.emit(slave, doing, error)

        def end(result: Result) -> None:
            done(result)
            over(None)

        work.job = line.session.run(procedure, end, over, on_answer=on_answer)
        self.state_changed.emit()

    def _answered(self, module: ModuleTarget | None, error: Exception | None) -> None:
        """Mark the target of a slave as present or, after no answer, as silent; other errors change nothing."""
        if module is not None and error is None:
            self._targets.mark(module, None)
        elif module is not None and is_silence(error):
            self._targets.mark(module, AbsenceReason.SILENT)

    def take_result(self, slave: ListedSlave, reading: SlaveReading | None, at: float) -> None:
        """Take what other work, such as a reading of the whole site, has read at `at`; None: no answer."""
        assert self.line is not None
        module = self.module_of(slave)
        if module is not None:
            self._targets.mark(module, AbsenceReason.SILENT if reading is None else None)
        if reading is not None:
            self._list(self.line, slave, reading, at)

    def _take(self, line: BusLine, slave: ListedSlave, reading: SlaveReading) -> None:
        self._list(line, slave, reading, self.now())
        self.slave_read.emit(line, slave, reading)

    def _list(self, line: BusLine, slave: ListedSlave, reading: SlaveReading, at: float) -> None:
        line.slaves.take_reading(slave, reading, at)
        self.list_changed.emit()
        module = self._module_of(line, slave)
        if module is not None and not module.built_in:
            self._hand_over(slave, module)

    def now(self) -> float:
        """Return the time in seconds of the engine's clock."""
        return self._station.clock.now()

    # Configuration and Readings

    def is_module(self, slave: ListedSlave) -> bool:
        """Return whether a slave has the manufacturer code of the CMi1020 (`MAKER`)."""
        return slave.identity is not None and slave.identity.manufacturer == MAKER

    def module_of(self, slave: ListedSlave) -> ModuleTarget | None:
        """Return the target of a slave, or None."""
        assert self.line is not None
        return self._module_of(self.line, slave)

    def _module_of(self, line: BusLine, slave: ListedSlave) -> ModuleTarget | None:
        if line.built_in:
            return next(target for target in self._targets.all if target.key == BUILT_IN)
        return line.modules.get(slave) or self._known_before(line, slave)

    def slave_of(self, target: ModuleTarget) -> tuple[BusLine, ListedSlave] | None:
        """Return the bus and the entry of a module found on one; None for the built-in module."""
        for line in self._lines.values():
            for slave, module in line.modules.items():
                if module is target:
                    return line, slave
        return None

    def _known_before(self, line: BusLine, slave: ListedSlave) -> ModuleTarget | None:
        """Return the target of a slave that was removed from the list and is found again as this one."""
        present = list(line.slaves)
        removed = [known for known in line.modules if known not in present and _may_be_same(known, slave)]
        # Two slaves with the same identity can only be distinguished by their addresses.
        alone = sum(_may_be_same(other, slave) for other in present) == 1
        for known in removed:
            if known.address == slave.address or (alone and len(removed) == 1):
                module = line.modules[slave] = line.modules.pop(known)
                self._follow_slave(line, module, slave)
                return module
        return None

    def target_of(self, slave: ListedSlave, name: str, where: str) -> ModuleTarget:
        """Return the target of a slave, made if there is none. Raises ValueError if the slave cannot be reached."""
        module = self.module_of(slave)
        if module is None:
            line, address = self.line, self._address(slave)
            assert line is not None
            module = ModuleTarget(
                self._new_key(line, slave),
                name,
                where,
                line.session,
                lambda: address,
                practice=line.practice,
                history_key=_history_key(line, slave),
            )
            line.modules[slave] = module
            self._follow_slave(line, module, slave)
            self._hand_over(slave, module)
            self._targets.add(module)
        return module

    def _follow_slave(self, line: BusLine, module: ModuleTarget, slave: ListedSlave) -> None:
        """Make a target take address and identity of its slave from the list of its bus."""
        slaves = line.slaves
        last_known = slaves.address_of(slave) or replace(module.reach(), baud=slave.baud)
        module.reach = lambda: slaves.address_of(slave) or last_known
        module.identity = lambda: slave.identity

    def _hand_over(self, slave: ListedSlave, module: ModuleTarget) -> None:
        module.lines, module.read_at = list(slave.lines), slave.read_at
        module.contact = slave.header is None or not slave.header.status & ModuleStatus.NO_METER
        module.meter = meter_number(read_lines(restore_lines(slave.telegrams))) or module.meter
        self._targets.read.emit(module)

    def _new_key(self, line: BusLine, slave: ListedSlave) -> str:
        """Return a new key of bus and lasting identity."""
        taken = {target.key for target in self._targets.all}
        return _numbered(f"{line.link} {_lasting_name(slave)}", taken)


def _history_key(line: BusLine, slave: ListedSlave) -> str:
    """Return the key of a slave's readings, so that they are found again after a restart and on another port.

    Without an identity it is known only by its place on this bus.
    """
    world = line.link if line.practice or slave.identity is None else ""
    key = history_key(_lasting_name(slave), world)
    return _numbered(key, {target.history_key for target in line.modules.values()})


def _lasting_name(slave: ListedSlave) -> str:
    return f"{slave.address} {slave.baud}" if slave.identity is None else slave.identity.key


def _numbered(key: str, taken: Collection[str]) -> str:
    """Return the key, with a number if it is taken."""
    return next(name for name in chain((key,), (f"{key} #{number}" for number in count(2))) if name not in taken)


def is_silence(error: Exception | None) -> bool:
    """Return whether an error means that a module did not answer a request."""
    return isinstance(error, ProcedureFailed) and error.code in ("no_answer", "not_found")


def _searched_for(plan: ScanPlan, slave: ListedSlave) -> bool:
    """Return whether a scan by this plan would find a slave that has not moved."""
    if slave.baud not in plan.bauds:
        return False
    if plan.addresses is not None and slave.alone and slave.address in plan.addresses:
        return True
    return plan.mask is not None and slave.mask is not None and matches(plan.mask, Identity(slave.mask[:8]), ())


def _may_be_same(one: ListedSlave, other: ListedSlave) -> bool:
    """Return whether an entry of the list and one of the earlier list may be the same slave."""
    if one.identity is None or other.identity is None:
        return one.identity is other.identity and (one.address, one.baud) == (other.address, other.baud)
    return one.identity.is_same(other.identity)
