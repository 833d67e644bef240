"""The wildcard search, against buses of slaves that answer all at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.mbus.frame import Frame, FrameKind, parse_frame
from cmi_gui.engine.mbus.master import Answer, AnswerKind, Exchange, Expect, Procedure, ProcedureFailed
from cmi_gui.engine.mbus.procedures import FoundSlave, ScanProgress, selection_text
from cmi_gui.engine.mbus.search import ANY, search_secondary
from cmi_gui.engine.mbus.selection import Identity, SelectionRecord, matches

SILENCE = Answer(AnswerKind.SILENCE)
GARBLED = Answer(AnswerKind.GARBLED, raw=b"\x68\x00")
ACK = Answer(AnswerKind.ACK, Frame.ack(), b"\xe5")


@dataclass(frozen=True)
class FakeSlave:
    header: bytes
    fabrication: bytes = b""
    has_data: bool = True
    audible: bool = True

    def selected_by(self, data: bytes) -> bool:
        records = [SelectionRecord(b"\x0c", b"\x78", self.fabrication)] if self.fabrication else []
        return matches(data, Identity(self.header), records)

    def answer(self) -> Answer:
        if not self.audible:
            return GARBLED
        if not self.has_data:
            return ACK
        record = b"\x0c\x78" + self.fabrication if self.fabrication else b"\x01\xfd\x1b\x00"
        frame = Frame.long(0x08, 0xFD, 0x72, self.header + bytes(4) + record)
        return Answer(AnswerKind.RESPONSE, parse_frame(frame.to_bytes()), frame.to_bytes())


def slave(number: str, manufacturer: int, version: int, device_type: int, **more: object) -> FakeSlave:
    head = bytes.fromhex(number)[::-1] + manufacturer.to_bytes(2, "little") + bytes((version, device_type))
    return FakeSlave(head, **more)  # type: ignore[arg-type]


# [DOC48 §7.3]
EXAMPLE = (
    slave("14491001", 0x1057, 0x01, 0x06),
    slave("14491008", 0x4567, 0x01, 0x06),
    slave("32104833", 0x2010, 0x01, 0x02),
    slave("76543210", 0x2010, 0x01, 0x03),
)


@dataclass
class Search:
    found: list[FoundSlave]
    masks: list[str]
    steps: list[ScanProgress]

    @property
    def names(self) -> list[str]:
        return [one.at.where for one in self.found]


def search(slaves: Sequence[FakeSlave], mask: bytes = ANY, *, double_ack_is_garbled: bool = False) -> Search:
    """Drive the procedure against a bus on which simultaneous answers collide."""
    selected: list[FakeSlave] = []
    masks: list[str] = []
    steps: list[ScanProgress] = []

    def answer(exchange: Exchange) -> Answer:
        frame = exchange.frame
        if frame.kind is FrameKind.SHORT and frame.c == 0x40:
            assert frame.a == 0xFD
            was = bool(selected)
            selected.clear()
            return ACK if was else SILENCE
        if frame.kind is FrameKind.LONG:
            assert (frame.c, frame.a, frame.ci, exchange.expect) == (0x53, 0xFD, 0x52, Expect.ACK)
            masks.append(selection_text(frame.data))
            selected[:] = [one for one in slaves if one.selected_by(frame.data)]
            if not selected:
                return SILENCE
            return GARBLED if double_ack_is_garbled and len(selected) > 1 else ACK
        assert (frame.c, frame.a, exchange.expect) == (0x7B, 0xFD, Expect.RESPONSE)
        return selected[0].answer() if len(selected) == 1 else GARBLED

    procedure = search_secondary(mask, steps.append)
    exchange = next(procedure)
    while True:
        try:
            exchange = procedure.send(answer(exchange))
        except StopIteration as end:
            assert not selected
            return Search(end.value, masks, steps)


@pytest.mark.parametrize("double_ack_is_garbled", [False, True])
def test_the_standards_four_slaves_are_all_found(double_ack_is_garbled: bool) -> None:
    result = search(EXAMPLE, double_ack_is_garbled=double_ack_is_garbled)
    assert result.names == ["14491001 5710 01 06", "14491008 6745 01 06", "32104833 1020 01 02", "76543210 1020 01 03"]
    assert not any(one.collision for one in result.found)
    assert [one.telegram.header.id for one in result.found if one.telegram and one.telegram.header] == [
        "14491001",
        "14491008",
        "32104833",
        "76543210",
    ]
    # All; ten first digits; below 1 the ten digits of each place down to the last, in which the two differ.
    assert result.masks[:4] == ["FFFFFFFF", "0FFFFFFF", "1FFFFFFF", "10FFFFFF"]
    assert result.masks[-1] == "9FFFFFFF"
    assert {"14491001", "14491008"} <= set(result.masks)
    assert len(result.masks) == 1 + 10 + 7 * 10


def test_one_slave_takes_one_mask_and_an_empty_bus_too() -> None:
    assert search(EXAMPLE[:1]).masks == ["FFFFFFFF"]
    assert search([]).masks == ["FFFFFFFF"]
    assert search([]).found == []


def test_a_mask_limits_the_search() -> None:
    result = search(EXAMPLE, bytes.fromhex("FFFF4914") + b"\xff" * 4)
    assert result.names == ["14491001 5710 01 06", "14491008 6745 01 06"]
    assert all(mask.startswith("1449") for mask in result.masks)
    assert search(EXAMPLE, bytes.fromhex("FFFFFFFF1020FFFF")).names == ["32104833 1020 01 02", "76543210 1020 01 03"]


def test_progress_grows_to_the_whole_and_tells_each_find_once() -> None:
    steps = search(EXAMPLE).steps
    done = [step.done for step in steps]
    assert done == sorted(done)
    assert done[-1] == 1.0
    assert [step.found.at.where[:8] for step in steps if step.found] == [
        "14491001",
        "14491008",
        "32104833",
        "76543210",
    ]


def test_same_number_is_told_apart_by_manufacturer_version_and_type() -> None:
    pair = [slave("12345678", 0x1596, 1, 2), slave("12345678", 0x1596, 1, 7)]
    assert search(pair).names == ["12345678 9615 01 02", "12345678 9615 01 07"]
    pair = [slave("12345678", 0x1596, 1, 2), slave("12345678", 0x30FA, 1, 2)]
    assert search(pair).names == ["12345678 9615 01 02", "12345678 FA30 01 02"]


def test_same_address_is_told_apart_by_fabrication_number() -> None:
    pair = [
        slave("12345678", 0x1596, 1, 2, fabrication=bytes.fromhex("78563412")),
        slave("12345678", 0x1596, 1, 2, fabrication=bytes.fromhex("79563412")),
    ]
    result = search(pair)
    assert result.names == [
        "12345678 9615 01 02, fabrication number 12345678",
        "12345678 9615 01 02, fabrication number 12345679",
    ]
    for one, mine in zip(result.found, pair, strict=True):
        assert [other for other in pair if other.selected_by(one.at.selection)] == [mine]


def test_two_that_nothing_tells_apart_are_told_as_a_collision() -> None:
    twins = [slave("12345678", 0x1596, 1, 2, fabrication=bytes.fromhex("78563412"))] * 2
    (found,) = search(twins).found
    assert found.collision
    assert found.frame is None
    assert found.at.where == "12345678 9615 01 02, fabrication number 12345678"


def test_a_slave_without_data_and_one_that_cannot_be_heard_are_found_by_their_whole_address() -> None:
    (mute,) = search([slave("12345678", 0x1596, 1, 2, has_data=False, fabrication=b"\x01\x02\x03\x04")]).found
    assert mute.at.where.startswith("12345678 9615 01 02")
    assert (mute.frame, mute.collision) == (None, False)
    (damaged,) = search([slave("12345678", 0x1596, 1, 2, audible=False, fabrication=b"\x01\x02\x03\x04")]).found
    assert damaged.collision


def test_digits_beyond_nine_are_found_where_no_decimal_one_answers() -> None:
    pair = [slave("1A345678", 0x1596, 1, 2), slave("1B345678", 0x1596, 1, 2)]
    assert [name[:8] for name in search(pair).names] == ["1A345678", "1B345678"]


def drain(procedure: Procedure) -> None:
    for _ in range(200):
        procedure.send(GARBLED)
    pytest.fail("it never gives up")


def test_a_line_on_which_everything_answers_is_given_up() -> None:
    procedure = search_secondary(ANY, lambda step: None)
    next(procedure)
    with pytest.raises(ProcedureFailed) as caught:
        drain(procedure)
    assert caught.value.code == "disturbed"


def test_a_mask_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="8 bytes, not 4"):
        next(search_secondary(b"\xff" * 4, lambda step: None))


@given(
    st.lists(
        st.tuples(st.text("0123456789", min_size=8, max_size=8), st.sampled_from([0x1596, 0x30FA]), st.integers(0, 3)),
        unique=True,
        max_size=6,
    )
)
def test_every_slave_is_found_once_whatever_the_addresses(addresses: list[tuple[str, int, int]]) -> None:
    slaves = [slave(number, manufacturer, version, 2) for number, manufacturer, version in addresses]
    found = search(slaves).found
    assert sorted(one.at.selection for one in found) == sorted(one.header for one in slaves)
    assert not any(one.collision for one in found)
