"""The slave machine at the limits of its times, and its events for all that is received."""

from __future__ import annotations

import pytest

from cmi_gui.engine.machine import Abort, Delivered, Line, LineEvent, SendOutcome, SetLine, Write
from cmi_gui.engine.mbus.frame import ACK_FRAME, Frame
from cmi_gui.engine.mbus.frame_decoder import BadChecksum, GoodFrame, Noise, Truncated
from cmi_gui.engine.mbus.selection import Identity, SelectionRecord, matches
from cmi_gui.engine.mbus.slave import Slave
from cmi_gui.engine.mbus.slave_events import AnswerExpired, LineDisturbed, Received, Verdict
from tests.helpers.slave_bench import Application, Bench, section_of

ACK = b"\xe5"
NKE = Frame.short(0x40, 5)
REQUEST = Frame.short(0x7B, 5)
IDLE = 33 / 2400 + 0.050
OWN = bytes.fromhex("78563412 9615 01 02")


@pytest.fixture
def bench() -> Bench:
    return Bench()


def received(effects: object) -> list[Received]:
    return [effect for effect in effects if isinstance(effect, Received)]  # type: ignore[attr-defined]


def write(effects: object) -> Write:
    (found,) = (effect for effect in effects if isinstance(effect, Write))  # type: ignore[attr-defined]
    return found


def slave_at(*, has_speed: bool = True, baud: int = 2400, powered: bool = True) -> Slave:
    application = Application()
    application.line = Line(baud)
    application.powered = powered
    return Slave(application, has_speed=has_speed)


# Limits of repetitions


def test_a_repetition_counts_for_five_seconds_after_the_answer(bench: Bench) -> None:
    first = bench.request(0x7B)
    complete = bench.now
    assert bench.request(0x7B, after=5.0) == first
    assert bench.now > complete + 5
    bench = Bench()
    bench.request(0x7B)
    assert section_of(bench.request(0x7B, after=5.001)) == (2, 0)


def test_five_seconds_count_from_the_first_answer_but_for_the_time_of_repetitions(bench: Bench) -> None:
    first = bench.request(0x7B)
    wire = len(first) * 11 / 2400
    complete = bench.now
    assert bench.request(0x7B, after=2.0) == first
    again = bench.now
    assert again - complete > 2 + wire
    assert bench.request(0x7B, after=complete + 5 + wire - again - 0.001) == first
    bench = Bench()
    bench.request(0x7B)
    complete = bench.now
    bench.request(0x7B, after=2.0)
    assert section_of(bench.request(0x7B, after=complete + 5 + wire - bench.now + 0.02)) == (2, 0)


def test_a_link_without_speed_counts_no_time_of_repetitions() -> None:
    slave = slave_at(has_speed=False)
    telegram = REQUEST.to_bytes()
    first = write(slave.receive(telegram, 10.0))
    slave.done(first.token, SendOutcome.SENT, 10.0)
    for at in (11.0, 12.0, 15.0):
        again = write(slave.receive(telegram, at))
        assert again.data == first.data
        slave.done(again.token, SendOutcome.SENT, at)
    assert section_of(write(slave.receive(telegram, 15.01)).data) == (2, 0)


def test_a_series_ends_sixty_seconds_after_the_last_answer(bench: Bench) -> None:
    bench.request(0x7B)
    assert section_of(bench.request(0x5B, after=60.0)) == (1, 1)
    bench = Bench()
    bench.request(0x7B)
    assert section_of(bench.request(0x5B, after=60.001)) == (2, 0)


def test_a_repetition_extends_the_life_of_a_series(bench: Bench) -> None:
    bench.request(0x7B)
    bench.request(0x7B, after=4.0)
    assert section_of(bench.request(0x5B, after=59.0)) == (1, 1)


def test_a_request_without_fcv_repeats_nothing_and_leaves_the_fcb_as_it_was(bench: Bench) -> None:
    second = [bench.request(0x7B), bench.request(0x4B)][1]
    assert section_of(second) == (1, 1)
    assert bench.request(0x7B) == second, "the last FCB is still set"


def test_after_an_initialise_the_same_fcb_is_no_repetition(bench: Bench) -> None:
    bench.request(0x7B)
    bench.nke()
    assert section_of(bench.request(0x7B)) == (2, 0)


def test_after_an_application_reset_the_same_fcb_is_no_repetition(bench: Bench) -> None:
    bench.request(0x7B)
    bench.request(0x5B)
    assert bench.command("50") == ACK
    assert section_of(bench.request(0x5B)) == (2, 0)


