from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmi_gui.engine.iec62056.errors import Iec62056Error, IecErrorCode
from cmi_gui.engine.iec62056.events import (
    START_LINE,
    CommandAnswered,
    CommandConfirmed,
    CommandRefused,
    Failed,
    FailureCause,
    Identified,
    Limits,
    PasswordAccepted,
    PasswordRefused,
    ProgrammingReady,
    ReadoutProgress,
    ReadoutReceived,
    Retrying,
    SignedOff,
    Timing,
)
from cmi_gui.engine.iec62056.exchange import plain_login
from cmi_gui.engine.iec62056.message import (
    BREAK,
    Command,
    DataMessage,
    Handshake,
    Identification,
    error_message,
)
from cmi_gui.engine.iec62056.reading_device import ReadingDevice
from cmi_gui.engine.iec62056.tariff_device import DeviceState, TariffDevice, TariffRules
from cmi_gui.engine.machine import Line, LineEvent, SendOutcome, SetLine, Write
from tests.helpers.meter_telegrams import M26_LINES
from tests.helpers.reading_devices import Application, Head, Rig

E350 = TariffRules(fallback_readout=False)
BAUD = {"0": 300, "1": 600, "2": 1200, "3": 2400, "4": 4800, "5": 9600, "6": 19200}


# Readout


@pytest.mark.parametrize("paced", [False, True])
@pytest.mark.parametrize("speed", BAUD)
def test_a_readout_at_every_speed(speed: str, paced: bool) -> None:
    rig = Rig(speed, paced=paced)
    done = rig.read()
    assert isinstance(done, ReadoutReceived)
    assert done.lines == M26_LINES
    assert (len(done.raw), done.raw[-1]) == (387, 0x00)
    assert rig.events[0] == Identified(rig.application.identification, BAUD[speed])
    progress = range(1, len(M26_LINES) + 1) if paced else ()
    assert rig.events[1:-1] == [ReadoutProgress(lines) for lines in progress]
    assert rig.sent == [b"/?!\r\n", b"\x060" + speed.encode() + b"0\r\n"]
    assert rig.application.readouts_sent == 1
    assert rig.device.state is DeviceState.START
    rig.clock.advance(0.001)
    assert (rig.near.line, rig.far.line) == (START_LINE, START_LINE)


def test_at_300_baud_the_list_takes_thirteen_seconds() -> None:
    rig = Rig("0", paced=True)
    rig.read()
    (_, _, sent), (_, data, done) = rig.wire[-2:]
    assert data[0] == 0x02
    assert done - sent == pytest.approx(387 / 30 + 0.2)


def test_the_speed_changes_after_the_option_select_has_left() -> None:
    reader = ReadingDevice()
    effects = reader.start_readout(0.0)
    assert effects[0] == SetLine(1, START_LINE)
    assert isinstance(effects[1], Write)
    reader.done(effects[1].token, SendOutcome.SENT, 0.17)
    identified, write, line = reader.receive(b"/LGZ4ZMF100AC.M26\r\n", 1.0)
    assert isinstance(identified, Identified)
    assert isinstance(write, Write)
    assert (write.data, write.not_before) == (b"\x06040\r\n", 1.2)
    assert isinstance(line, SetLine)
    assert line.line == Line(4800, 7, "E")


def test_the_two_ends_change_speed_at_the_same_moment() -> None:
    rig = Rig(paced=True)
    rig.reader_driver.run(lambda: rig.reader.start_readout(rig.clock.now()))
    while not any(data.startswith(b"\x06") for data in rig.sent):
        assert rig.near.line == START_LINE
        assert rig.far.line == START_LINE
        rig.clock.advance(0.001)
    rig.clock.advance(0.01)
    assert rig.near.line == rig.far.line == Line(4800, 7, "E")
    rig.finish()


def test_a_reader_that_is_slower_than_the_offer_stays_at_300() -> None:
    rig = Rig("5", limits=Limits(max_baud=4800))
    assert isinstance(rig.read(), ReadoutReceived)
    assert rig.sent[1] == b"\x06000\r\n"
    assert rig.events[0] == Identified(rig.application.identification, 300)


