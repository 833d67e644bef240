"""A LINK while it is being typed: the content of a form's fields, what is wrong with it, the resulting LINK."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from cmi_gui.engine.link.kind import LinkKind, Role
from cmi_gui.engine.link.memory import SIM
from cmi_gui.engine.link.url import KINDS, LinkSpec, parse_link
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.ui.text.link_words import kind_words
from cmi_gui.ui.text.messages import text_of, translate

HIGHEST_PORT = 65_535


class Part(Enum):
    """The fields of a form."""

    KIND = "kind"
    HOST = "host"
    PORT = "port"
    DEVICE = "device"
    PATH = "path"


@dataclass(frozen=True, slots=True)
class LinkProblem:
    """A problem with a draft, and the field that it is in."""

    part: Part
    words: str


_NONE: Final = LinkSpec(SIM.scheme)


@dataclass(frozen=True, slots=True)
class LinkDraft:
    """The content of the fields, as typed. `options`: a LINK without a place, for its options."""

    scheme: str
    host: str = ""
    port: str = ""
    path: str = ""
    options: LinkSpec = _NONE

    @property
    def kind(self) -> LinkKind:
        """The chosen kind."""
        return KINDS[self.scheme]

    def link(self) -> str:
        """Return the LINK; options typed after the place override those chosen. Raises LinkError if it is not valid."""
        location = self.kind.location(self.host.strip(), self.port.strip(), self.path.strip())
        return str(parse_link(f"{self.scheme}:{location}").with_defaults(self.options))


def draft_of(spec: LinkSpec) -> LinkDraft:
    """Return the fields for a LINK."""
    port = str(spec.port) if spec.kind.network else ""
    return LinkDraft(spec.scheme, spec.host, port, spec.path, replace(spec, host="", port=0, path=""))


def problem_of(draft: LinkDraft, role: Role) -> LinkProblem | None:
    """Return what is wrong with the fields, without opening anything; None if they make a valid LINK."""
    kind, problem = draft.kind, None
    if kind.network:
        problem = _network_problem(draft, role)
    elif kind.real_wire and not draft.path.strip():
        problem = LinkProblem(Part.DEVICE, translate("LinkDraft", "Choose a port from the list, or type its name"))
    elif not kind.exists:
        problem = LinkProblem(Part.KIND, kind_words()[kind.scheme].missing)
    if problem is not None:
        return problem
    try:
        draft.link()
    except LinkError as error:
        return LinkProblem(part_of_error(kind, error), text_of(error.message))
    return None


def _network_problem(draft: LinkDraft, role: Role) -> LinkProblem | None:
    host, port = draft.host.strip(), draft.port.strip()
    lowest = 0 if role == "listen" else 1
    if role == "connect" and not host:
        return LinkProblem(Part.HOST, translate("LinkDraft", "Type the name or address of the gateway"))
    if any(character in host for character in " /?#@[]"):
        return LinkProblem(Part.HOST, translate("LinkDraft", "This is not a valid host name or address"))
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and lowest <= int(port) <= HIGHEST_PORT):
        return LinkProblem(
            Part.PORT, translate("LinkDraft", "The port must be a number from {0} to {1}").format(lowest, HIGHEST_PORT)
        )
    return None


def part_of_error(kind: LinkKind, error: LinkError) -> Part:
    """Return the field that an error of the engine is about."""
    if kind.network:
        return Part.PORT if error.code in ("port_in_use", "not_allowed", "wired_twice", "refused") else Part.HOST
    if kind.real_wire:
        return Part.DEVICE
    return Part.KIND if kind.simulated or error.code == "no_pty" else Part.PATH
