"""Words for the modules of a site and for the work on them. Pure functions."""

from __future__ import annotations

from cmi_gui.engine.cmi1020.profile import CommandRow
from cmi_gui.engine.mbus.slave_address import selection_text
from cmi_gui.engine.site.model import SiteModule, Whereabouts
from cmi_gui.ui.pages.bus.words import NONE
from cmi_gui.ui.text.messages import profile_text, translate
from cmi_gui.ui.text.status import place_text

HIDDEN = "••••••"


def number_of(module: SiteModule) -> str:
    """Return a module by its own number, else by that of its meter: `Module 50100007`, `Meter 33456789`."""
    if module.serial:
        return translate("VisitWords", "Module {0}").format(module.serial)
    if module.meter:
        return translate("VisitWords", "Meter {0}").format(module.meter)
    return translate("VisitWords", "Module without a number")


def named(module: SiteModule) -> str:
    """Return a module with its place, if that is known: `Module 50100007, flat 12`."""
    name = number_of(module)
    return translate("VisitWords", "{0}, {1}").format(name, place_text(module.place)) if module.place else name


def compact_value(name: str, text: str) -> str:
    """Return the text of a setting on one line; a rate map without blanks, as in `1234`."""
    return text.replace(" ", "") if name == "rate_map" else " ".join(text.split())


def value_words(row: CommandRow, text: str | None) -> str:
    """Return a value of a setting on one line; a dash for one that is not known, bullets for a password."""
    if row.secret:
        return NONE if text is None else HIDDEN
    return compact_value(row.id, text or "") or NONE


def check_words(row: CommandRow) -> str:
    """Return whether a setting is verified after it was written, in words; empty if it is."""
    return "" if row.read is not None else translate("VisitWords", "cannot be read back")


def title_of(row: CommandRow) -> str:
    """Return the title of a setting or command."""
    return profile_text(row.title)


def changes_text(changes: int, modules: int) -> str:
    """Return how many differences there are: `58 differences in 29 modules`."""
    differences = (
        translate("VisitWords", "1 difference")
        if changes == 1
        else translate("VisitWords", "{0} differences").format(changes)
    )
    return translate("VisitWords", "{0} in {1}").format(differences, modules_text(modules))


def write_text(changes: int) -> str:
    """Return the words of a button that writes differences: `Write 58 changes`."""
    if changes == 1:
        return translate("VisitWords", "Write 1 change")
    return translate("VisitWords", "Write {0} changes").format(changes)


def modules_text(count: int) -> str:
    """Return a number of modules: `29 modules`."""
    return translate("VisitWords", "1 module") if count == 1 else translate("VisitWords", "{0} modules").format(count)


def place_words(place: Whereabouts) -> str:
    """Return a place where a module may be: `address 12 at 2400 bit/s`."""
    speed = NONE if place.baud is None else str(place.baud)
    if place.address is not None:
        return translate("VisitWords", "address {0} at {1} bit/s").format(place.address, speed)
    return translate("VisitWords", "secondary address {0} at {1} bit/s").format(
        selection_text(bytes.fromhex(place.selection)), speed
    )
