"""The slave machine: bytes in, bytes out, at exact times [DOC48 §5, §7]."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.machine import Abort, Line, LineEvent, SendOutcome, SetLine, Write
from cmi_gui.engine.mbus.frame import Frame, parse_frame
from cmi_gui.engine.mbus.line_speed import SpeedCause
from cmi_gui.engine.mbus.selection import Identity
from cmi_gui.engine.mbus.slave import Slave
from cmi_gui.engine.mbus.slave_events import AnswerExpired, SpeedChanged, Verdict
from tests.helpers.slave_bench import HEADER, Application, Bench, section_of

ACK = b"\xe5"


@pytest.fixture
def bench() -> Bench:
    return Bench()


# Link layer


@pytest.mark.parametrize("address", [5, 254])
def test_initialise_is_acknowledged(bench: Bench, address: int) -> None:
    assert bench.nke(address) == ACK


def test_worked_example_of_the_command_table(bench: Bench) -> None:
    bench.app.primary_address = 1
    assert bench.send("10 40 01 41 16") == ACK
    assert bench.send("10 7B 01 7C 16")[:7] == bytes.fromhex("68 14 14 68 08 01 72")


@pytest.mark.parametrize("address", [0, 4, 6, 250, 251, 252, 253])
def test_silence_when_not_addressed(bench: Bench, address: int) -> None:
    assert bench.nke(address) == b""
    assert bench.request(a=address) == b""


def test_an_answer_to_254_has_the_slave_s_own_address(bench: Bench) -> None:
    frame = parse_frame(bench.request(a=254))
    assert (frame.c, frame.a, frame.ci) == (0x08, 5, 0x72)
    assert frame.data[:8] == HEADER


@pytest.mark.parametrize(
    "damaged",
    [
        "10 40 05 46 16",  # checksum
        "10 40 05 45 17",  # stop byte
        "68 03 04 68 53 05 50 A8 16",  # lengths differ
        "68 03 03 69 53 05 50 A8 16",  # second start byte
        "68 02 02 68 53 05 58 16",  # too short for C, A, CI
        "00 FF 55 AA",
    ],
)
def test_silence_on_anything_damaged(bench: Bench, damaged: str) -> None:
    assert bench.send(damaged) == b""
    assert bench.tick(after=1.0) == b""
    assert bench.app.commands == []
    assert set(bench.verdicts) == {Verdict.DAMAGED}
    assert bench.nke() == ACK  # the next request is answered


@pytest.mark.parametrize("c", [0x08, 0x18, 0x00, 0x49, 0xC0, 0x44])
def test_silence_on_frames_of_other_slaves_and_unknown_functions(bench: Bench, c: int) -> None:
    assert bench.frame(Frame.short(c, 5)) == b""
    assert bench.frame(Frame.long(c, 5, 0x51, b"\x00")) == b""


def test_requests_have_their_own_frame_formats(bench: Bench) -> None:
    assert bench.frame(Frame.long(0x7B, 5, 0x51, b"\x00")) == b""
    assert bench.frame(Frame.short(0x53, 5)) == b""


def test_an_answer_starts_inside_the_window(bench: Bench) -> None:
    bench.request()
    (write,) = bench.writes
    received = 100.3
    assert write.not_before == pytest.approx(received + 11 / 2400, abs=1e-12)
    assert write.not_after == pytest.approx(received + 330 / 2400 + 0.05, abs=1e-12)


def test_a_late_answer_is_reported_and_not_sent_again(bench: Bench) -> None:
    effects = bench.slave.receive(Frame.short(0x7B, 5).to_bytes(), 10.0)
    write = next(effect for effect in effects if isinstance(effect, Write))
    assert bench.slave.done(write.token, SendOutcome.EXPIRED, 11.0) == (AnswerExpired(write.data, 11.0),)


def test_alarm_request_without_alarm(bench: Bench) -> None:
    assert bench.request(c=0x5A) == ACK
    assert bench.request(c=0x7A) == ACK


@given(st.binary(max_size=400))
def test_random_bytes_never_raise(data: bytes) -> None:
    slave = Slave(Application(), has_speed=True)
    slave.receive(data, 0.0)
    slave.tick(10.0)


@given(st.lists(st.integers(1, 8), max_size=40))
def test_chunks_make_no_difference(cuts: list[int]) -> None:
    stream = b"".join(
        (Frame.short(0x40, 5).to_bytes(), b"\x00\x11", Frame.short(0x7B, 5).to_bytes(), Frame.short(0x5B, 9).to_bytes())
    )
    whole, cut = Slave(Application(), has_speed=True), Slave(Application(), has_speed=True)
    expected = list(whole.receive(stream, 1.0))
    got: list[object] = []
    for size in cuts:
        got += cut.receive(stream[:size], 1.0)
        stream = stream[size:]
    assert got + list(cut.receive(stream, 1.0)) == expected


# Frame count bit


def test_toggling_walks_through_the_telegrams_and_wraps_to_a_fresh_series(bench: Bench) -> None:
    bench.nke()
    sections = [section_of(bench.request(0x7B if turn % 2 == 0 else 0x5B)) for turn in range(5)]
    assert sections == [(1, 0), (1, 1), (1, 2), (2, 0), (2, 1)]


def test_the_first_request_gets_section_one_with_any_fcb(bench: Bench) -> None:
    bench.nke()
    assert section_of(bench.request(0x5B)) == (1, 0)


def test_the_same_fcb_repeats_byte_for_byte(bench: Bench) -> None:
    bench.request(0x7B)
    second = bench.request(0x5B)
    assert section_of(second) == (1, 1)
    assert bench.request(0x5B, after=4.9) == second
    assert bench.app.access_number == 2
    assert section_of(bench.request(0x7B)) == (1, 2)


def test_the_same_fcb_after_five_seconds_gets_fresh_data_from_section_one(bench: Bench) -> None:
    bench.request(0x7B)
    bench.request(0x5B)
    assert section_of(bench.request(0x5B, after=5.01)) == (2, 0)


def test_polling_without_toggling_is_fresh_although_each_gap_is_short(bench: Bench) -> None:
    first = bench.request(0x5B)
    assert bench.request(0x5B, after=2.6) == first
    assert section_of(bench.request(0x5B, after=2.6)) == (2, 0)


def test_polling_as_fast_as_it_goes_is_fresh_within_five_seconds_on_a_fast_link() -> None:
    bench = Bench(has_speed=False)
    bench.request(0x5B)
    start = bench.now
    while section_of(bench.request(0x5B, after=0.001)) == (1, 0):
        pass
    assert bench.now - start < 5.4  # the answer itself takes 0.1 s in this bench


def test_slow_repetitions_at_300_bit_per_second_are_still_repetitions(bench: Bench) -> None:
    bench.app.line = Line(300)
    bench.app.sections = 1
    bench.app.snapshot = lambda identity, now: [bytes((0x01, 0x7F, 1, 0)) + b"\x2f" * 230]  # 9.4 s on the wire
    first = bench.request(0x7B)
    assert bench.request(0x7B, after=1.3) == first
    assert bench.request(0x7B, after=1.3) == first


def test_fcv_clear_advances(bench: Bench) -> None:
    assert [section_of(bench.request(0x4B)) for _ in range(4)] == [(1, 0), (1, 1), (1, 2), (2, 0)]


def test_initialise_goes_back_to_section_one(bench: Bench) -> None:
    bench.request(0x7B)
    bench.nke()
    assert section_of(bench.request(0x5B)) == (2, 0)


def test_a_series_is_forgotten_after_a_minute(bench: Bench) -> None:
    bench.request(0x7B)
    assert section_of(bench.request(0x5B, after=60.1)) == (2, 0)


def test_any_application_reset_goes_back_to_section_one(bench: Bench) -> None:
    bench.request(0x7B)
    assert bench.command("50") == ACK
    assert section_of(bench.request(0x5B)) == (2, 0)
    assert bench.command("50 10") == ACK
    assert bench.app.resets == [b"", b"\x10"]


def test_primary_and_selected_have_separate_memories(bench: Bench) -> None:
    bench.request(0x7B)
    assert bench.select("78563412 9615 01 02") == ACK
    assert section_of(bench.request(0x7B, 253)) == (2, 0)
    assert section_of(bench.request(0x5B)) == (1, 1)
    assert section_of(bench.request(0x5B, 253)) == (2, 1)


def test_254_shares_the_primary_memory(bench: Bench) -> None:
    bench.request(0x7B)
    assert section_of(bench.request(0x5B, 254)) == (1, 1)


def test_the_access_number_counts_new_answers_and_wraps(bench: Bench) -> None:
    numbers = [parse_frame(bench.request(0x4B)).data[8] for _ in range(258)]
    assert numbers == [(1 + turn) & 0xFF for turn in range(258)]


# Commands


@pytest.mark.parametrize("c", [0x43, 0x53, 0x63, 0x73])
def test_every_form_of_snd_ud_is_executed(bench: Bench, c: int) -> None:
    assert bench.command("51 01 7A 08", c=c) == ACK
    assert bench.app.commands == [(0x51, bytes.fromhex("017A08"))]


def test_a_repeated_command_is_acknowledged_but_not_executed_again(bench: Bench) -> None:
    assert bench.command("51 01 7A 08") == ACK
    assert bench.command("51 01 7A 08", after=9.0) == ACK
    assert len(bench.app.commands) == 1
    assert bench.verdicts[-1] is Verdict.DUPLICATE


@pytest.mark.parametrize("c", [0x43, 0x63])
def test_without_fcv_nothing_is_a_repetition(bench: Bench, c: int) -> None:
    bench.command("51 01 7A 08", c=c)
    bench.command("51 01 7A 08", c=c)
    assert len(bench.app.commands) == 2


def test_a_command_executes_again_after_ten_seconds(bench: Bench) -> None:
    bench.command("51 01 7A 08")
    bench.command("51 01 7A 08", after=10.1)
    assert len(bench.app.commands) == 2


def test_a_command_executes_again_after_another_telegram(bench: Bench) -> None:
    bench.command("51 01 7A 08")
    bench.request(0x7B)
    bench.command("51 01 7A 08")
    bench.nke(253)  # not selected: this one is not for the slave
    bench.command("51 01 7A 08")
    assert len(bench.app.commands) == 2


def test_other_bytes_or_another_fcb_execute(bench: Bench) -> None:
    bench.command("51 01 7A 08")
    bench.command("51 01 7A 09")
    bench.command("51 01 7A 09", c=0x53)
    assert len(bench.app.commands) == 3


def test_an_unknown_ci_is_acknowledged(bench: Bench) -> None:
    assert bench.command("A5 01 02") == ACK
    assert bench.command("54") == ACK


# Broadcast


def test_broadcasts_act_but_are_never_answered(bench: Bench) -> None:
    assert bench.command("51 01 7A 08", a=255) == b""
    assert bench.app.commands == [(0x51, bytes.fromhex("017A08"))]
    assert bench.request(0x7B, 255) == b""
    assert bench.nke(255) == b""
    assert bench.app.snapshots == 0


def test_after_broadcasts_no_acknowledgement_is_pending(bench: Bench) -> None:
    for _ in range(3):
        bench.nke(255)
    assert Abort() not in bench.slave.line_event(LineEvent.BREAK, bench.now)


def test_a_broadcast_initialise_clears_both_memories(bench: Bench) -> None:
    bench.select("78563412 9615 01 02")
    bench.request(0x7B)
    bench.request(0x7B, 253)
    bench.nke(255)
    assert section_of(bench.request(0x5B)) == (3, 0)
    assert section_of(bench.request(0x5B, 253)) == (4, 0)


def test_a_broadcast_change_of_speed_is_ignored(bench: Bench) -> None:
    bench.command("B8", a=255)
    assert bench.actions == []


# Selection


@pytest.mark.parametrize(
    "mask",
    [
        "78563412 9615 01 02",
        "78563412 FFFF FF FF",
        "FFFFFFFF FFFF FF FF",
        "F8F6F4F2 9615 01 02",
        "7FFF3FFF FFFF FF FF",
        "78563412 96FF 01 02",
        "78563412 FF15 01 02",
        "78563412 9615 01 00",
        "",
        "78",
        "7856",
        "785634",
        "78563412",
        "78563412 9615",
        "78563412 9615 01",
        "FFFFFFFF FFFF FF FF 0C 78 78563412",
        "FFFFFFFF FFFF FF FF 0C 78 FFFFFF12",
        "FFFFFFFF FFFF FF FF 04 03 39300000",
        "FFFFFFFF FFFF FF FF 04 05 39300000",  # another exponent of the same quantity
        "FFFFFFFF FFFF FF FF 04 03 39300000 0C 78 78563412",
        "FFFFFFFF FFFF FF FF 02 FD 48 FB00",
        "FFFFFFFF FFFF FF FF 02 FD 49 FB00",
    ],
)
def test_selection_matches(bench: Bench, mask: str) -> None:
    assert bench.select(mask) == ACK
    assert section_of(bench.request(0x7B, 253)) == (1, 0)


@pytest.mark.parametrize(
    "mask",
    [
        "79563412 9615 01 02",
        "78563412 9715 01 02",
        "78563412 9615 02 02",
        "78563412 9615 01 03",
        "88563412 FFFF FF FF",
        "78563412 96",  # five bytes cut the manufacturer in half
        "FFFFFFFF FFFF FF FF 0C 78 79563412",
        "FFFFFFFF FFFF FF FF 0C 78 785634",
        "FFFFFFFF FFFF FF FF 04 03 3A300000",
        "FFFFFFFF FFFF FF FF 04 13 39300000",
        "FFFFFFFF FFFF FF FF 04 FF 39300000",
        "FFFFFFFF FFFF FF FF 02 FD 59 FB00",
    ],
)
def test_a_selection_that_does_not_match_deselects(bench: Bench, mask: str) -> None:
    assert bench.select("78563412 9615 01 02") == ACK
    assert bench.select(mask) == b""
    assert bench.request(0x7B, 253) == b""
    assert bench.verdicts[-1] is Verdict.NOT_SELECTED


def test_selection_in_mode_2_deselects(bench: Bench) -> None:
    bench.select("78563412 9615 01 02")
    assert bench.frame(Frame.long(0x53, 253, 0x56, bytes.fromhex("1234567815960102"))) == b""
    assert bench.request(0x7B, 253) == b""


def test_initialise_to_253_deselects_and_answers_once(bench: Bench) -> None:
    bench.select("FFFFFFFF")
    assert bench.nke(253) == ACK
    assert bench.nke(253) == b""
    assert bench.request(0x7B, 253) == b""


def test_selecting_again_with_the_same_bytes_is_no_repetition(bench: Bench) -> None:
    bench.select("78563412 9615 01 02")
    assert section_of(bench.request(0x7B, 253)) == (1, 0)
    assert bench.select("78563412 9615 01 02") == ACK
    assert section_of(bench.request(0x7B, 253)) == (2, 0)


def test_a_selected_slave_still_answers_its_primary_address(bench: Bench) -> None:
    bench.select("78563412 9615 01 02")
    assert section_of(bench.request(0x7B)) == (1, 0)


def test_a_selected_slave_executes_commands_to_253(bench: Bench) -> None:
    assert bench.command("51 01 7A 08", a=253) == b""
    bench.select("78563412 9615 01 02")
    assert bench.command("51 01 7A 08", a=253) == ACK
    assert len(bench.app.commands) == 1


def test_a_second_identity_matches_only_in_full(bench: Bench) -> None:
    bench.app.others = [Identity(bytes.fromhex("44332211 9615 01 02"), wildcards=False)]
    assert bench.select("F4332211 FFFF FF FF") == b""
    assert bench.select("44332211 FFFF FF FF") == ACK
    answer = parse_frame(bench.request(0x7B, 253))
    assert answer.data[:4] == bytes.fromhex("44332211")


# Speed


def test_a_change_of_speed_is_acknowledged_at_the_old_speed_and_permanent_once_used(bench: Bench) -> None:
    assert bench.command("B8") == ACK
    assert bench.writes[-1].not_before == pytest.approx(100.3 + 11 / 2400)
    assert [action.line for action in bench.actions if isinstance(action, SetLine)] == [Line(300)]
    assert bench.app.speeds == []
    assert bench.nke() == ACK
    assert bench.app.speeds == [300]
    assert bench.slave.deadline is None


def test_an_unused_speed_falls_back_after_five_minutes(bench: Bench) -> None:
    bench.command("B8")
    changed_at = 100.3
    assert bench.slave.deadline == pytest.approx(changed_at + 300)
    bench.nke(9)  # a telegram to another slave does not count
    bench.now = changed_at + 300
    bench.tick(after=0.001)
    assert bench.actions[-1].line == Line(2400)  # type: ignore[attr-defined]
    assert bench.events[-1] == SpeedChanged(Line(2400), SpeedCause.FALLBACK)
    assert bench.app.speeds == []


@pytest.mark.parametrize("ci", ["B9", "BA", "BC", "BD", "BE", "BF", "BB"])
def test_other_speeds_are_acknowledged_without_effect(bench: Bench, ci: str) -> None:
    assert bench.command(ci) == ACK
    assert bench.actions == []


def test_a_link_without_a_speed_only_stores_it() -> None:
    bench = Bench(has_speed=False)
    assert bench.command("B8") == ACK
    assert bench.actions == []
    assert bench.app.speeds == [300]


# Disturbances


def test_a_break_aborts_an_answer_in_progress(bench: Bench) -> None:
    effects = bench.slave.receive(Frame.short(0x7B, 5).to_bytes(), 1.0)
    write = next(effect for effect in effects if isinstance(effect, Write))
    assert Abort() in bench.slave.line_event(LineEvent.BREAK, 1.02)
    bench.slave.done(write.token, SendOutcome.ABORTED, 1.02)
    assert Abort() not in bench.slave.line_event(LineEvent.BREAK, 1.03)


@pytest.mark.parametrize("kind", list(LineEvent))
def test_a_line_event_inside_a_telegram_damages_it(bench: Bench, kind: LineEvent) -> None:
    bench.send("10 40 05")
    bench._take(bench.slave.line_event(kind, bench.now))
    assert bench.send("45 16") == b""
    bench.tick(after=1.0)
    assert bench.nke() == ACK


def test_a_telegram_that_pauses_too_long_is_damaged(bench: Bench) -> None:
    bench.send("68 FF FF 68")
    bench.tick(after=0.065)
    assert bench.verdicts == [Verdict.DAMAGED]
    assert bench.nke() == ACK


def test_short_pauses_inside_a_telegram_are_allowed(bench: Bench) -> None:
    bench.send("10 40")
    bench.tick(after=0.03)
    assert bench.send("05 45 16", after=0.03) == ACK


def test_power_loss_clears_all_volatile_state(bench: Bench) -> None:
    bench.select("78563412 9615 01 02")
    bench.request(0x7B)
    bench.app.powered = False
    bench.slave.power_off()
    assert bench.nke() == b""
    assert bench.verdicts[-1] is Verdict.UNPOWERED
    bench.app.powered = True
    assert bench.request(0x7B, 253) == b""
    assert section_of(bench.request(0x7B)) == (2, 0)


def test_the_window_of_a_request_after_a_false_start_counts_from_its_last_byte(bench: Bench) -> None:
    came_at = bench.now + 0.3
    bench.send(bytes.fromhex("68 FF FF 68") + Frame.short(0x40, 5).to_bytes())
    bench.tick(after=1.0)
    (write,) = bench.writes
    assert write.not_after == pytest.approx(came_at + 330 / 2400 + 0.05)


def test_a_command_sent_every_eight_seconds_is_executed_every_second_time(bench: Bench) -> None:
    for _ in range(6):
        assert bench.command("51 01 7A 08", c=0x53, after=8.0) == ACK
    assert len(bench.app.commands) == 3


def test_power_lost_before_a_new_speed_is_used_brings_the_old_one_back(bench: Bench) -> None:
    bench.command("B8")
    bench._take(bench.slave.power_off())
    assert [action.line for action in bench.actions if isinstance(action, SetLine)] == [Line(300), Line(2400)]
    assert bench.slave.deadline is None
    assert bench.nke() == ACK
    assert bench.app.speeds == []


def test_a_break_that_aborts_the_answer_cancels_the_new_speed(bench: Bench) -> None:
    effects = bench.slave.receive(Frame.control(0x73, 5, 0xB8).to_bytes(), 1.0)
    write, change = (effect for effect in effects if isinstance(effect, Write | SetLine))
    assert Abort() in bench.slave.line_event(LineEvent.BREAK, 1.002)
    bench.slave.done(write.token, SendOutcome.ABORTED, 1.002)
    (back,) = bench.slave.done(change.token, SendOutcome.ABORTED, 1.002)
    assert isinstance(back, SetLine)
    assert back.line == Line(2400)
    assert bench.nke() == ACK
    assert bench.app.speeds == []
