"""The master and earlier requests: the wait after an answer, late answers, long waits, and the learned allowance."""

from __future__ import annotations

import pytest

from cmi_gui.engine.machine import Write
from cmi_gui.engine.mbus.allowance import LEAST, MOST, Allowance
from cmi_gui.engine.mbus.exchange import Answer, AnswerKind, Exchange, Expect, Procedure, Settle
from cmi_gui.engine.mbus.frame import ACK_FRAME, Frame
from cmi_gui.engine.mbus.master import AllowanceIncreased
from cmi_gui.engine.mbus.unanswered import LATEST
from tests.engine.mbus.test_master_edges import IDLE, RESPONSE, WINDOW, Rig

OTHER = Frame.long(0x08, 7, 0x72, bytes.fromhex("11223344 9615 01 02 00 00 0000 01FD1B00"))
NEXT_RESPONSE = Frame.long(0x08, 5, 0x72, bytes.fromhex("78563412 9615 01 02 01 00 0000 01FD1B00"))
LATEST_ANSWER = WINDOW + LATEST


def judge(frame: Frame) -> AnswerKind:
    """As for a slave at address 5 whose telegram RESPONSE has been read before."""
    if frame == RESPONSE:
        return AnswerKind.REPEATED
    return AnswerKind.RESPONSE if frame.a == 5 else AnswerKind.FOREIGN


def exchange(address: int = 5, expect: Expect = Expect.ACK, **how: object) -> Exchange:
    frame = Frame.short(0x40 if expect is Expect.ACK else 0x7B, address)
    return Exchange(frame, expect, **{"retries": 0, **how})  # type: ignore[arg-type]


def steps(*asked: Exchange | Settle) -> Procedure[list[Answer]]:
    answers = []
    for each in asked:
        answers.append((yield each))
    return answers


class Line(Rig):
    """A rig that lets a telegram leave at once, and time pass by itself."""

    def __init__(self, *asked: Exchange | Settle) -> None:
        self.grown: list[float] = []
        self.sent_at: list[float] = []
        super().__init__(steps(*asked))

    def take(self, effects: object) -> None:
        for effect in list(effects):  # type: ignore[call-overload]
            if isinstance(effect, AllowanceIncreased):
                self.grown.append(effect.seconds)
            super().take([effect])
            if isinstance(effect, Write):
                self.sent_at.append(self.now)
                self.sent(at=self.now)

    def receive(self, data: bytes, *, at: float) -> None:
        self.until(at)
        self.now = at
        super().receive(data, at=at)

    def until(self, at: float) -> None:
        while self.end is None and self.master.deadline is not None and self.master.deadline <= at:
            self.now = self.master.deadline
            self.tick(at=self.now)
        self.now = max(self.now, at)

    @property
    def answers(self) -> list[Answer]:
        self.until(1000.0)
        assert self.end is not None
        assert isinstance(self.end.result, list)
        return self.end.result


def answer_to(*parts: tuple[float, bytes], expect: Expect = Expect.ACK, **how: object) -> Answer:
    """The answer to one exchange, sent at 10 s; `parts` are seconds after that, and bytes."""
    line = Line(exchange(expect=expect, **how))
    for after, data in parts:
        line.receive(data, at=10.0 + after)
    return line.answers[0]


# After an answer


@pytest.mark.parametrize(
    "parts",
    [
        [(0.02, b"\xe5\xe5\xe5")],
        [(0.02, b"\xe5"), (0.03, b"\xe5")],
        [(0.02, b"\xe5"), (0.19, b"\xe5")],
        [(0.17, b"\xe5"), (0.34, b"\xe5")],
    ],
    ids=["in one lump", "one after the other", "170 ms apart", "the last one late in the window"],
)
def test_several_acknowledgements_in_one_window_are_several_slaves(parts: list[tuple[float, bytes]]) -> None:
    answer = answer_to(*parts)
    assert (answer.kind, answer.collision) == (AnswerKind.GARBLED, True)


def test_an_acknowledgement_alone_is_one_slave() -> None:
    answer = answer_to((0.02, b"\xe5"))
    assert (answer.kind, answer.collision, answer.certain) == (AnswerKind.ACK, False, True)


def test_the_wait_after_an_answer_counts_from_the_answer() -> None:
    answer = answer_to((0.02, RESPONSE.to_bytes()), (0.15, b"\xe5"), (0.32, b"\xe5"))
    assert (answer.kind, answer.collision) == (AnswerKind.GARBLED, True)
    assert RESPONSE in answer.strays


