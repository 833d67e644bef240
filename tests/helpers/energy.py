"""The exact content of a meter's energy registers."""

from cmi_gui.engine.e350.registers import EnergyRegisters


def units(registers: EnergyRegisters, channel: int, rate: int = 0) -> int:
    """Return the content of a register in 1 / `UNITS_PER_WH` Wh; rate 0 is the total."""
    return registers.exact()[str(channel)][rate]
