"""The pages of the program: their titles, how each is created, and their chapters in the guide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cmi_gui.ui.pages.page import Context, Page
from cmi_gui.ui.text.messages import translate

FIRST_PAGE = "pageModule"
"""The object name of the page that is shown at the first start."""


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A page in the navigation.

    `icon`: the name of its icon, from which `name` is derived. `title`, and `group`, the name of its group: in the
    current language. `chapter`: the place of its chapter among the second-level chapters of the guide, the same in
    every language.
    """

    icon: str
    title: str
    maker: Callable[[Context], Page]
    chapter: int
    group: str

    @property
    def name(self) -> str:
        """The object name of the page."""
        return f"page{self.icon.capitalize()}"

    def make_page(self, context: Context) -> Page:
        """Create the page. Its module is imported only now, so that the program starts faster."""
        page = self.maker(context)
        page.setObjectName(self.name)
        page.setAccessibleName(self.title)
        return page


def page_entries() -> tuple[PageEntry, ...]:
    """Return all pages in the order of the navigation."""
    site, module = translate("MainWindow", "SITE"), translate("MainWindow", "MODULE")
    wire, built_in = translate("MainWindow", "WIRE"), translate("MainWindow", "BUILT-IN")
    return (
        PageEntry("bus", translate("MainWindow", "Site"), _bus, 7, site),
        PageEntry("configuration", translate("MainWindow", "Configuration"), _configuration, 4, module),
        PageEntry("readings", translate("MainWindow", "Readings"), _readings, 5, module),
        PageEntry("diagnostics", translate("MainWindow", "Diagnostics"), _diagnostics, 9, module),
        PageEntry("traffic", translate("MainWindow", "Traffic"), _traffic, 6, wire),
        PageEntry("module", translate("MainWindow", "Built-in module"), _module, 2, built_in),
        PageEntry("connections", translate("MainWindow", "Wiring"), _connections, 8, built_in),
    )


def _module(context: Context) -> Page:
    from cmi_gui.ui.pages.module.page import ModulePage

    return ModulePage(context)


def _configuration(context: Context) -> Page:
    from cmi_gui.ui.pages.configuration.page import ConfigurationPage

    return ConfigurationPage(context)


def _readings(context: Context) -> Page:
    from cmi_gui.ui.pages.readings.page import ReadingsPage

    return ReadingsPage(context)


def _traffic(context: Context) -> Page:
    from cmi_gui.ui.pages.traffic.page import TrafficPage

    return TrafficPage(context)


def _bus(context: Context) -> Page:
    from cmi_gui.ui.pages.bus.page import BusPage

    return BusPage(context)


def _connections(context: Context) -> Page:
    from cmi_gui.ui.pages.connections.page import ConnectionsPage

    return ConnectionsPage(context)


def _diagnostics(context: Context) -> Page:
    from cmi_gui.ui.pages.diagnostics.page import DiagnosticsPage

    return DiagnosticsPage(context)