def test_two_telegrams_back_to_back_are_two_slaves_and_one_twice_is_one() -> None:
    first, second = RESPONSE.to_bytes(), NEXT_RESPONSE.to_bytes()
    for parts in ([(0.1, first + second)], [(0.1, first), (0.2, second)]):
        answer = answer_to(*parts, expect=Expect.RESPONSE)
        assert (answer.kind, answer.collision) == (AnswerKind.GARBLED, True)
        again = answer_to(*((after, data.replace(second, first)) for after, data in parts), expect=Expect.RESPONSE)
        assert (again.kind, again.frame, again.collision) == (AnswerKind.RESPONSE, RESPONSE, False)


def test_no_wait_for_a_second_slave_if_none_can_answer() -> None:
    line = Line(exchange(alone=True), exchange(alone=True))
    line.receive(b"\xe5", at=10.02)
    line.until(10.02 + IDLE + 1e-6)
    assert len(line.writes) == 2
    watched = Line(exchange(), exchange())
    watched.receive(b"\xe5", at=10.02)
    watched.until(10.02 + WINDOW - 1e-6)
    assert len(watched.writes) == 1
    watched.until(10.02 + WINDOW + 1e-6)
    assert len(watched.writes) == 2


def test_telegrams_after_an_e5_in_place_of_data_are_still_waited_for() -> None:
    answer = answer_to((0.02, b"\xe5"), (0.18, RESPONSE.to_bytes()), expect=Expect.RESPONSE)
    assert (answer.kind, answer.collision) == (AnswerKind.GARBLED, True)
    assert answer_to((0.02, b"\xe5"), expect=Expect.RESPONSE).kind is AnswerKind.ACK


# Noise and overlays


@pytest.mark.parametrize("noise", ["00", "00 00", "00 00 00 00 00 00", "FF FF FF", "1F", "12 34 56"])
@pytest.mark.parametrize("expect", [Expect.ACK, Expect.RESPONSE])
def test_damage_that_can_be_no_overlay_is_noise(noise: str, expect: Expect) -> None:
    answer = answer_to((0.01, bytes.fromhex(noise)), expect=expect)
    assert (answer.kind, answer.collision, answer.answered) == (AnswerKind.SILENCE, False, False)


@pytest.mark.parametrize("overlay", ["E4", "65", "A5", "E4 65", "E1 E5"])
def test_an_overlay_of_acknowledgements_is_a_collision(overlay: str) -> None:
    answer = answer_to((0.01, bytes.fromhex(overlay)))
    expected = AnswerKind.ACK if overlay.endswith("E5") else AnswerKind.GARBLED
    assert (answer.kind, answer.collision) == (expected, expected is AnswerKind.GARBLED)


@pytest.mark.parametrize("overlay", ["68 13 13 68 08 05 72 70 50 30", "60 13 13 68 08 01 72 00 00"])
def test_an_overlay_of_telegrams_is_a_collision(overlay: str) -> None:
    answer = answer_to((0.01, bytes.fromhex(overlay)), expect=Expect.RESPONSE)
    assert (answer.kind, answer.collision) == (AnswerKind.GARBLED, True)


@pytest.mark.parametrize("damage", ["95 13 13 68 08 05 72", "1F 2E 3D 4C 5B 6A"])
def test_damage_that_no_overlay_can_be_is_no_collision(damage: str) -> None:
    answer = answer_to((0.01, bytes.fromhex(damage)), expect=Expect.RESPONSE)
    assert (answer.kind, answer.collision) == (AnswerKind.GARBLED, False)


def test_damage_before_a_pause_does_not_affect_the_acknowledgement() -> None:
    cut = RESPONSE.to_bytes()[:-3]
    assert answer_to((0.02, cut + b"\xe5")).kind is AnswerKind.GARBLED
    answer = answer_to((0.02, cut), (2.0, b"\xe5"), long_wait=True)
    assert answer.kind is AnswerKind.ACK


# Sender and repetition


def test_a_telegram_of_another_slave_is_no_answer() -> None:
    answer = answer_to((0.05, OTHER.to_bytes()), (0.12, NEXT_RESPONSE.to_bytes()), expect=Expect.RESPONSE, judge=judge)
    assert (answer.kind, answer.frame, answer.strays) == (AnswerKind.RESPONSE, NEXT_RESPONSE, (OTHER,))


