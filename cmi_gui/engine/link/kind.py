"""A kind of link: the form of its LINK, its options, how it is made, and its properties.

A kind is one module that declares one `LinkKind`; `url.KINDS` lists them all.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.iec62056.message import MODE_C_BAUD
from cmi_gui.engine.link_protocol import Link, LinkError
from cmi_gui.engine.machine import Line
from cmi_gui.engine.messages import Message, marked, out_of_range

if TYPE_CHECKING:
    from cmi_gui.engine.link.url import LinkSpec

Role = Literal["serve", "meter", "listen", "connect"]
"""The side of this program: `serve`: only masters may connect to us; `meter`: only reading devices may; `listen`: any
peer may; `connect`: we connect to a peer."""


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a LINK, `name=value`: one of `words`, which have values, or a number from `lowest` to `highest`.

    `name` is the attribute of `LinkSpec` that holds the value. `number_type`: the type of a number; a float is rounded
    to three decimals. `flags`: words that set another attribute of `LinkSpec` to true.
    """

    name: str
    words: Mapping[str, object] = field(default_factory=dict)
    lowest: int = 0
    highest: int = 0
    number_type: type[int] | type[float] = int
    flags: Mapping[str, str] = field(default_factory=dict)

    def text(self, value: object) -> str:
        """Return the value as it is written in a LINK."""
        words = [word for word, meant in self.words.items() if meant == value]
        return words[0] if words else f"{value:g}" if self.number_type is float else f"{value:d}"


BAUD: Final = Option("baud", lowest=1, highest=4_000_000)
BAUD_OR_AUTO: Final = Option("baud", lowest=1, highest=4_000_000, flags={"auto": "finds_speed"})
BAUD_AUTO_OR_ANY: Final = replace(BAUD_OR_AUTO, flags={**BAUD_OR_AUTO.flags, "any": "any_speed"})
PARITY: Final = Option("parity", {each: each for each in "NEO"})
BITS: Final = Option("bits", lowest=5, highest=8)
STOP: Final = Option("stop", lowest=1, highest=2)
RTS: Final = Option("rts", {"on": True, "off": False})
DTR: Final = Option("dtr", RTS.words)
ECHO: Final = Option("echo", {each: each for each in ("auto", "on", "off")})
FRAMING: Final = Option("framing", {each: each for each in ("port", "software")})
PACED: Final = Option("paced", lowest=0, highest=1, number_type=bool)
TIMEOUT: Final = Option("timeout", lowest=0, highest=60, number_type=float)
"""The seconds that an answer may take beyond the window of the standard."""
MAX_BAUD: Final = Option("max_baud", {str(baud): baud for baud in MODE_C_BAUD.values()})
"""The highest speed that a meter may be asked to use, bit/s."""
ANSWERS: Final = (TIMEOUT, MAX_BAUD)
"""The options of every link on which this program waits for answers."""


def path_location(host: str, port: object, path: str) -> str:
    """Return the location part of a LINK that is only a path."""
    return path


def network_location(host: str, port: object, path: str = "") -> str:
    """Return the location part of a network link; an IPv6 address is put into brackets."""
    return f"//[{host}]:{port}" if ":" in host else f"//{host}:{port}"


@dataclass(frozen=True, slots=True)
class LinkKind:
    """One kind of link.

    `form`: the form of the LINK, for messages. `read`: parses the text between the colon and the options into
    attributes of `LinkSpec`, by name; it also gets the kind and the whole LINK, for `error`. `location`: the inverse of
    `read`, from host, port and path.
    `make`: makes the bare link, closed; the arguments are those of `make_link`.

    `real_wire`: it is a serial port, so its other end and the voltage there are not known. `network`: it is
    reached by host and port. `simulated`: its other side is inside this program, so the station makes the link.
    `echo`: the default of the option `echo=`. `meter_role`, `listen_role`: the role towards a meter, and on a wire
    that is only listened to. `reopens`: the roles in which it is opened automatically as soon as that is possible.
    `missing_on`: values of `sys.platform` where it does not exist.
    """

    scheme: str
    form: str
    options: tuple[Option, ...]
    read: Callable[[LinkKind, str, str], Mapping[str, Any]]
    make: Callable[[LinkSpec, Clock, Role, Line], Link]
    location: Callable[[str, object, str], str] = path_location
    real_wire: bool = False
    network: bool = False
    simulated: bool = False
    echo: Literal["auto", "off"] = "off"
    meter_role: Role = "connect"
    listen_role: Role = "listen"
    reopens: frozenset[Role] = frozenset()
    missing_on: tuple[str, ...] = ()

    @property
    def exists(self) -> bool:
        """True if this operating system has such links."""
        return sys.platform not in self.missing_on

    def option(self, name: str) -> Option | None:
        """Return the option of this name, or None."""
        return next((option for option in self.options if option.name == name), None)

    def error(self, text: str, cause: Message) -> LinkError:
        """Return the error (`bad_link`) for a LINK of this kind that is not valid."""
        return LinkError("bad_link", Message("{0}: {1}; the form is {2}.", (shown(text), cause, self.form)))

    def number(
        self, text: str, name: str | Message, value: str, lowest: int, highest: int, *, decimals: bool = False
    ) -> float:
        """Read a number from `lowest` to `highest`: a whole one, or with `decimals` one rounded to three decimals.

        Raises LinkError (`bad_link`), which calls it `name`.
        """
        form = r"[0-9]+(\.[0-9]+)?" if decimals else "[0-9]+"
        if not re.fullmatch(form, value):
            template = marked("{0} must be a number, not {1}")
            if decimals:
                template = marked("{0} must be a number such as 0.5 or 2, not {1}")
            raise self.error(text, Message(template, (name, shown_value(value))))
        number = round(float(value), 3)
        if not lowest <= number <= highest:
            raise self.error(text, out_of_range(name, lowest, highest, shown(value)))
        return number

    def address(self, text: str, location: str) -> dict[str, Any]:
        """Read `//HOST:PORT`, the location part of a network link. Raises LinkError (`bad_link`)."""
        if not location.startswith("//"):
            raise self.error(text, Message("two slashes must follow {0}:", (self.scheme,)))
        match = re.fullmatch(r"//(?:\[(?P<v6>[^\]]*)\]|(?P<host>[^:/\[\]]*))(?::(?P<port>[^:/]*))?/?", location)
        if match is None:
            raise self.error(text, Message("one host and one port are expected (put an IPv6 address in [brackets])"))
        port = match["port"]
        if not port:
            raise self.error(text, Message("the port is missing"))
        return {
            "host": match["v6"] or match["host"] or "",
            "port": int(self.number(text, Message("the port"), port, 0, 65535)),
        }


def shown(text: str) -> str:
    """Return text from the user in a printable form of at most 80 characters for a message."""
    text = text if text.isprintable() else ascii(text)
    return text if len(text) <= 80 else f"{text[:79]}…"


def shown_value(value: str) -> str | Message:
    """Return the value of an option in a form for a message; an empty one as a word."""
    return shown(value) or Message("empty")
