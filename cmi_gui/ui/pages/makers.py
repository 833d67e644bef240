"""How each page is made. What a page needs is loaded when it is made, not when the program starts."""

from __future__ import annotations

from cmi_gui.ui.pages.page import Context, Page

__all__ = [
    "make_bus",
    "make_configuration",
    "make_connections",
    "make_diagnostics",
    "make_module",
    "make_readings",
    "make_traffic",
]


def make_module(context: Context) -> Page:
    """The device to be touched."""
    from cmi_gui.ui.pages.module import ModulePage

    return ModulePage(context)


def make_configuration(context: Context) -> Page:
    """The settings of a module."""
    from cmi_gui.ui.pages.configuration import ConfigurationPage

    return ConfigurationPage(context)


def make_readings(context: Context) -> Page:
    """All OBIS fields, and plots."""
    from cmi_gui.ui.pages.readings import ReadingsPage

    return ReadingsPage(context)


def make_traffic(context: Context) -> Page:
    """The telegrams of both sides."""
    from cmi_gui.ui.pages.traffic import TrafficPage

    return TrafficPage(context)


def make_bus(context: Context) -> Page:
    """Real modules."""
    from cmi_gui.ui.pages.bus import BusPage

    return BusPage(context)


def make_connections(context: Context) -> Page:
    """The wiring."""
    from cmi_gui.ui.pages.connections import ConnectionsPage

    return ConnectionsPage(context)


def make_diagnostics(context: Context) -> Page:
    """Symptoms and their causes."""
    from cmi_gui.ui.pages.diagnostics import DiagnosticsPage

    return DiagnosticsPage(context)