def test_a_command_is_a_repetition_for_ten_seconds(bench: Bench) -> None:
    telegram = Frame.long(0x73, 5, 0x51, b"\x01\x7a\x08").to_bytes()
    bench.slave.receive(telegram, 100.0)
    bench.slave.receive(telegram, 110.0)
    assert len(bench.app.commands) == 1
    bench.slave.receive(telegram, 110.001)
    assert len(bench.app.commands) == 2


@pytest.mark.parametrize(
    "between", [NKE, REQUEST, Frame.short(0x5A, 5), Frame.short(0x40, 254), Frame.short(0x7B, 255)]
)
def test_any_other_telegram_to_the_slave_ends_the_repetition(bench: Bench, between: Frame) -> None:
    bench.command("51 01 7A 08")
    bench.frame(between)
    bench.command("51 01 7A 08")
    assert len(bench.app.commands) == 2


def test_a_selection_ends_the_repetition(bench: Bench) -> None:
    bench.command("51 01 7A 08")
    assert bench.select("99999999") == b""
    bench.command("51 01 7A 08")
    assert len(bench.app.commands) == 2


# Selection and initialise


def test_an_initialise_of_the_primary_address_leaves_the_selection(bench: Bench) -> None:
    bench.select("78563412")
    bench.request(0x7B, 253)
    bench.nke()
    assert bench.slave.selected == bench.app.own
    assert section_of(bench.request(0x5B, 253)) == (1, 1)


def test_a_broadcast_initialise_clears_the_memory_but_not_the_selection(bench: Bench) -> None:
    bench.select("78563412")
    bench.request(0x7B, 253)
    bench.nke(255)
    assert bench.slave.selected == bench.app.own
    assert section_of(bench.request(0x5B, 253)) == (2, 0)


def test_no_selection_at_first_and_after_an_initialise(bench: Bench) -> None:
    assert bench.slave.selected is None
    bench.select("78563412")
    assert bench.slave.selected == bench.app.own
    bench.nke(253)
    assert bench.slave.selected is None


def test_a_reset_to_the_selected_slave_leaves_the_primary_series(bench: Bench) -> None:
    bench.request(0x7B)
    bench.select("78563412")
    bench.request(0x7B, 253)
    assert bench.command("50", a=253) == ACK
    assert section_of(bench.request(0x5B, 253)) == (3, 0)
    assert section_of(bench.request(0x5B)) == (1, 1)


@pytest.mark.parametrize("a", [5, 254, 255])
def test_a_selection_to_another_address_has_no_effect(bench: Bench, a: int) -> None:
    bench.frame(Frame.long(0x53, a, 0x52, OWN))
    assert bench.slave.selected is None
    assert bench.app.commands == [(0x52, OWN)], "it is a command that the module does not know"


def test_the_selected_identity_answers_and_the_primary_address_the_first(bench: Bench) -> None:
    other = Identity(bytes.fromhex("44332211 9615 01 02"))
    bench.app.others = [other]
    bench.select("44332211")
    assert bench.slave.selected == other
    assert bench.request(0x7B, 253)[7:11] == bytes.fromhex("44332211")
    assert bench.request(0x7B)[7:11] == bytes.fromhex("78563412")


@pytest.mark.parametrize("size", [0, 7, 9])
def test_a_secondary_address_has_eight_bytes(size: int) -> None:
    with pytest.raises(ValueError, match=rf"^a secondary address has 8 bytes, not {size}$"):
        Identity(bytes(size))


@pytest.mark.parametrize("size", range(13))
def test_selection_fields_of_every_length(size: int) -> None:
    data = (OWN + bytes.fromhex("0C78 7856"))[:size]
    assert matches(data, Identity(OWN), []) is (size <= 8 and size != 5), "5 cuts the manufacturer, 9 begins a record"


RECORDS = [
    SelectionRecord(b"\x0c", b"\x78", bytes.fromhex("78563412")),
    SelectionRecord(b"\x84\x10", b"\x83\x3c", bytes.fromhex("39300000")),
    SelectionRecord(b"\x04", b"\xfd\x17", bytes.fromhex("01040000")),
    SelectionRecord(b"\x0a", b"\x7c\x05\x30\x2e\x37\x2e\x43", bytes.fromhex("0800")),
]


