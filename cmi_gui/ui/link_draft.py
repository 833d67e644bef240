"""A LINK while it is being typed: what a form's fields hold, what is wrong with it, and the LINK it makes."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QCoreApplication

from cmi_gui.engine.link.base import LinkError
from cmi_gui.engine.link.url import LinkSpec, Role, Scheme, parse_link
from cmi_gui.ui.engine_words import engine_text

__all__ = ["LinkDraft", "Part", "Problem", "draft_of", "part_of_error", "problem_of"]

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


@dataclass(frozen=True, slots=True)
class LinkDraft:
    """What the fields hold, as typed. `line`: speed, parity, bits and stop bits, as far as the LINK shall name them."""

    scheme: Scheme
    host: str = ""
    port: str = ""
    device: str = ""
    path: str = ""
    line: tuple[int | None, str | None, int | None, int | None] = (None, None, None, None)
    paced: bool = False

    def link(self) -> str:
        """The LINK. Raises LinkError where the fields make none."""
        baud, parity, bits, stop = self.line
        match self.scheme:
            case "sim":
                return "sim:"
            case "tcp":
                host = f"[{self.host.strip()}]" if ":" in self.host else self.host.strip()
                text = f"tcp://{host}:{self.port.strip()}"
                options = {"baud": baud, "paced": 1 if self.paced else None}
            case "serial":
                text = f"serial:{self.device.strip()}"
                options = {"baud": baud, "parity": parity, "bits": bits, "stop": stop}
            case _:
                text = f"pty:{self.path.strip()}"
                options = {"baud": baud, "paced": 1 if self.paced else None}
        query = "&".join(f"{name}={value}" for name, value in options.items() if value is not None)
        return str(parse_link(f"{text}?{query}" if query else text))


def draft_of(spec: LinkSpec) -> LinkDraft:
    """The fields for a LINK."""
    line = (spec.baud, spec.parity, spec.bits, spec.stop)
    match spec.scheme:
        case "tcp":
            return LinkDraft("tcp", host=spec.host, port=str(spec.port), line=line, paced=spec.paced)
        case "serial":
            return LinkDraft("serial", device=spec.path, line=line)
        case "pty":
            return LinkDraft("pty", path=spec.path, line=line, paced=spec.paced)
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
        return Problem(part_of_error(draft.scheme, error), engine_text(error.message))
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
