"""The module's present activity and the processes under way, in words: pure functions of a station and the time."""

from __future__ import annotations

from dataclasses import dataclass

from cmi_gui.engine.cmi1020.disconnector import DisconnectorRefusal
from cmi_gui.engine.cmi1020.meter_actions import ActionKind, Password, password_for
from cmi_gui.engine.cmi1020.rates import RateError
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.module_state import ModuleState
from cmi_gui.engine.station.metering_point import MeteringPoint
from cmi_gui.engine.station.station import Station
from cmi_gui.ui.text.mark import Mark, Status
from cmi_gui.ui.text.messages import translate
from cmi_gui.ui.text.status import BROKEN, link_cause, meter_link, reading_line
from cmi_gui.ui.text.words import condition_text, remaining_text, seconds_text


@dataclass(frozen=True, slots=True)
class Process:
    """A process under way: short words, and the share done, 0 to 1, or None if unknown."""

    text: str = ""
    share: float | None = None


def activity(station: Station, module: ModuleState, now: float, point: MeteringPoint | None = None) -> Status:
    """Return a module's present activity; the detail is its cause or the next step.

    `now`: in seconds of the engine's clock. `point`: that of the module; None for the station's own.
    """
    title, lamps = condition_text(module.condition)
    if not module.powered:
        return Status(Mark.OFF, title, lamps)
    link = meter_link(station, point)
    if link.state in BROKEN:
        return Status(Mark.TROUBLE, translate("Activity", "The link to the meter is down"), link_cause(link))
    if link.state is LinkState.CLOSED and station.running:
        return Status(Mark.OFF, translate("Activity", "The link to the meter is disconnected"), link_cause(link))
    mark = Mark.GOOD if module.contact else Mark.TROUBLE if module.failures else Mark.BUSY
    if module.action is not None:
        return Status(Mark.BUSY, _sending(*module.action, module.usage), title)
    reading = reading_line(module)
    if reading:
        return Status(Mark.BUSY if not module.failures else mark, reading, title)
    locked = module.locked_for(now)
    if locked:
        wait = remaining_text(locked)
        return Status(
            Mark.TROUBLE,
            translate("Activity", "Meter locked for {0}").format(wait),
            translate("Activity", "It received a wrong password"),
        )
    if module.switching_until is not None:
        left = remaining_text(module.switching_until - now)
        return Status(
            Mark.BUSY,
            translate("Activity", "Switching the disconnector"),
            translate("Activity", "The result is read in {0}").format(left),
        )
    if module.reading_paused:
        return Status(Mark.OFF, translate("Activity", "Reading is paused"), title)
    at = module.next_readout_at
    if at is None:
        return Status(mark, title, lamps)
    return Status(mark, title, translate("Activity", "Next readout in {0}").format(remaining_text(at - now)))


def _sending(action: str, value: str, usage: int) -> str:
    password, what = password_for(ActionKind[action.upper()], usage), _action_noun(action, value)
    if password is Password.NONE:
        return translate("Activity", "Sending {0} to the meter").format(what)
    return translate("Activity", "Sending {1} with {0}").format(password.value, what)


def _action_noun(action: str, value: str) -> str:
    match action, value:
        case "rate", _:
            return translate("Activity", "rate {0}").format(value)
        case "disconnector", "close":
            return translate("Activity", "the close command")
        case "disconnector", _:
            return translate("Activity", "the open command")
    return translate("Activity", "text {0}").format(value) if value else translate("Activity", "the erasure")


def steady_process(module: ModuleState, now: float) -> Process | None:
    """Return the progress of the rate inputs' present combination until it counts; None if it counts already."""
    since, until = module.unsteady_since, module.steady_at
    if since is None or until is None:
        return None
    left = max(0.0, until - now)
    text = translate("Activity", "B={0} A={1} takes effect in {2}").format(*_levels(module.level), seconds_text(left))
    return Process(text, min(1.0, 1 - left / (until - since)))