@pytest.mark.parametrize(
    ("mask", "chosen"),
    [
        ("84 10 83 3C 39300000", True),
        ("84 10 86 3C 39300000", True),  # another exponent
        ("84 20 83 3C 39300000", False),  # another tariff
        ("84 10 83 3D 39300000", False),  # another qualifier
        ("84 10 AB 3C 39300000", False),  # another quantity
        ("84 10 83 3C 39300001", False),
        ("84 10 83 3C 393000", False),  # it breaks off
        ("04 FD 17 01040000", True),
        ("04 FD 17 FFFFFFFF", False),  # no digits, so F is no wildcard
        ("04 FD 18 01040000", False),
        ("0A 7C 05 30 2E 37 2E 43 08 00", True),
        ("0A 7C 05 31 2E 37 2E 43 08 00", False),  # another text
        ("0C 78 F8FFFFF2", True),
        ("0C 78 F8FFFFF3", False),
        ("0C 78 F8563412", True),
        ("0C 78 7F563412", True),
        ("0C 78 78563422", False),
        ("0C 78 78563413", False),
        ("0C 78 78563412 04 FD 17 01040000", True),
        ("04 FD 17 01040000 0C 78 78563412", True),
        ("04 FD 17 01040000 0C 78 78563411", False),
        ("04 FD 17 01040000 0C", False),
        ("0C 79 78563412", False),
        ("02 78 78563412", False),
    ],
)
def test_records_after_the_mask(mask: str, chosen: bool) -> None:
    assert matches(b"\xff" * 8 + bytes.fromhex(mask), Identity(OWN), RECORDS) is chosen
    assert not matches(b"\x00" * 4 + b"\xff" * 4 + bytes.fromhex(mask), Identity(OWN), RECORDS)


@pytest.mark.parametrize(
    ("mask", "chosen"),
    [
        ("78563412 FFFF FF FF", True),
        ("78563412", True),
        ("785634", False),
        ("7856341F", False),
        ("", False),
        ("78563412 9715", False),
        ("78563412 9615 01 03", False),
        ("78563412 96", False),
    ],
)
def test_an_identity_without_wildcards_requires_the_whole_number(mask: str, chosen: bool) -> None:
    assert matches(bytes.fromhex(mask), Identity(OWN, wildcards=False), []) is chosen


# The line


def test_received_telegrams_have_time_and_verdict() -> None:
    slave = slave_at()
    reported = received(slave.receive(b"\x00" + NKE.to_bytes(), 7.0))
    assert reported == [
        Received(Noise(b"\x00"), Verdict.DAMAGED, 7.0),
        Received(GoodFrame(NKE, NKE.to_bytes()), Verdict.ACKNOWLEDGED, 7.0),
    ]
    broken = bytes.fromhex("10 40 05 46 16")
    assert received(slave.receive(broken, 8.0)) == [Received(BadChecksum(broken), Verdict.DAMAGED, 8.0)]


@pytest.mark.parametrize(
    ("frame", "verdict"),
    [
        (REQUEST, Verdict.ANSWERED),
        (NKE, Verdict.ACKNOWLEDGED),
        (Frame.short(0x5A, 5), Verdict.ACKNOWLEDGED),
        (Frame.control(0x53, 5, 0xB8), Verdict.ACKNOWLEDGED),
        (Frame.short(0x40, 255), Verdict.BROADCAST),
        (Frame.short(0x7B, 255), Verdict.BROADCAST),
        (Frame.short(0x5A, 255), Verdict.BROADCAST),
        (Frame.long(0x53, 255, 0x51, b"\x01\x7a\x08"), Verdict.BROADCAST),
        (Frame.long(0x53, 253, 0x52, OWN), Verdict.ACKNOWLEDGED),
        (Frame.long(0x53, 253, 0x52, bytes(8)), Verdict.DESELECTED),
        (Frame.long(0x53, 253, 0x56, OWN), Verdict.DESELECTED),
        (Frame.short(0x40, 6), Verdict.NOT_FOR_ME),
        (Frame.short(0x7B, 253), Verdict.NOT_SELECTED),
        (ACK_FRAME, Verdict.NOT_A_REQUEST),
        (Frame.long(0x08, 5, 0x72, bytes(12)), Verdict.NOT_A_REQUEST),
        (Frame.long(0x48, 5, 0x72, bytes(12)), Verdict.NOT_A_REQUEST),
        (Frame.short(0x53, 5), Verdict.NOT_A_REQUEST),
        (Frame.control(0x7B, 5, 0x51), Verdict.NOT_A_REQUEST),
    ],
)
def test_verdicts(frame: Frame, verdict: Verdict) -> None:
    effects = slave_at().receive(frame.to_bytes(), 7.0)
    assert [one.verdict for one in received(effects)] == [verdict]
    answered = verdict in (Verdict.ANSWERED, Verdict.ACKNOWLEDGED)
    assert any(isinstance(effect, Write) for effect in effects) is answered


