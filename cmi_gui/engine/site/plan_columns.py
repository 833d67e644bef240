"""The columns of a plan: their titles in English and Swedish, and numbers that a spreadsheet has changed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.configurator.values import settings
from cmi_gui.engine.link.kind import shown
from cmi_gui.engine.messages import InvalidValue, Message, marked
from cmi_gui.engine.site.cells import IDENTITY, setting_names
from cmi_gui.engine.site.model import Site
from cmi_gui.engine.site.site_file import checked_number

KEYS: Final = ("serial", "meter", "place")
"""The columns by which the rows of a site are found, in this order."""
NUMBERS: Final = {
    "serial": Message("a serial number"),
    "meter": Message("a meter number"),
    "secondary_address": Message("a secondary address"),
}
"""The columns with numbers of eight digits, in words."""
_TITLES: Final[Mapping[str, str]] = {
    "serial": "serial number, serial no, module, module number, serienummer, serienr, modul, modulnummer, modulnr",
    "meter": "meter number, meter no, mätare, mätarnummer, mätarnr",
    "place": "flat, room, apartment, plats, lägenhet, lägenhetsnummer, lägenhetsnr, lgh, lghnr, lgh nr, rum, lokal",
    "variant": "meter variant, mätarvariant",
    "note": "notes, remark, comment, anteckning, anteckningar, kommentar, anmärkning, notering",
    "primary_address": "address, adress, primäradress, primär adress",
    "secondary_address": "sekundäradress, sekundär adress",
    "baud": "speed, hastighet, baudrate, baud rate",
    "disconnector_control": "brytarstyrning",
    "rate_enable": "tariffingångar aktiverade",
    "rate_map": "map, rate mapping, tarifftabell",
    "usage": "användning av p1 och p2",
    "selection_list": "urvalslista",
    "tag": "konfigurationsmärke",
}
"""Further titles of columns, beside the names themselves and the titles of the profile."""
_SECRET: Final = re.compile(
    r"\b(?:p1|p2|passwd|pwd|pin|login key)\b|password|passphrase|passwort|kennwort|lösenord|inloggningsnyckel"
)
"""Titles of passwords; a mere "key" is that of a door."""
_WORD: Final = re.compile(r"[^\W_]+")
_SHORTENED: Final = re.compile(r"[0-9]+(?:[.,][0-9]+)?[eE]\+?[0-9]+")
_DECIMALS: Final = re.compile(r"[.,]0+\Z")


class Titles:
    """The titles of columns that are known, and those of passwords."""

    def __init__(self, table: CommandTable) -> None:
        self._names: dict[str, str] = {}
        for name in (*IDENTITY, *setting_names(table)):
            for title in (name, *_TITLES.get(name, "").split(",")):
                self._names[_plain(title)] = name
        secrets = set()
        for row in settings(table):
            if row.secret:
                secrets |= {_plain(row.id), _plain(row.title)}
            else:
                self._names.setdefault(_plain(row.title), row.id)
        self._secrets = secrets

    def name(self, title: str) -> str | None:
        """Return the name of a column; None if its title is not known."""
        return self._names.get(_plain(title))

    def is_known(self, title: str) -> bool:
        """Return whether a title is that of a column, or of a password."""
        return self.name(title) is not None or self.is_secret(title)

    def is_secret(self, title: str) -> bool:
        """Return whether a column is for a password."""
        plain = _plain(title)
        return plain not in self._names and (plain in self._secrets or _SECRET.search(plain) is not None)


def _plain(title: str) -> str:
    """Return a title in lower case, its words separated by one blank: "Primary_address:" is `primary address`."""
    return " ".join(_WORD.findall(title.casefold()))


def known_numbers(site: Site, name: str) -> set[str]:
    """Return the meter numbers in a site, or else its serial numbers."""
    if name == "meter":
        return {number for module in site for number in (module.meter, module.meter_read) if number}
    found = {module.found.fabrication or module.found.id for module in site if module.found is not None}
    return found | {module.serial for module in site if module.serial}


def restored_number(text: str, name: str, known: Collection[str]) -> tuple[str, Message | None]:
    """Return a number of eight digits as it was before a spreadsheet changed it, and a remark if zeros were restored.

    Lost zeros are restored only if the site has the number, because a digit may also be missing. Raises InvalidValue.
    """
    what = NUMBERS[name]
    text = "".join(text.split())
    if _SHORTENED.fullmatch(text):
        template = marked("{0} was shortened by a spreadsheet; give the column the format Text and enter {1} again")
        raise InvalidValue(Message(template, (text, what)))
    digits = _DECIMALS.sub("", text)
    if digits.isascii() and digits.isdigit() and len(digits) < 8:
        whole = digits.zfill(8)
        if whole not in known:
            template = marked(
                "{0} has 8 digits, not {1}; if zeros in front are missing, give the column the format Text and enter"
                " all digits"
            )
            raise InvalidValue(Message(template, (what, shown(digits))))
        return whole, Message("{0}: zeros in front were missing, it is {1}", (digits, whole))
    return checked_number(digits, what), None
