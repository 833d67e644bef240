"""A report as a JSON document, for programs: its keys are the same in every language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from cmi_gui.engine.mbus.render import Json
from cmi_gui.engine.report.facts import SiteFacts
from cmi_gui.engine.report.modules import full_secondary
from cmi_gui.engine.report.points import OpenPoint
from cmi_gui.engine.site.model import Found, SiteModule

REPORT_FORMAT: Final = 1


def report_data(
    facts: SiteFacts, made: datetime, points: Sequence[OpenPoint], *, readings: bool, practice: bool
) -> dict[str, Json]:
    """Return the document. Times are in the report's zone with their offset; a password is only "set": true."""
    site, numbers = facts.site, {id(module): number for number, module in enumerate(facts.modules)}
    return {
        "format": REPORT_FORMAT,
        "language": facts.words.language.value,
        "practice": practice,
        "made": made.isoformat(timespec="seconds"),
        "site": {
            "name": site.name,
            "customer": site.customer,
            "who": site.who,
            "visit": None if site.visit is None else _time(facts, site.visit),
            "profile": site.profile,
        },
        "modules": [_module(facts, module, readings) for module in facts.modules],
        "open_points": [
            {
                "kind": point.kind,
                "modules": [numbers[id(module)] for module in point.modules if id(module) in numbers],
                "text": point.text,
            }
            for point in points
        ],
    }


def _module(facts: SiteFacts, module: SiteModule, readings: bool) -> dict[str, Json]:
    found = module.as_found.settings if module.as_found is not None else {}
    known: dict[str, Json] = {
        name: {
            **({"set": True} if value.text is None or facts.rows[name].secret else {"value": value.text}),
            "how": value.how.value,
            "at": _time(facts, value.at),
            "changed": facts.is_changed(module, facts.rows[name]),
        }
        for name, value in module.known.items()
        if name in facts.rows
    }
    document: dict[str, Json] = {
        "place": module.place,
        "serial": module.serial,
        "meter": module.meter,
        "meter_read": module.meter_read,
        "variant": module.variant,
        "note": module.note,
        "state": module.state.value,
        "found": None if module.found is None else _found(facts, module.found),
        "as_found": {name: text for name, text in found.items() if name in facts.rows and not facts.rows[name].secret},
        "settings": known,
    }
    if readings:
        document["readings"] = [
            {"code": each.code, "value": each.value, "unit": each.unit, "at": _time(facts, each.at)}
            for each in facts.readings(module)
        ]
    return document


def _found(facts: SiteFacts, found: Found) -> dict[str, Json]:
    return {
        "identification": found.id,
        "manufacturer": found.manufacturer,
        "version": found.version,
        "device_type": found.device_type,
        "fabrication": found.fabrication,
        "secondary_address": full_secondary(found) or None,
        "at": _time(facts, found.at),
    }


def _time(facts: SiteFacts, time: datetime) -> str:
    return facts.local(time).isoformat(timespec="seconds")