def test_a_telegram_may_pause_for_33_bits_and_50_milliseconds() -> None:
    slave = slave_at()
    slave.receive(NKE.to_bytes()[:3], 10.0)
    assert slave.deadline == pytest.approx(10.0 + IDLE)
    assert slave.tick(10.0 + IDLE - 1e-6) == []
    (reported,) = received(slave.tick(10.0 + IDLE))
    assert reported == Received(Noise(bytes.fromhex("10 40 05")), Verdict.DAMAGED, 10.0)
    assert slave.deadline is None


def test_each_character_starts_the_pause_anew() -> None:
    slave = slave_at()
    slave.receive(NKE.to_bytes()[:3], 10.0)
    slave.receive(NKE.to_bytes()[3:4], 10.05)
    assert slave.deadline == pytest.approx(10.05 + IDLE)
    slave.receive(NKE.to_bytes()[4:], 10.1)
    assert slave.deadline is None


@pytest.mark.parametrize("kind", list(LineEvent))
def test_a_line_event_ends_an_unfinished_telegram(kind: LineEvent) -> None:
    slave = slave_at()
    slave.receive(NKE.to_bytes()[:4], 10.0)
    reported = received(slave.line_event(kind, 10.01))
    assert reported[0] == Received(Truncated(NKE.to_bytes()[:4]), Verdict.DAMAGED, 10.0)
    assert slave.deadline is None
    disturbed = [Received(LineDisturbed(kind), Verdict.DAMAGED, 10.01)]
    assert reported[1:] == (disturbed if kind in (LineEvent.FRAMING, LineEvent.PARITY, LineEvent.OVERRUN) else [])


def test_a_run_of_unreadable_characters_is_reported_once() -> None:
    slave = slave_at()
    assert len(received(slave.line_event(LineEvent.PARITY, 10.0))) == 1
    assert received(slave.line_event(LineEvent.PARITY, 10.0 + IDLE)) == []
    assert received(slave.line_event(LineEvent.FRAMING, 10.0 + 2 * IDLE)) == []
    assert len(received(slave.line_event(LineEvent.PARITY, 10.0 + 3 * IDLE + 1e-6))) == 1


def test_the_first_disturbance_is_reported_at_any_time() -> None:
    assert len(received(slave_at().line_event(LineEvent.OVERRUN, 0.0))) == 1
    assert len(received(slave_at().line_event(LineEvent.OVERRUN, -5.0))) == 1


def test_everything_received_without_power_is_unpowered() -> None:
    slave = slave_at(powered=False)
    assert [one.verdict for one in received(slave.receive(NKE.to_bytes(), 1.0))] == [Verdict.UNPOWERED]
    assert [one.verdict for one in received(slave.receive(b"\x00", 1.0))] == []
    assert [one.verdict for one in received(slave.tick(2.0))] == [Verdict.UNPOWERED]
    assert [one.verdict for one in received(slave.line_event(LineEvent.PARITY, 3.0))] == [Verdict.UNPOWERED]


def test_power_off_drops_an_unfinished_telegram() -> None:
    slave = slave_at()
    slave.receive(NKE.to_bytes()[:3], 10.0)
    assert list(slave.power_off()) == [Abort()]
    assert slave.deadline is None
    assert received(slave.receive(NKE.to_bytes()[3:], 10.01)) == []
    assert slave.tick(20.0) != []


def test_power_off_clears_the_last_command(bench: Bench) -> None:
    bench.command("51 01 7A 08")
    bench.slave.power_off()
    bench.command("51 01 7A 08")
    assert len(bench.app.commands) == 2


# Answers


def test_an_answer_may_leave_from_11_bits_to_330_bits_and_50_milliseconds_at_300_bit_per_second() -> None:
    slave = slave_at(baud=300)
    sent = write(slave.receive(NKE.to_bytes(), 10.0))
    assert sent.not_before == pytest.approx(10 + 11 / 300)
    assert sent.not_after == pytest.approx(10 + 1.150)


