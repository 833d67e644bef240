"""The tables of a report with a row for each module or reading: modules, readings, notes, the gateway's meter list."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from cmi_gui.engine.mbus.ci import DEVICE_TYPES
from cmi_gui.engine.mbus.datatypes import encode_manufacturer
from cmi_gui.engine.messages import Message
from cmi_gui.engine.obis import meaning
from cmi_gui.engine.report.document import ReportCell, ReportColumn, ReportSection, time_column
from cmi_gui.engine.report.facts import UNKNOWN, SiteFacts
from cmi_gui.engine.site.model import Found, SiteModule, SiteReading


def place_columns(facts: SiteFacts) -> tuple[ReportColumn, ...]:
    """Return the columns that tell which module a row is about."""
    words = facts.words
    return ReportColumn(words("place"), 17), ReportColumn(words("module"), 12), ReportColumn(words("meter"), 12)


def place_cells(module: SiteModule) -> tuple[ReportCell, ...]:
    """Return the cells of `place_columns`."""
    return module.place, module.serial or UNKNOWN, module.meter or module.meter_read or UNKNOWN


def module_section(facts: SiteFacts) -> ReportSection:
    """Return the table of the modules."""
    words = facts.words
    times = [facts.local(module.found.at) for module in facts.modules if module.found is not None]
    columns = (
        ReportColumn(words("number"), 5, number=True),
        *place_columns(facts),
        ReportColumn(words("variant"), 10),
        ReportColumn(words("primary"), 13, number=True),
        ReportColumn(words("speed"), 10, number=True),
        ReportColumn(words("state"), 13),
        time_column(words("seen"), 22, times),
    )
    rows = tuple(
        (
            number,
            *place_cells(module),
            module.variant,
            UNKNOWN if module.address is None else module.address,
            UNKNOWN if module.baud is None else module.baud,
            words(f"state_{module.state}"),
            UNKNOWN if module.found is None else facts.local(module.found.at),
        )
        for number, module in enumerate(facts.modules, 1)
    )
    return ReportSection("modules", words("modules"), (), columns, rows, new_page=True)


def readings_section(facts: SiteFacts) -> ReportSection:
    """Return the table of the energy registers."""
    words = facts.words
    readings = [(module, reading) for module in facts.modules for reading in facts.readings(module)]
    columns = (
        *place_columns(facts),
        ReportColumn(words("obis"), 9),
        ReportColumn(words("meaning"), 27),
        ReportColumn(words("value"), 14, number=True),
        ReportColumn(words("as_number"), 14, number=True, only_sheet=True),
        ReportColumn(words("unit"), 7),
        time_column(words("read_at"), 22, (facts.local(reading.at) for _, reading in readings)),
    )
    rows = tuple(
        (
            *place_cells(module),
            reading.code,
            words.of(meaning(reading.code)),
            reading.value,
            number_of(reading),
            reading.unit,
            facts.local(reading.at),
        )
        for module, reading in readings
    )
    paragraphs = (words("readings_text"),) if rows else (words("no_readings"),)
    return ReportSection("readings", words("readings"), paragraphs, columns if rows else (), rows)


def number_of(reading: SiteReading) -> Decimal | None:
    """Return the value of a reading as a number; None if it is not one."""
    digits = reading.value.removeprefix("-")
    is_number = digits.isascii() and digits.replace(".", "", 1).isdigit()
    return Decimal(reading.value) if is_number else None


def notes_section(facts: SiteFacts) -> Iterator[ReportSection]:
    """Yield the notes on modules, if there are any."""
    words = facts.words
    rows = tuple((*place_cells(module), module.note) for module in facts.modules if module.note.strip())
    if rows:
        columns = (*place_columns(facts), ReportColumn(words("note"), 60))
        yield ReportSection("notes", words("notes"), (), columns, rows)


def bus_sections(facts: SiteFacts) -> Iterator[ReportSection]:
    """Yield the meter list of a gateway; not for one flat, because its reader has no gateway."""
    words = facts.words
    modules = [module for module in facts.modules if module.found is not None]
    if facts.one_place or not modules:
        return
    columns = (
        ReportColumn(words("secondary"), 17),
        ReportColumn(words("full_secondary"), 22),
        ReportColumn(words("primary"), 14, number=True),
        ReportColumn(words("device_type"), 17),
        ReportColumn(words("maker"), 12),
        ReportColumn(words("version"), 9),
        ReportColumn(words("speed"), 10, number=True),
        ReportColumn(words("place"), 16),
        ReportColumn(words("meter"), 12),
    )
    rows = tuple(_meter_row(facts, module, module.found) for module in modules if module.found is not None)
    yield ReportSection("meter_list", words("meter_list"), (words("meter_list_text"),), columns, rows, new_page=True)


def _meter_row(facts: SiteFacts, module: SiteModule, found: Found) -> tuple[ReportCell, ...]:
    kind = found.device_type
    type_words = "" if kind is None else facts.words.of(Message(DEVICE_TYPES.get(kind, "")))
    return (
        found.id,
        full_secondary(found) or UNKNOWN,
        UNKNOWN if module.address is None else module.address,
        UNKNOWN if kind is None else f"{kind:02X} {type_words}".rstrip(),
        found.manufacturer or UNKNOWN,
        UNKNOWN if found.version is None else f"{found.version:02X}",
        UNKNOWN if module.baud is None else module.baud,
        module.place,
        module.meter or module.meter_read or UNKNOWN,
    )


def full_secondary(found: Found) -> str:
    """Return all of a secondary address as 16 hex digits, as gateways take it; empty if a part is not known.

    The identification number is written as it is read, the manufacturer as its two bytes on the wire.
    """
    if found.manufacturer is None or found.version is None or found.device_type is None or len(found.id) != 8:
        return ""
    try:
        maker = encode_manufacturer(found.manufacturer)
    except ValueError:
        return ""
    return f"{found.id}{maker.to_bytes(2, 'little').hex().upper()}{found.version:02X}{found.device_type:02X}"
