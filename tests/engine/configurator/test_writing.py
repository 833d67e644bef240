"""Sending of a command and reading of its status: with the simulated module on virtual time, and with given answers."""

from __future__ import annotations

import pytest

from cmi_gui.engine.cmi1020.commands import CommandInvalid, CommandTable
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.configurator.slaves import SlaveIdentity
from cmi_gui.engine.configurator.values import value_text
from cmi_gui.engine.configurator.writing import WriteStage, Writing, Written, can_be_sent, prepare, write
from cmi_gui.engine.machine import Line, SendOutcome, SetLine, Write
from cmi_gui.engine.mbus.allowance import LEAST, Allowance
from cmi_gui.engine.mbus.exchange import Answer, AnswerKind, Exchange, Expect, Procedure, ProcedureFailed, SetSpeed
from cmi_gui.engine.mbus.frame import ACK_FRAME, Frame, parse_frame
from cmi_gui.engine.mbus.master import Master, ProcedureFinished
from cmi_gui.engine.mbus.slave_address import SlaveAddress, mask_bytes
from tests.helpers.scripts import load_script
from tests.helpers.station_bench import Bench

TABLE = CommandTable(load_module_profile())
example_value = load_script("docs/make_module_page").example_value
HERE = SlaveAddress(0)
BY_ID = SlaveAddress(selection=mask_bytes("12345678"))
ACK = Answer(AnswerKind.ACK, ACK_FRAME, b"\xe5")
SPEED_SET = Answer(AnswerKind.NONE)
SILENCE = Answer(AnswerKind.SILENCE, tries=3)
GARBLED = Answer(AnswerKind.GARBLED, raw=b"\x00")


def response(status: int = 0, *, number: str = "12345678", fabrication: str = "50100007", a: int = 0) -> Answer:
    record = b"\x0c\x78" + bytes.fromhex(fabrication)[::-1] if fabrication else b""
    header = bytes.fromhex(number)[::-1] + bytes.fromhex("9615 01 02 00") + bytes((status, 0, 0))
    frame = parse_frame(Frame.long(0x08, a, 0x72, header + record).to_bytes())
    return Answer(AnswerKind.RESPONSE, frame, frame.to_bytes())


def writing(name: str, text: str = "", target: SlaveAddress = HERE, action: str = "00") -> Writing:
    return prepare(TABLE, TABLE.profile.row(name), text, target, action=action)


def play(procedure: Procedure[Written], *answers: Answer) -> tuple[list[str], Written]:
    """Return the telegrams that a procedure sends when it gets these answers, and its result."""
    sent: list[str] = []
    waiting = iter(answers)
    step = next(procedure)
    while True:
        if isinstance(step, Exchange):
            sent.append(step.frame.to_bytes().hex(" ").upper())
        try:
            step = procedure.send(next(waiting) if isinstance(step, Exchange) else SPEED_SET)
        except StopIteration as end:
            assert next(waiting, None) is None
            return sent, end.value


NKE = "10 40 00 40 16"
REQUEST = "10 7B 00 7B 16"
SELECT = "68 0B 0B 68 53 FD 52 78 56 34 12 FF FF FF FF B2 16"
SELECT_HEADER = "68 0B 0B 68 53 FD 52 78 56 34 12 96 15 01 02 64 16"
SELECT_ALONE = "68 11 11 68 53 FD 52 78 56 34 12 96 15 01 02 0C 78 07 00 10 50 4F 16"
REQUEST_ALONE = "10 7B FD 78 16"
RATE_3 = "68 0A 0A 68 73 FD 51 01 7C 03 74 61 72 03 8B 16"
ALONE = SlaveAddress(selection=mask_bytes("12345678 9615 01 02, fabrication number 50100007"))
VERIFIED = (ACK, response(), ACK, response())
"""Reached, read, selected alone, read again."""


def test_by_primary_address_the_module_is_read_and_selected_by_its_fabrication_number() -> None:
    sent, written = play(write(writing("rate", "3"), None), *VERIFIED, ACK, ACK, response(0x10))
    assert sent == [NKE, REQUEST, SELECT_ALONE, REQUEST_ALONE, RATE_3, SELECT_ALONE, REQUEST_ALONE]
    assert (written.status, written.alone) == (0x10, ALONE)
    assert written.frame.to_bytes().hex(" ").upper() == RATE_3


def test_by_its_whole_secondary_address_it_is_read_once() -> None:
    sent, _ = play(write(writing("rate", "3", ALONE), None), ACK, response(), ACK, ACK, response())
    assert sent == [SELECT_ALONE, REQUEST_ALONE, RATE_3, SELECT_ALONE, REQUEST_ALONE]


def test_right_after_another_write_it_is_not_read_again() -> None:
    sent, _ = play(write(writing("rate", "3"), None, alone=ALONE), ACK, ACK, response())
    assert sent == [RATE_3, SELECT_ALONE, REQUEST_ALONE]