def test_the_makers_own_mode_and_one_that_does_not_exist() -> None:
    rig = Rig()
    done = rig.read(mode="6")
    assert isinstance(done, ReadoutReceived)
    assert done.lines == M26_LINES[:3]
    done = rig.read(mode="7")
    assert isinstance(done, ReadoutReceived)
    assert done.lines == M26_LINES


def test_only_the_device_that_is_meant_answers() -> None:
    rig = Rig()
    assert isinstance(rig.read("123456"), ReadoutReceived)
    failed = rig.read("999")
    assert isinstance(failed, Failed)
    assert failed.cause is FailureCause.SILENCE


def test_an_empty_list() -> None:
    rig = Rig()
    rig.application.lines = ()
    done = rig.read()
    assert isinstance(done, ReadoutReceived)
    assert done.lines == ()


# Failures of a readout


def test_silence_is_noticed_after_1500_ms_and_a_new_sign_on_waits() -> None:
    rig = Rig(limits=Limits(attempts=3))
    rig.device.faults.silent = True
    failed = rig.read()
    assert isinstance(failed, Failed)
    assert failed.cause is FailureCause.SILENCE
    retries = [event for event in rig.events if isinstance(event, Retrying)]
    assert [(event.cause, event.attempt) for event in retries] == [(FailureCause.SILENCE, 2), (FailureCause.SILENCE, 3)]
    times = [at for _, _, at in rig.wire]
    timing = rig.reader.timing
    pause = timing.response + START_LINE.char_time + timing.slack + timing.unanswered
    assert times == pytest.approx([0.0, pause, 2 * pause])


def test_after_a_damaged_readout_the_next_sign_on_need_not_wait_for_an_option_select() -> None:
    rig = Rig(limits=Limits(attempts=2))
    rig.device.faults.bad_bcc = True
    rig.read()
    _, second = (at for _, data, at in rig.wire if data.startswith(b"/?"))
    readout_ended = max(at for sender, _, at in rig.wire if at < second and sender == "device")
    assert second - readout_ended == pytest.approx(rig.reader.timing.idle)


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        ({"silent": True}, FailureCause.SILENCE),
        ({"delay": 5.0}, FailureCause.SILENCE),
        ({"bad_bcc": True}, FailureCause.BAD_BCC),
        ({"garbled": True}, FailureCause.GARBAGE),
    ],
)
def test_each_fault_has_its_cause_and_the_next_readout_works(fault: dict[str, float], cause: FailureCause) -> None:
    rig = Rig(rules=E350)
    for name, value in fault.items():
        setattr(rig.device.faults, name, value)
    failed = rig.read()
    assert isinstance(failed, Failed)
    assert failed.cause is cause
    for name in fault:
        setattr(rig.device.faults, name, 0)
    rig.clock.advance(10)
    assert isinstance(rig.read(), ReadoutReceived)


def test_a_slow_device_is_still_in_time() -> None:
    rig = Rig()
    rig.device.faults.delay = 1.2
    assert isinstance(rig.read(), ReadoutReceived)


def test_one_bad_readout_is_read_again() -> None:
    rig = Rig(limits=Limits(attempts=2))
    rig.device.faults.bad_bcc = True
    rig.reader_driver.run(lambda: rig.reader.start_readout(rig.clock.now()))
    rig.clock.run_until(60, lambda: any(isinstance(event, Retrying) for event in rig.events))
    rig.device.faults.bad_bcc = False
    assert isinstance(rig.finish(), ReadoutReceived)


class Script(Head):
    """A reader alone, fed by hand, a message at a time."""

    def receive(self, data: bytes, *, reaction: float = 0.3, gap: float = 0.0) -> None:
        self.now += reaction
        self.do(self.reader.receive(data, self.now))
        deadline = self.reader.deadline
        if deadline is not None and deadline <= self.now + Timing().settle:
            # Nothing follows, so that an ACK or NAK counts.
            self.now = deadline
            self.do(self.reader.tick(self.now))

    def wait(self) -> None:
        while self.reader.busy and self.reader.deadline is not None:
            self.now = self.reader.deadline
            self.do(self.reader.tick(self.now))

    @property
    def cause(self) -> FailureCause:
        last = self.events[-1]
        assert isinstance(last, Failed)
        return last.cause


