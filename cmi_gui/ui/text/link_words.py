"""The words for links: their kind, their state, the result of a trial. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from cmi_gui.engine.iec62056.events import FailureCause
from cmi_gui.engine.link.tcp import LOOPBACK
from cmi_gui.engine.link.url import LinkSpec, parse_link
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.module_state import ModuleState
from cmi_gui.engine.station.link_status import LinkStatus
from cmi_gui.engine.station.link_trial import TrialResult, TrialVerdict
from cmi_gui.engine.station.station import Station
from cmi_gui.engine.station.wiring import Use
from cmi_gui.ui.text.mark import Mark, Status
from cmi_gui.ui.text.messages import text_of, translate
from cmi_gui.ui.text.status import BROKEN, bus_links, meter_link


def is_loopback(host: str) -> bool:
    """Return whether an address is local to this computer; any unknown name counts as not local."""
    return host in ("", "localhost", "::1") or host.startswith("127.")


@dataclass(frozen=True, slots=True)
class KindWords:
    """The words for a kind of link.

    `nowhere`: the name shown for a LINK without a place. `missing`: why there is no such link on this system.
    `path`, `hint`: the caption of the field for a path, and its placeholder while it is empty. `about`: an explanation
    of a link of this kind, by its use.
    """

    title: str
    nowhere: str = ""
    missing: str = ""
    path: str = ""
    hint: str = ""
    about: Mapping[Use, str] = field(default_factory=dict)


def kind_words() -> dict[str, KindWords]:
    """Return the words for every kind of link, by its scheme, in the order in which they are offered."""
    receives = translate("LinkForm", "The program receives what another program writes to the pseudo-terminal.")
    return {
        "sim": KindWords(translate("LinkForm", "Simulated"), translate("Links", "inside this program")),
        "serial": KindWords(translate("LinkForm", "Serial port")),
        "tcp": KindWords(translate("LinkForm", "TCP")),
        "pty": KindWords(
            translate("LinkForm", "Pseudo-terminal"),
            translate("Links", "New pseudo-terminal"),
            translate(
                "LinkDraft",
                "Windows has no pseudo-terminals. Use TCP, or one of a pair of virtual serial ports (com0com).",
            ),
            translate("LinkForm", "Symbolic link"),
            translate("LinkForm", "optional; a second name for the terminal"),
            {
                Use.SERVE: translate("LinkForm", "Another program opens the pseudo-terminal like a serial port."),
                Use.METER: translate(
                    "LinkForm", "The program that acts as the meter opens the pseudo-terminal like a serial port."
                ),
                Use.LISTEN_BUS: receives,
                Use.LISTEN_METER: receives,
            },
        ),
    }


def place_name(spec: LinkSpec) -> str:
    """Return the short name of a link's place: `COM3`, `ttyUSB0`, `127.0.0.1:10001`."""
    location = spec.kind.location(spec.host or LOOPBACK, spec.port, spec.path)
    return location.removeprefix("//").removeprefix("/dev/") or kind_words()[spec.scheme].nowhere


def shown_link(link: LinkStatus) -> str:
    """Return the LINK to show: the one actually in use while it is open, else the requested one.

    An adapter named by its USB number may come back as another device.
    """
    return link.url if link.state is LinkState.OPEN else link.link


def bytes_words(link: LinkStatus) -> str:
    """Return the numbers of bytes in and out since the link was wired."""
    if link.listens:
        return translate("Links", "{0} bytes received").format(_grouped(link.bytes_in))
    return translate("Links", "{0} bytes in, {1} bytes out").format(_grouped(link.bytes_in), _grouped(link.bytes_out))


def facts_words(link: LinkStatus) -> str:
    """Return speed, echo and answers of an open link in words; empty if it is not open or nothing is known."""
    if link.state is not LinkState.OPEN:
        return ""
    parts = []
    if link.line is not None:
        speed = link.line.baud
        match link.speed_found:
            case True:
                parts.append(translate("Links", "{0} bit/s, detected").format(speed))
            case False:
                parts.append(translate("Links", "detecting the speed, now at {0} bit/s").format(speed))
            case _:
                parts.append(translate("Links", "{0} bit/s").format(speed))
    if link.echo:
        parts.append(translate("Links", "echo removed"))
    if link.answered:
        parts.append(translate("Links", "{0} answers").format(_grouped(link.answered)))
    return " \N{MIDDLE DOT} ".join(parts)


def late_words(link: LinkStatus) -> str:
    """Return how many answers were not sent because they would have been too late; empty for none."""
    if not link.late:
        return ""
    words = translate(
        "Links", "Withheld because they would have been too late: {0} of {1} answers. See Diagnostics for remedies."
    )
    return words.format(_grouped(link.late), _grouped(link.late + link.answered))


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def link_words(link: LinkStatus, *, running: bool = True) -> Status:
    """Return the state of a link; for one that is not open, the detail is the cause and the remedy."""
    cause = text_of(link.message or "")
    match link.state:
        case LinkState.OPEN if link.listens:
            return Status(Mark.GOOD, translate("Links", "Listening"), bytes_words(link))
        case LinkState.OPEN:
            return Status(Mark.GOOD, translate("Links", "Open"), bytes_words(link))
        case LinkState.OPENING:
            return Status(Mark.BUSY, translate("Links", "Opening"), cause)
        case LinkState.WAITING:
            return Status(Mark.TROUBLE, _waiting_title(link.code), cause)
        case LinkState.FAILED:
            return Status(Mark.TROUBLE, translate("Links", "Cannot be opened"), cause)
        case _ if running:
            return Status(
                Mark.OFF,
                translate("Links", "Disconnected"),
                translate("Links", "Other programs can use the port until you connect the link"),
            )
        case _:
            return Status(Mark.OFF, translate("Links", "Not open yet"))