def test_without_a_fabrication_number_it_keeps_its_primary_address() -> None:
    old = response(fabrication="")
    sent, written = play(write(writing("rate", "3"), None), ACK, old, ACK, ACK, old)
    rate = "68 0A 0A 68 73 00 51 01 7C 03 74 61 72 03 8E 16"
    assert sent == [NKE, REQUEST, rate, NKE, REQUEST]
    assert written.frame.a == 0


def test_without_a_fabrication_number_a_mask_is_narrowed_to_the_header() -> None:
    old = response(fabrication="")
    sent, _ = play(write(writing("rate", "3", BY_ID), None), ACK, old, ACK, old, ACK, ACK, old)
    assert sent == [SELECT, REQUEST_ALONE, SELECT_HEADER, REQUEST_ALONE, RATE_3, SELECT_HEADER, REQUEST_ALONE]


COLLISION = Answer(AnswerKind.GARBLED, raw=b"\x00", collision=True)
OTHER = SlaveIdentity("87654321", "ELV", 1, 2, "50100008")


@pytest.mark.parametrize("target", [HERE, SlaveAddress(254), SlaveAddress(selection=mask_bytes("1234567F"))])
@pytest.mark.parametrize(
    ("answers", "code", "says"),
    [
        ((ACK, COLLISION), "garbled", "does more than one slave answer"),
        ((ACK, SILENCE), "no_answer", "no answer from"),
        ((ACK, ACK, ACK), "no_identity", "without an identification number"),
        ((ACK, response(), SILENCE), "not_selected", "does not answer to its secondary address"),
        ((ACK, response(), COLLISION), "collision", "more than one slave seems to answer"),
        ((ACK, response(), ACK, COLLISION), "garbled", "only damaged answers"),
        ((ACK, response(), ACK, response(fabrication="50100008")), "another", "another slave answers"),
    ],
)
def test_nothing_is_sent_if_it_could_reach_another_module(
    target: SlaveAddress, answers: tuple[Answer, ...], code: str, says: str
) -> None:
    stages: list[WriteStage] = []
    procedure = write(writing("rate", "3", target), None, lambda stage, _: stages.append(stage))
    with pytest.raises(ProcedureFailed, match=says) as caught:
        play(procedure, *answers)
    assert (caught.value.code, stages) == (code, [])
    assert str(caught.value).endswith("; nothing was sent")


def test_another_module_than_the_expected_one_is_not_written() -> None:
    with pytest.raises(ProcedureFailed, match="is now another slave") as caught:
        play(write(writing("rate", "3"), None, expected=OTHER), ACK, response())
    assert caught.value.code == "another"
    assert "ELV 12345678, fabrication number 50100007" in str(caught.value)
    assert "ELV 87654321, fabrication number 50100008" in str(caught.value)


def test_the_expected_module_may_have_another_secondary_address_now() -> None:
    expected = SlaveIdentity("00000001", "ELV", 1, 2, "50100007")
    _, written = play(write(writing("rate", "3"), None, expected=expected), *VERIFIED, ACK, ACK, response())
    assert written.status == 0


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("display", "KKK", "Display text: seven segments cannot show 'K'; they can show "),
        ("display", "MAX. WK", r"Display text: seven segments cannot show 'M', 'X', '\.', 'W', 'K'; they can show "),
        ("display", "TRÅD", "Display text may contain only printable ASCII characters, not 'Å'"),
        ("usage", "3", r"`usage` for the rate \(bits 0-1\) must be 0 \(none\), 1 \(P1\) or 2 \(P2\), not 3"),
        ("usage", "48", r"`usage` for the display \(bits 4-5\)"),
    ],
)
def test_values_that_the_module_would_refuse_are_not_sent(name: str, text: str, says: str) -> None:
    with pytest.raises(CommandInvalid, match=says):
        writing(name, text)


@pytest.mark.parametrize(("answer", "code"), [(SILENCE, "no_answer"), (GARBLED, "garbled")])
def test_without_an_acknowledgement_it_is_not_confirmed(answer: Answer, code: str) -> None:
    with pytest.raises(ProcedureFailed, match="address 0 did not acknowledge Meter rate: not confirmed") as caught:
        play(write(writing("rate", "3"), None), *VERIFIED, answer)
    assert caught.value.code == code
    assert "it may have been carried out" in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "code", "says"),
    [
        (response(0b10), "refused", "refused Meter rate"),
        (response(0xF2), "refused", "status F2"),
        (SILENCE, "no_answer", "has not answered since"),
        (GARBLED, "garbled", "has not answered since"),
        (Answer(AnswerKind.RESPONSE, Frame.long(8, 0, 0x99, b"\x01")), "no_status", "reports no status"),
    ],
)
def test_a_refusal_in_the_status_is_reported(answer: Answer, code: str, says: str) -> None:
    with pytest.raises(ProcedureFailed, match=says) as caught:
        play(write(writing("rate", "3"), None), *VERIFIED, ACK, ACK, answer)
    assert caught.value.code == code


