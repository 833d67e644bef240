"""OBIS codes of M-Bus records: exact for the module's own telegrams, only labels for those of other makers.

The code and the whole line are restored only for manufacturer ELV, device type 02 and the version of our mapping. For
any other electricity meter the code is derived from DIB and VIB as gateways do, which is only a label.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cmi_gui.engine.cmi1020.readout_mapping import load_mapping
from cmi_gui.engine.cmi1020.telegrams import DEVICE_TYPE, MAKER
from cmi_gui.engine.mbus.record import Record
from cmi_gui.engine.mbus.telegram import Header, Telegram

_ELECTRICITY = 0x02
_POWER = ("21", "41", "61")
_VOLTAGE = ("32", "52", "72")
_CURRENT = ("31", "51", "71")
_EXPORT = b"\x3c"


def is_own(header: Header) -> bool:
    """Return whether a header is that of a module whose records follow our mapping."""
    own = (MAKER, DEVICE_TYPE, load_mapping().version)
    return (header.manufacturer, header.device_type, header.version) == own


def label(header: Header | None, record: Record) -> str | None:
    """Return a record's OBIS code, or None: as the meter spells it for our module, else in full, like `1-0:1.8.0`.

    A master's records have no header; they are settings, not readings, so the result is None.
    """
    if header is None:
        return None
    if is_own(header):
        return load_mapping().code_of(record.dib, record.vib)
    if header.device_type != _ELECTRICITY or record.storage or record.subunit or not record.vib:
        return None
    code = _derived(record.vib)
    if code is None:
        return None
    return f"1-0:{code}.{record.tariff}" if code.endswith(".8") else f"1-0:{code}.0"


def _derived(vib: bytes) -> str | None:
    """Return C.D of the code by the tables that meter gateways share [OMS], or None."""
    first, rest = vib[0] & 0x7F, vib[1:]
    if first <= 0x07:
        return {b"": "1.8", _EXPORT: "2.8"}.get(rest)
    if 0x28 <= first <= 0x2F:
        return {b"": "1.7", _EXPORT: "2.7"}.get(rest) or _phase(rest, _POWER)
    if first == 0x7B and rest:
        if rest[0] & 0x7E == 0x02:
            return {b"": "3.8", _EXPORT: "4.8"}.get(rest[1:])
        return "14.7" if len(rest) == 1 and 0x2C <= rest[0] <= 0x2F else None
    if first == 0x7D and rest:
        unit = rest[0] & 0x70
        return _phase(rest[1:], _VOLTAGE if unit == 0x40 else _CURRENT) if unit in (0x40, 0x50) else None
    return None


def _phase(rest: bytes, codes: Sequence[str]) -> str | None:
    if len(rest) == 2 and rest[0] == 0xFC and 1 <= rest[1] <= 3:
        return f"{codes[rest[1] - 1]}.7"
    return None


def restore_line(header: Header | None, record: Record) -> str | None:
    """Return the meter's data line of one of the module's records, exactly as the meter sent it; else None."""
    if header is None or not is_own(header):
        return None
    return load_mapping().restore(record.dib, record.vib, record.raw)


def restore_lines(telegrams: Iterable[Telegram]) -> list[str]:
    """Return the meter's data lines in the module's telegrams, exactly as sent; none from those of other makers."""
    lines = (restore_line(telegram.header, record) for telegram in telegrams for record in telegram.records)
    return [line for line in lines if line is not None]
