"""The exact times of the master: when it sends, how long it waits, and which bytes count as an answer."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from cmi_gui.engine.machine import Abort, Line, LineEvent, SendOutcome, SetLine, Write
from cmi_gui.engine.mbus.allowance import LEAST, Allowance
from cmi_gui.engine.mbus.exchange import Answer, AnswerKind, Exchange, Expect, Procedure, ProcedureFailed, SetSpeed
from cmi_gui.engine.mbus.frame import ACK_FRAME, MAX_FRAME, Frame
from cmi_gui.engine.mbus.master import ExchangeDone, Master, ProcedureFinished

BIT = 1 / 2400
CHAR = 11 * BIT
WINDOW = 330 * BIT + 0.050
IDLE = 33 * BIT
ASK = Frame.short(0x40, 5)
SENT = ASK.to_bytes()
RESPONSE = Frame.long(0x08, 5, 0x72, bytes.fromhex("78563412 9615 01 02 00 00 0000 01FD1B00"))
OTHER_REQUEST = Frame.short(0x7B, 5)


def ask(expect: Expect = Expect.ACK, *, retries: int = 2, times: int = 1, alone: bool = True) -> Procedure:
    answers = []
    for _ in range(times):
        answers.append((yield Exchange(ASK, expect, retries, alone=alone)))
    return answers


class Rig:
    """A master at a time that the test sets; nothing is sent before the test reports it."""

    def __init__(
        self, procedure: Procedure | None = None, *, extra: float = 0.0, fixed: bool = True, baud: int = 2400
    ) -> None:
        self.allowance = Allowance(extra, fixed=fixed)
        self.master = Master(Line(baud), self.allowance)
        self.now = 10.0
        self.writes: list[Write] = []
        self.done: list[ExchangeDone] = []
        self.end: ProcedureFinished | None = None
        self.take(self.master.start(procedure or ask(), self.now))

    def take(self, effects: Sequence[object]) -> None:
        for effect in effects:
            match effect:
                case Write():
                    self.writes.append(effect)
                case ExchangeDone():
                    self.done.append(effect)
                case ProcedureFinished():
                    self.end = effect

    def sent(self, *, at: float, outcome: SendOutcome = SendOutcome.SENT) -> None:
        self.take(self.master.done(self.writes[-1].token, outcome, at))

    def receive(self, data: bytes, *, at: float) -> None:
        self.take(self.master.receive(data, at))

    def tick(self, *, at: float) -> None:
        self.take(self.master.tick(at))

    @property
    def answer(self) -> Answer:
        assert isinstance(self.end, ProcedureFinished)
        assert isinstance(self.end.result, list)
        answer = self.end.result[-1]
        assert isinstance(answer, Answer)
        return answer


def test_it_sends_at_once_and_waits_from_the_last_character() -> None:
    rig = Rig()
    assert [write.data for write in rig.writes] == [SENT]
    assert rig.master.busy
    assert rig.master.deadline == pytest.approx(10.0 + 2 * 5 * CHAR + WINDOW)
    rig.sent(at=10.1)
    assert rig.master.deadline == pytest.approx(10.1 + WINDOW)
    rig.tick(at=10.1 + WINDOW - 1e-6)
    assert len(rig.writes) == 1
    rig.tick(at=10.1 + WINDOW + 1e-9)
    assert len(rig.writes) == 2
    assert rig.writes[0].token != rig.writes[1].token


def test_time_for_slow_links_comes_on_top() -> None:
    rig = Rig(extra=0.5)
    assert rig.master.deadline == pytest.approx(10.0 + 2 * 5 * CHAR + WINDOW + 0.5)
    rig.sent(at=10.1)
    assert rig.master.deadline == pytest.approx(10.1 + WINDOW + 0.5)


def test_a_link_that_never_reports_the_end_of_sending_does_not_block() -> None:
    rig = Rig(ask(retries=0))
    deadline = rig.master.deadline
    assert deadline is not None
    rig.tick(at=deadline)
    assert rig.answer == Answer(AnswerKind.SILENCE, None, b"", 1)


def test_the_outcome_of_an_older_telegram_is_ignored() -> None:
    rig = Rig()
    deadline = rig.master.deadline
    rig.take(rig.master.done(rig.writes[-1].token + 1, SendOutcome.SENT, 20.0))
    rig.take(rig.master.done(rig.writes[-1].token - 1, SendOutcome.EXPIRED, 20.0))
    assert rig.master.deadline == deadline
    assert len(rig.writes) == 1


@pytest.mark.parametrize("outcome", [SendOutcome.EXPIRED, SendOutcome.ABORTED])
def test_a_telegram_that_was_not_sent_is_tried_again_at_once(outcome: SendOutcome) -> None:
    rig = Rig(ask(retries=1))
    rig.sent(at=10.1, outcome=outcome)
    assert len(rig.writes) == 2
    rig.sent(at=10.2, outcome=outcome)
    assert rig.answer == Answer(AnswerKind.SILENCE, None, b"", 2)


def test_an_acknowledgement_ends_the_exchange_with_an_event() -> None:
    rig = Rig()
    rig.sent(at=10.1)
    rig.receive(b"\xe5", at=10.2)
    assert rig.answer == Answer(AnswerKind.ACK, ACK_FRAME, b"\xe5", 1)
    assert rig.done == [ExchangeDone(Exchange(ASK, Expect.ACK, 2, alone=True), rig.answer, 10.2)]
    assert (rig.master.busy, rig.master.deadline) == (False, None)
    rig.receive(b"\xe5", at=10.3)
    rig.tick(at=100.0)
    assert len(rig.done) == 1


def test_the_next_exchange_waits_until_the_line_was_idle_for_33_bits() -> None:
    rig = Rig(ask(times=2))
    rig.sent(at=10.1)
    rig.receive(b"\xe5", at=10.2)
    assert len(rig.writes) == 1
    assert rig.master.deadline == pytest.approx(10.2 + IDLE)
    rig.tick(at=10.2 + IDLE - 1e-6)
    assert len(rig.writes) == 1
    rig.tick(at=10.2 + IDLE + 1e-9)
    assert len(rig.writes) == 2


def test_an_idle_line_is_not_waited_for() -> None:
    rig = Rig()
    rig.sent(at=10.1)
    rig.receive(b"\xe5", at=10.2)
    rig.take(rig.master.start(ask(), 10.2 + IDLE + 1e-9))
    assert len(rig.writes) == 2


def test_a_broadcast_ends_when_it_has_left() -> None:
    rig = Rig(ask(Expect.NOTHING))
    rig.sent(at=10.1)
    assert rig.answer == Answer(AnswerKind.NONE, None, b"", 1)
    assert not rig.answer.answered


@pytest.mark.parametrize(
    ("kind", "answered"),
    [
        (AnswerKind.ACK, True),
        (AnswerKind.RESPONSE, True),
        (AnswerKind.GARBLED, True),
        (AnswerKind.SILENCE, False),
        (AnswerKind.NONE, False),
    ],
)
def test_kinds_that_count_as_answered(kind: AnswerKind, answered: bool) -> None:
    assert Answer(kind).answered is answered
    assert Answer(kind) == Answer(kind, None, b"", 1)


@pytest.mark.parametrize("retries", [0, 1, 2, 4])
def test_it_tries_as_often_as_retries_allow(retries: int) -> None:
    rig = Rig(ask(retries=retries))
    while rig.end is None:
        rig.sent(at=rig.now)
        assert rig.master.deadline is not None
        rig.now = rig.master.deadline
        rig.tick(at=rig.now)
    assert len(rig.writes) == retries + 1
    assert rig.answer == Answer(AnswerKind.SILENCE, None, b"", retries + 1)


# Bytes that count as an answer


def answer_to(expect: Expect, data: bytes) -> Answer | None:
    rig = Rig(ask(expect, retries=0))
    rig.sent(at=10.1)
    rig.receive(data, at=10.11)
    return rig.answer if rig.end is not None else None


@pytest.mark.parametrize("stray", ["", "FD", "A5 FC"])
def test_an_e5_with_up_to_two_stray_bytes_counts(stray: str) -> None:
    for expect in (Expect.ACK, Expect.RESPONSE):
        answer = answer_to(expect, bytes.fromhex(stray + "E5"))
        assert answer == Answer(AnswerKind.ACK, ACK_FRAME, bytes.fromhex(stray + "E5"), 1)


def test_an_e5_with_three_stray_bytes_does_not() -> None:
    assert answer_to(Expect.ACK, bytes.fromhex("A5 FC FD E5")) is None


@pytest.mark.parametrize(("stray", "collision"), [("A5 FC FD 00", False), ("A5 FC FD 00 00", True)])
def test_a_response_counts_after_any_number_of_stray_bytes(stray: str, collision: bool) -> None:
    data = bytes.fromhex(stray) + RESPONSE.to_bytes()
    assert answer_to(Expect.RESPONSE, data) == Answer(AnswerKind.RESPONSE, RESPONSE, data, 1, collision=collision)
    assert answer_to(Expect.ACK, data) is None


@pytest.mark.parametrize(("pause", "collision"), [(0.01, False), (0.16, True)])
def test_a_response_after_an_idle_line_is_not_the_only_answer(pause: float, collision: bool) -> None:
    rig = Rig(ask(Expect.RESPONSE, retries=0))
    rig.sent(at=10.1)
    # Overlaid telegrams, which may be one long space, and after them a late one.
    rig.receive(b"\0", at=10.11)
    rig.receive(RESPONSE.to_bytes(), at=10.11 + pause)
    assert (rig.answer.kind, rig.answer.collision) == (AnswerKind.RESPONSE, collision)


@pytest.mark.parametrize("frame", [Frame.short(0x08, 5), OTHER_REQUEST, Frame.long(0x53, 5, 0x51, b"x")])
def test_short_frames_and_frames_of_masters_are_no_answers(frame: Frame) -> None:
    assert answer_to(Expect.RESPONSE, frame.to_bytes()) is None
    assert answer_to(Expect.ACK, frame.to_bytes()) is None


def test_an_echo_is_ignored_and_not_counted_as_stray() -> None:
    answer = answer_to(Expect.ACK, SENT + b"\xe5")
    assert answer == Answer(AnswerKind.ACK, ACK_FRAME, b"\xe5", 1)
    assert answer_to(Expect.ACK, OTHER_REQUEST.to_bytes() + b"\xe5") is None, "another telegram is no echo"


def test_bytes_in_one_chunk_with_an_echo_are_judged_as_if_received_later() -> None:
    assert answer_to(Expect.ACK, SENT + bytes.fromhex("A5 FC FD E5")) is None, "too many stray bytes"
    data = b"\xfd" + RESPONSE.to_bytes()
    assert answer_to(Expect.RESPONSE, b"\x00" + SENT + data) == Answer(AnswerKind.RESPONSE, RESPONSE, data, 1)
    rig = Rig(ask(retries=0))
    rig.sent(at=10.1)
    rig.receive(SENT + b"\xe4\x65", at=10.11)
    rig.tick(at=11.0)
    assert rig.answer == Answer(AnswerKind.GARBLED, None, b"\xe4\x65", 1, collision=True), "a collision is not silence"


def test_two_good_answers_differ_from_damaged_ones() -> None:
    other = Frame.long(0x08, 5, 0x72, b"\x99" + RESPONSE.data[1:])
    both = RESPONSE.to_bytes() + other.to_bytes()
    for data, several in ((both, True), (b"\xe5\xe5", True), (both[:9], False), (RESPONSE.to_bytes() * 2, False)):
        rig = Rig(ask(Expect.RESPONSE, retries=0))
        rig.sent(at=10.1)
        rig.receive(data, at=10.2)
        rig.tick(at=11.0)
        assert rig.answer.several is several, data


@pytest.mark.parametrize("damage", ["6840041000", "40", "68", "00"])
def test_after_damage_the_longest_telegram_is_waited_for(damage: str) -> None:
    # A receiver gets the long space of many telegrams as one character, whose bits may be any.
    rig = Rig(ask(Expect.RESPONSE, retries=0, alone=False))
    rig.sent(at=10.1)
    rig.receive(bytes.fromhex(damage), at=10.2)
    assert rig.master.deadline is not None
    rig.tick(at=rig.master.deadline)
    assert rig.end is None
    end = 10.2 + WINDOW + MAX_FRAME * CHAR
    assert rig.master.deadline == pytest.approx(end)
    rig.receive(b"\xfc\xe4", at=11.0)
    rig.tick(at=end)
    assert (rig.answer.frame, rig.answer.strays) == (None, ())
    assert rig.answer.raw == bytes.fromhex(damage) + b"\xfc\xe4"


def test_the_damaged_telegram_of_the_only_slave_is_not_waited_for() -> None:
    rig = Rig(ask(Expect.RESPONSE, retries=0))
    rig.sent(at=10.1)
    rig.receive(b"\x68\x40\x04\x10\x00", at=10.2)
    assert rig.master.deadline is not None
    rig.tick(at=rig.master.deadline)
    assert rig.answer.kind is AnswerKind.GARBLED


def test_a_request_that_was_not_sent_gets_no_answer_to_wait_for() -> None:
    rig = Rig(ask(Expect.RESPONSE, retries=0, alone=False))
    rig.receive(b"\x40", at=10.05)
    rig.sent(at=10.1, outcome=SendOutcome.ABORTED)
    assert rig.end is not None


def test_line_errors_begin_an_answer_too() -> None:
    rig = Rig(ask(Expect.RESPONSE, retries=0, alone=False))
    rig.sent(at=10.1)
    rig.take(rig.master.line_event(LineEvent.BREAK, 10.15))
    for _ in range(4):
        rig.take(rig.master.line_event(LineEvent.FRAMING, 10.2))
    rig.tick(at=10.1 + WINDOW)
    assert rig.master.deadline == pytest.approx(10.15 + WINDOW + MAX_FRAME * CHAR)


def test_nothing_is_learned_from_two_acknowledgements_in_a_row() -> None:
    rig = Rig(ask(retries=0, times=2), extra=LEAST, fixed=False)
    rig.sent(at=10.1)
    assert rig.master.deadline is not None
    rig.tick(at=rig.master.deadline)
    rig.sent(at=10.45)
    rig.receive(b"\xe5\xe5", at=10.5)
    assert rig.answer.strays == (ACK_FRAME,)
    assert rig.allowance.seconds == LEAST


def test_an_echo_alone_is_silence() -> None:
    rig = Rig(ask(retries=0))
    rig.sent(at=10.1)
    rig.receive(SENT, at=10.11)
    assert rig.master.deadline == pytest.approx(10.1 + WINDOW)
    rig.tick(at=11.0)
    assert rig.answer == Answer(AnswerKind.SILENCE, None, b"", 1)


def test_bytes_between_two_tries_belong_to_no_answer() -> None:
    rig = Rig(ask(retries=1))
    rig.sent(at=10.1)
    rig.receive(b"\x68", at=10.1 + WINDOW - 0.001)
    assert rig.master.deadline is not None
    rig.tick(at=rig.master.deadline)
    waiting = rig.master.deadline
    assert waiting is not None
    assert len(rig.writes) == 2
    rig.sent(at=11.0)
    rig.receive(RESPONSE.to_bytes()[1:], at=11.1)
    assert rig.end is None, "the beginning belonged to the first try"


def test_bytes_during_the_pause_before_a_retry_do_not_count() -> None:
    rig = Rig(ask(retries=1))
    rig.receive(b"\xaa", at=10.05)
    rig.sent(at=10.1, outcome=SendOutcome.ABORTED)
    if len(rig.writes) == 1:
        rig.receive(b"\xe5", at=10.101)
        assert rig.end is None


# Slow answers


def test_an_answer_that_has_begun_is_waited_for_character_by_character() -> None:
    rig = Rig(ask(Expect.RESPONSE, retries=0))
    rig.sent(at=10.1)
    gap = IDLE + 0.050
    at = 10.1 + WINDOW - 0.001
    for byte in RESPONSE.to_bytes()[:-1]:
        rig.receive(bytes((byte,)), at=at)
        assert rig.master.deadline == pytest.approx(at + gap)
        at += 0.06
    rig.receive(RESPONSE.to_bytes()[-1:], at=at)
    assert rig.answer.frame == RESPONSE


def test_the_gap_has_the_time_for_slow_links_too() -> None:
    rig = Rig(ask(Expect.RESPONSE), extra=0.2)
    rig.sent(at=10.1)
    rig.receive(b"\x68", at=10.4)
    assert rig.master.deadline == pytest.approx(10.4 + IDLE + 0.050 + 0.2)


def test_noise_that_never_ends_is_waited_for_no_longer_than_two_longest_telegrams() -> None:
    rig = Rig(ask(Expect.RESPONSE, retries=0))
    rig.sent(at=10.1)
    limit = 10.1 + WINDOW + 2 * 261 * CHAR
    at = 10.2
    while at < limit - 0.01:
        rig.receive(b"\x68\xff\xff\x68" if at == 10.2 else b"\x00", at=at)
        at += 0.05
    assert rig.master.deadline == pytest.approx(limit)
    rig.tick(at=limit)
    assert rig.answer.kind is AnswerKind.GARBLED


def test_before_the_link_reports_sent_the_limit_counts_from_an_upper_bound() -> None:
    rig = Rig(ask(Expect.RESPONSE, retries=0))
    limit = 10.0 + 2 * 5 * CHAR + WINDOW + 2 * 261 * CHAR
    at = 10.2
    while at < limit - 0.01:
        rig.receive(b"\x68\xff\xff\x68" if at == 10.2 else b"\x00", at=at)
        at += 0.05
    assert rig.master.deadline == pytest.approx(limit)


def test_an_answer_that_began_before_the_link_reports_sent_keeps_its_time() -> None:
    rig = Rig(ask(Expect.RESPONSE))
    rig.receive(b"\x68\x13", at=10.25)
    deadline = rig.master.deadline
    assert deadline == pytest.approx(10.25 + IDLE + 0.050)
    rig.sent(at=10.06)
    assert rig.master.deadline == deadline


def test_a_telegram_that_breaks_off_is_garbled() -> None:
    rig = Rig(ask(Expect.RESPONSE, retries=0))
    rig.sent(at=10.1)
    rig.receive(RESPONSE.to_bytes()[:-1], at=10.2)
    assert rig.master.deadline is not None
    rig.tick(at=rig.master.deadline)
    assert rig.answer == Answer(AnswerKind.GARBLED, None, RESPONSE.to_bytes()[:-1], 1, collision=True)


def test_an_answer_after_a_false_start_is_found_when_the_line_is_idle() -> None:
    rig = Rig(ask(retries=0))
    rig.sent(at=10.1)
    rig.receive(b"\x10\xe5", at=10.25)
    assert rig.end is None
    rig.tick(at=10.25 + IDLE + 0.050 + 1e-9)
    assert rig.answer.kind is AnswerKind.ACK


# Damaged characters


@pytest.mark.parametrize("kind", [one for one in LineEvent if one is not LineEvent.PEER])
def test_a_damaged_character_is_an_answer_that_cannot_be_read(kind: LineEvent) -> None:
    rig = Rig(ask(retries=0))
    rig.sent(at=10.1)
    assert rig.master.line_event(kind, 10.2) == ()
    rig.tick(at=11.0)
    assert rig.answer == Answer(AnswerKind.GARBLED, None, b"\x00", 1, collision=True)


def test_another_peer_is_no_damage() -> None:
    rig = Rig(ask(retries=0))
    rig.sent(at=10.1)
    rig.master.line_event(LineEvent.PEER, 10.2)
    rig.tick(at=11.0)
    assert rig.answer == Answer(AnswerKind.SILENCE, None, b"", 1)


def test_after_a_damaged_character_the_next_try_waits_for_an_idle_line() -> None:
    rig = Rig(ask(retries=1))
    rig.sent(at=10.1)
    at = 10.1 + WINDOW
    rig.master.line_event(LineEvent.PARITY, at - 0.001)
    rig.tick(at=at + 1e-9)
    assert len(rig.writes) == 1
    assert rig.master.deadline == pytest.approx(at - 0.001 + IDLE)


def test_damage_without_a_request_is_ignored() -> None:
    master = Master(Line(2400), Allowance(LEAST))
    assert master.line_event(LineEvent.BREAK, 1.0) == ()
    rig = Rig()
    rig.sent(at=10.1)
    rig.receive(b"\xe5", at=10.2)
    rig.master.line_event(LineEvent.BREAK, 10.3)
    rig.take(rig.master.start(ask(), 10.3))
    assert len(rig.writes) == 2


# Procedures


def test_one_procedure_at_a_time() -> None:
    rig = Rig()
    with pytest.raises(RuntimeError, match=r"^the master is busy with another procedure$"):
        rig.master.start(ask(), 11.0)


def test_another_speed_is_set_before_the_next_telegram_and_for_that_procedure_only() -> None:
    def at_300() -> Procedure[None]:
        yield SetSpeed(300)
        yield Exchange(ASK, Expect.ACK, alone=True)

    rig = Rig()
    rig.receive(b"\xe5", at=10.2)
    change, sent = rig.master.start(at_300(), 20.0)
    assert isinstance(change, SetLine)
    assert isinstance(sent, Write)
    assert change.line == Line(300)
    assert len({rig.writes[-1].token, change.token, sent.token}) == 3
    assert rig.master.deadline == pytest.approx(20.0 + 2 * 5 * 11 / 300 + 330 / 300 + 0.050)
    rig.take(rig.master.receive(b"\xe5", 20.2))
    back, _ = rig.master.start(ask(), 30.0)
    assert isinstance(back, SetLine)
    assert back.line == Line(2400)


def test_a_procedure_without_requests_ends_at_once() -> None:
    rig = Rig(ask(times=0))
    assert rig.end == ProcedureFinished([], None)
    assert not rig.master.busy
    assert rig.writes == []


def test_a_procedure_that_fails_is_over_with_its_error() -> None:
    error = ProcedureFailed("no_answer", "no slave there")

    def failing() -> Procedure:
        yield Exchange(ASK, Expect.ACK, 0, alone=True)
        raise error

    rig = Rig(failing())
    rig.receive(b"\xe5", at=10.2)
    assert rig.end == ProcedureFinished(None, error)
    assert (error.code, error.message, str(error)) == ("no_answer", "no slave there", "no slave there")
    assert not rig.master.busy
    rig.take(rig.master.start(ask(), 11.0))
    assert len(rig.writes) == 2


def test_cancelling_closes_the_procedure_and_stops_sending() -> None:
    closed = []

    def procedure() -> Procedure:
        try:
            yield Exchange(ASK, Expect.ACK, 0, alone=True)
        finally:
            closed.append(True)

    running = procedure()  # a reference, as otherwise the garbage collection closes it
    rig = Rig(running)
    assert rig.master.cancel(rig.now) == (Abort(),)
    assert closed == [True]
    assert (rig.master.busy, rig.master.deadline) == (False, None)
    rig.sent(at=10.2)
    rig.receive(b"\xe5", at=10.2)
    rig.tick(at=20.0)
    assert (rig.done, rig.end) == ([], None)
    assert rig.master.cancel(rig.now) == (Abort(),), "also without a procedure"


def test_cancelling_during_the_pause() -> None:
    rig = Rig(ask(times=2))
    rig.receive(b"\xe5", at=10.2)
    assert rig.master.deadline is not None
    rig.master.cancel(rig.now)
    assert rig.master.deadline is None
    rig.tick(at=20.0)
    assert len(rig.writes) == 1


def test_each_exchange_counts_its_own_tries() -> None:
    rig = Rig(ask(retries=1, times=2))
    rig.sent(at=10.1)
    rig.tick(at=11.0)
    rig.sent(at=11.1)
    rig.receive(b"\xe5", at=11.2)
    assert rig.done[0].answer.tries == 2
    rig.tick(at=12.0)
    rig.sent(at=12.1)
    rig.receive(b"\xe5", at=12.2)
    assert rig.done[1].answer.tries == 1


def test_the_least_allowance_is_a_tenth_of_a_second() -> None:
    master = Master(Line(2400), Allowance(LEAST))
    master.start(ask(), 10.0)
    assert master.deadline == pytest.approx(10.0 + 2 * 5 * CHAR + WINDOW + 0.1)
