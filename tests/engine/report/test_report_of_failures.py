"""The report on a visit in which modules failed: the causes are in its language, also after the site was closed."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from cmi_gui.engine.bus.faults import parse_fault
from cmi_gui.engine.cmi1020.secrets import Secret
from cmi_gui.engine.e350.variants import VARIANTS
from cmi_gui.engine.files.report_texts import load_texts
from cmi_gui.engine.report.report import ReportOptions, make_report
from cmi_gui.engine.report.texts import ReportLanguage, ReportWords
from cmi_gui.engine.site.actions import ActMany
from cmi_gui.engine.site.batch import Batch, ModuleOutcome
from cmi_gui.engine.site.causes import Cause, message_of
from cmi_gui.engine.site.journal import Journal, read_journal
from cmi_gui.engine.site.model import RowState, Site
from cmi_gui.engine.site.read_many import ReadMany
from cmi_gui.engine.site.resume import resume
from cmi_gui.engine.site.site_file import read_site, write_site
from tests.helpers.reading_bench import ReadingBench
from tests.helpers.report_sites import ZONE
from tests.helpers.site_bench import BEGIN, TABLE, SiteBench, points_of_a_room, site_of

LANGUAGES = (ReportLanguage.SWEDISH, ReportLanguage.GERMAN)


def open_points(site: Site, language: ReportLanguage) -> list[str]:
    report = make_report(site, TABLE, ReportOptions(language=language), BEGIN, ZONE)
    points = next(section for section in report.sections if section.key == "open_points")
    return [str(row[1]) for row in points.rows]


def english_in(texts: list[str], language: ReportLanguage) -> list[str]:
    """Return the pieces of our English sentences that are in texts of a report and that its language does not have."""
    english = [*load_texts().engine, *(languages["en"] for languages in load_texts().text.values())]
    own = "\n".join(words[language] for table in (load_texts().engine, load_texts().text) for words in table.values())
    pieces = {piece.strip(" .,:;()") for template in english for piece in re.split(r"\{\d\}", template)}
    return [
        piece
        for piece in sorted(pieces)
        if len(piece) > 3 and piece not in own and any(re.search(rf"\b{re.escape(piece)}\b", text) for text in texts)
    ]


def reopened(site: Site, folder: Path) -> Site:
    path = folder / "x.site.toml"
    write_site(path, site, TABLE)
    return read_site(path, TABLE)


@pytest.fixture
def failed(tmp_path: Path) -> Site:
    """A visit with a dead module, a disturbed one, two of one number, and a password that was not entered."""
    points = list(points_of_a_room(7))
    points[1] = replace(points[1], powered=False)
    points[2] = replace(points[2], faults=(parse_fault("bad-checksum"),))
    points[4] = replace(points[4], serial=points[3].serial, name="twin")
    bench = SiteBench(points)
    site = site_of(bench.configs)
    for number, module in enumerate(site, 1):
        module.place = f"{number} tr"
        module.wanted = {"primary_address": str(number)}
    site.modules[5].wanted_secrets = ["p1"]
    bench.run(Batch(site, site.modules, TABLE, Journal(None), bench.now, own_baud=2400).procedure())
    states = [RowState.FOUND, RowState.LOST, *[RowState.FAILED] * 4, RowState.FOUND]
    assert [module.state for module in site] == states
    return reopened(site, tmp_path)


def test_the_causes_are_in_the_language_of_the_report(failed: Site) -> None:
    names = [f"{module.place}, modul {module.serial}" for module in failed]
    numbers = [module.serial for module in failed]
    begun = "den senaste skrivningen eller avläsningen misslyckades"
    meter = failed.modules[5].meter_read
    swedish = open_points(failed, ReportLanguage.SWEDISH)
    assert {
        f"{names[1]}: svarade inte när den senast söktes.",
        f"{names[2]}: {begun}: modul {numbers[2]}: bara skadade svar från den valda slaven: svarar mer än en slav?",
        f"{names[3]}: {begun}: två rader har serienumret {numbers[3]}: 4 tr och 5 tr.",
        f"{names[4]}: {begun}: två rader har serienumret {numbers[3]}: 4 tr och 5 tr.",
        f"{names[5]}, mätare {meter}: {begun}: Lösenord P1 har inte angetts.",
    } <= set(swedish)
    german = open_points(failed, ReportLanguage.GERMAN)
    begun = "Das letzte Schreiben oder Lesen ist fehlgeschlagen"
    names = [name.replace("modul", "Modul") for name in names]
    assert {
        f"{names[1]}: hat bei der letzten Suche nicht geantwortet.",
        f"{names[2]}: {begun}: Modul {numbers[2]}: Nur beschädigte Antworten (ausgewählter Slave): Antwortet mehr als"
        " ein Slave?",
        f"{names[3]}: {begun}: Zwei Zeilen haben die Seriennummer {numbers[3]}: 4 tr und 5 tr.",
        f"{names[5]}, Zähler {meter}: {begun}: Passwort P1 wurde nicht eingegeben.",
    } <= set(german)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_open_point_has_english(failed: Site, language: ReportLanguage) -> None:
    assert english_in(open_points(failed, ReportLanguage.ENGLISH), language)
    assert not english_in(open_points(failed, language), language)


@pytest.mark.parametrize("fault", ["lost-ack 60 %", "no-answer 30 %", "busy 50 %", "flip 4 60 %"])
def test_what_a_disturbed_bus_leaves_in_a_site_is_in_each_language(tmp_path: Path, fault: str) -> None:
    points = list(points_of_a_room(4))
    bench = SiteBench([points[0], *(replace(point, faults=(parse_fault(fault),)) for point in points[1:])])
    site = site_of(bench.configs)
    for number, module in enumerate(site, 1):
        module.wanted = {"primary_address": str(number), "tag": "9", "rate_map": "1 1 1 1"}
    causes: list[Cause] = []

    def take() -> None:
        modules = reopened(site, tmp_path).modules
        causes.extend(cause for module in modules for cause in (module.failure, *(w.message for w in module.written)))

    bench.run(Batch(site, site.modules, TABLE, Journal(None), bench.now, own_baud=2400).procedure())
    take()
    bench.run(ReadMany(site, TABLE, bench.now, own_baud=2400).procedure())
    take()
    messages = [message_of(cause) for cause in causes if cause]
    assert messages
    for language in LANGUAGES:
        assert not english_in([ReportWords(language).of(message) for message in messages], language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_password_and_what_was_not_begun_are_in_the_language(tmp_path: Path, language: ReportLanguage) -> None:
    variant = next(name for name, variant in VARIANTS.items() if variant.password_bit)
    points = points_of_a_room(3)
    bench = SiteBench([replace(point, readout_interval=30.0, variant=variant, registers=None) for point in points])
    for point in bench.room.points:
        assert point.meter is not None
        point.meter.faults.refuse_passwords = True
    site = site_of(bench.configs)
    for number, module in enumerate(site, 1):
        module.place = f"{number} tr"
        module.wanted = {"primary_address": str(number), "rate_map": "2 2 2 2"}
        module.wanted_secrets = ["p1"]
    secrets = {"p1": Secret("00000000")}
    work = Batch(site, site.modules, TABLE, Journal(None), bench.now, own_baud=2400, secrets=secrets)
    bench.run(work.procedure(1))
    bench.clock.run_until(bench.clock.now() + 150)
    result = bench.run(work.procedure())
    assert "received a wrong password" in str(result.stopped)
    assert result.count(ModuleOutcome.NOT_BEGUN) == 2
    points_now = open_points(reopened(site, tmp_path), language)
    assert len(points_now) >= 2
    assert not english_in(points_now, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_causes_of_a_reading_are_in_the_language(tmp_path: Path, language: ReportLanguage) -> None:
    points = list(points_of_a_room(3))
    points[1] = replace(points[1], faults=(parse_fault("bad-checksum"),))
    bench = SiteBench(points)
    site = site_of(bench.configs)
    for number, module in enumerate(site, 1):
        module.place = f"{number} tr"
    bench.run(ReadMany(site, TABLE, bench.now, own_baud=2400).procedure())
    assert site.modules[1].state is RowState.FAILED
    texts = open_points(reopened(site, tmp_path), language)
    assert any(site.modules[1].serial in text for text in texts)
    assert not english_in(texts, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (ReportLanguage.SWEDISH, "Brytare bekräftades inte: modulen vägrade."),
        (ReportLanguage.GERMAN, "Trennschalter wurde nicht bestätigt: das Modul hat es abgelehnt."),
    ],
)
def test_a_refusal_is_taken_from_the_journal_and_in_the_language(
    tmp_path: Path, language: ReportLanguage, text: str
) -> None:
    """The program was ended after the command, before the site was saved."""
    bench = ReadingBench(1, disconnector_control=0)
    bench.run(ReadMany(bench.site, TABLE, bench.now, own_baud=2400).procedure())
    saved, row = reopened(bench.site, tmp_path), bench.row(0)
    path = tmp_path / "x.journal"
    command = TABLE.profile.row("disconnector")
    with Journal(path) as journal:
        many = ActMany(
            {row: "0"},
            command,
            TABLE,
            bench.now,
            own_baud=2400,
            digits=row.meter_read[-4:],
            site=bench.site,
            journal=journal,
        )
        (result,) = bench.run(many.procedure())
    resume(saved, read_journal(path)[0], TABLE)
    (write,) = reopened(saved, tmp_path).modules[0].written
    assert message_of(write.message) == result.message
    words = ReportWords(language).of(message_of(write.message))
    texts = open_points(reopened(saved, tmp_path), language)
    assert any(point.endswith(text) for point in texts)
    assert not english_in([*texts, words], language)


def test_the_text_of_an_older_file_is_quoted(failed: Site) -> None:
    failed.modules[0].failure = "module 50100007: no answer from the selected slave after 3 tries"
    for language, quoted in (
        (ReportLanguage.ENGLISH, failed.modules[0].failure),
        (ReportLanguage.SWEDISH, f"”{failed.modules[0].failure}”"),
        (ReportLanguage.GERMAN, f"„{failed.modules[0].failure}“"),
    ):
        assert any(text.endswith(f": {quoted}.") for text in open_points(failed, language))
