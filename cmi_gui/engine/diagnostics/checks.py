"""The parts of a diagnosis: symptoms, chains of checks, findings with their facts.

The texts are in the window (`ui/pages/diagnostics`), so that they can be translated.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from cmi_gui.engine.messages import Argument


class SymptomId(StrEnum):
    """The red LED flashing without contact, then the symptoms of the quick manual's section "Troubleshooting"."""

    NO_METER = "no_meter"
    """The red LED flashes: no contact with the meter (quick manual, "LED indications")."""

    BUTTON = "button"
    """Pressing the push button does not toggle the disconnector."""
    RATE = "rate"
    """A rate input does not change the meter's rate."""
    DELAY = "delay"
    """There is a delay when the disconnector is toggled."""
    MASTER = "master"
    """The product does not respond to commands of an M-Bus master."""


class CheckState(StrEnum):
    """The result of a check."""

    OK = "ok"
    WRONG = "wrong"
    UNKNOWN = "unknown"
    """Not known yet: nothing was tried, an operation is in progress, or an earlier check must pass first."""
    NOT_APPLICABLE = "not_applicable"


class CheckId(StrEnum):
    """The subject of a check. Some are in the manual; the manual presupposes the others."""

    POWER = "power"
    METER_LINK = "meter_link"
    READING = "reading"
    CONTACT = "contact"
    FAULTS = "faults"
    LINE = "line"
    """Speed and character format of the link to the meter."""
    ANSWERS = "answers"
    INTACT = "intact"
    ALONE = "alone"
    UNDERSTOOD = "understood"
    NUMBER = "number"
    STATE = "state"
    CONTROL = "control"
    """Disconnector control configuration (manual)."""
    INPUTS = "inputs"
    STEADY = "steady"
    ENABLE = "enable"
    """Rate control configuration (manual)."""
    MAP = "map"
    PASSWORD = "password"
    """P1 and P2 password configuration of the meter (manual)."""
    LOCK = "lock"
    USAGE = "usage"
    """P1 and P2 specific command usage (manual)."""
    METER_TYPE = "meter_type"
    """Correct meter type (manual)."""
    ANSWER = "answer"
    SWITCHED = "switched"
    RATE_SET = "rate_set"
    PROCESS = "process"
    """The internal process of approximately 10 seconds (manual)."""
    FASTER = "faster"
    """Toggling cannot be done faster than 10 seconds (manual)."""
    DURATION = "duration"
    VOLTAGE = "voltage"
    """Voltage over the M-Bus connection, 21 to 42 V DC (manual)."""
    BUS_LINK = "bus_link"
    RECEIVED = "heard"
    ADDRESS = "address"
    UNIQUE = "unique"
    """Unique primary or secondary addresses (manual)."""
    SPEED = "speed"
    """The master's baud rate is the slave's (manual)."""
    SEAT = "seat"
    """The meter has power, and the module sits firmly in it."""
    REPLY = "reply"
    """A module on a real bus answers."""
    IN_TIME = "in_time"
    COMMAND = "command"