def test_the_fixed_data_structure_shows_no_refusal() -> None:
    """In it, bit 1 means that the counters are stored at a fixed date [DOC48 §6.2]."""
    data = bytes.fromhex("78563412 0A 02 E9 7E 01000000 35010000")
    frame = Frame.long(0x08, 0, 0x73, data)
    fixed = Answer(AnswerKind.RESPONSE, frame, frame.to_bytes())
    sent, written = play(write(writing("rate", "3"), None), ACK, fixed, ACK, ACK, fixed)
    assert written.status is None
    assert [each[:8] for each in sent] == ["10 40 00", "10 7B 00", "68 0A 0A", "10 40 00", "10 7B 00"]


def test_the_address_after_a_command() -> None:
    assert writing("primary_address", "7").then == SlaveAddress(7)
    assert writing("primary_address", "7", SlaveAddress(254)).then == SlaveAddress(254)
    by_id = SlaveAddress(selection=mask_bytes("12345678"))
    assert writing("primary_address", "7", by_id).then == by_id
    assert writing("baud", "300", SlaveAddress(3)).then == SlaveAddress(3, baud=300)
    reset = writing("application_reset", "b0", SlaveAddress(3))
    assert reset.then == SlaveAddress(0, baud=2400)
    plain = writing("application_reset", "", SlaveAddress(3))
    assert (plain.then, plain.frame) == (SlaveAddress(3), Frame.control(0x73, 0xFD, 0x50))
    renamed = writing("secondary_address", "87654321", by_id)
    assert (renamed.then, renamed.new_id) == (SlaveAddress(selection=mask_bytes("87654321")), b"\x21\x43\x65\x87")


def test_a_password_is_not_in_its_representation() -> None:
    shown = repr(writing("p1", "sEcReT99"))
    assert "sEcReT99" not in shown
    assert b"sEcReT99"[::-1].hex() not in shown


def test_only_settings_and_actions_can_be_sent() -> None:
    for row in TABLE.profile.command:
        assert can_be_sent(row) is (row.id not in ("request_data", "select"))
        if not can_be_sent(row):
            with pytest.raises(CommandInvalid, match="does not set anything"):
                prepare(TABLE, row, "", SlaveAddress(0))


def test_an_address_is_either_primary_or_a_selection() -> None:
    with pytest.raises(ValueError, match="either"):
        SlaveAddress()
    with pytest.raises(ValueError, match="either"):
        SlaveAddress(1, selection=mask_bytes("12345678"))


def example(name: str) -> str:
    """Return a value of a command that the module accepts in its present state, as text."""
    row = TABLE.profile.row(name)
    own = {"baud": "300", "disconnector": "0", "usage": "0"}
    return own[name] if name in own else value_text(example_value(row))


@pytest.mark.parametrize("name", [row.id for row in TABLE.profile.command if can_be_sent(row)])
@pytest.mark.parametrize("target", [SlaveAddress(0), SlaveAddress(254), SlaveAddress(selection=mask_bytes("1234FFFF"))])
def test_the_module_accepts_every_command(name: str, target: SlaveAddress) -> None:
    bench = Bench()
    assert bench.clock.run_until(bench.clock.now() + 60, lambda: bench.station.module.contact)
    written = bench.run(write(writing(name, example(name), target), None))
    assert written.status & 0b11 == 0


def test_a_new_speed_is_set_after_the_last_telegram_has_left() -> None:
    master = Master(Line(2400), Allowance(LEAST))

    def procedure() -> Procedure:
        yield Exchange(Frame.short(0x40, 1), Expect.NOTHING)
        yield SetSpeed(300)
        yield Exchange(Frame.short(0x40, 1), Expect.ACK, retries=0)

    (first,) = master.start(procedure(), 10.0)
    assert isinstance(first, Write)
    _, speed, second = master.done(first.token, SendOutcome.SENT, 10.1)
    assert isinstance(speed, SetLine)
    assert speed.line == Line(300)
    assert isinstance(second, Write)
    # The window of the standard at 300 bit/s is 1.15 s; at 2400 it would be 0.19 s.
    assert master.deadline is not None
    assert master.deadline > 11.25
    with pytest.raises(RuntimeError, match="busy"):
        master.start(procedure(), 10.2)
    *_, finished = master.tick(20.0)
    assert isinstance(finished, ProcedureFinished)
    # The next procedure begins at the master's own speed, and the one after it has nothing to change.
    back, third = master.start(procedure(), 20.1)
    assert (back.line, type(third)) == (Line(2400), Write)
    master.cancel(20.15)
    # After an abort the speed of the link is not known.
    assert [type(effect) for effect in master.start(procedure(), 20.2)] == [SetLine, Write]
