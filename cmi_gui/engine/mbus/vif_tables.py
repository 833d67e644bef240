"""Tables of the codes of value information, built once.

Primary table: [DOC48 §8.4.3, DRAFT3]; FB, FD, orthogonal and FC tables: [EN2018, DRAFT3]; gallons and degrees
Fahrenheit of FB, which EN2018 no longer has: [DOC48 §8.4.4]. Units are without prefix (the exponent holds it) and
spelled in ASCII: m3, degC. A code that is not in a table is reserved.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum

from cmi_gui.engine.messages import marked


class Coding(Enum):
    """The coding of a quantity's binary data; for BCD, real and text the data field decides."""

    SIGNED = "B"
    UNSIGNED = "C, D"
    TIME_POINT = "F, G, I, J by length"
    IDENTIFICATION = "unsigned; 8 bytes are a whole secondary address"
    MANUFACTURER = "manufacturer code"
    OPAQUE = "hex: types K, L, M and containers"


@dataclass(frozen=True, slots=True)
class Quantity:
    """The meaning of one code: the value in `unit` is the raw number x `factor` x 10^`exponent`."""

    name: str
    unit: str = ""
    exponent: int = 0
    factor: int = 1
    coding: Coding = Coding.SIGNED


class ObjectAction(StrEnum):
    """An action that a master requests on a record, in the order of the VIFEs 00 to 0D [DOC48 §6.5]."""

    WRITE = marked("write")
    ADD = marked("add")
    SUBTRACT = marked("subtract")
    OR = marked("or")
    AND = marked("and")
    XOR = marked("xor")
    AND_NOT = marked("and not")
    CLEAR = marked("clear")
    ADD_ENTRY = marked("add entry")
    DELETE_ENTRY = marked("delete entry")
    DELAYED = marked("delayed action")
    FREEZE = marked("freeze")
    ADD_TO_READOUT = marked("add to readout list")
    DELETE_FROM_READOUT = marked("delete from readout list")


class RecordError(Enum):
    """An error that a slave reports for a record, with its VIFE, 00 to 1C [DOC48 §6.6]."""

    NONE = 0x00, "none"
    TOO_MANY_DIFES = 0x01, marked("too many DIFEs")
    STORAGE_NOT_IMPLEMENTED = 0x02, marked("storage not implemented")
    UNIT_NOT_IMPLEMENTED = 0x03, marked("unit not implemented")
    TARIFF_NOT_IMPLEMENTED = 0x04, marked("tariff not implemented")
    FUNCTION_NOT_IMPLEMENTED = 0x05, marked("function not implemented")
    DATA_CLASS_NOT_IMPLEMENTED = 0x06, marked("data class not implemented")
    DATA_SIZE_NOT_IMPLEMENTED = 0x07, marked("data size not implemented")
    TOO_MANY_VIFES = 0x0B, marked("too many VIFEs")
    ILLEGAL_VIF_GROUP = 0x0C, marked("illegal VIF group")
    ILLEGAL_EXPONENT = 0x0D, marked("illegal exponent")
    VIF_DIF_MISMATCH = 0x0E, marked("VIF and DIF do not match")
    UNIMPLEMENTED_ACTION = 0x0F, marked("unimplemented action")
    NO_DATA = 0x15, marked("no data")
    OVERFLOW = 0x16, marked("overflow")
    UNDERFLOW = 0x17, marked("underflow")
    DATA_ERROR = 0x18, marked("data error")
    PREMATURE_END = 0x1C, marked("premature end")

    def __init__(self, code: int, text: str) -> None:
        self.code = code
        self.text = text
        """The error in words."""


RESERVED = marked("reserved")
"""The name of a code that is not in the tables."""

DURATION_UNITS = (("s", 1), ("s", 60), ("s", 3600), ("s", 86400))
"""Unit and factor of seconds, minutes, hours and days, all in seconds."""
_LONG_DURATION_UNITS = (("s", 3600), ("s", 86400), ("month", 1), ("year", 1))


def _scaled(first: int, count: int, name: str, unit: str, exponent: int) -> dict[int, Quantity]:
    """Return `count` codes whose exponents count up from `exponent`."""
    return {first + step: Quantity(name, unit, exponent + step) for step in range(count)}