def switching_process(module: ModuleState, now: float) -> Process:
    """Return the progress of the disconnector's switching; empty if it is not being switched."""
    since, until = module.switching_since, module.switching_until
    if since is None or until is None:
        return Process()
    if now >= until:
        return Process(translate("Activity", "reading the result"), 1.0)
    left = until - now
    share = (now - since) / (until - since)
    return Process(translate("Activity", "switching, {0}").format(seconds_text(left)), max(0.0, share))


def button_process(module: ModuleState, now: float) -> tuple[Process, str]:
    """Return the words on the push button, and why a press does nothing now; both empty if a press has an effect."""
    if not module.powered:
        return Process(translate("Activity", "no power")), translate(
            "Activity", "The module has no bus voltage, so the button has no effect"
        )
    match module.button_refusal:
        case DisconnectorRefusal.BUSY:
            return switching_process(module, now), translate(
                "Activity", "The button has no effect until the disconnector has switched"
            )
        case DisconnectorRefusal.NOT_ALLOWED:
            return Process(translate("Activity", "not allowed")), translate(
                "Activity", "The setting “disconnector control” does not allow the push button"
            )
        case DisconnectorRefusal.UNKNOWN:
            return Process(translate("Activity", "state unknown")), translate(
                "Activity", "The meter has not reported yet whether its disconnector is closed"
            )
        case _ if locked := module.locked_for(now):
            words = translate("Activity", "locked, {0}").format(remaining_text(locked))
            return Process(words), translate(
                "Activity", "The meter received a wrong password and refuses all commands for a while"
            )
    return Process(), ""


def rate_text(module: ModuleState) -> str:
    """Return the meter's active rate, with its origin, an error or the requested rate."""
    rate = module.rate
    shown = "—" if rate is None else str(rate)
    if module.rate_error is not None:
        causes = {
            RateError.NOT_ENABLED.value: translate("Activity", "inputs are not enabled"),
            RateError.REFUSED.value: translate("Activity", "refused by the meter"),
            RateError.DENIED.value: translate("Activity", "password refused"),
        }
        return translate("Activity", "{0}, error: {1}").format(shown, causes[module.rate_error])
    if rate is None:
        return shown
    wanted, stable = module.rate_wanted, module.stable
    if wanted not in (None, rate) and module.rate_pending:
        return translate("Activity", "{0}, rate {1} requested").format(rate, wanted)
    by_inputs = module.rate_map[stable] if stable is not None and module.rate_enable else 0
    if stable is not None and by_inputs == rate:
        return translate("Activity", "{0}, from inputs B={1} A={2}").format(rate, *_levels(stable))
    if wanted == rate:
        # The inputs may have requested this rate before, if they request none now.
        return (
            translate("Activity", "{0}, set over the bus")
            if by_inputs
            else translate("Activity", "{0}, as last requested")
        ).format(rate)
    # Before the inputs have been steady once, the module requests nothing.
    return shown if stable is None else translate("Activity", "{0}, set by the meter").format(rate)


def inputs_text(module: ModuleState, now: float) -> str:
    """Return the levels of the rate inputs, with the time until they count if they do not yet."""
    waiting = steady_process(module, now)
    if waiting is not None:
        return waiting.text
    return translate("Activity", "B={0} A={1}").format(*_levels(module.level))


def _levels(combination: int) -> tuple[int, int]:
    """Return the levels of B and A, 0 or 1."""
    return combination >> 1, combination & 1


def disconnector_text(module: ModuleState, now: float) -> str:
    """Return the disconnector's state as the meter reports it, with a switching under way or the last one's refusal."""
    states = {
        "unknown": translate("Activity", "unknown"),
        "open": translate("Activity", "open"),
        "closed": translate("Activity", "closed"),
    }
    reported = states[module.reported]
    process = switching_process(module, now)
    if process.text:
        return translate("Activity", "{0}, {1}").format(reported, process.text)
    if module.disconnector_refused:
        return translate("Activity", "{0}, not switched: refused").format(reported)
    return reported


def display_text(module: ModuleState) -> str:
    """Return the text that the module shows on the meter's display, or a dash."""
    return module.display_text or "—"