IDENT = b"/LGZ4ZMF100AC.M26\r\n"


@pytest.mark.parametrize(
    ("answers", "cause"),
    [
        ([b"\x15"], FailureCause.NAK),
        ([IDENT, b"\x15"], FailureCause.NAK),
        ([IDENT, error_message("ER02").to_bytes()], FailureCause.ERROR_MESSAGE),
        ([IDENT, BREAK.to_bytes()], FailureCause.BREAK),
        ([b"\x01B0\x03\x71"], FailureCause.GARBAGE),
        ([b"/ABCAX\r\n"], FailureCause.UNSUPPORTED),
        ([b"/ABC?X\r\n"], FailureCause.UNSUPPORTED),
        ([b"rubbish"], FailureCause.GARBAGE),
        ([b"/LGZ4ZMF"], FailureCause.GARBAGE),
        ([b"/lgz4ZMF\r\n"], FailureCause.NOT_ACCEPTED),
        ([IDENT, b"\x02F.F(00)\r\n"], FailureCause.GARBAGE),
        ([IDENT, DataMessage("F.F(00)").to_bytes()], FailureCause.NOT_ACCEPTED),
        ([IDENT, DataMessage("F.F(00)\r\n!\r\n").to_bytes()[:-1] + b"\x01"], FailureCause.BAD_BCC),
        ([IDENT, b"\x06"], FailureCause.GARBAGE),
        ([IDENT], FailureCause.SILENCE),
        ([], FailureCause.SILENCE),
    ],
)
def test_why_a_readout_failed(answers: list[bytes], cause: FailureCause) -> None:
    script = Script()
    script.do(script.reader.start_readout(0.0))
    for answer in answers:
        script.receive(answer)
    script.wait()
    assert script.cause is cause
    assert not script.reader.busy


def test_a_line_error_is_garbage_and_not_silence() -> None:
    script = Script()
    script.do(script.reader.start_readout(0.0))
    script.do(script.reader.line_event(LineEvent.FRAMING, 0.5))
    script.wait()
    assert script.cause is FailureCause.GARBAGE


def test_noise_before_the_identification_does_no_harm() -> None:
    script = Script()
    script.do(script.reader.start_readout(0.0))
    script.receive(b"\xff\x00x" + IDENT)
    script.receive(DataMessage("F.F(00)\r\n!\r\n").to_bytes())
    assert isinstance(script.events[-1], ReadoutReceived)


def test_a_line_that_never_gets_quiet_ends_the_exchange() -> None:
    script = Script()
    script.do(script.reader.receive(b"x", 0.0))
    script.do(script.reader.start_readout(0.0))
    for _ in range(100):
        script.receive(b"x")
    assert script.sent == []
    assert script.cause is FailureCause.BUSY


def test_a_sign_on_waits_until_the_device_has_ended() -> None:
    script = Script()
    script.do(script.reader.receive(b"the end of an aborted readout", 10.0))
    script.now = 10.1
    script.do(script.reader.start_readout(10.1))
    assert script.sent == []
    script.do(script.reader.tick(10.5))
    assert script.sent == [b"/?!\r\n"]


def test_one_exchange_at_a_time() -> None:
    reader = ReadingDevice()
    reader.start_readout(0.0)
    assert reader.busy
    for start in (reader.start_readout, reader.start_programming):
        with pytest.raises(Iec62056Error) as caught:
            start(0.1)
        assert caught.value.code is IecErrorCode.BUSY


def test_calls_that_do_not_fit() -> None:
    reader = ReadingDevice()
    for call in (lambda: reader.send_command(0.0, BREAK), lambda: reader.sign_off(0.0)):
        with pytest.raises(Iec62056Error) as caught:
            call()
        assert caught.value.code is IecErrorCode.STATE
    with pytest.raises(Iec62056Error):
        reader.start_readout(0.0, mode="1")
    with pytest.raises(Iec62056Error):
        reader.start_readout(0.0, "a-b")
    assert not reader.busy
    assert reader.abort(0.0) == ()
    assert reader.lost(0.0) == ()