def _durations(
    first: int, name: str, coding: Coding = Coding.SIGNED, *, long: bool = False, start: int = 0
) -> dict[int, Quantity]:
    """Return codes for seconds, minutes, hours, days (`long`: hours, days, months, years) from number `start` on."""
    units = list(enumerate(_LONG_DURATION_UNITS if long else DURATION_UNITS, first))[start:]
    return {code: Quantity(name, unit, 0, factor, coding) for code, (unit, factor) in units}


def _codes(coding: Coding, names: dict[int, str]) -> dict[int, Quantity]:
    return {code: Quantity(name, coding=coding) for code, name in names.items()}


_UNSIGNED = Coding.UNSIGNED

PRIMARY: dict[int, Quantity] = marked(
    {
        **_scaled(0x00, 8, "energy", "Wh", -3),
        **_scaled(0x08, 8, "energy", "J", 0),
        **_scaled(0x10, 8, "volume", "m3", -6),
        **_scaled(0x18, 8, "mass", "kg", -3),
        **_durations(0x20, "on time"),
        **_durations(0x24, "operating time"),
        **_scaled(0x28, 8, "power", "W", -3),
        **_scaled(0x30, 8, "power", "J/h", 0),
        **_scaled(0x38, 8, "volume flow", "m3/h", -6),
        **_scaled(0x40, 8, "volume flow", "m3/min", -7),
        **_scaled(0x48, 8, "volume flow", "m3/s", -9),
        **_scaled(0x50, 8, "mass flow", "kg/h", -3),
        **_scaled(0x58, 4, "flow temperature", "degC", -3),
        **_scaled(0x5C, 4, "return temperature", "degC", -3),
        **_scaled(0x60, 4, "temperature difference", "K", -3),
        **_scaled(0x64, 4, "external temperature", "degC", -3),
        **_scaled(0x68, 4, "pressure", "bar", -3),
        0x6C: Quantity("date", coding=Coding.TIME_POINT),
        0x6D: Quantity("date and time", coding=Coding.TIME_POINT),
        0x6E: Quantity("units for heat cost allocation"),
        **_durations(0x70, "averaging duration"),
        **_durations(0x74, "actuality duration"),
        0x78: Quantity("fabrication number", coding=_UNSIGNED),
        0x79: Quantity("identification", coding=Coding.IDENTIFICATION),
        0x7A: Quantity("bus address", coding=_UNSIGNED),
        0x7E: Quantity("any"),
        0x7F: Quantity("manufacturer specific"),
    }
)

EXTENSION_FB: dict[int, Quantity] = marked(
    {
        **_scaled(0x00, 2, "energy", "Wh", 5),
        **_scaled(0x02, 2, "reactive energy", "varh", 3),
        **_scaled(0x04, 2, "apparent energy", "VAh", 3),
        **_scaled(0x08, 2, "energy", "J", 8),
        **_scaled(0x0C, 4, "energy", "cal", 5),
        **_scaled(0x10, 2, "volume", "m3", 2),
        **_scaled(0x14, 4, "reactive power", "var", 0),
        **_scaled(0x18, 2, "mass", "kg", 5),
        **_scaled(0x1A, 2, "relative humidity", "%", -1),
        0x20: Quantity("volume", "ft3"),
        0x21: Quantity("volume", "ft3", -1),
        0x22: Quantity("volume", "US gal", -1),
        0x23: Quantity("volume", "US gal"),
        0x24: Quantity("volume flow", "US gal/min", -3),
        0x25: Quantity("volume flow", "US gal/min"),
        0x26: Quantity("volume flow", "US gal/h"),
        **_scaled(0x28, 2, "power", "W", 5),
        0x2A: Quantity("phase angle U-U", "deg", -1),
        0x2B: Quantity("phase angle U-I", "deg", -1),
        **_scaled(0x2C, 4, "frequency", "Hz", -3),
        **_scaled(0x30, 2, "power", "J/h", 8),
        **_scaled(0x34, 4, "apparent power", "VA", 0),
        **_scaled(0x58, 4, "flow temperature", "degF", -3),
        **_scaled(0x5C, 4, "return temperature", "degF", -3),
        **_scaled(0x60, 4, "temperature difference", "degF", -3),
        **_scaled(0x64, 4, "external temperature", "degF", -3),
        **_codes(
            Coding.SIGNED,
            {
                0x68: "rating factor K",
                0x69: "thermal output rating factor Kq",
                0x6A: "thermal coupling rating factor overall Kc",
                0x6B: "thermal coupling rating factor room side Kcr",
                0x6C: "thermal coupling rating factor heater side Kch",
                0x6D: "low temperature rating factor Kt",
                0x6E: "display output scaling factor Kd",
            },
        ),
        **_scaled(0x70, 4, "temperature limit", "degF", -3),
        **_scaled(0x74, 4, "temperature limit", "degC", -3),
        **_scaled(0x78, 8, "cumulated maximum power", "W", -3),
    }
)

