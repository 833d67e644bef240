"""Sending a command and reading back whether it was taken: against the real module in virtual time, and by hand."""

from __future__ import annotations

import pytest

from cmi_gui.engine.cmi1020.commands import CommandInvalid, CommandTable
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.configurator.writing import Writing, can_be_sent, prepare, read_status, send
from cmi_gui.engine.machine import Line, SendOutcome, SetLine, Write
from cmi_gui.engine.mbus.frame import Frame, parse_frame
from cmi_gui.engine.mbus.master import (
    Answer,
    AnswerKind,
    Exchange,
    Expect,
    Master,
    Procedure,
    ProcedureFailed,
    ProcedureFinished,
    SetSpeed,
)
from cmi_gui.engine.mbus.procedures import SlaveAddress, mask_bytes
from tests.helpers.station_bench import Bench

TABLE = CommandTable(load_module_profile())
BY_ID = SlaveAddress(selection=mask_bytes("12345678"))
HERE = SlaveAddress(0)
ACK = Answer(AnswerKind.ACK, Frame.ack(), b"\xe5")
SPEED_SET = Answer(AnswerKind.NONE)
SILENCE = Answer(AnswerKind.SILENCE, tries=3)
GARBLED = Answer(AnswerKind.GARBLED, raw=b"\x00")


def response(status: int) -> Answer:
    header = bytes.fromhex("78563412 9615 01 02 00") + bytes((status, 0, 0))
    frame = parse_frame(Frame.long(0x08, 0, 0x72, header).to_bytes())
    return Answer(AnswerKind.RESPONSE, frame, frame.to_bytes())


def writing(name: str, text: str = "", target: SlaveAddress = HERE, action: str = "00") -> Writing:
    return prepare(TABLE, TABLE.profile.row(name), text, target, action=action)


def status_after(one: Writing) -> Procedure:
    return read_status(one, one.then)


def play(procedure: Procedure, *answers: Answer) -> tuple[list[str], object]:
    """The telegrams a procedure sends, given these answers, and what it returns."""
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


RATE_3 = "68 0A 0A 68 73 00 51 01 7C 03 74 61 72 03 8E 16"
SELECT = "68 0B 0B 68 53 FD 52 78 56 34 12 FF FF FF FF B2 16"


def test_by_primary_address() -> None:
    assert play(send(writing("rate", "3")), ACK, ACK) == (["10 40 00 40 16", RATE_3], None)
    assert play(status_after(writing("rate", "3")), response(0x10)) == (["10 7B 00 7B 16"], 0x10)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("display", "KKK", "Display text: seven segments cannot show 'K'; they can show "),
        ("usage", "3", r"`usage` for the rate \(bits 0-1\) is 0 none, 1 P1 or 2 P2, not 3"),
        ("usage", "48", r"`usage` for the display \(bits 4-5\)"),
    ],
)
def test_what_the_module_would_refuse_is_not_sent(name: str, text: str, says: str) -> None:
    with pytest.raises(CommandInvalid, match=says):
        writing(name, text)


def test_by_secondary_address() -> None:
    rate = writing("rate", "3", SlaveAddress(selection=mask_bytes("12345678")))
    sent, _ = play(send(rate), SILENCE, ACK, ACK)
    assert sent == ["10 40 FD 3D 16", SELECT, "68 0A 0A 68 73 FD 51 01 7C 03 74 61 72 03 8B 16"]
    assert play(status_after(rate), response(0), ACK) == (["10 7B FD 78 16", "10 40 FD 3D 16"], 0)


def test_initialise_deselects_so_the_slave_is_selected_again() -> None:
    sent, _ = play(status_after(writing("initialise", "", BY_ID)), ACK, response(0), ACK)
    assert sent == [SELECT, "10 7B FD 78 16", "10 40 FD 3D 16"]


@pytest.mark.parametrize("target", [SlaveAddress(254), SlaveAddress(selection=mask_bytes("1234567F"))])
def test_where_several_may_answer_only_one_is_changed(target: SlaveAddress) -> None:
    rate = writing("rate", "3", target)
    address = [ACK] if target.selection is None else [SILENCE, ACK]
    sent, _ = play(send(rate), *address, response(0), *address, ACK)
    assert sent[-1] == rate.frame.to_bytes().hex(" ").upper()
    procedure = send(rate)
    with pytest.raises(ProcedureFailed, match="nothing was sent") as caught:
        play(procedure, *address, GARBLED)
    assert caught.value.code == "collision"


