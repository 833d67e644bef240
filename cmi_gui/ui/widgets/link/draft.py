"""A LINK while it is being typed: what a form's fields hold, what is wrong with it, and the LINK it makes."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from PySide6.QtCore import QCoreApplication

from cmi_gui.engine.link.url import LinkSpec, Role, Scheme, parse_link
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.ui.text.messages import text_of

translate = QCoreApplication.translate

HIGHEST_PORT = 65_535


class Part(Enum):
    """The fields of a form."""

    KIND = "kind"
    HOST = "host"
    PORT = "port"
    DEVICE = "device"
    PATH = "path"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and in which field."""

    part: Part
    words: str


_OPTIONS: Final = ("parity", "bits", "stop", "rts", "dtr", "echo", "framing")
_NONE: Final = LinkSpec("sim")


@dataclass(frozen=True, slots=True)
class LinkDraft:
    """What the fields hold, as typed. `options`: a LINK of the same scheme without a place, for its options."""

    scheme: Scheme
    host: str = ""
    port: str = ""
    device: str = ""
    path: str = ""
    options: LinkSpec = _NONE

    def link(self) -> str:
        """The LINK; options typed behind the place hold before those chosen. Raises LinkError where it makes none."""
        match self.scheme:
            case "sim":
                return "sim:"
            case "tcp":
                host = f"[{self.host.strip()}]" if ":" in self.host else self.host.strip()
                place = parse_link(f"tcp://{host}:{self.port.strip()}")
            case "serial":
                place = parse_link(f"serial:{self.device.strip()}")
            case _:
                place = parse_link(f"pty:{self.path.strip()}")
        typed = {name: getattr(place, name) for name in _OPTIONS if getattr(place, name) is not None}
        named = place.baud is not None or place.finds_speed
        spec = replace(
            self.options,
            scheme=place.scheme,
            host=place.host,
            port=place.port,
            path=place.path,
            paced=place.paced or self.options.paced,
            finds_speed=place.finds_speed if named else self.options.finds_speed,
            baud=place.baud if named else self.options.baud,
        )
        return str(parse_link(str(replace(spec, **typed))))


def draft_of(spec: LinkSpec) -> LinkDraft:
    """The fields for a LINK."""
    options = replace(spec, host="", port=0, path="")
    match spec.scheme:
        case "tcp":
            return LinkDraft("tcp", host=spec.host, port=str(spec.port), options=options)
        case "serial":
            return LinkDraft("serial", device=spec.path, options=options)
        case "pty":
            return LinkDraft("pty", path=spec.path, options=options)
        case _:
            return LinkDraft("sim")


def problem_of(draft: LinkDraft, role: Role) -> Problem | None:
    """What is wrong with the fields, before anything is opened; None where they make a LINK."""
    match draft.scheme:
        case "tcp":
            problem = _tcp_problem(draft, role)
        case "serial" if not draft.device.strip():
            problem = Problem(Part.DEVICE, translate("LinkDraft", "Choose a port from the list, or type its name"))
        case "pty" if sys.platform == "win32":
            words = translate(
                "LinkDraft",
                "Windows has no pseudo-terminals. Use TCP, or a serial port of a pair of virtual ones (com0com).",
            )
            problem = Problem(Part.KIND, words)
        case _:
            problem = None
    if problem is not None:
        return problem
    try:
        draft.link()
    except LinkError as error:
        return Problem(part_of_error(draft.scheme, error), text_of(error.message))
    return None


def _tcp_problem(draft: LinkDraft, role: Role) -> Problem | None:
    host, port = draft.host.strip(), draft.port.strip()
    lowest = 0 if role == "listen" else 1
    if role == "connect" and not host:
        return Problem(Part.HOST, translate("LinkDraft", "Type the name or address of the gateway"))
    if any(character in host for character in " /?#@[]"):
        return Problem(Part.HOST, translate("LinkDraft", "This is no name or address of a computer"))
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and lowest <= int(port) <= HIGHEST_PORT):
        return Problem(
            Part.PORT, translate("LinkDraft", "The port is a number from {0} to {1}").format(lowest, HIGHEST_PORT)
        )
    return None


def part_of_error(scheme: str, error: LinkError) -> Part:
    """The field that an error of the engine is about."""
    match scheme:
        case "tcp" if error.code in ("port_in_use", "not_allowed", "wired_twice", "refused"):
            return Part.PORT
        case "tcp":
            return Part.HOST
        case "serial":
            return Part.DEVICE
        case "pty" if error.code != "no_pty":
            return Part.PATH
        case _:
            return Part.KIND
