"""The list of slaves: the results of scans and readings become one entry per slave."""

from __future__ import annotations

import pytest

from cmi_gui.engine.configurator.slaves import ListedSlave, SlaveList
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.procedures import SlaveReading
from cmi_gui.engine.mbus.scan import FoundSlave
from cmi_gui.engine.mbus.slave_address import SlaveAddress
from cmi_gui.engine.mbus.telegram import Telegram, decode_telegram

MAKER = bytes.fromhex("9615 01 02")


def telegram(number: str, address: int, *, label: str = "", ci: int = 0x72) -> Telegram:
    data = bytes.fromhex(number)[::-1] + MAKER + bytes(4)
    if label:
        data += b"\x0c\x78" + bytes.fromhex(label)[::-1]
    return decode_telegram(Frame.long(0x08, address, ci, data))


def at(address: int, number: str = "", *, collision: bool = False) -> FoundSlave:
    answer = telegram(number, address) if number else None
    return FoundSlave(SlaveAddress(address), None if answer is None else answer.frame, answer, collision)


def searched(number: str, address: int = 0, *, label: str = "", selection: str = "") -> FoundSlave:
    answer = telegram(number, address, label=label)
    at = SlaveAddress(selection=bytes.fromhex(selection) if selection else answer.frame.data[:8])
    return FoundSlave(at, answer.frame, answer)


@pytest.fixture
def slaves() -> SlaveList:
    slaves = SlaveList()
    slaves.begin_scan()
    return slaves


def numbers(slaves: SlaveList) -> list[str]:
    return ["" if slave.identity is None else slave.identity.id for slave in slaves]


def test_found_by_address_and_by_search_is_one(slaves: SlaveList) -> None:
    first = slaves.take_found(at(5, "11111111"), 2400)
    again = slaves.take_found(searched("11111111", 5), 2400)
    assert again is first
    assert len(slaves) == 1
    assert first.address == 5
    assert slaves.address_of(first) == SlaveAddress(5, baud=2400)


def test_slaves_with_a_shared_address_are_reached_by_selection(slaves: SlaveList) -> None:
    clash = slaves.take_found(at(0, collision=True), 2400)
    one = slaves.take_found(searched("11111111"), 2400)
    two = slaves.take_found(searched("22222222"), 2400)
    assert [slave.address for slave in slaves] == [0, 0, 0]
    assert slaves.address_of(clash) is None
    assert slaves.address_of(one) == SlaveAddress(selection=bytes.fromhex("11111111") + MAKER, baud=2400)
    assert slaves.address_of(two) == SlaveAddress(selection=bytes.fromhex("22222222") + MAKER, baud=2400)


def test_a_search_alone_does_not_prove_that_an_address_is_free_of_others(slaves: SlaveList) -> None:
    one = slaves.take_found(searched("11111111", 7), 2400)
    assert one.address == 7
    assert slaves.address_of(one) == SlaveAddress(selection=bytes.fromhex("11111111") + MAKER, baud=2400)


def test_an_answer_without_identity_is_reached_at_its_address_only(slaves: SlaveList) -> None:
    silent = slaves.take_found(at(9), 2400)
    assert silent.mask is None
    assert not silent.answered
    assert slaves.address_of(silent) == SlaveAddress(9, baud=2400)


def test_the_other_byte_order_gives_no_selection(slaves: SlaveList) -> None:
    answer = telegram("11111111", 3, ci=0x76)
    entry = slaves.take_found(FoundSlave(SlaveAddress(3), answer.frame, answer), 2400)
    assert entry.identity is not None
    assert entry.mask is None


def test_the_fabrication_number_distinguishes_slaves_with_one_secondary_address(slaves: SlaveList) -> None:
    one = searched("11111111", label="12345678", selection="11111111 96150102 0C78 78563412")
    two = searched("11111111", label="87654321", selection="11111111 96150102 0C78 21436587")
    entries = [slaves.take_found(found, 2400) for found in (one, two)]
    assert entries[0] is not entries[1]
    assert slaves.address_of(entries[1]) == SlaveAddress(selection=two.at.selection, baud=2400)
    assert entries[0].identity is not None
    assert entries[0].identity.fabrication == "12345678"


