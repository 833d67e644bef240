"""Addresses by place, and an order of writing them in which no two modules ever share one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmi_gui.engine.messages import InvalidValue
from cmi_gui.engine.site.addresses import address_order, addresses_of, give_addresses, natural_key, occupant
from cmi_gui.engine.site.cells import apply
from cmi_gui.engine.site.model import HowKnown, Known, Site, SiteModule, Whereabouts

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def at(address: int | None, wanted: int | None = None, place: str = "") -> SiteModule:
    module = SiteModule(place=place)
    if address is not None:
        module.known["primary_address"] = Known(text=str(address), how=HowKnown.READ, at=NOON)
    if wanted is not None:
        module.wanted["primary_address"] = str(wanted)
    return module


def given_to(site: Site, **options: object) -> list[tuple[str, str | None]]:
    changes = give_addresses(site, site, **options)  # type: ignore[arg-type]
    return [(change.module.place, change.after) for change in changes]


def test_places_are_sorted_by_their_numbers() -> None:
    places = ["flat 11", "", "flat 2", "Flat 2 A", "cellar", "1", "10", "9", "flat 011"]
    assert sorted(places, key=natural_key) == [
        "1",
        "9",
        "10",
        "cellar",
        "flat 2",
        "Flat 2 A",
        "flat 11",
        "flat 011",
        "",
    ]


def test_the_numbers_of_flats_become_addresses() -> None:
    site = Site(modules=[at(0, place="flat 12"), at(0, place="flat 2"), at(None, place="flat 11")])
    assert given_to(site) == [("flat 2", "2"), ("flat 11", "11"), ("flat 12", "12")]
    assert given_to(site, by_number=False) == [("flat 2", "1"), ("flat 11", "2"), ("flat 12", "3")]
    assert given_to(site, first=5) == [("flat 2", "5"), ("flat 11", "6"), ("flat 12", "7")]
    site.modules += [at(0, place="laundry"), at(0, place="")]
    assert given_to(site) == [
        ("laundry", "1"),
        ("flat 2", "2"),
        ("", "3"),
        ("flat 11", "11"),
        ("flat 12", "12"),
    ]
    # The address of another module that stays is not that of flat 2.
    other = Site(modules=[*site.modules[:2], at(2, place="attic")])
    assert given_to(other) == [("flat 2", "1"), ("flat 12", "12")]
    site.modules.append(at(0, place="flat 1102"))
    assert [place for place, _ in given_to(site)] == ["flat 2", "flat 11", "flat 12", "flat 1102", "laundry", ""]


def test_known_addresses_that_are_right_stay_and_others_are_not_given_twice() -> None:
    site = Site(modules=[at(7, place="1"), at(1, place="2"), at(1, place="3"), at(0, place="4")])
    # The first of those at address 1 keeps it.
    assert given_to(site, by_number=False) == [("3", "2"), ("4", "3")]
    assert given_to(site, by_number=False, keep=False) == [("1", "1"), ("2", "2"), ("3", "3"), ("4", "4")]
    assert given_to(site, by_number=False, taken={2, 3}) == [("3", "4"), ("4", "5")]
    changes = give_addresses(site, site.modules[2:], taken={2})
    assert [(change.module.place, change.after) for change in changes] == [("3", "3"), ("4", "4")]
    unsure = SiteModule(possible=[Whereabouts(address=3)])
    site.modules.append(unsure)
    changes = give_addresses(site, site.modules[2:4], taken={2})
    assert [(change.module.place, change.after) for change in changes] == [("4", "4"), ("3", "5")]


def test_a_module_that_gets_its_own_address_wants_nothing() -> None:
    site = Site(modules=[at(2, 9, place="2"), at(0, place="1")])
    undo = apply(site, give_addresses(site, site))
    assert [module.wanted.get("primary_address") for module in site] == [None, "1"]
    apply(site, undo)
    assert [module.wanted.get("primary_address") for module in site] == ["9", None]


def test_too_few_addresses() -> None:
    site = Site(modules=[at(0) for _ in range(5)])
    with pytest.raises(InvalidValue, match="5 modules need an address, but only 3 addresses from 10 to 12 are free"):
        give_addresses(site, site, first=10, last=12)
    assert len(give_addresses(Site(modules=[at(0) for _ in range(250)]), site)) == 5


def test_modules_that_exchange_addresses_go_through_a_free_one() -> None:
    first, second, third = at(5, 6), at(6, 5), at(0, 7)
    steps, blocked = address_order(Site(modules=[first, second, third]), [first, second, third])
    assert not blocked
    assert [(step.module, step.address, step.temporary) for step in steps] == [
        (third, 7, False),
        (first, 1, True),
        (second, 5, False),
        (first, 6, False),
    ]


def test_a_chain_is_written_from_its_end() -> None:
    modules = [at(1, 2), at(2, 3), at(3, 4)]
    steps, blocked = address_order(Site(modules=modules), modules)
    assert [step.address for step in steps] == [4, 3, 2]
    assert not blocked


def test_an_address_that_is_not_free_is_not_written() -> None:
    staying, wanting, twice, again, foreign = at(5), at(0, 5), at(0, 8), at(0, 8), at(0, 9)
    site = Site(modules=[staying, wanting, twice, again, foreign])
    steps, blocked = address_order(site, site.modules, taken={9})
    assert steps == []
    assert blocked == [twice, again, wanting, foreign]
    assert occupant(site, wanting, 5) is staying
    assert occupant(site, wanting, 6) is None


def test_without_a_free_address_modules_do_not_exchange_theirs() -> None:
    modules = [at(number) for number in range(251)]
    modules[7].wanted["primary_address"], modules[8].wanted["primary_address"] = "8", "7"
    steps, blocked = address_order(Site(modules=modules), modules)
    assert (steps, blocked) == ([], modules[7:9])


ROWS = st.lists(
    st.tuples(st.none() | st.integers(0, 9), st.none() | st.integers(0, 9), st.lists(st.integers(0, 9), max_size=1)),
    max_size=9,
)


@given(ROWS, st.sets(st.integers(1, 250), max_size=3))
@settings(max_examples=300, deadline=None)
def test_at_no_time_two_modules_come_to_share_an_address(
    rows: list[tuple[int | None, int | None, list[int]]], taken: set[int]
) -> None:
    site = Site(modules=[at(now, wanted) for now, wanted, _ in rows])
    for module, (_, _, possible) in zip(site, rows, strict=True):
        module.possible = [Whereabouts(address=address) for address in possible]
    steps, blocked = address_order(site, site, taken)
    for step in steps:
        assert step.address not in taken
        assert occupant(site, step.module, step.address) is None
        step.module.known["primary_address"] = Known(text=str(step.address), how=HowKnown.READ, at=NOON)
        step.module.possible = []
        if not step.temporary:
            assert step.module.wanted["primary_address"] == str(step.address)
    left = [module for module in site if "primary_address" in module.changes]
    assert left == [module for module in site if module in blocked]
    wanted = [module.wanted["primary_address"] for module in blocked]
    for module in blocked:
        address = int(module.wanted["primary_address"])
        others = [other for other in site if other is not module and address in addresses_of(other)]
        assert address in taken or others or wanted.count(str(address)) > 1
