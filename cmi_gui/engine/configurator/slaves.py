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
from cmi_gui.engine.mbus.slave_address import SlaveAddress, fabrication_in, with_fabrication
from cmi_gui.engine.mbus.telegram import Header, Telegram, decode_telegram
from cmi_gui.engine.messages import Argument, Message

_MASK_SIZE = 8


@dataclass(frozen=True, slots=True)
class SlaveIdentity:
    """A slave's identity: the fields of the header, and the fabrication number if there is one.

    Fields missing in the header are None, as in `Header`; `fabrication` has eight digits, or is empty. On a
    CMi1020 it is always the serial number on the label.
    """

    id: str
    manufacturer: str | None
    version: int | None
    device_type: int | None
    fabrication: str

    @property
    def name(self) -> Argument:
        """The identification number, with manufacturer and fabrication number if they are known."""
        name = f"{self.manufacturer or ''} {self.id}".strip()
        return with_fabrication(name, self.fabrication) if self.fabrication else name

    @property
    def key(self) -> str:
        """The manufacturer with the number that never changes, else the whole secondary address; for stored data."""
        if self.fabrication:
            return f"{self.manufacturer} {self.fabrication}"
        return f"{self.manufacturer} {self.id} {self.version} {self.device_type}"

    def is_same(self, other: SlaveIdentity) -> bool:
        """Return whether both are one slave: the fabrication number never changes, the secondary address can."""
        if self.fabrication:
            return (self.manufacturer, self.fabrication) == (other.manufacturer, other.fabrication)
        return self == other


def identity_of(telegram: Telegram | None) -> SlaveIdentity | None:
    """Return the identity of a telegram's sender; None without a telegram, or if it has none."""
    header = None if telegram is None else telegram.header
    if telegram is None or header is None or header.id is None:
        return None
    number = fabrication_in(telegram)[::-1].hex().upper()
    return SlaveIdentity(header.id, header.manufacturer, header.version, header.device_type, number)


def telegram_or_error(frame: Frame) -> Telegram | MBusError:
    """Return the decoded telegram, or the error if it cannot be decoded."""
    try:
        return decode_telegram(frame)
    except MBusError as error:
        return error


@dataclass(slots=True, eq=False)
class ListedSlave:
    """One slave, or an address or selection at which unidentified slaves answer.

    `baud` in bit/s. `address`: its primary address, as reported or as requested, 0 to 250; None if unknown. `alone`:
    only this slave answered there. `selection`: the selection field with which a search found it alone, or None.
    `collision`: several answer at once. `identity`: None if no answer has one. `first`: its newest first telegram.
    `read_at` in seconds of the engine's clock; `seen_in`: the number of the last scan that found it. `answers`: the
    telegrams of the last whole reading, with the error for each that cannot be decoded. `failure`: why the last reading
    failed.
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
    """True if a telegram was received, even one that cannot be decoded."""
    answers: tuple[Telegram | MBusError, ...] = ()
    read_at: float | None = None
    failure: Exception | None = None
    warnings: tuple[Message, ...] = ()
    """Warnings of the last whole reading, such as missing telegrams."""
    lines: list[str] = field(default_factory=list)
    """The meter's data lines of the last reading, `CODE(VALUE)`; only a CMi1020 sends them."""

    @property
    def header(self) -> Header | None:
        """The header of the newest first telegram, or None."""
        return None if self.first is None else self.first.header

    @property
    def telegrams(self) -> list[Telegram]:
        """The decoded telegrams of the last whole reading; before any reading, the telegram of the scan."""
        if self.answers:
            return [answer for answer in self.answers if isinstance(answer, Telegram)]
        return [] if self.first is None else [self.first]

    @property
    def mask(self) -> bytes | None:
        """The selection field found by a search, else the first 8 bytes of its header, else None."""
        if self.selection is not None:
            return self.selection
        # Other data structures have no such header, or a different byte order in it.
        if self.first is None or self.first.frame.ci != CI_VARIABLE or self.header is None:
            return None
        return self.first.frame.data[:_MASK_SIZE]