def test_no_event_for_an_answer_that_was_sent() -> None:
    slave = slave_at()
    sent = write(slave.receive(REQUEST.to_bytes(), 10.0))
    assert slave.done(sent.token, SendOutcome.SENT, 10.1) == ()
    assert slave.done(sent.token, SendOutcome.EXPIRED, 10.2) == (), "it has ended already"
    assert slave.done(999, SendOutcome.EXPIRED, 10.2) == ()


def test_a_late_acknowledgement_is_reported_too() -> None:
    slave = slave_at()
    sent = write(slave.receive(NKE.to_bytes(), 10.0))
    assert slave.done(sent.token, SendOutcome.EXPIRED, 11.0) == (AnswerExpired(ACK, 11.0),)


def test_no_event_for_an_answer_that_a_break_stopped() -> None:
    slave = slave_at()
    sent = write(slave.receive(REQUEST.to_bytes(), 10.0))
    slave.line_event(LineEvent.BREAK, 10.02)
    assert slave.done(sent.token, SendOutcome.ABORTED, 10.02) == ()


@pytest.mark.parametrize("kind", [one for one in LineEvent if one is not LineEvent.BREAK])
def test_only_a_break_stops_an_answer(kind: LineEvent) -> None:
    slave = slave_at()
    slave.receive(REQUEST.to_bytes(), 10.0)
    assert Abort() not in slave.line_event(kind, 10.02)


def test_a_break_without_an_answer_has_no_effect() -> None:
    assert Abort() not in slave_at().line_event(LineEvent.BREAK, 1.0)


def test_a_new_request_aborts_a_waiting_answer() -> None:
    slave = slave_at()
    first = write(slave.receive(REQUEST.to_bytes(), 10.0))
    effects = slave.receive(NKE.to_bytes(), 10.002)
    assert Abort() in effects
    assert slave.done(first.token, SendOutcome.ABORTED, 10.002) == (AnswerExpired(first.data, 10.002),)
    assert write(effects).data == ACK


def test_a_new_request_does_not_abort_an_answer_that_has_begun() -> None:
    slave = slave_at()
    first = write(slave.receive(REQUEST.to_bytes(), 10.0))
    assert Abort() not in slave.receive(NKE.to_bytes(), first.not_before)
    assert slave.done(first.token, SendOutcome.ABORTED, 10.1) == ()


def test_a_telegram_of_another_slave_aborts_no_answer() -> None:
    slave = slave_at()
    slave.receive(REQUEST.to_bytes(), 10.0)
    assert Abort() not in slave.receive(ACK, 10.001)
    assert Abort() in slave.receive(Frame.short(0x40, 77).to_bytes(), 10.002), "a master to somebody else does"


def test_a_link_without_speed_aborts_no_answer() -> None:
    slave = slave_at(has_speed=False)
    slave.receive(REQUEST.to_bytes(), 10.0)
    assert Abort() not in slave.receive(NKE.to_bytes(), 10.0)


# Speed


def test_opening_sets_the_line_where_there_is_one() -> None:
    (effect,) = slave_at().opened()
    assert isinstance(effect, SetLine)
    assert effect.line == Line(2400)
    assert slave_at(has_speed=False).opened() == ()


def test_a_change_of_the_setting_is_followed(bench: Bench) -> None:
    bench.app.line = Line(300)
    (effect,) = bench.slave.follow_speed()
    assert isinstance(effect, SetLine)
    assert effect.line == Line(300)
    assert bench.slave.line == Line(300)
    assert slave_at(has_speed=False).follow_speed() == ()


def test_a_change_of_the_setting_ends_a_speed_that_waits_to_be_used(bench: Bench) -> None:
    bench.command("B8")
    assert bench.slave.line == Line(300)
    bench.slave.follow_speed()
    assert bench.slave.line == Line(2400)
    assert bench.slave.deadline is None


def test_a_link_with_its_own_speed_keeps_it() -> None:
    slave = Slave(Application(), has_speed=True, own_baud=300)
    assert slave.line == Line(300)
    assert slave.follow_speed() == ()
    effects = slave.receive(Frame.control(0x53, 5, 0xBB).to_bytes(), 1.0)
    (change,) = (effect for effect in effects if isinstance(effect, SetLine))
    assert change.line == Line(2400)


@pytest.mark.parametrize(("own", "changes"), [(None, False), (2400, True)])
def test_a_command_of_the_speed_in_use_counts_only_where_the_link_named_it(own: int | None, changes: bool) -> None:
    slave = Slave(Application(), has_speed=True, own_baud=own)
    effects = slave.receive(Frame.control(0x53, 5, 0xBB).to_bytes(), 1.0)
    assert any(isinstance(effect, SetLine) for effect in effects) is changes


