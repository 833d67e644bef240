"""The module's control of its meter: disconnector, rate and display, from button, inputs and bus.

No I/O, no clock. It decides what to do and in which order; events go through the module's `emit`, actions through its
session.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cmi_gui.engine.cmi1020.disconnector import (
    MOVING,
    REFUSAL_WORDS,
    DisconnectorProcess,
    DisconnectorRefusal,
    SwitchSource,
)
from cmi_gui.engine.cmi1020.inputs import Combination
from cmi_gui.engine.cmi1020.interfaces import Emit, MeterSession
from cmi_gui.engine.cmi1020.meter_actions import (
    ActionKind,
    ActionOutcome,
    ActionQueue,
    MeterAction,
    Password,
    password_for,
)
from cmi_gui.engine.cmi1020.rates import RateControl, RateError
from cmi_gui.engine.cmi1020.secrets import Secret, SecretStore
from cmi_gui.engine.cmi1020.settings import ModuleSettings
from cmi_gui.engine.events import ActionFinished, ActionStarted, DisconnectorChanged, Notice, RateErrorChanged
from cmi_gui.engine.machine import is_due
from cmi_gui.engine.messages import Message, marked
from cmi_gui.engine.module_state import DisconnectorState


@dataclass(frozen=True, slots=True)
class MeterReport:
    """The last readout's values of what the module controls; None if it lacks one.

    `disconnector`: 0 open, 1 closed. `rate`: 1 to 8. `power_failures`: C.7.0.
    """

    disconnector: int | None = None
    rate: int | None = None
    power_failures: int | None = None


_Credential = tuple[Password, Secret | None]
STATES: Final[dict[int | None, DisconnectorState]] = {None: "unknown", 0: "open", 1: "closed", MOVING: "moving"}
_UNCHANGED = {
    None: Message("the meter does not report the state of its disconnector"),
    0: Message("the meter still reports that its disconnector is open"),
    1: Message("the meter still reports that its disconnector is closed"),
}

# A failed action has not been carried out; one without an answer may have been, so its result is unknown.
_RATE = marked(("setting rate {0} failed: {1}", "setting rate {0} is not confirmed: {1}"))
_DISPLAY = marked(("sending the display text failed: {0}", "sending the display text is not confirmed: {0}"))
_DISCONNECTOR = marked(("switching the disconnector failed: {0}", "switching the disconnector is not confirmed: {0}"))


class MeterControl:
    """The control of one meter. `read_now` requests a readout as soon as possible, to show the effect of an action."""

    def __init__(
        self,
        session: MeterSession,
        secrets: SecretStore,
        settings: Callable[[], ModuleSettings],
        read_now: Callable[[float], None],
        emit: Emit,
    ) -> None:
        self.actions = ActionQueue()
        self.rates = RateControl()
        self.process = DisconnectorProcess()
        self.report = MeterReport()
        self._read = False
        self.refused = False
        """True if the last switching of the disconnector was refused or failed, until one succeeds."""
        self.display_text: str | None = None
        """The text last sent to the display and confirmed; None before any."""
        self._wanted_text: str | None = None
        self._rate_unread = False
        """True if the meter confirmed a rate that no readout has shown yet."""
        self._known = False
        """True if the last report is still valid: the meter was read and has been in contact since."""
        self._session = session
        self._secrets = secrets
        self._settings = settings
        self._read_now = read_now
        self._emit = emit
        # The password of the running action, and the one with which the meter last denied a rate.
        self._sent: _Credential | None = None
        self._denied: _Credential | None = None
        self._reported_state: int | None = None
        self._reported_error: RateError | None = None

    @property
    def disconnector(self) -> int | None:
        """The disconnector's state: 0 open, 1 closed, 2 moving, None while unknown."""
        if self.process.moving:
            return MOVING
        return self.report.disconnector if self._known else None

    @property
    def rate_pending(self) -> bool:
        """True from a command for a rate until a readout shows its effect, or the module gives it up."""
        return self.actions.waits(ActionKind.RATE) or self.rates.unanswered or self._rate_unread

    def power_off(self, now: float) -> None:
        """Clear everything volatile."""
        self.actions.clear()
        self.rates.power_off()
        self.process.stop()
        self.report = MeterReport()
        self._read = self._known = self._rate_unread = False
        self.refused = False
        self.display_text = self._wanted_text = None
        self._sent = self._denied = None
        self._report_changes(now)

    def tick(self, now: float) -> None:
        """End a lock-out and the disconnector's process time when they are over."""
        self.actions.locked(now)
        if is_due(self.process.deadline, now) and self.actions.waits(ActionKind.DISCONNECTOR):
            self._command_still_waits(now)
        elif self.process.tick(now):
            self._read_now(now)
        self._report_changes(now)

    def _command_still_waits(self, now: float) -> None:
        """Handle the end of the process time if the meter has not accepted the command yet."""
        if self.actions.running is not None and self.actions.running.kind is ActionKind.DISCONNECTOR:
            self.process.wait(now + 1.0)
            return
        # The user no longer expects the disconnector to move later.
        self.actions.drop(ActionKind.DISCONNECTOR)
        self.process.stop()
        self._refuse(Message("the meter did not confirm the command in time"), now, unknown=True)

    def start_next_action(self, now: float) -> bool:
        """Start the next waiting action if it may start, and return whether it did; the interface must be free."""
        action = self.actions.take(now)
        if action is None:
            return False
        self._sent = self._password(action.kind)
        self._emit(ActionStarted(action=action.kind.word, value=action.text), now)
        self._session.start_action(action, *self._sent)
        return True

    def _password(self, kind: ActionKind) -> _Credential:
        """Return the password to use for an action now."""
        password = password_for(kind, self._settings().usage)
        return password, None if password is Password.NONE else self._secrets.get(password.value.lower())

    # Requests

    def press_button(self, now: float) -> Notice | None:
        """Toggle the disconnector; emit and return a notice if this is refused, else return None."""
        verdict = self.judge_disconnector(SwitchSource.BUTTON, None, now)
        if isinstance(verdict, DisconnectorRefusal):
            message = Message("the push button was pressed, but it has no effect: {0}", (REFUSAL_WORDS[verdict],))
            refusal = Notice(level="warning", code=f"disconnector_{verdict.value}", message=message)
            self._emit(refusal, now)
            return refusal
        if verdict is not None:
            self.switch_disconnector(verdict, now)
        return None

    def switch_disconnector(self, target: int, now: float) -> None:
        """Open (0) or close (1) the disconnector after `judge_disconnector` allowed it; no effect if already there."""
        if target == self.report.disconnector:
            return
        self.process.start(target, now)
        self.actions.put(MeterAction(ActionKind.DISCONNECTOR, target))
        self._report_changes(now)

    def judge_disconnector(
        self, source: SwitchSource, wanted: int | None, now: float, *, control: int | None = None
    ) -> int | DisconnectorRefusal | None:
        """Judge a request as `DisconnectorProcess.judge` does; `control` replaces the present setting."""
        return self.process.judge(
            source,
            wanted,
            state=self.report.disconnector if self._known else None,
            control=self._settings().disconnector_control if control is None else control,
            locked=self.actions.locked(now),
        )

    def set_rate(self, rate: int, now: float) -> None:
        """Set the rate (1 to 6) for a master."""
        self._send_rate(self.rates.bus(rate), now)

    def inputs_stable(self, combination: Combination, now: float) -> None:
        """Process a stable combination of the rate inputs."""
        settings = self._settings()
        rate = self.rates.inputs_stable(
            combination,
            enabled=bool(settings.rate_enable),
            table=settings.rate_map,
            meter_rate=self.report.rate,
            read=self._read,
        )
        self._send_rate(rate, now)
        self._report_changes(now)

    def show_text(self, text: str) -> None:
        """Show a text on the meter's display; an empty one erases it."""
        self._wanted_text = text
        self.actions.put(MeterAction(ActionKind.DISPLAY, text))

    def settings_changed(self, before: ModuleSettings, after: ModuleSettings, now: float) -> None:
        """Apply changed settings at once."""
        enabled = bool(after.rate_enable)
        if after.rate_enable != before.rate_enable:
            self._send_rate(self.rates.enabled_changed(enabled=enabled, table=after.rate_map), now)
        if after.rate_map != before.rate_map:
            self._send_rate(self.rates.table_changed(enabled=enabled, table=after.rate_map), now)
        if after.usage != before.usage:
            self.passwords_changed(now)
        self._report_changes(now)

    def passwords_changed(self, now: float) -> None:
        """Retry a denied rate after a change of password or usage, but never with the same password."""
        if self._denied is not None and self._password(ActionKind.RATE) != self._denied:
            self._denied = None
            self._send_rate(self.rates.password_changed(), now)

    def _send_rate(self, rate: int | None, now: float) -> None:
        if rate is not None:
            self.actions.put(MeterAction(ActionKind.RATE, rate))

    # Results

    def meter_read(self, report: MeterReport, now: float, *, started: float) -> None:
        """Process the report of a complete readout that began at `started`."""
        failures_before, self.report = self.report.power_failures, report
        self._read = self._known = True
        self._rate_unread = False
        if self.rates.deferred is not None:
            self.inputs_stable(self.rates.deferred, now)
        failures = report.power_failures
        if failures_before is not None and failures is not None and failures > failures_before:
            self._meter_restarted(now)
        else:
            self._send_rate(self.rates.meter_read(report.rate), now)
        reached = self.process.ended(report.disconnector, started)
        if reached is False:
            self._refuse(_UNCHANGED[report.disconnector], now, unknown=report.disconnector is None)
        elif reached:
            self.refused = False
        elif self.process.waits_for_readout:
            self._read_now(now)
        self._report_changes(now)

    def _meter_restarted(self, now: float) -> None:
        message = Message("the meter had a power failure; the wanted rate and display text are sent again")
        rate = self.rates.meter_restarted(self.report.rate)
        text = self._wanted_text
        if rate is None and not text:
            return
        self._emit(Notice(level="info", code="meter_restarted", message=message), now)
        self._send_rate(rate, now)
        if text and not self.actions.waits(ActionKind.DISPLAY):
            self.show_text(text)

    def readout_failed(self, now: float, *, contact: bool) -> None:
        """Process a failed readout; without `contact` the disconnector's state is unknown.

        A disconnector operation that waits for a readout then ends with an unknown result.
        """
        if self.process.waits_for_readout and not contact:
            self.process.stop()
            message = Message("the meter does not answer, so it is unknown whether its disconnector moved")
            self._refuse(message, now, unknown=True)
        if not contact:
            self._known = False
        self._report_changes(now)

    def reading_paused(self, now: float) -> None:
        """End a disconnector operation that waits for a readout, because reading is paused; its result is unknown."""
        if self.process.waits_for_readout:
            self.process.stop()
            self._known = False
            message = Message("reading is paused; the next readout will show whether the disconnector moved")
            self._emit(Notice(level="warning", code="disconnector_unread", message=message), now)
            self._report_changes(now)

    def action_done(self, outcome: ActionOutcome, message: Message, lockout: float, now: float) -> None:
        """Process the result of the running action; `lockout`: seconds for which the meter now refuses everything."""
        running = self.actions.running
        action = self.actions.finished(outcome, now, lockout)
        if running is None:
            return
        if action is None:
            message = Message("{0}; another attempt follows", (message,))
        sent = self._sent[0] if self._sent else Password.NONE
        ended = ActionFinished(running.kind.word, running.text, outcome.value, message, sent.value, locked_for=lockout)
        self._emit(ended, now)
        if action is not None:
            self._apply_outcome(action, outcome, message, now)
        if outcome is ActionOutcome.DENIED and lockout > 0:
            self._deny_waiting(message, now)
        self._report_changes(now)

    def _deny_waiting(self, message: Message, now: float) -> None:
        """Deny the waiting actions with the same password, as a wrong one is never repeated automatically."""
        for action in self.actions.waiting:
            if self._password(action.kind) == self._sent:
                self.actions.drop(action.kind)
                self._apply_outcome(action, ActionOutcome.DENIED, message, now)

    def _apply_outcome(self, action: MeterAction, outcome: ActionOutcome, message: Message, now: float) -> None:
        done, unknown = outcome is ActionOutcome.DONE, outcome is ActionOutcome.NO_ANSWER
        match action.kind, action.value:
            case ActionKind.RATE, int(rate):
                self.rates.done(rate, outcome)
                self._denied = self._sent if outcome is ActionOutcome.DENIED else None
                # The right password may have been set while the wrong one was in use.
                self.passwords_changed(now)
                if done:
                    self._rate_unread = True
                    self._read_now(now)
                else:
                    self._warn("rate", Message(_RATE[unknown], (rate, message)), now)
            case ActionKind.DISPLAY, str(text):
                if done:
                    self.display_text = text
                else:
                    if not unknown and self._wanted_text == text:
                        self._wanted_text = self.display_text
                    self._warn("display", Message(_DISPLAY[unknown], (message,)), now)
            case ActionKind.DISCONNECTOR, _ if done:
                self.process.confirmed(now)
            case ActionKind.DISCONNECTOR, _:
                # Nothing moves, so the next attempt need not wait for the process time.
                self.process.stop()
                self._refuse(message, now, unknown=unknown)

    def _refuse(self, message: Message, now: float, *, unknown: bool) -> None:
        self.refused = True
        self._warn("disconnector", Message(_DISCONNECTOR[unknown], (message,)), now)

    def _warn(self, subject: str, message: Message, now: float) -> None:
        self._emit(Notice(level="error", code=f"{subject}_failed", message=message), now)

    def clear_errors(self) -> None:
        """Clear latched errors; errors that persist are shown again."""
        self.refused = False
        self.rates.clear()
        self._denied = None if self.rates.error is None else self._denied

    def _report_changes(self, now: float) -> None:
        if self.disconnector != self._reported_state:
            self._reported_state = self.disconnector
            self._emit(DisconnectorChanged(state=STATES[self.disconnector]), now)
        if self.rates.error != self._reported_error:
            self._reported_error = self.rates.error
            self._emit(RateErrorChanged(error=self.rates.error and self.rates.error.value), now)