def test_a_lost_link_ends_the_exchange_at_once() -> None:
    reader = ReadingDevice()
    reader.start_readout(0.0)
    (event,) = reader.lost(0.1)
    assert isinstance(event, Failed)
    assert event.cause is FailureCause.LINK
    assert not reader.busy


def test_an_abort_inside_a_readout() -> None:
    rig = Rig(paced=True)
    rig.reader_driver.run(lambda: rig.reader.start_readout(rig.clock.now()))
    rig.clock.run_until(60, lambda: any(isinstance(event, ReadoutProgress) for event in rig.events))
    rig.reader_driver.run(lambda: rig.reader.abort(rig.clock.now()))
    failed = rig.finish()
    assert isinstance(failed, Failed)
    assert failed.cause is FailureCause.ABORTED
    assert rig.sent == [b"/?!\r\n", b"\x06040\r\n"]
    rig.clock.advance(1)
    assert isinstance(rig.read(), ReadoutReceived)


# Programming mode


def programming(rig: Rig, password: str | None = "00000000") -> None:
    login = None if password is None else plain_login(password)
    rig.reader_driver.run(lambda: rig.reader.start_programming(rig.clock.now(), login=login))


def command(rig: Rig, what: Command | tuple[Command, ...]) -> object:
    rig.reader_driver.run(lambda: rig.reader.send_command(rig.clock.now(), what))
    rig.clock.run_until(rig.clock.now() + 60, lambda: rig.reader.ready or not rig.reader.busy)
    return rig.events[-1]


@pytest.mark.parametrize("paced", [False, True])
@pytest.mark.parametrize("speed", BAUD)
def test_a_session_in_programming_mode(speed: str, paced: bool) -> None:
    rig = Rig(speed, paced=paced)
    rig.application.key = "4711"
    programming(rig)
    rig.until_ready()
    assert rig.events[1:] == [PasswordAccepted(), ProgrammingReady(rig.application.identification, "4711")]
    read = Command("R", "1", "1.8.0()")
    assert command(rig, read) == CommandAnswered(read, "1.8.0(061561.289*kWh)")
    write = Command("W", "1", "C003(1)")
    assert command(rig, write) == CommandConfirmed(write)
    execute = Command("E", "2", "0002()")
    assert command(rig, execute) == CommandRefused(execute, "ER07")
    unknown = Command("W", "1", "XXXX()")
    assert command(rig, unknown) == CommandRefused(unknown, "ER01")
    rig.reader_driver.run(lambda: rig.reader.sign_off(rig.clock.now()))
    assert rig.finish() == SignedOff()
    assert rig.sent[-1] == BREAK.to_bytes()
    rig.clock.advance(1)
    assert rig.device.state is DeviceState.START
    assert rig.application.executed[0] == (read, frozenset({"P1"}))
    assert isinstance(rig.read(), ReadoutReceived)


def test_without_a_password_straight_to_commands() -> None:
    rig = Rig()
    programming(rig, None)
    rig.until_ready()
    read = Command("R", "1", "1.8.0()")
    assert command(rig, read) == CommandAnswered(read, "1.8.0(061561.289*kWh)")
    assert rig.application.executed == [(read, frozenset())]


def test_partial_blocks_both_ways() -> None:
    rig = Rig()
    programming(rig)
    rig.until_ready()
    blocks = tuple(Command("W", "3", text, last=text == "(3)") for text in ("P.02(1)", "(2)", "(3)"))
    assert command(rig, blocks) == CommandConfirmed(blocks[0])
    assert rig.application.executed[-1][0] == Command("W", "3", "P.02(1)(2)(3)")
    read = Command("R", "3", "P.01()")
    assert command(rig, read) == CommandAnswered(read, "P.01(1)(2)(3)(4)")


