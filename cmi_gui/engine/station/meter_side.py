"""The module's connection with its meter: a reading device on a link, whose events it passes to the module."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.cmi1020.meter_actions import ActionKind, ActionOutcome, MeterAction, Password
from cmi_gui.engine.cmi1020.module import Cmi1020
from cmi_gui.engine.cmi1020.secrets import Secret
from cmi_gui.engine.driver import Driver, Tap
from cmi_gui.engine.iec62056.errors import Iec62056Error
from cmi_gui.engine.iec62056.events import (
    START_LINE,
    CommandConfirmed,
    CommandRefused,
    Failed,
    FailureCause,
    Identified,
    Limits,
    PasswordRefused,
    ProgrammingReady,
    ReadoutProgress,
    ReadoutReceived,
    SignedOff,
    SpeedGivenUp,
    Timing,
)
from cmi_gui.engine.iec62056.exchange import plain_login
from cmi_gui.engine.iec62056.message import Command
from cmi_gui.engine.iec62056.reading_device import ReadingDevice
from cmi_gui.engine.link.url import LinkSpec
from cmi_gui.engine.link_protocol import Link, LinkError
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.messages import Message, marked
from cmi_gui.engine.meter_profile.profile import MeterCommands, MeterProfile
from cmi_gui.engine.station.notice import EmitNotice

_LIMITS = Limits(attempts=1, wakes=1)
"""One attempt, because the schedule of the module repeats a failed readout, and a repeat inside it would hide failures
from the user. Only an unanswered sign-on is sent again at once, because it may only have woken the meter or its head,
which will be asleep again by the next readout."""

_FAILURES = marked(
    {
        FailureCause.SILENCE: "the meter does not answer: {0}; check the position of the head, its cable and its port",
        FailureCause.GARBAGE: (
            "the received characters cannot be read: {0}; align the head and shade it from bright light"
        ),
        FailureCause.BUSY: "no request can be sent to the meter: {0}; check that no other device is reading it",
        FailureCause.BAD_BCC: "the meter's block check character is wrong: {0}; align the head and check its cable",
        FailureCause.NOT_ACCEPTED: (
            "the meter's answer was received undamaged, but is not valid: {0};"
            " record it and compare it with the meter's manual"
        ),
        FailureCause.NAK: (
            "the meter refuses the message (NAK): {0}; it does not support the message, or received it damaged"
        ),
        FailureCause.ERROR_MESSAGE: (
            "the meter answers with an error message: {0}; see the meter's manual for its meaning"
        ),
        FailureCause.BREAK: "the meter ended the session: {0}; check that no other device is reading it",
        FailureCause.UNSUPPORTED: (
            "the meter does not support mode C, or programming mode for commands: {0}; the module needs both"
        ),
        FailureCause.LINK: "the meter was not reached: {0}; it is read again when its link is open",
    }
)
"""The message of each cause of failure: what failed, the details, and what a technician can do about it."""
_NETWORK_FAILURES = _FAILURES | marked(
    {
        FailureCause.SILENCE: (
            "the meter does not answer: {0}; check the head, and set the gateway to 300 bit/s 7E1"
            " (if it uses 8N1, add framing=software to the LINK; if it is slow, add timeout=)"
        ),
        FailureCause.GARBAGE: (
            "the received characters cannot be read: {0}; align the head, or add framing=software to the LINK for a"
            " gateway at 8N1, max_baud=300 for one that stays at 300 bit/s"
        ),
    }
)
"""The messages if the port is at the other end of a network."""


def timing_on(spec: LinkSpec) -> Timing:
    """Return the times that a reading device keeps on the link to a meter."""
    return Timing(timeout=spec.timeout or 0.0)


class MeterSide:
    """A `MeterSession`. Give it a link by `make` and `use`, call `attach` once the module exists, then open the link.

    `clock`: of the module; a real meter's link has another one. `profile` defines the meter's commands, factory
    passwords, error texts and lock-out.
    """

    device: ReadingDevice
    driver: Driver

    def __init__(self, clock: Clock, profile: MeterProfile) -> None:
        self._clock = clock
        self._profile = profile
        self._commands = profile.commands()
        self._module: Cmi1020 | None = None
        self._after_events: Callable[[], None] = lambda: None
        self._emit_notice: EmitNotice = lambda level, code, message: None
        # The start of the next exchange, delayed until the one being aborted has ended.
        self._waiting: Callable[[], None] | None = None
        self._command: Command | None = None
        self._outcome: tuple[ActionOutcome, Message, float] | None = None

    def make(
        self,
        link: Link,
        on_state: Callable[[LinkState, LinkError | None], None],
        tap: Tap,
        spec: LinkSpec,
        clock: Clock,
    ) -> tuple[ReadingDevice, Driver]:
        """Make a reading device on `link`, which `spec` names, and its driver, for `use`; `clock` is that of the link.

        `on_state` is called with the link's state, `tap` with its bytes.
        """
        limits = _LIMITS if spec.max_baud is None else replace(_LIMITS, max_baud=spec.max_baud)
        device = ReadingDevice(timing_on(spec), limits, start=spec.line(START_LINE))
        templates = _NETWORK_FAILURES if spec.crosses_network else _FAILURES

        def state_changed(state: LinkState, cause: LinkError | None) -> None:
            if state is not LinkState.OPEN:
                self.lost(device, driver)
            on_state(state, cause)

        driver = Driver(
            device,
            link,
            clock,
            partial(self._on_event, templates),
            on_state=state_changed,
            tap=tap,
            after_events=lambda: self._after_events(),
        )
        return device, driver

    def use(self, device: ReadingDevice, driver: Driver) -> None:
        """Use this device and driver from now on; the driver used before must be closed."""
        self.device, self.driver = device, driver

    def lost(self, device: ReadingDevice, driver: Driver) -> None:
        """Report to a device that its link is lost: an exchange under way fails."""
        if device.busy:
            driver.run(lambda: device.lost(driver.clock.now()))

    def attach(self, module: Cmi1020, after_events: Callable[[], None], emit_notice: EmitNotice) -> None:
        """Set the module; `after_events` is called after events were passed to it, `emit_notice` with notices."""
        self._module = module
        self._after_events = after_events
        self._emit_notice = emit_notice

    def forget(self) -> None:
        """Forget an exchange under way; its end is not reported."""
        self._waiting = self._command = self._outcome = None

    def start_readout(self) -> None:
        """Begin a readout, after the end of an exchange that is being aborted."""
        self._begin(lambda: self.driver.run(lambda: self.device.start_readout(self.driver.clock.now())))

    def start_action(self, action: MeterAction, password: Password, secret: Secret | None) -> None:
        """Begin a programming session for one action; without a `secret` the factory password is used."""
        self._begin(lambda: self._start_action(action, password, secret))

    def _begin(self, start: Callable[[], None]) -> None:
        if self.device.busy:
            self._waiting = start
        else:
            start()

    def _start_action(self, action: MeterAction, password: Password, secret: Secret | None) -> None:
        try:
            self._command = _build(self._commands, action)
            login = None
            if password is not Password.NONE:
                shown = self._factory(password) if secret is None else secret.reveal()
                login = plain_login(shown, password.value[1])
        except Iec62056Error as error:
            # The command or the password cannot be sent; the outcome must not be reported inside this call.
            now = self._clock.now()
            message = Message("the command or its password cannot be sent: {0}", (error.message,))
            self._clock.call_at(now, lambda: self._action_done((ActionOutcome.REFUSED, message, 0.0)))
            return
        self._outcome = None
        self.driver.run(lambda: self.device.start_programming(self.driver.clock.now(), login=login))

    def _factory(self, password: Password) -> str:
        return self._profile.passwords.p1 if password is Password.P1 else self._profile.passwords.p2

    def abort(self) -> None:
        """Abort the exchange under way and the one that waits for its end."""
        self._waiting = None
        if self.device.busy:
            self.driver.run(lambda: self.device.abort(self.driver.clock.now()))

    def _on_event(self, templates: Mapping[FailureCause, str], event: object) -> None:
        module = self._module
        if module is None:
            return
        now = self._clock.now()
        if self._waiting is not None and isinstance(event, ReadoutReceived | SignedOff | Failed):
            # This event ends the aborted exchange, whose result is no longer needed.
            self._command = self._outcome = None
            waiting, self._waiting = self._waiting, None
            waiting()
            return
        match event:
            case Identified(identification=identification):
                module.meter_identified(str(identification))
            case SpeedGivenUp(baud=baud):
                times = _LIMITS.slow_exchanges
                message = Message(
                    "nothing can be read from the meter at {0} bit/s; the next {1} sessions use 300 bit/s",
                    (baud, times),
                )
                self._emit_notice("warning", "meter_speed_given_up", message)
            case ReadoutProgress(lines=lines):
                module.meter_lines(lines)
            case ReadoutReceived(lines=read):
                module.meter_read(read, now)
            case ProgrammingReady():
                self._send_command()
            case CommandConfirmed():
                self._end_session((ActionOutcome.DONE, Message("the meter confirmed the command"), 0.0))
            case CommandRefused(text=text):
                self._end_session(self._refusal(text))
            case PasswordRefused(text=text):
                lockout = float(self._profile.lockout)
                message = Message("the meter refuses the password and everything else for {0} s", (f"{lockout:.0f}",))
                if text:
                    template = marked("the meter refuses the password ({0}) and everything else for {1} s")
                    message = Message(template, (text, f"{lockout:.0f}"))
                self._outcome = (ActionOutcome.DENIED, message, lockout)
            case SignedOff():
                early = Message("the session ended before the meter confirmed the command")
                self._action_done(self._outcome or (ActionOutcome.NO_ANSWER, early, 0.0))
            case Failed(cause=FailureCause.ABORTED):
                self._command = self._outcome = None
            case Failed(cause=cause, detail=detail) if self._command is not None:
                outcome = ActionOutcome.NOT_UNDERSTOOD if cause is FailureCause.NAK else ActionOutcome.NO_ANSWER
                # A command that the meter confirmed is done even if the sign-off failed.
                self._action_done(self._outcome or (outcome, Message(templates[cause], (detail,)), 0.0))
            case Failed(cause=cause, detail=detail):
                module.meter_failed(cause.value, Message(templates[cause], (detail,)), now)

    def _send_command(self) -> None:
        command = self._command
        if command is not None:
            self.driver.run(lambda: self.device.send_command(self.driver.clock.now(), command))

    def _end_session(self, outcome: tuple[ActionOutcome, Message, float]) -> None:
        self._outcome = outcome
        self.driver.run(lambda: self.device.sign_off(self.driver.clock.now()))

    def _refusal(self, text: str) -> tuple[ActionOutcome, Message, float]:
        if text == self._profile.errors.denied:
            message = Message("the meter requires another password for this command ({0})", (text,))
            return ActionOutcome.DENIED, message, 0.0
        return ActionOutcome.REFUSED, Message("the meter refuses the command ({0})", (text,)), 0.0

    def _action_done(self, outcome: tuple[ActionOutcome, Message, float]) -> None:
        self._command = self._outcome = None
        if self._module is not None:
            self._module.meter_action_done(*outcome, self._clock.now())
            self._after_events()


def _build(commands: MeterCommands, action: MeterAction) -> Command:
    match action.kind:
        case ActionKind.RATE:
            return commands.set_rate.build(str(action.value))
        case ActionKind.DISPLAY:
            return commands.show_text.build(str(action.value))
        case _:
            return (commands.close_disconnector if action.value else commands.open_disconnector).build()
