"""A whole visit in the time the wire needs: the search of modules as delivered, the writes, and a reading."""

from __future__ import annotations

import pytest

from cmi_gui.engine.configurator.discover import Scan, ScanPlan
from cmi_gui.engine.configurator.slaves import ListedSlave, SlaveList
from cmi_gui.engine.mbus.search import ANY
from cmi_gui.engine.mbus.search_record import SearchOptions
from cmi_gui.engine.site.batch import Batch, ModuleOutcome
from cmi_gui.engine.site.find import take_found
from cmi_gui.engine.site.journal import Journal
from cmi_gui.engine.site.model import Site
from cmi_gui.engine.site.read_many import ReadMany
from tests.helpers.site_bench import TABLE, SiteBench, points_of_a_room


@pytest.mark.no_cover
def test_thirty_modules_are_found_written_and_read_in_the_time_the_wire_needs() -> None:
    bench = SiteBench(points_of_a_room(30))
    site = Site(name="Brf Eken")
    begun = bench.clock.now()

    def found(slave: ListedSlave) -> None:
        take_found(site, slave, bench.now())

    plan = ScanPlan(None, ANY, (2400,), SearchOptions(expected=30))
    bench.run(Scan(plan, SlaveList(), bench.clock, found=found, progress=lambda: None).procedure())
    assert len(site.modules) == 30
    for number, module in enumerate(site, 1):
        module.wanted = {"primary_address": str(number), "rate_map": "1 1 1 1"}
    written = bench.run(Batch(site, site.modules, TABLE, Journal(None), bench.now, own_baud=2400).procedure())
    assert written.count(ModuleOutcome.DONE) == 30
    read = bench.run(ReadMany(site.modules, TABLE, bench.now, own_baud=2400).procedure())
    assert [(result.failure, bool(result.readings)) for result in read] == [(None, True)] * 30
    assert bench.clock.now() - begun < 1.1 * bench.line_time
