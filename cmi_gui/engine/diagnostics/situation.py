"""A snapshot of a station, from which the checks are made."""

from __future__ import annotations

from dataclasses import dataclass

from cmi_gui.engine.cmi1020.meter_actions import ActionKind, Password, password_for
from cmi_gui.engine.diagnostics.bus_observation import BusObservation
from cmi_gui.engine.diagnostics.checks import Check, CheckId, CheckState, Fact, Finding, Lead, Seconds
from cmi_gui.engine.diagnostics.recent import ActionEnd, Recent
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.module_state import ModuleState
from cmi_gui.engine.station.link_status import LinkStatus


@dataclass(frozen=True)
class Situation:
    """The module, its links, recent events, the traffic of masters, and the engine's time in seconds.

    `faults`: the names of the simulated meter's faults, None with a real meter.
    """

    module: ModuleState
    links: list[LinkStatus]
    running: bool
    bus_is_real: bool
    meter_is_real: bool
    faults: frozenset[str] | None
    recent: Recent
    bus_traffic: BusObservation
    time: float

    @property
    def meter_link(self) -> LinkStatus:
        """The link to the meter."""
        return next(link for link in self.links if link.side == "meter")

    @property
    def bus_links(self) -> list[LinkStatus]:
        """The links of the M-Bus side."""
        return [link for link in self.links if link.side == "mbus"]

    @property
    def can_talk(self) -> bool:
        """True if module and meter can communicate: power, an open link, no pause."""
        return self.module.powered and self.meter_link.state is LinkState.OPEN and not self.module.reading_paused

    def ago(self, at: float) -> float:
        """Return the seconds since a time."""
        return max(0.0, self.time - at)

    def since(self, at: float) -> Seconds:
        """Return the time since an instant, as a fact of a check."""
        return Seconds(self.ago(at))

    def password(self, kind: ActionKind) -> Password:
        """Return the password that the module sends for an action now."""
        return password_for(kind, self.module.usage)

    def action_end(self, kind: ActionKind) -> ActionEnd | None:
        """Return the end of the last action of a kind, or None."""
        return self.recent.action_ends.get(kind)


def fine(check: CheckId, finding: Finding, *facts: Fact) -> Check:
    """Return a check that passes."""
    return Check(check, CheckState.OK, finding, facts)


def wrong(check: CheckId, lead: Lead | None, finding: Finding, *facts: Fact, by_choice: bool = False) -> Check:
    """Return a check that fails and so explains the symptom; `lead`: where the cause can be removed."""
    return Check(check, CheckState.WRONG, finding, facts, lead, by_choice)


def unknown(check: CheckId, finding: Finding, *facts: Fact, lead: Lead | None = None) -> Check:
    """Return a check whose result is not known yet."""
    return Check(check, CheckState.UNKNOWN, finding, facts, lead)


def blocked(check: CheckId) -> Check:
    """Return a check that cannot be made until those before it pass."""
    return Check(check, CheckState.UNKNOWN, Finding.BLOCKED)
