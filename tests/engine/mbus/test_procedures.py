"""Procedures of a master: which telegrams they send, what they make of each answer, and what a failure says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.master import Answer, AnswerKind, Exchange, Expect, Procedure, ProcedureFailed, SetSpeed
from cmi_gui.engine.mbus.procedures import (
    FoundSlave,
    ScanProgress,
    SlaveAddress,
    initialise,
    mask_bytes,
    nothing,
    read_all,
    read_primary,
    read_secondary,
    scan_primary,
    select,
)

ACK = Answer(AnswerKind.ACK, Frame.ack(), b"\xe5")
SILENCE = Answer(AnswerKind.SILENCE, tries=3)
GARBLED = Answer(AnswerKind.GARBLED, raw=b"\x68\x00", tries=3)

NKE_5 = "10 40 05 45 16"
NKE_253 = "10 40 FD 3D 16"
SELECT = "68 0B 0B 68 53 FD 52 78 56 34 12 FF FF FF FF B2 16"
REQUEST_5 = "10 7B 05 80 16"
TOGGLED_5 = "10 5B 05 60 16"
REQUEST_253 = "10 7B FD 78 16"
TOGGLED_253 = "10 5B FD 58 16"


def telegram(records: str, *, a: int = 5) -> Answer:
    frame = Frame.long(0x08, a, 0x72, bytes.fromhex(f"78563412 9615 01 02 00 00 0000 {records}"))
    return Answer(AnswerKind.RESPONSE, frame, frame.to_bytes())


MORE = telegram("01 FD 1B 00 1F")
LAST = telegram("01 FD 1B 00")


class Run:
    """A procedure whose exchanges get the given answers; all of them must be asked for."""

    def __init__(self, procedure: Procedure[Any], answers: Sequence[Answer] = ()) -> None:
        self.exchanges: list[Exchange] = []
        self.speeds: list[int | None] = []
        self.result: Any = None
        self.failed: ProcedureFailed | None = None
        waiting = list(answers)
        try:
            step = next(procedure)
            while True:
                if isinstance(step, SetSpeed):
                    self.speeds.append(step.baud)
                    step = procedure.send(Answer(AnswerKind.NONE))
                else:
                    self.exchanges.append(step)
                    step = procedure.send(waiting.pop(0))
        except StopIteration as end:
            self.result = end.value
        except ProcedureFailed as error:
            self.failed = error
        assert waiting == []

    @property
    def sent(self) -> list[str]:
        return [exchange.frame.to_bytes().hex(" ").upper() for exchange in self.exchanges]

    @property
    def failure(self) -> tuple[str, str]:
        assert self.failed is not None
        return self.failed.code, str(self.failed)


def test_nothing_sends_nothing() -> None:
    run = Run(nothing())
    assert (run.sent, run.result, run.failed) == ([], None, None)


@pytest.mark.parametrize(("answer", "result"), [(ACK, True), (SILENCE, False), (GARBLED, False), (LAST, False)])
def test_initialise_tells_whether_it_was_acknowledged(answer: Answer, result: bool) -> None:
    run = Run(initialise(5), [answer])
    assert run.sent == [NKE_5]
    assert run.exchanges[0].expect is Expect.ACK
    assert run.exchanges[0].retries == 2
    assert run.result is result


def test_select() -> None:
    run = Run(select(mask_bytes("12345678")), [ACK])
    assert run.sent == [SELECT]
    assert (run.exchanges[0].expect, run.exchanges[0].retries) == (Expect.ACK, 2)
    assert (run.result, run.failed) == (None, None)


@pytest.mark.parametrize(
    ("mask", "answer", "code", "message"),
    [
        ("12345678", SILENCE, "not_found", "no slave answers to the mask 12345678"),
        ("1234FFFF", GARBLED, "collision", "more than one slave seems to answer to the mask 1234FFFF"),
        ("12345678 9615 01 02", SILENCE, "not_found", "no slave answers to the mask 12345678 9615 01 02"),
        (
            "12345678 FFFF FF 02",
            GARBLED,
            "collision",
            "more than one slave seems to answer to the mask 12345678 FFFF FF 02",
        ),
    ],
)
def test_a_failed_selection_names_the_mask(mask: str, answer: Answer, code: str, message: str) -> None:
    assert Run(select(mask_bytes(mask)), [answer]).failure == (code, message)


@pytest.mark.parametrize("mask", ["1234567", "123456789", "", "12345678 9615 01", "12345678 9615 01 02 00"])
def test_a_mask_of_another_length_is_refused(mask: str) -> None:
    count = len(mask.replace(" ", ""))
    with pytest.raises(ValueError) as caught:
        mask_bytes(mask)
    message = f"a mask has 8 digits (or 16 with manufacturer, version and type), not {count}: {mask!r}"
    assert str(caught.value) == message


@pytest.mark.parametrize("mask", ["1234567G", "12345678 9615 01 0X"])
def test_a_mask_has_only_digits(mask: str) -> None:
    with pytest.raises(ValueError) as caught:
        mask_bytes(mask)
    assert str(caught.value) == f"a mask has digits 0 to 9 and F for any: {mask!r}"


@pytest.mark.parametrize("mask", ["A2345678", "1234567E", "1234567B96150102"])
def test_an_identification_number_has_decimal_digits(mask: str) -> None:
    with pytest.raises(ValueError) as caught:
        mask_bytes(mask)
    assert str(caught.value) == f"an identification number has digits 0 to 9, F stands for any: {mask!r}"


def test_masks_are_written_with_small_letters_and_blanks_too() -> None:
    assert mask_bytes("1234 ffff") == bytes.fromhex("FFFF3412 FFFFFFFF")
    assert mask_bytes("12345678 96 15 ab cd") == bytes.fromhex("78563412 9615 AB CD")


# Reading


def test_all_telegrams_are_read_with_a_toggled_fcb() -> None:
    run = Run(read_all(SlaveAddress(5)), [MORE, MORE, LAST])
    assert run.sent == [REQUEST_5, TOGGLED_5, REQUEST_5]
    assert {(exchange.expect, exchange.retries) for exchange in run.exchanges} == {(Expect.RESPONSE, 2)}
    assert run.result == [MORE.frame, MORE.frame, LAST.frame]


def test_an_e5_after_a_telegram_ends_the_series() -> None:
    run = Run(read_all(SlaveAddress(5)), [MORE, ACK])
    assert run.result == [MORE.frame]


def test_a_telegram_that_cannot_be_decoded_is_the_last() -> None:
    strange = Frame.long(0x08, 5, 0x72, b"\x01\x02")
    run = Run(read_all(SlaveAddress(5)), [MORE, Answer(AnswerKind.RESPONSE, strange, strange.to_bytes())])
    assert run.result == [MORE.frame, strange]


@pytest.mark.parametrize(
    ("answers", "code", "message"),
    [
        ([SILENCE], "no_answer", "no answer from address 5 after 3 tries"),
        ([MORE, SILENCE], "no_answer", "no answer from address 5 after 3 tries"),
        ([GARBLED], "garbled", "only damaged answers from address 5: does more than one slave answer?"),
        ([MORE, GARBLED], "garbled", "only damaged answers from address 5: does more than one slave answer?"),
        ([ACK], "no_data", "the slave at address 5 says that it has no data"),
        ([MORE] * 100, "endless", "the slave at address 5 announces more than 100"),
    ],
)
def test_a_failed_reading_names_the_address(answers: list[Answer], code: str, message: str) -> None:
    assert Run(read_all(SlaveAddress(5)), answers).failure == (code, message)


def test_a_hundred_telegrams_are_not_endless() -> None:
    assert len(Run(read_all(SlaveAddress(5)), [*[MORE] * 99, LAST]).result) == 100


@pytest.mark.parametrize("first", [ACK, SILENCE, GARBLED])
def test_reading_by_primary_address_initialises_once(first: Answer) -> None:
    run = Run(read_primary(5), [first, MORE, LAST])
    assert run.sent == [NKE_5, REQUEST_5, TOGGLED_5]
    assert [exchange.retries for exchange in run.exchanges] == [0, 2, 2]
    assert run.result == [MORE.frame, LAST.frame]


def test_reading_by_secondary_address_deselects_before_and_after() -> None:
    run = Run(read_secondary(mask_bytes("12345678")), [SILENCE, ACK, MORE, LAST, ACK])
    assert run.sent == [NKE_253, SELECT, REQUEST_253, TOGGLED_253, NKE_253]
    assert [exchange.retries for exchange in run.exchanges] == [0, 2, 2, 2, 0]
    assert run.result == [MORE.frame, LAST.frame]


# Scanning


def test_a_scan_asks_each_address_and_tells_what_is_there() -> None:
    told: list[ScanProgress] = []
    answers = [
        SILENCE,  # 4
        *(ACK, LAST),  # 5
        *(ACK, SILENCE),  # 6 has no data
        *(GARBLED, LAST),  # 7: two acknowledge, one has data
        *(ACK, GARBLED),  # 8: two have data
        *(ACK, ACK),  # 9 says that it has none
    ]
    run = Run(scan_primary(range(4, 10), told.append), answers)
    asked = [0x40, 0x40, 0x7B, 0x40, 0x7B, 0x40, 0x7B, 0x40, 0x7B, 0x40, 0x7B]
    assert [exchange.frame.c for exchange in run.exchanges] == asked
    assert [exchange.frame.a for exchange in run.exchanges] == [4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9]
    assert {exchange.retries for exchange in run.exchanges} == {1}
    assert {exchange.frame.c: exchange.expect for exchange in run.exchanges} == {
        0x40: Expect.ACK,
        0x7B: Expect.RESPONSE,
    }
    assert [(found.at.primary, found.frame, found.collision) for found in run.result] == [
        (5, LAST.frame, False),
        (6, None, False),
        (7, LAST.frame, True),
        (8, None, True),
        (9, None, False),
    ]
    assert [found.telegram is not None for found in run.result] == [True, False, True, False, False]
    assert [(step.at, step.done) for step in told] == [
        (SlaveAddress(address), pytest.approx(part / 6)) for part, address in enumerate(range(4, 10), 1)
    ]
    assert [step.found for step in told] == [None, *run.result]
    assert all(isinstance(found, FoundSlave) for found in run.result)


def test_a_scan_retries_as_often_as_it_should() -> None:
    run = Run(scan_primary([5], lambda step: None, retries=4), [ACK, LAST])
    assert [exchange.retries for exchange in run.exchanges] == [4, 4]
