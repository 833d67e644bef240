"""The report on a visit to a room: written, read and reported by the engine."""

from __future__ import annotations

import json

from cmi_gui.engine.cmi1020.secrets import Secret
from cmi_gui.engine.report.document import ChangedValue, Report
from cmi_gui.engine.report.facts import is_energy
from cmi_gui.engine.report.formats import html, report_json
from cmi_gui.engine.report.report import ReportOptions, make_report
from cmi_gui.engine.site.batch import Batch
from cmi_gui.engine.site.journal import Journal
from cmi_gui.engine.site.read_many import ReadMany
from tests.helpers.report_sites import ZONE
from tests.helpers.site_bench import TABLE, SiteBench, points_of_a_room, site_of
from tests.helpers.station_bench import readings_of

PASSWORD = "73912846"


def test_a_visit_to_a_room_is_reported_as_it_was() -> None:
    points = points_of_a_room(3)
    bench = SiteBench(points)
    site = site_of(points)
    for number, module in enumerate(site, 1):
        module.wanted = {"primary_address": str(number), "rate_map": "1 1 1 1"}
        module.wanted_secrets = ["p1"]
    journal = Journal(None)
    secrets = {"p1": Secret(PASSWORD)}
    bench.run(Batch(site, site.modules, TABLE, journal, bench.now, own_baud=2400, secrets=secrets).procedure())
    bench.run(ReadMany(site, TABLE, bench.now, own_baud=2400).procedure())

    report = make_report(site, TABLE, ReportOptions(), bench.now(), ZONE)
    sections = {section.key: section for section in report.sections}
    assert [row[1:6] for row in sections["modules"].rows] == [
        (f"flat {number}", point.serial, point.meter_number, "", number) for number, point in enumerate(points, 1)
    ]
    changes = {row[0]: row[3:] for row in sections["changes"].rows}
    assert list(changes) == ["flat 1", "flat 2", "flat 3"]
    assert changes["flat 2"][0] == ChangedValue("0", "2")
    assert any(isinstance(cell, ChangedValue) and cell.left == "set" for cell in changes["flat 2"])
    assert any(isinstance(cell, ChangedValue) and cell.left == "1 1 1 1" for cell in changes["flat 2"])
    assert sections["open_points"].rows == ()
    check_readings(report, bench)
    assert PASSWORD not in html(report) + report_json(report)


def check_readings(report: Report, bench: SiteBench) -> None:
    """Each energy register is as the meter in the room spells it."""
    document = json.loads(report_json(report))
    for point, module in zip(bench.room.points, document["modules"], strict=True):
        spelled = readings_of(point.module)
        energy = {code for code in spelled if is_energy(code)}
        assert energy
        assert {reading["code"] for reading in module["readings"]} == energy
        for reading in module["readings"]:
            assert (reading["value"], reading["unit"]) == (
                spelled[reading["code"]].value,
                spelled[reading["code"]].unit,
            )