EXTENSION_FD: dict[int, Quantity] = marked(
    {
        **_scaled(0x00, 4, "credit", "currency", -3),
        **_scaled(0x04, 4, "debit", "currency", -3),
        **_codes(
            _UNSIGNED,
            {
                0x08: "access number",
                0x09: "device type",
                0x0B: "parameter set identification",
                0x0C: "model or version",
                0x0D: "hardware version",
                0x0E: "metrology firmware version",
                0x0F: "other software version",
                0x10: "customer location",
                0x11: "customer",
                0x12: "access code user",
                0x13: "access code operator",
                0x14: "access code system operator",
                0x15: "access code developer",
                0x16: "password",
                0x17: "error flags",
                0x18: "error mask",
                0x19: "security key",
                0x1A: "digital output",
                0x1B: "digital input",
                0x1E: "retry",
                0x1F: "remote control",
                0x20: "first storage number",
                0x21: "last storage number",
                0x22: "size of storage block",
                0x23: "tariff and subunit descriptor",
                0x2A: "operator specific data",
                0x60: "reset counter",
                0x61: "cumulation counter",
                0x62: "control signal",
                0x63: "day of week",
                0x64: "week number",
                0x66: "state of parameter activation",
                0x67: "special supplier information",
                0x75: "meter stops",
            },
        ),
        0x0A: Quantity("manufacturer", coding=Coding.MANUFACTURER),
        0x1C: Quantity("baud rate", "bit/s", coding=_UNSIGNED),
        0x1D: Quantity("response delay", "bit times", coding=_UNSIGNED),
        **_durations(0x24, "storage interval", _UNSIGNED),
        0x28: Quantity("storage interval", "month", coding=_UNSIGNED),
        0x29: Quantity("storage interval", "year", coding=_UNSIGNED),
        0x2B: Quantity("time point second", "s", coding=_UNSIGNED),
        **_durations(0x2C, "duration since last readout", _UNSIGNED),
        0x30: Quantity("start of tariff", coding=Coding.TIME_POINT),
        **_durations(0x30, "duration of tariff", _UNSIGNED, start=1),
        **_durations(0x34, "period of tariff", _UNSIGNED),
        0x38: Quantity("period of tariff", "month", coding=_UNSIGNED),
        0x39: Quantity("period of tariff", "year", coding=_UNSIGNED),
        0x3A: Quantity("dimensionless"),
        0x3B: Quantity("wireless M-Bus container", coding=Coding.OPAQUE),
        **_durations(0x3C, "period of nominal data transmissions", _UNSIGNED),
        **_scaled(0x40, 16, "voltage", "V", -9),
        **_scaled(0x50, 16, "current", "A", -12),
        0x65: Quantity("time point of tariff change", coding=Coding.TIME_POINT),
        **_durations(0x68, "duration since last cumulation", _UNSIGNED, long=True),
        **_durations(0x6C, "battery operating time", _UNSIGNED, long=True),
        0x70: Quantity("battery change", coding=Coding.TIME_POINT),
        0x71: Quantity("RF level", "dBm"),
        0x72: Quantity("daylight saving rule", coding=Coding.OPAQUE),
        0x73: Quantity("listening window", coding=Coding.OPAQUE),
        0x74: Quantity("remaining battery life", "s", 0, 86400, _UNSIGNED),
        0x76: Quantity("manufacturer container", coding=Coding.OPAQUE),
    }
)

EXTENSION_FD_FD: dict[int, Quantity] = marked(
    {
        0x00: Quantity("currently selected application", coding=_UNSIGNED),
        0x02: Quantity("remaining battery life", "month", coding=_UNSIGNED),
        0x03: Quantity("remaining battery life", "year", coding=_UNSIGNED),
    }
)

# Orthogonal VIFEs (code without the extension bit), grouped by what they change.

