"""Codes of the application layer: CI fields, and words for codes inside telegrams [DOC48 table 2, DRAFT3, EN2018]."""

from __future__ import annotations

from cmi_gui.engine.messages import marked

# Master to slave.
CI_RESET = 0x50
CI_SEND = 0x51
CI_SELECT = 0x52
CI_SEND_MODE_2 = 0x55
CI_SELECT_MODE_2 = 0x56
BAUD_RATES = {0xB8: 300, 0xB9: 600, 0xBA: 1200, 0xBB: 2400, 0xBC: 4800, 0xBD: 9600, 0xBE: 19200, 0xBF: 38400}
"""Speeds in bit/s by CI field."""

# Slave to master.
CI_APPLICATION_ERROR = 0x70
CI_ALARM = 0x71
CI_VARIABLE = 0x72
CI_FIXED = 0x73
CI_VARIABLE_MODE_2 = 0x76
CI_NO_HEADER = 0x78
CI_SHORT_HEADER = 0x7A

APPLICATION_ERRORS = marked(
    {
        0: "unspecified",
        1: "unimplemented CI field",
        2: "buffer too long, truncated",
        3: "too many records",
        4: "premature end of record",
        5: "more than 10 DIFEs",
        6: "more than 10 VIFEs",
        8: "application busy",
        9: "too many readouts",
    }
)

APPLICATION_RESETS = marked(
    {
        0x0: "all",
        0x1: "user data",
        0x2: "simple billing",
        0x3: "enhanced billing",
        0x4: "multi-tariff billing",
        0x5: "instantaneous values",
        0x6: "load management values",
        0x8: "installation and start-up",
        0x9: "testing",
        0xA: "calibration",
        0xB: "manufacturing",
        0xC: "development",
        0xD: "self-test",
    }
)
"""Words by the high nibble of the sub-code of CI 50; the low nibble is the number of a telegram."""

STATUS_STATES = marked(("", "application busy", "application error", "abnormal condition or alarm"))
"""Words by bits 1 and 0 of the status field."""
STATUS_BITS = marked({2: "power low", 3: "permanent error", 4: "temporary error"})

FIXED_STATUS_BITS = marked({0: "binary counters", 1: "stored at fixed date"})
"""Words by status bit of the fixed structure, CI 73, in place of `STATUS_STATES` [DOC48 §6.2]."""

FIXED_MEDIA = marked(
    {
        0x0: "other",
        0x1: "oil",
        0x2: "electricity",
        0x3: "gas",
        0x4: "heat",
        0x5: "steam",
        0x6: "hot water",
        0x7: "water",
        0x8: "heat cost allocator",
        0xA: "gas, mode 2",
        0xB: "heat, mode 2",
        0xC: "hot water, mode 2",
        0xD: "water, mode 2",
        0xE: "heat cost allocator, mode 2",
    }
)
"""Media of the fixed structure [DOC48 §8.4.1]; from 0A on they differ from `DEVICE_TYPES`."""

DEVICE_TYPES = marked(
    {
        0x00: "other",
        0x01: "oil",
        0x02: "electricity",
        0x03: "gas",
        0x04: "heat, outlet",
        0x05: "steam",
        0x06: "warm water",
        0x07: "water",
        0x08: "heat cost allocator",
        0x09: "compressed air",
        0x0A: "cooling, outlet",
        0x0B: "cooling, inlet",
        0x0C: "heat, inlet",
        0x0D: "heat and cooling",
        0x0E: "bus or system component",
        0x0F: "unknown",
        0x14: "calorific value",
        0x15: "hot water",
        0x16: "cold water",
        0x17: "dual register water",
        0x18: "pressure",
        0x19: "A/D converter",
        0x1A: "smoke detector",
        0x1B: "room sensor",
        0x1C: "gas detector",
        0x20: "breaker, electricity",
        0x21: "valve",
        0x25: "customer display",
        0x28: "waste water",
        0x29: "garbage",
        0x2A: "carbon dioxide",
        0x31: "communication controller",
        0x32: "unidirectional repeater",
        0x33: "bidirectional repeater",
        0x36: "radio converter, system side",
        0x37: "radio converter, meter side",
        0x38: "wired adapter",
    }
)
