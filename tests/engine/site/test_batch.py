"""A batch over the modules of a site: written, verified, in the time the wire needs; trouble is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cmi_gui.engine.bus.faults import parse_fault
from cmi_gui.engine.cmi1020.secrets import Secret
from cmi_gui.engine.cmi1020.settings import ModuleSettings
from cmi_gui.engine.configurator.write_run import WriteOutcome
from cmi_gui.engine.e350.variants import VARIANTS
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.ci import CI_SEND
from cmi_gui.engine.mbus.exchange import Exchange, Expect, Procedure
from cmi_gui.engine.mbus.frame import FCB, SND_UD, Frame
from cmi_gui.engine.mbus.procedures import reach
from cmi_gui.engine.mbus.search import ANY
from cmi_gui.engine.mbus.selection import FABRICATION
from cmi_gui.engine.mbus.slave_address import SlaveAddress
from cmi_gui.engine.site.batch import Batch, BatchProgress, BatchResult, ModuleOutcome
from cmi_gui.engine.site.journal import Journal
from cmi_gui.engine.site.model import HowKnown, RowState, Site, SiteModule
from tests.helpers.site_bench import TABLE, SiteBench, points_of_a_room, site_of


def want(site: Site, **texts: str) -> None:
    """Want the address of each flat's number, and the same settings everywhere."""
    for number, module in enumerate(site, 1):
        module.wanted = {"primary_address": str(number), **texts}


def batch(bench: SiteBench, site: Site, **options: object) -> Batch:
    return Batch(site, site.modules, TABLE, Journal(None), bench.now, own_baud=2400, **options)  # type: ignore[arg-type]


def outcomes(result: BatchResult) -> list[ModuleOutcome]:
    return [each.outcome for each in result.results]


def messages(result: BatchResult) -> dict[str, str]:
    return {each.module.place: str(each.message) for each in result.results if each.message}


def settings_of(bench: SiteBench, index: int) -> ModuleSettings:
    return bench.room.points[index].module.settings


@pytest.mark.no_cover
def test_thirty_modules_are_addressed_and_set_in_the_time_the_wire_needs() -> None:
    bench = SiteBench(points_of_a_room(30))
    site = site_of(bench.configs)
    want(site, rate_map="1 1 1 1")
    begun = bench.clock.now()
    result = bench.run(batch(bench, site).procedure())
    assert outcomes(result) == [ModuleOutcome.DONE] * 30
    assert result.stopped is None
    for index, module in enumerate(site):
        settings = settings_of(bench, index)
        assert (settings.primary_address, settings.rate_map) == (index + 1, (1, 1, 1, 1))
        assert (module.state, module.changes, module.wanted, module.possible) == (RowState.FOUND, {}, {}, [])
        assert module.known["rate_map"].how is module.known["primary_address"].how is HowKnown.READ
        assert module.as_found is not None
        assert module.as_found.settings["primary_address"] == "0"
        assert module.as_found.readings
        assert module.meter_read == module.as_found.meter == bench.configs[index].meter_number
        assert [write.outcome for write in module.written] == [WriteOutcome.TAKEN] * 2
    # Each telegram, its answer with the response time of the module, and 33 bit times of silence before the next one.
    assert bench.clock.now() - begun < 1.1 * bench.line_time


@pytest.mark.no_cover
def test_four_modules_that_spoil_it_are_named_and_the_others_are_done() -> None:
    points = list(points_of_a_room(30))
    points[4] = replace(points[4], powered=False)
    points[9] = replace(points[9], faults=(parse_fault("bad-checksum"),))
    points[20] = replace(points[20], serial=points[19].serial, name="twin")
    bench = SiteBench(points)
    site = site_of(bench.configs)
    want(site, rate_map="1 1 1 1")
    result = bench.run(batch(bench, site).procedure())
    assert result.count(ModuleOutcome.DONE) == 26
    serial = points[19].serial
    assert messages(result) == {
        "flat 5": f"module {points[4].serial} does not answer",
        "flat 10": f"module {points[9].serial}: only damaged answers from the selected slave: does more than one slave"
        " answer?",
        "flat 20": f"two rows have the serial number {serial}: flat 20 and flat 21",
        "flat 21": f"two rows have the serial number {serial}: flat 20 and flat 21",
    }
    states = [site.modules[index].state for index in (4, 9, 19, 20)]
    assert states == [RowState.LOST, RowState.FAILED, RowState.FAILED, RowState.FAILED]
    assert [settings_of(bench, index).primary_address for index in (4, 9, 19, 20)] == [0, 0, 0, 0]


def test_two_modules_of_one_number_in_one_row_get_nothing() -> None:
    points = list(points_of_a_room(3))
    points[2] = replace(points[2], serial=points[1].serial, name="twin")
    bench = SiteBench(points)
    site = site_of(bench.configs[:2])
    want(site)
    result = bench.run(batch(bench, site).procedure())
    assert outcomes(result) == [ModuleOutcome.DONE, ModuleOutcome.FAILED]
    assert "more than one slave" in str(result.results[1].message)
    assert [settings_of(bench, index).primary_address for index in range(3)] == [1, 0, 0]


