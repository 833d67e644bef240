"""The parts of a report that a person reads first and fills in last: cover, open points, manual checks, signatures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from cmi_gui import __version__
from cmi_gui.engine.report.document import HandField, ReportCell, ReportColumn, ReportSection, time_text
from cmi_gui.engine.report.facts import SiteFacts
from cmi_gui.engine.report.points import OpenPoint

UNIT_LOAD_MA: Final = Decimal("1.5")
"""The current of a slave with one unit load in mA (EN 13757-2)."""
_DOTS: Final = "........................"


def cover_section(facts: SiteFacts, made: datetime, points: Sequence[OpenPoint]) -> ReportSection:
    """Return the cover: what the report is about, who made it, and its result in figures."""
    words, site, modules = facts.words, facts.site, facts.modules
    counts = {state: sum(module.state == state for module in modules) for state in {each.state for each in modules}}
    states = ", ".join(words("count_of", words(f"state_{state}"), counts[state]) for state in sorted(counts))
    facts_rows: list[tuple[str, str]] = [
        (words("site"), site.name),
        (words("customer"), site.customer),
        (words("who"), site.who),
        (words("visit"), time_text(facts.local(site.visit)) if site.visit is not None else ""),
        (words("report_made"), time_text(made)),
        (words("modules"), f"{len(modules)} ({states})" if modules else "0"),
        (words("open_points"), str(len(points))),
        # The note may be about other flats.
        (words("note"), "" if facts.one_place else site.note.strip()),
        (words("program"), f"cmi_gui {__version__}"),
    ]
    columns = ReportColumn("", 30), ReportColumn("", 70)
    return ReportSection(
        "cover", "", (words("legend"),), columns, tuple(row for row in facts_rows if row[1]), facts=True
    )


def points_section(facts: SiteFacts, points: Sequence[OpenPoint]) -> ReportSection:
    """Return the open points, each with a box to tick when it is done."""
    words = facts.words
    if not points:
        return ReportSection("open_points", words("open_points"), (words("no_points"),))
    columns = (
        ReportColumn(words("number"), 6, number=True),
        ReportColumn(words("open_point"), 84),
        ReportColumn(words("done"), 10),
    )
    rows = tuple((number, point.text, HandField.TICK) for number, point in enumerate(points, 1))
    return ReportSection("open_points", words("open_points"), (), columns, rows)


def check_section(facts: SiteFacts) -> ReportSection:
    """Return the manual checks, to be ticked and filled in."""
    words = facts.words
    count = sum(module.found is not None and not module.lost for module in facts.site.modules)
    checks: list[tuple[str, str]] = [
        ("check_voltage", words("blank_voltage", _DOTS)),
        ("check_current", words("blank_current", _DOTS)),
        ("check_gateway", words("blank_gateway", _DOTS)),
        ("check_seals", words("blank_seals", _DOTS)),
    ]
    if facts.one_place:
        checks = checks[-1:]
    columns = ReportColumn(words("done"), 9), ReportColumn(words("check"), 58), ReportColumn(words("result"), 33)
    rows: tuple[tuple[ReportCell, ...], ...] = tuple(
        (HandField.TICK, words(key, count, UNIT_LOAD_MA, count * UNIT_LOAD_MA), blank) for key, blank in checks
    )
    return ReportSection("checks", words("checks"), (words("checks_text"),), columns, rows, tall=True)


def signature_section(facts: SiteFacts) -> ReportSection:
    """Return the lines for signatures."""
    words = facts.words
    titles = ("", words("name"), words("place_and_date"), words("signature"))
    columns = tuple(ReportColumn(title, share) for title, share in zip(titles, (22, 26, 26, 26), strict=True))
    rows: tuple[tuple[ReportCell, ...], ...] = (
        (words("who"), facts.site.who or HandField.LINE, HandField.LINE, HandField.LINE),
        (words("customer"), HandField.LINE, HandField.LINE, HandField.LINE),
    )
    return ReportSection("signatures", words("signatures"), (), columns, rows, tall=True)
