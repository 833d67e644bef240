"""The real machines make exactly the transitions that the diagrams of docs/states.md show."""

from __future__ import annotations

import runpy
from collections.abc import Callable, Iterable, Sequence
from itertools import product
from pathlib import Path
from typing import Any, Protocol

import pytest

from cmi_gui.engine.cmi1020.meter_actions import ActionOutcome, MeterAction, Password
from cmi_gui.engine.cmi1020.module import Cmi1020
from cmi_gui.engine.cmi1020.secrets import Secret, SecretStore
from cmi_gui.engine.cmi1020.settings import SettingsStore
from cmi_gui.engine.machine import Abort, Delivered, Line, LineEvent, SendOutcome, SetLine, Write
from cmi_gui.engine.mbus.ci import BAUD_RATES
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.slave import Slave
from cmi_gui.engine.messages import Message
from tests.helpers.slave_bench import Application

MADE = runpy.run_path(str(Path(__file__).parents[2] / "docs" / "make_state_diagrams.py"))
Change = tuple[str, str, str]


class Driven(Protocol):
    """A real machine: its state by the words of the diagram, and the events that can be applied to it."""

    events: dict[str, Callable[[], None]]

    @property
    def state(self) -> str: ...


def drawn(name: str) -> set[Change]:
    """Return the changes of state in a diagram."""
    return {
        (row.state, row.event, after) for row in MADE[name].transitions for after in row.after if after != row.state
    }


def made(
    makers: Iterable[Callable[[], Driven]], depth: int, prefixes: Sequence[tuple[str, ...]] = ((),)
) -> set[Change]:
    """Return the changes of state in all sequences of `depth` events after each of the prefixes."""
    found: set[Change] = set()
    for make, prefix in product(makers, prefixes):
        for sequence in product(make().events, repeat=depth):
            machine = make()
            for event in (*prefix, *sequence):
                before = machine.state
                machine.events[event]()
                found.add((before, event, machine.state))
    return {change for change in found if change[0] != change[2]}


class SlaveOnALink:
    """A slave whose link sends each answer when it may."""

    def __init__(self, **options: Any) -> None:
        self.app = Application()
        self.slave = Slave(self.app, has_speed=True, **options)
        self.now = 100.0
        self.writes: dict[int, Write] = {}
        self.lines: list[int] = []

    def perform(self, effects: Sequence[object]) -> None:
        for effect in effects:
            match effect:
                case Write(token):
                    self.writes[token] = effect
                case SetLine(token):
                    self.lines.append(token)
                case Abort():
                    self.finish(SendOutcome.ABORTED)
                case Delivered():
                    self.finish(SendOutcome.SENT, begun_only=True)

    def finish(self, outcome: SendOutcome, *, begun_only: bool = False) -> None:
        """Report the end of the writes, and of the changes of speed that wait for them."""
        tokens = [token for token, write in self.writes.items() if not begun_only or write.not_before <= self.now]
        for token in tokens:
            del self.writes[token]
        lines, self.lines = self.lines, []
        for token in (*tokens, *lines):
            self.perform(self.slave.done(token, outcome, self.now))

    def receive(self, data: bytes) -> None:
        self.perform(self.slave.receive(data, self.now))


class Answering(SlaveOnALink):
    """A slave as the diagram of telegrams and answers sees it."""

    def __init__(self) -> None:
        super().__init__()
        request = Frame.short(0x5B, 5).to_bytes()
        foreign = Frame.short(0x5B, 99).to_bytes()
        damaged = request[:3] + bytes((request[3] ^ 1, 0x16))
        self.events = {
            MADE["POWER_LOST"]: self.power_lost,
            MADE["POWER_BACK"]: self.power_back,
            MADE["FIRST_BYTE"]: lambda: self.telegram(request[:1]),
            MADE["REQUEST"]: lambda: self.telegram(request),
            MADE["FOREIGN"]: lambda: self.telegram(foreign),
            MADE["DAMAGED"]: lambda: self.telegram(damaged),
            MADE["SILENCE"]: self.silence,
            MADE["TIME_TO_ANSWER"]: self.time_to_answer,
            MADE["SENT"]: self.sent,
            MADE["TOO_LATE"]: self.too_late,
            MADE["BREAK"]: lambda: self.perform(self.slave.line_event(LineEvent.BREAK, self.now)),
        }

    @property
    def state(self) -> str:
        if not self.app.powered:
            return str(MADE["UNPOWERED"])
        if self.writes:
            waits = any(self.now < write.not_before for write in self.writes.values())
            return str(MADE["WAITING" if waits else "SENDING"])
        return str(MADE["IDLE" if self.slave.deadline is None else "RECEIVING"])

    def power_lost(self) -> None:
        self.app.powered = False
        self.perform(self.slave.power_off())

    def power_back(self) -> None:
        self.app.powered = True

    def telegram(self, data: bytes) -> None:
        begun = self.slave.deadline is not None
        self.receive(data[1:] if begun else data)

    def silence(self) -> None:
        # A shorter time passes before an answer.
        if self.state != MADE["WAITING"] and self.slave.deadline is not None:
            self.now = self.slave.deadline
            self.perform(self.slave.tick(self.now))

    def time_to_answer(self) -> None:
        self.now = max([self.now, *(write.not_before for write in self.writes.values())])

    def sent(self) -> None:
        if self.state == MADE["SENDING"]:
            self.finish(SendOutcome.SENT)

    def too_late(self) -> None:
        if self.state == MADE["WAITING"]:
            self.now = max(write.not_after for write in self.writes.values()) + 0.001
            self.finish(SendOutcome.EXPIRED)


