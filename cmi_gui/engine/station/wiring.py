"""The wiring of the module: the links of its M-Bus side, its meter, the listeners; and its file for the next start."""

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
from cmi_gui.engine.files.stored_file import load_stored
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
_FILE_HEADER = "# The wiring chosen on the page Wiring; a value that is not listed is the program's default.\n"


class Use(Enum):
    """The use of a link, which decides its role and its default line settings."""

    SERVE = "serve"
    """Masters reach the module by this link."""
    METER = "meter"
    """The module reads its meter by this link."""
    METER_PORT = "meter_port"
    """Reading devices reach the simulated meter by this link."""
    MASTER = "master"
    """This program is the master on this link; the scan chooses the speed."""
    LISTEN_BUS = "listen_bus"
    """This program only listens to the traffic of a bus."""
    LISTEN_METER = "listen_meter"
    """This program only listens to the traffic between a meter and its reader."""

    @property
    def line(self) -> Line:
        """The line settings of the standard: EN 13757-2 for the bus, IEC 62056-21 for the meter."""
        return START_LINE if self in (Use.METER, Use.METER_PORT, Use.LISTEN_METER) else BUS_LINE

    def role(self, spec: LinkSpec) -> Role:
        """Return the role of this program on such a link."""
        roles: dict[Use, Role] = {
            Use.SERVE: "listen",
            Use.MASTER: "connect",
            Use.METER: spec.kind.meter_role,
            Use.METER_PORT: "meter",
        }
        return roles.get(self, spec.kind.listen_role)

    def check_options(self, spec: LinkSpec) -> None:
        """Raise LinkError (`bad_link`) for an option that makes no sense in this use."""
        for option, (uses, cause) in _USES_OF_OPTIONS.items():
            if option in spec.options and self not in uses:
                raise LinkError("bad_link", Message("{0}: {1}. Remove it here.", (str(spec), Message(cause))))


_USES_OF_OPTIONS: Final = marked(
    {
        TIMEOUT.name: (
            {Use.METER, Use.MASTER},
            "timeout= applies only to a LINK on which this program waits for answers",
        ),
        MAX_BAUD.name: ({Use.METER}, "max_baud= applies only to the LINK of a meter"),
    }
)
"""The options that make sense only in some uses: these uses, and the message for the others."""


