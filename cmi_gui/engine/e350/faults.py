"""What can be made to go wrong with the simulated meter at any time."""

from __future__ import annotations

from dataclasses import dataclass

from cmi_gui.engine.iec62056.tariff_device import TariffFaults


@dataclass(slots=True)
class MeterFaults(TariffFaults):
    """The faults of any tariff device (`silent`, `delay`, `bad_bcc`, `garbled`) and those of this one.

    Power failures, phase failures and tampering are no switches but happen: see `E350Meter`.
    """

    refuse_passwords: bool = False
    """Every password is wrong."""
    no_meter_number: bool = False
    """C.1.0 is missing from the list."""
