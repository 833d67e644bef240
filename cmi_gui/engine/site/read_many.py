"""Reading of many modules of a site, one after another; one that does not answer does not stop the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.obis_labels import label, restore_lines
from cmi_gui.engine.cmi1020.readout import meter_number
from cmi_gui.engine.cmi1020.telegrams import has_digits
from cmi_gui.engine.files.table import plain
from cmi_gui.engine.iec62056.reading import Reading, read_lines
from cmi_gui.engine.mbus.exchange import Answer, Exchange, Procedure, ProcedureFailed
from cmi_gui.engine.mbus.procedures import SlaveReading
from cmi_gui.engine.mbus.slave_address import HEADER_SIZE, SlaveAddress, decoded
from cmi_gui.engine.mbus.telegram import Telegram
from cmi_gui.engine.messages import Message, marked, printable
from cmi_gui.engine.site.causes import cause_of, one_line
from cmi_gui.engine.site.model import SiteModule, SiteReading
from cmi_gui.engine.site.names import does_not_answer, name_of, not_found_yet
from cmi_gui.engine.site.quality import BusQuality, watched
from cmi_gui.engine.site.taking import take_first
from cmi_gui.engine.site.whereabouts import SILENT, TRANSIENT, address_of, check_module, lacks_meter, read_at

_LONGEST_VALUE: Final = 400
"""Characters of a value in a site."""


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What the reading of a module came to.

    `at`: when it ended. `failure`: why values are missing, None if all were read; `code`: that of the failure, for
    programs. `readings`: the values of the meter, or the last ones that the module knew of it (`last_known`), which are
    not those of `at`. `warnings`: one sentence for each irregularity, such as missing telegrams. `received`: the
    telegrams; None if the module did not answer.
    """

    module: SiteModule
    at: datetime
    failure: Message | None = None
    code: str = ""
    readings: tuple[Reading, ...] = ()
    last_known: bool = False
    warnings: tuple[Message, ...] = ()
    received: SlaveReading | None = None

    @property
    def silent(self) -> bool:
        """True if the module did not answer."""
        return self.code in SILENT


class ReadMany:
    """One reading of each of `modules`; run it by `procedure`, once.

    `table`: the commands of the modules. `now`: returns the time, aware. `own_baud`: the master's own speed in bit/s,
    None on a link that has none. `quality`: counts the exchanges. `on_read(result)` is called when a module was read or
    not, `on_progress()` before and after each module.

    A module that was read gets its readings, the number of its meter, its identity, and the settings that the header
    shows; one that did not answer becomes lost, and any other failure is stored with it.

    Attributes: `current`: the module that is being read; `results` of those before it; `total`, the number of all.
    """

    def __init__(
        self,
        modules: Iterable[SiteModule],
        table: CommandTable,
        now: Callable[[], datetime],
        *,
        own_baud: int | None,
        quality: BusQuality | None = None,
        on_read: Callable[[ReadResult], object] = lambda result: None,
        on_progress: Callable[[], object] = lambda: None,
    ) -> None:
        self._modules = list(modules)
        self._table = table
        self._now = now
        self._own_baud = own_baud
        self._quality = quality
        self._on_read = on_read
        self._on_progress = on_progress
        self.current: SiteModule | None = None
        self.results: list[ReadResult] = []
        self.total = len(self._modules)

    def procedure(self) -> Procedure[list[ReadResult]]:
        """Read all modules and return the results. Never raises ProcedureFailed."""
        for module in self._modules:
            self.current = module
            self._on_progress()
            result = yield from self._read(module)
            self.results.append(result)
            self._on_read(result)
        self.current = None
        self._on_progress()
        return self.results

    def _read(self, module: SiteModule) -> Procedure[ReadResult]:
        address = address_of(module, self._own_baud)
        if address is None:
            reason = not_found_yet(module)
            return ReadResult(module, self._now(), reason, "not_reachable")
        baud = None if self._own_baud is None else address.baud or self._own_baud

        def on_answer(exchange: Exchange, answer: Answer) -> None:
            if self._quality is not None:
                self._quality.take(module, exchange, answer, self._now(), baud)

        result = yield from self._attempt(module, address, baud, on_answer)
        if result.code in TRANSIENT:
            again = yield from self._attempt(module, address, baud, on_answer)
            # A module of which something was received is not silent.
            if not again.silent and (again.readings or not result.readings):
                result = again
        _note(module, result)
        return result

    def _attempt(
        self,
        module: SiteModule,
        address: SlaveAddress,
        baud: int | None,
        on_answer: Callable[[Exchange, Answer], object],
    ) -> Procedure[ReadResult]:
        try:
            reading = yield from watched(read_at(address, whole=True), on_answer)
            return replace(_taken(module, reading, baud, self._table, self._now()), received=reading)
        except ProcedureFailed as error:
            reason = error.message
            if error.code == "collision" and _has_number(address):
                # A whole address with a fabrication number belongs to one module.
                template = marked(
                    "{0} answers with damaged bytes: the line may be disturbed, or another module has its number"
                )
                reason = Message(template, (name_of(module),))
            elif error.code in SILENT:
                reason = does_not_answer(module)
            return ReadResult(module, self._now(), reason, error.code)


