"""How well the modules answer, as tables: each module over all hours, and one module hour by hour."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from cmi_gui.engine.files.table import Cell, Column, TableData
from cmi_gui.engine.site.model import SiteModule
from cmi_gui.engine.site.quality import BusQuality, QualityHour
from cmi_gui.ui.pages.bus.visit_words import number_of
from cmi_gui.ui.text.messages import translate


def quality_table(modules: Iterable[SiteModule], quality: BusQuality) -> TableData:
    """Return a row for each module with what its requests of all kept hours came to."""
    columns = (
        Column(translate("QualityTable", "Place"), 18),
        Column(translate("QualityTable", "Module"), 16),
        *_columns(),
    )
    rows = [(module.place, number_of(module), *_cells(quality.total(module))) for module in modules]
    return TableData(translate("QualityTable", "Answers"), columns, rows)


def hours_table(module: SiteModule, quality: BusQuality) -> TableData:
    """Return a row for each hour of a module, the newest first."""
    columns = (
        Column(translate("QualityTable", "Hour"), 20, offset=translate("QualityTable", "hours from UTC")),
        *_columns(),
    )
    rows: list[tuple[Cell, ...]] = [
        (hour.begin.astimezone(), *_cells(hour)) for hour in reversed(list(quality.hours(module)))
    ]
    return TableData(translate("QualityTable", "Hours"), columns, rows)


def begin_of(modules: Iterable[SiteModule], quality: BusQuality) -> datetime | None:
    """Return the first hour that is counted of any module, or None."""
    totals = [total for module in modules if (total := quality.total(module)) is not None]
    return min((total.begin for total in totals), default=None)


def _columns() -> tuple[Column, ...]:
    return (
        Column(translate("QualityTable", "Requests"), 10),
        Column(translate("QualityTable", "Mean, ms"), 10),
        Column(translate("QualityTable", "Slowest, ms"), 12),
        Column(translate("QualityTable", "Retries"), 9),
        Column(translate("QualityTable", "Errors, %"), 10),
        Column(translate("QualityTable", "Failed"), 8),
    )


def _cells(hour: QualityHour | None) -> tuple[Cell, ...]:
    if hour is None:
        return (0, None, None, None, None, None)
    return (
        hour.requests,
        None if hour.answer_time is None else round(1000 * hour.answer_time),
        round(1000 * hour.slowest) if hour.timed else None,
        hour.retries,
        Decimal(f"{100 * hour.error_rate:.1f}"),
        hour.failed,
    )
