"""The facts of a site that several sections of a report have: names, values of settings, times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Final

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.profile import CommandRow
from cmi_gui.engine.configurator.values import settings
from cmi_gui.engine.configurator.write_run import WriteOutcome
from cmi_gui.engine.messages import Message
from cmi_gui.engine.report.texts import ReportWords
from cmi_gui.engine.site.model import HowKnown, Site, SiteModule, SiteReading

UNKNOWN: Final = "—"
NOT_READ_BACK: Final = " *"
"""Behind a value that a module accepted and has not reported since."""
NAMED_MODULES: Final = 12
"""The modules that are named in one sentence; of more, only the number is given."""

_ENERGIES: Final = frozenset(map(str, range(1, 81)))
"""Groups C of quantities; 81 and more count other things."""


class SiteFacts:
    """A site and the `modules` of it that the report is about. `one_place`: only those of one flat or room."""

    def __init__(
        self,
        site: Site,
        modules: Sequence[SiteModule],
        table: CommandTable,
        words: ReportWords,
        one_place: bool,
        zone: tzinfo | None,
    ) -> None:
        self.site = site
        self.modules = modules
        self.table = table
        self.words = words
        self.one_place = one_place
        self.rows = {row.id: row for row in settings(table)}
        self._zone = zone

    def local(self, time: datetime) -> datetime:
        """Return a time in the zone of the report."""
        return time.astimezone(self._zone)

    @property
    def found(self) -> list[SiteModule]:
        """The modules that were found and are not lost."""
        return [module for module in self.modules if module.found is not None and not module.lost]

    def is_of_visit(self, time: datetime) -> bool:
        """Return whether a time is in the present visit."""
        return self.site.visit is None or time >= self.site.visit

    # Words

    def name(self, module: SiteModule) -> str:
        """Return the name of a module with its nouns: `flat 12, module 50100007, meter 33456789`."""
        meter = module.meter or module.meter_read
        parts = [
            module.place,
            self.words("module_n", module.serial) if module.serial else "",
            self.words("meter_n", meter) if meter else "",
        ]
        if not any(parts) and module.found is not None:
            parts = [self.words("secondary_n", module.found.id)]
        return ", ".join(filter(None, parts)) or self.words("row_n", self.site.modules.index(module) + 1)

    def names(self, modules: Sequence[SiteModule]) -> str:
        """Return the names of modules, or only their number if they are many."""
        if len(modules) > NAMED_MODULES:
            return self.words("n_modules", len(modules))
        return "; ".join(map(self.name, modules))

    def title(self, row: CommandRow) -> str:
        """Return the title of a setting with its unit."""
        title = self.words.of(Message(row.title))
        return f"{title} ({row.unit})" if row.unit else title

    def value(self, row: CommandRow, text: str) -> str:
        """Return the value of a setting with its meaning: `3 (both)`."""
        meanings = [self.words.of(Message(each.text)) for each in row.choices if each.value == text]
        if row.fields and text.isascii() and text.isdigit() and len(text) <= len(str(row.maximum)):
            for each in row.fields:
                chosen = (int(text) & each.mask) >> each.first
                if chosen < len(each.choices):
                    meanings += [f"{self.words.of(Message(each.text))}: {self.words.of(Message(each.choices[chosen]))}"]
        meaning = ", ".join(meanings)
        return f"{text} ({meaning})" if meaning and meaning != text else text or self.words("empty")

    def left(self, module: SiteModule, row: CommandRow) -> str:
        """Return the value that a module is known to have now, or the dash; of a password only that it was set."""
        known = module.known.get(row.id)
        if known is None:
            return UNKNOWN
        if row.secret or known.text is None:
            return self.words("set")
        return self.value(row, known.text) + (NOT_READ_BACK if known.how is HowKnown.SENT else "")

    def as_found(self, module: SiteModule, row: CommandRow) -> str:
        """Return the value before the first write of the visit, or the dash."""
        if module.as_found is None:
            return self.left(module, row)
        text = module.as_found.settings.get(row.id)
        return UNKNOWN if text is None or row.secret else self.value(row, text)

    def is_changed(self, module: SiteModule, row: CommandRow) -> bool:
        """Return whether a setting was changed in the visit: it was written, or is known to differ."""
        if module.as_found is None:
            return False
        if any(
            written.name == row.id and written.outcome is WriteOutcome.TAKEN and self.is_of_visit(written.at)
            for written in module.written
        ):
            return row.secret or self.as_found(module, row) != self.left(module, row).removesuffix(NOT_READ_BACK)
        before, now = module.as_found.settings.get(row.id), module.value(row.id)
        return before is not None and now is not None and before != now

    def readings(self, module: SiteModule) -> list[SiteReading]:
        """Return the energy registers of the visit, each as it was read last."""
        found = module.as_found.readings if module.as_found is not None else ()
        newest = {reading.code: reading for reading in found if self.is_of_visit(reading.at)}
        newest.update(module.readings)
        return [reading for reading in newest.values() if is_energy(reading.code)]


def is_energy(code: str) -> bool:
    """Return whether an OBIS code is of a register of energy, such as `1.8.0` or `1-0:2.8.1*255` (IEC 62056-61)."""
    groups = code.rpartition(":")[2].split(".")
    return len(groups) >= 2 and groups[0] in _ENERGIES and groups[1] == "8"
