"""The LINK, the text that names a link, and the link made from it.

| LINK | means |
|---|---|
| `sim:` | the simulated other side |
| `tcp://HOST:PORT` | TCP; `?baud=2400` is the speed of the other side, `&paced=1` gives each character its time |
| `serial:/dev/ttyUSB0?baud=2400` | a serial port; `parity=N`, `E` or `O`, `bits=5` to `8`, `stop=1` or `2` |
| `serial:usb=A50285BI` | the serial port of the USB adapter with this serial number, under any present name |
| `serial:usb=A50285BI/1` | the same, with the interface 1 (counted from 0) of an adapter that has several |
| `serial:rfc2217://HOST:PORT` | a port named by a URL of pyserial: `rfc2217://`, `socket://`, ... |
| `pty:` | a new pseudo-terminal; `pty:/path` puts a symbolic link to it there; `?baud=`, `?paced=1` |

`serial:` may be left out before `COM3`, `/dev/...` and a URL of pyserial. More options:

- `baud=auto` (serial, pty; not to connect) finds the speed of the bus from what is received; `baud=any` (pty; not to
  connect) accepts any speed that the other side has set, as some programs cannot set the module's on a pseudo-terminal.
- `rts=on` or `off` and `dtr=` (serial) hold these lines; otherwise pyserial asserts both.
- `echo=on` (serial, tcp, pty) removes the echo of what is sent; `auto` (the default of serial) does so once an echo is
  detected; `off` (the default of the others) never does.
- `framing=software` (serial, tcp) puts 7 bits and parity into the 8 bits of a port, which is the default on the ports
  of this computer; `framing=port` leaves them to the port. Without this option a URL gets software framing when it
  refuses 7 bits, and a parity bit that arrives in the eighth bit is removed, and from then on also sent.
- `timeout=2` (serial, tcp, pty; for masters and towards a meter): an answer may take this many seconds, 0 to 60, more
  than the window of EN 13757-2 or the 1.5 s of IEC 62056-21.
- `max_baud=2400` (serial, tcp, pty): a meter that offers a higher speed is read at 300 bit/s.

`socket://` is TCP: options of a real port are refused there, and no echo is removed by default.

A path is taken literally, up to the first `?`; nothing in it is percent-decoded. After the `?` only the options above
are allowed, not those of pyserial's own URLs (`logging=`, `poll_modem`, `file=`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Literal

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.link.echo_link import EchoLink
from cmi_gui.engine.link.kind import LinkKind, Option, Role, shown, shown_value
from cmi_gui.engine.link.memory import SIM
from cmi_gui.engine.link.parity_link import ParityLink
from cmi_gui.engine.link.pty import PTY
from cmi_gui.engine.link.serial import SERIAL
from cmi_gui.engine.link.soft_parity import carrier
from cmi_gui.engine.link.tcp import TCP
from cmi_gui.engine.link_protocol import Cap, Link, LinkError
from cmi_gui.engine.machine import Line
from cmi_gui.engine.messages import Message

KINDS: Final = {kind.scheme: kind for kind in (SIM, TCP, SERIAL, PTY)}
"""Every kind of link, by its scheme."""
_FLAGS: Final = {word for kind in KINDS.values() for option in kind.options for word in option.flags}


@dataclass(frozen=True, slots=True)
class LinkSpec:
    """A parsed LINK. `None` means that the LINK does not give the option.

    `host` (empty: loopback) and `port` 0-65535 belong to tcp, `path` to serial (the device) and pty (the symbolic link,
    or empty); `baud` in bit/s; `finds_speed` is baud=auto, `any_speed` baud=any; `timeout` 0 to 60 s; `max_baud` in
    bit/s, a speed of IEC 62056-21. The order of the options is that of the normal form.
    """

    scheme: str
    host: str = ""
    port: int = 0
    path: str = ""
    finds_speed: bool = False
    any_speed: bool = False
    baud: int | None = None
    parity: Literal["N", "E", "O"] | None = None
    bits: int | None = None
    stop: int | None = None
    rts: bool | None = None
    dtr: bool | None = None
    echo: Literal["auto", "on", "off"] | None = None
    framing: Literal["port", "software"] | None = None
    paced: bool = False
    timeout: float | None = None
    max_baud: int | None = None

    @property
    def kind(self) -> LinkKind:
        """The kind of the link."""
        return KINDS[self.scheme]

    @property
    def options(self) -> dict[str, str]:
        """The options that the LINK gives, by name, with their values as text."""
        named = {}
        for field in fields(self):
            value, option = getattr(self, field.name), self.kind.option(field.name)
            if option is not None and (word := self.flag(option)) is not None:
                named[option.name] = word
            elif option is not None and value != field.default:
                named[option.name] = option.text(value)
        return named

    def flag(self, option: Option) -> str | None:
        """Return the word, such as `auto`, that an option has here in place of a value, or None."""
        return next((word for word, name in option.flags.items() if getattr(self, name)), None)

    @property
    def crosses_network(self) -> bool:
        """True if the wire is reached over a network."""
        return self.kind.network or "://" in self.path

    def with_defaults(self, other: LinkSpec) -> LinkSpec:
        """Return this LINK with the options of `other` that it does not give itself, as far as its kind has them."""
        named = other.options
        for name, value in other.options.items():
            option = self.kind.option(name)
            if option is None or (value in _FLAGS and value not in (*option.flags, *option.words)):
                del named[name]
        return replace(self, **_values(str(self), self.kind, (named | self.options).items()))

    def line(self, default: Line) -> Line:
        """Return the line settings at the start: what the LINK gives, the rest from `default`."""
        given = {name: getattr(self, name) for name in ("baud", "parity", "bits", "stop")}
        return replace(default, **{name: value for name, value in given.items() if value is not None})

    def __str__(self) -> str:
        """Return the LINK in its normal form; `parse_link` of it returns an equal spec."""
        options = "&".join(f"{name}={value}" for name, value in self.options.items())
        location = self.kind.location(self.host, self.port, self.path)
        return f"{self.scheme}:" + location + (f"?{options}" if options else "")


def parse_link(text: str) -> LinkSpec:
    """Parse a LINK. Raises LinkError (`bad_link`), whose message has the mistake and the right form."""
    text = text.strip()
    if _BARE_PORT.match(text):
        text = f"serial:{text}"
    scheme, colon, rest = text.partition(":")
    kind = KINDS.get(scheme.lower())
    if any(character < " " for character in text):
        raise LinkError("bad_link", Message("A LINK must not contain control characters: {0}.", (shown(text),)))
    if not colon or kind is None:
        cause = Message("{0} is not a LINK", (shown(text),)) if text else Message("A LINK is missing")
        forms = "; ".join(kind.form for kind in KINDS.values())
        raise LinkError("bad_link", Message("{0}; the forms are: {1}.", (cause, forms)))
    location, _, query = rest.partition("?")
    options = _values(text, kind, (part.partition("=")[::2] for part in query.split("&") if query))
    return LinkSpec(kind.scheme, **kind.read(kind, text, location), **options)


def make_link(spec: LinkSpec, clock: Clock, role: Role, default_line: Line) -> Link:
    """Make the link that `spec` names, closed; `default_line` is used if the LINK gives no speed or format.

    A serial port is the same in every role. Connecting to `pty:/path` opens the existing device as a serial port;
    `socket://` of pyserial is TCP. Raises LinkError: `sim` for `sim:`, which the station makes; `bad_link` for an
    option or a `pty:` without a path that cannot be used in this role; `no_lines` for `rts=` or `dtr=` on `socket://`;
    `bad_line` for a line that framing=software cannot carry.
    """
    line = spec.line(default_line)
    if (spec.finds_speed or spec.any_speed) and role == "connect":
        word = "auto" if spec.finds_speed else "any"
        cause = Message(
            "baud={0} works only on a link that serves or listens; give a speed, such as baud=2400", (word,)
        )
        raise spec.kind.error(str(spec), cause)
    if spec.framing == "software":
        carrier(line)
    link = spec.kind.make(spec, clock, role, line)
    if spec.framing is None and line.bits == 7:
        link = ParityLink(link, line)
    # A `serial:` link without Cap.PARITY is socket://, which is TCP.
    by_default = spec.kind.echo if Cap.PARITY in link.caps else "off"
    if (echo := spec.echo or by_default) == "off":
        return link
    return EchoLink(link, clock, always=echo == "on", line=line if Cap.BAUD in link.caps else None)


_BARE_PORT: Final = re.compile(
    r"(?:COM[0-9]+|/dev/.+|(?:rfc2217|socket|hwgrep|spy|alt|loop)://.*)(?:\?|$)", re.IGNORECASE
)
"""The LINKs of serial ports whose `serial:` may be left out."""


def _values(text: str, kind: LinkKind, options: Iterable[tuple[str, ...]]) -> dict[str, Any]:
    """Return the values of options by the attributes of `LinkSpec`. Raises LinkError (`bad_link`)."""
    values: dict[str, Any] = {}
    seen: set[str] = set()
    for name, value in options:
        option = kind.option(name)
        if option is None:
            allowed = ", ".join(option.name for option in kind.options)
            known = Message("its options are {0}", (allowed,)) if allowed else Message("it has no options")
            facts = (shown(name) or Message("an empty name"), kind.scheme, known)
            raise kind.error(text, Message("{0} is not an option of {1}: ({2})", facts))
        if name in seen:
            raise kind.error(text, Message("{0} is given twice", (name,)))
        seen.add(name)
        if value in option.flags:
            values[option.flags[value]] = True
        elif option.words:
            meant = next((word for word in option.words if word.lower() == value.lower()), None)
            if meant is None:
                *but_last, last = option.words
                words = (name, ", ".join(but_last), last, shown_value(value))
                raise kind.error(text, Message("{0} must be {1} or {2}, not {3}", words))
            values[name] = option.words[meant]
        else:
            decimals = option.number_type is float
            number = kind.number(text, name, value, option.lowest, option.highest, decimals=decimals)
            values[name] = option.number_type(number)
    return values
