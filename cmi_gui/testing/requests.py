"""What masters sent and modules answered, from the traffic of a room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cmi_gui.engine.cmi1020.obis_labels import restore_lines
from cmi_gui.engine.configurator.slaves import identity_of
from cmi_gui.engine.iec62056.reading import Reading, read_lines
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.frame import parse_frame
from cmi_gui.engine.mbus.telegram import Telegram, decode_telegram
from cmi_gui.engine.traffic.store import Direction, RowKind, Side, TrafficRow
from cmi_gui.engine.traffic.telegram_type import TelegramType


@dataclass(frozen=True, slots=True)
class MasterRequest:
    """A telegram of a master. `at`: the time of its last bit, in monotonic seconds. `address`: its A field.

    `kind`: SND_NKE, SND_UD, REQ_UD1, REQ_UD2, or OTHER for an unknown C field. `link`: the link that it came on.
    """

    at: float
    address: int | None
    kind: str
    telegram: bytes
    link: str


def requests_in(rows: Iterable[TrafficRow]) -> Iterator[MasterRequest]:
    """Yield the undamaged telegrams of masters among rows."""
    for row in rows:
        if row.side is Side.MBUS and row.direction is Direction.RECEIVED and row.kind is RowKind.TELEGRAM:
            yield MasterRequest(row.at, row.address, TelegramType(row.type).name, row.data, row.link)


def series_of(serial: str, rows: Iterable[TrafficRow]) -> list[Telegram]:
    """Return the telegrams of the last series that the module with this serial number has sent; empty if none."""
    latest: dict[str, list[Telegram]] = {}
    found: list[Telegram] = []
    for row in rows:
        if row.side is not Side.MBUS or row.direction is not Direction.SENT or row.kind is not RowKind.TELEGRAM:
            continue
        telegram = _telegram(row.data)
        if telegram is None:
            continue
        identity = identity_of(telegram)
        if identity is not None and identity.fabrication:
            # The first telegram of a series has the fabrication number.
            latest[row.link] = series = [telegram]
            if identity.fabrication == serial:
                found = series
        elif row.link in latest:
            latest[row.link].append(telegram)
    return found


def readings_of(series: list[Telegram]) -> dict[str, Reading]:
    """Return the readings of the meter in a series of telegrams, by OBIS code; of a code given twice, the first."""
    readings: dict[str, Reading] = {}
    for reading in read_lines(restore_lines(series)):
        readings.setdefault(reading.code, reading)
    return readings


def _telegram(data: bytes) -> Telegram | None:
    try:
        telegram = decode_telegram(parse_frame(data))
    except MBusError:
        return None
    return telegram if telegram.header is not None else None
