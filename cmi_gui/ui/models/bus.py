"""The master on a real bus, as the window has it: one connection, the modules found on it, what is being done."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from enum import Enum

from PySide6.QtCore import QObject, Signal

from cmi_gui.engine.cmi1020.telegrams import Status as ModuleStatus
from cmi_gui.engine.configurator.discover import Scan, ScanPlan
from cmi_gui.engine.configurator.identify import Identification, identify
from cmi_gui.engine.configurator.session import Cancelled, Job, MasterSession
from cmi_gui.engine.configurator.slaves import Slave, SlaveList
from cmi_gui.engine.configurator.writing import Target
from cmi_gui.engine.link.url import make_link, parse_link
from cmi_gui.engine.link_protocol import Link, LinkError
from cmi_gui.engine.machine import Line, LinkState
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.master import Answer, AnswerKind, Exchange
from cmi_gui.engine.mbus.procedures import nothing, read_primary, read_secondary, watched
from cmi_gui.engine.station.station import Station
from cmi_gui.ui.targets import BUILT_IN, ModuleTarget, Targets

BUILT_IN_LINK = "sim:"
"""The LINK of the wire to the module inside this program."""
_LINE = Line(2400)
"""EN 13757-2; every job names its own speed."""
_MAKER = "ELV"
"""Whose modules the profile describes."""


class Doing(Enum):
    """What is done with one slave."""

    READING = "reading"
    IDENTIFYING = "identifying"


@dataclass(slots=True)
class Work:
    """A job on one slave. `telegrams`: how many of its have come so far."""

    doing: Doing
    job: Job[object] | None = None
    telegrams: int = 0


@dataclass(slots=True, eq=False)
class BusLine:
    """A bus, and the master's port on it. `link`: the LINK in its normal form.

    `modules`: the targets that Configuration and Readings know, by the slave that each stands for.
    """

    link: str
    session: MasterSession
    slaves: SlaveList = field(default_factory=SlaveList)
    modules: dict[Slave, ModuleTarget] = field(default_factory=dict)

    @property
    def built_in(self) -> bool:
        """Whether only the module inside this program is on it."""
        return self.link == BUILT_IN_LINK


class BusMaster(QObject):
    """Lives as long as the window, whatever pages come and go.

    `line`: the bus that is or was connected; every bus keeps its list. `problem`: why the link is not open, or None.
    `scan`: the one that runs, or the last one; `scan_error`: why that one has ended early, or None. `identified`: the
    last identification of each slave.
    Signals: `state_changed()`: link, scan or work under way; `list_changed()`: slaves came or went; `slave_changed
    (object)`: something about a `Slave`; `chosen_changed()`; `scan_ended(object)`: the `Scan`; `work_ended(object,
    object, object)`: `Slave`, `Doing`, and the error or None.
    """

    state_changed = Signal()
    list_changed = Signal()
    slave_changed = Signal(object)
    chosen_changed = Signal()
    scan_ended = Signal(object)
    work_ended = Signal(object, object, object)

    def __init__(self, station: Station, targets: Targets, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._station = station
        self._targets = targets
        self._lines: dict[str, BusLine] = {}
        self.line: BusLine | None = None
        self.problem: Exception | None = None
        self.scan: Scan | None = None
        self.scanning = False
        self.scan_error: Exception | None = None
        self.work: dict[Slave, Work] = {}
        self.identified: dict[Slave, Identification] = {}
        self.chosen: Slave | None = None
        self._opening: Job[None] | None = None

    # The link

    @property
    def state(self) -> LinkState:
        """Of the link; CLOSED where none has been asked for."""
        return LinkState.CLOSED if self.line is None else self.line.session.state

    @property
    def busy(self) -> bool:
        """Whether a scan or work on a slave is under way."""
        return self.scanning or bool(self.work)

    def connect_to(self, link: str) -> None:
        """Open a LINK as the master; the list of that bus comes back. Raises LinkError for a LINK that cannot be."""
        line = self._line_of(link)
        self.disconnect_link()
        self.problem = None
        if line is not self.line:
            self.line, self.scan, self.chosen = line, None, None
            self.list_changed.emit()
            self.chosen_changed.emit()
        self._opening = line.session.run(nothing(), self._opened, self._not_opened)
        self.state_changed.emit()

    def disconnect_link(self) -> None:
        """Give the port back; the list stays. What is under way ends."""
        if self.line is None:
            return
        self.stop()
        self._opening = None
        self.line.session.close()
        self.problem = None
        self.state_changed.emit()

    def close(self) -> None:
        """Give all ports back for good; leaves no thread behind."""
        self.stop()
        for line in self._lines.values():
            line.session.close()

    def _line_of(self, link: str) -> BusLine:
        spec = parse_link(link)
        name = str(spec)
        line = self._lines.get(name)
        if line is None:
            port: Link
            if spec.scheme == "sim":
                # What goes over it is written by the module's end.
                port, session_line, tap = self._station.connect_master(), _LINE, None
            else:
                port, session_line = make_link(spec, self._station.clock, "connect", _LINE), spec.line(_LINE)
                recorder = self._station.record_master(lambda: port.url)
                tap = recorder.tap
            session = MasterSession(port, session_line, self._station.clock, tap=tap, on_state=self._link_changed)
            if tap is not None:
                session.on_exchange = lambda _done: recorder.settle()
            line = self._lines[name] = BusLine(name, session)
        return line

    def _opened(self, _result: None) -> None:
        self._opening = None
        self.state_changed.emit()

    def _not_opened(self, error: Exception) -> None:
        if self._opening is None:
            return
        self._opening = None
        assert self.line is not None
        # Whoever has asked for it wants to hear that it failed, and to mend it, not to wait for better times.
        self.line.session.close()
        self.problem = error
        self.state_changed.emit()

    def _link_changed(self, state: LinkState, cause: LinkError | None) -> None:
        if state is LinkState.OPEN:
            self.problem = None
        elif cause is not None:
            self.problem = cause
        self.state_changed.emit()

    # Scanning

    def start_scan(self, plan: ScanPlan) -> None:
        """Look for slaves on the bus that is connected. Raises RuntimeError without one, or while busy."""
        if self.line is None or self.busy:
            raise RuntimeError("there is no bus to scan, or something else is under way")
        if not self.line.session.has_speed:
            # Speed only decides how long to wait: the slower one covers both.
            plan = replace(plan, bauds=(min(plan.bauds),))
        self.scan = Scan(
            self.line.session,
            plan,
            self.line.slaves,
            self._station.clock,
            found=self._found,
            progress=self.state_changed.emit,
            ended=self._scan_over,
        )
        self.scanning, self.scan_error = True, None
        self.scan.start()
        self.state_changed.emit()

    def cancel_scan(self) -> None:
        """Stop the scan at once; what it has found stays."""
        if self.scanning and self.scan is not None:
            self.scan.cancel()

    def _found(self, slave: Slave) -> None:
        module = self.module_of(slave)
        if module is not None and not module.built_in:
            # What is heard now is newer than where Configuration has left it.
            self._lead(module, slave)
        self.list_changed.emit()
        self.slave_changed.emit(slave)
        if self.chosen is None:
            self.choose(slave)

    def _scan_over(self, error: Exception | None) -> None:
        self.scanning, self.scan_error = False, error
        self.list_changed.emit()
        self.state_changed.emit()
        self.scan_ended.emit(self.scan)

    # The list

    @property
    def slaves(self) -> list[Slave]:
        """Of the bus, sorted; where Configuration has moved a module, it stands at its new place."""
        if self.line is None:
            return []
        for slave in self.line.slaves:
            module = self.module_of(slave)
            if module is not None:
                address = module.reach().address
                slave.address = slave.address if address is None else address
                slave.baud = slave.baud if module.baud is None else module.baud
        return list(self.line.slaves)

    def choose(self, slave: Slave | None) -> None:
        """Look at another one."""
        if slave is not self.chosen:
            self.chosen = slave
            self.chosen_changed.emit()

    def clear(self) -> None:
        """Forget what was found on this bus; modules that Configuration knows stay there. Not while busy."""
        if self.line is None or self.busy:
            return
        self.line.slaves.clear()
        self.identified.clear()
        self.scan = None
        self.choose(None)
        self.list_changed.emit()
        self.state_changed.emit()

    def reach(self, slave: Slave) -> Target | None:
        """How it is spoken to; None where nothing known reaches it alone."""
        module = self.module_of(slave)
        if module is not None:
            return module.reach()
        return None if self.line is None else self.line.slaves.target(slave)

    # Work on one

    def read(self, slave: Slave) -> None:
        """Read all its telegrams; harmless while it is worked on. Raises ValueError where it cannot be reached."""
        target = self._target(slave)
        procedure = read_primary(target.a) if target.mask is None else read_secondary(target.mask)
        self._work(slave, Doing.READING, procedure, lambda frames: self._read(slave, frames))

    def identify(self, slave: Slave, label: str | None) -> None:
        """Select it, read it, compare it with the eight digits of a label. Raises ValueError as `read`."""
        target = self._target(slave)
        self._work(
            slave,
            Doing.IDENTIFYING,
            identify(target, slave.mask, label),
            lambda result: self._identified(slave, result),
        )

    def stop(self) -> None:
        """End the scan and all work, at once."""
        self.cancel_scan()
        for slave in list(self.work):
            self.stop_work(slave)

    def stop_work(self, slave: Slave) -> None:
        """End the work on one slave, at once; harmless where there is none."""
        work = self.work.get(slave)
        if work is not None and work.job is not None and self.line is not None:
            self.line.session.cancel(work.job)

    def _target(self, slave: Slave) -> Target:
        target = self.reach(slave)
        if target is None:
            raise ValueError("nothing that is known reaches this slave alone")
        return target

    def _work(
        self,
        slave: Slave,
        doing: Doing,
        procedure: Generator[Exchange, Answer, object],
        done: Callable[[object], None],
    ) -> None:
        if self.line is None or slave in self.work:
            return
        work = self.work[slave] = Work(doing)

        def heard(answer: Answer) -> None:
            work.telegrams += answer.kind is AnswerKind.RESPONSE
            self.state_changed.emit()

        def over(error: Exception | None) -> None:
            del self.work[slave]
            slave.failure = None if isinstance(error, Cancelled) else error
            self.slave_changed.emit(slave)
            self.state_changed.emit()
            self.work_ended.emit(slave, doing, error)

        def end(result: object) -> None:
            done(result)
            over(None)

        work.job = self.line.session.run(watched(procedure, heard), end, over, baud=slave.baud)
        self.state_changed.emit()

    def _read(self, slave: Slave, frames: object) -> None:
        assert isinstance(frames, list)
        assert self.line is not None
        self.line.slaves.take_reading(slave, [frame for frame in frames if isinstance(frame, Frame)], self.now())
        self.list_changed.emit()
        module = self.module_of(slave)
        if module is not None and not module.built_in:
            self._hand_over(slave, module)

    def _identified(self, slave: Slave, result: object) -> None:
        assert isinstance(result, Identification)
        self.identified[slave] = result

    def now(self) -> float:
        """Seconds of the engine's clock."""
        return self._station.clock.now()

    # Configuration and Readings

    def is_module(self, slave: Slave) -> bool:
        """Whether it says that it is of the maker whose modules this program knows."""
        return slave.who is not None and slave.who.manufacturer == _MAKER

    def module_of(self, slave: Slave) -> ModuleTarget | None:
        """The target that stands for a slave, where there is one."""
        assert self.line is not None
        if self.line.built_in:
            return next(target for target in self._targets.all if target.key == BUILT_IN)
        return self.line.modules.get(slave) or self._known_before(self.line, slave)

    def _known_before(self, line: BusLine, slave: Slave) -> ModuleTarget | None:
        """The target of a slave that was forgotten, and has been found again as this one."""
        present = list(line.slaves)
        gone = [known for known in line.modules if known not in present and _are_one(known, slave)]
        # Of two that say the same of themselves, only their places tell which is which.
        alone = sum(_are_one(other, slave) for other in present) == 1
        for known in gone:
            if known.address == slave.address or (alone and len(gone) == 1):
                module = line.modules[slave] = line.modules.pop(known)
                self._lead(module, slave)
                return module
        return None

    def target_of(self, slave: Slave, name: str, where: str) -> ModuleTarget:
        """The target that stands for a slave, made if there is none. Raises ValueError where it cannot be reached."""
        module = self.module_of(slave)
        if module is None:
            line, kept = self.line, self._target(slave)
            assert line is not None
            module = ModuleTarget(self._new_key(slave), name, where, line.session, lambda: kept, slave.baud)
            line.modules[slave] = module
            self._lead(module, slave)
            self._hand_over(slave, module)
            self._targets.add(module)
        return module

    def _lead(self, module: ModuleTarget, slave: Slave) -> None:
        """Have a target reach the slave where the list has it."""
        assert self.line is not None
        slaves, kept = self.line.slaves, self.line.slaves.target(slave) or module.reach()
        module.reach = lambda: slaves.target(slave) or kept
        module.baud = slave.baud

    def _hand_over(self, slave: Slave, module: ModuleTarget) -> None:
        module.lines, module.read_at = list(slave.lines), slave.read_at
        module.contact = slave.header is None or not slave.header.status & ModuleStatus.NO_METER
        self._targets.read.emit(module)

    def _new_key(self, slave: Slave) -> str:
        """Told by its bus and by what stays as it is, so that its history is found again after a restart."""
        assert self.line is not None
        who = slave.who
        name = f"{slave.address} {slave.baud}" if who is None else str(who)
        if who is not None and who.fabrication:
            name = f"{who.manufacturer} {who.fabrication}"
        key, taken = f"{self.line.link} {name}", {target.key for target in self._targets.all}
        number = 2
        while key in taken:
            key, number = f"{self.line.link} {name} #{number}", number + 1
        return key


def _are_one(one: Slave, other: Slave) -> bool:
    """Whether two entries, of a list and of the one before it, may be the same slave."""
    if one.who is None or other.who is None:
        return one.who is other.who and (one.address, one.baud) == (other.address, other.baud)
    return one.who.is_same(other.who)
