"""The symptoms of the manual as live checks of a station."""

from __future__ import annotations

from cmi_gui.engine.diagnostics import bus_chain, contact_chain, meter_chains
from cmi_gui.engine.diagnostics.bus_observation import BusObservation
from cmi_gui.engine.diagnostics.checks import Check, CheckId, CheckState, Finding, Symptom
from cmi_gui.engine.diagnostics.recent import Recent
from cmi_gui.engine.diagnostics.situation import Situation
from cmi_gui.engine.mbus.selection import matches
from cmi_gui.engine.station.metering_point import MeteringPoint
from cmi_gui.engine.station.station import Station


class Diagnosis:
    """A diagnosis of a module, by default `station.point`; `look` returns the findings.

    `recent`: its recent events; by default the station is observed from construction until `close`.
    """

    def __init__(self, station: Station, point: MeteringPoint | None = None, recent: Recent | None = None) -> None:
        self._station = station
        self._point = point or station.point
        self._recent = recent or Recent(station)
        module = self._point.module
        self._bus_traffic = BusObservation(station.traffic, lambda: module.primary_address, self._selects)

    def close(self) -> None:
        """Stop the observation."""
        self._recent.close()

    def look(self) -> tuple[Symptom, ...]:
        """Return the symptoms in the order of `SymptomId`, each with its current chain."""
        station, point = self._station, self._point
        links = station.links_of(point)
        self._bus_traffic.update(frozenset(link.url for link in links if link.side == "mbus"))
        meter = point.meter_state()
        now = Situation(
            module=point.module_state(),
            links=links,
            running=station.running,
            bus_is_real=station.bus_is_real,
            meter_is_real=point.meter is None,
            faults=None if meter is None else meter.faults,
            recent=self._recent,
            bus_traffic=self._bus_traffic,
            time=station.clock.now(),
        )
        of_meter = meter_chains.button(now), meter_chains.rate(now), meter_chains.delay(now)
        return contact_chain.no_meter(now), *of_meter, bus_chain.master(now)

    def _selects(self, mask: bytes) -> bool:
        module = self._point.module
        records = module.selection_records()
        return any(matches(mask, identity, records) for identity in module.identities())


def causes(symptoms: tuple[Symptom, ...]) -> set[CheckId]:
    """Return the checks that fail and were not chosen by the user, each only once even if it explains several symptoms.

    A bus without voltage is one cause, although the bus voltage has a check of its own; so is a meter that cannot be
    read, although several checks show how far the readout comes.
    """
    return {
        _cause_of(check)
        for symptom in symptoms
        for check in symptom.checks
        if check.state is CheckState.WRONG and not check.by_choice
    }


def _cause_of(check: Check) -> CheckId:
    if check.finding in (Finding.BUS_DEAD, Finding.BUS_LOW):
        return CheckId.POWER
    return CheckId.CONTACT if check.id in contact_chain.CONTACT_CHECKS else check.id
