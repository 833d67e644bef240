"""A module on a real bus as far as its bus shows it: the snapshot from which its checks are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from cmi_gui.engine.cmi1020.control import MeterReport
from cmi_gui.engine.cmi1020.readout import take_readout
from cmi_gui.engine.cmi1020.readout_mapping import load_mapping
from cmi_gui.engine.cmi1020.telegrams import StatusByte
from cmi_gui.engine.configurator.slaves import ListedSlave
from cmi_gui.engine.diagnostics.checks import Seconds
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.mbus.dib import ValueFunction
from cmi_gui.engine.mbus.slave_address import SlaveAddress
from cmi_gui.engine.messages import Message

_INPUTS_VIB, _DISCONNECTOR_VIB = b"\xfd\x1b", b"\xfd\x1a"
"""The VIBs of the module's own records [`cmi1020.telegrams.own_records`]."""


@dataclass(frozen=True, slots=True)
class LastReading:
    """The values of a module's last complete reading. `at`: seconds of the engine's clock.

    `status`: the status byte. `inputs`: 0 to 3, (B, A) = 00 to 11; `disconnector`: 0 open, 1 closed, 2 moving. Both are
    None where the module does not send them or does not know. `lines`: the number of the meter's data lines.
    """

    at: float
    status: StatusByte
    inputs: int | None
    disconnector: int | None
    lines: int
    report: MeterReport
    meter_number: str | None

    @classmethod
    def of(cls, slave: ListedSlave) -> Self | None:
        """Return the last whole reading of a slave; None before the first, and without a header that can be read."""
        header = slave.header
        if slave.read_at is None or header is None or header.is_fixed or slave.first is None:
            return None
        own: dict[bytes, int] = {}
        for record in slave.first.records:
            if isinstance(record.value, int) and record.function is not ValueFunction.ERROR:
                own.setdefault(record.vib, record.value)
        readout = take_readout(slave.lines, load_mapping(), slave.read_at)
        return cls(
            at=slave.read_at,
            status=StatusByte(header.status),
            inputs=own.get(_INPUTS_VIB),
            disconnector=own.get(_DISCONNECTOR_VIB),
            lines=len(slave.lines),
            report=readout.report(),
            meter_number=readout.meter_number,
        )


@dataclass(frozen=True, slots=True)
class BusModule:
    """A module on a real bus, its link, and the engine's time in seconds.

    `where`: the link in words; `state`, `cause`: of the master's link. `baud` in bit/s, None on a link without a speed.
    `silent`: it did not answer the last request, or the last scan did not find it. `failure`: why the last reading
    failed otherwise. `shared`: its primary address if another slave on the list has it too. `settings`: the known
    settings as text, by row id.
    """

    where: str
    state: LinkState
    cause: Message | None
    address: SlaveAddress
    baud: int | None
    silent: bool
    shared: int | None
    time: float
    failure: Message | None = None
    reading: LastReading | None = None
    settings: Mapping[str, str] = field(default_factory=dict)

    def since(self, at: float) -> Seconds:
        """Return the time since `at`, as a fact of a check."""
        return Seconds(max(0.0, self.time - at))

    def number(self, setting: str) -> int | None:
        """Return a setting that is a whole number; None while it is not known."""
        text = self.settings.get(setting, "")
        return int(text) if text.isascii() and text.isdigit() else None
