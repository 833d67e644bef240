"""The consequences of a telegram of a master: what it may change in the slaves that it reaches."""

from __future__ import annotations

from dataclasses import dataclass

from cmi_gui.engine.cmi1020.commands import CommandInvalid, CommandRecord, CommandTable
from cmi_gui.engine.mbus import ci
from cmi_gui.engine.mbus.dib import DataField
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.frame import ADDRESS_BROADCAST, ADDRESS_TEST, Frame, Function
from cmi_gui.engine.mbus.raw import repaired
from cmi_gui.engine.mbus.record import Record, decode_records
from cmi_gui.engine.mbus.wording import byte_count, record_message
from cmi_gui.engine.messages import Message

_OPEN = 0
"""The value of the command `disconnector` that opens it; any other one closes it."""
_GLOBAL_READOUT = 0x7F
_CLEAR = "07"


@dataclass(frozen=True, slots=True)
class Consequences:
    """What a telegram may do. `opens`, `closes`: it moves the disconnector; `others`: one sentence for each other one.

    All are empty for a telegram that changes nothing, such as a request for data to one slave.
    """

    opens: bool = False
    closes: bool = False
    others: tuple[Message, ...] = ()

    def __bool__(self) -> bool:
        return self.opens or self.closes or bool(self.others)


def consequences_of(data: bytes, table: CommandTable) -> Consequences:
    """Return the consequences of the bytes of a telegram, by the commands of a profile.

    A wrong checksum makes no difference, because a slave may not check it. An unknown effect is reported as unknown.
    Values are named, except those of secrets.
    """
    frame = repaired(data)
    if frame is None:
        return Consequences(others=(Message("This is not a telegram: its effect is not known."),))
    if not frame.from_master:
        return Consequences(
            others=(Message("Only slaves send such a telegram: its effect on other devices is not known."),)
        )
    found = _of_function(frame, table)
    others = [*_of_address(frame.a), *found.others]
    return Consequences(found.opens, found.closes, tuple(dict.fromkeys(others)))


def _of_address(address: int) -> tuple[Message, ...]:
    if address == ADDRESS_TEST:
        return (Message("It reaches every slave on the bus, and all of them answer at the same time."),)
    if address == ADDRESS_BROADCAST:
        return (Message("It reaches every slave on the bus, and none of them answers."),)
    return ()


def _of_function(frame: Frame, table: CommandTable) -> Consequences:
    match frame.function:
        case Function.SND_NKE | Function.REQ_UD1 | Function.REQ_UD2 if not frame.ci and not frame.data:
            return Consequences()
        case Function.SND_UD:
            return _of_content(frame, table)
    return Consequences(others=(Message("C field {0}: its effect is not known.", (f"{frame.c:02X}",)),))


def _of_content(frame: Frame, table: CommandTable) -> Consequences:
    match frame.ci:
        case ci.CI_SEND:
            return _of_records(frame.data, table)
        case ci.CI_SELECT | ci.CI_SELECT_MODE_2:
            return Consequences()
        case ci.CI_RESET:
            return Consequences(others=(_reset(frame.data, table),))
        case code if code in ci.BAUD_RATES:
            words = Message(
                "This changes the speed to {0} bit/s: the slave then no longer answers at the present speed.",
                (ci.BAUD_RATES[code],),
            )
            return Consequences(others=(words,))
    return Consequences(others=(Message("CI field {0}: its effect is not known.", (f"{frame.ci:02X}",)),))


def _reset(data: bytes, table: CommandTable) -> Message:
    sub_code = data.hex().upper()
    for row in table.profile.command:
        for choice in row.choices if row.frame == "reset" else ():
            if choice.value and choice.value.upper() == sub_code and choice.ask is not None:
                return Message(choice.ask)
    if data:
        return Message("This resets the application of the slave with sub-code {0}.", (sub_code,))
    return Message("This resets the application of the slave.")


def _of_records(data: bytes, table: CommandTable) -> Consequences:
    try:
        decoded = decode_records(data, from_master=True)
    except MBusError:
        return Consequences(others=(Message("Its records cannot be decoded: its effect is not known."),))
    opens = closes = False
    others: list[Message] = []
    for record in decoded.records:
        command = _command(data[record.offset : record.offset + record.size], table)
        if command is None:
            others.append(_unknown(record))
        elif command.row.does != "disconnector":
            others.append(_change(command))
        elif command.value == _OPEN:
            opens = True
        else:
            closes = True
    if decoded.manufacturer_data:
        words = Message(
            "{0} of manufacturer data: their effect is not known.", (byte_count(len(decoded.manufacturer_data)),)
        )
        others.append(words)
    return Consequences(opens, closes, tuple(others))


def _command(data: bytes, table: CommandTable) -> CommandRecord | None:
    """Return the command of one record; None if it is unknown or has an invalid value."""
    try:
        commands = table.read(data)
    except CommandInvalid:
        return None
    return commands[0] if commands else None


def _unknown(record: Record) -> Message:
    if record.field is DataField.SELECTION or record.dib[0] == _GLOBAL_READOUT:
        return Message("This changes which records the slave sends from now on.")
    return Message("Record {0}: its effect is not known.", (record_message(record),))


def _change(command: CommandRecord) -> Message:
    row, value = command.row, command.value
    if command.action == _CLEAR or value is None:
        return Message("This sends {0}, without a value.", (row.name,))
    if row.secret:
        return Message("This changes {0}.", (row.name,))
    shown = " ".join(map(str, value)) if isinstance(value, tuple) else value
    return Message("This changes {0} to {1}.", (row.name, shown))