class Finding(StrEnum):
    """The finding of a check; the comment after a member names its facts, in order."""

    BLOCKED = "blocked"
    """The check cannot be made until those before it pass."""
    UNTRIED = "untried"
    """It has not been tried since the start."""
    POWERED = "powered"  # volts
    POWER_ASSUMED = "power_assumed"
    """A real bus: a serial port cannot measure its voltage."""
    BUS_DEAD = "bus_dead"
    BUS_LOW = "bus_low"  # volts, lowest allowed
    BUS_HIGH = "bus_high"  # volts, highest allowed
    LINK_OPEN = "link_open"  # link
    LINK_OPENING = "link_opening"  # link
    LINK_CLOSED = "link_closed"  # link
    LINK_BROKEN = "link_broken"  # link, the link's message
    NO_LINK = "no_link"
    READING_ON = "reading_on"  # interval
    READING_PAUSED = "reading_paused"
    CONTACT = "contact"  # age of the readout, number of its lines
    FIRST_READOUT = "first_readout"
    SOME_FAILED = "some_failed"  # failures in a row, failures that end the contact
    SILENT = "silent"  # failures in a row
    DAMAGED = "damaged"  # failures in a row
    NOT_ACCEPTED = "not_accepted"  # failures in a row
    REFUSES = "refuses"  # failures in a row
    NO_MODE_C = "no_mode_c"  # failures in a row
    OTHER_READER = "other_reader"  # failures in a row
    BROKEN_OFF = "broken_off"  # failures in a row
    ECHO_ONLY = "echo_only"  # failures in a row
    NO_FAULT = "no_fault"
    FAULT_ON = "fault_on"  # the faults' names
    REAL_METER = "real_meter"
    LINE_SETTINGS = "line_settings"  # line settings
    LINE_OTHER = "line_other"  # line settings, those of the standard
    SPEED_GIVEN_UP = "speed_given_up"  # bit/s, ago
    BYTES_RECEIVED = "bytes_received"
    UNDAMAGED = "undamaged"
    NO_OTHER_READER = "no_other_reader"
    IDENTIFIED = "identified"  # identification
    NUMBER_READ = "number_read"  # the meter's number
    NO_NUMBER = "no_number"
    STATE_OPEN = "state_open"
    STATE_CLOSED = "state_closed"
    STATE_MOVING = "state_moving"
    STATE_NOT_REPORTED = "state_not_told"
    CONTROL_ALLOWS = "control_allows"
    CONTROL_OFF = "control_off"
    CONTROL_BUS_ONLY = "control_bus_only"
    INPUTS = "inputs"  # volts at B, volts at A, since
    INPUT_WEAK = "input_weak"  # input, volts, lowest active volts
    STEADY = "steady"  # B, A, since
    NOT_YET_STEADY = "not_yet_steady"  # seconds unchanged, seconds required
    ENABLED = "enabled"
    NOT_ENABLED = "not_enabled"
    MAPPED = "mapped"  # B, A, rate
    NO_CHANGE = "no_change"  # B, A
    PASSWORD_TAKEN = "password_taken"  # P1 or P2, ago
    PASSWORD_REFUSED = "password_refused"  # P1 or P2, ago
    PASSWORD_CHANGED = "password_changed"  # P1 or P2
    PASSWORD_UNTRIED = "password_untried"  # P1 or P2
    PASSWORD_UNUSED = "password_unused"
    NOT_LOCKED = "not_locked"
    LOCKED = "locked"  # seconds left
    USAGE_FITS = "usage_fits"  # none, P1 or P2
    USAGE_WRONG = "usage_wrong"  # none, P1 or P2
    USAGE_CHANGED = "usage_changed"  # none, P1 or P2
    TYPE_FITS = "type_fits"  # identification
    NO_DISCONNECTOR = "no_disconnector"  # identification
    NO_SUCH_RATE = "no_such_rate"  # rate, identification
    NOT_UNDERSTOOD = "not_understood"  # identification
    ANSWERED = "answered"  # ago
    NOT_ANSWERED = "not_answered"  # ago
    WAS_SILENT = "was_silent"
    SWITCHED = "switched"  # duration, ago
    SWITCHING = "switching"  # seconds left
    NOT_SWITCHED = "not_switched"  # ago
    RATE_SET = "rate_set"  # rate
    RATE_OTHER = "rate_other"  # wanted, the meter's
    RATE_ON_ITS_WAY = "rate_on_its_way"  # wanted
    NO_RATE_WANTED = "no_rate_wanted"
    IDLE = "idle"
    TOO_SOON = "too_soon"  # seconds into the process, ago
    NOT_TOO_SOON = "not_too_soon"
    TOOK_NORMAL = "took_normal"  # duration
    TOOK_LONG = "took_long"  # duration
    RECEIVED = "heard"  # ago
    NOTHING_RECEIVED = "nothing_heard"
    SPEED_FITS = "speed_fits"  # bit/s
    SPEED_WRONG = "speed_wrong"  # damaged pieces, ago, bit/s
    ADDRESSED = "addressed"  # ago, address
    ADDRESS_OTHER = "address_other"  # ago, requested, the module's
    SELECTED_OTHER = "selected_other"  # ago, requested, the module's
    UNIQUE = "unique"
    REPEATED = "repeated"  # times, ago
    OTHER_ANSWERS = "other_answers"  # address, ago
    IN_TIME = "in_time"
    ONE_LATE = "one_late"  # ago
    SOME_LATE = "some_late"  # late answers and answers sent, since the links were wired
    TOO_LATE = "too_late"  # ago
    COMMANDS_TAKEN = "commands_taken"
    COMMAND_REFUSED = "command_refused"  # ago, the module's message

    UNSEEN = "unseen"
    """It cannot be known over the bus."""
    NOT_READ = "not_read"
    AFTER_READING = "after_reading"
    """It will be known once the module has been read."""
    SETTING_UNREAD = "setting_unread"
    BUS_CLOSED = "bus_closed"  # link
    MODULE_SILENT = "module_silent"  # address
    READ_FAILED = "read_failed"  # the reason
    ADDRESS_SHARED = "address_shared"  # address
    NOT_SHARED = "not_shared"
    ASKED_AT = "asked_at"  # bit/s
    NO_SPEED = "no_speed"
    STATUS_GOOD = "status_good"  # ago
    STATUS_APPLICATION_ERROR = "status_application_error"  # ago
    STATUS_NO_METER = "status_no_meter"  # ago
    STATUS_RATE_ERROR = "status_rate_error"  # ago
    STATUS_REFUSED = "status_refused"  # ago
    METER_IS_READ = "meter_is_read"
    NO_REFUSAL = "no_refusal"  # ago
    WAS_MOVING = "was_moving"  # ago
    WAS_STILL = "was_still"  # ago
    INPUT_LEVELS = "input_levels"  # B, A, ago
    USAGE_SET = "usage_set"  # none, P1 or P2
    RATE_IS = "rate_is"  # rate
    RATE_DIFFERS = "rate_differs"  # the inputs' rate, the meter's