class Listening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A wire on which this program only listens.

    `link`: its LINK; TCP is connected to. `side`: the traffic there, the telegrams of a bus or the messages of a meter
    and its reader.
    """

    link: str
    side: Literal["mbus", "meter"] = "mbus"

    @property
    def use(self) -> Use:
        """The use of its link."""
        return Use.LISTEN_BUS if self.side == "mbus" else Use.LISTEN_METER


@dataclass(frozen=True, slots=True)
class Wiring:
    """The wiring of a station.

    `mbus`: the LINKs on which masters reach the module; with none, only this program's own masters do. `meter`: `sim:`
    or the LINK of a real meter. `variant`, `has_disconnector`: of the simulated meter; None means as in its variant.
    `listen`: wires unrelated to the module; their traffic is recorded, and nothing is sent there. `meter_port`: the
    LINK on which reading devices reach the simulated meter beside the module; empty: none.
    """

    mbus: tuple[str, ...]
    meter: str = SIMULATED
    variant: str = "M29"
    has_disconnector: bool | None = None
    listen: tuple[Listening, ...] = ()
    meter_port: str = ""

    @property
    def simulated(self) -> Variant:
        """The variant of the simulated meter, with `has_disconnector`. Raises ValueError for an unknown variant."""
        made = variant(self.variant)
        return made if self.has_disconnector is None else replace(made, has_disconnector=self.has_disconnector)


def same_port(one: LinkSpec, other: LinkSpec) -> bool:
    """Return whether two LINKs need the same device or address, so that only one of them can be open at a time."""
    if one.kind.network or other.kind.network:
        hosts = {_host(one), _host(other)}
        same_host = len(hosts) == 1 or bool(hosts & _EVERY_ADDRESS)
        return one.scheme == other.scheme and one.port == other.port != 0 and same_host
    # The path of `pty:/path` may also be opened as `serial:/path`.
    return bool(one.path) and bool(other.path) and _device(one.path) == _device(other.path)


def _host(spec: LinkSpec) -> str:
    return spec.host.lower() if spec.host not in ("", "localhost") else "127.0.0.1"


def _device(path: str) -> str:
    # The name of a COM port is not a path, and its case does not matter.
    return path.upper() if path[:3].upper() == "COM" else os.path.abspath(path)


_Wired = tuple[str, LinkSpec]


def check_wiring(wiring: Wiring) -> None:
    """Raise LinkError for a LINK that cannot be used or two for the same port, ValueError for an unknown variant."""
    variant(wiring.variant)
    own: list[_Wired] = []
    for link in wiring.mbus:
        own.append(_checked(link, Use.SERVE, own))
    if not parse_link(wiring.meter).kind.simulated:
        own.append(_checked(wiring.meter, Use.METER, own))
    if wiring.meter_port:
        own.append(_checked(wiring.meter_port, Use.METER_PORT, own))
        if not parse_link(wiring.meter).kind.simulated:
            message = Message(
                "{0} cannot be the meter's own port, because a real meter is wired. Connect the reading device to that"
                " meter, or wire the simulated one (sim:).",
                (wiring.meter_port,),
            )
            raise LinkError("bad_link", message)
    listened: list[_Wired] = []
    for listening in wiring.listen:
        listened.append(_checked(listening.link, listening.use, own, listened))


def _checked(link: str, use: Use, own: Sequence[_Wired], listened: Sequence[_Wired] = ()) -> _Wired:
    """Return a LINK with its spec. Raises LinkError if it cannot be used this way, or needs the port of another one."""
    spec = parse_link(link)
    use.check_options(spec)
    if spec.finds_speed and use.line is START_LINE:
        message = Message(
            "{0}: the sign-on to a meter is at 300 bit/s, and changes of its speed are followed. Remove baud=auto.",
            (link,),
        )
        raise LinkError("bad_link", message)
    # Making a link opens nothing and does not use the clock.
    make_link(spec, VirtualClock(), use.role(spec), use.line)
    # A meter or a tap in a network has a port on another host, so its number may equal one of ours.
    on_other_host = spec.kind.network and use.role(spec) == "connect"
    for other, other_spec in (*listened, *(() if on_other_host else own)):
        if same_port(spec, other_spec):
            raise wired_twice(link, other)
    return link, spec


def wired_twice(link: str, other: str) -> LinkError:
    """Return the error for two LINKs that lead to the same port."""
    message = Message("{0} and {1} use the same port. Choose another one for one of them.", (link, other))
    return LinkError("wired_twice", message)


class StoredWiring(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The wiring that the user chose, as it is stored; None: never chosen, so the program's default applies.

    So the default address of the M-Bus side can move to the next free port until the user has chosen one. Raises
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
        """Return `wiring` with the chosen parts in place of its own."""
        chosen = {name: value for name, value in msgspec.structs.asdict(self).items() if value is not None}
        return replace(wiring, **chosen)


def _path(folder: Path) -> Path:
    return folder / "wiring.toml"


def _parse(text: str) -> StoredWiring:
    return msgspec.convert(toml_values(text), StoredWiring)


def load_wiring(folder: Path | None) -> tuple[StoredWiring, Message | None]:
    """Return the wiring stored in `folder`, and a message if the file was damaged, else None. Never raises."""
    if folder is None:
        return StoredWiring(), None
    stored, problem = load_stored(_path(folder), _parse, Message("the default wiring is used"))
    return stored or StoredWiring(), problem


def store_wiring(folder: Path, **chosen: object) -> None:
    """Store `chosen`, by the names of `StoredWiring`, together with the earlier choices.

    Raises OSError with the file's name if it cannot be written, ValueError for what cannot be wired.
    """
    before, _ = load_wiring(folder)
    stored = msgspec.convert({**msgspec.structs.asdict(before), **chosen}, StoredWiring)
    values = msgspec.to_builtins(stored)
    write_atomically(_path(folder), (_FILE_HEADER + tomli_w.dumps(values)).encode("utf-8"))
