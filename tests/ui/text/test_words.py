"""The message of every event, the log of messages, and the batches of the bridge."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from cmi_gui.engine import events as ev
from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.cmi1020.indicators import Condition
from cmi_gui.engine.cmi1020.rates import RateError
from cmi_gui.engine.link.url import KINDS
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.station import Station
from cmi_gui.ui.bridge import Bridge
from cmi_gui.ui.models.messages import MessageLog
from cmi_gui.ui.text.link_words import kind_words
from cmi_gui.ui.text.words import Level, age_text, condition_text, duration_text, log_entry

LINK = {"side": "mbus", "url": "tcp://127.0.0.1:1", "code": "in_use", "message": "The port is in use."}


def stamped(event: ev.Event, at: float = 2.0) -> ev.Stamped:
    return ev.Stamped(1, at, "module", event)


def ended(
    action: str, value: str, outcome: str = "done", message: str = "the meter confirmed the command"
) -> ev.ActionFinished:
    return ev.ActionFinished(action=action, value=value, outcome=outcome, message=message)


@pytest.mark.parametrize(
    ("event", "level", "text"),
    [
        (ev.LinkChanged(state="open", **LINK), Level.GOOD, "tcp://127.0.0.1:1 is open"),
        (ev.LinkChanged(state="failed", **LINK), Level.ERROR, "The port is in use."),
        (ev.LinkChanged(state="waiting", **LINK), Level.WARNING, "The port is in use; trying again"),
        (
            ev.LinkChanged(
                state="waiting", **{**LINK, "message": "COM3 does not work any more; is it still plugged in?"}
            ),
            Level.WARNING,
            "COM3 does not work any more; is it still plugged in? Trying again.",
        ),
        (
            ev.LinkChanged(state="failed", **{**LINK, "message": None}),
            Level.ERROR,
            "tcp://127.0.0.1:1 cannot be opened",
        ),
        (
            ev.LinkChanged(state="open", **{**LINK, "side": "meter", "url": "sim:"}),
            Level.GOOD,
            "The link to the simulated meter is open",
        ),
        (
            ev.ReadoutDone(lines=("F.F(00)",) * 30, identification="", seconds=2.75),
            Level.GOOD,
            "Meter read: 30 lines in 2.8 s",
        ),
        (
            ev.ReadoutFailed(cause="silence", message="the meter does not answer", attempt=2),
            Level.ERROR,
            "Reading the meter failed (try 2): the meter does not answer",
        ),
        (ev.ContactChanged(contact=True), Level.GOOD, "Contact with the meter established"),
        (ev.ContactChanged(contact=False), Level.ERROR, "Contact with the meter lost"),
        (ev.PowerChanged(volts=24.0, powered=True), Level.INFO, "Bus voltage 24 V"),
        (
            ev.PowerChanged(volts=12.5, powered=False),
            Level.WARNING,
            "Bus voltage 12.5 V: too low for the module",
        ),
        (ev.InputsChanged(a=True, b=False), Level.INFO, "Rate inputs steady at B = 0, A = 1"),
        (ev.SettingChanged(name="baud", value="300"), Level.INFO, "Setting speed is now 300"),
        (ev.SettingChanged(name="tag", value="7"), Level.INFO, "Setting tag is now 7"),
        (ev.SettingChanged(name="p1", value="**"), Level.INFO, "Setting P1 password is now **"),
        (ev.ActionStarted(action="rate", value="3"), Level.INFO, "Setting rate 3 in the meter"),
        (
            ev.ActionStarted(action="disconnector", value="open"),
            Level.INFO,
            "Opening the meter's disconnector",
        ),
        (ev.ActionStarted(action="display", value="HELLO"), Level.INFO, "Showing HELLO on the meter's display"),
        (ended("rate", "3"), Level.GOOD, "The meter accepted rate 3"),
        (ended("disconnector", "open"), Level.GOOD, "The meter accepted the command to open its disconnector"),
        (ended("disconnector", "close"), Level.GOOD, "The meter accepted the command to close its disconnector"),
        (ended("display", "HELLO"), Level.GOOD, "The meter shows HELLO"),
        (ended("display", ""), Level.GOOD, "The meter erased the text on its display"),
        (
            ended(
                "disconnector",
                "close",
                outcome="no_answer",
                message="the meter does not answer; another attempt follows",
            ),
            Level.WARNING,
            "Closing the meter's disconnector failed: the meter does not answer; another attempt follows",
        ),
        (
            ended("display", "", outcome="refused", message="the meter refuses the command (ER14)"),
            Level.WARNING,
            "Erasing the text on the meter's display failed: the meter refuses the command (ER14)",
        ),
        (ev.DisconnectorChanged(state="open"), Level.INFO, "The disconnector is open"),
        (ev.DisconnectorChanged(state="closed"), Level.INFO, "The disconnector is closed"),
        (ev.DisconnectorChanged(state="moving"), Level.INFO, "The disconnector is being switched (10 s)"),
        (
            ev.DisconnectorChanged(state="unknown"),
            Level.WARNING,
            "The state of the disconnector is no longer known",
        ),
        (
            ev.RateErrorChanged(error="not_enabled"),
            Level.ERROR,
            "Rate error: the inputs changed but are not enabled",
        ),
        (ev.RateErrorChanged(error=None), Level.GOOD, "The rate error is cleared"),
        (ev.Notice(level="warning", code="x", message="too bad"), Level.WARNING, "Too bad"),
        (ev.Dropped(count=7), Level.WARNING, "The window was too slow: 7 events were lost"),
    ],
)
def test_sentences(event: ev.Event, level: Level, text: str) -> None:
    message = log_entry(stamped(event))
    assert message is not None
    assert (message.at, message.level, message.text) == (2.0, level, text)


@pytest.mark.parametrize(
    "event",
    [
        ev.TrafficAdded(index=0),
        ev.ReadoutStarted(expected=None),
        ev.LinkChanged(state="opening", **LINK),
    ],
)
def test_events_shown_elsewhere_have_no_message(event: ev.Event) -> None:
    assert log_entry(stamped(event)) is None


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.4, "now"), (1, "1 s"), (59.9, "59 s"), (60, "1 min"), (3599, "59 min"), (7200, "2 h"), (200_000, "2 d")],
)
def test_ages(seconds: float, text: str) -> None:
    assert age_text(seconds) == text


@pytest.mark.parametrize(("seconds", "text"), [(-3, "0 s"), (37.6, "38 s"), (65, "1 min 5 s")])
def test_durations(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


def test_every_condition_has_words() -> None:
    assert len({condition_text(condition) for condition in Condition}) == len(Condition)


@pytest.mark.parametrize("error", [error.value for error in RateError])
def test_every_rate_error_has_a_sentence(error: str) -> None:
    message = log_entry(stamped(ev.RateErrorChanged(error=error)))
    assert message is not None
    assert message.text.startswith("Rate error: ")


@pytest.mark.parametrize(
    ("events", "left"),
    [
        (
            [ev.ActionStarted(action="rate", value="3"), ended("rate", "3")],
            ["The meter accepted rate 3"],
        ),
        (
            [ev.ActionStarted(action="rate", value="3"), ended("display", "HELLO")],
            ["Setting rate 3 in the meter", "The meter shows HELLO"],
        ),
        (
            [
                ended("rate", "3", outcome="refused", message="the meter refuses the command"),
                ev.Notice(
                    level="error", code="rate_failed", message="setting rate 3 failed: the meter refuses the command"
                ),
            ],
            ["Setting rate 3 failed: the meter refuses the command"],
        ),
        (
            [
                ended("rate", "3"),
                ev.Notice(level="error", code="disconnector_failed", message="it was not switched"),
            ],
            ["The meter accepted rate 3", "It was not switched"],
        ),
    ],
)
def test_the_log_keeps_the_last_message_of_an_action(qtbot: QtBot, events: list[ev.Event], left: list[str]) -> None:
    log = MessageLog()
    log.take([stamped(event) for event in events])
    assert [message.text for message in reversed(log.last(9))] == left


def contact_changed(at: float, *, contact: bool) -> ev.Stamped:
    return stamped(ev.ContactChanged(contact=contact), at)


def shown(log: MessageLog) -> str:
    message = log.shown()
    assert message is not None
    return message.text


def test_a_result_is_kept_until_it_is_read(qtbot: QtBot) -> None:
    log = MessageLog()
    assert log.shown() is None
    log.add_message(100.0, Level.GOOD, "4 settings accepted")
    log.take(
        [
            contact_changed(129.9, contact=True),
            stamped(ev.ReadoutDone(lines=(), identification="", seconds=2.0), 9999.0),
        ]
    )
    assert shown(log) == "4 settings accepted"
    assert log.unread
    assert [message.text for message in log.last(2)] == [
        "Meter read: 0 lines in 2.0 s",
        "Contact with the meter established",
    ]
    # The page Built-in module shows nothing of what was done with other modules.
    assert [message.text for message in log.last_events(9)] == [message.text for message in log.last(2)]
    with qtbot.waitSignal(log.changed):
        log.mark_read()
    assert not log.unread
    assert shown(log) == "Meter read: 0 lines in 2.0 s"
    with qtbot.assertNotEmitted(log.changed):
        log.mark_read()


def test_the_result_of_an_action_is_kept(qtbot: QtBot) -> None:
    log = MessageLog()
    log.take([stamped(ev.ActionStarted(action="rate", value="3"), 100.0)])
    assert shown(log) == "Setting rate 3 in the meter"
    log.take([stamped(ended("rate", "3")), stamped(ev.PowerChanged(powered=True, volts=24.0), 101.0)])
    assert shown(log) == "The meter accepted rate 3"
    log.retranslate()
    # The state of the disconnector is no result, unless its switching was asked for.
    log.take([contact_changed(102.0, contact=True), stamped(ev.DisconnectorChanged(state="closed"))])
    assert shown(log) == "The meter accepted rate 3"


def test_the_reason_for_a_failed_action_is_its_result(qtbot: QtBot) -> None:
    log = MessageLog()
    log.take([stamped(ended("rate", "3", outcome="refused", message="the meter refuses the command"))])
    log.take([stamped(ev.Notice(level="error", code="rate_failed", message="setting rate 3 failed: refused"))])
    log.take([contact_changed(102.0, contact=True)])
    assert shown(log) == "Setting rate 3 failed: refused"
    assert log.unread


def test_the_state_after_switching_is_its_result(qtbot: QtBot) -> None:
    log = MessageLog()
    log.take([stamped(ended("disconnector", "open")), stamped(ev.DisconnectorChanged(state="moving"))])
    log.take([contact_changed(102.0, contact=True), stamped(ev.DisconnectorChanged(state="open"))])
    log.retranslate()
    log.take([contact_changed(103.0, contact=True)])
    assert shown(log) == "The disconnector is open"
    assert [message.result for message in log.last(9)] == [False, True, False, True, True]


def test_trouble_and_messages_of_the_window_replace_it_at_once(qtbot: QtBot) -> None:
    log = MessageLog()
    log.add_message(100.0, Level.GOOD, "Table saved")
    log.take([contact_changed(101.0, contact=False)])
    assert shown(log) == "Contact with the meter lost"
    log.add_message(103.0, Level.INFO, "Saved")
    assert shown(log) == "Saved"
    log.mark_read()
    assert shown(log) == "Contact with the meter lost", "the table's message was replaced, this one was not read"
    log.mark_read()
    assert not log.unread
    assert shown(log) == "Saved"


def failed(attempt: int) -> ev.ReadoutFailed:
    return ev.ReadoutFailed(attempt=attempt, cause="silent", message="the meter does not answer")


def test_trouble_is_kept_until_it_is_read(qtbot: QtBot) -> None:
    log = MessageLog()
    log.take([stamped(failed(1), 100.0), stamped(failed(2), 101.0), stamped(ev.PowerChanged(powered=False, volts=3.0))])
    log.take([stamped(ev.InputsChanged(a=True, b=False)), contact_changed(130.0, contact=True)])
    log.take([stamped(ev.ReadoutDone(lines=(), identification="", seconds=2.0), 131.0)])
    assert shown(log) == "Bus voltage 3 V: too low for the module"
    log.retranslate()
    log.mark_read()
    assert shown(log).startswith("Reading the meter failed (try 2): "), "one of a kind, the latest"
    log.mark_read()
    assert shown(log) == "Meter read: 0 lines in 2.0 s"


def test_trouble_of_a_dragged_slider_goes_with_it(qtbot: QtBot) -> None:
    log = MessageLog()
    log.take([stamped(ev.PowerChanged(powered=False, volts=3.0)), stamped(ev.PowerChanged(powered=True, volts=24.0))])
    assert not log.unread
    assert shown(log) == "Bus voltage 24 V"


def test_all_trouble_is_read_at_once(qtbot: QtBot) -> None:
    log = MessageLog()
    for number in range(30):
        log.add_message(float(number), Level.ERROR, f"Trouble {number}")
    assert log.unread == 21, "the oldest are only in the list"
    with qtbot.waitSignal(log.changed):
        log.mark_all_read()
    assert not log.unread
    with qtbot.assertNotEmitted(log.changed):
        log.mark_all_read()


def test_the_log_drops_the_oldest_messages(qtbot: QtBot) -> None:
    log = MessageLog()
    for number in range(MessageLog.LIMIT + 5):
        log.add_message(float(number), Level.INFO, str(number))
    assert [message.text for message in log.last(2)] == ["504", "503"]
    assert log.last(10_000)[-1].text == "5"


def test_a_flood_of_events_comes_in_few_batches_without_delay(qtbot: QtBot, clock: VirtualClock) -> None:
    station = Station(StationConfig(mbus=()), clock)
    bridge = Bridge(station)
    batches: list[list[ev.Stamped]] = []
    bridge.events.connect(batches.append)
    for volts in range(50):
        station.set_bus_voltage(float(volts))
    assert batches == []
    with qtbot.waitSignal(bridge.events):
        pass
    assert len(batches) == 1
    assert sum(isinstance(each.event, ev.PowerChanged) for each in batches[0]) == 50
    bridge.close()
    station.set_bus_voltage(1.0)
    bridge.drain()
    assert len(batches) == 1


def test_every_kind_of_link_has_words() -> None:
    assert set(kind_words()) == set(KINDS)
    assert all(words.title for words in kind_words().values())
    assert all(kind_words()[scheme].missing for scheme, kind in KINDS.items() if kind.missing_on)
