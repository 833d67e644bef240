"""LINK: the text that names a link, and the link made from it.

| LINK | means |
|---|---|
| `sim:` | the simulated other side |
| `tcp://HOST:PORT` | TCP; `?baud=2400` gives the far side a speed, `&paced=1` gives each character its time |
| `serial:/dev/ttyUSB0?baud=2400` | a serial port; `parity=N`, `E` or `O`, `bits=5` to `8`, `stop=1` or `2` |
| `serial:usb=A50285BI` | the serial port of the USB adapter with this serial number, whatever it is called today |
| `serial:usb=A50285BI/1` | ... its interface 1 (counted from 0), where it has several |
| `serial:rfc2217://HOST:PORT` | a port that pyserial knows by a URL of its own: `rfc2217://`, `socket://`, ... |
| `pty:` | a new pseudo-terminal; `pty:/path` puts a symbolic link to it there; `?baud=`, `?paced=1` |

`serial:` may be left out before `COM3`, `/dev/...` and a URL of pyserial. More options: `baud=auto` (serial, pty; to
listen only) finds the speed of the bus by what is heard; `rts=on` or `off` and `dtr=` (serial) hold these lines, else
pyserial asserts both; `echo=on` (serial, tcp, pty) takes away what comes back of one's own words, `auto` (the default
of serial) where it learns that something does, `off` (the default of the others) nothing; `framing=software`
(serial, tcp) puts 7 bits and parity into the 8 bits of a port, which is the default on the ports of this computer,
`framing=port` leaves them to the port; a URL of which nothing is said gets them so when it refuses 7 bits.
`socket://` is TCP: what is a port's own business is refused there, and no echo is looked for unless asked.

A path is taken as it is written, up to the first `?`; nothing in it is percent-decoded. What follows the `?` is ours:
the options that pyserial's own URLs take there (`logging=`, `poll_modem`, `file=`) cannot be given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeVar

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.link.echo_link import EchoLink
from cmi_gui.engine.link.pty import PtyLink
from cmi_gui.engine.link.serial import USB, SerialLink
from cmi_gui.engine.link.serial_words import no_lines
from cmi_gui.engine.link.soft_parity import carrier
from cmi_gui.engine.link.tcp import TcpClientLink, TcpServerLink
from cmi_gui.engine.link_protocol import Cap, Link, LinkError
from cmi_gui.engine.machine import Line
from cmi_gui.engine.messages import Message

Scheme = Literal["sim", "tcp", "serial", "pty"]
Role = Literal["listen", "connect"]
Parity = Literal["N", "E", "O"]
Echo = Literal["auto", "on", "off"]
Framing = Literal["port", "software"]

FORMS: Final = {
    "sim": "sim:",
    "tcp": "tcp://HOST:PORT, for example tcp://127.0.0.1:10001",
    "serial": "serial:DEVICE, for example serial:/dev/ttyUSB0?baud=2400 or serial:COM3",
    "pty": "pty: or pty:/path/of/a/symlink",
}
MAX_BAUD: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class LinkSpec:
    """A LINK, taken apart. `None` means that the LINK does not say.

    `host` (empty: loopback) and `port` 0-65535 belong to tcp, `path` to serial (the device) and pty (the symbolic link,
    or empty); `baud` in bit/s; `finds_speed` is baud=auto; `parity`, `bits`, `stop`, `rts`, `dtr` belong to serial;
    `paced` to tcp and pty; `framing` to serial and tcp.
    """

    scheme: Scheme
    host: str = ""
    port: int = 0
    path: str = ""
    baud: int | None = None
    parity: Parity | None = None
    bits: int | None = None
    stop: int | None = None
    paced: bool = False
    finds_speed: bool = False
    rts: bool | None = None
    dtr: bool | None = None
    echo: Echo | None = None
    framing: Framing | None = None

    def line(self, default: Line) -> Line:
        """The speed and format to start with: what the LINK says, the rest from `default`."""
        line = default
        if self.baud is not None:
            line = replace(line, baud=self.baud)
        if self.parity is not None:
            line = replace(line, parity=self.parity)
        if self.bits is not None:
            line = replace(line, bits=self.bits)
        if self.stop is not None:
            line = replace(line, stop=self.stop)
        return line

    def __str__(self) -> str:
        """The LINK in its normal form; `parse_link` of it gives the same spec."""
        if self.scheme == "tcp":
            text = f"tcp://[{self.host}]:{self.port}" if ":" in self.host else f"tcp://{self.host}:{self.port}"
        else:
            text = f"{self.scheme}:{self.path}"
        options = [
            f"{name}={value}"
            for name, value in (
                ("baud", "auto" if self.finds_speed else self.baud),
                ("parity", self.parity),
                ("bits", self.bits),
                ("stop", self.stop),
                ("rts", _ON_OFF[self.rts]),
                ("dtr", _ON_OFF[self.dtr]),
                ("echo", self.echo),
                ("framing", self.framing),
                ("paced", 1 if self.paced else None),
            )
            if value is not None
        ]
        return text + ("?" + "&".join(options) if options else "")


def parse_link(text: str) -> LinkSpec:
    """Take a LINK apart; raises LinkError (`bad_link`) that says what is wrong and what is right."""
    text = text.strip()
    if _IS_PORT.match(text):
        text = f"serial:{text}"
    scheme, colon, rest = text.partition(":")
    scheme = scheme.lower()
    if any(character < " " for character in text):
        raise LinkError("bad_link", Message("A LINK has no control characters: {0}.", (_shown(text),)))
    if not text or not colon or scheme not in FORMS:
        cause = Message("{0} is no LINK", (_shown(text),)) if text else Message("A LINK is missing")
        raise LinkError("bad_link", Message("{0}; it is one of: {1}.", (cause, "; ".join(FORMS.values()))))
    rest, _, query = rest.partition("?")
    options = _options(text, scheme, query)
    match scheme:
        case "sim":
            if rest:
                raise _wrong(text, scheme, Message("nothing follows sim:, not even {0}", (_shown(rest),)))
            return LinkSpec("sim")
        case "tcp":
            host, port = _address(text, rest)
            return replace(options, scheme="tcp", host=host, port=port)
        case "serial":
            if not rest:
                raise _wrong(text, scheme, Message("the device is missing"))
            if rest == USB:
                raise _wrong(
                    text, scheme, Message("the USB serial number is missing; `cmi-gui ports` lists those there are")
                )
            return replace(options, scheme="serial", path=rest)
        case _:
            return replace(options, scheme="pty", path=rest)


def make_link(spec: LinkSpec, clock: Clock, role: Role, default_line: Line) -> Link:
    """The link that `spec` names, closed, and starting at `default_line` where the LINK gives no speed or format.

    `listen`: others come to us (the slave's side); `connect`: we go to them. A serial port is the same in both. To
    connect to `pty:/path` opens what is there, as a serial port; `socket://` of pyserial is TCP. Raises LinkError for
    `sim:` (`sim`: the station makes that one), for connecting to `pty:` without a path, for what only a listener or a
    port with lines can do, and for a line that framing=software cannot carry (`bad_link`, `no_lines`, `bad_line`).
    """
    line = spec.line(default_line)
    if spec.finds_speed and role == "connect":
        raise _wrong(
            str(spec), spec.scheme, Message("only who listens can find the speed; name it, for example baud=2400")
        )
    if spec.framing == "software":
        carrier(line)
    link = _bare_link(spec, clock, role, line)
    by_default: Echo = "auto" if isinstance(link, SerialLink) and spec.scheme == "serial" else "off"
    if (echo := spec.echo or by_default) == "off":
        return link
    return EchoLink(link, clock, always=echo == "on", line=line if Cap.BAUD in link.caps else None)


def _bare_link(spec: LinkSpec, clock: Clock, role: Role, line: Line) -> Link:
    """The link without anything around it."""
    software = spec.framing == "software"
    match spec.scheme, role:
        case "tcp", "listen":
            return TcpServerLink(
                clock, spec.host, spec.port, line, baud=spec.baud, paced=spec.paced, software_framing=software
            )
        case "tcp", "connect":
            if spec.port == 0:
                raise _wrong(str(spec), "tcp", Message("port 0 is only for listening"))
            return TcpClientLink(
                clock, spec.host, spec.port, line, baud=spec.baud, paced=spec.paced, software_framing=software
            )
        case "pty", "listen":
            return PtyLink(clock, spec.path, line, paced=spec.paced)
        case "pty", "connect" if not spec.path:
            raise _wrong(str(spec), "pty", Message("to connect, name the pseudo-terminal, for example pty:/dev/pts/3"))
        case "serial", _ if spec.path.lower().startswith("socket://"):
            if spec.rts is not None or spec.dtr is not None:
                raise no_lines(spec.path)
            formed = spec.bits is not None or spec.parity is not None or spec.stop is not None
            if spec.finds_speed or (formed and not software):
                cause = Message("its other end sets speed and format; leave baud=auto, bits=, parity= and stop= out")
                raise _wrong(str(spec), "serial", cause)
            # pyserial's own client of bare TCP cannot be woken, and tells its bytes one by one.
            host, port = _address(str(spec), spec.path.partition(":")[2])
            return TcpClientLink(clock, host, port, line, baud=spec.baud, software_framing=software)
        case ("serial", _) | ("pty", _):
            return SerialLink(
                clock, spec.path, line, rts=spec.rts, dtr=spec.dtr, framing=spec.framing, paced=spec.paced
            )
        case _:
            raise LinkError("sim", Message("sim: has no link of its own here; name a tcp:, serial: or pty: LINK."))


def _shown(text: str) -> str:
    """What the user gave, fit for one line of a message."""
    text = text if text.isprintable() else ascii(text)
    return text if len(text) <= 80 else f"{text[:79]}…"


def _shown_value(value: str) -> str | Message:
    return _shown(value) or Message("empty")


def _wrong(text: str, scheme: str, cause: Message) -> LinkError:
    return LinkError("bad_link", Message("{0}: {1}; the form is {2}.", (_shown(text), cause, FORMS[scheme])))


def _address(text: str, rest: str) -> tuple[str, int]:
    if not rest.startswith("//"):
        raise _wrong(text, "tcp", Message("two slashes must follow tcp:"))
    match = re.fullmatch(r"//(?:\[(?P<v6>[^\]]*)\]|(?P<host>[^:/\[\]]*))(?::(?P<port>[^:/]*))?/?", rest)
    if match is None:
        raise _wrong(text, "tcp", Message("this is not one host and one port (an IPv6 address goes into [brackets])"))
    port = match["port"]
    if not port:
        raise _wrong(text, "tcp", Message("the port is missing"))
    return match["v6"] or match["host"] or "", _number(text, "tcp", Message("the port"), port, 0, 65535)


def _number(text: str, scheme: str, name: str | Message, value: str, lowest: int, highest: int) -> int:
    if not (value.isascii() and value.isdigit()):
        raise _wrong(text, scheme, Message("{0} is a number, not {1}", (name, _shown_value(value))))
    # A number of a thousand digits is out of range, not a reason to compute it.
    number = int(value) if len(value) <= 12 else highest + 1
    if not lowest <= number <= highest:
        raise _wrong(text, scheme, Message("{0} is {1} to {2}, not {3}", (name, lowest, highest, _shown(value))))
    return number


_IS_PORT: Final = re.compile(
    r"(?:COM[0-9]+|/dev/.+|(?:rfc2217|socket|hwgrep|spy|alt|loop)://.*)(?:\?|$)", re.IGNORECASE
)
"""What is taken for a serial port though `serial:` does not stand before it."""
_ON_OFF: Final[dict[bool | None, str | None]] = {None: None, True: "on", False: "off"}
_SWITCH: Final = {"on": True, "off": False}
_PARITIES: Final[dict[str, Parity]] = {"N": "N", "E": "E", "O": "O"}
_ECHOES: Final[dict[str, Echo]] = {"auto": "auto", "on": "on", "off": "off"}
_FRAMINGS: Final[dict[str, Framing]] = {"port": "port", "software": "software"}
_ALLOWED: Final = {
    "sim": (),
    "tcp": ("baud", "paced", "echo", "framing"),
    "serial": ("baud", "parity", "bits", "stop", "rts", "dtr", "echo", "framing"),
    "pty": ("baud", "paced", "echo"),
}
_T = TypeVar("_T")


def _one_of(text: str, scheme: str, name: str, value: str, table: Mapping[str, _T]) -> _T:
    for word, meant in table.items():
        if value.lower() == word.lower():
            return meant
    *but_last, last = table
    raise _wrong(
        text, scheme, Message("{0} is {1} or {2}, not {3}", (name, ", ".join(but_last), last, _shown_value(value)))
    )


def _baud(spec: LinkSpec, text: str, scheme: str, value: str) -> LinkSpec:
    if value == "auto" and scheme in ("serial", "pty"):
        return replace(spec, finds_speed=True)
    return replace(spec, baud=_number(text, scheme, "baud", value, 1, MAX_BAUD))


def _options(text: str, scheme: str, query: str) -> LinkSpec:
    """A spec of `sim` that holds just the options."""
    spec = LinkSpec("sim")  # any scheme does here
    seen: set[str] = set()
    for part in query.split("&") if query else ():
        name, _, value = part.partition("=")
        allowed = _ALLOWED[scheme]
        if name not in allowed:
            known = Message("known are {0}", (", ".join(allowed),)) if allowed else Message("there are none")
            raise _wrong(
                text,
                scheme,
                Message("{0} is no option of {1}: ({2})", (_shown(name) or Message("an empty word"), scheme, known)),
            )
        if name in seen:
            raise _wrong(text, scheme, Message("{0} stands there twice", (name,)))
        seen.add(name)
        spec = _SETTERS[name](spec, text, scheme, value)
    return spec


_Setter = Callable[[LinkSpec, str, str, str], LinkSpec]
_SETTERS: Final[dict[str, _Setter]] = {
    "baud": _baud,
    "parity": lambda spec, text, scheme, value: replace(spec, parity=_one_of(text, scheme, "parity", value, _PARITIES)),
    "bits": lambda spec, text, scheme, value: replace(spec, bits=_number(text, scheme, "bits", value, 5, 8)),
    "stop": lambda spec, text, scheme, value: replace(spec, stop=_number(text, scheme, "stop", value, 1, 2)),
    "rts": lambda spec, text, scheme, value: replace(spec, rts=_one_of(text, scheme, "rts", value, _SWITCH)),
    "dtr": lambda spec, text, scheme, value: replace(spec, dtr=_one_of(text, scheme, "dtr", value, _SWITCH)),
    "echo": lambda spec, text, scheme, value: replace(spec, echo=_one_of(text, scheme, "echo", value, _ECHOES)),
    "framing": lambda spec, text, scheme, value: replace(
        spec, framing=_one_of(text, scheme, "framing", value, _FRAMINGS)
    ),
    "paced": lambda spec, text, scheme, value: replace(spec, paced=bool(_number(text, scheme, "paced", value, 0, 1))),
}
