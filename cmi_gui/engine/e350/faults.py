"""The switchable faults of the simulated meter."""

from __future__ import annotations

from dataclasses import dataclass

from cmi_gui.engine.iec62056.tariff_device import TariffFaults


@dataclass(slots=True)
class MeterFaults(TariffFaults):
    """The faults of any tariff device (`silent`, `delay`, `bad_bcc`, `garbled`) and those of the E350.

    Power failures, phase failures and tampering are not switches but methods of `E350Meter`.
    """

    refuse_passwords: bool = False
    """Every password is refused."""
    no_meter_number: bool = False
    """C.1.0 is missing from the list."""
