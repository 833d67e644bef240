"""pyMeterBus, an independent master, reads the module over real sockets and pseudo-terminals."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal

import meterbus
import pytest
import serial

from cmi_gui.engine.iec62056.reading import read_line
from cmi_gui.engine.station.station import Station
from tests.helpers.station_bench import station
from tests.helpers.waiting import poll

pytestmark = [pytest.mark.asyncio, pytest.mark.real_time(0.02)]

TIMEOUT = 3.0
OWN_RECORDS = 5

LINKS = [
    "tcp://127.0.0.1:0",
    pytest.param("pty:", marks=pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")),
]
VARIANTS = ["M23", "M26", "M27", "M29", "full"]


@contextmanager
def port(made: Station) -> Iterator[serial.SerialBase]:
    url = made.link_status[0].url
    if url.startswith("tcp:"):
        opened = serial.serial_for_url(url.replace("tcp:", "socket:"), timeout=TIMEOUT)
    else:
        opened = serial.Serial(url.removeprefix("pty:"), 2400, parity=serial.PARITY_EVEN, timeout=TIMEOUT)
    with opened:
        yield opened


def receive(opened: serial.SerialBase) -> meterbus.TelegramLong:
    raw = meterbus.recv_frame(opened)
    assert raw, "no good telegram came"
    return meterbus.load(raw)


def ask(opened: serial.SerialBase, c: int, address: int) -> meterbus.TelegramLong:
    frame = meterbus.TelegramShort()
    frame.header.cField.parts = [c]
    frame.header.aField.parts = [address]
    meterbus.send_request_frame(opened, req=frame)
    return receive(opened)


def read_all(opened: serial.SerialBase, address: int) -> list[meterbus.TelegramLong]:
    telegrams = []
    c = 0x7B
    while True:
        telegrams.append(ask(opened, c, address))
        if not telegrams[-1].more_records_follow:
            return telegrams
        c ^= 0x20


def ping(opened: serial.SerialBase, address: int) -> None:
    meterbus.send_ping_frame(opened, address)
    assert isinstance(meterbus.load(meterbus.recv_frame(opened)), meterbus.TelegramACK)


def select(opened: serial.SerialBase, secondary: str) -> None:
    meterbus.send_select_frame(opened, secondary)
    assert isinstance(meterbus.load(meterbus.recv_frame(opened)), meterbus.TelegramACK)


BASE = {"kWh": ("WH", 1000), "kW": ("W", 1000), "V": ("V", 1), "A": ("A", 1)}


def compare(record: meterbus.TelegramVariableDataRecord, line: str) -> None:
    """Compare pyMeterBus's interpretation of a record with the meter's own line.

    Its known errors: kvarh, kVAh and Hz are off by powers of ten and "Reserved", the power factor's
    multiplier is ignored. There its digits must be right; everywhere else value and unit.
    """
    (reading,) = read_line(line)
    shown = record.interpreted
    if reading.number is None or reading.code in ("C.7.0", "82.8.1", "82.8.2"):
        assert str(shown["value"]) == (reading.text if reading.number is None else str(int(reading.number))), line
        return
    # pyMeterBus uses binary fractions; the meter has at most three decimals.
    value = round(Decimal(shown["value"]), 9)
    if reading.unit in BASE:
        unit, factor = BASE[reading.unit]
        assert shown["unit"] == f"MeasureUnit.{unit}", line
        assert value == reading.number * factor, line
    else:
        assert value.normalize().as_tuple().digits == reading.number.normalize().as_tuple().digits, line
    tariff = reading.code.split(".")[2] if reading.code.count(".") == 2 else "0"
    assert shown.get("tariff", 0) == int(tariff), line


def data_records(telegrams: list[meterbus.TelegramLong]) -> list[meterbus.TelegramVariableDataRecord]:
    """Return all records; pyMeterBus counts the mark "more telegrams follow" (1F) as one too."""
    return [record for telegram in telegrams for record in telegram.records if record.dib.parts[0] != 0x1F]


def compare_all(telegrams: list[meterbus.TelegramLong], made: Station) -> None:
    records = data_records(telegrams)
    own, lines = records[:OWN_RECORDS], records[OWN_RECORDS:]
    assert own[0].interpreted["value"] == int(made.module.serial)
    assert len(lines) == len(made.module.lines)
    for record, line in zip(lines, made.module.lines, strict=True):
        compare(record, line)


async def with_master(link: str, variant: str, work: Callable[[serial.SerialBase, Station], None]) -> None:
    async with station(mbus=(link,), variant=variant) as made:

        def run() -> None:
            with port(made) as opened:
                work(opened, made)

        await asyncio.to_thread(run)


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("variant", VARIANTS)
async def test_reads_every_value_by_primary_address(link: str, variant: str) -> None:
    def work(opened: serial.SerialBase, made: Station) -> None:
        ping(opened, 0)
        compare_all(read_all(opened, 0), made)

    await with_master(link, variant, work)


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("secondary", ["1234567896150102", "12345678FFFFFFFF", "FFFFFFFFFFFFFFFF", "33456789FFFFFFFF"])
async def test_selects_and_reads_every_value_by_secondary_address(link: str, secondary: str) -> None:
    def work(opened: serial.SerialBase, made: Station) -> None:
        select(opened, secondary)
        compare_all(read_all(opened, 253), made)

    await with_master(link, "full", work)


async def test_the_full_list_needs_several_telegrams() -> None:
    def work(opened: serial.SerialBase, made: Station) -> None:
        ping(opened, 0)
        assert len(read_all(opened, 0)) == 4

    await with_master(LINKS[0], "full", work)


async def test_a_master_that_never_toggles_gets_fresh_data() -> None:
    async with station(variant="full") as made:

        def numbers() -> tuple[int, int]:
            """Return the access numbers of an answer and of the next one that is not its repetition."""
            with port(made) as opened:
                first = ask(opened, 0x5B, 0).body.bodyHeader.acc_nr_field.parts[0]
                while (later := ask(opened, 0x5B, 0).body.bodyHeader.acc_nr_field.parts[0]) == first:
                    pass
                return first, later

        first, later = await asyncio.to_thread(numbers)
        assert later == first + 1


async def test_reconnecting_between_selection_and_reading() -> None:
    async with station(variant="M26") as made:

        def work() -> None:
            with port(made) as opened:
                select(opened, "12345678FFFFFFFF")
            with port(made) as opened:
                compare_all(read_all(opened, 253), made)

        await asyncio.to_thread(work)


async def test_lost_contact_is_reported_and_the_last_values_stay() -> None:
    async with station(variant="M26") as made:
        assert made.meter is not None
        made.meter.faults.silent = True
        for _ in range(3):  # by hand, as the module itself waits 5 s after each failure
            failures = made.module.schedule.failures
            made.read_now()
            await poll(lambda failures=failures: made.module.schedule.failures > failures)
        assert not made.module.contact

        def work() -> None:
            with port(made) as opened:
                telegrams = read_all(opened, 0)
                assert telegrams[0].body.bodyHeader.status_field.parts[0] & 0x10
                lines = data_records(telegrams)[OWN_RECORDS:]
                assert len(lines) == len(made.module.lines)
                functions = {record.interpreted["function"] for record in lines}
                assert functions == {"FunctionType.ERROR_STATE_VALUE"}

        await asyncio.to_thread(work)