def test_the_first_module_goes_alone() -> None:
    bench = SiteBench(points_of_a_room(3))
    site = site_of(bench.configs)
    want(site)
    seen: list[BatchProgress] = []
    work = batch(bench, site, on_progress=seen.append)
    assert outcomes(bench.run(work.procedure(1))) == [ModuleOutcome.DONE, *[ModuleOutcome.NOT_BEGUN] * 2]
    assert [settings_of(bench, index).primary_address for index in range(3)] == [1, 0, 0]
    assert outcomes(bench.run(work.procedure())) == [ModuleOutcome.DONE] * 3
    assert [(each.number, each.count) for each in seen if str(each.doing) == "reading the module"] == [
        (1, 3),
        (2, 3),
        (3, 3),
    ]


def test_another_bus_is_recognised_and_nothing_is_written() -> None:
    bench = SiteBench(points_of_a_room(3, seed=1))
    site = site_of(points_of_a_room(3, seed=2))
    want(site)
    result = bench.run(batch(bench, site).procedure())
    assert str(result.stopped).startswith("this is not this site's bus")
    assert outcomes(result) == [ModuleOutcome.FAILED, *[ModuleOutcome.NOT_BEGUN] * 2]
    assert [module.state for module in site] == [RowState.FOUND] * 3
    assert not any(module.written for module in site)


def test_a_module_alone_that_is_silent_is_lost_if_another_of_the_site_answers() -> None:
    points = list(points_of_a_room(3))
    points[0] = replace(points[0], powered=False)
    bench = SiteBench(points)
    site = site_of(bench.configs)
    site.modules[0].wanted = {"tag": "7"}
    result = bench.run(batch(bench, site).procedure())
    assert messages(result) == {"flat 1": f"module {points[0].serial} does not answer"}
    assert site.modules[0].state is RowState.LOST


def test_addresses_are_exchanged_without_two_at_one_address() -> None:
    points = [
        replace(point, settings=ModuleSettings(primary_address=address))
        for point, address in zip(points_of_a_room(4), (1, 2, 3, 4), strict=True)
    ]
    bench = SiteBench(points)
    site = site_of(bench.configs)
    bench.run(batch(bench, site).procedure())
    for module, address, wanted in zip(site, (1, 2, 3, 4), (2, 3, 1, 5), strict=True):
        bench.know(module, primary_address=str(address))
        module.wanted = {"primary_address": str(wanted)}
    most = 1

    def watch(module: SiteModule) -> None:
        nonlocal most
        addresses = [settings_of(bench, index).primary_address for index in range(4)]
        most = max(map(addresses.count, addresses))

    result = bench.run(batch(bench, site, on_change=watch).procedure())
    assert outcomes(result) == [ModuleOutcome.DONE] * 4
    assert [settings_of(bench, index).primary_address for index in range(4)] == [2, 3, 1, 5]
    assert most == 1


def test_an_address_that_a_silent_module_may_have_is_not_given() -> None:
    points = list(points_of_a_room(2))
    points[0] = replace(points[0], powered=False)
    bench = SiteBench(points)
    site = site_of(bench.configs)
    bench.know(site.modules[0], primary_address="5")
    site.modules[0].wanted = {"primary_address": "6"}
    site.modules[1].wanted = {"primary_address": "5", "tag": "7"}
    result = bench.run(batch(bench, site).procedure())
    assert messages(result) == {
        "flat 1": f"module {points[0].serial} does not answer",
        "flat 2": f"address 5 was not written: module {points[0].serial} may still have it",
    }
    assert settings_of(bench, 1).primary_address == 0
    assert site.modules[1].value("tag") == "7"


@pytest.mark.parametrize(("own", "wanted"), [(2400, 300), (300, 2400)])
def test_the_speed_comes_last_and_is_confirmed_before_the_next_module(own: int, wanted: int) -> None:
    points = [replace(point, settings=ModuleSettings(baud=own)) for point in points_of_a_room(2)]
    bench = SiteBench(points, Line(own))
    site = site_of(bench.configs)
    want(site, baud=str(wanted), secondary_address="12345678")
    site.modules[1].wanted["secondary_address"] = "87654321"
    bench_batch = Batch(site, site.modules, TABLE, Journal(None), bench.now, own_baud=own)
    result = bench.run(bench_batch.procedure())
    assert outcomes(result) == [ModuleOutcome.DONE] * 2, messages(result)
    for index, number in enumerate(("12345678", "87654321")):
        settings, module = settings_of(bench, index), site.modules[index]
        assert (settings.baud, settings.secondary_address) == (wanted, number)
        assert [write.name for write in module.written][-1] == "baud"
        assert (module.baud, module.found is not None and module.found.id) == (wanted, number)
        assert module.known["baud"].how is HowKnown.READ


