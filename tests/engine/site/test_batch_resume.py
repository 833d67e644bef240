"""A batch that is killed at any moment is resumed: nothing is half without a name, and nothing is sent twice."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import TypeAlias

import pytest

from cmi_gui.engine.bus.faults import parse_fault
from cmi_gui.engine.cmi1020.secrets import Secret
from cmi_gui.engine.cmi1020.settings import ModuleSettings
from cmi_gui.engine.configurator.write_run import WriteOutcome
from cmi_gui.engine.site.batch import Batch, BatchResult, ModuleOutcome
from cmi_gui.engine.site.journal import (
    Ended,
    Intent,
    Journal,
    JournalEntry,
    JournalError,
    ReadBack,
    RowName,
    journal_path,
    read_journal,
)
from cmi_gui.engine.site.model import Found, RowState, Site, SiteModule, Whereabouts
from cmi_gui.engine.site.resume import open_questions, resume
from cmi_gui.engine.site.site_file import parse_site, site_text
from cmi_gui.engine.site.whereabouts import look_for
from cmi_gui.engine.site.writes import decide
from cmi_gui.engine.station.metering_point import MeteringPoint
from tests.helpers.private import is_private
from tests.helpers.site_bench import BEGIN, TABLE, SiteBench, points_of_a_room, site_of

Executed: TypeAlias = Counter[tuple[str, str]]
KILLS = int(os.environ.get("BATCH_KILLS", "40"))
SECRETS = {"p1": Secret("12345678")}


class CountingJournal(Journal):
    """A journal that notes how much of its file is surely on the disk."""

    synced = 0

    def add(self, entry: JournalEntry, *, sync: bool = False) -> None:
        super().add(entry, sync=sync)
        if sync and self.path is not None:
            self.synced = self.path.stat().st_size


def count_commands(bench: SiteBench) -> Executed:
    """Return a counter of the commands that the modules execute, by serial number and setting."""
    executed: Executed = Counter()

    def watch(point: MeteringPoint) -> None:
        module = point.module
        user_data, speed_used = module.user_data, module.speed_used

        def take(ci: int, data: bytes, now: float) -> None:
            for command in (TABLE.read(data) or []) if ci == 0x51 and data[:1] not in (b"\x08", b"\x7f") else []:
                executed[module.serial, command.row.id] += 1
            user_data(ci, data, now)

        def use(baud: int, now: float) -> None:
            executed[module.serial, "baud"] += baud != module.settings.baud
            speed_used(baud, now)

        module.user_data = take  # type: ignore[method-assign]
        module.speed_used = use  # type: ignore[method-assign]

    for point in bench.room.points:
        watch(point)
    return executed


def a_site(bench: SiteBench) -> Site:
    site = site_of(bench.configs)
    for number, module in enumerate(site, 1):
        module.wanted = {
            "primary_address": str(number),
            "secondary_address": f"{number:08d}",
            "rate_map": "1 1 1 1",
            "baud": "300",
        }
        module.wanted_secrets = ["p1"]
    return site


def has_p1(bench: SiteBench, module: SiteModule) -> bool:
    point = next(point for point in bench.room.points if point.module.serial == module.serial)
    return point.secrets.get("p1") is not None


@pytest.mark.no_cover
@pytest.mark.parametrize("seed", range(KILLS))
def test_a_killed_batch_is_resumed(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    faults = (parse_fault(random.choice(("lost-ack 20 %", "late 300 10 %", "flip 1 5 %"))),) if seed % 3 == 0 else ()
    bench = SiteBench([replace(point, faults=faults) for point in points_of_a_room(2, seed=seed % 5)])
    executed = count_commands(bench)
    path = tmp_path / "brf.site.toml"
    saved = site_text(a_site(bench), TABLE)

    def one_life(seconds: float | None) -> BatchResult | None:
        nonlocal saved
        site = parse_site(saved, path.name, TABLE)

        def on_change(module: SiteModule) -> None:
            nonlocal saved
            if random.random() < 0.3:
                saved = site_text(site, TABLE)

        with CountingJournal(journal_path(path)) as journal:
            begun = resume(site, journal.entries, TABLE)
            assert journal.entries == () or {module.serial for module in begun} == {each.serial for each in site}
            for module, write in open_questions(site, TABLE):
                decide(module, write, TABLE, carried_out=has_p1(bench, module))
            work = Batch(
                site, site.modules, TABLE, journal, bench.now, own_baud=2400, secrets=SECRETS, on_change=on_change
            )
            if seconds is not None and not bench.stop_at(work.procedure(), seconds):
                size, synced = journal_path(path).stat().st_size, journal.synced
                os.truncate(journal_path(path), random.randint(synced, size))
                return None
            result = work.result if seconds is not None else bench.run(work.procedure())
            saved = site_text(site, TABLE)
            journal.clear()
            assert all(each.message or each.outcome is ModuleOutcome.DONE for each in result.results)
            for module in site if not faults else ():
                assert (module.state, module.changes, module.wanted_secrets) == (RowState.FOUND, {}, []), module
                assert {write.outcome for write in module.written} <= {WriteOutcome.TAKEN, WriteOutcome.NO_ANSWER}
                assert module.as_found is not None
                assert module.as_found.settings["rate_map"] == "1 2 3 4"
                assert module.as_found.readings
                assert site.visit is not None
                assert site.visit <= min([module.as_found.at, *(write.at for write in module.written)])
            return result

    for _ in range(random.randint(1, 4)):
        if one_life(random.uniform(0.0, 35.0)) is not None:
            break
    for _ in range(5):
        result = one_life(None)
        assert result is not None
        if not result.results or {each.outcome for each in result.results} == {ModuleOutcome.DONE}:
            break
        assert faults
    assert result.stopped is None
    assert result.count(ModuleOutcome.DONE) == len(result.results), result
    for number, point in enumerate(bench.room.points, 1):
        settings = point.module.settings
        assert (settings.primary_address, settings.secondary_address) == (number, f"{number:08d}")
        assert (settings.rate_map, settings.baud) == ((1, 1, 1, 1), 300)
    assert max(executed.values()) == 1, executed
    assert not journal_path(path).exists()


def test_a_cancelled_batch_leaves_its_module_unsure_and_the_module_is_found() -> None:
    moments = Counter[RowState]()
    for tenth in range(0, 120, 7):
        bench = SiteBench(points_of_a_room(1))
        site = a_site(bench)
        (module,) = site
        work = Batch(site, [module], TABLE, Journal(None), bench.now, own_baud=2400, secrets=SECRETS)
        bench.stop_at(work.procedure(), tenth / 10)
        moments[module.state] += 1
        if module.state is RowState.UNSURE:
            assert bench.run(look_for(module, TABLE, 2400, bench.now))
            assert module.state is RowState.FOUND
            settings = bench.room.points[0].module.settings
            assert (module.address, module.baud) == (settings.primary_address, settings.baud)
    assert moments[RowState.UNSURE] > 2


def test_an_unsure_module_is_found_at_its_new_speed_and_address() -> None:
    point = replace(points_of_a_room(1)[0], settings=ModuleSettings(primary_address=7, baud=300))
    bench = SiteBench((point,))
    site = site_of(bench.configs)
    (module,) = site
    bench.know(module, primary_address="0", baud="2400")
    module.lost = True
    assert bench.run(look_for(module, TABLE, 2400, bench.now))
    assert (module.state, module.address, module.baud) == (RowState.FOUND, 7, 300)


def test_a_password_that_may_have_been_sent_is_asked_about_and_not_sent_again(tmp_path: Path) -> None:
    bench = SiteBench(points_of_a_room(1))
    executed = count_commands(bench)
    site = site_of(bench.configs)
    (module,) = site
    module.wanted_secrets = ["p1"]
    path = journal_path(tmp_path / "brf.site.toml")
    with Journal(path) as journal:
        work = Batch(site, site.modules, TABLE, journal, bench.now, own_baud=2400, secrets=SECRETS)
        job, _ = bench.begin(work.procedure())
        assert bench.clock.run_until(bench.clock.now() + 60, lambda: bool(executed))
        bench.session.cancel(job)
        bench.clock.run_until(bench.clock.now() + 5)
    assert b"12345678" not in path.read_bytes()
    site = site_of(bench.configs)
    (module,) = site
    module.wanted_secrets = ["p1"]
    with Journal(path) as journal:
        assert resume(site, journal.entries, TABLE) == [module]
        assert module.state is RowState.UNSURE
        work = Batch(site, site.modules, TABLE, journal, bench.now, own_baud=2400, secrets=SECRETS)
        result = bench.run(work.procedure())
        assert result.results[0].outcome is ModuleOutcome.UNSURE
        assert str(result.results[0].message) == f"P1 password may have been sent to module {module.serial}"
        ((asked, write),) = open_questions(site, TABLE)
        assert (asked, module.state) == (module, RowState.FOUND)
        assert executed[module.serial, "p1"] == 1
        decide(module, write, TABLE, carried_out=True)
        assert not module.wanted_secrets
        assert module.known["p1"].text is None
    assert open_questions(site, TABLE) == []


def test_a_journal_cut_at_any_byte_is_read(tmp_path: Path) -> None:
    bench = SiteBench(points_of_a_room(1))
    site = a_site(bench)
    path = tmp_path / "j"
    with Journal(path) as journal:
        work = Batch(site, site.modules, TABLE, journal, bench.now, own_baud=2400, secrets=SECRETS)
        bench.run(work.procedure())
    data = path.read_bytes()
    entries, size = read_journal(path)
    assert size == len(data)
    assert is_private(path)
    for cut in range(0, len(data), 19):
        path.write_bytes(data[:cut])
        found, size = read_journal(path)
        assert (found, data[:size].count(b"\n")) == (entries[: len(found)], len(found))
        resume(site_of(bench.configs), found, TABLE)
    path.write_bytes(data[:100] + b"\n{}\n")
    with pytest.raises(JournalError, match="line 1 is not of a journal"):
        Journal(path)


def test_replaying_a_journal_twice_changes_nothing(tmp_path: Path) -> None:
    bench = SiteBench(points_of_a_room(2))
    site = a_site(bench)
    before = site_text(site, TABLE)
    with Journal(tmp_path / "j") as journal:
        bench.run(Batch(site, site.modules, TABLE, journal, bench.now, own_baud=2400, secrets=SECRETS).procedure())
    after = site_text(site, TABLE)
    entries, _ = read_journal(tmp_path / "j")
    again = parse_site(before, "again", TABLE)
    resume(again, entries, TABLE)
    once = site_text(again, TABLE)
    resume(again, entries, TABLE)
    assert site_text(again, TABLE) == once
    for module, same in zip(site, again, strict=True):
        assert (same.written, same.as_found, same.changes) == (module.written, module.as_found, module.changes)
        assert {name: known.text for name, known in same.known.items()} == {
            name: known.text for name, known in module.known.items()
        }
    resumed = parse_site(after, "after", TABLE)
    resume(resumed, entries, TABLE)
    assert site_text(resumed, TABLE) == after


def test_nothing_is_sent_if_the_journal_cannot_be_written(tmp_path: Path) -> None:
    class FullDisk(Journal):
        def add(self, entry: JournalEntry, *, sync: bool = False) -> None:
            if type(entry).__name__ == "Intent":
                raise JournalError("j", TABLE.profile.command[0].title)  # type: ignore[arg-type]
            super().add(entry, sync=sync)

    bench = SiteBench(points_of_a_room(2))
    executed = count_commands(bench)
    site = a_site(bench)
    with FullDisk(tmp_path / "j") as journal:
        work = Batch(site, site.modules, TABLE, journal, bench.now, own_baud=2400, secrets=SECRETS)
        result = bench.run(work.procedure())
    assert result.stopped is not None
    assert [each.outcome for each in result.results] == [ModuleOutcome.FAILED, ModuleOutcome.NOT_BEGUN]
    assert not executed
    assert not any(module.written for module in site)


def test_a_journal_of_a_stranger_brings_no_password_into_the_site() -> None:
    bench = SiteBench(points_of_a_room(1))
    site = site_of(bench.configs)
    row = RowName.of(site, site.modules[0])
    entries: list[JournalEntry] = [
        Intent(at=BEGIN, row=row, name="p1", text="secret", before="old"),
        Ended(at=BEGIN, outcome=WriteOutcome.TAKEN),
        ReadBack(at=BEGIN, row=row, settings={"p2": "secret", "nothing": "1", "tag": "5"}),
        Intent(at=BEGIN, row=row, name="nothing", text="1"),
        Ended(at=BEGIN, outcome=WriteOutcome.TAKEN),
        Intent(at=BEGIN, row=RowName(index=7, serial="50999999"), name="tag", text="1"),
    ]
    resume(site, entries, TABLE)
    text = site_text(site, TABLE)
    assert "secret" not in text
    assert "old" not in text
    assert parse_site(text, "x", TABLE).modules[0].value("tag") == "5"


@pytest.mark.parametrize("fabrication", ["7654321A", ""])
def test_an_interrupted_write_to_a_slave_with_another_number_is_known(fabrication: str, tmp_path: Path) -> None:
    found = Found(id="1234567A", manufacturer="ABC", version=1, device_type=2, fabrication=fabrication, at=BEGIN)
    site = Site(modules=[SiteModule(place="flat 1"), SiteModule(found=found)])
    path = tmp_path / "eken.site.toml"
    with Journal.beside(path) as journal:
        journal.intend(RowName.of(site, site.modules[1]), "tag", "1", BEGIN, possible=(Whereabouts(address=3),))
    entries, _ = read_journal(journal_path(path))
    resume(site, entries, TABLE)
    assert [module.state for module in site] == [RowState.WAITING, RowState.UNSURE]


@pytest.mark.parametrize("places", [[Whereabouts(address=3, baud=300)], [Whereabouts(selection="FF" * 8, baud=300)]])
def test_a_place_without_a_whole_selection_is_tried_too(places: list[Whereabouts]) -> None:
    point = replace(points_of_a_room(1)[0], settings=ModuleSettings(primary_address=3, baud=300))
    bench = SiteBench((point,))
    (module,) = site = site_of(bench.configs)
    module.possible = places
    assert bench.run(look_for(module, TABLE, 2400, bench.now))
    assert (module.state, module.address, module.baud) == (RowState.FOUND, 3, 300)
    assert site.modules == [module]


def test_a_module_that_is_nowhere_stays_unsure() -> None:
    bench = SiteBench([replace(point, powered=False) for point in points_of_a_room(1)])
    (module,) = site_of(bench.configs)
    module.possible = [Whereabouts(address=3, baud=300)]
    assert not bench.run(look_for(module, TABLE, 2400, bench.now))
    assert module.state is RowState.UNSURE


def test_a_write_without_an_answer_is_read_back_in_the_same_batch(tmp_path: Path) -> None:
    bench = SiteBench(points_of_a_room(1))
    (point,) = bench.room.points
    executed = count_commands(bench)

    class Interference(Journal):
        """A journal that lets the module's answers be lost for some seconds after the rate map is sent."""

        def add(self, entry: JournalEntry, *, sync: bool = False) -> None:
            super().add(entry, sync=sync)
            if isinstance(entry, Intent) and entry.name == "rate_map":
                point.faults.add(parse_fault("no-answer"))
                bench.clock.call_at(bench.clock.now() + 5.0, point.faults.clear)

    site = a_site(bench)
    with Interference(tmp_path / "j") as journal:
        work = Batch(site, site.modules, TABLE, journal, bench.now, own_baud=2400, secrets=SECRETS)
        result = bench.run(work.procedure())
    assert result.results[0].outcome is ModuleOutcome.DONE, result.results[0].message
    assert {write.outcome for write in site.modules[0].written} == {WriteOutcome.TAKEN}
    assert {*executed.values()} == {1}


def test_what_was_read_before_a_write_does_not_decide_it() -> None:
    site = site_of(points_of_a_room(1))
    (module,) = site
    row = RowName.of(site, module)
    entries: list[JournalEntry] = [
        ReadBack(at=BEGIN, row=row, settings={"tag": "1"}),
        Intent(at=BEGIN, row=row, name="tag", text="5", possible=(Whereabouts(address=0),)),
    ]
    resume(site, entries, TABLE)
    for _ in range(2):
        assert [write.outcome for write in module.written] == [WriteOutcome.UNSURE]
        assert module.state is RowState.UNSURE
        # The site was saved with the write, and the journal is replayed.
        resume(site, entries, TABLE)
    resume(site, [*entries, ReadBack(at=BEGIN + timedelta(seconds=2), row=row, settings={"tag": "5"})], TABLE)
    assert [write.outcome for write in module.written] == [WriteOutcome.TAKEN]
    assert module.state is RowState.FOUND
