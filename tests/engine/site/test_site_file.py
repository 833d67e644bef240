"""The file of a site."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.profile import load_module_profile
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
from cmi_gui.engine.site.site_file import SiteError, parse_site, read_site, site_text, write_site

TABLE = CommandTable(load_module_profile())
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
LINE = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60)
NUMBER = st.one_of(st.just(""), st.from_regex(r"\A[0-9]{8}\Z"))
TIME = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(
    lambda time: time.replace(microsecond=0)
)
KNOWN = st.builds(Known, text=LINE, how=st.sampled_from(HowKnown), at=TIME)
READING = st.builds(SiteReading, code=LINE, value=LINE, unit=LINE, at=TIME)
SNAPSHOT = st.builds(
    Snapshot,
    at=TIME,
    meter=NUMBER,
    settings=st.dictionaries(st.sampled_from(["primary_address", "baud", "tag"]), LINE),
    readings=st.lists(READING, max_size=3).map(tuple),
)
MODULE = st.builds(
    SiteModule,
    place=LINE,
    serial=NUMBER,
    meter=NUMBER,
    note=st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n"), max_size=60),
    found=st.none() | st.builds(Found, id=NUMBER, at=TIME, version=st.integers(0, 255)),
    lost=st.booleans(),
    known=st.dictionaries(st.sampled_from(["primary_address", "baud", "tag"]), KNOWN),
    wanted=st.fixed_dictionaries({}, optional={"primary_address": st.integers(0, 250).map(str)}),
    wanted_secrets=st.lists(st.sampled_from(["p1", "p2"]), max_size=2),
    written=st.lists(
        st.builds(SiteWrite, name=st.just("tag"), text=LINE, outcome=st.sampled_from(WriteOutcome), at=TIME), max_size=2
    ),
    readings=st.dictionaries(LINE, READING, max_size=3),
    as_found=st.none() | SNAPSHOT,
    possible=st.lists(st.builds(Whereabouts, address=st.integers(0, 250), baud=st.just(300)), max_size=2),
)
SITE = st.builds(Site, name=LINE, ports=st.lists(LINE, max_size=2), visit=st.none() | TIME, modules=st.lists(MODULE))


@given(SITE)
@settings(max_examples=60)
def test_what_is_written_is_read_again(site: Site) -> None:
    again = parse_site(site_text(site, TABLE), "x", TABLE)
    assert msgspec.to_builtins(again) == msgspec.to_builtins(site)


def test_a_site_file_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "brf-eken.site.toml"
    write_site(path, Site(name="Brf Eken", modules=[SiteModule(place="flat 12", serial="50100007")]), TABLE)
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_site(path, TABLE).modules[0].place == "flat 12"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "x: line 1: format must be 1, that of this program"),
        ("format = 1\nowner = 2", "x: line 2: owner is not a key here"),
        ('format = 1\n[[module]]\nserial = "123"', "x: line 3: serial must be 8 digits in quotes"),
        ("format = 1\n[[module]]\nplace = 12", "x: line 3: place must be a text of one line in quotes"),
        ('format = 1\n[[module]]\nplace = "a\\nb"', "x: line 3: place must be a text of one line in quotes"),
        ('format = 1\n[[module]]\n[module.wanted]\nspeed = "9"', "x: line 4: speed: no such setting; the settings"),
        ('format = 1\n[[module]]\n[module.wanted]\nbaud = "9600"', "x: line 4: Speed is 300 or 2400 bit/s, not '9600'"),
        ('format = 1\n[[module]]\n[module.wanted]\np1 = "HUNTER2"', "x: line 4: p1: passwords are not kept in a site"),
        ('format = 1\n[[module]]\n[module.known]\nbaud = {how = "read"}', "x: line 3: the key at is missing"),
        ('format = 1\n[[module]]\n[module.known]\nbaud = {how = "x", at = 2026-01-01T00:00:00Z}', 'how must be "read"'),
        ("format = 1\nvisit = 2026-01-01T00:00:00", "x: line 2: visit must be a time with its offset from UTC"),
    ],
)
def test_errors_name_line_and_rule(text: str, problem: str) -> None:
    with pytest.raises(SiteError) as error:
        parse_site(text, "x", TABLE)
    assert problem in str(error.value)
    assert "HUNTER2" not in str(error.value)


def test_a_password_is_never_written() -> None:
    module = SiteModule(known={"p1": Known(text="HUNTER2", how=HowKnown.SENT, at=NOON)})
    with pytest.raises(ValueError, match="passwords are not kept in a site") as error:
        site_text(Site(modules=[module]), TABLE)
    assert "HUNTER2" not in str(error.value)
    module.known["p1"] = Known(how=HowKnown.SENT, at=NOON)
    module.written = [SiteWrite(name="p1", outcome=WriteOutcome.TAKEN, at=NOON)]
    assert parse_site(site_text(Site(modules=[module]), TABLE), "x", TABLE).modules[0].known["p1"].text is None
