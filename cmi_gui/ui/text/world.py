"""The world of the chosen module: what a command to it reaches, and the port behind which that is."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from cmi_gui.engine.link.url import parse_link
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.station.station import Station
from cmi_gui.ui.targets import ModuleTarget
from cmi_gui.ui.text.link_words import place_name, shown_link
from cmi_gui.ui.text.messages import translate
from cmi_gui.ui.text.status import meter_link, short_place


class World(Enum):
    """The kind of equipment that a command to the chosen module reaches."""

    SIMULATED = "simulated"
    """The built-in module in the simulated meter."""
    PRACTICE = "practice"
    """A module found on the practice bus, which is inside this program."""
    REAL_METER = "real meter"
    """The built-in module, which commands a real meter."""
    REAL_BUS = "real bus"
    """A module found on a real bus."""

    @property
    def real(self) -> bool:
        """True if commands act on real equipment."""
        return self in (World.REAL_METER, World.REAL_BUS)


class WorldWords(NamedTuple):
    """A world in words. `name`: such as `REAL BUS COM3`; `about`: a sentence that explains it."""

    name: str
    about: str


def world(station: Station, target: ModuleTarget) -> World:
    """Return the kind of equipment that a command to the chosen module reaches."""
    if not target.built_in:
        return World.PRACTICE if target.practice else World.REAL_BUS
    return World.REAL_METER if station.meter_is_real else World.SIMULATED


def world_words(station: Station, target: ModuleTarget) -> WorldWords:
    """Return the world of the chosen module in words, a real one with the short name of its port."""
    match world(station, target):
        case World.SIMULATED:
            return WorldWords(
                translate("Status", "SIMULATED"),
                translate("Status", "The chosen module and its meter are simulated: no real meter is touched"),
            )
        case World.PRACTICE:
            return WorldWords(
                practice_bus_name(),
                translate(
                    "Status", "The chosen module is on the practice bus: it and its meter are simulated in this program"
                ),
            )
        case World.REAL_METER:
            about = translate(
                "Status", "The built-in module controls a real meter: its push button switches a real disconnector"
            )
            name = translate("Status", "REAL METER {0}").format(port_name(shown_link(meter_link(station))))
            return WorldWords(name, about)
        case World.REAL_BUS:
            about = translate("Status", "The chosen module is on a real bus: commands to it act on real equipment")
            return WorldWords(real_bus_name(target.where), about)


def real_bus_name(link: str) -> str:
    """Return the name of the world behind a LINK to a real bus."""
    return translate("Status", "REAL BUS {0}").format(port_name(link))


def practice_bus_name() -> str:
    """Return the name of the world of the practice bus."""
    return translate("Status", "PRACTICE BUS")


def port_name(link: str) -> str:
    """Return the short name of a LINK's port, such as `COM3` or `ttyUSB0`; a long one is shortened in its middle."""
    try:
        return short_place(place_name(parse_link(link)))
    except LinkError:
        return short_place(link)