def test_a_new_speed_is_used_by_a_selection_too(bench: Bench) -> None:
    bench.command("B8")
    assert bench.select("99999999") == b""
    assert bench.app.speeds == []
    assert bench.select("78563412") == ACK
    assert bench.app.speeds == [300]


@pytest.mark.parametrize("frame", [Frame.short(0x40, 6), ACK_FRAME, Frame.short(0x7B, 253)])
def test_telegrams_to_others_do_not_use_the_new_speed(bench: Bench, frame: Frame) -> None:
    bench.command("B8")
    bench.frame(frame)
    assert bench.app.speeds == []
    assert bench.slave.deadline is not None


def test_a_speed_that_was_set_waits_for_its_use(bench: Bench) -> None:
    effects = bench.slave.receive(Frame.control(0x73, 5, 0xB8).to_bytes(), 1.0)
    (change,) = (effect for effect in effects if isinstance(effect, SetLine))
    assert bench.slave.done(change.token, SendOutcome.SENT, 1.1) == ()
    assert bench.slave.line == Line(300)
    assert bench.slave.done(change.token, SendOutcome.ABORTED, 1.2) == (), "it has ended already"
    assert bench.slave.line == Line(300)


def test_power_off_does_not_set_an_unchanged_line() -> None:
    assert list(slave_at().power_off()) == [Abort()]


def test_an_unfinished_telegram_is_reported_when_the_speed_falls_back() -> None:
    slave = slave_at()
    slave.receive(Frame.control(0x73, 5, 0xB8).to_bytes(), 10.0)
    slave.receive(NKE.to_bytes()[:3], 309.95)
    effects = slave.tick(311.0)
    assert received(effects) == [Received(Noise(NKE.to_bytes()[:3]), Verdict.DAMAGED, 309.95)]
    assert [effect.line for effect in effects if isinstance(effect, SetLine)] == [Line(2400)]
    slave = slave_at()
    slave.receive(Frame.control(0x73, 5, 0xB8).to_bytes(), 10.0)
    slave.receive(NKE.to_bytes()[:3], 309.99)
    effects = slave.tick(310.0)
    assert received(effects) == [Received(Noise(NKE.to_bytes()[:3]), Verdict.DAMAGED, 309.99)]
    assert slave.deadline is None


def test_every_action_has_a_token_of_its_own() -> None:
    slave = slave_at()
    tokens = []
    for at in range(3):
        for frame in (NKE, Frame.control(0x73 - 0x20 * (at % 2), 5, 0xB8 if at % 2 else 0xBB), REQUEST):
            effects = slave.receive(frame.to_bytes(), 10.0 + at)
            tokens += [effect.token for effect in effects if isinstance(effect, Write | SetLine)]
    assert len(tokens) >= 9
    assert len(set(tokens)) == len(tokens)


# A request while an answer is on its way


def test_a_new_request_means_that_the_answer_was_received() -> None:
    slave = slave_at()
    first = write(slave.receive(REQUEST.to_bytes(), 10.0))
    # A pair of virtual ports has carried it at once, while the link still waits for the time on a wire.
    effects = slave.receive(Frame.short(0x5B, 5).to_bytes(), first.not_before + 0.02)
    assert [effect for effect in effects if isinstance(effect, Delivered | Abort)] == [Delivered()]
    assert section_of(write(effects).data) == (1, 1)


@pytest.mark.parametrize("telegram", [Frame.long(0x08, 7, 0x72, bytes(12)).to_bytes(), ACK, b"\x10\x5b\x05\x61\x16"])
def test_an_incomplete_request_means_nothing(telegram: bytes) -> None:
    slave = slave_at()
    first = write(slave.receive(REQUEST.to_bytes(), 10.0))
    assert Delivered() not in slave.receive(telegram, first.not_before + 0.02)


def test_a_link_without_a_speed_has_no_wire_to_wait_for() -> None:
    slave = slave_at(has_speed=False)
    first = write(slave.receive(REQUEST.to_bytes(), 10.0))
    assert Delivered() not in slave.receive(NKE.to_bytes(), first.not_before + 0.02)


def test_no_event_for_an_answer_that_was_received(bench: Bench) -> None:
    bench.request(0x7B)
    assert Delivered() not in bench.slave.receive(NKE.to_bytes(), bench.now + 1)
