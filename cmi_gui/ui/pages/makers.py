"""How each page is made. What a page needs is loaded when it is made, not when the program starts."""

from __future__ import annotations

from cmi_gui.ui.pages.page import Context, Page


def make_module(context: Context) -> Page:
    """The device to be touched."""
    from cmi_gui.ui.pages.module.page import ModulePage

    return ModulePage(context)


def make_configuration(context: Context) -> Page:
    """The settings of a module."""
    from cmi_gui.ui.pages.configuration.page import ConfigurationPage

    return ConfigurationPage(context)


def make_readings(context: Context) -> Page:
    """All OBIS fields, and plots."""
    from cmi_gui.ui.pages.readings.page import ReadingsPage

    return ReadingsPage(context)


def make_traffic(context: Context) -> Page:
    """The telegrams of both sides."""
    from cmi_gui.ui.pages.traffic.page import TrafficPage

    return TrafficPage(context)


def make_bus(context: Context) -> Page:
    """Real modules."""
    from cmi_gui.ui.pages.bus.page import BusPage

    return BusPage(context)


def make_connections(context: Context) -> Page:
    """The wiring."""
    from cmi_gui.ui.pages.connections.page import ConnectionsPage

    return ConnectionsPage(context)


def make_diagnostics(context: Context) -> Page:
    """Symptoms and their causes."""
    from cmi_gui.ui.pages.diagnostics.page import DiagnosticsPage

    return DiagnosticsPage(context)
