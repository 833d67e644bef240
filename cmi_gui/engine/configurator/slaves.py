"""What is known of the slaves on a bus: what scans and readings told, put together into one entry a slave."""

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
class Who:
    """What tells one slave from another: the header's identity, and the fabrication number where it is given.

    What the header does not have is None, as in `Header`; `fabrication` has eight digits, or is empty.
    """

    id: str
    manufacturer: str | None
    version: int | None
    device_type: int | None
    fabrication: str

    @property
    def name(self) -> str:
        """The identification number, with maker and fabrication number where they are given."""
        fabrication = f", fabrication number {self.fabrication}" if self.fabrication else ""
        return f"{self.manufacturer or ''} {self.id}{fabrication}".strip()

    def is_same(self, other: Who) -> bool:
        """Whether both are one slave: a fabrication number stays what it is, the secondary address can be changed."""
        if self.fabrication:
            return (self.manufacturer, self.fabrication) == (other.manufacturer, other.fabrication)
        return self == other


def label_serial(telegram: Telegram) -> str:
    """The fabrication number in a telegram, eight digits as read; empty where it has none.

    On a CMi1020 it is always the serial number of its label.
    """
    return fabrication_in(telegram)[::-1].hex().upper()


def who(telegram: Telegram) -> Who | None:
    """Who has sent a telegram; None where it does not say."""
    header = telegram.header
    if header is None or header.id is None:
        return None
    return Who(header.id, header.manufacturer, header.version, header.device_type, label_serial(telegram))


def telegram_or_error(frame: Frame) -> Telegram | MBusError:
    """The telegram, or why it cannot be decoded."""
    try:
        return decode_telegram(frame)
    except MBusError as error:
        return error


@dataclass(slots=True, eq=False)
class ListedSlave:
    """One slave, or a place on the bus at which something answers that could not be told apart.

    `baud` in bit/s. `address`: the primary one it tells or was asked at, 0 to 250; None while unknown. `alone`: it
    answered there and nobody else did. `selection`: the selection field that reaches it alone, where a search found it.
    `collision`: several answer at once. `who`: None where no answer tells it. `first`: its newest first telegram.
    `read_at` in seconds of the engine's clock; `seen_in` counts the list's scans. `answers`: every telegram
    of the last whole reading, or why one cannot be decoded. `failure`: why the last try to read it failed.
    """

    baud: int
    address: int | None
    seen_in: int
    alone: bool = False
    selection: bytes | None = None
    collision: bool = False
    who: Who | None = None
    first: Telegram | None = None
    answered: bool = False
    """Whether a telegram came, be it one that cannot be decoded."""
    answers: tuple[Telegram | MBusError, ...] = ()
    read_at: float | None = None
    failure: Exception | None = None
    warnings: tuple[Message, ...] = ()
    """What is odd about the last whole reading: telegrams that did not come, say."""
    lines: list[str] = field(default_factory=list)
    """The meter's own lines of the last reading, `CODE(VALUE)`; only a CMi1020 sends such."""

    @property
    def header(self) -> Header | None:
        """The newest header."""
        return None if self.first is None else self.first.header

    @property
    def telegrams(self) -> list[Telegram]:
        """The telegrams of the last whole reading that can be decoded; before it, the one of the scan."""
        if self.answers:
            return [answer for answer in self.answers if isinstance(answer, Telegram)]
        return [] if self.first is None else [self.first]

    @property
    def mask(self) -> bytes | None:
        """A selection field for it: the one a search found, else its header's beginning; None where neither tells."""
        if self.selection is not None:
            return self.selection
        # Other structures have no such header, or another order of bytes in it.
        if self.first is None or self.first.frame.ci != CI_VARIABLE or self.header is None:
            return None
        return self.first.frame.data[:_MASK_SIZE]


