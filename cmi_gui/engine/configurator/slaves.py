"""The known slaves on a bus: results of scans and readings, combined into one entry per slave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from cmi_gui.engine.cmi1020.obis_labels import restore_lines
from cmi_gui.engine.mbus.ci import CI_VARIABLE
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.frame import ADDRESS_PRIMARY_MAX, Frame
from cmi_gui.engine.mbus.procedures import SlaveReading
from cmi_gui.engine.mbus.scan import FoundSlave
from cmi_gui.engine.mbus.slave_address import SlaveAddress, fabrication_in
from cmi_gui.engine.mbus.telegram import Header, Telegram, decode_telegram
from cmi_gui.engine.messages import Message

_MASK_SIZE = 8


@dataclass(frozen=True, slots=True)
class SlaveIdentity:
    """A slave's identity: the fields of the header, and the fabrication number where it is given.

    Fields missing in the header are None, as in `Header`; `fabrication` has eight digits, or is empty.
    """

    id: str
    manufacturer: str | None
    version: int | None
    device_type: int | None
    fabrication: str

    @property
    def name(self) -> str:
        """The identification number, with manufacturer and fabrication number where they are given."""
        fabrication = f", fabrication number {self.fabrication}" if self.fabrication else ""
        return f"{self.manufacturer or ''} {self.id}{fabrication}".strip()

    def is_same(self, other: SlaveIdentity) -> bool:
        """Return whether both are one slave: the fabrication number never changes, the secondary address can."""
        if self.fabrication:
            return (self.manufacturer, self.fabrication) == (other.manufacturer, other.fabrication)
        return self == other


def label_serial(telegram: Telegram) -> str:
    """Return the fabrication number in a telegram, eight digits as read; empty where it has none.

    On a CMi1020 it is always the serial number on the label.
    """
    return fabrication_in(telegram)[::-1].hex().upper()


def identity_of(telegram: Telegram) -> SlaveIdentity | None:
    """Return the identity of a telegram's sender; None where the telegram has none."""
    header = telegram.header
    if header is None or header.id is None:
        return None
    return SlaveIdentity(header.id, header.manufacturer, header.version, header.device_type, label_serial(telegram))


def telegram_or_error(frame: Frame) -> Telegram | MBusError:
    """Return the decoded telegram, or the error where it cannot be decoded."""
    try:
        return decode_telegram(frame)
    except MBusError as error:
        return error


@dataclass(slots=True, eq=False)
class ListedSlave:
    """One slave, or an address or selection at which unidentified slaves answer.

    `baud` in bit/s. `address`: the primary address it reported or was asked at, 0 to 250; None while unknown. `alone`:
    only this slave answered there. `selection`: the selection field that reaches it alone, where a search found it.
    `collision`: several answer at once. `identity`: None where no answer has an identity. `first`: its newest first
    telegram. `read_at` in seconds of the engine's clock; `seen_in`: number of the last scan that found it. `answers`:
    every telegram of the last whole reading, or why one cannot be decoded. `failure`: why the last reading failed.
    """

    baud: int
    address: int | None
    seen_in: int
    alone: bool = False
    selection: bytes | None = None
    collision: bool = False
    identity: SlaveIdentity | None = None
    first: Telegram | None = None
    answered: bool = False
    """Whether a telegram came, even one that cannot be decoded."""
    answers: tuple[Telegram | MBusError, ...] = ()
    read_at: float | None = None
    failure: Exception | None = None
    warnings: tuple[Message, ...] = ()
    """Warnings of the last whole reading, such as missing telegrams."""
    lines: list[str] = field(default_factory=list)
    """The meter's data lines of the last reading, `CODE(VALUE)`; only a CMi1020 sends them."""

    @property
    def header(self) -> Header | None:
        """The header of the newest first telegram; None where there is none."""
        return None if self.first is None else self.first.header

    @property
    def telegrams(self) -> list[Telegram]:
        """The decoded telegrams of the last whole reading; before a reading, the telegram of the scan."""
        if self.answers:
            return [answer for answer in self.answers if isinstance(answer, Telegram)]
        return [] if self.first is None else [self.first]

    @property
    def mask(self) -> bytes | None:
        """A selection field: the one a search found, else the first 8 bytes of its header, else None."""
        if self.selection is not None:
            return self.selection
        # Other data structures have no such header, or a different byte order in it.
        if self.first is None or self.first.frame.ci != CI_VARIABLE or self.header is None:
            return None
        return self.first.frame.data[:_MASK_SIZE]