@pytest.mark.parametrize(
    ("refusal", "text"),
    [
        (BREAK, ""),
        (Handshake.NAK, ""),
        (error_message("ER03"), "ER03"),
    ],
)
def test_a_wrong_password_is_refused_once_and_locks(refusal: Command | Handshake | DataMessage, text: str) -> None:
    rig = Rig(rules=TariffRules(refusal=refusal, lock_out=60.0), limits=Limits(attempts=3, repeats=3))
    programming(rig, "12345678")
    assert rig.finish() == SignedOff()
    assert PasswordRefused(text) in rig.events
    assert sum(data.startswith(b"\x01P1") for data in rig.sent) == 1
    assert rig.device.state is DeviceState.LOCKED
    # No sign-on is answered during the lock-out, with or without B0.
    failed = rig.read()
    assert isinstance(failed, Failed)
    assert failed.cause is FailureCause.SILENCE
    rig.clock.run_until(100, lambda: rig.device.state is DeviceState.START)
    programming(rig)
    rig.until_ready()
    assert rig.events[-2] == PasswordAccepted()


def test_in_the_lock_out_even_the_right_password_is_refused() -> None:
    application = Application()
    device = TariffDevice(application)
    device.receive(b"/?!\r\n", 0.0)
    device.done(1, SendOutcome.SENT, 0.5)
    first = device.receive(b"\x06001\r\n", 1.0)
    device.done(next(effect.token for effect in first if isinstance(effect, Write)), SendOutcome.SENT, 1.5)

    def show(password: str, at: float) -> bytes:
        effects = device.receive(Command("P", "1", f"({password})").to_bytes(), at)
        (write,) = (effect for effect in effects if isinstance(effect, Write))
        device.done(write.token, SendOutcome.SENT, at + 0.2)
        return write.data

    assert show("wrong", 2.0) == BREAK.to_bytes()
    assert device.deadline == 62.0
    assert show("00000000", 30.0) == BREAK.to_bytes()
    assert device.deadline == 62.0
    assert device.receive(BREAK.to_bytes(), 40.0) == ()
    device.tick(61.9)
    assert device.state is DeviceState.LOCKED
    device.tick(62.0)
    assert device.state is DeviceState.START


def test_without_lock_out_the_standard_applies() -> None:
    rig = Rig(rules=TariffRules(lock_out=0.0))
    programming(rig, "12345678")
    assert rig.finish() == SignedOff()
    rig.clock.advance(1)
    assert rig.device.state is DeviceState.START
    assert BREAK.to_bytes() not in rig.sent


def test_a_device_without_programming_mode() -> None:
    rig = Rig("0")
    rig.application.key = None
    programming(rig)
    failed = rig.finish()
    assert isinstance(failed, Failed)
    assert failed.cause is FailureCause.UNSUPPORTED


def test_the_break_of_the_device_ends_the_session() -> None:
    rig = Rig()
    programming(rig)
    rig.until_ready()
    execute = Command("E", "2", "FFFF()")
    failed = command(rig, execute)
    assert isinstance(failed, Failed)
    assert (failed.cause, failed.command) == (FailureCause.BREAK, execute)
    assert BREAK.to_bytes() not in rig.sent
    rig.finish()


def test_inactivity_ends_the_session() -> None:
    rig = Rig(rules=TariffRules(inactivity=60.0))
    programming(rig)
    rig.until_ready()
    rig.clock.advance(59)
    assert rig.device.state is DeviceState.PROGRAMMING
    rig.clock.advance(2)
    assert rig.device.state is DeviceState.START
    write = Command("W", "1", "C003(1)")
    failed = command(rig, write)
    assert isinstance(failed, Failed)
    # The device did not receive what was sent at 4800 bit/s; it is not repeated, and B0 follows.
    assert (failed.cause, failed.command) == (FailureCause.SILENCE, write)
    assert rig.sent[-2:] == [write.to_bytes(), BREAK.to_bytes()]
    rig.finish()


def test_an_abort_in_programming_mode_signs_off() -> None:
    rig = Rig()
    programming(rig)
    rig.until_ready()
    rig.reader_driver.run(lambda: rig.reader.abort(rig.clock.now()))
    failed = rig.finish()
    assert isinstance(failed, Failed)
    assert rig.sent[-1] == BREAK.to_bytes()
    rig.clock.advance(1)
    assert rig.device.state is DeviceState.START


