"""A snapshot of a station, on which the chains of checks work."""

from __future__ import annotations

from dataclasses import dataclass

from cmi_gui.engine.cmi1020.meter_actions import ActionKind, Password, password_for
from cmi_gui.engine.diagnostics.bus_observation import BusObservation
from cmi_gui.engine.diagnostics.checks import Check, CheckId, CheckState, Fact, Finding, Lead
from cmi_gui.engine.diagnostics.recent import ActionEnd, Recent
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.module_state import ModuleState
from cmi_gui.engine.station.link_status import LinkStatus


@dataclass(frozen=True)
class Situation:
    """The module, its links, recent events, received traffic, and the engine's time in seconds."""

    module: ModuleState
    links: list[LinkStatus]
    running: bool
    bus_is_real: bool
    meter_is_real: bool
    recent: Recent
    bus_traffic: BusObservation
    now: float

    @property
    def meter_link(self) -> LinkStatus:
        """The meter's."""
        return next(link for link in self.links if link.side == "meter")

    @property
    def bus_links(self) -> list[LinkStatus]:
        """Those masters may come by."""
        return [link for link in self.links if link.side == "mbus"]

    @property
    def can_talk(self) -> bool:
        """True if module and meter can communicate: power, an open link, no pause."""
        return self.module.powered and self.meter_link.state is LinkState.OPEN and not self.module.reading_paused

    def ago(self, at: float) -> float:
        """Seconds since then."""
        return max(0.0, self.now - at)

    def password(self, kind: ActionKind) -> Password:
        """Which one the module shows for an action now."""
        return password_for(kind, self.module.usage)

    def action_end(self, kind: ActionKind) -> ActionEnd | None:
        """How the last action of a kind ended."""
        return self.recent.action_ends.get(kind)


def fine(check: CheckId, finding: Finding, *facts: Fact) -> Check:
    """All is right."""
    return Check(check, CheckState.OK, finding, facts)


def wrong(check: CheckId, lead: Lead | None, finding: Finding, *facts: Fact, by_choice: bool = False) -> Check:
    """A cause of the symptom, and where it is mended."""
    return Check(check, CheckState.WRONG, finding, facts, lead, by_choice)


def unknown(check: CheckId, finding: Finding, *facts: Fact, lead: Lead | None = None) -> Check:
    """Return a check whose result is not known yet."""
    return Check(check, CheckState.UNKNOWN, finding, facts, lead)


def blocked(check: CheckId) -> Check:
    """Return a check that cannot be decided until the checks above pass."""
    return Check(check, CheckState.UNKNOWN, Finding.BLOCKED)


def not_applicable(check: CheckId, finding: Finding, *facts: Fact) -> Check:
    """The question does not arise."""
    return Check(check, CheckState.NOT_APPLICABLE, finding, facts)
