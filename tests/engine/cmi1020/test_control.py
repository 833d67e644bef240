"""The module's control of its meter, step by step: the test answers for the meter and sees each event."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from cmi_gui.engine.cmi1020.meter_actions import ActionKind, ActionOutcome, MeterAction, Password
from cmi_gui.engine.cmi1020.module import Cmi1020
from cmi_gui.engine.cmi1020.rates import RateError
from cmi_gui.engine.cmi1020.secrets import Secret, SecretStore
from cmi_gui.engine.cmi1020.settings import SettingsStore
from cmi_gui.engine.events import ActionFinished, ActionStarted, DisconnectorChanged, Event, Notice, RateErrorChanged
from cmi_gui.engine.messages import Message

DONE, DENIED, REFUSED = ActionOutcome.DONE, ActionOutcome.DENIED, ActionOutcome.REFUSED
NO_ANSWER = ActionOutcome.NO_ANSWER
OPEN, CLOSE = b"\x01\xfd\x1f\x00", b"\x01\xfd\x1f\x01"
START = 1000.0


def lines(*, closed: bool | None = True, rate: int = 1, failures: int | None = 0) -> list[str]:
    """Return the lines of a readout: C.5.0 bit 10 is the disconnector, bits 5 to 7 the rate."""
    found = ["C.1.0(33456789)"]
    if failures is not None:
        found.append(f"C.7.0({failures:04d})")
    if closed is not None:
        found.append(f"C.5.0({closed << 10 | rate - 1 << 5:04X})")
    return found


def rate(number: int) -> bytes:
    return bytes((0x01, 0xFF, 0x13, number))


def display(text: str) -> bytes:
    return bytes.fromhex("0D 7C 03 70 73 64") + bytes((len(text),)) + text[::-1].encode()


def p1(key: str) -> bytes:
    return b"\x0d\xfd\x16" + bytes((len(key),)) + key[::-1].encode()


def plain(event: Event) -> dict[str, Any]:
    """Return the fields of an event, with its messages in English."""
    fields = msgspec.structs.asdict(event)
    return {name: str(value) if isinstance(value, Message) else value for name, value in fields.items()}


class Rig:
    """A powered module whose meter is played by the test."""

    def __init__(self, *, read: bool = True) -> None:
        self.now = START
        self.started: list[tuple[MeterAction, Password, Secret | None]] = []
        self.readouts: list[float] = []
        self.recorded: list[tuple[type, dict[str, Any]]] = []
        self.module = Cmi1020(
            "12345678",
            SettingsStore(None),
            SecretStore(None, "12345678"),
            self,
            lambda event, at: self.recorded.append((type(event), plain(event))),
        )
        self.module.set_bus_voltage(24.0, self.now)
        self.tick(0)
        if read:
            self.read()
            self.tick(5.0)  # the inputs are stable
            self.events(object)

    # The meter's side

    def start_readout(self) -> None:
        self.readouts.append(self.now)

    def start_action(self, action: MeterAction, password: Password, secret: Secret | None) -> None:
        self.started.append((action, password, secret))

    def abort(self) -> None:
        pass

    def read(self, **state: Any) -> None:
        """End the running readout."""
        self.module.meter_read(lines(**state), self.now)

    def answer(self, outcome: ActionOutcome = DONE, message: str = "confirmed", lockout: float = 0.0) -> None:
        self.module.meter_action_done(outcome, Message(message), lockout, self.now)

    # The module's side

    def tick(self, seconds: float) -> None:
        self.now += seconds
        self.module.tick(self.now)

    def send(self, *records: bytes) -> None:
        self.module.user_data(0x51, b"".join(records), self.now)

    def press(self) -> None:
        self.module.press_button(self.now)

    def inputs(self, *, a: bool, b: bool) -> None:
        self.module.set_rate_input("A", 230.0 if a else 0.0, self.now)
        self.module.set_rate_input("B", 230.0 if b else 0.0, self.now)
        self.tick(5.0)

    def events(self, kind: type) -> list[dict[str, Any]]:
        """Return the events of a kind since the last call."""
        found = [fields for recorded, fields in self.recorded if issubclass(recorded, kind)]
        self.recorded.clear()
        return found

    def notices(self) -> list[tuple[str, str, str]]:
        return [(one["level"], one["code"], one["message"]) for one in self.events(Notice)]

    def application_error(self) -> bool:
        return self.module.header(self.module.identities()[0], self.now)[9] & 3 == 2

    @property
    def status(self) -> int:
        return self.module.header(self.module.identities()[0], self.now)[9]

    @property
    def new_actions(self) -> list[tuple[ActionKind, object]]:
        found = [(action.kind, action.value) for action, _, _ in self.started]
        self.started.clear()
        return found


@pytest.fixture
def rig() -> Rig:
    return Rig()


# Disconnector


def test_the_button_opens_and_a_readout_after_ten_seconds_confirms_it(rig: Rig) -> None:
    before = len(rig.readouts)
    rig.press()
    assert rig.events(DisconnectorChanged) == [{"state": "moving"}]
    assert rig.new_actions == [(ActionKind.DISCONNECTOR, 0)]
    assert rig.module.control.disconnector == 2
    rig.tick(1.0)
    rig.answer()
    assert rig.module.deadline == START + 5 + 10
    rig.tick(8.999)
    assert len(rig.readouts) == before
    rig.tick(0.001)
    assert len(rig.readouts) == before + 1
    assert rig.module.control.disconnector == 2
    rig.events(object)
    rig.read(closed=False)
    assert rig.module.control.disconnector == 0
    assert rig.status == 0
    recorded = rig.recorded.copy()
    assert [fields for kind, fields in recorded if kind is DisconnectorChanged] == [{"state": "open"}]
    assert [fields for kind, fields in recorded if kind is Notice] == []
    rig.press()
    assert rig.new_actions == [(ActionKind.DISCONNECTOR, 1)]


def test_start_and_end_of_actions_are_reported(rig: Rig) -> None:
    rig.press()
    assert rig.events(ActionStarted) == [{"action": "disconnector", "value": "open"}]
    rig.answer(message="done by the meter")
    assert rig.events(ActionFinished) == [
        {
            "action": "disconnector",
            "value": "open",
            "outcome": "done",
            "message": "done by the meter",
            "password": "P1",
            "locked_for": 0.0,
        }
    ]
    rig.tick(10.0)
    rig.read(closed=False)
    rig.press()
    assert rig.events(ActionStarted) == [{"action": "disconnector", "value": "close"}]
    rig.answer()
    rig.send(rate(6))
    assert rig.events(ActionStarted) == [{"action": "rate", "value": "6"}]


@pytest.mark.parametrize(
    ("closed", "reported"),
    [
        (True, "still reports that its disconnector is closed"),
        (None, "does not report the state of its disconnector"),
    ],
)
def test_a_disconnector_that_has_not_moved_is_a_refusal(rig: Rig, closed: bool | None, reported: str) -> None:
    rig.press()
    rig.answer()
    rig.tick(10.0)
    rig.events(object)
    rig.read(closed=closed)
    result = "is not confirmed" if closed is None else "failed"
    message = f"switching the disconnector {result}: the meter {reported}"
    assert rig.notices() == [("error", "disconnector_failed", message)]
    assert rig.status == 0x80
    assert rig.module.control.disconnector == (1 if closed else None)


def test_a_success_ends_the_refusal(rig: Rig) -> None:
    rig.press()
    rig.answer(REFUSED, "the meter refused")
    assert rig.status == 0x80
    assert rig.module.control.disconnector == 1
    assert rig.notices() == [("error", "disconnector_failed", "switching the disconnector failed: the meter refused")]
    rig.press()
    rig.answer()
    rig.tick(10.0)
    assert rig.status == 0x80, "until a readout confirms it"
    rig.read(closed=False)
    assert rig.status == 0


@pytest.mark.parametrize("outcome", [REFUSED, DENIED, ActionOutcome.NOT_UNDERSTOOD])
def test_a_refusal_ends_the_process_at_once(rig: Rig, outcome: ActionOutcome) -> None:
    rig.press()
    rig.answer(outcome)
    assert [one["state"] for one in rig.events(DisconnectorChanged)] == ["moving", "closed"]
    rig.press()
    assert [one["state"] for one in rig.events(DisconnectorChanged)] == ["moving"]


NOT_ALLOWED = 'the setting "Disconnector control" does not allow this source'
BUSY = "the disconnector is being switched; that takes about 10 seconds"
LOCKED = "the meter received a wrong password and refuses everything for a while"
UNKNOWN = "the meter has not reported yet whether its disconnector is open or closed"


def test_a_refused_press_is_reported_with_its_reason(rig: Rig) -> None:
    def pressed(rig: Rig) -> list[tuple[str, str, str]]:
        rig.events(object)
        rig.press()
        return rig.notices()

    def notice_of(code: str, reason: str) -> list[tuple[str, str, str]]:
        return [("warning", code, f"the push button was pressed, but it has no effect: {reason}")]

    rig.send(bytes.fromhex("01 7C 03 6C 74 63 01"))
    assert pressed(rig) == notice_of("disconnector_not_allowed", NOT_ALLOWED)
    rig.send(bytes.fromhex("01 7C 03 6C 74 63 03"))
    assert pressed(rig) == []
    assert pressed(rig) == notice_of("disconnector_busy", BUSY)
    rig.answer(DENIED, lockout=60.0)
    assert pressed(rig) == notice_of("disconnector_locked", LOCKED)
    assert pressed(Rig(read=False)) == notice_of("disconnector_unknown", UNKNOWN)


def test_a_refused_disconnector_command_is_reported_with_its_reason(rig: Rig) -> None:
    def refused(rig: Rig) -> str:
        rig.events(object)
        rig.send(OPEN)
        ((level, code, message),) = rig.notices()
        assert (level, code) == ("warning", "command_refused")
        assert rig.application_error()
        return message

    rig.send(bytes.fromhex("01 7C 03 6C 74 63 02"))
    assert NOT_ALLOWED in refused(rig)
    rig.send(bytes.fromhex("01 7C 03 6C 74 63 03"))
    rig.press()
    assert BUSY in refused(rig)
    rig.answer(DENIED, lockout=60.0)
    assert LOCKED in refused(rig)
    assert UNKNOWN in refused(Rig(read=False))


def test_a_press_without_power_is_reported(rig: Rig) -> None:
    rig.module.set_bus_voltage(20.0, rig.now)
    rig.events(object)
    rig.press()
    assert rig.notices() == [
        ("warning", "button_unpowered", "the push button was pressed, but the module has no bus voltage")
    ]


def test_without_contact_the_state_is_unknown(rig: Rig) -> None:
    for _ in range(2):
        rig.module.meter_failed("silence", "no bytes", rig.now)
    assert rig.module.control.disconnector == 1
    rig.module.meter_failed("silence", "no bytes", rig.now)
    assert rig.module.control.disconnector is None
    assert rig.events(DisconnectorChanged) == [{"state": "unknown"}]
    rig.press()
    assert rig.notices()[0][1] == "disconnector_unknown"
    rig.tick(5.0)
    rig.read()
    assert rig.module.control.disconnector == 1
    assert rig.events(DisconnectorChanged) == [{"state": "closed"}]


def test_loss_of_contact_before_the_final_readout_ends_the_process(rig: Rig) -> None:
    rig.press()
    rig.answer()
    rig.tick(10.0)
    for _ in range(2):
        rig.module.meter_failed("silence", "no bytes", rig.now)
        assert rig.module.control.disconnector == 2
    rig.events(object)
    rig.module.meter_failed("silence", "no bytes", rig.now)
    assert rig.module.control.disconnector is None
    message = "the meter does not answer, so it is unknown whether its disconnector moved"
    notice = f"switching the disconnector is not confirmed: {message}"
    assert rig.notices() == [("error", "disconnector_failed", notice)]
    assert rig.status == 0x90


def test_loss_of_contact_before_the_process_time_is_over_does_not_end_it(rig: Rig) -> None:
    rig.press()
    rig.answer()
    for _ in range(3):
        rig.module.meter_failed("silence", "no bytes", rig.now)
    assert rig.module.control.disconnector == 2
    rig.tick(10.0)
    rig.read(closed=False)
    assert rig.module.control.disconnector == 0


def test_a_pause_ends_a_process_that_waits_for_a_readout(rig: Rig) -> None:
    rig.press()
    rig.answer()
    rig.tick(10.0)
    rig.events(object)
    rig.module.pause_reading(True, rig.now)
    message = "reading is paused; the next readout will show whether the disconnector moved"
    assert rig.notices() == [("warning", "disconnector_unread", message)]
    assert rig.module.control.disconnector is None
    assert rig.status == 0, "no error is known"
    rig.module.pause_reading(False, rig.now)
    rig.tick(0.1)
    rig.read(closed=False)
    assert rig.module.control.disconnector == 0


def test_a_pause_leaves_a_process_that_is_not_over(rig: Rig) -> None:
    rig.press()
    rig.answer()
    rig.events(object)
    rig.module.pause_reading(True, rig.now)
    assert rig.notices() == []
    assert rig.module.control.disconnector == 2


def test_the_process_waits_for_a_command_that_is_still_being_sent(rig: Rig) -> None:
    rig.press()
    rig.tick(10.0)
    assert rig.module.control.disconnector == 2
    rig.tick(30.0)
    rig.answer()
    assert rig.module.deadline == rig.now + 5.0
    rig.tick(5.0)
    rig.read(closed=False)
    assert rig.module.control.disconnector == 0


def test_an_unconfirmed_command_is_dropped_when_the_process_time_is_over(rig: Rig) -> None:
    rig.press()
    rig.answer(NO_ANSWER, "no answer")
    assert rig.events(ActionFinished)[0]["message"] == "no answer; another attempt follows"
    rig.new_actions.clear()
    rig.send(rate(3))  # next in the queue, but no action starts for five seconds
    rig.module.pause_reading(True, rig.now)
    rig.events(object)
    rig.tick(9.999)
    assert rig.notices() == []
    rig.tick(0.001)
    message = "switching the disconnector is not confirmed: the meter did not confirm the command in time"
    assert rig.notices() == [("error", "disconnector_failed", message)]
    assert rig.module.control.disconnector == 1
    rig.module.pause_reading(False, rig.now)
    rig.tick(1.0)
    assert rig.new_actions == [(ActionKind.RATE, 3)], "the disconnector is not switched later"


def test_three_tries_without_an_answer_are_a_refusal(rig: Rig) -> None:
    rig.press()
    rig.answer(NO_ANSWER)
    rig.tick(5.0)
    rig.answer(NO_ANSWER)
    rig.tick(4.999)
    rig.events(object)
    rig.tick(0.001)
    assert rig.module.control.disconnector in (1, 2)


# Rate


def test_a_rate_that_is_done_is_read_at_once(rig: Rig) -> None:
    before = len(rig.readouts)
    rig.send(rate(3))
    assert rig.new_actions == [(ActionKind.RATE, 3)]
    rig.answer()
    assert len(rig.readouts) == before + 1
    assert rig.notices() == []


def test_a_rate_is_pending_until_a_readout_or_a_loss_of_power(rig: Rig) -> None:
    rig.send(rate(3))
    rig.answer()
    assert rig.module.state().rate_pending
    rig.read(rate=3)
    assert not rig.module.state().rate_pending
    rig.send(rate(2))
    rig.answer()
    assert rig.module.state().rate_pending
    rig.module.set_bus_voltage(0.0, rig.now)
    assert not rig.module.state().rate_pending


def test_a_refused_rate_is_reported_and_a_rate_error(rig: Rig) -> None:
    rig.send(rate(6))
    rig.answer(REFUSED, "the meter refused")
    assert [fields["error"] for kind, fields in rig.recorded if kind is RateErrorChanged] == ["refused"]
    assert rig.notices() == [("error", "rate_failed", "setting rate 6 failed: the meter refused")]
    assert rig.status == 0x20
    assert rig.module.state().rate_error == "refused"
    rig.send(rate(2))
    rig.answer()
    assert rig.events(RateErrorChanged) == [{"error": None}]
    assert rig.status == 0


def test_a_denied_rate_is_tried_again_with_another_password_only(rig: Rig) -> None:
    rig.send(rate(3))
    assert rig.started[-1][1:] == (Password.P1, None)
    rig.answer(DENIED, lockout=0.0)
    assert rig.module.state().rate_error == "denied"
    rig.new_actions.clear()
    rig.send(p1("OLD"))
    rig.answer(DENIED, lockout=0.0)
    rig.new_actions.clear()
    rig.send(p1("OLD"))
    assert rig.new_actions == [], "never with the same password"
    rig.send(p1("NEW"))
    assert rig.started[-1] == (MeterAction(ActionKind.RATE, 3, 1), Password.P1, Secret("NEW"))
    rig.answer()
    assert rig.module.state().rate_error is None


def test_another_usage_is_another_password(rig: Rig) -> None:
    rig.send(rate(3))
    rig.answer(DENIED)
    rig.new_actions.clear()
    rig.send(bytes.fromhex("01 7C 03 65 73 75 11"))  # P1 for rate and display: no change for the rate
    assert rig.new_actions == []
    rig.send(bytes.fromhex("01 7C 03 65 73 75 14"))  # none for the rate
    assert [(action.kind, password, secret) for action, password, secret in rig.started] == [
        (ActionKind.RATE, Password.NONE, None)
    ]


def test_a_password_changed_during_the_action_is_used_at_once(rig: Rig) -> None:
    rig.send(rate(3))
    rig.send(p1("NEW"))
    rig.new_actions.clear()
    rig.answer(DENIED)
    assert rig.started[-1][2] == Secret("NEW")


def test_waiting_actions_with_the_same_wrong_password_are_denied_too(rig: Rig) -> None:
    rig.send(bytes.fromhex("01 7C 03 65 73 75 05"))  # P1 for rate and disconnector, none for the display
    rig.press()
    rig.send(rate(3), display("HELLO"))
    rig.events(object)
    rig.new_actions.clear()
    rig.answer(DENIED, "wrong password", lockout=60.0)
    assert rig.notices() == [
        ("error", "disconnector_failed", "switching the disconnector failed: wrong password"),
        ("error", "rate_failed", "setting rate 3 failed: wrong password"),
    ]
    assert rig.module.state().rate_error == "denied"
    assert rig.new_actions == []
    assert rig.module.deadline == rig.now + 60.0
    rig.tick(59.999)
    assert rig.new_actions == []
    rig.tick(0.001)
    assert rig.new_actions == [(ActionKind.DISPLAY, "HELLO")]


def test_a_denial_without_lock_out_leaves_waiting_actions(rig: Rig) -> None:
    rig.press()
    rig.send(rate(3))
    rig.new_actions.clear()
    rig.answer(DENIED, lockout=0.0)
    assert rig.new_actions == [(ActionKind.RATE, 3)]


def test_the_lock_out_is_reported(rig: Rig) -> None:
    rig.send(rate(3))
    rig.answer(DENIED, "wrong password", lockout=42.0)
    (finished,) = rig.events(ActionFinished)
    assert (finished["outcome"], finished["password"], finished["locked_for"]) == ("denied", "P1", 42.0)


def test_clearing_errors_clears_refusals_of_a_masters_commands(rig: Rig) -> None:
    rig.press()
    rig.answer(REFUSED)
    rig.send(rate(6))
    rig.answer(DENIED)
    assert rig.status == 0xA0
    rig.events(object)
    rig.new_actions.clear()
    rig.send(bytes.fromhex("00 FD 97 07"))
    assert rig.status == 0
    rig.tick(0.1)
    assert rig.events(RateErrorChanged) == [{"error": None}]
    rig.send(p1("NEW"))
    assert rig.new_actions == [], "the denied rate is cleared"


def test_clearing_errors_does_not_clear_a_refusal_of_the_inputs_rate(rig: Rig) -> None:
    rig.inputs(a=True, b=False)
    rig.answer(DENIED)
    rig.send(bytes.fromhex("00 FD 97 07"))
    assert rig.module.state().rate_error == RateError.DENIED
    rig.new_actions.clear()
    rig.send(p1("NEW"))
    assert rig.new_actions == [(ActionKind.RATE, 2)]


def test_enabling_and_a_new_table_send_at_once(rig: Rig) -> None:
    rig.send(bytes.fromhex("01 7C 03 6E 65 72 00"))
    rig.inputs(a=True, b=True)
    assert rig.new_actions == []
    assert rig.status == 0x20
    assert [one["error"] for one in rig.events(RateErrorChanged)] == ["not_enabled"]
    rig.send(bytes.fromhex("01 7C 03 6E 65 72 01"))
    assert rig.new_actions == [(ActionKind.RATE, 4)]
    assert rig.events(RateErrorChanged) == [{"error": None}]
    rig.answer()
    rig.read(rate=4)
    rig.send(bytes.fromhex("04 7C 03 70 61 6D 01 02 03 06"))
    assert rig.new_actions == [(ActionKind.RATE, 6)]


def test_the_first_combination_waits_for_the_first_readout() -> None:
    rig = Rig(read=False)
    rig.inputs(a=False, b=True)
    assert rig.new_actions == []
    rig.read(rate=1)
    assert rig.new_actions == [(ActionKind.RATE, 3)]
    same = Rig(read=False)
    same.inputs(a=False, b=True)
    same.read(rate=3)
    assert same.new_actions == []


def test_a_rate_without_an_answer_is_sent_again_after_the_readout(rig: Rig) -> None:
    rig.send(rate(3))
    for _ in range(3):
        rig.answer(NO_ANSWER, "silence")
        rig.tick(5.0)
    assert rig.notices()[-1] == ("error", "rate_failed", "setting rate 3 is not confirmed: silence")
    rig.new_actions.clear()
    rig.tick(60.0)
    rig.read(rate=1)
    assert rig.new_actions == [(ActionKind.RATE, 3)]


# Display, power failures


def test_a_text_counts_as_shown_after_the_meter_confirmed_it(rig: Rig) -> None:
    rig.send(display("HELLO"))
    assert rig.module.state().display_text is None
    rig.answer()
    assert rig.module.state().display_text == "HELLO"
    rig.send(display("OTHER"))
    rig.answer(REFUSED, "the meter refused")
    assert rig.module.state().display_text == "HELLO"
    assert rig.notices()[-1] == ("error", "display_failed", "sending the display text failed: the meter refused")


def test_after_a_power_failure_of_the_meter_rate_and_text_are_sent_again(rig: Rig) -> None:
    rig.send(rate(3), display("HELLO"))
    rig.answer()
    rig.answer()
    rig.read(rate=3)
    rig.new_actions.clear()
    rig.events(object)
    rig.tick(60.0)
    rig.read(rate=1, failures=1)
    message = "the meter had a power failure; the wanted rate and display text are sent again"
    assert rig.notices() == [("info", "meter_restarted", message)]
    rig.answer()
    rig.answer()
    assert rig.new_actions == [(ActionKind.RATE, 3), (ActionKind.DISPLAY, "HELLO")]


@pytest.mark.parametrize(("before", "after"), [(0, 0), (1, 1), (1, 0), (None, 1), (1, None), (None, None)])
def test_only_a_count_that_rose_is_a_power_failure(before: int | None, after: int | None) -> None:
    rig = Rig(read=False)
    rig.read(failures=before)
    rig.send(display("HELLO"))
    rig.answer()
    rig.new_actions.clear()
    rig.events(object)
    rig.tick(60.0)
    rig.read(failures=after)
    assert rig.new_actions == []
    assert rig.notices() == []


def test_a_power_failure_with_nothing_to_send_is_not_reported() -> None:
    rig = Rig(read=False)
    rig.read(failures=0)
    rig.tick(60.0)
    rig.events(object)
    rig.new_actions.clear()
    rig.module.control.rates.power_off()
    rig.read(failures=1)
    assert rig.notices() == []


def test_a_refused_text_is_not_sent_after_a_power_failure(rig: Rig) -> None:
    rig.send(display("HELLO"))
    rig.answer()
    rig.send(display("OTHER"))
    rig.answer(REFUSED)
    rig.new_actions.clear()
    rig.tick(60.0)
    rig.read(failures=1)
    assert rig.new_actions == [(ActionKind.DISPLAY, "HELLO")]


def test_an_unanswered_text_is_sent_after_a_power_failure(rig: Rig) -> None:
    rig.send(display("HELLO"))
    for _ in range(3):
        rig.answer(NO_ANSWER)
        rig.tick(5.0)
    rig.new_actions.clear()
    rig.tick(60.0)
    rig.read(failures=1)
    assert rig.new_actions == [(ActionKind.DISPLAY, "HELLO")]


def test_loss_of_power_clears_everything(rig: Rig) -> None:
    rig.send(display("HELLO"))
    rig.answer()
    rig.press()
    rig.answer(REFUSED)
    rig.press()
    rig.send(rate(3), display("OTHER"))
    rig.events(object)
    rig.module.set_bus_voltage(0.0, rig.now)
    assert rig.events(DisconnectorChanged) == [{"state": "unknown"}]
    assert (rig.module.control.disconnector, rig.module.state().display_text, rig.module.state().rate_error) == (
        None,
        None,
        None,
    )
    rig.new_actions.clear()
    rig.module.set_bus_voltage(24.0, rig.now)
    rig.tick(0.1)
    assert rig.new_actions == []
    assert rig.module.state().rate is None
    rig.read(failures=5)
    assert rig.new_actions == [], "the counter is not compared with a value from before"
    assert rig.status == 0


def test_after_power_up_the_first_combination_waits_for_a_readout_again(rig: Rig) -> None:
    rig.inputs(a=False, b=True)
    rig.answer()
    rig.read(rate=3)
    rig.module.set_bus_voltage(0.0, rig.now)
    rig.module.set_bus_voltage(24.0, rig.now)
    rig.new_actions.clear()
    rig.tick(0.1)
    rig.tick(5.0)
    assert rig.new_actions == []
    rig.read(rate=1)
    assert rig.new_actions == [(ActionKind.RATE, 3)]


def test_a_third_password_does_not_repeat_an_attempt_with_the_second(rig: Rig) -> None:
    rig.send(rate(3))
    rig.answer(DENIED)
    rig.send(p1("SECOND"))
    rig.send(p1("THIRD"))
    rig.new_actions.clear()
    rig.answer()
    rig.read(rate=3)
    assert rig.new_actions == []


def test_while_the_meter_is_busy_the_end_of_the_process_moves_on_by_a_second(rig: Rig) -> None:
    rig.press()
    rig.tick(10.0)
    assert rig.module.state().switching_until == rig.now + 1.0


def test_a_readout_inside_the_process_ends_neither_it_nor_an_older_refusal(rig: Rig) -> None:
    rig.press()
    rig.answer(REFUSED)
    rig.press()
    rig.answer()
    rig.tick(3.0)
    rig.module.read_now(rig.now)
    rig.tick(0.1)
    rig.read(closed=True)
    assert rig.module.control.disconnector == 2
    assert rig.status == 0x80
    rig.tick(6.9)
    rig.read(closed=False)
    assert rig.module.control.disconnector == 0
    assert rig.status == 0


def test_a_readout_that_began_before_the_end_is_followed_by_another(rig: Rig) -> None:
    rig.press()
    rig.answer()
    rig.tick(9.0)
    rig.module.read_now(rig.now)
    rig.tick(0.1)
    rig.tick(0.9)
    before = len(rig.readouts)
    rig.tick(5.0)
    assert len(rig.readouts) == before, "one readout at a time"
    rig.read(closed=True)
    assert rig.module.control.disconnector == 2
    rig.tick(0.1)
    assert len(rig.readouts) == before + 1
    rig.read(closed=False)
    assert rig.module.control.disconnector == 0