def ready_script(repeats: int = 2) -> Script:
    script = Script(Limits(attempts=1, repeats=repeats))
    script.do(script.reader.start_programming(0.0, login=plain_login("00000000")))
    script.receive(IDENT)
    script.receive(b"\x01P0\x02()\x03\x60")
    script.receive(b"\x06")
    assert script.reader.ready
    return script


def test_a_nak_repeats_the_command_within_limits() -> None:
    script = ready_script()
    write = Command("W", "1", "C003(1)")
    script.do(script.reader.send_command(script.now, write))
    for _ in range(3):
        script.receive(b"\x15")
    assert script.cause is FailureCause.NAK
    assert script.sent[-4:] == [write.to_bytes()] * 3 + [BREAK.to_bytes()]


def test_a_damaged_answer_is_asked_for_again() -> None:
    script = ready_script()
    read = Command("R", "1", "1.8.0()")
    script.do(script.reader.send_command(script.now, read))
    script.receive(b"\x021.8.0(061561.289*kWh)\x03\x5c")
    assert script.sent[-1] == b"\x15"
    script.receive(b"\x021.8.0(061561.289*kWh)\x03\x5d")
    assert script.events[-1] == CommandAnswered(read, "1.8.0(061561.289*kWh)")


@pytest.mark.parametrize(("letter", "times"), [("R", 3), ("W", 1), ("E", 1)])
def test_after_silence_only_a_read_is_sent_again(letter: str, times: int) -> None:
    script = ready_script()
    what = Command(letter, "1", "C003()")
    script.do(script.reader.send_command(script.now, what))
    script.wait()
    assert script.cause is FailureCause.SILENCE
    assert script.sent.count(what.to_bytes()) == times
    assert script.sent[-1] == BREAK.to_bytes()


def test_silence_after_the_password_is_not_answered_by_showing_it_again() -> None:
    script = Script(Limits(attempts=3, repeats=3))
    script.do(script.reader.start_programming(0.0, login=plain_login("00000000")))
    script.receive(IDENT)
    script.receive(b"\x01P0\x02()\x03\x60")
    script.wait()
    assert script.cause is FailureCause.SILENCE
    assert sum(data.startswith(b"\x01P1") for data in script.sent) == 1
    assert script.sent[-1] == BREAK.to_bytes()


# The tariff device alone


class Device:
    """A tariff device fed by hand."""

    def __init__(self, speed: str = "4", rules: TariffRules | None = None) -> None:
        self.application = Application(speed)
        self.machine = TariffDevice(self.application, rules)
        self.now = 0.0
        self.line = START_LINE

    def do(self, effects: object) -> list[bytes]:
        assert isinstance(effects, tuple | list)
        sent = []
        for effect in effects:
            if isinstance(effect, SetLine):
                self.line = effect.line
            if isinstance(effect, Write):
                sent.append(effect.data)
                self.now = effect.not_before
                sent += self.do(self.machine.done(effect.token, SendOutcome.SENT, self.now))
        return sent

    def receive(self, data: bytes) -> list[bytes]:
        self.now += 0.1
        return self.do(self.machine.receive(data, self.now))

    def select(self, option: bytes) -> list[bytes]:
        assert self.receive(b"/?!\r\n") == [self.application.identification.to_bytes()]
        return self.receive(b"\x06" + option + b"\r\n")


@pytest.mark.parametrize(
    ("option", "starts", "state"),
    [
        (b"000", b"\x02", DeviceState.START),
        (b"050", b"\x02", DeviceState.START),
        (b"100", b"", DeviceState.START),
        (b"001", b"\x01P0", DeviceState.PROGRAMMING),
        (b"041", b"\x01P0", DeviceState.PROGRAMMING),
        (b"051", b"\x02", DeviceState.START),
        (b"04", b"", DeviceState.START),
    ],
)
def test_option_select(option: bytes, starts: bytes, state: DeviceState) -> None:
    device = Device()
    sent = device.select(option)
    assert b"".join(sent).startswith(starts)
    assert bool(sent) is bool(starts)
    assert device.machine.state is state
    assert device.line == (Line(4800, 7, "E") if option == b"041" else START_LINE)