class SlaveList:
    """The slaves of one bus; scans and readings update the entries and keep their identity as objects."""

    def __init__(self) -> None:
        self._slaves: list[ListedSlave] = []
        self.scans = 0
        """Number of scans so far."""

    def __len__(self) -> int:
        return len(self._slaves)

    def __iter__(self) -> Iterator[ListedSlave]:
        """Iterate by address, slaves without one last, then by identification number and speed."""
        return iter(sorted(self._slaves, key=_order))

    def clear(self) -> None:
        """Remove all entries."""
        self._slaves.clear()

    def begin_scan(self) -> None:
        """Start a new scan, to which everything found from now on belongs."""
        self.scans += 1

    def address_of(self, slave: ListedSlave) -> SlaveAddress | None:
        """Return an address that reaches only this slave; None where none is known.

        By its primary address if it answered alone there and no other entry has it; else by its selection.
        """
        shared = any(
            other is not slave and other.address == slave.address and other.baud == slave.baud for other in self._slaves
        )
        if slave.address is not None and slave.alone and not shared:
            return SlaveAddress(slave.address, baud=slave.baud)
        if slave.collision or slave.mask is None:
            return None
        return SlaveAddress(selection=slave.mask, baud=slave.baud)

    def take_found(self, found: FoundSlave, baud: int) -> ListedSlave:
        """Take in a slave found by a scan at `baud` bit/s and return its entry, new or updated."""
        frame, telegram, selection = found.frame, found.telegram, found.at.selection
        address = found.at.primary
        if address is None and frame is not None and frame.a <= ADDRESS_PRIMARY_MAX:
            address = frame.a
        entry = self._entry(None if telegram is None else identity_of(telegram), address, selection, baud)
        entry.collision = found.collision
        entry.answered = frame is not None
        entry.failure = None
        if telegram is not None:
            self._tells(entry, telegram)
        if selection is not None:
            entry.selection = selection
        else:
            entry.alone = not found.collision
            if entry.alone:
                self._replace_nameless(entry)
        return entry

    def take_reading(self, slave: ListedSlave, reading: SlaveReading, at: float) -> None:
        """Take in a whole reading of a slave, made at `at` (seconds of the engine's clock)."""
        frames = reading.frames
        slave.answers = tuple(telegram_or_error(frame) for frame in frames)
        slave.read_at, slave.warnings = at, reading.warnings
        slave.failure = None
        telegrams = [answer for answer in slave.answers if isinstance(answer, Telegram)]
        slave.lines = restore_lines(telegrams)
        if isinstance(slave.answers[0], Telegram):
            self._tells(slave, slave.answers[0])
        if frames[0].a <= ADDRESS_PRIMARY_MAX and frames[0].a != slave.address:
            # Its address was changed, or was unknown because the slave was found by selection.
            slave.address, slave.alone = frames[0].a, False
        slave.answered = True

    def _entry(
        self, name: SlaveIdentity | None, address: int | None, selection: bytes | None, baud: int
    ) -> ListedSlave:
        """Return the entry of the slave described, created if there is none."""
        for slave in sorted(self._slaves, key=lambda slave: slave.address != address):
            if self._same(slave, name, address, selection, baud):
                break
        else:
            slave = ListedSlave(baud, address, self.scans, selection=selection, identity=name)
            self._slaves.append(slave)
        if address is not None and slave.address != address:
            slave.address, slave.alone = address, False
        slave.seen_in, slave.baud = self.scans, baud
        return slave

    def _same(
        self, slave: ListedSlave, name: SlaveIdentity | None, address: int | None, selection: bytes | None, baud: int
    ) -> bool:
        if name is None:
            return slave.identity is None and (slave.address, slave.selection, slave.baud) == (address, selection, baud)
        # The same identity at different addresses is two slaves within one scan, but one slave with a changed address
        # from one scan to the next.
        if slave.seen_in < self.scans:
            return slave.identity is not None and slave.identity.is_same(name)
        return slave.identity == name and (slave.address == address or None in (slave.address, address))

    def _tells(self, slave: ListedSlave, telegram: Telegram) -> None:
        """Take in a first telegram; with a new identity the old selection no longer reaches the slave."""
        slave.first, name = telegram, identity_of(telegram)
        if name is not None and name != slave.identity:
            slave.identity, slave.selection = name, None

    def _replace_nameless(self, entry: ListedSlave) -> None:
        """Drop unidentified entries of earlier scans at this address, and take the address from identified ones.

        The slave that answers alone now is the one that answered here before, and no other slave is left here.
        """
        here = [
            slave
            for slave in self._slaves
            if slave is not entry and slave.address == entry.address and slave.baud == entry.baud
        ]
        for slave in here:
            if slave.identity is None and slave.seen_in < self.scans:
                self._slaves.remove(slave)
            elif slave.seen_in < self.scans:
                slave.address, slave.alone = None, False


def _order(slave: ListedSlave) -> tuple[int, str, int]:
    address = ADDRESS_PRIMARY_MAX + 1 if slave.address is None else slave.address
    name = slave.identity.id if slave.identity is not None else (slave.selection or b"")[3::-1].hex()
    return address, name, slave.baud