def test_one_identity_at_two_addresses_in_one_scan_is_two_slaves(slaves: SlaveList) -> None:
    entries = {slaves.take_found(at(address, "11111111"), 2400) for address in (1, 2)}
    assert len(entries) == 2
    slaves.begin_scan()
    assert {slaves.take_found(at(address, "11111111"), 2400) for address in (1, 2)} == entries
    assert sorted(slave.address or 0 for slave in slaves) == [1, 2]


def test_a_module_with_a_new_address_keeps_its_entry(slaves: SlaveList) -> None:
    entry = slaves.take_found(at(0, "11111111"), 2400)
    slaves.begin_scan()
    assert slaves.take_found(at(5, "11111111"), 300) is entry
    assert (entry.address, entry.baud, len(slaves)) == (5, 300, 1)
    assert slaves.address_of(entry) == SlaveAddress(5, baud=300)


def test_the_entry_of_a_solved_collision_is_removed(slaves: SlaveList) -> None:
    slaves.take_found(at(0, collision=True), 2400)
    slaves.begin_scan()
    slaves.take_found(at(0, "11111111"), 2400)
    assert numbers(slaves) == ["11111111"]


def test_a_slave_replaced_at_its_address_has_no_address(slaves: SlaveList) -> None:
    old = slaves.take_found(at(4, "11111111"), 2400)
    slaves.begin_scan()
    new = slaves.take_found(at(4, "22222222"), 2400)
    assert (old.address, new.address) == (None, 4)
    assert slaves.address_of(old) == SlaveAddress(selection=bytes.fromhex("11111111") + MAKER, baud=2400)
    assert slaves.address_of(new) == SlaveAddress(4, baud=2400)
    assert list(slaves) == [new, old], "those without an address last"


def test_a_reading_stores_telegrams_and_decoding_errors(slaves: SlaveList) -> None:
    entry = slaves.take_found(at(4, "11111111"), 2400)
    good = telegram("11111111", 4, label="12345678").frame
    cut = Frame.long(0x08, 4, 0x72, b"\x11\x11")
    slaves.take_reading(entry, SlaveReading((good, cut)), 9.0)
    assert isinstance(entry.answers[0], Telegram)
    assert isinstance(entry.answers[1], MBusError)
    assert (entry.read_at, entry.lines, len(entry.telegrams)) == (9.0, [], 1)
    assert entry.identity is not None
    assert entry.identity.fabrication == "12345678"


def test_clearing_removes_all_entries(slaves: SlaveList) -> None:
    entry: ListedSlave = slaves.take_found(at(4, "11111111"), 2400)
    slaves.clear()
    assert len(slaves) == 0
    assert slaves.take_found(at(4, "11111111"), 2400) is not entry


def test_a_module_with_a_new_secondary_address_is_the_same_by_its_label(slaves: SlaveList) -> None:
    entry = slaves.take_found(searched("11111111", label="12345678", selection="11111111 96150102"), 2400)
    slaves.begin_scan()
    renamed = telegram("22222222", 4, label="12345678")
    assert slaves.take_found(FoundSlave(SlaveAddress(4), renamed.frame, renamed), 2400) is entry
    assert entry.identity is not None
    assert entry.identity.id == "22222222"
    assert entry.mask == bytes.fromhex("22222222") + MAKER, "the old selection would reach no slave, or another one"


def test_a_reading_with_a_new_secondary_address_drops_the_old_selection(slaves: SlaveList) -> None:
    entry = slaves.take_found(searched("11111111", label="12345678", selection="11111111 96150102"), 2400)
    slaves.take_reading(entry, SlaveReading((telegram("22222222", 0, label="12345678").frame,)), 2.0)
    assert slaves.address_of(entry) == SlaveAddress(selection=bytes.fromhex("22222222") + MAKER, baud=2400)