@pytest.mark.parametrize(("answer", "code"), [(SILENCE, "no_answer"), (GARBLED, "garbled")])
def test_without_an_acknowledgement_it_has_failed(answer: Answer, code: str) -> None:
    with pytest.raises(ProcedureFailed, match="address 0 does not acknowledge Meter rate") as caught:
        play(send(writing("rate", "3")), SILENCE, answer)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("answer", "code", "says"),
    [
        (response(0b10), "refused", "refused Meter rate"),
        (response(0xF2), "refused", "status F2"),
        (SILENCE, "no_answer", "does not answer since"),
        (GARBLED, "garbled", "does not answer since"),
        (Answer(AnswerKind.RESPONSE, Frame.long(8, 0, 0x99, b"\x01")), "no_status", "tells no status"),
    ],
)
def test_what_the_status_says_is_told(answer: Answer, code: str, says: str) -> None:
    with pytest.raises(ProcedureFailed, match=says) as caught:
        play(status_after(writing("rate", "3")), answer)
    assert caught.value.code == code


def test_where_the_module_is_afterwards() -> None:
    assert writing("primary_address", "7").then == SlaveAddress(7)
    assert writing("primary_address", "7", SlaveAddress(254)).then == SlaveAddress(254)
    by_id = SlaveAddress(selection=mask_bytes("12345678"))
    assert writing("primary_address", "7", by_id).then == by_id
    assert writing("baud", "300", SlaveAddress(3)).then == SlaveAddress(3, baud=300)
    reset = writing("application_reset", "b0", SlaveAddress(3))
    assert reset.then == SlaveAddress(0, baud=2400)
    plain = writing("application_reset", "", SlaveAddress(3))
    assert (plain.then, plain.frame) == (SlaveAddress(3), Frame.control(0x73, 3, 0x50))


def test_a_password_is_not_in_its_representation() -> None:
    shown = repr(writing("p1", "sEcReT99"))
    assert "sEcReT99" not in shown
    assert b"sEcReT99"[::-1].hex() not in shown


def test_only_what_sets_or_does_something_can_be_sent() -> None:
    for row in TABLE.profile.command:
        assert can_be_sent(row) is (row.id not in ("request_data", "select"))
        if not can_be_sent(row):
            with pytest.raises(CommandInvalid, match="sets nothing"):
                prepare(TABLE, row, "", SlaveAddress(0))


def test_a_target_is_one_thing() -> None:
    with pytest.raises(ValueError, match="either"):
        SlaveAddress()
    with pytest.raises(ValueError, match="either"):
        SlaveAddress(1, selection=mask_bytes("12345678"))


EXAMPLES = {
    "baud": "300",
    "primary_address": "9",
    "secondary_address": "87654321",
    "disconnector": "0",
    "disconnector_control": "1",
    "p1": "sEcReT99",
    "p2": "sEcReT98",
    "rate": "2",
    "rate_enable": "0",
    "selection_list": "1.8.0",
    "rate_map": "4 3 2 1",
    "usage": "0",
    "display": "HELLO",
    "tag": "4294967295",
}


@pytest.mark.parametrize("name", [row.id for row in TABLE.profile.command if can_be_sent(row)])
@pytest.mark.parametrize("target", [SlaveAddress(0), SlaveAddress(254), SlaveAddress(selection=mask_bytes("1234FFFF"))])
def test_the_module_takes_every_command(name: str, target: SlaveAddress) -> None:
    bench = Bench()
    assert bench.clock.run_until(bench.clock.now() + 60, lambda: bench.station.module.contact)
    one = writing(name, EXAMPLES.get(name, ""), target)
    bench.run(send(one))
    assert bench.run(status_after(one)) & 0b11 == 0


def test_a_new_speed_is_set_once_what_was_sent_has_left() -> None:
    master = Master(Line(2400))

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
    master.cancel()
    # What the link stands at after an abort is not relied on.
    assert [type(effect) for effect in master.start(procedure(), 20.2)] == [SetLine, Write]