class SlaveList:
    """The slaves of one bus; scans and readings update the entries, which stay the same objects."""

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
        """Start a new scan: `take_found` counts each slave as found by the newest scan."""
        self.scans += 1

    def address_of(self, slave: ListedSlave) -> SlaveAddress | None:
        """Return an address that reaches only this slave; None if none is known.

        That is its primary address if it answered alone there and no other entry has it; else its selection.
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
        """Add or update the entry of a slave found by a scan at `baud` bit/s, and return it."""
        frame, telegram, selection = found.frame, found.telegram, found.at.selection
        address = found.at.primary
        if address is None and frame is not None and frame.a <= ADDRESS_PRIMARY_MAX:
            address = frame.a
        identity = identity_of(telegram)
        entry = self._entry(ListedSlave(baud, address, self.scans, selection=selection, identity=identity))
        entry.collision = found.collision
        entry.answered = frame is not None
        entry.failure = None
        if telegram is not None:
            self._take_first(entry, telegram)
        if selection is not None:
            entry.selection = selection
        else:
            entry.alone = not found.collision
            if entry.alone:
                self._replace_unidentified(entry)
        return entry

    def take_reading(self, slave: ListedSlave, reading: SlaveReading, at: float) -> None:
        """Update a slave's entry with a whole reading made at `at` (seconds of the engine's clock)."""
        frames = reading.frames
        slave.answers = tuple(telegram_or_error(frame) for frame in frames)
        slave.read_at, slave.warnings = at, reading.warnings
        slave.failure = None
        telegrams = [answer for answer in slave.answers if isinstance(answer, Telegram)]
        slave.lines = restore_lines(telegrams)
        if isinstance(slave.answers[0], Telegram):
            self._take_first(slave, slave.answers[0])
        if frames[0].a <= ADDRESS_PRIMARY_MAX and frames[0].a != slave.address:
            # Its address was changed, or was unknown because the slave was found by selection.
            slave.address, slave.alone = frames[0].a, False
        slave.answered = True

    def _entry(self, found: ListedSlave) -> ListedSlave:
        """Return the entry of the slave found; add one if it has none."""
        for slave in sorted(self._slaves, key=lambda slave: slave.address != found.address):
            if self._is_same(slave, found):
                break
        else:
            slave = found
            self._slaves.append(slave)
        if found.address is not None and slave.address != found.address:
            slave.address, slave.alone = found.address, False
        slave.seen_in, slave.baud = self.scans, found.baud
        return slave

    def _is_same(self, slave: ListedSlave, found: ListedSlave) -> bool:
        if slave.identity is None or found.identity is None:
            places = [(each.identity, each.address, each.selection, each.baud) for each in (slave, found)]
            return places[0] == places[1]
        # The same identity at different addresses is two slaves within one scan, but one slave with a changed address
        # from one scan to the next.
        if slave.seen_in < self.scans:
            return slave.identity.is_same(found.identity)
        return slave.identity == found.identity and (
            slave.address == found.address or None in (slave.address, found.address)
        )

    def _take_first(self, slave: ListedSlave, telegram: Telegram) -> None:
        """Store a first telegram; with a new identity the old selection no longer reaches the slave."""
        slave.first, identity = telegram, identity_of(telegram)
        if identity is not None and identity != slave.identity:
            slave.identity, slave.selection = identity, None

    def _replace_unidentified(self, entry: ListedSlave) -> None:
        """Remove unidentified entries of earlier scans at this address, and clear the address of identified ones.

        The slave that answers alone now is the one that was unidentified, and no other slave has this address now.
        """
        for slave in [*self._slaves]:
            if (slave.address, slave.baud) != (entry.address, entry.baud) or slave.seen_in == self.scans:
                continue
            if slave.identity is None:
                self._slaves.remove(slave)
            else:
                slave.address, slave.alone = None, False


def _order(slave: ListedSlave) -> tuple[int, str, int]:
    address = ADDRESS_PRIMARY_MAX + 1 if slave.address is None else slave.address
    name = slave.identity.id if slave.identity is not None else (slave.selection or b"")[3::-1].hex()
    return address, name, slave.baud
