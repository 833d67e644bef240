"""What is wrong in a site, and cures that make it go away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.site.cells import apply
from cmi_gui.engine.site.comparison import begin_visit
from cmi_gui.engine.site.model import Found, HowKnown, Known, Site, SiteModule, SiteReading, Whereabouts
from cmi_gui.engine.site.problems import CureKind, Problem, ProblemKind, problems

TABLE = CommandTable(load_module_profile())
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def row(
    number: int, *, address: int | None = None, place: str | None = None, meter: str = "", read: str = "", **wanted: str
) -> SiteModule:
    serial = f"5010000{number}"
    module = SiteModule(
        place=str(number) if place is None else place,
        serial=serial,
        meter=meter,
        meter_read=read,
        found=Found(id=serial, fabrication=serial, at=NOON),
        wanted=wanted,
    )
    if address is not None:
        module.known["primary_address"] = Known(text=str(address), how=HowKnown.READ, at=NOON)
    return module


def speed(module: SiteModule, baud: int) -> SiteModule:
    module.known["baud"] = Known(text=str(baud), how=HowKnown.READ, at=NOON)
    return module


def only(site: Site, kind: ProblemKind) -> Problem:
    (found,) = problems(site, TABLE)
    assert found.kind is kind
    return found


def cured(site: Site, problem: Problem) -> list[Problem]:
    assert problem.cure is not None
    assert problem.cure.changes
    apply(site, problem.cure.changes)
    return problems(site, TABLE)


def test_a_site_in_order_has_no_problem() -> None:
    assert problems(Site(), TABLE) == []
    assert problems(Site(modules=[row(1, address=1), row(2, address=2)]), TABLE) == []
    # Before the first search, that nothing was found says nothing.
    assert problems(Site(modules=[SiteModule(place="1"), SiteModule(place="2")]), TABLE) == []


def test_equal_addresses_are_cured_by_giving_and_writing_others() -> None:
    site = Site(modules=[row(3, address=0), row(1, address=0), row(2, address=5), row(4, address=5)])
    first, second = problems(site, TABLE)
    assert [str(first.message), str(second.message)] == ["2 modules share address 0.", "2 modules share address 5."]
    # One of those at 5 keeps it.
    apply(site, [*first.cure.changes, *second.cure.changes] if first.cure and second.cure else [])
    assert [each.wanted.get("primary_address") for each in site] == ["3", "1", None, "4"]
    assert [problem.cure.kind for problem in problems(site, TABLE) if problem.cure] == [CureKind.WRITE] * 2


def test_addresses_that_are_wanted_twice_or_taken() -> None:
    site = Site(modules=[row(1, address=1), row(2, address=2, primary_address="1"), row(3, primary_address="9")])
    problem = only(site, ProblemKind.SAME_WANTED_ADDRESS)
    assert str(problem.message) == (
        "After writing, 2 modules would share address 1: module 50100001 (1), module 50100002 (2)"
    )
    assert cured(site, problem) == []
    assert site.modules[0].wanted == {}
    (taken,) = problems(site, TABLE, taken={9})
    assert taken.kind is ProblemKind.TAKEN_ADDRESS
    assert taken.cure is not None
    apply(site, taken.cure.changes)
    assert problems(site, TABLE, taken={9}) == []


def test_mixed_speeds() -> None:
    site = Site(modules=[speed(row(1), 2400), speed(row(2), 300), speed(row(3), 2400), row(4)])
    problem = only(site, ProblemKind.MIXED_SPEEDS)
    assert "1 at 300 bit/s, 2 at 2400 bit/s" in str(problem.message)
    assert problem.modules == (site.modules[1],)
    (again,) = cured(site, problem)
    assert [each.wanted for each in site] == [{}, {"baud": "2400"}, {}, {}]
    assert again.cure is not None
    assert again.cure.kind is CureKind.WRITE


@pytest.mark.parametrize("text", ["2", "9600", "-", "", "999999999999", "٢٤٠٠"])
def test_a_damaged_known_value_is_one_that_is_not_known(text: str) -> None:
    damaged = [row(number) for number in (1, 2)]
    for module in damaged:
        for name in ("baud", "primary_address"):
            module.known[name] = Known(text=text if name == "baud" else "251", how=HowKnown.READ, at=NOON)
    assert [(module.baud, module.address) for module in damaged] == [(None, None)] * 2
    site = Site(modules=[*damaged, speed(row(3), 300), speed(row(4), 2400)])
    problem = only(site, ProblemKind.MIXED_SPEEDS)
    assert str(problem.message).startswith("The modules have different speeds: 1 at 300 bit/s, 1 at 2400 bit/s.")
    assert problem.cure is not None
    assert [change.module.serial for change in problem.cure.changes] == ["50100003"]


def test_a_damaged_value_of_the_last_visit_is_not_restored() -> None:
    module = speed(row(1), 2)
    site = Site(modules=[module])
    begin_visit(site, NOON + timedelta(days=1))
    speed(module, 2400)
    problem = only(site, ProblemKind.CHANGED)
    assert problem.cure is None


@pytest.mark.parametrize("count", [2, 3])
def test_meters_that_were_exchanged(count: int) -> None:
    modules = [
        row(n, address=n, meter=f"3345000{n}", read=f"3345000{n % count + 1}", tag=str(n)) for n in range(1, count + 1)
    ]
    site = Site(modules=modules)
    problem = only(site, ProblemKind.SWAPPED_METERS)
    assert str(problem.message).startswith(
        "Meters were exchanged: module 50100001 (1) reports meter 33450002, not 33450001; "
    )
    assert problem.or_else is not None
    undo = apply(site, problem.or_else.changes)
    assert problems(site, TABLE) == []
    assert [each.place for each in site] == [str(n) for n in range(1, count + 1)]
    apply(site, undo)
    assert [each.kind for each in cured(site, problem)] == [ProblemKind.EQUAL_ADDRESSES] * 0
    for index, module in enumerate(modules):
        place = (index + 1) % count + 1
        assert (module.place, module.meter) == (str(place), module.meter_read)
        assert module.wanted == {"tag": str(place), "primary_address": str(place)}


def test_a_meter_of_a_row_that_was_not_read_or_is_not_in_the_list() -> None:
    first, second = row(1, meter="33450001", read="33450002"), row(2, meter="33450002")
    site = Site(modules=[first, second])
    problem = only(site, ProblemKind.SWAPPED_METERS)
    assert problem.or_else is None
    assert cured(site, problem) == []
    assert (first.place, second.place, second.meter) == ("2", "1", "33450001")
    other = row(3, meter="33450003", read="33459999")
    problem = only(Site(modules=[other]), ProblemKind.OTHER_METER)
    assert cured(Site(modules=[other]), problem) == []
    assert other.meter == "33459999"
    # The third meter is not known to be that of the first module.
    chain = [row(1, meter="33450001", read="33450002"), row(2, meter="33450002", read="33459999")]
    assert {each.kind for each in problems(Site(modules=chain), TABLE)} == {ProblemKind.OTHER_METER}


def test_a_row_that_waits_for_the_meter_of_a_module() -> None:
    site = Site(modules=[SiteModule(place="12", meter="33450002"), row(1, place="", read="33450002")])
    kinds = [problem.kind for problem in problems(site, TABLE)]
    assert kinds == [ProblemKind.NOT_FOUND, ProblemKind.TWO_ROWS]
    assert cured(site, problems(site, TABLE)[1]) == []
    assert [each.place for each in site] == ["12"]


def test_modules_that_are_not_where_they_should_be() -> None:
    lost, unsure, waiting = row(1), row(2), SiteModule(place="7")
    lost.lost = True
    unsure.possible = [Whereabouts(address=1)]
    site = Site(modules=[lost, unsure, waiting, row(3, place="")])
    assert [(problem.kind, str(problem.message)) for problem in problems(site, TABLE)] == [
        (
            ProblemKind.UNSURE,
            "A write may have been sent, and what came of it is not known: module 50100002 (2)",
        ),
        (ProblemKind.LOST, "Not found again: module 50100001 (1)"),
        (ProblemKind.NOT_FOUND, "Not found yet: 7"),
        (ProblemKind.UNKNOWN, "Found, but the place is not known: module 50100003"),
    ]
    site = Site(modules=[row(n, place="") for n in range(8)])
    assert str(only(site, ProblemKind.UNKNOWN).message).endswith("module 50100004, and 3 more")


def test_numbers_and_places_that_two_rows_have() -> None:
    site = Site(modules=[row(1, meter="33450001"), row(2, meter="33450001"), row(2, place="1")])
    found = problems(site, TABLE)
    assert [str(problem.message) for problem in found] == [
        "2 rows have module 50100002.",
        "2 rows have meter 33450001.",
        "2 rows have the place 1.",
    ]


def test_secondary_addresses_that_would_be_equal() -> None:
    site = Site(modules=[row(1, secondary_address="50100007"), row(2, secondary_address="50100007")])
    assert str(only(site, ProblemKind.SAME_SECONDARY).message) == (
        "After writing, 2 modules would have the secondary address 50100007: module 50100001 (1), module 50100002 (2)"
    )
    for module in site:
        module.known["secondary_address"] = Known(text="50100007", how=HowKnown.READ, at=NOON)
    assert problems(site, TABLE) == []


def test_another_master_is_the_first() -> None:
    (problem,) = problems(Site(), TABLE, other_master=True)
    assert (problem.kind, problem.modules) == (ProblemKind.OTHER_MASTER, ())


def test_what_is_different_from_the_last_visit() -> None:
    module = row(1, address=1)
    module.readings = {"1.8.0": SiteReading(code="1.8.0", value="000100.000", unit="kWh", at=NOON)}
    site = Site(modules=[module])
    later = NOON + timedelta(days=1)
    begin_visit(site, later)
    module.readings = {"1.8.0": SiteReading(code="1.8.0", value="000099.999", unit="kWh", at=later)}
    module.known["primary_address"] = Known(text="9", how=HowKnown.READ, at=later)
    backwards, changed = problems(site, TABLE)
    assert str(backwards.message) == (
        "module 50100001 (1): register 1.8.0 has 000099.999, less than at the last visit (000100.000)."
    )
    assert backwards.cure is None
    assert str(changed.message) == "module 50100001 (1): Primary address changed since the last visit."
    assert changed.cure is not None
    apply(site, changed.cure.changes)
    assert module.wanted == {"primary_address": "1"}


METERS = st.sampled_from(["", "33450001", "33450002", "33450003", "33450004"])


@given(st.lists(st.tuples(st.sampled_from("0123"), METERS, METERS, st.sampled_from(["", "a", "b"])), max_size=6))
@settings(max_examples=100, deadline=None)
def test_every_cure_with_changes_can_be_undone(rows: list[tuple[str, str, str, str]]) -> None:
    modules = []
    for index, (address, meter, read, place) in enumerate(rows):
        module = row(index, address=int(address), meter=meter, read=read, place=place)
        if address == "3":
            module.found, module.known, module.serial, module.meter_read = None, {}, "", ""
        modules.append(module)
    site = Site(modules=modules)

    def state() -> list[object]:
        return [(id(each), each.place, each.meter, each.note, dict(each.wanted)) for each in site]

    before = state()
    for problem in problems(site, TABLE):
        assert str(problem.message)
        for cure in (problem.cure, problem.or_else):
            undo = apply(site, cure.changes if cure is not None else ())
            kinds = [(each.kind, each.modules) for each in problems(site, TABLE)]
            if cure is not None and cure.kind in (CureKind.EXCHANGE_ROWS, CureKind.TAKE_METERS, CureKind.JOIN_ROWS):
                assert (problem.kind, problem.modules) not in kinds
            apply(site, undo)
            assert state() == before