@dataclass(frozen=True, slots=True)
class Volts:
    """A voltage."""

    value: float


@dataclass(frozen=True, slots=True)
class Seconds:
    """A duration."""

    value: float


@dataclass(frozen=True, slots=True)
class LinkName:
    """A link of a side (`mbus` or `meter`)."""

    side: str
    url: str


@dataclass(frozen=True, slots=True)
class FaultNames:
    """Faults of the simulated meter, by their names in `MeterState.faults`."""

    names: tuple[str, ...]


Fact: TypeAlias = "Volts | Seconds | LinkName | FaultNames | Argument"


@dataclass(frozen=True, slots=True)
class Lead:
    """The place in the window where a cause can be removed: the page's object name, and a part of it to show."""

    page: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check. `facts` are in the order given in `Finding`.

    `by_choice`: it explains the symptom, but the user chose this setting and nothing has failed because of it.
    """

    id: CheckId
    state: CheckState
    finding: Finding
    facts: tuple[Fact, ...] = ()
    lead: Lead | None = None
    by_choice: bool = False


@dataclass(frozen=True, slots=True)
class Symptom:
    """A symptom and its chain; each check presupposes those before it."""

    id: SymptomId
    checks: tuple[Check, ...]

    @property
    def first_wrong(self) -> Check | None:
        """The first check that fails, which is the cause to remove first."""
        return next((check for check in self.checks if check.state is CheckState.WRONG), None)

    @property
    def state(self) -> CheckState:
        """`WRONG` if any check is, else `UNKNOWN` if any check is, else `OK`."""
        states = {check.state for check in self.checks}
        return next((state for state in (CheckState.WRONG, CheckState.UNKNOWN) if state in states), CheckState.OK)

    @property
    def trouble(self) -> bool:
        """True if the check fails and the cause was not chosen by the user."""
        return any(check.state is CheckState.WRONG and not check.by_choice for check in self.checks)
