"""The lines of a scenario's master, which reads and sets modules over a wire of its own to the bus."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from cmi_gui.engine.cmi1020.obis_labels import restore_lines
from cmi_gui.engine.configurator.discover import parse_range
from cmi_gui.engine.configurator.session import Cancelled, Job, MasterSession
from cmi_gui.engine.configurator.slaves import telegram_or_error
from cmi_gui.engine.configurator.writing import Written, can_be_sent, prepare, write
from cmi_gui.engine.iec62056.reading import read_lines
from cmi_gui.engine.mbus.ci import BAUD_RATES
from cmi_gui.engine.mbus.exchange import Procedure, SetSpeed
from cmi_gui.engine.mbus.frame import ADDRESS_PRIMARY_MAX, ADDRESS_TEST
from cmi_gui.engine.mbus.procedures import SlaveReading, read_slave, select
from cmi_gui.engine.mbus.render import Json, summary
from cmi_gui.engine.mbus.scan import FoundSlave, scan_primary
from cmi_gui.engine.mbus.search import search_secondary
from cmi_gui.engine.mbus.slave_address import SlaveAddress, mask_bytes
from cmi_gui.engine.mbus.telegram import Telegram, TelegramKind
from cmi_gui.engine.messages import CodedError, Listing, Message, marked
from cmi_gui.engine.room.line import (
    Handler,
    Instruction,
    LineResult,
    Values,
    Verb,
    bad_line,
    failure,
    one_of,
    refused,
    shown,
    whole_number,
)
from cmi_gui.engine.station.station import Station
from cmi_gui.engine.station.wiring import BUS_LINE

_SHORTEST_MASK: Final = 8
_SPEEDS: Final = {str(baud): baud for baud in BAUD_RATES.values()}
_SECRET: Final = re.compile(r"(master\s+set\s+\S+\s+p[12]) .*")
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class _Running:
    """A procedure of the master that has not ended."""

    session: MasterSession
    job: Job

    def cancel(self) -> None:
        self.session.cancel(self.job)


class ScenarioMaster:
    """A master on the bus of a station, operated by lines; `verbs` are the kinds of line.

    Its wire is in memory and has a speed, at first 2400 bit/s. It keeps what it received last for `master expect`.
    """

    def __init__(self, station: Station) -> None:
        self._station = station
        self._session = MasterSession(station.connect_master(BUS_LINE), BUS_LINE, station.clock)
        self._baud: int | None = None
        self._last: Values = {}
        handlers: tuple[Handler, ...] = (
            *(self._read, self._set, self._scan),
            *(self._select, self._set_speed, self._expect),
        )
        self.verbs = tuple(
            Verb(words, example, effect, handler, targeted=False, begins=_any_word if free else None)
            for (words, example, effect, free), handler in zip(MASTER_LINES, handlers, strict=True)
        )

    def close(self) -> None:
        """Close the wire; a line that is being carried out fails."""
        self._session.close()

    def _read(self, instruction: Instruction) -> _Running:
        return self._run(instruction, read_slave(self._address(instruction.args[0])), _read_values)

    def _set(self, instruction: Instruction) -> _Running:
        if len(instruction.args) < 2:
            raise bad_line(Message("expected an address and the name of a setting or action"))
        at, name, *values = instruction.args
        commands = self._station.commands
        rows = {row.id: row for row in commands.profile.command if can_be_sent(row)}
        row = rows[one_of(rows, name, Message("settings and actions"))]
        writing = prepare(commands, row, " ".join(values), self._address(at))
        return self._run(instruction, write(writing, self._session.baud), _written_values)

    def _scan(self, instruction: Instruction) -> _Running:
        where = instruction.args[0]
        if len(where) < _SHORTEST_MASK:
            return self._run(instruction, scan_primary(parse_range(where), lambda _: None), _found_values)
        return self._run(instruction, search_secondary(mask_bytes(where), lambda _: None), _found_values)

    def _select(self, instruction: Instruction) -> _Running:
        return self._run(instruction, select(mask_bytes(instruction.args[0])), lambda _: {})

    def _set_speed(self, instruction: Instruction) -> Values:
        self._baud = _SPEEDS[one_of(_SPEEDS, instruction.args[0], Message("speeds"))]
        return {}

    def _expect(self, instruction: Instruction) -> Values:
        if len(instruction.args) < 2:
            raise bad_line(Message("expected a name and a value, such as found 3"))
        name, *words = instruction.args
        expected, found = " ".join(words), self._last.get(name)
        if found is None and not self._last:
            template = marked("expected {0} {1}, but the master has received nothing")
            raise refused("not_met", Message(template, (name, expected)))
        if found is None:
            known = Listing(", ", tuple(self._last))
            template = marked("expected {0} {1}, but the master received only {2}")
            raise refused("not_met", Message(template, (name, expected, known)))
        text = " ".join(str(found).split())
        # A value with a unit is also found without it.
        if expected not in (text, text.partition("*")[0]):
            raise refused("not_met", Message("expected {0} {1}, found {2}", (name, expected, text)))
        return {}

    def _run(
        self, instruction: Instruction, procedure: Procedure[_Result], values_of: Callable[[_Result], Values]
    ) -> _Running:
        def at_speed() -> Procedure[_Result]:
            yield SetSpeed(self._baud)
            return (yield from procedure)

        def done(result: _Result) -> None:
            try:
                self._last = values_of(result)
            except CodedError as error:
                failed(error)
            else:
                instruction.done(LineResult(ok=True, values=self._last))

        def failed(error: Exception) -> None:
            if not isinstance(error, Cancelled):
                instruction.done(failure(error))

        self._last = {}
        return _Running(self._session, self._session.run(at_speed(), done, failed))

    def _address(self, text: str) -> SlaveAddress:
        if len(text) >= _SHORTEST_MASK:
            return SlaveAddress(selection=mask_bytes(text), baud=self._baud)
        address = whole_number(text)
        if address > ADDRESS_PRIMARY_MAX and address != ADDRESS_TEST:
            template = marked("primary addresses are 0 to {0}, and {1} for a single slave, not {2}")
            raise bad_line(Message(template, (ADDRESS_PRIMARY_MAX, ADDRESS_TEST, shown(text))))
        return SlaveAddress(address, baud=self._baud)


MASTER_LINES: Final = (
    (
        "master read",
        "1",
        "reads all telegrams of a module by its primary or secondary address; received are telegrams, status (two hex"
        " digits), secondary, and each OBIS code",
        False,
    ),
    ("master set", "1 rate_map 1 2 3 4", "sends a setting or action of a module; received is its status", True),
    (
        "master scan",
        "0-10",
        "finds modules by primary address, or by a mask such as FFFFFFFF; received are found, collisions and addresses",
        False,
    ),
    ("master select", "12345678", "selects a module by its secondary address", False),
    ("master speed", "300", "changes the speed of the master, in bit/s", False),
    ("master expect", "found 2", "compares one of the things that the master received last", True),
)
"""The lines of a scenario's master: words, example, effect, and whether any number of arguments may follow."""


