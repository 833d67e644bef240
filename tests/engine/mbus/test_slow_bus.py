"""The master on real buses: slow gateways, equal and hexadecimal numbers, endless series, noise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.configurator.session import MasterSession
from cmi_gui.engine.configurator.writing import prepare, write
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.allowance import AT_START, Allowance
from cmi_gui.engine.mbus.ci import CI_SELECT
from cmi_gui.engine.mbus.exchange import Procedure, ProcedureFailed
from cmi_gui.engine.mbus.frame import ADDRESS_SELECTED, RSP_UD, Frame, Function
from cmi_gui.engine.mbus.procedures import MAX_TELEGRAMS, SlaveReading, read_slave
from cmi_gui.engine.mbus.scan import FoundSlave, scan_primary
from cmi_gui.engine.mbus.search import ANY, search_secondary
from cmi_gui.engine.mbus.slave_address import SlaveAddress, mask_bytes, selection_text
from tests.helpers.buses import BusSlave
from tests.helpers.lossy_bus import Fault, LossyBus

MAKER = bytes.fromhex("96150102")
NETWORK = pytest.mark.parametrize("network", [False, True], ids=["serial", "network"])
TABLE = CommandTable(load_module_profile())


def slave(address: int, number: str = "12345678", fabrication: str = "", **more: Any) -> BusSlave:
    return BusSlave(address, bytes.fromhex(number)[::-1] + MAKER, bytes.fromhex(fabrication)[::-1], **more)


class Bench:
    """A session on a bus; every answer is `late` seconds after its request, or as `faults` give it."""

    def __init__(
        self,
        slaves: Sequence[BusSlave],
        *,
        network: bool = True,
        late: float = 0.0,
        faults: Sequence[Fault] = (),
        extra: bytes = b"",
    ) -> None:
        self.clock = VirtualClock(50.0)
        faults = faults or [slow(late)] * 5000
        self.bus = LossyBus(self.clock, slaves, faults, has_speed=not network, extra=extra, one_by_one=True)
        self.allowance = Allowance(AT_START[network])
        self.session = MasterSession(self.bus, Line(2400), self.clock, allowance=self.allowance)

    def run(self, procedure: Procedure[Any]) -> Any:
        """Return the result of a procedure, or raise its error."""
        ends: list[Any] = []
        self.session.run(procedure, ends.append, ends.append)
        assert self.clock.run_until(self.clock.now() + 100_000, lambda: bool(ends))
        if isinstance(ends[0], Exception):
            raise ends[0]
        return ends[0]

    def read(self, at: SlaveAddress, telegrams: int | None = None) -> SlaveReading:
        reading = self.run(read_slave(at, telegrams))
        assert isinstance(reading, SlaveReading)
        return reading

    def search(self, mask: bytes = ANY) -> list[str]:
        found: list[FoundSlave] = self.run(search_secondary(mask, lambda _: None))
        assert all(each.frame is not None and not each.collision for each in found)
        return [selection_text(each.at.selection or b"") for each in found]

    def write(self, name: str, text: str, at: SlaveAddress) -> Any:
        writing = prepare(TABLE, TABLE.profile.row(name), text, at)
        return self.run(write(writing, self.session.baud))


def slow(seconds: float) -> Fault:
    """An answer that begins `seconds` after its request, at 2400 bit/s."""
    return Fault(share=0.1, late=max(0.0, seconds - 0.1875))


def sections(reading: SlaveReading, of: BusSlave) -> list[int | None]:
    return [of.section_of(frame) for frame in reading.frames]


def failure(run: Callable[[], object]) -> ProcedureFailed:
    with pytest.raises(ProcedureFailed) as caught:
        run()
    return caught.value


# Slow answers


@pytest.mark.parametrize(("network", "late"), [(True, 0.7), (False, 0.35), (False, 0.7), (True, 2.9), (False, 2.9)])
@pytest.mark.parametrize("count", [1, 3])
def test_a_slave_at_a_slow_gateway_is_read(network: bool, late: float, count: int) -> None:
    here = slave(5, sections=count)
    bench = Bench([here], network=network, late=late)
    for at in (SlaveAddress(5), SlaveAddress(selection=mask_bytes("12345678"))):
        reading = bench.read(at)
        assert sections(reading, here) == list(range(count))
        assert (reading.complete, reading.warnings) == (True, ())


@pytest.mark.parametrize(("network", "late"), [(True, 0.7), (False, 0.35), (False, 0.7), (True, 2.9)])
def test_a_scan_over_a_slow_gateway_finds_exactly_the_slaves(network: bool, late: float) -> None:
    slaves = [slave(3), slave(4, "22222222")]
    found = Bench(slaves, network=network, late=late).run(scan_primary(range(8), lambda _: None))
    assert [(each.at.primary, each.collision) for each in found] == [(3, False), (4, False)]
    assert [each.frame.a for each in found] == [3, 4]


@pytest.mark.parametrize(("network", "late"), [(True, 0.7), (False, 0.35), (False, 0.7), (True, 2.9)])
def test_a_search_over_a_slow_gateway_ends_soon(network: bool, late: float) -> None:
    bench = Bench([slave(3)], network=network, late=late)
    assert bench.search() == ["12345678 9615 01 02"]
    assert len(bench.bus.requests) < 20
    assert bench.clock.now() < 50 + 60


def test_a_search_for_several_slow_slaves_ends() -> None:
    bench = Bench([slave(3), slave(4, "12345679"), slave(5, "98765432")], late=0.7)
    assert bench.search() == ["12345678 9615 01 02", "12345679 9615 01 02", "98765432 9615 01 02"]
    assert len(bench.bus.requests) < 400


@pytest.mark.parametrize("first", [0, 1, 2, 3])
@pytest.mark.parametrize("seconds", [0.6, 1.3, 2.5])
@NETWORK
def test_one_late_answer_in_a_series_neither_doubles_nor_skips_a_telegram(
    first: int, seconds: float, network: bool
) -> None:
    here = slave(5, sections=3)
    faults = [slow(0.3)] * (first + 1) + [slow(seconds)] + [slow(0.3)] * 50
    reading = Bench([here], network=network, faults=faults).read(SlaveAddress(5))
    assert (sections(reading, here), reading.complete) == ([0, 1, 2], True)


@NETWORK
def test_an_ignored_command_is_never_acknowledged(network: bool) -> None:
    here = slave(5, fabrication="50100007", ignores_commands=True)
    for late in (0.0, 0.1, 0.35, 0.7, 2.5):
        error = failure(lambda late=late: Bench([here], network=network, late=late).write("tag", "5", SlaveAddress(5)))
        assert "not confirmed" in str(error)
        assert here.executed == []


@NETWORK
@pytest.mark.parametrize("late", [0.0, 0.7, 2.9])
def test_a_slow_slave_takes_a_command_once(network: bool, late: float) -> None:
    here = slave(5, fabrication="50100007")
    written = Bench([here], network=network, late=late).write("tag", "5", SlaveAddress(5))
    assert here.executed == [TABLE.encode("tag", 5)]
    assert written.status == 0


def test_response_times_are_learned_in_both_directions() -> None:
    bench = Bench([slave(5)], late=0.8)
    bench.read(SlaveAddress(5))
    assert bench.allowance.seconds > 0.8 - 0.1875
    prompt = Bench([slave(5)])
    for _ in range(3):
        prompt.read(SlaveAddress(5))
    begun = prompt.clock.now()
    assert prompt.run(scan_primary(range(100, 200), lambda _: None)) == []
    assert (prompt.clock.now() - begun) / 100 < 0.8, "an unanswered address costs 1.35 s where nothing is learned"


# Numbers that a search must separate


def test_hexadecimal_numbers_are_found_besides_decimal_ones() -> None:
    bench = Bench([slave(1), slave(2, "1A999921")], network=False)
    assert bench.search() == ["12345678 9615 01 02", "1A999921 9615 01 02"]
    bench = Bench([slave(1), slave(2, "19999921"), slave(3, "1A999921")], network=False)
    assert bench.search() == ["12345678 9615 01 02", "19999921 9615 01 02", "1A999921 9615 01 02"]


def test_a_slave_with_a_hexadecimal_number_is_read_by_its_printed_mask() -> None:
    here = slave(2, "1A999921")
    bench = Bench([slave(1), here], network=False)
    for text in ("1A999921", "1A999921 9615 01 02", "1a999921"):
        assert sections(bench.read(SlaveAddress(selection=mask_bytes(text))), here) == [0]


@pytest.mark.parametrize("numbers", [("50100007", "50100008"), ("50100007", "90100007"), ("5010000A", "50100007")])
def test_modules_that_differ_only_in_the_fabrication_number_are_separated_in_few_telegrams(
    numbers: tuple[str, str],
) -> None:
    bench = Bench([slave(address, "12345678", number) for address, number in enumerate(numbers)], network=False)
    found = bench.search()
    assert found == [f"12345678 9615 01 02, fabrication number {number}" for number in sorted(numbers)]
    assert len(bench.bus.requests) < 700
    fabrication_only = [frame for frame in bench.bus.requests if frame.ci == CI_SELECT and len(frame.data) > 8]
    assert fabrication_only
    narrowed = {frame.data[4:8] for frame in bench.bus.requests if frame.ci == CI_SELECT}
    assert narrowed <= {b"\xff" * 4, MAKER}, "maker, version and type are the same for all of one kind"
    for text in found:
        assert bench.read(SlaveAddress(selection=mask_bytes(text))).complete


# Series


class IgnoresTheCount(BusSlave):
    """A slave that always sends its first telegram, and counts its answers."""

    def _answer(self, memory: int, fcb: bool) -> bytes:
        self._fcb.clear()
        return super()._answer(memory, fcb)


def test_an_endless_series_is_returned_in_part() -> None:
    endless = slave(5, sections=100_000)
    endless.telegram = lambda number, access: BusSlave.telegram(endless, number % 200, access)  # type: ignore[method-assign]
    reading = Bench([endless], network=False).read(SlaveAddress(5))
    assert len(reading.frames) == MAX_TELEGRAMS
    assert (reading.complete, len(reading.warnings)) == (False, 1)


def test_a_slave_that_ignores_the_count_bit_repeats_its_first_telegram() -> None:
    here = IgnoresTheCount(5, bytes.fromhex("78563412") + MAKER, sections=3)
    here.telegram = lambda number, access: Frame.long(  # type: ignore[method-assign]
        RSP_UD, 5, 0x72, here.header + bytes((access, 0, 0, 0)) + bytes.fromhex("0413000000001F")
    ).to_bytes()
    reading = Bench([here], network=False).read(SlaveAddress(5))
    assert (len(reading.frames), reading.complete) == (1, False)
    assert "was received again" in str(reading.warnings[0])
    assert len(Bench([here], network=False).read(SlaveAddress(5), 4).frames) == 4


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_exactly_the_requested_number_of_telegrams_is_read_on_a_bus(count: int) -> None:
    here = slave(5, sections=3)
    bench = Bench([here], network=False)
    reading = bench.read(SlaveAddress(5), count)
    assert sections(reading, here) == [number % 3 for number in range(count)]
    assert sum(frame.function is Function.REQ_UD2 for frame in bench.bus.requests) == count


# Noise


@pytest.mark.parametrize("extra", [b"\x00", b"\x00\x00", b"\x00\x00\x00", b"\xff\x00"])
@NETWORK
def test_bytes_that_a_converter_adds_are_no_collision(extra: bytes, network: bool) -> None:
    here = slave(5, sections=2)
    bench = Bench([here], network=network, extra=extra)
    found = bench.run(scan_primary(range(12), lambda _: None))
    assert [(each.at.primary, each.collision) for each in found] == [(5, False)]
    assert sections(bench.read(SlaveAddress(5)), here) == [0, 1]
    assert bench.search() == ["12345678 9615 01 02"]


# Two modules at one address


@NETWORK
@pytest.mark.parametrize("late", [0.0, 0.1, 0.7])
@pytest.mark.parametrize(("number", "fabrications"), [("12345678", ("50100007", "50100008")), ("22222222", ("", ""))])
def test_two_modules_at_one_address_are_not_written(
    network: bool, late: float, number: str, fabrications: tuple[str, str]
) -> None:
    both = [slave(0, "12345678", fabrications[0]), slave(0, number, fabrications[1])]
    bench = Bench(both, network=network, late=late)
    error = failure(lambda: bench.write("disconnector", "0", SlaveAddress(0)))
    assert "nothing was sent" in str(error)
    assert [each.executed for each in both] == [[], []]
    selected = [f for f in bench.bus.requests if f.function is Function.SND_UD and f.ci != CI_SELECT]
    assert selected == []


@NETWORK
def test_one_of_two_modules_at_one_address_is_written_by_its_number(network: bool) -> None:
    both = [slave(0, "12345678", "50100007"), slave(0, "12345678", "50100008")]
    bench = Bench(both, network=network)
    target = SlaveAddress(selection=mask_bytes("12345678, fabrication number 50100008"))
    bench.write("disconnector", "0", target)
    assert [len(each.executed) for each in both] == [0, 1]
    assert all(frame.a == ADDRESS_SELECTED for frame in bench.bus.requests)