def take_reading(
    module: SiteModule, reading: SlaveReading, baud: int | None, table: CommandTable, at: datetime
) -> ReadResult:
    """Store in a row what its module sent in a reading at `baud` bit/s, as `ReadMany` does.

    Raises ProcedureFailed if that is not a readout of this module; nothing is stored then.
    """
    result = _taken(module, reading, baud, table, at)
    _note(module, result)
    return result


def _note(module: SiteModule, result: ReadResult) -> None:
    module.lost = result.silent
    module.failure = "" if result.failure is None or result.silent else cause_of(result.failure)


def _taken(
    module: SiteModule, reading: SlaveReading, baud: int | None, table: CommandTable, at: datetime
) -> ReadResult:
    """Store what a module sent. Raises ProcedureFailed if that is not a readout of this module."""
    check_module(module, reading.frames[0])
    telegrams = [telegram for frame in reading.frames if (telegram := decoded(frame)) is not None]
    take_first(module, reading.frames[0], baud, table, at)
    readings = tuple(readings_in(telegrams))
    if lacks_meter(telegrams[0]):
        template = marked("{0} has no contact with its meter: what it sends are the last values that it knows")
        reason = Message(template, (name_of(module),))
        return ReadResult(module, at, reason, "no_meter", readings, True, reading.warnings)
    if not readings:
        reason = Message("{0} sends no values of its meter", (name_of(module),))
        return ReadResult(module, at, reason, "no_values", warnings=reading.warnings)
    number = meter_number(readings) or ""
    module.meter_read = number if has_digits(number, 8) else module.meter_read
    stored = {each.code: each for each in (_stored(reading, at) for reading in readings)}
    if reading.complete:
        module.readings = stored
        return ReadResult(module, at, readings=readings, warnings=reading.warnings)
    module.readings = {**module.readings, **stored}
    return ReadResult(module, at, reading.warnings[-1], "incomplete", readings, warnings=reading.warnings)


def _has_number(at: SlaveAddress) -> bool:
    return at.selection is not None and len(at.selection) > HEADER_SIZE


def readings_in(telegrams: Sequence[Telegram]) -> Iterator[Reading]:
    """Yield the values of the meter: those of a CMi1020 as the meter spelled them, of other slaves as they were sent.

    A value of another slave has the OBIS code that gateways give it, which is only a label.
    """
    lines = restore_lines(telegrams)
    if lines:
        yield from read_lines(lines)
        return
    for telegram in telegrams:
        for record in telegram.records:
            code = label(telegram.header, record)
            if code is not None and isinstance(record.value, int | Decimal):
                yield Reading(code, plain(record.value), Decimal(record.value), record.unit)


def _stored(reading: Reading, at: datetime) -> SiteReading:
    """Return a reading as it is stored: as the meter spelled it, with further data sets in the value."""
    value, unit = (reading.text, "") if reading.further else (reading.value, reading.unit)
    return SiteReading(code=one_line(reading.code), value=printable(value)[:_LONGEST_VALUE], unit=one_line(unit), at=at)
