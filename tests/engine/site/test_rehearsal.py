"""Rehearsal: the practice bus made from a site, and a copy that never becomes a site."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.configurator.session import MasterSession
from cmi_gui.engine.configurator.slaves import identity_of
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.scan import FoundSlave
from cmi_gui.engine.mbus.search import ANY, search_secondary
from cmi_gui.engine.messages import InvalidValue
from cmi_gui.engine.room.room_file import parse_room, room_text
from cmi_gui.engine.site.model import Found, HowKnown, Known, Site, SiteModule, SiteReading
from cmi_gui.engine.site.rehearsal import rehearse
from cmi_gui.engine.site.site_file import site_text, write_site
from tests.helpers.rooms import running_room

TABLE = CommandTable(load_module_profile())
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def known(**texts: str) -> dict[str, Known]:
    return {name: Known(text=text, how=HowKnown.READ, at=NOON) for name, text in texts.items()}


def site() -> Site:
    return Site(
        name="Brf Eken",
        ports=["serial:COM3"],
        modules=[
            SiteModule(
                place="11",
                serial="50100006",
                meter="33456788",
                variant="M26",
                found=Found(id="50100006", manufacturer="ELV", version=9, fabrication="50100006", at=NOON),
                known={
                    **known(
                        primary_address="5", baud="300", rate_map="1 1 1 2", selection_list="1.8.0 C.1.0", tag="77"
                    ),
                    "p1": Known(how=HowKnown.SENT, at=NOON),
                },
                readings={"1.8.0": SiteReading(code="1.8.0", value="061561.289", unit="kWh", at=NOON)},
            ),
            SiteModule(place="12", meter="33456789", wanted={"primary_address": "12"}),
            SiteModule(place="13"),
            SiteModule(place="14", serial="50100009", lost=True, found=Found(id="50100009", at=NOON)),
            SiteModule(place="water", serial="11111111", found=Found(id="11111111", manufacturer="KAM", at=NOON)),
        ],
    )


def test_the_room_has_what_is_known_of_the_modules() -> None:
    rehearsal = rehearse(site(), TABLE)
    first, second, third, lost = rehearsal.room.points
    assert (first.serial, first.meter_number, first.variant) == ("50100006", "33456788", "M26")
    assert first.registers == {"1.8.0": 61_561_289}
    settings = first.settings
    assert (settings.primary_address, settings.baud, settings.rate_map) == (5, 300, (1, 1, 1, 2))
    assert (settings.selection_list, settings.extra) == ("1.8.0 C.1.0", {"tag": 77})
    assert second.meter_number == "33456789"
    assert len({point.serial for point in rehearsal.room.points} | {"", "11111111"}) == 6
    assert third.settings.primary_address == 0
    assert not lost.powered
    assert [*map(str, rehearsal.remarks)] == [
        "Modules of other makers are not on the practice bus: module 11111111 (water)"
    ]
    again = parse_room(room_text(rehearsal.room), "room").points
    assert [point.serial for point in again] == [point.serial for point in rehearsal.room.points]


def test_the_modules_are_found_as_the_copy_knows_them() -> None:
    rehearsal = rehearse(site(), TABLE)
    clock = VirtualClock(1000.0)
    powered = tuple(point for point in rehearsal.room.points if point.powered)
    session = MasterSession(running_room(powered, clock).connect_master(Line(300)), Line(300), clock)
    ends: list[list[FoundSlave] | Exception] = []
    session.run(search_secondary(ANY, lambda *_: None), ends.append, ends.append)
    assert clock.run_until(clock.now() + 100_000, lambda: bool(ends))
    assert not isinstance(ends[0], Exception), ends[0]
    (slave,) = ends[0]
    found = rehearsal.site.modules[0].found
    assert found is not None
    assert found.identity == identity_of(slave.telegram)


def test_the_copy_never_enters_a_file_and_the_site_stays_as_it_is(tmp_path: Path) -> None:
    original = site()
    before = msgspec.to_builtins(original)
    copy = rehearse(original, TABLE).site
    assert copy.practice
    assert not original.practice
    assert copy.ports == []
    assert [each.place for each in copy] == [each.place for each in original]
    for module in copy:
        module.place = "changed"
        module.wanted["tag"] = "1"
        module.known.clear()
    copy.modules.clear()
    assert msgspec.to_builtins(original) == before
    with pytest.raises(ValueError, match="is not written to a file"):
        site_text(copy, TABLE)
    with pytest.raises(ValueError, match="is not written to a file"):
        write_site(tmp_path / "x.site.toml", copy, TABLE)
    assert [*tmp_path.iterdir()] == []


def test_rooms_of_thirty_and_250_rows_without_a_serial_number() -> None:
    rows = [SiteModule(place=str(number), meter=f"{33_400_000 + number}") for number in range(250)]
    points = rehearse(Site(modules=rows), TABLE, seed=3).room.points
    assert len({point.serial for point in points}) == 250
    assert [point.meter_number for point in points] == [row.meter for row in rows]
    assert points[:30] == rehearse(Site(modules=rows[:30]), TABLE, seed=3).room.points


def test_two_modules_of_one_serial_number_are_two() -> None:
    rows = [SiteModule(serial="50100006"), SiteModule(serial="50100006")]
    first, second = rehearse(Site(modules=rows), TABLE).room.points
    assert first.serial == second.serial == "50100006"
    assert first.name != second.name
    assert first.seed != second.seed


@pytest.mark.parametrize("rows", [0, 251])
def test_a_bus_has_1_to_250_modules(rows: int) -> None:
    with pytest.raises(InvalidValue, match="needs a site with 1 to 250 rows"):
        rehearse(Site(modules=[SiteModule() for _ in range(rows)]), TABLE)