class SlaveList:
    """The slaves of one bus; entries stay what they are while scans and readings add to them."""

    def __init__(self) -> None:
        self._slaves: list[ListedSlave] = []
        self.scans = 0
        """How many scans there have been."""

    def __len__(self) -> int:
        return len(self._slaves)

    def __iter__(self) -> Iterator[ListedSlave]:
        """By address, those without one last; then by identification number."""
        return iter(sorted(self._slaves, key=_order))

    def clear(self) -> None:
        """Forget all."""
        self._slaves.clear()

    def begin_scan(self) -> None:
        """What is found from now on belongs to a new scan."""
        self.scans += 1

    def address_of(self, slave: ListedSlave) -> SlaveAddress | None:
        """How a slave is reached alone; None where nothing known reaches it alone.

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
        """Take in what a scan found; returns the entry, new or brought up to date."""
        frame, telegram, selection = found.frame, found.telegram, found.at.selection
        address = found.at.primary
        if address is None and frame is not None and frame.a <= ADDRESS_PRIMARY_MAX:
            address = frame.a
        entry = self._entry(None if telegram is None else who(telegram), address, selection, baud)
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
        """Take in the telegrams of a slave."""
        frames = reading.frames
        slave.answers = tuple(telegram_or_error(frame) for frame in frames)
        slave.read_at, slave.warnings = at, reading.warnings
        slave.failure = None
        telegrams = [answer for answer in slave.answers if isinstance(answer, Telegram)]
        slave.lines = restore_lines(telegrams)
        if isinstance(slave.answers[0], Telegram):
            self._tells(slave, slave.answers[0])
        if frames[0].a <= ADDRESS_PRIMARY_MAX and frames[0].a != slave.address:
            # Its address has been changed, or it is only known by its selection.
            slave.address, slave.alone = frames[0].a, False
        slave.answered = True

    def _entry(self, name: Who | None, address: int | None, selection: bytes | None, baud: int) -> ListedSlave:
        """The entry that this is about, made if there is none."""
        for slave in sorted(self._slaves, key=lambda slave: slave.address != address):
            if self._same(slave, name, address, selection, baud):
                break
        else:
            slave = ListedSlave(baud, address, self.scans, selection=selection, who=name)
            self._slaves.append(slave)
        if address is not None and slave.address != address:
            slave.address, slave.alone = address, False
        slave.seen_in, slave.baud = self.scans, baud
        return slave

    def _same(
        self, slave: ListedSlave, name: Who | None, address: int | None, selection: bytes | None, baud: int
    ) -> bool:
        if name is None:
            return slave.who is None and (slave.address, slave.selection, slave.baud) == (address, selection, baud)
        # Two of one name at different addresses in one scan are two; from one scan to the next, somebody has given
        # the slave another address.
        if slave.seen_in < self.scans:
            return slave.who is not None and slave.who.is_same(name)
        return slave.who == name and (slave.address == address or None in (slave.address, address))

    def _tells(self, slave: ListedSlave, telegram: Telegram) -> None:
        """Take in a first telegram; what selected a slave of another name reaches it no more."""
        slave.first, name = telegram, who(telegram)
        if name is not None and name != slave.who:
            slave.who, slave.selection = name, None

    def _replace_nameless(self, entry: ListedSlave) -> None:
        """Whoever answers alone at an address is what answered there before, and nobody else is there any more."""
        here = [
            slave
            for slave in self._slaves
            if slave is not entry and slave.address == entry.address and slave.baud == entry.baud
        ]
        for slave in here:
            if slave.who is None and slave.seen_in < self.scans:
                self._slaves.remove(slave)
            elif slave.seen_in < self.scans:
                slave.address, slave.alone = None, False


def _order(slave: ListedSlave) -> tuple[int, str, int]:
    address = ADDRESS_PRIMARY_MAX + 1 if slave.address is None else slave.address
    name = slave.who.id if slave.who is not None else (slave.selection or b"")[3::-1].hex()
    return address, name, slave.baud
