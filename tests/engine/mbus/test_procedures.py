"""Procedures of a master: the telegrams they send, the results of each answer, and the messages of failures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from cmi_gui.engine.mbus.exchange import (
    Answer,
    AnswerKind,
    Exchange,
    Expect,
    Procedure,
    ProcedureFailed,
    SetSpeed,
    Settle,
)
from cmi_gui.engine.mbus.frame import ACK_FRAME, Frame
from cmi_gui.engine.mbus.procedures import SlaveReading, no_requests, read_slave, select
from cmi_gui.engine.mbus.scan import SCAN_RETRIES, FoundSlave, ScanProgress, scan_primary
from cmi_gui.engine.mbus.slave_address import SlaveAddress, mask_bytes, selection_text

ACK = Answer(AnswerKind.ACK, ACK_FRAME, b"\xe5")
NOTHING = Answer(AnswerKind.NONE)
SILENCE = Answer(AnswerKind.SILENCE, tries=3)
GARBLED = Answer(AnswerKind.GARBLED, raw=b"\x68\x00", tries=3)
COLLISION = Answer(AnswerKind.GARBLED, raw=b"\x68\x00", tries=3, collision=True)
SEVERAL = replace(COLLISION, several=True)

NKE_5 = "10 40 05 45 16"
SELECT = "68 0B 0B 68 53 FD 52 78 56 34 12 FF FF FF FF B2 16"
REQUEST_5 = "10 7B 05 80 16"
TOGGLED_5 = "10 5B 05 60 16"
REQUEST_253 = "10 7B FD 78 16"
TOGGLED_253 = "10 5B FD 58 16"


def telegram(records: str, *, a: int = 5, ci: int = 0x72, access: int = 0) -> Answer:
    frame = Frame.long(0x08, a, ci, bytes.fromhex(f"78563412 9615 01 02 {access:02X} 00 0000 {records}"))
    return Answer(AnswerKind.RESPONSE, frame, frame.to_bytes())


MORE = telegram("01 FD 1B 00 1F")
OTHER = telegram("01 FD 1B 01 1F", access=1)
LAST = telegram("01 FD 1B 00")


class Run:
    """A procedure whose exchanges get the given answers; all of them must be used."""

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
                    step = procedure.send(NOTHING)
                elif isinstance(step, Settle):
                    step = procedure.send(NOTHING)
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


def test_an_empty_procedure_sends_no_request() -> None:
    run = Run(no_requests())
    assert (run.sent, run.result, run.failed) == ([], None, None)


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


@pytest.mark.parametrize(
    "mask",
    [
        *("1234567", "123456789", "", "12345678 9615 01", "12345678 9615 01 02 00", "1234567G", "12345678 9615 01 0X"),
        *("12345678 fabrication 50100007", "12345678, fabrication number 5010000", "fabrication number 50100007"),
    ],
)
def test_a_mask_of_another_form_is_refused(mask: str) -> None:
    with pytest.raises(ValueError, match=r" is not a mask: a mask has 8 hexadecimal digits") as caught:
        mask_bytes(mask)
    assert str(caught.value).startswith(f"{mask!r} is not")


@pytest.mark.parametrize(
    ("mask", "field"),
    [
        ("1A999921", "2199991A FFFF FF FF"),
        ("12345678, fabrication number 0000001F", "78563412 FFFF FF FF 0C78 1F000000"),
        ("12345678 9615 01 02, fabrication number 50100007", "78563412 9615 01 02 0C78 07001050"),
    ],
)
def test_the_text_of_a_selection_is_a_mask(mask: str, field: str) -> None:
    assert mask_bytes(mask) == bytes.fromhex(field)
    assert selection_text(mask_bytes(mask)) == mask


def test_masks_may_have_small_letters_and_blanks() -> None:
    assert mask_bytes("1234 ffff") == bytes.fromhex("FFFF3412 FFFFFFFF")
    assert mask_bytes("12345678 96 15 ab cd") == bytes.fromhex("78563412 9615 AB CD")


# Reading


def series(*answers: Answer, telegrams: int | None = None) -> Run:
    """Read the slave at address 5, which has acknowledged SND_NKE."""
    return Run(read_slave(SlaveAddress(5), telegrams), [ACK, *answers])


def test_all_telegrams_are_read_with_a_toggled_fcb() -> None:
    run = series(MORE, OTHER, LAST)
    assert run.sent == [NKE_5, REQUEST_5, TOGGLED_5, REQUEST_5]
    assert {(exchange.expect, exchange.retries) for exchange in run.exchanges[1:]} == {(Expect.RESPONSE, 2)}
    assert [exchange.long_wait for exchange in run.exchanges] == [False, True, True, True]
    assert [exchange.alone for exchange in run.exchanges] == [False, False, True, True], "one slave is proven by then"
    assert run.result == SlaveReading((MORE.frame, OTHER.frame, LAST.frame))


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (ACK, "the slave has no more"),
        (SILENCE, "no answer from address 5 after 3 tries"),
        (GARBLED, "only damaged answers from address 5"),
        (telegram("", ci=0x70), "holds no data"),
        (telegram("", ci=0xA0), "holds no data"),
    ],
)
def test_an_incomplete_series_is_returned_with_a_warning(end: Answer, words: str) -> None:
    run = series(MORE, *([end] * (2 if end is ACK else 1)))
    assert not run.result.complete
    (warning,) = run.result.warnings
    assert str(warning).startswith("incomplete after telegram 1: ")
    assert words in str(warning)
    assert run.result.frames[0] == MORE.frame
    assert len(run.result.frames) == 1 + (end.kind is AnswerKind.RESPONSE)


@pytest.mark.parametrize("access", [0, 1])
def test_a_series_that_starts_again_ends_there(access: int) -> None:
    again = telegram("01 FD 1B 00 1F", access=access)
    run = series(MORE, OTHER, again)
    assert run.result.frames == (MORE.frame, OTHER.frame)
    assert not run.result.complete
    assert [str(each) for each in run.result.warnings] == [
        "telegram 1 was received again, so others may be missing; the telegrams read before are kept"
    ]


def test_a_slave_that_ignores_the_count_bit_ends_its_series_with_the_first_telegram() -> None:
    run = series(MORE, Answer(AnswerKind.REPEATED, tries=3))
    assert run.result.frames == (MORE.frame,)
    assert not run.result.complete


def test_exactly_the_requested_number_of_telegrams_is_read() -> None:
    assert series(MORE, OTHER, telegrams=2).result == SlaveReading((MORE.frame, OTHER.frame))
    assert series(LAST, OTHER, telegrams=2).result == SlaveReading((LAST.frame, OTHER.frame)), (
        "even if it announces none"
    )
    broken = series(MORE, SILENCE, telegrams=2).result
    assert (broken.frames, broken.complete) == ((MORE.frame,), False)


def test_a_telegram_that_cannot_be_decoded_is_the_last() -> None:
    strange = Frame.long(0x08, 5, 0x72, b"\x01\x02")
    run = series(MORE, Answer(AnswerKind.RESPONSE, strange, strange.to_bytes()))
    assert run.result.frames == (MORE.frame, strange)


def test_an_answer_of_another_address_is_returned_with_a_warning() -> None:
    frame = telegram("01 FD 1B 00", a=7).frame
    run = series(Answer(AnswerKind.FOREIGN, frame, tries=3))
    assert run.result.frames == (frame,)
    assert [str(each) for each in run.result.warnings] == [
        "the request went to address 5, but the answers came from address 7, identification 12345678"
    ]


@pytest.mark.parametrize(
    ("answer", "code", "message"),
    [
        (SILENCE, "no_answer", "no answer from address 5 after 3 tries"),
        (GARBLED, "garbled", "only damaged answers from address 5"),
        (COLLISION, "garbled", "only damaged answers from address 5: does more than one slave answer?"),
        (SEVERAL, "garbled", "several answers at the same time from address 5: more than one slave seems to answer"),
        (ACK, "no_data", "the slave at address 5 reports that it has no data"),
    ],
)
def test_a_failed_reading_names_the_address(answer: Answer, code: str, message: str) -> None:
    # After an E5 the request is repeated: the E5 may be the copy of an earlier one.
    assert series(*([answer] * (2 if answer is ACK else 1))).failure == (code, message)


def test_a_series_of_more_than_a_hundred_telegrams_is_cut() -> None:
    telegrams = [telegram(f"02 FD 1B {number:02X} 00 1F") for number in range(100)]
    run = series(*telegrams)
    assert len(run.result.frames) == 100
    assert not run.result.complete
    whole = series(*telegrams[:99], LAST)
    assert (len(whole.result.frames), whole.result.complete) == (100, True)


@pytest.mark.parametrize("first", [ACK, SILENCE, GARBLED])
def test_reading_by_primary_address_initialises_once(first: Answer) -> None:
    run = Run(read_slave(SlaveAddress(5)), [first, MORE, LAST])
    assert run.sent == [NKE_5, REQUEST_5, TOGGLED_5]
    assert [exchange.retries for exchange in run.exchanges] == [0, 2, 2]
    assert run.result.frames == (MORE.frame, LAST.frame)


def test_reading_by_secondary_address_selects_and_no_more() -> None:
    run = Run(read_slave(SlaveAddress(selection=mask_bytes("12345678"))), [ACK, MORE, LAST])
    assert run.sent == [SELECT, REQUEST_253, TOGGLED_253]
    assert [exchange.retries for exchange in run.exchanges] == [2, 2, 2]
    assert run.result.frames == (MORE.frame, LAST.frame)


# Scanning


def test_a_scan_reports_the_slave_at_each_address() -> None:
    reported: list[ScanProgress] = []
    answers = [
        SILENCE,  # 4
        *(ACK, LAST),  # 5
        *(ACK, SILENCE, ACK, SILENCE),  # 6 gives no data, even after a long wait
        *(COLLISION, LAST, COLLISION, LAST),  # 7: two acknowledge, one has data
        *(ACK, COLLISION, ACK, COLLISION),  # 8: two have data
        *(ACK, ACK, ACK, ACK),  # 9 has no data
    ]
    run = Run(scan_primary(range(4, 10), reported.append), answers)
    asked = [0x40, *[0x40, 0x7B] * 9]
    assert [exchange.frame.c for exchange in run.exchanges] == asked
    assert [exchange.frame.a for exchange in run.exchanges] == [4, 5, 5, *[6] * 4, *[7] * 4, *[8] * 4, *[9] * 4]
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
    assert [(step.at, step.done) for step in reported] == [
        (SlaveAddress(address), pytest.approx(part / 6)) for part, address in enumerate(range(4, 10), 1)
    ]
    assert [step.found for step in reported] == [None, *run.result]
    assert all(isinstance(found, FoundSlave) for found in run.result)


def test_a_late_answer_beside_the_test_of_noise_is_not_lost() -> None:
    noise = Answer(AnswerKind.SILENCE, raw=b"\0")
    for probe, again in (
        (Answer(AnswerKind.SILENCE, strays=(ACK_FRAME,), unanswered=(Frame.short(0x40, 4),)), SILENCE),
        (SILENCE, Answer(AnswerKind.SILENCE, strays=(ACK_FRAME,), unanswered=(Frame.short(0x40, 4),))),
    ):
        # 4 is silent, 5 gets noise: a request that no slave answers, and 5 again. Then 4 answers in time.
        answers = [SILENCE, noise, probe, again, ACK, LAST]
        run = Run(scan_primary([4, 5], lambda step: None), answers)
        assert [exchange.frame.a for exchange in run.exchanges] == [4, 5, 252, 5, 4, 4]
        assert [found.at.primary for found in run.result] == [4]


def test_retries_of_a_scan() -> None:
    run = Run(scan_primary([5], lambda step: None), [ACK, LAST])
    assert [exchange.retries for exchange in run.exchanges] == [SCAN_RETRIES, SCAN_RETRIES]
