"""What is wired to the module: the links of its M-Bus side, its meter; and how that is kept for the next start."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Final, Literal

import msgspec
import tomli_w

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.e350.variants import Variant, variant
from cmi_gui.engine.files.atomic_file import write_atomically
from cmi_gui.engine.files.kept_file import load_kept
from cmi_gui.engine.files.toml_file import toml_values
from cmi_gui.engine.iec62056.events import START_LINE
from cmi_gui.engine.link.kind import MAX_BAUD, TIMEOUT, Role
from cmi_gui.engine.link.url import LinkSpec, make_link, parse_link
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.machine import Line
from cmi_gui.engine.messages import Message, marked

SIMULATED = "sim:"
BUS_LINE = Line(2400)
"""The speed of a bus whose LINK names none (EN 13757-2)."""
_EVERY_ADDRESS = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared with, not listened on
_HEAD = "# What was wired on the page Wiring; what is not named is as the program starts with it.\n"


class Use(Enum):
    """What a link is used for; that decides its role, and what is usual on it."""

    SERVE = "serve"
    """Masters reach the module by it."""
    METER = "meter"
    """The module reads its meter by it."""
    MASTER = "master"
    """This program is the master on it; the speed is chosen by the scan."""
    LISTEN_BUS = "listen_bus"
    """The traffic of a bus is only listened to."""
    LISTEN_METER = "listen_meter"
    """The traffic between a meter and its reader is only listened to."""

    @property
    def line(self) -> Line:
        """The standard's speed and format: EN 13757-2 for the bus, IEC 62056-21 for the meter."""
        return START_LINE if self in (Use.METER, Use.LISTEN_METER) else BUS_LINE

    def role(self, spec: LinkSpec) -> Role:
        """Whether others come to such a link, or we go to them."""
        roles: dict[Use, Role] = {Use.SERVE: "listen", Use.MASTER: "connect", Use.METER: spec.kind.meter_role}
        return roles.get(self, spec.kind.listen_role)

    def check_options(self, spec: LinkSpec) -> None:
        """Raise LinkError for an option that has no sense in this use."""
        for option, (uses, cause) in _USES_OF_OPTIONS.items():
            if option in spec.options and self not in uses:
                raise LinkError("bad_link", Message("{0}: {1}; leave it out here.", (str(spec), Message(cause))))


_USES_OF_OPTIONS: Final = marked(
    {
        TIMEOUT.name: (
            {Use.METER, Use.MASTER},
            "timeout= applies only to a LINK on which this program waits for answers",
        ),
        MAX_BAUD.name: ({Use.METER}, "max_baud= applies only to the LINK of a meter"),
    }
)
"""The uses of options that have no sense in others, and the words for that."""