UNIT_VIFES: dict[int, tuple[str, str]] = {
    0x20: ("/s", marked("per second")),
    0x21: ("/min", marked("per minute")),
    0x22: ("/h", marked("per hour")),
    0x23: ("/d", marked("per day")),
    0x24: ("/week", marked("per week")),
    0x25: ("/month", marked("per month")),
    0x26: ("/year", marked("per year")),
    0x27: ("/revolution", marked("per revolution or measurement")),
    0x28: ("/pulse", marked("per pulse on input channel 0")),
    0x29: ("/pulse", marked("per pulse on input channel 1")),
    0x2A: ("/pulse", marked("per pulse on output channel 0")),
    0x2B: ("/pulse", marked("per pulse on output channel 1")),
    0x2C: ("/l", marked("per litre")),
    0x2D: ("/m3", marked("per cubic metre")),
    0x2E: ("/kg", marked("per kilogram")),
    0x2F: ("/K", marked("per kelvin")),
    0x30: ("/kWh", marked("per kilowatt-hour")),
    0x31: ("/GJ", marked("per gigajoule")),
    0x32: ("/kW", marked("per kilowatt")),
    0x33: ("/(K l)", marked("per kelvin and litre")),
    0x34: ("/V", marked("per volt")),
    0x35: ("/A", marked("per ampere")),
    0x36: (" s", marked("times second")),
    0x37: (" s/V", marked("times second per volt")),
    0x38: (" s/A", marked("times second per ampere")),
}
"""The suffix of the unit, and the qualifier."""

UNIT_WORDS = frozenset(marked(("bit times", "currency", "month", "pulse", "revolution", "week", "year")))
"""Units, or factors of units, that are words to translate and not symbols."""

QUALIFIER_VIFES: dict[int, str] = marked(
    {
        0x12: "average",
        0x13: "inverse compact profile",
        0x14: "relative deviation",
        0x1D: "standard conform data content",
        0x1E: "compact profile with register numbers",
        0x1F: "compact profile",
        0x3A: "uncorrected",
        0x3B: "import",
        0x3C: "export",
        0x3D: "non-metric",
        0x3E: "at base conditions",
        0x3F: "OBIS declaration",
        0x40: "lower limit",
        0x48: "upper limit",
        0x41: "number of exceeds of lower limit",
        0x49: "number of exceeds of upper limit",
        0x68: "during lower limit exceed",
        0x6C: "during upper limit exceed",
        0x69: "leakage",
        0x6D: "overflow",
        0x7E: "future value",
    }
)

DATE_VIFES: dict[int, str] = marked(
    {
        0x39: "start of",
        0x42: "begin of first lower limit exceed",
        0x43: "end of first lower limit exceed",
        0x46: "begin of last lower limit exceed",
        0x47: "end of last lower limit exceed",
        0x4A: "begin of first upper limit exceed",
        0x4B: "end of first upper limit exceed",
        0x4E: "begin of last upper limit exceed",
        0x4F: "end of last upper limit exceed",
        0x6A: "begin of first",
        0x6B: "end of first",
        0x6E: "begin of last",
        0x6F: "end of last",
    }
)
"""VIFEs with which the value is a date or time, without the quantity's unit."""

_DURATION_VIFES = marked(
    {
        0x50: "duration of first lower limit exceed",
        0x54: "duration of last lower limit exceed",
        0x58: "duration of first upper limit exceed",
        0x5C: "duration of last upper limit exceed",
        0x60: "duration of first",
        0x64: "duration of last",
    }
)
DURATION_VIFES = {code | scale: text for code, text in _DURATION_VIFES.items() for scale in range(4)}
"""VIFEs with which the value is a duration; the two low bits of the code give the unit (`DURATION_UNITS`)."""

COMBINABLE_EXTENSION: dict[int, str] = marked(
    {
        0x01: "phase L1",
        0x02: "phase L2",
        0x03: "phase L3",
        0x04: "neutral",
        0x05: "phase L1-L2",
        0x06: "phase L2-L3",
        0x07: "phase L3-L1",
        0x08: "quadrant Q1",
        0x09: "quadrant Q2",
        0x0A: "quadrant Q3",
        0x0B: "quadrant Q4",
        0x0C: "import minus export",
        0x10: "absolute sum of import and export",
        0x11: "type C data present",
        0x12: "type D data present",
        0x14: "direction from meter",
        0x15: "direction to meter",
    }
)
