"""How a link to the world outside is doing, as a person wants to see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cmi_gui.engine.machine import Line, LinkState
from cmi_gui.engine.messages import Message


@dataclass(slots=True)
class LinkStatus:
    """One link of one side.

    `link`: the LINK that was asked for. `url`: what it really is once open. `code`, `message`: why it is not open.
    `bytes_in`, `bytes_out`: since it was wired. `listens`: others speak there, we only listen.
    `echo`: whether what we say comes back and is taken away; None where that is not known, or not looked for.

    Where masters reach the module: `line`: speed and format in use now, None where the link has none. `speed_found`:
    with `baud=auto`, whether the speed has been found, or is still searched for. `answered`: answers that were sent;
    `late`: those that were not, because they would have been too late or their master had gone on; since it was wired.
    """

    side: Literal["mbus", "meter"]
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
        """Bytes went over it."""
        if direction == "rx":
            self.bytes_in += len(data)
        else:
            self.bytes_out += len(data)