class Listening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A wire on which others speak and we only listen.

    `link`: its LINK, to which we connect where it is TCP. `side`: what is spoken there, the telegrams of a bus or the
    messages of a meter and whoever reads it.
    """

    link: str
    side: Literal["mbus", "meter"] = "mbus"

    @property
    def use(self) -> Use:
        """The use of its link."""
        return Use.LISTEN_BUS if self.side == "mbus" else Use.LISTEN_METER


@dataclass(frozen=True, slots=True)
class Wiring:
    """What is wired.

    `mbus`: the LINKs on which masters reach the module; with none, only this program's own do. `meter`: `sim:` or the
    LINK of a real meter. `variant`, `has_disconnector`: of the simulated meter; None is as its variant has it.
    `listen`: wires that have nothing to do with the module; what is heard there is recorded, nothing is said.
    """

    mbus: tuple[str, ...]
    meter: str = SIMULATED
    variant: str = "M29"
    has_disconnector: bool | None = None
    listen: tuple[Listening, ...] = ()

    @property
    def simulated(self) -> Variant:
        """The simulated meter as it is wired. Raises ValueError for a variant that is not known."""
        made = variant(self.variant)
        return made if self.has_disconnector is None else replace(made, has_disconnector=self.has_disconnector)


def same_place(one: LinkSpec, other: LinkSpec) -> bool:
    """Whether two LINKs want the same thing of the computer, so that only one of them can be open at a time."""
    if one.kind.network or other.kind.network:
        hosts = {_host(one), _host(other)}
        same_host = len(hosts) == 1 or bool(hosts & _EVERY_ADDRESS)
        return one.scheme == other.scheme and one.port == other.port != 0 and same_host
    # What `pty:/path` names may be opened as `serial:/path` too.
    return bool(one.path) and bool(other.path) and _device(one.path) == _device(other.path)


def _host(spec: LinkSpec) -> str:
    return spec.host.lower() if spec.host not in ("", "localhost") else "127.0.0.1"


def _device(path: str) -> str:
    # A COM port is no file: its name is told apart without its case only.
    return path.upper() if path[:3].upper() == "COM" else os.path.abspath(path)


_Wired = tuple[str, LinkSpec]


def check_wiring(wiring: Wiring) -> None:
    """Raises LinkError for a LINK that cannot be, or two that want the same; ValueError for a variant not known."""
    variant(wiring.variant)
    own: list[_Wired] = []
    for link in wiring.mbus:
        own.append(_checked(link, Use.SERVE, own))
    if not parse_link(wiring.meter).kind.simulated:
        own.append(_checked(wiring.meter, Use.METER, own))
    heard: list[_Wired] = []
    for listening in wiring.listen:
        heard.append(_checked(listening.link, listening.use, own, heard))


def _checked(link: str, use: Use, own: Sequence[_Wired], heard: Sequence[_Wired] = ()) -> _Wired:
    """A LINK and what it means. Raises LinkError where it cannot be used so, or is the place of another one."""
    spec = parse_link(link)
    use.check_options(spec)
    if spec.finds_speed and use.line is START_LINE:
        message = Message(
            "{0}: a meter is signed on to at 300 bit/s, and every change of its speed is followed;"
            " leave baud=auto out.",
            (link,),
        )
        raise LinkError("bad_link", message)
    # Making a link opens nothing and asks no clock.
    make_link(spec, VirtualClock(), use.role(spec), use.line)
    # A meter or a tap in a network is somebody else's port, even where its number is one of ours.
    elsewhere = use is not Use.SERVE and spec.kind.network
    for other, there in (*heard, *(() if elsewhere else own)):
        if same_place(spec, there):
            raise wired_twice(link, other)
    return link, spec


def wired_twice(link: str, other: str) -> LinkError:
    """Return the error of two LINKs that lead to the same port."""
    message = Message("{0} and {1} want the same port; name another one for one of them.", (link, other))
    return LinkError("wired_twice", message)


class KeptWiring(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What was chosen, as it is kept; None: never chosen, so whatever the program starts with.

    So the default address of the M-Bus side can go on to the next free port as long as nobody has chosen one. Raises
    ValueError for what cannot be wired.
    """

    mbus: tuple[str, ...] | None = None
    meter: str | None = None
    variant: str | None = None
    has_disconnector: bool | None = None
    listen: tuple[Listening, ...] | None = None

    def __post_init__(self) -> None:
        try:
            check_wiring(self.over(Wiring(())))
        except LinkError as error:
            raise ValueError(str(error).rstrip(".")) from error

    def over(self, wiring: Wiring) -> Wiring:
        """`wiring` with what was chosen."""
        chosen = {name: value for name, value in msgspec.structs.asdict(self).items() if value is not None}
        return replace(wiring, **chosen)


def _path(folder: Path) -> Path:
    return folder / "wiring.toml"


def _parse(text: str) -> KeptWiring:
    return msgspec.convert(toml_values(text), KeptWiring)


def load_wiring(folder: Path | None) -> tuple[KeptWiring, Message | None]:
    """What is kept in `folder`; and, where the file was damaged, one sentence about that. Never raises."""
    if folder is None:
        return KeptWiring(), None
    kept, problem = load_kept(_path(folder), _parse, Message("the default wiring is used"))
    return kept or KeptWiring(), problem


def keep_wiring(folder: Path, **chosen: object) -> None:
    """Keep what was chosen, by the names of `KeptWiring`, beside what was chosen before.

    Raises OSError with the file's name if it cannot be written, ValueError for what cannot be wired.
    """
    before, _ = load_wiring(folder)
    kept = msgspec.convert({**msgspec.structs.asdict(before), **chosen}, KeptWiring)
    values = msgspec.to_builtins(kept)
    write_atomically(_path(folder), (_HEAD + tomli_w.dumps(values)).encode("utf-8"))
