"""The report on a site, for the customer and for the gateway: what was found, what was changed, what is open.

A report says only what is known: a value that has not been read is a dash, one that a module accepted and has not
reported since has an asterisk, and a password is "set" or not known, never shown.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.messages import InvalidValue, Message
from cmi_gui.engine.report.data import report_data
from cmi_gui.engine.report.document import Report, time_text
from cmi_gui.engine.report.facts import SiteFacts
from cmi_gui.engine.report.modules import bus_sections, module_section, notes_section, readings_section
from cmi_gui.engine.report.points import open_points
from cmi_gui.engine.report.settings import changes_sections, settings_sections
from cmi_gui.engine.report.texts import ReportLanguage, ReportWords
from cmi_gui.engine.report.visit import check_section, cover_section, points_section, signature_section
from cmi_gui.engine.site.model import Site, SiteModule


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOptions:
    """What a report has, and in which language.

    `readings`: with the energy registers of the visit; without, it has no consumption. `place`: only the modules of
    this flat or room, for the person who lives there. `practice`: every page says that it is no real site, as it always
    does for a `PracticeSite`.
    """

    language: ReportLanguage = ReportLanguage.ENGLISH
    readings: bool = True
    place: str | None = None
    practice: bool = False


def make_report(
    site: Site, table: CommandTable, options: ReportOptions, now: datetime, zone: tzinfo | None = None
) -> Report:
    """Return the report on a site. `now`: an aware time. `zone`: for all times; None for that of the computer.

    Raises InvalidValue if the site has no module at the place.
    """
    steps = report_steps(site, table, options, now, zone)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            made: Report = end.value
            return made


def report_steps(
    site: Site, table: CommandTable, options: ReportOptions, now: datetime, zone: tzinfo | None = None
) -> Generator[bytes, None, Report]:
    """Make a report as `make_report` does, and yield an empty piece between its parts, as `pdf_file` does."""
    modules = modules_at(site, options.place)
    words = ReportWords(options.language)
    facts = SiteFacts(site, modules, table, words, options.place is not None, zone)
    yield b""
    points = open_points(facts)
    made = now.astimezone(zone)
    practice = options.practice or site.practice
    yield b""
    sections = [cover_section(facts, made, points), module_section(facts)]
    yield b""
    sections += changes_sections(facts)
    yield b""
    sections += settings_sections(facts)
    yield b""
    if options.readings:
        sections.append(readings_section(facts))
        yield b""
    sections += [points_section(facts, points), *notes_section(facts), check_section(facts), signature_section(facts)]
    sections += bus_sections(facts)
    yield b""
    data = report_data(facts, made, points, readings=options.readings, practice=practice)
    return Report(
        language=options.language,
        title=words("title_place", modules[0].place) if options.place is not None else words("title"),
        site=site.name or words("no_name"),
        made=made,
        made_text=words("made", time_text(made)),
        practice=words("practice") if practice else "",
        page=words("page"),
        as_found=words("as_found"),
        as_left=words("as_left"),
        offset=words("offset"),
        sections=tuple(sections),
        modules=len(modules),
        open_points=len(points),
        data=data,
    )


def modules_at(site: Site, place: str | None) -> Sequence[SiteModule]:
    """Return the modules at a place, or all of them for None. Raises InvalidValue if there are none."""
    if place is None:
        return site.modules
    wanted = place.strip().casefold()
    found = [module for module in site.modules if module.place.strip().casefold() == wanted]
    if not found:
        places = ", ".join(dict.fromkeys(repr(module.place) for module in site.modules if module.place))
        if not places:
            raise InvalidValue(Message("the site has no place {0}; none of its modules has a place", (repr(place),)))
        raise InvalidValue(Message("the site has no place {0}; it has {1}", (repr(place), places)))
    return found
