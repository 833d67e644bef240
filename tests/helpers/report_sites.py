"""Sites for reports: rooms of any size after a visit, with a module in each state."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from cmi_gui.engine.configurator.write_run import WriteOutcome
from cmi_gui.engine.site.model import (
    Found,
    HowKnown,
    Known,
    Site,
    SiteModule,
    SiteReading,
    SiteWrite,
    Snapshot,
    Whereabouts,
)

VISIT = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 30, 10, 42, 17, tzinfo=UTC)
ZONE = timezone(timedelta(hours=1))
_SAME = {
    "secondary_address": "",
    "disconnector_control": "3",
    "rate_enable": "1",
    "selection_list": "",
    "usage": "21",
    "tag": "ROOM-7",
}
_FOUND_MAP, _LEFT_MAP = "1 2 3 4", "1 1 1 1"


def visited_site(count: int, *, spoilt: bool = True) -> Site:
    """Return a site of `count` modules after a visit; with `spoilt`, the last ones of 10 and more are in other states.

    Every module was at address 0 and got that of its flat, and the rate map was changed. Passwords were set.
    """
    modules = [_visited(number) for number in range(1, count + 1)]
    if spoilt and count >= 10:
        _spoil(modules)
    return Site(
        name="Brf Eken, Uppsala",
        customer="Brf Eken u.p.a.",
        who="Elteknik i Uppsala AB",
        note="Key at the janitor's.\nBus begins in the cellar of house 3.",
        visit=VISIT,
        profile="CMi1020",
        modules=modules,
    )


def _visited(number: int) -> SiteModule:
    at = VISIT + timedelta(minutes=5, seconds=7 * number)
    serial, meter = f"{50_100_000 + number}", f"{33_456_700 + number}"
    energy = 42_951_700 + 1_234_567 * number
    settings = {**_SAME, "secondary_address": serial, "baud": "2400"}
    readings = {
        code: SiteReading(code=code, value=f"{energy // part / 1000:010.3f}", unit="kWh", at=at + timedelta(minutes=60))
        for part, code in enumerate(("1.8.0", "1.8.1", "1.8.2", "2.8.0"), 1)
    }
    readings["32.7"] = SiteReading(code="32.7", value="231.4", unit="V", at=at)
    known = {name: Known(text=text, how=HowKnown.READ, at=at) for name, text in settings.items()}
    known["primary_address"] = Known(text=str(number), how=HowKnown.READ, at=at)
    known["rate_map"] = Known(text=_LEFT_MAP, how=HowKnown.READ if number % 7 else HowKnown.SENT, at=at)
    known["p1"] = Known(how=HowKnown.SENT, at=at)
    return SiteModule(
        place=f"flat {number}" if number % 9 else "laundry room and workshop",
        serial=serial,
        meter=meter,
        meter_read=meter,
        variant="M29",
        found=Found(id=serial, manufacturer="ELV", version=0x28, device_type=2, fabrication=serial, alone=True, at=at),
        known=known,
        written=[
            SiteWrite(name="primary_address", text=str(number), before="0", outcome=WriteOutcome.TAKEN, at=at),
            SiteWrite(name="rate_map", text=_LEFT_MAP, before=_FOUND_MAP, outcome=WriteOutcome.TAKEN, at=at),
            SiteWrite(name="p1", outcome=WriteOutcome.TAKEN, at=at),
        ],
        readings=readings,
        as_found=Snapshot(at=at, meter=meter, settings={**settings, "primary_address": "0", "rate_map": _FOUND_MAP}),
    )


def _spoil(modules: list[SiteModule]) -> None:
    lost, unsure, failed, swapped, waiting, same = modules[-6:]
    lost.lost = True
    unsure.possible = [Whereabouts(address=0, baud=2400), Whereabouts(address=27, baud=300)]
    failed.failure = "the module refuses the value: it has no disconnector"
    failed.written.append(
        SiteWrite(name="disconnector_control", text="1", before="3", outcome=WriteOutcome.REFUSED, at=VISIT)
    )
    swapped.meter_read = "33999999"
    swapped.note = "Meter cupboard locked;\nlabel hard to read."
    waiting.found, waiting.serial, waiting.meter_read, waiting.as_found = None, "", "", None
    waiting.known, waiting.written, waiting.readings = {}, [], {}
    waiting.wanted = {"primary_address": "29"}
    waiting.wanted_secrets = ["p1"]
    same.known["primary_address"] = modules[0].known["primary_address"]
