"""The wildcard search, on buses whose slaves answer at the same time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.mbus.exchange import Answer, AnswerKind, Exchange, Expect, ProcedureFailed, SetSpeed, Settle
from cmi_gui.engine.mbus.frame import ACK_FRAME, Frame, FrameKind, parse_frame
from cmi_gui.engine.mbus.scan import SCAN_RETRIES, FoundSlave, ScanProgress
from cmi_gui.engine.mbus.search import ANY, search_secondary
from cmi_gui.engine.mbus.search_state import MaskPart, OpenMask
from cmi_gui.engine.mbus.selection import Identity, SelectionRecord, matches
from cmi_gui.engine.mbus.slave_address import SlaveAddress, selection_text

SILENCE = Answer(AnswerKind.SILENCE)
GARBLED = Answer(AnswerKind.GARBLED, raw=b"\x68\x00", collision=True)
ACK = Answer(AnswerKind.ACK, ACK_FRAME, b"\xe5")


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


def search(
    slaves: Sequence[FakeSlave],
    mask: bytes = ANY,
    *,
    double_ack_is_garbled: bool = False,
    many_acks: Answer = ACK,
    nothing: Answer = SILENCE,
    first: Answer | None = None,
) -> Search:
    """Drive the procedure against a bus on which simultaneous answers collide.

    `many_acks`: the answer to a selection of more than two. `nothing`: what is received where none answers.
    `first`: what is received for the first selection that a slave matches.
    """
    firsts = [] if first is None else [first]
    selected: list[FakeSlave] = []
    masks: list[str] = []
    steps: list[ScanProgress] = []

    def answer(exchange: Exchange | Settle | SetSpeed) -> Answer:
        if not isinstance(exchange, Exchange):
            return Answer(AnswerKind.NONE)
        frame = exchange.frame
        if frame.kind is FrameKind.LONG:
            assert (frame.c, frame.a, frame.ci, exchange.expect) == (0x53, 0xFD, 0x52, Expect.ACK)
            masks.append(selection_text(frame.data))
            selected[:] = [one for one in slaves if one.selected_by(frame.data)]
            if not selected:
                return nothing
            if firsts:
                return firsts.pop()
            if len(selected) > 2:
                return many_acks
            return GARBLED if double_ack_is_garbled and len(selected) > 1 else ACK
        assert (frame.c, frame.a, exchange.expect) == (0x7B, 0xFD, Expect.RESPONSE)
        return selected[0].answer() if len(selected) == 1 else GARBLED

    procedure = search_secondary(mask, steps.append)
    exchange = next(procedure)
    while True:
        try:
            exchange = procedure.send(answer(exchange))
        except StopIteration as end:
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
    # All; the first digits; below 1 the digits of each position down to the last, in which the two differ.
    assert result.masks[:4] == ["FFFFFFFF", "0FFFFFFF", "1FFFFFFF", "10FFFFFF"]
    # The letters of each digit are tried on the whole bus, once its decimal digits are done.
    assert result.masks[-5:] == [f"{letter}FFFFFFF" for letter in "ABCDE"]
    assert {"14491001", "14491008"} <= set(result.masks)
    assert len(result.masks) == 1 + 8 * 10 + 8 * 5


NOISE = Answer(AnswerKind.SILENCE, raw=b"\0")


def test_a_crowd_whose_acknowledgements_read_as_a_space_is_divided() -> None:
    result = search(EXAMPLE, many_acks=NOISE)
    assert result.names == search(EXAMPLE).names
    # All, then once a mask that no slave matches, and all again.
    assert result.masks[:4] == ["FFFFFFFF", "EEEEEEEE EEEE EE EE", "FFFFFFFF", "0FFFFFFF"]
    assert result.masks.count("EEEEEEEE EEEE EE EE") == 1


@pytest.mark.parametrize("digits", [0, 8, 16])
def test_a_slave_whose_first_acknowledgement_reads_as_noise_is_asked_for_its_data(digits: int) -> None:
    (one,) = EXAMPLE[:1]
    result = search([one], one.header[: digits // 2] + ANY[digits // 2 :], first=NOISE)
    assert result.names == search([one]).names
    assert [found.telegram is not None for found in result.found] == [True]
    assert len(set(result.masks)) == 2


def test_a_mask_under_way_is_stored_with_its_doubts() -> None:
    part = MaskPart(
        ANY, True, False, Fraction(1, 10), Fraction(1, 100), 1, 2, 3, doubtful=(bytes(8), EXAMPLE[0].header)
    )
    stored = msgspec.json.decode(msgspec.json.encode(part.open_mask), type=OpenMask)
    assert MaskPart.of(stored) == part
    old = {key: value for key, value in msgspec.to_builtins(stored).items() if key != "doubtful"}
    assert MaskPart.of(msgspec.convert(old, OpenMask)) == replace(part, doubtful=())


def test_noise_that_comes_without_a_slave_too_is_silence() -> None:
    assert search([], nothing=NOISE).masks == ["FFFFFFFF", "EEEEEEEE EEEE EE EE"]
    assert search(EXAMPLE, nothing=NOISE).names == search(EXAMPLE).names


def test_one_slave_takes_one_mask_and_an_empty_bus_too() -> None:
    assert search(EXAMPLE[:1]).masks == ["FFFFFFFF"]
    assert search([]).masks == ["FFFFFFFF"]
    assert search([]).found == []


def test_a_mask_limits_the_search() -> None:
    result = search(EXAMPLE, bytes.fromhex("FFFF4914") + b"\xff" * 4)
    assert result.names == ["14491001 5710 01 06", "14491008 6745 01 06"]
    assert all(mask.startswith("1449") for mask in result.masks)
    assert search(EXAMPLE, bytes.fromhex("FFFFFFFF1020FFFF")).names == ["32104833 1020 01 02", "76543210 1020 01 03"]


def test_progress_grows_to_1_and_reports_each_slave_once() -> None:
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


def test_same_number_is_separated_by_manufacturer_version_and_type() -> None:
    pair = [slave("12345678", 0x1596, 1, 2), slave("12345678", 0x1596, 1, 7)]
    assert search(pair).names == ["12345678 9615 01 02", "12345678 9615 01 07"]
    pair = [slave("12345678", 0x1596, 1, 2), slave("12345678", 0x30FA, 1, 2)]
    assert search(pair).names == ["12345678 9615 01 02", "12345678 FA30 01 02"]


def test_same_address_is_separated_by_fabrication_number() -> None:
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


def test_inseparable_slaves_are_reported_as_a_collision() -> None:
    twins = [slave("12345678", 0x1596, 1, 2, fabrication=bytes.fromhex("78563412"))] * 2
    (found,) = search(twins).found
    assert found.collision
    assert found.frame is None
    assert found.at.where == "12345678 9615 01 02, fabrication number 12345678"


def test_slaves_without_readable_data_are_found_by_their_number() -> None:
    (mute,) = search([slave("12345678", 0x1596, 1, 2, has_data=False, fabrication=b"\x01\x02\x03\x04")]).found
    assert mute.at.where == "12345678"
    assert (mute.frame, mute.collision) == (None, False)
    (damaged,) = search([slave("12345678", 0x1596, 1, 2, audible=False, fabrication=b"\x01\x02\x03\x04")]).found
    assert damaged.collision


def test_digits_beyond_nine_are_found_where_no_decimal_one_answers() -> None:
    pair = [slave("1A345678", 0x1596, 1, 2), slave("1B345678", 0x1596, 1, 2)]
    assert [name[:8] for name in search(pair).names] == ["1A345678", "1B345678"]


def test_the_telegrams_of_a_search() -> None:
    steps: list[ScanProgress] = []
    procedure = search_secondary(ANY, steps.append)
    asked = next(procedure)
    assert asked == Exchange(Frame.long(0x53, 0xFD, 0x52, ANY), Expect.ACK, SCAN_RETRIES)
    assert steps == []
    request = procedure.send(ACK)
    assert isinstance(request, Exchange)
    assert (request.frame, request.expect, request.retries) == (Frame.short(0x7B, 0xFD), Expect.RESPONSE, SCAN_RETRIES)
    assert not request.long_wait
    answer = EXAMPLE[0].answer()
    assert procedure.send(answer) == Settle()
    found = FoundSlave(
        SlaveAddress(selection=EXAMPLE[0].header), answer.frame, steps[0].found.telegram if steps[0].found else None
    )
    assert steps == [ScanProgress(SlaveAddress(selection=ANY), 1.0, found)]
    with pytest.raises(StopIteration) as end:
        procedure.send(Answer(AnswerKind.NONE))
    assert end.value.value == [found]


def test_a_mask_is_tried_twice_by_default() -> None:
    procedure = search_secondary(ANY, lambda step: None)
    selection = next(procedure)
    request = procedure.send(ACK)
    assert isinstance(selection, Exchange)
    assert isinstance(request, Exchange)
    assert (selection.retries, request.retries) == (1, 1)


def test_each_mask_is_reported_with_the_part_done() -> None:
    pair = [slave("14491001", 0x1057, 1, 6), slave("34491001", 0x1057, 1, 6)]
    steps = [(step.at.where, step.done, step.found is not None, step.open) for step in search(pair).steps]
    assert steps == [
        ("FFFFFFFF", 0.0, False, 0),
        *((f"{digit}FFFFFFF", pytest.approx((digit + 1) / 10), digit in (1, 3), 9 - digit) for digit in range(10)),
    ]


def test_below_a_digit_its_part_is_divided() -> None:
    pair = [slave("31000000", 0x1057, 1, 6), slave("35000000", 0x1057, 1, 6)]
    done = {step.at.where: step.done for step in search(pair).steps}
    assert done["3FFFFFFF"] == pytest.approx(3 / 10)
    assert done["30FFFFFF"] == pytest.approx(3 / 10 + 1 / 100)
    assert done["35FFFFFF"] == pytest.approx(3 / 10 + 6 / 100)
    assert done["39FFFFFF"] == pytest.approx(4 / 10)


def test_letters_are_tried_where_any_slave_of_the_bus_has_them() -> None:
    masks = search([slave("1A345678", 0x1596, 1, 2), slave("1B345678", 0x1596, 1, 2)]).masks
    below = [mask for mask in masks if mask.startswith("1") and mask.endswith("FFFFFF")]
    assert below == ["1FFFFFFF", *(f"1{digit}FFFFFF" for digit in "0123456789AB")]
    assert [mask for mask in masks if mask.startswith("F") and mask != "FFFFFFFF"] == [
        f"F{letter}FFFFFF" for letter in "ABCDE"
    ]
    numbers = ["12345678", "13345678", "1A999921", "A2345678"]
    mixed = search([slave(number, 0x1596, 1, 2) for number in numbers])
    assert [name[:8] for name in mixed.names] == numbers


def test_a_collision_of_which_only_one_is_found_is_in_the_list() -> None:
    class Deaf(FakeSlave):
        """A slave that answers to a wildcard but not to its number."""

        def selected_by(self, data: bytes) -> bool:
            return data == ANY

    one, other = EXAMPLE[0], Deaf(EXAMPLE[1].header)
    known, unknown = search([one, other]).found
    assert (known.at.where, known.collision) == ("14491001 5710 01 06", False)
    assert (unknown.at.where, unknown.frame, unknown.collision) == ("FFFFFFFF", None, True)


def test_the_bytes_are_tried_in_the_order_of_the_header() -> None:
    pair = [slave("12345678", 0x1596, 1, 2), slave("12345678", 0x1596, 3, 2)]
    result = search(pair)
    masks = [mask for mask in result.masks if mask.startswith("12345678") and "number" not in mask]
    assert masks[0] == "12345678"
    assert masks[1:257] == [*(f"12345678 {low:02X}FF FF FF" for low in range(151)), *masks[152:257]]
    assert masks[1:3] == ["12345678 00FF FF FF", "12345678 01FF FF FF"]
    assert "12345678 9600 FF FF" in masks
    assert "12345678 9615 00 FF" in masks
    assert "12345678 9615 01 FF" in masks
    assert "12345678 9615 FE FF" in masks
    assert not any("9615 01 0" in mask for mask in masks), "version 1 is one slave only"
    assert masks[-1] == "12345678 FEFF FF FF"


def test_every_device_type_is_tried_and_00_last() -> None:
    pair = [slave("12345678", 0x1596, 1, 1), slave("12345678", 0x1596, 1, 254)]
    result = search(pair)
    assert result.names == ["12345678 9615 01 01", "12345678 9615 01 FE"]
    masks = [mask for mask in result.masks if mask.startswith("12345678 9615 01 ") and "number" not in mask]
    types = [mask for mask in masks if not mask.endswith("FF")]
    assert types == [f"12345678 9615 01 {kind:02X}" for kind in range(1, 255)]
    zeros = [slave("12345678", 0x1596, 1, 0, fabrication=bytes((number, 0, 0, 0))) for number in (1, 2)]
    assert [name[-8:] for name in search(zeros).names] == ["00000001", "00000002"]


def test_fabrication_numbers_are_searched_from_the_last_digit_before_anything_else() -> None:
    pair = [
        slave("12345678", 0x1596, 1, 2, fabrication=bytes.fromhex("78563412")),
        slave("12345678", 0x1596, 1, 2, fabrication=bytes.fromhex("79563412")),
    ]
    result = search(pair)
    tried = [mask for mask in result.masks if mask.startswith("12345678")]
    assert tried == ["12345678", *(f"12345678, fabrication number FFFFFFF{digit}" for digit in "0123456789ABCDE")]
    assert [one.at.selection for one in result.found] == [
        h("78563412 9615 01 02 0C78 78563412"),
        h("78563412 9615 01 02 0C78 79563412"),
    ], "by the whole number, not by the mask"
    assert len(result.masks) == 1 + 8 * 10 + 8 * 5 + 15


def h(text: str) -> bytes:
    return bytes.fromhex(text)


def test_a_slave_that_answers_to_two_masks_is_found_once() -> None:
    """Some slaves take device type 00 for any [CMeX50 p67]; the header shows that it is the same."""
    first, second = (slave("12345678", 0x1596, 1, 2, fabrication=h(f"0{n}000000")) for n in (1, 2))
    result = search([first, second])
    assert len(result.found) == 2
    assert len({one.at.selection for one in result.found}) == 2


def test_an_answer_without_a_long_header_is_found_by_the_mask() -> None:
    frame = Frame.long(0x08, 0xFD, 0x78, b"\x01\xfd\x1b\x00")
    procedure = search_secondary(h("7856341296150102"), lambda step: None)
    next(procedure)
    procedure.send(ACK)
    procedure.send(Answer(AnswerKind.RESPONSE, frame, frame.to_bytes()))
    with pytest.raises(StopIteration) as end:
        procedure.send(Answer(AnswerKind.NONE))
    (found,) = end.value.value
    assert (found.at.selection, found.frame, found.collision) == (h("7856341296150102"), frame, False)


@pytest.mark.parametrize("data", ["", "7856", "785634129615 01"])
def test_an_answer_that_is_too_short_for_a_header_is_found_by_the_mask(data: str) -> None:
    frame = Frame.long(0x08, 0xFD, 0x72, h(data))
    procedure = search_secondary(h("7856341296150102"), lambda step: None)
    next(procedure)
    procedure.send(ACK)
    procedure.send(Answer(AnswerKind.RESPONSE, frame, frame.to_bytes()))
    with pytest.raises(StopIteration) as end:
        procedure.send(Answer(AnswerKind.NONE))
    (found,) = end.value.value
    assert (found.at.selection, found.telegram) == (h("7856341296150102"), None)


@dataclass(frozen=True)
class OtherNumber(FakeSlave):
    """A slave that is selected by one number and answers with another, as modules with two identities do."""

    selected: str = ""

    def selected_by(self, data: bytes) -> bool:
        return matches(data, Identity(h(self.selected)[::-1] + self.header[4:]), [])


@pytest.mark.parametrize(
    ("low", "high"), [("50000000", "50010000"), ("50000000", "50000001"), ("50000000", "51000000")]
)
def test_slaves_are_sorted_by_their_headers(low: str, high: str) -> None:
    rest = h("9615 01 02")
    numbers = [(high, "10000000"), (low, "20000000")]
    slaves = [OtherNumber(h(number)[::-1] + rest, selected=selected) for number, selected in numbers]
    assert [name[:8] for name in search(slaves).names] == [low, high]


@pytest.mark.parametrize(("second", "count"), [("79563412", 2), ("78563412", 1)])
def test_one_header_and_two_fabrication_numbers_are_two_slaves(second: str, count: int) -> None:
    header = h("78563412 9615 01 02")
    slaves = [
        OtherNumber(header, h("78563412"), selected="10000000"),
        OtherNumber(header, h(second), selected="20000000"),
    ]
    assert len(search(slaves).found) == count


def test_a_broad_mask_is_replaced_by_the_header() -> None:
    (found,) = search(EXAMPLE[:1]).found
    assert found.at.selection == EXAMPLE[0].header


@pytest.mark.parametrize(
    ("selection", "text"),
    [
        ("78563412 FFFF FF FF", "12345678"),
        ("78563412 9615 01 02", "12345678 9615 01 02"),
        ("78563412 FFFF FF 02", "12345678 FFFF FF 02"),
        ("78563412 96FF FF FF", "12345678 96FF FF FF"),
        ("FAFFFFFF FFFF FF FF 0C78 04030201", "FFFFFFFA, fabrication number 01020304"),
        ("78563412 9615 AB CD 0C78 0403020F", "12345678 9615 AB CD, fabrication number 0F020304"),
    ],
)
def test_the_text_of_selections(selection: str, text: str) -> None:
    assert selection_text(h(selection)) == text


def test_a_search_ends_after_many_unreadable_answers() -> None:
    asked: list[Exchange] = []
    procedure = search_secondary(ANY, lambda step: None)
    next(procedure)
    with pytest.raises(ProcedureFailed) as caught:
        asked.extend(procedure.send(GARBLED) for _ in range(200))
    assert caught.value.code == "disturbed"
    assert str(caught.value) == "many addresses in a row gave only unreadable answers: the line seems to be disturbed"
    # Two answers a mask: all, 20 down to the last byte (8 and 8 digits, 4 bytes), 20 more of that; the first was asked
    # before.
    assert len(asked) == 2 * (1 + 20 + 20) - 1


def test_a_readable_answer_restarts_the_count_of_unreadable_ones() -> None:
    types: list[str] = []

    def reply(exchange: Exchange) -> Answer:
        if exchange.frame.kind is FrameKind.LONG:
            mask = exchange.frame.data
            if mask[6] != 0xFF and mask[7] != 0xFF:
                types.append(selection_text(mask))
        if len(types) == 2:
            return ACK if exchange.frame.kind is FrameKind.LONG else EXAMPLE[0].answer()
        return GARBLED

    procedure = search_secondary(ANY, lambda step: None)
    exchange = next(procedure)

    def go_on() -> None:
        asked = exchange
        while True:
            assert isinstance(asked, Exchange)
            asked = procedure.send(reply(asked))

    with pytest.raises(ProcedureFailed):
        go_on()
    assert len(types) == 2 + 21


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
def test_every_slave_is_found_once(addresses: list[tuple[str, int, int]]) -> None:
    slaves = [slave(number, manufacturer, version, 2) for number, manufacturer, version in addresses]
    found = search(slaves).found
    assert sorted(one.at.selection for one in found) == sorted(one.header for one in slaves)
    assert not any(one.collision for one in found)