def _any_word(_: str) -> bool:
    return True


def mask_secret(line: str) -> str:
    """Return a line, with the password that a `master set` in it sends replaced by `**`."""
    return _SECRET.sub(r"\1 **", line)


def _read_values(reading: SlaveReading) -> Values:
    telegrams: list[Telegram] = []
    for frame in reading.frames:
        telegram = telegram_or_error(frame)
        if not isinstance(telegram, Telegram):
            raise refused("garbled", Message("a telegram cannot be decoded: {0}", (str(telegram),)))
        if telegram.kind is TelegramKind.APPLICATION_ERROR:
            raise refused("application_error", Message("the slave reported an error: {0}", (str(summary(telegram)),)))
        telegrams.append(telegram)
    if not reading.complete:
        raise refused("incomplete", Listing("; ", reading.warnings))
    header = telegrams[0].header
    values: dict[str, Json] = {"telegrams": len(telegrams)}
    if header is not None:
        values |= {"status": f"{header.status:02X}", "secondary": header.id}
    return values | {reading.code: reading.text for reading in read_lines(restore_lines(telegrams))}


def _written_values(written: Written) -> Values:
    return {} if written.status is None else {"status": f"{written.status:02X}"}


def _found_values(found: list[FoundSlave]) -> Values:
    return {
        "found": len(found),
        "collisions": sum(slave.collision for slave in found),
        "addresses": " ".join(slave.at.where.replace(" ", "") for slave in found),
    }
