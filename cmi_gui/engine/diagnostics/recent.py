"""Recent events that the module does not store: ends of actions, refused commands, the time of a switching.

They are taken from the station's events one at a time, so that none is dropped; the number of stored values does not
grow.
"""

from __future__ import annotations

from dataclasses import dataclass

from cmi_gui.engine.cmi1020.disconnector import REFUSAL_WORDS, DisconnectorRefusal
from cmi_gui.engine.cmi1020.meter_actions import ActionKind, ActionOutcome, Password
from cmi_gui.engine.events import (
    ActionFinished,
    DisconnectorChanged,
    InputsChanged,
    Notice,
    ReadoutDone,
    ReadoutFailed,
    SettingChanged,
    Stamped,
)
from cmi_gui.engine.messages import Message
from cmi_gui.engine.station.station import Station


@dataclass(frozen=True, slots=True)
class ActionEnd:
    """The end of the last action of a kind. `value` as in `ActionStarted`.

    `key_refused`: the meter refused the password itself, which shows by its lock-out; if its profile has none (0 s),
    that cannot be distinguished from a request for another password.
    """

    at: float
    value: str
    outcome: ActionOutcome
    password: Password
    key_refused: bool


@dataclass(frozen=True, slots=True)
class PasswordReply:
    """The meter's reply when a password was last sent, for any purpose."""

    at: float
    refused: bool


@dataclass(frozen=True, slots=True)
class Switching:
    """The disconnector's last switching: when it ended, and the seconds from the press to the report."""

    at: float
    took: float


@dataclass(frozen=True, slots=True)
class RefusedCommand:
    """A command of a master that the module refused: when, and the module's message."""

    at: float
    message: Message


@dataclass(frozen=True, slots=True)
class LostSpeed:
    """A speed in bit/s at which nothing could be read from the meter, and when it was given up."""

    at: float
    baud: int


class Recent:
    """The recent events of a module: those of `station`, from construction until `close`, or what `take` is given."""

    def __init__(self, station: Station | None = None) -> None:
        self.action_ends: dict[ActionKind, ActionEnd] = {}
        self.password_replies: dict[Password, PasswordReply] = {}
        self.settings_at: dict[str, float] = {}
        """The times of the last changes of settings, by name."""
        self.inputs_at: float | None = None
        """The time at which the inputs' combination became steady."""
        self.read_at: float | None = None
        self.failure_cause: str | None = None
        """The cause of the last failed readout, a value of `FailureCause`."""
        self.read_after_silence: bool | None = None
        """True if the first readout after a command without an answer succeeded; None until it has ended."""
        self.moving_since: float | None = None
        self._state = "unknown"
        self.switching: Switching | None = None
        self.too_soon: tuple[float, float] | None = None
        """The last request inside the disconnector's process: its time, and seconds since the process began."""
        self.not_allowed_at: float | None = None
        """The last time when the push button was pressed although the setting forbids it."""
        self.refused: RefusedCommand | None = None
        self.speed_given_up: LostSpeed | None = None
        self._subscription = None if station is None else station.subscribe(wake=self._drain)

    def close(self) -> None:
        """Stop taking events."""
        if self._subscription is not None:
            self._subscription.close()

    def _drain(self) -> None:
        for stamped in self._subscription.drain() if self._subscription is not None else ():
            self.take(stamped)

    def take(self, stamped: Stamped) -> None:
        """Process an event."""
        at = stamped.at
        match stamped.event:
            case ActionFinished() as event:
                self._take_ending(event, at)
            case DisconnectorChanged(state="moving"):
                self.moving_since = at
            case DisconnectorChanged(state=state):
                self._take_state(state, at)
            case InputsChanged():
                self.inputs_at = at
            case ReadoutDone():
                self.read_at = at
                self._take_readout(good=True)
            case ReadoutFailed(cause=cause):
                self.failure_cause = cause
                self._take_readout(good=False)
            case SettingChanged(name=name):
                self.settings_at[name] = at
            case Notice() as event:
                self._take_notice(event, at)

    def _take_readout(self, *, good: bool) -> None:
        if self.read_after_silence is None:
            self.read_after_silence = good

    def _take_state(self, state: str, at: float) -> None:
        """Process the state that the meter reports; if it is the same as before, nothing was switched."""
        if self.moving_since is not None and state not in ("unknown", self._state):
            self.switching = Switching(at, at - self.moving_since)
        self.moving_since = None
        self._state = state

    def _take_ending(self, event: ActionFinished, at: float) -> None:
        outcome, password = ActionOutcome(event.outcome), Password(event.password)
        refused = outcome is ActionOutcome.DENIED and event.locked_for > 0
        kind = ActionKind[event.action.upper()]
        before = self.action_ends.get(kind)
        self.action_ends[kind] = ActionEnd(at, event.value, outcome, password, refused)
        if outcome is ActionOutcome.NO_ANSWER:
            # Only the first of repeated tries is judged.
            if before is None or before.outcome is not outcome:
                self.read_after_silence = None
        elif password is not Password.NONE:
            self.password_replies[password] = PasswordReply(at, refused)

    def _take_notice(self, event: Notice, at: float) -> None:
        match event.code:
            case "disconnector_not_allowed":
                self.not_allowed_at = at
            case "disconnector_busy":
                self._too_soon(at)
            case "meter_speed_given_up":
                baud = event.message.args[0]
                if isinstance(baud, int):
                    self.speed_given_up = LostSpeed(at, baud)
            case "command_refused":
                self.refused = RefusedCommand(at, event.message)
                if REFUSAL_WORDS[DisconnectorRefusal.BUSY] in event.message.args:
                    self._too_soon(at)

    def _too_soon(self, at: float) -> None:
        self.too_soon = (at, 0.0 if self.moving_since is None else at - self.moving_since)