def test_a_value_that_the_module_refuses_is_named() -> None:
    bench = SiteBench(points_of_a_room(1))
    site = site_of(bench.configs)
    # More codes than fit into the list.
    site.modules[0].wanted = {"usage": "3", "tag": "7"}
    result = bench.run(batch(bench, site).procedure())
    assert outcomes(result) == [ModuleOutcome.FAILED]
    assert "P1 and P2 usage" in messages(result)["flat 1"]
    assert site.modules[0].value("tag") == "7"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(20.0, "did not take the rate, perhaps because of a wrong"), (150.0, "received a wrong password")],
)
def test_a_wrong_password_stops_the_batch(seconds: float, words: str) -> None:
    variant = next(name for name, variant in VARIANTS.items() if variant.password_bit)
    points = points_of_a_room(4)
    bench = SiteBench([replace(point, readout_interval=30.0, variant=variant, registers=None) for point in points])
    for point in bench.room.points:
        assert point.meter is not None
        point.meter.faults.refuse_passwords = True
    site = site_of(bench.configs)
    want(site, rate_map="2 2 2 2")
    for module in site:
        module.wanted_secrets = ["p1"]
    work = batch(bench, site, secrets={"p1": Secret("00000000")})
    assert outcomes(bench.run(work.procedure(1)))[0] is ModuleOutcome.DONE
    # The module reports the rate error after its session with the meter, the wrong password after the next readout.
    bench.clock.run_until(bench.clock.now() + seconds)
    result = bench.run(work.procedure())
    assert words in str(result.stopped)
    assert outcomes(result) == [ModuleOutcome.DONE, *[ModuleOutcome.NOT_BEGUN] * 3]
    assert site.modules[0].known["p1"].text is None
    # The password first, because the rate map applies at once.
    assert [write.name for write in site.modules[0].written] == ["p1", "rate_map", "primary_address"]
    assert not site.modules[0].wanted_secrets


def test_a_password_that_was_not_entered_is_named() -> None:
    bench = SiteBench(points_of_a_room(1))
    site = site_of(bench.configs)
    site.modules[0].wanted_secrets = ["p1"]
    assert messages(bench.run(batch(bench, site).procedure())) == {"flat 1": "P1 password was not entered"}


@pytest.mark.parametrize("fault", ["lost-ack every 3", "flip 2 10 %", "late 400 every 3", "busy every 4"])
def test_a_disturbed_module_ends_as_wanted(fault: str) -> None:
    points = [replace(point, faults=(parse_fault(fault),)) for point in points_of_a_room(2)]
    bench = SiteBench(points)
    site = site_of(bench.configs)
    want(site, rate_map="1 1 1 1", tag="99")
    bench.run(batch(bench, site).procedure())
    # What went wrong is written by the next batch.
    result = bench.run(batch(bench, site).procedure())
    assert {*outcomes(result)} <= {ModuleOutcome.DONE}, messages(result)
    assert [settings_of(bench, index).rate_map for index in range(2)] == [(1, 1, 1, 1)] * 2


def test_a_module_known_only_by_its_label_is_written() -> None:
    bench = SiteBench(points_of_a_room(2))
    site = Site(modules=[SiteModule(place="flat 7", serial=bench.configs[0].serial, wanted={"primary_address": "7"})])
    result = bench.run(batch(bench, site).procedure())
    assert outcomes(result) == [ModuleOutcome.DONE], messages(result)
    assert settings_of(bench, 0).primary_address == 7
    assert site.modules[0].found is not None


def test_a_row_that_waits_for_its_module_goes_on_waiting() -> None:
    bench = SiteBench(points_of_a_room(1))
    site = site_of(bench.configs)
    site.modules.append(SiteModule(place="flat 9", meter="33456790", wanted={"primary_address": "9"}))
    result = bench.run(batch(bench, site).procedure())
    assert messages(result) == {
        "flat 9": "the module at meter 33456790 was not found on the bus, and the row has no serial number"
    }
    assert site.modules[1].state is RowState.WAITING


def test_a_module_left_with_a_selection_for_readout_is_recognised() -> None:
    bench = SiteBench(points_of_a_room(1))
    site = site_of(bench.configs)
    want(site)
    serial = bytes.fromhex(bench.configs[0].serial)[::-1]
    at = SlaveAddress(selection=ANY + FABRICATION + serial)

    def leave() -> Procedure[None]:
        yield from reach(at)
        yield Exchange(Frame.long(SND_UD | FCB, at.a, CI_SEND, b"\x08\xfd\x0f"), Expect.ACK)

    bench.run(leave())
    result = bench.run(batch(bench, site).procedure())
    assert outcomes(result) == [ModuleOutcome.DONE], messages(result)
    as_found = site.modules[0].as_found
    assert as_found is not None
    assert as_found.readings