@pytest.mark.parametrize("fallback", [True, False])
def test_without_option_select(fallback: bool) -> None:
    device = Device(rules=TariffRules(fallback_readout=fallback))
    device.receive(b"/?!\r\n")
    deadline = device.machine.deadline
    assert deadline is not None
    assert 1.5 < deadline - device.now <= 2.2
    assert device.do(device.machine.tick(deadline - 0.001)) == []
    sent = device.do(device.machine.tick(deadline))
    assert [data[:1] for data in sent] == ([b"\x02"] if fallback else [])
    assert device.machine.state is DeviceState.START
    assert device.line == START_LINE


def test_an_option_select_that_began_in_time_is_received_to_its_end() -> None:
    device = Device(rules=E350)
    device.receive(b"/?!\r\n")
    deadline = device.machine.deadline
    assert deadline is not None
    device.do(device.machine.receive(b"\x060", deadline - 0.01))
    device.do(device.machine.tick(deadline))
    assert device.do(device.machine.receive(b"40\r\n", deadline + 0.1))[0][:1] == b"\x02"


def test_damage_in_programming_mode_is_answered_by_nak_and_nak_by_the_last_answer() -> None:
    device = Device()
    (operand,) = device.select(b"041")
    assert device.receive(b"\x15") == [operand]
    assert device.receive(b"\x01R1\x021.8.0()\x03\x5b") == [b"\x15"]
    assert device.receive(b"\x01R1\x021.8.\xb0()\x03\x5a") == [b"\x15"]
    assert device.receive(b"\x01R1\x02") == []
    assert device.machine.deadline == device.now + 1.5
    device.now += 1.5
    assert device.do(device.machine.tick(device.now)) == [b"\x15"]
    (answer,) = device.receive(b"\x01R1\x021.8.0()\x03\x5a")
    assert answer == b"\x021.8.0(061561.289*kWh)\x03\x5d"
    assert device.receive(b"\x15") == [answer]
    assert device.receive(b"/?!\r\n") == []
    assert device.receive(b"\x01B1\x03\x70") == [b"\x06"]
    assert device.machine.state is DeviceState.START


def test_power_down_and_up() -> None:
    device = Device()
    device.select(b"041")
    device.do(device.machine.power_down())
    assert device.receive(b"/?!\r\n") == []
    assert device.machine.deadline is None
    device.do(device.machine.power_up())
    assert device.line == START_LINE
    assert device.receive(b"/?!\r\n") != []


# Anything at all


@settings(max_examples=150)
@given(
    st.lists(st.binary(max_size=20) | st.sampled_from([IDENT, b"\x01P0\x02()\x03\x60", b"\x06", b"\x15"]), max_size=8)
)
def test_no_answer_can_bring_the_reader_down(answers: list[bytes]) -> None:
    script = Script()
    script.do(script.reader.start_programming(0.0, login=plain_login("00000000")))
    for answer in answers:
        script.receive(answer)
    if script.reader.ready:
        script.do(script.reader.sign_off(script.now))
    script.wait()
    assert not script.reader.busy
    ends = [event for event in script.events if isinstance(event, Failed | SignedOff | ReadoutReceived)]
    assert len(ends) == 1


@settings(max_examples=150)
@given(
    st.lists(
        st.binary(max_size=20)
        | st.sampled_from(
            [b"/?!\r\n", b"\x06041\r\n", b"\x06000\r\n", b"\x01B0\x03\x71", b"\x01P1\x02(00000000)\x03\x61"]
        ),
        max_size=8,
    )
)
def test_nothing_can_bring_the_device_down(requests: list[bytes]) -> None:
    device = Device()
    for request in requests:
        device.receive(request)
    for _ in range(5):
        if device.machine.deadline is not None:
            device.now = max(device.now, device.machine.deadline)
            device.do(device.machine.tick(device.now))
    assert device.machine.state is DeviceState.START
    assert device.receive(b"/?!\r\n") == [Identification("LGZ", "4", "ZMF100AC.M26").to_bytes()]
