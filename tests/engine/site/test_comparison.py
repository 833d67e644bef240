"""A new visit to a site, compared with the last one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from cmi_gui.engine.configurator.write_run import WriteOutcome
from cmi_gui.engine.site.comparison import NumberKind, SettingChange, begin_visit, compare, number_kind
from cmi_gui.engine.site.model import Found, HowKnown, Known, Site, SiteModule, SiteReading, SiteWrite, Snapshot

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=365)


def reading(value: str, at: datetime = NOON, code: str = "1.8.0", unit: str = "kWh") -> dict[str, SiteReading]:
    return {code: SiteReading(code=code, value=value, unit=unit, at=at)}


def known(text: str | None, at: datetime = NOON, how: HowKnown = HowKnown.READ) -> Known:
    return Known(text=text, how=how, at=at)


def visited() -> SiteModule:
    module = SiteModule(
        serial="50100007",
        meter_read="33456789",
        known={"rate_map": known("1 1 1 1"), "tag": known("5"), "p1": known(None, how=HowKnown.SENT)},
        readings=reading("061561.289"),
        as_found=Snapshot(at=NOON),
    )
    begin_visit(Site(modules=[module]), LATER)
    return module


def test_what_is_known_becomes_the_last_visit() -> None:
    module = visited()
    assert module.last_visit == Snapshot(
        at=NOON,
        meter="33456789",
        settings={"rate_map": "1 1 1 1", "tag": "5"},
        readings=tuple(reading("061561.289").values()),
    )
    assert (module.readings, module.as_found) == ({}, None)
    assert compare(SiteModule()) is None
    comparison = compare(module)
    assert comparison is not None
    assert (comparison.settings, comparison.registers) == ((), ())


def test_a_visit_without_anything_new_keeps_the_last_one() -> None:
    module = visited()
    site = Site(modules=[module, SiteModule()])
    before = msgspec.to_builtins(module)
    begin_visit(site, LATER + timedelta(days=1))
    assert msgspec.to_builtins(module) == before
    assert site.visit == LATER + timedelta(days=1)
    assert site.modules[1].last_visit is None
    # A visit in which the module was only found keeps the readings of the visit before.
    module.known["tag"] = known("6", LATER)
    begin_visit(site, LATER + timedelta(days=2))
    assert module.last_visit is not None
    assert (module.last_visit.at, module.last_visit.settings["tag"]) == (LATER, "6")
    assert module.last_visit.readings == tuple(reading("061561.289").values())


def test_settings_that_others_changed() -> None:
    module = visited()
    module.known["rate_map"] = known("1 2 3 4", LATER)
    module.known["tag"] = known("9", LATER)
    module.written = [SiteWrite(name="tag", text="9", outcome=WriteOutcome.TAKEN, at=LATER)]
    comparison = compare(module)
    assert comparison is not None
    assert comparison.settings == (SettingChange("rate_map", "1 1 1 1", "1 2 3 4"),)
    module.known["rate_map"] = known("1 2 3 4", LATER, HowKnown.SENT)
    comparison = compare(module)
    assert comparison is not None
    assert not comparison.settings


def test_energy_that_ran_backwards() -> None:
    module = visited()
    module.readings = reading("061561.288", LATER)
    comparison = compare(module)
    assert comparison is not None
    assert [(each.code, each.now.value) for each in comparison.backwards] == [("1.8.0", "061561.288")]
    for same_or_more in ("061561.289", "061562.000"):
        module.readings = reading(same_or_more, LATER)
        comparison = compare(module)
        assert comparison is not None
        assert not comparison.backwards
        assert len(comparison.registers) == 1


def test_what_cannot_be_compared_is_not() -> None:
    for other in (reading("1.0", LATER, unit="Wh"), reading("------", LATER), reading("1", LATER, code="0.9.1")):
        module = visited()
        module.readings = other
        comparison = compare(module)
        assert comparison is not None
        assert not comparison.registers
    module = visited()
    module.readings, module.meter_read = reading("000001.000", LATER), "33456799"
    comparison = compare(module)
    assert comparison is not None
    assert (comparison.registers, comparison.meter) == ((), "33456789")


def test_eight_digits_are_a_serial_or_a_meter_number_or_not_clear() -> None:
    found = Found(id="50100099", fabrication="50100006", at=NOON)
    site = Site(
        modules=[
            SiteModule(serial="50100006", meter="33456788", found=found),
            SiteModule(serial="12345678", meter_read="33456789"),
            SiteModule(meter="12345678"),
        ]
    )
    assert number_kind(site, "50100006") is NumberKind.SERIAL
    assert number_kind(site, "50100099") is NumberKind.SERIAL
    assert number_kind(site, "33456788") is number_kind(site, "33456789") is NumberKind.METER
    assert number_kind(site, "12345678") is None
    assert number_kind(site, "99999999") is None
    assert number_kind(site, "") is None