class Speed(SlaveOnALink):
    """A slave as the diagram of the speed sees it; an acknowledgement is sent before the next event."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.events = {
            MADE["SPEED_COMMAND"]: self.command,
            MADE["ACK_ABORTED"]: self.break_acknowledgement,
            MADE["TELEGRAM_TO_SLAVE"]: lambda: self.telegram(Frame.short(0x40, 5).to_bytes()),
            MADE["TELEGRAM_TO_OTHER"]: lambda: self.telegram(Frame.short(0x40, 99).to_bytes()),
            MADE["UNREADABLE"]: self.damage,
            MADE["UNUSED"]: lambda: self.wait(301),
            MADE["SET_ELSEWHERE"]: self.set_elsewhere,
            MADE["POWER_LOST"]: self.power_lost,
        }

    @property
    def state(self) -> str:
        deadline = self.slave.deadline
        if deadline is not None and deadline > self.now + 20:
            return str(MADE["COMMANDED"])
        if self.slave.speed_found is not None:
            return str(MADE["FOUND" if self.slave.speed_found else "SEARCHING"])
        setting, self.app.line = self.app.line, Line(9600)
        follows = self.slave.line.baud == 9600
        self.app.line = setting
        return str(MADE["SETTING" if follows else "NAMED"])

    def other_baud(self, baud: int) -> int:
        return 300 if baud == 2400 else 2400

    def telegram(self, data: bytes) -> None:
        self.finish(SendOutcome.SENT)
        self.now += 1
        self.receive(data)

    def wait(self, seconds: float) -> None:
        self.finish(SendOutcome.SENT)
        self.now += seconds
        self.perform(self.slave.tick(self.now))

    def command(self) -> None:
        baud = self.other_baud(self.slave.line.baud)
        (ci,) = (ci for ci, speed in BAUD_RATES.items() if speed == baud)
        self.telegram(Frame.long(0x53, 5, ci, b"").to_bytes())

    def break_acknowledgement(self) -> None:
        if self.writes:
            self.perform(self.slave.line_event(LineEvent.BREAK, self.now))

    def damage(self) -> None:
        for _ in range(2):
            self.telegram(bytes.fromhex("10 40 05 46 16"))
            self.wait(1)

    def set_elsewhere(self) -> None:
        self.finish(SendOutcome.SENT)
        self.app.line = Line(self.other_baud(self.app.line.baud))
        self.perform(self.slave.follow_speed())

    def power_lost(self) -> None:
        self.finish(SendOutcome.SENT)
        self.perform(self.slave.power_off())


class Session:
    """A session with a meter that answers when the test says so."""

    def __init__(self) -> None:
        self.action: MeterAction | None = None

    def start_readout(self) -> None:
        pass

    def start_action(self, action: MeterAction, password: Password, secret: Secret | None) -> None:
        self.action = action

    def abort(self) -> None:
        self.action = None


LINES = ["C.1.0(33456789)", "C.5.0(0400)"]


class ModuleAlone:
    """A module with a scripted meter."""

    def __init__(self) -> None:
        self.session = Session()
        self.module = Cmi1020(
            "50100007", SettingsStore(None), SecretStore(None, "50100007"), self.session, lambda event, at: None
        )
        self.now = 100.0

    def power(self, volts: float) -> None:
        self.module.set_bus_voltage(volts, self.now)

    def read(self, lines: Sequence[str] = LINES) -> None:
        self.module.meter_read(lines, self.now)

    def fail_readouts(self) -> None:
        for _ in range(3):
            self.module.meter_failed("silence", Message("no answer"), self.now)

    def finish_action(self, outcome: ActionOutcome) -> None:
        if self.session.action is not None:
            self.session.action = None
            self.module.meter_action_done(outcome, Message("as the test wants it"), 0.0, self.now)


class Conditions(ModuleAlone):
    """A module as the diagram of the LEDs sees it."""

    def __init__(self) -> None:
        super().__init__()
        self.events = {
            MADE["POWERED"]: lambda: self.power(21),
            MADE["NOT_POWERED"]: lambda: self.power(20.9),
            MADE["READ"]: self.read,
            MADE["READ_WITHOUT_NUMBER"]: lambda: self.read(LINES[1:]),
            MADE["THIRD_FAILURE"]: self.fail_readouts,
            MADE["RATE_FAILED"]: lambda: self.set_rate(3, ActionOutcome.REFUSED),
            MADE["RATE_SET"]: lambda: self.set_rate(2, ActionOutcome.DONE),
        }

    @property
    def state(self) -> str:
        return self.module.indicators.condition.value

    def set_rate(self, rate: int, outcome: ActionOutcome) -> None:
        if self.module.powered:
            self.module.control.set_rate(rate, self.now)
            self.module.tick(self.now)
            self.finish_action(outcome)


ACCEPTED, READOUT_BEGINS, RESUMED = "the meter accepts the command", "a readout begins", "reading is resumed"


class Disconnector(ModuleAlone):
    """A module as the diagram of the disconnector sees it; the meter has been read."""

    def __init__(self) -> None:
        super().__init__()
        self.power(24)
        self.read()
        self.events = {
            MADE["SWITCH"]: lambda: self.module.press_button(self.now) and None,
            MADE["REFUSED"]: lambda: self.finish_action(ActionOutcome.REFUSED),
            MADE["PROCESS_OVER"]: self.process_time,
            MADE["READOUT_ENDS"]: self.end_readout,
            MADE["THIRD_FAILURE"]: self.fail_readouts,
            MADE["PAUSED"]: lambda: self.module.pause_reading(True, self.now),
            MADE["METER_CHANGED"]: lambda: self.module.meter_changed(self.now),
            MADE["POWER_LOST"]: self.power_lost,
            ACCEPTED: lambda: self.finish_action(ActionOutcome.DONE),
            READOUT_BEGINS: self.begin_readout,
            RESUMED: lambda: self.module.pause_reading(False, self.now),
        }

    @property
    def state(self) -> str:
        process = self.module.control.process
        if not process.moving:
            return str(MADE["AT_REST"])
        return str(MADE["READING" if process.waits_for_readout else "SWITCHING"])

    def process_time(self) -> None:
        self.now += 10
        self.module.tick(self.now)

    def begin_readout(self) -> None:
        self.module.read_now(self.now)
        self.module.tick(self.now)

    def end_readout(self) -> None:
        if self.module.schedule.running:
            self.read()

    def power_lost(self) -> None:
        self.power(0)
        self.power(24)


def test_telegrams_and_answers() -> None:
    assert made([Answering], 4) == drawn("SLAVE")


def test_speed() -> None:
    kinds = ({}, {"own_baud": 2400}, {"finds_speed": True})
    makers = [lambda kind=kind: Speed(form=Line(2400), **kind) for kind in kinds]
    assert made(makers, 4) == drawn("SPEED")


def test_conditions() -> None:
    assert made([Conditions], 3, [(), (MADE["POWERED"], MADE["READ"])]) == drawn("CONDITIONS")


def test_disconnector() -> None:
    switch, over = MADE["SWITCH"], MADE["PROCESS_OVER"]
    prefixes: list[tuple[str, ...]] = [
        (),
        (switch, ACCEPTED),
        (switch, ACCEPTED, READOUT_BEGINS, over),
        (READOUT_BEGINS, switch),
    ]
    assert made([Disconnector], 2, prefixes) == drawn("DISCONNECTOR")


@pytest.mark.parametrize("name", ["SLAVE", "SPEED", "CONDITIONS", "DISCONNECTOR"])
def test_every_state_can_be_reached_and_left(name: str) -> None:
    diagram = MADE[name]
    states = {row.state for row in diagram.transitions}
    assert {after for row in diagram.transitions for after in row.after} | set(diagram.start) == states
