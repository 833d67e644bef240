"""An adapter that can be pulled out and plugged in again, made of a pseudo-terminal."""

from __future__ import annotations

import asyncio
import os
import termios
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cmi_gui.engine.clock import LoopClock
from cmi_gui.engine.link.serial import SerialLink
from cmi_gui.engine.machine import Line
from tests.helpers.link_recorder import Recorder

LINE = Line(2400)


class Adapter:
    """A pseudo-terminal as the port: `path` leads to it, and it can be unplugged and plugged in again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._made_at = 0
        self.plug_in()

    def plug_in(self) -> None:
        # No hand is faster than the tick by which the kernel stamps its nodes.
        while (made := os.openpty()) and os.fstat(made[1]).st_ctime_ns == self._made_at:
            for descriptor in made:
                os.close(descriptor)
            time.sleep(0.001)
        self.master, slave = made
        self._made_at = os.fstat(slave).st_ctime_ns
        tty.setraw(slave)
        self.path.symlink_to(os.ttyname(slave))
        os.close(slave)

    def unplug(self) -> None:
        self.path.unlink()
        os.close(self.master)

    def speed(self) -> int:
        return int(termios.tcgetattr(self.master)[5])

    async def read(self, size: int = 4096) -> bytes:
        return await asyncio.to_thread(os.read, self.master, size)


@contextmanager
def opened(device: Path | str, line: Line = LINE, **options: object) -> Iterator[tuple[SerialLink, Recorder]]:
    make: Callable[..., SerialLink] = SerialLink
    link = make(LoopClock(asyncio.get_running_loop()), str(device), line, **{"back_off": (0.01,), **options})
    sink = Recorder()
    link.open(sink)
    try:
        yield link, sink
    finally:
        link.close()