def test_only_telegrams_of_one_other_slave_are_foreign() -> None:
    line = Line(exchange(expect=Expect.RESPONSE, judge=judge, retries=1))
    line.receive(OTHER.to_bytes(), at=10.1)
    line.receive(OTHER.to_bytes(), at=10.1 + WINDOW)
    assert (line.answers[0].kind, line.answers[0].frame) == (AnswerKind.FOREIGN, OTHER)
    silent = Line(exchange(expect=Expect.RESPONSE, judge=judge, retries=1))
    silent.receive(OTHER.to_bytes(), at=10.1)
    assert (silent.answers[0].kind, silent.answers[0].frame) == (AnswerKind.SILENCE, None)


def test_the_previous_telegram_is_never_an_answer() -> None:
    late = answer_to((0.05, RESPONSE.to_bytes()), (0.12, NEXT_RESPONSE.to_bytes()), expect=Expect.RESPONSE, judge=judge)
    assert (late.kind, late.frame) == (AnswerKind.RESPONSE, NEXT_RESPONSE)
    alone = answer_to((0.05, RESPONSE.to_bytes()), expect=Expect.RESPONSE, judge=judge)
    assert (alone.kind, alone.frame) == (AnswerKind.REPEATED, None)


# Late answers


def test_an_acknowledgement_after_an_unanswered_request_is_not_certain() -> None:
    line = Line(exchange(4), exchange(5))
    line.receive(b"\xe5", at=10.0 + WINDOW + 0.1)
    first, second = line.answers
    assert (first.kind, second.kind, second.certain) == (AnswerKind.SILENCE, AnswerKind.ACK, False)
    assert second.unanswered == (Frame.short(0x40, 4),)


def test_an_acknowledgement_is_certain_once_no_late_answer_is_possible() -> None:
    line = Line(exchange(4), Settle(), exchange(5))
    line.until(10.0 + LATEST_ANSWER - 1e-6)
    assert len(line.writes) == 1
    line.receive(b"\xe5", at=10.0 + LATEST_ANSWER + 0.02)
    assert line.sent_at[1] == pytest.approx(10.0 + LATEST_ANSWER)
    assert (line.answers[-1].kind, line.answers[-1].certain) == (AnswerKind.ACK, True)


def test_an_exchange_with_a_long_wait_is_sent_once_no_late_answer_is_possible() -> None:
    line = Line(exchange(4), exchange(5, long_wait=True))
    line.receive(b"\xe5", at=10.0 + WINDOW + LATEST - 0.1)
    assert len(line.writes) == 1
    # It has been answered, so no other answer of its slave is possible.
    line.until(100.0)
    assert line.sent_at[1] == pytest.approx(10.0 + LATEST_ANSWER)


def test_a_request_for_data_does_not_wait_for_acknowledgements_but_drops_them() -> None:
    line = Line(exchange(4), exchange(5, Expect.RESPONSE, long_wait=True, judge=judge))
    line.receive(b"\xe5", at=10.0 + WINDOW + 0.1)
    line.receive(NEXT_RESPONSE.to_bytes(), at=10.0 + WINDOW + 0.2)
    assert line.sent_at[1] == pytest.approx(10.0 + WINDOW)
    assert (line.answers[-1].kind, line.answers[-1].frame, line.answers[-1].certain) == (
        AnswerKind.RESPONSE,
        NEXT_RESPONSE,
        True,
    )
    assert line.answers[-1].unanswered == (Frame.short(0x40, 4),)


def test_late_answers_are_counted_off() -> None:
    line = Line(exchange(4, retries=1), Settle(), exchange(5, Expect.RESPONSE), exchange(6))
    line.receive(b"\xe5", at=11.0)
    line.receive(b"\xe5", at=11.2)
    line.until(11.2 + LATEST_ANSWER)
    line.receive(NEXT_RESPONSE.to_bytes(), at=line.now + 0.1)
    line.receive(b"\xe5", at=line.now + 0.5)
    assert [answer.certain for answer in line.answers] == [True] * 4
    assert line.answers[1].strays == (ACK_FRAME, ACK_FRAME)


