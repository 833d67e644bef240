"""The status of a link to the outside, for display."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cmi_gui.engine.driver import Tap
from cmi_gui.engine.events import Side
from cmi_gui.engine.link.echo_link import learned_echo
from cmi_gui.engine.link_protocol import Link
from cmi_gui.engine.machine import Line, LinkState
from cmi_gui.engine.messages import Message


@dataclass(slots=True)
class LinkStatus:
    """The status of one link of one side.

    `link`: the LINK that was asked for. `url`: the LINK in use once open. `code`, `message`: why it is not open.
    `bytes_in`, `bytes_out`: since it was wired. `listens`: this program only listens there.
    `echo`: true if an echo of what is sent is received and removed; None if that is not known or not examined.

    On links to masters and on listeners: `line`: the line settings in use, None if the link has no speed;
    `speed_found`: with `baud=auto`, whether the speed has been found or is still searched for. On links to masters,
    since the link was wired: `answered`: the number of answers sent; `late`: the number not sent, because they would
    have been too late or their master had sent a new request.
    """

    side: Side
    link: str
    url: str
    state: LinkState = LinkState.CLOSED
    code: str | None = None
    message: Message | None = None
    bytes_in: int = 0
    bytes_out: int = 0
    listens: bool = False
    echo: bool | None = None
    line: Line | None = None
    speed_found: bool | None = None
    answered: int = 0
    late: int = 0

    def count(self, direction: Literal["rx", "tx"], data: bytes) -> None:
        """Count bytes received (`rx`) or sent (`tx`)."""
        if direction == "rx":
            self.bytes_in += len(data)
        else:
            self.bytes_out += len(data)


def counting_tap(status: LinkStatus, link: Link, tap: Tap) -> Tap:
    """Return a tap of `link` that updates `status` and then calls `tap`."""

    def counted(direction: Literal["rx", "tx"], data: bytes, at: float) -> None:
        status.count(direction, data)
        status.echo = learned_echo(link)
        tap(direction, data, at)

    return counted