def _waiting_title(code: str | None) -> str:
    """Return in a few words why a link that is tried again automatically is not open; its message has the details."""
    return {
        "unplugged": translate("Links", "Unplugged, waiting for it"),
        "no_port": translate("Links", "Not found, waiting for it"),
        "busy": translate("Links", "In use, trying again"),
        "not_allowed": translate("Links", "Not allowed, trying again"),
    }.get(code or "", translate("Links", "Not open, trying again"))


def bus_words(station: Station, module: ModuleState) -> Status:
    """Return the state of the whole M-Bus side: whether masters can reach the module, and where."""
    links = bus_links(station)
    if not links:
        return Status(
            Mark.OFF,
            translate("Links", "No external link"),
            translate("Links", "Only this program can reach the module"),
        )
    broken = [link for link in links if link.state in BROKEN]
    if broken:
        return Status(Mark.TROUBLE, link_words(broken[0]).title, _places(broken))
    is_open = [link for link in links if link.state is LinkState.OPEN]
    if is_open and not station.serves():
        return Status(Mark.GOOD, translate("Links", "Masters reach the practice bus"), _places(is_open))
    if is_open and not module.powered:
        return Status(Mark.OFF, translate("Links", "Open, but the module has no power"), _places(is_open))
    if is_open:
        return Status(Mark.GOOD, translate("Links", "Masters can connect"), _places(is_open))
    return Status(link_words(links[0]).mark, link_words(links[0], running=station.running).title, _places(links))


def _places(links: list[LinkStatus]) -> str:
    return ", ".join(place_name(parse_link(shown_link(link))) for link in links)


def meter_words(station: Station, module: ModuleState) -> Status:
    """Return the state of the meter side: whether the meter answers, and the place of its link."""
    link = meter_link(station)
    location = place_name(parse_link(shown_link(link)))
    if link.state is not LinkState.OPEN:
        words = link_words(link, running=station.running)
        return Status(words.mark, words.title, location)
    if module.contact:
        return Status(Mark.GOOD, translate("Links", "The meter answers"), location)
    if not module.powered:
        return Status(Mark.OFF, translate("Links", "Not read: the module has no power"), location)
    if module.failures:
        return Status(Mark.TROUBLE, translate("Links", "The meter does not answer"), location)
    return Status(Mark.BUSY, translate("Links", "First readout"), location)


def trial_words(result: TrialResult) -> Status:
    """Return what a trial found, and what that means."""
    url = result.url
    match result.verdict:
        case TrialVerdict.FAILED:
            cause = text_of(result.cause.message) if result.cause is not None else url
            return Status(Mark.TROUBLE, translate("Links", "The link cannot be opened"), cause)
        case TrialVerdict.RECEIVED:
            words = translate("Links", "M-Bus telegrams received: {0}.").format(result.telegrams)
            return Status(Mark.GOOD, translate("Links", "The link can be opened"), words)
        case TrialVerdict.NOISE:
            words = translate(
                "Links", "{0} bytes were received, but no M-Bus telegram. Check speed and format."
            ).format(result.bytes_in)
            return Status(Mark.TROUBLE, translate("Links", "The link can be opened"), words)
        case TrialVerdict.IDENTIFIED:
            return Status(Mark.GOOD, translate("Links", "A meter answers"), str(result.text))
        case TrialVerdict.NO_METER:
            return Status(Mark.TROUBLE, translate("Links", "No meter answers"), _instead(result))
        case _ if parse_link(url).kind.real_wire:
            return Status(
                Mark.GOOD,
                translate("Links", "The link can be opened"),
                translate("Links", "Nothing was received during the test. The master may not be active yet."),
            )
        case _:
            return Status(
                Mark.GOOD,
                translate("Links", "The link is available"),
                translate("Links", "Masters can connect to {0} once the link is open.").format(url),
            )


def listening_words(result: TrialResult, side: Literal["mbus", "meter"]) -> Status:
    """Return what a trial found on a wire that is only to be listened to."""
    match result.verdict:
        case TrialVerdict.NOISE if side == "meter":
            words = translate("Links", "{0} bytes were received.").format(result.bytes_in)
        case TrialVerdict.OPENED:
            words = translate("Links", "Nothing was received during the test.")
        case _:
            return trial_words(result)
    return Status(Mark.GOOD, translate("Links", "The link can be opened"), words)


def _instead(result: TrialResult) -> str:
    """Return what came instead of an identification."""
    match result.meter_cause:
        case FailureCause.SILENCE if not result.bytes_in:
            return translate(
                "Links",
                "The link opens, but a sign-on at 300 bit/s gets no answer. Check that the optical head is on"
                " the meter and that the meter has power.",
            )
        case FailureCause.LINK:
            return translate("Links", "The link was lost before an answer arrived: {0}.").format(text_of(result.text))
        case FailureCause.GARBAGE | FailureCause.BUSY | FailureCause.SILENCE:
            words = translate(
                "Links",
                "{0} bytes were received, but no identification of a meter ({1}). The device may not be"
                " a meter, or it may use another format.",
            )
            return words.format(result.bytes_in, text_of(result.text))
        case _:
            return translate("Links", "A device answers, but not like a meter: {0}.").format(text_of(result.text))