def test_a_slave_that_answers_one_request_after_the_other_is_waited_for() -> None:
    line = Line(exchange(4, retries=2), exchange(5, long_wait=True))
    line.until(10.0 + 3 * WINDOW)
    for number in range(3):
        line.receive(b"\xe5", at=13.0 + number * LATEST)
        assert len(line.writes) == 3
    line.until(100.0)
    assert line.sent_at[-1] < 13.0 + 2 * LATEST + LATEST_ANSWER


def test_the_last_try_with_a_long_wait_has_three_seconds_more() -> None:
    answer = answer_to((WINDOW + 2.99, b"\xe5"), long_wait=True)
    assert (answer.kind, answer.certain) == (AnswerKind.ACK, True)
    assert answer_to((WINDOW + 0.01, b"\xe5")).kind is AnswerKind.SILENCE


def test_two_late_answers_to_two_tries_are_no_collision() -> None:
    line = Line(exchange(long_wait=True, retries=1))
    line.receive(b"\xe5", at=12.0)
    line.receive(b"\xe5", at=12.1)
    assert (line.answers[0].kind, line.answers[0].collision) == (AnswerKind.ACK, False)


def test_an_exchange_that_only_got_acknowledgements_of_others_has_one_more_try() -> None:
    line = Line(exchange(4), exchange(5, Expect.RESPONSE, long_wait=True, judge=judge))
    line.receive(b"\xe5", at=10.3)
    line.until(10.3 + LATEST_ANSWER + WINDOW)
    assert len(line.writes) == 3
    line.receive(b"\xe5", at=line.now)
    assert (line.answers[-1].kind, line.answers[-1].tries) == (AnswerKind.ACK, 2)


def test_a_cancelled_request_may_still_be_answered() -> None:
    line = Line(exchange(4, retries=2))
    line.until(10.1)
    line.take(line.master.cancel(10.1))
    line.take(line.master.start(steps(exchange(5)), 10.2))
    line.receive(b"\xe5", at=10.25)
    assert line.answers[-1].certain is False
    line.end = None
    line.take(line.master.start(steps(exchange(6, long_wait=True)), line.now))
    line.until(100.0)
    assert line.sent_at[-1] > 10.0 + LATEST


def test_a_damaged_first_answer_counts_although_the_next_try_is_silent() -> None:
    line = Line(exchange(retries=1))
    line.receive(b"\xe5\xe5", at=10.05)
    assert (line.answers[0].kind, line.answers[0].collision, line.answers[0].answered) == (
        AnswerKind.GARBLED,
        True,
        True,
    )


# Learning


def test_an_allowance_grows_at_once_and_shrinks_slowly_between_its_bounds() -> None:
    allowance = Allowance(LEAST)
    assert allowance.learn(0.8)
    assert allowance.seconds == pytest.approx(1.2)
    assert not allowance.learn(0.8)
    before = allowance.seconds
    for _ in range(5):
        assert not allowance.learn(0.0)
        assert LEAST < allowance.seconds < before
        before = allowance.seconds
    for _ in range(1000):
        allowance.learn(-0.2)
    assert LEAST <= allowance.seconds < LEAST + 0.01
    assert allowance.learn(100.0)
    assert allowance.seconds == MOST


def test_an_allowance_that_the_user_has_set_stays() -> None:
    allowance = Allowance(2.0, fixed=True)
    assert not allowance.learn(4.0)
    assert not allowance.learn(0.0)
    assert allowance.seconds == 2.0


def test_a_late_answer_increases_the_allowance_with_an_event() -> None:
    line = Line(exchange(4), Settle(), exchange(5))
    line.master._allowance = allowance = Allowance(LEAST)
    line.receive(b"\xe5", at=10.0 + WINDOW + 0.8)
    line.receive(b"\xe5", at=10.0 + LATEST_ANSWER + 0.1)
    assert len(line.answers) == 3
    assert allowance.seconds == pytest.approx(1.2, rel=0.2)
    assert line.grown
    assert line.grown[0] == pytest.approx(1.2)


def test_an_answer_after_several_tries_does_not_change_the_allowance() -> None:
    line = Line(exchange(retries=1))
    line.master._allowance = allowance = Allowance(0.5)
    line.until(10.0 + WINDOW + 0.5)
    assert len(line.writes) == 2
    line.receive(b"\xe5", at=line.now + 0.01)
    assert line.answers[0].tries == 2
    assert allowance.seconds == 0.5, "it may be the late answer to the first try"
