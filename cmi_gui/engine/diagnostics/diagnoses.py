"""The diagnoses of all modules of a station, as plain values for control lines."""

from __future__ import annotations

from cmi_gui.engine.diagnostics.checks import Check, Fact, FaultNames, LinkName, Seconds, Symptom, Volts
from cmi_gui.engine.diagnostics.diagnosis import Diagnosis
from cmi_gui.engine.diagnostics.recent import Recent
from cmi_gui.engine.mbus.render import Json
from cmi_gui.engine.messages import Message
from cmi_gui.engine.station.metering_point import MeteringPoint
from cmi_gui.engine.station.station import Station


class Diagnoses:
    """The diagnoses of the modules of a station, which is observed from construction until `close`.

    With several modules, what the wire carries is not known to come from one of them: checks of answers concern the
    whole bus.
    """

    def __init__(self, station: Station) -> None:
        several = len(station.points) > 1
        recent = {point: Recent() for point in station.points}
        self._by_source = {point.name if several else "module": recent[point] for point in station.points}
        # Notices about the wire to the meter; those of other modules are not reported.
        self._by_source["station"] = recent[station.point]
        self._diagnoses = {point: Diagnosis(station, point, recent[point]) for point in station.points}
        self._subscription = station.subscribe(wake=self._drain)

    def close(self) -> None:
        """Stop the observation."""
        self._subscription.close()

    def _drain(self) -> None:
        for stamped in self._subscription.drain():
            recent = self._by_source.get(stamped.source)
            if recent is not None:
                recent.take(stamped)

    def look(self, point: MeteringPoint) -> list[Json]:
        """Return the symptoms of a module, each with the checks that explain it."""
        return [_symptom(symptom) for symptom in self._diagnoses[point].look()]


def _symptom(symptom: Symptom) -> dict[str, Json]:
    return {
        "symptom": symptom.id.value,
        "state": symptom.state.value,
        "trouble": symptom.trouble,
        "checks": [_check(check) for check in symptom.checks],
    }


def _check(check: Check) -> dict[str, Json]:
    return {
        "check": check.id.value,
        "state": check.state.value,
        "finding": check.finding.value,
        "facts": [_fact(fact) for fact in check.facts],
        "by_choice": check.by_choice,
    }


def _fact(fact: Fact) -> Json:
    match fact:
        case Volts(value=value):
            return {"volts": value}
        case Seconds(value=value):
            return {"seconds": round(value, 3)}
        case LinkName(side=side, url=url):
            return {"side": side, "url": url}
        case FaultNames(names=names):
            return {"faults": list(names)}
        case Message():
            return str(fact)
        case _:
            return fact
